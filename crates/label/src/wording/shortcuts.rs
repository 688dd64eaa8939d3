//! The keys of the pages: which, what they do, and the address that they lead to.

/// In the order in which the page lists them; no address for what stays on the page.
pub const KEYS: [(&[&str], &str, &str); 9] = [
    (&["/"], "aller à la recherche d’un service", ""),
    (&["?"], "cette liste", "/raccourcis"),
    (&["f"], "aller aux filtres de la liste", ""),
    (&["g", "t"], "Travail", "/"),
    (&["g", "s"], "Services", "/services"),
    (&["g", "l"], "Labels", "/labels"),
    (&["g", "e"], "Échéances", "/echeances"),
    (&["g", "c"], "Courriels", "/courriels"),
    (&["g", "a"], "L’année", "/annee"),
];
