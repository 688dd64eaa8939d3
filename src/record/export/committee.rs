//! One page for a decision committee: marks against thresholds, declared and recomputed, open findings, both readings of
//! the guide, deadlines.

use jiff::civil::Date;
use minijinja::{Value, context};

use super::Export;
use super::page::{STYLE, render};
use crate::record::content::load;
use crate::record::said::{Said, day_of};
use crate::record::{Result, again};
use crate::store::record::Record;
use label::Tier;
use label::case::Frame;
use label::judge::agenda::Due;
use label::judge::finding::{Finding, Level};
use label::judge::marks::{Bar, Board, board};
use label::judge::readings::open_readings;
use label::judge::review;
use label::wording::record as words;
use label::wording::{self, boards, date_full, date_short, findings, names, questions, tiers};

const PAGE: &str = include_str!("committee.html");

/// The page of the last judgement of the case, made again from what was recorded, under the readings of then.
///
/// # Errors
/// When a content was erased, or is of a version that this one cannot read.
pub async fn committee(record: &Record, export: &Export, made: Date) -> Result<String> {
    let (entry, body) = &export.last;
    let statement = load(record, &body.statement).await?;
    let said = Said { entry: entry.clone(), body: body.clone(), statement, until: None };
    let case = again::case_of(record, &said).await?;
    let frame: Frame = load(record, &said.body.frame).await?;
    let day = day_of(entry)?;
    let review = review(&case, day, &frame);
    let readings = open_readings(&case, &review, &frame);
    let reading = |one: &label::judge::readings::Reading| {
        context! {
            id => one.question,
            question => questions::question(one.question),
            in_force => questions::reading(one.in_force),
            other => questions::reading(one.other),
            changes => one.changes.iter().map(boards::change).collect::<Vec<_>>(),
        }
    };
    let marks = case.dossiers.iter().rev().find_map(|facts| board(case.service, facts));
    let open: Vec<&Finding> =
        review.findings.iter().filter(|finding| finding.level >= Level::ToCheck).collect();
    let values = context! {
        style => STYLE,
        name => review.name.as_str(),
        service => names::service(review.service),
        case => review.case,
        made => date_full(made),
        day => date_full(day),
        state => wording::state(review.state),
        label => said.statement.label.as_ref().map(|label| label.text.clone()),
        verdicts => review.tiers.iter().map(|tier| lines(&wording::tier_text(tier))).collect::<Vec<_>>(),
        network => review.network.as_ref().map(wording::network_text),
        bars => marks.as_ref().map(bars),
        findings => open.iter().map(|finding| wording::finding(finding)).collect::<Vec<_>>(),
        readings => readings.iter().map(reading).collect::<Vec<_>>(),
        deadlines => review.agenda.iter().filter(|due| due.is_open()).map(deadline).collect::<Vec<_>>(),
        seq => entry.seq,
        hash => words::short(&entry.hash),
        version => body.version.as_str(),
        edition => body.edition.as_str(),
    };
    render(PAGE, values)
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn bars(board: &Board) -> Vec<Value> {
    let asked = |bar: &Bar, tier: Tier| bar.thresholds.get(tier as usize).copied().flatten();
    let bar = |bar: &Bar| {
        context! {
            name => names::capital(&names::criterion(bar.criterion)),
            mark => bar.mark.as_ref().map(names::number),
            bronze => asked(bar, Tier::Bronze),
            argent => asked(bar, Tier::Argent),
            or => asked(bar, Tier::Or),
            allows => bar.allows.map(wording::tier),
            gap => bar.gap.as_ref().map(tiers::gap_up),
        }
    };
    board.bars.iter().map(bar).collect()
}

fn deadline(due: &Due) -> Value {
    let (_, rule, section) = due.obligation.reference();
    context! {
        day => date_short(due.deadline.nominal),
        what => findings::due_title(due),
        who => names::role(due.obligation.owner()),
        rule,
        section,
    }
}
