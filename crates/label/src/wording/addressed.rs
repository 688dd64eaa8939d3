//! A letter made ready for its reader: the service in its subject, the dossier that it is about, the guide as that reader
//! cites it, and where to do what it asks for.

use crate::case::Case;
use crate::case::facts::{Facts, PlatformState};
use crate::judge::Review;
use crate::judge::agenda::Role;
use crate::outgoing::{About, Mail, Page, Place};

/// Characters of a service's name in a subject; the mail itself has it whole.
const NAME: usize = 60;

/// Characters of the rest of a subject.
const WHAT: usize = 130;

/// The subject, whole: « [SP+] Grands-Prés : plan d’audit à transmettre au plus tard le 23 août ».
#[must_use]
pub fn subject(role: Role, service: &str, what: &str) -> String {
    let (service, what) = (short(service), shortened(what, WHAT));
    match role {
        Role::Ditp => format!("[SP+ DITP] {service} : {what}"),
        Role::Central => format!("[SP+] {service}, votre service local : {what}"),
        Role::Candidat | Role::Organisme => format!("[SP+] {service} : {what}"),
    }
}

/// The name on one line, cut when it is long.
#[must_use]
pub fn short(name: &str) -> String {
    shortened(&name.split_whitespace().collect::<Vec<_>>().join(" "), NAME)
}

/// At most so many characters, and a sign that there are more; not an ellipsis at the end, by which the annotation of the
/// journal shows a line that the platform cut.
#[must_use]
pub fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{} […]", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// Completes the letter of a mail for the one who reads it.
pub fn address(mail: &mut Mail, review: &Review, case: &Case) {
    let (role, number) = (mail.role, mail.dossier);
    let facts = case.dossiers.iter().find(|facts| facts.number == number);
    let letter = &mut mail.letter;
    letter.subject = subject(role, &review.name, &letter.what);
    letter.about = Some(about(role, &review.name, number, facts));
    let applies_rules = matches!(role, Role::Organisme | Role::Ditp);
    if applies_rules && letter.rule.starts_with("R-") {
        letter.source.push_str(&format!(" (règle {})", letter.rule));
    }
    letter.place = letter.place.filter(|_| role == Role::Candidat).map(|place| match place {
        Place::Dossier if facts.is_none_or(is_closed) => Place::Body,
        place => place,
    });
}

fn about(role: Role, service: &str, dossier: i64, facts: Option<&Facts>) -> About {
    let page = match role {
        Role::Candidat => Some(Page::Candidat),
        Role::Organisme | Role::Ditp => Some(Page::Instructeur),
        // The dossier of a local is its own: its central service cannot open it.
        Role::Central => None,
    };
    let seen = facts.is_some_and(|facts| !facts.gone);
    let demarche = facts.map_or(0, |facts| facts.demarche);
    About { service: service.to_owned(), dossier, demarche, page: page.filter(|_| seen) }
}

/// Whether a candidate can change nothing in the dossier any more.
fn is_closed(facts: &Facts) -> bool {
    facts.gone
        || matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_names_the_service_on_one_line_and_cuts_a_long_name() {
        let said = |role, name| subject(role, name, "label retiré");
        assert_eq!(said(Role::Ditp, "Agence\r\n  Sud"), "[SP+ DITP] Agence Sud : label retiré");
        assert_eq!(said(Role::Central, "Agence Sud"), "[SP+] Agence Sud, votre service local : label retiré");
        let long = said(Role::Candidat, &"é".repeat(200));
        assert_eq!(long, format!("[SP+] {} […] : label retiré", "é".repeat(60)));
    }
}
