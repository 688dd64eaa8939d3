//! Mails that replace several: the daily digest of the certification body, and the mail for those above the daily limit.

use jiff::civil::Date;

use crate::guide::calendar::add_days;
use crate::judge::agenda::Role;
use crate::outgoing::{Letter, Line, Mail, MailCode, Section};

use super::addressed::{self, short};
use super::agreement::{count, others};
use super::names::{self, capital, date_full, date_near, date_short};
use super::record::{self, Anchor};
use super::sourced::unsourced;
use super::zones;

/// Number of days of « cette semaine » after today: a date exactly a week away is in it.
const WEEK: i32 = 7;

/// Services named in a subject.
const NAMED: usize = 2;

/// Lines of mails to come; the others are counted.
const COMING: usize = 40;

const CLOSING: &str = "Ce qui est urgent vous est écrit à part. Les décisions vous appartiennent : ce message rappelle des dates du guide du label « Services Publics + », dont chaque ligne cite le paragraphe.";

/// The daily mail of the certification body: what is late, what is due this week, later dates, news, each list by date;
/// then what will leave to others this week.
#[must_use]
pub fn daily(mails: &[Mail], coming: &[Mail], today: Date, anchor: Option<&Anchor>) -> Letter {
    let mails = by_date(mails);
    let parts = [Part::Late, Part::Passed, Part::Week, Part::Later, Part::News];
    let lists = parts.map(|part| {
        let own = mails.iter().filter(|mail| part_of(mail, today) == part).copied();
        (part, own.collect::<Vec<&Mail>>())
    });
    let what = match mails.as_slice() {
        [only] => only.letter.subject.clone(),
        mails => {
            let counts =
                lists.iter().filter(|(_, own)| !own.is_empty()).map(|(part, own)| part.counted(own.len()));
            format!("[SP+] {} : {}", counts.collect::<Vec<_>>().join(", "), services(mails))
        }
    };
    let subject = format!("{what} — digest du {}", date_near(today, today));
    let filled = lists.iter().filter(|(_, own)| !own.is_empty());
    let mut sections: Vec<Section> =
        filled.map(|(part, own)| lines(part.title(), own.iter().map(|mail| line(mail)).collect())).collect();
    sections.extend(to_come(coming, today));
    let source = [Some(CLOSING.to_owned()), anchor.map(record::anchor)];
    let source = source.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Letter { sections, ..unsourced(subject, Vec::new(), source) }
}

/// The lists of a digest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Late,
    /// A day that has passed, with which nobody can be late.
    Passed,
    Week,
    Later,
    News,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Part::Late => "En retard",
            Part::Passed => "À suivre",
            Part::Week => "Cette semaine",
            Part::Later => "Plus tard",
            Part::News => "Nouveau",
        }
    }

    fn counted(self, number: usize) -> String {
        match self {
            Part::Late => count(number, "retard", "retards"),
            Part::Passed => count(number, "point à suivre", "points à suivre"),
            Part::Week => count(number, "échéance cette semaine", "échéances cette semaine"),
            Part::Later => count(number, "échéance plus tard", "échéances plus tard"),
            Part::News => count(number, "nouveauté", "nouveautés"),
        }
    }
}

fn part_of(mail: &Mail, today: Date) -> Part {
    match mail.key.code {
        MailCode::Deadline { obligation, .. } if mail.day < today => match obligation.is_soft() {
            true => Part::Passed,
            false => Part::Late,
        },
        MailCode::Deadline { .. } if mail.day <= add_days(today, WEEK) => Part::Week,
        MailCode::Deadline { .. } => Part::Later,
        _ => Part::News,
    }
}

fn by_date(mails: &[Mail]) -> Vec<&Mail> {
    let mut mails: Vec<&Mail> = mails.iter().collect();
    mails.sort_by_cached_key(|mail| (mail.day, mail.key.to_string()));
    mails
}

fn lines(title: &str, lines: Vec<Line>) -> Section {
    Section { title: title.to_owned(), lines, ..Section::default() }
}

/// Service, what and when, then what it rests on; the dossier and its link are in `about`.
fn line(mail: &Mail) -> Line {
    let letter = &mail.letter;
    let mut rests_on = cited(letter);
    if let Some(zone) = mail.zone {
        rests_on.push(format!("jours ouvrés : {}", zones::used(zone)));
    }
    if let Some(before) = mail.replaces {
        rests_on.push(format!("remplace le {}", date_short(before)));
    }
    let rests_on = match rests_on.as_slice() {
        [] => String::new(),
        parts => format!(" ({})", parts.join(", ")),
    };
    Line { text: format!("{}{rests_on}", headline(letter)), about: letter.about.clone() }
}

/// « Guichet de Valdorée : plan d’audit à transmettre au plus tard le 1er mars ».
fn headline(letter: &Letter) -> String {
    match &letter.about {
        Some(about) => format!("{} : {}", short(&about.service), letter.what),
        None => letter.what.clone(),
    }
}

/// « § 3.7.1 », « R-3.7.1-b »: the section and the rule of a line.
fn cited(letter: &Letter) -> Vec<String> {
    let section = letter.source.split_once(" du guide").map(|(section, _)| section);
    let section = section.filter(|section| section.starts_with('§'));
    let rule = Some(letter.rule.as_str()).filter(|rule| rule.starts_with("R-"));
    section.into_iter().chain(rule).map(str::to_owned).collect()
}

/// « Agence Nord, Agence Sud et 2 autres »: each service once, in the order of the lines.
fn services(mails: &[&Mail]) -> String {
    let mut names: Vec<String> = Vec::new();
    for about in mails.iter().filter_map(|mail| mail.letter.about.as_ref()) {
        let name = short(&about.service);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED).filter(|rest| *rest > 0) {
        Some(rest) => format!("{named} {}", others(rest)),
        None => named,
    }
}

/// The mails that will leave to others within a week, unless something changes: the body sees them before they do.
fn to_come(coming: &[Mail], today: Date) -> Option<Section> {
    let mut coming: Vec<&Mail> = coming.iter().collect();
    coming.sort_by_cached_key(|mail| (mail.from, mail.key.to_string()));
    let line = |mail: &&Mail| Line {
        text: format!(
            "À partir du {}, {} — {}",
            date_full(mail.from.max(today)),
            names::to_role(mail.role),
            headline(&mail.letter)
        ),
        about: mail.letter.about.clone(),
    };
    let mut all: Vec<Line> = coming.iter().take(COMING).map(line).collect();
    if let Some(rest) = coming.len().checked_sub(COMING).filter(|rest| *rest > 0) {
        all.push(Line { text: capital(&others(rest)), about: None });
    }
    (!all.is_empty()).then(|| lines("Courriels qui partiront cette semaine", all))
}

/// One mail in place of those above the number allowed per reader and day.
#[must_use]
pub fn overflow(mails: &[Mail], role: Role, today: Date) -> Letter {
    let mails = by_date(mails);
    let subject = match (mails.as_slice(), role) {
        ([only], _) => only.letter.subject.clone(),
        (mails, Role::Ditp) => {
            format!("[SP+ DITP] {} informations sur des services : {}", mails.len(), services(mails))
        }
        (mails, _) => format!("[SP+] {} informations sur vos services : {}", mails.len(), services(mails)),
    };
    let paragraphs = match mails.len() {
        0 | 1 => Vec::new(),
        _ => vec![format!(
            "Plusieurs informations vous étaient destinées le {} : les voici en un seul message, par date.",
            date_full(today)
        )],
    };
    let source = "Chaque information cite le paragraphe du guide qui la fonde.".to_owned();
    Letter {
        sections: mails.iter().map(|mail| whole(mail)).collect(),
        events: mails.iter().flat_map(|mail| mail.letter.events.clone()).collect(),
        ..unsourced(subject, paragraphs, source)
    }
}

/// A whole mail as a part of another, under the name of its service.
fn whole(mail: &Mail) -> Section {
    let letter = &mail.letter;
    let nested = letter.sections.iter().flat_map(|section| &section.points);
    let name = letter.about.as_ref().map_or("", |about| about.service.as_str());
    Section {
        title: match name {
            "" => letter.what.clone(),
            name => format!("{} : {}", addressed::short(name), letter.what),
        },
        paragraphs: letter.paragraphs.iter().chain([&letter.source]).cloned().collect(),
        points: letter.points.iter().chain(nested).cloned().collect(),
        lines: Vec::new(),
        about: letter.about.clone(),
        place: letter.place,
    }
}
