//! The requests that read: a page of the streams, one dossier by its number, the facts of a dossier that came.

use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::ask::{Ask, Streams};
use super::client::Dn;
use super::error::Error;
use super::form::ResolvedForm;
use super::json::to_json;
use super::meaning::{is_absent, short};
use super::page::{Page, PageData, RawDossier, take_apart};
use super::queries;
use super::queries::observe_groupe as page;
use crate::clock::Clock;
use label::case::facts::Facts;

impl Dn {
    /// One page.
    ///
    /// # Errors
    /// As [`Error`]; on any error nothing of the page may be kept, and no cursor moves.
    pub async fn observe(&self, ask: &Ask, clock: &Clock) -> Result<Page, Error> {
        let (all, recents) = match &ask.streams {
            Streams::All { recents } => (true, recents.clone()),
            Streams::Dossiers | Streams::List => (false, None),
        };
        let variables = page::Variables {
            number: self.scope.groupe.or(self.scope.demarche).unwrap_or(0),
            first: ask.size.clamp(1, 100),
            since: ask.since.to_string(),
            after: ask.cursors.dossiers.clone(),
            pending_after: ask.cursors.pending.clone(),
            deleted_after: ask.cursors.deleted.clone(),
            with_recents: recents.is_some(),
            recents_after: recents.flatten(),
            with_nodes: ask.streams != Streams::List,
            with_gone: all,
            demarche: ask.form_of.unwrap_or(0),
            with_form: ask.form_of.is_some(),
        };
        let mut body = to_json(&queries::ObserveGroupe::build_query(variables))?;
        if self.scope.groupe.is_none() {
            // The same selection under the same aliases: one type reads both.
            body["query"] = Json::from(queries::observe_demarche::QUERY);
            body["operationName"] = Json::from(queries::observe_demarche::OPERATION_NAME);
        }
        take_apart(self.endpoint.send::<PageData>(&body, clock).await?, ask)
    }

    /// One dossier by its number; `None` when the platform does not show it (hidden, erased, or not visible to the token).
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn dossier(&self, number: i64, clock: &Clock) -> Result<Option<RawDossier>, Error> {
        #[derive(Deserialize)]
        struct Data {
            dossier: Option<Box<RawValue>>,
        }
        let variables = queries::observe_dossier::Variables { number };
        let body = to_json(&queries::ObserveDossier::build_query(variables))?;
        let answer = match self.endpoint.send::<Data>(&body, clock).await {
            Ok(answer) => answer,
            // The root field is not nullable: not found and hidden empty the whole answer.
            Err(Error::Refused { why, .. }) if is_absent(&why) => return Ok(None),
            Err(error) => return Err(error),
        };
        let text = match (answer.data.dossier, answer.errors.first()) {
            (_, Some(error)) => Err(short(&error.message)),
            (Some(text), None) => Ok(text),
            (None, None) => Err("the platform could not produce it".to_owned()),
        };
        Ok(Some(RawDossier { number: Some(number), cursor: None, modified: None, text }))
    }

    /// The facts of a raw dossier under a resolved form, or why it must be set aside.
    ///
    /// # Errors
    /// The platform's reason, or the path of the shape that is not known.
    pub fn read(&self, raw: &RawDossier, form: &ResolvedForm) -> Result<Facts, String> {
        raw.read(form, self.instructeur.as_deref())
    }
}
