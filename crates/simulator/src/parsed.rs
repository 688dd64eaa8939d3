//! Queries by their text. A client sends the same few texts with other variables, and parsing and validating them took
//! more time than answering them.

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::parser::{Error, parse_query};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Texts that are kept. A client that sends more, such as values written into the text, begins again with none.
const KEPT: usize = 64;

/// Documents by their text.
#[derive(Default)]
struct Documents(Mutex<HashMap<String, Arc<ExecutableDocument>>>);

static DOCUMENTS: LazyLock<Documents> = LazyLock::new(Documents::default);

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Documents {
    /// A text that cannot be parsed is parsed each time.
    fn of(&self, text: &str) -> Result<Arc<ExecutableDocument>, Error> {
        if let Some(document) = lock(&self.0).get(text) {
            return Ok(document.clone());
        }
        let document = Arc::new(parse_query(text)?);
        let mut kept = lock(&self.0);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(text.to_owned(), document.clone());
        Ok(document)
    }
}

pub(super) fn document(text: &str) -> Result<Arc<ExecutableDocument>, Error> {
    DOCUMENTS.of(text)
}

/// Read from the text alone, before anything is checked about it.
pub(super) fn is_mutation(text: &str) -> bool {
    document(text).is_ok_and(|document| {
        document.operations.iter().any(|(_, one)| one.node.ty == OperationType::Mutation)
    })
}

/// The texts, with the operation that was named, that one schema was found to allow.
#[derive(Default)]
pub(super) struct Allowed(Mutex<HashSet<(String, Option<String>)>>);

impl Allowed {
    pub(super) fn holds(&self, text: &str, operation: Option<&str>) -> bool {
        lock(&self.0).contains(&(text.to_owned(), operation.map(str::to_owned)))
    }

    pub(super) fn add(&self, text: &str, operation: Option<&str>) {
        let mut allowed = lock(&self.0);
        if allowed.len() >= KEPT {
            allowed.clear();
        }
        allowed.insert((text.to_owned(), operation.map(str::to_owned)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parsed_once_and_many_texts_do_not_fill_the_memory() {
        let documents = Documents::default();
        let first = documents.of("{ kept }").unwrap();
        assert!(Arc::ptr_eq(&first, &documents.of("{ kept }").unwrap()));
        assert!(documents.of("{ kept").is_err());
        for rank in 0..200 {
            documents.of(&format!("{{ kept{rank} }}")).unwrap();
            assert!(lock(&documents.0).len() <= KEPT);
        }
        assert!(is_mutation("mutation { a }") && !is_mutation("{ a }") && !is_mutation("mutation {"));
    }

    #[test]
    fn what_one_operation_of_a_text_was_allowed_another_was_not() {
        let allowed = Allowed::default();
        allowed.add("text", Some("A"));
        assert!(allowed.holds("text", Some("A")));
        assert!(!allowed.holds("text", Some("B")) && !allowed.holds("text", None));
        for rank in 0..200 {
            allowed.add(&format!("text{rank}"), None);
            assert!(lock(&allowed.0).len() <= KEPT);
        }
    }
}
