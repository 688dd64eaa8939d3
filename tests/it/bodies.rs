//! Two certification bodies and DITP on one installation: each sees, reads and is told what is its own.

mod former;
mod network;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use label::case::Body;
use vigie::daemon::{Desk, Hours};
use vigie::store::deadlines::After;
use vigie::store::narrowed::Narrowed;
use vigie::store::services::Order;
use vigie::store::tokens::ApiToken;
use vigie::store::work::FIRST_DAY;
use vigie::web::AppState;
use vigie::web::access::{Access, Door, Seat, UserRole, UserRoles};

use crate::access::served;
use crate::bench::Bench;

const FIELD: &str = "Organisme de certification choisi";
pub const BOREAL: &str = "Boréal Certification";
pub const CAP: &str = "Cap Qualité Audit";
/// On no list.
pub const OTHER: &str = "Certif’ du Lac";

/// Who asks, as the proxy names them.
const PEOPLE: [&str; 3] = ["b@boreal.example", "c@cap.example", "d@ditp.example"];

pub fn body(name: &str, group: Option<i64>) -> Body {
    Body { name: name.to_owned(), group, zone: None }
}

/// Shares the installation between two bodies.
pub fn share(bench: &mut Bench, groups: [Option<i64>; 2]) {
    let bodies = vec![body(BOREAL, groups[0]), body(CAP, groups[1])];
    bench.daemon.book = bench.daemon.book.clone().shared_by(bodies);
    let desk =
        |name: &str, address: &str| Desk { name: name.to_owned(), addresses: vec![address.to_owned()] };
    bench.daemon.acting.organisme = Vec::new();
    bench.daemon.acting.desks = vec![desk(BOREAL, PEOPLE[0]), desk(CAP, PEOPLE[1])];
}

/// The seats of the three, behind a proxy that names them.
pub fn access() -> Access {
    let seat = |role, body: Option<&str>| Seat { role, body: body.map(str::to_owned) };
    let one = |seat, name: &str| (seat, vec![name.to_owned()]);
    Access {
        door: Door::Proxy {
            header: "x-remote-user".parse().unwrap(),
            groups: None,
            trusted: vec!["127.0.0.1/32".parse().unwrap()],
        },
        roles: UserRoles(vec![
            one(seat(UserRole::Organisme, Some(BOREAL)), PEOPLE[0]),
            one(seat(UserRole::Organisme, Some(CAP)), PEOPLE[1]),
            one(seat(UserRole::Ditp, None), PEOPLE[2]),
            one(seat(UserRole::Lecture, Some(CAP)), "l@cap.example"),
            one(seat(UserRole::Organisme, Some(BOREAL)), "deux@cap.example"),
            one(seat(UserRole::Organisme, Some(CAP)), "deux@cap.example"),
        ]),
        bodies: vec![BOREAL.to_owned(), CAP.to_owned()],
        ..Access::open()
    }
}

/// What of a shared installation belongs to whom.
struct Shared {
    bench: Bench,
    root: String,
    /// By case: its name, and its dossiers with their bodies.
    cases: BTreeMap<i64, (String, BTreeMap<i64, &'static str>)>,
    client: reqwest::Client,
}

impl Shared {
    /// Three years of sixteen services. The network stays with one body, the others are shared out; one service has gone
    /// from one body to the other with its last dossier, one names a body that nobody knows.
    async fn after_three_years() -> Shared {
        let mut bench = Bench::after("trois-ans", 0).await;
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
        let store = bench.daemon.store.clone();
        let found = store.work().services(&Narrowed::All, Order::Name, ("", i64::MIN), 100).await.unwrap();
        let mut cases = BTreeMap::new();
        for summary in &found {
            let rows = store.register().applications_of(summary.case_id).await.unwrap();
            let dossiers: BTreeMap<i64, &'static str> =
                rows.iter().map(|row| (row.dossier, BOREAL)).collect();
            cases.insert(summary.case_id, (summary.name.clone(), dossiers));
        }
        let alone = |summary: &&vigie::store::cases::Summary| summary.type_key == "local_independant";
        let mut alone: Vec<i64> = found.iter().filter(alone).map(|summary| summary.case_id).collect();
        alone.sort_by_key(|id| std::cmp::Reverse(cases[id].1.len()));
        assert!(alone.len() > 4 && cases[&alone[0]].1.len() > 1, "{alone:?}");
        let last = |id: &i64| *cases[id].1.last_key_value().unwrap().0;
        let mut moved = vec![(last(&alone[0]), alone[0], CAP), (last(&alone[1]), alone[1], OTHER)];
        moved.extend(cases[&alone[1]].1.keys().map(|dossier| (*dossier, alone[1], OTHER)));
        for id in alone.iter().skip(2).step_by(2) {
            moved.extend(cases[id].1.keys().map(|dossier| (*dossier, *id, CAP)));
        }
        for (dossier, id, name) in moved {
            bench.simulator.world().edit_champ(u32::try_from(dossier).unwrap(), FIELD, name);
            cases.get_mut(&id).unwrap().1.insert(dossier, name);
        }
        share(&mut bench, [None, None]);
        let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(5);
        bench.set_now(now);
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
        let app = AppState::new(store, bench.daemon.book.clone(), "demarche/1".to_owned(), None).unwrap();
        let root = served(app.behind(access())).await;
        Shared { bench, root, cases, client: vigie::tls::client_builder().build().unwrap() }
    }

    async fn get(&self, who: &str, path: &str) -> (u16, String) {
        let request = self.client.get(format!("{}{path}", self.root)).header("x-remote-user", who);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The cases that have a dossier of a body.
    fn of(&self, body: &str) -> BTreeSet<i64> {
        let has = |(id, (_, dossiers)): (&i64, &(String, BTreeMap<i64, &'static str>))| {
            dossiers.values().any(|own| *own == body).then_some(*id)
        };
        self.cases.iter().filter_map(has).collect()
    }

    /// The names and the numbers that say something of cases of which a body has no dossier.
    fn hidden_from(&self, body: &str) -> Vec<String> {
        let own = self.of(body);
        let others = self.cases.iter().filter(|(id, _)| !own.contains(id));
        others
            .flat_map(|(_, (name, dossiers))| dossiers.keys().map(i64::to_string).chain([name.clone()]))
            .collect()
    }
}

/// Whether a page says a word; a number is not one in the middle of another.
fn says(page: &str, word: &str) -> bool {
    let page = page.replace("&#x27;", "'").replace("&#39;", "'");
    page.match_indices(word).any(|(at, _)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        !(word.bytes().all(|b| b.is_ascii_digit())
            && (digit(page[..at].chars().next_back()) || digit(page[at + word.len()..].chars().next())))
    })
}

/// The pages and files that list several services.
const LISTS: [&str; 52] = [
    "/",
    "/?vue=retard",
    "/?vue=semaine",
    "/?vue=change",
    "/?vue=ensuite",
    "/services",
    "/services?vue=echeance",
    "/services.csv",
    "/services?constat=DN",
    "/services?qui=organisme",
    "/travail.csv",
    "/travail.csv?vue=change",
    "/labels.csv",
    "/echeances.csv?mois=2029-06",
    "/labels",
    "/labels?vue=six-mois",
    "/labels?vue=perdus",
    "/labels?vue=perdus-trimestre",
    "/echeances",
    "/echeances?mois=2029-06",
    "/echeances?mois=2030-01",
    "/echeances.ics",
    "/registre",
    "/registre?liste=termines",
    "/registre?version=publique",
    "/registre?au=2028-06-01",
    "/registre.csv",
    "/registre.json",
    "/registre.json?liste=termines",
    "/registre/changements.csv",
    "/registre/changements.csv?mois=2028-06",
    "/registre.atom",
    "/statistiques",
    "/statistiques.csv",
    "/statistiques/details",
    "/statistiques/details.csv",
    "/statistiques/dossiers?fait=delai_tenu&mot=O-08",
    "/annee?mois=2028-11&quoi=fenetres",
    "/annee?mois=2028-10&quoi=audits",
    "/annee.csv?annee=2030",
    "/statistiques/dossiers?fait=candidatures",
    "/statistiques/dossiers.csv?fait=audits",
    "/statistiques/dossiers?fait=audits&organisme=Boréal+Certification",
    "/courriels",
    "/api/v1/services?limit=200",
    "/api/v1/cases?limit=200",
    "/api/v1/findings?limit=50",
    "/api/v1/deadlines?limit=200",
    "/api/v1/mails?limit=200",
    "/api/v1/register?limit=200",
    "/api/v1/register?limit=200&liste=termines",
    "/api/v1/statistics",
];

#[tokio::test]
async fn a_body_sees_its_own_and_nothing_of_another() {
    let shared = Shared::after_three_years().await;
    for (who, own) in [(PEOPLE[0], BOREAL), (PEOPLE[1], CAP), ("l@cap.example", CAP)] {
        let hidden = shared.hidden_from(own);
        assert!(hidden.len() > 8, "{own}: {hidden:?}");
        for path in LISTS {
            let (status, page) = shared.get(who, path).await;
            assert_eq!(status, 200, "{path} for {who}");
            let seen: Vec<&String> = hidden.iter().filter(|word| says(&page, word)).collect();
            assert!(seen.is_empty(), "{path} shows {seen:?} to {who}");
        }
        // Whatever is typed or named in the address.
        for (name, dossiers) in
            shared.cases.iter().filter(|(id, _)| !shared.of(own).contains(id)).map(|(_, case)| case)
        {
            let typed: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let (_, page) = shared.get(who, &format!("/services?texte={typed}")).await;
            assert!(page.contains("0 service") || page.contains("Aucun service"), "{name} is found by {who}");
            for number in dossiers.keys() {
                for path in [
                    "/cas/N",
                    "/dossiers/N",
                    "/cas/N?au=2029-01-08",
                    "/cas/N/annexe",
                    "/cas/N/annexe.csv",
                    "/cas/N/reseau.csv",
                    "/cas/N/decision",
                    "/fiches?cas=N",
                    "/api/v1/cases/N",
                ] {
                    let path = path.replace('N', &number.to_string());
                    let (status, page) = shared.get(who, &path).await;
                    assert_eq!(status, 404, "{path} for {who}");
                    assert!(!says(&page, name), "{path} names {name}");
                }
                let (status, page) = shared.get(who, &format!("/services?texte={number}")).await;
                assert_eq!(status, 200);
                assert!(!says(&page, name), "{number} is found by {who}");
            }
        }
        let other: String =
            url::form_urlencoded::byte_serialize(if own == CAP { BOREAL } else { CAP }.as_bytes()).collect();
        let (_, page) = shared.get(who, &format!("/services?organisme={other}")).await;
        assert!(hidden.iter().all(|word| !says(&page, word)), "a filter on the other body");
        for path in ["/sante", "/metrics", "/journal", "/nulle-part"] {
            assert_eq!(shared.get(who, path).await.0, 403, "{path} for {who}");
        }
    }
    let (status, page) = shared.get("deux@cap.example", "/").await;
    assert_eq!(status, 403, "somebody of two bodies has no seat");
    // It is told why, which two, and what to do; and nothing of either's dossiers.
    assert!(page.contains("chez deux organismes") && page.contains(BOREAL) && page.contains(CAP), "{page}");
    let hidden = shared.cases.values().map(|(name, _)| name.as_str());
    assert!(hidden.into_iter().all(|word| !says(&page, word)), "{page}");
    assert_eq!(shared.get("x@cap.example", "/").await.0, 403);
}

#[tokio::test]
async fn everybody_sees_all_that_is_theirs() {
    let shared = Shared::after_three_years().await;
    for (who, own) in [(PEOPLE[0], BOREAL), (PEOPLE[1], CAP)] {
        let (_, file) = shared.get(who, "/services.csv").await;
        for (id, (name, dossiers)) in &shared.cases {
            // The list of services is by the body of the last dossier.
            let current = *dossiers.last_key_value().unwrap().1 == own;
            assert_eq!(says(&file, name), current, "{name} in the list of {own}");
            let any = dossiers.values().any(|body| *body == own);
            assert_eq!(
                shared.get(who, &format!("/cas/{id}")).await.0,
                if any { 200 } else { 404 },
                "{name} for {own}"
            );
        }
    }
    let (_, file) = shared.get(PEOPLE[2], "/services.csv").await;
    for (id, (name, dossiers)) in &shared.cases {
        assert!(says(&file, name), "DITP sees {name}");
        for number in dossiers.keys() {
            assert_eq!(shared.get(PEOPLE[2], &format!("/dossiers/{number}")).await.0, 200);
        }
        assert_eq!(shared.get(PEOPLE[2], &format!("/cas/{id}")).await.0, 200);
    }
    for path in ["/", "/sante", "/journal", "/courriels", "/statistiques", "/metrics"] {
        assert_eq!(shared.get(PEOPLE[2], path).await.0, 200, "{path} for DITP");
    }
    let (_, page) = shared.get(PEOPLE[2], "/statistiques").await;
    assert!(
        page.contains(BOREAL) && page.contains(CAP) && page.contains("Certif’ du Lac"),
        "DITP compares: {page}"
    );
    let counted = |page: &str| page.matches("<tr").count();
    assert!(counted(&shared.get(PEOPLE[1], "/statistiques").await.1) < counted(&page));
}

#[tokio::test]
async fn a_person_settles_what_is_late_of_their_own_body_alone() {
    let shared = Shared::after_three_years().await;
    // Years later, with nothing done: something of each is late.
    let now = shared.bench.daemon.book.clock.now() + SignedDuration::from_hours(24 * 200);
    shared.bench.set_now(now);
    shared.bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let agenda = shared.bench.daemon.store.agenda();
    let late = agenda.open_deadlines(true, &After::start_of(FIRST_DAY), 500).await.unwrap();
    let mut tried = 0;
    for (own, other, name) in [(PEOPLE[0], PEOPLE[1], BOREAL), (PEOPLE[1], PEOPLE[0], CAP)] {
        let Some(line) = late.iter().find(|line| line.organisme == name) else { continue };
        tried += 1;
        let rank = if line.occurrence == 0 { String::new() } else { format!("-{}", line.occurrence) };
        let form =
            format!("dossier={}&code={}{rank}&jour={}&le=2028-01-01", line.dossier, line.code, line.due);
        for (who, expected) in [(other, 404), ("x@cap.example", 403), (own, 200)] {
            let request = shared.client.post(format!("{}/echeances/constater", shared.root));
            let request = request.header("origin", &shared.root).header("x-remote-user", who);
            let request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form.clone());
            let status = request.send().await.unwrap().status();
            assert_eq!(status, expected, "{form} by {who}");
        }
        let kept = shared.bench.daemon.store.dossiers().settled(&[line.dossier]).await.unwrap();
        assert_eq!(kept[&line.dossier][0].who, own);
    }
    assert!(tried > 0, "{late:?}");
}

#[tokio::test]
async fn a_service_that_changed_its_body_shows_each_body_its_own_dossiers() {
    let shared = Shared::after_three_years().await;
    let mixed = |(_, (_, dossiers)): &(&i64, &(String, BTreeMap<i64, &'static str>))| {
        dossiers.values().collect::<BTreeSet<_>>().len() > 1
    };
    let (id, (_, dossiers)) = shared.cases.iter().find(mixed).unwrap();
    for (who, own) in [(PEOPLE[0], BOREAL), (PEOPLE[1], CAP)] {
        let (_, page) = shared.get(who, &format!("/cas/{id}")).await;
        assert!(page.contains("Ce dossier relève d’un autre organisme"), "{page}");
        assert!(!page.contains("id=\"vie\""), "the line of the life shows the steps of all dossiers");
        for (number, body) in dossiers {
            let documents = page.contains(&format!("Dossier {number} : "));
            assert_eq!(documents, *body == own, "the documents of {number} for {own}");
            let written = page.contains(&format!("Annotations du dossier {number}"));
            assert_eq!(written, *body == own, "what was written in {number} for {own}");
        }
        let (status, _) = shared.get(who, &format!("/cas/{id}?au=2029-01-08")).await;
        assert_eq!(status, 404, "what was said on a day tells of all its dossiers");
    }
    let (_, page) = shared.get(PEOPLE[2], &format!("/cas/{id}")).await;
    assert!(!page.contains("Ce dossier relève d’un autre organisme"));
    drop(shared.bench);
}

#[tokio::test]
async fn a_token_of_a_body_shows_what_its_people_see() {
    let shared = Shared::after_three_years().await;
    let tokens = shared.bench.daemon.store.tokens();
    let secret = "vigie_cap";
    let token = ApiToken {
        print: vigie::web::access::session::print(secret),
        seat: format!("organisme/{CAP}"),
        name: String::new(),
        created_on: shared.bench.daemon.book.today(),
        ends_on: None,
        used_on: None,
    };
    tokens.add(&token).await.unwrap();
    let with_token = async |path: &str| {
        let request = shared.client.get(format!("{}{path}", shared.root)).bearer_auth(secret);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for path in LISTS.into_iter().filter(|path| path.starts_with("/api/")) {
        assert_eq!(with_token(path).await, shared.get(PEOPLE[1], path).await, "{path}");
    }
    for (id, (name, dossiers)) in &shared.cases {
        let (status, text) = with_token(&format!("/api/v1/cases/{id}")).await;
        let own = |body: &&'static str| *body == CAP;
        assert_eq!(status, if dossiers.values().any(&own) { 200 } else { 404 }, "{name}");
        if status == 404 {
            continue;
        }
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut shown: Vec<i64> = whole["dossiers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["dossier"].as_i64().unwrap())
            .collect();
        shown.sort();
        let mine = dossiers.iter().filter(|(_, body)| own(body)).map(|(number, _)| *number);
        assert_eq!(shown, mine.collect::<Vec<_>>(), "{name}");
        let partly = shown.len() < dossiers.len();
        assert_eq!(whole["partiel"], partly);
        assert_eq!(whole["etape"].is_null(), partly, "how the other application stands is not shown");
        assert!(!partly || whole["histoire"].as_array().unwrap().is_empty());
        let numbers = ["constats", "echeances"].map(|list| whole[list].as_array().unwrap().clone()).concat();
        assert!(numbers.iter().all(|line| shown.contains(&line["dossier"].as_i64().unwrap())), "{name}");
    }
}

#[tokio::test]
async fn a_calendar_shows_the_deadlines_of_its_body() {
    let shared = Shared::after_three_years().await;
    let now = shared.bench.daemon.book.clock.now();
    let seats = [
        ("cap", format!("organisme/{CAP}")),
        ("ditp", "ditp".to_owned()),
        ("vieux", "organisme".to_owned()),
        ("lu", "lecture".to_owned()),
        ("parti", "organisme/Certif Partie".to_owned()),
    ];
    for (secret, seat) in &seats {
        let print = vigie::web::access::session::print(secret);
        shared.bench.daemon.store.access().add_calendar(&print, seat, now).await.unwrap();
    }
    let (status, file) = shared.get("", "/calendrier/cap.ics").await;
    assert_eq!(status, 200);
    let unfolded = file.replace("\r\n ", "");
    assert!(unfolded.contains("BEGIN:VEVENT"), "{unfolded}");
    let hidden = shared.hidden_from(CAP);
    assert!(hidden.iter().all(|word| !says(&unfolded, word)), "{unfolded}");
    assert_eq!(shared.get("", "/calendrier/ditp.ics").await.0, 200);
    for gone in ["vieux", "lu", "parti"] {
        assert_eq!(shared.get("", &format!("/calendrier/{gone}.ics")).await.0, 404, "{gone}");
    }
}
