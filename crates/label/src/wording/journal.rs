//! The lines of the journal: their kinds, as they are stored and shown, and their sentences. No address, no person's name.

use crate::case::keys::Key;
use crate::judge::agenda::Role;
use crate::outgoing::NoticeKind;

use super::names;

/// What a line of the journal is about. The text of each variant is stored: a variant may be added, no text may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Read,
    Gone,
    Judged,
    Mail,
    MailCancelled,
    MailGivenUp,
    /// Sent before the store was restored.
    MailRecognised,
    Annotation,
    /// Changed by a person, and written again.
    AnnotationRestored,
    AnnotationRefused,
    AnnotationGivenUp,
    Message,
    MessageCancelled,
    MessageGivenUp,
    Webhook,
    WebhookCancelled,
    WebhookGivenUp,
}

impl EntryKind {
    pub const ALL: [(EntryKind, &'static str); 17] = [
        (EntryKind::Read, "lu"),
        (EntryKind::Gone, "parti"),
        (EntryKind::Judged, "jugé"),
        (EntryKind::Mail, "courriel"),
        (EntryKind::MailCancelled, "courriel annulé"),
        (EntryKind::MailGivenUp, "courriel abandonné"),
        (EntryKind::MailRecognised, "courriel reconnu"),
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
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        EntryKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
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
    Erased,
    DeletedOrHidden,
    Absent,
    OtherGroup,
}

pub const READ: &str = "Dossier lu : contenu nouveau ou modifié";

#[must_use]
pub fn gone(why: Departure) -> &'static str {
    match why {
        Departure::Erased => "Dossier effacé de la plateforme",
        Departure::DeletedOrHidden => "Dossier supprimé ou masqué",
        Departure::Absent => "Dossier absent de la plateforme : masqué, expiré ou supprimé",
        Departure::OtherGroup => "Dossier passé à un autre groupe d’instructeurs",
    }
}

pub const MAIL_MOOT: &str = "Courriel devenu sans objet";
pub const NO_CENTRAL: &str = "Service central sans dossier ici : pas de copie";

/// « À la DITP : … »; `None` for a mail put by a version that had other kinds of reader.
#[must_use]
pub fn mail(to: Option<Role>, said: &str) -> String {
    format!("{} : {said}", addressee(to))
}

/// One of the mails that a bundle carried.
#[must_use]
pub fn carried(to: Option<Role>, subject: &str) -> String {
    format!("{}, dans un message groupé : {subject}", addressee(to))
}

fn addressee(to: Option<Role>) -> String {
    names::capital(to.map_or("à personne", names::to_role))
}

/// The annotations that were written, by key.
#[must_use]
pub fn written(keys: &[Key]) -> String {
    let keys: Vec<&str> = keys.iter().map(|key| key.name()).collect();
    format!("Écrit : {}", keys.join(", "))
}

#[must_use]
pub fn refused(key: Key, why: &str) -> String {
    format!("{key} : {why}")
}

#[must_use]
pub fn does_not_hold(key: Key) -> String {
    format!("{key} : la valeur écrite ne tient pas, elle n’est plus réécrite")
}

#[must_use]
pub fn changed_by_hand(key: Key) -> String {
    format!("{key} : changée à la main, réécrite")
}

pub const MESSAGE_MOOT: &str = "Message devenu sans objet";
pub const ARCHIVED: &str = "dossier archivé";

#[must_use]
pub fn message_sent(title: &str) -> String {
    format!("Au candidat, sur la plateforme : {title}")
}

#[must_use]
pub fn message_found(title: &str) -> String {
    format!("Déjà dit dans le dossier, pas envoyé : {title}")
}

#[must_use]
pub fn message_given_up(title: &str, why: &str) -> String {
    format!("{title} : {why}")
}

#[must_use]
pub fn notice_moot(receiver: usize) -> String {
    format!("Destinataire n° {receiver} : avis devenu sans objet")
}

#[must_use]
pub fn notice_told(receiver: usize, kind: NoticeKind) -> String {
    format!("Destinataire n° {receiver} : {kind}")
}

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
}
