//! Mutations, in the platform's order of checks: write access, blobs, loading, state, membership of the group (§4.1).

use super::dossier::State;
use super::files::File;
use super::ids;
use super::node::{Failure, Node, Source};
use super::reading::{Call, missing};
use super::variables::Arguments;
use super::world::Edition;
use super::{annotating, deciding, labelling, messaging};

const READ_ONLY: &str = "Le jeton utilisé est configuré seulement en lecture";
pub(super) const NO_RIGHTS: &str = "L’instructeur n’a pas les droits d’accès à ce dossier";

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

pub(super) type Done = Result<Vec<(&'static str, Node)>, Refusal>;

pub(super) fn run(call: &mut Call<'_>, field: &str, arguments: &Arguments) -> Result<Node, Failure> {
    let payload =
        PAYLOADS.iter().find(|(name, _, _)| *name == field).ok_or_else(|| missing("Mutation", field))?;
    let (_, type_name, objects) = *payload;
    let input = arguments.object("input");
    let done = if !call.token.write {
        read_only(call, field)
    } else {
        blob(call, &input).and_then(|blob| attempt(call, field, type_name, &input, blob))
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

/// The payload of an upload has no place for a sentence: January left its mandatory object null (§4.6).
fn read_only(call: &Call<'_>, field: &str) -> Done {
    match (field, call.world.edition) {
        ("createDirectUpload", Edition::January2026) => Ok(Vec::new()),
        ("createDirectUpload", Edition::September2026) => Err(Failure::new("unauthorized", READ_ONLY).into()),
        _ => Err(told(READ_ONLY)),
    }
}

/// The file that the input names, checked before anything is loaded.
fn blob(call: &Call<'_>, input: &Arguments) -> Result<Option<File>, Refusal> {
    let Some(signed) = input.text("attachment").or_else(|| input.text("justificatif")) else {
        return Ok(None);
    };
    call.world.uploaded(signed).map(Some).map_err(told)
}

pub(super) fn errors(messages: Vec<String>) -> Node {
    Node::list(
        messages
            .into_iter()
            .map(|message| Node::fields("ValidationError", vec![("message", message.into())])),
    )
}

/// Name of the field, type of its payload, objects of that payload.
const PAYLOADS: [(&str, &str, &[&str]); 17] = [
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
    ("dossierAnnulerDemandeCorrection", "DossierAnnulerDemandeCorrectionPayload", &["message"]),
    ("dossierAjouterLabel", "DossierAjouterLabelPayload", &["dossier", "label"]),
    ("dossierSupprimerLabel", "DossierSupprimerLabelPayload", &["dossier", "label"]),
    ("createDirectUpload", "CreateDirectUploadPayload", &["directUpload"]),
];

fn attempt(call: &mut Call<'_>, field: &str, payload: &str, input: &Arguments, blob: Option<File>) -> Done {
    match field {
        "dossierSupprimerMessage" => return messaging::delete(call, payload, input),
        "dossierAnnulerDemandeCorrection" => return messaging::cancel_correction(call, payload, input),
        _ => {}
    }
    let loaded = load(call, payload, input)?;
    match field {
        "dossierEnvoyerMessage" => messaging::send(call, &loaded, input, blob),
        "dossierModifierAnnotations" => annotating::bulk(call, &loaded, input),
        "dossierChangerGroupeInstructeur" => deciding::change_group(call, &loaded, payload, input),
        "dossierBasculeSuivi" => deciding::follow(call, &loaded, input),
        "dossierArchiver" | "dossierDesarchiver" => {
            deciding::archive(call, &loaded, field == "dossierArchiver")
        }
        "dossierAjouterLabel" | "dossierSupprimerLabel" => {
            labelling::put(call, &loaded, payload, input, field == "dossierAjouterLabel")
        }
        "createDirectUpload" => Ok(labelling::direct_upload(call, input)),
        _ => deciding::change_state(call, &loaded, field, input, blob),
    }
}

/// An object that does not load is reported under the name of the payload, whatever its type.
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
        // The id of a user loads, but a user may not act on a dossier.
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

/// Checked last: a wrong state is reported first.
pub(super) fn member(call: &Call<'_>, loaded: &Loaded) -> Result<u32, Refusal> {
    let group = call.world.dossier(loaded.number).and_then(|dossier| call.world.group(dossier.group));
    let belongs =
        |number: u32| group.is_some_and(|group| group.instructeurs.iter().any(|one| one.number == number));
    loaded.instructeur.filter(|number| belongs(*number)).ok_or_else(|| told(NO_RIGHTS))
}

pub(super) fn state(call: &Call<'_>, loaded: &Loaded) -> State {
    call.world.dossier(loaded.number).map_or(State::EnConstruction, |dossier| dossier.state)
}

pub(super) fn shown(number: u32) -> (&'static str, Node) {
    ("dossier", Node::Object("Dossier", Source::Dossier(number)))
}
