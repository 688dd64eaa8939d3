//! `vigie agenda`: deadlines to come; with `--on`, what would be sent on a day.

use std::io::Write;
use std::rc::Rc;

use anyhow::bail;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serializer as _;
use serde_json::json;

use super::letterhead::platform;
use super::{CommandOutcome, mailer, open, say};
use crate::casebook::CaseBook;
use crate::config::{Settings, Since};
use crate::ics::{self, Entry, Purpose};
use crate::retry::passes::CASES;
use crate::store::Store;
use crate::store::mails::told;
use label::case::{Case, Frame};
use label::judge::agenda::Due;
use label::judge::review;
use label::outgoing::{Action, Mail, Platform, deadline_uid};
use label::plan::{Known, plan};
use label::wording::{findings, names, passes};

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
    let set_aside = match on {
        Some(day) => sent_on(settings, (&store, &book), day, format, out).await?,
        None => {
            // As in mails and feeds, so that an event is the same event there.
            let domain = mailer(settings)?.map_or_else(|| "vigie".to_owned(), |mailer| mailer.domain());
            let calendar = Calendar { domain, platform: platform(settings), now: book.clock.now() };
            to_come((&store, &book), until, format, &calendar, out).await?
        }
    };
    if set_aside.is_empty() { Ok(CommandOutcome::Done) } else { bail!(passes::left_out(&set_aside)) }
}

/// Calls `visit` with every case, the earliest next deadline first. Reads [`CASES`] cases at a time, so that memory
/// use does not grow with the number of cases. Answers the dossiers that a row which cannot be read left out.
async fn each_page(
    (store, book): (&Store, &CaseBook),
    frame: &Frame,
    mut visit: impl AsyncFnMut(Vec<Case>) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<i64>> {
    let mut after: Option<(String, i64)> = None;
    let mut set_aside: Vec<i64> = Vec::new();
    loop {
        let place = after.as_ref().map(|(due, id)| (due.as_str(), *id));
        let page = store.cases().work_list(place, CASES).await?;
        let Some(last) = page.last() else { return Ok(set_aside) };
        after = Some((
            last.next_due.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
            last.case_id,
        ));
        let ids: Vec<i64> = page.into_iter().map(|summary| summary.case_id).collect();
        let mut left = ids.as_slice();
        while !left.is_empty() {
            let read = book.cases_of(left, frame).await?;
            set_aside.extend(read.set_aside);
            visit(read.cases).await?;
            left = left.get(read.covered..).unwrap_or_default();
        }
    }
}

async fn to_come(
    (store, book): (&Store, &CaseBook),
    until: Option<Date>,
    format: AgendaFormat,
    file: &Calendar,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<i64>> {
    let mut lines: Vec<Line> = Vec::new();
    let frame = book.frame().await?;
    let set_aside = each_page((store, book), &frame, async |cases| {
        for case in cases {
            let review = review(&case, book.today(), &frame);
            let soon = |due: &Due| due.is_open() && until.is_none_or(|until| due.deadline.nominal <= until);
            let name: Rc<str> = review.name.into();
            let open = review.agenda.into_iter().filter(soon);
            lines.extend(open.map(|due| {
                let demarche = case.dossiers.iter().find(|facts| facts.number == due.dossier);
                let demarche = demarche.map(|facts| facts.demarche).unwrap_or_default();
                Line { case: review.case, demarche, name: Rc::clone(&name), due }
            }));
        }
        Ok(())
    })
    .await?;
    lines.sort_by_key(|line| (line.due.deadline.nominal, line.case, line.due.obligation));
    match format {
        AgendaFormat::Text => {
            for Line { name, due, .. } in &lines {
                say(
                    out,
                    &format!("{} — dossier {}, {name}", findings::due_line(due, book.today()), due.dossier),
                );
            }
        }
        AgendaFormat::Json => {
            let lines = lines
                .iter()
                .map(|line| json!({ "cas": line.case, "service": *line.name, "echeance": line.due }));
            serde_json::Serializer::pretty(&mut *out).collect_seq(lines)?;
            say(out, "");
        }
        AgendaFormat::Ics => file.write(&lines, out)?,
    }
    Ok(set_aside)
}

/// One open deadline. All of them are in memory, to be sorted: what is printed is made one line at a time.
struct Line {
    case: i64,
    demarche: i64,
    name: Rc<str>,
    due: Due,
}

/// What the events of a calendar file share.
struct Calendar {
    domain: String,
    platform: Platform,
    now: Timestamp,
}

impl Calendar {
    fn write(&self, lines: &[Line], out: &mut dyn Write) -> anyhow::Result<()> {
        write!(out, "{}", ics::head(Purpose::Feed("Échéances du label Services Publics +")))?;
        for line in lines {
            write!(out, "{}", self.event(line))?;
        }
        if lines.is_empty() {
            write!(out, "{}", ics::nothing())?;
        }
        write!(out, "{}", ics::END)?;
        Ok(())
    }

    fn event(&self, Line { demarche, name, due, .. }: &Line) -> String {
        ics::event(&Entry {
            uid: format!("{}@{}", deadline_uid(due), self.domain),
            day: due.deadline.nominal,
            title: &format!("{} — {name}", findings::due_title(due)),
            text: &format!(
                "Dossier {}. {}",
                due.dossier,
                findings::due_line(due, label::paris_date(self.now))
            ),
            url: self.platform.examined(*demarche, due.dossier),
            sequence: ics::sequence(self.now),
            stamp: self.now,
            ..Entry::default()
        })
    }
}

/// The mails that a pass of that day would add to the outbox, knowing what was put and sent by now: those that a pass of the
/// day before would not add.
async fn sent_on(
    settings: &Settings,
    (store, book): (&Store, &CaseBook),
    day: Date,
    format: AgendaFormat,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<i64>> {
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
    let nothing = Known::nothing(book.clock.now(), since);
    let set_aside = each_page((store, book), &frame, async |cases| {
        for (case, known) in cases.iter().zip(known_of(store, &cases, &nothing).await?) {
            let leaving = |on: Date| leaving(case, on, &frame, &known);
            let before = leaving(eve);
            let new = leaving(day).into_iter().filter(|mail| !before.iter().any(|old| old.key == mail.key));
            mails.extend(new.map(|mail| (case.name(), mail)));
        }
        Ok(())
    })
    .await?;
    if format == AgendaFormat::Json {
        let lines: Vec<_> = mails
            .iter()
            .map(|(service, mail)| json!({ "service": service, "dossier": mail.dossier, "a": mail.role.key(), "objet": mail.letter.subject, "cle": mail.key }))
            .collect();
        say(out, &serde_json::to_string_pretty(&lines)?);
        return Ok(set_aside);
    }
    say(out, &passes::would_leave(day, mails.len()));
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
    Ok(set_aside)
}

/// The mails that the plan of a day adds.
fn leaving(case: &Case, on: Date, frame: &Frame, known: &Known) -> Vec<Mail> {
    let actions = plan(&review(case, on, frame), case, frame, known).into_iter();
    let mails = actions.filter_map(|action| match action {
        Action::Mail(mail) => Some(mail),
        _ => None,
    });
    mails.collect()
}

/// What was put and sent about each of these cases, and the doubts that were there; not which addresses refuse.
async fn known_of(store: &Store, cases: &[Case], nothing: &Known) -> anyhow::Result<Vec<Known>> {
    let numbers: Vec<i64> = cases.iter().flat_map(|case| &case.dossiers).map(|facts| facts.number).collect();
    let put = store.ledger().mail_keys(&numbers).await?;
    let mut sent = store.ledger().mails_sent(&numbers).await?;
    let found = store.found().found_in(&numbers).await?;
    let known = |case: &Case| {
        let (mut known, mut told_of) = (nothing.clone(), Vec::new());
        for number in case.dossiers.iter().map(|facts| facts.number) {
            known.mails.extend(put.get(&number).into_iter().flatten().map(|put| put.key));
            told_of.extend(sent.remove(&number).unwrap_or_default());
            known.doubted.extend(found.get(&number).map(|row| (number, row.doubts())));
        }
        known.told = told(told_of);
        known
    };
    Ok(cases.iter().map(known).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use label::guide::calendar::Deadline;
    use label::judge::agenda::{Obligation, Status};

    /// The name of an event never changes: its rank among those of one dossier stands in it once, as in the pages' feeds.
    #[test]
    fn the_second_of_several_alike_has_its_rank_once_in_its_name() {
        let day = date(2028, 3, 12);
        let due = Due {
            obligation: Obligation::SelfAssessment,
            dossier: 4242,
            deadline: Deadline::fixed(day),
            window: None,
            zone: None,
            occurrence: 1,
            horizon: day,
            status: Status::Upcoming,
            settled: None,
            done_on: None,
            stages: Vec::new(),
        };
        let endpoints = vec![(Some(12345), "https://platform.example/api/v2/graphql".to_owned())];
        let platform = Platform { endpoints, ..Platform::default() };
        let file = Calendar { domain: "vigie".to_owned(), platform, now: Timestamp::UNIX_EPOCH };
        let event = file.event(&Line { case: 4242, demarche: 12345, name: "Agence Nord".into(), due });
        assert!(event.contains("\r\nUID:4242-O-18-1@vigie\r\n"), "{event}");
        let page = "\r\nURL:https://platform.example/procedures/12345/dossiers/4242\r\n";
        assert!(event.contains(page), "{event}");
    }
}
