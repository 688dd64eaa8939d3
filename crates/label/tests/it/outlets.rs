//! Lives made at random, and all that is made of a judgement without the program: annotations, mails, notices, calendar
//! events, the sentences of the page and of `explain`, the list of labels. On each day they show one date, tier and state.

use std::collections::BTreeMap;

use jiff::civil::Date;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Local};
use label::guide::attached::CentralStanding;
use label::judge::agenda::{Due, Obligation, Role};
use label::judge::{Review, review};
use label::life::period::Period;
use label::life::{LabelStatus, Standing};
use label::outgoing::{Action, Mail, MailCode};
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::notices::wanted_notices;
use label::plan::{Known, plan};
use label::wording::{self, boards, date_full, date_short};
use label::{Tier, wording::letters};
use proptest::prelude::*;

use crate::cases::{START, case_of, day, facts, frame, local, row};
use crate::life::{choice, sound};
use crate::life_properties::any_history;

fn known() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

fn tiered(decision: &str, on: i64, tier: &str) -> Row {
    let mut row = row(decision, on);
    row.insert(Key::PalierDecide, choice(tier));
    row
}

fn any_tier() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["bronze", "argent", "or"])
}

/// A dossier that follows the first one, visited a hundred days after its deposit.
fn next(number: i64, deposited: i64, demande: &str, rows: Vec<Row>) -> Facts {
    let mut values: Vec<(Key, Value)> =
        [(Key::AuditDebut, 100), (Key::AuditFin, 101), (Key::RapportTransmisLe, 111)]
            .map(|(key, after)| (key, Value::Date(day(deposited + after))))
            .to_vec();
    values.extend([
        (Key::TypeDemande, choice(demande)),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ]);
    facts(number, deposited, values)
}

prop_compose! {
    /// A label as they go: awarded, perhaps suspended with a delay and lifted, followed up, renewed, withdrawn.
    pub fn any_life()(
        service in prop::sample::select(vec!["local_independant", "local_rattache", "central"]),
        award in 100_i64..130,
        tiers in (any_tier(), any_tier()),
        suspended in prop::option::of((150_i64..1250, prop::option::of(20_i64..500), prop::option::of(10_i64..420))),
        followed in prop::option::of((380_i64..620, prop::sample::select(vec!["confirme", "palier_superieur", "plan_actions"]))),
        renewed in prop::option::of((850_i64..1150, prop::sample::select(vec!["labellise", "rejete", ""]))),
        withdrawn in prop::option::of(200_i64..1500),
        printed in prop::option::of(1150_i64..1260),
        central in prop::sample::select(vec![
            CentralStanding::Labelled, CentralStanding::Pending, CentralStanding::Suspended,
            CentralStanding::Withdrawn(day(420)), CentralStanding::Refused(day(150)),
        ]),
    ) -> Case {
        let mut rows = vec![tiered("labellise", award, tiers.0)];
        if let Some((on, _, lifted)) = suspended {
            rows.push(row("suspension", on));
            rows.extend(lifted.map(|after| row("levee", on + after)));
        }
        rows.extend(withdrawn.map(|on| row("retrait", on)));
        let mut first = sound(rows);
        let delay = suspended.and_then(|(on, delay, _)| delay.map(|delay| on + delay));
        first.values.extend(delay.map(|on| (Key::DelaiLevee, Value::Date(day(on)))));
        first.values.extend(printed.map(|on| (Key::FinValiditeOc, Value::Date(day(on)))));
        let mut dossiers = vec![first];
        dossiers.extend(followed.map(|(on, word)| next(2, on, "suivi", vec![tiered(word, on + 130, tiers.1)])));
        dossiers.extend(renewed.map(|(on, word)| {
            let rows = if word.is_empty() { vec![] } else { vec![tiered(word, on + 130, tiers.1)] };
            next(3, on, "renouvellement", rows)
        }));
        for facts in &mut dossiers {
            facts.values.insert(Key::TypeService, choice(service));
            facts.values.insert(Key::NLocaux, Value::Count(4));
        }
        let mut case = case_of(&dossiers);
        match service {
            "local_rattache" => case.central = Some(central),
            "central" => case.locals = vec![local(11, 60, Some(Tier::Bronze)), Local::default()],
            _ => {}
        }
        case
    }
}

/// What the annotations of the current dossier show on a day: all are written over an empty dossier.
fn annotations(review: &Review, case: &Case) -> BTreeMap<Key, Value> {
    let mut changes = BTreeMap::new();
    for action in plan(review, case, &frame(), &known()) {
        let Action::Annotate(annotation) = action else { continue };
        if annotation.dossier == case.current().unwrap().number {
            changes.extend(annotation.changes);
        }
    }
    changes
}

fn text(mail: &Mail) -> String {
    let sections = mail.letter.sections.iter().flat_map(|section| &section.points);
    let parts = mail.letter.paragraphs.iter().chain(&mail.letter.points).chain(sections);
    parts.fold(mail.letter.subject.clone(), |all, part| all + " " + part)
}

fn says(text: &str, on: Date) -> bool {
    text.contains(&date_full(on)) || text.contains(&date_short(on))
}

/// The state, the end, the next date and the timetable, as the platform shows them.
fn check_annotations(review: &Review, case: &Case) -> Result<(), TestCaseError> {
    let written = annotations(review, case);
    let text = |key| match written.get(&key) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    prop_assert_eq!(written.get(&Key::AutoEtat), Some(&Value::Choice(review.state.key().to_owned())));
    let ends = review.standing().map(|standing| Value::Date(standing.last_day()));
    prop_assert_eq!(written.get(&Key::AutoFinValidite), ends.as_ref());
    let next = review.next_due();
    let on = next.map(|due| date_short(due.deadline.nominal)).unwrap_or_default();
    prop_assert_eq!(text(Key::AutoProchaineDate), on);
    prop_assert_eq!(written.get(&Key::AutoRetard), Some(&Value::Flag(review.is_late())));
    let lines: Vec<String> = review.agenda.iter().map(|due| wording::due_line(due, review.today)).collect();
    prop_assert_eq!(text(Key::AutoEcheancier), lines.join("\n"));
    Ok(())
}

/// The sentences that the page, `explain` and corrective mails share, and the list of labels.
fn check_sentences(review: &Review, standing: &Standing) -> Result<(), TestCaseError> {
    let validity = wording::standing::validity(standing);
    let end = if standing.status == LabelStatus::Withdrawn { standing.since } else { standing.last_day() };
    prop_assert!(says(&validity, end), "{validity}");
    prop_assert_eq!(standing.status == LabelStatus::Withdrawn, standing.withdrawn == Some(standing.since));
    let Some(suspension) = &standing.suspension else { return Ok(()) };
    prop_assert!(suspension.limit <= standing.ends);
    prop_assert!(suspension.lift_by.is_none_or(|delay| delay <= suspension.limit));
    let said = wording::standing::suspension(standing, review.today);
    prop_assert_eq!(said.is_some(), standing.status.in_force());
    if let Some(said) = said {
        let both = [Some(suspension.limit), suspension.delay()];
        prop_assert!(both.into_iter().flatten().all(|on| says(&said, on)), "{said}");
    }
    if standing.status.in_force() && standing.withdrawn.is_none() {
        prop_assert_eq!(standing.last_day_if_nothing_is_done(), suspension.limit);
        let listed = boards::loss(standing, review.state.key(), review.today);
        prop_assert!(suspension.delay().is_none_or(|on| says(&listed, on)), "{listed}");
    }
    Ok(())
}

fn due<'a>(review: &'a Review, mail: &Mail) -> Option<&'a Due> {
    let MailCode::Deadline { obligation, occurrence } = mail.key.code else { return None };
    let same = |due: &&Due| {
        (due.obligation, due.occurrence, due.dossier) == (obligation, occurrence, mail.dossier)
            && due.deadline.nominal == mail.key.day
    };
    review.agenda.iter().find(same)
}

/// A reminder, its event in a calendar and its line of the timetable have one day; one about the label has its end.
fn check_mails(review: &Review, case: &Case) -> Result<(), TestCaseError> {
    for mail in wanted_mails(review, case, &frame(), &known()) {
        let MailCode::Deadline { obligation, .. } = mail.key.code else { continue };
        let Some(due) = due(review, &mail) else {
            return Err(TestCaseError::fail(format!("{}: no such deadline", mail.key)));
        };
        prop_assert!(mail.letter.events.contains(&letters::event(due, &review.name)), "{}", mail.key);
        prop_assert_eq!(letters::event(due, &review.name).day, due.deadline.nominal);
        let (words, standing) = (text(&mail), review.standing());
        let windows = due.window.map(|window| window.closes).into_iter();
        let dated = windows.chain([due.deadline.nominal]).any(|on| says(&words, on));
        let about_end = matches!(obligation, Obligation::End | Obligation::Renewal);
        // A central's board and the preparation of a follow-up show other days.
        let other = matches!(
            obligation,
            Obligation::ThreeQuarters | Obligation::Prepare | Obligation::PrepareCentral
        );
        prop_assert!(
            dated || about_end || other || obligation == Obligation::Suspension,
            "{}: {words}",
            mail.key
        );
        if let Some(standing) = standing.filter(|_| about_end) {
            prop_assert!(says(&words, standing.ends), "{}: {words}", mail.key);
        }
        let suspension = standing.and_then(|standing| standing.suspension.as_ref());
        if let Some(suspension) =
            suspension.filter(|_| obligation == Obligation::Suspension && mail.role == Role::Candidat)
        {
            prop_assert!(says(&words, suspension.limit), "{}: {words}", mail.key);
            prop_assert!(suspension.delay().is_none_or(|on| says(&words, on)), "{}: {words}", mail.key);
        }
    }
    Ok(())
}

/// What other programs are told is the state of the day, and the period that the decision is about.
fn check_notices(review: &Review, case: &Case) -> Result<(), TestCaseError> {
    let ends = review.standing().map(Standing::last_day);
    for notice in wanted_notices(review, case, &frame(), START, Heard::nothing()) {
        prop_assert_eq!(notice.data.label().unwrap().statut, review.state.key());
        let starts = notice.data.label().unwrap().debut_periode;
        let period = review.periods.iter().find(|period| Some(period.starts) == starts);
        prop_assert_eq!(notice.data.label().unwrap().date_fin, period.map(Period::last_day));
        if starts == review.standing().map(|standing| standing.starts) {
            prop_assert_eq!(notice.data.label().unwrap().date_fin, ends);
        }
        prop_assert_eq!(
            notice.data.label().unwrap().nature.is_some(),
            notice.data.label().unwrap().decision.is_some()
        );
        if let (None, Some(standing)) = (notice.data.label().unwrap().decision, review.standing()) {
            prop_assert_eq!(notice.data.label().unwrap().palier, standing.tier.map(Tier::key));
        }
    }
    Ok(())
}

fn check(case: &Case, on: i64) -> Result<(), TestCaseError> {
    let review = review(case, day(on), &frame());
    check_annotations(&review, case)?;
    check_mails(&review, case)?;
    check_notices(&review, case)?;
    let standing = review.standing();
    standing.map_or(Ok(()), |standing| check_sentences(&review, standing))
}

proptest! {
    #![proptest_config(crate::cases_tried(60))]

    #[test]
    fn a_life_is_shown_alike_by_every_outlet(case in any_life(), first in 90_i64..250, pace in 97_i64..180) {
        for step in 0..12 {
            check(&case, first + step * pace)?;
        }
    }

    /// Contradictions, days ahead and missing days included.
    #[test]
    fn a_history_that_makes_no_sense_is_shown_alike_too(dossiers in any_history(), days in prop::collection::vec(0_i64..2500, 4)) {
        let case = case_of(&dossiers);
        for on in days {
            check(&case, on)?;
        }
    }
}
