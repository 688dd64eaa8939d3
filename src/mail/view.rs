//! A letter as the templates read it: whole sentences, with the addresses that go with them.

use minijinja::{Value, context};

use super::header::header_line;
use super::letterhead::Letterhead;
use super::outgoing::Outgoing;
use super::sender::Sender;
use label::outgoing::{About, Line, Place};
use label::wording::letterhead::{self as words, ListOfReaders};

/// The address of the picture within the mail.
pub(super) const LOGO_ID: &str = "logo@vigie";

/// What both templates are given.
pub(super) fn values(mail: &Outgoing, sender: &Sender, list: ListOfReaders) -> Value {
    let letter = &mail.letter;
    let (letterhead, from) = (sender.letterhead.as_ref(), sender.from.name.as_deref());
    let answers: &str = sender.answers().email.as_ref();
    let named = Some(letterhead.name.as_str()).filter(|name| !name.is_empty());
    let name = named.or(from).map(clean).filter(|name| !name.trim().is_empty());
    let sections = letter.sections.iter().map(|section| {
        context! {
            title => clean(&section.title),
            paragraphs => all(&section.paragraphs),
            points => all(&section.points),
            lines => section.lines.iter().map(|line| self::line(line, letterhead)).collect::<Vec<_>>(),
            place => section.place.map(|place| self::place(place, letterhead)),
            dossier => section.about.as_ref().map(|about| dossier(about, letterhead)),
        }
    });
    context! {
        subject => clean(&header_line(&letter.subject)),
        paragraphs => all(&letter.paragraphs),
        points => all(&letter.points),
        sections => sections.collect::<Vec<_>>(),
        place => letter.place.map(|place| self::place(place, letterhead)),
        dossier => letter.about.as_ref().map(|about| dossier(about, letterhead)),
        source => clean(&letter.source),
        name => name.as_deref().unwrap_or(words::nameless(mail.reader)),
        address => all(&letterhead.address),
        telephone => letterhead.telephone.as_deref().map(|number| words::telephone(&clean(number))),
        answers => clean(answers),
        written_by => words::written_by(mail.reader, name.as_deref()),
        way_out => words::way_out(mail.reader, list, &clean(answers)),
        logo => letterhead.logo.as_ref().map(|logo| context! {
            id => LOGO_ID, width => logo.width, height => logo.height,
        }),
    }
}

fn line(line: &Line, letterhead: &Letterhead) -> Value {
    context! {
        text => clean(&line.text),
        dossier => line.about.as_ref().map(|about| dossier(about, letterhead)),
    }
}

fn dossier(about: &About, letterhead: &Letterhead) -> Value {
    context! {
        service => clean(&about.service),
        text => words::dossier(about),
        url => letterhead.platform.page(about),
    }
}

fn place(place: Place, letterhead: &Letterhead) -> Value {
    let url = letterhead.platform.beginning(place);
    context! { text => words::place(place, url.is_some()), url }
}

fn all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| clean(text)).collect()
}

/// What others typed stays on its line and in its direction: no line ends, no controls, no marks that turn text round.
fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !turns(*c));
    kept.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}
