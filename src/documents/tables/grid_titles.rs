//! The titles of an audit grid: which column is which, and which of several may hold the notes.

use super::layout::GridLayout;
use super::text::{KnownTitles, fold};

/// Words after the title of the notes that make it another column: what could be obtained, what was obtained before, or what is
/// said of it.
const UNLIKE: &str = " max maxi maximum maximale maximal maximaux possible possibles applicable applicables cible cibles \
    precedente precedent attendue attendu attendus theorique seuil commentaire commentaires justification \
    justifications remarque remarques observation observations preuve preuves constat constats auto autodiagnostic \
    autoevaluation coefficient ponderation moyenne moyennes globale total ";

/// Further columns of notes are not compared.
const MAX_NOTES: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Engagement,
    Point,
    Number,
    /// By the rank of the title in the layout.
    Note(usize),
    Possible,
    Site,
}

/// The titles of a layout, ready to be compared with many rows.
pub(super) struct GridTitles {
    known: KnownTitles<Role>,
    /// The first titles of the layout, which the template bears.
    template: [String; 2],
    central: bool,
}

/// A column that bears a title of the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoteColumn {
    pub column: usize,
    /// The rank of its title in the layout.
    pub title: usize,
    /// Nothing follows that title.
    pub exact: bool,
}

/// The columns of one grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridColumns {
    pub engagement: Option<usize>,
    pub point: Option<usize>,
    pub number: Option<usize>,
    pub possible: Option<usize>,
    pub site: Option<usize>,
    /// Those that may hold the notes, from the left; at least one.
    pub notes: Vec<NoteColumn>,
    /// Those that say themselves that they hold something else.
    pub unlike: Vec<NoteColumn>,
    /// How complete the titles are: of two tables on a sheet the more complete is the grid.
    pub rank: u8,
}

impl GridTitles {
    pub fn new(layout: &GridLayout, central: bool) -> GridTitles {
        let notes = layout.note.chunks(1).zip((0..).map(Role::Note));
        let others = [
            (layout.engagement.as_slice(), Role::Engagement),
            (&layout.point, Role::Point),
            (&layout.number, Role::Number),
            (&layout.possible, Role::Possible),
            (&layout.site, Role::Site),
        ];
        let first = |titles: &[String]| titles.first().map(|title| fold(title)).unwrap_or_default();
        GridTitles {
            known: KnownTitles::new(others.into_iter().chain(notes)),
            template: [first(&layout.point), first(&layout.note)],
            central,
        }
    }

    /// The columns, when `titles` is the row of titles of a grid: at least one of what it needs is titled exactly so, and
    /// other titles may go on (« Note obtenue »).
    pub fn columns(&self, titles: &[String]) -> Option<GridColumns> {
        let mut found: Vec<(usize, Role, bool)> = Vec::new();
        for (column, title) in titles.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
            match (self.known.exactly(title), self.known.beginning(title)) {
                (Some(role), _) => found.push((column, role, true)),
                // « N° » begins many a title.
                (None, Some(role)) if role != Role::Number => found.push((column, role, false)),
                _ => {}
            }
        }
        let of = |role: Role| {
            let own = || found.iter().filter(move |(_, other, _)| *other == role);
            own().find(|(_, _, exact)| *exact).or_else(|| own().next()).copied()
        };
        let (engagement, point) = (of(Role::Engagement), of(Role::Point));
        let needed = if self.central { point? } else { engagement? };
        let exact = [Some(needed), point].into_iter().flatten().any(|(_, _, exact)| exact);
        let (mut notes, mut unlike) = (Vec::new(), Vec::new());
        for (column, role, exact) in &found {
            let Role::Note(title) = *role else { continue };
            let rest = titles.get(*column).and_then(|title| self.known.after(title)).unwrap_or_default();
            let says = |word: &str| !word.is_empty() && UNLIKE.contains(&format!(" {word} "));
            let other = rest.split(' ').any(says) || format!("{rest} ").contains(" n 1 ");
            let note = NoteColumn { column: *column, title, exact: *exact };
            if other { unlike.push(note) } else { notes.push(note) }
        }
        notes.truncate(MAX_NOTES);
        if notes.is_empty() || !exact {
            return None;
        }
        let bears = |title: &String| titles.contains(title);
        let rank = 4 * u8::from(point.is_some())
            + self.template.iter().map(|title| u8::from(bears(title))).sum::<u8>();
        let place = |role: Role| of(role).map(|(column, ..)| column);
        Some(GridColumns {
            engagement: place(Role::Engagement),
            point: place(Role::Point),
            number: place(Role::Number),
            possible: place(Role::Possible),
            site: place(Role::Site),
            notes,
            unlike,
            rank,
        })
    }

    /// Whether a row bears one of the titles, though not all that a grid needs: the upper row of titles over two rows.
    pub fn begin(&self, titles: &[String]) -> bool {
        titles.iter().any(|title| self.known.exactly(title).is_some_and(|role| role != Role::Number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::tables::layout::Layouts;

    fn columns(titles: &[&str]) -> Option<GridColumns> {
        let titles: Vec<String> = titles.iter().map(|title| fold(title)).collect();
        GridTitles::new(&Layouts::default().grille_local, false).columns(&titles)
    }

    #[test]
    fn a_title_may_go_on_but_not_into_another_column() {
        let found =
            columns(&["N°", "Engagement", "Point de contrôle", "Note obtenue", "Note maximale"]).unwrap();
        assert_eq!((found.number, found.engagement, found.point), (Some(0), Some(1), Some(2)));
        assert_eq!(found.notes, [NoteColumn { column: 3, title: 0, exact: false }]);
        assert_eq!(found.unlike, [NoteColumn { column: 4, title: 0, exact: false }]);
        assert_eq!(
            columns(&["Engagement concerné", "Critère", "Score N-1", "Cotation"]).unwrap().notes.len(),
            1
        );
        assert_eq!(
            columns(&["Engagement", "Points de contrôle audités", "Points obtenus"]).unwrap().point,
            Some(1)
        );
    }

    #[test]
    fn a_row_of_data_is_no_row_of_titles() {
        assert_eq!(columns(&["Engagement 1 : accueil", "Note d’information affichée", "1"]), None);
        assert_eq!(columns(&["E1", "Note", "1"]), None);
        assert_eq!(columns(&["Engagement", "Commentaire de la note"]), None);
    }
}
