//! Several decisions of one kind in one dossier: a receiver is told which of them was removed, or moved, once.

use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};
use simulator::{Side, Value};
use tempfile::TempDir;
use vigie::casebook::CaseBook;
use vigie::store::Store;

use crate::bench::Bench;
use crate::webhooks::{Receiver, decide, wait};

const ROWS: &str = "Historique des décisions";

/// A store that outlives the daemon, and its receiver.
struct Town {
    bench: Bench,
    receiver: Receiver,
    url: String,
    _folder: TempDir,
}

impl Town {
    /// Suspended on 20 June 2027, lifted on the 22nd, suspended again on the 24th: all three told.
    async fn suspended_twice() -> Town {
        let receiver = Receiver::start().await;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
        let mut bench = Bench::stored("petit", 0, &url).await;
        let events = ["label.suspendu", "label.suspension_levee", "label.corrige"];
        bench.daemon.hooks = vec![receiver.hook(&events)];
        bench.pass().await;
        for (decision, day) in [("Suspension", 20), ("Levée de suspension", 22), ("Suspension", 24)] {
            bench.set_now(format!("2027-06-{day}T08:00:00Z").parse().unwrap());
            decide(&bench, decision, june(day));
            bench.pass().await;
        }
        let town = Town { bench, receiver, url, _folder: folder };
        let told = town.told();
        let kinds: Vec<&Json> = told.iter().map(|body| &body["type"]).collect();
        assert_eq!(kinds, ["label.suspendu", "label.suspension_levee", "label.suspendu"]);
        for body in &told {
            assert_eq!(body["data"].get("remplace"), Some(&Json::Null), "one more decision: {body}");
        }
        town
    }

    /// Passes on the next days, each by a process that knows only what was stored.
    async fn days(&mut self, days: usize) {
        for _ in 0..days {
            wait(&self.bench, 24);
            self.bench.pass().await;
            let store = Store::open(&self.url).await.unwrap();
            let clock = self.bench.daemon.book.clock.clone();
            self.bench.daemon.book = CaseBook::new(&store, clock, label::Choices::default(), Vec::new());
            self.bench.daemon.store = store;
        }
    }

    fn told(&self) -> Vec<Json> {
        self.receiver.calls().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    /// What was told beside the first three: the kind, the day, and what it corrects or replaces.
    fn told_since(&self) -> Vec<(String, Json)> {
        let about = |body: &Json| match body["type"].as_str().unwrap() {
            "label.corrige" => body["data"]["corrige"].clone(),
            _ => json!([body["data"]["date_effet"], body["data"]["remplace"]]),
        };
        let told = self.told();
        told[3..].iter().map(|body| (body["type"].as_str().unwrap().to_owned(), about(body))).collect()
    }

    /// Removes rows, counted from the last one, which is 0.
    fn remove(&self, from_last: &[usize]) {
        self.bench.simulator.with_world(|world| {
            let stable = world.form.find(Side::Annotations, ROWS).unwrap().stable_id;
            let rows = world.dossiers.get_mut(&4244).unwrap().annotations.rows.get_mut(&stable).unwrap();
            let count = rows.len();
            for index in from_last {
                rows.remove(count - 1 - index);
            }
            // A row that is removed changes no date of the dossier: a person saves something else too.
            let signed = world.annotation_text(4244, "Contrat de prestations signé");
            world.annotate(4244, "Contrat de prestations signé", signed.as_deref() != Some("true"));
        });
    }

    /// Writes another day into a row, counted in the same way.
    fn move_to(&self, from_last: usize, day: Date) {
        self.bench.simulator.with_world(|world| {
            let stable = world.form.find(Side::Annotations, ROWS).unwrap().stable_id;
            let count = world.dossiers[&4244].annotations.rows[&stable].len();
            let mut rows = vec![Vec::new(); count - from_last];
            let dates = ["Date de la décision", "Date de notification", "Date d'effet"];
            *rows.last_mut().unwrap() = dates.map(|label| (label, Value::from(day))).to_vec();
            world.annotate(4244, ROWS, Value::Rows(rows));
        });
    }
}

#[tokio::test]
async fn a_notice_that_waits_does_not_replace_a_decision_that_is_there_again() {
    let mut town = Town::suspended_twice().await;
    town.move_to(0, june(26));
    wait(&town.bench, 48);
    town.receiver.will([crate::webhooks::Reply::Status(503)]);
    town.bench.pass().await;
    decide(&town.bench, "Suspension", june(24));
    decide(&town.bench, "Levée de suspension", june(25));
    town.days(3).await;
    let mut told = town.told_since();
    assert_eq!(
        told.remove(0),
        ("label.suspendu".to_owned(), json!([june(26), june(24)])),
        "it did not arrive"
    );
    told.sort_by_key(|(kind, _)| kind.clone());
    let lifted = ("label.suspension_levee".to_owned(), json!([june(25), null]));
    let again = ("label.suspendu".to_owned(), json!([june(26), null]));
    assert_eq!(told, [again, lifted]);
}

fn june(day: i8) -> Date {
    date(2027, 6, day)
}

fn void(decision: &str, day: i8) -> Json {
    json!({ "decision": decision, "annulee": true, "palier": null, "date_effet": null, "date_annoncee": june(day) })
}

#[tokio::test]
async fn the_first_of_two_suspensions_is_corrected_when_its_row_is_removed() {
    let mut town = Town::suspended_twice().await;
    town.remove(&[1, 2]);
    town.days(4).await;
    let both = json!([void("suspension", 20), void("levee", 22)]);
    assert_eq!(town.told_since(), [("label.corrige".to_owned(), both)]);
    // Then the second: the correction names it, and no other.
    town.remove(&[0]);
    town.days(4).await;
    assert_eq!(town.told_since()[1..], [("label.corrige".to_owned(), json!([void("suspension", 24)]))]);
}

#[tokio::test]
async fn a_suspension_that_moves_names_the_day_that_it_replaces_and_moved_back_is_corrected() {
    let mut town = Town::suspended_twice().await;
    town.move_to(0, june(25));
    town.days(3).await;
    let moved = ("label.suspendu".to_owned(), json!([june(25), june(24)]));
    assert_eq!(town.told_since(), [moved]);
    // Its first day was announced already: the notice of that day is never sent again.
    town.move_to(0, june(24));
    town.days(3).await;
    let back = json!([{ "decision": "suspension", "annulee": false, "palier": null, "date_effet": june(24),
        "date_annoncee": june(25) }]);
    assert_eq!(town.told_since()[1..], [("label.corrige".to_owned(), back)]);
    town.remove(&[1, 2]);
    town.days(3).await;
    let both = json!([void("suspension", 20), void("levee", 22)]);
    assert_eq!(town.told_since()[2..], [("label.corrige".to_owned(), both)]);
}
