//! Many rows written or deleted by few statements: a server at a distance is asked once a page, and not once a row.

use std::collections::BTreeMap;

use super::sql;

/// Rows in one statement: the engines bound the number of values.
pub(super) const ROWS: usize = 100;

/// Whether the server keeps a statement of so many rows prepared: one row and a full page have the same text each time,
/// and the others too many texts.
pub(super) fn is_kept(rows: usize) -> bool {
    (rows == 1 || rows == ROWS) && sql::persistent()
}

/// The last row of each key: one statement may write a row once only.
pub(super) fn last_of_each<T, K: Ord>(rows: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let last: BTreeMap<K, T> = rows.map(|row| (key(&row), row)).collect();
    last.into_values().collect()
}

/// Rows under one statement, [`ROWS`] at a time, within a transaction; how many were written.
macro_rules! insert_rows {
    ($tx:expr, $rows:expr, $statement:expr, |$line:ident, $row:ident| $binds:expr) => {{
        let (before, after): (&'static str, &'static str) = $statement;
        let mut written = 0;
        for page in $rows.chunks($crate::store::many_rows::ROWS) {
            let mut query = sqlx::QueryBuilder::new(before);
            query.push_values(page, |mut $line, $row| {
                $binds;
            });
            let kept = $crate::store::many_rows::is_kept(page.len());
            written += query.push(after).build().persistent(kept).execute(&mut *$tx).await?.rows_affected();
        }
        written
    }};
}
pub(super) use insert_rows;

/// Deletes the rows of some cases, within a transaction.
macro_rules! delete_rows {
    ($tx:expr, $cases:expr, $delete:expr) => {
        for page in $cases.chunks($crate::store::many_rows::ROWS) {
            let mut query = sqlx::QueryBuilder::new($delete);
            $crate::store::lists::among(&mut query, page);
            // Planned each time: a plan that is kept was made when the table was small, and reads all of it.
            query.build().persistent(false).execute(&mut *$tx).await?;
        }
    };
}
pub(super) use delete_rows;
