//! Every reminder that vigie can write, to each reader, ahead of its day and after it, as text; and every notice. The
//! snapshots are read like code: a changed sentence is a changed line.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use label::Tier;
use label::case::facts::Value;
use label::case::keys::Key;
use label::case::{Case, Decision, Event};
use label::guide::attached::CentralStanding;
use label::guide::calendar::Deadline;
use label::guide::follow_up::Window;
use label::judge::Review;
use label::judge::agenda::{Due, Obligation, Role, Stage, Status};
use label::judge::review;
use label::outgoing::Letter;
use label::wording::monthly::{self, Month};
use label::wording::{decided, letters, notices};

use crate::cases::{case_of, day, facts, frame, row};

const ON: Date = date(2028, 10, 16);

/// An attached local, labelled, suspended, with its central's number.
fn labelled() -> (Case, Review) {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let values = vec![
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice("local_rattache")),
        (Key::TypeDemande, choice("initial")),
        (Key::CentralDossier, Value::Link(9)),
        (Key::AuditDebut, Value::Date(day(60))),
        (Key::AuditFin, Value::Date(day(61))),
        (Key::Evenements, Value::Rows(vec![row("labellise", 100), row("suspension", 400)])),
    ];
    let mut case = case_of(&[facts(1, 0, values)]);
    case.central = Some(CentralStanding::Labelled);
    let today = ON.saturating_sub(20.days());
    let review = review(&case, today, &frame());
    (case, review)
}

fn due(obligation: Obligation, status: Status) -> Due {
    let window = matches!(
        obligation,
        Obligation::FollowUp
            | Obligation::FollowUpCentral
            | Obligation::AttachedFollowUp
            | Obligation::ConditionalFollowUp
    );
    let window = window.then(|| Window {
        opens: ON.saturating_sub(4.months()),
        theory: ON.saturating_sub(2.months()),
        closes: ON,
    });
    Due {
        obligation,
        dossier: 1,
        deadline: Deadline::fixed(ON),
        window,
        zone: None,
        occurrence: 0,
        horizon: ON,
        status,
        stages: Vec::new(),
    }
}

fn shown(letter: &Letter) -> String {
    let mut text = format!("Objet : {}\n", letter.subject);
    letter.paragraphs.iter().for_each(|paragraph| text.push_str(&format!("  {paragraph}\n")));
    letter.points.iter().for_each(|point| text.push_str(&format!("  - {point}\n")));
    for section in &letter.sections {
        text.push_str(&format!("  [{}]\n", section.title));
        section.points.iter().for_each(|point| text.push_str(&format!("  - {point}\n")));
    }
    text.push_str(&format!("  {}\n", letter.source));
    text
}

/// The readers to whom part C has each obligation recalled.
fn roles(obligation: Obligation) -> Vec<Role> {
    use Obligation as O;
    let candidate = !matches!(
        obligation,
        O::Deposit
            | O::RequestFollowUp
            | O::Acknowledge
            | O::Plan
            | O::Report
            | O::Decide
            | O::Notify
            | O::List
            | O::TellDitp
            | O::Publish
            | O::Unlist
            | O::End
            | O::Habilitation
            | O::Expiring
    );
    let body = !matches!(
        obligation,
        O::Launch
            | O::Deposit
            | O::RequestFollowUp
            | O::Complements
            | O::Observations
            | O::List
            | O::Reapply
            | O::NewCampaign
            | O::SelfAssessment
            | O::FollowUpSurveys
            | O::YearlySurveys
            | O::TellDitp
            | O::Publish
            | O::Unlist
            | O::Habilitation
    );
    let ditp = matches!(
        obligation,
        O::List
            | O::FollowUp
            | O::FollowUpCentral
            | O::AttachedFollowUp
            | O::Suspension
            | O::Unlist
            | O::End
            | O::Expiring
    );
    let central = matches!(obligation, O::SelfAssessment | O::AttachedSurveys | O::YearlySurveys);
    let told =
        [(candidate, Role::Candidat), (body, Role::Organisme), (ditp, Role::Ditp), (central, Role::Central)];
    told.into_iter().filter(|(told, _)| *told).map(|(_, role)| role).collect()
}

/// The stages that change the words, for the obligations that have such.
fn stages(obligation: Obligation) -> &'static [&'static str] {
    match obligation {
        Obligation::Observations => &["reception", "J-3"],
        Obligation::Renewal => &["J", "fin-4m", "fin-3m", "fin"],
        _ => &["J-7"],
    }
}

#[test]
fn every_reminder_reads_as_a_person_would_write_it() {
    let (case, ahead) = labelled();
    let late = Review { today: ON.saturating_add(8.days()), ..ahead.clone() };
    let mut all = String::new();
    for obligation in Obligation::ALL {
        for role in roles(*obligation) {
            for (status, review) in [(Status::Upcoming, &ahead), (Status::Late, &late)] {
                if status == Status::Late && obligation.is_soft() {
                    continue;
                }
                for name in stages(*obligation) {
                    let stage = Stage { name: name.parse().unwrap(), on: review.today, role };
                    let letter = letters::reminder(&due(*obligation, status), &stage, role, review, &case);
                    all.push_str(&format!(
                        "== {} {role:?} {status:?} {name}\n{}\n",
                        obligation.code(),
                        shown(&letter)
                    ));
                }
            }
        }
    }
    for line in all.lines() {
        assert!(!line.contains("  -  ") && !line.contains("None") && !line.contains('{'), "{line}");
        assert!(line.chars().count() < 1200, "{line}");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn every_notice_reads_as_a_person_would_write_it() {
    let (case, review) = labelled();
    let mut all = String::new();
    let decisions = [
        Decision::Labellise,
        Decision::PalierSuperieur,
        Decision::Suspension,
        Decision::Levee,
        Decision::Retrait,
    ];
    for decision in decisions {
        let event = Event {
            dossier: 1,
            decision,
            tier: Some(Tier::Argent),
            decided: Some(ON),
            notified: Some(ON),
            effective: Some(ON),
            cause: None,
        };
        for role in Role::ALL {
            if let Some(letter) = decided::decided(&event, role, &review, &case) {
                all.push_str(&format!("== {decision:?} {role:?}\n{}\n", shown(&letter)));
            }
        }
    }
    let refused = Event {
        dossier: 1,
        decision: Decision::Rejete,
        tier: None,
        decided: Some(ON),
        notified: Some(ON),
        effective: None,
        cause: None,
    };
    let first = &case.dossiers[0];
    let mut month = Month::new(date(2028, 9, 1), date(2028, 10, 1));
    month.count(Some(Tier::Bronze), true);
    month
        .granted
        .push((date(2028, 9, 4), monthly::service("Guichet de Valdorée", Some(Tier::Bronze), "Boréal")));
    month.expired.push((date(2028, 9, 30), monthly::service("Agence Sud", None, "")));
    let others = [
        ("rejet", notices::refused(&refused, &frame()).unwrap()),
        ("rétroplanning", notices::retroplanning(first, ON, &frame())),
        ("dépôt complet", notices::deposited(first, &[])),
        ("adresse", notices::unreachable(&review, &case, ON, false)),
        ("jeton", notices::token_end(ON)),
        ("bilan", monthly::report(&month)),
        ("échus", monthly::ended(&month)),
    ];
    for (name, letter) in &others {
        all.push_str(&format!("== {name}\n{}\n", shown(letter)));
    }
    insta::assert_snapshot!(all);
}
