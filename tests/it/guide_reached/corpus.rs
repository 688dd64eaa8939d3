//! The cases that are judged, each with the days on which it is.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use label::case::facts::{Attachment, Facts, PlatformState, Scan, Value};
use label::case::inspection::{Inspection, Media};
use label::case::keys::Key;
use label::case::table::{
    AnsweredQuestion, Cells, CentralGrid, GridPoints, LocalGrid, Respondents, SurveyTable, TableContent,
    TableKind, TableReading,
};
use label::case::{Case, Frame, Remembered, Service, assemble};
use label::guide::attached::CentralStanding;
use label::guide::tiers::Tier;
use label::judge::network;
use label::{Choices, Fraction, paris_date};
use secrecy::SecretString;
use simulator::{DEMARCHE, INSTRUCTEUR_EMAIL, Scenario, Simulator, TOKEN};
use vigie::clock::Clock;
use vigie::dn::form::FormMap;
use vigie::dn::resolve::resolve;
use vigie::dn::{Ask, Cursors, Dn, Endpoint, Streams};

use crate::bench::{FORM, demarche, tls};
use crate::cases::{case_of, day, facts, frame, local, row};

pub type Judged = (Case, Vec<Date>, Frame);

pub async fn all() -> Vec<Judged> {
    let mut all = scenario("trois-ans", 14).await;
    all.extend(scenario("lot", 180).await);
    all.extend(by_hand().into_iter().map(|case| (case, (0..1500).step_by(30).map(day).collect(), frame())));
    all
}

/// Reads a scenario from the simulator after each of its steps. Each reading is judged until the next one, once in `pace`
/// days; the last one for three years, once in sixty.
async fn scenario(name: &str, pace: i32) -> Vec<Judged> {
    tls();
    let mut scenario = Scenario::named(name, 1, 60).unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, scenario.world()).await.unwrap();
    let endpoint = Endpoint::new(&simulator.endpoint(), SecretString::from(TOKEN.to_owned())).unwrap();
    let dn = Dn::new(endpoint, demarche(), Some(INSTRUCTEUR_EMAIL.to_owned()));
    let mut judged = Vec::new();
    loop {
        let now = scenario.next_at().unwrap_or(scenario.end());
        scenario.advance_to(&mut simulator.world(), now);
        let today = paris_date(now);
        let (until, pace) = match scenario.next_at() {
            Some(next) => (paris_date(next), pace),
            None => (today.saturating_add(3.years()), pace.max(60)),
        };
        let (dossiers, frame) = read(&dn, now).await;
        let mut cases = assemble(dossiers, &Remembered::default());
        link(&mut cases, today);
        let days: Vec<Date> = today.series(pace.days()).take_while(|day| *day <= until).collect();
        judged.extend(cases.into_iter().map(|case| (case, days.clone(), frame.clone())));
        if scenario.next_at().is_none() {
            return judged;
        }
    }
}

/// The facts of all the dossiers, and the keys of the form.
async fn read(dn: &Dn, now: jiff::Timestamp) -> (Vec<Facts>, Frame) {
    let since = "2020-01-01T00:00:00Z".parse().unwrap();
    let form_of = Some(i64::from(DEMARCHE));
    let ask = Ask { streams: Streams::Dossiers, cursors: Cursors::default(), since, size: 100, form_of };
    let page = dn.observe(&ask, &Clock::manual(now)).await.unwrap();
    assert!(!page.more, "one page holds the whole scenario");
    let map: FormMap = toml::from_str(FORM).unwrap();
    let form = resolve(&map, &page.form.unwrap());
    let forms = BTreeMap::from([(i64::from(DEMARCHE), form.view.clone())]);
    let facts = page.dossiers.iter().map(|raw| dn.read(raw, &form).unwrap()).collect();
    (facts, Frame { forms, ..Frame::default() })
}

/// Gives a central and its locals what they need of one another, as `CaseBook` does from the store.
fn link(cases: &mut [Case], today: Date) {
    let alone = cases.to_vec();
    let choices = Choices::default();
    for case in cases {
        if case.service == Service::Central {
            let named = |local: &&Case| local.central_named().is_some_and(|number| case.holds(number));
            let locals = alone.iter().filter(named).map(|local| network::as_local(local, &choices, today));
            case.locals = network::each_once(locals.collect());
        } else if case.service == Service::LocalRattache {
            case.central = Some(network::central_of(case, None, &alone, &choices, today).standing);
        }
    }
}

fn choice(word: &str) -> Value {
    Value::Choice(word.to_owned())
}

fn mark(value: i64) -> Value {
    Value::Mark(Fraction::from(value))
}

/// A dossier with its visit a hundred days after its deposit, and its report ten days later.
fn dossier(number: i64, deposited: i64, service: &str, demande: &str, more: Vec<(Key, Value)>) -> Facts {
    let mut values = vec![
        (Key::TypeService, choice(service)),
        (Key::TypeDemande, choice(demande)),
        (Key::AuditDebut, Value::Date(day(deposited + 100))),
        (Key::AuditFin, Value::Date(day(deposited + 101))),
        (Key::RapportTransmisLe, Value::Date(day(deposited + 111))),
    ];
    values.extend(more);
    facts(number, deposited, values)
}

fn decided(decisions: &[(&str, i64)]) -> (Key, Value) {
    (Key::Evenements, Value::Rows(decisions.iter().map(|(decision, on)| row(decision, *on)).collect()))
}

fn by_hand() -> Vec<Case> {
    let mut cases = vec![incomplete(), refused_twice(), refused_above(), renewed(), planned()];
    use CentralStanding as S;
    cases.extend([S::Refused(day(150)), S::Suspended, S::Withdrawn(day(400))].map(attached));
    cases.extend([0, 1, 2, 3].map(central_follow_up));
    cases.extend([central_application(), authority()]);
    cases.extend(
        [(70, 560), (85, 560), (40, 560), (70, 380)].map(|(marks, deposited)| followed(marks, deposited)),
    );
    cases.extend([refusable(), central_without_plan()]);
    cases.extend(
        [
            (TableKind::EnqueteUsagers, Key::EnqueteUsagersRapport, survey(9)),
            (TableKind::EnqueteAgents, Key::EnqueteAgentsRapport, survey(11)),
            (TableKind::GrilleLocal, Key::GrilleAudit, local_grid()),
            (TableKind::GrilleCentral, Key::GrilleAudit, central_grid()),
        ]
        .map(recounted),
    );
    cases
}

/// Deposited with few figures, corrections pending, no visit fixed.
fn incomplete() -> Case {
    let mut facts = facts(
        1,
        0,
        vec![
            (Key::TypeService, choice("local_independant")),
            (Key::TypeDemande, choice("initial")),
            (Key::EnqueteUsagersCloture, Value::Date(day(-20))),
            (Key::AutodiagnosticLe, Value::Date(day(-30))),
            (Key::AgentsConcernes, Value::Count(60)),
            (Key::AgentsSollicites, Value::Count(50)),
            (Key::AgentsRecevables, Value::Count(40)),
            (Key::NoteUsagers, mark(60)),
            (Key::PlanTransmisLe, Value::Date(day(10))),
        ],
    );
    facts.state = PlatformState::EnConstruction;
    facts.correction = Some(day(5));
    case_of(&[facts])
}

/// Refused, then back too early.
fn refused_twice() -> Case {
    let first = dossier(1, 0, "local_independant", "initial", vec![decided(&[("rejete", 130)])]);
    let second = dossier(2, 200, "local_independant", "initial", vec![]);
    let cases = assemble(vec![first, second], &Remembered::default());
    cases.into_iter().next_back().expect("two applications are at least one case")
}

/// Refused, while its marks reach a tier.
fn refused_above() -> Case {
    let scores = Key::ENGAGEMENTS.map(|key| (key, mark(70)));
    let surveys = [(Key::NoteUsagers, mark(85)), (Key::NoteAgents, mark(70))];
    let marks = scores.into_iter().chain(surveys).chain([decided(&[("rejete", 130)])]);
    case_of(&[dossier(1, 0, "local_independant", "initial", marks.collect())])
}

/// Labelled, suspended, lifted, followed up in a higher tier, renewed, and ended.
fn renewed() -> Case {
    let label = [("labellise", 130), ("suspension", 300), ("levee", 350)];
    case_of(&[
        dossier(1, 0, "local_independant", "initial", vec![decided(&label)]),
        dossier(2, 560, "local_independant", "suivi", vec![decided(&[("palier_superieur", 690)])]),
        dossier(3, 1000, "local_independant", "renouvellement", vec![decided(&[("labellise", 1130)])]),
    ])
}

/// An action plan is asked for at the follow-up; then the label is suspended and withdrawn.
fn planned() -> Case {
    let ending = [("plan_actions", 690), ("suspension", 800), ("retrait", 900)];
    case_of(&[
        dossier(1, 0, "local_independant", "initial", vec![decided(&[("labellise", 130)])]),
        dossier(2, 560, "local_independant", "suivi", vec![decided(&ending)]),
    ])
}

fn attached(central: CentralStanding) -> Case {
    let mut case =
        case_of(&[dossier(1, 0, "local_rattache", "initial", vec![decided(&[("labellise", 130)])])]);
    case.central = Some(central);
    case
}

/// A central labelled Argent whose year's locals are Argent, better, worse and too few, or worse.
fn central_follow_up(which: usize) -> Case {
    let counts = |valid| {
        vec![
            (Key::NLocaux, Value::Count(5)),
            (Key::PointsValides, Value::Count(valid)),
            (Key::PointsTotal, Value::Count(40)),
            (Key::AutodiagnosticsFournis, Value::Count(5)),
        ]
    };
    let mut award = row("labellise", 130);
    award.insert(Key::PalierDecide, choice("argent"));
    let mut first = counts(36);
    first.push((Key::Evenements, Value::Rows(vec![award])));
    let mut case = case_of(&[
        dossier(1, 0, "central", "initial", first),
        dossier(2, 380, "central", "suivi", counts(if which == 2 { 20 } else { 36 })),
    ]);
    let year = [
        [Some(Tier::Argent); 3],
        [Some(Tier::Or); 3],
        [Some(Tier::Bronze), None, None],
        [Some(Tier::Bronze); 3],
    ];
    case.locals = (0..).zip(year[which]).map(|(rank, tier)| local(10 + rank, 300, tier)).collect();
    // Labelled the year before, without surveys since.
    case.locals.push(local(20, 100, Some(Tier::Argent)));
    case
}

/// A central before its label: too few locals audited, too few of them labelled.
fn central_application() -> Case {
    let figures = vec![
        (Key::NLocaux, Value::Count(30)),
        (Key::PointsValides, Value::Count(30)),
        (Key::PointsTotal, Value::Count(40)),
        (Key::AutodiagnosticsFournis, Value::Count(29)),
    ];
    let mut case = case_of(&[dossier(1, 0, "central", "initial", figures)]);
    case.locals = vec![local(10, 60, Some(Tier::Bronze)), local(11, 60, None), local(12, 60, None)];
    case
}

/// Nine criteria and the two surveys, all at this mark.
fn marked(value: i64) -> Vec<(Key, Value)> {
    let engagements = Key::ALL.iter().filter(|key| key.name().starts_with("score_"));
    engagements.chain(&[Key::NoteAgents, Key::NoteUsagers]).map(|key| (*key, mark(value))).collect()
}

fn in_bronze() -> (Key, Value) {
    let mut award = row("labellise", 130);
    award.insert(Key::PalierDecide, choice("bronze"));
    (Key::Evenements, Value::Rows(vec![award]))
}

/// Labelled Bronze, followed up with these marks a hundred days after a deposit, then extended.
fn followed(marks: i64, deposited: i64) -> Case {
    let service = "local_independant";
    case_of(&[
        dossier(1, 0, service, "initial", vec![in_bronze()]),
        dossier(2, deposited, service, "suivi", marked(marks)),
        dossier(3, 580, service, "extension", vec![decided(&[("labellise", 720)])]),
    ])
}

/// Reported with marks below Bronze, its plan sent while documents were missing.
fn refusable() -> Case {
    let mut more = marked(40);
    more.push((Key::PlanTransmisLe, Value::Date(day(80))));
    case_of(&[dossier(1, 0, "local_independant", "initial", more)])
}

/// A central whose plan was asked for at its follow-up, received, and never validated.
fn central_without_plan() -> Case {
    let asked = vec![decided(&[("plan_actions", 520)]), (Key::PlanActionsRecuLe, Value::Date(day(540)))];
    case_of(&[
        dossier(1, 0, "central", "initial", vec![in_bronze()]),
        dossier(2, 380, "central", "suivi", asked),
    ])
}

/// A region with a commune's basic perimeter, extended between two audits without a visit.
fn authority() -> Case {
    let words = |words: &[&str]| Value::Choices(words.iter().map(|word| (*word).to_owned()).collect());
    let perimeter = vec![
        (Key::PerimetreCollectivite, choice("region")),
        (Key::PerimetreSocle, words(&["accueil_general", "demarches_administratives"])),
        decided(&[("labellise", 130)]),
    ];
    let mut extension =
        dossier(2, 160, "local_independant", "extension", vec![decided(&[("labellise", 230)])]);
    extension.values.insert(Key::PerimetreOptions, words(&["autre"]));
    case_of(&[dossier(1, 0, "local_independant", "initial", perimeter), extension])
}

/// A dossier whose attachment is a table that was read.
fn recounted((kind, key, content): (TableKind, Key, TableContent)) -> Case {
    let file = Attachment {
        name: "table.csv".to_owned(),
        bytes: 1000,
        checksum: "c2Vs".to_owned(),
        media_type: "text/csv".to_owned(),
        scan: Scan::Safe,
    };
    let service = if kind == TableKind::GrilleCentral { "central" } else { "local_independant" };
    let more = vec![
        (key, Value::Files(vec![file.clone()])),
        (Key::NoteUsagers, mark(92)),
        (Key::NoteAgents, mark(85)),
        (Key::ScoreE1, mark(81)),
    ];
    let mut case = case_of(&[dossier(1, 0, service, "initial", more)]);
    let sound = Inspection { media: Media::Unknown, pages: None, fault: None };
    case.inspections.0.insert(file.checksum.clone(), sound);
    let layout = "essai".to_owned();
    case.tables.insert((file.checksum, kind), TableReading { kind, layout, content });
    case
}

/// One question for each of so many groups.
fn survey(questions: usize) -> TableContent {
    let question = |group| AnsweredQuestion {
        label: format!("Question {group}"),
        group,
        found: true,
        scored: [1, 2, 30, 40],
        not_concerned: 3,
        other: 0,
    };
    TableContent::Survey(SurveyTable {
        questions: (1..=questions).map(question).collect(),
        bad: Cells::default(),
        repeated: Cells::default(),
        unknown_rows: 0,
        unfinished: Cells::default(),
        respondents: Some(Respondents { rows: 80, admissible: 76 }),
        twins: Cells::default(),
        beside: Default::default(),
    })
}

fn local_grid() -> TableContent {
    let points = GridPoints { scored: [1, 1, 2, 6], not_applicable: 1 };
    TableContent::LocalGrid(LocalGrid { sites: vec![[points; 9]], ..LocalGrid::default() })
}

fn central_grid() -> TableContent {
    TableContent::CentralGrid(CentralGrid { met: 30, unmet: 10, not_applicable: 2, ..CentralGrid::default() })
}
