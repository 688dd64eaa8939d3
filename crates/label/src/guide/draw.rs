//! §3.3 — *tirage au sort*: a draw that anyone can redo from its seed. `docs/tirage.md` says how, step by step.

use sha2::{Digest, Sha256};

/// R-3.3-a — *tirage au sort des services à auditer*: all of `ids` in drawn order; the sample is the first ones.
///
/// The same seed and the same set of ids give the same order, however the ids are given: they are sorted and each is
/// kept once. Then Fisher–Yates from the front, each choice by SHA-256 of `seed:counter` with rejection.
#[must_use]
pub fn draw(seed: &str, ids: &[String]) -> Vec<String> {
    let mut order = ids.to_vec();
    order.sort_unstable();
    order.dedup();
    let mut counter = 0;
    for front in 0..order.len() {
        let left = order.len() - front;
        let chosen = below(seed, &mut counter, left);
        order.swap(front, front + chosen);
    }
    order
}

/// The first `size` ids of the draw.
#[must_use]
pub fn sample(seed: &str, ids: &[String], size: usize) -> Vec<String> {
    let mut drawn = draw(seed, ids);
    drawn.truncate(size);
    drawn
}

/// A uniform number below `bound`: numbers from the largest multiple of `bound` on are rejected and drawn again.
fn below(seed: &str, counter: &mut u64, bound: usize) -> usize {
    let Some(bound) = u64::try_from(bound).ok().filter(|bound| *bound > 1) else { return 0 };
    let limit = (1_u128 << 64) / u128::from(bound) * u128::from(bound);
    loop {
        let number = number(seed, *counter);
        *counter += 1;
        if u128::from(number) < limit {
            return usize::try_from(number % bound).unwrap_or(0);
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
