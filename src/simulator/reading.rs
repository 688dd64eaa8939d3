//! Queries: from the root to a dossier. One function answers every field of every object.

use super::connections::{Key, connection};
use super::dates;
use super::dossier::Dossier;
use super::form::{Descriptor, Kind, Side};
use super::ids;
use super::mutations;
use super::node::{Failure, Node, Source};
use super::showing;
use super::variables::Arguments;
use super::world::{Group, Instructeur, Token, Tombstone, World};
use std::collections::HashSet;

/// What one request may see and do.
pub(super) struct Call<'w> {
    pub(super) world: &'w mut World,
    pub(super) token: Token,
    /// Types named by a fragment of the query: some answers depend on it (§3.5).
    pub(super) fragments: HashSet<String>,
    /// The caller asked for English, which a client must not do: sentences are matched on (§1.4).
    pub(super) english: bool,
}

impl Call<'_> {
    pub(super) fn names(&self, type_name: &str) -> bool {
        self.fragments.contains(type_name)
    }

    pub(super) fn in_scope(&self) -> bool {
        self.token.demarches.as_ref().is_none_or(|all| all.contains(&self.world.demarche))
    }
}

pub(super) fn resolve(
    call: &mut Call<'_>,
    type_name: &str,
    source: &Source,
    field: &str,
    arguments: &Arguments,
) -> Result<Node, Failure> {
    match source {
        Source::Fields(fields) => fields
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, node)| node.again())
            .ok_or_else(|| missing(type_name, field)),
        Source::Root if type_name == "Mutation" => mutations::run(call, field, arguments),
        Source::Root => root(call, field, arguments),
        Source::Demarche | Source::Descriptor => {
            demarche(call, field, arguments).unwrap_or_else(|| Err(missing(type_name, field)))
        }
        Source::Revision => revision(call.world, field).ok_or_else(|| missing(type_name, field)),
        Source::Group(number) => {
            group(call, *number, field, arguments).unwrap_or_else(|| Err(missing(type_name, field)))
        }
        Source::Dossier(number) => showing::dossier(call, *number, field, arguments),
    }
}

/// A field of the SDL that nothing fills: a fault of the simulator, told as one.
pub(super) fn missing(type_name: &str, field: &str) -> Failure {
    Failure::new("internal_server_error", format!("the simulator does not fill {type_name}.{field}"))
}

fn root(call: &Call<'_>, field: &str, arguments: &Arguments) -> Result<Node, Failure> {
    let number = arguments.integer("number").and_then(|number| u32::try_from(number).ok());
    match field {
        "demarche" if number != Some(call.world.demarche) => Err(Failure::not_found("Demarche")),
        "demarche" if !call.in_scope() => Err(Failure::hidden("Demarche")),
        "demarche" => Ok(Node::Object("Demarche", Source::Demarche)),
        "demarcheDescriptor" => {
            let wanted = arguments.object("demarche");
            let number = wanted.integer("number").and_then(|number| u32::try_from(number).ok());
            let number = number.or_else(|| ids::number(wanted.text("id")?, "Procedure"));
            if number != Some(call.world.demarche) {
                Err(Failure::not_found("DemarcheDescriptor"))
            } else if call.in_scope() {
                Ok(Node::Object("DemarcheDescriptor", Source::Descriptor))
            } else {
                Err(Failure::hidden("DemarcheDescriptor"))
            }
        }
        "dossier" => {
            let found =
                number.and_then(|number| call.world.seen(number)).filter(|dossier| dossier.is_visible());
            let dossier = found.ok_or_else(|| Failure::not_found("Dossier"))?;
            if call.in_scope() {
                Ok(Node::Object("Dossier", Source::Dossier(dossier.number)))
            } else {
                Err(Failure::hidden("Dossier"))
            }
        }
        "groupeInstructeur" => {
            let found = number.and_then(|number| call.world.group(number));
            let group = found.ok_or_else(|| Failure::not_found("GroupeInstructeurWithDossiers"))?;
            if call.in_scope() {
                Ok(Node::Object("GroupeInstructeurWithDossiers", Source::Group(group.number)))
            } else {
                Err(Failure::hidden("GroupeInstructeurWithDossiers"))
            }
        }
        _ => Err(missing("Query", field)),
    }
}

fn demarche(call: &Call<'_>, field: &str, arguments: &Arguments) -> Option<Result<Node, Failure>> {
    let world = &*call.world;
    let node = match field {
        "id" => ids::global("Procedure", world.demarche).into(),
        "number" => world.demarche.into(),
        "title" => world.title.clone().into(),
        "description" => "Démarche fictive : rien de ce qui s'y trouve n'existe.".into(),
        "state" => "publiee".into(),
        "dateCreation" => Node::when(world.created_at),
        "datePublication" | "dateDerniereModification" => Node::when(world.created_at),
        "dureeConservationDossiers" => world.retention_months.unsigned_abs().into(),
        "opendata" => false.into(),
        "activeRevision" | "publishedRevision" | "revision" => Node::Object("Revision", Source::Revision),
        // Any non-null argument breaks the January edition; it is never passed by a careful client.
        "groupeInstructeurs" => Node::list(world.groups.iter().map(group_node)),
        "dossiers" | "pendingDeletedDossiers" | "deletedDossiers" => {
            return Some(stream(world, None, field, arguments));
        }
        _ => return None,
    };
    Some(Ok(node))
}

fn group(call: &Call<'_>, number: u32, field: &str, arguments: &Arguments) -> Option<Result<Node, Failure>> {
    if matches!(field, "dossiers" | "pendingDeletedDossiers" | "deletedDossiers") {
        return Some(stream(call.world, Some(number), field, arguments));
    }
    let Node::Object(_, Source::Fields(fields)) = group_node(call.world.group(number)?) else { return None };
    fields.into_iter().find(|(name, _)| *name == field).map(|(_, node)| Ok(node))
}

pub(super) fn group_node(group: &Group) -> Node {
    Node::fields(
        "GroupeInstructeur",
        vec![
            ("id", ids::global("GroupeInstructeur", group.number).into()),
            ("number", group.number.into()),
            ("label", group.label.clone().into()),
            ("closed", group.closed.into()),
            ("instructeurs", Node::list(group.instructeurs.iter().map(instructeur_node))),
        ],
    )
}

pub(super) fn instructeur_node(instructeur: &Instructeur) -> Node {
    profile(ids::global("Instructeur", instructeur.number), &instructeur.email)
}

pub(super) fn profile(id: String, email: &str) -> Node {
    Node::fields("Profile", vec![("id", id.into()), ("email", email.into())])
}

fn stream(world: &World, group: Option<u32>, field: &str, arguments: &Arguments) -> Result<Node, Failure> {
    let ours = |number: u32| group.is_none_or(|group| group == number);
    if field == "dossiers" {
        let keys = world
            .all_seen()
            .filter(|dossier| ours(dossier.group))
            .filter_map(|dossier| listed(dossier, arguments))
            .collect();
        return connection("DossierConnection", "DossierEdge", keys, arguments, |number| {
            Node::Object("Dossier", Source::Dossier(number))
        });
    }
    let since = arguments.text("deletedSince").and_then(dates::read_datetime);
    let recent = |key: &Key| since.is_none_or(|since| key.0 >= since);
    if field == "pendingDeletedDossiers" {
        let hidden = world.all_seen().filter(|dossier| ours(dossier.group));
        let keys = hidden
            .filter_map(|dossier| Some((dossier.pending_deletion_at()?, dossier.number)))
            .filter(recent)
            .collect();
        return connection("DeletedDossierConnection", "DeletedDossierEdge", keys, arguments, |number| {
            pending(world, number)
        });
    }
    let keys = world
        .tombstones
        .iter()
        .filter(|one| ours(one.group))
        .map(|one| (one.deleted_at, one.id))
        .filter(recent)
        .collect();
    connection("DeletedDossierConnection", "DeletedDossierEdge", keys, arguments, |id| {
        world.tombstones.iter().find(|one| one.id == id).map_or(Node::Null, erased)
    })
}

/// The order column is the modification when `updatedSince` is given, else the deposit; then `createdSince` counts (§2.1).
fn listed(dossier: &Dossier, arguments: &Arguments) -> Option<Key> {
    if !dossier.is_visible() || arguments.text("state").is_some_and(|state| state != dossier.state.name()) {
        return None;
    }
    if arguments.boolean("archived").is_some_and(|archived| archived != dossier.archived) {
        return None;
    }
    let updated = arguments.text("updatedSince").and_then(dates::read_datetime);
    let created = arguments.text("createdSince").and_then(dates::read_datetime);
    let (at, since) =
        if updated.is_some() { (dossier.updated_at, updated) } else { (dossier.depose_at, created) };
    since.is_none_or(|since| at >= since).then_some((at, dossier.number))
}

fn pending(world: &World, number: u32) -> Node {
    let Some(dossier) = world.seen(number) else { return Node::Null };
    // Until it is erased its id is made of the dossier's number, afterwards of the tombstone's.
    let at = dossier.pending_deletion_at().unwrap_or(dossier.updated_at);
    deleted(number, number, dossier.state.name(), dossier.hidden_reason, at)
}

fn erased(tombstone: &Tombstone) -> Node {
    deleted(tombstone.id, tombstone.dossier, tombstone.state, tombstone.reason, tombstone.deleted_at)
}

fn deleted(id: u32, number: u32, state: &'static str, reason: &'static str, at: jiff::Timestamp) -> Node {
    Node::fields(
        "DeletedDossier",
        vec![
            ("id", ids::global("DeletedDossier", id).into()),
            ("number", number.into()),
            ("state", state.into()),
            ("reason", reason.into()),
            ("dateSupression", Node::when(at)),
        ],
    )
}

fn revision(world: &World, field: &str) -> Option<Node> {
    Some(match field {
        "id" => ids::global("ProcedureRevision", world.form.revision).into(),
        "dateCreation" | "datePublication" => Node::when(world.created_at),
        "champDescriptors" => Node::list(world.form.side(Side::Champs).iter().map(descriptor)),
        "annotationDescriptors" => Node::list(world.form.side(Side::Annotations).iter().map(descriptor)),
        _ => return None,
    })
}

fn descriptor(descriptor: &Descriptor) -> Node {
    let options = || Node::list(descriptor.options.iter().map(|option| option.clone().into()));
    Node::fields(
        descriptor_type(descriptor.kind),
        vec![
            ("id", descriptor.id().into()),
            ("label", descriptor.label.clone().into()),
            ("description", "".into()),
            ("required", descriptor.required.into()),
            ("options", options()),
            ("otherOption", false.into()),
            ("champDescriptors", Node::list(descriptor.children.iter().map(self::descriptor))),
        ],
    )
}

fn descriptor_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TextChampDescriptor",
        Kind::Textarea => "TextareaChampDescriptor",
        Kind::Email => "EmailChampDescriptor",
        Kind::Integer => "IntegerNumberChampDescriptor",
        Kind::Decimal => "DecimalNumberChampDescriptor",
        Kind::Date => "DateChampDescriptor",
        Kind::Datetime => "DatetimeChampDescriptor",
        Kind::YesNo => "YesNoChampDescriptor",
        Kind::Checkbox => "CheckboxChampDescriptor",
        Kind::Choice => "DropDownListChampDescriptor",
        Kind::Choices => "MultipleDropDownListChampDescriptor",
        Kind::Departement => "DepartementChampDescriptor",
        Kind::DossierLink => "DossierLinkChampDescriptor",
        Kind::Siret => "SiretChampDescriptor",
        Kind::Files => "PieceJustificativeChampDescriptor",
        Kind::Repetition => "RepetitionChampDescriptor",
        Kind::Header => "HeaderSectionChampDescriptor",
        Kind::Explanation => "ExplicationChampDescriptor",
    }
}
