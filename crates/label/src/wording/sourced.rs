//! A letter that cites a section of the guide.

use crate::outgoing::Letter;

/// The section; `addressed` adds the rule for those who apply it.
pub(super) fn source(section: &str, rule: &str) -> String {
    match rule {
        "DN" => "Durée de conservation de la plateforme, qui n’est pas une règle du guide".to_owned(),
        _ => format!("§ {section} du guide du label « Services Publics + »"),
    }
}

/// `what` is the subject without the service: [`super::addressed`] makes the whole of it.
pub(super) fn letter(what: String, paragraphs: Vec<String>, section: &str, rule: &str) -> Letter {
    Letter { rule: rule.to_owned(), ..unsourced(what, paragraphs, source(section, rule)) }
}

/// A letter that follows from no rule.
pub(super) fn unsourced(what: String, paragraphs: Vec<String>, source: String) -> Letter {
    Letter {
        subject: what.clone(),
        what,
        about: None,
        place: None,
        paragraphs,
        points: Vec::new(),
        sections: Vec::new(),
        source,
        rule: String::new(),
        events: Vec::new(),
        announced: None,
    }
}
