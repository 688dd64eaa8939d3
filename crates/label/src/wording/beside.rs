//! What stands beside a table in its file, or is hidden in it.

use crate::case::beside::{Beside, TitledColumn};
use crate::case::cells::Cells;

use super::agreement::{agree, count};

/// One piece of a sentence for each thing that was not counted.
pub(super) fn left_aside(beside: &Beside) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(used) = &beside.used {
        let (number, columns) = (beside.columns.len(), columns(&beside.columns));
        said.push(format!(
            "{} {columns} (notes lues en {})",
            agree(number, "la colonne", "les colonnes"),
            column(used)
        ));
    }
    if beside.tables.count > 0 {
        let (rows, number) = (first(&beside.tables), beside.tables.count);
        let other = agree(
            number,
            "un autre tableau, moins complet (titres ligne",
            "d’autres tableaux, moins complets (titres lignes",
        );
        said.push(format!("{other} {rows})"));
    }
    if beside.sheets > 0 {
        let others =
            count(beside.sheets, "autre feuille avec un tel tableau", "autres feuilles avec un tel tableau");
        said.push(others);
    }
    if beside.above > 0 {
        said.push(count(beside.above, "ligne de chiffres au-dessus", "lignes de chiffres au-dessus"));
    }
    if beside.under.count > 0 {
        let lines =
            count(beside.under.count, "ligne de légende ou de notes", "lignes de légende ou de notes");
        let from = beside.under.first.first().map(|row| format!(" (à partir de la ligne {row})"));
        said.push(format!("{lines}{}", from.unwrap_or_default()));
    }
    if beside.repeated.count > 0 {
        let rows = count(beside.repeated.count, "ligne de titres répétés", "lignes de titres répétés");
        said.push(format!("{rows} ({}), le tout lu comme un seul tableau", first(&beside.repeated)));
    }
    if beside.hidden_sheets > 0 {
        said.push(count(beside.hidden_sheets, "feuille masquée", "feuilles masquées"));
    }
    said
}

/// « 2 lignes masquées (12, 13) et une colonne masquée (D) ».
pub(super) fn hidden(rows: &Cells, columns: &Cells) -> String {
    let mut said = Vec::new();
    if rows.count > 0 {
        let lines = count(rows.count, "ligne masquée", "lignes masquées");
        said.push(format!("{lines} ({})", first(rows)));
    }
    if columns.count > 0 {
        let letters = count(columns.count, "colonne masquée", "colonnes masquées");
        said.push(format!("{letters} ({})", first(columns)));
    }
    said.join(" et ")
}

/// « 12, 13, 14, 15, 16… »: the first ones, and that there are more.
fn first(cells: &Cells) -> String {
    let shown = u32::try_from(cells.first.len()).unwrap_or(0);
    let more = if cells.count > shown { "…" } else { "" };
    format!("{}{more}", cells.first.join(", "))
}

/// « D1 (« Note ») et F1 (« Note… ») ».
pub(super) fn columns(columns: &[TitledColumn]) -> String {
    columns.iter().map(column).collect::<Vec<_>>().join(" et ")
}

fn column(column: &TitledColumn) -> String {
    format!("{} (« {} »)", column.place, column.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_named_by_its_place() {
        let mut rows = Cells::default();
        (11..18).for_each(|row| rows.add_row(row));
        let mut columns = Cells::default();
        columns.add_column(3);
        assert_eq!(
            hidden(&rows, &columns),
            "7 lignes masquées (12, 13, 14, 15, 16…) et 1 colonne masquée (D)"
        );
    }

    #[test]
    fn what_is_not_counted_is_named_by_its_place() {
        let titled =
            |place: &str, title: &str| TitledColumn { place: place.to_owned(), title: title.to_owned() };
        let (mut under, mut tables) = (Cells::default(), Cells::default());
        under.add_row(40);
        tables.add_row(2);
        let beside = Beside {
            tables,
            under,
            used: Some(titled("D9", "Note")),
            columns: vec![titled("F9", "Note…")],
            hidden_sheets: 1,
            ..Beside::default()
        };
        assert_eq!(
            left_aside(&beside),
            [
                "la colonne F9 (« Note… ») (notes lues en D9 (« Note »))",
                "un autre tableau, moins complet (titres ligne 3)",
                "1 ligne de légende ou de notes (à partir de la ligne 41)",
                "1 feuille masquée"
            ]
        );
    }
}
