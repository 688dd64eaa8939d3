//! Queries: from the root to a dossier. One function answers every field of every object.

use super::dossier::State;
use super::form::{Descriptor, Kind, Side};
use super::ids;
use super::mutations;
use super::node::{Failure, Node, Source};
use super::opinions::Label;
use super::showing;
use super::streams;
use super::variables::Arguments;
use super::world::{Edition, Group, Instructeur, Token, World};
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
        Source::Demarche => demarche(call, call.world.form.revision, field, arguments)
            .unwrap_or_else(|| Err(missing(type_name, field))),
        Source::Descriptor(revision) => {
            demarche(call, *revision, field, arguments).unwrap_or_else(|| Err(missing(type_name, field)))
        }
        Source::Revision(number) => {
            revision(call.world, *number, field).ok_or_else(|| missing(type_name, field))
        }
        Source::Group(number) => {
            group(call, *number, field, arguments).unwrap_or_else(|| Err(missing(type_name, field)))
        }
        Source::Dossier(number) => showing::dossier(call, *number, field, arguments),
    }
}

/// A field of the SDL that no code here answers: a bug of the simulator, reported as an error.
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
                Ok(Node::Object("DemarcheDescriptor", Source::Descriptor(call.world.form.revision)))
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

fn demarche(
    call: &Call<'_>,
    revision: u32,
    field: &str,
    arguments: &Arguments,
) -> Option<Result<Node, Failure>> {
    let world = &*call.world;
    let published = world.form.revision;
    let node = match field {
        "id" => ids::global("Procedure", world.demarche).into(),
        "number" => world.demarche.into(),
        "title" => world.title.clone().into(),
        "description" => "Démarche fictive : rien de ce qui s'y trouve n'existe.".into(),
        "state" => "publiee".into(),
        "dateCreation" => Node::when(world.created_at),
        "datePublication" => Node::when(world.created_at),
        "dateDerniereModification" => Node::when(world.published_at(published)),
        "declarative" => world.declarative.map(State::name).into(),
        "labels" => Node::list(world.labels.iter().map(label_node)),
        "dureeConservationDossiers" => world.retention_months.unsigned_abs().into(),
        "opendata" => false.into(),
        "activeRevision" | "publishedRevision" | "draftRevision" => {
            Node::Object("Revision", Source::Revision(published))
        }
        "revision" => Node::Object("Revision", Source::Revision(revision)),
        "revisions" => Node::list(
            world.revisions().into_iter().map(|one| Node::Object("Revision", Source::Revision(one))),
        ),
        "groupeInstructeurs" if arguments.get("closed").is_some() => {
            return Some(groups_by_state(world, arguments));
        }
        "groupeInstructeurs" => Node::list(world.groups.iter().map(group_node)),
        "dossiers" | "pendingDeletedDossiers" | "deletedDossiers" => {
            return Some(streams::stream(world, None, field, arguments));
        }
        _ => return None,
    };
    Some(Ok(node))
}

fn group(call: &Call<'_>, number: u32, field: &str, arguments: &Arguments) -> Option<Result<Node, Failure>> {
    if matches!(field, "dossiers" | "pendingDeletedDossiers" | "deletedDossiers") {
        return Some(streams::stream(call.world, Some(number), field, arguments));
    }
    let Node::Object(_, Source::Fields(fields)) = group_node(call.world.group(number)?) else { return None };
    fields.into_iter().find(|(name, _)| *name == field).map(|(_, node)| Ok(node))
}

/// Any value of this argument breaks the January edition; a careful client never passes it (§2.6).
fn groups_by_state(world: &World, arguments: &Arguments) -> Result<Node, Failure> {
    if world.edition == Edition::January2026 {
        let failure = Failure::new("internal_server_error", "Internal Server Error");
        return Err(Failure { status: Some(500), ..failure });
    }
    let closed = arguments.boolean("closed");
    Ok(Node::list(world.groups.iter().filter(|group| Some(group.closed) == closed).map(group_node)))
}

pub(super) fn label_node(label: &Label) -> Node {
    Node::fields(
        "Label",
        vec![
            ("id", ids::global("Label", label.number).into()),
            ("name", label.name.clone().into()),
            ("color", label.color.into()),
        ],
    )
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

fn revision(world: &World, number: u32, field: &str) -> Option<Node> {
    let form = world.form_at(number);
    Some(match field {
        "id" => ids::global("ProcedureRevision", number).into(),
        "dateCreation" | "datePublication" => Node::when(world.published_at(number)),
        "champDescriptors" => Node::list(form.side(Side::Champs).iter().map(descriptor)),
        "annotationDescriptors" => Node::list(form.side(Side::Annotations).iter().map(descriptor)),
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
