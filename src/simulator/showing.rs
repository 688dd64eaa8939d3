//! How one dossier is shown: its fields, its champs with the type the query deserves, its messages and files (§3).

use super::dossier::{Cell, Demandeur, Dossier, Fields, Message, Row, Value};
use super::files::File;
use super::form::{Descriptor, Kind, Side};
use super::node::{Failure, Node, Source};
use super::reading::{Call, group_node, instructeur_node, missing, profile};
use super::variables::Arguments;
use super::world::World;
use super::{attachments, dates, edits, ids};
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
        "champs" => champs(call, dossier, Side::Champs, arguments),
        "annotations" => champs(call, dossier, Side::Annotations, arguments),
        "demarche" => Node::Object("DemarcheDescriptor", Source::Descriptor),
        "groupeInstructeur" => call.world.group(dossier.group).map(group_node).into(),
        "demandeur" => demandeur(call, dossier),
        "instructeurs" => Node::list(
            dossier.followers.iter().filter_map(|one| call.world.instructeur(*one)).map(instructeur_node),
        ),
        "messages" => messages(call.world, dossier, arguments.text("id")),
        "pdf" => attachments::generated(
            call.world,
            &format!("pdf-{number}"),
            &format!("dossier-{number}.pdf"),
            call.world.now(),
        ),
        "attestation" => match dossier.attestation_at.filter(|at| *at <= call.world.now()) {
            Some(at) => {
                attachments::generated(call.world, &format!("attestation-{number}"), "attestation.pdf", at)
            }
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
        "prenomMandataire" | "nomMandataire" | "motivationAttachment" => Node::Null,
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

fn champs(call: &Call<'_>, dossier: &Dossier, side: Side, arguments: &Arguments) -> Node {
    let fields = if side == Side::Champs { &dossier.champs } else { &dossier.annotations };
    let descriptors = call.world.form.side(side).iter();
    // Asked by its id, a champ is answered even when its condition hides it.
    let chosen = descriptors.filter(|descriptor| match arguments.text("id") {
        Some(id) => ids::number(id, "Champ") == Some(descriptor.stable_id),
        None => visible(call.world, fields, side, descriptor),
    });
    Node::list(chosen.map(|descriptor| top_champ(call, dossier, fields, descriptor)))
}

fn visible(world: &World, fields: &Fields, side: Side, descriptor: &Descriptor) -> bool {
    descriptor.condition.as_ref().is_none_or(|condition| {
        let cell =
            world.form.find(side, &condition.label).and_then(|other| fields.cells.get(&other.stable_id));
        let text = cell.and_then(|cell| cell.value.text()).unwrap_or_default();
        (text == condition.text) == condition.equal
    })
}

pub(super) fn top_champ(
    call: &Call<'_>,
    dossier: &Dossier,
    fields: &Fields,
    descriptor: &Descriptor,
) -> Node {
    if descriptor.kind != Kind::Repetition {
        return champ(call, dossier, descriptor, fields.cells.get(&descriptor.stable_id), None);
    }
    let rows = fields.rows.get(&descriptor.stable_id).into_iter().flatten().map(|row: &Row| {
        let cell = |child: &Descriptor| {
            champ(call, dossier, child, row.cells.get(&child.stable_id), Some(&row.ulid))
        };
        Node::fields(
            "Row",
            vec![
                ("id", ids::global("Row", &row.ulid).into()),
                ("champs", Node::list(descriptor.children.iter().map(cell))),
            ],
        )
    });
    let mut node = common(dossier, descriptor, None, None, Node::Null);
    node.push(("rows", Node::list(rows)));
    Node::fields("RepetitionChamp", node)
}

fn common(
    dossier: &Dossier,
    descriptor: &Descriptor,
    cell: Option<&Cell>,
    row: Option<&str>,
    text: Node,
) -> Vec<(&'static str, Node)> {
    let id = match row {
        Some(ulid) => ids::global("Champ", format!("{}|{ulid}", descriptor.stable_id)),
        None => descriptor.id(),
    };
    vec![
        ("id", id.into()),
        ("champDescriptorId", descriptor.id().into()),
        ("label", descriptor.label.clone().into()),
        ("stringValue", text),
        ("prefilled", false.into()),
        ("updatedAt", Node::when(cell.map_or(dossier.depose_at, |cell| cell.updated_at))),
    ]
}

pub(super) fn champ(
    call: &Call<'_>,
    dossier: &Dossier,
    descriptor: &Descriptor,
    cell: Option<&Cell>,
    row: Option<&str>,
) -> Node {
    // After a change of type, the former value is shown as empty (§3.5).
    let value = cell
        .map(|cell| &cell.value)
        .filter(|value| edits::fits(descriptor.kind, value))
        .unwrap_or(&Value::Empty);
    let (type_name, field, shown) = typed(call, descriptor.kind, value);
    let mut fields = common(dossier, descriptor, cell, row, string_value(descriptor.kind, value));
    if !field.is_empty() {
        fields.push((field, shown));
    }
    Node::fields(type_name, fields)
}

/// What a person reads: French dates, never ISO ones.
fn string_value(kind: Kind, value: &Value) -> Node {
    match (kind, value) {
        (Kind::Files | Kind::Header | Kind::Explanation, _) => Node::Null,
        (Kind::Checkbox, Value::Empty) => "false".into(),
        (_, Value::Date(date)) => dates::long_date(*date).into(),
        (_, Value::Datetime(at)) => dates::long_datetime(*at).into(),
        (_, value) => value.text().unwrap_or_default().into(),
    }
}

/// The concrete type, and the one field it adds. Several fall back on another type when the query does not name them (§3.5).
fn typed(call: &Call<'_>, kind: Kind, value: &Value) -> (&'static str, &'static str, Node) {
    let named = |type_name| call.names(type_name);
    let text = || Node::from(value.text());
    let flag = if let Value::Bool(flag) = value { Some(*flag) } else { None };
    match kind {
        Kind::Choice if named("DropDownListChamp") => ("DropDownListChamp", "value", text()),
        Kind::Departement if named("DepartementChamp") => {
            ("DepartementChamp", "departement", departement(value))
        }
        Kind::Header if named("HeaderSectionChamp") => ("HeaderSectionChamp", "", Node::Null),
        Kind::Explanation if named("ExplicationChamp") => ("ExplicationChamp", "", Node::Null),
        Kind::YesNo if named("YesNoChamp") => ("YesNoChamp", "value", flag.into()),
        Kind::YesNo | Kind::Checkbox => ("CheckboxChamp", "value", flag.unwrap_or(false).into()),
        Kind::Datetime if named("DatetimeChamp") => ("DatetimeChamp", "datetime", text()),
        Kind::Datetime => {
            let date = if let Value::Datetime(at) = value {
                Some(dates::paris(*at).date().to_string())
            } else {
                None
            };
            ("DateChamp", "date", date.into())
        }
        Kind::Date => ("DateChamp", "date", text()),
        Kind::Integer => ("IntegerNumberChamp", "value", text()), // BigInt: as text
        Kind::Decimal => {
            ("DecimalNumberChamp", "value", value.text().and_then(|text| text.parse::<f64>().ok()).into())
        }
        Kind::Choices => {
            let all = if let Value::Choices(all) = value { all.clone() } else { Vec::new() };
            ("MultipleDropDownListChamp", "values", Node::list(all.into_iter().map(Node::from)))
        }
        Kind::DossierLink => ("DossierLinkChamp", "dossier", linked(call, value)),
        Kind::Siret => ("SiretChamp", "etablissement", Node::Null),
        Kind::Files => {
            let all: &[File] = if let Value::Files(all) = value { all } else { &[] };
            (
                "PieceJustificativeChamp",
                "files",
                Node::list(all.iter().filter_map(|one| attachments::file(call.world, one))),
            )
        }
        _ => ("TextChamp", "value", text()),
    }
}

fn linked(call: &Call<'_>, value: &Value) -> Node {
    let Value::Dossier(number) = value else { return Node::Null };
    let seen = call.world.seen(*number).filter(|dossier| dossier.is_visible());
    seen.map(|dossier| Node::Object("Dossier", Source::Dossier(dossier.number))).into()
}

/// Kept as « 75 – Nom », which is also what a person reads.
fn departement(value: &Value) -> Node {
    let Some(text) = value.text() else { return Node::Null };
    let (code, name) = text.split_once(" – ").unwrap_or((text.as_str(), text.as_str()));
    Node::fields("Departement", vec![("code", code.into()), ("name", name.into())])
}
