//! What people do on the web site: candidates and their files, instructeurs and their annotations (§2.4, §2.5).

use super::dossier::{Cell, Correction, Demandeur, Dossier, Fields, Message, Row, State, Value};
use super::files::File;
use super::form::Side;
use super::ids;
use super::jobs::{Job, MAIL_DELAY, PURGE_DELAY};
use super::world::{GROUP, Mail, World};
use jiff::Timestamp;

/// A first submission. The number is the next free one unless given.
#[derive(Clone, Debug)]
pub struct Deposit {
    pub number: Option<u32>,
    pub group: u32,
    pub usager_email: String,
    pub demandeur: Demandeur,
    pub champs: Vec<(&'static str, Value)>,
}

impl Deposit {
    pub fn new(siret: &str, name: &str, usager_email: &str) -> Deposit {
        Deposit {
            number: None,
            group: GROUP,
            usager_email: usager_email.to_owned(),
            demandeur: Demandeur::Company { siret: siret.to_owned(), name: name.to_owned() },
            champs: Vec::new(),
        }
    }
}

/// The ways in which a dossier disappears (§2.3): each shows in another stream of the API, or in none, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    ByUser,
    ByInstructeur,
    Expired,
}

impl World {
    pub fn deposit(&mut self, deposit: Deposit) -> u32 {
        let number =
            deposit.number.unwrap_or_else(|| self.dossiers.keys().next_back().map_or(4242, |last| last + 1));
        let at = self.stamp();
        let dossier = blank(number, &deposit, self.form.revision, at);
        self.dossiers.insert(number, dossier);
        for (label, value) in deposit.champs {
            self.write(number, Side::Champs, label, value, &deposit.usager_email, at);
        }
        self.record(number, "depose", at, None, None);
        self.system_message(number, "Votre dossier a bien été déposé");
        self.mails.push(Mail { at, to: deposit.usager_email, kind: "initiated_mail", dossier: number });
        self.admit_by_itself(number);
        number
    }

    /// The candidate edits one field and submits again.
    pub fn edit_champ(&mut self, number: u32, label: &str, value: impl Into<Value>) {
        self.resubmit(number, vec![(label, value.into())]);
    }

    /// The candidate edits some fields and submits again: that answers a pending correction (§3.4).
    pub fn resubmit(&mut self, number: u32, edits: Vec<(&str, Value)>) {
        let Some(dossier) = self.dossiers.get(&number) else { return };
        let (email, corrected) = (dossier.usager_email.clone(), dossier.pending_correction().is_some());
        let at = self.stamp();
        let mut changed = false;
        for (label, value) in edits {
            changed |= self.write(number, Side::Champs, label, value, &email, at);
        }
        let Some(dossier) = self.dossiers.get_mut(&number) else { return };
        if changed {
            dossier.champs_at = at;
        }
        if changed || corrected {
            dossier.updated_at = at;
            resolve_corrections(dossier, at);
        }
        if corrected {
            self.record(number, "depose_correction_usager", at, None, None);
            self.resume_silence(number);
        }
    }

    /// An instructeur corrects what the user wrote: that has a date of its own since September 2026.
    pub fn correct_champ(&mut self, number: u32, label: &str, value: impl Into<Value>) {
        let Some((_, by)) = self.agent(number) else { return };
        let at = self.stamp();
        let changed = self.write(number, Side::Champs, label, value.into(), &by, at);
        if let Some(dossier) = self.dossiers.get_mut(&number).filter(|_| changed) {
            dossier.champs_by_instructeur_at = Some(at);
            dossier.updated_at = at;
        }
    }

    /// A person writes an annotation on the web site: unlike the API, that changes the date of annotations.
    pub fn annotate(&mut self, number: u32, label: &str, value: impl Into<Value>) {
        let by = self.agent(number).map_or_else(String::new, |(_, email)| email);
        let at = self.stamp();
        let changed = self.write(number, Side::Annotations, label, value.into(), &by, at);
        if let Some(dossier) = self.dossiers.get_mut(&number).filter(|_| changed) {
            dossier.annotations_at = at;
            dossier.updated_at = at;
        }
    }

    /// The platform, or another program, puts something else in the place of what was written: as after a mutation of the API,
    /// the date at which a person changed an annotation stays.
    pub fn replace_annotation(&mut self, number: u32, label: &str, value: impl Into<Value>) {
        let at = self.stamp();
        let changed = self.write(number, Side::Annotations, label, value.into(), "", at);
        if let Some(dossier) = self.dossiers.get_mut(&number).filter(|_| changed) {
            dossier.updated_at = at;
        }
    }

    /// A person adds a row to a repeated annotation. Until a cell of it is filled, no date changes (§2.4).
    pub fn add_row(&mut self, number: u32, label: &str, cells: Vec<(&'static str, Value)>) {
        let Some(stable_id) = self.stable_id(number, Side::Annotations, label) else { return };
        self.append_row(number, stable_id);
        let rows = self
            .dossiers
            .get(&number)
            .and_then(|dossier| dossier.annotations.rows.get(&stable_id))
            .map_or(1, Vec::len);
        let mut all = vec![Vec::new(); rows - 1];
        all.push(cells);
        self.annotate(number, label, Value::Rows(all));
    }

    /// An empty row, and its ULID.
    pub(super) fn append_row(&mut self, number: u32, stable_id: u32) -> String {
        let serial = self.serial();
        let ulid = ids::ulid(self.now(), u64::from(serial));
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier
                .annotations
                .rows
                .entry(stable_id)
                .or_default()
                .push(Row { ulid: ulid.clone(), ..Row::default() });
        }
        ulid
    }

    /// A message written by a person, the candidate or an instructeur, with the mails that follow.
    pub fn say(&mut self, number: u32, email: &str, body: &str) -> u32 {
        self.message(number, email, body, None, Vec::new())
    }

    /// The same, with files.
    pub fn say_with(&mut self, number: u32, email: &str, body: &str, files: Vec<File>) -> u32 {
        self.message(number, email, body, None, files)
    }

    /// An instructeur asks for corrections: the file goes back to construction until the candidate answers.
    pub fn ask_correction(&mut self, number: u32, body: &str, reason: &str) {
        if let Some((instructeur, email)) = self.agent(number) {
            self.message(number, &email, body, Some(reason), Vec::new());
            self.back_for_correction(number, instructeur);
        }
    }

    pub(super) fn message(
        &mut self,
        number: u32,
        email: &str,
        body: &str,
        reason: Option<&str>,
        mut files: Vec<File>,
    ) -> u32 {
        let (id, at) = (self.serial(), self.stamp());
        for file in &mut files {
            self.keep(number, file, at);
        }
        let Some(dossier) = self.dossiers.get_mut(&number) else { return id };
        let correction = reason.map(|reason| Correction { reason: reason.to_owned(), resolved_at: None });
        let from_user = dossier.usager_email == email;
        let (email, body) = (email.to_owned(), body.to_owned());
        dossier.messages.push(Message {
            id,
            email,
            body,
            created_at: at,
            discarded_at: None,
            correction,
            attachments: files,
        });
        dossier.updated_at = at;
        if !from_user {
            self.later(at + MAIL_DELAY, Job::MessageMail { dossier: number, message: id });
        }
        id
    }

    pub(super) fn back_for_correction(&mut self, number: u32, instructeur: u32) {
        if self.dossiers.get(&number).is_some_and(|dossier| dossier.state == State::EnInstruction) {
            self.transition(number, State::EnConstruction, Some(instructeur), None, false);
        }
    }

    pub fn delete(&mut self, number: u32, how: Deletion) {
        let at = self.stamp();
        if how == Deletion::Expired {
            self.hide_expired(number, at);
            return;
        }
        let Some(dossier) = self.dossiers.get_mut(&number) else { return };
        dossier.updated_at = at;
        if how == Deletion::ByUser {
            dossier.hidden_by_user_at = Some(at);
            dossier.hidden_reason = "user_request";
        } else {
            dossier.hidden_by_administration_at = Some(at);
            dossier.hidden_reason = "instructeur_request";
        }
        if !dossier.is_visible() {
            self.later(at + PURGE_DELAY, Job::Purge(number));
        }
    }

    /// A hidden dossier comes back, with a new date.
    pub fn restore(&mut self, number: u32) {
        let at = self.stamp();
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.hidden_by_user_at = None;
            dossier.hidden_by_administration_at = None;
            dossier.hidden_by_expiry_at = None;
            dossier.updated_at = at;
        }
    }

    /// The platform rewrites an image after it was received: other bytes, same attachment, no visible event (§3.6).
    pub fn rewrite_file(&mut self, number: u32, label: &str, bytes: Vec<u8>) {
        let Some(stable_id) = self.stable_id(number, Side::Champs, label) else { return };
        let cell =
            self.dossiers.get_mut(&number).and_then(|dossier| dossier.champs.cells.get_mut(&stable_id));
        if let Some(Cell { value: Value::Files(files), .. }) = cell
            && let Some(file) = files.first_mut()
        {
            file.bytes = bytes;
        }
    }

    /// The person who handles the file: the second member of its group, the first being the robot.
    pub(super) fn agent(&self, number: u32) -> Option<(u32, String)> {
        let group = self.group(self.dossiers.get(&number)?.group)?;
        let agent = group.instructeurs.get(1).or(group.instructeurs.first())?;
        Some((agent.number, agent.email.clone()))
    }
}

pub(super) fn resolve_corrections(dossier: &mut Dossier, at: Timestamp) {
    for message in &mut dossier.messages {
        if let Some(correction) = &mut message.correction {
            correction.resolved_at.get_or_insert(at);
        }
    }
}

fn blank(number: u32, deposit: &Deposit, revision: u32, at: Timestamp) -> Dossier {
    Dossier {
        number,
        state: State::EnConstruction,
        group: deposit.group,
        usager_email: deposit.usager_email.clone(),
        usager_deleted: false,
        demandeur: deposit.demandeur.clone(),
        depose_at: at,
        updated_at: at,
        en_construction_at: at,
        en_instruction_at: None,
        processed_at: None,
        champs_at: at,
        annotations_at: at,
        attestation_at: None,
        archived: false,
        motivation: None,
        justificatif: None,
        revision,
        labels: Vec::new(),
        avis: Vec::new(),
        silence_due: None,
        silence_at: None,
        champs_by_instructeur_at: None,
        champs: Fields::default(),
        annotations: Fields::default(),
        messages: Vec::new(),
        traitements: Vec::new(),
        followers: Vec::new(),
        hidden_by_user_at: None,
        hidden_by_administration_at: None,
        hidden_by_expiry_at: None,
        hidden_reason: "user_request",
        poisoned: false,
    }
}
