//! The keys of `form.toml`: the values read from a dossier, the annotations written back, and the kind of each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::guide::perimeter::Domain;

/// The kind of a field, for the rules. `dn/form.rs` says which of the platform's types fit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Words,
    Email,
    Siret,
    Departement,
    /// One of our own values; the form's options are mapped to them.
    Choice(&'static [&'static str]),
    /// Several of our own values.
    Choices(&'static [&'static str]),
    /// The number of another dossier.
    Link,
    Rows,
    Files,
    /// A file, or a text with the same content.
    FilesOrWords,
    Date,
    Count,
    Mark,
    Flag,
    /// Written: one of our states.
    State,
    /// Written: several lines.
    Lines,
    /// Written: one line.
    Line,
    /// Written: the instant of the last change.
    Moment,
}

macro_rules! keys {
    ($($key:ident $name:literal $kind:expr;)*) => {
        /// A key of `form.toml`, in the order of `interface.md` §3.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Key { $(#[serde(rename = $name)] $key,)* }

        impl Key {
            pub const ALL: &'static [Key] = &[$(Key::$key,)*];

            /// The text of the key in `form.toml`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Key::$key => $name,)* }
            }

            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Key::$key => $kind,)* }
            }
        }
    };
}

const DEMANDES: &[&str] = &["initial", "suivi", "extension", "renouvellement"];
const SERVICES: &[&str] = &["local_independant", "local_rattache", "central"];
const ZONES: &[&str] = &[
    "metropole",
    "alsace-moselle",
    "guadeloupe",
    "martinique",
    "guyane",
    "la-reunion",
    "mayotte",
    "saint-barthelemy",
    "saint-martin",
    "saint-pierre-et-miquelon",
    "wallis-et-futuna",
    "polynesie-francaise",
    "nouvelle-caledonie",
];
const AUTHORITIES: &[&str] = &["commune", "epci", "departement", "region", "statut_particulier"];
const DECISIONS: &[&str] = &[
    "labellise",
    "rejete",
    "confirme",
    "palier_superieur",
    "plan_actions",
    "suspension",
    "levee",
    "retrait",
    "annulee",
];
const TIERS: &[&str] = &["bronze", "argent", "or"];
const CAUSES: &[&str] =
    &["plan_non_produit", "reports_repetes", "refus_audit", "usage_marque", "demande_service", "seuil_75"];
const PROOFS: &[&str] = &["autodiagnostic", "enquete_usagers", "enquete_agents"];

keys! {
    NomStructure "nom_structure" Kind::Words;
    Organisme "organisme" Kind::Words;
    ContactNom "contact_nom" Kind::Words;
    ContactEmail "contact_email" Kind::Email;
    Siret "siret" Kind::Siret;
    Departement "departement" Kind::Departement;
    TypeDemande "type_demande" Kind::Choice(DEMANDES);
    TypeService "type_service" Kind::Choice(SERVICES);
    ZoneFeries "zone_feries" Kind::Choice(ZONES);
    DossierPrecedent "dossier_precedent" Kind::Link;
    CentralDossier "central_dossier" Kind::Link;
    Sites "sites" Kind::Rows;
    SiteNom "site_nom" Kind::Words;
    SiteCommune "site_commune" Kind::Words;
    SiteEffectif "site_effectif" Kind::Count;
    SitePrincipal "site_principal" Kind::Flag;
    SitesVisites "sites_visites" Kind::Words;
    PerimetreCollectivite "perimetre_collectivite" Kind::Choice(AUTHORITIES);
    PerimetreSocle "perimetre_socle" Kind::Choices(Domain::KEYS);
    PerimetreOptions "perimetre_options" Kind::Choices(Domain::KEYS);
    Certificats "certificats" Kind::Files;
    Organigramme "organigramme" Kind::Files;
    PlanFormation "plan_formation" Kind::Files;
    AutodiagnosticRapport "autodiagnostic_rapport" Kind::Files;
    EnqueteUsagersRapport "enquete_usagers_rapport" Kind::Files;
    EnqueteAgentsRapport "enquete_agents_rapport" Kind::Files;
    PlanActions "plan_actions" Kind::Files;
    Indicateurs "indicateurs" Kind::Files;
    GrilleAudit "grille_audit" Kind::Files;
    MethodeEchantillon "methode_echantillon" Kind::FilesOrWords;
    AutodiagnosticLe "autodiagnostic_le" Kind::Date;
    EnqueteUsagersCloture "enquete_usagers_cloture" Kind::Date;
    EnqueteAgentsCloture "enquete_agents_cloture" Kind::Date;
    IndicateursDepuis "indicateurs_depuis" Kind::Date;
    AuditDebut "audit_debut" Kind::Date;
    AuditFin "audit_fin" Kind::Date;
    UsagersSollicites "usagers_sollicites" Kind::Count;
    UsagersRecevables "usagers_recevables" Kind::Count;
    AgentsConcernes "agents_concernes" Kind::Count;
    AgentsSollicites "agents_sollicites" Kind::Count;
    AgentsRecevables "agents_recevables" Kind::Count;
    NoteUsagers "note_usagers" Kind::Mark;
    NoteAgents "note_agents" Kind::Mark;
    ScoreE1 "score_e1" Kind::Mark;
    ScoreE2 "score_e2" Kind::Mark;
    ScoreE3 "score_e3" Kind::Mark;
    ScoreE4 "score_e4" Kind::Mark;
    ScoreE5 "score_e5" Kind::Mark;
    ScoreE6 "score_e6" Kind::Mark;
    ScoreE7 "score_e7" Kind::Mark;
    ScoreE8 "score_e8" Kind::Mark;
    ScoreOr "score_or" Kind::Mark;
    PointsValides "points_valides" Kind::Count;
    PointsTotal "points_total" Kind::Count;
    NLocaux "n_locaux" Kind::Count;
    AutodiagnosticsFournis "autodiagnostics_fournis" Kind::Count;
    ContratSigne "contrat_signe" Kind::Flag;
    ContratDate "contrat_date" Kind::Date;
    PlanTransmisLe "plan_transmis_le" Kind::Date;
    RapportTransmisLe "rapport_transmis_le" Kind::Date;
    RapportRecuLe "rapport_recu_le" Kind::Date;
    ObservationsLe "observations_le" Kind::Date;
    PlanActionsDemandeLe "plan_actions_demande_le" Kind::Date;
    PlanActionsRecuLe "plan_actions_recu_le" Kind::Date;
    PlanValideLe "plan_valide_le" Kind::Date;
    FauteDuService "faute_du_service" Kind::Flag;
    DelaiLevee "delai_levee" Kind::Date;
    Decision "decision" Kind::Choice(DECISIONS);
    PalierDecide "palier_decide" Kind::Choice(TIERS);
    MotifSuspension "motif_suspension" Kind::Choice(CAUSES);
    DecisionLe "decision_le" Kind::Date;
    NotificationLe "notification_le" Kind::Date;
    EffetLe "effet_le" Kind::Date;
    FinValiditeOc "fin_validite_oc" Kind::Date;
    Evenements "evenements" Kind::Rows;
    Preuves "preuves" Kind::Rows;
    PreuveAnnee "preuve_annee" Kind::Count;
    PreuveType "preuve_type" Kind::Choice(PROOFS);
    PreuveLe "preuve_le" Kind::Date;
    PreuvePiece "preuve_piece" Kind::Files;
    AutoEtat "auto_etat" Kind::State;
    AutoPalier "auto_palier" Kind::Lines;
    AutoControles "auto_controles" Kind::Lines;
    AutoEcheancier "auto_echeancier" Kind::Lines;
    AutoJournal "auto_journal" Kind::Lines;
    AutoProchaineEcheance "auto_prochaine_echeance" Kind::Line;
    AutoProchaineDate "auto_prochaine_date" Kind::Line;
    AutoRegles "auto_regles" Kind::Line;
    AutoFinValidite "auto_fin_validite" Kind::Date;
    AutoSuiviDebut "auto_suivi_debut" Kind::Date;
    AutoSuiviFin "auto_suivi_fin" Kind::Date;
    AutoRetard "auto_retard" Kind::Flag;
    AutoMaj "auto_maj" Kind::Moment;
}

impl Key {
    /// The scores of the eight engagements, in order.
    pub const ENGAGEMENTS: [Key; 8] = [
        Key::ScoreE1,
        Key::ScoreE2,
        Key::ScoreE3,
        Key::ScoreE4,
        Key::ScoreE5,
        Key::ScoreE6,
        Key::ScoreE7,
        Key::ScoreE8,
    ];

    /// The marks of an audit report.
    pub const MARKS: [Key; 13] = [
        Key::NoteUsagers,
        Key::NoteAgents,
        Key::ScoreE1,
        Key::ScoreE2,
        Key::ScoreE3,
        Key::ScoreE4,
        Key::ScoreE5,
        Key::ScoreE6,
        Key::ScoreE7,
        Key::ScoreE8,
        Key::ScoreOr,
        Key::PointsValides,
        Key::PointsTotal,
    ];

    #[must_use]
    pub fn from_name(name: &str) -> Option<Key> {
        Key::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// True for what vigie writes: the `auto_*` keys, and nothing else.
    #[must_use]
    pub fn is_written(self) -> bool {
        self.name().starts_with("auto_")
    }

    /// The cells of a repeated block.
    #[must_use]
    pub fn cells(self) -> &'static [Key] {
        match self {
            Key::Sites => &[Key::SiteNom, Key::SiteCommune, Key::SiteEffectif, Key::SitePrincipal],
            Key::Evenements => &[
                Key::Decision,
                Key::PalierDecide,
                Key::DecisionLe,
                Key::NotificationLe,
                Key::EffetLe,
                Key::MotifSuspension,
            ],
            Key::Preuves => &[Key::PreuveAnnee, Key::PreuveType, Key::PreuveLe, Key::PreuvePiece],
            _ => &[],
        }
    }

    /// The repeated block that a key belongs to; `None` for keys that may also be used outside a block.
    #[must_use]
    pub fn only_in(self) -> Option<Key> {
        [Key::Sites, Key::Preuves].into_iter().find(|block| block.cells().contains(&self))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
