//! Whom the claims of a provider name, and whether the settings admit them.

use serde_json::Value;

use super::token::Claims;
use crate::web::access::oidc::{NotAdmitted, Profile, ProviderSettings};
use crate::web::access::who::{Doubt, Who};

/// What the two answers of a provider say of somebody: the identity token first, then UserInfo.
pub(super) struct Words<'a> {
    pub token: &'a Claims,
    pub user_info: Option<&'a Claims>,
}

impl Words<'_> {
    fn all(&self) -> impl Iterator<Item = &Claims> {
        std::iter::once(self.token).chain(self.user_info)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.all().find_map(|claims| claims.get(name).filter(|value| !value.is_null()))
    }
}

/// # Errors
/// When a level or a claim that the settings require is not there.
pub(super) fn admitted(words: &Words, settings: &ProviderSettings) -> Result<Who, NotAdmitted> {
    // What was proved about the sign-in itself stands in the signed token alone.
    let level = words.token.get("acr").and_then(Value::as_str);
    if !settings.acr.is_empty() && !level.is_some_and(|level| settings.acr.iter().any(|own| own == level)) {
        return Err(NotAdmitted::Level);
    }
    for (name, accepted) in &settings.require {
        let said = words.get(name).map(list).unwrap_or_default();
        if !said.iter().any(|value| accepted.contains(value)) {
            return Err(NotAdmitted::Claim(name.clone()));
        }
    }
    Ok(who(words, settings))
}

fn who(words: &Words, settings: &ProviderSettings) -> Who {
    let groups = words.get(&settings.groups_claim).map(list).unwrap_or_default();
    let left_out = words.all().filter_map(|claims| claims.get("_claim_names")?.as_object());
    let left_out = left_out.flat_map(|names| names.keys()).any(|name| *name == settings.groups_claim);
    // Entra ID gives each application another `sub`; `oid` is the person within the tenant that issued the token.
    let subject = match settings.profile {
        Profile::Entra => words.token.get("oid").or_else(|| words.token.get("sub")),
        _ => words.token.get("sub"),
    };
    let (name, doubt) = address(words, settings);
    Who {
        name,
        groups: groups.into_iter().filter(|group| settings.roles.names_group(group)).collect(),
        subject: subject.and_then(Value::as_str).unwrap_or_default().to_owned(),
        doubt: if left_out { Some(Doubt::GroupsLeftOut) } else { doubt },
    }
}

/// The address, when it is vouched for by the answer that has it.
fn address(words: &Words, settings: &ProviderSettings) -> (String, Option<Doubt>) {
    let email =
        |claims: &Claims| claims.get("email").and_then(Value::as_str).map(|email| email.trim().to_owned());
    let mut said = words.all().filter_map(|claims| email(claims).filter(|email| !email.is_empty()));
    let Some(address) = said.next() else { return (String::new(), Some(Doubt::NoAddress)) };
    let same = |claims: &&Claims| email(claims).as_deref() == Some(address.as_str());
    // What is said of another address vouches for nothing.
    let about: Vec<&Claims> = words.all().filter(same).collect();
    let word = |name: &str| about.iter().find_map(|claims| claims.get(name).filter(|value| !value.is_null()));
    let vouched = match (settings.profile, settings.verified_email) {
        (_, Some(false)) => true,
        (Profile::Entra, _) => {
            let verified = words.get("verified_primary_email").map(list).unwrap_or_default();
            word("xms_edov").and_then(yes) == Some(true)
                || word("email_verified").and_then(yes) == Some(true)
                || verified.iter().any(|own| own.eq_ignore_ascii_case(&address))
        }
        (_, Some(true)) => word("email_verified").and_then(yes) == Some(true),
        (_, None) => word("email_verified").is_none_or(|word| yes(word) == Some(true)),
    };
    if vouched { (address, None) } else { (String::new(), Some(Doubt::Unverified)) }
}

/// As providers write it: a boolean, a word, a number.
fn yes(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::String(word) => match word.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => Some(number.as_i64() == Some(1)),
        _ => None,
    }
}

/// A list, or one word.
fn list(claim: &Value) -> Vec<String> {
    let word = |value: &Value| match value {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match claim {
        Value::Array(list) => list.iter().filter_map(word).collect(),
        one => word(one).into_iter().collect(),
    }
}
