//! The lines of the journal: their kinds, as they are stored and shown, and their sentences. No address, no person's name,
//! save of somebody who decided something on the pages.

use jiff::civil::Date;

use crate::case::facts::Value;
use crate::case::keys::{Key, Kind};
use crate::judge::agenda::Role;
use crate::outgoing::NoticeKind;

use super::cause::{self, Cause};
use super::differences;
use super::fields;
use super::names::{self, date_short};
use super::statement::Statement;

/// What a line of the journal is about. The text of each variant is stored: a variant may be added, no text may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// New or changed contents of a dossier were read.
    Read,
    /// A dossier left the platform, or its group: see `Departure`.
    Gone,
    /// A case is judged otherwise than before, in a way that the pages show.
    Judged,
    /// The mail server accepted it.
    Mail,
    /// No longer wanted before it left.
    MailCancelled,
    /// It can never leave: no receiver, or refused for good.
    MailGivenUp,
    /// A person does not let it leave.
    MailStopped,
    /// A person lets a stopped one leave after all.
    MailLetGo,
    /// It had left, and came back.
    MailReturned,
    /// Sent before the store was restored.
    MailRecognised,
    /// A process ended in the middle of an act: it may have been done.
    Interrupted,
    /// Written on the platform.
    Annotation,
    /// Changed by a person, and written again.
    AnnotationRestored,
    /// The platform refused the value.
    AnnotationRefused,
    /// Replaced each time that it was written, so not written any more.
    AnnotationGivenUp,
    /// Sent to the candidate on the platform, or found there already.
    Message,
    /// No longer wanted before it was sent.
    MessageCancelled,
    /// It can never be sent: refused, or the dossier is archived.
    MessageGivenUp,
    /// A notice that its receiver accepted.
    Webhook,
    /// A notice that was no longer wanted before it was accepted.
    WebhookCancelled,
    /// A notice that its receiver will not take.
    WebhookGivenUp,
    /// Another version or other readings judge from here on.
    Rules,
    /// A person found an overdue deadline settled.
    Settled,
    /// A person takes that back.
    Unsettled,
    /// A person keeps what a dossier says of its service in the place of what it said at the award.
    Kept,
}

impl EntryKind {
    /// Each kind with its stored word, in the order of the variants.
    pub const ALL: [(EntryKind, &'static str); 25] = [
        (EntryKind::Read, "lu"),
        (EntryKind::Gone, "parti"),
        (EntryKind::Judged, "jugé"),
        (EntryKind::Mail, "courriel"),
        (EntryKind::MailCancelled, "courriel annulé"),
        (EntryKind::MailGivenUp, "courriel abandonné"),
        (EntryKind::MailStopped, "courriel arrêté"),
        (EntryKind::MailLetGo, "courriel relâché"),
        (EntryKind::MailReturned, "courriel revenu"),
        (EntryKind::MailRecognised, "courriel reconnu"),
        (EntryKind::Interrupted, "acte incertain"),
        (EntryKind::Annotation, "annotation"),
        (EntryKind::AnnotationRestored, "annotation reprise"),
        (EntryKind::AnnotationRefused, "annotation refusée"),
        (EntryKind::AnnotationGivenUp, "annotation abandonnée"),
        (EntryKind::Message, "message"),
        (EntryKind::MessageCancelled, "message annulé"),
        (EntryKind::MessageGivenUp, "message abandonné"),
        (EntryKind::Webhook, "webhook"),
        (EntryKind::WebhookCancelled, "webhook annulé"),
        (EntryKind::WebhookGivenUp, "webhook abandonné"),
        (EntryKind::Rules, "règles"),
        (EntryKind::Settled, "échéance constatée"),
        (EntryKind::Unsettled, "constat repris"),
        (EntryKind::Kept, "valeur retenue"),
    ];

    /// The word under which the store keeps it, which the pages show too.
    #[must_use]
    pub fn word(self) -> &'static str {
        EntryKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// Whether a line of this kind tells what became of something to do in the world: the record has an entry of it.
    #[must_use]
    pub fn is_act(self) -> bool {
        !matches!(self, EntryKind::Read | EntryKind::Gone | EntryKind::Judged | EntryKind::Rules)
    }

    /// `None` for a line of another version, which is shown as it is.
    #[must_use]
    pub fn from_word(word: &str) -> Option<EntryKind> {
        EntryKind::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// Why a dossier is not followed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The platform says that it erased it.
    Erased,
    /// The platform lists it as gone, without having erased it.
    DeletedOrHidden,
    /// The platform does not know its number when it is asked for.
    Absent,
    /// Another group of instructeurs than the configured one has it.
    OtherGroup,
}

/// Line of kind `Read`, the same for every dossier.
pub const READ: &str = "Dossier lu : contenu nouveau ou modifié";

/// Line of kind `Gone`.
#[must_use]
pub fn gone(why: Departure) -> &'static str {
    match why {
        Departure::Erased => "Dossier effacé de la plateforme",
        Departure::DeletedOrHidden => "Dossier supprimé ou masqué",
        Departure::Absent => "Dossier absent de la plateforme : masqué, expiré ou supprimé",
        Departure::OtherGroup => "Dossier passé à un autre groupe d’instructeurs",
    }
}

/// Line of kind `MailCancelled`.
pub const MAIL_MOOT: &str = "Courriel devenu sans objet";
/// Line of kind `MailGivenUp` for a copy to a central service that has no dossier here.
pub const NO_CENTRAL: &str = "Service central sans dossier ici : pas de copie";

/// « À la DITP : … »; `None` for a mail put by a version that had other kinds of reader.
#[must_use]
pub fn mail(to: Option<Role>, said: &str) -> String {
    format!("{} : {said}", addressee(to))
}

/// A person does not let a mail leave, or does after all.
#[must_use]
pub fn mail_stopped(subject: &str, stopped: bool) -> String {
    let what = if stopped { "Arrêté par une personne" } else { "Relâché par une personne" };
    format!("{what} : {subject}")
}

/// Why a mail does not leave, with who decided so.
#[must_use]
pub fn stopped_by(who: Option<&str>, on: Date) -> String {
    format!("Arrêté{} le {}", by(who), date_short(on))
}

/// A person found an overdue deadline settled; who it was is said, for those who must answer for it.
#[must_use]
pub fn settled(what: &str, due: Date, on: Date, who: Option<&str>) -> String {
    format!("Constaté le {}{} : {what} (échéance du {})", date_short(on), by(who), date_short(due))
}

/// A person takes back that a deadline is settled.
#[must_use]
pub fn unsettled(what: &str, due: Date, who: Option<&str>) -> String {
    format!("Constat repris{} : {what} (échéance du {})", by(who), date_short(due))
}

/// A person keeps another value of a field than that of the award, or none.
#[must_use]
pub fn kept(field: &str, value: Option<&str>, who: Option<&str>) -> String {
    let value = value.unwrap_or("aucune valeur");
    format!("Retenu{} à la place de la valeur de l’attribution : {field}, {value}", by(who))
}

fn by(who: Option<&str>) -> String {
    who.filter(|who| !who.is_empty()).map(|who| format!(" par {who}")).unwrap_or_default()
}

/// One of the mails that a bundle carried.
#[must_use]
pub fn carried(to: Option<Role>, subject: &str) -> String {
    format!("{}, dans un message groupé : {subject}", addressee(to))
}

/// A mail that some of its addresses accepted, while the others are tried again.
#[must_use]
pub fn mail_to_some(to: Option<Role>, subject: &str) -> String {
    format!("{}, à une partie des adresses : {subject}", addressee(to))
}

/// A mail that came back because there is no such mailbox.
#[must_use]
pub fn no_mailbox(to: Option<Role>, status: &str) -> String {
    format!("{} : courriel revenu, cette adresse n’existe pas ({status})", addressee(to))
}

/// A mail that came back for another reason.
#[must_use]
pub fn lost(to: Option<Role>, status: &str) -> String {
    format!("{} : courriel revenu sans avoir été remis ({status})", addressee(to))
}

fn addressee(to: Option<Role>) -> String {
    names::capital(to.map_or("à personne", names::to_role))
}

/// Of a mail whose server was not heard of again.
pub const UNHEARD: &str =
    "Le serveur de courriel n’a pas répondu : l’acte a pu avoir lieu, il est repris sous la même référence";
/// Line of kind `Interrupted`, for a task that the program had begun before it stopped.
pub const INTERRUPTED: &str = "vigie s’est arrêtée avant d’avoir noté l’issue : l’acte a pu avoir lieu, il est repris sous la même référence";

/// The most characters of a value in a line.
const SHOWN: usize = 80;

/// The annotations that were written, each with the value that stood there and the one that now does.
#[must_use]
pub fn written(changes: &[(Key, Option<&Value>, &Value)]) -> String {
    let mut texts = Vec::new();
    for (key, before, after) in changes.iter().filter(|(key, ..)| key.kind() != Kind::Moment) {
        let before = before.map(fields::value).unwrap_or_default();
        texts.push(format!("{} : {}", key.name(), change(&before, &fields::value(after))));
    }
    if texts.is_empty() {
        texts.extend(changes.iter().map(|(key, ..)| key.name().to_owned()));
    }
    format!("Écrit : {}", texts.join(" ; "))
}

/// « « Bronze » → « Argent » »; of several lines, the first that differs, and how many others do.
fn change(before: &str, after: &str) -> String {
    let lost: Vec<&str> = before.lines().filter(|line| !after.lines().any(|other| other == *line)).collect();
    let new: Vec<&str> = after.lines().filter(|line| !before.lines().any(|other| other == *line)).collect();
    if lost.is_empty() && new.is_empty() {
        return "les mêmes lignes, autrement disposées".to_owned();
    }
    let shown = |lines: &[&str]| match lines.first() {
        None => "rien".to_owned(),
        Some(line) if line.chars().count() > SHOWN => {
            format!("« {}… »", line.chars().take(SHOWN).collect::<String>())
        }
        Some(line) => format!("« {line} »"),
    };
    let rest = match lost.len().max(new.len()).saturating_sub(1) {
        0 => String::new(),
        1 => " (et 1 autre ligne)".to_owned(),
        count => format!(" (et {count} autres lignes)"),
    };
    format!("{} → {}{rest}", shown(&lost), shown(&new))
}

/// Journal line about a judgement: what it says that the one before did not, and why.
#[must_use]
pub fn judged(before: Option<&Statement>, after: &Statement, causes: &[Cause]) -> String {
    let said = differences::sentence(before, after);
    match cause::sentence(causes) {
        why if why.is_empty() => said,
        why => format!("{said}, {why}"),
    }
}

/// Line of kind `AnnotationRefused`; `why` is the platform's answer.
#[must_use]
pub fn refused(key: Key, why: &str) -> String {
    format!("{key} : {why}")
}

/// Line of kind `AnnotationGivenUp`.
#[must_use]
pub fn does_not_hold(key: Key) -> String {
    format!("{key} : la valeur écrite ne tient pas, elle n’est plus réécrite")
}

/// Line of kind `AnnotationRestored`, when a person touched the annotations since they were written.
#[must_use]
pub fn changed_by_hand(key: Key) -> String {
    format!("{key} : changée à la main, réécrite")
}

/// Line of kind `AnnotationRestored`, when nobody touched them: the platform lost the value.
#[must_use]
pub fn not_kept(key: Key) -> String {
    format!("{key} : la plateforme n’a pas gardé la valeur écrite, réécrite")
}

/// Line of kind `MessageCancelled`.
pub const MESSAGE_MOOT: &str = "Message devenu sans objet";
/// Reason in `message_given_up`, for a dossier that takes no message any more.
pub const ARCHIVED: &str = "dossier archivé";

/// Line of kind `Message` when it was sent; `title` is the message's.
#[must_use]
pub fn message_sent(title: &str) -> String {
    format!("Au candidat, sur la plateforme : {title}")
}

/// Line of kind `Message` when the dossier already has it, so that it was not sent.
#[must_use]
pub fn message_found(title: &str) -> String {
    format!("Déjà dit dans le dossier, pas envoyé : {title}")
}

/// Line of kind `MessageGivenUp`; `why` is the platform's answer, or `ARCHIVED`.
#[must_use]
pub fn message_given_up(title: &str, why: &str) -> String {
    format!("{title} : {why}")
}

/// Line of kind `WebhookCancelled`; `receiver` is its number in the configuration.
#[must_use]
pub fn notice_moot(receiver: usize) -> String {
    format!("Destinataire n° {receiver} : avis devenu sans objet")
}

/// Line of kind `Webhook`; `kind` is the notice's.
#[must_use]
pub fn notice_told(receiver: usize, kind: NoticeKind) -> String {
    format!("Destinataire n° {receiver} : {kind}")
}

/// Line of kind `WebhookGivenUp`; `why` is the technical reason.
#[must_use]
pub fn notice_given_up(receiver: usize, why: &str) -> String {
    format!("Destinataire n° {receiver} : {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_one_word_of_its_own() {
        for (place, (kind, word)) in EntryKind::ALL.into_iter().enumerate() {
            assert_eq!((kind.word(), EntryKind::from_word(word)), (word, Some(kind)));
            assert_eq!(kind as usize, place, "every kind stands in the table");
        }
        assert_eq!(EntryKind::from_word("pigeon"), None);
    }

    #[test]
    fn a_change_of_many_lines_tells_the_first_that_differs() {
        assert_eq!(change("a\nb\nc", "a\nd\ne"), "« b » → « d » (et 1 autre ligne)");
        assert_eq!(change("", "a"), "rien → « a »");
        assert_eq!(change("a\nb", "b\na"), "les mêmes lignes, autrement disposées");
    }
}
