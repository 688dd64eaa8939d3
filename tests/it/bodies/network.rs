//! A central and its locals, of which another body certifies one: its number is on no page of the central's body.

use jiff::SignedDuration;
use vigie::daemon::Hours;

use super::{BOREAL, CAP, FIELD, PEOPLE, Shared};

#[tokio::test]
async fn the_number_of_another_bodys_local_is_on_no_page_of_the_central() {
    let shared = Shared::after_three_years().await;
    let store = &shared.bench.daemon.store;
    let all: Vec<i64> = shared.cases.keys().copied().collect();
    let summaries = store.cases().summaries(&all).await.unwrap();
    let central = summaries.iter().find(|one| one.type_key == "central").unwrap();
    let labelled = |one: &&vigie::store::cases::Summary| one.central.is_some() && one.tier.is_some();
    let local = summaries.iter().find(labelled).unwrap();
    let before = shared.get(PEOPLE[0], &format!("/cas/{}", central.dossier)).await.1.replace("&#x2f;", "/");
    let link = format!("/cas/{}\"", local.case_id);
    assert!(before.contains(&link), "the body's own local has a link");
    assert!(before.contains("/tirage?graine="), "and the draw can be done again: {}", central.name);
    let again = before.split("href=\"").find(|rest| rest.starts_with("/tirage?graine=")).unwrap();
    let again = again.split('"').next().unwrap().replace("&amp;", "&");
    let (status, page) = shared.get(PEOPLE[0], &again).await;
    assert!(status == 200 && page.contains("class=\"print\""), "{again}");

    for dossier in shared.cases[&local.case_id].1.keys() {
        shared.bench.simulator.world().edit_champ(u32::try_from(*dossier).unwrap(), FIELD, CAP);
    }
    let now = shared.bench.daemon.book.clock.now() + SignedDuration::from_mins(5);
    shared.bench.set_now(now);
    shared.bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let mut names = 0;
    for path in ["/cas/N", "/cas/N/annexe", "/cas/N/annexe.csv"] {
        let path = path.replace('N', &central.dossier.to_string());
        let (status, page) = shared.get(PEOPLE[0], &path).await;
        let page = page.replace("&#x2f;", "/");
        assert_eq!(status, 200, "{path} for {BOREAL}");
        assert!(!page.contains(&link) && !page.contains(&format!("%0A{}", local.case_id)), "{path}");
        names += usize::from(page.contains(&local.name));
    }
    assert!(names > 0, "the register tells its name");
}
