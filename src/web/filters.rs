//! The filters that the work list and the list of labels share: read from the address, kept in every link.

use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::narrowed::Filter;
use label::Tier;
use label::case::Service;
use label::life::State as LabelState;
use label::wording::{self, boards, names};

/// Bodies offered in the list: more would not be a list to choose from.
const ORGANISMES: i64 = 200;
const DEPARTEMENTS: i64 = 150;
/// Lines are counted up to this number; above it, the page says that there are more.
pub const MOST: i64 = 1000;
/// Characters of a search.
const MAX_TEXT: usize = 100;

/// As typed in the form, or in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    pub texte: String,
    #[serde(default)]
    pub etape: String,
    #[serde(default)]
    pub organisme: String,
    #[serde(default)]
    pub r#type: String,
    #[serde(default)]
    pub palier: String,
    #[serde(default)]
    pub departement: String,
    /// Which part of the list alone.
    #[serde(default)]
    pub vue: String,
    /// After which line.
    #[serde(default)]
    pub apres: String,
}

impl ListQuery {
    /// An unknown word in the address finds nothing, rather than everything. The people of one body find what is theirs,
    /// whichever body the address names.
    pub fn filter(&self, viewer: &Viewer) -> Filter {
        Filter {
            text: self.texte.chars().take(MAX_TEXT).collect(),
            state: self.etape.clone(),
            organisme: viewer.body.clone().unwrap_or_else(|| self.organisme.clone()),
            type_key: self.r#type.clone(),
            tier: self.palier.clone(),
            departement: self.departement.clone(),
        }
    }

    pub fn is_narrowed(&self) -> bool {
        let words =
            [&self.texte, &self.etape, &self.organisme, &self.r#type, &self.palier, &self.departement];
        words.iter().any(|word| !word.is_empty())
    }

    /// The same filters in an address, with another view and place.
    pub fn link(&self, page: &str, vue: &str, apres: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let words = [
            ("texte", self.texte.as_str()),
            ("etape", &self.etape),
            ("organisme", &self.organisme),
            ("type", &self.r#type),
            ("palier", &self.palier),
            ("departement", &self.departement),
            ("vue", vue),
            ("apres", apres),
        ];
        for (name, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
            query.append_pair(name, word);
        }
        let query = query.finish();
        if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
    }

    /// What the form shows: each list with what is chosen in it.
    pub async fn form(&self, app: &AppState, viewer: &Viewer) -> Result<Value, PageError> {
        let option = |value: &str, label: &str, chosen: &str| {
            context! { value, label, chosen => value == chosen }
        };
        let states =
            LabelState::ALL.iter().map(|(state, key)| option(key, wording::state(*state), &self.etape));
        let services = [
            ("local_independant", Service::LocalIndependant),
            ("local_rattache", Service::LocalRattache),
            ("central", Service::Central),
        ];
        let types =
            services.into_iter().map(|(key, service)| option(key, names::service(service), &self.r#type));
        let tiers = Tier::ALL.into_iter().map(|tier| option(tier.key(), wording::tier(tier), &self.palier));
        let bodies = match viewer.body {
            Some(_) => Vec::new(),
            None => app.store.work().organismes(ORGANISMES).await?,
        };
        let bodies = bodies.iter().map(|name| option(name, name, &self.organisme));
        let departements = app.store.work().departements(viewer.body.as_deref(), DEPARTEMENTS).await?;
        let departements = departements.iter().map(|name| option(name, name, &self.departement));
        Ok(context! {
            departements => departements.collect::<Vec<_>>(),
            texte => self.texte.chars().take(MAX_TEXT).collect::<String>(),
            states => states.collect::<Vec<_>>(),
            organismes => bodies.collect::<Vec<_>>(),
            types => types.collect::<Vec<_>>(),
            tiers => tiers.collect::<Vec<_>>(),
            vue => self.vue.as_str(),
            narrowed => self.is_narrowed(),
        })
    }
}

/// Our word for a case's state, as it is stored.
pub fn state_word(key: &str) -> Option<&'static str> {
    LabelState::ALL.iter().find(|(_, name)| *name == key).map(|(state, _)| wording::state(*state))
}

pub fn tier_word(key: Option<&str>) -> Option<&'static str> {
    key.and_then(Tier::from_key).map(wording::tier)
}

/// The day in an address; `None` when there is none.
///
/// # Errors
/// When the text is no day: the page says how to write one.
pub(super) fn asked_day(text: Option<&str>) -> Result<Option<Date>, PageError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| PageError::BadAddress(boards::not_a_day(text)))).transpose()
}
