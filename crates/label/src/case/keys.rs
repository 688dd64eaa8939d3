//! The keys of `form.toml`: the values read from a dossier, the annotations written back, and the kind of each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::guide::perimeter::Domain;

/// The kind of a field, for the rules. `dn/form.rs` says which of the platform's types fit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that a person typed, or the option of a list.
    Words,
    /// One address or several, as typed: [`crate::address`] reads them.
    Email,
    /// A SIRET, or a text that holds one.
    Siret,
    /// A département: its code where it is recognised, else the text as typed.
    Departement,
    /// One of our own values; the form's options are mapped to them.
    Choice(&'static [&'static str]),
    /// Several of our own values.
    Choices(&'static [&'static str]),
    /// The number of another dossier.
    Link,
    /// A repeated block; [`Key::cells`] are the keys of its rows.
    Rows,
    /// Attachments.
    Files,
    /// A file, or a text with the same content.
    FilesOrWords,
    /// A civil date.
    Date,
    /// A whole number, 0 or more.
    Count,
    /// A mark out of 100, exact, from 0 to 100 inclusive.
    Mark,
    /// Yes or no.
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
    ($($(#[$doc:meta])* $key:ident $name:literal $kind:expr;)*) => {
        /// A key of `form.toml`, in the order of `interface.md` §3.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Key { $($(#[$doc])* #[serde(rename = $name)] $key,)* }

        impl Key {
            /// Every key, in the order of the variants.
            pub const ALL: &'static [Key] = &[$(Key::$key,)*];

            /// The text of the key in `form.toml`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Key::$key => $name,)* }
            }

            /// The kind of its field.
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
    /// Name of the service (R-3.5.1-a).
    NomStructure "nom_structure" Kind::Words;
    /// Name of the certification body that the candidate chose (R-3.5.1-a).
    Organisme "organisme" Kind::Words;
    /// Name of the person to write to.
    ContactNom "contact_nom" Kind::Words;
    /// Addresses of the people to write to; the account that deposited serves where none can be used.
    ContactEmail "contact_email" Kind::Email;
    /// SIRET of the service; that of the applicant serves where it holds none of fourteen digits.
    Siret "siret" Kind::Siret;
    /// Département of the service, which gives the zone of its public holidays (F-29).
    Departement "departement" Kind::Departement;
    /// What the dossier asks for: [`Demande`](crate::case::Demande).
    TypeDemande "type_demande" Kind::Choice(DEMANDES);
    /// The kind of service: [`Service`](crate::case::Service).
    TypeService "type_service" Kind::Choice(SERVICES);
    /// Zone of the public holidays; it wins over that of the département (F-29).
    ZoneFeries "zone_feries" Kind::Choice(ZONES);
    /// The dossier that a follow-up, an extension or a renewal follows.
    DossierPrecedent "dossier_precedent" Kind::Link;
    /// A dossier of the central service that a local is attached to.
    CentralDossier "central_dossier" Kind::Link;
    /// The sites that the label covers, one a row (R-1.4-b).
    Sites "sites" Kind::Rows;
    /// Name of a site, in [`Key::Sites`].
    SiteNom "site_nom" Kind::Words;
    /// Town of a site, in [`Key::Sites`].
    SiteCommune "site_commune" Kind::Words;
    /// Head-count of a site, in [`Key::Sites`].
    SiteEffectif "site_effectif" Kind::Count;
    /// Whether a site plans for the others, in [`Key::Sites`] (R-1.4-c).
    SitePrincipal "site_principal" Kind::Flag;
    /// The sites that the audit visited, one a line, named as in [`Key::Sites`] (R-1.4-b).
    SitesVisites "sites_visites" Kind::Words;
    /// The kind of local authority; empty for any other service (R-1.4-d).
    PerimetreCollectivite "perimetre_collectivite" Kind::Choice(AUTHORITIES);
    /// Domains of a local authority's basic perimeter (R-1.4-d).
    PerimetreSocle "perimetre_socle" Kind::Choices(Domain::KEYS);
    /// Domains that a local authority adds to the basic ones (R-1.4-d).
    PerimetreOptions "perimetre_options" Kind::Choices(Domain::KEYS);
    /// Certificates that the service holds already (R-3.5.1-a).
    Certificats "certificats" Kind::Files;
    /// Organisation chart (R-3.5.1-b).
    Organigramme "organigramme" Kind::Files;
    /// Training plan of the current year and the year before (R-3.5.1-c).
    PlanFormation "plan_formation" Kind::Files;
    /// Report of the self-assessment (R-3.5.1-e).
    AutodiagnosticRapport "autodiagnostic_rapport" Kind::Files;
    /// Report of the survey of users (R-3.5.1-g).
    EnqueteUsagersRapport "enquete_usagers_rapport" Kind::Files;
    /// Synthesis of the survey of staff (R-3.5.1-g).
    EnqueteAgentsRapport "enquete_agents_rapport" Kind::Files;
    /// Action plan for improvement, of the application (R-3.5.1-h).
    PlanActions "plan_actions" Kind::Files;
    /// List of the quality indicators (R-3.5.1-i).
    Indicateurs "indicateurs" Kind::Files;
    /// Audit grid (annexes 6 and 7 of the guide).
    GrilleAudit "grille_audit" Kind::Files;
    /// How the sample of users was drawn (R-3.5.1-d).
    MethodeEchantillon "methode_echantillon" Kind::FilesOrWords;
    /// Day of the self-assessment: within twelve months before the audit (R-3.5.1-e).
    AutodiagnosticLe "autodiagnostic_le" Kind::Date;
    /// Closing day of the survey of users (R-3.4-a).
    EnqueteUsagersCloture "enquete_usagers_cloture" Kind::Date;
    /// Closing day of the survey of staff (R-3.4-a).
    EnqueteAgentsCloture "enquete_agents_cloture" Kind::Date;
    /// Day since which the indicators are in place: at least six months (R-3.5.1-i).
    IndicateursDepuis "indicateurs_depuis" Kind::Date;
    /// First day of the visit.
    AuditDebut "audit_debut" Kind::Date;
    /// Last day of the visit; empty when it lasts one day.
    AuditFin "audit_fin" Kind::Date;
    /// Users invited to answer (R-3.4.1-g).
    UsagersSollicites "usagers_sollicites" Kind::Count;
    /// Admissible questionnaires of users (R-3.4.1-f).
    UsagersRecevables "usagers_recevables" Kind::Count;
    /// Staff of the service that the survey concerns (R-3.4.2-d).
    AgentsConcernes "agents_concernes" Kind::Count;
    /// Staff invited to answer: all of them (R-3.4.2-a).
    AgentsSollicites "agents_sollicites" Kind::Count;
    /// Admissible questionnaires of staff (R-3.4.2-c).
    AgentsRecevables "agents_recevables" Kind::Count;
    /// Mark of the survey of users, out of 100 (R-3.4.1-j).
    NoteUsagers "note_usagers" Kind::Mark;
    /// Mark of the survey of staff, out of 100 (R-3.4.2-e).
    NoteAgents "note_agents" Kind::Mark;
    /// Audit score of engagement 1, out of 100 (R-2.2.1-a).
    ScoreE1 "score_e1" Kind::Mark;
    /// Audit score of engagement 2, out of 100 (R-2.2.1-a).
    ScoreE2 "score_e2" Kind::Mark;
    /// Audit score of engagement 3, out of 100 (R-2.2.1-a).
    ScoreE3 "score_e3" Kind::Mark;
    /// Audit score of engagement 4, out of 100 (R-2.2.1-a).
    ScoreE4 "score_e4" Kind::Mark;
    /// Audit score of engagement 5, out of 100 (R-2.2.1-a).
    ScoreE5 "score_e5" Kind::Mark;
    /// Audit score of engagement 6, out of 100 (R-2.2.1-a).
    ScoreE6 "score_e6" Kind::Mark;
    /// Audit score of engagement 7, out of 100 (R-2.2.1-a).
    ScoreE7 "score_e7" Kind::Mark;
    /// Audit score of engagement 8, out of 100 (R-2.2.1-a).
    ScoreE8 "score_e8" Kind::Mark;
    /// Score of the Or criteria, out of 100 (R-2.2.1-c).
    ScoreOr "score_or" Kind::Mark;
    /// Control points validated in a central service's audit (R-2.2.2-d).
    PointsValides "points_valides" Kind::Count;
    /// Control points checked in a central service's audit (R-2.2.2-d).
    PointsTotal "points_total" Kind::Count;
    /// All the local services attached to a central service (R-3.1-c).
    NLocaux "n_locaux" Kind::Count;
    /// Self-assessments of its locals that a central service provided (R-2.2.2-c).
    AutodiagnosticsFournis "autodiagnostics_fournis" Kind::Count;
    /// Whether the contract with the body is signed (R-3.5.2-a).
    ContratSigne "contrat_signe" Kind::Flag;
    /// Day on which the contract was signed (R-3.5.2-a).
    ContratDate "contrat_date" Kind::Date;
    /// Day on which the audit plan was sent (R-3.7.1-b).
    PlanTransmisLe "plan_transmis_le" Kind::Date;
    /// Day on which the audit report was sent (R-3.7.1-f). The marks read from then on are kept.
    RapportTransmisLe "rapport_transmis_le" Kind::Date;
    /// Day on which the candidate received the audit report (R-3.7.1-g).
    RapportRecuLe "rapport_recu_le" Kind::Date;
    /// Day of the candidate's observations on the report (R-3.7.1-g).
    ObservationsLe "observations_le" Kind::Date;
    /// Day on which a follow-up's action plan was asked for (R-3.9.1-i, R-3.9.2-j).
    PlanActionsDemandeLe "plan_actions_demande_le" Kind::Date;
    /// Day on which the action plan was proposed (R-3.9.1-i).
    PlanActionsRecuLe "plan_actions_recu_le" Kind::Date;
    /// Day on which the body validated the action plan (R-3.9.2-j).
    PlanValideLe "plan_valide_le" Kind::Date;
    /// Whether the service is at fault for a follow-up that was not done (R-5.3.2-a).
    FauteDuService "faute_du_service" Kind::Flag;
    /// Who audits: the name of a person, to filter lists by.
    Auditeur "auditeur" Kind::Words;
    /// What was overdue in the dossier on that day is settled, as the certification body found; an annotation only.
    ConstateLe "constate_le" Kind::Date;
    /// The delay that the body set to have a suspension lifted (R-5.3.1-i).
    DelaiLevee "delai_levee" Kind::Date;
    /// What was decided: [`Decision`](crate::case::Decision), or « annulee »; also in [`Key::Evenements`].
    Decision "decision" Kind::Choice(DECISIONS);
    /// The tier that was decided; also in [`Key::Evenements`].
    PalierDecide "palier_decide" Kind::Choice(TIERS);
    /// Cause of a suspension (§ 5.3.1); also in [`Key::Evenements`].
    MotifSuspension "motif_suspension" Kind::Choice(CAUSES);
    /// Day of the decision; also in [`Key::Evenements`].
    DecisionLe "decision_le" Kind::Date;
    /// Day on which the service was notified; also in [`Key::Evenements`].
    NotificationLe "notification_le" Kind::Date;
    /// Day from which a decision has effect; also in [`Key::Evenements`].
    EffetLe "effet_le" Kind::Date;
    /// Last valid day printed on the attestation, which wins over the computed one (F-11).
    FinValiditeOc "fin_validite_oc" Kind::Date;
    /// The decisions, one a row; where it can be read, the single fields do not count.
    Evenements "evenements" Kind::Rows;
    /// The proofs of each year, one a row (§ 3.9).
    Preuves "preuves" Kind::Rows;
    /// The year that a proof is for, where its day does not tell it, in [`Key::Preuves`].
    PreuveAnnee "preuve_annee" Kind::Count;
    /// What a proof is of: [`ProofKind`](crate::case::proofs::ProofKind), in [`Key::Preuves`].
    PreuveType "preuve_type" Kind::Choice(PROOFS);
    /// Day of the report or of the closing, in [`Key::Preuves`].
    PreuveLe "preuve_le" Kind::Date;
    /// The report, in [`Key::Preuves`].
    PreuvePiece "preuve_piece" Kind::Files;
    /// The state of the case: one of `State`, in `life`.
    AutoEtat "auto_etat" Kind::State;
    /// The tier that the marks give, or that its network gives a central.
    AutoPalier "auto_palier" Kind::Lines;
    /// The findings of the dossier, the most serious first.
    AutoControles "auto_controles" Kind::Lines;
    /// The deadlines of the case.
    AutoEcheancier "auto_echeancier" Kind::Lines;
    /// The mails sent about the dossier, newest first.
    AutoJournal "auto_journal" Kind::Lines;
    /// The next deadline; empty when none is open.
    AutoProchaineEcheance "auto_prochaine_echeance" Kind::Line;
    /// Nominal day of the next deadline, as text: « 31/12/2026 ».
    AutoProchaineDate "auto_prochaine_date" Kind::Line;
    /// Version of the rules and readings that were used.
    AutoRegles "auto_regles" Kind::Line;
    /// The last day on which the label holds.
    AutoFinValidite "auto_fin_validite" Kind::Date;
    /// First day of the next follow-up window, else of the last one.
    AutoSuiviDebut "auto_suivi_debut" Kind::Date;
    /// Last day of that window.
    AutoSuiviFin "auto_suivi_fin" Kind::Date;
    /// Whether a deadline of the case is late.
    AutoRetard "auto_retard" Kind::Flag;
    /// When another annotation was last written.
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

    /// The key of that text of `form.toml`; `None` when no key has it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Key> {
        Key::ALL.iter().copied().find(|key| key.name() == name)
    }

    /// True for what vigie writes: the `auto_*` keys, and nothing else.
    #[must_use]
    pub fn is_written(self) -> bool {
        self.name().starts_with("auto_")
    }

    /// True for what the certification body alone says: as a field of the candidate's form, a candidate would find its own
    /// deadlines settled.
    #[must_use]
    pub fn is_for_the_body(self) -> bool {
        self == Key::ConstateLe
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

    /// True for what is asked of a central service alone: of any other it is neither known nor missed.
    #[must_use]
    pub fn only_of_a_central(self) -> bool {
        matches!(self, Key::NLocaux | Key::AutodiagnosticsFournis)
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
