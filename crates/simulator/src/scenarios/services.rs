//! The organisations of the stories, all invented: no such town, no such service, SIRETs that are not assigned.

use super::super::form::{ATTACHED, CENTRAL, INDEPENDENT};

pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) siret: &'static str,
    pub(super) departement: &'static str,
    pub(super) town: &'static str,
    pub(super) contact: &'static str,
    pub(super) email: &'static str,
    /// Staff of the main site and of the second one.
    pub(super) staff: (i64, i64),
}

const fn local(
    name: &'static str,
    siret: &'static str,
    departement: &'static str,
    town: &'static str,
    who: [&'static str; 2],
    staff: (i64, i64),
) -> Service {
    Service { name, kind: INDEPENDENT, siret, departement, town, contact: who[0], email: who[1], staff }
}

pub(super) const VALDOREE: Service = local(
    "Guichet des mobilités de Valdorée",
    "99900037500017",
    "37 – Indre-et-Loire",
    "Valdorée",
    ["Alix Morvan", "alix.morvan@valdoree.example"],
    (31, 12),
);
pub(super) const PORT_LOINTAIN: Service = local(
    "Service des titres de Port-Lointain",
    "99900074800015",
    "29 – Finistère",
    "Port-Lointain",
    ["Charlie Kervoal", "charlie.kervoal@port-lointain.example"],
    (58, 17),
);
pub(super) const CLAIRMONT: Service = local(
    "Bureau d'accueil de Clairmont-sur-Brume",
    "99900111800010",
    "67 – Bas-Rhin",
    "Clairmont-sur-Brume",
    ["Dominique Hirtz", "dominique.hirtz@clairmont-sur-brume.example"],
    (22, 9),
);
pub(super) const MONTEBRUNE: Service = local(
    "Agence des aides de Montébrune",
    "99900148000014",
    "12 – Aveyron",
    "Montébrune",
    ["Camille Astruc", "camille.astruc@montebrune.example"],
    (96, 40),
);
pub(super) const HAUTE_RIVELLE: Service = local(
    "Centre de gestion de Haute-Rivelle",
    "99900185200014",
    "974 – La Réunion",
    "Haute-Rivelle",
    ["Noé Payet", "noe.payet@haute-rivelle.example"],
    (45, 14),
);
pub(super) const BRISSEMONT: Service = local(
    "Accueil public de Brissemont",
    "99900222300017",
    "02 – Aisne",
    "Brissemont",
    ["Lou Carlier", "lou.carlier@brissemont.example"],
    (18, 6),
);

pub(super) const ARCHIPEL: Service = Service {
    kind: CENTRAL,
    ..local(
        "Réseau national Archipel",
        "99900259500018",
        "75 – Paris",
        "Paris",
        ["Maxime Lenoir", "maxime.lenoir@archipel.example"],
        (140, 25),
    )
};

/// The nine local services of Archipel, three for each of the three years.
pub(super) const BRANCHES: [Service; 9] = [
    branch("Archipel, antenne des Grands-Prés", "99900296700019", "80 – Somme", "Les Grands-Prés"),
    branch("Archipel, antenne de Roquelune", "99900333800012", "34 – Hérault", "Roquelune"),
    branch("Archipel, antenne de Sept-Fougères", "99900370000013", "35 – Ille-et-Vilaine", "Sept-Fougères"),
    branch("Archipel, antenne de Vaubrune", "99900407000010", "21 – Côte-d'Or", "Vaubrune"),
    branch("Archipel, antenne d'Estrelline", "99900444300019", "83 – Var", "Estrelline"),
    branch("Archipel, antenne de Noirlac-le-Haut", "99900481500018", "63 – Puy-de-Dôme", "Noirlac-le-Haut"),
    branch("Archipel, antenne de Belle-Garenne", "99900518400018", "45 – Loiret", "Belle-Garenne"),
    branch("Archipel, antenne de Trois-Écluses", "99900555600017", "59 – Nord", "Trois-Écluses"),
    branch("Archipel, antenne de Mirevent", "99900592900016", "11 – Aude", "Mirevent"),
];

const fn branch(
    name: &'static str,
    siret: &'static str,
    departement: &'static str,
    town: &'static str,
) -> Service {
    let made = local(name, siret, departement, town, ["Sasha Dulac", "antennes@archipel.example"], (34, 8));
    Service { kind: ATTACHED, ..made }
}
