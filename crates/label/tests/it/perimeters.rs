//! The perimeter of a label: domains of a local authority, sites, and what an extension adds.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::judge::finding::{Level, What};
use label::judge::review;
use label::wording;

use crate::cases::{case_of, day, facts, frame, row};
use crate::life::choice;

fn dossier(number: i64, deposited: i64, demande: &str, more: Vec<(Key, Value)>) -> Facts {
    let mut values =
        vec![(Key::TypeService, choice("local_independant")), (Key::TypeDemande, choice(demande))];
    values.extend(more);
    facts(number, deposited, values)
}

fn words(words: &[&str]) -> Value {
    Value::Choices(words.iter().map(|word| (*word).to_owned()).collect())
}

/// The findings about the perimeter that a person must look at.
fn told(dossiers: &[Facts], on: i64) -> Vec<String> {
    let review = review(&case_of(dossiers), day(on), &frame());
    let asked = |what: &What| {
        matches!(what, What::Perimeter(_))
            || matches!(what, What::Unfilled { needs } if needs.contains(&Key::PerimetreSocle))
    };
    let found = review.findings.iter().filter(|f| f.level > Level::Unknown && asked(&f.what));
    found.map(wording::finding).collect()
}

/// R-1.4-d, R-0-c
#[test]
fn a_local_authority_has_the_basic_perimeter_of_its_kind() {
    let of = |kind: &str, basic: &[&str]| {
        let mut values = vec![(Key::PerimetreCollectivite, choice(kind))];
        if !basic.is_empty() {
            values.push((Key::PerimetreSocle, words(basic)));
        }
        told(&[dossier(1, 0, "initial", values)], 5)
    };
    assert_eq!(of("commune", &["accueil_general", "demarches_administratives"]), Vec::<String>::new());
    assert_eq!(of("statut_particulier", &[]), Vec::<String>::new());
    let empty = of("commune", &[]);
    assert!(empty.len() == 1 && empty[0].starts_with("Manque") && empty[0].contains("socle"), "{empty:?}");
    let region = of("region", &["accueil_general", "demarches_administratives"]).join("\n");
    assert!(region.contains("au moins un domaine parmi Mobilités et transport"), "{region}");
    assert!(region.contains("« Démarches administratives » n’est pas un domaine du socle"), "{region}");
    let plain = dossier(1, 0, "initial", vec![]);
    assert_eq!(told(&[plain], 5), Vec::<String>::new(), "no local authority, nothing to say");
    let values = vec![(Key::PerimetreCollectivite, choice("commune"))];
    let review = review(&case_of(&[dossier(1, 0, "initial", values)]), day(5), &frame());
    assert!(review.findings.iter().any(|finding| finding.rule == "R-0-c" && finding.level == Level::Ok));
}

fn site(name: &str, main: bool) -> Row {
    Row::from([(Key::SiteNom, Value::Text(name.to_owned())), (Key::SitePrincipal, Value::Flag(main))])
}

/// R-1.4-c
#[test]
fn one_of_several_sites_plans_for_the_others() {
    let of = |sites: Vec<Row>| told(&[dossier(1, 0, "initial", vec![(Key::Sites, Value::Rows(sites))])], 5);
    assert_eq!(of(vec![site("Mairie", true), site("Annexe", false)]), Vec::<String>::new());
    assert_eq!(of(vec![site("Mairie", false)]), Vec::<String>::new());
    let none = of(vec![site("Mairie", false), site("Annexe", false)]);
    assert!(none.len() == 1 && none[0].contains("2 sites déclarés, 0 désigné"), "{none:?}");
}

/// R-1.4-b, R-5.2-b
#[test]
fn each_site_was_visited_or_is_covered_without_a_visit() {
    let town = |name: &str, town: &str| {
        let mut row = site(name, false);
        row.insert(Key::SiteCommune, Value::Text(town.to_owned()));
        row
    };
    let rows =
        || vec![site("Mairie", true), town("Annexe Est", "Nîmes"), town("Accueil de l’état civil", "Alès")];
    let judged = |demande: &str, visited: Option<&str>, report: bool| {
        let mut values = vec![(Key::Sites, Value::Rows(rows()))];
        values.extend(visited.map(|text| (Key::SitesVisites, Value::Text(text.to_owned()))));
        values.extend(report.then_some((Key::RapportTransmisLe, Value::Date(day(5)))));
        let mut all = vec![dossier(2, 1, demande, values)];
        if demande == "extension" {
            all[0].values.insert(Key::DossierPrecedent, Value::Link(1));
            all.insert(0, dossier(1, 0, "initial", vec![(Key::Sites, Value::Rows(rows()[..2].to_vec()))]));
        }
        let review = review(&case_of(&all), day(10), &frame());
        let of = |rule: &str| ["R-1.4-b", "R-5.2-b"].contains(&rule);
        let found = review.findings.iter().filter(|f| f.dossier == 2 && of(f.rule));
        found.map(|f| (f.level, wording::findings::what(&f.what))).collect::<Vec<_>>()
    };
    assert_eq!(judged("initial", None, false), []);
    let untold = judged("initial", None, true);
    assert!(untold.len() == 1 && untold[0].1.contains("3 sites déclarés : indiquez ceux"), "{untold:?}");
    let part = judged("initial", Some("MAIRIE\nannexe est (Nimes)"), true);
    assert_eq!(part.len(), 1);
    assert_eq!(part[0].0, Level::Ok);
    assert!(
        part[0].1.starts_with("Sites visités : 2 sur 3") && part[0].1.ends_with(": Accueil de l’état civil"),
        "{part:?}"
    );
    let all = judged("initial", Some("Mairie ; Annexe Est ; Accueil de l'etat civil"), true);
    assert_eq!(all, [(Level::Ok, "Sites visités : 3 sur 3 déclarés".to_owned())]);
    let strange = judged("initial", Some("Mairie\nGymnase"), true);
    assert!(
        strange[0].0 == Level::ToCheck
            && strange[0].1.contains("pas dans la liste des sites couverts : Gymnase"),
        "{strange:?}"
    );
    let nobody = judged("initial", Some("Gymnase"), true);
    assert!(nobody[1].0 == Level::ToCheck && nobody[1].1.contains("Aucun des 3 sites"), "{nobody:?}");
    // An extension audits what it adds: the third site.
    let added = judged("extension", Some("Mairie"), true);
    assert!(
        added.iter().any(|(level, said)| *level == Level::ToCheck
            && said.contains("non visités : Accueil de l’état civil")),
        "{added:?}"
    );
    let audited = judged("extension", Some("Accueil de l’état civil"), true);
    assert!(audited.iter().all(|(level, _)| *level == Level::Ok), "{audited:?}");
}

/// R-5.2-a, R-5.2-b
#[test]
fn an_extension_comes_at_a_follow_up_adds_something_and_is_audited() {
    let sites = |names: &[&str]| {
        let rows = names.iter().enumerate().map(|(rank, name)| site(name, rank == 0));
        (Key::Sites, Value::Rows(rows.collect()))
    };
    let decided = |on| (Key::Evenements, Value::Rows(vec![row("labellise", on)]));
    let first = dossier(1, 0, "initial", vec![sites(&["Mairie"]), decided(100)]);
    let extended = |visit: Option<i64>, on: i64, names: &[&str]| {
        let mut values = vec![(Key::DossierPrecedent, Value::Link(1)), sites(names), decided(on)];
        values.extend(visit.map(|visit| (Key::AuditDebut, Value::Date(day(visit)))));
        told(&[first.clone(), dossier(2, 200, "extension", values)], 700)
    };
    // The window of the follow-up opens sixteen months after the notification, which is on the day 102.
    assert_eq!(extended(Some(600), 650, &["Annexe"]), Vec::<String>::new());
    let early = extended(Some(300), 350, &["Annexe"]);
    assert!(early.len() == 1 && early[0].contains("R-5.2-a"), "{early:?}");
    let nothing = extended(Some(600), 650, &["Mairie"]);
    assert!(nothing.len() == 1 && nothing[0].contains("sans site ni domaine nouveau"), "{nothing:?}");
    let unseen = extended(None, 650, &["Annexe"]);
    assert!(unseen.len() == 1 && unseen[0].contains("R-5.2-b"), "{unseen:?}");
}
