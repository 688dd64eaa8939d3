//! What one statement says that another does not, point by point: between two days of the record, and between what was
//! said and what this version says of the same facts.

use std::collections::BTreeMap;

use crate::guide::tiers::Tier;
use crate::judge::agenda::Status;
use crate::judge::finding::Level;

use super::agreement::others;
use super::findings::level;
use super::names::{self, date_short};
use super::statement::{StatedDeadline, StatedFinding, Statement};

const NOTHING: &str = "aucun";

/// One difference: what it is about, and the two values. A value that is absent on one side is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// « État », « Palier », « R-3.4.2-d, dossier 4242 », « Échéance O-18, dossier 4242 »…
    pub about: String,
    /// What the earlier statement says of it, in words; `None` when it says nothing.
    pub before: Option<String>,
    /// What the later statement says of it, in words; `None` when it says nothing.
    pub after: Option<String>,
}

impl Difference {
    fn between(
        about: impl Into<String>,
        before: Option<String>,
        after: Option<String>,
    ) -> Option<Difference> {
        (before != after).then(|| Difference { about: about.into(), before, after })
    }

    /// « Palier : Bronze → Argent ».
    #[must_use]
    pub fn line(&self) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| NOTHING.to_owned());
        format!("{} : {} → {}", self.about, value(&self.before), value(&self.after))
    }
}

/// All differences, in the order of a statement: state, tier, label, findings rule by rule, marks, network, decisions,
/// deadlines.
#[must_use]
pub fn differences(before: &Statement, after: &Statement) -> Vec<Difference> {
    let mut all = headline(before, after);
    all.extend(paired(&findings(before), &findings(after)));
    all.extend(paired(&marks(before), &marks(after)));
    let network = |of: &Statement| (!of.network.is_empty()).then(|| of.network.join(" ; "));
    all.extend(Difference::between("Réseau", network(before), network(after)));
    all.extend(paired(&decisions(before), &decisions(after)));
    all.extend(paired(&deadlines(before), &deadlines(after)));
    all
}

/// State, tier and label: what a journal line tells.
#[must_use]
pub fn headline(before: &Statement, after: &Statement) -> Vec<Difference> {
    let name = |of: &Statement| Some(of.name.clone());
    let state = |of: &Statement| Some(of.state.clone());
    let label = |of: &Statement| of.label.as_ref().map(|label| label.text.join(" "));
    let changes = [
        Difference::between("Service", name(before), name(after)),
        Difference::between("État", state(before), state(after)),
        Difference::between("Palier", tier(before), tier(after)),
        Difference::between("Label", label(before), label(after)),
    ];
    changes.into_iter().flatten().collect()
}

/// The French name of the tier; the stored word when this version has none for it.
fn tier(of: &Statement) -> Option<String> {
    let named =
        |key: &str| Tier::from_key(key).map_or_else(|| key.to_owned(), |tier| names::tier(tier).to_owned());
    of.tier().map(named)
}

/// One sentence of a journal: « État : Complet → À décider ; 2 points à voir → 1 point à voir ; en retard ».
#[must_use]
pub fn sentence(before: Option<&Statement>, after: &Statement) -> String {
    let Some(before) = before else {
        let tier = after.tier().and_then(Tier::from_key);
        let tier = tier.map(|tier| format!(", palier {}", names::tier(tier))).unwrap_or_default();
        let late = if after.is_late() { ", en retard" } else { "" };
        return format!("Premier jugement : {}{tier}{late}, {}", after.state, points(after.faults()));
    };
    let mut parts: Vec<String> =
        headline(before, after).iter().filter(|one| one.about != "Label").map(Difference::line).collect();
    if before.faults() != after.faults() {
        parts.push(format!("{} → {}", points(before.faults()), points(after.faults())));
    }
    match (before.is_late(), after.is_late()) {
        (false, true) => parts.push(format!("en retard : {}", late(after))),
        (true, false) => parts.push("plus de retard".to_owned()),
        _ => {}
    }
    if parts.is_empty() {
        let all = differences(before, after);
        let rest = all.len().saturating_sub(1);
        parts.extend(all.first().map(Difference::line));
        if rest > 0 {
            parts.push(others(rest));
        }
    }
    parts.join(" ; ")
}

fn late(of: &Statement) -> String {
    let late = of.deadlines.iter().find(|deadline| deadline.status == Status::Late);
    late.map(|deadline| deadline.title.clone()).unwrap_or_default()
}

fn points(count: usize) -> String {
    match count {
        0 => "aucun point à voir".to_owned(),
        1 => "1 point à voir".to_owned(),
        count => format!("{count} points à voir"),
    }
}

/// What a statement says, by what it is about; a rule that speaks twice of one dossier counts them.
type Said = BTreeMap<(i64, String, usize), String>;

fn said<'a>(lines: impl Iterator<Item = (i64, String, &'a str)>) -> Said {
    let mut said = Said::new();
    for (dossier, about, text) in lines {
        let mut rank = 0;
        while said.contains_key(&(dossier, about.clone(), rank)) {
            rank += 1;
        }
        said.insert((dossier, about, rank), text.to_owned());
    }
    said
}

fn paired(before: &Said, after: &Said) -> Vec<Difference> {
    let mut keys: Vec<_> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let one = |key: &(i64, String, usize)| {
        let (dossier, about, _) = key;
        let about = format!("{about}, dossier {dossier}");
        Difference::between(about, before.get(key).cloned(), after.get(key).cloned())
    };
    keys.into_iter().filter_map(one).collect()
}

fn findings(of: &Statement) -> Said {
    let each = of.dossiers.iter().flat_map(|dossier| {
        dossier.findings.iter().map(|finding| (dossier.number, rule(finding), finding.text.as_str()))
    });
    said(each)
}

/// A finding that is met has no level of its own in the pair: « OK » to « KO » of one rule is one difference.
fn rule(finding: &StatedFinding) -> String {
    match finding.rule.as_str() {
        "DN" => format!("Plateforme ({})", level(Level::ToCheck)),
        rule => rule.to_owned(),
    }
}

fn marks(of: &Statement) -> Said {
    let each = of.dossiers.iter().flat_map(|dossier| {
        dossier.tier.iter().map(|line| (dossier.number, "Notes et palier calculé".to_owned(), line.as_str()))
    });
    said(each)
}

fn decisions(of: &Statement) -> Said {
    let about = |decision: &str| format!("Décision « {decision} »");
    said(of.decisions.iter().map(|one| (one.dossier, about(&one.decision), one.text.as_str())))
}

fn deadlines(of: &Statement) -> Said {
    let about = |one: &StatedDeadline| format!("Échéance {}", one.code);
    let texts: Vec<String> = of.deadlines.iter().map(deadline).collect();
    said(of.deadlines.iter().zip(&texts).map(|(one, text)| (one.dossier, about(one), text.as_str())))
}

fn deadline(of: &StatedDeadline) -> String {
    let status = match of.status {
        Status::Upcoming => "à venir",
        Status::Late => "en retard",
        Status::Passed => "passée ou sans objet",
        Status::Done => "faite",
    };
    format!("{}, {} ({status})", of.title, date_short(of.due))
}
