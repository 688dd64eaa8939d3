//! What stands in a spreadsheet and is not read as it stands: said when it is read, and for as long as it is so.

use super::loose::LOOSE_NAMED;
use crate::plain;
use crate::wording::agreement::count;

/// What stands in one file and is not read as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubtful {
    /// Blocks of which several sheets may be the one: none is read.
    pub twins: Vec<String>,
    /// The names of hidden sheets, which are not read.
    pub hidden: Vec<String>,
    /// Dossiers that stand on several rows of the first sheet.
    pub twice: Vec<i64>,
    /// Rows without a number of a dossier that can be read: none is read.
    pub unnumbered: Vec<OddRow>,
    /// Formulas whose result the file does not hold.
    pub uncomputed: Vec<OddCell>,
    /// Columns of one title that say different things.
    pub doubled: Vec<DoubledTitle>,
}

/// A row, and what stands in place of its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OddRow {
    /// The name of the sheet; a `.csv` has none.
    pub sheet: String,
    /// From 1.
    pub row: usize,
    /// What stands in the column of the number.
    pub written: String,
}

/// A cell by its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OddCell {
    /// The name of the sheet; a `.csv` has none.
    pub sheet: String,
    /// From 1.
    pub row: usize,
    /// From 0.
    pub column: usize,
}

/// Columns of one title, from the left: of each dossier the first one that says something is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoubledTitle {
    /// The name of the sheet; a `.csv` has none.
    pub sheet: String,
    /// The title.
    pub title: String,
    /// Their places, from 0.
    pub columns: Vec<usize>,
    /// The dossiers of which they say different things.
    pub dossiers: Vec<i64>,
}

/// One line for each kind, with what to do.
#[must_use]
pub fn doubtful(file: &Doubtful) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &file.twins {
        lines.push(format!(
            "plusieurs feuilles peuvent être « {} », aucune n’est lue : ne gardez que la bonne, ou téléchargez l’export de nouveau",
            plain::line(block)
        ));
    }
    if !file.hidden.is_empty() {
        lines.push(format!(
            "{}, rien n’en est lu : {} ; affichez-les pour qu’elles le soient",
            count(file.hidden.len(), "feuille masquée", "feuilles masquées"),
            some(file.hidden.iter().map(|name| format!("« {} »", plain::line(name))))
        ));
    }
    if !file.twice.is_empty() {
        lines.push(format!(
            "{} sur plusieurs lignes, la plus récente est lue (« Dernière mise à jour le », sinon la dernière) : {}",
            count(file.twice.len(), "dossier", "dossiers"),
            some(file.twice.iter())
        ));
    }
    if !file.unnumbered.is_empty() {
        let one = |odd: &OddRow| match plain::line(&odd.written).as_str() {
            "" => format!("{}ligne {} (case vide)", of_sheet(&odd.sheet), odd.row),
            written => format!("{}ligne {} (« {written} »)", of_sheet(&odd.sheet), odd.row),
        };
        lines.push(format!(
            "{}, rien n’en est lu : {} ; corrigez le numéro, ou ajoutez « ID » au modèle",
            count(
                file.unnumbered.len(),
                "ligne sans numéro de dossier lisible",
                "lignes sans numéro de dossier lisible"
            ),
            some(file.unnumbered.iter().map(one))
        ));
    }
    if !file.uncomputed.is_empty() {
        let one = |odd: &OddCell| format!("{}{}{}", of_sheet(&odd.sheet), letters(odd.column), odd.row);
        lines.push(format!(
            "{} : {} ; ouvrez et enregistrez le fichier avec Excel ou LibreOffice, puis donnez-le de nouveau",
            count(
                file.uncomputed.len(),
                "formule sans résultat enregistré, valeur inconnue",
                "formules sans résultat enregistré, valeurs inconnues"
            ),
            some(file.uncomputed.iter().map(one))
        ));
    }
    lines.extend(file.doubled.iter().map(doubled));
    lines
}

fn doubled(title: &DoubledTitle) -> String {
    let columns: Vec<String> = title.columns.iter().map(|column| letters(*column)).collect();
    format!(
        "{}colonnes {} de même titre « {} », qui se contredisent pour {} : {} ; la première remplie est lue, de gauche à droite : ne gardez que la bonne",
        of_sheet(&title.sheet),
        columns.join(", "),
        plain::line(&title.title),
        count(title.dossiers.len(), "dossier", "dossiers"),
        some(title.dossiers.iter())
    )
}

/// « feuille « Dossiers », », before a place in it.
fn of_sheet(name: &str) -> String {
    let name = plain::line(name);
    if name.is_empty() { name } else { format!("feuille « {name} », ") }
}

/// « A » is the first column, « AA » the twenty-seventh.
fn letters(column: usize) -> String {
    let (mut name, mut left) = (String::new(), column + 1);
    while left > 0 {
        left -= 1;
        name.insert(0, (b'A'..=b'Z').nth(left % 26).map_or('?', char::from));
        left /= 26;
    }
    name
}

/// The first ones, and how many more there are.
pub(super) fn some(all: impl ExactSizeIterator<Item = impl ToString>) -> String {
    let rest = all.len().saturating_sub(LOOSE_NAMED);
    let named: Vec<String> = all.take(LOOSE_NAMED).map(|one| one.to_string()).collect();
    let more = if rest > 0 { format!(" et {}", count(rest, "autre", "autres")) } else { String::new() };
    format!("{}{more}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_as_a_spreadsheet_names_it() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
        let sheet = "Dossiers".to_owned();
        let file = Doubtful {
            unnumbered: vec![
                OddRow { sheet: sheet.clone(), row: 14, written: "Total".to_owned() },
                OddRow { row: 15, ..OddRow::default() },
            ],
            uncomputed: vec![OddCell { sheet: sheet.clone(), row: 3, column: 27 }],
            doubled: vec![DoubledTitle {
                sheet,
                title: "Nom".to_owned(),
                columns: vec![2, 5],
                dossiers: vec![7],
            }],
            ..Doubtful::default()
        };
        assert_eq!(
            doubtful(&file),
            [
                "2 lignes sans numéro de dossier lisible, rien n’en est lu : feuille « Dossiers », ligne 14 (« Total »), ligne 15 (case vide) ; corrigez le numéro, ou ajoutez « ID » au modèle",
                "1 formule sans résultat enregistré, valeur inconnue : feuille « Dossiers », AB3 ; ouvrez et enregistrez le fichier avec Excel ou LibreOffice, puis donnez-le de nouveau",
                "feuille « Dossiers », colonnes C, F de même titre « Nom », qui se contredisent pour 1 dossier : 7 ; la première remplie est lue, de gauche à droite : ne gardez que la bonne",
            ]
        );
        assert_eq!(doubtful(&Doubtful::default()), Vec::<String>::new());
    }
}
