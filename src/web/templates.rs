//! The templates, compiled in, and the texts that they all need.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::Environment;

const TEMPLATES: [(&str, &str); 17] = [
    ("base.html", include_str!("templates/base.html")),
    ("clock.html", include_str!("templates/clock.html")),
    ("mails_to_come.html", include_str!("templates/mails_to_come.html")),
    ("services.html", include_str!("templates/services.html")),
    ("work_list.html", include_str!("templates/work_list.html")),
    ("demo.html", include_str!("templates/demo.html")),
    ("annex.html", include_str!("templates/annex.html")),
    ("labels.html", include_str!("templates/labels.html")),
    ("filters.html", include_str!("templates/filters.html")),
    ("sync.html", include_str!("templates/sync.html")),
    ("network.html", include_str!("templates/network.html")),
    ("marks.html", include_str!("templates/marks.html")),
    ("time_line.html", include_str!("templates/time_line.html")),
    ("case.html", include_str!("templates/case.html")),
    ("entries.html", include_str!("templates/entries.html")),
    ("journal.html", include_str!("templates/journal.html")),
    ("error.html", include_str!("templates/error.html")),
];

const MORE_TEMPLATES: [(&str, &str); 24] = [
    ("details.html", include_str!("templates/details.html")),
    ("year.html", include_str!("templates/year.html")),
    ("shortcuts.html", include_str!("templates/shortcuts.html")),
    ("demo_mailbox.html", include_str!("templates/demo_mailbox.html")),
    ("demo_mail.html", include_str!("templates/demo_mail.html")),
    ("demo_document.html", include_str!("templates/demo_document.html")),
    ("draw.html", include_str!("templates/draw.html")),
    ("legal.html", include_str!("templates/legal.html")),
    ("feed.xml", include_str!("templates/feed.xml")),
    ("api.html", include_str!("templates/api.html")),
    ("decision_sheet.html", include_str!("templates/decision_sheet.html")),
    ("situation.html", include_str!("templates/situation.html")),
    ("behind.html", include_str!("templates/behind.html")),
    ("sheet.html", include_str!("templates/sheet.html")),
    ("sheets.html", include_str!("templates/sheets.html")),
    ("views.html", include_str!("templates/views.html")),
    ("settle.html", include_str!("templates/settle.html")),
    ("said.html", include_str!("templates/said.html")),
    ("calendar.html", include_str!("templates/calendar.html")),
    ("health.html", include_str!("templates/health.html")),
    ("register.html", include_str!("templates/register.html")),
    ("statistics.html", include_str!("templates/statistics.html")),
    ("refused.html", include_str!("templates/refused.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
];

/// `root` stands before each of our addresses: empty, or the path under which a proxy shows the pages.
pub(super) fn templates(root: &str) -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    // The configuration admits letters that need no escape alone.
    templates.add_global("root", minijinja::Value::from_safe_string(root.to_owned()));
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    templates.add_filter("nom", plain);
    for (name, text) in TEMPLATES.into_iter().chain(MORE_TEMPLATES) {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

/// Characters of one name on a page.
const MAX_NAME: usize = 160;

/// A name that somebody typed, on one line and cut at [`MAX_NAME`].
fn plain(text: &str) -> String {
    let mut letters = text.chars().filter(|c| !c.is_control());
    let mut short: String = letters.by_ref().take(MAX_NAME).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// In a name it would change how the text after it is shown.
pub(super) use label::plain::turns as turns_text;

/// « 24/05/2027 09:30 », in Paris.
pub(super) fn moment(at: Timestamp) -> String {
    static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");
    PARIS.to_datetime(at).strftime("%d/%m/%Y %H:%M").to_string()
}
