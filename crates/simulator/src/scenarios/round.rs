//! One ordinary round of the label, from the deposit to the decision: the steps that every service goes through.

use super::super::dossier::{State, Value};
use super::super::edits::Deposit;
use super::super::files::File;
use super::super::form::{ATTACHED, CENTRAL};
use super::services::Service;
use super::{Edit, Story, decision};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Marks of the surveys and of the audit, as typed.
pub(super) struct Marks {
    pub(super) users: &'static str,
    pub(super) staff: &'static str,
    pub(super) scores: [&'static str; 8],
    pub(super) gold: &'static str,
}

pub(super) const GOLD: Marks = Marks {
    users: "91.4",
    staff: "82.5",
    scores: ["88.5", "90", "84.25", "86", "80", "92.5", "81.25", "89"],
    gold: "83.5",
};
pub(super) const SILVER: Marks = Marks {
    users: "84.2",
    staff: "71.6",
    scores: ["78.5", "81.25", "69", "74.5", "66.25", "80", "72", "77.5"],
    gold: "58",
};
pub(super) const BRONZE: Marks = Marks {
    users: "74.8",
    staff: "58.3",
    scores: ["68", "61.25", "55", "59.5", "52.5", "66", "57.25", "63"],
    gold: "31.5",
};
pub(super) const FAILED: Marks = Marks {
    users: "66.1",
    staff: "52.4",
    scores: ["57", "55.5", "41.25", "54", "50", "60.5", "51.25", "58"],
    gold: "22",
};

pub(super) struct Round {
    pub(super) number: u32,
    pub(super) service: &'static Service,
    pub(super) kind: &'static str,
    pub(super) previous: Option<u32>,
    pub(super) diagnosis: Date,
    /// Closing of the users' survey, then of the staff's.
    pub(super) surveys: (Date, Date),
    pub(super) deposit: Date,
    pub(super) audit: (Date, Date),
    pub(super) plan: Date,
    pub(super) report: Date,
    pub(super) decision: Date,
    pub(super) marks: Marks,
    /// The words of the decision, and the tier.
    pub(super) outcome: (&'static str, Option<&'static str>),
}

impl Round {
    fn is_central(&self) -> bool {
        self.service.kind == CENTRAL
    }

    pub(super) fn deposit(&self, story: &mut Story) {
        let caption = format!("{} dépose son dossier ({})", self.service.name, self.kind.to_lowercase());
        story.on(self.deposit, self.number, caption, vec![self.deposited(&[])]);
    }

    /// The submission, without some of its fields.
    pub(super) fn deposited(&self, missing: &[&str]) -> Edit {
        let service = self.service;
        let mut champs: Vec<(&'static str, Value)> = vec![
            ("Nom de la structure candidate", service.name.into()),
            ("Organisme de certification choisi", "Boréal Certification".into()),
            ("Nom de la personne à contacter", service.contact.into()),
            ("Courriel de la personne à contacter", service.email.into()),
            ("Département", service.departement.into()),
            ("Type de demande", self.kind.into()),
            ("Type de service", service.kind.into()),
            ("Sites couverts", self.sites()),
            ("Organigramme", document("organigramme.pdf", "Organigramme")),
            ("Plan de formation", document("plan de formation.pdf", "Plan de formation")),
            (
                "Méthode d'échantillonnage des usagers",
                "Tirage au sort d'un usager reçu sur dix, tous canaux, sur douze mois.".into(),
            ),
            ("Date de l'autodiagnostic", self.diagnosis.into()),
            ("Rapport d'autodiagnostic", document("autodiagnostic.pdf", "Rapport d'autodiagnostic")),
            (
                "Plan d'actions d'amélioration",
                document("plan d'actions d'amélioration.pdf", "Plan d'actions"),
            ),
            ("Liste des indicateurs de qualité", document("indicateurs.pdf", "Indicateurs")),
            ("Indicateurs en place depuis le", self.diagnosis.saturating_sub(14.months()).into()),
        ];
        champs.extend(self.previous.map(|number| ("Dossier précédent", Value::Dossier(number))));
        if self.is_central() {
            champs.extend([
                ("Nombre de services locaux", Value::from(9)),
                ("Autodiagnostics locaux fournis", Value::from(9)),
            ]);
        } else {
            champs.extend(self.users_survey(self.surveys.0));
            champs.extend(self.staff_survey(self.surveys.1));
        }
        champs.retain(|(label, _)| !missing.contains(label));
        Edit::Deposit(Deposit { champs, ..Deposit::new(service.siret, service.name, service.email) })
    }

    fn sites(&self) -> Value {
        let service = self.service;
        let row = |name: &str, staff: i64, main: bool| {
            vec![
                ("Nom du site", Value::from(name)),
                ("Commune du site", service.town.into()),
                ("Effectif du site", staff.into()),
                ("Site principal", main.into()),
            ]
        };
        Value::Rows(vec![row("Siège", service.staff.0, true), row("Annexe", service.staff.1, false)])
    }

    pub(super) fn users_survey(&self, closed: Date) -> Vec<(&'static str, Value)> {
        vec![
            ("Clôture de l'enquête usagers", closed.into()),
            ("Rapport de l'enquête usagers", document("enquête usagers – rapport.pdf", "Enquete usagers")),
            ("Usagers sollicités", 1400.into()),
            ("Questionnaires usagers recevables", 163.into()),
            ("Note de l'enquête usagers", Value::decimal(self.marks.users)),
        ]
    }

    pub(super) fn staff_survey(&self, closed: Date) -> Vec<(&'static str, Value)> {
        let staff = self.service.staff.0 + self.service.staff.1;
        // Enough for every class of size: two thirds answer.
        vec![
            ("Clôture de l'enquête agents", closed.into()),
            ("Synthèse de l'enquête agents", document("synthèse enquête agents.pdf", "Enquete agents")),
            ("Agents concernés", staff.into()),
            ("Agents sollicités", staff.into()),
            ("Questionnaires agents recevables", (staff * 2 / 3).into()),
            ("Note de l'enquête agents", Value::decimal(self.marks.staff)),
        ]
    }

    pub(super) fn admit(&self, story: &mut Story) {
        let caption =
            format!("Boréal Certification accuse réception de {} et fixe l'audit", self.service.name);
        story.on(self.deposit.saturating_add(6.days()), self.number, caption, self.admitted(self.audit));
    }

    pub(super) fn admitted(&self, audit: (Date, Date)) -> Vec<Edit> {
        let zone = match self.service.departement.get(..2) {
            Some("67") => "Alsace-Moselle",
            Some("97") => "La Réunion",
            _ => "Métropole",
        };
        let mut annotations: Vec<(&'static str, Value)> = vec![
            ("Contrat de prestations signé", true.into()),
            ("Date du contrat", self.deposit.saturating_sub(40.days()).into()),
            ("Zone de jours fériés", zone.into()),
            ("Premier jour de visite", audit.0.into()),
            ("Dernier jour de visite", audit.1.into()),
            ("Auditeur", AUDITORS[usize::from(self.number.is_multiple_of(2))].into()),
        ];
        if self.service.kind == ATTACHED {
            annotations.push((
                "N° de dossier du service central",
                i64::from(super::network::CENTRAL_DOSSIER).into(),
            ));
        }
        vec![Edit::State(State::EnInstruction, ""), Edit::Annotate(annotations)]
    }

    pub(super) fn send_plan(&self, story: &mut Story) {
        let caption = format!("Le plan d'audit est transmis à {}", self.service.name);
        let said = Edit::Say("Veuillez trouver le plan de l'audit ; nous restons à votre disposition.");
        story.on(
            self.plan,
            self.number,
            caption,
            vec![Edit::Annotate(vec![("Plan d'audit transmis le", self.plan.into())]), said],
        );
    }

    pub(super) fn report(&self, story: &mut Story) {
        let caption = format!("Le rapport d'audit de {} est transmis", self.service.name);
        let mut annotations = vec![
            ("Rapport d'audit transmis le", Value::from(self.report)),
            ("Rapport d'audit reçu le", self.report.into()),
            ("Grille d'audit", document("grille d'audit.pdf", "Grille d'audit")),
        ];
        if self.is_central() {
            annotations.extend([
                ("Points de contrôle validés", Value::from(31)),
                ("Points de contrôle audités", Value::from(40)),
            ]);
        } else {
            annotations.extend(
                SCORES.into_iter().zip(self.marks.scores).map(|(label, mark)| (label, Value::decimal(mark))),
            );
            annotations.push(("Score des critères Or", Value::decimal(self.marks.gold)));
        }
        story.on(self.report, self.number, caption, vec![Edit::Annotate(annotations)]);
        let answered = self.report.saturating_add(7.days());
        let caption = format!("{} fait part de ses observations", self.service.name);
        story.on(
            answered,
            self.number,
            caption,
            vec![Edit::Annotate(vec![("Observations reçues le", answered.into())])],
        );
    }

    pub(super) fn decide(&self, story: &mut Story) {
        let (what, tier) = self.outcome;
        let notified = self.decision.saturating_add(1.days());
        let told =
            tier.map_or_else(|| what.to_lowercase(), |tier| format!("{} ({tier})", what.to_lowercase()));
        let caption = format!("Décision pour {} : {told}", self.service.name);
        let row = Edit::Decide(decision(what, tier, self.decision, notified, self.decision));
        let mut edits = vec![row];
        if what == "Rejeté" {
            edits.push(Edit::State(
                State::Refuse,
                "Les scores minimaux du palier Bronze ne sont pas atteints.",
            ));
        } else {
            // Only a new cycle carries an end on its attestation; the others leave it where it was.
            if what == "Labellisé" {
                edits.insert(
                    0,
                    Edit::Annotate(vec![(
                        "Fin de validité portée sur l'attestation",
                        self.decision.saturating_add(36.months()).into(),
                    )]),
                );
            }
            edits.push(Edit::State(State::Accepte, "Décision favorable de l'organisme de certification."));
        }
        story.on(self.decision, self.number, caption, edits);
    }
}

const AUDITORS: [&str; 2] = ["Claire Exemple", "Marc Échantillon"];

const SCORES: [&str; 8] = [
    "Score de l'engagement 1",
    "Score de l'engagement 2",
    "Score de l'engagement 3",
    "Score de l'engagement 4",
    "Score de l'engagement 5",
    "Score de l'engagement 6",
    "Score de l'engagement 7",
    "Score de l'engagement 8",
];

pub(super) fn document(filename: &str, title: &str) -> Value {
    File::pdf(filename, title).into()
}
