//! Several providers, who is signed in, and ending that.

use serde_json::json;
use vigie::store::sessions::Which;
use vigie::web::access::UserRoles;

use super::fake::{Fake, Signer};
use super::sign_in::{Browser, behind};
use super::{client, roles};
use crate::bench::Bench;

async fn bench() -> (Bench, i64) {
    let bench = Bench::after("petit", 0).await;
    let now = bench.daemon.book.clock.now().as_second();
    (bench, now)
}

/// A whole sign-in by the page that leads to it; where the browser is sent then.
async fn signed_in(browser: &mut Browser, fake: &Fake, page: &str) -> String {
    let asked = browser.sent(page).await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    let answer = browser.get(&back).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_address_has_its_role_at_its_own_provider_alone() {
    let (bench, now) = bench().await;
    let strict = Fake::start(now, Signer::new("ES256", "k")).await;
    let lax = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let mut other = lax.settings();
    (other.id, other.name, other.roles) = ("lax".to_owned(), "L’autre".to_owned(), UserRoles::default());
    let root = behind(&bench, vec![strict.settings(), other]).await;
    let mut browser = Browser::new(&root);
    let first = browser.get("/journal").await;
    let choice = first.headers()["location"].to_str().unwrap().to_owned();
    let page = browser.get(&choice).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for link in ["/connexion?par=fake&amp;retour=%2Fjournal", "/connexion?par=lax&amp;retour=%2Fjournal"] {
        assert!(page.contains(link), "{page}");
    }
    assert_eq!(signed_in(&mut browser, &strict, "/connexion?par=fake&retour=/journal").await, "/journal");
    assert_eq!(browser.get("/journal").await.status(), 200);
    // The same address, claimed at the other provider.
    let mut claimer = Browser::new(&root);
    signed_in(&mut claimer, &lax, "/connexion?par=lax&retour=/journal").await;
    let refused = claimer.get("/journal").await;
    assert_eq!(refused.status(), 403);
    let refused = refused.text().await.unwrap();
    for word in ["L’autre", "o@oc.example", "label@oc.example"] {
        assert!(refused.contains(word), "{refused}");
    }
    // A code of one, brought to a sign-in that the other was asked for.
    let mut mixed = Browser::new(&root);
    let asked = mixed.sent("/connexion?par=fake").await;
    let code = lax.code(&asked);
    let back = mixed.get(&format!("/connexion/retour?code={code}&state={}", asked["state"])).await;
    assert_eq!(back.status(), 403);
    assert_eq!(browser.get("/connexion?par=nulle-part").await.status(), 200, "the choice again");
}

#[tokio::test]
async fn two_tabs_sign_in_side_by_side() {
    let (bench, now) = bench().await;
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let root = behind(&bench, vec![fake.settings()]).await;
    let mut browser = Browser::new(&root);
    let (one, other) = (browser.asked("/journal").await, browser.asked("/labels").await);
    for (asked, page) in [(one, "/journal"), (other, "/labels")] {
        let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
        assert_eq!(browser.get(&back).await.headers()["location"], page);
    }
    for _ in 0..9 {
        browser.sent("/connexion").await;
        assert!(browser.cookies.len() <= 5, "{:?}", browser.cookies.keys());
    }
}

#[tokio::test]
async fn a_session_that_is_revoked_opens_nothing_more() {
    let (bench, now) = bench().await;
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let groups: Vec<String> = (0..150).map(|number| format!("groupe-{number}-{}", "x".repeat(30))).collect();
    fake.makes(move |signer, mut claims| {
        claims["groups"] = json!(groups);
        Some(signer.token(&signer.header(), &claims))
    });
    let root = behind(&bench, vec![fake.settings()]).await;
    let sessions = bench.daemon.store.sessions();
    let mut browser = Browser::new(&root);
    for which in [None, Some(Which::Address("O@oc.example")), Some(Which::All)] {
        signed_in(&mut browser, &fake, "/connexion").await;
        assert_eq!(browser.get("/journal").await.status(), 200);
        let cookie = &browser.cookies["__Host-vigie"];
        assert!(cookie.len() < 300, "{} letters", cookie.len());
        let open = sessions.list(bench.daemon.book.clock.now()).await.unwrap();
        assert_eq!(open.len(), 1);
        assert!(!open[0].person.contains("groupe-"), "{}", open[0].person);
        assert!(!cookie.contains(&open[0].print) && !open[0].hint.contains('.'), "nothing that opens a page");
        let which = which.unwrap_or(Which::Print(&open[0].print[..12]));
        assert_eq!(sessions.revoke(which).await.unwrap(), 1);
        assert_eq!(browser.get("/journal").await.status(), 303);
    }
}

#[tokio::test]
async fn signing_out_ends_the_providers_session_too() {
    let (bench, now) = bench().await;
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let root = behind(&bench, vec![fake.settings()]).await;
    let mut browser = Browser::new(&root);
    let out = || client().post(format!("{root}/deconnexion")).header("origin", root.clone());
    signed_in(&mut browser, &fake, "/connexion").await;
    let answer = browser.send(out()).await;
    assert_eq!(answer.headers()["location"], "/session?ouverte=fake", "it has no sign-out");
    let page = browser.get("/session?ouverte=fake").await.text().await.unwrap();
    assert!(page.contains("Votre session chez Le fournisseur reste ouverte"), "{page}");

    fake.says("end_session_endpoint", json!(format!("{}/end?theme=1", fake.root)));
    signed_in(&mut browser, &fake, "/connexion").await;
    let page = browser.get("/session").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' https:"), "a browser follows the form there: {policy}");
    let stolen = browser.cookies.clone();
    let answer = browser.send(out()).await;
    let address: url::Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
    assert!(address.as_str().starts_with(&format!("{}/end?theme=1&", fake.root)));
    let asked: std::collections::BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    assert!(asked["id_token_hint"].starts_with("eyJ") && asked["state"].len() >= 32);
    assert_eq!(asked["post_logout_redirect_uri"], "https://vigie.example/session");
    // Whoever copied the cookie has nothing.
    browser.cookies = stolen;
    assert_eq!(browser.get("/journal").await.status(), 303);
    // The provider is away: one is signed out here all the same.
    signed_in(&mut browser, &fake, "/connexion").await;
    fake.says("issuer", json!("https://autre.example"));
    assert_eq!(browser.send(out()).await.headers()["location"], "/session?ouverte=fake");
    assert_eq!(browser.get("/session").await.status(), 200);
    assert!(!browser.cookies.contains_key("__Host-vigie"));
}

#[tokio::test]
async fn somebody_who_is_not_admitted_reads_why_and_whom_to_ask() {
    let (bench, now) = bench().await;
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let mut settings = fake.settings();
    settings.acr = vec!["eidas2".to_owned()];
    let root = behind(&bench, vec![settings]).await;
    let mut browser = Browser::new(&root);
    let asked = browser.sent("/connexion").await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    let page = browser.get(&back).await;
    assert_eq!(page.status(), 403);
    let page = page.text().await.unwrap();
    assert!(page.contains("second facteur") && page.contains("label@oc.example"), "{page}");
    let asked = browser.sent("/connexion").await;
    let back =
        format!("/connexion/retour?error=access_denied&error_description=%3Cb%3E&state={}", asked["state"]);
    let page = browser.get(&back).await;
    assert_eq!(page.status(), 403);
    let page = page.text().await.unwrap();
    assert!(page.contains("n’a pas donné son accord") && !page.contains("<b>"), "{page}");

    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    fake.makes(|signer, mut claims| {
        claims["email_verified"] = json!(false);
        claims["groups"] = json!([]);
        Some(signer.token(&signer.header(), &claims))
    });
    let root = behind(&bench, vec![fake.settings()]).await;
    let mut browser = Browser::new(&root);
    signed_in(&mut browser, &fake, "/connexion").await;
    let page = browser.get("/journal").await.text().await.unwrap();
    assert!(page.contains("n’a pas vérifié votre adresse") && page.contains("label@oc.example"), "{page}");
    assert!(page.contains("Se déconnecter"), "{page}");
    assert!(roles().names_group("ditp"));
}

#[tokio::test]
async fn a_change_of_secret_leaves_no_session_that_counts_as_open() {
    use vigie::web::access::SignInDoor;
    let (bench, now) = bench().await;
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let root = behind(&bench, vec![fake.settings()]).await;
    signed_in(&mut Browser::new(&root), &fake, "/connexion").await;
    let open = bench.daemon.store.sessions().list(bench.daemon.book.clock.now()).await.unwrap();
    let door = |secret: &str| {
        let mut settings = fake.settings();
        settings.client_secret = secret.to_owned().into();
        SignInDoor::new(vec![settings], "").unwrap()
    };
    assert!(door(super::fake::SECRET).opens(&open[0]));
    assert!(!door("un autre secret").opens(&open[0]));
    let mut renamed = fake.settings();
    renamed.id = "autre".to_owned();
    assert!(!SignInDoor::new(vec![renamed], "").unwrap().opens(&open[0]), "its provider is there no more");
}
