//! Why a file of exports is not read.

use crate::case::inspection::Media;
use crate::wording::agreement::count;
use crate::wording::names;

/// Why a file is not read, with the remedy.
#[must_use]
pub fn unread(name: &str, why: Unread) -> String {
    let why = match why {
        Unread::OtherDemarche { number, ours } => {
            return format!(
                "{name} : export de la démarche {number}, alors que la démarche lue est la {ours} : retirez ce fichier, ou écrivez demarche = {number} dans [exports] si c’est elle qu’il faut lire"
            );
        }
        Unread::OtherForm { found, asked } => {
            return format!(
                "{name} : export d’un autre formulaire : il n’a la colonne que de {} de form.toml sur {asked} ; retirez ce fichier, ou corrigez form.toml",
                count(found, "champ", "champs")
            );
        }
        Unread::IsA(media) => return format!("{name} : {}", is_a(media)),
        Unread::Empty => {
            "il est vide : téléchargez l’export de nouveau, une fois que la plateforme l’a préparé en entier"
        }
        Unread::Missing => "ce fichier n’existe pas : vérifiez son nom et son dossier",
        Unread::IsAFolder => {
            "c’est un dossier : nommez les fichiers qu’il contient, ou donnez-le à exports.folder"
        }
        Unread::NotASpreadsheet => "ce n’est pas un tableur xlsx, ods ou csv",
        Unread::OldFormat => "ancien format .xls ou .xlsb : choisissez xlsx, ods ou csv sur la plateforme",
        Unread::Protected => "protégé par un mot de passe : enregistrez-le sans mot de passe",
        Unread::Broken => "il ne s’ouvre pas : téléchargez-le de nouveau",
        Unread::TooMuch => "trop grand : exportez un onglet à la fois",
        Unread::NoDossiers => {
            "aucune colonne « ID » (numéro du dossier) : exportez tous les champs, ou suivez « vigie export-model »"
        }
        Unread::ZipTooMuch => "ce zip tient trop de fichiers, ou trop lourds : exportez un onglet à la fois",
        Unread::NoPieces => {
            "aucune pièce de dossier dans ce zip : choisissez l’export zip des pièces, sans modèle"
        }
        Unread::OnlyDossiers => {
            "ce zip ne tient que les dossiers en PDF, sans aucune pièce jointe : rien n’y est à lire ; s’ils ont des pièces, choisissez l’export zip sans modèle"
        }
        Unread::ZippedSpreadsheet => {
            "ce zip tient un tableur et aucune pièce de dossier : décompressez-le, puis donnez le tableur"
        }
        Unread::ReadingFailed => {
            "sa lecture a échoué avant d’avoir commencé : la cause est dans le journal de vigie, le fichier sera relu"
        }
        Unread::Unreadable => "il ne peut pas être lu : vérifiez les droits du compte qui exécute vigie",
    };
    format!("{name} : {why}")
}

/// A file that is no table, whatever its name says.
fn is_a(media: Media) -> String {
    let remedy = match media {
        Media::Html => {
            "si elle montre les dossiers, ouvrez-la dans Excel ou LibreOffice et enregistrez-la en .xlsx ; sinon reconnectez-vous à la plateforme et téléchargez l’export de nouveau"
        }
        Media::Archive => {
            "si ce sont les pièces des dossiers, donnez-lui un nom en .zip ; sinon téléchargez l’export « tableur » en xlsx"
        }
        _ => "téléchargez l’export « tableur » en xlsx sur la plateforme",
    };
    format!("c’est {} et non un tableur : {remedy}", names::media(media))
}

/// Why an export is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no table, whatever its name says.
    IsA(Media),
    /// It holds nothing.
    Empty,
    /// There is no such file.
    Missing,
    /// It is a folder.
    IsAFolder,
    /// It has no line of titles, and its name is not that of a spreadsheet.
    NotASpreadsheet,
    /// It is an .xls or .xlsb workbook.
    OldFormat,
    /// It asks for a password.
    Protected,
    /// It does not open, or is not one sheet of dossiers.
    Broken,
    /// It is larger than what is read.
    TooMuch,
    /// Its name has the number of another démarche than the one that is read.
    OtherDemarche {
        /// Its own.
        number: i64,
        /// The one that is read.
        ours: i64,
    },
    /// It has a column for fewer than a quarter of the fields of `form.toml`.
    OtherForm {
        /// For how many it has one.
        found: usize,
        /// How many fields there are.
        asked: usize,
    },
    /// No column has the numbers of the dossiers.
    NoDossiers,
    /// It is a zip with more, or larger, files than are read.
    ZipTooMuch,
    /// It is a zip without a folder of a dossier.
    NoPieces,
    /// It is a zip with the PDF of dossiers alone.
    OnlyDossiers,
    /// It is a zip with a spreadsheet, or a spreadsheet under the name of a zip.
    ZippedSpreadsheet,
    /// The process that reads it did not answer.
    ReadingFailed,
    /// It cannot be opened or read, most often for lack of rights.
    Unreadable,
}
