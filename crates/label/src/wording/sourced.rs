//! A letter that cites a section of the guide.

use crate::outgoing::Letter;

pub(super) fn source(section: &str, rule: &str) -> String {
    format!("§ {section} du guide du label « Services Publics + » (règle {rule})")
}

pub(super) fn letter(subject: String, paragraphs: Vec<String>, section: &str, rule: &str) -> Letter {
    let (source, rule) = (source(section, rule), rule.to_owned());
    Letter {
        subject,
        paragraphs,
        points: Vec::new(),
        sections: Vec::new(),
        source,
        rule,
        events: Vec::new(),
        announced: None,
    }
}
