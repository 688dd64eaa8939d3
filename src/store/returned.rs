//! Mails that left and came back.

use jiff::Timestamp;

use super::journal::{NewLine, add_lines};
use super::ledger::{Fate, Ledger};
use super::observed::Begin as _;
use super::outbox::NO_DOSSIER;
use super::pools::{Result, on, timestamp};
use super::sql;

/// A mail that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLeft {
    pub key: String,
    pub dossier: i64,
    pub role: Option<String>,
    /// Print of its reader.
    pub recipient: Option<String>,
    pub at: Timestamp,
}

/// Mails of which one identifier may be made, at most.
const ALIKE: i64 = 20;

impl Ledger {
    /// The mails that left whose key is this but for its signs, each of which is a dot.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn left_as(&self, identifier: &str) -> Result<Vec<MailLeft>> {
        const SQL: &str = "select key, dossier, role, recipient, done_at from outbox
            where kind = 'mail' and state = 'done' and key like $1 limit $2";
        // Letters, digits, hyphens and dots: nothing that has a meaning in the pattern.
        if !identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
            return Ok(Vec::new());
        }
        let pattern = identifier.replace('.', "_");
        type LeftRow = (String, i64, Option<String>, Option<String>, Option<i64>);
        let rows: Vec<LeftRow> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(pattern).bind(ALIKE).fetch_all(pool).await)?;
        let left = |(key, dossier, role, recipient, at): LeftRow| MailLeft {
            key,
            dossier,
            role,
            recipient,
            at: timestamp(at.unwrap_or_default()),
        };
        Ok(rows.into_iter().map(left).collect())
    }

    /// The dossiers that a mail was about, and those of the mails that it carried.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn dossiers_of(&self, key: &str) -> Result<Vec<i64>> {
        const SQL: &str = "select distinct dossier from outbox
            where (key = $1 or bundle = $1) and dossier <> $2 order by dossier";
        let rows: Vec<(i64,)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(key).bind(NO_DOSSIER).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(dossier,)| dossier).collect())
    }

    /// Notes that a mail that had left, with all that it carried, did not arrive; its dossiers are judged again.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn came_back(
        &self,
        key: &str,
        (fate, why): (Option<Fate>, &str),
        lines: &[NewLine],
        now: Timestamp,
    ) -> Result<()> {
        const END: &str = "update outbox set state = $1, last_error = $2
            where (key = $3 or bundle = $3) and state = 'done'";
        const JUDGE: &str = "update dossiers set dirty = $1, revision = revision + 1 where number in (
            select dossier from outbox where (key = $2 or bundle = $2) and dossier <> $3)";
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            if let Some(fate) = fate {
                sql::query(END).bind(fate.state()).bind(why).bind(key).execute(&mut *tx).await?;
            }
            sql::query(JUDGE).bind(true).bind(key).bind(NO_DOSSIER).execute(&mut *tx).await?;
            add_lines!(tx, now, lines);
            tx.commit().await?;
            Ok(())
        })
    }
}
