//! How fresh the pages are: a list that looks right and is a day old would mislead.

use axum::http::HeaderName;
use jiff::Timestamp;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use super::templates::moment;
use crate::retry::pages;
use crate::store::exported::{PICTURE, SCOPE};
use label::paris_date;
use label::wording::{boards, exports, freshness};

/// For readers outside: how old what they read is, and nothing of what fails here.
pub async fn outside(app: &AppState) -> Result<Value, PageError> {
    if app.scope == SCOPE {
        return of_exports(app, None).await;
    }
    let last = app.store.settings().read::<Timestamp>("last_pass").await?;
    let age = last.map(|at| app.book.clock.now().duration_since(at));
    let (class, text) = match age.map(|age| boards::ago(age.as_mins())) {
        None => ("never", boards::never_read().to_owned()),
        Some(ago) if age > Some(pages::FRESH) && app.demo.is_none() => ("stale", boards::reading_old(&ago)),
        Some(ago) => ("fresh", boards::reading_fresh(&ago, app.demo.is_some())),
    };
    Ok(context! { class, text, read => last.is_some() })
}

/// The state of the reading: fresh, never done, old, or failing since.
pub async fn state(app: &AppState) -> Result<Value, PageError> {
    if app.scope == SCOPE {
        let error = app.store.settings().get("last_error").await?.filter(|text| !text.is_empty());
        return of_exports(app, error).await;
    }
    let store = &app.store;
    let last = store.settings().read::<Timestamp>("last_pass").await?;
    let error = store.settings().get("last_error").await?.filter(|text| !text.is_empty());
    let age = last.map(|at| app.book.clock.now().duration_since(at));
    let ago = age.map(|age| boards::ago(age.as_mins()));
    let (class, text) = match (ago, error) {
        (None, None) => ("never", boards::never_read().to_owned()),
        (ago, Some(error)) => ("failing", boards::reading_fails(ago.as_deref(), &error)),
        (Some(ago), None) if age > Some(pages::FRESH) && app.demo.is_none() => {
            ("stale", boards::reading_old(&ago))
        }
        (Some(ago), None) => ("fresh", boards::reading_fresh(&ago, app.demo.is_some())),
    };
    Ok(context! { class, text, read => last.is_some() })
}

/// What a file says of the reading, as the pages tell this viewer.
pub(super) struct Told {
    class: String,
    /// The sentence of the pages.
    pub(super) text: String,
}

impl Told {
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn to(app: &AppState, viewer: &Viewer) -> Result<Told, PageError> {
        match viewer.role {
            Some(_) => Ok(Told::of(app, &state(app).await?)),
            None => Told::outside(app).await,
        }
    }

    /// What anybody may read, whoever asks: what fails here is not in it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn outside(app: &AppState) -> Result<Told, PageError> {
        Ok(Told::of(app, &outside(app).await?))
    }

    /// A file is read later than it is made: the sentence of the page, which counts from now, has its day and hour.
    fn of(app: &AppState, told: &Value) -> Told {
        let word = |name: &str| told.get_attr(name).ok().and_then(|word| word.as_str().map(str::to_owned));
        let text = boards::said_at(&word("text").unwrap_or_default(), &moment(app.book.clock.now()));
        Told { class: word("class").unwrap_or_default(), text }
    }

    /// What ends the name of a file: nothing when the reading is fresh.
    pub(super) fn suffix(&self) -> &'static str {
        freshness::reading_suffix(&self.class)
    }

    /// For programs: one word.
    pub(super) fn word(&self) -> &'static str {
        freshness::reading_word(&self.class)
    }
}

/// The header of a file that holds [`Told::word`]: a CSV file and an array have no other place for it.
pub(super) const READING: HeaderName = HeaderName::from_static("vigie-lecture");

/// Without a token, what is shown is as old as the last export.
async fn of_exports(app: &AppState, error: Option<String>) -> Result<Value, PageError> {
    let picture = app.store.settings().read::<Timestamp>(PICTURE).await?.map(paris_date);
    let today = app.book.today();
    let text =
        picture.map_or_else(|| exports::NEVER.to_owned(), |picture| exports::freshness(picture, today));
    let is_old = picture.is_some_and(|picture| (today - picture).get_days() >= exports::REMINDED_EVERY);
    let (class, text) = match (picture, error) {
        (_, Some(error)) => ("failing", format!("{text} {}", boards::reading_fails(None, &error))),
        (None, None) => ("never", text),
        (Some(_), None) => (if is_old { "stale" } else { "fresh" }, text),
    };
    Ok(context! { class, text, read => picture.is_some() })
}
