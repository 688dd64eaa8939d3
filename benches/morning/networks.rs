//! What judging takes when many dossiers belong together: one service that deposited many, a central with many locals.

use super::{Spent, seconds};
use crate::bench::Bench;
use crate::population::Population;
use crate::table::{Cell, Column};

/// A family, and one four times as large: what it takes grows as it does.
const FAMILIES: [i64; 2] = [50, 200];
const LOCALS: i64 = 300;

pub async fn measured(population: &Population) -> Vec<Cell> {
    let mut taken = Vec::new();
    for dossiers in FAMILIES {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("v.db").display());
        let bench = population.family(&url, dossiers).await;
        taken.push(judged(&bench, &format!("famille de {dossiers} dossiers")).await);
    }
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    let bench = population.network(&url, LOCALS).await;
    let network = judged(&bench, &format!("service central et {LOCALS} locaux")).await;
    let (small, large) = (taken[0].max(0.01), taken[1]);
    let [few, many] = FAMILIES;
    let cell = |what: String, value, budget| Cell { what, column: Column::Sqlite, value, budget };
    vec![
        cell(
            format!("famille de {many} dossiers jugée, rapport à une famille de {few}"),
            format!("{} ({:.1} ×)", seconds(large), large / small).replace('.', ","),
            "linéaire : 4 ×",
        ),
        cell(format!("service central et {LOCALS} locaux, jugés et enregistrés"), seconds(network), ""),
    ]
}

/// Processor, in seconds, of judging all that is to be judged, twice: once written, once the same.
async fn judged(bench: &Bench, what: &str) -> f64 {
    let spent = Spent::begin();
    let first = bench.daemon.judge().await.unwrap();
    assert!(first.failures.is_empty() && first.judged > 0, "{first:?}");
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    bench.daemon.judge().await.unwrap();
    spent.tell(what, first.judged).0
}
