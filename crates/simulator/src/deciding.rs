//! Mutations of the state of a dossier, its archive, its followers and its group (§4.2).

use super::dossier::State;
use super::files::File;
use super::ids;
use super::mutations::{Done, Loaded, Refusal, member, shown, state, told};
use super::node::Failure;
use super::reading::{Call, instructeur_node};
use super::variables::Arguments;
use super::world::Edition;

/// Decisions and returns; a decision may carry a document.
pub(super) fn change_state(
    call: &mut Call<'_>,
    loaded: &Loaded,
    field: &str,
    input: &Arguments,
    justificatif: Option<File>,
) -> Done {
    let current = state(call, loaded);
    let name = if call.english { current.english() } else { current.french() };
    // The sentence itself is French for everybody (§1.4).
    let already = || told(format!("Le dossier est déjà {name}"));
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
    // A missing mandatory annotation is reported with the error of a wrong state (§4.2).
    if !allowed || (to.is_final() && !call.world.annotations_are_complete(loaded.number)) {
        return Err(already());
    }
    let instructeur = member(call, loaded)?;
    if field == "dossierRepasserEnConstruction" && call.world.silence.is_some() {
        return Err(no_way_back(call.world.edition));
    }
    let notify = !input.boolean("disableNotification").unwrap_or(false);
    call.world.transition(loaded.number, to, Some(instructeur), input.text("motivation"), notify);
    if let Some(mut file) = justificatif {
        let at = call.world.now();
        call.world.keep(loaded.number, &mut file, at);
        if let Some(dossier) = call.world.dossiers.get_mut(&loaded.number) {
            dossier.justificatif = Some(file);
        }
    }
    Ok(vec![shown(loaded.number)])
}

/// In an SVA or SVR démarche only a request for corrections sends a dossier back. January answered 500; the sentence of
/// September is not known, this one is ours.
fn no_way_back(edition: Edition) -> Refusal {
    match edition {
        Edition::January2026 => Refusal::Failed(Failure {
            status: Some(500),
            ..Failure::new("internal_server_error", "Internal Server Error")
        }),
        Edition::September2026 => told(
            "Le dossier est soumis à une décision implicite : demandez une correction pour le repasser en construction",
        ),
    }
}

pub(super) fn archive(call: &mut Call<'_>, loaded: &Loaded, archived: bool) -> Done {
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

pub(super) fn follow(call: &mut Call<'_>, loaded: &Loaded, input: &Arguments) -> Done {
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

pub(super) fn change_group(call: &mut Call<'_>, loaded: &Loaded, payload: &str, input: &Arguments) -> Done {
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
