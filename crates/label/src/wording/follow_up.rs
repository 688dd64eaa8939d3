//! Sentences about the follow-ups of a label: what was found, then what to do. The certification body decides.

use jiff::civil::Date;

use crate::guide::follow_up::{LocalOutcome, Window};
use crate::guide::tiers::Tier;
use crate::judge::Review;
use crate::judge::coherence::incoherence::Incoherence;
use crate::judge::finding::What;
use crate::judge::follow_up::note::{FollowUpNote, Proposed};

use super::names::{self, date_short};

/// The sentence of one finding about a follow-up.
pub(super) fn sentence(note: &FollowUpNote) -> String {
    match note {
        FollowUpNote::Outside { audit, window } => format!(
            "Audit de suivi du {}, hors de sa fenêtre ({}) : il ne vaut pas suivi dans cette fenêtre, vérifiez la date ou décidez des suites",
            date_short(*audit),
            days(window)
        ),
        FollowUpNote::Missed { window, fault } => missed(window, *fault),
        FollowUpNote::AuditUnknown { decided, window } => format!(
            "Suivi décidé le {} sans jour d’audit connu : {} ; indiquez les dates de visite dans le dossier de suivi",
            date_short(*decided),
            window.map_or("aucune fenêtre n’était ouverte".to_owned(), |window| format!(
                "il est rangé dans la fenêtre {}",
                days(&window)
            ))
        ),
        FollowUpNote::Proposed(proposed) => self::proposed(proposed),
        FollowUpNote::SuspensionPossible { asked, due, received } => suspension(*asked, *due, *received),
    }
}

/// « du 01/02/2028 au 01/06/2028 ».
fn days(window: &Window) -> String {
    format!("du {} au {}", date_short(window.opens), date_short(window.closes))
}

fn missed(window: &Window, fault: Option<bool>) -> String {
    let start = format!("Fenêtre de suivi {} close sans audit", days(window));
    match fault {
        Some(true) => format!(
            "{start}, du fait du service : c’est une cause de retrait, à proposer ; la décision vous appartient"
        ),
        Some(false) => format!("{start}, sans que ce soit du fait du service : convenez des suites avec lui"),
        None => format!(
            "{start} : indiquez si c’est du fait du service, ce qui est une cause de retrait ; la décision vous appartient"
        ),
    }
}

fn suspension(asked: Date, due: Date, received: Option<Date>) -> String {
    let (asked, due) = (date_short(asked), date_short(due));
    match received {
        Some(day) => format!(
            "Plan d’actions demandé le {asked}, reçu le {} et non validé au {due} : le label peut être suspendu jusqu’à la validation ; la décision vous appartient",
            date_short(day)
        ),
        None => format!(
            "Plan d’actions demandé le {asked}, non reçu au {due} : le label peut être suspendu jusqu’à sa production ; la décision vous appartient"
        ),
    }
}

fn proposed(proposed: &Proposed) -> String {
    let given = |tier: Option<Tier>| tier.map_or("aucun palier", names::tier);
    let marks = format!(
        "Suivi : les notes donnent {}, le palier détenu est {}",
        given(proposed.reached),
        names::tier(proposed.held)
    );
    let outcome = outcome(proposed.outcome);
    let reserve: Vec<_> = proposed.reserve.iter().map(|survey| names::component(*survey)).collect();
    let reserve = match reserve.as_slice() {
        [] => String::new(),
        surveys => format!(", sous réserve : {} non valable (F-36)", surveys.join(", ")),
    };
    match proposed.decided {
        None => format!("{marks} : {outcome} proposé{reserve} ; la décision vous appartient"),
        Some(decision) if proposed.agrees => {
            format!("{marks} : {outcome}, et décision « {} »{reserve}", names::decision(decision))
        }
        Some(decision) => format!(
            "{marks} : {outcome} attendu, et décision « {} »{reserve} ; vérifiez les notes ou la décision",
            names::decision(decision)
        ),
    }
}

/// What the marks of an undecided dossier propose, for the reminder of its decision.
pub(super) fn proposal(review: &Review, dossier: i64) -> Option<String> {
    let own = review.findings.iter().filter(|finding| finding.dossier == dossier);
    own.filter_map(|finding| match &finding.what {
        What::FollowUp(FollowUpNote::Proposed(Proposed { outcome, decided: None, .. })) => {
            Some(self::outcome(*outcome))
        }
        What::Coherence(Incoherence::RefusalProposed { .. }) => Some("rejet".to_owned()),
        _ => None,
    })
    .next()
}

fn outcome(outcome: LocalOutcome) -> String {
    match outcome {
        LocalOutcome::Confirmed => "maintien du label".to_owned(),
        LocalOutcome::Raised(tier) => format!("passage au palier {}", names::tier(tier)),
        LocalOutcome::ActionPlan => "plan d’actions (F-16)".to_owned(),
        LocalOutcome::Lowered(tier) => format!("passage au palier {} (F-16)", names::tier(tier)),
    }
}
