//! Signing in at a provider that sometimes lies, and out again.

use std::collections::BTreeMap;

use jiff::ToSpan;
use reqwest::StatusCode;
use serde_json::{Value, json};
use vigie::daemon::Hours;
use vigie::web::access::oidc::ProviderSettings;
use vigie::web::access::{Access, Door, SignInDoor};

use super::fake::{Fake, Signer, honest};
use super::{client, pages};
use crate::bench::Bench;

/// A browser that keeps cookies, and a page that follows what it is told.
pub struct Browser {
    root: String,
    client: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
    /// As they were set, the latest last.
    pub set: Vec<String>,
}

impl Browser {
    pub fn new(root: &str) -> Browser {
        Browser { root: root.to_owned(), client: client(), cookies: BTreeMap::new(), set: Vec::new() }
    }

    /// The same browser, at another server behind one name.
    pub fn at(&mut self, root: &str) {
        root.clone_into(&mut self.root);
    }

    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            self.set.push(cookie.to_owned());
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            for word in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
                assert!(value.is_empty() || cookie.contains(word), "{cookie}");
            }
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.root));
        self.send(request).await
    }

    /// What the page sends to the provider with.
    pub async fn asked(&mut self, path: &str) -> BTreeMap<String, String> {
        let first = self.get(path).await;
        assert_eq!(first.status(), 303);
        let to_sign_in = first.headers()["location"].to_str().unwrap().to_owned();
        self.sent(&to_sign_in).await
    }

    /// What the provider is asked with by our own page for it.
    pub async fn sent(&mut self, to_sign_in: &str) -> BTreeMap<String, String> {
        let answer = self.get(to_sign_in).await;
        assert_eq!(answer.status(), 303);
        let address: url::Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
        address.query_pairs().into_owned().collect()
    }
}

async fn provided(bench: &Bench, fake: &Fake) -> String {
    behind(bench, vec![fake.settings()]).await
}

pub async fn behind(bench: &Bench, providers: Vec<ProviderSettings>) -> String {
    let door = Door::SignIn(Box::new(SignInDoor::new(providers, "").unwrap()));
    let contact = Some("label@oc.example".to_owned());
    pages(bench, Access { door, contact, ..Access::open() }).await
}

#[tokio::test]
async fn somebody_signs_in_with_a_code_and_out_with_a_post_of_ours() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let now = bench.daemon.book.clock.now();
    let fake = Fake::start(now.as_second(), Signer::new("EdDSA", "k")).await;
    let root = provided(&bench, &fake).await;
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/cas/4244").await;
    let fixed = [("response_type", "code"), ("client_id", "vigie"), ("code_challenge_method", "S256")];
    for (name, value) in fixed {
        assert_eq!(asked[name], value);
    }
    assert_eq!(asked["redirect_uri"], "https://vigie.example/connexion/retour");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let code = fake.code(&asked);
    let back = format!("/connexion/retour?code={code}&state={}", asked["state"]);
    let answer = browser.get(&back).await;
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/cas/4244".parse().unwrap())
    );
    let page = browser.get("/cas/4244").await;
    assert_eq!(page.status(), 200);
    assert!(!page.text().await.unwrap().contains("o@oc.example"), "nobody's address on a page");
    assert_eq!(browser.get(&back).await.status(), 403, "a code and a state serve once");
    assert_eq!(browser.get("/deconnexion").await.status(), 405, "no state changes by following a link");

    let out = |origin: &str| client().post(format!("{root}/deconnexion")).header("origin", origin.to_owned());
    assert_eq!(browser.send(out("https://ailleurs.example")).await.status(), 403);
    assert_eq!(browser.get("/journal").await.status(), 200);
    let stolen = browser.cookies.clone();
    assert_eq!(browser.send(out(&root)).await.status(), 303);
    assert_eq!(browser.get("/journal").await.status(), 303);

    // Signed out is signed out for whoever copied the cookie.
    browser.cookies = stolen;
    assert_eq!(browser.get("/journal").await.status(), 303);

    // The session ends by itself.
    let asked = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    assert_eq!(browser.get(&back).await.status(), 303);
    assert_eq!(browser.get("/journal").await.status(), 200);
    bench.daemon.book.clock.set(now + 61.minutes());
    assert_eq!(browser.get("/journal").await.status(), 303);
}

#[tokio::test]
async fn after_a_sign_in_nobody_is_sent_to_another_site() {
    let bench = Bench::after("petit", 0).await;
    let now = bench.daemon.book.clock.now().as_second();
    let fake = Fake::start(now, Signer::new("EdDSA", "k")).await;
    let root = provided(&bench, &fake).await;
    for (asked, returned) in [
        ("/registre?liste=termines", "/registre?liste=termines"),
        ("/\t/x.example", "/"),
        ("/%09/x.example", "/"),
        ("//x.example", "/"),
        ("/\\x.example", "/"),
        ("/.//x.example", "/"),
        ("https://x.example", "/"),
        ("/connexion?retour=/connexion", "/"),
    ] {
        let mut browser = Browser::new(&root);
        let retour: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let asked = browser.sent(&format!("/connexion?retour={retour}")).await;
        let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
        let answer = browser.get(&back).await;
        assert_eq!(answer.headers()["location"], returned, "{retour}");
    }
}

#[tokio::test]
async fn an_answer_that_proves_nothing_opens_nothing() {
    let bench = Bench::after("petit", 0).await;
    let now = bench.daemon.book.clock.now().as_second();
    let fake = Fake::start(now, Signer::new("ES256", "k")).await;
    let root = provided(&bench, &fake).await;
    let lies: [fn(&mut Value); 3] = [
        |claims| claims["nonce"] = json!("autre"),
        |claims| claims["aud"] = json!("autre"),
        |claims| claims["exp"] = json!(1),
    ];
    for (number, lie) in lies.into_iter().enumerate() {
        fake.makes(move |signer, mut claims| {
            lie(&mut claims);
            Some(signer.token(&signer.header(), &claims))
        });
        let mut browser = Browser::new(&root);
        let asked = browser.asked("/journal").await;
        let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
        let answer = browser.get(&back).await;
        assert_eq!(answer.status(), 403, "{number}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("La connexion n’a pas abouti") && page.contains("label@oc.example"), "{page}");
        assert_eq!(browser.get("/journal").await.status(), 303, "{number}");
    }
    fake.makes(|signer, mut claims| {
        claims["email_verified"] = json!(false);
        Some(signer.token(&signer.header(), &claims))
    });
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    assert_eq!(browser.get(&back).await.status(), 303);
    assert_eq!(browser.get("/journal").await.status(), 403, "an address that nobody verified gives no role");

    *fake.makes.lock().unwrap() = honest();
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/journal").await;
    let code = fake.code(&asked);
    let wrong_state = browser.get(&format!("/connexion/retour?code={code}&state=autre")).await;
    assert_eq!(wrong_state.status(), 403);
    // The right state, brought by a browser that never asked: somebody else's code.
    let mut victim = Browser::new(&root);
    let forced = victim.get(&format!("/connexion/retour?code={code}&state={}", asked["state"])).await;
    assert_eq!(forced.status(), 403);
    let page = forced.text().await.unwrap();
    assert!(page.contains("cookie") && page.contains("label@oc.example"), "{page}");
    // A code that another sign-in obtained does not fit this one's verifier.
    let mut browser = Browser::new(&root);
    let mine = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={code}&state={}", mine["state"]);
    assert_eq!(browser.get(&back).await.status(), 403);
    let mut forger = Browser::new(&root);
    forger.cookies.insert("__Host-vigie".to_owned(), "e30=".to_owned());
    assert_eq!(forger.get("/journal").await.status(), 303);
}

#[tokio::test]
async fn a_provider_that_refuses_the_configuration_is_not_said_to_refuse_the_person() {
    let bench = Bench::after("petit", 0).await;
    let now = bench.daemon.book.clock.now().as_second();
    let fake = Fake::start(now, Signer::new("ES256", "k")).await;
    let root = provided(&bench, &fake).await;
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/journal").await;
    let back = format!("/connexion/retour?error=invalid_scope&state={}", asked["state"]);
    let answer = browser.get(&back).await;
    assert_eq!(answer.status(), 502);
    let page = answer.text().await.unwrap();
    assert!(page.contains("un réglage est à corriger") && page.contains("label@oc.example"), "{page}");
    let wrong = (axum::http::StatusCode::UNAUTHORIZED, json!({ "error": "invalid_client" }));
    *fake.answer.lock().unwrap() = Some(wrong);
    let asked = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    let answer = browser.get(&back).await;
    assert_eq!(answer.status(), 502);
    assert!(answer.text().await.unwrap().contains("label@oc.example"));
}
