//! The story of the demo: each step on the platform with what vigie did of it, in chapters.

use jiff::civil::Date;
use minijinja::{Value, context};

use label::wording::{date_full, date_short, story};

/// Number of beats kept on the page; the journal has everything.
const BEATS: usize = 14;

/// A step of the story, or a day on which vigie acted by itself.
#[derive(Clone, Debug)]
pub struct Beat {
    pub day: Date,
    /// What happened on the platform; absent when only the date changed.
    pub step: Option<String>,
    /// The case that it is about.
    pub case: Option<i64>,
    pub name: Option<String>,
    pub deeds: Vec<String>,
    /// What a person should look at in that case, after the step.
    pub faults: Vec<String>,
}

/// The day on which a chapter was reached, and by which case.
type Reached = (Date, i64);

/// The chapters reached so far, and the latest beats.
#[derive(Debug, Default)]
pub struct Story {
    beats: Vec<Beat>,
    chapters: [Option<Reached>; story::CHAPTERS.len()],
}

impl Story {
    pub fn add(&mut self, beat: Beat) {
        self.beats.insert(0, beat);
        self.beats.truncate(BEATS);
    }

    /// Notes the first time a chapter is reached, and by which case.
    pub fn reach(&mut self, chapter: usize, day: Date, case: i64) {
        if let Some(place) = self.chapters.get_mut(chapter) {
            place.get_or_insert((day, case));
        }
    }

    pub fn beats(&self) -> Vec<Value> {
        let view = |beat: &Beat| {
            context! {
                day => date_full(beat.day),
                step => beat.step.as_deref(),
                case => beat.case,
                name => beat.name.as_deref(),
                deeds => beat.deeds.clone(),
                faults => beat.faults.clone(),
            }
        };
        self.beats.iter().map(view).collect()
    }

    /// The case that the latest step is about.
    pub fn focus(&self) -> Option<i64> {
        self.beats.iter().find(|beat| beat.step.is_some()).and_then(|beat| beat.case)
    }

    pub fn chapters(&self) -> Vec<Value> {
        let last = self.chapters.iter().rposition(Option::is_some);
        let reached = self.chapters.iter().enumerate();
        let view = |((name, what), (rank, reached)): (&(&str, &str), (usize, &Option<Reached>))| {
            context! {
                name => *name, what => *what,
                day => reached.map(|(day, _)| date_short(day)),
                case => reached.map(|(_, case)| case),
                latest => Some(rank) == last,
            }
        };
        story::CHAPTERS.iter().zip(reached).map(view).collect()
    }
}
