//! The board of a central service's network: its locals, the sample and its draw, the conditions of §2.2.2, both
//! readings of the majority, and what one more labelled local would change. A part of the case's page.

use std::collections::BTreeSet;

use jiff::civil::Date;
use minijinja::{Value, context};

use super::draw;
use super::list_file::text;
use crate::register::RegisterCell;
use label::Tier;
use label::case::{Case, Local};
use label::judge::Review;
use label::judge::network::{CentralView, not_audited};
use label::sample;
use label::wording::{self, boards, bodies, date_full};

/// Characters of a seed: a longer one is no seed.
const MAX_SEED: usize = 100;
/// Height of a line of the map, in pixels.
const MAP_ROW: i64 = 44;
/// Locals that are drawn on a page; `vigie draw` has no such bound.
const MAX_DRAWN: u64 = 10_000;

/// The board; `None` for a local service. Of the hidden locals, which another body certifies, it shows what the register
/// does.
pub fn network(case: &Case, review: &Review, seed: Option<&str>, hidden: &BTreeSet<i64>) -> Option<Value> {
    let view = review.network.as_ref()?;
    let labelled = view.labelled_in_all();
    let three = view.three_quarters;
    Some(context! {
        locals => view.locals,
        known => case.locals.len(),
        sample => view.pools.sample,
        labelled,
        gauges => gauges(view, labelled),
        tiers => Tier::ALL.into_iter().zip(view.labelled)
            .map(|(tier, count)| context! { tier => wording::tier(tier), key => tier.key(), count })
            .collect::<Vec<_>>(),
        majority => view.majority.map(|majority| context! {
            cumulative => wording::tier(majority.cumulative),
            plurality => wording::tier(majority.plurality),
            tie => majority.tie,
            diverges => majority.diverges(),
            tier => wording::tier(majority.tier),
        }),
        tier => view.tier().map(wording::tier),
        tier_key => view.tier().map(Tier::key),
        unknown => view.award.as_ref().is_some_and(|award| award.faults.is_empty()),
        granted => review.label.is_some(),
        since => view.since.map(date_full),
        one_more => one_more(view),
        pools => view.pools.available.iter().zip(&view.pools.drawn)
            .map(|(left, drawn)| context! { left, drawn }).collect::<Vec<_>>(),
        supplements => three.lost.map(|_| three.supplements)
            .map(|s| context! { missing => s.missing, all => s.of_all_audited, first => s.of_the_sample }),
        map => map(case, review.today),
        draw => drawn(case, view, review, seed, hidden),
        rows => case.locals.iter().map(|local| row(local, view, review.today, hidden)).collect::<Vec<_>>(),
        id => review.case,
    })
}

/// What §2.2.2 asks, in figures: how many there are, how many it takes.
pub(super) fn gauges(view: &CentralView, labelled: u64) -> Vec<Value> {
    let gauge = |what: &str, have: Option<u64>, of: u64, need: u64, how: String, section: &str| {
        // In hundredths of the whole: the drawing uses positions in percent.
        let share = |count: u64| count.min(of).saturating_mul(100).checked_div(of).unwrap_or(0);
        let met = have.is_some_and(|have| have >= need && of > 0);
        context! {
            what, have, of, need, met, how, section,
            width => have.map(share), target => share(need),
        }
    };
    let (valid, checked) = view.points.unzip();
    let checked = checked.unwrap_or(0);
    let needed = label::judge::network::points_required(checked);
    let root = format!("⌈√{}⌉", view.locals);
    let share = |count: u64| boards::three_quarters(count);
    vec![
        gauge(boards::gauge_audited(), Some(view.audited), view.locals, view.pools.sample, root, "3.1"),
        gauge(
            boards::gauge_labelled(),
            Some(labelled),
            view.audited,
            view.labelled_required,
            share(view.audited),
            "2.2.2",
        ),
        gauge(boards::gauge_points(), valid, checked, needed, share(checked), "2.2.2"),
        gauge(
            boards::gauge_self(),
            view.self_assessments,
            view.locals,
            view.locals,
            boards::one_each().to_owned(),
            "2.2.2",
        ),
    ]
}

/// The labelled locals by tier and by the year of their decision, as circles and as numbers.
fn map(case: &Case, today: Date) -> Value {
    let held = |local: &Local| Some((local.tier_on(today)?, local.decided_by(today)?.year()));
    let held: Vec<(Option<Tier>, i16)> = case.locals.iter().filter_map(held).collect();
    let years: BTreeSet<i16> = held.iter().map(|(_, year)| *year).collect();
    let columns = i64::try_from(years.len()).unwrap_or(0).max(1);
    // The best tier first; what is not stated has a line when there is some.
    let unstated = held.iter().any(|(tier, _)| tier.is_none()).then_some(None);
    let tiers = Tier::ALL.into_iter().rev().map(Some).chain(unstated);
    let row = |(rank, tier): (i64, Option<Tier>)| {
        let cell = |(column, year): (i64, &i16)| {
            let count = held.iter().filter(|one| **one == (tier, *year)).count();
            let radius = if count == 0 { 0 } else { (8 + 2 * count.isqrt()).min(20) };
            // The middle of a column, in percent, right of the names.
            context! { count, radius, x => 28 + 72 * (2 * column + 1) / (2 * columns) }
        };
        let (y, text_y) = (rank * MAP_ROW + MAP_ROW / 2, rank * MAP_ROW + MAP_ROW / 2 + 5);
        let cells: Vec<Value> = (0..).zip(&years).map(cell).collect();
        let name = tier.map_or(boards::TIER_NOT_STATED, wording::tier);
        context! { name, key => tier.map(Tier::key), cells, y, text_y }
    };
    let rows: Vec<Value> = (0..).zip(tiers).map(row).collect();
    let height = MAP_ROW * i64::try_from(rows.len()).unwrap_or(0);
    let named =
        |(column, year): (i64, &i16)| context! { year, x => 28 + 72 * (2 * column + 1) / (2 * columns) };
    context! {
        years => (0..).zip(&years).map(named).collect::<Vec<_>>(),
        without => case.locals.len() - held.len(), some => !held.is_empty(),
        rows, height => height + 24, name_y => height + 16,
    }
}

/// The known locals as the board lists them, a line each, for a file.
pub(super) fn local_lines(case: &Case, today: Date, hidden: &BTreeSet<i64>) -> Vec<Vec<RegisterCell>> {
    let day = |day: Option<Date>| day.map_or(RegisterCell::Nothing, RegisterCell::Day);
    let line = |local: &Local| {
        let tier = local.tier_on(today);
        let decided = local.decided_by(today).filter(|_| tier.is_some() || !hidden.contains(&local.case));
        vec![
            text(Some(shown_name(local, today, hidden))),
            text(Some(if tier.is_some() { "oui" } else { "non" })),
            text(tier.flatten().map(Tier::key)),
            day(decided),
            text(decided.map(|day| day.year().to_string()).as_deref()),
        ]
    };
    case.locals.iter().map(line).collect()
}

fn one_more(view: &CentralView) -> Vec<Value> {
    let line = |(tier, gives): (Tier, Option<Tier>)| {
        context! {
            added => wording::tier(tier), gives => gives.map(wording::tier), key => gives.map(Tier::key),
            changes => gives != view.tier(),
        }
    };
    Tier::ALL.into_iter().zip(view.one_more).map(line).collect()
}

/// The draw of the year, which anyone can redo from its seed. Among the known locals not audited yet when all are
/// known, else among their ranks in the central's own list: vigie learns of a local when it files its dossier.
fn drawn(
    case: &Case,
    view: &CentralView,
    review: &Review,
    seed: Option<&str>,
    hidden: &BTreeSet<i64>,
) -> Value {
    let seed = seed.map(str::trim).filter(|seed| !seed.is_empty()).map_or_else(
        || format!("{}-{}", review.case, review.today.year()),
        |seed| seed.chars().take(MAX_SEED).collect(),
    );
    let all_known = u64::try_from(case.locals.len()).is_ok_and(|known| known >= view.locals);
    let left = not_audited(case, view.cycle);
    let size = usize::try_from(view.pools.sample).unwrap_or(usize::MAX);
    let ids: Vec<String> = if all_known {
        left.iter().map(|local| local.case.to_string()).collect()
    } else {
        (1..=view.locals.min(MAX_DRAWN)).map(|rank| rank.to_string()).collect()
    };
    let pool = ids.len();
    let drawn = sample(&seed, &ids, size.min(pool));
    let name = |id: &String| {
        let local = left.iter().find(|local| all_known && local.case.to_string() == *id);
        let name = local.map(|local| shown_name(local, review.today, hidden));
        let id = (!local.is_some_and(|local| hidden.contains(&local.case))).then_some(id);
        context! { id, name }
    };
    // The list is in the address: whoever may not see a local may not see it there either.
    let shown = !all_known || !left.iter().any(|local| hidden.contains(&local.case));
    let again = if shown { draw::address(&seed, &ids, size.min(pool)) } else { None };
    context! { seed, all_known, pool, again, drawn => drawn.iter().map(name).collect::<Vec<_>>() }
}

/// A service with a label is in the register, whoever certifies it.
fn shown_name<'a>(local: &'a Local, today: Date, hidden: &BTreeSet<i64>) -> &'a str {
    let known = !hidden.contains(&local.case) || local.held_on(today).is_some();
    if known { &local.name } else { bodies::LOCAL_ELSEWHERE }
}

fn row(local: &Local, view: &CentralView, today: Date, hidden: &BTreeSet<i64>) -> Value {
    let held = local.tier_on(today);
    let tier = held.flatten();
    if hidden.contains(&local.case) {
        return context! {
            name => shown_name(local, today, hidden),
            labelled => held.is_some(),
            tier => tier.map(wording::tier),
            tier_key => tier.map(Tier::key),
            counts => view.counted.contains(&local.case),
        };
    }
    context! {
        id => local.case,
        name => local.name.as_str(),
        decided => local.decided_by(today).map(date_full),
        labelled => held.is_some(),
        tier => tier.map(wording::tier),
        tier_key => tier.map(Tier::key),
        counts => view.counted.contains(&local.case),
        self_assessment => local.self_assessment.map(date_full),
        users => local.users_survey.map(date_full),
        staff => local.staff_survey.map(date_full),
    }
}
