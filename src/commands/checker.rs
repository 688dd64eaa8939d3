//! The lines of `vigie check`, and whether one of them is an error.

use std::io::Write;

use super::say;

pub(super) struct Checker<'a> {
    out: &'a mut dyn Write,
    failed: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Checker<'a> {
        Checker { out, failed: false }
    }

    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    pub(super) fn good(&mut self, what: &str, text: &str) {
        say(self.out, &format!("OK        {what:<13} {text}"));
    }

    pub(super) fn warn(&mut self, what: &str, text: &str) {
        say(self.out, &format!("ATTENTION {what:<13} {text}"));
    }

    pub(super) fn bad(&mut self, what: &str, text: &str) {
        self.failed = true;
        say(self.out, &format!("ERREUR    {what:<13} {text}"));
    }

    pub(super) fn say<E: std::fmt::Display>(&mut self, what: &str, outcome: Result<String, E>) {
        match outcome {
            Ok(text) => self.good(what, &text),
            Err(error) => self.bad(what, &error.to_string()),
        }
    }
}
