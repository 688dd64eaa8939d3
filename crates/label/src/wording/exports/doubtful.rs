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
    lines
}

/// The first ones, and how many more there are.
fn some(all: impl ExactSizeIterator<Item = impl ToString>) -> String {
    let rest = all.len().saturating_sub(LOOSE_NAMED);
    let named: Vec<String> = all.take(LOOSE_NAMED).map(|one| one.to_string()).collect();
    let more = if rest > 0 { format!(" et {}", count(rest, "autre", "autres")) } else { String::new() };
    format!("{}{more}", named.join(", "))
}
