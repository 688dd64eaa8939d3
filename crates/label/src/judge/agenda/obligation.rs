//! The obligations of part C of the catalogue, in its order.

use serde::Serialize;

use super::role::Role;

macro_rules! obligations {
    ($($name:ident $code:literal $rule:literal $section:literal $soft:literal;)*) => {
        /// An obligation of part C.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Obligation {
            $(
                /// A line of part C: `reference` gives its id, its rule and its section of the guide.
                $name,
            )*
        }

        impl Obligation {
            /// Every obligation, in the order of part C.
            pub const ALL: &'static [Obligation] = &[$(Obligation::$name,)*];

            /// Id in part C, rule, guide's section.
            #[must_use]
            pub fn reference(self) -> (&'static str, &'static str, &'static str) {
                match self { $(Obligation::$name => ($code, $rule, $section),)* }
            }

            /// True when nobody can be late: advice, an indicative delay (F-20), the opening or the end of a phase.
            #[must_use]
            pub fn is_soft(self) -> bool {
                match self { $(Obligation::$name => $soft,)* }
            }
        }
    };
}

obligations! {
    Launch "O-01" "R-3.4-c" "3.4" true;
    SurveyFresh "O-02" "R-3.4-a" "3.4" true;
    SelfAssessmentFresh "O-03" "R-3.5.1-e" "3.5.1" true;
    Deposit "O-04" "R-3.5.1-k" "3.5.1" false;
    Acknowledge "O-05" "R-3.5.2-c" "3.5.2" true;
    Complements "O-06" "R-3.5.2-d" "3.5.2" false;
    Plan "O-07" "R-3.7.1-b" "3.7.1" false;
    Report "O-08" "R-3.7.1-f" "3.7.1" false;
    Observations "O-09" "R-3.7.1-g" "3.7.1" true;
    Decide "O-10" "R-3.8-a" "3.8" true;
    Notify "O-11" "R-3.8.1-b" "3.8.1" true;
    List "O-12" "R-3.8.1-e" "3.8.1" true;
    Reapply "O-13" "R-3.8.1-g" "3.8.1" true;
    NewCampaign "O-14" "R-3.4-f" "3.4" true;
    Prepare "O-15" "R-3.9.1-a" "3.9.1" true;
    FollowUp "O-16" "R-3.9.1-b" "3.9.1" false;
    RequestFollowUp "O-17" "R-3.9.1-e" "3.9.1" false;
    SelfAssessment "O-18" "R-3.9.1-c" "3.9.1" true;
    FollowUpSurveys "O-19" "R-3.9.1-d" "3.9.1" true;
    AttachedSurveys "O-20" "R-3.9.2-f" "3.9.2" false;
    YearlySurveys "O-21" "R-2.2.2-e" "2.2.2" true;
    PrepareCentral "O-22" "R-3.9.2-b" "3.9.2" true;
    Sample "O-23" "R-3.9.2-a" "3.9.2" true;
    FollowUpCentral "O-24" "R-3.9.2-d" "3.9.2" false;
    ThreeQuarters "O-25" "R-3.9.2-g" "3.9.2" true;
    ActionPlan "O-26" "R-3.9.1-i" "3.9.1" false;
    Suspension "O-27" "R-5.3.1-h" "5.3.1" false;
    TellDitp "O-28" "R-5.3.1-g" "5.3.1" true;
    Publish "O-29" "R-5.3.1-f" "5.3.1" true;
    Unlist "O-30" "R-5.3.2-h" "5.3.2" true;
    MarkStops "O-31" "R-5.3.2-f" "5.3.2" true;
    Renewal "O-32" "R-3.10-a" "3.10" true;
    End "O-33" "R-2.3-a" "2.3" true;
    AttachedFollowUp "O-34" "R-3.8.2-e" "3.8.2" false;
    ConditionalFollowUp "O-35" "R-5.3.2-g" "5.3.2" false;
    Habilitation "O-36" "R-1.2-a" "1.2" true;
    Expiring "O-37" "DN" "3.5.1" true;
    NotifyEnd "O-38" "R-5.3.2-i" "5.3.2" false;
}

impl Obligation {
    /// Its id in part C, « O-nn ».
    #[must_use]
    pub fn code(self) -> &'static str {
        self.reference().0
    }

    /// The obligation of that code, « O-nn ».
    #[must_use]
    pub fn from_code(code: &str) -> Option<Obligation> {
        Obligation::ALL.iter().copied().find(|obligation| obligation.code() == code)
    }

    /// Who must do it (part C, the first of « Who »); a central service counts as a candidate.
    #[must_use]
    pub fn owner(self) -> Role {
        match self {
            Obligation::Acknowledge
            | Obligation::Plan
            | Obligation::Report
            | Obligation::Decide
            | Obligation::Notify
            | Obligation::FollowUp
            | Obligation::Sample
            | Obligation::FollowUpCentral
            | Obligation::AttachedFollowUp
            | Obligation::ConditionalFollowUp
            | Obligation::TellDitp
            | Obligation::Expiring
            | Obligation::NotifyEnd => Role::Organisme,
            Obligation::List | Obligation::Publish | Obligation::Unlist | Obligation::Habilitation => {
                Role::Ditp
            }
            _ => Role::Candidat,
        }
    }

    /// True for a date that the guide sets. False for advice, indicative delays (F-20) and dates of the platform, which are
    /// shown but never as the next deadline.
    #[must_use]
    pub fn is_of_the_guide(self) -> bool {
        !matches!(
            self,
            Obligation::Launch
                | Obligation::SurveyFresh
                | Obligation::SelfAssessmentFresh
                | Obligation::Acknowledge
                | Obligation::Decide
                | Obligation::Notify
                | Obligation::List
                | Obligation::FollowUpSurveys
                | Obligation::YearlySurveys
                | Obligation::TellDitp
                | Obligation::Publish
                | Obligation::Habilitation
                | Obligation::Expiring
        )
    }

    /// True for what follows from a decision: the life of a label, or a refusal. False for an application and its audit.
    #[must_use]
    pub fn follows_a_decision(self) -> bool {
        !matches!(
            self,
            Obligation::Launch
                | Obligation::SurveyFresh
                | Obligation::SelfAssessmentFresh
                | Obligation::Deposit
                | Obligation::Acknowledge
                | Obligation::Complements
                | Obligation::Plan
                | Obligation::Report
                | Obligation::Observations
                | Obligation::Decide
                | Obligation::NewCampaign
                | Obligation::RequestFollowUp
                | Obligation::FollowUpSurveys
                | Obligation::Habilitation
                | Obligation::Expiring
        )
    }

    /// True when a reminder after the day is of no use: the phase is over, or the advice is outdated.
    #[must_use]
    pub fn fades(self) -> bool {
        self.is_soft()
            && !matches!(
                self,
                Obligation::End
                    | Obligation::MarkStops
                    | Obligation::Reapply
                    | Obligation::Unlist
                    | Obligation::Renewal
            )
    }
}

#[cfg(test)]
mod tests {
    use super::Obligation;
    use crate::guide::Rule;

    #[test]
    fn each_obligation_has_its_code_and_a_rule_that_exists() {
        let codes: Vec<&str> = Obligation::ALL.iter().map(|obligation| obligation.code()).collect();
        let expected: Vec<String> = (1..=38).map(|n| format!("O-{n:02}")).collect();
        assert_eq!(codes, expected);
        for obligation in Obligation::ALL {
            let (code, rule, section) = obligation.reference();
            assert!(rule == "DN" || Rule::find(rule).is_some(), "{code}: {rule}");
            assert!(!section.is_empty());
        }
    }
}
