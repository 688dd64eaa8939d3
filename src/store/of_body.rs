//! Rows of one certification body, where several share the store.

/// What stands for the body in the conditions of a filter: the second of its words, see [`super::narrowed`].
pub(super) const BODY: &str = "$2";

/// Whose rows a group of the store reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfBody(Option<String>);

impl OfBody {
    #[must_use]
    pub fn named(body: Option<String>) -> OfBody {
        OfBody(body)
    }

    /// The condition on `column`, where the name is bound as `$bound`. Without a body it is a test without a column, which
    /// is made once: see [`super::narrowed`].
    pub(super) fn condition(&self, column: &str, bound: usize) -> String {
        match self.0 {
            Some(_) => format!("{column} = ${bound}"),
            None => format!("${bound} = ''"),
        }
    }

    /// What is bound.
    pub(super) fn name(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}
