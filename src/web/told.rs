//! Everything that was sent about a case, to whom and why, and its own lines of the journal.

use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::journal::JournalEntry;
use crate::store::mails::Sent;
use label::case::Case;
use label::outgoing::Letter;
use label::wording::{boards, names};

/// Journal lines on a case's page; the journal has them all.
const ENTRIES: i64 = 30;

/// The mails of all the dossiers of a case, newest first.
pub async fn mails(app: &AppState, case: &Case) -> Result<Vec<Value>, PageError> {
    let mut sent = Vec::new();
    for facts in &case.dossiers {
        sent.extend(app.store.ledger().mails_of(facts.number).await?);
    }
    sent.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
    Ok(sent.iter().map(mail).collect())
}

fn mail(sent: &Sent) -> Value {
    // That it left, to whom and when is known whether or not its text can be read.
    let letter: Letter = serde_json::from_str(&sent.payload)
        .unwrap_or_else(|_| Letter { subject: boards::UNREADABLE_LETTER.to_owned(), ..Letter::default() });
    let (class, state) = boards::mail_state(&sent.state);
    context! {
        at => super::templates::moment(sent.at),
        to => names::role_from_key(&sent.role).map(names::role),
        subject => letter.subject,
        paragraphs => letter.paragraphs,
        points => letter.points,
        why => boards::reason(&sent.rule),
        dossier => sent.dossier,
        class,
        state,
        error => sent.last_error.as_deref().filter(|_| sent.state != "done"),
    }
}

/// The latest lines of the journal about any dossier of the case.
pub async fn entries(app: &AppState, case: &Case) -> Result<Vec<Value>, PageError> {
    let mut found: Vec<JournalEntry> = Vec::new();
    for facts in &case.dossiers {
        found.extend(app.store.journal().entries(Some(facts.number), ENTRIES).await?);
    }
    found.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    found.truncate(usize::try_from(ENTRIES).unwrap_or(usize::MAX));
    Ok(found.into_iter().map(super::journal::view).collect())
}
