//! Opinions of experts, labels, and a company about which the register answers late (§2.4).

use super::dossier::{Avis, Demandeur};
use super::world::{Edition, World};

/// A label of the démarche, put on dossiers by people or by the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub number: u32,
    pub name: String,
    pub color: &'static str,
}

pub(super) fn labels() -> Vec<Label> {
    let label = |number, name: &str, color| Label { number, name: name.to_owned(), color };
    vec![label(3, "Urgent", "pink_macaron"), label(4, "À relire", "blue_ecume")]
}

impl World {
    /// An instructeur asks an expert; the date of the dossier changes.
    pub fn ask_avis(&mut self, number: u32, expert: &str, question: &str) -> u32 {
        let (id, at) = (self.serial(), self.stamp());
        let claimant = self.agent(number).map_or_else(String::new, |(_, email)| email);
        if let Some(dossier) = self.dossiers.get_mut(&number) {
            dossier.avis.push(Avis {
                id,
                question: question.to_owned(),
                reponse: None,
                claimant,
                expert: expert.to_owned(),
                asked_at: at,
                updated_at: at,
                attachments: Vec::new(),
            });
            dossier.updated_at = at;
        }
        id
    }

    pub fn answer_avis(&mut self, number: u32, avis: u32, reponse: &str) {
        let at = self.stamp();
        let Some(dossier) = self.dossiers.get_mut(&number) else { return };
        if let Some(avis) = dossier.avis.iter_mut().find(|one| one.id == avis) {
            avis.reponse = Some(reponse.to_owned());
            avis.updated_at = at;
            dossier.updated_at = at;
        }
    }

    /// False when nothing changes. January changed no date for a label, September does.
    pub fn put_label(&mut self, number: u32, label: u32, wanted: bool) -> bool {
        let (at, bump) = (self.stamp(), self.edition == Edition::September2026);
        let Some(dossier) = self.dossiers.get_mut(&number) else { return false };
        if dossier.labels.contains(&label) == wanted {
            return false;
        }
        dossier.labels.retain(|one| *one != label);
        if wanted {
            dossier.labels.push(label);
        }
        if bump {
            dossier.updated_at = at;
        }
        true
    }

    /// The register of companies answers late: January changes no date, September does.
    pub fn complete_company(&mut self, number: u32, name: &str) {
        let (at, bump) = (self.stamp(), self.edition == Edition::September2026);
        let Some(dossier) = self.dossiers.get_mut(&number) else { return };
        let Demandeur::Incomplete { siret } = &dossier.demandeur else { return };
        dossier.demandeur = Demandeur::Company { siret: siret.clone(), name: name.to_owned() };
        if bump {
            dossier.updated_at = at;
        }
    }
}
