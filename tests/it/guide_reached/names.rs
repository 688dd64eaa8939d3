//! Which rules the judgement of a case names.

use std::collections::BTreeSet;

use jiff::civil::Date;
use label::case::{Case, Decision, Demande, Frame};
use label::guide::attached::CentralStanding;
use label::guide::follow_up::central::{CentralAlert, CentralIssue};
use label::guide::tiers::Tier;
use label::judge::agenda::Obligation;
use label::judge::network::CentralView;
use label::judge::{Review, review};
use label::life::State;
use label::outgoing::Action;
use label::plan::{Known, plan};

/// The ids that one day's judgement of a case names, but for arithmetic.
pub fn of(case: &Case, today: Date, frame: &Frame) -> BTreeSet<String> {
    let review = review(case, today, frame);
    let mut named: BTreeSet<String> = carried(case, &review, frame);
    let values = tiers(&review).into_iter().chain(review.network.iter().flat_map(network));
    named.extend(values.chain(life(case, &review)).map(str::to_owned));
    named
}

/// Findings, deadlines, mails and messages carry the id of their rule.
fn carried(case: &Case, review: &Review, frame: &Frame) -> BTreeSet<String> {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), Date::MIN);
    let mut named: BTreeSet<String> = review.findings.iter().map(|finding| finding.rule.to_owned()).collect();
    named.extend(review.agenda.iter().map(|due| due.obligation.reference().1.to_owned()));
    named.extend(plan(review, case, frame, &known).into_iter().filter_map(|action| match action {
        Action::Mail(mail) => Some(mail.rule),
        Action::Message(message) => Some(message.rule.to_owned()),
        _ => None,
    }));
    // A mail about the case as a whole rests on no single rule.
    named.remove("");
    named
}

/// A tier stands for what it asks, and what limits it for what the next one asks.
fn tiers(review: &Review) -> Vec<&'static str> {
    let asks = |tier: Tier| match tier {
        Tier::Bronze => "R-2.2.1-a",
        Tier::Argent => "R-2.2.1-b",
        Tier::Or => "R-2.2.1-c",
    };
    let of_one = |result: &label::guide::tiers::TierResult| {
        let next = result.tier.map_or(Some(Tier::Bronze), Tier::next).filter(|_| !result.limiting.is_empty());
        [Some("R-2.2.1-d"), result.tier.map(asks), next.map(asks)].into_iter().flatten().collect::<Vec<_>>()
    };
    review.tiers.iter().flat_map(|tier| of_one(&tier.result)).collect()
}

/// A network's majority, and the outcome of its central's follow-up.
fn network(view: &CentralView) -> Vec<&'static str> {
    let mut named: Vec<&str> = view.majority.iter().map(|_| "R-2.2.2-a").collect();
    if let Some(outcome) = &view.follow_up {
        named.extend(outcome.issues.iter().filter_map(|issue| match issue {
            CentralIssue::Confirmed => Some("R-3.9.2-h"),
            CentralIssue::Raised => Some("R-3.9.2-i"),
            CentralIssue::MoreLocals => Some("R-3.9.2-g"),
            // The plan is announced; the suspension that the rule is about is not.
            CentralIssue::ActionPlan | CentralIssue::Lowered => None,
        }));
        named.extend(outcome.alerts.iter().map(|CentralAlert::LowerMajority| "R-3.9.2-k"));
    }
    named
}

/// A renewed period, an expiry, a local under a suspended central, the second follow-up of a central.
fn life(case: &Case, review: &Review) -> Vec<&'static str> {
    let mut named = Vec::new();
    if review.state == State::Expire {
        named.push("R-5.3.2-d");
    }
    let renewal = |number: i64| {
        case.dossiers
            .iter()
            .any(|facts| facts.number == number && Demande::of(facts) == Demande::Renouvellement)
    };
    let renewed =
        case.events.iter().any(|event| event.decision == Decision::Labellise && renewal(event.dossier));
    if review.label.is_some() && renewed {
        named.push("R-3.10-b");
    }
    if case.central == Some(CentralStanding::Suspended) && review.label.is_some() {
        named.push("R-3.9.2-m");
    }
    let extended = |number: i64| {
        case.dossiers.iter().any(|facts| facts.number == number && Demande::of(facts) == Demande::Extension)
    };
    if review.decisions().any(|event| event.decision == Decision::Labellise && extended(event.dossier)) {
        named.push("R-5.2-c");
    }
    let second = |due: &label::judge::agenda::Due| {
        due.obligation == Obligation::FollowUpCentral && due.occurrence == 1
    };
    if review.agenda.iter().any(second) {
        named.push("R-3.9.2-l");
    }
    named
}

/// A rule of arithmetic, and the rules that cannot be computed without it: it is reached with any of them.
const ARITHMETIC: &[(&str, &[&str])] = &[
    // The day of deposit is an instant of the platform.
    ("R-X-1", &["R-3.5.1-k"]),
    ("R-X-2", &["R-3.7.1-f", "R-3.7.1-g"]),
    ("R-X-3", &["R-2.3-a", "R-3.9.1-b"]),
    ("R-X-4", &["R-3.7.1-b"]),
    ("R-X-5", &["R-3.7.1-b"]),
    ("R-X-6", &["R-3.7.1-f"]),
    ("R-X-7", &["R-2.2.1-d"]),
    // A mark that is recounted is shown truncated to two decimals.
    ("R-X-8", &["R-3.4.1-j", "R-3.7.1-d"]),
    ("R-X-9", &["R-2.2.2-b"]),
    // A plan sent too early is not one that may be sent.
    ("R-3.7.1-a", &["R-3.5.2-e"]),
    ("R-3.4.1-h", &["R-3.4.1-j"]),
    ("R-3.4.1-i", &["R-3.4.1-j"]),
    ("R-3.4.1-k", &["R-3.4.1-j"]),
    ("R-3.4.2-f", &["R-3.4.2-e"]),
    // O-10 counts from the day on which the body may decide.
    ("R-3.7.1-h", &["R-3.8-a"]),
];

/// Adds the arithmetic of the rules that are named.
pub fn add_arithmetic(named: &mut BTreeSet<String>) {
    for (part, wholes) in ARITHMETIC {
        if wholes.iter().any(|whole| named.contains(*whole)) {
            named.insert((*part).to_owned());
        }
    }
}
