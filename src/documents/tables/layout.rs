//! The layout of the tables as read from `tables.toml`, its checks, and the part of it that is sent to the child.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::editions::{self, Edition, Points};
use super::text::fold;
use label::Choices;
use label::case::table::{TableKind, answers_needed, profile_counts};

/// The accepted texts of one title; the first is used in templates.
pub type Titles = Vec<String>;

/// Limits on `tables.toml`, so that a setting cannot make the child too slow.
const MAX_TITLES: usize = 40;
const MAX_LENGTH: usize = 300;
const MAX_QUESTIONS: usize = 100;

/// The layout of each kind of table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Layouts {
    pub enquete_usagers: SurveyLayout,
    pub enquete_agents: SurveyLayout,
    pub grille_local: GridLayout,
    pub grille_central: GridLayout,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyLayout {
    #[serde(default)]
    pub sheets: Vec<String>,
    pub question: Titles,
    pub answer: Titles,
    pub count: Titles,
    #[serde(default)]
    pub finished: Titles,
    #[serde(default)]
    pub finished_words: Vec<String>,
    #[serde(default)]
    pub unfinished_words: Vec<String>,
    #[serde(default)]
    pub ignored: Vec<String>,
    #[serde(default)]
    pub profile: Vec<Titles>,
    pub questions: Vec<QuestionTitles>,
    pub answers: Worth,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionTitles {
    /// 1 to 8, in the users' survey only, where a question without engagement is the overall satisfaction.
    pub engagement: Option<u8>,
    pub titles: Titles,
}

/// Texts of the answers, by the points that they give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    #[serde(rename = "0")]
    pub zero: Titles,
    #[serde(rename = "0.25", default)]
    pub quarter: Titles,
    #[serde(rename = "0.75", default)]
    pub three_quarters: Titles,
    #[serde(rename = "1")]
    pub one: Titles,
    /// Not concerned, or not applicable: left out of the mean.
    pub nc: Titles,
}

impl Worth {
    /// The answers worth 0, ¼, ¾ and 1 points, then those left out of the mean.
    #[must_use]
    pub fn all(&self) -> [&Titles; 5] {
        [&self.zero, &self.quarter, &self.three_quarters, &self.one, &self.nc]
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridLayout {
    #[serde(default)]
    pub sheets: Vec<String>,
    #[serde(default)]
    pub engagement: Titles,
    pub point: Titles,
    /// The point's number, in a column that may be absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub number: Titles,
    pub note: Titles,
    #[serde(default)]
    pub possible: Titles,
    #[serde(default)]
    pub site: Titles,
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Titles of the eight engagements, then of the Or criteria; empty in a central service's grid.
    #[serde(default)]
    pub engagements: Vec<Titles>,
    pub notes: Worth,
    /// The control points by edition; without any, a grid is not compared with a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<Edition>,
}

/// The table that the child is asked to read in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub kind: TableKind,
    pub layout: Layout,
    /// Number of expressed answers from which a questionnaire is admissible, inclusive.
    pub answers_needed: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    Survey(SurveyLayout),
    Grid(GridLayout),
}

impl Default for Layouts {
    fn default() -> Layouts {
        // A test checks that the shipped file parses, so that the empty layout is never used.
        toml::from_str(SHIPPED).unwrap_or_else(|_| Layouts {
            enquete_usagers: SurveyLayout::default(),
            enquete_agents: SurveyLayout::default(),
            grille_local: GridLayout::default(),
            grille_central: GridLayout::default(),
        })
    }
}

const SHIPPED: &str = include_str!("../../../config/tables.toml");

impl Layouts {
    /// # Errors
    /// The first key that cannot be used, and why.
    pub fn check(&self) -> Result<(), String> {
        check_survey("enquete-usagers", &self.enquete_usagers, true)?;
        check_survey("enquete-agents", &self.enquete_agents, false)?;
        check_grid("grille-local", &self.grille_local, 9)?;
        check_grid("grille-central", &self.grille_central, 0)
    }

    /// The editions whose control points are described: the kind of grid, the name, and how many points.
    #[must_use]
    pub fn editions(&self) -> Vec<(TableKind, &str, u32)> {
        let local = self.grille_local.editions.iter().map(|edition| (TableKind::GrilleLocal, edition));
        let central = self.grille_central.editions.iter().map(|edition| (TableKind::GrilleCentral, edition));
        let points = |edition: &Edition| edition.points.values().map(Points::count).sum();
        local.chain(central).map(|(kind, edition)| (kind, edition.name.as_str(), points(edition))).collect()
    }

    /// The request to the child for one kind of table, under the readings in force.
    #[must_use]
    pub fn request(&self, kind: TableKind, choices: &Choices) -> Request {
        let survey = |layout: &SurveyLayout| {
            let mut layout = layout.clone();
            if !profile_counts(choices) {
                layout.profile.clear();
            }
            let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let needed = answers_needed(count(layout.questions.len()), count(layout.profile.len()), choices);
            Request { kind, layout: Layout::Survey(layout), answers_needed: needed }
        };
        let grid =
            |layout: &GridLayout| Request { kind, layout: Layout::Grid(layout.clone()), answers_needed: 0 };
        match kind {
            TableKind::EnqueteUsagers => survey(&self.enquete_usagers),
            TableKind::EnqueteAgents => survey(&self.enquete_agents),
            TableKind::GrilleLocal => grid(&self.grille_local),
            TableKind::GrilleCentral => grid(&self.grille_central),
        }
    }
}

/// The requests to the child for every kind of table.
#[must_use]
pub fn requests(layouts: &Layouts, choices: &Choices) -> Vec<Request> {
    TableKind::ALL.into_iter().map(|kind| layouts.request(kind, choices)).collect()
}

/// Changes when the reader itself would read the same file otherwise: the tables read before are then read again.
const READER: &str = "2";

impl Request {
    /// A hash of this request, and of the reader. A table that was read under another request is read again.
    #[must_use]
    pub fn print(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let digest = Sha256::new().chain_update(READER).chain_update(json).finalize();
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn check_survey(place: &str, layout: &SurveyLayout, engagements: bool) -> Result<(), String> {
    apart(
        place,
        &[("question", &layout.question), ("answer", &layout.answer), ("count", &layout.count)],
        true,
    )?;
    if !layout.finished.is_empty() {
        apart(place, &[("finished", &layout.finished), ("finished_words", &layout.finished_words)], false)?;
        let words =
            [("finished_words", &layout.finished_words), ("unfinished_words", &layout.unfinished_words)];
        // An older file has none for no: each is then told.
        apart(place, if layout.unfinished_words.is_empty() { &words[..1] } else { &words }, true)?;
    }
    worth(&format!("{place}.answers"), &layout.answers, true)?;
    if layout.questions.is_empty() || layout.questions.len() + layout.profile.len() > MAX_QUESTIONS {
        return Err(format!("{place}.questions: between 1 and {MAX_QUESTIONS} questions, profile included"));
    }
    let questions: Vec<(&str, &Titles)> =
        layout.questions.iter().map(|one| ("questions", &one.titles)).collect();
    let profile = layout.profile.iter().map(|titles| ("profile", titles));
    apart(place, &questions.into_iter().chain(profile).collect::<Vec<_>>(), true)?;
    let numbers: Vec<Option<u8>> = layout.questions.iter().map(|question| question.engagement).collect();
    let absent = (1..=8).map(Some).chain([None]).find(|number| !numbers.contains(number));
    match (engagements, absent) {
        (false, _) if numbers.iter().any(Option::is_some) => {
            Err(format!("{place}.questions: no engagement here"))
        }
        (true, _) if numbers.iter().flatten().any(|number| !(1..=8).contains(number)) => {
            Err(format!("{place}.questions: engagement from 1 to 8, or none"))
        }
        (true, Some(Some(number))) => Err(format!("{place}.questions: none for engagement {number}")),
        (true, Some(None)) => {
            Err(format!("{place}.questions: none without an engagement, for the overall satisfaction"))
        }
        _ => Ok(()),
    }
}

fn check_grid(place: &str, layout: &GridLayout, engagements: usize) -> Result<(), String> {
    let mut columns = vec![("point", &layout.point), ("note", &layout.note)];
    if engagements > 0 {
        columns.push(("engagement", &layout.engagement));
    }
    columns.extend(
        [("possible", &layout.possible), ("site", &layout.site), ("number", &layout.number)]
            .into_iter()
            .filter(|(_, titles)| !titles.is_empty()),
    );
    apart(place, &columns, true)?;
    if layout.engagements.len() != engagements {
        return Err(format!("{place}.engagements: {engagements} lists of titles expected"));
    }
    let names: Vec<(&str, &Titles)> =
        layout.engagements.iter().map(|titles| ("engagements", titles)).collect();
    apart(place, &names, true)?;
    worth(&format!("{place}.notes"), &layout.notes, engagements > 0)?;
    editions::check(place, &layout.editions, engagements == 0)
}

fn worth(place: &str, worth: &Worth, four: bool) -> Result<(), String> {
    let mut all = vec![("0", &worth.zero), ("1", &worth.one), ("nc", &worth.nc)];
    match four {
        true => all.extend([("0.25", &worth.quarter), ("0.75", &worth.three_quarters)]),
        false if worth.quarter.is_empty() && worth.three_quarters.is_empty() => {}
        false => return Err(format!("{place}: a central's point is worth 0 or 1")),
    }
    apart(place, &all, true)
}

/// Checks that each list holds usable titles and, when `distinct`, that no title is in two lists.
fn apart(place: &str, lists: &[(&str, &Titles)], distinct: bool) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for (key, titles) in lists {
        if titles.is_empty() || titles.len() > MAX_TITLES {
            return Err(format!("{place}.{key}: between 1 and {MAX_TITLES} titles expected"));
        }
        let mut own = BTreeSet::new();
        for title in *titles {
            let folded = fold(title);
            if folded.is_empty() || title.len() > MAX_LENGTH {
                return Err(format!(
                    "{place}.{key}: a title of 1 to {MAX_LENGTH} bytes with a letter or digit expected"
                ));
            }
            own.insert(folded);
        }
        if let Some(twice) = own.iter().find(|title| distinct && seen.contains(*title)) {
            return Err(format!("{place}.{key}: « {twice} » already stands for something else"));
        }
        seen.extend(own);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_layout_is_true() {
        let layouts: Layouts = toml::from_str(SHIPPED).unwrap();
        layouts.check().unwrap();
        assert_eq!(Layouts::default(), layouts);
        assert_eq!(
            (layouts.enquete_usagers.questions.len(), layouts.enquete_agents.questions.len()),
            (15, 11)
        );
        let groups = layouts.enquete_usagers.questions.iter().filter(|one| one.engagement.is_none()).count();
        assert_eq!(groups, 1, "one question is the overall satisfaction");
    }

    #[test]
    fn a_layout_that_cannot_be_used_is_refused_by_its_key() {
        let refused = |from: &str, to: &str| {
            assert!(SHIPPED.contains(from), "{from}");
            let layouts: Layouts = toml::from_str(&SHIPPED.replacen(from, to, 1)).unwrap();
            layouts.check().unwrap_err()
        };
        assert!(refused("[\"Question\", \"Questions\"]", "[]").starts_with("enquete-usagers.question:"));
        assert!(refused("[\"Question\", \"Questions\"]", "[\"Nombre\"]").contains("« nombre »"));
        assert!(refused("\"0,25 point\"", "\"1 point\"").starts_with("enquete-usagers.answers.0.25:"));
        assert!(refused("engagement = 8", "engagement = 9").contains("1 to 8"));
        assert!(refused("engagement = 8", "engagement = 7").contains("none for engagement 8"));
        assert!(
            refused("{ titles = [\"Sat", "{ engagement = 8, titles = [\"Sat")
                .contains("overall satisfaction")
        );
        assert!(
            refused("{ titles = [\"Q1\"", "{ engagement = 1, titles = [\"Q1\"").contains("no engagement")
        );
        assert!(refused("    [\"Engagement 8\", \"E8\", \"8\"],\n", "").contains("grille-local.engagements"));
        assert!(refused("[\"E1-Q1\"", "[\"…\"").contains("enquete-usagers.questions"));
    }

    #[test]
    fn another_layout_or_another_reading_is_another_request() {
        use label::case::table::TableKind::EnqueteUsagers;
        let layouts = Layouts::default();
        let first = layouts.request(EnqueteUsagers, &Choices::default());
        assert_eq!((first.answers_needed, first.print().len()), (8, 16));
        let mut other = layouts.clone();
        other.enquete_usagers.profile.push(vec!["Âge".to_owned()]);
        // The reading in force does not count the profile's questions.
        assert_eq!(other.request(EnqueteUsagers, &Choices::default()), first);
        other.enquete_usagers.answers.nc.push("Sans avis".to_owned());
        assert_ne!(other.request(EnqueteUsagers, &Choices::default()).print(), first.print());
    }
}
