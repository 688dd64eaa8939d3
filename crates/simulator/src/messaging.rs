//! Mutations of messages and of the requests for corrections that they carry (§4.3).

use super::dossier::{Dossier, Message};
use super::edits::resolve_corrections;
use super::files::File;
use super::ids;
use super::mutations::{Done, Loaded, NO_RIGHTS, Refusal, member, told};
use super::node::{Failure, Node};
use super::reading::Call;
use super::showing;
use super::variables::Arguments;
use super::world::Edition;

/// Never idempotent: each call is one more message and one more mail (§4.3).
pub(super) fn send(call: &mut Call<'_>, loaded: &Loaded, input: &Arguments, blob: Option<File>) -> Done {
    let instructeur = member(call, loaded)?;
    let Some(dossier) = call.world.dossier(loaded.number) else { return Err(told(NO_RIGHTS)) };
    let body = input.text("body").unwrap_or_default().to_owned();
    if dossier.archived || dossier.usager_deleted || dossier.hidden_by_user_at.is_some() {
        return Err(told(
            "Le champ « Dossier » Il n’est pas possible d’envoyer un message sur un dossier supprimé, à archiver ou en brouillon",
        ));
    }
    // September accepts an empty text when a file is joined.
    let silent = blob.is_some() && call.world.edition == Edition::September2026;
    if body.trim().is_empty() && !silent {
        return Err(told("Le champ « Votre message » ne peut être vide"));
    }
    let reason = correction(call, dossier, input.text("correction"))?;
    let email = call.world.instructeur(instructeur).map_or_else(String::new, |one| one.email.clone());
    let id = call.world.message(loaded.number, &email, &body, reason, blob.into_iter().collect());
    if reason.is_some() {
        call.world.back_for_correction(loaded.number, instructeur);
    }
    if reason == Some("outdated") && call.world.silence.is_some() {
        // The platform's log of operations lacks this reason: the call fails after its work is done (§4.3).
        let broken = Failure::new("internal_server_error", "Internal Server Error");
        return Err(Refusal::Failed(Failure { status: Some(500), ..broken }));
    }
    Ok(vec![("message", message_node(call, loaded.number, id))])
}

/// A second request, or one on a closed file: January drops it and sends the message all the same, September refuses.
fn correction<'r>(
    call: &Call<'_>,
    dossier: &Dossier,
    reason: Option<&'r str>,
) -> Result<Option<&'r str>, Refusal> {
    let (pending, current) = (dossier.pending_correction().is_some(), dossier.state);
    match call.world.edition {
        _ if reason.is_none() || !(pending || current.is_final()) => Ok(reason),
        Edition::January2026 => Ok(None),
        Edition::September2026 if pending => {
            Err(told("Une demande de correction est déjà en attente sur ce dossier"))
        }
        Edition::September2026 => {
            let state = current.french();
            Err(told(format!(
                "Le dossier ne peut pas faire l’objet d’une demande de correction car il est {state}"
            )))
        }
    }
}

fn message_node(call: &Call<'_>, number: u32, id: u32) -> Node {
    let dossier = call.world.dossier(number);
    dossier
        .and_then(|dossier| dossier.messages.iter().find(|one| one.id == id))
        .map(|one| showing::message(call.world, one))
        .into()
}

/// The number of the dossier of a message, its id, and the address of the instructeur who asks.
fn load(call: &Call<'_>, payload: &str, input: &Arguments) -> Result<(u32, u32, String), Refusal> {
    let not_found = || Refusal::Failed(Failure::not_found(payload));
    let id = input.text("messageId").and_then(|id| ids::number(id, "Commentaire")).ok_or_else(not_found)?;
    let instructeur = input.text("instructeurId").and_then(|id| ids::number(id, "Instructeur"));
    let instructeur = instructeur.and_then(|number| call.world.instructeur(number)).ok_or_else(not_found)?;
    let holds = |dossier: &&Dossier| dossier.messages.iter().any(|one| one.id == id);
    let number = call.world.dossiers.values().find(holds).ok_or_else(not_found)?.number;
    Ok((number, id, instructeur.email.clone()))
}

/// Only by its author, and once. Its request for corrections is deleted too, unless the input of September says not to.
pub(super) fn delete(call: &mut Call<'_>, payload: &str, input: &Arguments) -> Done {
    let (number, id, email) = load(call, payload, input)?;
    let at = call.world.stamp();
    let own =
        |message: &&mut Message| message.id == id && message.email == email && message.discarded_at.is_none();
    let Some(dossier) = call.world.dossiers.get_mut(&number) else { return Err(told(NO_RIGHTS)) };
    let Some(message) = dossier.messages.iter_mut().find(own) else {
        return Err(told("Le message ne peut pas être supprimé"));
    };
    message.discarded_at = Some(at);
    let corrected = message.correction.is_some() && input.boolean("cancelCorrection").unwrap_or(true);
    dossier.updated_at = at;
    if corrected {
        resolve_corrections(dossier, at);
    }
    Ok(vec![("message", message_node(call, number, id))])
}

/// Since September 2026. The date of the dossier stays where it is (§2.4); the sentence of the refusal is ours.
pub(super) fn cancel_correction(call: &mut Call<'_>, payload: &str, input: &Arguments) -> Done {
    let (number, id, _) = load(call, payload, input)?;
    let at = call.world.stamp();
    let Some(dossier) = call.world.dossiers.get_mut(&number) else { return Err(told(NO_RIGHTS)) };
    if dossier.pending_correction().is_none_or(|message| message.id != id) {
        return Err(told("Aucune demande de correction n’est en attente sur ce message"));
    }
    resolve_corrections(dossier, at);
    Ok(vec![("message", message_node(call, number, id))])
}
