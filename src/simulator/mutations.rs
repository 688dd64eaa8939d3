//! Mutations, in the platform's order of checks: write access, blobs, loading, state, membership of the group (§4.1).

use super::annotating;
use super::dossier::State;
use super::edits::resolve_corrections;
use super::ids;
use super::node::{Failure, Node, Source};
use super::reading::{Call, instructeur_node, missing};
use super::showing;
use super::variables::Arguments;
use super::world::Edition;

const READ_ONLY: &str = "Le jeton utilisé est configuré seulement en lecture";
const NO_RIGHTS: &str = "L’instructeur n’a pas les droits d’accès à ce dossier";
const BAD_BLOB: &str = "L’identifiant du fichier téléversé est invalide";

/// Why nothing was done: a sentence in the payload, or a failure of the root field.
pub(super) enum Refusal {
    Told(Vec<String>),
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Failed(failure)
    }
}

pub(super) fn told(message: impl Into<String>) -> Refusal {
    Refusal::Told(vec![message.into()])
}

/// The objects of one mutation, loaded. The instructeur is absent when its id is that of something else.
pub(super) struct Loaded {
    pub(super) number: u32,
    pub(super) instructeur: Option<u32>,
}

type Done = Result<Vec<(&'static str, Node)>, Refusal>;

pub(super) fn run(call: &mut Call<'_>, field: &str, arguments: &Arguments) -> Result<Node, Failure> {
    let payload =
        PAYLOADS.iter().find(|(name, _, _)| *name == field).ok_or_else(|| missing("Mutation", field))?;
    let (_, type_name, objects) = *payload;
    let input = arguments.object("input");
    let done = if !call.token.write {
        Err(told(READ_ONLY))
    } else if input.get("attachment").is_some() || input.get("justificatif").is_some() {
        // No upload is simulated: whatever blob is named is unknown.
        Err(told(BAD_BLOB))
    } else {
        attempt(call, field, type_name, &input)
    };
    let mut fields: Vec<(&'static str, Node)> = objects.iter().map(|name| (*name, Node::Null)).collect();
    match done {
        Ok(values) => {
            fields.retain(|(name, _)| !values.iter().any(|(other, _)| other == name));
            fields.extend(values);
            if !fields.iter().any(|(name, _)| *name == "errors") {
                fields.push(("errors", Node::Null));
            }
        }
        Err(Refusal::Told(messages)) => fields.push(("errors", errors(messages))),
        Err(Refusal::Failed(failure)) => return Err(failure),
    }
    fields.push(("clientMutationId", input.text("clientMutationId").into()));
    Ok(Node::fields(type_name, fields))
}

pub(super) fn errors(messages: Vec<String>) -> Node {
    Node::list(
        messages
            .into_iter()
            .map(|message| Node::fields("ValidationError", vec![("message", message.into())])),
    )
}

/// Name of the field, type of its payload, objects of that payload.
const PAYLOADS: [(&str, &str, &[&str]); 13] = [
    ("dossierPasserEnInstruction", "DossierPasserEnInstructionPayload", &["dossier"]),
    ("dossierRepasserEnConstruction", "DossierRepasserEnConstructionPayload", &["dossier"]),
    ("dossierRepasserEnInstruction", "DossierRepasserEnInstructionPayload", &["dossier"]),
    ("dossierAccepter", "DossierAccepterPayload", &["dossier"]),
    ("dossierRefuser", "DossierRefuserPayload", &["dossier"]),
    ("dossierClasserSansSuite", "DossierClasserSansSuitePayload", &["dossier"]),
    ("dossierArchiver", "DossierArchiverPayload", &["dossier"]),
    ("dossierDesarchiver", "DossierDesarchiverPayload", &["dossier"]),
    ("dossierBasculeSuivi", "DossierBasculeSuiviPayload", &["dossier", "instructeur"]),
    ("dossierChangerGroupeInstructeur", "DossierChangerGroupeInstructeurPayload", &["dossier"]),
    ("dossierEnvoyerMessage", "DossierEnvoyerMessagePayload", &["message"]),
    ("dossierSupprimerMessage", "DossierSupprimerMessagePayload", &["message"]),
    ("dossierModifierAnnotations", "DossierModifierAnnotationsPayload", &["annotations"]),
];

fn attempt(call: &mut Call<'_>, field: &str, payload: &str, input: &Arguments) -> Done {
    if field == "dossierSupprimerMessage" {
        return delete_message(call, payload, input);
    }
    let loaded = load(call, payload, input)?;
    match field {
        "dossierEnvoyerMessage" => send_message(call, &loaded, input),
        "dossierModifierAnnotations" => annotating::bulk(call, &loaded, input),
        "dossierChangerGroupeInstructeur" => change_group(call, &loaded, payload, input),
        "dossierBasculeSuivi" => follow(call, &loaded, input),
        "dossierArchiver" | "dossierDesarchiver" => archive(call, &loaded, field == "dossierArchiver"),
        _ => change_state(call, &loaded, field, input),
    }
}

/// What does not load is named after the payload, whatever it was.
fn load(call: &Call<'_>, payload: &str, input: &Arguments) -> Result<Loaded, Refusal> {
    let not_found = || Refusal::Failed(Failure::not_found(payload));
    let number = input.text("dossierId").and_then(|id| ids::number(id, "Dossier"));
    let dossier = number
        .and_then(|number| call.world.seen(number))
        .filter(|dossier| dossier.is_visible())
        .ok_or_else(not_found)?;
    let number = dossier.number;
    if !call.in_scope() {
        return Err(Failure::hidden("Dossier").into());
    }
    let instructeur = match input.text("instructeurId").and_then(ids::parse) {
        // The id of a user loads, but is nobody's who may act here.
        Some((kind, _)) if kind == "User" => None,
        Some((kind, value)) if kind == "Instructeur" => {
            let found = value.parse().ok().and_then(|number| call.world.instructeur(number));
            Some(found.ok_or_else(not_found)?.number)
        }
        _ if input.get("instructeurId").is_none() => None,
        _ => return Err(not_found()),
    };
    Ok(Loaded { number, instructeur })
}

/// Checked last: a wrong state is said first.
pub(super) fn member(call: &Call<'_>, loaded: &Loaded) -> Result<u32, Refusal> {
    let group = call.world.dossier(loaded.number).and_then(|dossier| call.world.group(dossier.group));
    let belongs =
        |number: u32| group.is_some_and(|group| group.instructeurs.iter().any(|one| one.number == number));
    loaded.instructeur.filter(|number| belongs(*number)).ok_or_else(|| told(NO_RIGHTS))
}

fn state(call: &Call<'_>, loaded: &Loaded) -> State {
    call.world.dossier(loaded.number).map_or(State::EnConstruction, |dossier| dossier.state)
}

fn shown(number: u32) -> (&'static str, Node) {
    ("dossier", Node::Object("Dossier", Source::Dossier(number)))
}

fn change_state(call: &mut Call<'_>, loaded: &Loaded, field: &str, input: &Arguments) -> Done {
    let current = state(call, loaded);
    let already = || told(format!("Le dossier est déjà {}", current.french()));
    let to = match field {
        "dossierPasserEnInstruction" => State::EnInstruction,
        "dossierRepasserEnConstruction" => State::EnConstruction,
        "dossierRepasserEnInstruction" => State::EnInstruction,
        "dossierAccepter" => State::Accepte,
        "dossierRefuser" => State::Refuse,
        _ => State::SansSuite,
    };
    let allowed = match field {
        "dossierPasserEnInstruction" => current == State::EnConstruction,
        "dossierRepasserEnInstruction" => {
            current.is_final() && !call.world.dossier(loaded.number).is_some_and(|one| one.usager_deleted)
        }
        _ => current == State::EnInstruction,
    };
    if to.is_final() && !call.world.company_is_known(loaded.number) {
        return Err(told(
            "Les informations du SIRET du dossier ne sont pas complètes. Veuillez réessayer plus tard.",
        ));
    }
    // A missing mandatory annotation is told as if the state were wrong (§4.2).
    if !allowed || (to.is_final() && !call.world.annotations_are_complete(loaded.number)) {
        return Err(already());
    }
    let instructeur = member(call, loaded)?;
    let notify = !input.boolean("disableNotification").unwrap_or(false);
    call.world.transition(loaded.number, to, instructeur, input.text("motivation"), notify);
    Ok(vec![shown(loaded.number)])
}

fn archive(call: &mut Call<'_>, loaded: &Loaded, archived: bool) -> Done {
    let current = call.world.dossier(loaded.number).is_some_and(|dossier| dossier.archived);
    if archived && !state(call, loaded).is_final() {
        return Err(told(
            "Un dossier ne peut être déplacé dans « à archiver » qu’une fois le traitement terminé",
        ));
    }
    if !archived && !current {
        return Err(told("Un dossier non archivé ne peut pas être désarchivé"));
    }
    member(call, loaded)?;
    let at = call.world.stamp();
    if let Some(dossier) = call.world.dossiers.get_mut(&loaded.number) {
        dossier.archived = archived;
        dossier.updated_at = at;
    }
    Ok(vec![shown(loaded.number)])
}

fn follow(call: &mut Call<'_>, loaded: &Loaded, input: &Arguments) -> Done {
    let instructeur = member(call, loaded)?;
    let wanted = input.boolean("follow").unwrap_or(true);
    let at = call.world.stamp();
    if let Some(dossier) = call.world.dossiers.get_mut(&loaded.number)
        && dossier.followers.contains(&instructeur) != wanted
    {
        dossier.followers.retain(|one| *one != instructeur);
        if wanted {
            dossier.followers.push(instructeur);
        }
        dossier.updated_at = at;
    }
    Ok(vec![
        shown(loaded.number),
        ("instructeur", call.world.instructeur(instructeur).map(instructeur_node).into()),
    ])
}

fn change_group(call: &mut Call<'_>, loaded: &Loaded, payload: &str, input: &Arguments) -> Done {
    let wanted = input.text("groupeInstructeurId").and_then(|id| ids::number(id, "GroupeInstructeur"));
    let group =
        wanted.and_then(|number| call.world.group(number)).ok_or_else(|| Failure::not_found(payload))?;
    let (number, label) = (group.number, group.label.clone());
    let at = call.world.stamp();
    if let Some(dossier) = call.world.dossiers.get_mut(&loaded.number) {
        if dossier.group == number {
            return Err(told(format!("Le dossier est déjà avec le groupe instructeur: '{label}'")));
        }
        dossier.group = number;
        dossier.updated_at = at;
    }
    Ok(vec![shown(loaded.number)])
}

/// Never idempotent: each call is one more message and one more mail (§4.3).
fn send_message(call: &mut Call<'_>, loaded: &Loaded, input: &Arguments) -> Done {
    let instructeur = member(call, loaded)?;
    let Some(dossier) = call.world.dossier(loaded.number) else { return Err(told(NO_RIGHTS)) };
    let body = input.text("body").unwrap_or_default().to_owned();
    if dossier.archived || dossier.usager_deleted || dossier.hidden_by_user_at.is_some() {
        return Err(told(
            "Le champ « Dossier » Il n’est pas possible d’envoyer un message sur un dossier supprimé, à archiver ou en brouillon",
        ));
    }
    if body.trim().is_empty() {
        return Err(told("Le champ « Votre message » ne peut être vide"));
    }
    let mut reason = input.text("correction");
    let (pending, current) = (dossier.pending_correction().is_some(), dossier.state);
    if reason.is_some() && (pending || current.is_final()) {
        match call.world.edition {
            // The January edition drops the request and sends the message all the same.
            Edition::January2026 => reason = None,
            Edition::September2026 if pending => {
                return Err(told("Une demande de correction est déjà en attente sur ce dossier"));
            }
            Edition::September2026 => {
                let state = current.french();
                return Err(told(format!(
                    "Le dossier ne peut pas faire l’objet d’une demande de correction car il est {state}"
                )));
            }
        }
    }
    let email = call.world.instructeur(instructeur).map_or_else(String::new, |one| one.email.clone());
    let id = call.world.message(loaded.number, &email, &body, reason);
    if reason.is_some() {
        call.world.back_for_correction(loaded.number, instructeur);
    }
    Ok(vec![("message", message_node(call, loaded.number, id))])
}

fn message_node(call: &Call<'_>, number: u32, id: u32) -> Node {
    let dossier = call.world.dossier(number);
    dossier
        .and_then(|dossier| dossier.messages.iter().find(|one| one.id == id))
        .map(|one| showing::message(call.world, one))
        .into()
}

fn delete_message(call: &mut Call<'_>, payload: &str, input: &Arguments) -> Done {
    let not_found = || Refusal::Failed(Failure::not_found(payload));
    let id = input.text("messageId").and_then(|id| ids::number(id, "Commentaire")).ok_or_else(not_found)?;
    let instructeur = input.text("instructeurId").and_then(|id| ids::number(id, "Instructeur"));
    let email =
        instructeur.and_then(|number| call.world.instructeur(number)).ok_or_else(not_found)?.email.clone();
    let holds = |dossier: &&super::dossier::Dossier| dossier.messages.iter().any(|one| one.id == id);
    let number = call.world.dossiers.values().find(holds).ok_or_else(not_found)?.number;
    let at = call.world.stamp();
    let Some(dossier) = call.world.dossiers.get_mut(&number) else { return Err(not_found()) };
    let Some(message) = dossier.messages.iter_mut().find(|one| one.id == id) else { return Err(not_found()) };
    if message.email != email || message.discarded_at.is_some() {
        return Err(told("Le message ne peut pas être supprimé"));
    }
    message.discarded_at = Some(at);
    let corrected = message.correction.is_some();
    dossier.updated_at = at;
    if corrected {
        resolve_corrections(dossier, at);
    }
    Ok(vec![("message", message_node(call, number, id))])
}
