//! An overdue deadline that a person finds settled: out of every list, not reminded, in the record, and taken back.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use label::judge::agenda::{Due, Status};
use reqwest::StatusCode;
use vigie::daemon::Hours;
use vigie::record::said;
use vigie::web::AppState;

use crate::access::{behind_proxy, served};
use crate::bench::{Bench, FORM, demarche};
use crate::store::postgres;
use crate::upgrades::platform;

const BODY: &str = "O@oc.example";

struct Desk {
    bench: Bench,
    root: String,
    client: reqwest::Client,
}

impl Desk {
    /// Three dossiers, months after the last day that anything was done in them.
    async fn with_something_late(url: &str) -> Desk {
        let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
        bench.daemon.acting.since = Some(date(2026, 1, 1));
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
        let (store, book) = (bench.daemon.store.clone(), bench.daemon.book.clone());
        let app = AppState::new(store, book, "demarche/1".to_owned(), None).unwrap();
        let root = served(app.behind(behind_proxy("127.0.0.1/32", false))).await;
        let client =
            vigie::tls::client_builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let desk = Desk { bench, root, client };
        desk.days_later(90).await;
        desk
    }

    async fn days_later(&self, days: i64) {
        let now = self.bench.daemon.book.clock.now() + SignedDuration::from_hours(24 * days);
        self.bench.set_now(now);
        self.bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    }

    async fn late(&self) -> Vec<Due> {
        let mut late = Vec::new();
        for number in [4242, 4243, 4244] {
            let (case, review) = self.bench.daemon.book.review_of(number).await.unwrap().unwrap();
            if case.id == number {
                late.extend(review.agenda.into_iter().filter(|due| due.status == Status::Late));
            }
        }
        late
    }

    async fn due(&self, of: &Due) -> Due {
        let (_, review) = self.bench.daemon.book.review_of(of.dossier).await.unwrap().unwrap();
        review.agenda.into_iter().find(|due| (due.dossier, due.code()) == (of.dossier, of.code())).unwrap()
    }

    async fn get(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.root)).header("x-remote-user", BODY);
        request.send().await.unwrap().text().await.unwrap()
    }

    async fn post(&self, path: &str, due: &Due, le: &str, from: Option<(&str, &str)>) -> StatusCode {
        let (who, origin) = from.unwrap_or((BODY, &self.root));
        let body = format!(
            "dossier={}&code={}&jour={}&le={le}&de=travail",
            due.dossier,
            due.code(),
            due.deadline.nominal
        );
        let request = self.client.post(format!("{}{path}", self.root)).header("origin", origin);
        let request = request.header("x-remote-user", who).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await.unwrap().status()
    }

    /// Whether the work list shows it as late.
    async fn is_listed(&self, due: &Due) -> bool {
        let page = self.get("/?vue=retard").await;
        let form = format!(
            "name=\"dossier\" value=\"{}\"><input type=\"hidden\" name=\"code\" value=\"{}\"",
            due.dossier,
            due.code()
        );
        page.contains(&form)
    }

    /// Reminders about it that were sent.
    fn reminded(&self, due: &Due) -> usize {
        let of = format!("{}/{}/{}/", due.dossier, due.code(), due.deadline.nominal);
        self.bench.mails().iter().filter(|kept| kept.mail.key.starts_with(&of)).count()
    }

    async fn last_deadline(&self, of: &Due) -> String {
        let record = self.bench.daemon.store.record();
        let said = said::on(&record, of.dossier, self.today()).await.unwrap().unwrap();
        let found = said.statement.deadlines.iter().find(|one| one.code == of.code()).unwrap();
        found.text.clone()
    }

    fn today(&self) -> Date {
        self.bench.daemon.book.today()
    }
}

async fn a_person_settles_what_is_late(url: &str) {
    let desk = Desk::with_something_late(url).await;
    let today = desk.today().to_string();
    let late = desk.late().await;
    let due = late.first().unwrap().clone();
    assert!(desk.is_listed(&due).await, "{due:?}");
    assert!(desk.last_deadline(&due).await.contains("EN RETARD"));

    let settle = "/echeances/constater";
    let evil = Some((BODY, "https://evil.example"));
    assert_eq!(desk.post(settle, &due, &today, evil).await, StatusCode::FORBIDDEN, "from another site");
    let reader = Some(("l@oc.example", desk.root.as_str()));
    assert_eq!(
        desk.post(settle, &due, &today, reader).await,
        StatusCode::FORBIDDEN,
        "a reader decides nothing"
    );
    assert_eq!(desk.post(settle, &due, "2099-01-01", None).await, StatusCode::BAD_REQUEST, "not yet");
    assert_eq!(desk.post(settle, &due, "hier", None).await, StatusCode::BAD_REQUEST, "no day");
    let mut moved = due.clone();
    moved.deadline.nominal = date(2027, 1, 1);
    assert_eq!(
        desk.post(settle, &moved, &today, None).await,
        StatusCode::NOT_FOUND,
        "another day than its own"
    );
    assert_eq!(desk.due(&due).await.status, Status::Late, "nothing of it was kept");

    // Known before the next pass, and after it.
    assert_eq!(desk.post(settle, &due, &today, None).await, StatusCode::SEE_OTHER);
    assert_eq!(desk.post(settle, &due, &today, None).await, StatusCode::NOT_FOUND, "once");
    assert!(!desk.is_listed(&due).await, "the list, at once");
    let page = desk.get(&format!("/cas/{}", due.dossier)).await;
    assert!(page.contains("Fait, constaté le") && page.contains("par O@oc.example"), "{page}");
    let told = desk.reminded(&due);
    desk.days_later(60).await;
    let now = desk.due(&due).await;
    assert_eq!((now.status, now.settled), (Status::Done, Some(today.parse().unwrap())));
    assert!(!desk.is_listed(&due).await, "and after it is judged again");
    assert_eq!(desk.reminded(&due), told, "no reminder in sixty days");
    let said = desk.last_deadline(&due).await;
    assert!(said.contains("fait, constaté le"), "{said}");
    let journal = desk.get("/journal").await;
    assert!(journal.contains("Constaté le") && journal.contains("par O@oc.example"), "{journal}");
    assert!(journal.contains("une personne a constaté une échéance"), "why the judgement changed: {journal}");
    let record = desk.bench.daemon.store.record();
    assert!(vigie::record::verify::walk(&record, None).await.unwrap().fault.is_none());

    // Read again from nothing.
    let again = desk.bench.daemon.book.clock.now();
    assert!(desk.bench.daemon.store.asks().forget(due.dossier, again).await.unwrap());
    desk.days_later(1).await;
    assert_eq!(desk.due(&due).await.status, Status::Done);

    assert_eq!(desk.post("/echeances/reprendre", &due, "", None).await, StatusCode::SEE_OTHER);
    assert_eq!(desk.post("/echeances/reprendre", &due, "", None).await, StatusCode::NOT_FOUND, "once");
    assert!(desk.is_listed(&due).await);
    desk.days_later(8).await;
    assert_eq!(desk.due(&due).await.status, Status::Late);
    assert!(desk.get("/journal").await.contains("Constat repris par O@oc.example"));
    assert!(desk.last_deadline(&due).await.contains("EN RETARD"));
    assert!(desk.reminded(&due) > told, "reminded again");
}

#[tokio::test]
async fn a_person_settles_what_is_late_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_person_settles_what_is_late(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn a_person_settles_what_is_late_on_postgresql() {
    let Some(base) = postgres().await else { return };
    a_person_settles_what_is_late(&base.url).await;
    base.drop().await;
}

/// The certification body says it on the platform, without a page of ours.
#[tokio::test]
async fn the_annotation_settles_what_was_late_on_its_day() {
    const NOTED: &str = "Retards constatés le";
    let bench = Bench::after("trois-ans", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = crate::web::Pages::over(&bench, None).await;
    let (_, late) = pages.get("/travail.csv?vue=retard").await;
    let mut lines = csv::Reader::from_reader(late.as_bytes());
    let at = lines.headers().unwrap().iter().position(|title| title == "dossier").unwrap();
    let number: i64 = lines.records().next().unwrap().unwrap()[at].parse().unwrap();
    let late = async |number: i64| {
        let (_, review) = bench.daemon.book.review_of(number).await.unwrap().unwrap();
        let late = |due: &&Due| due.dossier == number && due.status == Status::Late;
        review.agenda.iter().filter(late).map(Due::code).collect::<Vec<_>>()
    };
    let before = late(number).await;
    assert!(!before.is_empty());

    let today = bench.daemon.book.today();
    let dossier = u32::try_from(number).unwrap();
    bench.simulator.world().annotate(dossier, NOTED, today);
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert_eq!(late(number).await, Vec::<String>::new());
    let (case, review) = bench.daemon.book.review_of(number).await.unwrap().unwrap();
    let settled = review.agenda.iter().filter(|due| due.settled == Some(today)).count();
    assert_eq!(settled, before.len());
    let (_, page) = pages.get(&format!("/cas/{}", case.id)).await;
    assert_eq!(page.matches(", par l’annotation du dossier").count(), settled, "{page}");
    assert!(!page.contains("Reprendre ce constat"), "it is taken back where it was said");

    bench.simulator.world().annotate(dossier, NOTED, "");
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    assert_eq!(late(number).await, before, "emptied, it is overdue again");
}

/// The kind of service is changed on the platform after the award: told, then kept by a person.
#[tokio::test]
async fn a_person_keeps_what_changed_since_the_award() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::with_something_late(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
    desk.bench.simulator.world().edit_champ(4244, "Type de service", "Service central");
    desk.days_later(1).await;
    let said = "Type de service changé depuis l’attribution du label";
    let page = desk.get("/cas/4244").await;
    assert!(page.contains(said) && page.contains("<button>Retenir « service central »</button>"), "{page}");
    let told: Vec<String> =
        desk.bench.mails().into_iter().map(|kept| format!("{:?}", kept.mail.letter)).collect();
    assert_eq!(
        told.iter().filter(|text| text.contains(said)).count(),
        1,
        "in one mail of the body: {told:#?}"
    );
    let register = desk.get("/registre.csv").await;
    let line = register.lines().find(|line| line.contains("Grandvent")).unwrap().to_owned();
    assert!(line.contains("local indépendant"), "{line}");

    let post = async |who: &str, value: &str| {
        let body = format!("dossier=4244&cle=type_service&valeur={value}");
        let request =
            desk.client.post(format!("{}/constats/retenir", desk.root)).header("origin", &desk.root);
        let request = request.header("x-remote-user", who).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await.unwrap().status()
    };
    assert_eq!(post("l@oc.example", "central").await, StatusCode::FORBIDDEN, "a reader decides nothing");
    assert_eq!(post(BODY, "local_rattache").await, StatusCode::NOT_FOUND, "not what the dossier says");
    assert_eq!(post(BODY, "central").await, StatusCode::SEE_OTHER);
    assert_eq!(post(BODY, "central").await, StatusCode::NOT_FOUND, "once");
    desk.days_later(1).await;
    let page = desk.get("/cas/4244").await;
    assert!(!page.contains("/constats/retenir"), "{page}");
    let journal = desk.get("/journal").await;
    assert!(
        journal.contains(
            "par O@oc.example à la place de la valeur de l’attribution : type de service, « service central »"
        ),
        "{journal}"
    );
    let record = desk.bench.daemon.store.record();
    assert!(vigie::record::verify::walk(&record, None).await.unwrap().fault.is_none());
    let mails =
        desk.bench.mails().into_iter().filter(|kept| format!("{:?}", kept.mail.letter).contains(said));
    assert_eq!(mails.count(), 1, "told once");
}
