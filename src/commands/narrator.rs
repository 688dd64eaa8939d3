//! Writes the log that the demo's page shows: each step on the platform, then what the next pass did.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::casebook::CaseBook;
use crate::store::Store;
use crate::store::journal::JournalEntry;
use crate::web::demo::control::Demo;
use crate::web::story::Beat;
use label::judge::finding::Finding;
use label::paris_date;
use label::wording;
use label::wording::{findings, story};
use simulator::{Act, Caption};

/// Number of journal lines read after a pass; a pass of the demo writes fewer.
const LINES: i64 = 400;
/// Number of findings shown after a step; the case's page shows all of them.
const FAULTS: usize = 5;
/// Index of the chapter about vigie's checks. No step of the scenario begins it.
const CONTROLS: usize = 1;

/// Adds the steps, and what the pass did after them, to the story.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn tell(
    demo: &Demo,
    (store, book): (&Store, &CaseBook),
    captions: &[Caption],
    now: Timestamp,
) -> anyhow::Result<()> {
    let day = paris_date(now);
    let mut deeds = deeds(store, now).await?;
    for caption in captions {
        let dossier = i64::from(caption.dossier);
        let case = store.cases().case_of(dossier).await?;
        let review = book.review_of(dossier).await?.map(|(_, review)| review);
        let mut faults = Vec::new();
        if let (Some(review), Act::Deposit | Act::Renewal | Act::Correction) = (&review, caption.act) {
            let lines = review.faults(Some(dossier));
            let said = |f: &Finding| format!("{} : {}", wording::level(f.level), findings::sentence(f));
            faults.extend(lines.map(said).take(FAULTS));
        }
        let mut story = demo.story();
        if let Some(case) = case {
            if let Some(chapter) = chapter(caption.act) {
                story.reach(chapter, paris_date(caption.at), case, &caption.text);
            }
            if caption.act == Act::Deposit && !faults.is_empty() {
                story.reach(CONTROLS, day, case, &faults.join(" "));
            }
        }
        story.add(Beat {
            day: paris_date(caption.at),
            step: Some(caption.text.clone()),
            case,
            name: review.map(|review| review.name),
            deeds: case.and_then(|case| deeds.remove(&case)).unwrap_or_default(),
            faults,
        });
    }
    // What happened only because the date changed: reminders, opened windows, expired labels.
    for (case, deeds) in deeds {
        let name = store.cases().summary(case).await?.map(|summary| summary.name);
        demo.story().add(Beat { day, step: None, case: Some(case), name, deeds, faults: Vec::new() });
    }
    Ok(())
}

/// The journal lines of the pass at `now`, grouped by case, in order.
async fn deeds(store: &Store, now: Timestamp) -> anyhow::Result<BTreeMap<i64, Vec<String>>> {
    let lines = store.journal().entries(None, LINES).await?;
    let mut deeds: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for entry in lines.into_iter().rev().filter(|entry| entry.at == now) {
        let JournalEntry { kind, dossier, detail, .. } = entry;
        let Some(dossier) = dossier else { continue };
        let case = store.cases().case_of(dossier).await?.unwrap_or(dossier);
        // That the annotations say the same is on the page of the case: on each line, it would hide the rest.
        let Some(deed) = story::deed(&kind, &detail) else { continue };
        let told = deeds.entry(case).or_default();
        if !told.contains(&deed) {
            told.push(deed);
        }
    }
    Ok(deeds)
}

fn chapter(act: Act) -> Option<usize> {
    match act {
        Act::Deposit => Some(0),
        Act::Correction => Some(2),
        Act::Report => Some(3),
        Act::Granted => Some(4),
        Act::Suspended => Some(5),
        Act::Lifted => Some(6),
        Act::FollowedUp => Some(7),
        Act::Renewal => Some(8),
        Act::Other => None,
    }
}
