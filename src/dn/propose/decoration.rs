//! Labels without their decoration: tags, stars, numbering, the name of the programme; and what stands in brackets in them.

/// A stretch of a label.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'l> {
    pub text: &'l str,
    /// It stands in brackets: a hint.
    pub aside: bool,
    /// A hint on a delay or a size: « 10 jours avant la visite », « PDF, 20 Mo max ».
    pub measured: bool,
}

/// What stands in brackets, and what does not.
pub(super) fn parts(label: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut depth) = (label, 0_u32);
    let mut push = |text, depth: u32| {
        let aside = depth > 0;
        parts.push(Part { text, aside, measured: aside && super::tokens::is_measure(text) });
    };
    while let Some(at) = rest.find(['(', ')', '[', ']']) {
        let (part, after) = rest.split_at(at);
        push(part, depth);
        depth = if after.starts_with(['(', '[']) { depth + 1 } else { depth.saturating_sub(1) };
        rest = after.get(1..).unwrap_or_default();
    }
    push(rest, depth);
    parts
}

/// A label without tags, entities, stars and numbering.
pub(super) fn without_decoration(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        // « < 50 agents » is no tag.
        let is_tag =
            tag.get(1..2).is_some_and(|c| c.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        match tag.find('>').filter(|_| is_tag) {
            Some(end) => {
                text.push(' ');
                rest = tag.get(end + 1..).unwrap_or_default();
            }
            None => {
                text.push(' ');
                rest = tag.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    for (entity, sign) in [
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&rsquo;", "'"),
        ("&quot;", " "),
        ("&eacute;", "é"),
    ] {
        text = text.replace(entity, sign);
    }
    let text = without_programme(&text);
    without_number(text.trim_start_matches(|c: char| c.is_whitespace() || "*•-–—#".contains(c)))
        .trim()
        .to_owned()
}

/// The name of the programme says nothing of a field, and « service » in it is no service.
fn without_programme(text: &str) -> String {
    let mut left = text.to_owned();
    for name in ["services publics +", "services publics+", "services publics plus", "service public +"] {
        // The capitals of these letters have as many bytes.
        while let Some(at) = left.to_ascii_lowercase().find(name) {
            left.replace_range(at..at + name.len(), " ");
        }
    }
    left
}

/// « 2.3 – », « II-1) », « B.12 - », « a) »: short groups joined by signs, then a sign and a blank.
fn without_number(text: &str) -> &str {
    let Some(end) = text.find(char::is_whitespace) else { return text };
    let (head, rest) = text.split_at(end);
    let groups: Vec<&str> = head.split(['.', '-', ')', '–', ':', '/']).collect();
    let is_group = |group: &&str| {
        group.is_empty()
            || group.len() <= 3 && group.bytes().all(|byte| byte.is_ascii_digit())
            || group.len() == 1 && group.bytes().all(|byte| byte.is_ascii_alphabetic())
            || is_coded(group)
            || group.len() <= 5 && group.bytes().all(|byte| b"IVXivx".contains(&byte))
    };
    if !groups.iter().all(is_group) || groups.iter().all(|group| group.is_empty()) {
        return text;
    }
    let rest = rest.trim_start();
    let closed = head.ends_with(['.', ')', '-', '–', ':']);
    let signs = rest.trim_start_matches(['-', '–', '—', ':', '.']);
    let signed = signs.len() < rest.len() && signs.starts_with(char::is_whitespace);
    if closed || signed || groups.len() > 1 { signs.trim_start() } else { text }
}

/// « Z12 », « A3 »; « E3 » is an engagement.
fn is_coded(group: &str) -> bool {
    let Some((letter, number)) = group.split_at_checked(1) else { return false };
    letter.bytes().all(|letter| letter.is_ascii_alphabetic() && !letter.eq_ignore_ascii_case(&b'e'))
        && (1..=3).contains(&number.len())
        && number.bytes().all(|sign| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoration_is_off() {
        for (label, bare) in [
            ("2.3 – PLAN DE FORMATION *", "PLAN DE FORMATION *"),
            ("II-1) ORGANIGRAMME", "ORGANIGRAMME"),
            ("B.12 - Score de l’engagement n° 4", "Score de l’engagement n° 4"),
            ("a) Nom du site", "Nom du site"),
            ("7 - <b>Date</b>&nbsp;du contrat", "Date  du contrat"),
            ("1. Effectif < 50 ?", "Effectif   50 ?"),
            ("Z12. Rapport", "Rapport"),
            ("E1", "E1"),
            ("E1. Accueil", "E1. Accueil"),
            ("E1 : Accueil", "E1 : Accueil"),
            ("1er jour de visite", "1er jour de visite"),
            ("Or", "Or"),
            ("N° de dossier", "N° de dossier"),
        ] {
            assert_eq!(without_decoration(label), bare, "{label}");
        }
    }
}
