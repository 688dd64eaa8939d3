//! Who is written to about a case, and to which of their addresses.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::print;
use label::case::facts::Facts;
use label::case::{Case, Contact};

/// The addresses of a case, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// Of the contact of the latest dossier: people change over three years.
    written: Vec<String>,
    /// Of the account that deposited it, for when none of the former can be used.
    account: Option<String>,
}

impl Readers {
    #[must_use]
    pub fn of(case: &Case) -> Readers {
        let Contact { written, account } = case.current().map(Facts::contact).unwrap_or_default();
        Readers {
            written: written.iter().map(ToString::to_string).collect(),
            account: account.map(|account| account.to_string()),
        }
    }

    /// Those of a list of the configuration.
    #[must_use]
    pub fn listed(list: &[String]) -> Readers {
        Readers { written: list.to_vec(), account: None }
    }

    /// The first choice: the contact, else the account.
    #[must_use]
    pub fn first(&self) -> Vec<String> {
        match self.written.is_empty() {
            true => self.account.iter().cloned().collect(),
            false => self.written.clone(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first().is_empty()
    }

    /// Of every address.
    #[must_use]
    pub fn prints(&self) -> Vec<String> {
        self.written.iter().chain(&self.account).map(|address| print(address)).collect()
    }

    /// Whom to write to now, when these refuse: those of the contact that do not, else the account.
    #[must_use]
    pub fn open(&self, refusing: &BTreeMap<String, Timestamp>) -> Vec<String> {
        let mut open = self.written.clone();
        open.retain(|address| !refusing.contains_key(&print(address)));
        if open.is_empty() {
            open.extend(
                self.account.iter().filter(|account| !refusing.contains_key(&print(account))).cloned(),
            );
        }
        open
    }

    /// Since when one of the first choice refuses: the latest, so that each is told.
    #[must_use]
    pub fn refuse_since(&self, refusing: &BTreeMap<String, Timestamp>) -> Option<Timestamp> {
        self.first().iter().filter_map(|address| refusing.get(&print(address))).max().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_address_is_written_to_when_one_refuses() {
        let (day, later) = (Timestamp::from_second(10).unwrap(), Timestamp::from_second(20).unwrap());
        let readers = Readers {
            written: vec!["a@un.example".to_owned(), "b@un.example".to_owned()],
            account: Some("c@deux.example".to_owned()),
        };
        let refusing = |addresses: &[(&str, Timestamp)]| {
            addresses.iter().map(|(address, at)| (print(address), *at)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(readers.open(&BTreeMap::new()), ["a@un.example", "b@un.example"]);
        let one = refusing(&[("A@un.example", day)]);
        assert_eq!(
            (readers.open(&one), readers.refuse_since(&one)),
            (vec!["b@un.example".to_owned()], Some(day))
        );
        let both = refusing(&[("a@un.example", day), ("b@un.example", later)]);
        assert_eq!(
            (readers.open(&both), readers.refuse_since(&both)),
            (vec!["c@deux.example".to_owned()], Some(later))
        );
        let account = refusing(&[("c@deux.example", day)]);
        assert_eq!(readers.refuse_since(&account), None, "nobody writes to it");
        let alone = Readers { written: Vec::new(), account: Some("c@deux.example".to_owned()) };
        assert_eq!((alone.open(&account).len(), alone.refuse_since(&account)), (0, Some(day)));
    }
}
