//! The names of the fields and annotations of a form, and their values as text.

use crate::case::facts::Value;
use crate::case::keys::Key;

use super::agreement;
use super::names::{date_short, number};

/// The name of a field, as in the form.
#[must_use]
pub fn key(key: Key) -> String {
    if let Some(rank) = Key::ENGAGEMENTS.iter().position(|score| *score == key) {
        return format!("score de l’engagement {}", rank + 1);
    }
    let known = match key {
        Key::NomStructure => "nom de la structure",
        Key::Organisme => "organisme de certification",
        Key::ContactNom => "personne à contacter",
        Key::ContactEmail => "adresse de la personne à contacter",
        Key::Siret => "SIRET",
        Key::Departement => "département",
        Key::TypeDemande => "type de demande",
        Key::TypeService => "type de service",
        Key::ZoneFeries => "zone des jours fériés",
        Key::DossierPrecedent => "dossier précédent",
        Key::CentralDossier => "dossier du service central",
        Key::Sites => "sites",
        Key::SiteNom => "nom du site",
        Key::SiteCommune => "commune du site",
        Key::SiteEffectif => "effectif du site",
        Key::SitePrincipal => "site principal",
        Key::Certificats => "certificats",
        Key::GrilleAudit => "grille d’audit",
        Key::ContratSigne => "contrat signé",
        Key::DelaiLevee => "délai de levée de la suspension",
        Key::Decision => "décision",
        Key::PalierDecide => "palier décidé",
        Key::MotifSuspension => "motif de la suspension",
        Key::DecisionLe => "date de la décision",
        Key::EffetLe => "date d’effet",
        Key::FinValiditeOc => "fin de validité imprimée",
        Key::Evenements => "décisions, ligne par ligne",
        Key::PreuveAnnee => "année de la preuve annuelle",
        Key::PreuveType => "nature de la preuve annuelle",
        Key::PreuveLe => "date de la preuve annuelle",
        Key::Organigramme => "organigramme",
        Key::PlanFormation => "plan de formation",
        Key::MethodeEchantillon => "méthode d’échantillonnage",
        Key::AutodiagnosticLe => "date de l’autodiagnostic",
        Key::AutodiagnosticRapport => "rapport d’autodiagnostic",
        Key::EnqueteUsagersCloture => "date de clôture de l’enquête usagers",
        Key::EnqueteUsagersRapport => "rapport de l’enquête usagers",
        Key::EnqueteAgentsCloture => "date de clôture de l’enquête agents",
        Key::EnqueteAgentsRapport => "synthèse de l’enquête agents",
        Key::PlanActions => "plan d’actions d’amélioration",
        Key::Indicateurs => "liste des indicateurs de qualité",
        Key::IndicateursDepuis => "date de mise en place des indicateurs",
        Key::UsagersSollicites => "nombre d’usagers sollicités",
        Key::UsagersRecevables => "questionnaires usagers recevables",
        Key::AgentsConcernes => "nombre d’agents concernés",
        Key::AgentsSollicites => "nombre d’agents sollicités",
        Key::AgentsRecevables => "questionnaires agents recevables",
        Key::NoteUsagers => "note de l’enquête usagers",
        Key::NoteAgents => "note de l’enquête agents",
        Key::NLocaux => "nombre de services locaux",
        Key::AutodiagnosticsFournis => "autodiagnostics fournis",
        Key::PerimetreCollectivite => "type de collectivité",
        Key::PerimetreSocle => "périmètre « socle »",
        Key::PerimetreOptions => "périmètre optionnel",
        Key::SitesVisites => "sites visités",
        Key::AuditDebut => "premier jour de visite",
        Key::AuditFin => "dernier jour de visite",
        Key::ContratDate => "date du contrat",
        Key::PlanTransmisLe => "transmission du plan d’audit",
        Key::RapportTransmisLe => "transmission du rapport d’audit",
        Key::RapportRecuLe => "réception du rapport d’audit",
        Key::ObservationsLe => "observations du candidat",
        Key::PlanActionsDemandeLe => "demande du plan d’actions",
        Key::PlanActionsRecuLe => "réception du plan d’actions",
        Key::PlanValideLe => "validation du plan d’actions",
        Key::FauteDuService => "suivi non réalisé du fait du service",
        Key::Auditeur => "auditeur",
        Key::ConstateLe => "retards constatés le",
        Key::Preuves => "preuves annuelles",
        Key::PreuvePiece => "pièce de la preuve annuelle",
        Key::ScoreOr => "score des critères Or",
        Key::PointsValides => "points de contrôle validés",
        Key::PointsTotal => "points de contrôle audités",
        Key::NotificationLe => "notification de la décision",
        other => return format!("champ « {other} »"),
    };
    known.to_owned()
}

/// The name of an annotation.
#[must_use]
pub fn written(key: Key) -> &'static str {
    match key {
        Key::AutoEtat => "État",
        Key::AutoPalier => "Palier calculé",
        Key::AutoControles => "Contrôle des pièces et enquêtes",
        Key::AutoEcheancier => "Échéancier",
        Key::AutoJournal => "Journal",
        Key::AutoProchaineEcheance => "Prochaine échéance",
        Key::AutoProchaineDate => "Date de la prochaine échéance",
        Key::AutoRegles => "Version des règles",
        Key::AutoFinValidite => "Fin de validité",
        Key::AutoSuiviDebut => "Ouverture du suivi",
        Key::AutoSuiviFin => "Clôture du suivi",
        Key::AutoRetard => "En retard",
        Key::AutoMaj => "Mis à jour le",
        other => other.name(),
    }
}

/// A value as text.
#[must_use]
pub fn value(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Choice(text) => text.clone(),
        Value::Choices(choices) => choices.join(", "),
        Value::Count(count) | Value::Link(count) => count.to_string(),
        Value::Mark(mark) => number(mark),
        Value::Date(day) => date_short(*day),
        Value::Flag(true) => "oui".to_owned(),
        Value::Flag(false) => "non".to_owned(),
        Value::Files(files) => agreement::count(files.len(), "fichier", "fichiers"),
        Value::Rows(rows) => agreement::count(rows.len(), "ligne", "lignes"),
        Value::Moment(moment) => moment.to_string(),
    }
}
