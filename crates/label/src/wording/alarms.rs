//! What the body is told when vigie can no longer do its work, and when it can again.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::names::{date_full, lasting};
use crate::outgoing::Letter;
use crate::paris_date;

/// What keeps vigie from its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The platform refuses a section: its token, most often.
    Refused {
        /// The stored name of the section: « groupe/678 », or the démarche’s.
        section: String,
        /// The first refusal, in Paris.
        since: DateTime,
        /// The technical answer to the last reading.
        said: String,
    },
    /// The platform has not answered for hours.
    Away {
        /// The stored name of the section: « groupe/678 », or the démarche’s.
        section: String,
        /// The first reading that failed, in Paris.
        since: DateTime,
        /// The technical reason of the last failure.
        said: String,
    },
    /// The platform refuses that anything is written in a section.
    ReadOnly {
        /// The stored name of the section: « groupe/678 », or the démarche’s.
        section: String,
        /// The first refused write, in Paris.
        since: DateTime,
        /// The technical answer to the last write.
        said: String,
    },
    /// Values that the platform refuses, or that do not hold, in these dossiers.
    Annotations {
        /// Their numbers; the mail names the first ten.
        dossiers: Vec<i64>,
    },
    /// Bytes left on the disk of the store.
    Store {
        /// What is free, in bytes; the mail says it in Mio.
        free: u64,
    },
    /// By how many minutes this machine's clock is ahead of the platform's.
    Clock {
        /// Negative when this machine is behind.
        minutes: i64,
    },
}

const SOURCE: &str = "surveillance de vigie par elle-même ; détail sur la page « Santé »";

/// Dossiers that are named.
const NAMED: usize = 10;

/// The mail about what keeps vigie from its work.
#[must_use]
pub fn alarm(alarm: &Alarm) -> Letter {
    let (subject, text, said) = match alarm {
        Alarm::Refused { section, since, said } => (
            format!("la plateforme refuse l’accès {}", to(section)),
            format!(
                "Depuis le {}, la plateforme refuse que vigie lise {} : le plus souvent, le jeton a expiré, a été révoqué ou n’a plus ces droits. {KNOWN} La personne qui exploite vigie doit fournir un nouveau jeton (« vigie check » dit lequel) ; rien n’est à ressaisir ensuite.",
                moment(*since),
                named(section)
            ),
            Some(said),
        ),
        Alarm::Away { section, since, said } => (
            format!("la plateforme ne répond plus depuis le {}", moment(*since)),
            format!(
                "Depuis le {}, vigie ne peut plus lire {} et réessaie à chaque passe. {KNOWN} Si la plateforme vous répond, la cause est entre elle et la machine de vigie (réseau, mandataire, certificat).",
                moment(*since),
                named(section)
            ),
            Some(said),
        ),
        Alarm::ReadOnly { section, since, said } => (
            format!("la plateforme refuse que vigie écrive dans {}", named(section)),
            format!(
                "Depuis le {}, la plateforme refuse ce que vigie écrit dans {} : le plus souvent, le jeton n’a que le droit de lire. Les lectures et les courriels continuent ; annotations et messages attendent. La personne qui exploite vigie doit fournir un jeton qui peut écrire (« vigie check --write » le vérifie).",
                moment(*since),
                named(section)
            ),
            Some(said),
        ),
        Alarm::Annotations { dossiers } => (
            "des annotations ne peuvent pas être écrites".to_owned(),
            format!(
                "La plateforme refuse des valeurs que vigie écrit, ou elles ont été remplacées trois fois de suite : elles ne sont plus écrites dans {}. Le journal de chaque dossier dit lesquelles et pourquoi ; le plus souvent, le type ou les options d’un champ du formulaire sont à corriger.",
                list(dossiers)
            ),
            None,
        ),
        Alarm::Store { free } => (
            "la place va manquer pour la base de vigie".to_owned(),
            format!(
                "Il reste {} Mio sur le disque de la base de vigie. Quand il sera plein, vigie ne lira, n’écrira et n’enverra plus rien. La personne qui exploite vigie doit y libérer de la place.",
                free / (1024 * 1024)
            ),
            None,
        ),
        Alarm::Clock { minutes } => (
            "l’horloge de vigie est fausse".to_owned(),
            format!(
                "La machine de vigie est {} de {} sur la plateforme. Les échéances sont comptées avec cette horloge : la personne qui exploite vigie doit la régler (NTP).",
                if *minutes > 0 { "en avance" } else { "en retard" },
                lasting(minutes.unsigned_abs())
            ),
            None,
        ),
    };
    let said = said.map(|said| format!("Réponse technique, pour la personne qui exploite vigie : {said}"));
    Letter {
        subject: format!("vigie ne peut plus faire tout son travail : {subject}"),
        paragraphs: [Some(text), said].into_iter().flatten().collect(),
        source: SOURCE.to_owned(),
        ..Letter::default()
    }
}

/// The mail that says that it is over. `name` is what the alarm is stored under.
#[must_use]
pub fn mended(name: &str, since: Option<Timestamp>) -> Letter {
    let what = match name.strip_prefix("section/") {
        Some(section) => format!("la plateforme laisse de nouveau lire {}", named(section)),
        None => match name {
            name if name.starts_with("writes/") => "la plateforme laisse de nouveau écrire".to_owned(),
            "annotations" => "les annotations sont de nouveau écrites".to_owned(),
            "store" => "il y a de nouveau assez de place pour la base".to_owned(),
            _ => "l’horloge est de nouveau à l’heure".to_owned(),
        },
    };
    let told = since.map(|since| format!(" (signalé le {})", date_full(paris_date(since))));
    let text = format!(
        "C’est réglé{} : {what}. Ce qui attendait reprend de soi-même, rien n’est à refaire.",
        told.unwrap_or_default()
    );
    Letter {
        subject: format!("vigie refait son travail : {what}"),
        paragraphs: vec![text],
        source: SOURCE.to_owned(),
        ..Letter::default()
    }
}

/// The paragraph of a mail about a dossier whose section cannot be read now.
#[must_use]
pub fn as_read(read: Option<DateTime>) -> String {
    let when = read.map(|read| format!(" du {}", moment(read)));
    format!(
        "Ce courriel est établi d’après la dernière lecture de la plateforme{} : elle ne peut pas être lue en ce moment. Ce que vous avez fait depuis n’est pas encore pris en compte.",
        when.unwrap_or_default()
    )
}

const KNOWN: &str = "Les autres démarches ne sont pas concernées. Les rappels de celle-ci partent encore quelques jours d’après ce qui était connu, en le disant, puis attendent.";

fn moment(at: DateTime) -> String {
    format!("{} à {} h {:02}", date_full(at.date()), at.hour(), at.minute())
}

/// « la démarche 12345 », « le groupe 7 ».
fn named(section: &str) -> String {
    match section.split_once('/') {
        Some(("groupe", number)) => format!("le groupe d’instructeurs {number}"),
        Some((_, number)) => format!("la démarche {number}"),
        None => "la démarche".to_owned(),
    }
}

fn to(section: &str) -> String {
    let named = named(section);
    match named.strip_prefix("le ") {
        Some(rest) => format!("au {rest}"),
        None => format!("à {named}"),
    }
}

fn list(dossiers: &[i64]) -> String {
    let named: Vec<String> = dossiers.iter().take(NAMED).map(i64::to_string).collect();
    let rest = dossiers.len().saturating_sub(NAMED);
    match (dossiers.len(), rest) {
        (1, _) => format!("le dossier {}", named.join("")),
        (_, 0) => format!("les dossiers {}", named.join(", ")),
        _ => format!("les dossiers {} et {rest} de plus", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_alarm_says_what_where_and_what_to_do() {
        let since = date(2027, 6, 1).at(8, 5, 0, 0);
        let refused = Alarm::Refused {
            section: "demarche/12345".to_owned(),
            since,
            said: "401 Token expired".to_owned(),
        };
        let letter = alarm(&refused);
        assert!(letter.subject.contains("démarche 12345"), "{}", letter.subject);
        assert!(letter.paragraphs[0].contains("1er juin 2027 à 8 h 05"), "{}", letter.paragraphs[0]);
        assert!(letter.paragraphs[1].contains("401 Token expired"));
        let group = Alarm::Refused { section: "groupe/679".to_owned(), since, said: String::new() };
        assert!(alarm(&group).subject.contains("refuse l’accès au groupe d’instructeurs 679"));
        let many = Alarm::Annotations { dossiers: (1..=12).collect() };
        assert!(alarm(&many).paragraphs[0].contains("9, 10 et 2 de plus"));
        assert!(alarm(&Alarm::Store { free: 50 << 20 }).paragraphs[0].contains("50 Mio"));
        assert!(alarm(&Alarm::Clock { minutes: -7 }).paragraphs[0].contains("en retard de 7 min"));
        assert!(mended("section/groupe/7", None).subject.contains("groupe d’instructeurs 7"));
    }
}
