//! `vigie sessions`: who is signed in to the pages, and ending their sessions at once.

use std::io::Write;

use super::{CommandOutcome, access, open, say};
use crate::config::Settings;
use crate::store::sessions::{StoredSession, Which};
use crate::web::access::{Door, Who};

/// Length of the prefix of a hash that identifies a session, in characters.
const SHOWN: usize = 12;

#[derive(Clone, Debug, clap::Subcommand)]
pub enum SessionsAction {
    /// The sessions that are open, the latest first
    List,
    /// End a session, those of an address, or all of them
    Revoke {
        /// What `list` shows first on its line, or an address
        #[arg(required_unless_present = "all")]
        who: Option<String>,
        #[arg(long, conflicts_with = "who")]
        all: bool,
    },
}

/// # Errors
/// When the store cannot be used.
pub async fn sessions(
    settings: &Settings,
    action: SessionsAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    let which = match &action {
        SessionsAction::List => {
            let mut sessions = store.sessions().list(book.clock.now()).await?;
            let access = access(settings)?;
            sessions.retain(|session| matches!(&access.door, Door::SignIn(door) if door.opens(session)));
            for session in &sessions {
                let id: String = session.print.chars().take(SHOWN).collect();
                let moment = |at| book.clock.in_paris(at).strftime("%d/%m/%Y %H:%M").to_string();
                let (from, to) = (moment(session.opened_at), moment(session.ends_at));
                let role = role(settings, session).unwrap_or_else(|| "aucun rôle".to_owned());
                let address = if session.address.is_empty() { "sans adresse" } else { &session.address };
                say(out, &format!("{id}  {from} → {to}  {}  {role}  {address}", session.provider));
            }
            if sessions.is_empty() {
                say(out, "Personne n’est connecté.");
            }
            return Ok(CommandOutcome::Done);
        }
        SessionsAction::Revoke { who: Some(who), .. } if who.contains('@') => Which::Address(who),
        SessionsAction::Revoke { who: Some(who), .. } => {
            let whole = who.len() >= SHOWN && who.chars().all(|sign| sign.is_ascii_hexdigit());
            if !whole {
                say(out, "Ni un identifiant de « vigie sessions list », ni une adresse.");
                return Ok(CommandOutcome::Failed);
            }
            Which::Print(who)
        }
        SessionsAction::Revoke { who: None, .. } => Which::All,
    };
    match store.sessions().revoke(which).await? {
        0 => {
            say(out, "Aucune session ouverte n’y correspond : voir « vigie sessions list ».");
            // There is nothing to end where nobody is signed in.
            let all = matches!(which, Which::All);
            Ok(if all { CommandOutcome::Done } else { CommandOutcome::Failed })
        }
        1 => {
            say(out, "1 session est fermée : la page suivante demandera de se connecter.");
            Ok(CommandOutcome::Done)
        }
        count => {
            say(out, &format!("{count} sessions sont fermées : la page suivante demandera de se connecter."));
            Ok(CommandOutcome::Done)
        }
    }
}

/// The role that the configuration gives now.
fn role(settings: &Settings, session: &StoredSession) -> Option<String> {
    let who: Who = serde_json::from_str(&session.person).ok()?;
    let provider = settings.web.oidc.iter().find(|oidc| oidc.id() == session.provider)?;
    settings.roles_at(provider).of(&who).map(|seat| seat.word())
}
