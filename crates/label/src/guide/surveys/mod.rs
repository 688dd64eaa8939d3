//! §3.4 — *Réalisation des enquêtes usagers et agents*.
//!
//! | file | what it holds |
//! |---|---|
//! | [`campaign`] | when a survey is launched, how old it may be, when another may start |
//! | [`questionnaires`] | which questionnaires are *recevables* |
//! | [`validity`] | how many of them a survey needs |
//! | [`kind`] | users or staff |
//! | [`marks`] | from the answers to the marks out of 100 |

pub mod campaign;
pub mod kind;
pub mod marks;
pub mod questionnaires;
pub mod validity;

pub use campaign::{FRESHNESS_MONTHS, Freshness, launch_advised, new_campaign_from, survey_freshness};
pub use kind::SurveyKind;
pub use marks::{AnswerCounts, StaffMarks, UserAnswers, UserMarks, staff_marks, user_marks};
pub use questionnaires::{Questionnaire, admissible};
pub use validity::{
    MIN_USER_ANSWERS, StaffClass, StaffSurveyFault, UserSurveyFault, staff_answers_required, staff_survey,
    user_survey,
};
