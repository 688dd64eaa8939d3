//! The names of cases in open files. A case has the number of its first dossier, which the public does not read; its name is
//! that number under a key which is made once and kept in the store.

use hmac::{Hmac, KeyInit, Mac};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::Sha256;

use super::pools::{Pools, Result, on};
use super::sql;

/// Name of the key among the settings.
const KEY: &str = "register_key";

/// Gives the names; the same as long as the store is kept.
#[derive(Clone)]
pub struct Identifiers(Hmac<Sha256>);

impl std::fmt::Debug for Identifiers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identifiers")
    }
}

impl Identifiers {
    /// `sp-` and twelve hexadecimal digits.
    #[must_use]
    pub fn of(&self, case_id: i64) -> String {
        let mut mac = self.0.clone();
        mac.update(&case_id.to_be_bytes());
        let hex = mac.finalize().into_bytes().into_iter().take(6).map(|byte| format!("{byte:02x}"));
        format!("sp-{}", hex.collect::<String>())
    }

    /// The key of this store, made by whoever asks first.
    pub(super) async fn kept(pools: &Pools) -> Result<Identifiers> {
        let mut bytes = [0; 32];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| sqlx::Error::Io(std::io::Error::other("the machine has no random numbers")))?;
        let fresh: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        const READ: &str = "select value from settings where name = $1";
        const MADE: &str = "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing";
        let mut row: Option<(String,)> =
            on!(pools, pool => sql::query_as(READ).bind(KEY).fetch_optional(pool).await)?;
        if row.is_none() {
            on!(pools, pool => sql::query(MADE).bind(KEY).bind(&fresh).execute(pool).await.map(|_| ()))?;
            // Another process may have been first.
            row = on!(pools, pool => sql::query_as(READ).bind(KEY).fetch_optional(pool).await)?;
        }
        let key = row.map_or(fresh, |(key,)| key);
        let mac = Hmac::new_from_slice(key.as_bytes());
        Ok(Identifiers(mac.map_err(|_| sqlx::Error::Io(std::io::Error::other("the key has no length")))?))
    }
}
