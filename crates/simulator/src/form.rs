//! The simulated form: descriptors of champs and annotations, with the labels that a real one would carry.

use super::ids;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Textarea,
    Email,
    Integer,
    Decimal,
    Date,
    Datetime,
    YesNo,
    Checkbox,
    Choice,
    Choices,
    Departement,
    DossierLink,
    Siret,
    Files,
    Repetition,
    Header,
    Explanation,
}

/// One field. A condition names another field and the text it must, or must not, have.
#[derive(Clone, Debug)]
pub struct Descriptor {
    pub stable_id: u32,
    pub label: String,
    pub kind: Kind,
    pub required: bool,
    pub options: Vec<String>,
    pub children: Vec<Descriptor>,
    pub condition: Option<Condition>,
}

#[derive(Clone, Debug)]
pub struct Condition {
    pub label: String,
    pub text: String,
    pub equal: bool,
}

impl Descriptor {
    pub fn new(label: &str, kind: Kind) -> Descriptor {
        Descriptor {
            stable_id: 0,
            label: label.to_owned(),
            kind,
            required: false,
            options: Vec::new(),
            children: Vec::new(),
            condition: None,
        }
    }

    pub fn choice(label: &str, options: &[&str]) -> Descriptor {
        Descriptor {
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            ..Descriptor::new(label, Kind::Choice)
        }
    }

    pub fn repetition(label: &str, children: Vec<Descriptor>) -> Descriptor {
        Descriptor { children, ..Descriptor::new(label, Kind::Repetition) }
    }

    pub fn required(mut self) -> Descriptor {
        self.required = true;
        self
    }

    fn only_if(mut self, label: &str, equal: bool, text: &str) -> Descriptor {
        self.condition = Some(Condition { label: label.to_owned(), text: text.to_owned(), equal });
        self
    }

    /// The field's identifier as the API gives and takes it.
    pub fn id(&self) -> String {
        ids::global("Champ", self.stable_id)
    }
}

#[derive(Clone, Debug)]
pub struct Form {
    /// Incremented at each publication; the identifiers of the fields do not change.
    pub revision: u32,
    pub champs: Vec<Descriptor>,
    pub annotations: Vec<Descriptor>,
    /// Fields added since the first revision: their identifiers are never reused.
    pub(super) added: u32,
}

/// The two halves of the form: the candidate's, the certification body's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Champs,
    Annotations,
}

impl Form {
    pub fn new(champs: Vec<Descriptor>, annotations: Vec<Descriptor>) -> Form {
        let mut form = Form { revision: 9, champs, annotations, added: 0 };
        number(&mut form.champs, 101);
        number(&mut form.annotations, 301);
        form
    }

    pub fn side(&self, side: Side) -> &[Descriptor] {
        match side {
            Side::Champs => &self.champs,
            Side::Annotations => &self.annotations,
        }
    }

    pub fn find(&self, side: Side, label: &str) -> Option<&Descriptor> {
        self.side(side).iter().find(|descriptor| descriptor.label == label)
    }

    /// The form of the label « Services publics + », as a démarche of the real platform would hold it.
    pub fn label_services_publics() -> Form {
        Form::new(champs(), annotations())
    }
}

fn number(descriptors: &mut [Descriptor], first: u32) {
    let mut next = first;
    for descriptor in descriptors {
        descriptor.stable_id = next;
        next += 1;
        for child in &mut descriptor.children {
            child.stable_id = next;
            next += 1;
        }
    }
}

pub(super) const CENTRAL: &str = "Service central";
pub(super) const ATTACHED: &str = "Service local rattaché à un service central";
pub(super) const INDEPENDENT: &str = "Service local indépendant";
pub(super) const FIRST: &str = "Première demande";
pub(super) const FOLLOW_UP: &str = "Audit de suivi";
pub(super) const RENEWAL: &str = "Renouvellement";

fn champs() -> Vec<Descriptor> {
    use Kind::{
        Date, Decimal, Departement, DossierLink, Email, Explanation, Files, Header, Integer, Text, Textarea,
        YesNo,
    };
    let field = Descriptor::new;
    vec![
        field("Votre service", Header),
        field("Nom de la structure candidate", Text).required(),
        Descriptor::choice(
            "Organisme de certification choisi",
            &["Boréal Certification", "Cap Qualité Audit"],
        )
        .required(),
        field("Nom de la personne à contacter", Text).required(),
        field("Courriel de la personne à contacter", Email).required(),
        field("Département", Departement).required(),
        Descriptor::choice("Type de demande", &[FIRST, FOLLOW_UP, "Extension de périmètre", RENEWAL])
            .required(),
        Descriptor::choice("Type de service", &[INDEPENDENT, ATTACHED, CENTRAL]).required(),
        field("Dossier précédent", DossierLink).only_if("Type de demande", false, FIRST),
        Descriptor::repetition(
            "Sites couverts",
            vec![
                field("Nom du site", Text),
                field("Commune du site", Text),
                field("Effectif du site", Integer),
                field("Site principal", YesNo),
            ],
        ),
        field("Certificats déjà détenus", Files),
        field("Organigramme", Files).required(),
        field("Plan de formation", Files).required(),
        field("Pièces et enquêtes", Header),
        field("Comment remplir cette partie", Explanation),
        field("Méthode d'échantillonnage des usagers", Textarea).required(),
        field("Date de l'autodiagnostic", Date).required(),
        field("Rapport d'autodiagnostic", Files).required(),
        field("Clôture de l'enquête usagers", Date),
        field("Rapport de l'enquête usagers", Files),
        field("Usagers sollicités", Integer),
        field("Questionnaires usagers recevables", Integer),
        field("Note de l'enquête usagers", Decimal),
        field("Clôture de l'enquête agents", Date),
        field("Synthèse de l'enquête agents", Files),
        field("Agents concernés", Integer),
        field("Agents sollicités", Integer),
        field("Questionnaires agents recevables", Integer),
        field("Note de l'enquête agents", Decimal),
        field("Plan d'actions d'amélioration", Files),
        field("Liste des indicateurs de qualité", Files),
        field("Indicateurs en place depuis le", Date),
        field("Nombre de services locaux", Integer).only_if("Type de service", true, CENTRAL),
        field("Autodiagnostics locaux fournis", Integer).only_if("Type de service", true, CENTRAL),
        Descriptor::choice("Type de collectivité", &AUTHORITIES),
        Descriptor { kind: Kind::Choices, ..Descriptor::choice("Périmètre socle", &DOMAINS) },
        Descriptor { kind: Kind::Choices, ..Descriptor::choice("Périmètre optionnel", &DOMAINS) },
    ]
}

const AUTHORITIES: [&str; 5] =
    ["Commune", "EPCI", "Département", "Région", "Collectivité à statut particulier"];
const DOMAINS: [&str; 15] = [
    "Accueil général",
    "Démarches administratives de la vie courante",
    "Action sociale",
    "Petite enfance",
    "Urbanisme",
    "Services urbains : eau, assainissement, déchets et environnement",
    "Solidarités et cohésion territoriale",
    "Aménagement du territoire",
    "Mobilités et transport",
    "Développement économique",
    "Formation professionnelle et emploi",
    "Environnement",
    "Éducation, enfance, famille, jeunesse",
    "Police municipale",
    "Autre service",
];
const ZONES: [&str; 9] = [
    "Métropole",
    "Alsace-Moselle",
    "Guadeloupe",
    "Martinique",
    "Guyane",
    "La Réunion",
    "Mayotte",
    "Saint-Barthélemy",
    "Saint-Martin",
];
const DECISIONS: [&str; 9] = [
    "Labellisé",
    "Rejeté",
    "Confirmé",
    "Palier supérieur",
    "Plan d'actions demandé",
    "Suspension",
    "Levée de suspension",
    "Retrait",
    "Décision annulée (n'a jamais existé)",
];
const CAUSES: [&str; 6] = [
    "Plan d'actions non produit",
    "Reports d'audit répétés",
    "Refus d'audit",
    "Usage de la marque",
    "Demande du service",
    "Moins de 75 % de locaux labellisés",
];
const STATES: [&str; 18] = [
    "Déposé",
    "À compléter",
    "Complet",
    "Plan d'audit transmis",
    "Audit en cours",
    "Rapport attendu",
    "Phase contradictoire",
    "À décider",
    "Label actif",
    "Suivi à préparer",
    "Fenêtre de suivi ouverte",
    "Plan d'actions attendu",
    "Suspendu",
    "Renouvellement à demander",
    "Rejeté",
    "Abandonné",
    "Retiré",
    "Expiré",
];

fn annotations() -> Vec<Descriptor> {
    use Kind::{Date, Datetime, Decimal, Files, Integer, Text, Textarea, YesNo};
    let field = Descriptor::new;
    let mut all = vec![
        field("Contrat de prestations signé", YesNo),
        field("Date du contrat", Date),
        Descriptor::choice("Zone de jours fériés", &ZONES),
        field("N° de dossier du service central", Integer),
        field("Premier jour de visite", Date),
        field("Dernier jour de visite", Date),
        field("Sites visités", Textarea),
        field("Plan d'audit transmis le", Date),
        field("Rapport d'audit transmis le", Date),
        field("Rapport d'audit reçu le", Date),
        field("Observations reçues le", Date),
        field("Plan d'actions demandé le", Date),
        field("Plan d'actions reçu le", Date),
        field("Grille d'audit", Files),
    ];
    all.extend((1..=8).map(|rank| field(&format!("Score de l'engagement {rank}"), Decimal)));
    all.extend([
        field("Score des critères Or", Decimal),
        field("Points de contrôle validés", Integer),
        field("Points de contrôle audités", Integer),
        Descriptor::repetition(
            "Historique des décisions",
            vec![
                Descriptor::choice("Décision", &DECISIONS),
                Descriptor::choice("Palier décidé", &["Bronze", "Argent", "Or"]),
                field("Date de la décision", Date),
                field("Date de notification", Date),
                field("Date d'effet", Date),
                Descriptor::choice("Motif de suspension", &CAUSES),
            ],
        ),
        field("Délai fixé pour lever la suspension", Date),
        field("Fin de validité portée sur l'attestation", Date),
        Descriptor::choice("[auto] État", &STATES),
        field("[auto] Palier calculé", Textarea),
        field("[auto] Contrôle des pièces et enquêtes", Textarea),
        field("[auto] Prochaine échéance", Text),
        field("[auto] Date de la prochaine échéance", Text),
        field("[auto] Échéancier", Textarea),
        field("[auto] Journal", Textarea),
        field("[auto] Fin de validité", Date),
        field("[auto] Ouverture du suivi", Date),
        field("[auto] Clôture du suivi", Date),
        field("[auto] En retard", YesNo),
        field("[auto] Version des règles", Text),
        field("[auto] Mis à jour le", Datetime),
        field("Plan d'actions validé le", Date),
        field("Suivi non réalisé du fait du service", YesNo),
        field("Auditeur", Text),
        field("Retards constatés le", Date),
        Descriptor::repetition(
            "Preuves annuelles",
            vec![
                field("Année de la preuve", Integer),
                Descriptor::choice(
                    "Nature de la preuve",
                    &["Autodiagnostic", "Enquête usagers", "Enquête agents"],
                ),
                field("Date de la preuve", Date),
                field("Pièce de la preuve", Files),
            ],
        ),
    ]);
    all
}
