//! The record of a life does not depend on how often the program was started: lives made at random are played twice, and
//! nothing but instants may differ. A program that is killed leaves no act without its entry, nor an entry without its act.

mod killed;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use simulator::{Simulator, State, Value, World};
use vigie::daemon::Hours;
use vigie::record::verify::walk;
use vigie::store::record::Record;

use crate::bench::{Bench, FORM, demarche};
use crate::lives::{ATTACHED, Application, CENTRAL, INDEPENDENT, audit, decide, report};

/// A small source of numbers, the same for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(i64::try_from(all.len()).unwrap())).unwrap()]
    }
}

/// The dossiers of a central, two of its locals and an independent, which the world numbers so.
const FIRST: u32 = 4242;
const DECISIONS: [&str; 8] = [
    "Labellisé",
    "Rejeté",
    "Confirmé",
    "Palier supérieur",
    "Plan d'actions demandé",
    "Suspension",
    "Levée de suspension",
    "Retrait",
];
const TIERS: [Option<&str>; 4] = [Some("Bronze"), Some("Argent"), Some("Or"), None];

fn begin(world: &mut World) {
    let services = [
        ("Direction de Haute-Rivelle", "99900185200012", "siege@rivelle.example", CENTRAL),
        ("Agence Nord", "99900629900013", "nord@rivelle.example", ATTACHED),
        ("Agence Sud", "99900666100014", "sud@rivelle.example", ATTACHED),
        ("Guichet de Valdorée", "99900037500017", "valdoree@service.example", INDEPENDENT),
    ];
    for (name, siret, email, service) in services {
        let (diagnosis, surveys) = (date(2026, 12, 1), date(2026, 12, 18));
        let demande = "Première demande";
        let previous = None;
        let number =
            Application { name, siret, email, demande, service, previous, diagnosis, surveys }.deposit(world);
        if service == ATTACHED {
            world.annotate(number, "N° de dossier du service central", i64::from(FIRST));
        }
    }
}

/// What somebody does on a day, whatever sense it makes.
fn act(world: &mut World, dice: &mut Dice, today: Date) {
    let number = FIRST + u32::try_from(dice.below(4)).unwrap();
    let day = today.saturating_add(dice.of(&[-40, -9, -1, 0, 2, 12, 35, 80]).days());
    match dice.below(9) {
        0 | 1 => audit(world, number, day),
        2 => report(world, number, day.min(today)),
        3 | 4 => decide(world, number, dice.of(&DECISIONS), dice.of(&TIERS), day),
        5 => world.annotate(number, "Plan d'audit transmis le", day),
        6 => {
            let label = format!("Score de l'engagement {}", 1 + dice.below(8));
            world.annotate(number, &label, Value::decimal(dice.of(&["41.5", "63", "92", "trente"])));
        }
        7 => world.resubmit(number, vec![("Usagers sollicités", (900 + dice.below(900)).into())]),
        _ => world.set_state(number, dice.of(&[State::EnInstruction, State::Accepte]), Some("Vu")),
    }
}

fn morning(day: Date) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    day.at(8, 15, 0, 0).to_zoned(paris).unwrap().timestamp()
}

/// How the program is run through a life.
#[derive(Clone, Copy, PartialEq)]
enum Runs {
    Once,
    /// Stopped in the middle of some passes, and started again on the same file, as these dice fall.
    Restarted(u64),
    /// Every living case is judged in each pass, and not only those of which the day may change something.
    JudgingAll,
}

/// The entries of a life of so many months, by jumps, and how many judgements they took.
async fn lived(seed: u64, url: &str, months: i64, runs: Runs) -> (Vec<String>, usize) {
    let start = date(2027, 1, 11);
    let until = start.saturating_add(months.months());
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, World::new(morning(start))).await.unwrap();
    let mut bench = Bench::over(simulator, url, FORM, demarche()).await;
    let mut dice = Dice::new(seed);
    let mut restarts = match runs {
        Runs::Once | Runs::JudgingAll => None,
        Runs::Restarted(seed) => Some(Dice::new(seed)),
    };
    begin(&mut bench.simulator.world());
    let (mut day, mut judged) = (start, 0);
    while day < until {
        bench.set_now(morning(day));
        for _ in 0..dice.below(4) {
            act(&mut bench.simulator.world(), &mut dice, day);
        }
        if let Some(dice) = &mut restarts {
            while dice.below(2) == 0 {
                stopped_after(&bench, std::time::Duration::from_micros(dice.below(60_000).unsigned_abs()))
                    .await;
                bench = Bench::over(bench.simulator, url, FORM, demarche()).await;
            }
        }
        if runs == Runs::JudgingAll {
            let scopes: Vec<String> = bench.daemon.sources.iter().map(|source| source.key()).collect();
            bench.daemon.store.judgements().mark_living(&scopes).await.unwrap();
        }
        let hours = Hours { morning: true, digest: true, monthly: true };
        judged += bench.daemon.pass(hours).await.unwrap().judged;
        day = day.saturating_add(dice.of(&[1, 1, 2, 5, 9, 14, 21]).days());
    }
    let record = bench.daemon.store.record();
    assert_eq!(walk(&record, None).await.unwrap().fault, None);
    (entries(&record).await, judged)
}

/// A pass that is asked to stop after a while, or begins when it is already.
async fn stopped_after(bench: &Bench, while_: std::time::Duration) {
    let stop = bench.daemon.stop.clone();
    let stopping = tokio::spawn(async move {
        tokio::time::sleep(while_).await;
        stop.cancel();
    });
    bench.daemon.pass(Hours { morning: true, digest: true, monthly: true }).await.unwrap();
    stopping.await.unwrap();
}

/// Each entry without instants: the numbers of lines of the journal hold one.
async fn entries(record: &Record) -> Vec<String> {
    let mut all = Vec::new();
    for entry in record.after(0, 100_000).await.unwrap() {
        let mut body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
        body.as_object_mut().unwrap().remove("line");
        let (seq, day, kind) = (entry.seq, entry.day, entry.kind);
        all.push(format!("{seq} {day} {kind} {:?} {:?} {body}", entry.case, entry.dossier));
    }
    all
}

fn assert_alike(seed: u64, once: &[String], again: &[String]) {
    let first = once.iter().zip(again).find(|(one, other)| one != other);
    assert_eq!(first, None, "seed {seed}");
    assert_eq!(once.len(), again.len(), "seed {seed}: {:?}", once.iter().chain(again).next_back());
    assert!(once.len() > 30, "seed {seed}: {} entries are no life", once.len());
}

async fn play_twice(seeds: std::ops::Range<u64>, months: i64) {
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("v.db").display());
        let (once, _) = lived(seed, "sqlite::memory:", months, Runs::Once).await;
        let (again, _) = lived(seed, &url, months, Runs::Restarted(seed + 1)).await;
        assert_alike(seed, &once, &again);
    }
}

/// The entries of each day without their numbers, in no order of judging.
fn by_day(entries: Vec<String>) -> Vec<String> {
    let without = entries.into_iter().map(|entry| entry.split_once(' ').unwrap().1.to_owned());
    let mut entries: Vec<String> = without.collect();
    entries.sort();
    entries
}

/// What is not judged on a day would have been judged alike, and nothing would have been done.
async fn play_judging_all(seeds: std::ops::Range<u64>, months: i64) {
    let (mut few, mut all) = (0, 0);
    for seed in seeds {
        let (once, judged) = lived(seed, "sqlite::memory:", months, Runs::Once).await;
        let (again, each_time) = lived(seed, "sqlite::memory:", months, Runs::JudgingAll).await;
        assert_alike(seed, &by_day(once), &by_day(again));
        (few, all) = (few + judged, all + each_time);
    }
    assert!(few < all, "{few} of {all} judgements: no case was left out");
}

#[tokio::test]
async fn a_life_leaves_the_same_record_when_every_case_is_judged_in_each_pass() {
    play_judging_all(20..23, 4).await;
}

#[tokio::test]
#[ignore = "minutes: cargo nextest run --run-ignored ignored-only"]
async fn thirty_lives_leave_the_same_record_when_every_case_is_judged_in_each_pass() {
    play_judging_all(200..230, 36).await;
}

#[tokio::test]
async fn a_life_leaves_the_same_record_however_often_the_program_is_started() {
    play_twice(0..1, 3).await;
}

#[tokio::test]
#[ignore = "minutes: cargo nextest run --run-ignored ignored-only"]
async fn sixty_lives_leave_the_same_record_however_often_the_program_is_started() {
    play_twice(100..160, 9).await;
}
