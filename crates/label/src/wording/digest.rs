//! Mails that replace several: the daily digest of the certification body, and the mail for those above the daily limit.

use jiff::civil::Date;

use crate::guide::calendar::add_days;
use crate::judge::agenda::Role;
use crate::outgoing::{Letter, Mail, Section};

use super::names::{date_full, date_short};
use super::record::{self, Anchor};
use super::zones;

/// Number of days of « cette semaine », today included.
const WEEK: i32 = 7;

const SOURCE: &str = "Chaque ligne cite le paragraphe du guide du label « Services Publics + » qui la fonde.";

/// The daily mail of the certification body: deadlines of this week, later ones, then deposits, each list by date.
#[must_use]
pub fn daily(mails: &[Mail], today: Date, anchor: Option<&Anchor>) -> Letter {
    let mut mails: Vec<&Mail> = mails.iter().collect();
    mails.sort_by_cached_key(|mail| (mail.day, mail.key.to_string()));
    let dated = |mail: &&&Mail| is_deadline(mail);
    let soon = |mail: &&&Mail| mail.day < add_days(today, WEEK);
    let week: Vec<&Mail> = mails.iter().filter(dated).filter(soon).copied().collect();
    let later: Vec<&Mail> = mails.iter().filter(dated).filter(|mail| !soon(mail)).copied().collect();
    let news: Vec<&Mail> = mails.iter().filter(|mail| !is_deadline(mail)).copied().collect();
    let count = match (week.len(), mails.len()) {
        (0, 1) => "1 information".to_owned(),
        (0, all) => format!("{all} informations"),
        (1, _) => "1 échéance cette semaine".to_owned(),
        (soon, _) => format!("{soon} échéances cette semaine"),
    };
    let sections = [("D’ici une semaine", week), ("Plus tard", later), ("Nouvelles des dossiers", news)];
    let sections = sections.into_iter().filter(|(_, mails)| !mails.is_empty());
    Letter {
        subject: format!("[SP+] {count} — digest du {}", date_short(today)),
        paragraphs: vec![format!(
            "Voici, au {}, ce qui est nouveau dans le suivi du label. Ce qui est urgent vous est écrit à part. Les décisions vous appartiennent : ce message rappelle des dates du guide.",
            date_full(today)
        )],
        points: Vec::new(),
        sections: sections.map(|(title, mails)| section(title, &mails)).collect(),
        source: [Some(SOURCE.to_owned()), anchor.map(record::anchor)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        rule: String::new(),
        events: Vec::new(),
        announced: None,
    }
}

/// One mail in place of those above the number allowed per reader and day.
#[must_use]
pub fn overflow(mails: &[Mail], role: Role, today: Date) -> Letter {
    let mut mails: Vec<&Mail> = mails.iter().collect();
    mails.sort_by_cached_key(|mail| (mail.day, mail.key.to_string()));
    let prefix = match role {
        Role::Ditp => "[SP+ DITP] ",
        Role::Organisme => "[SP+] ",
        Role::Candidat | Role::Central => "",
    };
    let noun = if mails.len() > 1 { "messages regroupés" } else { "message" };
    let whole = |mail: &&Mail| Section {
        title: title(&mail.letter.subject).to_owned(),
        points: mail
            .letter
            .paragraphs
            .iter()
            .chain(&mail.letter.points)
            .chain(mail.letter.sections.iter().flat_map(|section| &section.points))
            .chain([&mail.letter.source])
            .cloned()
            .collect(),
    };
    Letter {
        subject: format!("{prefix}{} {noun} du {}", mails.len(), date_short(today)),
        paragraphs: vec![
            "Plusieurs messages vous étaient destinés le même jour : les voici en un seul, par date."
                .to_owned(),
        ],
        points: Vec::new(),
        sections: mails.iter().map(whole).collect(),
        source: "Chaque message cite le paragraphe du guide qui le fonde.".to_owned(),
        rule: String::new(),
        announced: None,
        events: mails.iter().flat_map(|mail| mail.letter.events.clone()).collect(),
    }
}

fn section(name: &str, mails: &[&Mail]) -> Section {
    let points = mails.iter().map(|mail| {
        let (subject, number) = (title(&mail.letter.subject), mail.dossier);
        let mut rule = cited(&mail.letter);
        if let Some(zone) = mail.zone {
            rule.push_str(&format!(", jours ouvrés : {}", zones::used(zone)));
        }
        if let Some(before) = mail.replaces {
            rule.push_str(&format!(", remplace le {}", date_short(before)));
        }
        match is_deadline(mail) {
            true => format!("{} : {subject} (dossier n° {number}{rule})", date_full(mail.day)),
            false => format!("{subject} (dossier n° {number}{rule})"),
        }
    });
    Section { title: name.to_owned(), points: points.collect() }
}

/// « , § 3.7.1, R-3.7.1-b »: the section and the rule of a line.
fn cited(letter: &Letter) -> String {
    let section = letter.source.split_once(" du guide").map(|(section, _)| section);
    let section = section.filter(|section| section.starts_with('§'));
    let rule = Some(letter.rule.as_str()).filter(|rule| !rule.is_empty());
    section.into_iter().chain(rule).map(|part| format!(", {part}")).collect()
}

/// A subject without its prefix in brackets.
fn title(subject: &str) -> &str {
    subject.strip_prefix("[SP+] ").or_else(|| subject.strip_prefix("[SP+ DITP] ")).unwrap_or(subject)
}

fn is_deadline(mail: &Mail) -> bool {
    mail.key.code.is_deadline()
}
