//! What a repeated reminder says of itself: which one it is, and what changed since the one before.

use jiff::civil::Date;

use super::names::date_full;

/// « Plan d'actions à proposer avant le 05/01/2029 (2e rappel) ».
#[must_use]
pub fn subject(subject: &str, rank: usize) -> String {
    format!("{subject} ({rank}e rappel)")
}

/// A subject without what [`subject`] adds: which reminder it is depends on what was sent, not on what it is about.
#[must_use]
pub fn bare(subject: &str) -> &str {
    let ended =
        subject.strip_suffix("e rappel)").map(|rest| rest.trim_end_matches(|one: char| one.is_ascii_digit()));
    ended.and_then(|rest| rest.strip_suffix(" (")).unwrap_or(subject)
}

/// « 2e rappel, après celui du lundi 4 décembre 2028. Il reste 7 jours. » Without a day after which it is over, nothing is
/// said of the time left.
#[must_use]
pub fn sentence(rank: usize, before: Date, day: Option<Date>, today: Date) -> String {
    let Some(day) = day else { return format!("{rank}e rappel, après celui du {}.", date_full(before)) };
    let left = match (day - today).get_days() {
        0 => "Le dernier jour est aujourd’hui.".to_owned(),
        1 => "Il reste un jour.".to_owned(),
        left @ 2.. => format!("Il reste {left} jours."),
        -1 => "La date est passée depuis hier.".to_owned(),
        past => format!("La date est passée depuis {} jours.", -past),
    };
    format!("{rank}e rappel, après celui du {}. {left}", date_full(before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_subject_is_found_again_whichever_reminder_it_was() {
        for rank in [2, 3, 12] {
            assert_eq!(bare(&subject("Plan (urgent) : 05/01/2029", rank)), "Plan (urgent) : 05/01/2029");
        }
        for alone in ["Plan", "Plan (e rappel)x", "rappel)", "Un (2e essai)"] {
            assert_eq!(bare(alone), alone);
        }
    }

    #[test]
    fn what_changed_is_the_time_left() {
        let said = |today| sentence(2, date(2028, 12, 4), Some(date(2029, 1, 5)), today);
        assert_eq!(
            said(date(2028, 12, 29)),
            "2e rappel, après celui du lundi 4 décembre 2028. Il reste 7 jours."
        );
        assert!(said(date(2029, 1, 4)).ends_with(". Il reste un jour."));
        assert!(said(date(2029, 1, 5)).ends_with(". Le dernier jour est aujourd’hui."));
        assert!(said(date(2029, 1, 6)).ends_with(". La date est passée depuis hier."));
        assert!(said(date(2029, 2, 5)).ends_with(". La date est passée depuis 31 jours."));
        let opens = sentence(3, date(2028, 6, 1), None, date(2028, 7, 1));
        assert_eq!(opens, "3e rappel, après celui du jeudi 1er juin 2028.");
    }
}
