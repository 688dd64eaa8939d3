//! Every calendar file against the rules of RFC 5545 and RFC 5546, read line by line: the crate that escapes and folds has
//! no part in it. `VIGIE_ICS=FOLDER` writes the files, for a validator of somebody else (`.ci/run`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use label::outgoing::{CalendarEvent, Letter, Page, Platform};
use mail_parser::{MessageParser, MimeHeaders};
use vigie::mail::{Letterhead, Mailer, Outgoing};
use vigie::web::AppState;

use crate::bench::Bench;
use crate::web::Pages;

/// A content line: name, parameters, value.
type Line = (String, Vec<(String, String)>, String);

/// What a component may hold, and what it must.
struct Rules {
    must: &'static [&'static str],
    may: &'static [&'static str],
}

const CALENDAR: Rules = Rules {
    must: &["VERSION", "PRODID"],
    may: &["CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"],
};
const EVENT: Rules = Rules {
    must: &["UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "TRANSP", "STATUS"],
    may: &["DTEND", "DESCRIPTION", "URL", "ORGANIZER", "LAST-MODIFIED"],
};
const ALARM: Rules = Rules { must: &["ACTION", "TRIGGER", "DESCRIPTION"], may: &[] };
const ZONE: Rules = Rules { must: &["TZID"], may: &[] };
const STANDARD: Rules = Rules { must: &["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"], may: &[] };

/// The content lines of a file, each of which is checked as RFC 5545 §3.1 writes it.
fn content(text: &str) -> Vec<Line> {
    assert!(text.ends_with("\r\n"), "the last line ends");
    let mut unfolded: Vec<String> = Vec::new();
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.is_empty() && !line.contains(['\r', '\n']), "{line:?} in {text}");
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!line.chars().any(hidden), "{line:?}");
        match line.strip_prefix([' ', '\t']) {
            Some(rest) => unfolded.last_mut().unwrap().push_str(rest),
            None => unfolded.push(line.to_owned()),
        }
    }
    unfolded.iter().map(|line| split(line)).collect()
}

fn split(line: &str) -> Line {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = line.split_at(colon.unwrap_or_else(|| panic!("no value: {line}")).0);
    let mut quoted = false;
    let parts: Vec<&str> = head
        .split(|c| {
            quoted ^= c == '"';
            c == ';' && !quoted
        })
        .collect();
    let name = parts[0];
    assert!(
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'),
        "{line}"
    );
    let parameters = parts[1..].iter().map(|part| {
        let (key, value) = part.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        assert!(
            !bare.unwrap_or(value).contains('"') && (bare.is_some() || !value.contains([':', ';', ','])),
            "{line}"
        );
        (key.to_owned(), bare.unwrap_or(value).to_owned())
    });
    (name.to_owned(), parameters.collect(), value[1..].to_owned())
}

/// A text value: what must be escaped is.
fn text_value(value: &str) {
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => assert!(matches!(letters.next(), Some('\\' | ';' | ',' | 'n' | 'N')), "{value}"),
            other => assert!(!matches!(other, ';' | ','), "{value}"),
        }
    }
}

fn day(value: &str) -> Date {
    Date::strptime("%Y%m%d", value).unwrap_or_else(|error| panic!("{value}: {error}"))
}

struct Component {
    name: String,
    lines: Vec<Line>,
    inside: Vec<Component>,
}

impl Component {
    fn read(lines: &mut std::vec::IntoIter<Line>, name: String) -> Component {
        let mut own = Component { name, lines: Vec::new(), inside: Vec::new() };
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("{} has no end", own.name));
            match (line.0.as_str(), line.2.as_str()) {
                ("BEGIN", inner) => own.inside.push(Component::read(lines, inner.to_owned())),
                ("END", name) => {
                    assert_eq!(name, own.name);
                    return own;
                }
                _ => own.lines.push(line),
            }
        }
    }

    fn obeys(&self, rules: &Rules) {
        for name in rules.must {
            assert!(self.value(name).is_some(), "{} lacks {name}", self.name);
        }
        let mut seen = BTreeSet::new();
        for (name, ..) in &self.lines {
            assert!(
                rules.must.contains(&name.as_str()) || rules.may.contains(&name.as_str()),
                "{name} in {}",
                self.name
            );
            assert!(seen.insert(name), "{name} twice in {}", self.name);
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|line| line.0 == name).map(|line| line.2.as_str())
    }
}

/// What a file is, beside its events.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    method: Option<String>,
    uids: Vec<String>,
    days: Vec<Date>,
}

/// A file that breaks a rule fails the test.
fn valid(text: &str) -> Read {
    let mut lines = content(text).into_iter();
    let first = lines.next().unwrap();
    assert_eq!((first.0.as_str(), first.2.as_str()), ("BEGIN", "VCALENDAR"));
    let calendar = Component::read(&mut lines, "VCALENDAR".to_owned());
    assert!(lines.next().is_none(), "nothing follows the calendar");
    calendar.obeys(&CALENDAR);
    assert_eq!(calendar.value("VERSION"), Some("2.0"));
    assert!(calendar.value("PRODID").unwrap().contains("vigie"), "ours");
    assert!(!calendar.inside.is_empty(), "RFC 5545 §3.4: at least one component");
    let method = calendar.value("METHOD").map(str::to_owned);
    let (mut uids, mut days) = (Vec::new(), Vec::new());
    for component in &calendar.inside {
        match component.name.as_str() {
            "VEVENT" => {
                event(component, method.as_deref());
                uids.push(component.value("UID").unwrap().to_owned());
                days.push(day(component.value("DTSTART").unwrap()));
            }
            "VTIMEZONE" => {
                component.obeys(&ZONE);
                component.inside.iter().for_each(|standard| standard.obeys(&STANDARD));
            }
            other => panic!("a {other}"),
        }
    }
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len(), "each event once: {uids:?}");
    Read { method, uids, days }
}

fn event(event: &Component, method: Option<&str>) {
    event.obeys(&EVENT);
    for name in ["SUMMARY", "DESCRIPTION", "UID"] {
        event.value(name).into_iter().for_each(text_value);
    }
    let starts = day(event.value("DTSTART").unwrap());
    if let Some(ends) = event.value("DTEND") {
        assert!(day(ends) > starts, "RFC 5545 §3.8.2.2: the end is later than the start");
    }
    for line in event.lines.iter().filter(|line| ["DTSTART", "DTEND"].contains(&line.0.as_str())) {
        assert_eq!(line.1, [("VALUE".to_owned(), "DATE".to_owned())], "{line:?}");
    }
    for name in ["DTSTAMP", "LAST-MODIFIED"] {
        if let Some(value) = event.value(name) {
            assert!(
                value.len() == 16 && value.ends_with('Z') && value.as_bytes()[8] == b'T',
                "{name}: {value}"
            );
        }
    }
    assert!(event.value("SEQUENCE").unwrap().parse::<i32>().is_ok_and(|sequence| sequence >= 0));
    assert_eq!(event.value("TRANSP"), Some("TRANSPARENT"));
    let cancelled = method == Some("CANCEL");
    assert_eq!(event.value("STATUS"), Some(if cancelled { "CANCELLED" } else { "CONFIRMED" }));
    if method.is_some() {
        let organizer = event.value("ORGANIZER").expect("RFC 5546 §3.2: ORGANIZER");
        assert!(organizer.starts_with("mailto:") && organizer.is_ascii(), "{organizer}");
    }
    assert!(event.value("URL").is_none_or(|url| url.starts_with("https://") || url.starts_with("http://")));
    assert_eq!(event.inside.len(), usize::from(!cancelled), "an alarm, unless it is taken away");
    for alarm in &event.inside {
        assert_eq!(alarm.name, "VALARM");
        alarm.obeys(&ALARM);
        assert_eq!((alarm.value("ACTION"), alarm.value("TRIGGER")), (Some("DISPLAY"), Some("-PT15H")));
        alarm.value("DESCRIPTION").into_iter().for_each(text_value);
    }
}

/// For a validator of somebody else.
fn keep(name: &str, text: &str) {
    if let Some(folder) = std::env::var_os("VIGIE_ICS") {
        let folder = std::path::PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// The calendar files of a mail, as a reader's program finds them: name, method of the type, text.
async fn files(mail: &Outgoing, at: Timestamp) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file:{}", folder.path().display());
    let mailer = Mailer::new(&url, "Label, SP+ : « été » <label@organisme.example>", None).unwrap();
    let mailer = mailer.signed(Letterhead { platform: dn(), ..Letterhead::default() });
    mailer.send(mail, at).await.unwrap();
    let written = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(written).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    let mut files = Vec::new();
    for part in message.attachments() {
        let Some(kind) = part.content_type().filter(|kind| kind.subtype() == Some("calendar")) else {
            continue;
        };
        let method = kind.attribute("method").unwrap().to_owned();
        let name = part.attachment_name().unwrap().to_owned();
        files.push((name, method, String::from_utf8(part.contents().to_vec()).unwrap()));
    }
    files
}

fn letter(events: Vec<CalendarEvent>) -> Letter {
    serde_json::from_value(serde_json::json!({
        "subject": "Échéance", "paragraphs": ["Une phrase."], "points": [], "source": "§ 3.5.1 du guide\r\n (R-3.5.1-k) ; \\, fin",
        "events": events,
    }))
    .unwrap()
}

/// Where the platform's pages are.
fn dn() -> Platform {
    let endpoints = vec![(None, "https://dn.example/api/v2/graphql".to_owned())];
    Platform { endpoints, ..Platform::default() }
}

fn now() -> Timestamp {
    "2027-02-21T07:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_mail_carries_a_valid_file_for_each_event_whatever_its_title_holds() {
    let day_of = |uid: &str, day, title: &str, cancelled| CalendarEvent {
        uid: uid.to_owned(),
        day,
        title: title.to_owned(),
        cancelled,
    };
    let nasty =
        format!("Audit \u{202e}; de, l’accueil\r\nATTENDEE:mailto:x@y.example\u{0} \\n {}", "é".repeat(300));
    let events = vec![
        day_of("1-O-04", date(2027, 2, 28), &nasty, false),
        day_of("1-O-18-2", date(2028, 2, 29), "", false),
        day_of("1-audit", date(2027, 12, 31), "Audit", true),
    ];
    let mail = Outgoing::new(
        "1/O-04/2027-02-28/J-7/candidat".to_owned(),
        vec!["a@b.example".to_owned()],
        letter(events),
    );
    let files = files(&mail, now()).await;
    let named: Vec<(&str, &str)> =
        files.iter().map(|(name, method, _)| (name.as_str(), method.as_str())).collect();
    assert_eq!(
        named,
        [("echeance.ics", "PUBLISH"), ("echeance-2.ics", "PUBLISH"), ("annulation.ics", "CANCEL")]
    );
    let days = [date(2027, 2, 28), date(2028, 2, 29), date(2027, 12, 31)];
    for ((name, method, text), day) in files.iter().zip(days) {
        let read = valid(text);
        assert_eq!((read.method.as_ref(), read.days.as_slice()), (Some(method), [day].as_slice()));
        assert!(read.uids[0].ends_with("@organisme.example"));
        keep(name, text);
    }
    let unfolded = files[0].2.replace("\r\n ", "");
    assert!(
        unfolded.contains("SUMMARY:Audit \\; de\\, l’accueil  ATTENDEE:mailto:x@y.example  \\\\n éé"),
        "{unfolded}"
    );
    assert!(
        unfolded.contains("\r\nORGANIZER;CN=\"Label, SP+ : « été »\":mailto:label@organisme.example\r\n"),
        "{unfolded}"
    );
    assert!(
        unfolded.contains("DTEND;VALUE=DATE:20270301") && files[1].2.contains("DTEND;VALUE=DATE:20280301")
    );
}

#[tokio::test]
async fn the_files_of_a_round_and_its_feed_are_valid() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench.simulator.world().edit_champ(4242, "Nom de la structure candidate", "Accueil \u{202e}elbissop");
    for _ in 0..30 {
        bench.pass().await;
        let next =
            bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_hours(24 * 7)).unwrap();
        bench.set_now(next);
    }
    let mut seen = 0;
    for (at, kept) in bench.mails().into_iter().enumerate() {
        let files = files(&kept.mail, kept.at).await;
        assert_eq!(files.len(), kept.mail.letter.events.len(), "one event a file");
        for (name, _, text) in files {
            let read = valid(&text);
            assert_eq!(read.uids.len(), 1);
            let page = kept.mail.letter.about_event(&kept.mail.letter.events[0]).unwrap().page.unwrap();
            let url = match page {
                Page::Candidat => "\r\nURL:https://dn.example/dossiers/42",
                Page::Instructeur => "\r\nURL:https://dn.example/procedures/12345/dossiers/42",
            };
            assert!(text.contains(url), "each event leads to its dossier: {text}");
            keep(&format!("{at}-{name}"), &text);
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} files were read");
    let app =
        AppState::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None);
    let app = app.unwrap().with_platform(dn());
    let feed = Pages::of(app).await.get("/echeances.ics").await.1;
    let read = valid(&feed);
    assert!(read.method.is_none() && read.uids.len() > 3, "{read:?}");
    assert!(feed.contains("\r\nURL:https://dn.example/procedures/"), "each event leads to its dossier");
    keep("feed.ics", &feed);
}

#[tokio::test]
async fn a_feed_without_any_event_is_valid_too() {
    let bench = Bench::after("petit", 0).await;
    let feed = Pages::over(&bench, None).await.get("/echeances.ics").await.1;
    assert_eq!(valid(&feed).uids.len(), 0);
    keep("empty.ics", &feed);
}

#[test]
#[should_panic(expected = "the end is later than the start")]
fn an_end_on_the_day_of_the_start_is_seen() {
    valid(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:vigie\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20270101T000000Z\r\nSEQUENCE:0\r\nDTSTART;VALUE=DATE:20270107\r\nDTEND;VALUE=DATE:20270107\r\nSUMMARY:x\r\nTRANSP:TRANSPARENT\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
}
