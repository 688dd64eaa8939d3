//! As many cases as are asked for: those of a scenario that was lived for some months, each with numbers of its own.

use jiff::ToSpan;
use label::case::Case;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use simulator::{Scenario, Simulator};
use vigie::daemon::Hours;
use vigie::store::dossiers::Seen;
use vigie::store::pages::{Advance, PageToSave};

use crate::bench::{Bench, FORM, demarche};
use crate::morning;

/// Days that are lived: some services are labelled by then, others are being audited.
const DAYS: i64 = 400;
/// Between the numbers of one copy of the scenario and of the next.
pub const APART: i64 = 1_000_000;

pub struct Population {
    pub bench: Bench,
    facts: Vec<Facts>,
}

impl Population {
    pub async fn lived() -> Population {
        let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
        let world = scenario.world();
        let any = "127.0.0.1:0".parse().unwrap();
        let first = label::paris_date(scenario.start());
        let simulator = Simulator::start(any, any, world).await.unwrap();
        let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
        let mut day = first;
        while day <= first.saturating_add(DAYS.days()) {
            scenario.advance_to(&mut bench.simulator.world(), morning(day));
            bench.set_now(morning(day));
            bench.daemon.pass(Hours::ALL).await.unwrap();
            // Every day of the label matters little here: what is in the store at the end does.
            day = day.saturating_add(7.days());
        }
        let cases = cases(&bench).await;
        let facts = cases.into_iter().flat_map(|case| case.dossiers).collect();
        Population { bench, facts }
    }

    pub async fn cases(&self) -> Vec<Case> {
        cases(&self.bench).await
    }

    /// A daemon over a store that holds at least so many cases, all to be judged, and a platform that shows none of them.
    pub async fn multiplied(&self, url: &str, wanted: usize) -> Bench {
        let world = Scenario::named("petit", 1, 0).unwrap().world();
        let any = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(any, any, world).await.unwrap();
        let bench = Bench::over(simulator, url, FORM, demarche()).await;
        let now = self.bench.daemon.book.clock.now();
        bench.set_now(now);
        for (name, value) in self.bench.daemon.store.settings().starting("form_view/").await.unwrap() {
            bench.daemon.store.settings().set(&name, &value).await.unwrap();
        }
        let each = self.cases().await.len();
        let scope = bench.daemon.sources[0].key();
        for copy in 0..i64::try_from(wanted.div_ceil(each)).unwrap() {
            let seen: Vec<Seen> = self.facts.iter().map(|facts| seen(copied(facts, copy))).collect();
            let page = PageToSave {
                scope: &scope,
                seen: &seen,
                known: &Default::default(),
                set_aside: &[],
                gone: &[],
                advance: Advance::Nothing,
                now,
            };
            bench.daemon.store.pages().save_page(&page).await.unwrap();
        }
        bench
    }
}

fn seen(facts: Facts) -> Seen {
    Seen {
        number: facts.number,
        place: None,
        modified: None,
        print: "as it was lived".to_owned(),
        facts: Some(facts),
        waits: Vec::new(),
        answerable: true,
    }
}

/// The same dossier under another number and another SIRET, with its links.
fn copied(facts: &Facts, copy: i64) -> Facts {
    let mut facts = facts.clone();
    facts.number += copy * APART;
    facts.siret = facts.siret.map(|siret| format!("{}{:05}", siret.get(..9).unwrap(), copy));
    for key in [Key::DossierPrecedent, Key::CentralDossier] {
        if let Some(Value::Link(number)) = facts.values.get_mut(&key) {
            *number += copy * APART;
        }
    }
    facts
}

async fn cases(bench: &Bench) -> Vec<Case> {
    let (judgements, book) = (bench.daemon.store.judgements(), &bench.daemon.book);
    judgements.mark_all_to_judge().await.unwrap();
    let numbers = judgements.to_judge(i64::MIN, 10_000).await.unwrap();
    let batch = book.batch(&numbers, &book.frame().await.unwrap()).await.unwrap();
    assert_eq!(batch.covered, numbers.len());
    batch.families.into_iter().flat_map(|(_, assembled)| assembled.unwrap().cases).collect()
}
