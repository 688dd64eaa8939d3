//! `/healthz`: the process lives. `/readyz`: the store answers and the last complete reading is recent.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::ToSpan;

use super::Window;

pub async fn alive() -> &'static str {
    "alive\n"
}

pub async fn ready(State(window): State<Window>) -> (StatusCode, String) {
    let last = match window.book.store.setting("last_pass").await {
        Ok(last) => last.and_then(|text| text.parse::<jiff::Timestamp>().ok()),
        Err(error) => {
            tracing::error!("readyz: {error}");
            return (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read\n".to_owned());
        }
    };
    let oldest = window.book.clock.now().saturating_sub(30.minutes()).unwrap_or(jiff::Timestamp::MIN);
    match last {
        Some(at) if at >= oldest => (StatusCode::OK, format!("last complete pass {at}\n")),
        Some(at) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("last complete pass {at}, more than 30 minutes ago\n"))
        }
        None => (StatusCode::SERVICE_UNAVAILABLE, "no complete pass yet\n".to_owned()),
    }
}
