//! Decisions that cannot follow one another, or whose cause does not fit.

use super::Line;

pub const LINES: &[Line] = &[
    ("une confirmation sans label", "evenements = confirme j100", &["R-3.9.1-g"]),
    ("un palier supérieur sans label", "evenements = palier_superieur j100 or", &["R-3.9.1-h"]),
    ("une suspension sans label", "evenements = suspension j100 motif=usage_marque", &["R-5.3.1-h"]),
    ("une levée sans label", "evenements = levee j100", &["R-5.3.1-i"]),
    ("un retrait sans label", "evenements = retrait j100", &["R-5.3.2-e"]),
    ("un plan d’actions sans label", "evenements = plan_actions j100", &["R-3.9.1-i"]),
    ("une levée sans suspension", "evenements = labellise j100 argent, levee j110", &["R-5.3.1-i"]),
    ("un retrait avant le label", "evenements = labellise j100 argent, retrait j90", &["R-5.3.2-e"]),
    (
        "un effet de retrait avant le label",
        "evenements = labellise j100 argent, retrait j104 effet=j90",
        &["R-5.3.2-e"],
    ),
    (
        "une suspension avant le label",
        "evenements = labellise j100 argent, suspension j90 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    ("une levée avant le label", "evenements = labellise j100 argent, levee j90", &["R-5.3.1-i"]),
    ("une confirmation avant le label", "evenements = labellise j100 argent, confirme j90", &["R-3.9.1-g"]),
    ("un rejet après le label", "evenements = labellise j100 argent, rejete j110", &["R-3.8.1-f"]),
    (
        "un palier supérieur qui est inférieur",
        "evenements = labellise j100 argent, palier_superieur j110 bronze",
        &["R-3.9.1-b", "R-3.9.1-h"],
    ),
    (
        "un palier supérieur qui est le même",
        "evenements = labellise j100 argent, palier_superieur j110 argent",
        &["R-3.9.1-b", "R-3.9.1-h"],
    ),
    (
        "un palier supérieur sans palier",
        "evenements = labellise j100 argent, palier_superieur j110",
        &["R-3.9.1-b", "R-3.9.1-h"],
    ),
    (
        "une confirmation à un autre palier",
        "evenements = labellise j100 argent, confirme j110 bronze",
        &["R-3.9.1-b", "R-3.9.1-g"],
    ),
    (
        "le label écrit deux fois",
        "evenements = labellise j100 argent, labellise j110 bronze",
        &["R-2.2.1-d", "R-2.3-a"],
    ),
    ("une suspension sans motif", "evenements = labellise j100 argent, suspension j110", &["R-5.3.1-a"]),
    (
        "le motif d’un central pour un local",
        "evenements = labellise j100 argent, suspension j110 motif=seuil_75",
        &["R-5.3.1-a"],
    ),
    (
        "suspendu pour un plan jamais demandé",
        "evenements = labellise j100 argent, suspension j110 motif=plan_non_produit",
        &["R-5.3.1-a"],
    ),
    (
        "suspendu pour un plan reçu",
        "evenements = labellise j100 argent, plan_actions j104, suspension j110 motif=plan_non_produit ; plan_actions_recu_le = j106",
        &["R-5.3.1-a"],
    ),
    (
        "suspendu deux fois",
        "evenements = labellise j100 argent, suspension j104 motif=usage_marque, suspension j110 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    (
        "une confirmation pendant la suspension",
        "evenements = labellise j100 argent, suspension j104 motif=usage_marque, confirme j110",
        &["R-3.9.1-b", "R-3.9.1-g"],
    ),
    (
        "un palier supérieur pendant la suspension",
        "evenements = labellise j100 argent, suspension j104 motif=usage_marque, palier_superieur j110 or",
        &["R-3.9.1-b", "R-3.9.1-h"],
    ),
    (
        "levée deux fois",
        "evenements = labellise j100 argent, suspension j104 motif=usage_marque, levee j106, levee j110",
        &["R-5.3.1-i"],
    ),
    (
        "une levée avant la suspension",
        "evenements = labellise j100 argent, levee j104, suspension j110 motif=usage_marque",
        &["R-5.3.1-i"],
    ),
    (
        "une confirmation après le retrait",
        "evenements = labellise j100 argent, retrait j104, confirme j110",
        &["R-3.9.1-g"],
    ),
    (
        "une suspension après le retrait",
        "evenements = labellise j100 argent, retrait j104, suspension j110 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    (
        "une levée après le retrait",
        "evenements = labellise j100 argent, retrait j104, levee j110",
        &["R-5.3.1-i"],
    ),
    (
        "un palier supérieur après le retrait",
        "evenements = labellise j100 argent, retrait j104, palier_superieur j110 or",
        &["R-3.9.1-h"],
    ),
    (
        "le même label après le retrait",
        "evenements = labellise j100 argent, retrait j104, labellise j110 argent",
        &["R-2.3-a"],
    ),
    (
        "un retrait écrit deux fois",
        "evenements = labellise j100 argent, retrait j104, retrait j110",
        &["R-5.3.2-e"],
    ),
    (
        "un retrait qui prend effet avant sa décision",
        "evenements = labellise j100 argent, retrait j110 effet=j105",
        &["R-5.3.2-e"],
    ),
    (
        "une suspension qui prend effet avant sa décision",
        "evenements = labellise j100 argent, suspension j110 effet=j105 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    (
        "une levée qui prend effet avant sa décision",
        "evenements = labellise j100 argent, suspension j102 motif=usage_marque, levee j110 effet=j108",
        &["R-5.3.1-i"],
    ),
    (
        "un retrait notifié avant d’être décidé",
        "evenements = labellise j100 argent, retrait j110 notif=j109",
        &["R-3.8.1-b"],
    ),
    ("une ligne sans décision", "evenements = labellise j100 argent, ? j103", &["R-3.8-a"]),
    (
        "une suspension de demain",
        "evenements = labellise j100 argent, suspension j121 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    ("une confirmation dans dix ans", "evenements = labellise j100 argent, confirme j5000", &["R-3.9.1-g"]),
    (
        "une suspension après l’échéance",
        "aujourdhui = j1900 ; evenements = labellise j100 argent, suspension j1300 motif=usage_marque",
        &["R-5.3.1-h"],
    ),
    (
        "une confirmation après l’échéance",
        "aujourdhui = j1900 ; evenements = labellise j100 argent, confirme j1300",
        &["R-3.9.1-g"],
    ),
    (
        "un suivi confirmé avant sa visite",
        "aujourdhui = j700 | type_demande = suivi ; evenements = confirme j640",
        &["R-3.7.1-f"],
    ),
    (
        "un suivi au palier supérieur, les notes n’y sont pas",
        "aujourdhui = j700 | type_demande = suivi ; evenements = palier_superieur j690 or",
        &["R-2.2.1-d", "R-3.9.1-g"],
    ),
    (
        "un plan d’actions avant la visite de suivi",
        "aujourdhui = j700 | type_demande = suivi ; evenements = plan_actions j640",
        &["R-3.7.1-f", "R-3.9.1-j"],
    ),
    ("un rejet hors de l’historique", "decision = rejete ; decision_le = j110", &["R-3.8-a"]),
    (
        "un label d’un autre jour hors de l’historique",
        "decision = labellise ; decision_le = j99",
        &["R-3.8-a"],
    ),
    ("une annulation hors de l’historique", "decision = annulee", &["R-3.8-a"]),
    (
        "un suivi d’un autre type de service",
        "aujourdhui = j700 | type_demande = suivi ; type_service = local_rattache ; evenements = confirme j690",
        &["DN"],
    ),
    (
        "une extension à un autre palier",
        "aujourdhui = j700 | type_demande = extension ; evenements = labellise j690 or",
        &["R-5.2-c"],
    ),
    (
        "une extension sans audit",
        "aujourdhui = j700 | type_demande = extension ; evenements = labellise j690 ; audit_debut = - ; audit_fin = -",
        &["R-5.2-b"],
    ),
    (
        "une extension accordée avant sa visite",
        "aujourdhui = j700 | type_demande = extension ; evenements = labellise j640",
        &["R-3.7.1-f", "R-5.2-b"],
    ),
    (
        "un renouvellement après la fin du label",
        "aujourdhui = j1500 | type_demande = renouvellement ; depot = j1300 ; audit_debut = j1350 ; audit_fin = j1351 ; plan_transmis_le = j1330 ; rapport_transmis_le = j1360 ; observations_le = j1365 ; autodiagnostic_le = j1290 ; enquete_usagers_cloture = j1290 ; enquete_agents_cloture = j1290 ; evenements = labellise j1400 argent",
        &["R-5.3.2-d"],
    ),
    (
        "un renouvellement sans palier",
        "aujourdhui = j1000 | type_demande = renouvellement ; depot = j900 ; audit_debut = j950 ; audit_fin = j951 ; plan_transmis_le = j930 ; rapport_transmis_le = j960 ; observations_le = j965 ; autodiagnostic_le = j890 ; enquete_usagers_cloture = j890 ; enquete_agents_cloture = j890 ; evenements = labellise j990",
        &["R-2.2.1-d", "R-3.9.1-l"],
    ),
    ("un renouvellement sans première demande", "type_demande = renouvellement", &["DN", "R-2.3-a"]),
    (
        "un suivi sans première demande",
        "type_demande = suivi ; evenements = confirme j100",
        &["DN", "R-3.9.1-g"],
    ),
];
