//! Forgets: a whole life when somebody asks for it, and each kind of data of finished lives when its term is over.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Result;
use super::content::unpack;
use crate::copies::{Copies, CopyError};
use crate::store::Store;
use crate::store::forget::{Erased, LifeToForget};
use crate::store::terms::TermKind;
use label::case::Case;
use label::case::facts::Facts;
use label::guide::calendar::add_months;

/// The shortest name that is looked for in the texts of others: a shorter one would be found in words.
const SHORTEST: usize = 4;

/// What is forgotten with a life, and what could not be.
#[derive(Debug, Default)]
pub struct Forgotten {
    pub erased: Erased,
    pub copies: usize,
    /// Copies that could not be deleted, and why.
    pub left: Vec<(String, CopyError)>,
}

/// How long each kind is kept, in months after the end of a case; `None`: as long as the store.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    pub contacts: Option<u32>,
    pub mails: Option<u32>,
    pub facts: Option<u32>,
    pub copies: Option<u32>,
}

impl Terms {
    #[must_use]
    pub fn of(&self, kind: TermKind) -> Option<u32> {
        match kind {
            TermKind::Contacts => self.contacts,
            TermKind::Mails => self.mails,
            TermKind::Facts => self.facts,
            TermKind::Copies => self.copies,
        }
    }
}

/// The names by which texts of others may call a service.
#[must_use]
pub fn names(case: &Case) -> Vec<String> {
    let of = |facts: &Facts| [Some(facts.name()), facts.legal_name.clone()];
    let mut names: Vec<String> = case.dossiers.iter().flat_map(of).flatten().collect();
    names.push(case.name());
    names.retain(|name| name.chars().count() >= SHORTEST);
    names.sort();
    names.dedup();
    names
}

/// Forgets the life of a case: every dossier of it, all that was recorded, sent and copied. `neighbours`: the dossiers of its
/// network, whose recorded judgements may name it.
///
/// # Errors
/// When the store fails; what could not be deleted of the copies is in the answer.
pub async fn life(
    store: &Store,
    case: &Case,
    neighbours: &[i64],
    copies: Option<&Copies>,
    (today, now): (Date, Timestamp),
) -> Result<Forgotten> {
    let forgetting = store.forgetting();
    let dossiers: Vec<i64> = case.dossiers.iter().map(|facts| facts.number).collect();
    let names = names(case);
    let mut naming = Vec::new();
    for (hash, packed) in forgetting.contents_of(neighbours).await? {
        // A damaged content cannot be looked through, and `verify` names it.
        let Ok(json) = unpack(&hash, &packed) else { continue };
        let text = String::from_utf8_lossy(&json);
        if names.iter().any(|name| text.contains(&as_json(name))) {
            naming.push(hash);
        }
    }
    let kept = forgetting.copies_of(&dossiers).await?;
    let cases = [case.id];
    let life =
        LifeToForget { dossiers: &dossiers, cases: &cases, names: &names, contents: &naming, why: "request" };
    let mut forgotten =
        Forgotten { erased: forgetting.forget(&life, today, now).await?, ..Forgotten::default() };
    delete(copies, kept.into_iter().collect(), now, &mut forgotten).await;
    Ok(forgotten)
}

/// Erases each kind of data of the cases that ended longer ago than its term.
///
/// # Errors
/// When the store fails.
pub async fn terms(
    store: &Store,
    terms: &Terms,
    copies: Option<&Copies>,
    (today, now): (Date, Timestamp),
) -> Result<Forgotten> {
    let forgetting = store.forgetting();
    let mut all = Forgotten::default();
    for kind in TermKind::ALL {
        let Some(months) = terms.of(kind) else { continue };
        let before = add_months(today, -i32::try_from(months).unwrap_or(i32::MAX / 2));
        loop {
            let dossiers = forgetting.over(kind, before).await?;
            if dossiers.is_empty() {
                break;
            }
            let kept = match kind {
                TermKind::Copies => forgetting.copies_of(&dossiers).await?,
                _ => Default::default(),
            };
            let erased = forgetting.erase(kind, &dossiers, today, now).await?;
            all.erased.contents += erased.contents;
            all.erased.mails += erased.mails;
            all.erased.lines += erased.lines;
            delete(copies, kept.into_iter().collect(), now, &mut all).await;
        }
    }
    Ok(all)
}

async fn delete(copies: Option<&Copies>, names: Vec<String>, now: Timestamp, forgotten: &mut Forgotten) {
    let Some(copies) = copies else { return };
    for name in names {
        match copies.delete(&name, now).await {
            Ok(()) => forgotten.copies += 1,
            Err(error) => forgotten.left.push((name, error)),
        }
    }
}

/// A text as it stands inside a string of JSON.
fn as_json(text: &str) -> String {
    serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
}
