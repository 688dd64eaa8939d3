//! The statistics for the national commission (R-1.1-c, D.3): how many applied, were audited, labelled, refused; whether
//! the plan and the report came in time; how long a decision takes. Counted from the stored dossiers at each request.

use std::collections::BTreeMap;

use jiff::civil::Date;
use label::Tier;
use label::life::LabelStatus;
use serde::Serialize;

use super::files::{harmless, record};
use crate::store::Result;
use crate::store::behind::{Fact, Figure, Place};
use crate::store::measures::DelayTally;
use crate::store::register::{Register, Tally};

/// The counts for one year, kind of service and certification body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// First applications and renewals.
    pub candidatures: i64,
    /// Visits that took place, follow-ups included.
    pub audits: i64,
    pub labellises: i64,
    pub refuses: i64,
    pub bronze: i64,
    pub argent: i64,
    pub or: i64,
    pub plans_a_temps: i64,
    pub plans_en_retard: i64,
    pub rapports_a_temps: i64,
    pub rapports_en_retard: i64,
}

/// The labels in force of one type and tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InForceCounts {
    /// Suspended ones included.
    pub labels: i64,
    pub suspendus: i64,
}

/// The key of one line of the file: a year, a kind of service, a certification body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Group {
    pub annee: String,
    pub type_service: String,
    pub organisme: String,
}

/// All counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub groups: BTreeMap<Group, Counts>,
    /// The labels in force on the day of the count, by type of service and tier; the first figure of the label.
    pub in_force: BTreeMap<(String, Option<Tier>), InForceCounts>,
    /// By year of decision, twice the median number of days from deposit to decision.
    pub half_days: BTreeMap<String, i64>,
    /// The labels in force on that day, by département, and by certification body.
    pub departements: Vec<(String, i64)>,
    pub bodies: Vec<(String, i64)>,
    /// By month (« 2027-03 »), how many of each of [`FLOWS`]; a month without any is absent.
    pub flows: BTreeMap<String, [i64; FLOWS.len()]>,
}

/// What is counted by month.
pub const FLOWS: [Fact; 4] = [Fact::Applied, Fact::Audited, Fact::Labelled, Fact::Refused];

impl Statistics {
    /// The counts as of `day`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(register: &Register, day: Date) -> Result<Statistics> {
        let mut in_force: BTreeMap<(String, Option<Tier>), InForceCounts> = BTreeMap::new();
        for line in register.in_force(day).await? {
            let tier = line.tier.as_deref().and_then(Tier::from_key);
            let counts = in_force.entry((line.type_key, tier)).or_default();
            counts.labels += line.count;
            counts.suspendus += if line.status == LabelStatus::Suspended.key() { line.count } else { 0 };
        }
        let tallies = register.tallies(day).await?;
        let mut groups = BTreeMap::new();
        for tally in &tallies {
            count(&mut groups, tally);
        }
        for tally in register.plans_and_reports(day).await? {
            count_delay(&mut groups, &tally);
        }
        let mut by_year: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
        for (year, days, count) in register.decision_days(day).await? {
            by_year.entry(year).or_default().push((days, count));
        }
        let half_days =
            by_year.into_iter().filter_map(|(year, days)| Some((year, twice_median(&days)?))).collect();
        let departements = register.in_force_by(Place::Departement, day).await?;
        let bodies = register.in_force_by(Place::Organisme, day).await?;
        let mut flows: BTreeMap<String, [i64; FLOWS.len()]> = BTreeMap::new();
        for (place, what) in FLOWS.into_iter().enumerate() {
            for (month, count) in register.by_month(&Figure::ever(what, day)).await? {
                flows.entry(month).or_default()[place] = count;
            }
        }
        Ok(Statistics { groups, in_force, half_days, departements, bodies, flows })
    }

    /// The counts summed by the value that `part` returns for each key; `None` leaves a group out.
    #[must_use]
    pub fn by<K: Ord>(&self, part: impl Fn(&Group) -> Option<K>) -> BTreeMap<K, Counts> {
        let mut sums: BTreeMap<K, Counts> = BTreeMap::new();
        for (group, counts) in &self.groups {
            if let Some(key) = part(group) {
                sums.entry(key).or_default().add(counts);
            }
        }
        sums
    }

    /// The years, oldest first.
    #[must_use]
    pub fn years(&self) -> Vec<String> {
        self.by(|group| Some(group.annee.clone())).into_keys().collect()
    }

    /// One line for each year, kind of service and body.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        let mut file = record(HEADER.iter().map(|name| (*name).to_owned()));
        for (group, c) in &self.groups {
            let words =
                [&group.annee, &group.type_service, &group.organisme].map(|word| harmless(word.clone()));
            let numbers = c.numbers().map(|number| number.to_string());
            file.extend(record(words.into_iter().chain(numbers)));
        }
        file
    }

    /// The same lines, and the medians.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        #[derive(Serialize)]
        struct Row<'a> {
            #[serde(flatten)]
            group: &'a Group,
            #[serde(flatten)]
            counts: &'a Counts,
        }
        let rows: Vec<Row<'_>> = self.groups.iter().map(|(group, counts)| Row { group, counts }).collect();
        let medians: BTreeMap<&String, String> =
            self.half_days.iter().map(|(year, half)| (year, days(*half, "."))).collect();
        #[derive(Serialize)]
        struct InForceRow<'a> {
            #[serde(rename = "type")]
            type_service: &'a str,
            palier: Option<&'static str>,
            #[serde(flatten)]
            counts: InForceCounts,
        }
        let in_force = self.in_force.iter().map(|((type_service, tier), counts)| InForceRow {
            type_service,
            palier: tier.map(Tier::key),
            counts: *counts,
        });
        let in_force: Vec<InForceRow<'_>> = in_force.collect();
        serde_json::json!({ "en_vigueur": in_force, "lignes": rows, "delai_median_jours": medians })
    }
}

/// « 184 », « 184,5 »: whole days and perhaps a half.
#[must_use]
pub fn days(half: i64, point: &str) -> String {
    if half % 2 == 0 { (half / 2).to_string() } else { format!("{}{point}5", half / 2) }
}

const HEADER: [&str; 14] = [
    "annee",
    "type",
    "organisme",
    "candidatures",
    "audits",
    "labellises",
    "refuses",
    "bronze",
    "argent",
    "or",
    "plans_a_temps",
    "plans_en_retard",
    "rapports_a_temps",
    "rapports_en_retard",
];

impl Counts {
    fn numbers(&self) -> [i64; 11] {
        [
            self.candidatures,
            self.audits,
            self.labellises,
            self.refuses,
            self.bronze,
            self.argent,
            self.or,
            self.plans_a_temps,
            self.plans_en_retard,
            self.rapports_a_temps,
            self.rapports_en_retard,
        ]
    }

    fn add(&mut self, other: &Counts) {
        self.candidatures += other.candidatures;
        self.audits += other.audits;
        self.labellises += other.labellises;
        self.refuses += other.refuses;
        self.bronze += other.bronze;
        self.argent += other.argent;
        self.or += other.or;
        self.plans_a_temps += other.plans_a_temps;
        self.plans_en_retard += other.plans_en_retard;
        self.rapports_a_temps += other.rapports_a_temps;
        self.rapports_en_retard += other.rapports_en_retard;
    }
}

/// Each thing is counted in the year in which it happened.
fn count(groups: &mut BTreeMap<Group, Counts>, tally: &Tally) {
    let mut of = |year: &str, change: &dyn Fn(&mut Counts)| {
        let group = Group {
            annee: year.to_owned(),
            type_service: tally.type_key.clone(),
            organisme: tally.organisme.clone(),
        };
        change(groups.entry(group).or_default());
    };
    let n = tally.count;
    let candidature = matches!(tally.demande.as_str(), "initial" | "renouvellement");
    if candidature {
        of(&tally.deposited_year, &|counts| counts.candidatures += n);
    }
    if let Some(year) = &tally.audited_year {
        of(year, &|counts| {
            counts.audits += n;
        });
    }
    let Some(year) = tally.decided_year.as_ref().filter(|_| candidature) else { return };
    let (outcome, tier) = (tally.outcome.as_deref(), tally.tier.as_deref());
    match outcome {
        Some("labellise") => of(year, &|counts| {
            counts.labellises += n;
            counts.bronze += n * i64::from(tier == Some("bronze"));
            counts.argent += n * i64::from(tier == Some("argent"));
            counts.or += n * i64::from(tier == Some("or"));
        }),
        Some("rejete") => of(year, &|counts| counts.refuses += n),
        _ => {}
    }
}

/// A delay counts in the year of its last day, whether or not the visit took place.
fn count_delay(groups: &mut BTreeMap<Group, Counts>, tally: &DelayTally) {
    let DelayTally { year, type_key, organisme, of_plan, kept, count } = tally.clone();
    let counts = groups.entry(Group { annee: year, type_service: type_key, organisme }).or_default();
    let counted = match (of_plan, kept) {
        (true, true) => &mut counts.plans_a_temps,
        (true, false) => &mut counts.plans_en_retard,
        (false, true) => &mut counts.rapports_a_temps,
        (false, false) => &mut counts.rapports_en_retard,
    };
    *counted += count;
}

/// Twice the median, so that the middle of two days needs no fraction. `days` is sorted.
#[must_use]
pub fn twice_median(days: &[(i64, i64)]) -> Option<i64> {
    let total: i64 = days.iter().map(|(_, count)| count).sum();
    let at = |rank: i64| {
        let mut seen = 0;
        days.iter().find_map(|(day, count)| {
            seen += count;
            (rank < seen).then_some(*day)
        })
    };
    if total == 0 { None } else { Some(at((total - 1) / 2)? + at(total / 2)?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_a_count_is_that_of_the_list() {
        assert_eq!(twice_median(&[]), None);
        assert_eq!(twice_median(&[(10, 1)]), Some(20));
        assert_eq!(twice_median(&[(10, 1), (13, 1)]), Some(23));
        assert_eq!(twice_median(&[(10, 2), (13, 1), (90, 2)]), Some(26));
        assert_eq!((days(23, ","), days(20, ",")), ("11,5".to_owned(), "10".to_owned()));
    }

    #[test]
    fn each_thing_counts_in_its_own_year() {
        let tally = Tally {
            demande: "initial".to_owned(),
            type_key: "central".to_owned(),
            organisme: "Certif".to_owned(),
            deposited_year: "2026".to_owned(),
            audited_year: Some("2027".to_owned()),
            decided_year: Some("2028".to_owned()),
            outcome: Some("labellise".to_owned()),
            tier: Some("or".to_owned()),
            count: 3,
        };
        let mut statistics = Statistics::default();
        count(&mut statistics.groups, &tally);
        count(&mut statistics.groups, &Tally { demande: "suivi".to_owned(), ..tally });
        let years = statistics.by(|group| Some(group.annee.clone()));
        assert_eq!(
            years["2026"],
            Counts { candidatures: 3, ..Counts::default() },
            "a follow-up is no application"
        );
        assert_eq!(years["2027"], Counts { audits: 6, ..Counts::default() });
        assert_eq!(years["2028"], Counts { labellises: 3, or: 3, ..Counts::default() });
        assert!(String::from_utf8(statistics.csv()).unwrap().contains("2028,central,Certif,0,0,3,0,0,0,3,"));
    }

    #[test]
    fn a_plan_counts_in_the_year_of_its_last_day_before_any_visit() {
        let mut groups = BTreeMap::new();
        for (year, of_plan, kept, count) in [
            ("2026", true, false, 2),
            ("2026", true, true, 3),
            ("2027", false, true, 5),
            ("2027", false, false, 1),
        ] {
            let (year, type_key, organisme) = (year.to_owned(), "central".to_owned(), "Certif".to_owned());
            count_delay(&mut groups, &DelayTally { year, type_key, organisme, of_plan, kept, count });
        }
        let years = Statistics { groups, ..Statistics::default() }.by(|group| Some(group.annee.clone()));
        assert_eq!(years["2026"], Counts { plans_a_temps: 3, plans_en_retard: 2, ..Counts::default() });
        assert_eq!(years["2027"], Counts { rapports_a_temps: 5, rapports_en_retard: 1, ..Counts::default() });
    }
}
