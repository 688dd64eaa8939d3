//! What changed of the rules between two passes (version, readings, forms, days off), and which services it changes.

use serde::{Deserialize, Serialize};

use super::agreement::others;
use super::differences::Difference;

/// The most services named in an announcement.
pub const NAMED: usize = 10;

/// The most characters of a difference in an announcement: a finding may be a paragraph.
const SHOWN: usize = 200;

/// One thing that changed. Stored: one is added, none is renamed. A question that is absent on one side is `None` there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum RulesChange {
    /// Of the program.
    Version {
        /// The version of the last pass.
        before: String,
        /// The version that runs now.
        after: String,
    },
    /// The reading of an open question, as `choices.toml` has it.
    Reading {
        /// The id of the question, such as F-02.
        question: String,
        /// The former reading; `None` when the question is new.
        before: Option<String>,
        /// The present reading; `None` when the question is gone.
        after: Option<String>,
    },
    /// The edition of the rules, when no reading makes it another.
    Edition {
        /// The edition of the last pass.
        before: String,
        /// The edition that is in force now.
        after: String,
    },
    /// The days that the operator declares as not worked.
    DaysOff,
    /// The certification bodies that the configuration names.
    Bodies,
    /// A form of the platform.
    Forms,
    /// Something of these, of which the former value cannot be read any more.
    Unknown,
}

impl RulesChange {
    /// Whether the readings, the days off or the bodies changed: the same version then judges otherwise.
    #[must_use]
    pub fn is_of_settings(&self) -> bool {
        matches!(self, RulesChange::Reading { .. } | RulesChange::DaysOff | RulesChange::Bodies)
    }
}

/// What the next pass will say otherwise, on the facts that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upcoming {
    /// What changed of the rules since the last pass; empty when nothing did.
    pub changes: Vec<RulesChange>,
    /// How many living services were judged both ways.
    pub compared: usize,
    /// How many of them are judged otherwise; the first are in `services`.
    pub differing: usize,
    /// The first services that are judged otherwise, a few at most.
    pub services: Vec<ChangedService>,
    /// How many could not be compared: what was said of them was erased, or cannot be read.
    pub not_comparable: usize,
}

/// A service that the changed rules judge otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedService {
    /// The service's name, as its case has it.
    pub name: String,
    /// The number of the dossier by which the case is known.
    pub dossier: i64,
    /// The difference to name first: tier, else state, else a deadline, else any.
    pub first: Difference,
}

impl Upcoming {
    /// Counts a service; `all` are its differences.
    pub fn count(&mut self, name: &str, dossier: i64, all: &[Difference]) {
        self.compared += 1;
        let Some(first) = foremost(all) else { return };
        self.differing += 1;
        if self.services.len() < NAMED {
            self.services.push(ChangedService { name: name.to_owned(), dossier, first: first.clone() });
        }
    }
}

/// The difference to name first: tier, else state, else a deadline, else the first one.
fn foremost(all: &[Difference]) -> Option<&Difference> {
    let about = |start: &str| all.iter().find(|one| one.about.starts_with(start));
    about("Palier").or_else(|| about("État")).or_else(|| about("Échéance")).or_else(|| all.first())
}

/// « la lecture F-02 passe de by-question à pooled ; vigie 0.1.0 → 0.2.0 ».
#[must_use]
pub fn changes(of: &[RulesChange]) -> String {
    of.iter().map(change).collect::<Vec<_>>().join(" ; ")
}

fn change(of: &RulesChange) -> String {
    match of {
        RulesChange::Version { before, after } => format!("vigie {before} → {after}"),
        RulesChange::Reading { question, before: Some(before), after: Some(after) } => {
            format!("la lecture {question} passe de {before} à {after}")
        }
        RulesChange::Reading { question, before: None, after } => {
            format!("la lecture {question} est nouvelle ({})", after.as_deref().unwrap_or_default())
        }
        RulesChange::Reading { question, before: Some(before), after: None } => {
            format!("la lecture {question} n’existe plus ({before})")
        }
        RulesChange::Edition { before, after } => format!("édition des règles : « {before} » → « {after} »"),
        RulesChange::DaysOff => "les jours chômés déclarés ont changé".to_owned(),
        RulesChange::Bodies => "les organismes de la configuration ont changé".to_owned(),
        RulesChange::Forms => "un formulaire a changé".to_owned(),
        RulesChange::Unknown => "un formulaire ou un jour chômé déclaré a changé".to_owned(),
    }
}

/// Journal line of the pass from which the changed rules judge.
#[must_use]
pub fn journal(of: &[RulesChange]) -> String {
    format!("Règles changées : {}", changes(of))
}

/// Printed by `vigie check` when the next pass judges by the rules of the last one.
pub const UNCHANGED: &str = "les mêmes qu’à la dernière passe";

/// The last line under the announcement in `vigie check`: how to try and how to apply.
pub const ADVICE: &str =
    "« vigie run --once --dry-run » montre ce qui partirait ; « vigie run » applique ces règles.";

/// The announcement: what changes and for how many, then a line a service.
#[must_use]
pub fn announcement(of: &Upcoming) -> Vec<String> {
    let count = match (of.differing, of.compared) {
        (0, 0) => "aucun service en cours à comparer".to_owned(),
        (0, _) => "aucun service ne change".to_owned(),
        (1, all) => format!("1 service change sur {all} :"),
        (count, all) => format!("{count} services changent sur {all} :"),
    };
    let mut lines = vec![format!("{} ; {count}", changes(&of.changes))];
    lines.extend(of.services.iter().map(service));
    match of.differing.saturating_sub(of.services.len()) {
        0 => {}
        1 => lines.push("et 1 autre".to_owned()),
        rest => lines.push(others(rest)),
    }
    match of.not_comparable {
        0 => {}
        1 => lines.push("1 service non comparable : ce qui en était dit est effacé ou illisible".to_owned()),
        count => lines
            .push(format!("{count} services non comparables : ce qui en était dit est effacé ou illisible")),
    }
    lines
}

fn service(of: &ChangedService) -> String {
    let line = of.first.line();
    let shown = match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    };
    format!("{} (dossier {}) — {shown}", of.name, of.dossier)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(about: &str) -> Difference {
        Difference { about: about.to_owned(), before: Some("a".to_owned()), after: Some("b".to_owned()) }
    }

    #[test]
    fn ten_services_are_named_and_the_others_counted() {
        let mut upcoming = Upcoming {
            changes: vec![
                RulesChange::Version { before: "0.1.0".into(), after: "0.2.0".into() },
                RulesChange::Reading {
                    question: "F-02".into(),
                    before: Some("by-question".into()),
                    after: Some("pooled".into()),
                },
            ],
            not_comparable: 1,
            ..Upcoming::default()
        };
        upcoming.count("Inchangé", 1, &[]);
        for dossier in 2..14 {
            let all = [difference("R-3.4.1-a, dossier 1"), difference("Échéance O-07"), difference("Palier")];
            upcoming.count("Mairie", dossier, &all[..1 + usize::from(dossier > 2)]);
        }
        let lines = announcement(&upcoming);
        assert_eq!(
            lines[0],
            "vigie 0.1.0 → 0.2.0 ; la lecture F-02 passe de by-question à pooled ; 12 services changent sur 13 :"
        );
        assert_eq!(lines[1], "Mairie (dossier 2) — R-3.4.1-a, dossier 1 : a → b");
        assert_eq!(lines[2], "Mairie (dossier 3) — Échéance O-07 : a → b");
        assert_eq!(lines.len(), 13);
        assert_eq!(lines[11], "et 2 autres");
        assert!(lines[12].starts_with("1 service non comparable"), "{lines:?}");
        assert_eq!(foremost(&[difference("État"), difference("Palier")]).unwrap().about, "Palier");
    }

    #[test]
    fn a_long_difference_is_cut_between_letters() {
        let first = Difference { about: "R".into(), before: None, after: Some("é".repeat(400)) };
        let text = service(&ChangedService { name: "S".into(), dossier: 1, first });
        assert!(text.ends_with("é…") && text.chars().count() < SHOWN + 30, "{text}");
    }
}
