//! Démarche numérique, the platform: the only folder that speaks its API.
//!
//! It may name the review's types, never a rule and never the store. [`Dn`] sends typed operations (`queries`, made
//! from `graphql/`), [`translate`] makes [`Facts`] of what comes back, [`form`] resolves `form.toml`. Its errors say
//! what to do next.

pub mod form;
pub mod propose;
mod queries;
pub mod resolve;
mod translate;
mod transport;
mod write;

use graphql_client::GraphQLQuery;
use serde_json::Value as Json;

use crate::clock::Clock;
use crate::review::facts::Facts;
use form::{Descriptor, FieldType, LiveForm, ResolvedForm};
use queries::observe_groupe as page;
use transport::Answer;
pub use transport::{Counters, Endpoint};
pub use write::Written;

/// What went wrong, said as what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The platform or the network is not well: the same request may pass later.
    #[error("the platform cannot answer now: {why}")]
    Later { why: String, too_slow: bool },
    /// The platform refuses: a person must act.
    #[error("the platform refuses: {why}. Remedy: {remedy}")]
    Refused { why: String, remedy: String },
    /// What was known of the form or of the dossier no longer holds: read it again.
    #[error("the form or the dossier changed: {why}")]
    Changed { why: String },
}

impl Error {
    fn later(why: impl Into<String>) -> Error {
        Error::Later { why: why.into(), too_slow: false }
    }
}

/// Whose dossiers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
}

impl Scope {
    /// The name under which cursors are kept.
    #[must_use]
    pub fn key(&self) -> String {
        match (self.groupe, self.demarche) {
            (Some(groupe), _) => format!("groupe/{groupe}"),
            (None, Some(demarche)) => format!("demarche/{demarche}"),
            (None, None) => "none".to_owned(),
        }
    }
}

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

/// A dossier that could not be read, set aside with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Unknown when the platform could not even give the number.
    pub number: Option<i64>,
    pub why: String,
}

/// One page of the three streams.
#[derive(Debug, Default)]
pub struct Page {
    pub facts: Vec<Facts>,
    pub set_aside: Vec<SetAside>,
    pub gone: Vec<Gone>,
    /// Where to go on from; a null cursor of the platform never replaces one that is held.
    pub cursors: Cursors,
    pub more: bool,
}

/// The platform, pointed at by an address.
#[derive(Clone, Debug)]
pub struct Dn {
    endpoint: Endpoint,
    scope: Scope,
    instructeur: Option<String>,
}

/// A page as it came, before the form is known: the form may be in the same answer.
pub struct RawPage {
    perimetre: page::ObserveGroupePerimetre,
    nodes: Vec<Json>,
    errors: Vec<(usize, String)>,
    before: Cursors,
    pub form: Option<LiveForm>,
}

impl RawPage {
    /// The démarche of the first dossier that could be read: a group alone does not tell it.
    #[must_use]
    pub fn demarche(&self) -> Option<i64> {
        self.nodes.iter().find_map(|node| node.pointer("/demarche/number")?.as_i64())
    }
}

/// What one observation asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub cursors: Cursors,
    /// Fixed for ever once a first reading began: the cursors only mean something with it.
    pub since: jiff::Timestamp,
    /// 1 to 100.
    pub size: i64,
    /// The démarche whose form is wanted in the same answer.
    pub form_of: Option<i64>,
}

impl Dn {
    #[must_use]
    pub fn new(endpoint: Endpoint, scope: Scope, instructeur: Option<String>) -> Dn {
        Dn { endpoint, scope, instructeur }
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    #[must_use]
    pub fn counters(&self) -> &Counters {
        self.endpoint.counters()
    }

    /// One page of the three streams, and the form when asked for.
    ///
    /// # Errors
    /// As [`Error`]; on any error nothing of the page may be kept, and no cursor moves.
    pub async fn observe(&self, ask: &Ask, clock: &Clock) -> Result<RawPage, Error> {
        let variables = page::Variables {
            number: self.scope.groupe.or(self.scope.demarche).unwrap_or(0),
            first: ask.size.clamp(1, 100),
            since: ask.since.to_string(),
            after: ask.cursors.dossiers.clone(),
            pending_after: ask.cursors.pending.clone(),
            deleted_after: ask.cursors.deleted.clone(),
            demarche: ask.form_of.unwrap_or(0),
            with_form: ask.form_of.is_some(),
        };
        let mut body = to_json(&queries::ObserveGroupe::build_query(variables))?;
        if self.scope.groupe.is_none() {
            // The same selection under the same aliases: one type reads both.
            body["query"] = Json::from(queries::observe_demarche::QUERY);
            body["operationName"] = Json::from(queries::observe_demarche::OPERATION_NAME);
        }
        let answer = self.endpoint.send(&body, clock).await?;
        raw_page(answer, ask.cursors.clone(), ask.size)
    }

    /// The facts of a raw page under a resolved form.
    #[must_use]
    pub fn read(&self, raw: RawPage, form: &ResolvedForm) -> Page {
        let numbers = numbers(&raw.perimetre);
        let mut page = Page::default();
        for (index, node) in raw.nodes.into_iter().enumerate() {
            let number = numbers.get(index).copied().flatten();
            match self.read_node(node, form) {
                Ok(Some(facts)) => page.facts.push(facts),
                Ok(None) => {
                    let why = raw.errors.iter().find(|(at, _)| *at == index).map(|(_, why)| why.clone());
                    let why = why.unwrap_or_else(|| "the platform could not produce it".to_owned());
                    page.set_aside.push(SetAside { number, why });
                }
                Err(why) => page.set_aside.push(SetAside { number, why }),
            }
        }
        let streams = &raw.perimetre;
        let pending = streams.pending_deleted_dossiers.nodes.iter().flatten().flatten();
        page.gone.extend(pending.map(|gone| Gone { number: gone.number, erased: false }));
        let deleted = streams.deleted_dossiers.nodes.iter().flatten().flatten();
        page.gone.extend(deleted.map(|gone| Gone { number: gone.number, erased: true }));
        page.cursors = Cursors {
            dossiers: streams.dossiers.page_info.end_cursor.clone().or(raw.before.dossiers),
            pending: streams.pending_deleted_dossiers.page_info.end_cursor.clone().or(raw.before.pending),
            deleted: streams.deleted_dossiers.page_info.end_cursor.clone().or(raw.before.deleted),
        };
        page.more = streams.dossiers.page_info.has_next_page
            || streams.pending_deleted_dossiers.page_info.has_next_page
            || streams.deleted_dossiers.page_info.has_next_page;
        page
    }

    fn read_node(&self, node: Json, form: &ResolvedForm) -> Result<Option<Facts>, String> {
        if node.is_null() {
            return Ok(None);
        }
        let dossier: page::DossierRead = serde_path_to_error::deserialize(node)
            .map_err(|error| format!("unexpected answer at {}", error.path()))?;
        let facts = translate::facts(&dossier, form, self.instructeur.as_deref());
        facts.map(Some).map_err(|bad| bad.to_string())
    }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<Json, Error> {
    serde_json::to_value(value).map_err(|error| Error::Changed { why: error.to_string() })
}

/// Dossier numbers by place in the page: `edges` and `nodes` are the same list.
fn numbers(perimetre: &page::ObserveGroupePerimetre) -> Vec<Option<i64>> {
    let edges = perimetre.dossiers.edges.iter().flatten();
    edges.map(|edge| edge.as_ref().and_then(|edge| edge.node.as_ref()).map(|node| node.number)).collect()
}

/// Takes the nodes out before the rest is typed, so that one dossier of an unexpected shape costs that dossier.
fn raw_page(answer: Answer, before: Cursors, size: i64) -> Result<RawPage, Error> {
    let mut data = answer.data;
    let errors = single_node_errors(&answer.errors, &data, size)?;
    let nodes = match data.pointer_mut("/perimetre/dossiers/nodes").map(Json::take) {
        Some(Json::Array(nodes)) => nodes,
        _ => Vec::new(),
    };
    let typed: page::ResponseData = serde_path_to_error::deserialize(data)
        .map_err(|error| Error::later(format!("unexpected answer at {}", error.path())))?;
    let form = typed.formulaire.as_ref().map(live_form);
    Ok(RawPage { perimetre: typed.perimetre, nodes, errors, before, form })
}

/// An error whose path names one dossier sets that dossier aside; any other freezes the page.
fn single_node_errors(
    errors: &[transport::RootError],
    data: &Json,
    size: i64,
) -> Result<Vec<(usize, String)>, Error> {
    let mut aside = Vec::new();
    for error in errors {
        let place = error.node_index().filter(|index| {
            data.pointer(&format!("/perimetre/dossiers/nodes/{index}")).is_some_and(Json::is_null)
        });
        let meaning = error.meaning();
        // A dossier that the platform had no time for is not a bad one: fewer are asked for. Alone, it is set aside.
        let hurried = matches!(meaning, Error::Later { too_slow: true, .. }) && size > 1;
        match place {
            Some(index) if !hurried => aside.push((index, error.message.clone())),
            None if error.is_harmless() => {}
            _ => return Err(meaning),
        }
    }
    Ok(aside)
}

fn live_form(form: &page::ObserveGroupeFormulaire) -> LiveForm {
    LiveForm {
        demarche: form.number,
        title: form.title.clone(),
        revision: form.revision.id.clone(),
        champs: form.revision.champ_descriptors.iter().map(descriptor).collect(),
        annotations: form.revision.annotation_descriptors.iter().map(descriptor).collect(),
    }
}

/// The two levels of a form have types of their own in the generated code: one arm each, the same words.
macro_rules! field_type {
    ($on:expr, $kind:ident) => {
        match $on {
            page::$kind::TextChampDescriptor => FieldType::Text,
            page::$kind::TextareaChampDescriptor => FieldType::Textarea,
            page::$kind::EmailChampDescriptor => FieldType::Email,
            page::$kind::IntegerNumberChampDescriptor => FieldType::IntegerNumber,
            page::$kind::DecimalNumberChampDescriptor => FieldType::DecimalNumber,
            page::$kind::DateChampDescriptor => FieldType::Date,
            page::$kind::DatetimeChampDescriptor => FieldType::Datetime,
            page::$kind::YesNoChampDescriptor => FieldType::YesNo,
            page::$kind::CheckboxChampDescriptor => FieldType::Checkbox,
            page::$kind::PieceJustificativeChampDescriptor => FieldType::PieceJustificative,
            page::$kind::SiretChampDescriptor => FieldType::Siret,
            page::$kind::DossierLinkChampDescriptor => FieldType::DossierLink,
            page::$kind::DepartementChampDescriptor => FieldType::Departement,
            page::$kind::DropDownListChampDescriptor(_) => FieldType::DropDownList,
            page::$kind::RepetitionChampDescriptor { .. } => FieldType::Repetition,
            page::$kind::Unknown => FieldType::Other,
        }
    };
}

fn descriptor(field: &page::DescriptorRead) -> Descriptor {
    use page::DescriptorReadOn as On;
    use page::DescriptorReadOnRepetitionChampDescriptorChampDescriptorsOn as CellOn;
    let options = match &field.on {
        On::DropDownListChampDescriptor(list) => list.options.clone().unwrap_or_default(),
        _ => Vec::new(),
    };
    let cells = match &field.on {
        On::RepetitionChampDescriptor(block) => block.champ_descriptors.as_deref().unwrap_or_default(),
        _ => &[],
    };
    let children = cells.iter().map(|cell| Descriptor {
        id: cell.id.clone(),
        label: cell.label.clone(),
        kind: field_type!(&cell.on, DescriptorReadOnRepetitionChampDescriptorChampDescriptorsOn),
        options: match &cell.on {
            CellOn::DropDownListChampDescriptor(list) => list.options.clone().unwrap_or_default(),
            _ => Vec::new(),
        },
        children: Vec::new(),
    });
    Descriptor {
        id: field.id.clone(),
        label: field.label.clone(),
        kind: field_type!(&field.on, DescriptorReadOn),
        options,
        children: children.collect(),
    }
}
