//! Lists of numbers in a statement.

use sqlx::QueryBuilder;

/// « 1, 2, 3) », of which the opening is written already.
pub(super) fn among<DB: Lists>(query: &mut QueryBuilder<DB>, numbers: &[i64]) {
    DB::list(query, numbers);
    query.push(")");
}

/// The same of texts.
pub(super) fn texts_among<DB: Lists>(query: &mut QueryBuilder<DB>, texts: &[String]) {
    DB::texts(query, texts);
    query.push(")");
}

/// How an engine is given a list.
pub(super) trait Lists: sqlx::Database {
    fn list(query: &mut QueryBuilder<Self>, numbers: &[i64]);
    fn texts(query: &mut QueryBuilder<Self>, texts: &[String]);
}

impl Lists for sqlx::Sqlite {
    fn list(query: &mut QueryBuilder<Self>, numbers: &[i64]) {
        let mut list = query.separated(", ");
        for number in numbers {
            list.push_bind(*number);
        }
    }

    fn texts(query: &mut QueryBuilder<Self>, texts: &[String]) {
        let mut list = query.separated(", ");
        for text in texts {
            list.push_bind(text.clone());
        }
    }
}

/// One value whatever the length: the statement has the same text each time, so that the server keeps it prepared. A text
/// of its own for each length costs one more message to the server and back.
#[cfg(feature = "postgres")]
impl Lists for sqlx::Postgres {
    fn list(query: &mut QueryBuilder<Self>, numbers: &[i64]) {
        query.push("select unnest(").push_bind(numbers.to_vec()).push(")");
    }

    fn texts(query: &mut QueryBuilder<Self>, texts: &[String]) {
        query.push("select unnest(").push_bind(texts.to_vec()).push(")");
    }
}
