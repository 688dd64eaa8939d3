//! A network in the store: a local finds its central by any number of it, and each is judged again when the other changes.

use jiff::Timestamp;
use jiff::civil::Date;
use label::Choices;
use label::case::facts::{Facts, FormView, Value};
use label::case::keys::Key;
use label::case::{Case, Doubt};
use label::guide::attached::CentralStanding as Standing;
use label::judge::network::annex;
use label::wording::journal::Departure;
use simulator::{Deposit, Simulator, State, World};
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::store::Store;
use vigie::store::dossiers::Seen;
use vigie::store::ledger::{Ending, Fate};
use vigie::store::pages::{Advance, PageToSave};
use vigie::store::position::Position;
use vigie::store::refusals::Blame;

use crate::bench::{Bench, FORM, demarche, tls};
use crate::cases::{day, facts, row};
use crate::cli::{folder, said, vigie};
use crate::web::Pages;

fn noon(on: Date) -> Timestamp {
    on.at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

async fn book(on: Date) -> (Store, CaseBook) {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let book = CaseBook::new(&store, Clock::manual(noon(on)), Choices::default(), Vec::new());
    let usable = Key::ALL.iter().copied().collect();
    book.keep_form_view(0, &FormView { usable, ..FormView::default() }).await.unwrap();
    (store, book)
}

async fn save((store, book): &(Store, CaseBook), all: &[Facts], gone: &[i64]) {
    let now = book.clock.now();
    let seen: Vec<Seen> = all
        .iter()
        .map(|facts| Seen {
            number: facts.number,
            place: None,
            modified: Some(now),
            print: format!("{facts:?}"),
            facts: Some(facts.clone()),
            waits: Vec::new(),
            answerable: true,
        })
        .collect();
    let gone: Vec<(i64, Departure)> =
        gone.iter().map(|number| (*number, Departure::DeletedOrHidden)).collect();
    let position = Position { since: now, dossiers: None, pending: None, deleted: None, filled: true };
    let page = PageToSave {
        began: None,
        scope: "s",
        known: &Default::default(),
        seen: &seen,
        set_aside: &[],
        gone: &gone,
        advance: Advance::Streams(&position),
        now,
    };
    store.pages().save_page(&page).await.unwrap();
}

fn dossier(number: i64, deposited: i64, service: &str, decisions: &[(&str, i64)]) -> Facts {
    let rows = decisions.iter().map(|(decision, on)| row(decision, *on)).collect();
    let choice = |word: &str| Value::Choice(word.to_owned());
    let mut facts = facts(
        number,
        deposited,
        vec![
            (Key::TypeService, choice(service)),
            (Key::TypeDemande, choice("initial")),
            (Key::NomStructure, Value::Text(format!("service {number}"))),
            (Key::Evenements, Value::Rows(rows)),
        ],
    );
    facts.siret = Some(format!("{number:014}"));
    facts
}

fn local(number: i64, central: i64) -> Facts {
    let mut facts = dossier(number, 0, "local_rattache", &[("labellise", 100)]);
    facts.values.insert(Key::CentralDossier, Value::Link(central));
    facts
}

fn central(number: i64, deposited: i64, decisions: &[(&str, i64)]) -> Facts {
    let siret = Some("99999999900011".to_owned());
    Facts { siret, ..dossier(number, deposited, "central", decisions) }
}

async fn case(book: &CaseBook, number: i64) -> Case {
    book.case_of(number).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_local_finds_its_central_by_the_number_of_an_earlier_application() {
    let both = book(day(600)).await;
    let book = &both.1;
    save(&both, &[local(1, 8), central(9, 400, &[("labellise", 500)])], &[]).await;
    assert_eq!(case(book, 1).await.central, Some(Standing::Unknown(8)));
    // The refused application that the local names, then the later one of the same SIRET.
    save(&both, &[central(8, 0, &[("rejete", 200)])], &[]).await;
    let found = case(book, 1).await;
    assert_eq!(found.central, Some(Standing::Labelled));
    assert_eq!(book.central_of(&found).await.unwrap().1.map(|central| central.id), Some(9));
    let locals = case(book, 9).await.locals;
    assert_eq!(locals.iter().map(|local| local.case).collect::<Vec<_>>(), [1], "named by the earlier number");
    assert_eq!(book.neighbours(&case(book, 9).await).await.unwrap(), [1]);
    assert!(book.neighbours(&found).await.unwrap().contains(&9));
    // Its own number, and another local's.
    save(&both, &[local(2, 2), local(3, 1)], &[]).await;
    assert_eq!(case(book, 2).await.central, Some(Standing::Itself(2)));
    assert_eq!(case(book, 3).await.central, Some(Standing::NotCentral(1)));
}

/// A first application that left the platform before any decision is still found by its number.
#[tokio::test]
async fn a_central_whose_first_dossier_left_is_known_by_its_siret() {
    let both = book(day(600)).await;
    let book = &both.1;
    save(&both, &[local(1, 8), central(8, 0, &[])], &[]).await;
    assert_eq!(case(book, 1).await.central, Some(Standing::Pending));
    save(&both, &[central(9, 400, &[("labellise", 500)])], &[8]).await;
    assert_eq!(case(book, 1).await.central, Some(Standing::Labelled));
    // One that nothing is known of any more, but by the dossier that follows it.
    let mut renewal = central(20, 410, &[("labellise", 500)]);
    renewal.siret = Some("88888888800011".to_owned());
    renewal.values.insert(Key::TypeDemande, Value::Choice("renouvellement".to_owned()));
    renewal.values.insert(Key::DossierPrecedent, Value::Link(19));
    save(&both, &[renewal, local(5, 19)], &[]).await;
    assert_eq!(case(book, 5).await.central, Some(Standing::Labelled));
}

/// A service that applied twice is one local of its central, and its label is in the annex once.
#[tokio::test]
async fn each_service_is_one_local_of_its_central() {
    let both = book(day(600)).await;
    let book = &both.1;
    let mut refused = dossier(1, 0, "local_rattache", &[("rejete", 100)]);
    refused.values.insert(Key::CentralDossier, Value::Link(9));
    let mut again = dossier(2, 300, "local_rattache", &[("labellise", 400)]);
    again.values.insert(Key::CentralDossier, Value::Link(9));
    again.siret = refused.siret.clone();
    // A central that names itself is no local of its own.
    let mut own = central(9, 0, &[]);
    own.values.insert(Key::CentralDossier, Value::Link(9));
    save(&both, &[refused, again, local(3, 9), own], &[]).await;
    let case = case(book, 9).await;
    assert_eq!(case.locals.iter().map(|local| local.case).collect::<Vec<_>>(), [2, 3]);
    let names = |on| annex(&case, day(on)).into_iter().map(|line| line.name).collect::<Vec<_>>();
    assert_eq!(
        (names(200), names(500)),
        (vec!["service 3".to_owned()], vec!["service 2".to_owned(), "service 3".to_owned()])
    );
}

fn deposit(world: &mut World, siret: &str, name: &str, service: &str) -> u32 {
    let champs = vec![
        ("Nom de la structure candidate", name.into()),
        ("Type de demande", "Première demande".into()),
        ("Type de service", service.into()),
    ];
    world.deposit(Deposit { champs, ..Deposit::new(siret, name, "contact@service.example") })
}

/// The body's decision, typed in the dossier.
fn label_in(world: &mut World, number: u32, on: Date) {
    world.set_state(number, State::EnInstruction, None);
    let cells = vec![
        ("Décision", "Labellisé".into()),
        ("Date de la décision", on.into()),
        ("Date de notification", on.into()),
    ];
    world.add_row(number, "Historique des décisions", cells);
}

/// The local's deadlines follow a decision on its central, although nothing changed in its own dossier.
#[tokio::test]
async fn a_local_is_judged_again_when_its_central_changes() {
    tls();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, World::new(noon(day(0)))).await.unwrap();
    let (central, local) = {
        let mut world = simulator.world();
        let central = deposit(&mut world, "99900629900013", "Réseau des guichets", "Service central");
        let attached = "Service local rattaché à un service central";
        let local = deposit(&mut world, "99900666100014", "Guichet de Rochebelle", attached);
        world.annotate(local, "N° de dossier du service central", i64::from(central));
        label_in(&mut world, local, day(0));
        (central, local)
    };
    let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    bench.pass().await;
    assert!(
        bench.annotation(local, "[auto] Échéancier").contains("R-3.8.2-e"),
        "a follow-up at eighteen months"
    );
    bench.set_now(noon(day(30)));
    label_in(&mut bench.simulator.world(), central, day(30));
    bench.pass().await;
    bench.pass().await;
    let agenda = bench.annotation(local, "[auto] Échéancier");
    assert!(!agenda.contains("R-3.8.2-e"), "{agenda}");
    let pages = Pages::over(&bench, None).await;
    let (_, annex) = pages.get(&format!("/cas/{central}/annexe.csv")).await;
    assert!(annex.starts_with("nom,siret,palier,annee,valable_du,valable_au"), "{annex}");
    assert!(annex.contains("Guichet de Rochebelle,99900666100014,,2027,2027-01-04,2030-01-04"), "{annex}");
    let (_, page) = pages.get(&format!("/cas/{central}/annexe")).await;
    assert!(page.contains("Guichet de Rochebelle") && page.contains("palier non précisé"), "{page}");
    assert_eq!(pages.get(&format!("/cas/{local}/annexe")).await.0, 404);
}

/// `vigie annex`: the labelled locals of a central on a day, as a file; nothing for a local's dossier.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_annex_of_an_attestation_is_written_by_a_command() {
    let any = "127.0.0.1:0".parse().unwrap();
    let award = jiff::civil::date(2026, 1, 5);
    let simulator = Simulator::start(any, any, World::new(noon(award))).await.unwrap();
    let (central, local) = {
        let mut world = simulator.world();
        let central = deposit(&mut world, "99900629900013", "Réseau des guichets", "Service central");
        let attached = "Service local rattaché à un service central";
        let local = deposit(&mut world, "99900666100014", "Guichet de Rochebelle", attached);
        world.annotate(local, "N° de dossier du service central", i64::from(central));
        label_in(&mut world, local, award);
        (central, local)
    };
    let folder = folder(&simulator.endpoint());
    let run = |arguments: Vec<String>| {
        let path = folder.path().to_owned();
        let run = move || vigie(&path, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        async move { tokio::task::spawn_blocking(run).await.unwrap() }
    };
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let read = run(words("run --once")).await;
    assert_eq!(read.status.code(), Some(0), "{}", said(&read));
    let on = |dossier: u32, day: &str| run(words(&format!("annex {dossier} --on {day}")));
    let written = on(central, "2026-03-01").await;
    let text = String::from_utf8(written.stdout).unwrap();
    assert_eq!(
        text.trim_end().lines().collect::<Vec<_>>(),
        [
            "nom,siret,palier,annee,valable_du,valable_au",
            "Guichet de Rochebelle,99900666100014,,2026,2026-01-05,2029-01-05"
        ]
    );
    let before = on(central, "2026-01-04").await;
    assert_eq!(said(&before).trim_end(), "nom,siret,palier,annee,valable_du,valable_au");
    let other = on(local, "2026-03-01").await;
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("n’est pas celui d’un service central"), "{}", said(&other));
}

/// A follow-up that names no dossier, under the SIRET of an establishment that moved.
#[tokio::test]
async fn a_moved_establishment_is_looked_for_by_its_siren() {
    let both = book(day(600)).await;
    let book = &both.1;
    let under = |number: i64, siret: &str, demande: &str| {
        let mut facts = dossier(number, number * 10, "local_independant", &[("labellise", 100 + number)]);
        facts.values.insert(Key::TypeDemande, Value::Choice(demande.to_owned()));
        Facts { siret: Some(siret.to_owned()), ..facts }
    };
    let doubts = async || case(book, 7).await.doubts;
    save(&both, &[under(7, "12345678900029", "suivi"), under(3, "12345679000011", "initial")], &[]).await;
    assert_eq!(doubts().await, [Doubt::Unattached { candidates: 0 }], "another SIREN");
    save(&both, &[under(1, "12345678900011", "initial"), under(2, "12345678900011", "suivi")], &[]).await;
    assert_eq!(doubts().await, [Doubt::PerhapsMoved { number: 1 }]);
    save(&both, &[under(4, "12345678900037", "initial")], &[]).await;
    assert_eq!(doubts().await, [Doubt::Unattached { candidates: 0 }], "several establishments");
}

/// The central's address refuses: what it is to have a copy of is given up once, and leaves once it has another.
#[tokio::test]
async fn a_central_service_whose_address_refuses_is_not_written_to_at_every_judgement() {
    tls();
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, World::new(noon(day(0)))).await.unwrap();
    let (central, local) = {
        let mut world = simulator.world();
        let central = deposit(&mut world, "99900629900013", "Réseau des guichets", "Service central");
        let attached = "Service local rattaché à un service central";
        let local = deposit(&mut world, "99900666100014", "Guichet de Rochebelle", attached);
        world.annotate(local, "N° de dossier du service central", i64::from(central));
        world.edit_champ(central, "Courriel de la personne à contacter", "parti@reseau.example");
        label_in(&mut world, local, day(0));
        (central, local)
    };
    let mut bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    let mailer = bench.daemon.mailer.take();
    bench.pass().await;
    bench.set_now(noon(day(5)));
    let cells = ["Date de la décision", "Date de notification"].map(|label| (label, day(5).into()));
    let suspension = [("Décision", "Suspension".into())].into_iter().chain(cells).collect();
    bench.simulator.world().add_row(local, "Historique des décisions", suspension);
    bench.pass().await;
    let (ledger, now) = (bench.daemon.store.ledger(), bench.daemon.book.clock.now());
    let copies = async |state: &str| -> Vec<String> {
        let mails = bench.daemon.store.ledger().latest_mails(99).await.unwrap().into_iter();
        mails.filter(|mail| mail.role == "central" && mail.state == state).map(|mail| mail.key).collect()
    };
    let put = copies("pending").await;
    assert!(!put.is_empty(), "the central is told of its local's decision");
    // The account that deposited is the next one that is written to.
    for address in ["parti@reseau.example", "contact@service.example"] {
        let print = vigie::casebook::print(address);
        ledger.refuse_address(&print, (i64::from(central), "550"), Blame::Dead, now).await.unwrap();
    }
    for key in &put {
        ledger.settle(key, &Ending::of(Fate::Undeliverable, Some("550")), &[], now).await.unwrap();
    }
    let again = async || {
        bench.daemon.store.judgements().mark_to_judge(i64::from(local)).await.unwrap();
        bench.daemon.judge().await.unwrap();
    };
    again().await;
    assert_eq!((copies("undeliverable").await, copies("pending").await), (put.clone(), Vec::new()));
    bench.simulator.world().edit_champ(central, "Courriel de la personne à contacter", "neuf@reseau.example");
    bench.daemon.observe().await.unwrap();
    again().await;
    assert_eq!(copies("pending").await, put);
    bench.daemon.mailer = mailer;
    bench.pass().await;
    assert!(bench.mails().iter().any(|kept| kept.mail.to == ["neuf@reseau.example"]));
}
