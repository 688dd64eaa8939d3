//! The guide's open questions (F-nn) that have a computable effect, as enums. The default is the recommended reading.
//!
//! `config/choices.toml` sets the reading in force; [`QUESTIONS`] lists every question with its readings, and
//! [`ONE_READING`] the questions without an enum, each with what holds. The first variant of each enum is recommended.

use serde::{Deserialize, Serialize};

/// An open question of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// « F-06 »: its id in part F of the catalogue, and its key in `choices.toml`.
    pub id: &'static str,
    /// The guide's section.
    pub section: &'static str,
    /// What is open, in English, on one line.
    pub asks: &'static str,
    /// The words of `choices.toml`, the recommended one first.
    pub readings: &'static [&'static str],
}

macro_rules! questions {
    ($($name:ident $field:ident $id:literal $section:literal $asks:literal {
        $(#[$first_doc:meta])* $first:ident $first_key:literal,
        $($(#[$doc:meta])* $reading:ident $key:literal,)+
    })+) => {
        $(
            #[doc = concat!($id, " — ", $asks)]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            pub enum $name {
                #[default]
                $(#[$first_doc])*
                #[serde(rename = $first_key)]
                $first,
                $($(#[$doc])* #[serde(rename = $key)] $reading,)+
            }

            impl $name {
                /// The word of `choices.toml`.
                #[must_use]
                pub fn key(self) -> &'static str {
                    match self { $name::$first => $first_key, $($name::$reading => $key,)+ }
                }
            }
        )+

        /// The readings in force.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Choices {
            $(#[doc = concat!($id, ", §", $section)] #[serde(rename = $id)] pub $field: $name,)+
        }

        impl Choices {
            /// Each question with the word of the reading in force, in order.
            #[must_use]
            pub fn in_force(&self) -> Vec<(&'static str, &'static str)> {
                vec![$(($id, self.$field.key()),)+]
            }
        }

        /// Every open question whose readings change a result.
        pub const QUESTIONS: &[Question] = &[
            $(Question { id: $id, section: $section, asks: $asks, readings: &[$first_key, $($key,)+] },)+
        ];
    };
}

questions! {
    EngagementScore engagement_score "F-01" "3.7.1" "how do the control points of several sites make a score?" {
        /// Plain mean of the applicable points, all sites together.
        AllSites "all-sites",
        /// A mean per site, then the mean of the sites.
        PerSite "per-site",
    }
    SurveyAveraging averaging "F-02" "3.4.1, 3.4.2" "in which order are the answers of a survey averaged?" {
        /// Question, then engagement, then the nine notes: « même poids à chaque engagement ».
        ByQuestion "by-question",
        /// All the answers of an engagement together.
        Pooled "pooled",
    }
    QuestionBase question_base "F-03" "3.4.1" "« plus de 50 % des questions »: which questions?" {
        /// Those that are scored: 15 for users, 11 for staff.
        Scored "scored",
        /// The questions on the respondent's profile too.
        All "all",
    }
    UsersInvited users_invited "F-04" "3.4.1" "do people reached by QR code or paper count as « sollicités »?" {
        /// Only those written to; the rate may pass 100 %.
        Mailed "mailed",
        /// The candidate's estimate of the others is added.
        WithComplements "with-complements",
    }
    StaffClassBase staff_class "F-05" "3.4.2" "is the head-count class taken on the staff concerned or on the staff invited?" {
        /// The staff in direct or indirect contact with users, invited or not.
        Concerned "concerned",
        /// The staff who were sent the survey.
        Invited "invited",
    }
    SurveyFreshness survey_freshness "F-06" "3.4, 3.5.1" "must a survey closed exactly six months before the audit be refused?" {
        /// « moins de 6 mois »: the exact day is too old. Satisfies both sentences of the guide.
        Strict "strict",
        /// « dans les 6 mois précédant »: the exact day is still good.
        Inclusive "inclusive",
    }
    AuditDays audit_days "F-07" "3.5.1, 3.7.1" "which days are « les dates d'audit » when several sites are visited?" {
        /// The first day of the first site and the last day of the last one.
        Whole "whole-audit",
        /// Each site has its own.
        EachSite "each-site",
    }
    PlanDays plan_days "F-08" "3.7.1" "ten working days before the visit: is the tenth day good, or must ten full days pass?" {
        /// The tenth working day before the first visit day is the last good one.
        Tenth "tenth",
        /// The *variante franche*.
        Eleventh "eleventh",
    }
    PlainDays plain_days "F-09" "3.7.1" "are the 21 and 10 « jours » calendar days or working days?" {
        /// Calendar days; an end on a day off is extended to the next working day (R-X-6).
        Calendar "calendar",
        /// Working days of the zone, so that the end is always one.
        Working "working",
    }
    WindowBounds window_bounds "F-10" "3.9.1, 3.9.2" "are the bounds of a follow-up window counted from T or from the notification?" {
        /// T − 2 and T + 2 months: « entourant la date théorique ».
        AroundTheory "around-theory",
        /// For T = notification + 18 months: notification + 16 and + 20 months.
        FromNotification "from-notification",
    }
    LastDay last_day "F-11" "2.3" "is the same day three years later the last valid day?" {
        /// Yes: the label is valid through that day.
        SameDay "same-day",
        /// No: the day before is.
        DayBefore "day-before",
    }
    Reapplication reapplication "F-12" "3.8.1" "« 6 mois échus » after a refusal: from the day after, or from the same day of the month?" {
        /// From the day after: the six months must be over.
        NextDay "next-day",
        /// From the same day of the month, six months later.
        SameDay "same-day",
    }
    CentralMajority majority "F-13" "2.2.2" "which majority of the labelled locals gives the central's tier?" {
        /// The highest tier that strictly more than half hold or exceed.
        Cumulative "cumulative",
        /// The tier held by the greatest number; a tie gives the lower one.
        Plurality "plurality",
    }
    SupplementBase supplement_base "F-14" "3.9.2" "75 % with additional locals: of all the audited, or of the first sample?" {
        /// Of all the audited: each additional local counts as audited too.
        AllAudited "all-audited",
        /// Of the first sample alone.
        InitialSample "initial-sample",
    }
    ExhaustedPool exhausted_pool "F-15" "3.9.2" "when fewer locals than the sample were never audited, who is drawn?" {
        /// All that are left, and an alert.
        AllLeft "all-left",
        /// All that are left, completed by locals already audited.
        Again "again",
    }
    BelowHeld below_held "F-16" "3.9.1" "a follow-up below the tier held, but at Bronze or above" {
        /// The guide has no downgrade.
        ActionPlan "action-plan",
        /// The label is confirmed in the tier held.
        Confirm "confirm",
        /// The tier becomes the one that the marks give.
        Downgrade "downgrade",
    }
    LowerMajority lower_majority "F-17" "3.9.2" "a central whose locals' majority is lower than its tier" {
        /// Tier kept, with an alert.
        Keep "keep",
        /// Tier lowered to that of the majority, with an alert.
        Lower "lower",
        /// Tier kept, and an action plan asked for, with an alert.
        ActionPlan "action-plan",
    }
    SelfAssessmentYear self_assessment_year "F-18" "3.9.1" "« chaque année » for the self-assessment" {
        /// Twelve months after the one before, counted from the first.
        Rolling "rolling",
        /// By 31 December of each year.
        Calendar "calendar-year",
    }
    AttachedSurveys attached_surveys "F-19" "2.2.2, 3.9.2" "surveys of an attached local: once within 18 months, or each year?" {
        /// Once, within 18 months of the end of the initial audit (R-3.9.2-f).
        EighteenMonths "18-months",
        /// Within 12 months of the last survey, or of the end of the initial audit when no survey is known.
        Yearly "yearly",
    }
    SuspensionStart suspension_start "F-21" "5.3.1" "from when do the twelve months of a suspension run?" {
        /// From the effective date that the body writes, else from the notification.
        Effective "effective",
        /// From the notification, whatever effective date the body writes.
        Notification "notification",
    }
    MarkAfterExpiry mark_after_expiry "F-22" "5.3.2" "does a label that simply expires leave two months to remove the mark?" {
        /// Yes, as a withdrawal does (R-5.3.2-f).
        TwoMonths "two-months",
        /// No: the last valid day is the last day of the mark.
        AtOnce "at-once",
    }
    RenewalStart renewal_start "F-23" "3.10" "when does the period of a renewed label start?" {
        /// The day after the old end, or the decision when it comes later.
        AfterOldEnd "after-old-end",
        /// The day of the decision, even before the old end.
        Decision "decision",
    }
    AfterCentralWithdrawal after_central_withdrawal "F-25" "5.3.2" "when is a local followed up once its central was withdrawn?" {
        /// At its own eighteen months when they lie ahead, else six months later.
        OwnDate "own-date",
        /// Always six months after the central lost its label.
        SixMonths "six-months",
    }
    PendingCentral pending_central "F-26" "3.8.2" "does the local's 18-month clock run while the central's procedure is under way?" {
        /// It runs: a follow-up is owed as if the central were not labelled.
        Runs "runs",
        /// It does not: no follow-up is owed meanwhile.
        Waits "waits",
    }
    FollowUpSurveys follow_up_surveys "F-28" "3.9.1" "must the surveys of a follow-up be less than six months old?" {
        /// Any day since the initial audit: freshness is asked « pour l'audit initial » only.
        SinceInitial "since-initial",
        /// Yes: closed after the initial audit and less than six months before the follow-up.
        SixMonths "six-months",
    }
    HolidaysOf holidays_of "F-29" "3.7.1" "whose public holidays count?" {
        /// Those of the audited site's département.
        Site "audited-site",
        /// The eleven national ones, wherever the site is.
        Metropole "metropole",
    }
    CountingYear counting_year "F-32" "2.2.2" "« l'année en cours », « une même année »" {
        /// The cycle's year: from the first local audit to the central's decision.
        Cycle "cycle",
        /// The calendar year of the central's decision, up to that day.
        Calendar "calendar-year",
    }
    CentralClock central_clock "F-34" "3.9.2" "are a central's follow-ups counted from the notification or from the initial audit?" {
        /// From the notification of the label.
        Notification "notification",
        /// From the last visit day of the initial audit.
        InitialAudit "initial-audit",
    }
    IndicatorsMeasured indicators "F-35" "3.5.1" "from when are the six months of the indicators counted?" {
        /// At the deposit of the file, the stricter one.
        Deposit "deposit",
        /// At the first audit day.
        Audit "audit",
    }
}

/// The open questions that nobody has to choose a reading of: those that change no computation, each with why, and those of
/// which the recommended reading alone is implemented.
pub const ONE_READING: &[(&str, &str)] = &[
    ("F-20", "no delay is written: the targets are settings of the daemon"),
    ("F-24", "the certification body states the end of an extension in each dossier"),
    ("F-27", "the delay of an appeal stands in each service contract"),
    ("F-30", "a late deposit is told and never sanctioned"),
    ("F-31", "misprints of the guide"),
    ("F-33", "how long the platform keeps a file"),
    // Of the next nine, the recommended reading is what the judgement does.
    ("F-36", "an invalid survey: the tier is shown under reserve and the label is not proposed"),
    ("F-37", "a central's expiry counts as its withdrawal for its locals"),
    ("F-38", "« palier atteint en année N » is that of the year's locals, not the tier held"),
    ("F-39", "the form counts self-assessments per local service, not per contact point"),
    ("F-40", "the form holds one number of attached locals: that of the day of the draw"),
    ("F-41", "a local refused, then labelled in one year counts once, with its last result"),
    ("F-42", "the old tier and a suspension stand until the renewed period starts"),
    ("F-43", "the conditional window closes at T + 2 months, as in 3.9.1"),
    ("F-44", "an attached local is extended or raised at its own request only, by an audit"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_first_reading() {
        for (question, (id, reading)) in QUESTIONS.iter().zip(Choices::default().in_force()) {
            assert_eq!((question.id, question.readings[0]), (id, reading));
        }
    }

    #[test]
    fn every_reading_is_read_by_its_word() {
        for question in QUESTIONS {
            for reading in question.readings {
                let choices: Choices = toml::from_str(&format!("{} = \"{reading}\"", question.id)).unwrap();
                assert!(choices.in_force().contains(&(question.id, reading)), "{} {reading}", question.id);
            }
        }
    }

    #[test]
    fn an_unknown_question_or_reading_is_refused_by_name() {
        let refused = |text: &str| toml::from_str::<Choices>(text).unwrap_err().to_string();
        assert!(refused("F-99 = \"strict\"").contains("unknown field `F-99`"));
        assert!(
            refused("F-06 = \"lax\"").contains("unknown variant `lax`, expected `strict` or `inclusive`")
        );
        assert!(refused("F-06 = 6").contains("F-06"));
    }
}
