//! What a refusal is about. The class of the enhanced code (RFC 3463) and the command that it answers (RFC 5321) decide:
//! a sender that is refused says nothing about the address that the mail is for.

use super::super::error::Certainty;

/// What the server was answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::mail) enum Stage {
    /// Before any mail: the connection, its greeting, EHLO, TLS.
    Session,
    Login,
    Sender,
    Recipient,
    Data,
    /// The whole message.
    End,
}

impl Stage {
    /// The command, as the server's own log names it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Stage::Session => "the greeting",
            Stage::Login => "AUTH",
            Stage::Sender => "MAIL FROM",
            Stage::Recipient => "RCPT TO",
            Stage::Data => "DATA",
            Stage::End => "the message",
        }
    }
}

/// A negative reply: its code, and the enhanced one that begins its text, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) struct Reply {
    pub code: u16,
    pub enhanced: Option<(u16, u16, u16)>,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Meaning {
    /// It will pass: greylisting, a full mailbox, a busy server.
    Later,
    /// Us, or the way there: sender, policy, block list, quota, protocol. Somebody corrects the cause, so that the mail is
    /// kept, and no address is blamed.
    Us,
    /// The name or the password.
    Login,
    Address(Certainty),
    /// What was written: its size, its form.
    Message,
}

impl Reply {
    /// Reads the code and the first word of the text.
    pub(in crate::mail) fn new(code: u16, text: &str) -> Reply {
        let enhanced = text.split_whitespace().next().and_then(enhanced);
        // A class that contradicts the code is that of another reply.
        Reply { code, enhanced: enhanced.filter(|(class, ..)| matches!(class, 4 | 5)) }
    }

    /// As [`Reply::new`]; `None` when the code is none.
    pub(super) fn read(code: &str, text: &str) -> Option<Reply> {
        Some(Reply::new(code.parse().ok()?, text))
    }

    /// Whether it is for good: both codes must say so.
    fn is_final(self) -> bool {
        self.code >= 500 && self.enhanced.is_none_or(|(class, ..)| class == 5)
    }

    /// The server ends the conversation (RFC 5321 §3.8).
    pub(super) fn is_closing(self) -> bool {
        self.code == 421
    }

    pub(in crate::mail) fn meaning(self, stage: Stage) -> Meaning {
        if matches!(self.code, 530 | 534 | 535 | 538) || (stage == Stage::Login && self.code == 454) {
            return Meaning::Login;
        }
        if !self.is_final() {
            return Meaning::Later;
        }
        match (stage, self.enhanced) {
            (Stage::Session | Stage::Login, _) => Meaning::Us,
            (Stage::Sender, Some((_, 6, _))) => Meaning::Message,
            (Stage::Sender, _) => Meaning::Us,
            (_, Some((_, subject, detail))) => by_class(subject, detail),
            (Stage::Recipient, None) => without_class_about_a_recipient(self.code),
            (Stage::End, None) if self.code == 552 => Meaning::Message,
            (Stage::Data | Stage::End, None) => Meaning::Us,
        }
    }
}

/// RFC 3463 §3, and the registry of RFC 5248 for what came later.
fn by_class(subject: u16, detail: u16) -> Meaning {
    match (subject, detail) {
        // Bad mailbox, bad system, bad syntax, moved, null MX.
        (1, 1 | 2 | 3 | 6 | 10) => Meaning::Address(Certainty::Certain),
        // The sender's address.
        (1, 7 | 8) => Meaning::Us,
        (1, 5) => Meaning::Later,
        (1, _) => Meaning::Address(Certainty::Perhaps),
        (2, 2) => Meaning::Later,
        (2, 3) | (3, 4) => Meaning::Message,
        (2, _) => Meaning::Address(Certainty::Perhaps),
        (6, _) => Meaning::Message,
        // The system, the network, the protocol, the policy.
        _ => Meaning::Us,
    }
}

fn without_class_about_a_recipient(code: u16) -> Meaning {
    match code {
        550 | 551 | 553 | 501 => Meaning::Address(Certainty::Perhaps),
        // The domain takes no mail (RFC 7504).
        556 => Meaning::Address(Certainty::Certain),
        // The mailbox is full, or there are too many recipients (RFC 5321 §4.5.3.1.10).
        552 => Meaning::Later,
        _ => Meaning::Us,
    }
}

/// « 5.7.1 »: a digit, then two numbers of up to three digits.
fn enhanced(word: &str) -> Option<(u16, u16, u16)> {
    let number = |text: &str| {
        let fits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let mut parts = word.split('.').map(number);
    match (parts.next()??, parts.next()??, parts.next()??, parts.next()) {
        (class, subject, detail, None) => Some((class, subject, detail)),
        _ => None,
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SMTP {}", self.code)?;
        match self.enhanced {
            Some((class, subject, detail)) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Certainty::{Certain, Perhaps};
    use Meaning::{Address, Later, Login, Message, Us};

    const STAGES: [Stage; 6] =
        [Stage::Session, Stage::Login, Stage::Sender, Stage::Recipient, Stage::Data, Stage::End];

    /// What each reply means at the greeting, AUTH, MAIL FROM, RCPT TO, DATA and after the message.
    #[test]
    fn the_class_and_the_command_decide() {
        let table: [(&str, [Meaning; 6]); 27] = [
            ("421 4.3.2 closing", [Later; 6]),
            ("450 4.2.0 greylisted", [Later; 6]),
            ("451 4.7.1 too many messages this hour", [Later; 6]),
            ("452 4.2.2 full", [Later; 6]),
            ("454 4.7.0 not now", [Later, Login, Later, Later, Later, Later]),
            ("535 5.7.8 wrong password", [Login; 6]),
            ("530 5.7.0 authentication required", [Login; 6]),
            ("550 5.1.1 unknown", [Us, Us, Us, Address(Certain), Address(Certain), Address(Certain)]),
            ("550 5.1.10 null MX", [Us, Us, Us, Address(Certain), Address(Certain), Address(Certain)]),
            ("550 5.1.0 rejected", [Us, Us, Us, Address(Perhaps), Address(Perhaps), Address(Perhaps)]),
            ("553 5.1.8 the sender's domain does not exist", [Us; 6]),
            ("550 5.2.1 disabled", [Us, Us, Us, Address(Perhaps), Address(Perhaps), Address(Perhaps)]),
            ("552 5.2.2 full", [Us, Us, Us, Later, Later, Later]),
            ("552 5.2.3 too long for it", [Us, Us, Us, Message, Message, Message]),
            ("552 5.3.4 too big", [Us, Us, Us, Message, Message, Message]),
            ("554 5.3.0 system", [Us; 6]),
            ("550 5.4.5 quota of the day", [Us; 6]),
            ("554 5.6.0 malformed", [Us, Us, Message, Message, Message, Message]),
            ("550 5.7.1 block list", [Us; 6]),
            ("550 5.7.26 SPF", [Us; 6]),
            ("550 5.7.60 not allowed to send as this sender", [Us; 6]),
            ("553 5.7.1 sender address rejected", [Us; 6]),
            ("550 no such user", [Us, Us, Us, Address(Perhaps), Us, Us]),
            ("552 exceeded", [Us, Us, Us, Later, Us, Message]),
            ("554 no", [Us; 6]),
            ("556 takes no mail", [Us, Us, Us, Address(Certain), Us, Us]),
            // The two classes disagree: nothing is final.
            ("550 4.4.7 expired", [Later; 6]),
        ];
        for (reply, wanted) in table {
            let (code, text) = reply.split_once(' ').unwrap();
            let reply = Reply::new(code.parse().unwrap(), text);
            assert_eq!(STAGES.map(|stage| reply.meaning(stage)), wanted, "{code} {text}");
        }
    }

    #[test]
    fn a_code_is_read_from_the_first_word_alone() {
        for (text, wanted) in [
            ("5.7.1 no", Some((5, 7, 1))),
            ("4.2.2", Some((4, 2, 2))),
            ("no 5.7.1", None),
            ("5.7 no", None),
            ("5.7.1.2 no", None),
            ("5.7.1234 no", None),
            ("2.0.0 ok", None),
            ("", None),
        ] {
            assert_eq!(Reply::new(550, text).enhanced, wanted, "{text}");
        }
        assert_eq!(Reply::new(550, "5.7.26 <a@b.example> no").to_string(), "SMTP 550 5.7.26");
    }
}
