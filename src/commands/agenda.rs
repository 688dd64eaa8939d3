//! `vigie agenda`: deadlines to come; with `--on`, what would be sent on a day.

use std::io::Write;

use anyhow::bail;
use icalendar::{Calendar, Component, EventLike};
use jiff::civil::Date;
use serde_json::json;

use super::{CommandOutcome, open, say};
use crate::casebook::CaseBook;
use crate::config::{Settings, Since};
use crate::retry::passes;
use crate::store::Store;
use label::judge::Review;
use label::judge::agenda::Due;
use label::judge::review;
use label::outgoing::Mail;
use label::plan::Known;
use label::plan::mails::wanted_mails;
use label::wording::{date_short, findings, names};

/// How the deadlines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum AgendaFormat {
    Text,
    Json,
    Ics,
}

/// # Errors
/// When the store or the configuration cannot be read, or the format does not suit what is asked.
pub async fn agenda(
    settings: &Settings,
    until: Option<Date>,
    on: Option<Date>,
    format: AgendaFormat,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    match on {
        Some(day) => sent_on(settings, (&store, &book), day, format, out).await?,
        None => to_come((&store, &book), until, format, out).await?,
    }
    Ok(CommandOutcome::Done)
}

/// Calls `visit` with the number of every case, the earliest next deadline first. Reads [`passes::CASES`] cases at a time, so
/// that memory use does not grow with the number of cases.
async fn each_case(
    store: &Store,
    mut visit: impl AsyncFnMut(i64) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after: Option<(String, i64)> = None;
    loop {
        let place = after.as_ref().map(|(due, id)| (due.as_str(), *id));
        let page = store.cases().work_list(place, passes::CASES).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((
            last.next_due.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
            last.case_id,
        ));
        for summary in page {
            visit(summary.case_id).await?;
        }
    }
}

async fn to_come(
    (store, book): (&Store, &CaseBook),
    until: Option<Date>,
    format: AgendaFormat,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut lines: Vec<(Review, Due)> = Vec::new();
    each_case(store, async |id| {
        let Some((_, review)) = book.review_of(id).await? else { return Ok(()) };
        let soon = |due: &&Due| due.is_open() && until.is_none_or(|until| due.deadline.nominal <= until);
        let open: Vec<Due> = review.agenda.iter().filter(soon).cloned().collect();
        lines.extend(open.into_iter().map(|due| (review.clone(), due)));
        Ok(())
    })
    .await?;
    lines.sort_by_key(|(review, due)| (due.deadline.nominal, review.case, due.obligation));
    match format {
        AgendaFormat::Text => lines.iter().for_each(|(review, due)| {
            say(out, &format!("{} — dossier {}, {}", findings::due_line(due), due.dossier, review.name));
        }),
        AgendaFormat::Json => {
            let lines: Vec<_> = lines
                .iter()
                .map(|(review, due)| json!({ "cas": review.case, "service": review.name, "echeance": due }))
                .collect();
            say(out, &serde_json::to_string_pretty(&lines)?);
        }
        AgendaFormat::Ics => say(out, &calendar(&lines)),
    }
    Ok(())
}

fn calendar(lines: &[(Review, Due)]) -> String {
    let mut calendar = Calendar::new();
    for (review, due) in lines {
        let day = due.deadline.nominal;
        let parts = (i32::from(day.year()), u32::try_from(day.month()).ok(), u32::try_from(day.day()).ok());
        let (year, Some(month), Some(number)) = parts else { continue };
        let Some(date) = chrono::NaiveDate::from_ymd_opt(year, month, number) else { continue };
        let event = icalendar::Event::new()
            .uid(&format!("{}-{}@vigie", due.dossier, due.code()))
            .summary(&format!("{} — {}", findings::due_title(due), review.name))
            .all_day(date)
            .done();
        calendar.push(event);
    }
    calendar.done().to_string()
}

/// The mails that a pass of that day would add to the outbox: those that a pass of the day before would not add, and
/// that are not in the outbox yet.
async fn sent_on(
    settings: &Settings,
    (store, book): (&Store, &CaseBook),
    day: Date,
    format: AgendaFormat,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if format == AgendaFormat::Ics {
        bail!("--format ics goes with deadlines, not with --on: use text or json");
    }
    let since = match settings.act.since {
        Since::On(since) => since,
        Since::Start => {
            store.settings().get("since").await?.and_then(|text| text.parse().ok()).unwrap_or(book.today())
        }
    };
    let mut mails: Vec<(String, Mail)> = Vec::new();
    let frame = book.frame().await?;
    let eve = day.yesterday().unwrap_or(day);
    each_case(store, async |id| {
        let Some(case) = book.case_of(id).await? else { return Ok(()) };
        let known = Known::nothing(book.clock.now(), since);
        let wanted = |on: Date| wanted_mails(&review(&case, on, &frame), &case, &frame, &known);
        let before = wanted(eve);
        let mut ledger = std::collections::BTreeSet::new();
        for facts in &case.dossiers {
            ledger.extend(store.ledger().mail_keys(facts.number).await?.into_iter().map(|put| put.key));
        }
        let new = wanted(day)
            .into_iter()
            .filter(|mail| !ledger.contains(&mail.key) && !before.iter().any(|old| old.key == mail.key));
        mails.extend(new.map(|mail| (case.name(), mail)));
        Ok(())
    })
    .await?;
    if format == AgendaFormat::Json {
        let lines: Vec<_> = mails
            .iter()
            .map(|(service, mail)| json!({ "service": service, "dossier": mail.dossier, "a": mail.role.key(), "objet": mail.letter.subject, "cle": mail.key }))
            .collect();
        say(out, &serde_json::to_string_pretty(&lines)?);
        return Ok(());
    }
    say(out, &format!("Le {} partiraient {} courriel(s) :", date_short(day), mails.len()));
    for (service, mail) in &mails {
        say(
            out,
            &format!(
                "  à {} — {} (dossier {}, {service})",
                names::role(mail.role),
                mail.letter.subject,
                mail.dossier
            ),
        );
    }
    Ok(())
}
