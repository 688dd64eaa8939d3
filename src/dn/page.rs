//! One page of the three streams, split: each dossier stays raw text and is parsed later.
//!
//! The types of a page are written by hand and not made by `graphql_client`: each dossier must stay raw text until it
//! is needed, so that one of an unexpected shape does not fail the page, and an unchanged one is only hashed.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::ask::{Ask, Cursors, Streams};
use super::dossier::Dossier;
use super::error::{Error, Trouble};
use super::form::{LiveForm, ResolvedForm};
use super::json::{asked, given, shaped};
use super::live::FormRead;
use super::meaning::{PagePart, RootError, short};
use super::translate;
use super::words::SCAN_OF_EXPORTS;
use label::case::facts::Facts;

/// A dossier that left the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub number: i64,
    /// False while the platform may still restore it.
    pub erased: bool,
}

/// One dossier as it came, before any reading of it.
#[derive(Clone, Debug)]
pub struct RawDossier {
    /// Unknown when the platform could not even give the number.
    pub number: Option<i64>,
    /// Its position in the list: opaque, and only compared.
    pub cursor: Option<String>,
    /// When the platform last changed it, to the second; our own writes count too.
    pub modified: Option<Timestamp>,
    pub(super) text: Result<Box<RawValue>, String>,
}

/// The position of a dossier in the list. Cursor and date are stored together: a reading that starts from the cursor of
/// one version and the date of another would skip dossiers or read them twice.
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
    /// Where to continue; a null cursor of the platform never replaces one that is held.
    pub cursors: Cursors,
    pub more: bool,
    /// The dossiers of the trailing window, with their positions.
    pub recents: Vec<Listed>,
    /// The cursor from which the trailing window continues; `None` at its end.
    pub recents_more: Option<String>,
    pub form: Option<LiveForm>,
    /// From when the request left until the answer was read.
    pub took: Duration,
}

impl Page {
    /// The démarche of the first dossier that could be read: a group's number does not give it.
    #[must_use]
    pub fn demarche(&self) -> Option<i64> {
        #[derive(Deserialize)]
        struct Belongs {
            demarche: OnlyNumber,
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

    /// The word of the antivirus in a dossier that exports tell of.
    pub const SCAN_OF_EXPORTS: &'static str = SCAN_OF_EXPORTS;

    /// A dossier as exports tell of it, in the shape of the API's answers.
    #[must_use]
    pub fn exported(number: i64, modified: Option<Timestamp>, body: &serde_json::Value) -> RawDossier {
        let text = serde_json::value::to_raw_value(body).map_err(|error| error.to_string());
        RawDossier { number: Some(number), cursor: None, modified, text }
    }

    /// The facts under a resolved form, or why the dossier must be set aside. `instructeur` is the address of the member in
    /// whose name vigie writes.
    ///
    /// # Errors
    /// The platform's reason, or the path of the shape that is not known.
    pub fn read(&self, form: &ResolvedForm, instructeur: Option<&str>) -> Result<Facts, String> {
        let text = self.text.as_ref().map_err(Clone::clone)?;
        let dossier: Dossier<'_> = shaped(text.get())?;
        if self.number.is_some_and(|number| number != dossier.number) {
            return Err(format!("dossier {} came in its place", dossier.number));
        }
        if let Some(lacks) = dossier.lacks() {
            return Err(lacks);
        }
        translate::facts(&dossier, form, instructeur).map_err(|bad| bad.to_string())
    }

    /// Sets the dossier aside, with the reason that the platform gave.
    pub fn reject(&mut self, why: &str) {
        self.text = Err(why.to_owned());
    }

    /// Hash of the received text and of `form`, the hash of the resolved form: equal hashes mean equal facts. `None`
    /// for a dossier without text.
    #[must_use]
    pub fn print(&self, form: &str) -> Option<String> {
        let text = self.text.as_ref().ok()?;
        let mut hasher = Sha256::new();
        hasher.update(form);
        hasher.update(text.get());
        Some(BASE64.encode(hasher.finalize()))
    }
}

/// One page of the list, without contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// In the platform's order, by date of last modification. A dossier that the platform could not name is left out.
    pub listed: Vec<Listed>,
    pub more: bool,
    /// Where the list goes on; `None` for an empty page.
    pub end: Option<String>,
}

/// The data of an answer to `ObserveDemarche` or `ObserveGroupe`.
#[derive(Deserialize)]
pub(super) struct PageData {
    perimetre: Perimetre,
    #[serde(default, deserialize_with = "given")]
    formulaire: Option<Option<FormRead>>,
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
    edges: Vec<Option<Edge>>,
    nodes: Option<Vec<Option<Box<RawValue>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing {
    page_info: PageInfo,
    edges: Vec<Option<Edge>>,
}

impl Listing {
    pub(super) fn into_page(self) -> ListPage {
        let edges = self.edges;
        // A platform that gives no end says it by its last item.
        let last = edges.iter().flatten().next_back().map(|edge| edge.cursor.clone());
        let listed = edges.into_iter().flatten().filter_map(|edge| {
            let node = edge.node?;
            Some(Listed { number: node.number, modified: node.modified(), place: edge.cursor })
        });
        let PageInfo { has_next_page, end_cursor } = self.page_info;
        ListPage { listed: listed.collect(), more: has_next_page, end: end_cursor.or(last) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tombstones {
    page_info: PageInfo,
    nodes: Vec<Option<OnlyNumber>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    #[serde(deserialize_with = "asked")]
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Edge {
    cursor: String,
    #[serde(deserialize_with = "asked")]
    node: Option<Numbered>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbered {
    number: i64,
    #[serde(deserialize_with = "asked")]
    date_derniere_modification: Option<String>,
}

/// What is read of a deleted dossier, and of one whose place in the list did not come.
#[derive(Deserialize)]
struct OnlyNumber {
    number: i64,
}

impl Numbered {
    fn modified(&self) -> Option<Timestamp> {
        self.date_derniere_modification.as_ref()?.parse().ok()
    }
}

/// A page from its answer.
///
/// # Errors
/// An error that is not about one dossier alone: nothing of the page may be kept.
pub(super) fn take_apart(answer: Answer<PageData>, ask: &Ask) -> Result<Page, Error> {
    let streams = answer.data.perimetre;
    let why = faults_by_rank(&answer.errors, &streams.dossiers, ask)?;
    if let Some(key) = lacks(&streams, answer.data.formulaire.is_some(), ask) {
        return Err(Error::later(format!("the answer lacks {key}")));
    }
    let edges = streams.dossiers.edges;
    let mut nodes = streams.dossiers.nodes.unwrap_or_default();
    let last = edges.iter().flatten().next_back().map(|edge| edge.cursor.clone());
    let dossiers = (0..edges.len().max(nodes.len())).map(|rank| {
        let edge = edges.get(rank).and_then(Option::as_ref);
        let listed = edge.and_then(|edge| edge.node.as_ref());
        let said = || why.iter().find(|(at, _)| *at == rank).map(|(_, why)| why.clone());
        let text = nodes.get_mut(rank).and_then(Option::take).filter(|_| said().is_none());
        let named = || text.as_ref().and_then(|text| serde_json::from_str::<OnlyNumber>(text.get()).ok());
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
        form: answer.data.formulaire.flatten().map(FormRead::live).transpose()?,
        took: answer.took,
    })
}

/// The part that was asked for and did not come. Taken for an empty list, it would cost dossiers: the cursor moves on.
fn lacks(streams: &Perimetre, form: bool, ask: &Ask) -> Option<&'static str> {
    let (gone, recents) = match &ask.streams {
        Streams::All { recents } => (true, recents.is_some()),
        Streams::Dossiers | Streams::List => (false, false),
    };
    let parts = [
        ("perimetre.dossiers.nodes", ask.streams != Streams::List, streams.dossiers.nodes.is_some()),
        ("perimetre.recents", recents, streams.recents.is_some()),
        ("perimetre.pendingDeletedDossiers", gone, streams.pending_deleted_dossiers.is_some()),
        ("perimetre.deletedDossiers", gone, streams.deleted_dossiers.is_some()),
        ("formulaire", ask.form_of.is_some(), form),
    ];
    parts.into_iter().find(|(_, wanted, came)| *wanted && !came).map(|(part, ..)| part)
}

fn has_more(stream: &Option<Tombstones>) -> bool {
    stream.as_ref().is_some_and(|stream| stream.page_info.has_next_page)
}

fn end(stream: &Option<Tombstones>) -> Option<String> {
    stream.as_ref()?.page_info.end_cursor.clone()
}

fn gone(stream: Option<Tombstones>, erased: bool) -> Vec<Gone> {
    let nodes = stream.into_iter().flat_map(|stream| stream.nodes);
    nodes.flatten().map(|gone| Gone { number: gone.number, erased }).collect()
}

fn recents(listing: Option<Listing>) -> (Vec<Listed>, Option<String>) {
    let Some(listing) = listing else { return (Vec::new(), None) };
    let more = listing.page_info.end_cursor.clone().filter(|_| listing.page_info.has_next_page);
    (listing.into_page().listed, more)
}

/// An error whose path names one dossier sets that dossier aside, by its rank. Any other error refuses the whole page, and
/// so do errors on all of its dossiers.
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
            PagePart::Dossier(rank) if !hurried => {
                if !aside.iter().any(|(at, _)| *at == rank) {
                    aside.push((rank, short(&error.message)));
                }
            }
            PagePart::Harmless => {}
            _ => return Err(meaning),
        }
    }
    let listed = dossiers.edges.len();
    match errors.first() {
        Some(error) if aside.len() > 1 && aside.len() >= listed => Err(error.meaning()),
        _ => Ok(aside),
    }
}
