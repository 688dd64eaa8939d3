//! Reads what a line of a table writes: « clé = valeur », separated by « ; », beside a sound dossier; « | » begins
//! another dossier of the same service.
//!
//! A day is « j100 », that many days after the first; « - » empties a field. `evenements` are « décision jour [palier]
//! [notif=jour] [effet=jour] [motif=…] », separated by commas. Words that are no keys of the form: `depot`, `etat`,
//! `aujourdhui`; `locaux` of a central are « nombre palier [jour] », separated by commas; « rapport : clé = valeur » is
//! a value as it was in the report.

use jiff::civil::Date;
use label::case::facts::{Attachment, Facts, PlatformState, Row, Scan, Value};
use label::case::keys::{Key, Kind};
use label::case::{Case, Local};
use label::guide::tiers::Tier;

use crate::cases::{case_of, day, facts, local};

/// A first dossier in order up to an award on the day 100.
const LOCAL: &str = "nom_structure = Guichet ; type_service = local_independant ; type_demande = initial ; \
    departement = 75 ; contrat_signe = oui ; contrat_date = j-10 ; organigramme = f ; plan_formation = f ; \
    methode_echantillon = f ; autodiagnostic_le = j-20 ; autodiagnostic_rapport = f ; enquete_usagers_cloture = j-20 ; \
    enquete_usagers_rapport = f ; enquete_agents_cloture = j-20 ; enquete_agents_rapport = f ; plan_actions = f ; \
    indicateurs = f ; indicateurs_depuis = j-300 ; usagers_sollicites = 900 ; usagers_recevables = 90 ; \
    agents_concernes = 40 ; agents_sollicites = 40 ; agents_recevables = 30 ; audit_debut = j50 ; audit_fin = j51 ; \
    plan_transmis_le = j30 ; rapport_transmis_le = j60 ; observations_le = j65 ; note_usagers = 85 ; note_agents = 70 ; \
    score_e1 = 70 ; score_e2 = 70 ; score_e3 = 70 ; score_e4 = 70 ; score_e5 = 70 ; score_e6 = 70 ; score_e7 = 70 ; \
    score_e8 = 70 ; score_or = 60 ; evenements = labellise j100 argent";

/// What a central's dossier has beside it.
const CENTRAL: &str = "n_locaux = 9 ; autodiagnostics_fournis = 9 ; points_valides = 40 ; points_total = 50 ; \
    locaux = 4 argent j40";

/// A later dossier of the service of [`LOCAL`], in order, without a decision.
const LATER: &str = "evenements = - ; dossier_precedent = 1 ; depot = j600 ; autodiagnostic_le = j590 ; \
    enquete_usagers_cloture = j590 ; enquete_agents_cloture = j590 ; indicateurs_depuis = j-300 ; contrat_date = j590 ; \
    audit_debut = j650 ; audit_fin = j651 ; plan_transmis_le = j630 ; rapport_transmis_le = j660 ; observations_le = j665";

/// The case that `written` makes, and the day on which it is judged.
pub fn case(written: &str) -> (Case, Date) {
    let mut today = day(120);
    let (mut locals, mut reported) = (Vec::new(), Vec::new());
    let mut dossiers = Vec::new();
    for (number, text) in (1..).zip(written.split('|')) {
        let mut dossier = facts(number, 0, Vec::new());
        let central = written.contains("type_service = central");
        let base = [LOCAL, if central { CENTRAL } else { "" }, if number > 1 { LATER } else { "" }, text];
        for part in
            base.into_iter().flat_map(|text| text.split(';')).map(str::trim).filter(|part| !part.is_empty())
        {
            let (part, in_report) = part.strip_prefix("rapport :").map_or((part, false), |rest| (rest, true));
            let (word, value) = part.split_once('=').unwrap();
            let (word, value) = (word.trim(), value.trim());
            match word {
                "aujourdhui" => today = on(value),
                "depot" => dossier.deposited = on(value),
                "etat" => dossier.state = state(value),
                "locaux" => locals = self::locals(value),
                _ if in_report => reported.push((number, key(word), field(key(word), value))),
                _ => write(&mut dossier, key(word), value),
            }
        }
        dossiers.push(dossier);
    }
    let mut case = case_of(&dossiers);
    case.locals = locals;
    for (number, key, value) in reported {
        case.reported_marks.entry(number).or_default().insert(key, value);
    }
    (case, today)
}

fn key(word: &str) -> Key {
    Key::from_name(word).unwrap_or_else(|| panic!("« {word} » is no key"))
}

fn on(text: &str) -> Date {
    day(text.strip_prefix('j').unwrap_or_else(|| panic!("« {text} » is no day")).parse().unwrap())
}

fn state(text: &str) -> PlatformState {
    match text {
        "accepte" => PlatformState::Accepte,
        "refuse" => PlatformState::Refuse,
        "sans_suite" => PlatformState::SansSuite,
        other => panic!("« {other} » is no state"),
    }
}

fn write(dossier: &mut Facts, key: Key, value: &str) {
    match value {
        "-" => drop(dossier.values.remove(&key)),
        _ => drop(dossier.values.insert(key, field(key, value))),
    }
}

fn field(key: Key, text: &str) -> Value {
    match key.kind() {
        Kind::Date => Value::Date(on(text)),
        Kind::Count => Value::Count(text.parse().unwrap()),
        Kind::Mark => Value::Mark(text.parse().unwrap()),
        Kind::Flag => Value::Flag(text == "oui"),
        Kind::Link => Value::Link(text.parse().unwrap()),
        Kind::Choice(known) => {
            assert!(known.contains(&text), "« {text} » is not among {known:?}");
            Value::Choice(text.to_owned())
        }
        Kind::Files | Kind::FilesOrWords => Value::Files(vec![Attachment {
            name: "piece.pdf".to_owned(),
            bytes: 9,
            checksum: String::new(),
            media_type: "application/pdf".to_owned(),
            scan: Scan::Safe,
        }]),
        Kind::Rows => Value::Rows(text.split(',').map(row).collect()),
        _ => Value::Text(text.to_owned()),
    }
}

/// « suspension j110 motif=usage_marque »; a decision is notified two days later unless the row says when.
fn row(text: &str) -> Row {
    let mut row = Row::new();
    for word in text.split_whitespace() {
        let (key, value) = match word.split_once('=') {
            Some(("notif", day)) => (Key::NotificationLe, day),
            Some(("effet", day)) => (Key::EffetLe, day),
            Some(("motif", cause)) => (Key::MotifSuspension, cause),
            Some(other) => panic!("{other:?}"),
            None if Tier::from_key(word).is_some() => (Key::PalierDecide, word),
            None if word.starts_with('j') => (Key::DecisionLe, word),
            None if word == "?" => continue,
            None => (Key::Decision, word),
        };
        row.insert(key, field(key, value));
    }
    if let Some(Value::Date(decided)) = row.get(&Key::DecisionLe) {
        let notified = decided.checked_add(jiff::ToSpan::days(2)).unwrap();
        row.entry(Key::NotificationLe).or_insert(Value::Date(notified));
    }
    row
}

/// « 3 argent j40, 1 rejete j80 »: locals decided on that day.
fn locals(text: &str) -> Vec<Local> {
    let mut locals = Vec::new();
    for group in text.split(',').filter(|group| *group != "-") {
        let words: Vec<&str> = group.split_whitespace().collect();
        let decided = words[2].strip_prefix('j').unwrap().parse().unwrap();
        for _ in 0..words[0].parse::<usize>().unwrap() {
            let case = i64::try_from(locals.len()).unwrap() + 100;
            locals.push(local(case, decided, Tier::from_key(words[1])));
        }
    }
    locals
}
