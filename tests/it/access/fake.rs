//! An OpenID Connect provider that lies when it is told to, and changes its keys.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use vigie::web::access::oidc::{Profile, ProviderSettings};

use super::roles;

/// What must be encoded, in a form and in a header.
pub const SECRET: &str = "sécret+/:& %";

/// A key of the tests, in use nowhere: ring makes none of its kind.
const RSA: &[u8] = include_bytes!("rsa.pk8");

pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key of the provider, and the signature that it makes.
pub struct Signer {
    pub kid: String,
    pub algorithm: &'static str,
    key: Kind,
}

enum Kind {
    Rsa(Box<RsaKeyPair>),
    Curve(EcdsaKeyPair),
    Edwards(Ed25519KeyPair),
}

impl Signer {
    pub fn new(algorithm: &'static str, kid: &str) -> Signer {
        let random = SystemRandom::new();
        let key = match algorithm {
            "RS256" | "PS256" => Kind::Rsa(Box::new(RsaKeyPair::from_pkcs8(RSA).unwrap())),
            "ES256" => {
                let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
                Kind::Curve(EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap())
            }
            "EdDSA" => {
                let made = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Kind::Edwards(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap())
            }
            other => panic!("{other}"),
        };
        Signer { kid: kid.to_owned(), algorithm, key }
    }

    /// As the provider publishes it.
    pub fn public(&self) -> Value {
        let mut key = match &self.key {
            Kind::Rsa(pair) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": encoded(n), "e": encoded(e) })
            }
            Kind::Curve(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "x": encoded(&point[1..33]), "y": encoded(&point[33..]) })
            }
            Kind::Edwards(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key()) })
            }
        };
        key["kid"] = Value::from(self.kid.as_str());
        key["alg"] = Value::from(self.algorithm);
        key["use"] = Value::from("sig");
        key
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Kind::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                match self.algorithm {
                    "PS256" => pair.sign(&RSA_PSS_SHA256, &random, message, &mut signature).unwrap(),
                    _ => pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap(),
                }
                signature
            }
            Kind::Curve(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Kind::Edwards(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// The header that this key would have.
    pub fn header(&self) -> Value {
        json!({ "alg": self.algorithm, "kid": self.kid, "typ": "JWT" })
    }

    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        let signature = self.sign(signed.as_bytes());
        format!("{signed}.{}", encoded(signature))
    }
}

/// A token signed with a secret, whichever bytes the forger takes for one.
pub fn signed_with_secret(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&signed);
    format!("{signed}.{}", encoded(mac.finalize().into_bytes()))
}

/// Makes a token of the claims that an honest provider would sign.
pub type Makes = Box<dyn Fn(&Signer, Value) -> Option<String> + Send>;

pub fn honest() -> Makes {
    Box::new(|signer, claims| Some(signer.token(&signer.header(), &claims)))
}

/// An OpenID Connect provider with a code for each sign-in.
pub struct Fake {
    pub root: String,
    now: i64,
    pub signer: Mutex<Signer>,
    pub makes: Mutex<Makes>,
    /// The keys that it publishes, and how often they were asked for.
    pub published: Mutex<Vec<Value>>,
    pub asked_for_keys: AtomicUsize,
    /// What its configuration says beside, or instead of, the usual.
    says: Mutex<Map<String, Value>>,
    /// The answer to every code, in place of a token.
    pub answer: Mutex<Option<(StatusCode, Value)>>,
    /// What it answers at UserInfo, by the type of the body; 401 when there is nothing.
    info: Mutex<Option<(&'static str, String)>>,
    /// By code: nonce and PKCE challenge.
    codes: Mutex<BTreeMap<String, (String, Option<String>)>>,
}

impl Fake {
    pub async fn start(now: i64, signer: Signer) -> Arc<Fake> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Arc::new(Fake {
            root: format!("http://{}", listener.local_addr().unwrap()),
            now,
            published: Mutex::new(vec![signer.public()]),
            signer: Mutex::new(signer),
            makes: Mutex::new(honest()),
            asked_for_keys: AtomicUsize::new(0),
            says: Mutex::default(),
            answer: Mutex::default(),
            info: Mutex::default(),
            codes: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(Arc::clone(&fake));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        fake
    }

    pub fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            place: "web.oidc[1]".to_owned(),
            id: "fake".to_owned(),
            name: "Le fournisseur".to_owned(),
            profile: Profile::Standard,
            issuer: self.root.clone(),
            client_id: "vigie".to_owned(),
            client_secret: SECRET.into(),
            base: "https://vigie.example".to_owned(),
            scopes: vec!["email".to_owned()],
            groups_claim: "groups".to_owned(),
            session_minutes: 60,
            acr: Vec::new(),
            require: BTreeMap::new(),
            verified_email: None,
            signature: None,
            signed_user_info: false,
            pkce: true,
            roles: roles(),
        }
    }

    pub fn makes(&self, makes: impl Fn(&Signer, Value) -> Option<String> + Send + 'static) {
        *self.makes.lock().unwrap() = Box::new(makes);
    }

    pub fn says(&self, name: &str, value: Value) {
        self.says.lock().unwrap().insert(name.to_owned(), value);
    }

    /// From now on there is UserInfo, and this is what it answers.
    pub fn tells(&self, media: &'static str, body: String) {
        self.says("userinfo_endpoint", json!(format!("{}/userinfo", self.root)));
        *self.info.lock().unwrap() = Some((media, body));
    }

    /// The person signs in: the code that the browser brings back.
    pub fn code(&self, asked: &BTreeMap<String, String>) -> String {
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let challenge = asked.get("code_challenge").cloned();
        codes.insert(code.clone(), (asked["nonce"].clone(), challenge));
        code
    }

    fn identity(&self, nonce: &str) -> Option<String> {
        let claims = json!({
            "iss": self.root,
            "aud": "vigie",
            "sub": "42",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": nonce,
            "email": "o@oc.example",
            "email_verified": true,
            "groups": ["x", "ditp"],
        });
        self.makes.lock().unwrap()(&self.signer.lock().unwrap(), claims)
    }
}

async fn configuration(State(fake): State<Arc<Fake>>) -> Json<Value> {
    let root = &fake.root;
    let mut usual = json!({
        "issuer": root,
        "authorization_endpoint": format!("{root}/authorize"),
        "token_endpoint": format!("{root}/token"),
        "jwks_uri": format!("{root}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "PS256", "ES256", "EdDSA"],
    });
    usual.as_object_mut().unwrap().append(&mut fake.says.lock().unwrap().clone());
    Json(usual)
}

async fn keys(State(fake): State<Arc<Fake>>) -> Json<Value> {
    fake.asked_for_keys.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "keys": *fake.published.lock().unwrap() }))
}

async fn user_info(State(fake): State<Arc<Fake>>, headers: HeaderMap) -> Response {
    let known = headers.get("authorization").is_some_and(|value| value == "Bearer access");
    match fake.info.lock().unwrap().clone().filter(|_| known) {
        Some((media, body)) => ([("content-type", media)], body).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// The secret in a header, each word encoded as in a form, or in the body where only that is understood.
fn shown(fake: &Fake, headers: &HeaderMap, asked: &BTreeMap<String, String>) -> bool {
    let form = |word: &str| url::form_urlencoded::byte_serialize(word.as_bytes()).collect::<String>();
    let header = headers.get("authorization").map(|value| value.to_str().unwrap());
    let beside = [asked.get("client_id").map(String::as_str), asked.get("client_secret").map(String::as_str)];
    if fake.says.lock().unwrap().contains_key("token_endpoint_auth_methods_supported") {
        return header.is_none() && beside == [Some("vigie"), Some(SECRET)];
    }
    let expected = format!("Basic {}", STANDARD.encode(format!("vigie:{}", form(SECRET))));
    header == Some(expected.as_str()) && beside == [None, None]
}

async fn token(
    State(fake): State<Arc<Fake>>,
    headers: HeaderMap,
    Form(asked): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why })));
    if let Some((status, body)) = fake.answer.lock().unwrap().clone() {
        return (status, Json(body));
    }
    if !shown(&fake, &headers, &asked) {
        return refused("invalid_client");
    }
    let Some((nonce, challenge)) = fake.codes.lock().unwrap().remove(&asked["code"]) else {
        return refused("invalid_grant");
    };
    let own = asked["redirect_uri"] == "https://vigie.example/connexion/retour";
    if !own || asked.get("code_verifier").map(|verifier| encoded(Sha256::digest(verifier))) != challenge {
        return refused("invalid_grant");
    }
    let mut answer = json!({ "access_token": "access", "token_type": "Bearer" });
    if let Some(identity) = fake.identity(&nonce) {
        answer["id_token"] = Value::from(identity);
    }
    (StatusCode::OK, Json(answer))
}
