//! `vigie calendar`: addresses under which an agenda may follow the deadlines without signing in.

use std::io::Write;

use anyhow::Context;

use super::seat::{role, seat};
use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::web::access::UserRole;
use crate::web::access::sealed::random;
use crate::web::access::session::print;
use label::paris_date;
use label::wording::date_short;

/// Length of the prefix of a hash that identifies a calendar, in characters.
const SHOWN: usize = 12;

#[derive(Clone, Debug, clap::Subcommand)]
pub enum CalendarAction {
    /// A new secret address, printed once
    New {
        /// organisme, ditp or lecture
        #[arg(value_parser = role)]
        role: UserRole,
        /// The certification body whose deadlines it shows, by its name in [[organismes]]
        #[arg(long)]
        organisme: Option<String>,
    },
    /// The addresses that were given, without their secrets
    List,
    /// Close an address
    Revoke {
        /// What `list` shows first on its line
        id: String,
    },
}

/// # Errors
/// When the store cannot be used, or the body is not known.
pub async fn calendar(
    settings: &Settings,
    action: CalendarAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    match action {
        CalendarAction::New { role, organisme } => {
            let seat = seat(settings, role, organisme.as_deref())?;
            let secret = random().ok().context("the machine has no random numbers")?;
            store.access().add_calendar(&print(&secret), &seat.word(), book.clock.now()).await?;
            let base = settings.web.base();
            let base = base.map_or_else(|| format!("http://{}", settings.web.listen), str::to_owned);
            say(out, &format!("{base}/calendrier/{secret}.ics"));
            say(out, "Cette adresse n’est montrée qu’une fois ; qui la connaît voit les échéances.");
        }
        CalendarAction::List => {
            for calendar in store.access().calendars().await? {
                let id: String = calendar.print.chars().take(SHOWN).collect();
                let day = |at| date_short(paris_date(at));
                let used = calendar
                    .used_at
                    .map_or_else(|| "jamais lu".to_owned(), |at| format!("lu le {}", day(at)));
                say(out, &format!("{id}  {}  créé le {}, {used}", calendar.role, day(calendar.created_at)));
            }
        }
        CalendarAction::Revoke { id } => {
            let whole = id.len() >= SHOWN && id.chars().all(|sign| sign.is_ascii_hexdigit());
            if !whole || store.access().revoke_calendar(&id).await? == 0 {
                say(out, "Aucun calendrier ne porte cet identifiant : voir « vigie calendar list ».");
                return Ok(CommandOutcome::Failed);
            }
            say(out, "Fermé : l’adresse ne répond plus.");
        }
    }
    Ok(CommandOutcome::Done)
}
