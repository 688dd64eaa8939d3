//! As many cases as are asked for: those of a scenario that was lived for some months, each with numbers of its own.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use label::case::Case;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use simulator::{Scenario, Simulator};
use vigie::daemon::Hours;
use vigie::store::dossiers::Seen;
use vigie::store::pages::{Advance, PageToSave};

use crate::bench::{Bench, FORM, demarche};

/// Days that are lived: some services are labelled by then, others are being audited.
const DAYS: i64 = 400;

/// When a day's work begins.
pub fn morning(day: Date) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    day.at(8, 15, 0, 0).to_zoned(paris).unwrap().timestamp()
}
/// Between the numbers of one copy of the scenario and of the next.
pub const APART: i64 = 1_000_000;

pub struct Population {
    pub bench: Bench,
    pub facts: Vec<Facts>,
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
        let bench = self.opened(url).await;
        let each = self.cases().await.len();
        for copy in 0..i64::try_from(wanted.div_ceil(each)).unwrap() {
            save(&bench, self.facts.iter().map(|facts| copied(facts, copy))).await;
        }
        bench
    }

    /// One service that deposited so many dossiers.
    pub async fn family(&self, url: &str, dossiers: i64) -> Bench {
        let bench = self.opened(url).await;
        let one = self.facts.iter().find(|facts| is_of(facts, "local_independant")).unwrap();
        let siret = one.siret.clone();
        let of_one = |copy| Facts { siret: siret.clone(), ..copied(one, copy) };
        save(&bench, (0..dossiers).map(of_one)).await;
        bench
    }

    /// A central service with so many attached locals.
    pub async fn network(&self, url: &str, locals: i64) -> Bench {
        let bench = self.opened(url).await;
        let linked = self.facts.iter().find_map(|facts| match facts.values.get(&Key::CentralDossier) {
            Some(Value::Link(number)) => Some((facts, number)),
            _ => None,
        });
        let (attached, number) = linked.unwrap();
        let central = self.facts.iter().filter(|facts| facts.number == *number).cloned();
        let of_it = |copy| {
            let mut facts = copied(attached, copy);
            facts.values.insert(Key::CentralDossier, Value::Link(*number));
            facts
        };
        save(&bench, central.chain((0..locals).map(of_it))).await;
        bench
    }

    /// A daemon over a store, with a platform that shows nothing of it.
    pub async fn opened(&self, url: &str) -> Bench {
        let world = Scenario::named("petit", 1, 0).unwrap().world();
        let any = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(any, any, world).await.unwrap();
        let bench = Bench::over(simulator, url, FORM, demarche()).await;
        let now = self.bench.daemon.book.clock.now();
        bench.set_now(now);
        for (name, value) in self.bench.daemon.store.settings().starting("form_view/").await.unwrap() {
            bench.daemon.store.settings().set(&name, &value).await.unwrap();
        }
        bench
    }
}

async fn save(bench: &Bench, facts: impl Iterator<Item = Facts>) {
    let seen: Vec<Seen> = facts.map(seen).collect();
    let page = PageToSave {
        began: None,
        scope: &bench.daemon.sources[0].key(),
        seen: &seen,
        known: &Default::default(),
        set_aside: &[],
        gone: &[],
        advance: Advance::Nothing,
        now: bench.daemon.book.clock.now(),
    };
    bench.daemon.store.pages().save_page(&page).await.unwrap();
}

fn is_of(facts: &Facts, kind: &str) -> bool {
    facts.values.get(&Key::TypeService) == Some(&Value::Choice(kind.to_owned()))
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

/// The same dossier under another number, another SIRET and another address, with its links.
fn copied(facts: &Facts, copy: i64) -> Facts {
    let mut facts = facts.clone();
    facts.number += copy * APART;
    facts.siret = facts.siret.map(|siret| format!("{}{:05}", siret.get(..9).unwrap(), copy));
    let address = Value::Text(format!("contact@service-{}.example", facts.number));
    facts.values.insert(Key::ContactEmail, address);
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
