//! Pages of the three streams, and single dossiers: asked for, taken apart, typed one dossier at a time.
//!
//! The frame of a page is typed by hand and not by `graphql_client`: each dossier must stay raw text until its turn, so
//! that one of an unexpected shape costs that dossier, and so that one already known costs a hash and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use graphql_client::GraphQLQuery;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::dossier::Dossier;
use super::form::{LiveForm, ResolvedForm};
use super::live::live_form;
use super::meaning::{Place, RootError, short};
use super::queries::observe_groupe as page;
use super::{Dn, Error, Trouble, queries, shaped, to_json, translate};
use crate::clock::Clock;
use label::case::facts::Facts;

/// Where the reading stands: one cursor per stream, on a fixed start. `None` is the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    pub dossiers: Option<String>,
    pub pending: Option<String>,
    pub deleted: Option<String>,
}

/// A dossier that left the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub number: i64,
    /// False while the platform may still restore it.
    pub erased: bool,
}

/// What one request brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streams {
    /// The three streams. `recents`: the trailing window is listed too, from this cursor on.
    All { recents: Option<Option<String>> },
    /// The dossiers alone: one slice of a first reading, or the nightly one.
    Dossiers,
    /// Only numbers and cursors: to pass over what the platform cannot produce.
    List,
}

/// What one observation asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub streams: Streams,
    pub cursors: Cursors,
    /// With a cursor, fixed for ever: the cursors only mean something with it.
    pub since: Timestamp,
    /// 1 to 100.
    pub size: i64,
    /// The démarche whose form is wanted in the same answer.
    pub form_of: Option<i64>,
}

/// One dossier as it came, before any reading of it.
#[derive(Clone, Debug)]
pub struct RawDossier {
    /// Unknown when the platform could not even give the number.
    pub number: Option<i64>,
    /// Its place in the list; opaque, compared and never made.
    pub cursor: Option<String>,
    /// When the platform last touched it, to the second; our own writes move it too.
    pub modified: Option<Timestamp>,
    text: Result<Box<RawValue>, String>,
}

/// Where a dossier stands in the list. Place and date go together: one without the other would send a reading that
/// begins there too far or not far enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub number: i64,
    pub place: String,
    pub modified: Option<Timestamp>,
}

/// One page, as it came.
#[derive(Debug)]
pub struct Page {
    pub dossiers: Vec<RawDossier>,
    pub gone: Vec<Gone>,
    /// Where to go on from; a null cursor of the platform never replaces one that is held.
    pub cursors: Cursors,
    pub more: bool,
    /// The trailing window: where each stands now.
    pub recents: Vec<Listed>,
    /// Where the trailing window goes on; `None` at its end.
    pub recents_more: Option<String>,
    pub form: Option<LiveForm>,
}

impl Page {
    /// The démarche of the first dossier that could be read: a group alone does not tell it.
    #[must_use]
    pub fn demarche(&self) -> Option<i64> {
        #[derive(Deserialize)]
        struct Belongs {
            demarche: Numbered,
        }
        let texts = self.dossiers.iter().filter_map(|dossier| dossier.text.as_ref().ok());
        texts
            .filter_map(|text| serde_json::from_str::<Belongs>(text.get()).ok())
            .map(|b| b.demarche.number)
            .next()
    }
}

impl RawDossier {
    /// A dossier that the platform could not produce.
    #[must_use]
    pub fn rejected(number: i64, why: &str) -> RawDossier {
        RawDossier { number: Some(number), cursor: None, modified: None, text: Err(why.to_owned()) }
    }

    /// Sets the dossier aside for what the platform said of it.
    pub fn reject(&mut self, why: &str) {
        self.text = Err(why.to_owned());
    }

    /// Of the very text that came, under one reading of the form: equal prints are equal facts.
    #[must_use]
    pub fn print(&self, form: &str) -> Option<String> {
        let text = self.text.as_ref().ok()?;
        let mut hasher = Sha256::new();
        hasher.update(form);
        hasher.update(text.get());
        Some(BASE64.encode(hasher.finalize()))
    }
}

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
        take_apart(self.endpoint.send(&body, clock).await?, ask)
    }

    /// One dossier by its number; `None` when the platform does not show it (hidden, erased, out of the token's sight).
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
    /// What the platform said, or the place of the shape that is not known.
    pub fn read(&self, raw: &RawDossier, form: &ResolvedForm) -> Result<Facts, String> {
        let text = raw.text.as_ref().map_err(Clone::clone)?;
        let dossier: Dossier<'_> = shaped(text.get())?;
        if raw.number.is_some_and(|number| number != dossier.number) {
            return Err(format!("dossier {} came in its place", dossier.number));
        }
        let facts = translate::facts(&dossier, form, self.instructeur.as_deref());
        facts.map_err(|bad| bad.to_string())
    }
}

/// « Dossier not found » and « An object of type Dossier was hidden due to permissions » (API §1.3).
pub(super) fn is_absent(why: &str) -> bool {
    why == "Dossier not found" || why.starts_with("An object of type Dossier was hidden")
}

#[derive(Deserialize)]
struct Data {
    perimetre: Perimetre,
    formulaire: Option<page::ObserveGroupeFormulaire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Perimetre {
    dossiers: Connection,
    recents: Option<Listing>,
    pending_deleted_dossiers: Option<Tombstones>,
    deleted_dossiers: Option<Tombstones>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    page_info: PageInfo,
    edges: Option<Vec<Option<Edge>>>,
    nodes: Option<Vec<Option<Box<RawValue>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    page_info: PageInfo,
    edges: Option<Vec<Option<Edge>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tombstones {
    page_info: PageInfo,
    nodes: Option<Vec<Option<Numbered>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Edge {
    cursor: String,
    node: Option<Numbered>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbered {
    number: i64,
    date_derniere_modification: Option<String>,
}

impl Numbered {
    fn modified(&self) -> Option<Timestamp> {
        self.date_derniere_modification.as_ref()?.parse().ok()
    }
}

fn take_apart(answer: Answer<Data>, ask: &Ask) -> Result<Page, Error> {
    let streams = answer.data.perimetre;
    let why = faults_by_rank(&answer.errors, &streams.dossiers, ask)?;
    let edges = streams.dossiers.edges.unwrap_or_default();
    let mut nodes = streams.dossiers.nodes.unwrap_or_default();
    let last = edges.iter().flatten().next_back().map(|edge| edge.cursor.clone());
    let dossiers = (0..edges.len().max(nodes.len())).map(|rank| {
        let edge = edges.get(rank).and_then(Option::as_ref);
        let listed = edge.and_then(|edge| edge.node.as_ref());
        let said = || why.iter().find(|(at, _)| *at == rank).map(|(_, why)| why.clone());
        let text = nodes.get_mut(rank).and_then(Option::take).filter(|_| said().is_none());
        let named = || text.as_ref().and_then(|text| serde_json::from_str::<Numbered>(text.get()).ok());
        RawDossier {
            number: listed.map(|listed| listed.number).or_else(|| Some(named()?.number)),
            cursor: edge.map(|edge| edge.cursor.clone()),
            modified: listed.and_then(Numbered::modified),
            text: text
                .ok_or_else(|| said().unwrap_or_else(|| "the platform could not produce it".to_owned())),
        }
    });
    let dossiers: Vec<RawDossier> = dossiers.collect();
    let (pending, deleted) = (streams.pending_deleted_dossiers, streams.deleted_dossiers);
    let more = streams.dossiers.page_info.has_next_page || has_more(&pending) || has_more(&deleted);
    let cursors = Cursors {
        dossiers: streams.dossiers.page_info.end_cursor.or(last).or(ask.cursors.dossiers.clone()),
        pending: end(&pending).or(ask.cursors.pending.clone()),
        deleted: end(&deleted).or(ask.cursors.deleted.clone()),
    };
    let (recents, recents_more) = recents(streams.recents);
    Ok(Page {
        dossiers,
        gone: [gone(pending, false), gone(deleted, true)].concat(),
        cursors,
        more,
        recents,
        recents_more,
        form: answer.data.formulaire.as_ref().map(live_form),
    })
}

fn has_more(stream: &Option<Tombstones>) -> bool {
    stream.as_ref().is_some_and(|stream| stream.page_info.has_next_page)
}

fn end(stream: &Option<Tombstones>) -> Option<String> {
    stream.as_ref()?.page_info.end_cursor.clone()
}

fn gone(stream: Option<Tombstones>, erased: bool) -> Vec<Gone> {
    let nodes = stream.and_then(|stream| stream.nodes).unwrap_or_default();
    nodes.into_iter().flatten().map(|gone| Gone { number: gone.number, erased }).collect()
}

fn recents(listing: Option<Listing>) -> (Vec<Listed>, Option<String>) {
    let Some(listing) = listing else { return (Vec::new(), None) };
    let edges = listing.edges.unwrap_or_default().into_iter().flatten();
    let listed = edges.filter_map(|edge| {
        let node = edge.node?;
        Some(Listed { number: node.number, modified: node.modified(), place: edge.cursor })
    });
    let listed = listed.collect();
    (listed, listing.page_info.end_cursor.filter(|_| listing.page_info.has_next_page))
}

/// An error whose path names one dossier sets that dossier aside; any other freezes the page, and so does one that all
/// its dossiers share.
fn faults_by_rank(
    errors: &[RootError],
    dossiers: &Connection,
    ask: &Ask,
) -> Result<Vec<(usize, String)>, Error> {
    let mut aside: Vec<(usize, String)> = Vec::new();
    for error in errors {
        let meaning = error.meaning();
        // A dossier that the platform had no time for is not a bad one: fewer are asked for. Alone, it is set aside.
        let hurried = matches!(meaning, Error::Later { trouble: Trouble::Slow, .. }) && ask.size > 1;
        match error.place() {
            Place::Dossier(rank) if !hurried => {
                if !aside.iter().any(|(at, _)| *at == rank) {
                    aside.push((rank, short(&error.message)));
                }
            }
            Place::Harmless => {}
            _ => return Err(meaning),
        }
    }
    let listed = dossiers.edges.as_ref().map_or(0, Vec::len);
    match errors.first() {
        Some(error) if aside.len() > 1 && aside.len() >= listed => Err(error.meaning()),
        _ => Ok(aside),
    }
}
