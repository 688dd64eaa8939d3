//! What is said of the spreadsheets that a body without a token downloads: their age, what they cannot say, what was read.

mod doubtful;
mod loose;
mod unread;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::agreement::count;
use super::fields;
use super::names::{capital, date_full, date_short};
use super::sourced::unsourced;
use crate::case::keys::Key;
use crate::outgoing::Letter;

use doubtful::some;
pub use doubtful::{DoubledTitle, Doubtful, OddCell, OddRow, doubtful};
pub use loose::{Loose, loose};
pub use unread::{Unread, unread};

pub(super) const ZERO: &str = "0 dans un export simple, qui écrit 0 pour un nombre non rempli : inconnu";
pub(super) const NO: &str =
    "« Non » dans un export simple, qui peut l’écrire pour une question sans réponse : inconnu";
pub(super) const NO_COLUMN: &str = "aucun export de ce dossier n’en a la colonne : inconnu";
/// Of an attachment that only its name tells of.
pub const ONLY_A_NAME: &str = "Inconnu : le tableur ne donne que le nom du fichier ; le zip des pièces, déposé à côté, donne le fichier";

/// Days without an export after which the body is reminded, then at each multiple.
pub const REMINDED_EVERY: i32 = 7;

/// Columns named in one sentence; the others are counted.
const COLUMNS_NAMED: usize = 8;

/// Numbers and answers that a plain export writes alike whether they were filled or not, and what its exports have no
/// column for.
#[must_use]
pub fn silent(zeros: &[Key], noes: &[Key], columns: &[Key]) -> String {
    let named = |keys: &[Key]| keys.iter().map(|key| fields::key(*key)).collect::<Vec<_>>().join(", ");
    let mut said = Vec::new();
    if !zeros.is_empty() {
        said.push(format!("l’export simple écrit 0 pour un nombre non rempli ; inconnus : {}", named(zeros)));
    }
    if !noes.is_empty() {
        said.push(format!(
            "cet export peut écrire « Non » pour une question sans réponse ; inconnus : {}",
            named(noes)
        ));
    }
    let mut sentences = Vec::new();
    if !said.is_empty() {
        let said = capital(&said.join(" ; "));
        sentences.push(format!("{said}. Un export par modèle les distingue (« vigie export-model »)"));
    }
    if !columns.is_empty() {
        let rest = columns.len().saturating_sub(COLUMNS_NAMED);
        let more = if rest > 0 { format!(" et {}", count(rest, "autre", "autres")) } else { String::new() };
        let shown = named(&columns[..columns.len() - rest]);
        sentences.push(format!("Aucun export de ce dossier n’a ces colonnes, donc inconnus : {shown}{more}"));
    }
    sentences.join(". ")
}

/// « il y a 9 jours ».
#[must_use]
pub fn days_ago(days: i32) -> String {
    match days {
        ..=0 => "aujourd’hui".to_owned(),
        1 => "hier".to_owned(),
        _ => format!("il y a {days} jours"),
    }
}

/// How old what is shown is.
#[must_use]
pub fn freshness(picture: Date, today: Date) -> String {
    let days = (today - picture).get_days();
    format!(
        "Dernier export {}, le {} : ce qui suit est l’état de ce jour-là.",
        days_ago(days),
        date_full(picture)
    )
}

/// The paragraph of a mail about a dossier that exports alone tell of, when the last one is of another day.
#[must_use]
pub fn as_exported(picture: Date) -> String {
    format!(
        "Ce courriel est établi d’après l’état du dossier au {}. Ce qui a été fait depuis n’est pas encore pris en compte.",
        date_full(picture)
    )
}

/// In place of the age of the last export when none was read; on the pages and in `vigie import`.
pub const NEVER: &str = "Aucun export n’a encore été lu : téléchargez le tableur des dossiers sur la plateforme, puis déposez-le dans le dossier des exports.";

/// What was noted of the files cannot be read.
pub const REMADE: &str = "Ce qui avait été noté des fichiers d’exports est illisible : la prochaine passe relit ceux du dossier ; donnez de nouveau à « vigie import » ceux qui lui avaient été nommés";

/// The reminder to the body: nothing else tells it that deadlines are counted on an old picture.
#[must_use]
pub fn reminder(picture: Date, today: Date) -> Letter {
    let ago = days_ago((today - picture).get_days());
    let text = format!(
        "Le dernier export des dossiers lu par vigie date du {} ({ago}). Ce qui a changé depuis sur demarche.numerique.gouv.fr n’est pas connu : les échéances, les rappels et les pages sont ceux de ce jour-là.",
        date_full(picture)
    );
    let points = [
        "ouvrez la démarche sur demarche.numerique.gouv.fr, puis « Télécharger tous les dossiers »",
        "choisissez le modèle d’export préparé pour vigie, sinon le tableur xlsx",
        "déposez le fichier, sans le renommer, dans le dossier des exports, ou donnez-le à « vigie import »",
    ];
    let what = format!("[SP+] vigie : dernier export {ago}, à renouveler");
    let source = "sans jeton, vigie ne connaît que les exports".to_owned();
    Letter { points: points.map(str::to_owned).to_vec(), ..unsourced(what, vec![text], source) }
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRead {
    /// The name of the file, without its folder.
    pub name: String,
    /// The day of the picture; `None` when only the file's own date says it.
    pub picture: Option<Date>,
    /// How many dossiers were read in it.
    pub dossiers: usize,
    /// Read by the API, which knows more.
    pub by_api: usize,
    /// Dossiers of which no day of deposit is known.
    pub incomplete: Vec<i64>,
    /// By a model, or of which empty and zero can be told apart otherwise.
    pub certain: bool,
    /// Numbers that the file shows in percent.
    pub percents: usize,
    /// What stands in the file and is not read as it stands.
    pub doubtful: Doubtful,
    /// What a zip of attachments holds; `None` of a spreadsheet.
    pub zip: Option<ZipRead>,
    /// Files of zips that are used for nothing: dossier, name, why.
    pub loose: Vec<(i64, String, Loose)>,
}

/// What was read of a zip of attachments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZipRead {
    /// The files that belong to a dossier.
    pub pieces: usize,
    /// Of these, those of dossiers that no spreadsheet gave so far.
    pub early: usize,
    /// Files that no dossier can be told of.
    pub nowhere: usize,
    /// Files that cannot be unpacked.
    pub faulty: usize,
}

/// The lines about a zip of attachments.
fn zip_read(name: &str, zip: &ZipRead, dossiers: usize) -> Vec<String> {
    let mut lines = vec![format!(
        "{name} : {} pour {}",
        count(zip.pieces, "pièce", "pièces"),
        count(dossiers, "dossier", "dossiers")
    )];
    let mut add = |number: usize, one: &str, many: &str| {
        if number > 0 {
            lines.push(format!("  {}", count(number, one, many)));
        }
    };
    add(
        zip.early,
        "pièce d’un dossier qu’aucun tableur n’a encore donné : elle sera lue avec lui",
        "pièces de dossiers qu’aucun tableur n’a encore donnés : elles seront lues avec eux",
    );
    add(
        zip.nowhere,
        "fichier dont le chemin ne dit pas le dossier, laissé de côté : choisissez l’export zip sans modèle",
        "fichiers dont le chemin ne dit pas le dossier, laissés de côté : choisissez l’export zip sans modèle",
    );
    add(
        zip.faulty,
        "fichier qui ne se décompresse pas (abîmé, protégé, trop grand ou au nom illisible), laissé de côté",
        "fichiers qui ne se décompressent pas (abîmés, protégés, trop grands ou au nom illisible), laissés de côté",
    );
    lines
}

/// One line for what was read, then one for each thing to know of it.
#[must_use]
pub fn read(file: &FileRead) -> Vec<String> {
    let of = file.picture.map_or_else(
        || "date tirée du fichier, son nom n’en porte pas".to_owned(),
        |day| format!("état du {}", date_short(day)),
    );
    let kind = if file.certain { "" } else { " ; 0 y vaut « zéro ou non rempli », donc inconnu" };
    let mut lines = match &file.zip {
        Some(zip) => zip_read(&file.name, zip, file.dossiers),
        None => vec![format!(
            "{} : {} ({of}){kind}",
            file.name,
            count(file.dossiers, "dossier lu", "dossiers lus")
        )],
    };
    if file.by_api > 0 {
        lines.push(format!(
            "  {}",
            count(
                file.by_api,
                "dossier déjà lu par l’API, laissé tel quel",
                "dossiers déjà lus par l’API, laissés tels quels"
            )
        ));
    }
    if !file.incomplete.is_empty() {
        lines.push(format!(
            "  {} : {} ; ajoutez « Déposé le » au modèle",
            count(
                file.incomplete.len(),
                "dossier encore sans date de dépôt, laissé de côté",
                "dossiers encore sans date de dépôt, laissés de côté"
            ),
            some(file.incomplete.iter())
        ));
    }
    if file.percents > 0 {
        lines.push(format!(
            "  {} : c’est ce qui est affiché qui est lu (0,855 affiché « 85,5 % » vaut 85,5) ; un nombre sans format de pourcentage est lu tel quel",
            count(file.percents, "nombre au format pourcentage", "nombres au format pourcentage")
        ));
    }
    lines.extend(doubtful(&file.doubtful).into_iter().map(|line| format!("  {line}")));
    lines.extend(loose(&file.loose, &BTreeMap::new()).into_iter().map(|line| format!("  {line}")));
    lines
}

/// What is not read as it stands in a file that was read, for as long as it is so.
#[must_use]
pub fn noted(name: &str, lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("{name} : {line}")).collect()
}

/// A dossier that this installation does not know: how to have it read.
#[must_use]
pub fn not_known(dossier: i64, by_exports: bool) -> String {
    let remedy = match by_exports {
        true => "aucun export lu ne l’a ; donnez à « vigie import » un tableur qui le contient",
        false => "lancez d’abord « vigie run --once » pour lire la plateforme",
    };
    format!("Dossier {dossier} inconnu : vérifiez le numéro ; {remedy}.")
}

/// The fields that no export had so far.
#[must_use]
pub fn absent(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(|key| fields::key(*key)).collect();
    format!("colonnes absentes de tous les exports lus, leurs règles attendent : {}", names.join(", "))
}

/// The folder of exports cannot be listed.
#[must_use]
pub fn no_folder(folder: &str, error: &str) -> String {
    format!(
        "exports.folder : {folder} ne peut pas être lu ({error}) : créez ce dossier, ou donnez-en le droit au compte qui exécute vigie"
    )
}

/// The last line of `vigie import`.
#[must_use]
pub fn imported(changed: usize) -> String {
    match changed {
        0 => "Rien de nouveau.".to_owned(),
        _ => format!(
            "{} ; les pages, les rappels et le registre suivent à la prochaine passe.",
            count(changed, "dossier nouveau ou modifié", "dossiers nouveaux ou modifiés")
        ),
    }
}

/// What to choose in the page of the platform that makes a model of export, in order.
#[must_use]
pub fn model(dossier: &[String], champs: &[String], annotations: &[String]) -> Vec<String> {
    let mut lines = vec![
        "Modèle d’export à créer une fois sur la plateforme : Démarche > Dossiers > Télécharger > Modèles d’export,".to_owned(),
        "« tableur », format xlsx. Cochez ces colonnes, dans cet ordre, sans les renommer.".to_owned(),
    ];
    for (title, columns) in [
        ("Informations du dossier", dossier),
        ("Formulaire de l’usager", champs),
        ("Annotations privées", annotations),
    ] {
        if !columns.is_empty() {
            lines.push(format!(
                "
{title}"
            ));
            lines.extend((1..).zip(columns).map(|(rank, column)| format!("{rank:>3}. {column}")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_age_is_told_in_days() {
        let said = |day| freshness(date(2027, 5, 24), day);
        assert!(said(date(2027, 6, 2)).starts_with("Dernier export il y a 9 jours, le lundi 24 mai 2027"));
        assert!(said(date(2027, 5, 25)).starts_with("Dernier export hier"));
        assert!(said(date(2027, 5, 24)).starts_with("Dernier export aujourd’hui"));
        let letter = reminder(date(2027, 5, 24), date(2027, 6, 2));
        assert_eq!(letter.subject, "[SP+] vigie : dernier export il y a 9 jours, à renouveler");
    }

    #[test]
    fn what_a_plain_export_cannot_say_is_unknown_and_not_missing() {
        let said = silent(&[Key::AgentsConcernes, Key::ScoreE1], &[Key::ContratSigne], &[]);
        assert!(said.contains("inconnus : nombre d’agents concernés, score de l’engagement 1"), "{said}");
        assert!(said.contains("sans réponse ; inconnus : contrat signé"), "{said}");
    }

    #[test]
    fn files_that_are_not_named_count_too() {
        let files: Vec<_> = (1..=7).map(|number| (number, "a.pdf".to_owned(), Loose::Unnamed)).collect();
        let more = BTreeMap::from([(Loose::Unnamed, 93), (Loose::Twins, 2)]);
        let lines = loose(&files, &more);
        assert!(
            lines[0].starts_with("100 pièces d’un zip") && lines[0].ends_with(" et 95 autres"),
            "{lines:?}"
        );
        assert!(
            lines[1].starts_with("2 noms portés") && lines[1].ends_with("(ouvrez-les sur la plateforme)")
        );
        assert_eq!(lines.len(), 2, "{lines:?}");
    }
}
