//! Words: dates, numbers, states, tiers, pieces.

use jiff::civil::{Date, Weekday};

use crate::case::facts::{PlatformState, PlatformWord};
use crate::case::inspection::Media;
use crate::case::{Decision, Service};
use crate::guide::score::Fraction;
use crate::guide::surveys::SurveyKind;
use crate::guide::tiers::{Component, Criterion, Tier};
use crate::judge::agenda::{DELAY, Due, Obligation, Role};
use crate::life::{LabelStatus, State};

/// « lundi 24 mai 2027 », « mardi 1er juin 2027 ».
#[must_use]
pub fn date_full(day: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    format!("{weekday} {} {}", ordinal(day), month(day))
}

/// « 24 mai », or « 24 mai 2027 » when that is not the year of `today`.
#[must_use]
pub fn date_near(day: Date, today: Date) -> String {
    match day.year() == today.year() {
        true => format!("{} {}", ordinal(day), month_name(day)),
        false => format!("{} {}", ordinal(day), month(day)),
    }
}

fn ordinal(day: Date) -> String {
    format!("{}{}", day.day(), if day.day() == 1 { "er" } else { "" })
}

/// « mai 2027 ».
#[must_use]
pub fn month(day: Date) -> String {
    format!("{} {}", month_name(day), day.year())
}

fn month_name(day: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    usize::try_from(day.month() - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"")
}

/// « 24/05/2027 ».
#[must_use]
pub fn date_short(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// « 79,97 », « 80 »: truncated after two decimals, never rounded (R-X-8), without trailing zeros.
#[must_use]
pub fn number(value: &Fraction) -> String {
    let text = value.truncated(2);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.replace('.', ",")
}

/// « 5,01 % » of a share.
#[must_use]
pub fn percent(share: &Fraction) -> String {
    format!("{} %", number(&(share.clone() * Fraction::from(100))))
}

/// *Statut* of a label, in the register's words.
#[must_use]
pub fn label_status(status: LabelStatus) -> &'static str {
    match status {
        LabelStatus::Active => "actif",
        LabelStatus::Suspended => "suspendu",
        LabelStatus::Withdrawn => "retiré",
        LabelStatus::Expired => "expiré",
    }
}

/// The state of a case, as the pages, the API and the annotations show it.
#[must_use]
pub fn state(state: State) -> &'static str {
    match state {
        State::Depose => "Déposé",
        State::ACompleter => "À compléter",
        State::Complet => "Complet",
        State::PlanTransmis => "Plan d’audit transmis",
        State::AuditEnCours => "Audit en cours",
        State::RapportAttendu => "Rapport attendu",
        State::PhaseContradictoire => "Phase contradictoire",
        State::ADecider => "À décider",
        State::Actif => "Label actif",
        State::SuiviAPreparer => "Suivi à préparer",
        State::SuiviOuvert => "Fenêtre de suivi ouverte",
        State::PlanActionsAttendu => "Plan d’actions attendu",
        State::Suspendu => "Suspendu",
        State::RenouvellementADemander => "Renouvellement à demander",
        State::Rejete => "Rejeté",
        State::Abandonne => "Abandonné",
        State::Retire => "Retiré",
        State::Expire => "Expiré",
    }
}

/// The tier's French name, with its capital.
#[must_use]
pub fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Bronze => "Bronze",
        Tier::Argent => "Argent",
        Tier::Or => "Or",
    }
}

/// The type of service, in lower case, for the pages and letters.
#[must_use]
pub fn service(service: Service) -> &'static str {
    match service {
        Service::LocalIndependant => "service local indépendant",
        Service::LocalRattache => "service local rattaché",
        Service::Central => "service central",
        Service::Unknown => "type de service non précisé",
    }
}

/// The reader of a mail, in lower case and without an article.
#[must_use]
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Candidat => "service candidat",
        Role::Organisme => "organisme de certification",
        Role::Ditp => "DITP",
        Role::Central => "service central",
    }
}

/// « à l’organisme de certification ».
#[must_use]
pub fn to_role(role: Role) -> &'static str {
    match role {
        Role::Candidat => "au service candidat",
        Role::Organisme => "à l’organisme de certification",
        Role::Ditp => "à la DITP",
        Role::Central => "au service central",
    }
}

/// The role of that name in the outbox.
#[must_use]
pub fn role_from_key(key: &str) -> Option<Role> {
    Role::from_key(key)
}

/// The decision as a noun, without an article.
#[must_use]
pub fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Labellise => "labellisation",
        Decision::Rejete => "rejet",
        Decision::Confirme => "confirmation du label",
        Decision::PalierSuperieur => "passage au palier supérieur",
        Decision::PlanActions => "demande de plan d’actions",
        Decision::Suspension => "suspension",
        Decision::Levee => "levée de la suspension",
        Decision::Retrait => "retrait",
    }
}

/// The state of a dossier on the platform, in the platform's words.
#[must_use]
pub fn platform_state(state: PlatformState) -> &'static str {
    match state {
        PlatformState::EnConstruction => "en construction",
        PlatformState::EnInstruction => "en instruction",
        PlatformState::Accepte => "accepté",
        PlatformState::Refuse => "refusé",
        PlatformState::SansSuite => "classé sans suite",
        PlatformState::Unknown => "état inconnu",
    }
}

/// What the platform says in a word that vigie does not know, and what that costs.
#[must_use]
pub fn unknown_word(of: PlatformWord, word: &str) -> String {
    let (what, cost) = match of {
        PlatformWord::State => (
            "donne au dossier l’état",
            "rien n’en est déduit, et ses relances dépendent des seules dates saisies",
        ),
        PlatformWord::Applicant => ("donne au demandeur le type", "son SIRET est lu dans le formulaire seul"),
        PlatformWord::Scan => {
            ("donne à un fichier le résultat d’antivirus", "ce fichier n’est pas lu et reste en attente")
        }
        PlatformWord::Field => ("donne à un champ suivi le type", "sa valeur n’est pas lue"),
    };
    format!(
        "La plateforme {what} « {word} », que vigie ne connaît pas : {cost} ; une mise à jour de vigie est à prévoir"
    )
}

/// What a mark is of, in lower case, as the boards of marks and the drawings name it.
#[must_use]
pub fn criterion(criterion: Criterion) -> String {
    match criterion {
        Criterion::Engagement(n) => format!("engagement {n}"),
        Criterion::OrCriteria => "critères Or".to_owned(),
        Criterion::StaffSurvey => "enquête agents".to_owned(),
        Criterion::UserSurvey => "enquête usagers".to_owned(),
    }
}

/// One of the three components of a local's label (§2.1).
#[must_use]
pub fn component(component: Component) -> &'static str {
    match component {
        Component::Audit => "audit",
        Component::StaffSurvey => "enquête agents",
        Component::UserSurvey => "enquête usagers",
    }
}

/// The delay that the body set, and not the maximum of a suspension.
pub(super) fn is_delay(due: &Due) -> bool {
    usize::from(due.occurrence) == DELAY
}

/// The title of a deadline. The two limits of a suspension have one each.
#[must_use]
pub fn due(due: &Due) -> &'static str {
    match due.obligation {
        Obligation::Suspension if is_delay(due) => "Suspension à lever, délai fixé par l’organisme",
        Obligation::Suspension => "Suspension à lever, dernier jour",
        other => obligation(other),
    }
}

/// « 7 min », « 5 h », « 182 jours »: so many minutes, in the unit that says enough.
#[must_use]
pub fn lasting(minutes: u64) -> String {
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} jours", minutes / 1440),
    }
}

/// Of a deadline that is still to come, and that nothing can be done for any more.
pub const MOOT: &str = "sans objet";

/// « fait », or the day on which a person found it done.
#[must_use]
pub fn done(settled: Option<Date>, done: &str) -> String {
    settled.map_or_else(|| done.to_owned(), |on| format!("{done}, constaté le {}", date_short(on)))
}

/// The title of a deadline, as lists and calendars show it.
#[must_use]
pub fn obligation(obligation: Obligation) -> &'static str {
    match obligation {
        Obligation::Launch => "Enquêtes à lancer (conseillé)",
        Obligation::SurveyFresh => "Enquête valable pour un audit jusqu’à cette date",
        Obligation::SelfAssessmentFresh => "Autodiagnostic valable pour un audit jusqu’à cette date",
        Obligation::Deposit => "Dossier complet à déposer",
        Obligation::Acknowledge => "Réception du dossier à accuser (délai indicatif)",
        Obligation::Complements => "Compléments à transmettre",
        Obligation::Plan => "Plan d’audit à transmettre",
        Obligation::Report => "Rapport d’audit à transmettre",
        Obligation::Observations => "Observations sur le rapport",
        Obligation::Decide => "Décision à prendre (délai indicatif)",
        Obligation::Notify => "Décision, rapport définitif et attestation à notifier (délai indicatif)",
        Obligation::List => "Liste publique à actualiser (délai indicatif)",
        Obligation::Reapply => "Nouvelle candidature possible",
        Obligation::NewCampaign => "Nouvel accès aux enquêtes possible",
        Obligation::Prepare => "Audit de suivi à préparer",
        Obligation::FollowUp => "Audit de suivi",
        Obligation::RequestFollowUp => "Demande de suivi complète à déposer",
        Obligation::SelfAssessment => "Autodiagnostic annuel",
        Obligation::FollowUpSurveys => "Enquêtes à refaire avant le suivi (conseillé)",
        Obligation::AttachedSurveys => "Enquêtes du service rattaché",
        Obligation::YearlySurveys => "Enquêtes annuelles du réseau (lecture du § 2.2.2)",
        Obligation::PrepareCentral => "Audit de suivi du service central à préparer",
        Obligation::Sample => "Audits des locaux tirés au sort, avant celui du central",
        Obligation::FollowUpCentral => "Audit de suivi du service central",
        Obligation::ThreeQuarters => "75 % de locaux labellisés à atteindre",
        Obligation::ActionPlan => "Plan d’actions à proposer",
        Obligation::Suspension => "Suspension à lever",
        Obligation::TellDitp => "Décision à communiquer à la DITP (délai indicatif)",
        Obligation::Publish => "Suspension à publier",
        Obligation::Unlist => "Retrait de la liste publique",
        Obligation::MarkStops => "Fin de l’usage de la marque",
        Obligation::Renewal => "Renouvellement à demander",
        Obligation::End => "Fin de validité du label",
        Obligation::AttachedFollowUp => "Audit de suivi du service rattaché",
        Obligation::ConditionalFollowUp => "Audit de suivi après le retrait du service central",
        Obligation::Habilitation => "Habilitation de l’organisme à renouveler",
        Obligation::Expiring => "Dossier bientôt effacé de la plateforme",
        Obligation::NotifyEnd => "Retrait à notifier après la fin de validité",
    }
}

/// « un PDF », as it stands after « n’est pas ».
#[must_use]
pub fn media(media: Media) -> &'static str {
    match media {
        Media::Pdf => "un PDF",
        Media::Image => "une image",
        Media::Office => "un document bureautique",
        Media::Text => "du texte",
        Media::Html => "une page web",
        Media::Archive => "une archive",
        Media::Program => "un programme",
        Media::Unknown => "un fichier de nature inconnue",
    }
}

/// The people whom a survey asks.
#[must_use]
pub fn survey(kind: SurveyKind) -> &'static str {
    match kind {
        SurveyKind::Users => "usagers",
        SurveyKind::Staff => "agents",
    }
}

/// The text with a capital first letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// « d’Agence Nord », « de Haute-Rivelle ».
#[must_use]
pub fn of(name: &str) -> String {
    let vowel = |c: char| "aàâeéèêëiîïoôuùûyœæ".contains(c.to_lowercase().next().unwrap_or(c));
    match name.trim_start().starts_with(vowel) {
        true => format!("d’{name}"),
        false => format!("de {name}"),
    }
}

/// The text with a small first letter.
#[must_use]
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_and_numbers_are_written_as_people_write_them() {
        assert_eq!(date_full(date(2027, 5, 24)), "lundi 24 mai 2027");
        assert_eq!(date_full(date(2027, 8, 1)), "dimanche 1er août 2027");
        assert_eq!(date_short(date(2027, 5, 4)), "04/05/2027");
        assert_eq!((of("École"), of("Haute-Rivelle")), ("d’École".to_owned(), "de Haute-Rivelle".to_owned()));
        assert_eq!(date_near(date(2027, 8, 1), date(2027, 1, 1)), "1er août");
        assert_eq!(date_near(date(2028, 5, 4), date(2027, 12, 31)), "4 mai 2028");
        assert_eq!(
            [7, 119, 120, 2879, 2880, 262_269].map(lasting),
            ["7 min", "119 min", "2 h", "47 h", "2 jours", "182 jours"]
        );
        let written = |text: &str| number(&text.parse().unwrap());
        assert_eq!(
            ["2879/36", "80", "64.95", "0.5", "79.996"].map(written),
            ["79,97", "80", "64,95", "0,5", "79,99"]
        );
    }
}
