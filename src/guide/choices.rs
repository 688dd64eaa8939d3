//! The guide's open questions (F-nn) that have a computable effect, as enums; the default is the reading we take.
//!
//! `config/choices.toml` says which reading is in force. A question whose readings change nothing is not here.

use serde::Deserialize;

/// F-06 — must a survey closed exactly six months before the audit be refused?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SurveyFreshness {
    /// « moins de 6 mois »: the exact day is too old. Satisfies both sentences of the guide.
    #[default]
    Strict,
    /// « dans les 6 mois précédant »: the exact day is still good.
    Inclusive,
}

/// F-35 — from when are the six months of the indicators counted?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IndicatorsMeasured {
    #[default]
    Deposit,
    Audit,
}

/// F-12 — « 6 mois échus » after a refusal: the same day of the month, or the day after?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reapplication {
    #[default]
    NextDay,
    SameDay,
}

/// The readings in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Choices {
    #[serde(rename = "F-06")]
    pub survey_freshness: SurveyFreshness,
    #[serde(rename = "F-12")]
    pub reapplication: Reapplication,
    #[serde(rename = "F-35")]
    pub indicators: IndicatorsMeasured,
}
