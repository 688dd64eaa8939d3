//! What a provider says when it refuses, and which key of the configuration mends it.

use crate::web::access::oidc::{NotAdmitted, Refusal};

/// Characters of a provider's own words that the log repeats.
const SAID: usize = 160;

const SCOPES: &str =
    "take the scope that it does not know out of web.oidc.scopes, or have it allowed for this client there";
const FLOW: &str = "allow the authorization code flow for web.oidc.client_id there";
const RETURN: &str = "declare there the return address that « vigie check » shows (web.base, then /connexion/retour), to the letter";

/// The errors that a browser may bring back (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6) about the person; no other
/// is repeated.
const ABOUT_THE_PERSON: [&str; 5] = [
    "access_denied",
    "login_required",
    "interaction_required",
    "consent_required",
    "account_selection_required",
];

/// The provider is out of order.
const OUT_OF_ORDER: [&str; 2] = ["server_error", "temporarily_unavailable"];

/// Those about what the configuration asks, and what mends them.
const ABOUT_US: [(&str, &str); 6] = [
    ("invalid_scope", SCOPES),
    ("invalid_request", "compare the scopes, web.oidc.acr and web.oidc.pkce with what it takes"),
    ("invalid_client", "check web.oidc.client_id"),
    ("unauthorized_client", FLOW),
    ("unsupported_response_type", FLOW),
    ("redirect_uri_mismatch", RETURN),
];

/// What a provider may say of our request for a token (RFC 6749, 5.2), and what mends it.
const OF_A_CODE: [(&str, &str); 6] = [
    ("invalid_client", "check web.oidc.client_secret (or client_secret_file) and web.oidc.client_id"),
    ("invalid_scope", SCOPES),
    ("invalid_request", "compare the return address and web.oidc.pkce with what it takes"),
    ("unauthorized_client", FLOW),
    ("unsupported_grant_type", FLOW),
    ("redirect_uri_mismatch", RETURN),
];

fn known(errors: &[(&'static str, &'static str)], error: &str) -> Option<(&'static str, &'static str)> {
    errors.iter().find(|(known, _)| *known == error).copied()
}

/// A browser came back with an error in place of a code.
pub(super) fn of_sign_in(error: &str, description: Option<&str>) -> Refusal {
    if let Some((known, remedy)) = known(&ABOUT_US, error) {
        return configured(known, description, remedy);
    }
    if let Some(known) = OUT_OF_ORDER.iter().find(|known| **known == error) {
        return Refusal::Provider(with(known, description));
    }
    let known = ABOUT_THE_PERSON.iter().find(|known| **known == error);
    NotAdmitted::Denied(match known {
        Some(known) => with(known, description),
        None => "an error that is not a standard one".to_owned(),
    })
    .into()
}

/// The provider took no code, and gave no token.
pub(super) fn of_code(error: &str, description: Option<&str>, status: u16) -> Refusal {
    match known(&OF_A_CODE, error) {
        Some((known, remedy)) => {
            configured(&format!("the code was not accepted: {known}"), description, remedy)
        }
        // A code that is old, or was used: signing in again mends it. It is also the answer to another return address.
        None if error == "invalid_grant" => Refusal::Answer(format!(
            "the code was not accepted: {}. If it lasts: {RETURN}",
            with("invalid_grant", description)
        )),
        None => Refusal::Answer(format!("the code was not accepted (status {status})")),
    }
}

fn configured(known: &str, description: Option<&str>, remedy: &str) -> Refusal {
    Refusal::Configuration(format!("{}. Remedy: {remedy}", with(known, description)))
}

fn with(known: &str, description: Option<&str>) -> String {
    match description.map(cleaned).filter(|said| !said.is_empty()) {
        Some(said) => format!("{known} (« {said} »)"),
        None => known.to_owned(),
    }
}

/// A provider's own words without what may be a secret or somebody's: a word that holds an address, a long one, or one of
/// letters and digits mixed.
fn cleaned(description: &str) -> String {
    let words =
        description.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(|word| if is_harmless(word) { word } else { "…" }).collect();
    words.join(" ").chars().take(SAID).collect()
}

fn is_harmless(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let mixed = inner.chars().any(|c| c.is_ascii_digit()) && inner.chars().any(char::is_alphabetic);
    let quoted = word.contains(['@', '%', '=', '/', '«', '»']);
    inner.chars().count() <= 24 && !quoted && (!mixed || is_code(inner))
}

/// « AADSTS7000215 », by which an administrator finds the cause: capitals, then a number.
fn is_code(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    word.len() <= 16 && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_configuration_names_its_key() {
        for (error, key) in [
            ("invalid_client", "web.oidc.client_secret"),
            ("invalid_scope", "web.oidc.scopes"),
            ("unauthorized_client", "web.oidc.client_id"),
        ] {
            let refusal = of_code(error, None, 400);
            assert!(matches!(refusal, Refusal::Configuration(_)), "{refusal}");
            assert!(refusal.to_string().contains(error) && refusal.to_string().contains(key), "{refusal}");
        }
        let second = of_code("invalid_client", None, 401).at("web.oidc[1]");
        assert!(
            second.contains("web.oidc[1].client_secret") && !second.contains("web.oidc.client"),
            "{second}"
        );
        let grant = of_code("invalid_grant", Some("redirect_uri does not match"), 400);
        assert!(matches!(grant, Refusal::Answer(_)), "{grant}");
        assert!(grant.to_string().contains("« redirect_uri does not match »"), "{grant}");
        assert!(grant.to_string().contains("/connexion/retour"), "{grant}");
        let scope = of_sign_in("invalid_scope", Some("Invalid scopes: openid courriel"));
        assert!(matches!(scope, Refusal::Configuration(_)), "{scope}");
        assert!(scope.to_string().contains("(« Invalid scopes: openid courriel »). Remedy:"), "{scope}");
        assert!(matches!(of_sign_in("access_denied", None), Refusal::Person(_)));
        assert!(matches!(of_sign_in("server_error", None), Refusal::Provider(_)));
        for other in [of_sign_in("<script>", Some("sesame")), of_code("eyJ", Some("sesame"), 400)] {
            assert!(
                !other.to_string().contains("script") && !other.to_string().contains("sesame"),
                "{other}"
            );
        }
    }

    #[test]
    fn no_secret_nor_address_of_a_description_is_repeated() {
        for (said, kept) in [
            (
                "AADSTS7000215: Invalid client secret provided.",
                "AADSTS7000215: Invalid client secret provided.",
            ),
            ("user anne@organisme.example is unknown", "user … is unknown"),
            ("token eyJhbGciOiJSUzI1NiJ9.e30.x is old", "token … is old"),
            ("code\nabc123def\rrefused", "code … refused"),
            ("at https://p.example/?code=1", "at …"),
        ] {
            assert_eq!(cleaned(said), kept);
        }
        assert_eq!(cleaned(&"mot ".repeat(100)).chars().count(), SAID);
    }
}
