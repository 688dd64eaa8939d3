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

/// How a chapter was reached: on which day, by which case, and by which step.
#[derive(Clone, Debug)]
struct Reached {
    day: Date,
    case: i64,
    step: String,
}

/// The chapters reached so far, and the latest beats.
#[derive(Debug, Default)]
pub struct Story {
    beats: Vec<Beat>,
    chapters: [Option<Reached>; story::CHAPTERS.len()],
    /// Chapters that were told: one may be reached before its turn comes.
    told: usize,
    /// Steps on the platform so far.
    steps: usize,
}

impl Story {
    pub fn add(&mut self, beat: Beat) {
        self.steps += usize::from(beat.step.is_some());
        self.beats.insert(0, beat);
        self.beats.truncate(BEATS);
    }

    /// Notes the first time a chapter is reached: the day, the case, the step.
    pub fn reach(&mut self, chapter: usize, day: Date, case: i64, step: &str) {
        if let Some(place) = self.chapters.get_mut(chapter) {
            place.get_or_insert_with(|| Reached { day, case, step: step.to_owned() });
        }
    }

    /// Tells the next chapter; false while it is not reached, and after the last.
    pub fn tell_next(&mut self) -> bool {
        let reached = self.chapters.get(self.told).is_some_and(Option::is_some);
        self.told += usize::from(reached);
        reached
    }

    /// Whether every chapter was told.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.told == self.chapters.len()
    }

    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
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
        let reached = self.chapters.iter().enumerate();
        let view = |((name, what), (rank, reached)): (&(&str, &str), (usize, &Option<Reached>))| {
            let reached = reached.as_ref().filter(|_| rank < self.told);
            context! {
                name => *name, what => *what,
                day => reached.map(|reached| date_short(reached.day)),
                case => reached.map(|reached| reached.case),
                step => reached.map(|reached| reached.step.as_str()),
                latest => rank + 1 == self.told,
            }
        };
        story::CHAPTERS.iter().zip(reached).map(view).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn chapters_are_told_one_by_one_in_their_order_whenever_they_were_reached() {
        let mut story = Story::default();
        assert!(!story.tell_next(), "none is reached");
        story.reach(1, date(2027, 2, 1), 1001, "Contrôle");
        assert!(!story.tell_next(), "the first one comes first");
        story.reach(0, date(2027, 1, 5), 1001, "Dépôt");
        story.reach(0, date(2027, 6, 5), 2001, "Un autre");
        let shown = |story: &Story| {
            let told = |chapter: &Value| chapter.get_attr("day").is_ok_and(|day| !day.is_none());
            story.chapters().iter().filter(|chapter| told(chapter)).count()
        };
        assert!(story.tell_next() && shown(&story) == 1);
        assert!(story.tell_next() && shown(&story) == 2);
        assert!(!story.tell_next() && !story.is_told());
        let step = story.chapters().swap_remove(0).get_attr("step").unwrap();
        assert_eq!(step.as_str(), Some("Dépôt"), "the first that reached it");
    }
}
