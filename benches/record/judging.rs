//! The processor of judging with and without the record, within one process: the whole pass, and what the record adds to
//! it by itself.

use label::case::Case;
use label::guide::choices::{Choices, SurveyAveraging};
use label::judge::{Review, review};
use label::wording::statement::Statement;
use vigie::record::content::Draft;
use vigie::record::judged::{self, Drafted};
use vigie::record::rules::{Opening, Rules};
use vigie::store::record::ContentKind;

use crate::bench::Bench;
use crate::processor::processor;

/// Times that each measure is repeated: the kernel counts in hundredths of a second.
const TIMES: u32 = 100;

/// Every case as it is judged today.
async fn cases(bench: &Bench) -> Vec<(Case, Review)> {
    let (book, today) = (&bench.daemon.book, bench.daemon.book.today());
    let frame = book.frame().await.unwrap();
    bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for number in bench.daemon.store.judgements().to_judge(0, 10_000).await.unwrap() {
        for case in book.cases_around(number).await.unwrap().cases {
            if cases.iter().all(|known| known.id != case.id) {
                cases.push(case);
            }
        }
    }
    cases
        .into_iter()
        .map(|case| (review(&case, today, &frame), case))
        .map(|(review, case)| (case, review))
        .collect()
}

pub async fn tell(mut bench: Bench) {
    // What follows nothing: the record of today.
    bench.daemon.judge().await.unwrap();
    let cases = cases(&bench).await;
    let count = u32::try_from(cases.len()).unwrap();
    let same = whole(&mut bench, |_, _| {}).await;
    let frame = bench.daemon.book.frame().await.unwrap();
    let rules = Opening::of(&bench.daemon.store.record(), &frame).await.unwrap().rules();
    let alone = alone(&bench, &cases, &rules).await;
    println!("{count} cas, {TIMES} fois ; millisecondes de processeur par cas");
    print("rien ne diffère : passe de jugement", same, count);
    print("rien ne diffère : part du dossier de preuve", alone, count);
    println!("rien ne diffère : +{:.1} %", 100.0 * alone / (same - alone));
    parts(&bench, &cases).await;
    // Other readings, though no word of the statement changes: every entry differs.
    let differ = whole(&mut bench, |bench, time| {
        let averaging = if time % 2 == 0 { SurveyAveraging::Pooled } else { Choices::default().averaging };
        bench.daemon.book.choices = Choices { averaging, ..Choices::default() };
    })
    .await;
    print("tout diffère : passe de jugement", differ, count);
    println!("tout diffère : +{:.1} %", 100.0 * (differ - (same - alone)) / (same - alone));
}

fn print(what: &str, seconds: f64, cases: u32) {
    println!("{what} : {:.2} ms", 1000.0 * seconds / f64::from(cases));
}

/// Seconds of judging every case once.
async fn whole(bench: &mut Bench, change: impl Fn(&mut Bench, u32)) -> f64 {
    let mut spent = 0.0;
    for time in 0..TIMES {
        change(bench, time);
        bench.daemon.store.judgements().mark_all_to_judge().await.unwrap();
        let began = processor();
        let report = bench.daemon.judge().await.unwrap();
        spent += processor() - began;
        assert!(report.judged > 0, "nothing was judged");
    }
    spent / f64::from(TIMES)
}

/// Seconds of what the record adds to it when nothing differs.
async fn alone(bench: &Bench, cases: &[(Case, Review)], rules: &Rules) -> f64 {
    let record = bench.daemon.store.record();
    let began = processor();
    for _ in 0..TIMES {
        for (case, review) in cases {
            let last = record.last_judgement(case.id).await.unwrap();
            let drafted = Drafted::of(case, review, rules).unwrap();
            let recorded = judged::judgement(&record, (case, review), drafted, last.as_ref()).await.unwrap();
            assert!(recorded.is_none(), "the record does not hold what was judged");
        }
    }
    (processor() - began) / f64::from(TIMES)
}

/// Of what it is made.
async fn parts(bench: &Bench, cases: &[(Case, Review)]) {
    let record = bench.daemon.store.record();
    let count = u32::try_from(cases.len()).unwrap();
    let tell = |what: &str, began: f64| print(what, (processor() - began) / f64::from(TIMES), count);
    let began = processor();
    for (case, _) in std::iter::repeat_n(cases, TIMES as usize).flatten() {
        for facts in &case.dossiers {
            Draft::of(&judged::as_recorded(facts), ContentKind::Facts, None).unwrap();
        }
    }
    tell("  faits", began);
    let began = processor();
    for (case, _) in std::iter::repeat_n(cases, TIMES as usize).flatten() {
        Draft::of(case, ContentKind::Case, None).unwrap();
    }
    tell("  entourage", began);
    let began = processor();
    for (case, review) in std::iter::repeat_n(cases, TIMES as usize).flatten() {
        std::hint::black_box(Statement::of(case, review));
    }
    tell("  phrases", began);
    let statements: Vec<Statement> = cases.iter().map(|(case, review)| Statement::of(case, review)).collect();
    let began = processor();
    for statement in std::iter::repeat_n(&statements, TIMES as usize).flatten() {
        Draft::of(statement, ContentKind::Statement, None).unwrap();
    }
    tell("  condensé des phrases", began);
    let began = processor();
    for (case, _) in std::iter::repeat_n(cases, TIMES as usize).flatten() {
        record.last_judgement(case.id).await.unwrap();
    }
    tell("  dernière entrée", began);
}
