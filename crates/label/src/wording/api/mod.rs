//! What programs, and those who write them, read of the API: why a request is refused, and in [`vocabulary`] what each
//! address, parameter and field is.

pub mod vocabulary;

/// Detail of the 401 answer of the API to a token that opens nothing.
pub const UNKNOWN_TOKEN: &str =
    "Ce jeton n’ouvre rien : il est inconnu, révoqué ou expiré. « vigie token new » en donne un autre.";
/// Detail of the 401 answer of the API to a request with neither token nor session.
pub const NO_TOKEN: &str = "Un jeton est nécessaire : en-tête « Authorization: Bearer … », jeton donné par « vigie token new ». Une session ouverte sur les pages convient aussi.";
/// Detail of the 403 answer of the API to a role that may not read the address.
pub const OTHER_ROLE: &str = "Le rôle de ce jeton ou de cette session ne donne pas accès à cette adresse.";
/// What a parameter that takes a civil date expects; ends the sentence of `bad_value`.
pub const DAY_EXPECTED: &str = "une date écrite année-mois-jour, par exemple 2027-03-12";
/// What a parameter that takes the number of a dossier expects; ends the sentence of `bad_value`.
pub const NUMBER_EXPECTED: &str = "un numéro, en chiffres";
/// What the parameter `after` of the lists expects; ends the sentence of `bad_value`.
pub const PLACE_EXPECTED: &str = "la valeur de « next » d’une réponse de cette liste";

/// Characters of what somebody wrote, when it is quoted.
const QUOTED: usize = 60;

/// The beginning of what somebody wrote, on one line.
#[must_use]
pub fn cut(text: &str) -> String {
    let line = crate::plain::line(text);
    let mut letters = line.chars();
    let mut short: String = letters.by_ref().take(QUOTED).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Detail of the 429 answer of the API; `seconds` is the wait that `Retry-After` gives.
#[must_use]
pub fn too_many(seconds: u64) -> String {
    format!("Trop de demandes en une minute : la suivante est acceptée dans {seconds} s.")
}

/// Refusal of an address in which the parameter `name` stands more than once.
#[must_use]
pub fn written_twice(name: &str) -> String {
    format!("Le paramètre « {} » est écrit deux fois : gardez-en un.", cut(name))
}

/// Refusal of a parameter's value; `expected` says what it takes, without a full stop.
#[must_use]
pub fn bad_value(name: &str, value: &str, expected: &str) -> String {
    format!("« {} » ne convient pas pour le paramètre « {name} » : {expected}.", cut(value))
}

/// Refusal of a parameter that the address does not take; `known` are those it takes, maybe none.
#[must_use]
pub fn unknown_parameter(name: &str, known: &[&str]) -> String {
    let known = match known {
        [] => "cette adresse n’en prend aucun".to_owned(),
        names => format!("cette adresse prend {}", names.join(", ")),
    };
    format!("Le paramètre « {} » est inconnu : {known}.", cut(name))
}

/// What a text parameter expects; `most` is its greatest length in characters, inclusive.
#[must_use]
pub fn text_expected(most: usize) -> String {
    format!("un texte de 1 à {most} caractères, sans caractère de contrôle")
}

/// What a parameter that takes a count expects; `most` is its inclusive upper bound.
#[must_use]
pub fn number_expected(most: i64) -> String {
    format!("un nombre de 1 à {most}")
}

/// What a parameter with a closed list of words expects; `words` are all of them.
#[must_use]
pub fn one_of(words: &[&str]) -> String {
    match words {
        [only] => format!("seul « {only} » est accepté"),
        words => format!("un mot parmi {}", words.join(", ")),
    }
}

/// Detail of the 404 answer of the API about a case; `number` is quoted as the program wrote it.
#[must_use]
pub fn unknown_case(number: &str) -> String {
    format!("Le dossier « {} » n’est pas connu de vigie.", cut(number))
}

/// The title of a problem.
#[must_use]
pub fn problem_title(status: u16) -> &'static str {
    match status {
        400 => "Demande incomprise",
        401 => "Jeton nécessaire",
        403 => "Accès refusé",
        404 => "Introuvable",
        405 => "Méthode refusée",
        406 => "Format non servi",
        421 => "Autre nom",
        429 => "Trop de demandes",
        503 | 504 => "Indisponible",
        500.. => "Erreur de vigie",
        _ => "Demande refusée",
    }
}

/// What a problem says when nothing more is known.
#[must_use]
pub fn problem_detail(status: u16) -> &'static str {
    match status {
        404 => "Cette adresse ne correspond à rien.",
        405 => "L’API se lit seulement : méthodes GET et HEAD.",
        406 => "L’API répond en JSON : en-tête « Accept: application/json », ou aucun.",
        421 => super::sign_in::OTHER_HOST,
        504 => "La réponse a pris trop de temps. Demandez moins de lignes (« limit »), ou réessayez.",
        500.. => "La réponse ne peut pas être faite pour l’instant. Réessayez dans quelques minutes.",
        _ => "Cette demande ne peut pas être comprise.",
    }
}
