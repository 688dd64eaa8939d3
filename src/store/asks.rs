//! Dossiers to be asked for by number, each for a reason and at a time of its own.

use jiff::Timestamp;

use super::observed::Begin as _;
use super::pools::{Pools, Result, micros, on};
use super::sql;
use super::unreadable::{Place, Readable, Unreadable};

/// Why a dossier, or its attachments, are asked for by number. The text of each variant is stored: a variant may be
/// added, no text may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AskReason {
    /// It could not be read.
    Aside,
    /// The platform's antivirus has not looked at an attachment yet.
    Scan,
    /// The platform has not looked up the company yet.
    Siret,
    /// The platform has not made the attestation yet.
    Attestation,
    /// Attachments to open.
    Files,
    /// The answer to a write was lost.
    Unheard,
    /// A list shows it, new or changed, at a position before the cursor.
    Late,
    /// It is in no list any more.
    Missing,
    /// A person asked for it.
    Replay,
    /// A stored row of it cannot be read.
    Unreadable,
}

impl AskReason {
    pub const ALL: [(AskReason, &'static str); 10] = [
        (AskReason::Aside, "aside"),
        (AskReason::Scan, "scan"),
        (AskReason::Siret, "siret"),
        (AskReason::Attestation, "attestation"),
        (AskReason::Files, "files"),
        (AskReason::Unheard, "unheard"),
        (AskReason::Late, "late"),
        (AskReason::Missing, "missing"),
        (AskReason::Replay, "replay"),
        (AskReason::Unreadable, "unreadable"),
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        AskReason::ALL.iter().find(|(reason, _)| *reason == self).map_or("", |(_, word)| word)
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<AskReason> {
        AskReason::ALL.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
    }
}

/// One dossier to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskByNumber {
    pub number: i64,
    pub why: AskReason,
    pub attempts: i64,
}

/// What is to be asked for by number: a dossier, or the attachments of one.
#[derive(Clone, Debug)]
pub struct Asks(pub(super) Pools);

impl Asks {
    /// What is due, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due_asks(&self, scope: &str, now: Timestamp, limit: i64) -> Result<Vec<AskByNumber>> {
        const SQL: &str = "select number, why, attempts from asks where scope = $1 and due_at <= $2
            and why <> 'files' order by due_at, number, why limit $3";
        let rows: Vec<(i64, String, i64)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(scope).bind(micros(now)).bind(limit).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(ask)).await
    }

    /// Dossiers whose attachments wait to be read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due_files(&self, scope: &str, now: Timestamp, limit: i64) -> Result<Vec<AskByNumber>> {
        const SQL: &str =
            "select number, why, attempts from asks where scope = $1 and due_at <= $2 and why = 'files'
            order by due_at, number limit $3";
        let rows: Vec<(i64, String, i64)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(scope).bind(micros(now)).bind(limit).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(ask)).await
    }

    /// Asks for a dossier; one already asked for that reason keeps its time.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn ask(&self, scope: &str, number: i64, why: AskReason, due: Timestamp) -> Result<()> {
        on!(&self.0, pool => sql::query(PUT_ASK).bind(number).bind(why.word()).bind(scope).bind(micros(due))
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The attachments of these dossiers are read in the next pass, whatever was waited for before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn files_at_hand(&self, scope: &str, numbers: &[i64], now: Timestamp) -> Result<()> {
        const NOW: &str = "update asks set due_at = $1, attempts = 0 where number = $2 and why = 'files'";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            for number in numbers {
                sql::query(PUT_ASK).bind(*number).bind(AskReason::Files.word()).bind(scope).bind(micros(now))
                    .execute(&mut *tx).await?;
                sql::query(NOW).bind(micros(now)).bind(*number).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// Whether a dossier waits to be asked for, for that reason.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_asked(&self, number: i64, why: AskReason) -> Result<bool> {
        const SQL: &str = "select number from asks where number = $1 and why = $2";
        let row: Option<(i64,)> = on!(&self.0, pool => sql::query_as(SQL).bind(number).bind(why.word()).fetch_optional(pool).await)?;
        Ok(row.is_some())
    }

    /// What is waited for did not come yet: asked again at `due`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn ask_later(&self, number: i64, why: AskReason, due: Timestamp) -> Result<()> {
        const SQL: &str =
            "update asks set due_at = $1, attempts = attempts + 1 where number = $2 and why = $3";
        on!(&self.0, pool => sql::query(SQL).bind(micros(due)).bind(number).bind(why.word()).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn asked(&self, number: i64, why: AskReason) -> Result<()> {
        const SQL: &str = "delete from asks where number = $1 and why = $2";
        on!(&self.0, pool => sql::query(SQL).bind(number).bind(why.word()).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Nothing more is to be asked of a dossier that left.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_asks(&self, number: i64) -> Result<()> {
        on!(&self.0, pool => {
            sql::query("delete from asks where number = $1").bind(number).execute(pool).await?;
            sql::query("delete from set_aside where number = $1").bind(number).execute(pool).await?;
            Ok(())
        })
    }

    /// Deletes the hashes of a dossier, so that its next reading counts as a change; true when it was known.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget(&self, number: i64, now: Timestamp) -> Result<bool> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            // It begins by writing: SQLite would refuse a writer that began by reading while another one wrote.
            let scope: Option<(String,)> = sql::query_as(
                "update dossiers set print = null, hash = '', dirty = $1, revision = revision + 1 where number = $2 returning scope")
                .bind(true).bind(number).fetch_optional(&mut *tx).await?;
            let Some((scope,)) = scope else { return Ok(false) };
            sql::query("delete from refused where dossier = $1").bind(number).execute(&mut *tx).await?;
            sql::query("delete from written where dossier = $1").bind(number).execute(&mut *tx).await?;
            sql::query("delete from asks where number = $1").bind(number).execute(&mut *tx).await?;
            sql::query(PUT_ASK).bind(number).bind(AskReason::Replay.word()).bind(scope).bind(micros(now)).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(true)
        })
    }
}

/// A reason that another version wrote: this one cannot tell when it is settled.
fn ask((number, why, attempts): (i64, String, i64)) -> Readable<AskByNumber> {
    match AskReason::from_word(&why) {
        Some(why) => Ok(AskByNumber { number, why, attempts }),
        None => Err(Unreadable::of(Place::Ask, number, format_args!("{number}/{why}"))),
    }
}

pub(super) const PUT_ASK: &str = "
    insert into asks (number, why, scope, due_at, attempts) values ($1, $2, $3, $4, 0)
    on conflict (number, why) do update set scope = excluded.scope";
