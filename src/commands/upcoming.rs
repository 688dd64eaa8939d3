//! What changed rules will judge otherwise, told before anything is written: `vigie check`, `vigie run --dry-run`.

use jiff::civil::Date;

use crate::casebook::CaseBook;
use crate::record::rules::Opening;
use crate::record::{self, again, judged, said};
use crate::retry::passes;
use crate::store::Store;
use crate::store::record::Record;
use crate::store::rules::LivingCase;
use label::case::Frame;
use label::judge::review;
use label::wording::differences::{Difference, differences};
use label::wording::rules_change::{RulesChange, Upcoming};
use label::wording::statement::Statement;

/// Judges living cases by the rules of the last pass and by those of this process.
struct Comparer<'a> {
    record: Record,
    now: &'a CaseBook,
    frame: Frame,
    /// The case book and the frame of the last pass; `None` when they cannot be read any more.
    then: Option<(CaseBook, Frame)>,
    version: bool,
    settings: bool,
}

/// What the rules of this process judge otherwise than those of the last pass, with no change when they are the same;
/// `None` when nothing was ever judged. Only the effect of the rules counts: both sides have the same facts and the same
/// day. Reads only.
///
/// # Errors
/// When the store fails. A case that cannot be compared is counted.
pub async fn upcoming(store: &Store, book: &CaseBook) -> anyhow::Result<Option<Upcoming>> {
    let record = store.record();
    let frame = book.frame().await?;
    let opening = Opening::of(&record, &frame).await?;
    if opening.fresh {
        return Ok(None);
    }
    if !opening.differs() {
        return Ok(Some(Upcoming::default()));
    }
    tracing::info!("the rules are not those of the last pass: judging every living case by both");
    let changes = opening.present.changed;
    let comparer = Comparer {
        record,
        now: book,
        frame,
        version: changes.iter().any(|change| matches!(change, RulesChange::Version { .. })),
        settings: changes.iter().any(RulesChange::is_of_settings),
        then: opening.then.map(|then| {
            let mut book = book.clone();
            (book.choices, book.extra_holidays) = (then.choices, then.extra_holidays.clone());
            (book, then)
        }),
    };
    let mut upcoming = Upcoming { changes, ..Upcoming::default() };
    let mut after = i64::MIN;
    loop {
        let page = store.cases().living(after, passes::JUDGED).await?;
        let Some(last) = page.last() else { return Ok(Some(upcoming)) };
        after = last.case_id;
        for case in &page {
            match comparer.compare(case).await? {
                Some(all) => upcoming.count(&case.name, case.dossier, &all),
                None => upcoming.not_comparable += 1,
            }
        }
    }
}

impl Comparer<'_> {
    /// The differences of one case; `None` when it cannot be compared.
    async fn compare(&self, case: &LivingCase) -> anyhow::Result<Option<Vec<Difference>>> {
        let Some(then) = self.then.as_ref().filter(|_| !self.version) else {
            // What another version said can only be read from the record.
            let found = self.by_record(case).await?;
            let unseen = found.as_ref().is_none_or(Vec::is_empty) && self.settings;
            return match self.then.as_ref().filter(|_| unseen) {
                // The case of the record holds its network as the readings of that day made it.
                Some(then) => Ok(self.by_book(case, then).await?.filter(|all| !all.is_empty()).or(found)),
                None => Ok(found),
            };
        };
        self.by_book(case, then).await
    }

    /// Both readings on the facts of today, each with the network that it makes.
    async fn by_book(
        &self,
        case: &LivingCase,
        (book, frame): &(CaseBook, Frame),
    ) -> anyhow::Result<Option<Vec<Difference>>> {
        let (before, after) =
            (self.stated(book, frame, case).await?, self.stated(self.now, &self.frame, case).await?);
        Ok(before.zip(after).map(|(before, after)| differences(&before, &after)))
    }

    async fn stated(
        &self,
        book: &CaseBook,
        frame: &Frame,
        case: &LivingCase,
    ) -> anyhow::Result<Option<Statement>> {
        let found = match book.case_of(case.case_id).await {
            Err(crate::store::Error::SetAside { .. }) => None,
            found => found?,
        };
        Ok(found.map(|case| Statement::of(&case, &review(&case, self.now.today(), frame))))
    }

    /// What was last said of the case, and what this version says of the same facts on the day of that judgement.
    async fn by_record(&self, case: &LivingCase) -> anyhow::Result<Option<Vec<Difference>>> {
        let Ok(day) = case.judged_on.parse::<Date>() else { return Ok(None) };
        let Some(entry) = self.record.last_judgement(case.case_id).await? else {
            return Ok(None);
        };
        let again = async {
            let body = judged::read(&entry)?;
            let statement = record::content::load(&self.record, &body.statement).await?;
            let said = said::Said { entry, body, statement, until: None };
            again::judge(&self.record, &said, day, &self.frame).await
        };
        match again.await {
            Ok((_, all)) => Ok(Some(all)),
            Err(record::Error::Store(error)) => Err(error.into()),
            Err(error) => {
                tracing::debug!(case = case.case_id, %error, "not comparable");
                Ok(None)
            }
        }
    }
}
