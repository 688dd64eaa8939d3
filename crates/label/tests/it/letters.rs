//! Every reminder that vigie can write, to each reader, ahead of its day and after it, as text; and every notice. The
//! snapshots are read like code: a changed sentence is a changed line.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use label::Tier;
use label::case::Case;
use label::case::facts::Value;
use label::case::keys::Key;
use label::guide::attached::CentralStanding;
use label::guide::calendar::Deadline;
use label::guide::follow_up::Window;
use label::judge::Review;
use label::judge::agenda::{Due, Obligation, Role, Stage, Status};
use label::judge::review;
use label::outgoing::Letter;
use label::wording::monthly::{self, Month};
use label::wording::{decided, letterhead, letters, notices};

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
        settled: None,
        done_on: None,
        stages: Vec::new(),
    }
}

fn shown(letter: &Letter) -> String {
    let mut text = format!("Objet : {}\n", letter.what);
    letter.paragraphs.iter().for_each(|paragraph| text.push_str(&format!("  {paragraph}\n")));
    letter.points.iter().for_each(|point| text.push_str(&format!("  - {point}\n")));
    for section in &letter.sections {
        text.push_str(&format!("  [{}]\n", section.title));
        section.points.iter().for_each(|point| text.push_str(&format!("  - {point}\n")));
    }
    if let Some(place) = letter.place {
        text.push_str(&format!("  {}\n", letterhead::place(place, false)));
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
        O::FollowUp
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

/// Each kind of decision, on the day it is read and long after it.
fn told_cases() -> Vec<(&'static str, Case, i64)> {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let case = |rows: &[(&str, Option<&str>, i64)], demande: Option<(&str, &str, i64)>| {
        let rows = rows.iter().map(|(decision, tier, on)| {
            let mut row = row(decision, *on);
            row.extend(tier.map(|tier| (Key::PalierDecide, choice(tier))));
            row
        });
        let values = |demande: &str, rows| {
            vec![
                (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
                (Key::Organisme, Value::Text("Boréal Certification".to_owned())),
                (Key::TypeService, choice("local_independant")),
                (Key::TypeDemande, choice(demande)),
                (Key::DossierPrecedent, Value::Link(1)),
                (Key::Evenements, Value::Rows(rows)),
            ]
        };
        let mut dossiers = vec![facts(1, 0, values("initial", rows.collect()))];
        dossiers.extend(
            demande
                .map(|(demande, decision, on)| facts(2, on - 100, values(demande, vec![row(decision, on)]))),
        );
        case_of(&dossiers)
    };
    let award = ("labellise", Some("bronze"), 100);
    let follow_up = Some(("suivi", "confirme", 600));
    vec![
        ("attribution", case(&[award], None), 100),
        ("confirmation", case(&[award], follow_up), 600),
        ("palier", case(&[award, ("palier_superieur", Some("argent"), 600)], None), 600),
        ("suspension", case(&[award, ("suspension", None, 300)], None), 300),
        ("levée", case(&[award, ("suspension", None, 300), ("levee", None, 350)], None), 350),
        ("retrait", case(&[award, ("retrait", None, 400)], None), 400),
        ("retrait passé", case(&[award, ("retrait", None, 400)], None), 900),
        ("extension", case(&[award], Some(("extension", "labellise", 500))), 500),
        ("renouvellement", case(&[award], Some(("renouvellement", "labellise", 1100))), 1100),
        ("renouvellement en cours", case(&[award], Some(("renouvellement", "labellise", 1100))), 1300),
        (
            "vie entière, lue à la fin",
            case(
                &[
                    award,
                    ("suspension", None, 300),
                    ("levee", None, 350),
                    ("palier_superieur", Some("argent"), 500),
                    ("retrait", None, 700),
                ],
                follow_up,
            ),
            1195,
        ),
    ]
}

#[test]
fn every_notice_reads_as_a_person_would_write_it() {
    let mut all = String::new();
    let (case, review) = labelled();
    for (title, case, on) in told_cases() {
        let review = label::judge::review(&case, day(on), &frame());
        for event in review.decisions() {
            for role in Role::ALL {
                if let Some(letter) = decided::decided(event, role, &review, &case) {
                    all.push_str(&format!("== {title}, {:?} {role:?}\n{}\n", event.decision, shown(&letter)));
                }
            }
        }
    }
    let refusal = case_of(&[facts(1, 0, vec![(Key::Evenements, Value::Rows(vec![row("rejete", 100)]))])]);
    let judged = label::judge::review(&refusal, day(120), &frame());
    let refused = judged.decisions().next().unwrap();
    let first = &case.dossiers[0];
    let mut month = Month::new(date(2028, 9, 1), date(2028, 10, 1));
    month.count(Some(Tier::Bronze), true);
    month
        .granted
        .push((date(2028, 9, 4), monthly::service("Guichet de Valdorée", Some(Tier::Bronze), "Boréal")));
    month.expired.push((date(2028, 9, 30), monthly::service("Agence Sud", None, "")));
    let others = [
        ("rejet", notices::refused(refused, &judged, &refusal, &frame()).unwrap()),
        ("rétroplanning", notices::retroplanning(first, ON, &frame(), ON)),
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
