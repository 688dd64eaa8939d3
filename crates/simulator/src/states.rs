//! The state machine of a dossier (§3.2), the same for people and for the API, and what the platform says of it (§5).

use super::dossier::{Demandeur, Message, State, Traitement, Value};
use super::edits::resolve_corrections;
use super::form::Side;
use super::jobs::ATTESTATION_DELAY;
use super::world::{Mail, PLATFORM_EMAIL, World};
use jiff::Timestamp;

impl World {
    /// A person of the group changes the state; a decision on a file under construction passes through instruction.
    pub fn set_state(&mut self, number: u32, state: State, motivation: Option<&str>) {
        let Some((instructeur, _)) = self.agent(number) else { return };
        let Some(current) = self.dossiers.get(&number).map(|dossier| dossier.state) else { return };
        if current == state {
            return;
        }
        if current == State::EnConstruction && state.is_final() {
            self.transition(number, State::EnInstruction, Some(instructeur), None, true);
        }
        self.transition(number, state, Some(instructeur), motivation, true);
    }

    /// `None`: the platform itself, by declaration or by silence.
    pub(super) fn transition(
        &mut self,
        number: u32,
        to: State,
        instructeur: Option<u32>,
        motivation: Option<&str>,
        notify: bool,
    ) {
        let at = self.stamp();
        let email = instructeur.and_then(|number| self.instructeur(number)).map(|one| one.email.clone());
        let (template, revision) = (self.attestation_template, self.form.revision);
        let Some(dossier) = self.dossiers.get_mut(&number) else { return };
        let from = std::mem::replace(&mut dossier.state, to);
        dossier.updated_at = at;
        match to {
            State::EnConstruction => dossier.en_construction_at = at,
            State::EnInstruction => {
                dossier.en_instruction_at = Some(at);
                dossier.motivation = None;
                dossier.justificatif = None;
                dossier.silence_due = None;
                dossier.revision = revision;
                dossier.attestation_at = None;
                dossier.archived = false;
                dossier.hidden_by_user_at = None;
                resolve_corrections(dossier, at);
                dossier.followers.extend(instructeur.filter(|number| !dossier.followers.contains(number)));
            }
            State::Accepte | State::Refuse | State::SansSuite => {
                dossier.processed_at = Some(at);
                dossier.motivation = motivation.map(str::to_owned);
                dossier.attestation_at = (to == State::Accepte && template).then(|| at + ATTESTATION_DELAY);
            }
        }
        let usager = dossier.usager_email.clone();
        let experts: Vec<String> = dossier
            .avis
            .iter()
            .filter(|avis| to.is_final() && avis.reponse.is_some())
            .map(|avis| avis.expert.clone())
            .collect();
        let (event, mail, subject) = words(from, to, instructeur.is_none());
        self.record(number, event, at, email, motivation);
        self.system_message(number, subject);
        if let Some(kind) = mail.filter(|_| notify) {
            self.mails.push(Mail { at, to: usager, kind, dossier: number });
        }
        // Experts receive the mail even when notifications are disabled (§5.2).
        self.mails.extend(experts.into_iter().map(|to| Mail {
            at,
            to,
            kind: "expert_decision",
            dossier: number,
        }));
    }

    pub(super) fn record(
        &mut self,
        number: u32,
        event: &'static str,
        at: Timestamp,
        email: Option<String>,
        motivation: Option<&str>,
    ) {
        let id = self.serial();
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.traitements.push(Traitement {
                id,
                event,
                at,
                email,
                motivation: motivation.map(str::to_owned),
            });
        }
    }

    /// Always posted, even when notifications are disabled (§5.3).
    pub(super) fn system_message(&mut self, number: u32, subject: &str) {
        let (id, at) = (self.serial(), self.stamp());
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.messages.push(Message {
                id,
                email: PLATFORM_EMAIL.to_owned(),
                body: format!("<p>[{subject}]</p><p>Dossier n° {number}.</p>"),
                created_at: at,
                discarded_at: None,
                correction: None,
                attachments: Vec::new(),
            });
            dossier.updated_at = at;
        }
    }

    /// A decision needs a known company and every mandatory annotation (§4.2).
    pub(super) fn company_is_known(&self, number: u32) -> bool {
        self.dossiers
            .get(&number)
            .is_some_and(|dossier| !matches!(dossier.demandeur, Demandeur::Incomplete { .. }))
    }

    pub(super) fn annotations_are_complete(&self, number: u32) -> bool {
        let Some(dossier) = self.dossiers.get(&number) else { return false };
        self.form_of(dossier).side(Side::Annotations).iter().filter(|descriptor| descriptor.required).all(
            |descriptor| {
                dossier
                    .annotations
                    .cells
                    .get(&descriptor.stable_id)
                    .is_some_and(|cell| cell.value != Value::Empty)
            },
        )
    }
}

/// Event of the history, mail to the user if any, subject of the system message.
fn words(from: State, to: State, alone: bool) -> (&'static str, Option<&'static str>, &'static str) {
    match to {
        State::EnConstruction => {
            ("repasse_en_construction", None, "Votre dossier est de nouveau en construction")
        }
        State::EnInstruction if from.is_final() => (
            "repasse_en_instruction",
            Some("re_instructed_mail"),
            "Votre dossier est de nouveau en instruction",
        ),
        State::EnInstruction => (
            if alone { "passe_en_instruction_automatiquement" } else { "passe_en_instruction" },
            Some("received_mail"),
            "Votre dossier est en cours d'instruction",
        ),
        State::Accepte => (
            if alone { "accepte_automatiquement" } else { "accepte" },
            Some("closed_mail"),
            "Votre dossier a été accepté",
        ),
        State::Refuse => (
            if alone { "refuse_automatiquement" } else { "refuse" },
            Some("refused_mail"),
            "Votre dossier a été refusé",
        ),
        State::SansSuite => {
            ("classe_sans_suite", Some("without_continuation_mail"), "Votre dossier a été classé sans suite")
        }
    }
}
