//! Which keys of the configuration say how a section of `[dn]` is read: what is wrong with it is mended there.

/// For each kind of key the rank of the `[[dn.also]]` that sets it; `None` where `[dn]` itself does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionKeys {
    pub section: Option<usize>,
    pub token: Option<usize>,
    pub endpoint: Option<usize>,
}

const KEYS: [&str; 5] = ["token_expires", "token_file", "endpoint", "demarche", "groupe"];

fn table(rank: Option<usize>) -> String {
    rank.map_or_else(|| "dn".to_owned(), |rank| format!("dn.also[{rank}]"))
}

impl SectionKeys {
    /// The section itself: « dn », « dn.also[0] ».
    #[must_use]
    pub fn section(&self) -> String {
        table(self.section)
    }

    /// A key of the section, where it is set.
    #[must_use]
    pub fn of(&self, key: &str) -> String {
        let rank = match key {
            "token" | "token_file" | "token_expires" => self.token,
            "endpoint" => self.endpoint,
            _ => self.section,
        };
        format!("{}.{key}", table(rank))
    }

    /// The variable that sets the token.
    #[must_use]
    pub fn token_variable(&self) -> String {
        self.token
            .map_or_else(|| "VIGIE_DN__TOKEN".to_owned(), |rank| format!("VIGIE_DN__ALSO__{rank}__TOKEN"))
    }

    /// A text that names the keys of `[dn]`, with those of this section in their place.
    #[must_use]
    pub fn named_in(&self, text: &str) -> String {
        let named =
            KEYS.iter().fold(text.to_owned(), |text, key| text.replace(&format!("dn.{key}"), &self.of(key)));
        named.replace("VIGIE_DN__TOKEN", &self.token_variable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_named_where_it_is_set() {
        let text = "check dn.token_file (or VIGIE_DN__TOKEN), dn.demarche, dn.endpoint";
        assert_eq!(SectionKeys::default().named_in(text), text);
        let own = SectionKeys { section: Some(1), token: Some(1), endpoint: None };
        let named =
            "check dn.also[1].token_file (or VIGIE_DN__ALSO__1__TOKEN), dn.also[1].demarche, dn.endpoint";
        assert_eq!(own.named_in(text), named);
        assert_eq!(own.named_in(named), named, "once");
        assert_eq!(SectionKeys { token: None, ..own }.of("token_file"), "dn.token_file");
    }
}
