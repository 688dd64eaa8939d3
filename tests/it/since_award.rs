//! Whose label it is, in the store: what a dossier says after its award is told, and changes neither its family nor its network
//! before somebody keeps it.

use jiff::Timestamp;
use label::Choices;
use label::case::Case;
use label::case::facts::{Facts, FormView, Value};
use label::case::keys::Key;
use label::judge::coherence::incoherence::Incoherence;
use label::judge::finding::What;
use label::judge::review;
use label::wording::journal::EntryKind;
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::store::Store;
use vigie::store::dossiers::Seen;
use vigie::store::journal::NewLine;
use vigie::store::pages::{Advance, PageToSave};
use vigie::store::position::Position;

use crate::cases::{day, facts, row};
use crate::store::postgres;

const OLD: &str = "13002526500013";
const NEW: &str = "13002526500021";

fn now() -> Timestamp {
    day(200).at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

fn dossier(siret: &str, central: i64, decisions: &[&str]) -> Facts {
    let rows = decisions.iter().map(|decision| row(decision, 100)).collect();
    let mut facts = facts(
        1,
        0,
        vec![
            (Key::TypeService, Value::Choice("local_rattache".to_owned())),
            (Key::CentralDossier, Value::Link(central)),
            (Key::Evenements, Value::Rows(rows)),
        ],
    );
    facts.siret = Some(siret.to_owned());
    facts
}

async fn read(store: &Store, facts: Facts) {
    let known = store.pages().known("s", &[facts.number]).await.unwrap();
    let seen = Seen {
        number: facts.number,
        place: None,
        modified: Some(now()),
        print: format!("{facts:?}"),
        facts: Some(facts),
        waits: Vec::new(),
        answerable: true,
    };
    let position = Position { since: now(), dossiers: None, pending: None, deleted: None, filled: true };
    let page = PageToSave {
        began: None,
        scope: "s",
        known: &known,
        seen: &[seen],
        set_aside: &[],
        gone: &[],
        advance: Advance::Streams(&position),
        now: now(),
    };
    store.pages().save_page(&page).await.unwrap();
}

async fn case(book: &CaseBook) -> Case {
    book.case_of(1).await.unwrap().unwrap()
}

/// The fields that a finding tells as changed since the award.
async fn told(book: &CaseBook) -> Vec<Key> {
    let review = review(&case(book).await, day(200), &book.frame().await.unwrap());
    let changed = review.findings.iter().filter_map(|finding| match &finding.what {
        What::Coherence(Incoherence::ChangedSinceAward { key, .. }) => Some(*key),
        _ => None,
    });
    changed.collect()
}

async fn the_award_stands(url: &str) {
    let store = Store::open(url).await.unwrap();
    let book = CaseBook::new(&store, Clock::manual(now()), Choices::default(), Vec::new());
    let usable = Key::ALL.iter().copied().collect();
    book.keep_form_view(0, &FormView { usable, ..FormView::default() }).await.unwrap();

    // Before the decision everything may change.
    read(&store, dossier(NEW, 7, &[])).await;
    read(&store, dossier(OLD, 8, &[])).await;
    read(&store, dossier(OLD, 8, &["labellise"])).await;
    assert_eq!(told(&book).await, [], "nothing changed since the award");

    read(&store, dossier(NEW, 9, &["labellise"])).await;
    let found = case(&book).await;
    assert_eq!((found.siret(), found.central_named()), (Some(OLD), Some(8)));
    assert_eq!(told(&book).await, [Key::Siret, Key::CentralDossier]);
    assert_eq!(book.locals_naming(8).await.unwrap(), [1], "its network is that of the award");
    assert_eq!(book.locals_naming(9).await.unwrap(), [0; 0]);

    // A person keeps the new SIRET.
    let line = NewLine::new(EntryKind::Kept, Some(1), "retenu".to_owned());
    let siret = Value::Text(NEW.to_owned());
    let kept = store.ledger().keep_instead((1, Key::Siret), Some(&siret), &line, now()).await.unwrap();
    assert!(kept);
    assert_eq!((case(&book).await.siret(), told(&book).await), (Some(NEW), vec![Key::CentralDossier]));
    let nothing = store.ledger().keep_instead((2, Key::Siret), Some(&siret), &line, now()).await.unwrap();
    assert!(!nothing, "nothing is kept of another dossier");

    // The other value is put back, then changes again: the award is still the same.
    read(&store, dossier(NEW, 8, &["labellise"])).await;
    assert_eq!(told(&book).await, []);
    read(&store, dossier(NEW, 10, &["labellise"])).await;
    assert_eq!((case(&book).await.central_named(), told(&book).await), (Some(8), vec![Key::CentralDossier]));

    // The award was a mistake: the next one is of what the dossier then says.
    read(&store, dossier(NEW, 10, &["labellise", "annulee"])).await;
    assert_eq!((case(&book).await.central_named(), told(&book).await), (Some(10), vec![]));
    read(&store, dossier(OLD, 11, &["labellise"])).await;
    assert_eq!((case(&book).await.siret(), told(&book).await), (Some(OLD), vec![]));
}

#[tokio::test]
async fn what_a_dossier_says_of_its_service_is_kept_as_at_its_award() {
    let folder = tempfile::tempdir().unwrap();
    the_award_stands(&format!("sqlite:{}", folder.path().join("vigie.db").display())).await;
}

#[tokio::test]
async fn what_a_dossier_says_of_its_service_is_kept_as_at_its_award_on_postgresql() {
    let Some(base) = postgres().await else { return };
    the_award_stands(&base.url).await;
    base.drop().await;
}
