//! What somebody types into a search box: a part of a name, a SIRET, the number of a dossier, the domain of an address.

use super::of_body::BODY;
use label::folding::folded;

/// Digits from which a number is looked up as the beginning of a SIRET too: those of a SIREN.
const SIREN: usize = 9;
const SIRET: usize = 14;

/// What is looked for. Its texts hold letters, digits and, for a domain, full stops and hyphens: they can stand in a
/// statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Nothing that narrows.
    Anything,
    /// Each of these words is in the name.
    Words(Vec<String>),
    /// The number of a dossier, the beginning of a SIRET, or a part of the name.
    Number(String),
    /// The domain of the contact's address, or a part of the name.
    Domain { domain: String, words: Vec<String> },
}

impl Sought {
    #[must_use]
    pub fn of(text: &str) -> Sought {
        let words: Vec<String> =
            folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.is_empty() {
            return Sought::Anything;
        }
        let digits: String = words.concat();
        // A SIRET is often written in groups.
        if digits.bytes().all(|byte| byte.is_ascii_digit())
            && (words.len() == 1 || (SIREN..=SIRET).contains(&digits.len()))
        {
            return Sought::Number(digits);
        }
        match domain(text) {
            Some(domain) => Sought::Domain { domain, words },
            None => Sought::Words(words),
        }
    }

    /// The condition on the columns of `table`, which are `cases` or repeat its names. With a body, a number or a domain of
    /// another body's dossier finds nothing.
    pub(super) fn condition(&self, table: &str, body: bool) -> Option<String> {
        let own = match self {
            Sought::Anything => return None,
            Sought::Words(words) => return Some(named(table, words)),
            Sought::Number(digits) => number(digits, body),
            Sought::Domain { domain, words } => {
                let own = if body { format!("cases.organisme = {BODY} and ") } else { String::new() };
                format!(
                    "({} or {own}(cases.contact_domain = '{domain}' or cases.contact_domain like '%.{domain}'))",
                    named("cases", words)
                )
            }
        };
        Some(match table {
            "cases" => own,
            _ => format!("{table}.case_id in (select cases.case_id from cases where {own})"),
        })
    }
}

fn named(table: &str, words: &[String]) -> String {
    let words = words.iter().filter(|word| word.chars().all(char::is_alphanumeric));
    let each: Vec<String> = words.map(|word| format!("{table}.folded like '%{word}%'")).collect();
    format!("({})", each.join(" and "))
}

fn number(digits: &str, body: bool) -> String {
    let mut ways = vec![format!("cases.folded like '%{digits}%'")];
    if (SIREN..=SIRET).contains(&digits.len()) {
        ways.push(format!("cases.siret like '{digits}%'"));
    }
    if let Ok(number) = digits.parse::<i64>() {
        ways.push(match body {
            false => format!("cases.case_id in (select case_id from dossiers where number = {number})"),
            true => format!(
                "cases.case_id in (select own.case_id from applications own
                    where own.dossier = {number} and own.organisme = {BODY})"
            ),
        });
    }
    format!("({})", ways.join(" or "))
}

/// « a@mairie.example », « @mairie.example » and « mairie.example » name a domain.
fn domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let domain = text.rsplit('@').next()?.trim_matches('.');
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    (domain.contains('.') && domain.chars().all(fits)).then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[&str]) -> Vec<String> {
        all.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_search_is_a_name_a_number_or_a_domain() {
        assert_eq!(Sought::of("  %_ '"), Sought::Anything);
        assert_eq!(Sought::of("Évry, Préfecture"), Sought::Words(words(&["evry", "prefecture"])));
        assert_eq!(Sought::of("999 003 750 00017"), Sought::Number("99900375000017".to_owned()));
        assert_eq!(Sought::of("4242"), Sought::Number("4242".to_owned()));
        assert_eq!(Sought::of("24 7"), Sought::Words(words(&["24", "7"])), "no SIRET is that short");
        let domain = |domain: &str, all| Sought::Domain { domain: domain.to_owned(), words: words(all) };
        assert_eq!(Sought::of("A@Mairie.example"), domain("mairie.example", &["a", "mairie", "example"]));
        assert_eq!(Sought::of("St. Pierre"), Sought::Words(words(&["st", "pierre"])));
        assert_eq!(Sought::of("x';drop.table"), Sought::Words(words(&["x", "drop", "table"])));
    }
}
