//! Finds mails that were sent and are not in the ledger. After the store was lost, or an old backup restored, the only
//! record of them is the annotation `auto_journal` on the platform.

use jiff::civil::Date;

use crate::case::Case;
use crate::case::keys::Key;
use crate::judge::agenda::Role;
use crate::outgoing::Mail;
use crate::plan::known::{Known, Told};
use crate::wording::{again, names};

/// One line of `auto_journal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JournalLine {
    pub on: Date,
    pub role: Role,
    pub subject: String,
}

impl JournalLine {
    /// Parses « 05/01/2027 — service candidat — Votre label… »; `None` for anything else, such as a line that the
    /// platform truncated.
    fn parse(line: &str) -> Option<JournalLine> {
        let mut parts = line.trim().splitn(3, " — ");
        let (on, role, subject) = (parts.next()?, parts.next()?, parts.next()?);
        let on = Date::strptime("%d/%m/%Y", on).ok()?;
        let role = Role::ALL.into_iter().find(|known| names::role(*known) == role)?;
        let whole = !subject.is_empty() && !subject.ends_with('…');
        whole.then(|| JournalLine { on, role, subject: subject.to_owned() })
    }

    fn tells(&self, told: &Told) -> bool {
        let same = again::bare(&self.subject) == again::bare(&told.subject);
        self.on == told.on && self.role == told.role && same
    }
}

/// The lines of an annotation without a mail in the ledger, oldest first. Each mail of the ledger matches one line.
pub(super) fn unexplained(annotation: &str, told: &[Told]) -> Vec<JournalLine> {
    let mut known: Vec<&Told> = told.iter().collect();
    // A single-line field holds the lines joined.
    let lines = annotation.lines().flat_map(|line| line.split(" · ")).filter_map(JournalLine::parse);
    let mut left: Vec<JournalLine> = lines
        .filter(|line| match known.iter().position(|told| line.tells(told)) {
            Some(place) => {
                known.swap_remove(place);
                false
            }
            None => true,
        })
        .collect();
    left.reverse();
    left
}

/// The lines up to `today` without a mail in the ledger, from all dossiers of a case. All dossiers hold the same lines,
/// except that a recent one may have fewer: a line is returned as often as the dossier that has it most often.
pub(super) fn untold(case: &Case, known: &Known, today: Date) -> Vec<JournalLine> {
    let mut lines: Vec<JournalLine> = Vec::new();
    for facts in &case.dossiers {
        let mut seen = lines.clone();
        for line in unexplained(facts.text(Key::AutoJournal).unwrap_or_default(), &known.told) {
            match seen.iter().position(|other| *other == line) {
                Some(place) => drop(seen.swap_remove(place)),
                None => lines.push(line),
            }
        }
    }
    lines.retain(|line| line.on <= today);
    lines
}

/// Finds the line about `mail` and removes it from `lines`: the same reader and subject, not before the first day on
/// which the mail could be sent (two stages of one deadline may have the same subject).
pub(super) fn recalled(mail: &Mail, lines: &mut Vec<JournalLine>) -> Option<Date> {
    let tells = |line: &JournalLine| {
        let same = timeless(&line.subject) == timeless(&mail.letter.subject);
        line.role == mail.role && same && line.on >= mail.from
    };
    let place = lines.iter().position(tells)?;
    Some(lines.remove(place).on)
}

/// A subject without what depends on the day on which it is written: which reminder it is, and the years, which are left
/// out of dates of the same year.
fn timeless(subject: &str) -> String {
    let mut parts = again::bare(subject).split(' ');
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|one: char| one.is_ascii_digit());
        // « 2027 », « 2027, »: what follows a year stays with the month before it.
        if part.len() - rest.len() == 4 {
            said.push_str(rest);
        } else {
            said.push(' ');
            said.push_str(part);
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn told(subject: &str) -> Told {
        Told {
            on: date(2027, 1, 5),
            role: Role::Candidat,
            subject: subject.to_owned(),
            key: "1/N-labellise/2027-01-05/avis/candidat".parse().unwrap(),
            announced: None,
            events: Vec::new(),
        }
    }

    /// After the ledger was lost nothing says which reminder a line was.
    #[test]
    fn a_repeated_reminder_is_recognised_whatever_its_rank() {
        let told = told("Plan (3e rappel)");
        assert!(unexplained("05/01/2027 — service candidat — Plan (2e rappel)", &[told]).is_empty());
    }

    #[test]
    fn a_line_of_another_day_reader_or_subject_is_another_mail() {
        let told = [told("Plan")];
        assert!(unexplained("05/01/2027 — service candidat — Plan", &told).is_empty());
        let others = [
            "06/01/2027 — service candidat — Plan",
            "05/01/2027 — DITP — Plan",
            "05/01/2027 — service candidat — Rapport",
        ];
        for line in others {
            assert_eq!(unexplained(line, &told).len(), 1, "{line}");
        }
    }

    #[test]
    fn a_subject_is_recognised_in_another_year() {
        let said = "[SP+] A : audit de suivi à tenir au plus tard le 1er février 2029, possible à partir du 1er octobre";
        let later = "[SP+] A : audit de suivi à tenir au plus tard le 1er février, possible à partir du 1er octobre 2028";
        assert_eq!(timeless(said), timeless(later));
        assert_ne!(
            timeless(said),
            timeless("[SP+] A : audit de suivi à tenir au plus tard le 2 février 2029")
        );
    }

    #[test]
    fn each_mail_of_the_ledger_explains_one_line() {
        let line = "05/01/2027 — service candidat — Plan — à rendre";
        let text = format!("{line}\n{line}\nun mot d’une personne\n04/01/2027 — DITP — Coupé…");
        let left = unexplained(&text, &[told("Plan — à rendre")]);
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!((left[0].on, left[0].subject.as_str()), (date(2027, 1, 5), "Plan — à rendre"));
        assert!(unexplained(line, &[told("Plan — à rendre")]).is_empty());
        assert_eq!(unexplained(&format!("{line} · {line}"), &[]).len(), 2, "joined in one line");
    }
}
