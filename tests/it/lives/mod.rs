//! Whole lives of the label, day by day on a clock that the test sets: a table of days and of the mails sent on each,
//! to whom. The tables are in files beside this one and were read line by line against part C of the catalogue; each
//! life runs on SQLite, its first five hundred days on PostgreSQL too, then by jumps and restarts.

mod central;
mod independent;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use label::paris_date;
use label::wording::again::bare;
use simulator::{Deposit, File, Simulator, State, Value, World};
use vigie::daemon::Hours;
use vigie::mail::Mailer;

use crate::bench::{Bench, FORM, demarche, letterhead};
use crate::store::postgres;

/// What somebody does on the platform on a day, before the morning's pass.
pub struct Step {
    pub on: Date,
    pub act: Box<dyn Fn(&mut World) + Send + Sync>,
}

pub fn on(year: i16, month: i8, day: i8, act: impl Fn(&mut World) + Send + Sync + 'static) -> Step {
    Step { on: date(year, month, day), act: Box::new(act) }
}

/// A day at a quarter past eight in Paris: after the morning and the digest.
fn morning(day: Date) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    day.at(8, 15, 0, 0).to_zoned(paris).unwrap().timestamp()
}

/// What the program does on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// It is stopped.
    Sleep,
    Live,
    /// It runs, and the mail server does not answer.
    Mute,
}

pub struct Life {
    pub from: Date,
    pub until: Date,
    pub steps: Vec<Step>,
}

impl Life {
    /// Runs through its days as `wakes` says; returns one line for each mail, in order.
    async fn live(&self, store: &str, wakes: impl FnMut(Date) -> Wake) -> Vec<String> {
        self.live_until(self.until, store, wakes).await
    }

    /// The same, up to a day included.
    async fn live_until(&self, until: Date, store: &str, mut wakes: impl FnMut(Date) -> Wake) -> Vec<String> {
        let world = World::new(morning(self.from.saturating_sub(1.day())));
        let any = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(any, any, world).await.unwrap();
        let mut bench = Bench::over(simulator, store, FORM, demarche()).await;
        let server = bench.daemon.mailer.clone();
        let away = Mailer::new("smtp://127.0.0.1:9", "label@organisme.example", None).unwrap();
        let mut day = self.from;
        let mut lines = Vec::new();
        let mut seen = 0;
        while day <= until {
            bench.set_now(morning(day));
            for step in self.steps.iter().filter(|step| step.on == day) {
                (step.act)(&mut bench.simulator.world());
            }
            let wake = wakes(day);
            if wake != Wake::Sleep {
                bench.daemon.mailer = if wake == Wake::Mute { Some(away.clone()) } else { server.clone() };
                let weekend = matches!(day.weekday().to_monday_one_offset(), 6 | 7);
                let report = bench
                    .daemon
                    .pass(Hours { morning: true, digest: !weekend, monthly: true })
                    .await
                    .unwrap();
                assert!(wake == Wake::Mute || report.failures.is_empty(), "{day}: {:?}", report.failures);
                let mails = bench.mails();
                write_out(&mails[seen..]).await;
                lines.extend(mails[seen..].iter().flat_map(line));
                seen = mails.len();
            }
            day = day.tomorrow().unwrap();
        }
        lines
    }
}

/// `VIGIE_MAILS=FOLDER` writes each mail as a mail program opens it.
async fn write_out(mails: &[vigie::mail::Kept]) {
    let Ok(folder) = std::env::var("VIGIE_MAILS") else { return };
    let from = "Label SP+ <label@organisme.example>";
    let written = Mailer::new(&format!("file:{folder}"), from, None)
        .unwrap()
        .signed(letterhead("https://dn.example/api/v2/graphql"));
    for kept in mails {
        let receipt = written.send(&kept.mail, kept.at).await.unwrap();
        assert!(receipt.later.is_none() && receipt.refused.is_empty(), "{receipt:?}");
    }
}

/// One line for a mail; a digest has one more for each of its points.
fn line(kept: &vigie::mail::Kept) -> Vec<String> {
    let letter = &kept.mail.letter;
    let to = kept.mail.to.join(", ");
    let who = match to.as_str() {
        "label@organisme.example" => "organisme",
        "ditp@example.gouv.fr" => "ditp",
        other => other.split('@').next().unwrap_or(other),
    };
    let mut lines = vec![format!("{}  {who:<9}  {}", paris_date(kept.at), letter.subject)];
    if kept.mail.key.starts_with("digest/") {
        let points = letter.sections.iter().flat_map(|section| &section.lines);
        lines.extend(points.map(|line| format!("                          · {}", line.text)));
    }
    lines
}

/// Days that every run does on PostgreSQL: to the label and its first suspension or follow-up.
const DAYS_ON_POSTGRESQL: i64 = 500;

/// The table of a life on SQLite.
async fn check(life: Life, table: &str) {
    let lived = life.live("sqlite::memory:", |_| Wake::Live).await.join("\n");
    if let Ok(folder) = std::env::var("VIGIE_TABLES") {
        let name = format!("{folder}/{}-{}.txt", life.from, life.steps.len());
        std::fs::write(name, format!("{lived}\n")).unwrap();
    }
    let different: Vec<String> = difference(table.trim_end(), &lived);
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The beginning of the same table on PostgreSQL: a test of its own, so that both are run at once.
async fn check_beginning_on_postgresql(life: Life, table: &str) {
    let Some(base) = postgres().await else { return };
    let until = life.from.saturating_add(DAYS_ON_POSTGRESQL.days());
    let lived = life.live_until(until, &base.url, |_| Wake::Live).await;
    base.drop().await;
    let begins =
        |line: &&str| line.starts_with(' ') || line.get(..10).is_none_or(|day| day <= &*until.to_string());
    let expected: Vec<&str> = table.trim_end().lines().take_while(begins).collect();
    assert!(expected.len() > 20, "{} lines are no life", expected.len());
    let different = difference(&expected.join("\n"), &lived.join("\n"));
    assert!(different.is_empty(), "PostgreSQL lives another life:\n{}", different.join("\n"));
}

/// The whole of a life on PostgreSQL: minutes, by hand (`docs/contributing.md`).
async fn check_on_postgresql(life: Life, table: &str) {
    let Some(base) = postgres().await else { panic!("TEST_DATABASE_URL names no PostgreSQL") };
    let lived = life.live(&base.url, |_| Wake::Live).await.join("\n");
    base.drop().await;
    let different: Vec<String> = difference(table.trim_end(), &lived);
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Lines that only one of the two has: « - » expected, « + » found.
fn difference(expected: &str, lived: &str) -> Vec<String> {
    let mut count: BTreeMap<&str, i32> = BTreeMap::new();
    expected.lines().for_each(|line| *count.entry(line).or_default() -= 1);
    lived.lines().for_each(|line| *count.entry(line).or_default() += 1);
    let sign = |(line, count): (&str, i32)| format!("{} {line}", if count < 0 { "-" } else { "+" });
    count.into_iter().filter(|(_, count)| *count != 0).map(sign).collect()
}

/// A subject without what depends on the day on which it is written: a day of another year is named with its year, and a day
/// that is over is no limit any more.
fn timeless(subject: &str) -> String {
    const LISTED: &str = "liste publique à actualiser";
    let end = subject.find(LISTED).map_or(subject.len(), |at| at + LISTED.len());
    let is_year = |word: &&str| word.len() == 4 && word.starts_with("20") && word.parse::<u16>().is_ok();
    let words = subject[..end].split_whitespace().map(|word| word.trim_end_matches(','));
    words.filter(|word| !is_year(word)).collect::<Vec<_>>().join(" ")
}

/// Run only on some days: no mail that a daily run does not send, none twice, and every mail that is still of use.
async fn by_jumps(life: Life, table: &str, seed: u64) {
    let mut dice = seed | 1;
    let wakes = |day: Date| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        match dice % 18 {
            _ if day == life.until => Wake::Live,
            0 | 1 => Wake::Live,
            2 => Wake::Mute,
            _ => Wake::Sleep,
        }
    };
    let lived = life.live("sqlite::memory:", wakes).await;
    // Which reminder it is depends on what was sent before.
    let subject =
        |line: &str| line.split_at_checked(10).map(|(_, rest)| timeless(bare(rest))).unwrap_or_default();
    let single = |line: &&str| !line.trim_start().starts_with('·') && !line.contains("digest du");
    let daily: std::collections::BTreeSet<String> = table.lines().filter(single).map(subject).collect();
    let mails: Vec<&str> = lived.iter().map(String::as_str).filter(single).collect();
    let strangers: Vec<&&str> = mails
        .iter()
        // The last day of the mark is told in the past to a service that is written to after it.
        .filter(|line| !line.contains(" informations sur ") && !line.contains("devait cesser"))
        .filter(|line| !daily.contains(&subject(line)))
        // How many of the days that are gone had been sent depends on when it ran.
        .filter(|line| !line.contains("plus à retenir"))
        .collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
    let days: std::collections::BTreeSet<&&str> = mails.iter().collect();
    assert_eq!(days.len(), mails.len(), "no mail twice on a day");
    assert!(mails.len() * 3 > daily.len(), "{} of {}", mails.len(), daily.len());
}

fn pdf(name: &str) -> Value {
    File::pdf(name, "Document").into()
}

/// A whole application, as a service deposits it.
#[derive(Clone, Copy)]
pub struct Application {
    pub name: &'static str,
    pub siret: &'static str,
    pub email: &'static str,
    pub demande: &'static str,
    pub service: &'static str,
    pub previous: Option<u32>,
    pub diagnosis: Date,
    pub surveys: Date,
}

impl Application {
    pub fn deposit(&self, world: &mut World) -> u32 {
        let mut champs: Vec<(&'static str, Value)> = vec![
            ("Nom de la structure candidate", self.name.into()),
            ("Organisme de certification choisi", "Boréal Certification".into()),
            ("Courriel de la personne à contacter", self.email.into()),
            ("Département", "37 – Indre-et-Loire".into()),
            ("Type de demande", self.demande.into()),
            ("Type de service", self.service.into()),
            ("Organigramme", pdf("organigramme.pdf")),
            ("Plan de formation", pdf("formation.pdf")),
            ("Méthode d'échantillonnage des usagers", "Un usager reçu sur dix.".into()),
            ("Date de l'autodiagnostic", self.diagnosis.into()),
            ("Rapport d'autodiagnostic", pdf("autodiagnostic.pdf")),
            ("Plan d'actions d'amélioration", pdf("plan.pdf")),
            ("Liste des indicateurs de qualité", pdf("indicateurs.pdf")),
            ("Indicateurs en place depuis le", self.diagnosis.saturating_sub(14.months()).into()),
        ];
        champs.extend(self.previous.map(|number| ("Dossier précédent", Value::Dossier(number))));
        if self.service == CENTRAL {
            champs.push(("Nombre de services locaux", 2.into()));
            champs.push(("Autodiagnostics locaux fournis", 2.into()));
        } else {
            champs.extend(self.survey_fields());
        }
        let number = world.deposit(Deposit { champs, ..Deposit::new(self.siret, self.name, self.email) });
        world.set_state(number, State::EnInstruction, None);
        world.annotate(number, "Contrat de prestations signé", true);
        number
    }

    fn survey_fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Clôture de l'enquête usagers", self.surveys.into()),
            ("Rapport de l'enquête usagers", pdf("usagers.pdf")),
            ("Usagers sollicités", 1400.into()),
            ("Questionnaires usagers recevables", 163.into()),
            ("Note de l'enquête usagers", Value::decimal("79.97")),
            ("Clôture de l'enquête agents", self.surveys.into()),
            ("Synthèse de l'enquête agents", pdf("agents.pdf")),
            ("Agents concernés", 43.into()),
            ("Agents sollicités", 43.into()),
            ("Questionnaires agents recevables", 30.into()),
            ("Note de l'enquête agents", Value::decimal("61.5")),
        ]
    }
}

pub const CENTRAL: &str = "Service central";
pub const ATTACHED: &str = "Service local rattaché à un service central";
pub const INDEPENDENT: &str = "Service local indépendant";

pub fn audit(world: &mut World, number: u32, first: Date) {
    world.annotate(number, "Premier jour de visite", first);
    world.annotate(number, "Dernier jour de visite", first.tomorrow().unwrap());
}

pub fn report(world: &mut World, number: u32, day: Date) {
    world.annotate(number, "Rapport d'audit transmis le", day);
    world.annotate(number, "Rapport d'audit reçu le", day);
    for engagement in 1..=8 {
        world.annotate(number, &format!("Score de l'engagement {engagement}"), Value::decimal("63"));
    }
    world.annotate(number, "Score des critères Or", Value::decimal("31.5"));
}

/// A decision taken, notified and in force on the same day.
pub fn decide(world: &mut World, number: u32, what: &'static str, tier: Option<&'static str>, day: Date) {
    let mut row = vec![
        ("Décision", Value::from(what)),
        ("Date de la décision", day.into()),
        ("Date de notification", day.into()),
        ("Date d'effet", day.into()),
    ];
    row.extend(tier.map(|tier| ("Palier décidé", Value::from(tier))));
    world.add_row(number, "Historique des décisions", row);
    if matches!(what, "Labellisé" | "Confirmé" | "Palier supérieur") {
        world.set_state(number, State::Accepte, Some("Favorable"));
    }
}
