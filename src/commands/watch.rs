//! Watches over the passes: says what one waits for that makes no progress, and tells the supervisor (systemd) that the
//! program is ready, alive, or stopping.

use std::sync::Arc;

use sd_notify::NotifyState;

use crate::activity::{Activity, Step};
use crate::retry::watching as limits;
use tokio_util::sync::CancellationToken;

/// The pages are served, and the passes begin. Where nobody asked to be told, nothing happens.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Until it is aborted. A supervisor that asked for it hears that the program is alive as long as its passes make progress,
/// or wait for their time.
pub(super) async fn watch(activity: Arc<Activity>, stop: CancellationToken) {
    let every = sd_notify::watchdog_enabled().map_or(limits::LOOK, |within| (within / 3).min(limits::LOOK));
    let (mut said, mut stopping) = (0, false);
    loop {
        tokio::time::sleep(every).await;
        if stop.is_cancelled() && !std::mem::replace(&mut stopping, true) {
            tell(&[NotifyState::Stopping]);
        }
        said = say(&activity, said);
        if activity.still() < limits::STUCK {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

/// Says what the pass waits for, each time that another [`limits::SAID`] has passed; how often it was said.
fn say(activity: &Activity, said: u64) -> u64 {
    let Some((step, waited)) = activity.waits() else { return 0 };
    let times = waited.as_secs() / limits::SAID.as_secs();
    if times > said {
        let (minutes, what) = (waited.as_secs() / 60, meaning(step));
        tracing::warn!(
            waits_for = step.word(),
            minutes,
            "the pass has made no progress for {minutes} min: it waits for {what}"
        );
    }
    times
}

fn meaning(step: Step) -> &'static str {
    match step {
        Step::Store => "the database",
        Step::Platform => "the platform, or its quota",
        Step::Attachment => "an attachment: the file's host, the antivirus, or the process that reads it",
        Step::Judgement => "the judgement of cases",
        Step::MailServer => "the mail server",
        Step::Receiver => "the receiver of a webhook",
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!("the supervisor cannot be told: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_said_once_for_each_while_that_it_lasts() {
        let activity = Activity::default();
        activity.at(Step::Platform);
        assert_eq!(say(&activity, 0), 0);
        tokio::time::advance(limits::SAID).await;
        assert_eq!(say(&activity, 0), 1);
        tokio::time::advance(limits::SAID * 2 + Duration::from_secs(1)).await;
        assert_eq!(say(&activity, 1), 3);
        activity.idle();
        assert_eq!(say(&activity, 3), 0);
    }
}
