//! Why a file of exports is not read.

use crate::wording::agreement::count;

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
        Unread::Unreadable => "il ne peut pas être lu : vérifiez les droits du compte qui exécute vigie",
    };
    format!("{name} : {why}")
}

/// Why an export is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
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
    /// It cannot be opened or read, most often for lack of rights.
    Unreadable,
}
