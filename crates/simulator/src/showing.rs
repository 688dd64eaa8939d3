//! What the API returns for one dossier: its own fields, its company, its messages and opinions (§3).

use super::dossier::{Avis, Demandeur, Dossier, Message};
use super::fields;
use super::form::Side;
use super::node::{Failure, Node, Source};
use super::reading::{Call, group_node, instructeur_node, missing, profile};
use super::variables::Arguments;
use super::world::World;
use super::{attachments, dates, ids, reading};
use jiff::Timestamp;

pub(super) fn dossier(
    call: &Call<'_>,
    number: u32,
    field: &str,
    arguments: &Arguments,
) -> Result<Node, Failure> {
    let Some(dossier) = call.world.seen(number) else { return Err(Failure::not_found("Dossier")) };
    if let Some(node) = plain(call.world, dossier, field) {
        return Ok(node);
    }
    Ok(match field {
        "champs" | "annotations" if dossier.poisoned => {
            return Err(Failure::new(
                "invalid_null",
                "Cannot return null for non-nullable field Commune.code",
            ));
        }
        "champs" => fields::champs(call, dossier, Side::Champs, arguments),
        "annotations" => fields::champs(call, dossier, Side::Annotations, arguments),
        "demarche" => Node::Object("DemarcheDescriptor", Source::Descriptor(dossier.revision)),
        "groupeInstructeur" => call.world.group(dossier.group).map(group_node).into(),
        "demandeur" => demandeur(call, dossier),
        "instructeurs" => Node::list(
            dossier.followers.iter().filter_map(|one| call.world.instructeur(*one)).map(instructeur_node),
        ),
        "labels" => Node::list(
            call.world
                .labels
                .iter()
                .filter(|label| dossier.labels.contains(&label.number))
                .map(reading::label_node),
        ),
        "avis" => avis(call.world, dossier, arguments.text("id")),
        "motivationAttachment" => {
            dossier.justificatif.as_ref().and_then(|file| attachments::file(call.world, file)).into()
        }
        "geojson" => attachments::generated(
            call.world,
            &format!("geojson-{number}"),
            &format!("dossier-{number}.json"),
            call.world.now(),
        ),
        "messages" => messages(call.world, dossier, arguments.text("id")),
        "pdf" => attachments::generated(
            call.world,
            &format!("pdf-{number}"),
            &format!("dossier-{number}.pdf"),
            call.world.now(),
        ),
        "attestation" => match dossier.attestation_at.filter(|at| *at <= call.world.now()) {
            Some(at) => attachments::attestation(call.world, number, at),
            None => Node::Null,
        },
        _ => return Err(missing("Dossier", field)),
    })
}

/// What needs nothing but the dossier itself.
fn plain(world: &World, dossier: &Dossier, field: &str) -> Option<Node> {
    let maybe = |at: Option<Timestamp>| Node::from(at.map(dates::printed));
    Some(match field {
        "id" => ids::global("Dossier", dossier.number).into(),
        "number" => dossier.number.into(),
        "state" => dossier.state.name().into(),
        "usager" if dossier.usager_deleted => profile("<deleted>".to_owned(), &dossier.usager_email),
        "usager" => profile(ids::global("User", dossier.number + 50_000), &dossier.usager_email),
        "connectionUsager" => if dossier.usager_deleted { "deleted" } else { "password" }.into(),
        "archived" => dossier.archived.into(),
        "prefilled" | "deposeParUnTiers" => false.into(),
        "prenomMandataire" | "nomMandataire" | "dateAccuseLectureAgreement" => Node::Null,
        "dateDepot" => Node::when(dossier.depose_at),
        "datePassageEnConstruction" => Node::when(dossier.en_construction_at),
        "datePassageEnInstruction" => maybe(dossier.en_instruction_at),
        "dateTraitement" => maybe(dossier.processed_at),
        "dateExpiration" => maybe(world.expires_at(dossier.number)),
        "dateSuppressionParUsager" => maybe(dossier.hidden_by_user_at),
        "dateSuppressionParAdministration" => maybe(dossier.hidden_by_administration_at),
        "dateDerniereModification" => Node::when(dossier.updated_at),
        "dateDerniereModificationChamps" => Node::when(dossier.champs_at),
        "dateDerniereModificationAnnotations" => Node::when(dossier.annotations_at),
        "dateDerniereModificationChampsParInstructeur" => maybe(dossier.champs_by_instructeur_at),
        "datePrevisionnelleDecisionSVASVR" => dossier.silence_due.map(|due| due.to_string()).into(),
        "dateTraitementSVASVR" => maybe(dossier.silence_at),
        "dateDerniereCorrectionEnAttente" => {
            maybe(dossier.pending_correction().map(|message| message.created_at))
        }
        "motivation" => dossier.motivation.clone().into(),
        "traitements" => Node::list(dossier.traitements.iter().map(|one| {
            Node::fields(
                "Traitement",
                vec![
                    ("id", ids::global("Traitement", one.id).into()),
                    ("event", one.event.into()),
                    ("dateTraitement", Node::when(one.at)),
                    ("emailAgentTraitant", one.email.clone().into()),
                    ("motivation", one.motivation.clone().into()),
                    ("revision", Node::Object("Revision", Source::Revision(dossier.revision))),
                ],
            )
        })),
        _ => return None,
    })
}

fn demandeur(call: &Call<'_>, dossier: &Dossier) -> Node {
    let id = ids::global("Etablissement", dossier.number);
    match &dossier.demandeur {
        Demandeur::Incomplete { siret } if call.names("PersonneMoraleIncomplete") => {
            Node::fields("PersonneMoraleIncomplete", vec![("id", id.into()), ("siret", siret.clone().into())])
        }
        // Without that fragment the type is the ordinary one, and its mandatory fields are null (§3.3).
        Demandeur::Incomplete { siret } => company(id, siret, None),
        Demandeur::Company { siret, name } => company(id, siret, Some(name)),
        Demandeur::Person { name, first_name, email } => Node::fields(
            "PersonnePhysique",
            vec![
                ("id", ids::global("Individual", dossier.number).into()),
                ("civilite", Node::Null),
                ("nom", name.clone().into()),
                ("prenom", first_name.clone().into()),
                ("email", email.clone().into()),
            ],
        ),
    }
}

fn company(id: String, siret: &str, name: Option<&String>) -> Node {
    let siren: String = siret.chars().take(9).collect();
    let entreprise = name.map(|name| {
        Node::fields(
            "Entreprise",
            vec![
                ("siren", siren.into()),
                ("siretSiegeSocial", siret.into()),
                ("raisonSociale", name.clone().into()),
                ("nomCommercial", "".into()),
                ("inlineAdresse", "1 place de l'Exemple".into()),
                ("capitalSocial", "-1".into()), // how the platform writes « unknown »
                ("dateCreation", "1998-01-01".into()),
            ],
        )
    });
    Node::fields(
        "PersonneMorale",
        vec![
            ("id", id.into()),
            ("siret", siret.into()),
            ("siegeSocial", name.map(|_| true).into()),
            ("naf", name.map(|_| "84.11Z").into()),
            ("libelleNaf", name.map(|_| "Administration publique générale").into()),
            ("entreprise", entreprise.into()),
        ],
    )
}

fn messages(world: &World, dossier: &Dossier, only: Option<&str>) -> Node {
    let chosen =
        |message: &&Message| only.is_none_or(|id| ids::number(id, "Commentaire") == Some(message.id));
    Node::list(dossier.messages.iter().filter(chosen).map(|message| self::message(world, message)))
}

pub(super) fn message(world: &World, message: &Message) -> Node {
    let correction = message.correction.as_ref().map(|correction| {
        Node::fields(
            "Correction",
            vec![
                ("reason", correction.reason.clone().into()),
                ("dateResolution", correction.resolved_at.map(dates::printed).into()),
            ],
        )
    });
    // A deleted message stays in the list, emptied.
    let body = if message.discarded_at.is_some() { String::new() } else { message.body.clone() };
    Node::fields(
        "Message",
        vec![
            ("id", ids::global("Commentaire", message.id).into()),
            ("email", message.email.clone().into()),
            ("body", body.into()),
            ("createdAt", Node::when(message.created_at)),
            ("discardedAt", message.discarded_at.map(dates::printed).into()),
            (
                "attachments",
                Node::list(message.attachments.iter().filter_map(|one| attachments::file(world, one))),
            ),
            ("correction", correction.into()),
        ],
    )
}

fn avis(world: &World, dossier: &Dossier, only: Option<&str>) -> Node {
    let chosen = |avis: &&Avis| only.is_none_or(|id| ids::number(id, "Avis") == Some(avis.id));
    let person = |email: &str| profile(ids::global("User", format!("avis-{email}")), email);
    Node::list(dossier.avis.iter().filter(chosen).map(|avis| {
        let files = avis.attachments.iter().filter_map(|one| attachments::file(world, one));
        Node::fields(
            "Avis",
            vec![
                ("id", ids::global("Avis", avis.id).into()),
                ("question", avis.question.clone().into()),
                ("questionLabel", Node::Null),
                ("questionAnswer", Node::Null),
                ("reponse", avis.reponse.clone().into()),
                ("dateQuestion", Node::when(avis.asked_at)),
                ("dateReponse", Node::when(avis.updated_at)),
                ("claimant", person(&avis.claimant)),
                ("expert", person(&avis.expert)),
                ("attachments", Node::list(files)),
            ],
        )
    }))
}
