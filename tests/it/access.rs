//! Who may see what: every address for every role, and signing in at a provider that sometimes answers wrongly.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::ToSpan;
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData, SigningKey};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use vigie::daemon::Hours;
use vigie::web::access::provider::{Provider, ProviderSettings};
use vigie::web::access::{Access, Area, Door, Role, Roles, area};
use vigie::web::{Window, router};

use crate::bench::Bench;

/// Pages with access control, with the peer's address known as in the program.
async fn pages(bench: &Bench, access: Access) -> String {
    let window =
        Window::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None)
            .unwrap()
            .behind(access);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let service = router(window).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    root
}

fn roles() -> Roles {
    let name = |role, name: &str| (role, vec![name.to_owned()]);
    Roles(vec![
        name(Role::Organisme, "o@oc.example"),
        name(Role::Ditp, "group:ditp"),
        name(Role::Lecture, "L@oc.example"),
    ])
}

fn behind_proxy(trusted: &str, public_register: bool) -> Access {
    let door = Door::Proxy {
        header: "x-remote-user".parse().unwrap(),
        groups: Some("x-remote-groups".parse().unwrap()),
        trusted: vec![trusted.parse().unwrap()],
    };
    Access { door, roles: roles(), public_register, metrics: Vec::new() }
}

fn client() -> reqwest::Client {
    vigie::tls::client_builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Each address, and what it answers to the body, DITP, a reader, somebody without a role, and nobody.
const ADDRESSES: [(&str, [u16; 5]); 25] = [
    ("/healthz", [200, 200, 200, 200, 200]),
    ("/vigie.css", [200, 200, 200, 200, 200]),
    ("/session", [200, 200, 200, 200, 200]),
    ("/connexion", [404, 404, 404, 404, 404]),
    ("/registre", [200, 200, 200, 403, 401]),
    ("/registre.csv", [200, 200, 200, 403, 401]),
    ("/registre.json", [200, 200, 200, 403, 401]),
    ("/registre.xlsx", [200, 200, 200, 403, 401]),
    ("/statistiques", [200, 200, 200, 403, 401]),
    ("/statistiques.csv", [200, 200, 200, 403, 401]),
    ("/statistiques.json", [200, 200, 200, 403, 401]),
    ("/", [200, 303, 200, 403, 401]),
    ("/cas/4244", [200, 403, 200, 403, 401]),
    ("/dossiers/4244", [200, 403, 200, 403, 401]),
    ("/labels", [200, 200, 200, 403, 401]),
    ("/echeances", [200, 403, 200, 403, 401]),
    ("/echeances.ics", [200, 403, 200, 403, 401]),
    ("/calendrier/x.ics", [404, 404, 404, 404, 404]),
    ("/sante", [200, 403, 403, 403, 401]),
    ("/metrics", [200, 403, 403, 403, 401]),
    ("/journal", [200, 403, 403, 403, 401]),
    ("/demo/etat", [404, 403, 403, 403, 401]),
    ("/nulle-part", [404, 403, 403, 403, 401]),
    ("/registre/", [404, 403, 403, 403, 401]),
    ("//registre", [404, 403, 403, 403, 401]),
];

/// A header as the proxy would write it.
type Headers = [(&'static str, &'static str)];

async fn status(root: &str, path: &str, headers: &Headers) -> u16 {
    let request = headers
        .iter()
        .fold(client().get(format!("{root}{path}")), |r, (name, value)| r.header(*name, *value));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn each_address_answers_each_role_as_the_table_says() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let root = pages(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let people: [&Headers; 5] = [
        &[("x-remote-user", "O@oc.example")],
        &[("x-remote-user", "d@ditp.example"), ("x-remote-groups", "autre, ditp")],
        &[("x-remote-user", "l@oc.example")],
        &[("x-remote-user", "personne@oc.example"), ("x-remote-groups", "group:ditp")],
        &[],
    ];
    for (path, expected) in ADDRESSES {
        for (who, expected) in people.iter().zip(expected) {
            assert_eq!(status(&root, path, who).await, expected, "{path} for {who:?}");
        }
    }
    let two = [("x-remote-user", "o@oc.example"), ("x-remote-user", "x@oc.example")];
    assert_eq!(status(&root, "/", &two).await, 401, "two names are nobody's");
    let reader = client().get(format!("{root}/registre.csv")).header("x-remote-user", "l@oc.example");
    let file = reader.send().await.unwrap().text().await.unwrap();
    assert!(file.starts_with("nom,siret") && !file.lines().next().unwrap().contains("dossier"), "{file}");
}

#[tokio::test]
async fn a_header_of_somebody_else_than_the_proxy_is_not_believed() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let root = pages(&bench, behind_proxy("10.0.0.0/8", true)).await;
    let liar = [("x-remote-user", "o@oc.example")];
    assert_eq!(status(&root, "/", &liar).await, 401);
    assert_eq!(status(&root, "/journal", &liar).await, 401);
    let register = client().get(format!("{root}/registre.json")).header("x-remote-user", "o@oc.example");
    let lines: Vec<Value> = register.send().await.unwrap().json().await.unwrap();
    assert!(lines[0].get("dossier").is_none(), "open to all, in the public variant alone");
    let over = client().get(format!("{root}/registre.json?liste=termines")).send().await.unwrap();
    assert_eq!(over.json::<Vec<Value>>().await.unwrap(), lines, "what is over is not for the public");
    for path in ["/statistiques", "/labels", "/cas/4244", "/metrics", "/echeances.ics"] {
        assert_eq!(status(&root, path, &[]).await, 401, "{path}");
    }
}

#[test]
fn an_address_that_nobody_listed_is_for_the_certification_body_alone() {
    let mut unlisted = Vec::new();
    let mut waiting = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/web")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let routes = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            unlisted.extend(routes.filter(|route| area(route) == Area::Internal).map(str::to_owned));
        }
    }
    assert!(unlisted.iter().any(|route| route == "/journal"), "{unlisted:?}");
    let open = ["/registre", "/cas/", "/dossiers/", "/statistiques", "/labels"];
    assert!(!unlisted.iter().any(|route| open.iter().any(|path| route.starts_with(path))), "{unlisted:?}");
}

/// What the provider does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    None,
    Nonce,
    Expired,
    Audience,
    Issuer,
    Key,
    Unverified,
    NoToken,
}

/// An OpenID Connect provider with a code for each sign-in.
struct Fake {
    root: String,
    key: KeyPair,
    other: KeyPair,
    now: i64,
    lie: Mutex<Lie>,
    /// By code: nonce and PKCE challenge.
    codes: Mutex<BTreeMap<String, (String, String)>>,
}

impl Fake {
    async fn start(now: i64) -> Arc<Fake> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = || KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let (lie, codes) = (Mutex::new(Lie::None), Mutex::default());
        let fake = Arc::new(Fake { root, key: key(), other: key(), now, lie, codes });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&fake));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        fake
    }

    /// The person signs in: the code that the browser brings back.
    fn code(&self, asked: &BTreeMap<String, String>) -> String {
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), (asked["nonce"].clone(), asked["code_challenge"].clone()));
        code
    }

    fn identity(&self, nonce: &str) -> String {
        let lie = *self.lie.lock().unwrap();
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({
            "iss": if lie == Lie::Issuer { "https://autre.example" } else { &self.root },
            "aud": if lie == Lie::Audience { "autre" } else { "vigie" },
            "sub": "42",
            "iat": self.now,
            "exp": if lie == Lie::Expired { self.now - 1 } else { self.now + 300 },
            "nonce": if lie == Lie::Nonce { "autre" } else { nonce },
            "email": "o@oc.example",
            "email_verified": lie != Lie::Unverified,
            "groups": ["x"],
        });
        let signed = format!("{}.{}", encoded(&json!({ "alg": "EdDSA", "kid": "k" })), encoded(&claims));
        let key = if lie == Lie::Key { &self.other } else { &self.key };
        let signature = key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn configuration(State(fake): State<Arc<Fake>>) -> Json<Value> {
    let root = &fake.root;
    Json(json!({
        "issuer": root,
        "authorization_endpoint": format!("{root}/authorize"),
        "token_endpoint": format!("{root}/token"),
        "jwks_uri": format!("{root}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(State(fake): State<Arc<Fake>>) -> Json<Value> {
    let x = URL_SAFE_NO_PAD.encode(fake.key.der_bytes());
    Json(
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "k", "alg": "EdDSA", "x": x }] }),
    )
}

async fn token(
    State(fake): State<Arc<Fake>>,
    Form(asked): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let refused = || (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    let Some((nonce, challenge)) = fake.codes.lock().unwrap().remove(&asked["code"]) else {
        return refused();
    };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(&asked["code_verifier"])) != challenge {
        return refused();
    }
    let mut answer = json!({ "access_token": "a", "token_type": "Bearer" });
    if *fake.lie.lock().unwrap() != Lie::NoToken {
        answer["id_token"] = Value::from(fake.identity(&nonce));
    }
    (StatusCode::OK, Json(answer))
}

/// A browser that keeps cookies and follows redirections.
struct Browser {
    root: String,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(root: &str) -> Browser {
        Browser { root: root.to_owned(), client: client(), cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
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

    async fn get(&mut self, path: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.root));
        self.send(request).await
    }

    /// What the page sends to the provider with.
    async fn asked(&mut self, path: &str) -> BTreeMap<String, String> {
        let first = self.get(path).await;
        assert_eq!(first.status(), 303);
        let to_sign_in = first.headers()["location"].to_str().unwrap().to_owned();
        let answer = self.get(&to_sign_in).await;
        assert_eq!(answer.status(), 303);
        let address: url::Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
        address.query_pairs().into_owned().collect()
    }
}

async fn provided(bench: &Bench, fake: &Fake) -> String {
    let settings = ProviderSettings {
        issuer: fake.root.clone(),
        client_id: "vigie".to_owned(),
        client_secret: "secret".into(),
        base: "https://vigie.example".to_owned(),
        scopes: vec!["email".to_owned()],
        groups_claim: "groups".to_owned(),
        session_minutes: 60,
    };
    let door = Door::SignIn(Box::new(Provider::new(settings).unwrap()));
    pages(bench, Access { door, roles: roles(), public_register: false, metrics: Vec::new() }).await
}

#[tokio::test]
async fn somebody_signs_in_with_a_code_and_out_with_a_post_of_ours() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let now = bench.daemon.book.clock.now();
    let fake = Fake::start(now.as_second()).await;
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

    // The session ends by itself, whoever still holds the cookie.
    browser.cookies = stolen;
    assert_eq!(browser.get("/journal").await.status(), 200);
    bench.daemon.book.clock.set(now + 61.minutes());
    assert_eq!(browser.get("/journal").await.status(), 303);
}

#[tokio::test]
async fn an_answer_that_proves_nothing_opens_nothing() {
    let bench = Bench::after("petit", 0).await;
    let fake = Fake::start(bench.daemon.book.clock.now().as_second()).await;
    let root = provided(&bench, &fake).await;
    let lies = [Lie::Nonce, Lie::Expired, Lie::Audience, Lie::Issuer, Lie::Key, Lie::NoToken];
    for lie in lies {
        *fake.lie.lock().unwrap() = lie;
        let mut browser = Browser::new(&root);
        let asked = browser.asked("/journal").await;
        let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
        let answer = browser.get(&back).await;
        assert_eq!(answer.status(), 403, "{lie:?}");
        assert!(answer.text().await.unwrap().contains("La connexion n’a pas abouti"), "{lie:?}");
        assert_eq!(browser.get("/journal").await.status(), 303, "{lie:?}");
    }
    *fake.lie.lock().unwrap() = Lie::Unverified;
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    assert_eq!(browser.get(&back).await.status(), 303);
    assert_eq!(browser.get("/journal").await.status(), 403, "an address that nobody verified gives no role");

    *fake.lie.lock().unwrap() = Lie::None;
    let mut browser = Browser::new(&root);
    let asked = browser.asked("/journal").await;
    let code = fake.code(&asked);
    let wrong_state = browser.get(&format!("/connexion/retour?code={code}&state=autre")).await;
    assert_eq!(wrong_state.status(), 403);
    // The right state, brought by a browser that never asked: somebody else's code.
    let mut victim = Browser::new(&root);
    let forced = victim.get(&format!("/connexion/retour?code={code}&state={}", asked["state"])).await;
    assert_eq!(forced.status(), 403);
    // A code that another sign-in obtained does not fit this one's verifier.
    let mut browser = Browser::new(&root);
    let mine = browser.asked("/journal").await;
    let back = format!("/connexion/retour?code={code}&state={}", mine["state"]);
    assert_eq!(browser.get(&back).await.status(), 403);
    let mut forger = Browser::new(&root);
    forger.cookies.insert("__Host-vigie".to_owned(), "e30=".to_owned());
    assert_eq!(forger.get("/journal").await.status(), 303);
}
