//! The sections of `vigie.toml`, with their defaults (`interface.md` §2).

use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;

use jiff::civil::Date;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use label::case::DayOff;
use label::guide::calendar::Zone;

pub use super::bodies::BodySettings;
pub use super::documents::*;
pub use super::letterhead::{BeginSettings, SignatureSettings};
pub use super::network::NetworkSettings;
pub use super::oidc::OidcSettings;
use super::record::*;
pub use super::roles::RoleSettings;
pub use super::web::*;
use crate::dn::SectionKeys;
use crate::retry::{mails, passes};

/// `vigie.toml`, section by section (`interface.md` §2).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub dn: DnSettings,
    pub store: StoreSettings,
    pub mail: MailSettings,
    pub webhooks: Vec<WebhookSettings>,
    pub recipients: Recipients,
    /// Several certification bodies; empty where there is one.
    pub organismes: Vec<BodySettings>,
    pub act: Act,
    pub schedule: Schedule,
    pub web: Web,
    pub documents: DocumentSettings,
    pub exports: ExportSettings,
    pub evidence: EvidenceSettings,
    pub network: NetworkSettings,
    pub record: RecordSettings,
    pub form: FormSettings,
    pub guide: GuideSettings,
    /// Where relative paths start from.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The configuration file, where it holds a secret.
    #[serde(skip)]
    pub secret_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DnSettings {
    pub endpoint: String,
    pub token_file: Option<PathBuf>,
    pub token: Option<SecretString>,
    #[serde(deserialize_with = "date")]
    pub token_expires: Option<Date>,
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
    pub instructeur: Option<String>,
    /// Opens `POST /rappel/<secret>`, which the platform calls when a dossier changes its state.
    pub callback: bool,
    /// Requests to the platform in any minute, at most (400 is where it refuses).
    pub requests_per_minute: u32,
    /// Hosts that attachments may be fetched from, beside the endpoint's own.
    pub file_hosts: Vec<String>,
    pub begin: BeginSettings,
    /// Other démarches or groups read beside the first.
    pub also: Vec<DnAlso>,
}

/// One more démarche or group; what is left out is taken from `[dn]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DnAlso {
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
    pub endpoint: Option<String>,
    pub token_file: Option<PathBuf>,
    pub token: Option<SecretString>,
    #[serde(deserialize_with = "date")]
    pub token_expires: Option<Date>,
    pub instructeur: Option<String>,
    /// Its own `form.toml`: another démarche has another form.
    pub form: Option<PathBuf>,
    /// Where its keys are set, once it is complete.
    #[serde(skip)]
    pub keys: SectionKeys,
}

impl DnSettings {
    /// Every section, the first one first, each complete. None where nothing is to be read by the API.
    #[must_use]
    pub fn all(&self) -> Vec<DnAlso> {
        if self.demarche.is_none() && self.groupe.is_none() && self.also.is_empty() {
            return Vec::new();
        }
        let first = DnAlso {
            demarche: self.demarche,
            groupe: self.groupe,
            endpoint: Some(self.endpoint.clone()),
            token_file: self.token_file.clone(),
            token: self.token.clone(),
            token_expires: self.token_expires,
            instructeur: self.instructeur.clone(),
            form: None,
            keys: SectionKeys::default(),
        };
        let complete = |(rank, also): (usize, &DnAlso)| {
            let own_token = also.token.is_some() || also.token_file.is_some();
            let base = first.clone();
            DnAlso {
                endpoint: also.endpoint.clone().or(base.endpoint),
                token_file: if own_token { also.token_file.clone() } else { base.token_file },
                token: if own_token { also.token.clone() } else { base.token },
                token_expires: if own_token { also.token_expires } else { base.token_expires },
                instructeur: also.instructeur.clone().or(base.instructeur),
                keys: SectionKeys {
                    section: Some(rank),
                    token: own_token.then_some(rank),
                    endpoint: also.endpoint.as_ref().map(|_| rank),
                },
                ..also.clone()
            }
        };
        std::iter::once(first.clone()).chain(self.also.iter().enumerate().map(complete)).collect()
    }
}

impl Default for DnSettings {
    fn default() -> DnSettings {
        DnSettings {
            endpoint: "https://demarche.numerique.gouv.fr/api/v2/graphql".to_owned(),
            token_file: None,
            token: None,
            token_expires: None,
            demarche: None,
            groupe: None,
            instructeur: None,
            callback: false,
            requests_per_minute: 360,
            file_hosts: vec![
                "static.demarche.numerique.gouv.fr".to_owned(),
                "static.demarches-simplifiees.fr".to_owned(),
            ],
            begin: BeginSettings::default(),
            also: Vec::new(),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    pub url: String,
    /// The address of PostgreSQL itself, where `url` leads to a pooler. May hold a password.
    pub direct_url: Option<SecretString>,
}

/// A PostgreSQL address may hold a password.
impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.split(':').next().unwrap_or_default())?;
        f.write_str(if self.direct_url.is_some() { " with a direct address" } else { "" })
    }
}

impl Default for StoreSettings {
    fn default() -> StoreSettings {
        StoreSettings { url: "sqlite:vigie.db".to_owned(), direct_url: None }
    }
}

/// Largest number of separate mails to one reader in a day, unless `mail.per_day` says otherwise.
pub const MAILS_PER_DAY: u32 = 5;

/// Days for which mails to services leave from what is known of a section that cannot be read, unless `mail.known_days` says
/// otherwise.
pub const KNOWN_DAYS: u32 = 7;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    pub smtp: Option<SecretString>,
    pub from: Option<String>,
    pub reply_to: Option<String>,
    /// PEM of a private authority, for a server with a certificate of its own.
    pub ca_file: Option<PathBuf>,
    /// A folder, or a Maildir, into which the mails that come back are put.
    pub returned: Option<PathBuf>,
    /// Largest number of separate mails to one reader in a day; those above it are sent as one.
    pub per_day: u32,
    /// Days for which mails to services still leave from what is known of a section that cannot be read.
    pub known_days: u32,
    /// Connections to the server at once, at most.
    pub connections: NonZeroU32,
    /// When mails to services wait.
    pub quiet: QuietSettings,
    pub signature: SignatureSettings,
}

impl Default for MailSettings {
    fn default() -> MailSettings {
        MailSettings {
            smtp: None,
            from: None,
            reply_to: None,
            ca_file: None,
            returned: None,
            per_day: MAILS_PER_DAY,
            known_days: KNOWN_DAYS,
            connections: mails::CONNECTIONS,
            quiet: QuietSettings::default(),
            signature: SignatureSettings::default(),
        }
    }
}

/// When mails to services wait: by default at night, on weekends and on public holidays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuietSettings {
    /// Time zone of the hours.
    pub zone: String,
    /// « 19:00-08:00 »; empty: none.
    pub hours: String,
    /// Days of the week, and « feries »: the public holidays of each dossier's zone.
    pub days: Vec<String>,
}

impl Default for QuietSettings {
    fn default() -> QuietSettings {
        QuietSettings {
            zone: "Europe/Paris".to_owned(),
            hours: "19:00-08:00".to_owned(),
            days: ["Sat", "Sun", "feries"].map(str::to_owned).to_vec(),
        }
    }
}

/// A program that receives notices about labels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookSettings {
    /// May hold a token.
    pub url: Option<SecretString>,
    pub secret: Option<SecretString>,
    pub secret_file: Option<PathBuf>,
    /// Empty: all.
    pub events: Vec<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipients {
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} organisme, {} ditp", self.organisme.len(), self.ditp.len())
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Act {
    pub annotations: bool,
    pub mail: bool,
    pub messages: bool,
    pub since: Since,
}

impl Default for Act {
    fn default() -> Act {
        Act { annotations: true, mail: true, messages: false, since: Since::Start }
    }
}

/// Deadlines that ended before this day are shown, never mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The day of the first pass over this store.
    Start,
    On(Date),
}

impl<'de> Deserialize<'de> for Since {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Since, D::Error> {
        match String::deserialize(deserializer)?.trim() {
            "start" => Ok(Since::Start),
            text => text
                .parse()
                .map(Since::On)
                .map_err(|_| serde::de::Error::custom("expected \"start\" or a date such as 2027-01-04")),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    pub poll: String,
    pub morning: String,
    pub sweep: String,
    pub digest: String,
    pub monthly: String,
    /// Seconds that an action under way has to finish after a stop; then it is aborted.
    pub stop_within: u64,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule {
            poll: "0 */2 * * * *".to_owned(),
            morning: "0 0 6 * * *".to_owned(),
            sweep: "0 30 2 * * *".to_owned(),
            digest: "0 0 8 * * Mon-Fri".to_owned(),
            monthly: "0 0 7 1 * *".to_owned(),
            stop_within: passes::STOP_WITHIN.as_secs(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormSettings {
    pub path: PathBuf,
}

impl Default for FormSettings {
    fn default() -> FormSettings {
        FormSettings { path: PathBuf::from("form.toml") }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuideSettings {
    pub choices: PathBuf,
    /// Days that are not worked beside the public holidays (Mayotte's moving feasts).
    #[serde(deserialize_with = "days_off")]
    pub extra_holidays: Vec<DayOff>,
}

impl Default for GuideSettings {
    fn default() -> GuideSettings {
        GuideSettings { choices: PathBuf::from("choices.toml"), extra_holidays: Vec::new() }
    }
}

fn day<E: serde::de::Error>(text: &str) -> Result<Date, E> {
    text.trim().parse().map_err(|_| E::custom("expected a date such as 2027-06-30"))
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(&String::deserialize(deserializer)?).map(Some)
}

fn days_off<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DayOff>, D::Error> {
    Vec::<String>::deserialize(deserializer)?.iter().map(|text| day_off(text)).collect()
}

/// « 2027-03-10 » for all zones, « 2027-03-10 mayotte » for one.
fn day_off<E: serde::de::Error>(text: &str) -> Result<DayOff, E> {
    let text = text.trim();
    let (date, zone) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let zone = match zone.trim() {
        "" => None,
        name => Some(Zone::from_key(&name.replace('_', "-")).ok_or_else(|| {
            let zones: Vec<&str> = Zone::ALL.iter().map(|(_, key)| *key).collect();
            E::custom(format!("expected a date, then one of the zones {}", zones.join(", ")))
        })?),
    };
    Ok(DayOff { day: day(date)?, zone })
}
