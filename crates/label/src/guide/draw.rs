//! §3.3 — *tirage au sort*: a draw that anyone can redo from its seed. `docs/tirage.md` says how, step by step.

use sha2::{Digest, Sha256};

/// R-3.3-a — *tirage au sort des services à auditer*: all of `ids` in drawn order; the sample is the first ones.
///
/// The same seed and the same set of ids give the same order, however the ids are given: they are sorted and each is
/// kept once. Then Fisher–Yates from the front, each choice by SHA-256 of `seed:counter` with rejection.
#[must_use]
pub fn draw(seed: &str, ids: &[String]) -> Vec<String> {
    let mut order = listed(ids);
    for step in Steps::new(seed, order.len()) {
        order.swap(step.place, step.place + step.chosen);
    }
    order
}

/// The ids as the draw takes them: sorted by their bytes, each once.
#[must_use]
pub fn listed(ids: &[String]) -> Vec<String> {
    let mut order = ids.to_vec();
    order.sort_unstable();
    order.dedup();
    order
}

/// One choice of a draw, as anyone computes it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From 0.
    pub place: usize,
    /// How many ids are left to choose from.
    pub left: usize,
    /// The counter and the number that was taken; `None` for the last id, which is alone.
    pub number: Option<(u64, u64)>,
    /// How far behind `place` the id that takes it stands.
    pub chosen: usize,
}

/// The choices of a draw of so many ids, in order.
#[derive(Clone, Debug)]
pub struct Steps<'s> {
    seed: &'s str,
    count: usize,
    place: usize,
    counter: u64,
}

impl<'s> Steps<'s> {
    /// The steps for `count` ids, as many as [`listed`] keeps; one step for each, none for 0.
    #[must_use]
    pub fn new(seed: &'s str, count: usize) -> Steps<'s> {
        Steps { seed, count, place: 0, counter: 0 }
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (place, left) = (self.place, self.count.checked_sub(self.place).filter(|left| *left > 0)?);
        self.place += 1;
        let (chosen, number) = below(self.seed, &mut self.counter, left);
        Some(Step { place, left, number, chosen })
    }
}

/// The first `size` ids of the draw.
#[must_use]
pub fn sample(seed: &str, ids: &[String], size: usize) -> Vec<String> {
    let mut drawn = draw(seed, ids);
    drawn.truncate(size);
    drawn
}

/// A uniform number below `bound`, with the counter and the number that it was made of: numbers from the largest multiple
/// of `bound` on are rejected and drawn again.
fn below(seed: &str, counter: &mut u64, bound: usize) -> (usize, Option<(u64, u64)>) {
    let Some(bound) = u64::try_from(bound).ok().filter(|bound| *bound > 1) else { return (0, None) };
    let limit = (1_u128 << 64) / u128::from(bound) * u128::from(bound);
    loop {
        let (at, number) = (*counter, number(seed, *counter));
        *counter += 1;
        if u128::from(number) < limit {
            return (usize::try_from(number % bound).unwrap_or(0), Some((at, number)));
        }
    }
}

/// The first eight bytes of SHA-256 of `seed:counter`, as one big-endian number.
fn number(seed: &str, counter: u64) -> u64 {
    let digest: [u8; 32] = Sha256::digest(format!("{seed}:{counter}").as_bytes()).into();
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(from: u32, to: u32) -> Vec<String> {
        (from..=to).map(|n| format!("local-{n:02}")).collect()
    }

    /// R-3.3-a
    #[test]
    fn the_draw_of_the_page_is_frozen() {
        let order = [2, 3, 1, 8, 6, 4, 7, 9, 10, 5].map(|n| format!("local-{n:02}"));
        assert_eq!(draw("label-2027", &ids(1, 10)), order);
        assert_eq!(sample("label-2027", &ids(1, 10), 4), order[..4]);
        assert_eq!(number("label-2027", 0), 16_779_085_993_401_737_911);
        assert_eq!(draw("é", &ids(1, 3)), ["local-02", "local-03", "local-01"]);
        let steps: Vec<Step> = Steps::new("label-2027", 10).collect();
        let first = Step { place: 0, left: 10, number: Some((0, 16_779_085_993_401_737_911)), chosen: 1 };
        assert_eq!((steps.len(), steps[0]), (10, first));
        assert_eq!(steps[9], Step { place: 9, left: 1, number: None, chosen: 0 });
    }

    /// `docs/tirage.md`: « supérieur ou égal au plus grand multiple » is rejected. The first number of this seed is that multiple
    /// when so many are left; of one more, the multiple is one more, and the number is taken.
    #[test]
    fn a_number_from_the_largest_multiple_on_is_drawn_again() {
        let (first, second) = (16_779_085_993_401_737_911_u64, 5_819_795_695_178_771_941_u64);
        let of = |left: u64| {
            let mut counter = 0;
            let (chosen, number) = below("label-2027", &mut counter, usize::try_from(left).unwrap());
            (u64::try_from(chosen).unwrap(), number, counter)
        };
        assert_eq!(of(first), (second, Some((1, second)), 2));
        assert_eq!(of(first + 1), (first, Some((0, first)), 1));
    }

    #[test]
    fn the_order_and_repetition_of_the_ids_change_nothing() {
        let mut given = ids(1, 10);
        let drawn = draw("seed", &given);
        given.reverse();
        given.extend(ids(3, 5));
        assert_eq!(draw("seed", &given), drawn);
        assert_ne!(draw("another seed", &given), drawn);
        assert_eq!(draw("seed", &[]), Vec::<String>::new());
    }
}
