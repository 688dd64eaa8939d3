//! The API: who may read which address, and that each answer says what the pages say. Paging is in [`paging`], refusals
//! in [`refusals`], tokens in [`tokens`].

mod document;
mod paging;
mod refusals;
mod tokens;

use jiff::civil::Date;
use label::life::Standing;
use reqwest::header::HeaderMap;
use serde_json::Value;
use vigie::daemon::Hours;
use vigie::store::narrowed::Narrowed;
use vigie::store::services::Order;
use vigie::store::tokens::ApiToken;
use vigie::web::AppState;
use vigie::web::access::session::print;
use vigie::web::access::{Access, Seat, TOKEN_PREFIX, UserRole};

use crate::access::{behind_proxy, served};
use crate::bench::Bench;

/// What a program gets.
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub struct Api {
    pub root: String,
    client: reqwest::Client,
}

impl Api {
    pub async fn over(bench: &Bench, access: Access) -> Api {
        Api::of(app(bench).behind(access)).await
    }

    pub async fn of(app: AppState) -> Api {
        Api { root: served(app).await, client: vigie::tls::client_builder().build().unwrap() }
    }

    pub async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let request = self.client.get(format!("{}{path}", self.root));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Got { status, headers, text: answer.text().await.unwrap() }
    }

    pub async fn get(&self, token: &str, path: &str) -> Got {
        self.ask(path, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// The lines of a list, read page by page.
    pub async fn all(&self, token: &str, path: &str) -> Vec<Value> {
        let (mut lines, mut after) = (Vec::new(), String::new());
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let got = self.get(token, &format!("{path}{joint}{after}")).await;
            assert_eq!(got.status, 200, "{path}: {}", got.text);
            let page = got.json();
            lines.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { return lines };
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            after = format!("after={next}");
        }
    }
}

pub fn app(bench: &Bench) -> AppState {
    let (store, book) = (bench.daemon.store.clone(), bench.daemon.book.clone());
    AppState::new(store, book, "demarche/1".to_owned(), None).unwrap()
}

/// A token in the store.
pub async fn token(bench: &Bench, seat: Seat, ends_on: Option<Date>) -> String {
    let secret = format!("{TOKEN_PREFIX}{}-{ends_on:?}", seat.word().replace(['/', ' '], "-"));
    let secret: String = secret.chars().filter(char::is_ascii_graphic).collect();
    let created_on = bench.daemon.book.today();
    let (print, seat, name) = (print(&secret), seat.word(), "essai".to_owned());
    let token = ApiToken { print, seat, name, created_on, ends_on, used_on: None };
    bench.daemon.store.tokens().add(&token).await.unwrap();
    secret
}

/// Three years of services, all judged.
pub async fn populated() -> Bench {
    let bench = Bench::after("trois-ans", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    bench
}

/// Each address, and what it answers to the body, DITP and a reader.
pub const ADDRESSES: [(&str, [u16; 3]); 13] = [
    ("/api/v1/services", [200, 403, 200]),
    ("/api/v1/cases", [200, 403, 200]),
    ("/api/v1/cases/1001", [200, 403, 200]),
    ("/api/v1/cases/99", [404, 403, 404]),
    ("/api/v1/findings", [200, 403, 200]),
    ("/api/v1/deadlines", [200, 403, 200]),
    ("/api/v1/mails", [200, 403, 200]),
    ("/api/v1/journal", [200, 403, 403]),
    ("/api/v1/register", [200, 200, 200]),
    ("/api/v1/register?au=2028-06-01", [200, 200, 200]),
    ("/api/v1/statistics", [200, 200, 200]),
    ("/api/v1/health", [200, 403, 403]),
    ("/api/v1/nulle-part", [404, 403, 403]),
];

#[tokio::test]
async fn each_address_answers_each_role_as_the_pages_do() {
    let bench = populated().await;
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let people = ["o@oc.example", "group", "l@oc.example"];
    for (rank, role) in UserRole::ALL.into_iter().enumerate() {
        let token = token(&bench, role.into(), None).await;
        for (path, expected) in ADDRESSES {
            let got = api.get(&token, path).await;
            assert_eq!(got.status, expected[rank], "{path} for {role:?}: {}", got.text);
            let kind = if got.status == 200 { "application/json" } else { "application/problem+json" };
            assert_eq!(got.header("content-type"), kind, "{path} for {role:?}");
            // A session has the rights of its role here too.
            let group = if people[rank] == "group" { "ditp" } else { "" };
            let session = [("x-remote-user", people[rank]), ("x-remote-groups", group)];
            let same = api.ask(path, &session).await;
            assert_eq!((same.status, &same.text), (got.status, &got.text), "{path} for {role:?}");
            // Tokens open the API alone.
            assert_eq!(api.get(&token, "/registre").await.status, 401);
        }
    }
    for (path, _) in ADDRESSES {
        let got = api.ask(path, &[]).await;
        assert_eq!((got.status, got.header("www-authenticate")), (401, "Bearer"), "{path}");
        assert_eq!(got.json()["status"], 401);
        assert_eq!(got.header("location"), "", "a program is sent to no sign-in");
    }
    assert_eq!(api.ask("/api/v1/openapi.json", &[]).await.status, 200);
    assert_eq!(api.ask("/api", &[]).await.status, 200);
}

#[tokio::test]
async fn a_public_register_is_read_without_a_token_and_without_dossiers() {
    let bench = populated().await;
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", true)).await;
    let got = api.ask("/api/v1/register", &[]).await;
    let lines = got.json()["items"].as_array().unwrap().clone();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.get("dossier").is_none()));
    assert_eq!(api.ask("/api/v1/services", &[]).await.status, 401);
    let reader = token(&bench, UserRole::Lecture.into(), None).await;
    assert_eq!(api.get(&reader, "/api/v1/register").await.text, got.text, "a reader sees no more");
    let body = token(&bench, UserRole::Organisme.into(), None).await;
    let own = api.get(&body, "/api/v1/register").await.json();
    assert!(own["items"].as_array().unwrap().iter().all(|line| line["dossier"].is_i64()));
    let public = api.get(&body, "/api/v1/register?version=publique").await;
    assert_eq!(public.text, got.text);
}

#[tokio::test]
async fn the_register_is_that_of_the_file() {
    let bench = populated().await;
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let mut compared = 0;
    for query in
        ["?limit=7", "?limit=7&au=2027-09-01", "?limit=7&liste=termines", "?limit=7&version=publique"]
    {
        let lines = api.all(&token, &format!("/api/v1/register{query}")).await;
        let file = api.ask(&format!("/registre.json{query}"), &[]).await.json();
        let file = file.as_array().unwrap();
        // A cell without a value is left empty there, and is null here.
        let plain = |line: &Value| {
            let mut fields = line.as_object().unwrap().clone();
            fields.retain(|_, value| !value.is_null() && value != "");
            fields
        };
        let (lines, file): (Vec<_>, Vec<_>) =
            (lines.iter().map(plain).collect(), file.iter().map(plain).collect());
        assert_eq!(lines, file, "{query}");
        compared += lines.len();
    }
    assert!(compared > 12, "{compared} lines");
}

#[tokio::test]
async fn services_cases_and_findings_say_what_is_judged() {
    let bench = populated().await;
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let (store, book) = (&bench.daemon.store, &bench.daemon.book);
    let stored = store.work().services(&Narrowed::All, Order::Name, ("", i64::MIN), 500).await.unwrap();
    let services = api.all(&token, "/api/v1/services?limit=5").await;
    let cases = api.all(&token, "/api/v1/cases?limit=4").await;
    let findings = api.all(&token, "/api/v1/findings?limit=3").await;
    assert_eq!((services.len(), cases.len()), (stored.len(), stored.len()));
    let mut labels = 0;
    for ((summary, service), line) in stored.iter().zip(&services).zip(&cases) {
        let (case, review) = book.review_of(summary.case_id).await.unwrap().unwrap();
        let standing = review.standing();
        let day = |day: Option<Date>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
        assert_eq!(service["cas"], summary.case_id);
        assert_eq!(service["nom"], summary.name);
        assert_eq!(service["etape"], review.state.key());
        let tier = standing.and_then(|label| label.tier).map(label::Tier::key);
        assert_eq!(service["palier"].as_str(), tier, "{}", summary.name);
        assert_eq!(service["dernier_jour"], day(standing.map(Standing::last_day_if_nothing_is_done)));
        let next = review.next_due().map(|due| due.deadline.nominal);
        assert_eq!(service["prochaine_echeance_le"], day(next), "{}", summary.name);
        let label = &line["label"];
        assert_eq!(label.is_null(), standing.is_none());
        assert_eq!(label["date_fin"], day(standing.map(Standing::last_day)));
        assert_eq!(label["date_decision"], day(standing.and_then(|label| label.decided)));
        labels += usize::from(standing.is_some());
        let whole = api.get(&token, &format!("/api/v1/cases/{}", summary.dossier)).await.json();
        assert_eq!(&whole["label"], label, "list and case say the same");
        assert_eq!(whole["dossiers"].as_array().unwrap().len(), case.dossiers.len());
        assert_eq!(whole["echeances"].as_array().unwrap().len(), review.agenda.len());
        assert_eq!(whole["histoire"].as_array().unwrap().len(), review.standings.len());
        let own: Vec<&Value> = findings.iter().filter(|one| one["cas"] == summary.case_id).collect();
        let of_case: Vec<&Value> = whole["constats"].as_array().unwrap().iter().collect();
        assert_eq!(own, of_case, "{}", summary.name);
        assert_eq!(own.len(), review.findings.len());
    }
    assert!(labels > 5 && findings.len() > 50, "{labels} labels, {} findings", findings.len());
    let serious = api.all(&token, "/api/v1/findings?niveau=ko").await;
    let expected: Vec<&Value> = findings.iter().filter(|one| one["niveau"] == "ko").collect();
    assert_eq!(serious.iter().collect::<Vec<_>>(), expected);
}

/// The rules by which something is to be looked at.
async fn store_rules(bench: &Bench) -> Vec<String> {
    let stored = &bench.daemon.store;
    let all = stored.work().services(&Narrowed::All, Order::Name, ("", i64::MIN), 500).await.unwrap();
    all.into_iter().flat_map(|summary| summary.found).collect()
}

#[tokio::test]
async fn filters_are_those_of_the_pages() {
    let bench = populated().await;
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let mut narrowed = 0;
    let rule = &store_rules(&bench).await[0];
    let found = format!("constat={rule}");
    let queries = [
        "type=central",
        "palier=or",
        "etape=actif",
        "texte=valdor",
        "vue=echeance",
        "texte=1001",
        "qui=organisme",
        "obligation=O-07",
        "du=2027-01-01&au=2028-12-31",
        found.as_str(),
    ];
    for query in queries {
        let lines = api.all(&token, &format!("/api/v1/services?{query}&limit=3")).await;
        let file = api.ask(&format!("/services.csv?{query}"), &[]).await.text;
        let names: Vec<String> = csv::Reader::from_reader(file.as_bytes())
            .records()
            .map(|record| record.unwrap()[0].to_owned())
            .collect();
        let own: Vec<String> = lines.iter().map(|line| line["nom"].as_str().unwrap().to_owned()).collect();
        assert_eq!(own, names, "{query}");
        narrowed += own.len();
    }
    assert!(narrowed > 12, "{narrowed}");
    let mine = api.all(&token, "/api/v1/deadlines?qui=organisme&du=2028-01-01").await;
    let asked = |line: &Value| line["qui"] == "organisme" && line["le"].as_str() >= Some("2028-01-01");
    assert!(mine.iter().all(asked), "{mine:?}");
    let all = api.all(&token, "/api/v1/deadlines?limit=9").await;
    assert_eq!(all.iter().filter(|line| asked(line)).count(), mine.len());
    let mut parts = Vec::new();
    for view in ["retard", "semaine", "ensuite"] {
        parts.extend(api.all(&token, &format!("/api/v1/deadlines?limit=9&vue={view}")).await);
    }
    assert_eq!(parts.len(), all.len(), "the parts are the whole");
    assert!(all.len() > 3, "{}", all.len());
    let sorted = |line: &Value| (line["le"].as_str().unwrap().to_owned(), line["dossier"].as_i64());
    assert!(all.is_sorted_by_key(sorted));
}

#[tokio::test]
async fn statistics_health_and_journal_say_what_the_pages_say() {
    let bench = populated().await;
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    for query in ["", "?au=2028-06-01"] {
        let counted = api.get(&token, &format!("/api/v1/statistics{query}")).await.json();
        let page = api.ask(&format!("/statistiques.csv{query}"), &[]).await.text;
        let mut file = csv::Reader::from_reader(page.as_bytes());
        let heads = file.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = file.records().map(Result::unwrap).collect();
        let counts = counted["comptes"].as_array().unwrap();
        assert_eq!(counts.len(), rows.len(), "{query}");
        for (count, row) in counts.iter().zip(&rows) {
            for (head, cell) in
                heads.iter().zip(row).filter(|(head, _)| count.get(head).is_some_and(Value::is_i64))
            {
                assert_eq!(count[head].to_string(), cell, "{head} {query}");
            }
        }
        let labels: i64 =
            counted["en_vigueur"].as_array().unwrap().iter().map(|one| one["labels"].as_i64().unwrap()).sum();
        let au = query.replace('?', "&");
        let register = api.all(&token, &format!("/api/v1/register?limit=200{au}")).await;
        assert_eq!(labels, i64::try_from(register.len()).unwrap(), "{query}");
    }
    let health = api.get(&token, "/api/v1/health").await.json();
    let overview = bench.daemon.store.health().overview(bench.daemon.book.clock.now()).await.unwrap();
    assert_eq!(health["dossiers"], overview.dossiers);
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["derniere_lecture"].is_string() && health["erreur"].is_null(), "{health}");
    let lines = api.all(&token, "/api/v1/journal?dossier=1001&limit=3").await;
    let stored = bench.daemon.store.journal().entries(Some(1001), 1000).await.unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line["texte"].as_str().unwrap()).collect();
    assert_eq!(texts, stored.iter().map(|entry| entry.detail.as_str()).collect::<Vec<_>>());
    assert!(texts.len() > 2, "{texts:?}");
}
