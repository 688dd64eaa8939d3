//! The parts of a case's page that the review alone gives: marks, findings, readings, deadlines, annotations.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::kept;
use label::Tier;
use label::case::facts::{Facts, Value as Fact};
use label::case::keys::Key;
use label::case::{Case, Settled};
use label::judge::Review;
use label::judge::agenda::{Due, Status};
use label::judge::finding::{Finding, Level};
use label::judge::marks::{Bar, Board};
use label::judge::readings::Reading;
use label::life::State as LabelState;
use label::wording::{self, boards, date_full, fields, findings, names, questions};

/// The marks of one dossier beside the thresholds.
pub fn board(board: &Board, review: &Review) -> Value {
    let judged = review.tiers.iter().find(|tier| tier.dossier == board.dossier);
    context! {
        dossier => board.dossier,
        text => judged.map(wording::tier_text),
        reached => board.result.tier.map(wording::tier),
        reached_key => board.result.tier.map(Tier::key),
        next => board.next.map(wording::tier),
        bars => board.bars.iter().map(|bar| self::bar(bar, board.next)).collect::<Vec<_>>(),
    }
}

fn bar(bar: &Bar, next: Option<Tier>) -> Value {
    let asked = Tier::ALL.into_iter().zip(bar.thresholds);
    let ticks: Vec<Value> = asked
        .filter_map(|(tier, asked)| {
            Some(context! { at => asked?, tier => wording::tier(tier), key => tier.key() })
        })
        .collect();
    // Marks lie between 0 and 100; the drawing takes them cut, as they are shown.
    let width = bar.mark.as_ref().map(|mark| mark.truncated(2));
    let asked_next = next.and_then(|next| bar.thresholds.get(next as usize).copied().flatten());
    context! {
        name => names::capital(&names::criterion(bar.criterion)),
        mark => bar.mark.as_ref().map(names::number),
        width,
        ticks,
        allows => bar.allows.map(wording::tier),
        allows_key => bar.allows.map(Tier::key),
        gap => bar.gap.as_ref().map(wording::tiers::gap_up),
        asked_next,
    }
}

/// The findings by seriousness, the most serious first.
pub fn findings(review: &Review) -> Vec<Value> {
    let groups = [
        (Level::Ko, "ko", "Non conforme"),
        (Level::Missing, "missing", "Manquant"),
        (Level::ToCheck, "to_check", "À vérifier par une personne"),
        (Level::Unknown, "unknown", "Non vérifié"),
        (Level::Ok, "ok", "Conforme"),
    ];
    let several =
        review.findings.iter().any(|f| review.findings.first().is_some_and(|g| g.dossier != f.dossier));
    let line = |finding: &Finding| {
        context! {
            text => findings::sentence(finding),
            rule => (finding.rule != "DN").then_some(finding.rule),
            section => (finding.rule != "DN").then_some(finding.section),
            dossier => several.then_some(finding.dossier),
            keep => kept::proposed(finding).map(|(key, now)| context! {
                dossier => finding.dossier, key => key.name(), value => kept::sent(now),
                shown => now.map(|now| wording::identity(key, now)),
            }),
        }
    };
    let group = |(level, class, title): (Level, &str, &str)| {
        let lines: Vec<Value> = review.findings.iter().filter(|f| f.level == level).map(line).collect();
        (!lines.is_empty()).then(|| context! { class, title, word => wording::level(level), lines })
    };
    groups.into_iter().filter_map(group).collect()
}

/// A question that the guide leaves open and that changes the review of this case.
pub fn reading(reading: &Reading) -> Value {
    context! {
        id => reading.question,
        section => reading.section,
        question => questions::question(reading.question),
        in_force => questions::reading(reading.in_force),
        other => questions::reading(reading.other),
        changes => reading.changes.iter().map(boards::change).collect::<Vec<_>>(),
    }
}

/// The timetable, in order.
pub fn agenda(review: &Review, settlers: &BTreeMap<Settled, String>) -> Vec<Value> {
    let class = |status| match status {
        Status::Upcoming => "upcoming",
        Status::Late => "late",
        Status::Passed => "passed",
        Status::Done => "done",
    };
    let settler = |due: &Due| {
        let (dossier, code, due, on) = (due.dossier, due.code(), due.deadline.nominal, due.settled?);
        settlers.get(&Settled { dossier, code, due, on })
    };
    let line = |due: &Due| {
        let by = settler(due);
        let (_, rule, section) = due.obligation.reference();
        context! {
            class => class(due.status),
            day => date_full(due.deadline.nominal),
            what => findings::due_title(due),
            status => boards::due_status(due, review.today),
            distance => due.is_open().then(|| boards::distance(review.today, due.deadline.nominal)),
            who => names::role(due.obligation.owner()),
            rule,
            section,
            dossier => due.dossier,
            code => due.code(),
            iso => due.deadline.nominal.to_string(),
            settled => by.is_some(),
            by => by.filter(|who| !who.is_empty()),
            noted => due.settled.is_some() && by.is_none(),
        }
    };
    review.agenda.iter().map(line).collect()
}

/// What the annotations of each dossier hold, as the platform last answered.
pub fn written(case: &Case) -> Vec<Value> {
    let of = |facts: &Facts| {
        let lines: Vec<Value> = Key::ALL
            .iter()
            .filter(|key| key.is_written())
            .filter_map(|key| annotation(facts, *key))
            .collect();
        (!lines.is_empty()).then(|| context! { dossier => facts.number, lines })
    };
    case.dossiers.iter().rev().filter_map(of).collect()
}

fn annotation(facts: &Facts, key: Key) -> Option<Value> {
    let value = facts.values.get(&key)?;
    let shown = match value {
        Fact::Choice(ours) => LabelState::ALL
            .iter()
            .find(|(_, name)| name == ours)
            .map_or_else(|| ours.clone(), |(state, _)| wording::state(*state).to_owned()),
        Fact::Moment(at) => super::templates::moment(*at),
        other => fields::value(other),
    };
    (!shown.is_empty()).then(|| context! { key => fields::written(key), value => shown })
}
