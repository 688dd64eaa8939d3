//! What a list is narrowed to. A filter is looked up once for a page ([`super::work::WorkList::narrowed`]): when it finds few services,
//! the lists start from those; when it finds many, they are read in their order until the page is full.

use super::lines_of::LinesOf;
use super::search::Sought;
use label::folding::folded;

/// Characters of an auditor's name that are kept, and compared.
pub const AUDITOR: usize = 100;
/// The longest id of a rule.
const MAX_RULE: usize = 20;

/// Which services a certification body's name finds. A service may have dossiers of several; each has its own body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Those whose latest dossier is the body's.
    #[default]
    Latest,
    /// Those that have a dossier of the body's.
    Any,
}

/// An empty word narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was typed into the search box: see [`Sought`].
    pub text: String,
    pub state: String,
    pub organisme: String,
    pub whose: Whose,
    pub type_key: String,
    pub tier: String,
    pub departement: String,
    /// Who audits, however accents and capitals are typed.
    pub auditor: String,
    /// By whose finding a person should look at it: the rule's id; a word that is none finds nothing.
    pub rule: String,
    pub lines: LinesOf,
}

/// A filter once looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrowed {
    /// It narrows nothing.
    All,
    /// To these cases, and to what each table says for itself: the body, and what is due.
    Few(Vec<i64>, Filter),
    Many(Filter),
}

impl Filter {
    /// What `$1` to `$5` are.
    pub(super) fn words(&self) -> [String; 5] {
        let Filter { state, organisme, type_key, tier, departement, .. } = self;
        [state, organisme, type_key, tier, departement].map(String::clone)
    }

    /// Whether it narrows nothing.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.words().iter().all(String::is_empty)
            && self.sought() == Sought::Anything
            && self.rule.is_empty()
            && self.auditor.is_empty()
            && self.lines.is_any()
    }

    fn found(&self, table: &str) -> Option<String> {
        if self.rule.is_empty() {
            return None;
        }
        // The id of a rule can stand in a statement; no finding has another.
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let rule = self.rule.as_str();
        Some(match rule.len() <= MAX_RULE && rule.chars().all(fits) {
            true => format!("{table}.case_id in (select case_id from case_findings where rule = '{rule}')"),
            false => "1 = 0".to_owned(),
        })
    }

    /// Folded, a name has letters, digits and spaces alone: it can stand in a statement. One without any finds nothing.
    fn audited(&self, table: &str) -> Option<String> {
        if self.auditor.is_empty() {
            return None;
        }
        let name = folded(&self.auditor);
        let name: String = name.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
        let own =
            if name.is_empty() { "1 = 0".to_owned() } else { format!("cases.auditor_folded = '{name}'") };
        Some(match table {
            "cases" => own,
            _ => format!("{table}.case_id in (select cases.case_id from cases where {own})"),
        })
    }

    pub(super) fn sought(&self) -> Sought {
        Sought::of(&self.text)
    }

    /// Conditions on the columns of `table`, which are `cases` or repeat theirs. A word that is not given is not compared
    /// with any column: a statement of « no word, or this one » would be planned for neither. It is still named, since
    /// PostgreSQL wants a type for each value that is bound; a condition without a column is tested once.
    pub(super) fn conditions(&self, table: &str) -> String {
        let body = !self.organisme.is_empty();
        let columns = ["state", "organisme", "type_key", "tier", "departement"];
        let of = |(rank, (column, word)): (usize, (&str, &String))| {
            let bound = rank + 1;
            match (word.as_str(), column) {
                ("", _) => format!("${bound} = ''"),
                (_, "organisme") if table == "cases" && self.whose == Whose::Any => format!(
                    "({table}.organisme = ${bound} or exists (select 1 from applications own
                        where own.case_id = {table}.case_id and own.organisme = ${bound}))"
                ),
                // Lines of other tables do not repeat it.
                (_, "departement") if table != "cases" => {
                    format!("{table}.case_id in (select case_id from cases where departement = ${bound})")
                }
                _ => format!("{table}.{column} = ${bound}"),
            }
        };
        let words = self.words();
        let words = columns.into_iter().zip(&words).enumerate().map(of);
        let (sought, lines) = (self.sought().condition(table, body), self.lines.condition(table, body));
        let more = [sought, self.found(table), self.audited(table), lines];
        words.chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" and ")
    }
}

impl Narrowed {
    fn filter(&self) -> Filter {
        match self {
            Narrowed::Many(filter) => filter.clone(),
            Narrowed::Few(_, rest) => rest.clone(),
            Narrowed::All => Filter::default(),
        }
    }

    pub(super) fn words(&self) -> [String; 5] {
        self.filter().words()
    }

    pub(super) fn conditions(&self, table: &str) -> String {
        self.filter().conditions(table)
    }

    /// Statements that name cases, or what is sought, all differ: they are not kept as prepared statements.
    pub(super) fn is_lasting(&self) -> bool {
        match self {
            Narrowed::All => true,
            Narrowed::Few(..) => false,
            Narrowed::Many(filter) => {
                filter.sought() == Sought::Anything
                    && filter.rule.is_empty()
                    && filter.auditor.is_empty()
                    && filter.lines.is_any()
            }
        }
    }

    /// Before a query, and before its tables, whose column `id` is the case's number. `cross join` says which loop is
    /// the outer one: SQLite would choose without knowing how many rows there are.
    pub(super) fn before(&self, id: &str) -> (String, String, String) {
        let Narrowed::Few(ids, _) = self else { return Default::default() };
        let ids: Vec<String> = ids.iter().map(|id| format!("({id})")).collect();
        let with = format!("with few (id) as (values {}) ", ids.join(", "));
        (with, "few cross join ".to_owned(), format!("{id} = few.id and "))
    }

    pub(super) fn is_void(&self) -> bool {
        matches!(self, Narrowed::Few(ids, ..) if ids.is_empty())
    }
}

/// A query with the filter's words bound: what else is bound begins with `$6`.
macro_rules! narrowed {
    ($sql:expr, $narrowed:expr) => {{
        let [state, organisme, type_key, tier, departement] = $narrowed.words();
        $crate::store::sql::query_as(AssertSqlSafe($sql))
            .persistent($narrowed.is_lasting() && $crate::store::sql::persistent())
            .bind(state)
            .bind(organisme)
            .bind(type_key)
            .bind(tier)
            .bind(departement)
    }};
}
pub(super) use narrowed;
