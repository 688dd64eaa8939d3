//! What an identity token must prove, one lie at a time, each refused for its own reason; and keys that change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use vigie::clock::Clock;
use vigie::web::OwnPath;
use vigie::web::access::Who;
use vigie::web::access::oidc::{AuthorizationResponse, Refusal};
use vigie::web::access::provider::Provider;

use super::fake::{Fake, SECRET, Signer, encoded, honest, signed_with_secret};

pub const NOW: i64 = 1_800_000_000;

const UNKNOWN: &str = "the answer proves nothing: the identity is not signed in a way that is known";
const NOT_ACCEPTED: &str = "the answer proves nothing: the identity is signed in a way that is not accepted";
const NO_KEY: &str = "the answer proves nothing: the identity is signed with none of the provider's keys";
const UNREADABLE: &str = "the answer proves nothing: the identity cannot be read";

pub struct Pair {
    pub fake: Arc<Fake>,
    pub provider: Provider,
    pub clock: Clock,
}

impl Pair {
    pub async fn of(algorithm: &'static str) -> Pair {
        let fake = Fake::start(NOW, Signer::new(algorithm, "k")).await;
        let provider = Provider::new(fake.settings()).unwrap();
        Pair { fake, provider, clock: Clock::manual(Timestamp::from_second(NOW).unwrap()) }
    }

    /// A whole sign-in. Whatever is said of a refusal, it holds nothing that was exchanged.
    pub async fn sign_in(&self) -> Result<Who, Refusal> {
        let (address, entry) = self.provider.begin(OwnPath::default(), &self.clock).await?;
        let address: url::Url = address.parse().unwrap();
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        let code = self.fake.code(&asked);
        let private = [entry.nonce.clone(), entry.verifier.clone(), code.clone(), SECRET.to_owned()];
        for random in [&asked["state"], &asked["nonce"], &asked["code_challenge"]] {
            assert_eq!(random.len(), 43, "ProConnect asks for 32 characters");
        }
        let state = Some(asked["state"].clone());
        let response = AuthorizationResponse { code: Some(code), state, ..AuthorizationResponse::default() };
        let answer = self.provider.end(entry, response, &self.clock).await.map(|identity| identity.who);
        if let Err(refusal) = &answer {
            let said = format!("{refusal} {refusal:?}");
            for word in private.iter().map(String::as_str).chain(["o@oc.example", "eyJ"]) {
                assert!(!said.contains(word), "{said}");
            }
        }
        answer
    }

    pub async fn refused(&self) -> String {
        self.sign_in().await.unwrap_err().to_string()
    }

    /// A token whose claims are changed, and nothing else.
    pub async fn claiming(&self, change: impl Fn(&mut Value) + Send + 'static) -> Result<Who, String> {
        self.fake.makes(move |signer, mut claims| {
            change(&mut claims);
            Some(signer.token(&signer.header(), &claims))
        });
        self.sign_in().await.map_err(|refusal| refusal.to_string())
    }

    /// So that what was kept is kept no longer, and tokens still hold.
    fn later(&self) {
        self.clock.set(self.clock.now() + 10.minutes());
        self.fake.makes(|signer, mut claims| {
            claims["exp"] = json!(NOW + 36_000);
            Some(signer.token(&signer.header(), &claims))
        });
    }

    fn reads(&self) -> usize {
        self.fake.asked_for_keys.load(Ordering::SeqCst)
    }
}

fn somebody() -> Who {
    Who {
        name: "o@oc.example".to_owned(),
        groups: vec!["ditp".to_owned()],
        subject: "42".to_owned(),
        doubt: None,
    }
}

#[tokio::test]
async fn each_signature_that_proves_something_is_accepted() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let pair = Pair::of(algorithm).await;
        assert_eq!(pair.sign_in().await.unwrap(), somebody(), "{algorithm}");
        // Not those that the provider does not name.
        pair.fake.says("id_token_signing_alg_values_supported", json!(["RS512"]));
        assert_eq!(pair.refused().await, NOT_ACCEPTED, "{algorithm}");
    }
}

type Change = fn(&mut Value);

#[tokio::test]
async fn a_claim_that_is_not_as_expected_is_refused_for_its_own_reason() {
    let pair = Pair::of("ES256").await;
    let lies: [(Change, &str); 16] = [
        (|claims| claims["nonce"] = json!("autre"), "of another sign-in"),
        (|claims| claims["nonce"] = Value::Null, "of another sign-in"),
        (|claims| claims["aud"] = json!("autre"), "for somebody else"),
        (|claims| claims["aud"] = json!(["autre"]), "for somebody else"),
        (|claims| claims["aud"] = json!([]), "for somebody else"),
        (|claims| claims["aud"] = json!(["vigie", "autre"]), "does not say who asked"),
        (|claims| claims["azp"] = json!("autre"), "asked for by somebody else"),
        (|claims| claims["exp"] = json!(NOW - 60), "is over"),
        (|claims| claims["exp"] = json!("bientôt"), "lacks its issuer, audience, subject or end"),
        (|claims| claims["exp"] = Value::Null, "lacks its issuer, audience, subject or end"),
        (|claims| claims["nbf"] = json!(NOW + 61), "does not hold yet"),
        (|claims| claims["nbf"] = json!((NOW - 61).to_string()), "does not hold yet"),
        (|claims| claims["iss"] = json!("https://autre.example"), "another issuer's"),
        (|claims| claims["iss"] = json!([claims["iss"], "https://autre.example"]), "another issuer's"),
        (|claims| claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap())), "another issuer's"),
        (|claims| claims["sub"] = Value::Null, "lacks its issuer, audience, subject or end"),
    ];
    for (number, (lie, why)) in lies.into_iter().enumerate() {
        let refusal = pair.claiming(lie).await.unwrap_err();
        assert!(refusal.ends_with(why), "{number}: {refusal}");
    }
    let truths: [Change; 5] = [
        |claims| claims["aud"] = json!(["vigie"]),
        |claims| (claims["aud"], claims["azp"]) = (json!(["account", "vigie"]), json!("vigie")),
        |claims| claims["exp"] = json!(NOW - 59),
        |claims| claims["exp"] = json!(300.5 + NOW as f64),
        |claims| claims["email_verified"] = json!("true"),
    ];
    for (number, truth) in truths.into_iter().enumerate() {
        assert_eq!(pair.claiming(truth).await, Ok(somebody()), "{number}");
    }
    let unverified: [Change; 3] = [
        |claims| claims["email_verified"] = json!(false),
        |claims| claims["email_verified"] = json!("false"),
        |claims| claims["email_verified"] = json!(0),
    ];
    for unverified in unverified {
        assert_eq!(pair.claiming(unverified).await.unwrap().name, "");
    }
}

#[tokio::test]
async fn neither_no_signature_nor_one_made_with_a_secret_is_accepted() {
    let pair = Pair::of("RS256").await;
    for none in ["none", "None", "NONE"] {
        pair.fake.makes(move |signer, claims| {
            let mut header = signer.header();
            header["alg"] = json!(none);
            Some(format!("{}.{}.", encoded(header.to_string()), encoded(claims.to_string())))
        });
        assert_eq!(pair.refused().await, UNKNOWN);
    }
    // HS256, with what everybody knows as the secret: the key as it is published, and its modulus; then with ours.
    let secrets: [fn(&Value) -> Vec<u8>; 3] = [
        |public| public.to_string().into_bytes(),
        |public| public["n"].as_str().unwrap().as_bytes().to_vec(),
        |_| SECRET.as_bytes().to_vec(),
    ];
    for secret in secrets {
        pair.fake.makes(move |signer, claims| {
            let header = json!({ "alg": "HS256", "kid": signer.kid });
            Some(signed_with_secret(&header, &claims, &secret(&signer.public())))
        });
        assert_eq!(pair.refused().await, NOT_ACCEPTED);
    }
    // A secret among the published keys changes nothing, under its own name or another's.
    pair.fake.published.lock().unwrap().push(json!({ "kty": "oct", "kid": "s", "k": encoded(SECRET) }));
    for (algorithm, why) in [("HS256", NOT_ACCEPTED), ("RS256", NO_KEY), ("ES256", NO_KEY)] {
        pair.fake.makes(move |_, claims| {
            let header = json!({ "alg": algorithm, "kid": "s" });
            Some(signed_with_secret(&header, &claims, SECRET.as_bytes()))
        });
        assert_eq!(pair.refused().await, why);
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let pair = Pair::of("RS256").await;
    for algorithm in ["ES256", "EdDSA"] {
        pair.fake.makes(move |_, claims| {
            let other = Signer::new(algorithm, "k");
            Some(other.token(&other.header(), &claims))
        });
        assert_eq!(pair.refused().await, NO_KEY);
    }
    pair.fake.makes(|signer, claims| {
        let token = signer.token(&signer.header(), &claims);
        let other = encoded(json!({ "email": "l@oc.example" }).to_string());
        let parts: Vec<&str> = token.split('.').collect();
        Some(format!("{}.{other}.{}", parts[0], parts[2]))
    });
    assert_eq!(pair.refused().await, NO_KEY);
    // What the header declares that nobody may ignore.
    pair.fake.makes(|signer, claims| {
        let mut header = signer.header();
        (header["crit"], header["exp"]) = (json!(["exp"]), json!(1));
        Some(signer.token(&header, &claims))
    });
    assert_eq!(pair.refused().await, UNREADABLE);
    for token in ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "eyJhbGciOiJSUzI1NiJ9.."] {
        pair.fake.makes(move |_, _| Some(token.to_owned()));
        let refusal = pair.refused().await;
        assert!(refusal == UNKNOWN || refusal == NO_KEY, "{token}: {refusal}");
    }
    pair.fake.makes(|_, _| None);
    assert_eq!(pair.refused().await, "the answer proves nothing: no identity");
    *pair.fake.makes.lock().unwrap() = honest();
    assert_eq!(pair.sign_in().await.unwrap(), somebody());
}

#[tokio::test]
async fn keys_are_read_again_once_when_none_of_those_kept_signed() {
    let pair = Pair::of("ES256").await;
    for _ in 0..2 {
        assert_eq!(pair.sign_in().await.unwrap(), somebody());
        assert_eq!(pair.reads(), 1, "kept for a while");
    }
    let new = Signer::new("ES256", "new");
    pair.fake.published.lock().unwrap().push(new.public());
    let old = std::mem::replace(&mut *pair.fake.signer.lock().unwrap(), new);
    assert_eq!(pair.sign_in().await.unwrap(), somebody(), "the provider changed its key");
    assert_eq!(pair.reads(), 2);

    *pair.fake.signer.lock().unwrap() = Signer::new("ES256", "never published");
    assert_eq!(pair.refused().await, NO_KEY);
    assert_eq!(pair.reads(), 3, "once, not for ever");

    // One that is withdrawn serves no longer than what is kept.
    let next = Signer::new("ES256", &old.kid);
    *pair.fake.published.lock().unwrap() = vec![next.public()];
    *pair.fake.signer.lock().unwrap() = old;
    assert!(pair.sign_in().await.is_ok());
    pair.later();
    assert_eq!(pair.refused().await, NO_KEY);
    // Another key under the same name.
    *pair.fake.signer.lock().unwrap() = next;
    assert!(pair.sign_in().await.is_ok());
    let newest = Signer::new("ES256", "k");
    *pair.fake.published.lock().unwrap() = vec![newest.public()];
    *pair.fake.signer.lock().unwrap() = newest;
    assert!(pair.sign_in().await.is_ok());
}

#[tokio::test]
async fn a_key_without_a_name_is_found_among_others() {
    let pair = Pair::of("ES256").await;
    let mut public = pair.fake.signer.lock().unwrap().public();
    let mut other = Signer::new("ES256", "x").public();
    for key in [&mut public, &mut other] {
        key.as_object_mut().unwrap().remove("kid");
        key.as_object_mut().unwrap().remove("alg");
    }
    let unknown = json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "x5c": 3 });
    *pair.fake.published.lock().unwrap() = vec![unknown, other, public.clone()];
    pair.fake.makes(|signer, claims| Some(signer.token(&json!({ "alg": "ES256" }), &claims)));
    assert_eq!(pair.sign_in().await.unwrap(), somebody());
    // Not one that is for something else, or for another signature.
    let otherwise = [("use", json!("enc")), ("key_ops", json!(["sign"])), ("alg", json!("ES384"))];
    for (name, value) in otherwise {
        let mut public = public.clone();
        public.as_object_mut().unwrap().remove("use");
        public[name] = value;
        *pair.fake.published.lock().unwrap() = vec![public];
        pair.later();
        pair.fake.makes(|signer, mut claims| {
            claims["exp"] = json!(NOW + 36_000);
            Some(signer.token(&json!({ "alg": "ES256" }), &claims))
        });
        assert_eq!(pair.refused().await, NO_KEY, "{name}");
    }
}

#[tokio::test]
async fn the_secret_is_shown_where_the_provider_understands_it() {
    let pair = Pair::of("EdDSA").await;
    assert_eq!(pair.sign_in().await.unwrap(), somebody());
    pair.fake.says("token_endpoint_auth_methods_supported", json!(["private_key_jwt", "client_secret_post"]));
    assert_eq!(pair.sign_in().await.unwrap(), somebody());
}

#[tokio::test]
async fn a_provider_that_is_not_one_is_said_to_be_out_of_order() {
    let pair = Pair::of("EdDSA").await;
    let unusable = |why: &str| format!("the provider cannot be used: {why}");
    let refused = |why: &str| format!("the answer proves nothing: the code was not accepted ({why})");
    let large = "its answer to a code cannot be read (the answer is too large)";
    let answers = [
        (502, json!({}), unusable("a code was answered by status 502")),
        (303, json!({}), unusable("a code was answered by status 303")),
        (200, json!("x".repeat(2 << 20)), unusable(large)),
        (200, json!({ "id_token": 3 }), unusable("its answer to a code is not what it should be")),
        (
            401,
            json!({ "error": "invalid_client", "error_description": "Bad client credentials" }),
            "the provider refuses the configuration: the code was not accepted: invalid_client (« Bad client credentials »). Remedy: check web.oidc.client_secret (or client_secret_file) and web.oidc.client_id".to_owned(),
        ),
        (
            401,
            json!({ "error": "invalid_client", "error_description": format!("wrong secret {SECRET}") }),
            "the provider refuses the configuration: the code was not accepted: invalid_client. Remedy: check web.oidc.client_secret (or client_secret_file) and web.oidc.client_id".to_owned(),
        ),
        (400, json!({ "error": "eyJ", "error_description": SECRET }), refused("status 400")),
    ];
    for (status, body, why) in answers {
        *pair.fake.answer.lock().unwrap() = Some((StatusCode::from_u16(status).unwrap(), body));
        assert_eq!(pair.refused().await, why);
    }
    *pair.fake.answer.lock().unwrap() = None;
    pair.fake.says("jwks_uri", json!(format!("{}/nowhere", pair.fake.root)));
    assert_eq!(pair.refused().await, unusable("its keys cannot be read (status 404)"));
    pair.fake.says("token_endpoint", json!("ftp://provider.example/token"));
    assert_eq!(pair.refused().await, unusable("its configuration names an address that is not https://"));
    pair.fake.says("issuer", json!("https://autre.example"));
    let other = unusable("its configuration is another issuer's than web.oidc.issuer");
    assert_eq!(pair.refused().await, other);
    pair.fake.says("issuer", Value::Null);
    assert_eq!(pair.refused().await, unusable("its configuration is not what it should be"));
}

#[tokio::test]
async fn a_final_slash_of_the_issuer_may_be_left_out_but_not_in_its_tokens() {
    let pair = Pair::of("RS256").await;
    let issuer = format!("{}/", pair.fake.root);
    pair.fake.says("issuer", json!(issuer));
    let refusal = pair.claiming(|_| {}).await.unwrap_err();
    assert!(refusal.ends_with("another issuer's"), "{refusal}");
    assert_eq!(pair.claiming(move |claims| claims["iss"] = json!(issuer)).await, Ok(somebody()));
}
