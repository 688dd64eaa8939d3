//! What the open files of the register say of themselves.

use super::names;
use crate::case::Service;
use crate::guide::tiers::Tier;
use crate::life::LabelStatus;

/// Title of the register as a data set: feed, DCAT, data package.
pub const TITLE: &str = "Services labellisés « Services Publics + »";
/// Description of the register beside that title.
pub const DESCRIPTION: &str = "Services publics dont le label « Services Publics + » est en vigueur, suspensions comprises : palier, \
    période de validité, organisme de certification. Aucune donnée personnelle. Chaque fichier est celui d’un jour ; sans jour demandé, celui d’aujourd’hui.";
/// Title of the file of a month's changes, `changements.csv`.
pub const CHANGES_TITLE: &str = "Changements du mois";
/// Description of that file in the data package.
pub const CHANGES_DESCRIPTION: &str = "Labels accordés, renouvelés, suspendus, rétablis, retirés ou arrivés à échéance pendant un mois, \
    avec l’état de chacun après le changement.";
/// Title of the DCAT catalogue, which holds the register.
pub const CATALOGUE: &str = "Données ouvertes du label « Services Publics + »";
/// Keywords of the data set, in the data package and in DCAT.
pub const KEYWORDS: [&str; 4] = ["services publics", "label", "qualité", "relation usagers"];
/// In place of the publisher's name where the configuration has none.
pub const ANONYMOUS_PUBLISHER: &str = "Éditeur du registre";

/// What a column of the register says; the text of `docs/registre.md`, in one sentence.
#[must_use]
pub fn column(name: &str) -> &'static str {
    match name {
        "nom" => "Nom du service, tel que son dossier l’écrit.",
        "siret" => "Établissement du service, à 14 chiffres.",
        "type" => "Type de service.",
        "departement" => "Département du service.",
        "palier" => "Palier de la dernière décision en vigueur ce jour-là ; vide s’il n’est pas écrit.",
        "date_decision" => "Jour de la décision qui a ouvert la période, tel que l’organisme l’a écrit.",
        "date_notification" => "Jour de la notification de cette décision, tel qu’il est écrit.",
        "debut_periode" => "Premier jour de la période de validité.",
        "date_fin" => "Dernier jour où le label vaut : fin de la période, ou veille du retrait.",
        "statut" => "Statut du label ce jour-là.",
        "statut_depuis" => "Premier jour de ce statut.",
        "suspension_debut" => "Premier jour de la suspension en cours.",
        "suspension_delai" => "Délai que l’organisme a fixé pour la levée de la suspension.",
        "suspension_fin_max" => "Dernier jour possible de la suspension.",
        "retrait_le" => "Jour d’effet d’un retrait déjà décidé, même à venir.",
        "sites" => "Sites que le label couvre, séparés par « ; ».",
        "organisme" => "Organisme de certification.",
        "central" => "Pour un local rattaché, nom de son service central.",
        "identifiant" => "Identifiant du service dans ce registre, le même d’un fichier à l’autre.",
        "changement" => "Ce qui a changé.",
        "jour" => "Jour du changement ; vide quand seule une date annoncée a changé.",
        "champs" => "Colonnes qui ont changé, séparées par « ; ».",
        _ => "",
    }
}

/// The words that a column may hold; empty when it holds anything.
#[must_use]
pub fn words(name: &str) -> Vec<&'static str> {
    match name {
        "type" => {
            [Service::LocalIndependant, Service::LocalRattache, Service::Central].map(names::service).to_vec()
        }
        "palier" => [Tier::Bronze, Tier::Argent, Tier::Or].map(names::tier).to_vec(),
        "statut" => {
            [LabelStatus::Active, LabelStatus::Suspended, LabelStatus::Withdrawn, LabelStatus::Expired]
                .map(names::label_status)
                .to_vec()
        }
        "changement" => Change::ALL.map(Change::word).to_vec(),
        _ => Vec::new(),
    }
}

/// What happened to a label between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A label begins where none was in force.
    Granted,
    /// A new period starts while the label is in force.
    Renewed,
    /// A label in force is suspended.
    Suspended,
    /// A suspended label is active again.
    Lifted,
    /// The withdrawal takes effect.
    Withdrawn,
    /// The period ends without another one.
    Expired,
    /// An announced date, or the tier, within the same period and status.
    Updated,
}

impl Change {
    /// Every change, in the order in which the schema of the file lists their words.
    pub const ALL: [Change; 7] = [
        Change::Granted,
        Change::Renewed,
        Change::Suspended,
        Change::Lifted,
        Change::Withdrawn,
        Change::Expired,
        Change::Updated,
    ];

    /// Its word in the column « changement » of `changements.csv`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Change::Granted => "attribution",
            Change::Renewed => "renouvellement",
            Change::Suspended => "suspension",
            Change::Lifted => "levée de suspension",
            Change::Withdrawn => "retrait",
            Change::Expired => "fin de validité",
            Change::Updated => "mise à jour",
        }
    }

    /// The title of an entry of the feed: « Mairie de Fontclaire : label accordé (Argent) ».
    #[must_use]
    pub fn headline(self, service: &str, tier: Option<&str>) -> String {
        let what = match self {
            Change::Granted => "label accordé",
            Change::Renewed => "label renouvelé",
            Change::Suspended => "label suspendu",
            Change::Lifted => "suspension levée",
            Change::Withdrawn => "label retiré",
            Change::Expired => "label arrivé à échéance",
            Change::Updated => "label mis à jour",
        };
        let tier = tier.filter(|_| matches!(self, Change::Granted | Change::Renewed | Change::Lifted));
        format!("{service} : {what}{}", tier.map(|tier| format!(" ({tier})")).unwrap_or_default())
    }
}

/// A month in an address that is none.
#[must_use]
pub fn not_a_month(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("« {short} » n’est pas un mois passé ou en cours : écrivez par exemple 2027-03.")
}
