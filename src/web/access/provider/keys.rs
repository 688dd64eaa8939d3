//! The provider's keys, kept for a while.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;

use super::http::Http;
use crate::retry;
use crate::web::access::oidc::Refusal;

/// The keys that were read last, and when.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<Option<(Timestamp, Vec<Jwk>)>>);

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl Keys {
    /// Those that are kept, unless they are old.
    pub(super) fn kept(&self, now: Timestamp) -> Option<Vec<Jwk>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, keys) = kept.as_ref()?;
        let age = now.duration_since(*read);
        (!age.is_negative() && age < retry::pages::PROVIDER_KEYS).then(|| keys.clone())
    }

    /// Those that the provider has now. One that is of an unknown kind does not take the others with it.
    pub(super) async fn read(&self, http: &Http, address: &str, now: Timestamp) -> Result<Vec<Jwk>, Refusal> {
        let published: Published = http.read("its keys", address).await?;
        let keys: Vec<Jwk> =
            published.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, keys.clone()));
        Ok(keys)
    }
}
