//! Reports of what could not be delivered (RFC 3464), as other mail servers send them. Anybody can send one: what it says is
//! believed only of a mail that we sent to that address, which the reader of this looks up.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// Recipients of one report that are read.
const MOST: usize = 50;
/// Characters of a line that is kept.
const LONGEST: usize = 1000;

/// What a message is that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    Report(DeliveryReport),
    /// An absence, an acknowledgement, anything else: no report.
    Other,
}

/// A report about one of our mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The Message-ID of the mail that it is about, without its brackets.
    pub message_id: String,
    pub recipients: Vec<Recipient>,
}

/// What a report says of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// As we wrote it, then as it was delivered to, when the report has both.
    pub addresses: Vec<String>,
    pub verdict: Verdict,
    /// « 5.1.1 ».
    pub status: String,
}

/// What became of the mail for one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no such mailbox, or no such domain.
    NoMailbox,
    /// It did not arrive, for a reason that is not the address.
    Lost,
    /// It is still tried.
    Delayed,
    /// It arrived, or was handed on.
    Arrived,
}

/// Reads a message that came back.
#[must_use]
pub fn read(bytes: &[u8]) -> Returned {
    let report = MessageParser::default().parse(bytes).and_then(|message| report(&message));
    report.map_or(Returned::Other, Returned::Report)
}

fn report(message: &Message<'_>) -> Option<DeliveryReport> {
    let kind = message.root_part().content_type()?;
    let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind.attribute("report-type").is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let status = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"))?;
    let recipients = recipients(&String::from_utf8_lossy(status.contents()));
    let message_id = message.parts.iter().find_map(original)?;
    (!recipients.is_empty()).then_some(DeliveryReport { message_id, recipients })
}

/// The Message-ID of the mail that came back, whole or its headers alone.
fn original(part: &MessagePart<'_>) -> Option<String> {
    let id = match &part.body {
        PartType::Message(message) => message.message_id().map(str::to_owned),
        _ if part.is_content_type("text", "rfc822-headers") || part.is_content_type("message", "rfc822") => {
            let headers = MessageParser::default().parse_headers(part.contents())?;
            headers.message_id().map(str::to_owned)
        }
        _ => None,
    }?;
    Some(id.trim().trim_matches(['<', '>']).chars().take(LONGEST).collect())
}

/// The groups of fields after the first, which is about the whole message.
fn recipients(text: &str) -> Vec<Recipient> {
    let text = text.replace("\r\n", "\n");
    let groups = text.split("\n\n").map(fields).filter(|fields| !fields.is_empty());
    groups.filter_map(|fields| recipient(&fields)).take(MOST).collect()
}

/// Name in lower case and value, continued lines joined.
fn fields(group: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in group.lines() {
        let line: String = line.chars().take(LONGEST).collect();
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, _, Some((name, value))) => {
                fields.push((name.trim().to_lowercase(), value.trim().to_owned()))
            }
            _ => {}
        }
    }
    fields
}

fn recipient(fields: &[(String, String)]) -> Option<Recipient> {
    let value = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    // « rfc822; jean@mairie.example ».
    let address = |name: &str| {
        let (kind, address) = value(name)?.split_once(';')?;
        let known = ["rfc822", "utf-8"].iter().any(|known| kind.trim().eq_ignore_ascii_case(known));
        known.then(|| address.trim().trim_matches(['<', '>']).to_owned())
    };
    let addresses: Vec<String> =
        ["original-recipient", "final-recipient"].into_iter().filter_map(address).collect();
    let action = value("action")?.split_whitespace().next()?.to_lowercase();
    let status = status(value("status").unwrap_or_default(), value("diagnostic-code").unwrap_or_default());
    let verdict = match action.as_str() {
        "failed" if status.is_some_and(is_of_the_address) => Verdict::NoMailbox,
        "failed" => Verdict::Lost,
        "delayed" => Verdict::Delayed,
        "delivered" | "relayed" | "expanded" => Verdict::Arrived,
        _ => return None,
    };
    let status = status.map(|[class, subject, detail]| format!("{class}.{subject}.{detail}"));
    Some(Recipient { addresses, verdict, status: status.unwrap_or_else(|| "5.0.0".to_owned()) })
}

/// The code of RFC 3463; where it says nothing (« 5.0.0 »), that of the server's own answer.
fn status(status: &str, diagnostic: &str) -> Option<[u16; 3]> {
    let said = code(status.split_whitespace().next().unwrap_or_default());
    match said {
        Some([_, 0, 0]) | None => {
            let words = diagnostic
                .split(|c: char| c.is_whitespace() || matches!(c, '-' | '#' | '(' | ')' | ':' | ';'));
            words.filter_map(code).next().or(said)
        }
        said => said,
    }
}

fn code(text: &str) -> Option<[u16; 3]> {
    let parts: Vec<u16> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let code: [u16; 3] = parts.try_into().ok()?;
    (matches!(code[0], 2 | 4 | 5) && code.iter().all(|part| *part < 1000)).then_some(code)
}

/// For good (5), and about the mailbox, its domain, or a mailbox that was closed; 5.1.7 and 5.1.8 are about the sender.
fn is_of_the_address(code: [u16; 3]) -> bool {
    matches!(code, [5, 1, 0..=6 | 9 | 10] | [5, 2, 1] | [5, 4, 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dsn(groups: &str, original: &str) -> String {
        let text = format!(
            "From: MAILER-DAEMON@relais.example\nTo: label@organisme.example\nSubject: Undelivered\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relais.example\nArrival-Date: Sun, 21 Feb 2027 07:00:00 +0000\n\n{groups}\n--b\n{original}\n\n--b--\n"
        );
        text.replace('\n', "\r\n")
    }

    const WHOLE: &str =
        "Content-Type: message/rfc822\n\nMessage-ID: <1.O-04.x@organisme.example>\nSubject: x\n\nBonjour";
    const HEADERS: &str = "Content-Type: text/rfc822-headers\n\nReceived: by x\nMessage-ID:\n <1.O-04.x@organisme.example>\nSubject: x\n";

    fn verdicts(groups: &str, original: &str) -> Vec<(Vec<String>, Verdict, String)> {
        match read(dsn(groups, original).as_bytes()) {
            Returned::Report(report) => {
                assert_eq!(report.message_id, "1.O-04.x@organisme.example");
                report.recipients.into_iter().map(|one| (one.addresses, one.verdict, one.status)).collect()
            }
            Returned::Other => Vec::new(),
        }
    }

    #[test]
    fn a_report_says_which_mail_to_whom_and_why() {
        let groups = "Original-Recipient: rfc822;Jean@mairie.example\nFinal-Recipient: rfc822; jean@mairie.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <jean@mairie.example>:\n User unknown\n\nFinal-Recipient: RFC822; <b@mairie.example>\nAction: Delayed\nStatus: 4.4.1\n";
        for original in [WHOLE, HEADERS] {
            let read = verdicts(groups, original);
            assert_eq!(read.len(), 2, "{original}");
            assert_eq!(read[0].0, ["Jean@mairie.example", "jean@mairie.example"]);
            assert_eq!((read[0].1, read[0].2.as_str()), (Verdict::NoMailbox, "5.1.1"));
            assert_eq!(
                (read[1].0.as_slice(), read[1].1),
                (["b@mairie.example".to_owned()].as_slice(), Verdict::Delayed)
            );
        }
    }

    #[test]
    fn only_what_is_about_the_address_ends_it() {
        for (action, status, diagnostic, verdict) in [
            ("failed", "5.1.1", "", Verdict::NoMailbox),
            ("failed", "5.1.2", "", Verdict::NoMailbox),
            ("failed", "5.1.10", "", Verdict::NoMailbox),
            ("failed", "5.2.1", "", Verdict::NoMailbox),
            ("failed", "5.4.4", "", Verdict::NoMailbox),
            ("failed", "5.0.0", "smtp; 550-5.1.1 unknown", Verdict::NoMailbox),
            ("failed", "5.0.0", "smtp; 550 #5.1.0 Address rejected", Verdict::NoMailbox),
            ("failed", "5.0.0", "smtp; 550 no", Verdict::Lost),
            ("failed", "", "", Verdict::Lost),
            ("failed", "5.1.8", "", Verdict::Lost),
            ("failed", "5.2.2", "", Verdict::Lost),
            ("failed", "5.7.1", "smtp; 550 5.7.1 blocked, see 5.1.1", Verdict::Lost),
            ("failed", "4.4.7", "", Verdict::Lost),
            ("failed", "4.1.1", "", Verdict::Lost),
            ("delayed", "5.1.1", "", Verdict::Delayed),
            ("relayed", "2.0.0", "", Verdict::Arrived),
        ] {
            let groups = format!(
                "Final-Recipient: rfc822; a@b.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"
            );
            let read = verdicts(&groups, WHOLE);
            assert_eq!(read.len(), 1, "{groups}");
            assert_eq!(read[0].1, verdict, "{groups}");
        }
    }

    #[test]
    fn what_is_no_report_is_none() {
        let absent = "From: jean@mairie.example\r\nSubject: Absence du bureau\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <1.O-04.x@organisme.example>\r\n\r\nJe suis absent. Status: 5.1.1\r\nAction: failed\r\n";
        let seen = dsn("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", WHOLE)
            .replace("report-type=delivery-status", "report-type=disposition-notification");
        let nameless = dsn(
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n",
            "Content-Type: text/plain\n\nx",
        );
        for text in
            [absent, seen.as_str(), nameless.as_str(), "", "\0\u{feff}", "Content-Type: multipart/report"]
        {
            assert_eq!(read(text.as_bytes()), Returned::Other, "{text}");
        }
        assert!(verdicts("Action: failed\nStatus: 5.1.1\n", WHOLE)[0].0.is_empty(), "of nobody");
        let whole = dsn("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", WHOLE);
        for cut in 0..whole.len() {
            let _ = read(&whole.as_bytes()[..cut]);
        }
    }
}
