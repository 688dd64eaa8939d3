//! The facts of the record judged with this version of the program and the readings in force today.

use jiff::civil::Date;

use super::Result;
use super::content::load;
use super::said::Said;
use crate::store::record::Record;
use label::case::facts::Facts;
use label::case::{Case, Frame};
use label::judge::review;
use label::wording::differences::{Difference, differences};
use label::wording::statement::Statement;

/// The case as it was judged: its facts, and all else that was used of it.
///
/// # Errors
/// When a content is gone, or of a version that this one cannot read.
pub async fn case_of(record: &Record, said: &Said) -> Result<Case> {
    let mut case: Case = load(record, &said.body.case).await?;
    for (number, hash) in &said.body.dossiers {
        let facts: Facts = load(record, hash).await?;
        case.dossiers.push(Facts { gone: said.body.gone.contains(number), ..facts });
    }
    case.dossiers.sort_by_key(|facts| (facts.deposited, facts.number));
    Ok(case)
}

/// What this version says on `day` of the recorded facts, and how it differs from what was said. The forms are those of the
/// record, because facts are read through them; readings and days off are those of `today`.
///
/// # Errors
/// When a content is gone, or of a version that this one cannot read.
pub async fn judge(
    record: &Record,
    said: &Said,
    day: Date,
    today: &Frame,
) -> Result<(Statement, Vec<Difference>)> {
    let case = case_of(record, said).await?;
    let then: Frame = load(record, &said.body.frame).await?;
    let frame = Frame { forms: then.forms, ..today.clone() };
    let statement = Statement::of(&case, &review(&case, day, &frame));
    let all = differences(&said.statement, &statement);
    Ok((statement, all))
}
