//! Messages to the candidate. Sending is not idempotent: once a message may have been sent, the dossier's messages are read
//! before another try (API §4.3).

use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::client::Dn;
use super::error::Error;
use super::json::{asked, to_json};
use super::meaning::{is_absent, short};
use super::queries::{self, correspondence, send_message};
use crate::clock::Clock;
use label::outgoing::{Correction, Message};
use label::wording::platform::Remedy;

/// The messages of one dossier, and whether another one may be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correspondence {
    pub archived: bool,
    /// Decided: nothing more is asked for.
    pub closed: bool,
    pub correction_pending: bool,
    /// A correction was asked for once, answered or not: somebody has looked at the dossier.
    pub corrected: bool,
    /// The bodies of what others than the candidate wrote, in order.
    pub said: Vec<String>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    Sent,
    /// Another request for corrections is pending: ours is not needed.
    Pending,
    /// The platform refuses it, with its reason.
    Refused(String),
}

impl Correspondence {
    /// Whether the dossier already has a message with this reference.
    #[must_use]
    pub fn holds(&self, reference: &str) -> bool {
        let part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        self.said.iter().any(|body| {
            body.match_indices(reference).any(|(at, _)| {
                !body[at + reference.len()..].starts_with(part_of_word) && !body[..at].ends_with(part_of_word)
            })
        })
    }
}

impl Dn {
    /// The messages of one dossier; `None` when the platform does not show it (hidden, erased, out of sight).
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn correspondence(&self, number: i64, clock: &Clock) -> Result<Option<Correspondence>, Error> {
        let variables = correspondence::Variables { number };
        let body = to_json(&queries::Correspondence::build_query(variables))?;
        let answer = match self.endpoint.send::<CorrespondenceData>(&body, clock).await {
            Ok(answer) => answer,
            Err(Error::Refused { why, .. }) if is_absent(&why) => return Ok(None),
            Err(error) => return Err(error),
        };
        // With some messages missing, ours might be among them and be sent twice.
        if let Some(error) = answer.errors.first() {
            return Err(error.meaning());
        }
        let dossier = answer.data.dossier;
        let candidate = dossier.usager.email;
        let corrected = dossier.messages.iter().any(|message| message.correction.is_some());
        let others = dossier.messages.into_iter().filter(|message| message.email != candidate);
        Ok(Some(Correspondence {
            archived: dossier.archived,
            closed: !matches!(&*dossier.state, "en_construction" | "en_instruction"),
            correction_pending: dossier.date_derniere_correction_en_attente.is_some(),
            corrected,
            said: others.map(|message| message.body).collect(),
        }))
    }

    /// Sends one message; tried again only while nothing can have been sent.
    ///
    /// # Errors
    /// As [`Error`]; after [`Error::Later`] it is unknown whether it was sent.
    pub async fn send_message(&self, message: &Message, clock: &Clock) -> Result<Posted, Error> {
        let correction = message.correction.map(|correction| match correction {
            Correction::Incomplete => send_message::CorrectionReason::Incomplete,
            Correction::Incorrect => send_message::CorrectionReason::Incorrect,
        });
        let input = send_message::DossierEnvoyerMessageInput {
            dossier_id: message.dossier_id.clone(),
            instructeur_id: message.author.clone(),
            body: message.body.clone(),
            correction,
        };
        let body = to_json(&queries::SendMessage::build_query(send_message::Variables { input }))?;
        let answer = self.endpoint.write::<SentData>(&body, clock).await?;
        if let Some(error) = answer.errors.first() {
            return Err(error.of_a_write());
        }
        let payload = answer
            .data
            .sent
            .ok_or_else(|| Error::Changed { why: "the dossier can no longer be written to".to_owned() })?;
        if payload.message.is_some() {
            return Ok(Posted::Sent);
        }
        let errors = payload.errors.unwrap_or_default();
        let why = errors.first().map_or("refused without a reason".to_owned(), |error| short(&error.message));
        refusal(why)
    }
}

/// The data of an answer to `Correspondence`.
#[derive(Deserialize)]
struct CorrespondenceData {
    dossier: DossierMessages,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DossierMessages {
    state: String,
    archived: bool,
    #[serde(deserialize_with = "asked")]
    date_derniere_correction_en_attente: Option<String>,
    usager: MessageUser,
    messages: Vec<MessageRead>,
}

#[derive(Deserialize)]
struct MessageUser {
    email: String,
}

#[derive(Deserialize)]
struct MessageRead {
    email: String,
    body: String,
    #[serde(deserialize_with = "asked")]
    correction: Option<IgnoredAny>,
}

/// The data of an answer to `SendMessage`. An answer that lacks a part of it is one that was not heard.
#[derive(Deserialize)]
struct SentData {
    #[serde(rename = "dossierEnvoyerMessage", deserialize_with = "asked")]
    sent: Option<SentMessage>,
}

#[derive(Deserialize)]
struct SentMessage {
    #[serde(deserialize_with = "asked")]
    message: Option<IgnoredAny>,
    #[serde(deserialize_with = "asked")]
    errors: Option<Vec<Refusal>>,
}

/// One reason that the platform gives for what it did not do.
#[derive(Deserialize)]
pub(super) struct Refusal {
    pub message: String,
}

/// The exact sentences are in API §4.1 and §4.3; an unknown sentence counts as a refusal.
fn refusal(why: String) -> Result<Posted, Error> {
    if why.contains("lecture") {
        let remedy = Remedy::WriteMessages.into();
        return Err(Error::Refused { why, remedy });
    }
    if why.contains("droits d’accès") {
        return Err(Error::Changed { why });
    }
    if why.contains("correction est déjà en attente") {
        return Ok(Posted::Pending);
    }
    Ok(Posted::Refused(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_word_and_not_a_part_of_one() {
        let said = |body: &str| Correspondence { said: vec![body.to_owned()], ..Correspondence::default() };
        assert!(said("Bonjour.\nRéférence : VIGIE-4242-AR").holds("VIGIE-4242-AR"));
        assert!(said("<p>VIGIE-4242-AR</p>").holds("VIGIE-4242-AR"));
        assert!(!said("VIGIE-4242-ARS").holds("VIGIE-4242-AR"));
        assert!(!said("XVIGIE-4242-AR").holds("VIGIE-4242-AR"));
        assert!(!said("").holds("VIGIE-4242-AR"));
    }

    #[test]
    fn each_refusal_of_the_platform_has_its_consequence() {
        let read_only = "Le jeton utilisé est configuré seulement en lecture";
        assert!(matches!(refusal(read_only.to_owned()), Err(Error::Refused { .. })));
        let rights = "L’instructeur n’a pas les droits d’accès à ce dossier";
        assert!(matches!(refusal(rights.to_owned()), Err(Error::Changed { .. })));
        let pending = "Une demande de correction est déjà en attente sur ce dossier";
        assert_eq!(refusal(pending.to_owned()).unwrap(), Posted::Pending);
        assert!(matches!(refusal("Autre chose".to_owned()), Ok(Posted::Refused(_))));
    }
}
