//! The lines that `vigie form` proposes for `form.toml`: TOML, with a French comment on how sure each is.

/// A field whose label and type leave no doubt; `label` as TOML writes it, quotes included.
#[must_use]
pub fn sure(key: &str, label: &str) -> String {
    format!("{key} = {label} # sûr")
}

/// A field whose label names the key and something else, `percent` sure; `label` as TOML writes it, quotes included.
#[must_use]
pub fn to_confirm(key: &str, label: &str, percent: u32) -> String {
    format!("{key} = {label} # à confirmer ({percent} %)")
}

/// Nothing decides between these fields.
#[must_use]
pub fn ambiguous(key: &str, fields: &[String]) -> String {
    match fields {
        [only] => format!("# {key} : peut-être {only}"),
        several => format!("# {key} : à vous de choisir entre {}", several.join(" / ")),
    }
}

/// A group of which nothing tells the démarche.
pub const EMPTY_GROUP: &str = "dn.groupe : ce groupe n’a encore aucun dossier, qui seul dirait de quel formulaire il s’agit ; indiquez aussi dn.demarche";

/// The token does not show the form of that démarche.
#[must_use]
pub fn form_not_seen(demarche: i64) -> String {
    format!(
        "le formulaire de la démarche {demarche} n’est pas visible avec ce jeton : vérifiez dn.demarche, et les droits du jeton"
    )
}

/// Where a key stands in `form.toml`: « [champs] decision ».
fn at(table: &str, key: &str) -> String {
    format!("[{table}] {key}")
}

/// The form has no field of that label or id.
#[must_use]
pub fn no_field(table: &str, key: &str, wanted: &str) -> String {
    format!(
        "{} : le formulaire n’a pas de champ « {wanted} » ; reprenez son libellé exact ou son identifiant de « vigie form »",
        at(table, key)
    )
}

/// Several fields have that label.
#[must_use]
pub fn several_fields(table: &str, key: &str, wanted: &str, count: usize) -> String {
    format!(
        "{} : {count} champs s’appellent « {wanted} » ; donnez l’identifiant du bon (« vigie form » les liste)",
        at(table, key)
    )
}

/// A field is of another type; types by their name in the program.
#[must_use]
pub fn not_of_type(table: &str, key: &str, wanted: &str, found: &str, expected: &[String]) -> String {
    let expected: Vec<&str> = expected.iter().map(|kind| platform_type(kind)).collect();
    format!(
        "{} : « {wanted} » est de type « {} », il faut « {} »",
        at(table, key),
        platform_type(found),
        expected.join(" » ou « ")
    )
}

/// An option that is written for a value, and that the form has not.
#[must_use]
pub fn no_such_option(table: &str, key: &str, value: &str, wanted: &str, options: &str) -> String {
    format!(
        "[choix.{table}.{key}] {value} : le formulaire n’a pas l’option « {wanted} » ; ses options sont : {options}"
    )
}

/// A name that is no key.
#[must_use]
pub fn no_key(table: &str, name: &str) -> String {
    format!("{} : n’est pas une clé de form.toml ; docs/formulaire.md en a la liste", at(table, name))
}

/// A name that is no value of a key.
#[must_use]
pub fn no_value(key: &str, value: &str, values: &str) -> String {
    format!("[choix.{key}] {value} : n’est pas une valeur de {key} ; ses valeurs sont : {values}")
}

/// What vigie writes stands among the candidate's fields.
#[must_use]
pub fn written_in_champs(key: &str) -> String {
    format!(
        "{} : vigie écrit cette clé, c’est une annotation, qui ne peut pas être dans [champs]",
        at("annotations", key)
    )
}

/// What only the body says stands among the candidate's fields.
#[must_use]
pub fn body_in_champs(key: &str) -> String {
    format!(
        "{} : seul l’organisme le dit, c’est une annotation, qui ne peut pas être dans [champs]",
        at("annotations", key)
    )
}

/// Two keys name one field that vigie writes.
#[must_use]
pub fn written_twice(key: &str, other: &str, wanted: &str) -> String {
    format!(
        "{} et {other} nomment le même champ « {wanted} », que vigie écrit : un champ pour une clé ; ni l’une ni l’autre ne sert tant que les deux lignes le nomment",
        at("annotations", key)
    )
}

/// A cell whose block is not named.
#[must_use]
pub fn no_block(table: &str, key: &str, block: &str) -> String {
    format!("{} : n’est que dans le bloc « {block} », que form.toml ne nomme pas", at(table, key))
}

/// A field with the expected label is of another type; types by their name in the program.
#[must_use]
pub fn wrong_type(key: &str, label: &str, found: &str, expected: &[String]) -> String {
    let expected: Vec<&str> = expected.iter().map(|kind| platform_type(kind)).collect();
    format!(
        "# {key} : « {label} » est de type « {} », il faudrait « {} »",
        platform_type(found),
        expected.join(" » ou « ")
    )
}

/// No field fits.
#[must_use]
pub fn missing(key: &str) -> String {
    format!("# {key} : aucun champ")
}

/// What stands first in a proposal.
#[must_use]
pub fn heading(demarche: i64, title: &str) -> String {
    format!(
        "# Proposition pour la démarche {demarche} « {title} »\n\
         # À relire. « sûr » : le libellé et le type ne laissent pas de doute ; « à confirmer » : le libellé dit aussi autre\n\
         # chose. Une ligne qui commence par # ne vaut rien tant que vous ne l’avez pas complétée."
    )
}

/// Before the lines that remember each field.
pub const FIELDS: &str = "# Tous les champs du formulaire : identifiant | type | place | clé | libellé. Gardez ces lignes à la fin de form.toml :\n\
     # le prochain « vigie form » y lit ce qui a bougé.";

/// Before what is different since the last proposal.
pub const MOVED: &str = "# Depuis votre form.toml, le formulaire a changé :";

/// Options for which vigie has no value.
#[must_use]
pub fn options_left(options: &[String]) -> String {
    let quoted: Vec<String> = options.iter().map(|option| format!("« {option} »")).collect();
    format!("# sans valeur : {}", quoted.join(", "))
}

/// No option of the form is near this value.
#[must_use]
pub fn no_option(value: &str) -> String {
    format!("# {value} : aucune option ressemblante")
}

/// How many keys were found, and how many are left to a person.
#[must_use]
pub fn counted(sure: usize, to_confirm: usize, left: usize) -> String {
    format!("# {sure} sûrs, {to_confirm} à confirmer, {left} à compléter ou absents du formulaire")
}

/// A field that the form did not have.
#[must_use]
pub fn field_added(label: &str, place: &str) -> String {
    format!("« {label} » : ajouté dans « {place} »")
}

/// A field with another label.
#[must_use]
pub fn field_renamed(before: &str, now: &str, key: Option<&str>) -> String {
    format!("« {before} » s’appelle maintenant « {now} »{}", for_key(key))
}

/// A field with another type; types by their name in the program, or already in French.
#[must_use]
pub fn field_retyped(label: &str, before: &str, now: &str, key: Option<&str>) -> String {
    let (before, now) = (platform_type(before), platform_type(now));
    format!("« {label} » : le type est passé de « {before} » à « {now} »{}", for_key(key))
}

/// A field in another place.
#[must_use]
pub fn field_moved(label: &str, before: &str, now: &str) -> String {
    format!("« {label} » : déplacé de « {before} » à « {now} »")
}

/// A field that the form no longer has.
#[must_use]
pub fn field_gone(label: &str, key: Option<&str>) -> String {
    format!("« {label} » : n’existe plus{}", for_key(key))
}

fn for_key(key: Option<&str>) -> String {
    key.map(|key| format!(" ({key})")).unwrap_or_default()
}

/// The page to follow on the platform, before its two lists.
#[must_use]
pub fn create_heading(whole: bool) -> String {
    let what = if whole {
        "Champs à créer dans la démarche, dans l’ordre."
    } else {
        "Champs qui manquent à votre démarche, dans l’ordre ; les autres ont été reconnus."
    };
    format!(
        "{what}\n\nSur la plateforme, ouvrez la démarche, puis « Champs du formulaire » (première liste) et « Annotations privées »\n\
         (seconde liste). Ajoutez chaque champ avec ce libellé, ce type et ces options. Aucun n’a besoin d’être obligatoire :\n\
         ce qui n’existe pas n’est pas contrôlé. Publiez la nouvelle version, puis lancez « vigie form »."
    )
}

/// Printed by `vigie form` when the form of the platform has a field for each key.
pub const NOTHING_TO_CREATE: &str = "Rien à créer : chaque clé a son champ.";

/// The title of one of the two lists.
#[must_use]
pub fn create_list(annotations: bool) -> &'static str {
    if annotations {
        "ANNOTATIONS PRIVÉES (remplies par l’organisme, et par vigie pour celles qui commencent par « [auto] »)"
    } else {
        "CHAMPS DU FORMULAIRE (remplis par le candidat)"
    }
}

/// One field to add; what stands in a block is set back.
#[must_use]
pub fn create_field(
    rank: usize,
    label: &str,
    kind: &str,
    key: &str,
    options: &[String],
    in_block: bool,
) -> String {
    let (space, mark) = if in_block { ("     ", "–".to_owned()) } else { ("", format!("{rank}.")) };
    let mut text = format!("{space}{mark} {label}\n{space}   type : {} ; clé : {key}", platform_type(kind));
    for option in options {
        text.push_str(&format!("\n{space}     · {option}"));
    }
    text
}

/// A body is chosen from a list that vigie does not know.
pub const OWN_OPTIONS: &str = "(les organismes habilités)";

/// The name of a type in the platform's editor; what is none of ours is left as it is.
#[must_use]
pub fn platform_type(kind: &str) -> &str {
    match kind {
        "Text" => "Texte court",
        "Textarea" => "Texte long",
        "Email" => "Adresse électronique",
        "IntegerNumber" => "Nombre entier",
        "DecimalNumber" => "Nombre décimal",
        "Date" => "Date",
        "Datetime" => "Date et heure",
        "DropDownList" => "Choix simple",
        "MultipleDropDownList" => "Choix multiple",
        "YesNo" => "Oui/Non",
        "Checkbox" => "Case à cocher seule",
        "PieceJustificative" => "Pièce justificative",
        "Repetition" => "Bloc répétable",
        "Siret" => "Numéro SIRET",
        "DossierLink" => "Lien vers un autre dossier",
        "Departement" => "Départements",
        "Header" => "Titre de section",
        "Other" => "Autre type",
        other => other,
    }
}
