//! Revisions of the form: publishing one moves every open dossier to it, changes no date, and leaves the closed ones
//! (§6).

use super::dossier::Dossier;
use super::form::{Descriptor, Form, Side};
use super::world::World;
use jiff::Timestamp;

impl World {
    /// Publishes the form as `change` leaves it, and returns the number of the new revision. No dossier's date changes.
    pub fn publish(&mut self, change: impl FnOnce(&mut Form)) -> u32 {
        let mut form = self.form.clone();
        change(&mut form);
        form.revision = self.form.revision + 1;
        let revision = form.revision;
        self.published.insert(revision, self.now());
        self.former.push(std::mem::replace(&mut self.form, form));
        for dossier in self.dossiers.values_mut().filter(|dossier| !dossier.state.is_final()) {
            dossier.revision = revision;
        }
        revision
    }

    /// The form of a dossier: that of its own revision, however old.
    pub(super) fn form_of(&self, dossier: &Dossier) -> &Form {
        self.form_at(dossier.revision)
    }

    pub(super) fn form_at(&self, revision: u32) -> &Form {
        self.former
            .iter()
            .find(|form| form.revision == revision && revision != self.form.revision)
            .unwrap_or(&self.form)
    }

    pub(super) fn published_at(&self, revision: u32) -> Timestamp {
        self.published.get(&revision).copied().unwrap_or(self.created_at)
    }

    /// Oldest first.
    pub(super) fn revisions(&self) -> Vec<u32> {
        self.former.iter().chain([&self.form]).map(|form| form.revision).collect()
    }

    pub(super) fn stable_id(&self, number: u32, side: Side, label: &str) -> Option<u32> {
        Some(self.form_of(self.dossiers.get(&number)?).find(side, label)?.stable_id)
    }
}

impl Form {
    /// A new field, with an identifier that no other ever had.
    pub fn add(&mut self, side: Side, mut descriptor: Descriptor) -> u32 {
        self.added += 1;
        descriptor.stable_id = 1000 + self.added;
        let stable_id = descriptor.stable_id;
        for child in &mut descriptor.children {
            self.added += 1;
            child.stable_id = 1000 + self.added;
        }
        self.side_mut(side).push(descriptor);
        stable_id
    }

    pub fn remove(&mut self, side: Side, label: &str) {
        self.side_mut(side).retain(|descriptor| descriptor.label != label);
    }

    pub fn field_mut(&mut self, side: Side, label: &str) -> Option<&mut Descriptor> {
        self.side_mut(side).iter_mut().find(|descriptor| descriptor.label == label)
    }

    fn side_mut(&mut self, side: Side) -> &mut Vec<Descriptor> {
        match side {
            Side::Champs => &mut self.champs,
            Side::Annotations => &mut self.annotations,
        }
    }
}
