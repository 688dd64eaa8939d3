//! The drawing of a case's life: places in hundredths of a percent, so that it fits any width without a script.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use minijinja::{Value, context};

use label::judge::agenda::Status;
use label::judge::time_line::{Lane, Moment, Stretch, TimeLine};
use label::wording::boards;

const LANE: i64 = 46;
/// Years are written under the lanes.
const FOOT: i64 = 26;
/// A bar narrower than this, in hundredths of a percent, has no text.
const WORD: i64 = 1400;
const LAST_WORD: i64 = 8800;

/// What the template draws, and the same in words.
pub fn view(line: &TimeLine, today: Date) -> Value {
    let scale = Scale { from: line.from, days: days_between(line.from, line.to).max(1) };
    let used = Lane::ALL.into_iter().filter(|lane| line.stretches.iter().any(|s| s.lane == *lane));
    let mut lanes = Vec::new();
    for (row, lane) in (0_i64..).zip(used) {
        let items = line.stretches.iter().filter(|s| s.lane == lane);
        let items: Vec<Value> = items.map(|stretch| item(stretch, &scale)).collect();
        lanes.push(context! { title => boards::lane(lane), y => row * LANE, items });
    }
    let height = i64::try_from(lanes.len()).unwrap_or(0) * LANE;
    let steps: Vec<Value> = line.stretches.iter().map(|stretch| step(stretch, today)).collect();
    context! {
        lanes, steps, height, years => years(line, &scale), today => scale.place(today), total => height + FOOT,
    }
}

struct Scale {
    from: Date,
    days: i64,
}

impl Scale {
    fn hundredths(&self, day: Date) -> i64 {
        days_between(self.from, day).clamp(0, self.days) * 10_000 / self.days
    }

    fn place(&self, day: Date) -> String {
        percent(self.hundredths(day))
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn item(stretch: &Stretch, scale: &Scale) -> Value {
    let from = scale.hundredths(stretch.from);
    let to = scale.hundredths(stretch.to.saturating_add(1.day()));
    let (shape, class) = look(&stretch.what);
    // One day out of four years would be too thin to see: a bar has a least width.
    let width = (to - from).max(60);
    let word = match &stretch.what {
        Moment::Valid(Some(tier)) if width >= WORD => Some(label::wording::tier(*tier)),
        _ => None,
    };
    context! {
        shape, class, word, x => percent(from), width => percent(width),
        title => format!("{} : {}", boards::days(stretch), boards::moment(&stretch.what)),
    }
}

/// The shape shows what it is as well as the colour.
fn look(what: &Moment) -> (&'static str, &'static str) {
    match what {
        Moment::Deposit(_) => ("circle", "deposit"),
        Moment::Plan | Moment::Report => ("square", "paper"),
        Moment::Decided(_) => ("diamond", "decided"),
        Moment::Visit => ("bar", "visit"),
        Moment::Valid(tier) => ("bar", tier.map_or("valid", |tier| tier.key())),
        Moment::Suspended { .. } => ("bar", "suspended"),
        Moment::Window { settled: true, .. } => ("bar", "settled"),
        Moment::Window { settled: false, .. } => ("bar", "window"),
        Moment::Due(_, Status::Late) => ("triangle", "late"),
        Moment::Due(..) => ("triangle", "due"),
    }
}

/// The firsts of January within the line.
fn years(line: &TimeLine, scale: &Scale) -> Vec<Value> {
    let firsts = (line.from.year()..=line.to.year()).map(|year| date(year, 1, 1));
    let within = firsts.filter(|first| line.from <= *first && *first <= line.to);
    // A word that begins too close to the right edge would be cut.
    let named = |first: &Date| scale.hundredths(*first) < LAST_WORD;
    within
        .map(|first| context! { x => scale.place(first), year => named(&first).then(|| first.year()) })
        .collect()
}

fn step(stretch: &Stretch, today: Date) -> Value {
    let when = if stretch.to < today {
        "passé"
    } else if stretch.from > today {
        "à venir"
    } else {
        "en cours"
    };
    context! { days => boards::days(stretch), what => boards::moment(&stretch.what), when }
}
