//! The keys of mails: existing ledgers hold their text, so that each is read back to the letter.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use label::case::Decision;
use label::guide::surveys::SurveyKind;
use label::judge::agenda::{Obligation, Role, StageName};
use label::outgoing::{MailCode, MailKey};

fn code() -> impl Strategy<Value = MailCode> {
    prop_oneof![
        (prop::sample::select(Obligation::ALL), any::<u8>())
            .prop_map(|(obligation, occurrence)| MailCode::Deadline { obligation, occurrence }),
        prop::sample::select(Decision::ALL.map(|(decision, _)| decision).to_vec())
            .prop_map(MailCode::Decision),
        prop::sample::select(SurveyKind::ALL.to_vec()).prop_map(MailCode::Survey),
        prop::sample::select(vec![
            MailCode::Deposit,
            MailCode::Timetable,
            MailCode::Stale,
            MailCode::Address,
            MailCode::DateGone,
            MailCode::DateBack
        ]),
    ]
}

fn stage() -> impl Strategy<Value = StageName> {
    let plain = prop::sample::select(vec![
        StageName::Day,
        StageName::Month,
        StageName::Request,
        StageName::Strict,
        StageName::Reception,
        StageName::Start,
        StageName::Opening,
        StageName::Theory,
        StageName::End,
        StageName::Notice,
        StageName::Answers,
        StageName::Stale,
    ]);
    let numbered: [fn(u32) -> StageName; 12] = [
        StageName::Before,
        StageName::After,
        StageName::Overdue,
        StageName::BeforeMonth,
        StageName::MonthsAfter,
        StageName::BeforeVisit,
        StageName::BeforeOpening,
        StageName::BeforeTheory,
        StageName::MonthsBeforeTheory,
        StageName::BeforeClosing,
        StageName::AfterClosing,
        StageName::BeforeEnd,
    ];
    let numbered =
        (prop::sample::select(numbered.to_vec()), any::<u32>()).prop_map(|(name, number)| name(number));
    prop_oneof![plain, numbered]
}

prop_compose! {
    fn key()(
        dossier in any::<i64>(),
        code in code(),
        offset in 0_i64..20_000,
        stage in stage(),
        role in prop::sample::select(Role::ALL.to_vec()),
    ) -> MailKey {
        let first: Date = date(2000, 1, 1);
        let day = first.saturating_add(jiff::Span::new().days(offset));
        MailKey { dossier, code, day, stage, role }
    }
}

proptest! {
    #[test]
    fn a_key_is_read_back_as_it_is_written(key in key()) {
        prop_assert_eq!(key.to_string().parse(), Ok(key));
    }
}

/// Every text that has the five parts of a key, among the ledgers of earlier versions and what tests wrote down.
#[test]
fn the_keys_of_earlier_ledgers_are_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = std::collections::BTreeSet::new();
    for folder in ["../../tests/it/upgrades", "../../tests/it/lives", "tests/it/snapshots"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Some("sql" | "txt" | "snap") = path.extension().and_then(|end| end.to_str()) else {
                continue;
            };
            let text = std::fs::read_to_string(path).unwrap();
            let words = text.split(|c: char| c.is_whitespace() || "'\"«»,;()".contains(c));
            let shaped = |word: &&str| {
                let parts: Vec<&str> = word.split('/').collect();
                parts.len() == 5 && (parts[1].starts_with("O-") || parts[1].starts_with("N-"))
            };
            found.extend(words.filter(shaped).map(str::to_owned));
        }
    }
    assert!(found.len() >= 3, "the upgrades hold keys: {found:?}");
    for text in &found {
        let key: MailKey = text.parse().unwrap();
        assert_eq!(&key.to_string(), text);
    }
}
