//! What follows from a case on each day that matters: its state, deadlines, mails, messages, notices and the days that are
//! annotated, of an independent local over its life, of an attached one and of a central. The snapshot is read like code:
//! each listing shows the lines that the listing before it did not have, and a changed line is a changed deadline or mail.

use std::collections::BTreeSet;

use label::Tier;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::{Case, Local};
use label::guide::attached::CentralStanding;
use label::judge::{Review, review};
use label::outgoing::Action;
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::messages::wanted_messages;
use label::plan::notices::wanted_notices;
use label::plan::{Known, plan};

use crate::cases::{START, case_of, day, facts, frame, local, row};

fn word(text: &str) -> Value {
    Value::Choice(text.to_owned())
}

fn dates(days: &[(Key, i64)]) -> Vec<(Key, Value)> {
    days.iter().map(|(key, on)| (*key, Value::Date(day(*on)))).collect()
}

fn dossier(number: i64, deposited: i64, kind: (&str, &str), more: Vec<(Key, Value)>) -> Facts {
    let mut values = vec![(Key::TypeService, word(kind.0)), (Key::TypeDemande, word(kind.1))];
    values.extend(more);
    facts(number, deposited, values)
}

fn decided(decisions: &[(&str, i64)]) -> (Key, Value) {
    (Key::Evenements, Value::Rows(decisions.iter().map(|(decision, on)| row(decision, *on)).collect()))
}

/// An application with the dates of its steps, before any decision.
fn application(service: &str) -> Facts {
    let days = [
        (Key::AuditDebut, 50),
        (Key::AuditFin, 51),
        (Key::EnqueteUsagersCloture, -20),
        (Key::EnqueteAgentsCloture, -18),
        (Key::AutodiagnosticLe, -60),
    ];
    dossier(1, 0, (service, "initial"), dates(&days))
}

/// The same, audited and decided.
fn audited(service: &str, decisions: &[(&str, i64)]) -> Facts {
    let mut facts = application(service);
    let days = [(Key::PlanTransmisLe, 30), (Key::RapportTransmisLe, 60), (Key::RapportRecuLe, 62)];
    facts.values.extend(dates(&days));
    facts.values.extend([decided(decisions)]);
    facts
}

/// One line for each thing that follows.
fn lines(review: &Review, case: &Case) -> BTreeSet<String> {
    let known = Known {
        messages: Some(BTreeSet::new()),
        ..Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
    };
    let mut lines = BTreeSet::from([format!("state {}", review.state.key())]);
    lines.extend(review.agenda.iter().map(|due| {
        let stages: Vec<String> = due
            .stages
            .iter()
            .map(|stage| format!("{}@{}/{}", stage.name, stage.on, stage.role.key()))
            .collect();
        let (code, days) =
            (due.obligation.code(), (due.deadline.nominal, due.deadline.extended, due.horizon));
        let (status, dossier) = (due.status, due.dossier);
        format!("{code} {status:?} of {dossier}: {} {} {} {}", days.0, days.1, days.2, stages.join(" "))
    }));
    lines.extend(wanted_mails(review, case, &frame(), &known).iter().map(|mail| {
        let when = if mail.urgent { "at once" } else { "in the digest" };
        format!("mail {} {} {when}", mail.key, mail.from)
    }));
    lines.extend(
        wanted_notices(review, case, &frame(), START, Heard::nothing())
            .iter()
            .map(|told| format!("told {}", told.key)),
    );
    lines.extend(wanted_messages(review, case, START).iter().map(|said| format!("said {}", said.key)));
    for action in plan(review, case, &frame(), &known) {
        let Action::Annotate(annotation) = action else { continue };
        lines.extend(annotation.changes.iter().filter_map(|(key, value)| match value {
            Value::Date(day) => Some(format!("annotated {}: {key} {day}", annotation.dossier)),
            Value::Text(text) if *key == Key::AutoPalier => {
                Some(format!("annotated {}: {key} {text}", annotation.dossier))
            }
            _ => None,
        }));
    }
    lines
}

/// The listings of a case on these days, each without the lines of the one before.
fn listed(case: &Case, days: &[i64]) -> String {
    let (mut all, mut before) = (String::new(), BTreeSet::new());
    for on in days {
        let now = lines(&review(case, day(*on), &frame()), case);
        all.push_str(&format!("== day {on}, {}\n", day(*on)));
        now.difference(&before).for_each(|line| all.push_str(&format!("{}\n", line.trim_end())));
        before = now;
    }
    all
}

#[test]
fn an_application_before_its_decision() {
    let undecided = |more: &[(Key, i64)]| {
        let mut facts = application("local_independant");
        facts.values.extend(dates(more));
        case_of(&[facts])
    };
    insta::assert_snapshot!(listed(&undecided(&[]), &[0, 3, 20, 36, 43, 50, 52, 66, 80, 400]));
    let heard =
        undecided(&[(Key::PlanTransmisLe, 30), (Key::RapportTransmisLe, 60), (Key::RapportRecuLe, 62)]);
    insta::assert_snapshot!(listed(&heard, &[61, 65, 70, 78, 100, 200]));
}

#[test]
fn the_life_of_an_independent_local() {
    let rows = [("labellise", 100), ("plan_actions", 200), ("suspension", 300), ("levee", 360)];
    let case = case_of(&[audited("local_independant", &rows)]);
    let days =
        [101, 130, 200, 290, 301, 340, 370, 450, 560, 640, 700, 800, 930, 1050, 1120, 1160, 1197, 1250];
    insta::assert_snapshot!(listed(&case, &days));
}

#[test]
fn a_follow_up_and_a_renewal() {
    let linked = |on: i64| {
        let mut values = dates(&[(Key::AuditDebut, on), (Key::AuditFin, on + 1)]);
        values.push((Key::DossierPrecedent, Value::Link(1)));
        values
    };
    let service = "local_independant";
    let case = case_of(&[
        audited(service, &[("labellise", 100)]),
        dossier(2, 500, (service, "suivi"), [linked(600), vec![decided(&[("confirme", 640)])]].concat()),
        dossier(3, 950, (service, "renouvellement"), linked(1040)),
    ]);
    insta::assert_snapshot!(listed(&case, &[480, 560, 605, 645, 960, 1030, 1045, 1150, 1200]));
}

#[test]
fn the_life_of_an_attached_local() {
    let mut facts = audited("local_rattache", &[("labellise", 100), ("retrait", 900)]);
    facts.values.insert(Key::CentralDossier, Value::Link(9));
    let mut case = case_of(&[facts]);
    case.central = Some(CentralStanding::Labelled);
    insta::assert_snapshot!(listed(&case, &[20, 101, 450, 560, 640, 800, 901, 1000]));
}

#[test]
fn the_life_of_a_central() {
    let mut facts = audited("central", &[("labellise", 100)]);
    let counts = [
        (Key::NLocaux, 4),
        (Key::AutodiagnosticsFournis, 4),
        (Key::PointsValides, 30),
        (Key::PointsTotal, 40),
    ];
    facts.values.extend(counts.map(|(key, count)| (key, Value::Count(count))));
    let mut case = case_of(&[facts]);
    let local = |number: i64, tier: Tier| Local {
        self_assessment: Some(day(300)),
        users_survey: Some(day(310)),
        ..local(number, 60, Some(tier))
    };
    case.locals = vec![local(11, Tier::Bronze), local(12, Tier::Argent), local(13, Tier::Argent)];
    insta::assert_snapshot!(listed(&case, &[20, 101, 290, 380, 450, 520, 600, 760, 830, 1000, 1100, 1197]));
}
