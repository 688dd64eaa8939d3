//! The entry of a judgement: only when it, or what it was made from, differs from the one before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::content::{Draft, load};
use super::rules::{Rules, VERSION};
use super::{Error, Result};
use crate::store::chain::{EntryType, NewEntry, RecordEntry};
use crate::store::record::{ContentKind, NewContent, Record};
use label::case::Case;
use label::case::facts::Facts;
use label::judge::Review;
use label::wording::cause::{self, Cause};
use label::wording::statement::Statement;

/// The body of the entry of a judgement. Stored: a field is added with a default, none is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedBody {
    /// Of each dossier of the case, the hash of its facts.
    pub dossiers: BTreeMap<i64, String>,
    /// Those that the platform did not show any more: their facts do not say so.
    #[serde(default)]
    pub gone: BTreeSet<i64>,
    /// The hash of all else that was used of the case: decisions seen, inspections, tables, network.
    pub case: String,
    /// The hash of the readings, forms and days off.
    pub frame: String,
    /// The hash of what was said.
    pub statement: String,
    /// Of the program.
    pub version: String,
    /// Of the rules, as `auto_regles` shows it.
    pub edition: String,
    pub state: String,
    pub tier: Option<String>,
    pub causes: Vec<Cause>,
}

/// What is to be saved with a judgement.
#[derive(Clone, Debug)]
pub struct NewJudgement {
    pub contents: Vec<NewContent>,
    pub entry: NewEntry,
    pub statement: Statement,
    pub causes: Vec<Cause>,
    /// What was said before; `None` for a first judgement, or when it cannot be read any more.
    pub before: Option<Statement>,
}

/// The facts of a dossier as the record keeps them: without what vigie itself writes, which acts tell, and without the
/// people whom the form names, whom no rule reads.
#[must_use]
pub fn as_recorded(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.values.retain(|key, _| !key.is_written());
    facts.unreadable.retain(|key, _| !key.is_written());
    facts.remove_people();
    facts
}

/// What the record keeps of a judgement, before it is compared with the last entry.
#[derive(Debug)]
pub struct Drafted {
    body: JudgedBody,
    contents: Vec<Draft>,
    statement: Statement,
}

impl Drafted {
    /// Reads nothing of the store.
    ///
    /// # Errors
    /// When a value has no JSON.
    pub fn of(case: &Case, review: &Review, rules: &Rules) -> Result<Drafted> {
        let mut dossiers = BTreeMap::new();
        let mut contents = Vec::new();
        for facts in &case.dossiers {
            let draft = Draft::of(&as_recorded(facts), ContentKind::Facts, Some(facts.number))?;
            dossiers.insert(facts.number, draft.hash.clone());
            contents.push(draft);
        }
        let around = Draft::of(case, ContentKind::Case, Some(case.id))?;
        let statement = Statement::of(case, review);
        let said = Draft::of(&statement, ContentKind::Statement, Some(case.id))?;
        let gone = case.dossiers.iter().filter(|facts| facts.gone).map(|facts| facts.number).collect();
        let body = JudgedBody {
            dossiers,
            gone,
            case: around.hash.clone(),
            frame: rules.frame.clone(),
            statement: said.hash.clone(),
            version: VERSION.to_owned(),
            edition: rules.edition.clone(),
            state: statement.state_key.clone(),
            tier: statement.tier().map(str::to_owned),
            causes: Vec::new(),
        };
        contents.extend([around, said]);
        Ok(Drafted { body, contents, statement })
    }

    /// The JSON of what was judged and said.
    pub fn json(&self) -> impl Iterator<Item = &[u8]> {
        self.contents.iter().map(Draft::json)
    }
}

/// What is to be recorded of a judgement, whose last entry is `last`; `None` when it says the same, made from the same.
///
/// # Errors
/// When the store fails.
pub async fn judgement(
    record: &Record,
    (case, review): (&Case, &Review),
    drafted: Drafted,
    last: Option<&RecordEntry>,
) -> Result<Option<NewJudgement>> {
    let Drafted { mut body, contents, statement } = drafted;
    // An entry of another version is followed by one that says all again.
    let last = last.and_then(|entry| read(entry).ok());
    if last.as_ref().is_some_and(|last| same(last, &body)) {
        return Ok(None);
    }
    body.causes = causes(record, last.as_ref(), &body, case).await?;
    let before = match &last {
        // Other readings alone change no word of most cases: the store need not be asked.
        Some(last) if last.statement == body.statement => Some(statement.clone()),
        Some(last) => load(record, &last.statement).await.ok(),
        None => None,
    };
    let known: Vec<&String> = last.iter().flat_map(hashes).collect();
    let new = contents.iter().filter(|draft| !known.contains(&&draft.hash));
    let contents = new.map(Draft::packed).collect::<Result<_>>()?;
    let causes = body.causes.clone();
    let entry = NewEntry {
        day: review.today,
        kind: EntryType::Judgement,
        case: Some(case.id),
        dossier: None,
        body: serde_json::to_string(&body)?,
    };
    Ok(Some(NewJudgement { contents, entry, statement, causes, before }))
}

/// The body of an entry of a judgement.
///
/// # Errors
/// When another version wrote it otherwise.
pub fn read(entry: &RecordEntry) -> Result<JudgedBody> {
    serde_json::from_str(&entry.body).map_err(|_| Error::OtherEntry { seq: entry.seq })
}

fn hashes(body: &JudgedBody) -> impl Iterator<Item = &String> {
    body.dossiers.values().chain([&body.case, &body.statement])
}

/// Whether two judgements were made from the same and say the same. The version alone makes no other.
fn same(one: &JudgedBody, other: &JudgedBody) -> bool {
    one.statement == other.statement
        && one.dossiers == other.dossiers
        && one.gone == other.gone
        && one.case == other.case
        && one.frame == other.frame
        && one.edition == other.edition
}

async fn causes(
    record: &Record,
    last: Option<&JudgedBody>,
    body: &JudgedBody,
    case: &Case,
) -> Result<Vec<Cause>> {
    let Some(last) = last else { return Ok(vec![Cause::First]) };
    let mut causes = Vec::new();
    for facts in &case.dossiers {
        let number = facts.number;
        let before = last.dossiers.get(&number);
        if let Some(before) = before.filter(|before| Some(*before) != body.dossiers.get(&number)) {
            let before: Option<Facts> = load(record, before).await.ok();
            causes.push(cause::facts_changed(number, before.as_ref(), &as_recorded(facts)));
        }
    }
    if !last.dossiers.keys().eq(body.dossiers.keys()) || last.gone != body.gone {
        causes.push(Cause::Dossiers);
    }
    if last.version != body.version {
        causes.push(Cause::Version);
    }
    if last.frame != body.frame {
        causes.push(Cause::Frame);
    }
    // A change of the facts often changes what is around them: the first is enough.
    if causes.is_empty() && last.case != body.case {
        let before: Option<Case> = load(record, &last.case).await.ok();
        let settled = before.is_some_and(|before| before.settled != case.settled);
        causes.push(if settled { Cause::Settled } else { Cause::Circumstances });
    }
    if causes.is_empty() {
        causes.push(Cause::Day);
    }
    Ok(causes)
}
