//! `vigie webhook`: sends one signed test to the receivers; has the notices sent again that were given up.

use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::run::show;
use super::{CommandOutcome, daemon, hooks, say};
use crate::clock::Clock;
use crate::config::{ConfigError, Settings};
use crate::daemon::quiet::Quiet;
use crate::hooks::{Hook, SendOutcome, test_id};
use label::outgoing::NoticeKind;
use label::wording::{reaching, webhooks as words};

#[derive(Debug, Subcommand)]
pub enum WebhookAction {
    /// Send one signed test to each receiver, or to that of a rank
    Test { rank: Option<usize> },
    /// Send again the notices that were given up
    Retry {
        /// Those of the receiver of that rank alone
        rank: Option<usize>,
        /// Given up from this day on
        #[arg(long)]
        since: Option<Date>,
    },
}

/// # Errors
/// What the configuration or the store has wrong.
pub async fn webhook(
    settings: &Settings,
    action: WebhookAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    match action {
        WebhookAction::Test { rank } => test(&chosen(settings, rank)?, out).await,
        WebhookAction::Retry { rank, since } => retry(settings, rank, since, out).await,
    }
}

/// The receivers, or the one of a rank from 1, as pages and journal name them.
fn chosen(settings: &Settings, rank: Option<usize>) -> anyhow::Result<Vec<Hook>> {
    let all = hooks(settings)?;
    let count = all.len();
    let chosen: Vec<Hook> =
        all.into_iter().filter(|hook| rank.is_none_or(|rank| hook.rank == rank)).collect();
    match (chosen.is_empty(), count) {
        (true, 0) => Err(ConfigError::new("webhooks", "no receiver; docs/webhooks.md has an example").into()),
        (true, count) => {
            Err(ConfigError::new("RANK", format!("no receiver of that rank: they go from 1 to {count}"))
                .into())
        }
        (false, _) => Ok(chosen),
    }
}

async fn test(hooks: &[Hook], out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let mut outcome = CommandOutcome::Done;
    for hook in hooks {
        let now = Clock::System.now();
        let wanted = NoticeKind::ALL.into_iter().filter(|kind| hook.wants(*kind));
        let sample =
            |kind| json!({ "type": kind, "timestamp": now.to_string(), "data": words::sample(kind) });
        let samples: Vec<serde_json::Value> = wanted.map(sample).collect();
        let data = json!({ "message": words::TEST_MESSAGE, "exemples": samples });
        let body = json!({ "type": words::TEST, "timestamp": now.to_string(), "data": data });
        let told = hook.send(&test_id(now), now, &body.to_string()).await;
        let line = match &told {
            SendOutcome::Accepted => words::test_accepted(hook.rank),
            SendOutcome::Gone => words::test_failed(hook.rank, words::GONE),
            SendOutcome::Mute(culprit, why) => {
                let meaning = reaching::meaning(*culprit, words::ADDRESS);
                words::test_failed(hook.rank, &format!("{meaning} ({why})"))
            }
            SendOutcome::Failed(why) => words::test_failed(hook.rank, why),
        };
        if !matches!(told, SendOutcome::Accepted) {
            outcome = CommandOutcome::Failed;
        }
        say(out, &line);
    }
    Ok(outcome)
}

async fn retry(
    settings: &Settings,
    rank: Option<usize>,
    since: Option<Date>,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let hooks = chosen(settings, rank)?;
    let daemon = daemon(settings, false, Quiet::new(&settings.mail.quiet)?.on_days_only()).await?;
    let now = daemon.book.clock.now();
    let since = since.map_or(Timestamp::UNIX_EPOCH, |day| daemon.book.clock.beginning(day));
    let mut outcome = CommandOutcome::Done;
    for hook in &hooks {
        let count = daemon.notices_again(hook, since, now).await?;
        say(out, &words::retried(hook.rank, count));
        if count == 0 {
            continue;
        }
        // What a running daemon has claimed meanwhile, it sends.
        let report = daemon.deliver_hooks().await?;
        show(&report, false, out);
        if !report.failures.is_empty() {
            outcome = CommandOutcome::Failed;
        }
    }
    Ok(outcome)
}
