//! Whose rights something has that a command gives: a role and, where several bodies share the store, a body.

use anyhow::Context;

use crate::config::Settings;
use crate::web::access::{Seat, UserRole};

pub(super) fn role(text: &str) -> Result<UserRole, String> {
    UserRole::from_key(text).ok_or_else(|| "expected organisme, ditp or lecture".to_owned())
}

/// A role, of the body with this name in [[organismes]] where one is given.
pub(super) fn seat(settings: &Settings, role: UserRole, body: Option<&str>) -> anyhow::Result<Seat> {
    let bodies = settings.bodies();
    let names = || bodies.iter().map(|body| body.name.as_str()).collect::<Vec<_>>().join(", ");
    let Some(written) = body else {
        anyhow::ensure!(
            role == UserRole::Ditp || bodies.is_empty(),
            "several bodies share the store: say whose, with --organisme ({})",
            names()
        );
        return Ok(role.into());
    };
    let body = bodies.iter().find(|body| body.is_named(written));
    let body = body.with_context(|| format!("no such body in [[organismes]] ({})", names()))?;
    Ok(Seat { body: Some(body.name.clone()), role })
}
