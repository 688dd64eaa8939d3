//! `vigie callback`: the address that the platform calls when a dossier changes its state.

use std::io::Write;

use anyhow::Context;

use super::{CommandOutcome, open, say};
use crate::config::Settings;
use crate::store::settings::CALLBACK;
use crate::web::access::sealed::random;
use crate::web::access::session::print;
use label::wording::callback as words;

#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum CallbackAction {
    /// A new secret address, printed once, in the place of the former one
    New,
    /// Close the address
    Close,
}

/// # Errors
/// When the store cannot be used.
pub async fn callback(
    settings: &Settings,
    action: CallbackAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, _) = open(settings).await?;
    match action {
        CallbackAction::New => {
            let secret = random().ok().context("the machine has no random numbers")?;
            store.settings().set(CALLBACK, &print(&secret)).await?;
            let base = settings.web.base();
            let base = base.map_or_else(|| format!("http://{}", settings.web.listen), str::to_owned);
            say(out, &format!("{base}/rappel/{secret}"));
            say(out, words::NEW);
            if !settings.dn.callback {
                say(out, words::CLOSED);
            }
        }
        CallbackAction::Close => {
            store.settings().set(CALLBACK, "").await?;
            say(out, words::GONE);
        }
    }
    Ok(CommandOutcome::Done)
}
