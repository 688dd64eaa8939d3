//! The three streams of a démarche or of a group: dossiers, hidden ones, erased ones (§2.1, §2.3).

use super::connections::{Key, connection};
use super::dates;
use super::dossier::Dossier;
use super::ids;
use super::node::{Failure, Node, Source};
use super::variables::Arguments;
use super::world::{Tombstone, World};

pub(super) fn stream(
    world: &World,
    group: Option<u32>,
    field: &str,
    arguments: &Arguments,
) -> Result<Node, Failure> {
    let ours = |number: u32| group.is_none_or(|group| group == number);
    if field == "dossiers" {
        let revisions = Revisions::asked(world, arguments)?;
        let keys = world
            .all_seen()
            .filter(|dossier| ours(dossier.group) && revisions.hold(dossier.revision))
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

/// Which revisions are asked: one exactly, or from one to another. An unknown one has no connection at all.
struct Revisions(std::ops::RangeInclusive<u32>);

impl Revisions {
    fn asked(world: &World, arguments: &Arguments) -> Result<Revisions, Failure> {
        let read = |name: &str| -> Result<Option<u32>, Failure> {
            let Some(id) = arguments.text(name) else { return Ok(None) };
            let known = ids::number(id, "ProcedureRevision").filter(|one| world.revisions().contains(one));
            known.map(Some).ok_or_else(|| Failure::not_found("DossierConnection"))
        };
        Ok(Revisions(match read("revision")? {
            Some(one) => one..=one,
            None => read("minRevision")?.unwrap_or(0)..=read("maxRevision")?.unwrap_or(u32::MAX),
        }))
    }

    fn hold(&self, revision: u32) -> bool {
        self.0.contains(&revision)
    }
}
