//! The filters that the work list and the list of labels share: read from the address, kept in every link.

use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::lines_of::LinesOf;
use crate::store::narrowed::{AUDITOR, Filter};
use label::Tier;
use label::case::Service;
use label::folding::folded;
use label::judge::agenda::{Obligation, Role};
use label::life::State as LabelState;
use label::wording::{self, boards, lists, names};

/// Bodies offered in the list: more would not be a list to choose from.
const ORGANISMES: i64 = 200;
const DEPARTEMENTS: i64 = 150;
const RULES: i64 = 200;
const AUDITORS: i64 = 500;
/// An unknown word in the address: no finding is of that rule.
const NO_RULE: &str = "?";
/// Lines are counted up to this number; above it, the page says that there are more.
pub const MOST: i64 = 1000;
/// Characters of a search.
const MAX_TEXT: usize = 100;
/// Characters of one filter in an address that we write.
const MAX_WORD: usize = 150;

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
    /// Who audits.
    #[serde(default)]
    pub auditeur: String,
    /// Who must act: the word of a reader.
    #[serde(default)]
    pub qui: String,
    /// O-nn.
    #[serde(default)]
    pub obligation: String,
    /// A rule of which something is to be looked at.
    #[serde(default)]
    pub constat: String,
    /// The first and the last day on which something is due.
    #[serde(default)]
    pub du: String,
    #[serde(default)]
    pub au: String,
    /// Which part of the list alone.
    #[serde(default)]
    pub vue: String,
    /// After which line.
    #[serde(default)]
    pub apres: String,
}

impl ListQuery {
    /// An unknown word in the address finds nothing, rather than everything; so does another body's name for the people of
    /// one, who find what is theirs.
    ///
    /// # Errors
    /// When a day is none.
    pub fn filter(&self, viewer: &Viewer) -> Result<Filter, PageError> {
        let (who, obligation) = (Role::from_key(&self.qui), Obligation::from_code(&self.obligation));
        let theirs = self.organisme.is_empty() || viewer.sees(&self.organisme);
        let unknown = (who.is_none() && !self.qui.is_empty())
            || (obligation.is_none() && !self.obligation.is_empty())
            || !theirs;
        let rule = if unknown { NO_RULE } else { self.constat.as_str() };
        let (from, to) = (asked_day(Some(&self.du))?, asked_day(Some(&self.au))?);
        Ok(Filter {
            text: self.texte.chars().take(MAX_TEXT).collect(),
            state: self.etape.clone(),
            organisme: viewer.body.clone().unwrap_or_else(|| self.organisme.clone()),
            type_key: self.r#type.clone(),
            tier: self.palier.clone(),
            departement: self.departement.clone(),
            auditor: self.auditeur.chars().take(AUDITOR).collect(),
            rule: rule.to_owned(),
            lines: LinesOf { who, obligation, from, to },
            ..Filter::default()
        })
    }

    pub fn is_narrowed(&self) -> bool {
        self.words().iter().any(|(_, word)| !word.is_empty())
    }

    /// Each filter: its name in the address, and what was typed.
    fn words(&self) -> [(&'static str, &str); 12] {
        [
            ("texte", &self.texte),
            ("etape", &self.etape),
            ("organisme", &self.organisme),
            ("type", &self.r#type),
            ("palier", &self.palier),
            ("departement", &self.departement),
            ("auditeur", &self.auditeur),
            ("qui", &self.qui),
            ("obligation", &self.obligation),
            ("constat", &self.constat),
            ("du", &self.du),
            ("au", &self.au),
        ]
    }

    /// The addresses of the same list as files.
    pub fn files(&self, page: &str, vue: &str) -> Value {
        let file = |kind: &str| self.link(&format!("{page}.{kind}"), vue, "");
        context! { csv => file("csv"), xlsx => file("xlsx") }
    }

    /// The same filters in an address, with another view and place.
    pub fn link(&self, page: &str, vue: &str, apres: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let words = self.words().into_iter().chain([("vue", vue), ("apres", apres)]);
        for (name, word) in words.map(|(name, word)| (name, short(word))).filter(|(_, word)| !word.is_empty())
        {
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
        let auditors = app.store.work().auditors(viewer.body.as_deref(), AUDITORS).await?;
        let chosen = folded(&self.auditeur);
        let auditors =
            auditors.iter().map(|name| option(name, name, if folded(name) == chosen { name } else { "" }));
        let who = [Role::Organisme, Role::Candidat, Role::Ditp];
        let who = who.into_iter().map(|role| option(role.key(), names::role(role), &self.qui));
        let obligations =
            Obligation::ALL.iter().map(|one| option(one.code(), names::obligation(*one), &self.obligation));
        let rules = app.store.work().rules_found(viewer.body.as_deref(), RULES).await?;
        let rules = rules.iter().map(|rule| option(rule, &lists::rule(rule), &self.constat));
        let more = [&self.auditeur, &self.qui, &self.obligation, &self.constat, &self.du, &self.au];
        Ok(context! {
            who => who.collect::<Vec<_>>(),
            obligations => obligations.collect::<Vec<_>>(),
            rules => rules.collect::<Vec<_>>(),
            auditors => auditors.collect::<Vec<_>>(),
            du => self.du.as_str(),
            au => self.au.as_str(),
            more => more.iter().any(|word| !word.is_empty()),
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

/// What comes back in an address is bounded.
fn short(word: &str) -> &str {
    let end = word.char_indices().nth(MAX_WORD).map_or(word.len(), |(end, _)| end);
    word.get(..end).unwrap_or_default()
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
