//! Pages of the list without contents: numbers, dates and positions, several pages in one request.

use std::collections::BTreeMap;

use graphql_client::GraphQLQuery;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::answer::Answer;
use super::client::Dn;
use super::error::Error;
use super::json::to_json;
use super::meaning::PagePart;
use super::page::{ListPage, Listing};
use super::queries::{self, list_groupe};
use crate::clock::Clock;

/// Pages that one request can ask for: as many as `list.graphql` names.
pub const LIST_PAGES: usize = 10;

/// The data of an answer to `ListDemarche` or `ListGroupe`: a page under each alias.
#[derive(Deserialize)]
struct ListData {
    perimetre: BTreeMap<String, Option<Listing>>,
}

impl Dn {
    /// Pages of `size` dossiers (1 to 100), one after each position (the first [`LIST_PAGES`] of them); in that order.
    ///
    /// # Errors
    /// As [`Error`], also when one page alone cannot be produced.
    pub async fn list(
        &self,
        since: Timestamp,
        after: &[Option<String>],
        size: i64,
        clock: &Clock,
    ) -> Result<Vec<ListPage>, Error> {
        let asked = after.len().min(LIST_PAGES);
        let place = |rank: usize| after.get(rank).cloned().flatten();
        let variables = list_groupe::Variables {
            number: self.scope.groupe.or(self.scope.demarche).unwrap_or(0),
            first: size.clamp(1, 100),
            since: since.to_string(),
            after0: place(0),
            after1: place(1),
            after2: place(2),
            after3: place(3),
            after4: place(4),
            after5: place(5),
            after6: place(6),
            after7: place(7),
            after8: place(8),
            after9: place(9),
            with1: asked > 1,
            with2: asked > 2,
            with3: asked > 3,
            with4: asked > 4,
            with5: asked > 5,
            with6: asked > 6,
            with7: asked > 7,
            with8: asked > 8,
            with9: asked > 9,
        };
        let mut body = to_json(&queries::ListGroupe::build_query(variables))?;
        if self.scope.groupe.is_none() {
            // The same selection under the same aliases: one type reads both.
            body["query"] = Json::from(queries::list_demarche::QUERY);
            body["operationName"] = Json::from(queries::list_demarche::OPERATION_NAME);
        }
        pages(self.endpoint.send::<ListData>(&body, clock).await?, asked)
    }
}

fn pages(answer: Answer<ListData>, asked: usize) -> Result<Vec<ListPage>, Error> {
    if let Some(error) = answer.errors.iter().find(|error| error.place() != PagePart::Harmless) {
        return Err(error.meaning());
    }
    let mut found = answer.data.perimetre;
    let missing = |rank: usize| Error::Changed { why: format!("page {rank} of the list did not come") };
    let page = |rank: usize| -> Result<ListPage, Error> {
        let listing = found.remove(&format!("p{rank}")).flatten().ok_or_else(|| missing(rank))?;
        Ok(listing.into_page())
    };
    (0..asked).map(page).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::dn::Listed;

    fn read(data: &str, errors: &str, asked: usize) -> Result<Vec<ListPage>, Error> {
        let (data, errors) = (serde_json::from_str(data).unwrap(), serde_json::from_str(errors).unwrap());
        pages(Answer { data, errors, took: Duration::ZERO }, asked)
    }

    const TWO: &str = r#"{"perimetre":{
        "p0":{"pageInfo":{"hasNextPage":true,"endCursor":"b"},"edges":[
            {"cursor":"a","node":{"number":1,"dateDerniereModification":"2027-01-05T07:00:00+01:00"}},{"cursor":"b","node":null}]},
        "p1":{"pageInfo":{"hasNextPage":false,"endCursor":null},"edges":[]}}}"#;

    #[test]
    fn pages_come_in_the_order_asked_for() {
        let pages = read(TWO, "[]", 2).unwrap();
        let first =
            Listed { number: 1, place: "a".to_owned(), modified: "2027-01-05T06:00:00Z".parse().ok() };
        assert_eq!(pages[0], ListPage { listed: vec![first], more: true, end: Some("b".to_owned()) });
        assert_eq!(pages[1], ListPage { listed: Vec::new(), more: false, end: None });
    }

    #[test]
    fn a_dossier_that_cannot_be_named_is_left_out_and_a_page_that_cannot_be_had_is_an_error() {
        let of = |path: &str| format!(r#"[{{"message":"x","path":{path}}}]"#);
        assert_eq!(read(TWO, &of(r#"["perimetre","p0","edges",1,"node"]"#), 2).unwrap().len(), 2);
        assert!(read(TWO, &of(r#"["perimetre","p1"]"#), 2).is_err());
        assert!(read(TWO, "[]", 3).is_err(), "a page that was asked for and is not there");
    }
}
