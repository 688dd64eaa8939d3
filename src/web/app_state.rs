//! What every page needs: the case book, the templates, who may see what. `AppState` is what axum calls it.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::Html;
use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::{Environment, Value, context};
use tokio::sync::{Notify, Semaphore};

use super::access::viewing::Access;
use super::api::pace::Pace;
use super::counted::Counted;
use super::demo::control::Demo;
use super::menu::Menu;
use super::page_error::PageError;
use super::site::Site;
use super::templates::{templates, turns_text};
use crate::activity::Activity;
use crate::casebook::CaseBook;
use crate::retry::{api, pages};
use crate::store::Store;
use label::case::facts::Facts;
use label::outgoing::Platform;
use label::wording::legal;

/// How many requests of each kind were sent.
pub type Requests = Arc<dyn Fn() -> Vec<(&'static str, u64)> + Send + Sync>;

/// What every page needs.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub book: CaseBook,
    pub scope: String,
    templates: Arc<Environment<'static>>,
    /// Where dossiers are seen on the platform.
    platform: Arc<Platform>,
    pub demo: Option<Arc<Demo>>,
    pub access: Arc<Access>,
    /// Whom the open pages come from.
    pub(super) site: Arc<Site>,
    /// The domain of our mails: what identifies a deadline in calendars is the same in both.
    pub domain: String,
    /// Last days of the tokens in use.
    pub token_ends: Vec<Date>,
    /// Brings the next pass forward, where the platform may call.
    pub wake: Option<Arc<Notify>>,
    /// Brings the next pass forward once a person decided something; none without passes.
    pub soon: Option<Arc<Notify>>,
    /// When these pages began to be served.
    pub started: Timestamp,
    /// What the pass of this process does; none without passes.
    pub activity: Option<Arc<Activity>>,
    /// The requests to the platform that this process sent, by what they asked for.
    pub requests: Option<Requests>,
    pub(super) counted: Counted,
    /// How often each program reads the API.
    pub(super) pace: Arc<Pace>,
    /// Pages that may still be begun.
    pub(super) at_once: Arc<Semaphore>,
    /// The path under which browsers see the pages: empty, or « /vigie ».
    pub(super) root: Arc<str>,
}

impl AppState {
    /// # Errors
    /// When a template is not one, which a test would have seen.
    pub fn new(
        store: Store,
        book: CaseBook,
        scope: String,
        demo: Option<Arc<Demo>>,
    ) -> Result<AppState, minijinja::Error> {
        let (access, counted) = (Arc::new(Access::open()), Counted::default());
        let (templates, platform) = (Arc::new(templates("")?), Arc::default());
        let (root, site) = (Arc::from(""), Arc::default());
        let (domain, token_ends) = ("vigie".to_owned(), Vec::new());
        let started = book.clock.now();
        let pace = Arc::new(Pace::new(api::PER_MINUTE));
        let at_once = Arc::new(Semaphore::new(pages::AT_ONCE));
        Ok(AppState {
            store,
            book,
            scope,
            templates,
            platform,
            demo,
            access,
            site,
            domain,
            token_ends,
            wake: None,
            soon: None,
            started,
            activity: None,
            requests: None,
            counted,
            pace,
            at_once,
            root,
        })
    }

    /// The same pages, shown to those who may see them only.
    #[must_use]
    pub fn behind(self, access: Access) -> AppState {
        AppState { access: Arc::new(access), ..self }
    }

    /// The same pages, whose API answers each program so many requests a minute.
    #[must_use]
    pub fn paced(self, per_minute: u32) -> AppState {
        AppState { pace: Arc::new(Pace::new(per_minute)), ..self }
    }

    /// The same pages, under a path of a host that shows other things too.
    ///
    /// # Errors
    /// When a template is not one, which a test would have seen.
    pub fn under(mut self, root: &str) -> Result<AppState, minijinja::Error> {
        self.templates = Arc::new(templates(root)?);
        self.root = Arc::from(root);
        Ok(self)
    }

    /// The pages say whom they come from.
    #[must_use]
    pub fn from_site(self, site: Site) -> AppState {
        AppState { site: Arc::new(site), ..self }
    }

    /// Where readers find us, without a final slash: `web.base`, or the name by which a request came in.
    pub(super) fn base(&self, headers: &HeaderMap) -> String {
        if let Some(base) = &self.access.hosts.base {
            return base.as_str().trim_end_matches('/').to_owned();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}{}", self.root)
    }

    /// A text that is no page: without the frame of one.
    pub(super) fn plain(&self, template: &str, values: Value) -> Result<String, minijinja::Error> {
        let mut text = self.templates.get_template(template)?.render(values)?;
        text.retain(|c| !turns_text(c));
        Ok(text)
    }

    /// One of our addresses, as browsers see it.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// The page of an error, without the clock of the demo.
    pub(super) fn error_page(&self, values: Value) -> Result<Html<String>, minijinja::Error> {
        let accessibility = legal::accessibility_title(self.site.accessibility);
        let frame = context! { page => "", demo => false, menu => Menu::now().value(), accessibility };
        self.templates.get_template("error.html")?.render(context! { ..values, ..frame }).map(Html)
    }

    /// Pages link to the platform.
    #[must_use]
    pub fn with_platform(mut self, platform: Platform) -> AppState {
        self.platform = Arc::new(platform);
        self
    }

    /// The instructor's page of a dossier; `None` when no endpoint is known, or the dossier left the platform.
    pub(super) fn platform_page(&self, facts: &Facts) -> Option<String> {
        if facts.gone {
            return None;
        }
        self.platform_address(facts.demarche, facts.number)
    }

    pub(super) fn platform_address(&self, demarche: i64, dossier: i64) -> Option<String> {
        self.platform.examined(demarche, dossier)
    }

    pub(super) fn render(
        &self,
        template: &str,
        page: &str,
        values: Value,
    ) -> Result<Html<String>, PageError> {
        let clock = self.demo.as_ref().map(|demo| demo.clock_view(&self.book.clock));
        let menu = Menu::now().value();
        let accessibility = legal::accessibility_title(self.site.accessibility);
        let frame = context! { page, demo => self.demo.is_some(), clock => clock, menu, accessibility };
        let values = context! { ..values, ..frame };
        let mut page = self.templates.get_template(template)?.render(values)?;
        page.retain(|c| !turns_text(c));
        Ok(Html(page))
    }
}
