//! Questions on a terminal, or from a file of answers; none with `--yes`.

use std::io::{self, BufRead, Write};

use label::wording::init as words;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Nothing may be asked, and nothing was said beforehand.
#[derive(Debug, thiserror::Error)]
#[error("not said: {0}")]
pub(super) struct CannotAsk(pub &'static str);

/// The terminal, as it was before it stopped to show what is typed; shown again with the end of the value.
struct Hidden(Termios);

impl Hidden {
    /// `None` where nothing is asked, or not on a terminal.
    fn terminal(asked: bool) -> Option<Hidden> {
        let before = tcgetattr(io::stdin()).ok().filter(|_| asked)?;
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &now).ok()?;
        Some(Hidden(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// An address that holds a password.
pub(super) fn is_secret(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
}

pub(super) struct Asker<'a> {
    pub input: &'a mut (dyn BufRead + Send),
    pub out: &'a mut (dyn Write + Send),
    pub silent: bool,
}

impl Asker<'_> {
    pub(super) fn tell(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    pub(super) fn good(&mut self, text: &str) {
        self.tell(&format!("  OK      {text}"));
    }

    pub(super) fn bad(&mut self, text: &str) {
        self.tell(&format!("  ERREUR  {text}"));
    }

    pub(super) fn warn(&mut self, text: &str) {
        self.tell(&format!("  ATTENTION  {text}"));
    }

    /// What was said beforehand, else what is answered; an empty answer is the usual one.
    pub(super) fn text(
        &mut self,
        question: (&'static str, &'static str),
        given: Option<String>,
        usual: Option<&str>,
    ) -> Result<String, CannotAsk> {
        // A password is not shown again, even to the person who gave it.
        let shown = usual.map(|usual| if is_secret(usual) { words::THE_SAME } else { usual });
        self.answer(question, given, usual, shown)
    }

    fn answer(
        &mut self,
        (question, flag): (&'static str, &'static str),
        given: Option<String>,
        usual: Option<&str>,
        shown: Option<&str>,
    ) -> Result<String, CannotAsk> {
        if let Some(given) = given {
            return Ok(given.trim().to_owned());
        }
        if self.silent {
            return usual.map(str::to_owned).ok_or(CannotAsk(flag));
        }
        loop {
            let default = shown.filter(|shown| !shown.is_empty());
            let default = default.map(|shown| format!(" [{shown}]")).unwrap_or_default();
            let _ = write!(self.out, "{question}{default} : ");
            let answer = self.line().ok_or(CannotAsk(flag))?;
            match (answer.is_empty(), usual) {
                (false, _) => return Ok(answer),
                (true, Some(usual)) => return Ok(usual.to_owned()),
                (true, None) => self.tell(words::AN_ANSWER),
            }
        }
    }

    /// As [`Asker::text`], for what nobody beside the terminal may read.
    pub(super) fn secret(
        &mut self,
        question: (&'static str, &'static str),
        given: Option<String>,
        usual: Option<&str>,
    ) -> Result<String, CannotAsk> {
        let hidden = Hidden::terminal(given.is_none() && !self.silent);
        let answer = self.answer(question, given, usual, usual.map(|_| words::THE_SAME));
        if hidden.is_some() {
            // The end of the line was not shown either.
            let _ = writeln!(self.out);
        }
        answer
    }

    pub(super) fn yes(&mut self, question: &str, usual: bool) -> Result<bool, CannotAsk> {
        loop {
            let _ = write!(self.out, "{question} [{}] ", if usual { "O/n" } else { "o/N" });
            let answer = self.line().ok_or(CannotAsk("an answer: the input ended"))?;
            match answer.to_lowercase().as_str() {
                "" => return Ok(usual),
                "o" | "oui" | "y" | "yes" => return Ok(true),
                "n" | "non" | "no" => return Ok(false),
                _ => self.tell(words::YES_OR_NO),
            }
        }
    }

    /// The number of a démarche, or « g » and that of a group.
    pub(super) fn scope(&mut self, usual: Option<&str>) -> Result<(Option<i64>, Option<i64>), CannotAsk> {
        loop {
            let answer = self.text(words::NUMBER, None, usual)?;
            let (group, digits) = match answer.strip_prefix(['g', 'G']) {
                Some(rest) => (true, rest.trim()),
                None => (false, answer.as_str()),
            };
            match digits.parse::<i64>() {
                Ok(number) if number > 0 && group => return Ok((None, Some(number))),
                Ok(number) if number > 0 => return Ok((Some(number), None)),
                _ => self.tell(words::A_NUMBER),
            }
        }
    }

    /// `None` at the end of the input.
    fn line(&mut self) -> Option<String> {
        let _ = self.out.flush();
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim().to_owned()),
        }
    }
}
