//! Which mails one mail carries.

/// Which of the mails of a lane and a role a bundle carries.
#[derive(Clone, Copy, Debug)]
pub enum Carried<'a> {
    All,
    /// Those for one reader, by the hash of the address.
    For(&'a str),
    /// Those for one reader about dossiers of one certification body.
    ForOfBody(&'a str, &'a str),
    /// Those about dossiers of one certification body.
    OfBody(&'a str),
    /// Those about dossiers of none of these bodies.
    OfNoneOf(&'a [String]),
}

impl<'a> Carried<'a> {
    pub(super) fn reader(self) -> Option<&'a str> {
        match self {
            Carried::For(reader) | Carried::ForOfBody(reader, _) => Some(reader),
            _ => None,
        }
    }

    /// The condition, and what is bound in it from `$5` on.
    pub(super) fn condition(self) -> (String, Vec<&'a str>) {
        const BODY: &str =
            "coalesce((select organisme from applications where applications.dossier = outbox.dossier), '')";
        match self {
            Carried::All => (String::new(), Vec::new()),
            Carried::For(reader) => (" and recipient = $5".to_owned(), vec![reader]),
            Carried::ForOfBody(reader, name) => {
                (format!(" and recipient = $5 and {BODY} = $6"), vec![reader, name])
            }
            Carried::OfBody(name) => (format!(" and {BODY} = $5"), vec![name]),
            Carried::OfNoneOf(names) => {
                let bound: Vec<String> = (5..5 + names.len()).map(|rank| format!("${rank}")).collect();
                let names = names.iter().map(String::as_str).collect();
                (format!(" and {BODY} not in ({})", bound.join(", ")), names)
            }
        }
    }
}
