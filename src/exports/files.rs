//! The names of attachments in one cell, joined by « , », which a name may hold too.

/// An extension has this many characters at most.
const EXTENSION: usize = 5;

/// A comma ends a name that has an extension; without one the text goes on.
pub(super) fn names(text: &str) -> Vec<String> {
    // A model writes these words for identity papers.
    match text.trim() {
        "absent" | "" => return Vec::new(),
        "présent" => return vec!["présent".to_owned()],
        _ => {}
    }
    let mut names: Vec<String> = Vec::new();
    for part in text.split(", ") {
        match names.last_mut().filter(|last| !has_extension(last)) {
            Some(last) => {
                last.push_str(", ");
                last.push_str(part);
            }
            None => names.push(part.trim().to_owned()),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let short = (1..=EXTENSION).contains(&extension.chars().count());
        !stem.is_empty() && short && extension.chars().all(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_inside_a_name_does_not_cut_it() {
        assert_eq!(names("a.pdf, b.xlsx"), ["a.pdf", "b.xlsx"]);
        assert_eq!(names("Accueil, orientation.pdf, plan.docx"), ["Accueil, orientation.pdf", "plan.docx"]);
        assert_eq!(names("sans extension"), ["sans extension"]);
        assert_eq!((names("absent"), names(" ")), (Vec::new(), Vec::new()));
        assert_eq!(names("présent"), ["présent"]);
    }
}
