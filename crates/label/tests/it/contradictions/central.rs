//! A central service's award beside its network and its own audit.

use super::Line;

pub const LINES: &[Line] = &[
    ("Or, la majorité est Argent", "type_service = central ; evenements = labellise j100 or", &["R-2.2.2-a"]),
    (
        "Bronze, la majorité est Argent",
        "type_service = central ; evenements = labellise j100 bronze",
        &["R-2.2.2-a"],
    ),
    ("un central sans palier", "type_service = central ; evenements = labellise j100", &["R-2.2.1-d"]),
    (
        "trop peu de locaux audités",
        "type_service = central ; locaux = 2 argent j40",
        &["R-3.1-c", "R-3.7.2-a"],
    ),
    ("aucun local audité", "type_service = central ; locaux = -", &["R-3.1-c", "R-3.7.2-a"]),
    (
        "des locaux décidés après",
        "type_service = central ; locaux = 4 argent j110",
        &["R-3.1-c", "R-3.7.2-a"],
    ),
    (
        "moins de trois locaux labellisés sur quatre",
        "type_service = central ; locaux = 3 argent j40, 2 rejete j40",
        &["R-2.2.2-b"],
    ),
    ("des points sous 75 %", "type_service = central ; points_valides = 37", &["R-2.2.2-d"]),
    (
        "sans points de contrôle",
        "type_service = central ; points_valides = - ; points_total = -",
        &["R-2.2.2-d"],
    ),
    (
        "plus de points validés que contrôlés, central",
        "type_service = central ; points_valides = 51",
        &["R-2.2.2-d"],
    ),
    (
        "un autodiagnostic local manque",
        "type_service = central ; autodiagnostics_fournis = 8",
        &["R-2.2.2-c", "R-3.5.2-e"],
    ),
    (
        "plus d’autodiagnostics que de locaux",
        "type_service = central ; autodiagnostics_fournis = 10",
        &["R-2.2.2-c"],
    ),
    ("un central sans visite", "type_service = central ; audit_debut = - ; audit_fin = -", &["R-2.1-a"]),
    ("un central décidé avant sa visite", "type_service = central ; audit_fin = j101", &["R-3.7.1-f"]),
    (
        "un central décidé avant la fin des actions correctives",
        "type_service = central ; rapport_transmis_le = j95 ; observations_le = -",
        &["R-3.7.1-h"],
    ),
    (
        "un central suspendu sans motif",
        "type_service = central ; evenements = labellise j100 argent, suspension j110",
        &["R-5.3.1-a"],
    ),
    (
        "les points changés après le rapport",
        "type_service = central ; rapport : points_valides = 36",
        &["R-3.7.1-g"],
    ),
    (
        "un central labellisé contre tout",
        "type_service = central ; locaux = 1 argent j40, 1 rejete j40 ; points_valides = 30 ; autodiagnostics_fournis = 3",
        &["R-2.2.2-b", "R-2.2.2-c", "R-2.2.2-d", "R-3.1-c", "R-3.5.2-e", "R-3.7.2-a"],
    ),
];
