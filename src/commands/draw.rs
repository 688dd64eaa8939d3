//! `vigie draw`: a random draw that anyone can redo from what it prints (`docs/tirage.md`).

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{CommandOutcome, say};
use crate::clock::Clock;
use crate::config::ConfigError;
use label::guide::draw::draw;
use label::guide::score::ceil_sqrt;

/// Largest list accepted. The largest networks have a few thousand local services.
const MAX_LOCALS: u64 = 100_000;

/// The list to draw from.
#[derive(Clone, Debug)]
pub enum Pool {
    /// One identifier a line.
    File(PathBuf),
    /// 1 to n.
    Count(u64),
}

/// # Errors
/// When the list cannot be read or is empty.
pub fn draw_sample(pool: &Pool, seed: Option<String>, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let ids = match pool {
        Pool::File(path) => listed(path)?,
        Pool::Count(n @ 1..=MAX_LOCALS) => (1..=*n).map(|n| n.to_string()).collect(),
        Pool::Count(_) => {
            return Err(ConfigError::new("--n", format!("expected 1 to {MAX_LOCALS} local services")).into());
        }
    };
    // Without a given seed, the present instant is used: it cannot be known in advance.
    let seed = seed.unwrap_or_else(|| Clock::System.now().to_string());
    let drawn = draw(&seed, &ids);
    let size = ceil_sqrt(u64::try_from(drawn.len()).unwrap_or(u64::MAX));
    say(out, &format!("Tirage au sort de {size} service(s) local(aux) au moins parmi {}.", drawn.len()));
    say(out, &format!("Graine : {seed}"));
    say(out, "Refaire ce tirage : la même graine et la même liste ; la méthode est dans docs/tirage.md.");
    for (rank, id) in (1..=size).zip(&drawn) {
        say(out, &format!("{rank:>4}  {id}"));
    }
    say(out, "Suppléants, dans l’ordre, si l’un des tirés ne peut être audité :");
    for (rank, id) in (1_u64..).zip(&drawn).skip_while(|(rank, _)| *rank <= size) {
        say(out, &format!("{rank:>4}  {id}"));
    }
    Ok(CommandOutcome::Done)
}

fn listed(path: &Path) -> Result<Vec<String>, ConfigError> {
    let place = || path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::new(place(), format!("cannot be read ({error})")))?;
    let ids: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if ids.is_empty() {
        return Err(ConfigError::new(place(), "holds no identifier; expected one a line"));
    }
    Ok(ids)
}
