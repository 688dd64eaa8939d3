//! The monthly mails to DITP: the report, and the list of labels that ended.

use jiff::civil::Date;

use crate::guide::tiers::Tier;

use crate::outgoing::{Letter, Section};

use super::agreement::{count, others};
use super::names::{self, date_full, date_short};
use super::sourced::letter;

/// Largest number of services named under one heading; the attached register lists all.
const NAMED: usize = 100;

/// The events of labels in a past month, as known on `today`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// The first day of the month that is reported.
    pub first: Date,
    /// The day of the report, for which `current` and `now_suspended` are counted.
    pub today: Date,
    /// Labels in force today: Bronze, Argent, Or, tier not stated.
    pub current: [u64; 4],
    /// How many of the labels in force are suspended today.
    pub now_suspended: u64,
    /// Day of notification, else of decision, not before the period starts; and service.
    pub granted: Vec<(Date, String)>,
    /// First day of the suspension, and service.
    pub suspended: Vec<(Date, String)>,
    /// First day without that suspension, and service.
    pub lifted: Vec<(Date, String)>,
    /// First day of a higher tier within one period, and service.
    pub raised: Vec<(Date, String)>,
    /// Day of effect of the withdrawal, and service.
    pub withdrawn: Vec<(Date, String)>,
    /// Last valid day, and service; without those that have a label again.
    pub expired: Vec<(Date, String)>,
    /// Labels that end in the month that begins: last valid day, and service.
    pub ending: Vec<(Date, String)>,
}

impl Month {
    /// A month in which nothing is counted yet.
    #[must_use]
    pub fn new(first: Date, today: Date) -> Month {
        let [granted, suspended, lifted, raised, withdrawn, expired, ending] = [const { Vec::new() }; 7];
        Month {
            first,
            today,
            current: [0; 4],
            now_suspended: 0,
            granted,
            suspended,
            lifted,
            raised,
            withdrawn,
            expired,
            ending,
        }
    }

    /// Adds a label in force today; `tier` is `None` when no decision states it.
    pub fn count(&mut self, tier: Option<Tier>, suspended: bool) {
        let place = tier.and_then(|tier| Tier::ALL.iter().position(|other| *other == tier)).unwrap_or(3);
        self.current[place] += 1;
        self.now_suspended += u64::from(suspended);
    }
}

/// The same as JSON: numbers, and lists of days and services.
#[must_use]
pub fn data(month: &Month) -> serde_json::Value {
    let [bronze, argent, or, untold] = month.current;
    let list = |list: &[(Date, String)]| -> Vec<serde_json::Value> {
        list.iter().map(|(day, name)| serde_json::json!({ "date": day, "service": name })).collect()
    };
    serde_json::json!({
        "mois": format!("{:04}-{:02}", month.first.year(), month.first.month()),
        "au": month.today,
        "en_vigueur": bronze + argent + or + untold,
        "par_palier": { "bronze": bronze, "argent": argent, "or": or, "non_precise": untold },
        "suspendus": month.now_suspended,
        "attribues": list(&month.granted),
        "suspensions": list(&month.suspended),
        "levees": list(&month.lifted),
        "paliers_superieurs": list(&month.raised),
        "retraits": list(&month.withdrawn),
        "echus": list(&month.expired),
        "a_echeance": list(&month.ending),
    })
}

/// « Guichet de Valdorée — Bronze — Boréal Certification ».
#[must_use]
pub fn service(name: &str, tier: Option<Tier>, body: &str) -> String {
    let tier = tier.map_or("palier non précisé", names::tier);
    if body.is_empty() { format!("{name} — {tier}") } else { format!("{name} — {tier} — {body}") }
}

/// The report of the month. The register is attached to the mail.
#[must_use]
pub fn report(month: &Month) -> Letter {
    let [bronze, argent, or, untold] = month.current;
    let total = bronze + argent + or + untold;
    let mut tiers = format!("Bronze : {bronze}, Argent : {argent}, Or : {or}");
    if untold > 0 {
        tiers.push_str(&format!(", palier non précisé : {untold}"));
    }
    let mut paragraphs = vec![
        match total {
            0 => format!("Au {}, aucun service n’est labellisé.", date_full(month.today)),
            _ => format!(
                "Au {}, {} ({tiers}).",
                date_full(month.today),
                count(total, "service est labellisé", "services sont labellisés")
            ),
        },
        "Le registre à ce jour est joint à ce message (fichier CSV, à ouvrir dans un tableur).".to_owned(),
    ];
    if month.now_suspended > 0 {
        let suspended = count(month.now_suspended, "label est suspendu", "labels sont suspendus");
        let suspended = format!("Parmi eux, {suspended}.");
        paragraphs.insert(1, suspended);
    }
    let lists = [
        ("Labels attribués dans le mois", &month.granted),
        ("Paliers supérieurs atteints dans le mois", &month.raised),
        ("Suspensions commencées dans le mois", &month.suspended),
        ("Suspensions levées dans le mois", &month.lifted),
        ("Retraits dans le mois", &month.withdrawn),
        ("Labels arrivés à échéance dans le mois", &month.expired),
        ("Labels qui prennent fin le mois qui commence", &month.ending),
    ];
    let sections: Vec<Section> = lists
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(title, list)| Section::new(title, lines(list)))
        .collect();
    if sections.is_empty() {
        paragraphs.push(
            "Aucun label n’a été attribué, suspendu, retiré ni n’est arrivé à échéance dans le mois."
                .to_owned(),
        );
    }
    let what = format!("[SP+ DITP] Bilan mensuel — {}", names::month(month.first));
    Letter { sections, ..letter(what, paragraphs, "3.8.1", "R-3.8.1-e") }
}

/// The labels that ended in the month, to be removed from the public list.
#[must_use]
pub fn ended(month: &Month) -> Letter {
    let what = format!("[SP+ DITP] Labels arrivés à échéance ce mois — {}", names::month(month.first));
    let text = "Ces labels ont pris fin sans que leur renouvellement soit accordé : ils ne figurent plus parmi les labels en vigueur.";
    Letter { points: lines(&month.expired), ..letter(what, vec![text.to_owned()], "2.3", "R-2.3-a") }
}

fn lines(list: &[(Date, String)]) -> Vec<String> {
    let mut list: Vec<&(Date, String)> = list.iter().collect();
    list.sort();
    let mut lines: Vec<String> =
        list.iter().take(NAMED).map(|(day, name)| format!("{} : {name}", date_short(*day))).collect();
    if let Some(more) = list.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("… {} : voir le registre", others(more)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_says_what_happened_and_a_quiet_one_says_so() {
        let mut month = Month::new(date(2027, 4, 1), date(2027, 5, 1));
        let quiet = report(&month);
        assert_eq!(quiet.subject, "[SP+ DITP] Bilan mensuel — avril 2027");
        assert!(quiet.paragraphs[0].contains("aucun service") && quiet.sections.is_empty());
        assert!(quiet.paragraphs[2].starts_with("Aucun label n’a été attribué"));
        month.count(Some(Tier::Or), true);
        month.count(None, false);
        month.granted.push((date(2027, 4, 20), service("B", Some(Tier::Or), "Boréal")));
        month.granted.push((date(2027, 4, 2), service("A", None, "")));
        let busy = report(&month);
        assert!(
            busy.paragraphs[0].contains(
                "2 services sont labellisés (Bronze : 0, Argent : 0, Or : 1, palier non précisé : 1)"
            )
        );
        assert_eq!(busy.paragraphs[1], "Parmi eux, 1 label est suspendu.");
        let granted = &busy.sections[0].points;
        assert_eq!(granted, &["02/04/2027 : A — palier non précisé", "20/04/2027 : B — Or — Boréal"]);
    }

    /// Receivers rely on these words, and on each list being under its own.
    #[test]
    fn a_month_has_the_same_words_for_programs_every_month() {
        let mut month = Month::new(date(2027, 4, 1), date(2027, 5, 1));
        for (day, list) in [
            &mut month.granted,
            &mut month.suspended,
            &mut month.lifted,
            &mut month.raised,
            &mut month.withdrawn,
            &mut month.expired,
            &mut month.ending,
        ]
        .into_iter()
        .enumerate()
        {
            let day = i8::try_from(day).unwrap() + 1;
            list.push((date(2027, 4, day), format!("S{day}")));
        }
        month.count(Some(Tier::Argent), true);
        let one = |day: i8| serde_json::json!([{ "date": date(2027, 4, day), "service": format!("S{day}") }]);
        let expected = serde_json::json!({
            "mois": "2027-04", "au": "2027-05-01", "en_vigueur": 1, "suspendus": 1,
            "par_palier": { "bronze": 0, "argent": 1, "or": 0, "non_precise": 0 },
            "attribues": one(1), "suspensions": one(2), "levees": one(3), "paliers_superieurs": one(4),
            "retraits": one(5), "echus": one(6), "a_echeance": one(7),
        });
        assert_eq!(data(&month), expected);
        let titles: Vec<String> = report(&month).sections.into_iter().map(|section| section.title).collect();
        assert_eq!(titles[1], "Paliers supérieurs atteints dans le mois");
        assert_eq!(titles[3], "Suspensions levées dans le mois");
    }
}
