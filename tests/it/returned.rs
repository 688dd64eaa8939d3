//! Mails that come back: reports of other servers, absences, and what somebody made up.

use std::path::Path;

use label::wording::journal::EntryKind;
use vigie::casebook::print;
use vigie::mail::{DropFolder, Kept, identifier};

use crate::bench::{Bench, FORM, demarche};
use crate::upgrades::{platform, sql};

const CONTACT: &str = "Courriel de la personne à contacter";
const GONE: &str = "parti@service.example";

/// A round whose services have this contact, and the first mail that it was sent.
async fn sent(folder: &Path) -> (Bench, Kept) {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(jiff::civil::date(2027, 1, 1));
    bench.daemon.acting.returned = Some(DropFolder::at(folder.to_owned()));
    for number in [4242, 4243, 4244] {
        bench.simulator.world().edit_champ(number, CONTACT, GONE);
    }
    bench.pass().await;
    let first = bench.mails().into_iter().find(|kept| kept.mail.to == [GONE]).unwrap();
    (bench, first)
}

fn report(id: &str, address: &str, action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relais.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relais.example\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{id}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    )
}

fn id_of(bench: &Bench, kept: &Kept) -> String {
    format!("{}@{}", identifier(&kept.mail.key), bench.daemon.mailer.as_ref().unwrap().domain())
}

async fn refuses(bench: &Bench, address: &str) -> bool {
    bench.daemon.store.ledger().address_refused(&print(address)).await.unwrap().is_some()
}

/// How often the journal says that a mail came back.
async fn came_back(bench: &Bench) -> usize {
    let lines = bench.daemon.store.journal().entries(None, 500).await.unwrap();
    lines.iter().filter(|line| line.is(EntryKind::MailReturned)).count()
}

#[tokio::test]
async fn a_mail_to_nobody_leaves_again_to_the_account_and_the_body_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, first) = sent(folder.path()).await;
    std::fs::write(folder.path().join("1.eml"), report(&id_of(&bench, &first), GONE, "failed", "5.1.1"))
        .unwrap();
    let account = bench.daemon.store.dossiers().facts(4242).await.unwrap().unwrap().account;
    let told = bench.pass().await;
    assert!(
        told.failures.iter().any(|line| line.contains("came back (5.1.1)") && !line.contains('@')),
        "{told:?}"
    );
    bench.pass().await;
    assert!(refuses(&bench, GONE).await);
    let mails = bench.mails();
    assert!(mails.iter().any(|kept| kept.mail.key == first.mail.key && kept.mail.to == [account.clone()]));
    assert!(mails.iter().any(|kept| kept.mail.key.contains("/N-adresse/")), "the body is told");
    assert_eq!(came_back(&bench).await, 1);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["cur"], "what was read is put away");
    // The same report, put there once more, is about a mail that went elsewhere since.
    std::fs::write(folder.path().join("2.eml"), report(&id_of(&bench, &first), GONE, "failed", "5.1.1"))
        .unwrap();
    bench.pass().await;
    assert_eq!(came_back(&bench).await, 1);
}

#[tokio::test]
async fn an_absence_a_delay_and_a_forgery_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, first) = sent(folder.path()).await;
    let id = id_of(&bench, &first);
    let absence = format!(
        "From: {GONE}\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <{id}>\r\nSubject: Absence\r\n\r\nStatus: 5.1.1\r\n"
    );
    let files = [
        absence,
        report(&id, GONE, "delayed", "4.4.1"),
        report(&id, GONE, "delivered", "2.0.0"),
        // Nobody wrote to them, or not this mail, or not we.
        report(&id, "label@organisme.example", "failed", "5.1.1"),
        report(&id, "autre@service.example", "failed", "5.1.1"),
        report(
            &id.replace("4242", "9999").replace("4243", "9999").replace("4244", "9999"),
            GONE,
            "failed",
            "5.1.1",
        ),
        report(&id.replace('@', "@x."), GONE, "failed", "5.1.1"),
        report(&format!("%{id}"), GONE, "failed", "5.1.1"),
        report(&id.replace('.', "_"), GONE, "failed", "5.1.1"),
        "\0".repeat(1000),
    ];
    for (rank, text) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{rank}.eml")), text).unwrap();
    }
    let before = bench.mails().len();
    let told = bench.pass().await;
    assert!(told.failures.is_empty(), "{told:?}");
    for address in [GONE, "label@organisme.example", "autre@service.example"] {
        assert!(!refuses(&bench, address).await, "{address}");
    }
    assert_eq!((came_back(&bench).await, bench.mails().len()), (0, before));
    assert_eq!(std::fs::read_dir(folder.path().join("cur")).unwrap().count(), files.len());
    // A month later it tells nothing of today.
    bench.set_now(
        bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_hours(24 * 31)).unwrap(),
    );
    std::fs::write(folder.path().join("late.eml"), report(&id, GONE, "failed", "5.1.1")).unwrap();
    bench.pass().await;
    assert!(!refuses(&bench, GONE).await);
}

#[tokio::test]
async fn a_full_mailbox_is_told_and_costs_no_address() {
    let folder = tempfile::tempdir().unwrap();
    let (bench, first) = sent(folder.path()).await;
    std::fs::create_dir(folder.path().join("new")).unwrap();
    std::fs::write(folder.path().join("new/1.x"), report(&id_of(&bench, &first), GONE, "failed", "5.2.2"))
        .unwrap();
    let told = bench.pass().await;
    assert!(told.failures.iter().any(|line| line.contains("came back (5.2.2)")), "{told:?}");
    assert!(!refuses(&bench, GONE).await);
    let mails = bench.daemon.store.ledger().latest_mails(500).await.unwrap();
    let state = mails.iter().find(|mail| mail.key == first.mail.key).map(|mail| mail.state.as_str());
    assert_eq!((state, came_back(&bench).await), (Some("given_up"), 1));
}

/// The row that says to whom a mail went cannot be read: the report waits, and the pass goes on.
#[tokio::test]
async fn a_report_about_a_row_that_cannot_be_read_waits_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    let drop = folder.path().join("retours");
    std::fs::create_dir(&drop).unwrap();
    let mut bench = Bench::over(platform().await, &url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(jiff::civil::date(2027, 1, 1));
    bench.daemon.acting.returned = Some(DropFolder::at(drop.clone()));
    for number in [4242, 4243, 4244] {
        bench.simulator.world().edit_champ(number, CONTACT, GONE);
    }
    bench.pass().await;
    let first = bench.mails().into_iter().find(|kept| kept.mail.to == [GONE]).unwrap();
    let other = "quelqu-un@service.example";
    std::fs::write(drop.join("1.eml"), report(&id_of(&bench, &first), other, "failed", "5.1.1")).unwrap();
    sql(&url, "update dossiers set facts = '{'").await;
    let told = bench.pass().await;
    assert!(told.failures.iter().any(|line| line.contains("a report waits")), "{told:?}");
    assert!(drop.join("1.eml").exists(), "it is not lost");
    bench.pass().await;
    assert!(!drop.join("1.eml").exists(), "read once the dossier was");
    assert!(
        !refuses(&bench, GONE).await && !refuses(&bench, other).await,
        "it names nobody that was written to"
    );
}
