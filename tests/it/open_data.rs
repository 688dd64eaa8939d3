//! The open files of the register: what they say of themselves, what changed in a month, and that nobody is named.
//! `VIGIE_OPEN_DATA=FOLDER` keeps them, for validators of somebody else (`.ci/run`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use serde_json::Value;
use simulator::{Scenario, Simulator};
use vigie::register::Audience;

use crate::bench::{Bench, FORM, demarche};
use crate::web::Pages;

/// The columns that everybody may read: none of a person, of a contact, or of a dossier.
const OPEN: [&str; 19] = [
    "nom",
    "siret",
    "type",
    "departement",
    "palier",
    "date_decision",
    "date_notification",
    "debut_periode",
    "date_fin",
    "statut",
    "statut_depuis",
    "suspension_debut",
    "suspension_delai",
    "suspension_fin_max",
    "retrait_le",
    "sites",
    "organisme",
    "central",
    "identifiant",
];

/// After three and a half years, with labels that were granted, suspended, renewed, withdrawn and lost.
async fn years() -> (Bench, Pages) {
    let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, scenario.world()).await.unwrap();
    let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    let now = scenario.start().checked_add(SignedDuration::from_hours(24 * 1280)).unwrap();
    scenario.advance_to(&mut bench.simulator.world(), now);
    bench.set_now(now);
    for _ in 0..3 {
        bench.pass().await;
    }
    let pages = Pages::over(&bench, None).await;
    (bench, pages)
}

type Lines = BTreeMap<String, BTreeMap<String, String>>;

/// The lines of a file by identifier.
fn lines(file: &str) -> Lines {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let head = reader.headers().unwrap().clone();
    let line = |row: csv::StringRecord| {
        let cells = head.iter().map(str::to_owned).zip(row.iter().map(str::to_owned));
        let cells: BTreeMap<String, String> = cells.collect();
        (cells["identifiant"].clone(), cells)
    };
    let all: Vec<_> = reader.records().map(|row| line(row.unwrap())).collect();
    let by_id: Lines = all.iter().cloned().collect();
    assert_eq!(by_id.len(), all.len(), "an identifier stands twice");
    by_id
}

fn keep(name: &str, text: &str) {
    if let Some(folder) = std::env::var_os("VIGIE_OPEN_DATA") {
        let folder = std::path::PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// The register at the end of a month and the changes of the next make the register at the end of that one.
#[tokio::test]
async fn the_changes_of_each_month_lead_from_one_register_to_the_next() {
    let (bench, pages) = years().await;
    let today = bench.daemon.book.today();
    let at = async |day: Date| lines(&pages.get(&format!("/registre.csv?version=publique&au={day}")).await.1);
    let mut first = date(2026, 6, 1);
    let mut before = at(first.checked_sub(1.day()).unwrap()).await;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while first <= today {
        let until = first.last_of_month().min(today);
        let month = format!("{}-{:02}", first.year(), first.month());
        let (status, file) = pages.get(&format!("/registre/changements.csv?mois={month}")).await;
        assert_eq!(status, 200);
        let changed = lines(&file);
        let after = at(until).await;
        let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for id in ids {
            let (was, is, change) = (before.get(id), after.get(id), changed.get(id));
            let kind = change.map(|change| change["changement"].as_str());
            *kinds.entry(kind.unwrap_or("").to_owned()).or_default() += 1;
            let place = format!("{month} {id}: {was:?} then {is:?}, {change:?}");
            match (was, is) {
                (None, Some(_)) => assert_eq!(kind, Some("attribution"), "{place}"),
                (Some(_), None) => assert!(matches!(kind, Some("retrait" | "fin de validité")), "{place}"),
                (Some(was), Some(is)) if was == is => assert_eq!(kind, None, "{place}"),
                (Some(was), Some(is)) => {
                    let expected =
                        match (was["debut_periode"] == is["debut_periode"], was["statut"] == is["statut"]) {
                            (false, _) => "renouvellement",
                            (true, false) if is["statut"] == "suspendu" => "suspension",
                            (true, false) => "levée de suspension",
                            (true, true) => "mise à jour",
                        };
                    assert_eq!(kind, Some(expected), "{place}");
                }
                (None, None) => unreachable!(),
            }
            let (Some(is), Some(change)) = (is, change) else { continue };
            assert!(OPEN.iter().all(|column| is[*column] == change[*column]), "{place}");
            let differing = OPEN.iter().filter(|column| match was {
                Some(was) => was[**column] != is[**column],
                None => !is[**column].is_empty(),
            });
            assert_eq!(differing.copied().collect::<Vec<_>>().join(" ; "), change["champs"], "{place}");
            if let Ok(day) = change["jour"].parse::<Date>() {
                assert!(day <= until && (change["changement"] == "attribution" || day >= first), "{place}");
            }
        }
        let gone = changed.keys().filter(|id| !before.contains_key(*id) && !after.contains_key(*id));
        assert!(gone.into_iter().all(|id| changed[id]["changement"] != "attribution"), "{month}");
        if kinds.get("suspension").is_some_and(|count| *count == 1) && changed.len() > 1 {
            keep("changements.csv", &file);
        }
        (before, first) = (after, until.checked_add(1.day()).unwrap());
    }
    for kind in ["attribution", "renouvellement", "suspension", "levée de suspension", "retrait"] {
        assert!(kinds.contains_key(kind), "no {kind} in {kinds:?}");
    }
}

#[tokio::test]
async fn the_files_are_what_they_say_and_name_nobody() {
    let (bench, pages) = years().await;
    assert_eq!(Audience::Public.columns(), OPEN);
    let (_, register) = pages.get("/registre.csv?version=publique").await;
    assert_eq!(register, pages.get("/registre.csv?version=publique").await.1, "identifiers stay");
    let (_, schema) = pages.get("/registre/schema.json").await;
    let described: Value = serde_json::from_str(&schema).unwrap();
    let names: Vec<&str> =
        described["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, OPEN);
    assert!(
        described["fields"]
            .as_array()
            .unwrap()
            .iter()
            .all(|field| !field["description"].as_str().unwrap().is_empty())
    );
    let changes: Value =
        serde_json::from_str(&pages.get("/registre/changements.schema.json").await.1).unwrap();
    let (_, month) = pages.get("/registre/changements.csv").await;
    let head: Vec<&str> = month.lines().next().unwrap().split(',').collect();
    let fields = changes["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
    assert_eq!(fields.collect::<Vec<_>>(), head);
    let catalogue = pages.get("/registre/dcat.jsonld").await.1;
    let package = pages.get("/registre/datapackage.json").await.1;
    let feed = pages.get("/registre.atom").await.1;
    assert!(feed.contains("<entry>"), "{feed}");
    for (name, text) in [
        ("registre.csv", &register),
        ("schema.json", &schema),
        ("datapackage.json", &package),
        ("dcat.jsonld", &catalogue),
        ("registre.atom", &feed),
    ] {
        keep(name, text);
    }
    // The people of the world: no address, no name of a contact, no number of a dossier.
    let mut hidden = BTreeSet::new();
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        let (case, _) = bench.daemon.book.review_of(summary.case_id).await.unwrap().unwrap();
        for facts in &case.dossiers {
            hidden.insert(facts.number.to_string());
            let typed = [label::case::keys::Key::ContactNom, label::case::keys::Key::ContactEmail];
            hidden.extend(typed.iter().filter_map(|key| facts.text(*key)).map(str::to_owned));
        }
    }
    assert!(hidden.len() > 20, "{hidden:?}");
    let files = [&register, &month, &catalogue, &package, &feed];
    for word in &hidden {
        // A number may be a part of a SIRET.
        let stands = |file: &str| match word.bytes().all(|digit| digit.is_ascii_digit()) {
            // The year of a vocabulary is no number of a dossier.
            true => file
                .replace("/2001/XMLSchema#", "")
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|one| one == word),
            false => file.contains(word.as_str()),
        };
        assert!(files.iter().all(|file| !stands(file)), "{word} is in an open file");
    }
    // « @ » itself stands in the keys of JSON-LD.
    assert!(
        files.iter().all(|file| !file.contains('@') || *file == &catalogue),
        "an address is in an open file"
    );
    assert!(!catalogue.contains("mailto:"), "nobody configured an address");
}

/// On either engine, a line is shown once whatever the names, and no address of the public pages holds the number of a case.
#[tokio::test]
async fn services_of_one_name_stand_once_in_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.db");
    let bench = Bench::stored("trois-ans", 0, &format!("sqlite:{}", file.display())).await;
    bench.pass().await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let columns = |table: &'static str| {
        let pool = pool.clone();
        async move {
            let rows: Vec<(String,)> = sqlx::query_as("select name from pragma_table_info($1)")
                .bind(table)
                .fetch_all(&pool)
                .await
                .unwrap();
            rows.into_iter().map(|(name,)| name).collect::<Vec<_>>()
        }
    };
    let today = bench.daemon.book.today();
    let lines = bench
        .daemon
        .store
        .register()
        .registered(vigie::store::register::Which::Current, today, None, 1)
        .await;
    let model = lines.unwrap().remove(0).1.summary.case_id;
    // 250 labels more, of which 230 have one name.
    for table in ["cases", "standings"] {
        let all = columns(table).await;
        let taken: Vec<String> = all
            .iter()
            .map(|column| match column.as_str() {
                "case_id" => "9000000 + n".to_owned(),
                "folded" | "name" if table == "cases" => {
                    "case when n < 230 then 'mairie' else 'ville ' || n end".to_owned()
                }
                other => format!("t.{other}"),
            })
            .collect();
        let sql = format!(
            "with recursive counted(n) as (select 0 union all select n + 1 from counted where n < 249)
            insert into {table} ({}) select {} from {table} t, counted where t.case_id = {model}",
            all.join(", "),
            taken.join(", ")
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    }
    let pages = Pages::over(&bench, None).await;
    let whole = lines_of(&pages).await;
    assert!(whole.len() > 255, "{}", whole.len());
    let mut path = "/registre?version=publique".to_owned();
    let mut seen = Vec::new();
    loop {
        let (status, page) = pages.get(&path).await;
        assert_eq!(status, 200, "{path}");
        seen.extend(page.match_indices("<td>sp-").map(|(at, _)| page[at + 4..at + 19].to_owned()));
        let Some(next) = page.split("apres=").nth(1).and_then(|rest| rest.split('"').next()) else { break };
        assert!(!next.contains("9000") && next.len() < 40, "{next}");
        path = format!("/registre?version=publique&apres={next}");
    }
    assert_eq!(seen, whole, "each line once, in the order of the file");
    let unique: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(unique.len(), seen.len());
    for odd in ["mairie~99999999999", "mairie~-1", "~", "mairie"] {
        assert_eq!(pages.get(&format!("/registre?apres={odd}")).await.0, 200, "{odd}");
    }
}

async fn lines_of(pages: &Pages) -> Vec<String> {
    let (_, file) = pages.get("/registre.csv?version=publique").await;
    csv::Reader::from_reader(file.as_bytes()).records().map(|row| row.unwrap()[18].to_owned()).collect()
}

#[tokio::test]
async fn the_feed_tells_each_of_several_changes_of_one_label() {
    let receiver = crate::webhooks::Receiver::start().await;
    let bench = crate::webhooks::bench(receiver.hook(&[])).await;
    crate::webhooks::decide(&bench, "Suspension", jiff::civil::date(2027, 6, 20));
    bench.pass().await;
    crate::webhooks::wait(&bench, 72);
    crate::webhooks::decide(&bench, "Levée de suspension", jiff::civil::date(2027, 6, 22));
    bench.pass().await;
    let pages = Pages::over(&bench, None).await;
    let feed = pages.get("/registre.atom").await.1;
    let titles = ["label accordé", "label suspendu", "suspension levée"].map(|title| feed.contains(title));
    assert_eq!(titles, [true; 3], "{feed}");
    let ids: Vec<&str> = feed.lines().filter(|line| line.starts_with("<id>tag:")).collect();
    let unique: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!((ids.len(), unique.len()), (3, 3), "{feed}");
    let (suspended, lifted) = (feed.find("label suspendu"), feed.find("suspension levée"));
    assert!(lifted < suspended, "the latest first: {feed}");
}

#[tokio::test]
async fn a_month_that_is_none_is_refused_with_an_example() {
    let bench = Bench::after("petit", 0).await;
    let pages = Pages::over(&bench, None).await;
    let today = bench.daemon.book.today();
    let next = today.last_of_month().checked_add(1.day()).unwrap();
    let later = format!("{}-{:02}", next.year(), next.month());
    for month in ["2027", "2027-13", "2027-03-01", "mars", "%00", "9999-12", later.as_str(), "0001-01"] {
        let (status, page) = pages.get(&format!("/registre/changements.csv?mois={month}")).await;
        assert_eq!(status, 400, "{month}");
        assert!(page.contains("écrivez par exemple 2027-03"), "{month}: {page}");
    }
    let answer = pages.answer("/registre.atom", &[]).await;
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(pages.answer("/registre.atom", &[("if-none-match", &tag)]).await.status(), 304);
}

#[tokio::test]
async fn the_pages_that_law_asks_for_say_what_the_administrator_wrote() {
    use vigie::web::AppState;
    use vigie::web::access::Access;
    use vigie::web::site::Site;
    let bench = Bench::after("petit", 0).await;
    let app = |access, site| {
        AppState::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None)
            .unwrap()
            .behind(access)
            .from_site(site)
    };
    let closed = Pages::of(app(Access::open(), Site::default())).await;
    assert!(closed.get("/accessibilite").await.1.contains("Aucun audit de conformité"));
    assert!(
        closed.get("/").await.1.contains("Accessibilité : non conforme</a>"),
        "the state stands at the foot"
    );
    assert_eq!(closed.get("/robots.txt").await.1, "User-agent: *\nDisallow: /\n");
    let site = Site {
        accessibility: label::wording::legal::Conformity::Partial,
        notices: Some("# Éditeur\n\nLa <ville> de Fontclaire".to_owned()),
        publisher: label::wording::legal::Publisher {
            name: Some("OC Boréal".to_owned()),
            ..Default::default()
        },
        ..Site::default()
    };
    let access =
        Access { public_register: true, contact: Some("label@oc.example".to_owned()), ..Access::open() };
    let open = Pages::of(app(access, site)).await;
    let notices = open.get("/mentions-legales").await.1;
    assert!(
        notices.contains("La &lt;ville&gt; de Fontclaire") && !notices.contains("Hébergeur"),
        "{notices}"
    );
    assert!(open.get("/accessibilite").await.1.contains("partiellement conforme"));
    let privacy = open.get("/confidentialite").await.1;
    assert!(
        privacy.contains("Responsable du traitement : OC Boréal.") && privacy.contains("label@oc.example")
    );
    let robots = open.get("/robots.txt").await.1;
    assert!(robots.contains("Allow: /registre\n") && !robots.contains("/simulateur"), "{robots}");
    let register = open.get("/registre?au=2026-11-03").await.1.replace("&#x2f;", "/");
    let canonical = format!("<link rel=\"canonical\" href=\"{}/registre\">", open.root());
    assert!(register.contains(&canonical) && register.contains("og:title"), "{register}");
    let catalogue: Value = serde_json::from_str(&open.get("/registre/dcat.jsonld").await.1).unwrap();
    assert_eq!(
        catalogue["dcat:dataset"][0]["dcat:contactPoint"]["vcard:hasEmail"]["@id"],
        "mailto:label@oc.example"
    );
    assert_eq!(catalogue["dcat:dataset"][0]["dct:publisher"]["foaf:name"], "OC Boréal");
}
