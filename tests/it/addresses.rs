//! Whom a mail goes to, from what people typed; what is done when it cannot be used.

use label::wording::findings;
use vigie::mail::Mailer;
use vigie::store::refusals::Blame;

use crate::bench::Bench;

const CONTACT: &str = "Courriel de la personne à contacter";
const DOSSIER: u32 = 4242;

/// Whom the mails to services went to, once this is the contact of each.
async fn written_to(typed: &str) -> (Bench, Vec<String>) {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(jiff::civil::date(2027, 1, 1));
    for number in [4242, 4243, 4244] {
        bench.simulator.world().edit_champ(number, CONTACT, typed);
    }
    bench.pass().await;
    let outward = |kept: &vigie::mail::Kept| {
        kept.mail.key.ends_with("/candidat") || kept.mail.key.starts_with("recueil/")
    };
    let to: Vec<String> = bench.mails().into_iter().filter(outward).flat_map(|kept| kept.mail.to).collect();
    (bench, to)
}

async fn doubts(bench: &Bench) -> Vec<String> {
    let (_, review) = bench.daemon.book.review_of(i64::from(DOSSIER)).await.unwrap().unwrap();
    let lines = review.findings.iter().map(findings::finding);
    lines.filter(|line| line.contains("Adresse de la personne à contacter")).collect()
}

#[tokio::test]
async fn a_mail_goes_to_each_address_of_the_contact_as_a_server_wants_it() {
    let typed = "Mairie <Accueil@MAIRIE-ÉVRY.example>\u{200b}; mailto:b@service.example.";
    let (bench, to) = written_to(typed).await;
    assert!(!to.is_empty());
    assert!(
        to.iter()
            .all(|to| ["Accueil@xn--mairie-vry-h7a.example", "b@service.example"].contains(&to.as_str()))
    );
    assert_eq!(to.len() % 2, 0, "{to:?}");
    assert_eq!(doubts(&bench).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_account_is_written_to_when_the_contact_cannot_be_and_a_finding_says_so() {
    let account = {
        let bench = Bench::after("petit", 0).await;
        bench.pass().await;
        bench.daemon.store.dossiers().facts(i64::from(DOSSIER)).await.unwrap().unwrap().account
    };
    for (typed, why) in [
        ("voir avec l’accueil", "n’est pas une adresse"),
        ("jean dupont@service.example", "coupe une adresse"),
        ("accueil@service", "n’est pas un nom de domaine"),
    ] {
        let (bench, to) = written_to(typed).await;
        assert!(!to.is_empty() && to.iter().all(|to| *to == account), "{typed}: {to:?}");
        let doubts = doubts(&bench).await;
        assert_eq!(doubts.len(), 1, "{typed}");
        assert!(doubts[0].contains(why) && doubts[0].contains("à l’adresse du compte"), "{doubts:?}");
        assert!(!doubts[0].contains('@') || why.contains("domaine"), "no address in a finding: {doubts:?}");
    }
    let (bench, to) = written_to("").await;
    assert!(to.iter().all(|to| *to == account) && doubts(&bench).await.is_empty(), "no contact is no fault");
}

#[tokio::test]
async fn an_address_that_refuses_gives_way_to_the_next_one() {
    let (bench, _) = written_to("a@service.example b@service.example").await;
    let ledger = bench.daemon.store.ledger();
    let dossier = i64::from(DOSSIER);
    let refuse = async |address: &str| {
        ledger
            .refuse_address(
                &vigie::casebook::print(address),
                (dossier, "550"),
                Blame::Dead,
                bench.daemon.book.clock.now(),
            )
            .await
            .unwrap();
    };
    let (case, _) = bench.daemon.book.review_of(dossier).await.unwrap().unwrap();
    let open = async || {
        let readers = vigie::casebook::Readers::of(&case);
        readers.open(&ledger.addresses_refused(&readers.prints()).await.unwrap())
    };
    refuse("A@service.example").await;
    assert_eq!(open().await, ["b@service.example"]);
    refuse("b@service.example").await;
    let account = case.current().unwrap().account.clone();
    assert_eq!(open().await, [account]);
}

#[tokio::test]
async fn a_sender_that_nobody_can_answer_is_refused() {
    let said = Mailer::new("smtp://127.0.0.1:1", "label@organisme", None).unwrap_err().to_string();
    assert!(
        said.contains("mail.from") && said.contains("no domain name") && said.contains("example:"),
        "{said}"
    );
}
