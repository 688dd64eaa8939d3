//! What `vigie run` prints: the actions of a dry run, and what a pass did.

use jiff::civil::{Date, Time};

use super::agreement::{agree, count};
use super::{date_short, fields, messages, names};
use crate::outgoing::Action;

/// What a pass did, by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassCounts {
    /// Dossiers that the platform or an export gave.
    pub observed: usize,
    /// Those of them that are new or differ from what was known.
    pub changed: usize,
    /// Cases that were judged.
    pub judged: usize,
    /// Dossiers in which at least one annotation was written.
    pub annotated: usize,
    /// Mails that the server accepted.
    pub mailed: usize,
    /// Messages sent to candidates on the platform.
    pub messaged: usize,
    /// Notices that webhook receivers accepted.
    pub notified: usize,
}

/// Above the mails of a day to come.
#[must_use]
pub fn would_leave(day: Date, mails: usize) -> String {
    let leave = agree(mails, "partirait", "partiraient");
    format!(
        "Le {}, {leave} {}, d’après les dossiers et les envois connus aujourd’hui (sans tenir compte des adresses qui refusent) :",
        date_short(day),
        count(mails, "courriel", "courriels")
    )
}

/// After a list in which some dossiers are missing.
#[must_use]
pub fn left_out(dossiers: &[i64]) -> String {
    let numbers: Vec<String> = dossiers.iter().map(i64::to_string).collect();
    format!(
        "{} {} : une ligne de la base est illisible ; {} (voir la page « Santé »)",
        agree(dossiers.len(), "absent de cette liste, le dossier", "absents de cette liste, les dossiers"),
        numbers.join(", "),
        agree(dossiers.len(), "il sera relu à la prochaine passe", "ils seront relus à la prochaine passe"),
    )
}

/// The last line of a pass that acted.
#[must_use]
pub fn done(counts: &PassCounts) -> String {
    let messages = match counts.messaged {
        0 => String::new(),
        sent => format!(", {} sur la plateforme", count(sent, "message", "messages")),
    };
    let notices = match counts.notified {
        0 => String::new(),
        count => format!(", {count} avis par webhook"),
    };
    let (annotated, mailed) = (counts.annotated, counts.mailed);
    let acted = format!(
        "{}, {}{messages}{notices}",
        count(annotated, "dossier annoté", "dossiers annotés"),
        count(mailed, "courriel envoyé", "courriels envoyés")
    );
    format!("{} ; {acted}", read(counts))
}

/// A pass makes no progress; `step` is the word of the metrics.
#[must_use]
pub fn waits_for(step: &str, minutes: u64) -> String {
    let what = match step {
        "platform" => "la plateforme, ou son quota",
        "attachment" => "une pièce jointe : son hôte, l’antivirus, ou le processus qui la lit",
        "judgement" => "le jugement des cas",
        "mail_server" => "le serveur de courriel",
        "webhook_receiver" => "un destinataire de webhook",
        _ => "la base",
    };
    format!("La passe en cours n’avance plus depuis {minutes} minutes : elle attend {what}.")
}

/// Another process observes: this one only sends what waits.
#[must_use]
pub fn observed_elsewhere(replica: &str) -> String {
    format!("La réplique {replica} observe déjà : rien n’est lu ni jugé ici, ce qui attend est envoyé")
}

/// The last line of a dry run.
#[must_use]
pub fn tried(counts: &PassCounts, actions: &[Action]) -> String {
    let to_do = actions.iter().filter(|action| !matches!(action, Action::Recall(_))).count();
    format!("{} ; {} à faire, rien n’a été fait", read(counts), count(to_do, "action", "actions"))
}

fn read(counts: &PassCounts) -> String {
    let PassCounts { observed, changed, judged, .. } = counts;
    format!(
        "{}, dont {} ; {}",
        count(*observed, "dossier lu", "dossiers lus"),
        count(*changed, "nouveau ou modifié", "nouveaux ou modifiés"),
        count(*judged, "cas jugé", "cas jugés")
    )
}

/// Printed by `vigie run` when it was asked to stop before the end of its pass.
pub const STOPPED: &str = "! arrêt demandé : le reste attend le prochain passage";

/// Beside the count of dossiers of a first reading; `minutes` are at least one.
#[must_use]
pub fn about_left(minutes: u64) -> String {
    match minutes {
        0 | 1 => ", environ une minute encore".to_owned(),
        minutes => format!(", environ {minutes} minutes encore"),
    }
}

/// Tasks that another process has taken, or that one took before it was killed; `until` in Paris.
#[must_use]
pub fn claimed(tasks: i64, until: Time) -> String {
    let wait = count(tasks, "tâche attend", "tâches attendent");
    let taken = agree(tasks, "prise", "prises");
    let until = until.strftime("%H:%M");
    format!("! {wait} jusqu’à {until} : {taken} par un autre processus, en cours ou interrompu")
}

/// One action as `--dry-run` prints it: what, to whom; no address.
#[must_use]
pub fn action(action: &Action) -> String {
    match action {
        Action::Mail(mail) => {
            let (dossier, to, subject) = (mail.dossier, names::role(mail.role), &mail.letter.subject);
            format!("courriel    dossier {dossier} → {to} : {subject}")
        }
        Action::Recall(recall) => {
            let (mail, on) = (&recall.mail, date_short(recall.on));
            let (dossier, to, subject) = (mail.dossier, names::role(mail.role), &mail.letter.subject);
            format!("déjà parti  dossier {dossier} → {to} le {on}, d’après son annotation : {subject}")
        }
        Action::Message(message) => {
            format!("message     dossier {} → le candidat : {}", message.dossier, messages::title(message))
        }
        Action::Notify(notify) => {
            let (dossier, kind) = (notify.notice.dossier, notify.notice.kind);
            format!("webhook     dossier {dossier} → destinataire n° {} : {kind}", notify.receiver)
        }
        Action::Annotate(annotation) => {
            let changes: Vec<String> = annotation
                .changes
                .iter()
                .map(|(key, value)| format!("{key} = {}", fields::value(value).replace('\n', " / ")))
                .collect();
            format!("annotations dossier {} : {}", annotation.dossier, changes.join("\n              "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn what_is_left_is_said_in_minutes() {
        assert_eq!(about_left(1), ", environ une minute encore");
        assert_eq!(about_left(9), ", environ 9 minutes encore");
    }

    #[test]
    fn tasks_that_wait_are_counted_with_the_minute_of_their_end() {
        let line = claimed(3, time(14, 5, 0, 0));
        assert!(line.starts_with("! 3 tâches attendent jusqu’à 14:05"), "{line}");
        assert!(claimed(1, time(9, 0, 59, 0)).starts_with("! 1 tâche attend jusqu’à 09:00"));
    }
}
