//! What is read of somebody: in the identity token, at UserInfo, as each kind of provider writes it.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use vigie::clock::Clock;
use vigie::web::OwnPath;
use vigie::web::access::oidc::{NotAdmitted, Profile, ProviderSettings, Refusal};
use vigie::web::access::provider::Provider;
use vigie::web::access::{Doubt, UserRole, UserRoles, Who};

use super::fake::{Fake, Signer, encoded};
use super::tokens::{NOW, Pair};

type Change = fn(&mut Value);

/// A provider whose identity token names nobody, as several do.
async fn bare(change: impl Fn(&mut ProviderSettings)) -> Pair {
    let fake = Fake::start(NOW, Signer::new("RS256", "k")).await;
    fake.makes(|signer, mut claims| {
        for name in ["email", "email_verified", "groups"] {
            claims.as_object_mut().unwrap().remove(name);
        }
        Some(signer.token(&signer.header(), &claims))
    });
    let mut settings = fake.settings();
    change(&mut settings);
    let provider = Provider::new(settings).unwrap();
    Pair { fake, provider, clock: Clock::manual(Timestamp::from_second(NOW).unwrap()) }
}

fn signed_info(pair: &Pair, change: impl Fn(&mut Value)) -> String {
    let mut claims = json!({ "iss": pair.fake.root, "aud": "vigie", "sub": "42", "email": "o@oc.example" });
    change(&mut claims);
    let signer = pair.fake.signer.lock().unwrap();
    signer.token(&signer.header(), &claims)
}

#[tokio::test]
async fn claims_are_read_at_user_info_plain_or_signed() {
    let pair = bare(|_| {}).await;
    let nobody = pair.sign_in().await.unwrap();
    assert_eq!((nobody.name.as_str(), nobody.doubt), ("", Some(Doubt::NoAddress)));
    pair.fake.tells(
        "application/json; charset=utf-8",
        json!({ "sub": "42", "email": "o@oc.example" }).to_string(),
    );
    assert_eq!(pair.sign_in().await.unwrap().name, "o@oc.example");
    pair.fake.tells("application/jwt", signed_info(&pair, |_| {}));
    assert_eq!(pair.sign_in().await.unwrap().name, "o@oc.example");
    pair.fake.tells(
        "Application/JWT; charset=utf-8",
        signed_info(&pair, |claims| claims["aud"] = json!(["vigie"])),
    );
    assert_eq!(pair.sign_in().await.unwrap().name, "o@oc.example");
}

#[tokio::test]
async fn user_info_of_somebody_else_or_by_somebody_else_proves_nothing() {
    let pair = bare(|_| {}).await;
    for other in [json!({ "sub": "43", "email": "o@oc.example" }), json!({ "email": "o@oc.example" })] {
        pair.fake.tells("application/json", other.to_string());
        assert!(pair.refused().await.ends_with("UserInfo is about somebody else"));
    }
    let lies: [(Change, &str); 6] = [
        (|claims| claims["sub"] = json!("43"), "UserInfo is about somebody else"),
        (|claims| claims["iss"] = json!("https://autre.example"), "another issuer's"),
        (|claims| claims["iss"] = Value::Null, "lacks its issuer, audience, subject or end"),
        (|claims| claims["aud"] = json!("autre"), "for somebody else"),
        (|claims| claims["exp"] = json!(NOW - 61), "is over"),
        (|claims| claims["nonce"] = json!("x"), "UserInfo is an identity token"),
    ];
    for (number, (lie, why)) in lies.into_iter().enumerate() {
        pair.fake.tells("application/jwt", signed_info(&pair, lie));
        let refusal = pair.refused().await;
        assert!(refusal.ends_with(why), "{number}: {refusal}");
    }
    let forger = Signer::new("ES256", "k");
    let claims = json!({ "iss": pair.fake.root, "aud": "vigie", "sub": "42", "email": "o@oc.example" });
    pair.fake.tells("application/jwt", forger.token(&forger.header(), &claims));
    assert!(pair.refused().await.ends_with("none of the provider's keys"));
    let none = format!("{}.{}.", encoded(json!({ "alg": "none" }).to_string()), encoded(claims.to_string()));
    pair.fake.tells("application/jwt", none);
    assert!(pair.refused().await.ends_with("not signed in a way that is known"));
    pair.fake.tells("text/html", "<p>Erreur</p>".to_owned());
    assert!(pair.refused().await.ends_with("its UserInfo is not what it should be"));
}

#[tokio::test]
async fn plain_user_info_is_refused_where_a_signature_was_agreed() {
    let pair = bare(|settings| settings.signed_user_info = true).await;
    pair.fake.tells("application/json", json!({ "sub": "42", "email": "o@oc.example" }).to_string());
    assert!(pair.refused().await.contains("UserInfo is not signed"));
    pair.fake.tells("application/jwt", signed_info(&pair, |_| {}));
    assert_eq!(pair.sign_in().await.unwrap().name, "o@oc.example");
    let pair = bare(|settings| settings.signature = Some("ES256".to_owned())).await;
    assert!(pair.refused().await.ends_with("signed in a way that is not accepted"), "RS256 was not agreed");
}

#[tokio::test]
async fn a_word_about_one_address_does_not_vouch_for_another() {
    let pair = Pair::of("EdDSA").await;
    let info = |email: &str| json!({ "sub": "42", "email": email, "email_verified": true }).to_string();
    pair.fake.tells("application/json", info("other@oc.example"));
    let unverified = |claims: &mut Value| claims["email_verified"] = json!(false);
    let who = pair.claiming(unverified).await.unwrap();
    assert_eq!((who.name.as_str(), who.doubt), ("", Some(Doubt::Unverified)));
}

/// The first of what a sign-in asks, and how it ends.
async fn settled(
    change: impl Fn(&mut ProviderSettings),
    claims: impl Fn(&mut Value) + Send + 'static,
) -> (BTreeMap<String, String>, Result<Who, String>) {
    let mut pair = Pair::of("ES256").await;
    let mut settings = pair.fake.settings();
    change(&mut settings);
    if matches!(settings.profile, Profile::ProConnect | Profile::Entra) {
        pair.fake.says("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    }
    pair.provider = Provider::new(settings).unwrap();
    pair.fake.says("claims_parameter_supported", json!(true));
    let (address, _) = pair.provider.begin(OwnPath::default(), &pair.clock).await.unwrap();
    let address: url::Url = address.parse().unwrap();
    (address.query_pairs().into_owned().collect(), pair.claiming(claims).await)
}

#[tokio::test]
async fn a_level_is_asked_for_and_verified() {
    let levels =
        |settings: &mut ProviderSettings| settings.acr = vec!["eidas2".to_owned(), "eidas3".to_owned()];
    let (asked, who) = settled(levels, |claims| claims["acr"] = json!("eidas3")).await;
    assert_eq!(who.unwrap().name, "o@oc.example");
    let wanted: Value = serde_json::from_str(&asked["claims"]).unwrap();
    assert_eq!(
        wanted,
        json!({ "id_token": { "acr": { "essential": true, "values": ["eidas2", "eidas3"] } } })
    );
    let level: [Change; 2] = [|claims| claims["acr"] = json!("eidas1"), |_| {}];
    for level in level {
        let refused = settled(levels, level).await.1.unwrap_err();
        assert_eq!(refused, Refusal::from(NotAdmitted::Level).to_string());
    }
}

#[tokio::test]
async fn proconnect_is_asked_as_its_documentation_says() {
    let pro = |settings: &mut ProviderSettings| settings.profile = Profile::ProConnect;
    let (asked, _) = settled(pro, |_| {}).await;
    let names: Vec<&str> = asked.keys().map(String::as_str).collect();
    let expected = [
        "claims",
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, expected, "anything else may be refused");
    assert_eq!(asked["claims"], r#"{"id_token":{"acr":null,"amr":null}}"#);
    assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
    let without = bare(|settings| settings.pkce = false).await;
    let (address, _) = without.provider.begin(OwnPath::default(), &without.clock).await.unwrap();
    assert!(!address.contains("code_challenge"));
}

#[tokio::test]
async fn a_required_claim_has_one_of_its_values() {
    let hd = |settings: &mut ProviderSettings| {
        settings.require = BTreeMap::from([("hd".to_owned(), vec!["oc.example".to_owned()])]);
    };
    assert!(settled(hd, |claims| claims["hd"] = json!("oc.example")).await.1.is_ok());
    for other in [json!("autre.example"), json!(["autre.example"]), Value::Null, json!({ "oc.example": 1 })] {
        let refused = settled(hd, move |claims| claims["hd"] = other.clone()).await.1.unwrap_err();
        assert_eq!(refused, Refusal::from(NotAdmitted::Claim("hd".to_owned())).to_string());
    }
}

#[tokio::test]
async fn each_provider_vouches_for_addresses_in_its_own_way() {
    type Case = (Profile, Option<bool>, Change, bool);
    let silent: Change = |claims| claims["email_verified"] = Value::Null;
    let cases: [Case; 9] = [
        (Profile::Keycloak, Some(true), |_| {}, true),
        (Profile::Keycloak, Some(true), silent, false),
        (Profile::Keycloak, Some(true), |claims| claims["email_verified"] = json!(false), false),
        (Profile::Keycloak, Some(false), |claims| claims["email_verified"] = json!(false), true),
        (Profile::ProConnect, None, silent, true),
        (Profile::Entra, None, silent, false),
        (
            Profile::Entra,
            None,
            |claims| (claims["email_verified"], claims["xms_edov"]) = (Value::Null, json!("1")),
            true,
        ),
        (
            Profile::Entra,
            None,
            |claims| (claims["email_verified"], claims["xms_edov"]) = (Value::Null, json!(false)),
            false,
        ),
        (
            Profile::Entra,
            None,
            |claims| {
                claims["email_verified"] = Value::Null;
                claims["verified_primary_email"] = json!(["O@oc.example"]);
            },
            true,
        ),
    ];
    for (number, (profile, verified, change, counts)) in cases.into_iter().enumerate() {
        let of = |settings: &mut ProviderSettings| {
            (settings.profile, settings.verified_email) = (profile, verified)
        };
        let who = settled(of, change).await.1.unwrap();
        assert_eq!(who.name == "o@oc.example", counts, "{number}: {who:?}");
        assert_eq!(who.doubt, (!counts).then_some(Doubt::Unverified), "{number}");
    }
}

#[tokio::test]
async fn groups_are_read_as_providers_write_them_and_those_without_a_role_are_forgotten() {
    let named = |settings: &mut ProviderSettings| {
        let group = |role: UserRole, name: &str| (role.into(), vec![format!("group:{name}")]);
        settings.roles =
            UserRoles(vec![group(UserRole::Organisme, "certification"), group(UserRole::Ditp, "/a/b")]);
    };
    let of = |groups: Value| settled(named, move |claims| claims["groups"] = groups.clone());
    assert_eq!(of(json!(["/certification", "x", "/a/b/c"])).await.1.unwrap().groups, ["/certification"]);
    assert_eq!(of(json!("a/b")).await.1.unwrap().groups, ["a/b"]);
    assert_eq!(of(json!({ "certification": true })).await.1.unwrap().groups, Vec::<String>::new());
    let entra = |settings: &mut ProviderSettings| {
        named(settings);
        settings.profile = Profile::Entra;
    };
    let left_out = |claims: &mut Value| {
        claims["groups"] = Value::Null;
        claims["_claim_names"] = json!({ "groups": "src1" });
        claims["oid"] = json!("person");
    };
    let who = settled(entra, left_out).await.1.unwrap();
    assert_eq!((who.doubt, who.subject.as_str()), (Some(Doubt::GroupsLeftOut), "person"));
}

#[tokio::test]
async fn an_answer_names_its_provider_where_providers_do() {
    let pair = Pair::of("EdDSA").await;
    pair.fake.says("authorization_response_iss_parameter_supported", json!(true));
    assert!(pair.refused().await.ends_with("the code does not say whose it is"));
    pair.fake.says("authorization_response_iss_parameter_supported", json!(false));
    *pair.fake.answer.lock().unwrap() = Some((StatusCode::OK, json!({ "id_token": null })));
    assert!(pair.refused().await.ends_with("no identity"));
}
