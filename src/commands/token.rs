//! `vigie token`: what programs carry that read the API, each with the rights of a role.

use std::io::Write;

use anyhow::Context;
use jiff::civil::Date;

use super::seat::{role, seat};
use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::store::tokens::ApiToken;
use crate::web::access::sealed::random;
use crate::web::access::session::print;
use crate::web::access::{TOKEN_PREFIX, UserRole};
use label::plain;
use label::wording::date_short;

/// Length of the prefix of a hash that identifies a token, in characters.
const SHOWN: usize = 12;
/// Characters of a name.
const NAME: usize = 60;

#[derive(Clone, Debug, clap::Subcommand)]
pub enum TokenAction {
    /// A new token, printed once
    New {
        /// organisme, ditp or lecture
        #[arg(value_parser = role)]
        role: UserRole,
        /// The certification body whose services it shows, by its name in [[organismes]]
        #[arg(long)]
        organisme: Option<String>,
        /// The last day on which it may be used
        #[arg(long)]
        until: Option<Date>,
        /// What the list calls it: the program that carries it
        #[arg(long)]
        name: Option<String>,
    },
    /// The tokens that were given, without their secrets
    List,
    /// Close a token at once
    Revoke {
        /// What `list` shows first on its line
        id: String,
    },
}

/// # Errors
/// When the store cannot be used, the body is not known, or the last day is over.
pub async fn token(
    settings: &Settings,
    action: TokenAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    let today = book.today();
    match action {
        TokenAction::New { role, organisme, until, name } => {
            let seat = seat(settings, role, organisme.as_deref())?;
            if let Some(last) = until {
                anyhow::ensure!(last >= today, "--until {last} is over: it would open nothing");
            }
            let secret = random().ok().context("the machine has no random numbers")?;
            let secret = format!("{TOKEN_PREFIX}{secret}");
            let name = plain::line(&name.unwrap_or_default()).chars().take(NAME).collect();
            let (print, created_on) = (print(&secret), today);
            let token =
                ApiToken { print, seat: seat.word(), name, created_on, ends_on: until, used_on: None };
            store.tokens().add(&token).await?;
            say(out, &secret);
            say(out, "Ce jeton n’est montré qu’une fois ; qui le connaît lit ce que voit ce rôle.");
        }
        TokenAction::List => {
            for token in store.tokens().list().await? {
                say(out, &line(&token, today));
            }
        }
        TokenAction::Revoke { id } => {
            let whole = id.len() >= SHOWN && id.chars().all(|sign| sign.is_ascii_hexdigit());
            if !whole || store.tokens().revoke(&id).await? == 0 {
                say(out, "Aucun jeton ne porte cet identifiant : voir « vigie token list ».");
                return Ok(CommandOutcome::Failed);
            }
            say(out, "Fermé : le jeton n’ouvre plus rien.");
        }
    }
    Ok(CommandOutcome::Done)
}

fn line(token: &ApiToken, today: Date) -> String {
    let id: String = token.print.chars().take(SHOWN).collect();
    let used = token
        .used_on
        .map_or_else(|| "jamais utilisé".to_owned(), |day| format!("utilisé le {}", date_short(day)));
    let ends = match token.ends_on {
        None => "sans fin".to_owned(),
        Some(last) if last < today => format!("expiré le {}", date_short(last)),
        Some(last) => format!("jusqu’au {}", date_short(last)),
    };
    let name = if token.name.is_empty() { "sans nom" } else { &token.name };
    format!("{id}  {}  {name}  créé le {}, {used}, {ends}", token.seat, date_short(token.created_on))
}
