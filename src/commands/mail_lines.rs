//! What `vigie check` and `vigie mail` say of the mail server.

use crate::mail::{MailError, Mailer, masked};
use crate::store::Store;
use label::wording::mail_server::{self, Refused};

/// What the server answers, in French, with the remedy.
pub(super) fn meaning(error: &MailError) -> String {
    match error {
        MailError::RefusesUs(said) => format!(
            "le serveur refuse notre envoi ({said}) : vérifiez mail.from et les droits du compte de mail.smtp ; les courriels attendent, aucun n’est perdu"
        ),
        MailError::Later(said) => {
            format!("le serveur n’accepte rien pour l’instant ({said}) : les courriels attendent, réessayez")
        }
        MailError::Unreachable(said, obstacle) | MailError::Unheard(said, obstacle) => {
            format!("{} ({said})", mail_server::obstacle(*obstacle))
        }
        MailError::Refused(said) => format!("refusé ({said})"),
        other @ MailError::Configuration { .. } => other.to_string(),
    }
}

/// One line for each address: whether the server takes it, and what it says. Nothing is sent.
pub(super) async fn each(mailer: &Mailer, to: &[String]) -> Result<Vec<Result<String, String>>, MailError> {
    let answers = mailer.check(to).await?;
    let line = |(address, answer): (&String, Option<MailError>)| match answer {
        None => Ok(format!("{} : accepté jusqu’au destinataire, rien n’a été envoyé", masked(address))),
        Some(error) => Err(format!("{} : {}", masked(address), meaning(&error))),
    };
    Ok(to.iter().zip(answers).map(line).collect())
}

/// Why mails wait that the server refuses for good; empty when none does.
pub(super) async fn waiting(store: &Store) -> anyhow::Result<Vec<String>> {
    let known = store.ledger().refusals("").await?;
    let line = |(about, (count, said)): (&String, &(i64, String))| {
        let refused = Refused { count: u64::try_from(*count).unwrap_or(0), said: said.clone() };
        mail_server::about(about, &refused)
    };
    Ok(known.iter().map(line).collect())
}
