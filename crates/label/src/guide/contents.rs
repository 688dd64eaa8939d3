//! The table of contents of the rules: every id of the catalogue, in the guide's order.
//!
//! `tests/it/guide_contents.rs` checks it against the catalogue, and `tests/it/guide_reached.rs` that real cases name it.

use super::rule::{Basis, Rule, RuleKind};

impl Rule {
    /// The rule of that id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.id == id)
    }
}

macro_rules! basis {
    (letter) => {
        Basis::Letter
    };
    (choice $question:literal) => {
        Basis::Choice($question)
    };
    (both $question:literal) => {
        Basis::Both($question)
    };
}

macro_rules! kind {
    (computed) => {
        RuleKind::Computed
    };
    (entered) => {
        RuleKind::Entered
    };
    (informative) => {
        RuleKind::Informative
    };
    (planned) => {
        RuleKind::Planned
    };
}

macro_rules! rules {
    ($($id:literal $section:literal [$($basis:tt)+] $kind:ident $carried_by:literal $sentence:literal;)*) => {
        /// Every rule of the catalogue, in the guide's order.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id,
            section: $section,
            basis: basis!($($basis)+),
            kind: kind!($kind),
            carried_by: $carried_by,
            sentence: $sentence,
        },)*];
    };
}

rules! {
    "R-X-1" "A.X" [choice "A.X"] computed "calendar::paris_date" "Every deadline is a civil date in Paris.";
    "R-X-2" "A.X" [choice "F-09"] computed "calendar::add_days"
        "Plain days are calendar days; the starting day does not count.";
    "R-X-3" "A.X" [choice "F-10"] computed "calendar::add_months"
        "Months run to the same day of the month, else to its last, from the original date.";
    "R-X-4" "A.X" [choice "F-29"] computed "calendar::is_working"
        "Working days are Monday to Friday, save the zone's public holidays.";
    "R-X-5" "A.X" [choice "F-08"] computed "calendar::working_days_before"
        "A backward deadline excludes the event's day and is never rolled forward.";
    "R-X-6" "A.X" [choice "F-09"] computed "calendar::next_working"
        "A forward deadline that ends on a weekend or holiday is extended to the next working day.";
    "R-X-7" "A.X" [choice "A.X"] computed "score::holds"
        "At least takes the bound itself; more than and less than do not.";
    "R-X-8" "A.X" [choice "A.X"] computed "score::truncated"
        "Nothing is rounded before it is compared; what is displayed is cut.";
    "R-X-9" "A.X" [choice "A.X"] computed "score::ceil_share" "Rounding up happens only where the guide writes it.";
    "R-X-10" "A.X" [choice "A.X"] computed "calendar::is_late"
        "A deadline ends at midnight in Paris, at the end of its day.";
    "R-0-a" "0" [letter] informative ""
        "The programme binds the State's services, and local authorities that volunteer.";
    "R-0-b" "0" [letter] informative ""
        "Five perception and three performance indicators are displayed and published.";
    "R-0-c" "0" [letter] informative "" "Publication on the platform is not required of local authorities.";
    "R-0-d" "0" [letter] informative "" "Applying for the label is voluntary.";
    "R-1.1-a" "1.1" [letter] informative ""
        "The DITP owns the mark and keeps the list of labelled services up to date.";
    "R-1.2-a" "1.2" [letter] computed "actors::habilitation_renewal"
        "The board renews a certification body's habilitation after five years.";
    "R-1.3-a" "1.3" [letter] informative ""
        "The certification body audits, decides, and reports to the DITP.";
    "R-1.3-b" "1.3" [letter] informative ""
        "The certification body is accredited for ISO/IEC 17021 or 17065.";
    "R-1.3-c" "1.3" [letter] informative ""
        "Auditors know the public sector, are impartial and trained to the scheme.";
    "R-1.4-a" "1.4" [letter] informative ""
        "Eligible services are those of annexe 3, or added to it on request.";
    "R-1.4-b" "1.4" [letter] informative ""
        "A local's perimeter is every site and service in contact with users.";
    "R-1.4-c" "1.4" [letter] entered "sites" "A main site plans for the secondary sites.";
    "R-1.4-d" "1.4" [letter] computed "perimeter::basic_perimeter_faults"
        "A local authority applies for its general reception, its basic domains and options.";
    "R-1.4-e" "1.4" [letter] informative ""
        "An authority of special status agrees its perimeter with the certification body.";
    "R-2.1-a" "2.1" [letter] computed "tiers::missing_components"
        "The local label needs an audit, a users' survey and a staff survey.";
    "R-2.2.1-a" "2.2.1" [letter] computed "tiers::bronze_asks"
        "Bronze: 50 for each engagement and the staff, 70 for the users.";
    "R-2.2.1-b" "2.2.1" [letter] computed "tiers::argent_asks"
        "Argent: 65 for each engagement and the staff, 80 for the users.";
    "R-2.2.1-c" "2.2.1" [letter] computed "tiers::or_asks"
        "Or: 80 for each engagement, the Or criteria and the staff, 90 for the users.";
    "R-2.2.1-d" "2.2.1" [letter] computed "tiers::local_tier"
        "The tier is the highest whose every criterion is met, without compensation.";
    "R-2.2.1-e" "2.2.1" [both "F-01"] entered "score_or"
        "Control points and Or criteria are always all audited.";
    "R-2.2.2-a" "2.2.2" [both "F-13"] computed "central::majority"
        "A central's tier is that of the majority of the locals labelled in the year.";
    "R-2.2.2-b" "2.2.2" [letter] computed "central::labelled_required"
        "Three quarters of the locals audited in the year are labelled, rounded up.";
    "R-2.2.2-c" "2.2.2" [letter] computed "central::self_assessments_missing"
        "Each local of a central makes a self-assessment each year.";
    "R-2.2.2-d" "2.2.2" [letter] computed "central::points_reached"
        "Three quarters of the central's control points are validated, without rounding.";
    "R-2.2.2-e" "2.2.2" [both "F-19"] computed "central::survey_proofs_missing"
        "Follow-ups show the yearly surveys of the locals already labelled.";
    "R-2.3-a" "2.3" [both "F-11"] computed "decision::last_valid_day"
        "The label is valid for three years from the day it was obtained.";
    "R-2.3-b" "2.3" [letter] informative "" "The label gives the right to use the mark.";
    "R-2.3-c" "2.3" [letter] informative "" "The service is entered in the public list.";
    "R-3.1-a" "3.1" [letter] entered "autodiagnostic_rapport"
        "A local makes a self-assessment before any audit and sends its results.";
    "R-3.1-b" "3.1" [letter] entered "autodiagnostics_fournis"
        "A central has deployed the programme in all its locals before applying.";
    "R-3.1-c" "3.1" [letter] computed "sample::sample_size"
        "Each year at least the square root of the number of locals, rounded up, are audited.";
    "R-3.1-d" "3.1" [letter] informative "" "The central itself is audited each year.";
    "R-3.1-e" "3.1" [letter] informative "" "Locals to be audited or already labelled run both surveys.";
    "R-3.2-a" "3.2" [letter] entered "organisme"
        "The certification body is chosen among the habilitated ones, for three years.";
    "R-3.3-a" "3.3" [letter] computed "draw::draw"
        "The certification body draws the sites to audit at random.";
    "R-3.4-a" "3.4" [both "F-06"] computed "surveys::campaign::survey_freshness"
        "Surveys of an initial audit closed less than six months before it.";
    "R-3.4-b" "3.4" [letter] informative "" "Access to the survey forms is asked of the DITP by e-mail.";
    "R-3.4-c" "3.4" [letter] computed "surveys::campaign::launch_advised"
        "Surveys are best launched two months before the audit.";
    "R-3.4-d" "3.4" [letter] informative ""
        "The DITP tells the return rates; the candidate decides to close.";
    "R-3.4-e" "3.4" [letter] entered "enquete_usagers_rapport"
        "The results of the surveys are put in the file.";
    "R-3.4-f" "3.4" [both "F-12"] computed "surveys::campaign::new_campaign_from"
        "After marks too low, the forms may be asked for again six months after the closing.";
    "R-3.4.1-a" "3.4.1" [letter] informative ""
        "The users' survey covers every site and channel of the applicant.";
    "R-3.4.1-b" "3.4.1" [letter] informative ""
        "It is sent to a representative sample of the users of the last twelve months.";
    "R-3.4.1-c" "3.4.1" [letter] informative "" "It stays open as long as the applicant wishes.";
    "R-3.4.1-d" "3.4.1" [letter] entered "methode_echantillon"
        "The applicant shows that the sample is representative.";
    "R-3.4.1-e" "3.4.1" [letter] informative "" "Sphinx is mandatory; QR code and paper may complete it.";
    "R-3.4.1-f" "3.4.1" [both "F-03"] computed "surveys::questionnaires::admissible"
        "An admissible questionnaire is finished, with more than half of its questions answered.";
    "R-3.4.1-g" "3.4.1" [both "F-04"] computed "surveys::validity::user_survey"
        "At least 50 admissible answers and 5 % of the users invited.";
    "R-3.4.1-h" "3.4.1" [letter] computed "surveys::marks::answer_points"
        "An answer is worth 0, 0.25, 0.75 or 1.";
    "R-3.4.1-i" "3.4.1" [both "F-02"] computed "surveys::marks::engagement_note"
        "An engagement's note is the mean of its questions.";
    "R-3.4.1-j" "3.4.1" [both "F-02"] computed "surveys::marks::user_marks"
        "The users' mark is the mean of eight engagements and the global satisfaction.";
    "R-3.4.1-k" "3.4.1" [both "F-02"] computed "surveys::marks::question_note"
        "An answer « non concerné » neutralises the question.";
    "R-3.4.1-l" "3.4.1" [letter] entered "usagers_sollicites"
        "The report states how many were invited; the auditor verifies it.";
    "R-3.4.2-a" "3.4.2" [both "F-05"] computed "surveys::validity::staff_left_out"
        "The staff survey goes to all the staff in contact with users.";
    "R-3.4.2-b" "3.4.2" [letter] informative "" "Neither paper nor QR code is foreseen for staff.";
    "R-3.4.2-c" "3.4.2" [both "F-03"] computed "surveys::questionnaires::staff_admissible"
        "The same test of admissibility, on eleven questions.";
    "R-3.4.2-d" "3.4.2" [both "F-05"] computed "surveys::validity::staff_survey"
        "A return rate and a minimum, by class of head-count.";
    "R-3.4.2-e" "3.4.2" [both "F-02"] computed "surveys::marks::staff_marks"
        "The staff's mark is the mean of the eleven questions.";
    "R-3.4.2-f" "3.4.2" [both "F-02"] computed "surveys::marks::staff_notes"
        "An answer « non concerné » neutralises the question.";
    "R-3.4.2-g" "3.4.2" [letter] entered "agents_concernes"
        "The synthesis states the number of staff in contact with users.";
    "R-3.5.1-a" "3.5.1" [letter] entered "nom_structure"
        "The file tells who applies, with which body and which certificates.";
    "R-3.5.1-b" "3.5.1" [letter] entered "organigramme" "The file holds the organisation chart.";
    "R-3.5.1-c" "3.5.1" [letter] entered "plan_formation"
        "The file holds the training plans of this year and the year before the audit.";
    "R-3.5.1-d" "3.5.1" [letter] entered "methode_echantillon" "The file tells the sampling method.";
    "R-3.5.1-e" "3.5.1" [letter] computed "application::self_assessment_age"
        "The self-assessment was done within the twelve months before the audit.";
    "R-3.5.1-f" "3.5.1" [letter] informative "" "Reserved.";
    "R-3.5.1-g" "3.5.1" [both "F-06"] entered "enquete_usagers_cloture"
        "The file tells the dates and results of both surveys.";
    "R-3.5.1-h" "3.5.1" [letter] entered "plan_actions" "The file holds the improvement plan.";
    "R-3.5.1-i" "3.5.1" [both "F-35"] computed "application::indicators_since"
        "Quality indicators have been in place for six months at least.";
    "R-3.5.1-j" "3.5.1" [letter] informative "" "Reports follow the normalised formats.";
    "R-3.5.1-k" "3.5.1" [both "F-07"] computed "application::deposit_limit"
        "The file is sent at the latest one month before the audit.";
    "R-3.5.2-a" "3.5.2" [letter] entered "contrat_signe"
        "The body checks that the service contract is signed.";
    "R-3.5.2-b" "3.5.2" [letter] informative ""
        "The body checks that the file is complete and its reports valid.";
    "R-3.5.2-c" "3.5.2" [both "F-20"] informative "" "The body acknowledges receipt on the platform.";
    "R-3.5.2-d" "3.5.2" [letter] computed "application::complements_limit"
        "Complements are sent before the visit.";
    "R-3.5.2-e" "3.5.2" [letter] computed "audit::plan_sent_early" "No audit plan is sent while the file is incomplete.";
    "R-3.6-a" "3.6" [letter] informative ""
        "The auditor agrees dates, sites and missing documents with the candidate.";
    "R-3.7.1-a" "3.7.1" [letter] computed "audit::plan_allowed"
        "The audit plan comes only once the file is complete.";
    "R-3.7.1-b" "3.7.1" [both "F-08"] computed "audit::plan_limit"
        "The plan is sent at least ten working days before the visit.";
    "R-3.7.1-c" "3.7.1" [letter] informative "" "The audit rests on evidence, observation and interviews.";
    "R-3.7.1-d" "3.7.1" [both "F-01"] computed "grid::from_value"
        "A control point is worth 0, 0.25, 0.75 or 1.";
    "R-3.7.1-e" "3.7.1" [letter] informative "" "The closing meeting gives the first findings.";
    "R-3.7.1-f" "3.7.1" [both "F-09"] computed "audit::report_due"
        "The report comes within 21 days after the visit.";
    "R-3.7.1-g" "3.7.1" [both "F-09"] computed "audit::observations_due"
        "The candidate has ten days from receipt for observations.";
    "R-3.7.1-h" "3.7.1" [letter] computed "audit::ready_for_decision"
        "The complete report then goes to the body for decision.";
    "R-3.7.2-a" "3.7.2" [letter] computed "central::may_be_audited"
        "The central is audited after its locals, their results known.";
    "R-3.7.2-b" "3.7.2" [both "F-08"] computed "audit::central_plan_limit"
        "The central's plan is sent ten working days before too.";
    "R-3.7.2-c" "3.7.2" [letter] computed "grid::central_point" "A central's control point is yes or no.";
    "R-3.7.2-d" "3.7.2" [both "F-09"] computed "audit::central_report_due"
        "The central's report comes within 21 days too.";
    "R-3.7.2-e" "3.7.2" [both "F-09"] computed "audit::corrective_actions_due"
        "The central has ten days from receipt to propose corrective actions.";
    "R-3.7.2-f" "3.7.2" [letter] informative "" "The report is not issued again.";
    "R-3.7.2-g" "3.7.2" [letter] informative "" "The auditor judges the proposals, then the body decides.";
    "R-3.8-a" "3.8" [both "F-20"] entered "decision"
        "The decision belongs to the certification body, without a deadline.";
    "R-3.8.1-a" "3.8.1" [letter] entered "notification_le" "The body informs the labelled service.";
    "R-3.8.1-b" "3.8.1" [letter] informative ""
        "It sends the final report, the decision and the attestation.";
    "R-3.8.1-c" "3.8.1" [letter] entered "sites" "The attestation names each covered site.";
    "R-3.8.1-d" "3.8.1" [letter] entered "central_dossier"
        "Inside a central's scheme, the central gets a copy of the attestation.";
    "R-3.8.1-e" "3.8.1" [letter] informative "" "The DITP updates the public list.";
    "R-3.8.1-f" "3.8.1" [letter] computed "decision::proposal"
        "Thresholds not reached: the application is rejected, with reasons.";
    "R-3.8.1-g" "3.8.1" [both "F-12"] computed "decision::may_reapply_from"
        "A refused service may apply again after six full months.";
    "R-3.8.2-a" "3.8.2" [letter] informative ""
        "A labelled central's attestation lists its labelled locals, tier and year.";
    "R-3.8.2-b" "3.8.2" [letter] informative "" "The DITP updates the public list.";
    "R-3.8.2-c" "3.8.2" [both "F-12"] computed "decision::central_may_reapply_from"
        "A refused central may apply again after the same six months.";
    "R-3.8.2-d" "3.8.2" [letter] computed "attached::keeps_label"
        "Locals keep their label when their central is not labelled.";
    "R-3.8.2-e" "3.8.2" [both "F-26"] computed "attached::follow_up_without_central"
        "They are then followed up at eighteen months, unless the central is labelled.";
    "R-3.9-a" "3.9" [letter] informative "" "A follow-up checks every point and may raise the tier.";
    "R-3.9.1-a" "3.9.1" [letter] computed "follow_up::local::local_preparation"
        "A local prepares its follow-up twelve months after the labelling.";
    "R-3.9.1-b" "3.9.1" [both "F-10"] computed "follow_up::local::local_window"
        "A local is followed up at eighteen months, two months before or after.";
    "R-3.9.1-c" "3.9.1" [both "F-18"] computed "follow_up::local::yearly_self_assessments"
        "A self-assessment is made every year.";
    "R-3.9.1-d" "3.9.1" [both "F-28"] computed "follow_up::local::follow_up_survey"
        "Both surveys are made between the initial audit and the follow-up.";
    "R-3.9.1-e" "3.9.1" [both "F-28"] computed "follow_up::local::request_limit"
        "The follow-up is requested like the initial audit.";
    "R-3.9.1-f" "3.9.1" [letter] informative "" "A follow-up rests on the three components again.";
    "R-3.9.1-g" "3.9.1" [both "F-16"] computed "follow_up::local::local_outcome"
        "Marks that allow the tier held confirm the label.";
    "R-3.9.1-h" "3.9.1" [letter] computed "follow_up::local::raised_tier"
        "Higher marks raise the tier; the end date stays.";
    "R-3.9.1-i" "3.9.1" [both "F-16"] computed "follow_up::local::action_plan_due"
        "Below the minimum, an action plan is proposed within one month.";
    "R-3.9.1-j" "3.9.1" [letter] computed "follow_up::local::suspension_possible"
        "Without the plan, the body may suspend the label.";
    "R-3.9.1-k" "3.9.1" [letter] informative ""
        "The decision, the final report and the plan are sent on the platform.";
    "R-3.9.1-l" "3.9.1" [letter] computed "follow_up::window::window_of"
        "A follow-up outside its window is told, and never counts as done.";
    "R-3.9.2-a" "3.9.2" [letter] informative ""
        "Each year a central's follow-up and a sample of its locals are audited.";
    "R-3.9.2-b" "3.9.2" [both "A.X"] computed "follow_up::central::central_preparations"
        "A central prepares its follow-up nine months after the labelling.";
    "R-3.9.2-c" "3.9.2" [both "F-15"] computed "sample::pools"
        "Locals are drawn among those not yet audited.";
    "R-3.9.2-d" "3.9.2" [both "F-34"] computed "follow_up::central::first_central_window"
        "A central is followed up at twelve months, two months before or after.";
    "R-3.9.2-e" "3.9.2" [letter] informative ""
        "The central and the drawn locals file their requests on the platform.";
    "R-3.9.2-f" "3.9.2" [both "F-19"] computed "attached::surveys_due"
        "An attached local has no follow-up, but both surveys within eighteen months.";
    "R-3.9.2-g" "3.9.2" [both "F-14"] computed "supplements::supplements"
        "Below 75 % of labelled locals, additional ones must be presented.";
    "R-3.9.2-h" "3.9.2" [both "F-13"] computed "follow_up::central::central_outcome"
        "Points reached and the same majority: the label is confirmed.";
    "R-3.9.2-i" "3.9.2" [both "F-13"] computed "follow_up::central::raised_central_tier"
        "A higher majority raises the central's tier.";
    "R-3.9.2-j" "3.9.2" [letter] computed "follow_up::central::central_suspension_possible"
        "Points not reached: a plan within one month, else suspension until it is validated.";
    "R-3.9.2-k" "3.9.2" [choice "F-17"] computed "follow_up::central::lower_majority"
        "A lower majority keeps the tier, with an alert.";
    "R-3.9.2-l" "3.9.2" [both "F-34"] computed "follow_up::central::second_central_window"
        "The same again at twenty-four months.";
    "R-3.9.2-m" "3.9.2" [letter] computed "attached::duty_under_suspension"
        "The locals of a suspended central keep their label and their yearly duties.";
    "R-3.9.2-n" "3.9.2" [letter] informative ""
        "The decision, the report and the plan are sent on the platform.";
    "R-3.10-a" "3.10" [letter] computed "renewal::invitation"
        "A service is invited to renew nine months before the end.";
    "R-3.10-b" "3.10" [both "F-23"] computed "renewal::renewed_from"
        "Renewal follows the same conditions as the first label.";
    "R-4-a" "4" [letter] informative "" "The body sends the visual kit.";
    "R-4-b" "4" [letter] informative "" "A service uses the version of the mark of its own tier.";
    "R-4-c" "4" [letter] informative ""
        "Attached locals without label only relay the national communication.";
    "R-5.1-a" "5.1" [both "F-27"] informative "" "The body has an impartial commission of appeal.";
    "R-5.2-a" "5.2" [letter] computed "extension::extension_is_timely"
        "A label may be extended at a follow-up or at the renewal.";
    "R-5.2-b" "5.2" [letter] computed "extension::extension_audited"
        "An extension needs an audit of what is added.";
    "R-5.2-c" "5.2" [both "F-24"] computed "extension::extended_end"
        "An extension leaves the end date as it was.";
    "R-5.2-d" "5.2" [both "F-24"] entered "fin_validite_oc"
        "More staff than the contract: a new contract and cycle, by agreement.";
    "R-5.3.1-a" "5.3.1" [letter] entered "motif_suspension"
        "Cause of suspension: the action plan is not produced.";
    "R-5.3.1-b" "5.3.1" [letter] entered "motif_suspension"
        "Cause of suspension: audits are postponed again and again.";
    "R-5.3.1-c" "5.3.1" [letter] entered "motif_suspension"
        "Cause of suspension: audits are refused in the required conditions.";
    "R-5.3.1-d" "5.3.1" [letter] entered "motif_suspension"
        "Cause of suspension: the rules of the mark are broken.";
    "R-5.3.1-e" "5.3.1" [letter] entered "motif_suspension"
        "Cause of suspension: the labelled service asks for it.";
    "R-5.3.1-f" "5.3.1" [letter] informative ""
        "A suspension is published on the DITP's site as long as it lasts.";
    "R-5.3.1-g" "5.3.1" [letter] informative "" "The body tells the DITP of a suspension.";
    "R-5.3.1-h" "5.3.1" [both "F-21"] computed "sanctions::suspension_limit"
        "A suspension lasts twelve months at most, and ends with the label.";
    "R-5.3.1-i" "5.3.1" [letter] entered "delai_levee"
        "It is lifted when the service complies within the delay set by the body.";
    "R-5.3.1-j" "5.3.1" [letter] informative "" "Lifting a suspension does not lengthen the label.";
    "R-5.3.2-a" "5.3.2" [letter] entered "decision"
        "Cause of withdrawal: the follow-up was not done, by the service's fault.";
    "R-5.3.2-b" "5.3.2" [letter] entered "decision"
        "Cause of withdrawal: what would lift a suspension was not done.";
    "R-5.3.2-c" "5.3.2" [letter] entered "decision" "Cause of withdrawal: the rules of the mark are broken.";
    "R-5.3.2-d" "5.3.2" [both "F-22"] computed "sanctions::is_expired"
        "The label is lost at the end of the cycle without renewal.";
    "R-5.3.2-e" "5.3.2" [letter] entered "effet_le"
        "The body notifies the withdrawal to the service and the DITP, with its effective date.";
    "R-5.3.2-f" "5.3.2" [letter] computed "sanctions::mark_stops"
        "The mark is no longer used two months after the effective date.";
    "R-5.3.2-h" "5.3.2" [letter] computed "sanctions::is_listed"
        "The service leaves the list from the effective date.";
    "R-5.3.2-g" "5.3.2" [both "F-25"] computed "attached::labelled_less_than_two_years"
        "Locals labelled for less than two years keep the mark of a withdrawn central under condition.";
    "R-5.3.2-i" "5.3.2" [letter] computed "sanctions::expiry_notified_from"
        "After an expiry too, the body notifies the withdrawal to the service and the DITP.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_its_id() {
        for rule in RULES {
            assert_eq!(Rule::find(rule.id).map(|found| found.id), Some(rule.id));
        }
        assert_eq!(Rule::find("R-0.0-z"), None);
    }
}
