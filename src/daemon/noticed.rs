//! What receivers were told: the bodies of notices that were put, read again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use label::Tier;
use label::case::{Decision, Event};
use label::outgoing::{
    Announced, CorrectedDecision, Instead, LastTold, NoticeKey, NoticeKind, is_single, replaced,
};
use label::plan::corrections::announced;
use label::plan::notices::{Untold, announces};

/// What one receiver was told of a case, and what did not reach it.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// What it was told last of each decision.
    pub told: Vec<LastTold>,
    /// The announcements that were sent, or given up.
    pub over: BTreeSet<NoticeKey>,
    /// The corrections that did not reach it.
    pub untold: Vec<Untold>,
}

impl Noticed {
    /// Whether the announcement of a decision under its day is over.
    pub(super) fn is_over(&self, event: &Event) -> bool {
        let Some(day) = event.on() else { return false };
        let of = |kind: &NoticeKind| announces(*kind) == Some(event.decision);
        let mut kinds = NoticeKind::ALL.into_iter().filter(of);
        kinds.any(|kind| self.over.contains(&NoticeKey::Label { dossier: event.dossier, kind, day }))
    }
}

/// The body of a notice, as far as a correction needs it. A body of an earlier version may lack the last two.
#[derive(Deserialize)]
struct ToldBody {
    timestamp: Timestamp,
    data: ToldData,
}

#[derive(Deserialize)]
struct ToldData {
    decision: Option<Decision>,
    palier: Option<Tier>,
    date_decision: Option<Date>,
    date_notification: Option<Date>,
    date_effet: Option<Date>,
    #[serde(default, with = "replaced")]
    remplace: Instead,
    #[serde(default)]
    corrige: Vec<CorrectedDecision>,
}

/// Adds what one sent notice said; `None` when this version cannot read it: it cannot be compared.
pub(super) fn told_last(last: &mut Vec<LastTold>, key: &str, payload: &str) -> Option<()> {
    let NoticeKey::Label { dossier, kind, .. } = key.parse().ok()? else { return Some(()) };
    let body: ToldBody = serde_json::from_str(payload).ok()?;
    let (told, data) = (label::paris_date(body.timestamp), body.data);
    let mut put =
        |decision, announced| LastTold { dossier, decision, told, announced, before: None }.put(last);
    if let Some(decision) = announces(kind).filter(|decision| data.decision == Some(*decision)) {
        let (decided, notified, effective) = (data.date_decision, data.date_notification, data.date_effet);
        let event = Event { dossier, decision, tier: data.palier, decided, notified, effective, cause: None };
        let instead = data.remplace;
        put(decision, announced(&event).map(|announced| Announced { instead, ..announced }));
    }
    for one in data.corrige {
        put(one.decision, announced_by(&one));
    }
    Some(())
}

/// What a corrective notice announces. Notices of earlier versions do not say which of several decisions they are about.
fn announced_by(one: &CorrectedDecision) -> Option<Announced> {
    let day = one.date_annoncee.filter(|_| !is_single(one.decision));
    match (one.date_effet.filter(|_| !one.annulee), day) {
        (Some(on), day) => {
            let instead = day.map_or(Instead::All, Instead::Of);
            Some(Announced { instead, ..Announced::new(one.palier, on) })
        }
        (None, Some(on)) => Some(Announced { instead: Instead::Void, ..Announced::new(None, on) }),
        (None, None) => None,
    }
}

/// What the announcement with this body takes the place of.
pub(super) fn replaces(payload: &str) -> Option<Instead> {
    Some(serde_json::from_str::<ToldBody>(payload).ok()?.data.remplace)
}

/// The correction that a notice with this body tells.
pub(super) fn correction(key: NoticeKey, payload: &str) -> Option<Untold> {
    let NoticeKey::Label { dossier, kind: NoticeKind::Corrected, day } = key else { return None };
    let corrige = serde_json::from_str::<ToldBody>(payload).ok()?.data.corrige;
    Some(Untold { dossier, day, corrige, given_up: false, reachable: false })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    /// What is known of the suspensions of dossier 7, each day with whether it holds, after these notices.
    fn known(notices: &[(&str, serde_json::Value)]) -> Vec<(Option<Date>, bool)> {
        let mut told = Vec::new();
        for (kind, data) in notices {
            let body = json!({ "type": kind, "timestamp": "2027-06-20T08:00:00Z", "data": data });
            told_last(&mut told, &format!("7/{kind}/2027-06-20"), &body.to_string()).unwrap();
        }
        told.iter().map(|last| (last.day(), last.announced.is_some())).collect()
    }

    fn suspended(day: i8) -> (&'static str, serde_json::Value) {
        let data = json!({ "decision": "suspension", "palier": "or", "date_decision": date(2027, 6, day),
            "date_notification": null, "date_effet": null, "remplace": null });
        ("label.suspendu", data)
    }

    #[test]
    fn notices_of_earlier_versions_are_about_all_decisions_of_their_kind() {
        let old = |day| {
            let (kind, mut data) = suspended(day);
            data.as_object_mut().unwrap().remove("remplace");
            (kind, data)
        };
        let void = json!({ "decision": "suspension", "annulee": true, "palier": null, "date_effet": null });
        let void = ("label.corrige", json!({ "corrige": [void] }));
        let on = |day| Some(date(2027, 6, day));
        assert_eq!(known(&[old(3), old(5)]), [(on(5), true)]);
        assert_eq!(known(&[old(3), suspended(5)]), [(on(3), true), (on(5), true)]);
        assert_eq!(known(&[old(3), old(5), void]), [(on(5), false)]);
    }

    #[test]
    fn a_correction_is_about_the_decision_of_the_day_that_it_names() {
        let named = |annulee: bool, day: Option<i8>| {
            let corrige = json!([{ "decision": "suspension", "annulee": annulee, "palier": null,
                "date_effet": day.map(|day| date(2027, 6, day)), "date_annoncee": "2027-06-03" }]);
            ("label.corrige", json!({ "corrige": corrige }))
        };
        let on = |day| Some(date(2027, 6, day));
        assert_eq!(known(&[suspended(3), suspended(5), named(true, None)]), [(on(5), true), (on(3), false)]);
        let moved = [suspended(3), suspended(5), named(false, Some(9))];
        assert_eq!(known(&moved), [(on(5), true), (on(9), true)]);
        let (kind, mut data) = suspended(9);
        data["remplace"] = json!("2027-06-05");
        assert_eq!(known(&[suspended(3), suspended(5), (kind, data)]), [(on(3), true), (on(9), true)]);
    }
}
