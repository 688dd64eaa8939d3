//! Sentences about recounted tables.

use crate::case::grid_points::PointsGap;
use crate::case::keys::Key;
use crate::case::table::{Cells, TableFault, TableKind};
use crate::guide::tiers::Tier;
use crate::judge::recount::{Mark, Recount, TableDoubt};

use super::agreement::{agree, count, others};
use super::beside;
use super::fields;
use super::names::{self, capital, number};

/// The sentence of a recount, without its level or its section.
pub(super) fn sentence(recount: &Recount) -> String {
    match recount {
        Recount::Mark(mark) => self::mark(mark),
        Recount::Scores { marks, declared } => {
            let marks: Vec<_> = marks
                .iter()
                .map(|mark| format!("{} : {}", short(mark.key), number(&mark.recounted)))
                .collect();
            let how = if *declared { "égaux aux scores déclarés" } else { "sans score déclaré" };
            format!("Grille d’audit : scores recalculés {how} ({})", marks.join(" ; "))
        }
        Recount::Points { counted: (valid, total), declared } => {
            let start = format!("Grille d’audit du service central : {valid} points validés sur {total}");
            match declared {
                (None, None) => format!("{start} par le recalcul ; aucun nombre déclaré"),
                declared if *declared == (Some(*valid), Some(*total)) => {
                    format!("{start} par le recalcul, comme déclaré")
                }
                (valid, total) => {
                    let told =
                        |count: &Option<i64>| count.map_or("…".to_owned(), |count| count.to_string());
                    format!("{start} par le recalcul, {} sur {} déclarés", told(valid), told(total))
                }
            }
        }
        Recount::Admissible { key, rows, counted, declared } => {
            let start = format!(
                "{} : {counted} recalculés parmi les {rows} questionnaires du tableau",
                capital(&fields::key(*key))
            );
            match declared {
                None => format!("{start} ; aucun nombre déclaré"),
                Some(declared) if declared == counted => format!("{start}, comme déclaré"),
                Some(declared) => format!("{start}, {declared} déclarés"),
            }
        }
        Recount::TooManyAnswers { question, answers, key, admissible } => format!(
            "{} : {admissible} déclarés, mais {answers} réponses à la question « {question} » dans le tableau",
            capital(&fields::key(*key))
        ),
        Recount::OtherLines { kind, lines } => format!(
            "{} : {} de côté par le recalcul",
            capital(table(*kind)),
            count(
                *lines,
                "ligne sans question ou engagement reconnu, laissée",
                "lignes sans question ou engagement reconnu, laissées"
            )
        ),
        Recount::LeftAside { kind, lines } => format!(
            "{} : {} par le recalcul",
            capital(table(*kind)),
            count(
                *lines,
                "ligne de total ou de moyenne, laissée de côté",
                "lignes de totaux ou de moyennes, laissées de côté"
            )
        ),
        Recount::Beside { kind, beside } => format!(
            "{} : non comptés, {} ; vérifiez que le tableau est le bon",
            capital(table(*kind)),
            beside::left_aside(beside).join(" ; ")
        ),
        Recount::Hidden { kind, rows, columns } => format!(
            "{} : {}, comptées comme les autres ; affichez-les dans le fichier pour les vérifier",
            capital(table(*kind)),
            beside::hidden(rows, columns)
        ),
        Recount::Doubtful { kind, name, doubts } => {
            let doubts: Vec<_> = doubts.iter().map(|one| doubt(one, *kind)).collect();
            format!(
                "{} « {name} » : recalcul impossible, {} ; {}",
                capital(table(*kind)),
                doubts.join(" ; "),
                remedy(*kind)
            )
        }
        Recount::Unread { kind, name, fault } => {
            format!("{} « {name} » : {} ; {}", capital(table(*kind)), unread(*fault, *kind), remedy(*kind))
        }
    }
}

fn mark(mark: &Mark) -> String {
    let recounted = number(&mark.recounted);
    let arithmetic = match mark.mean_of.len() {
        0 => String::new(),
        count => {
            let notes: Vec<_> = mark.mean_of.iter().map(number).collect();
            format!(" = ({}) ÷ {count}", notes.join(" + "))
        }
    };
    let start = format!("{} : {recounted} par le recalcul du tableau{arithmetic}", capital(&title(mark.key)));
    match &mark.declared {
        None => format!("{start} ; aucune note déclarée"),
        Some(declared) if mark.agrees() => format!("{start}, {} déclaré", number(declared)),
        Some(declared) => {
            let tiers = mark.tiers.map(|(declared, recounted)| {
                format!(
                    " ; à elle seule, cette note permettrait {} et non {}",
                    tier(recounted),
                    tier(declared)
                )
            });
            format!("{start}, mais {} déclaré{}", number(declared), tiers.unwrap_or_default())
        }
    }
}

fn tier(tier: Option<Tier>) -> &'static str {
    tier.map_or("aucun palier", names::tier)
}

fn title(key: Key) -> String {
    match short(key) {
        "" => fields::key(key),
        short => format!("score d’audit, {short}"),
    }
}

fn short(key: Key) -> &'static str {
    match key {
        Key::ScoreE1 => "engagement 1",
        Key::ScoreE2 => "engagement 2",
        Key::ScoreE3 => "engagement 3",
        Key::ScoreE4 => "engagement 4",
        Key::ScoreE5 => "engagement 5",
        Key::ScoreE6 => "engagement 6",
        Key::ScoreE7 => "engagement 7",
        Key::ScoreE8 => "engagement 8",
        Key::ScoreOr => "critères Or",
        _ => "",
    }
}

fn table(kind: TableKind) -> &'static str {
    match kind {
        TableKind::EnqueteUsagers => "tableau de l’enquête usagers",
        TableKind::EnqueteAgents => "tableau de l’enquête agents",
        TableKind::GrilleLocal => "grille d’audit",
        TableKind::GrilleCentral => "grille d’audit du service central",
    }
}

fn remedy(kind: TableKind) -> String {
    format!("à vérifier par une personne (modèle de tableau : vigie template {})", kind.name())
}

fn unread(fault: TableFault, kind: TableKind) -> String {
    match fault {
        TableFault::Broken => "le classeur ne s’ouvre pas".to_owned(),
        TableFault::Protected => "le classeur demande un mot de passe".to_owned(),
        TableFault::OldFormat => {
            "ancien format de classeur, à enregistrer en .xlsx, .ods ou .csv pour être recalculé".to_owned()
        }
        TableFault::TooMuch => {
            "le classeur contient bien plus qu’un tel tableau, il n’a pas été lu".to_owned()
        }
        TableFault::TooCostly => "le classeur n’a pas pu être lu automatiquement (trop complexe)".to_owned(),
        TableFault::SeveralSheets => {
            "plusieurs feuilles ont ces titres : n’en garder qu’une, ou nommer la bonne comme dans le modèle"
                .to_owned()
        }
        TableFault::SeveralTables { first, second } => format!(
            "deux tableaux ont ces titres sur la feuille (lignes {first} et {second}) : n’en garder qu’un"
        ),
        TableFault::HiddenSheets => format!(
            "titres de colonnes non reconnus sur les feuilles visibles, attendus : {} ; le classeur a des feuilles masquées, qui ne sont pas lues : affichez celle du tableau",
            expected(kind)
        ),
        TableFault::NoHeader => format!("titres de colonnes non reconnus, attendus : {}", expected(kind)),
    }
}

fn expected(kind: TableKind) -> &'static str {
    match kind {
        TableKind::EnqueteUsagers | TableKind::EnqueteAgents => {
            "une ligne par question et une colonne par réponse, ou une ligne par répondant et une colonne par question"
        }
        TableKind::GrilleLocal => "l’engagement et la note de chaque point de contrôle",
        TableKind::GrilleCentral => "chaque point de contrôle et son évaluation",
    }
}

fn doubt(doubt: &TableDoubt, kind: TableKind) -> String {
    match doubt {
        TableDoubt::NotNumbers(cells) => {
            format!("{} au lieu d’un nombre de réponses", places(cells, "autre chose"))
        }
        TableDoubt::UnknownNotes(cells) => {
            let layout = format!("[{}.notes] de tables.toml", kind.name());
            match cells.words.as_slice() {
                [] => format!("{} au lieu d’une note prévue", places(cells, "autre chose")),
                words => {
                    let words: Vec<_> = words.iter().map(|word| format!("« {word} »")).collect();
                    let what = places(cells, &words.join(", "));
                    format!("{what} au lieu d’une note prévue (à déclarer dans {layout} si c’en est une)")
                }
            }
        }
        TableDoubt::Unfinished(cells) => {
            let words: Vec<_> = cells.words.iter().map(|word| format!("« {word} »")).collect();
            let what = if words.is_empty() { "autre chose".to_owned() } else { words.join(", ") };
            format!(
                "{} sans dire si le questionnaire est terminé (à déclarer dans [{}] de tables.toml, finished_words ou unfinished_words)",
                places(cells, &what),
                kind.name()
            )
        }
        TableDoubt::NoteColumns(columns) => format!(
            "plusieurs colonnes peuvent être celle des notes et diffèrent : {} (n’en garder qu’une, ou donner à la bonne le titre du modèle)",
            beside::columns(columns)
        ),
        TableDoubt::TwinColumns(cells) => {
            format!("{} que la colonne de même titre", places(cells, "autre chose"))
        }
        TableDoubt::NoPoint(cells) => {
            format!("{} sans point de contrôle (moyenne ou total ?)", places(cells, "une note"))
        }
        TableDoubt::NoNote(cells) => format!("{} pour un point de contrôle", places(cells, "aucune note")),
        TableDoubt::Twice(cells) => format!("{} que plus haut", places(cells, "la même question")),
        TableDoubt::MissingQuestions(labels) => {
            let shown: Vec<_> = labels.iter().take(5).map(|label| format!("« {label} »")).collect();
            let more = match labels.len().saturating_sub(5) {
                0 => String::new(),
                rest => format!(" {}", others(rest)),
            };
            let missing = agree(labels.len(), "question absente", "questions absentes");
            format!("{missing} : {}{more}", shown.join(", "))
        }
        TableDoubt::UnknownAnswers { question, answers } => {
            let answers = count(*answers, "réponse", "réponses");
            format!("{answers} hors des réponses prévues à la question « {question} »")
        }
        TableDoubt::OtherPoints { edition, gaps } => {
            let gaps: Vec<_> = gaps.iter().map(|gap| points_gap(gap, kind)).collect();
            format!("points de contrôle autres que ceux de l’édition « {edition} » : {}", gaps.join(", "))
        }
        TableDoubt::Empty => "aucune réponse ni note dans le tableau".to_owned(),
    }
}

/// « engagement 3 : 4 points sur 6 (absents : 3.2, 3.5) ».
fn points_gap(gap: &PointsGap, kind: TableKind) -> String {
    let place = match (kind, gap.rank) {
        (TableKind::GrilleCentral, _) => String::new(),
        (_, 8) => "critères Or : ".to_owned(),
        (_, rank) => format!("engagement {} : ", rank + 1),
    };
    let found = count(gap.found, "point", "points");
    let mut said = match gap.found > gap.expected {
        true => format!("{place}{found} pour {} attendus", gap.expected),
        false => format!("{place}{found} sur {}", gap.expected),
    };
    let mut apart = Vec::new();
    if !gap.missing.is_empty() {
        let absent = gap.expected.saturating_sub(gap.found);
        let shown = u32::try_from(gap.missing.len()).unwrap_or(u32::MAX);
        let more = match absent.saturating_sub(shown) {
            0 => String::new(),
            rest => format!(" {}", others(rest)),
        };
        let word = agree(absent, "absent", "absents");
        apart.push(format!("{word} : {}{more}", gap.missing.join(", ")));
    }
    if gap.unknown > 0 {
        apart.push(count(gap.unknown, "ligne qui n’en nomme aucun", "lignes qui n’en nomment aucun"));
    }
    if gap.twice > 0 {
        apart.push(count(gap.twice, "point répété", "points répétés"));
    }
    if !apart.is_empty() {
        said.push_str(&format!(" ({})", apart.join(" ; ")));
    }
    said
}

/// « autre chose en C7, D9 et 3 autres cellules ».
fn places(cells: &Cells, what: &str) -> String {
    let shown = u32::try_from(cells.first.len()).unwrap_or(0);
    let more = match cells.count.saturating_sub(shown) {
        0 => String::new(),
        1 => " et une autre cellule".to_owned(),
        more => format!(" et {more} autres cellules"),
    };
    format!("{what} en {}{more}", cells.first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(places: &[(u32, usize)]) -> Cells {
        let mut cells = Cells::default();
        places.iter().for_each(|(row, column)| cells.add(*row, *column));
        cells
    }

    #[test]
    fn what_stands_in_the_way_is_named_by_its_place() {
        let doubts = vec![
            TableDoubt::NotNumbers(cells(&[(6, 2), (8, 3)])),
            TableDoubt::NoNote(cells(&[(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0)])),
            TableDoubt::MissingQuestions((1..=7).map(|rank| format!("Q{rank}")).collect()),
        ];
        let name = "résultats.ods".to_owned();
        let said = sentence(&Recount::Doubtful { kind: TableKind::EnqueteAgents, name, doubts });
        assert_eq!(
            said,
            "Tableau de l’enquête agents « résultats.ods » : recalcul impossible, autre chose en C7, D9 au lieu d’un \
             nombre de réponses ; aucune note en A2, A3, A4, A5, A6 et une autre cellule pour un point de contrôle ; \
             questions absentes : « Q1 », « Q2 », « Q3 », « Q4 », « Q5 » et 2 autres ; à vérifier par une personne \
             (modèle de tableau : vigie template enquete-agents)"
        );
    }

    #[test]
    fn numbers_that_agree_and_numbers_that_do_not() {
        let points = |declared| sentence(&Recount::Points { counted: (30, 36), declared });
        assert!(
            points((Some(30), Some(36))).ends_with("30 points validés sur 36 par le recalcul, comme déclaré")
        );
        assert!(points((Some(31), None)).ends_with("par le recalcul, 31 sur … déclarés"));
        assert!(points((None, None)).ends_with("aucun nombre déclaré"));
        let of = |declared| {
            let key = Key::UsagersRecevables;
            sentence(&Recount::Admissible { key, rows: 120, counted: 100, declared })
        };
        let start =
            "Questionnaires usagers recevables : 100 recalculés parmi les 120 questionnaires du tableau";
        assert_eq!(of(Some(100)), format!("{start}, comme déclaré"));
        assert_eq!(of(Some(120)), format!("{start}, 120 déclarés"));
    }
}
