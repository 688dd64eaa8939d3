//! Addresses as people type them.

use label::address::{AddressFault, Addresses};
use proptest::prelude::*;

fn read(typed: &str) -> (Vec<String>, Vec<AddressFault>) {
    let read = Addresses::read(typed);
    (read.usable.iter().map(ToString::to_string).collect(), read.faults)
}

/// What was typed is all understood, as these addresses.
fn as_one(typed: &str, expected: &[&str]) {
    assert_eq!(
        read(typed),
        (expected.iter().map(|one| (*one).to_owned()).collect(), Vec::new()),
        "{typed:?}"
    );
}

/// No address of what was typed is used, for this reason.
fn refused(typed: &str, fault: AddressFault) {
    assert_eq!(read(typed), (Vec::new(), vec![fault]), "{typed:?}");
}

#[test]
fn one_address_with_what_people_leave_around_it() {
    for typed in [
        "jean@mairie.example",
        "  jean@mairie.example\r\n",
        "jean@mairie.example.",
        "jean@mairie.example;",
        "jean@mairie.example ,",
        "jean@MAIRIE.Example",
        "mailto:jean@mairie.example",
        "MAILTO:jean@mairie.example?subject=Label%20SP",
        "<jean@mairie.example>",
        "<mailto:jean@mairie.example>",
        "Jean Dupont <jean@mairie.example>",
        "\"Dupont, Jean\" <jean@mairie.example>",
        "Dupont, Jean <jean@mairie.example>",
        "« Dupont » <jean@mairie.example>",
        "jean@mairie.example <jean@mairie.example>",
        "jean@mairie.example<mailto:jean@mairie.example>",
        "'jean@mairie.example'",
        "\"jean@mairie.example\"",
        "« jean@mairie.example »",
        "(jean@mairie.example)",
        "[jean@mairie.example](mailto:jean@mairie.example)",
        "jean @ mairie.example",
        "jean\u{a0}@mairie.example\u{202f}",
        "jean@mairie.example\u{200b}",
        "\u{feff}jean@mai\u{ad}rie.exa\u{2060}mple",
        "\u{202e}jean@mairie.example\u{202c}",
        "jean＠mairie．example",
        "Courriel : jean@mairie.example",
        "courriel:jean@mairie.example",
        "Mme Jeanne Dupont jean@mairie.example",
        "jean@mairie.example (secrétariat, le matin)",
        "jean@mairie.example, 01 02 03 04 05",
        "jean@mairie.example ; Jean@Mairie.Example",
    ] {
        as_one(typed, &["jean@mairie.example"]);
    }
    as_one("", &[]);
    as_one(" \u{200b}\u{a0}\n", &[]);
    as_one("Jean.DUPONT@Mairie.Example", &["Jean.DUPONT@mairie.example"]);
    as_one("sous\u{2011}prefet@ain.gouv.example", &["sous-prefet@ain.gouv.example"]);
    as_one("l\u{2019}accueil+label@mairie.example", &["l'accueil+label@mairie.example"]);
}

#[test]
fn several_addresses_however_they_are_separated() {
    let two = ["a@un.example", "b@deux.example"];
    for between in [
        ";", "; ", ",", ", ", " ", "\n", "\r\n", "\t", "\u{a0}", " ; ", ",\n", " / ", "/", " ou ", " et ",
        " - ",
    ] {
        as_one(&format!("a@un.example{between}b@deux.example"), &two);
    }
    as_one("A <a@un.example>, \"B, b\" <b@deux.example>;", &two);
    as_one("a@un.example (ou b@deux.example)", &two);
    as_one("<a@un.example> <b@deux.example>", &two);
    as_one("Accueil : a@un.example\nDirection : b@deux.example", &two);
}

#[test]
fn domains_in_punycode_and_accents_before_the_at() {
    as_one("contact@mairie-évry.example", &["contact@xn--mairie-vry-h7a.example"]);
    as_one("contact@MAIRIE-E\u{301}VRY.example", &["contact@xn--mairie-vry-h7a.example"]);
    as_one("contact@xn--mairie-vry-h7a.example", &["contact@xn--mairie-vry-h7a.example"]);
    as_one("contact@préfecture。example", &["contact@xn--prfecture-c4a.example"]);
    as_one("de\u{301}de\u{301}@mairie.example", &["dédé@mairie.example"]);
    assert!(!Addresses::read("dédé@mairie.example").usable[0].is_ascii());
    assert!(Addresses::read("dede@mairie-évry.example").usable[0].is_ascii());
}

#[test]
fn what_could_be_read_in_two_ways_is_not_read() {
    for doubtful in [
        "jean dupont@mairie.example",
        "jean,dupont@mairie.example",
        "jean@mairie.gouv .example",
        "jean@mairie.lyon,example",
    ] {
        refused(doubtful, AddressFault::Doubtful);
    }
    refused("\"jean dupont\"@mairie.example", AddressFault::Malformed);
    assert_eq!(
        read("a@un.example; jean dupont@mairie.example"),
        (vec!["a@un.example".to_owned()], vec![AddressFault::Doubtful])
    );
}

#[test]
fn what_is_no_address_says_why() {
    refused("voir avec la mairie", AddressFault::Absent);
    for malformed in [
        "@mairie.example",
        ".jean@mairie.example",
        "jean.@mairie.example",
        "a..b@mairie.example",
        "jean@dupont@mairie.example",
        "je\u{1f600}an@mairie.example",
        "jean(at)mairie.example@",
    ] {
        let (usable, faults) = read(malformed);
        assert!(usable.is_empty() && !faults.is_empty(), "{malformed}: {usable:?} {faults:?}");
    }
    refused(&format!("{}@mairie.example", "a".repeat(65)), AddressFault::Malformed);
    for domain in [
        "jean@mairie",
        "jean@",
        "jean@mairie..example",
        "jean@-mairie.example",
        "jean@mai_rie.example",
        "jean@10.0.0.1",
        "jean@[10.0.0.1]",
        "jean@mairie.e",
        "jean@xn--a.example",
        "jean@mairie,example",
    ] {
        let (usable, faults) = read(domain);
        assert!(usable.is_empty() && !faults.is_empty(), "{domain}: {usable:?} {faults:?}");
    }
    let many: Vec<String> = (0..20).map(|n| format!("a{n}@mairie.example")).collect();
    let (usable, faults) = read(&many.join(" "));
    assert_eq!((usable.len(), faults), (5, vec![AddressFault::TooMany]));
}

/// What is read of text that looks like addresses, and of any text.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9é.'_-]{0,8}",
        3 => Just("@".to_owned()),
        2 => "[a-zé-]{1,8}\\.[a-z]{1,4}",
        2 => "[ ,;<>\"()/:\n\u{a0}\u{200b}\u{202e}.]{1,3}",
        1 => Just("mailto:".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_read_reads_as_itself(typed in typed()) {
        let (usable, _) = read(&typed);
        for between in [", ", ";", "\n", " "] {
            prop_assert_eq!(read(&usable.join(between)), (usable.clone(), Vec::new()));
        }
    }

    #[test]
    fn an_address_read_adds_no_header_and_no_other_reader(typed in typed()) {
        for address in read(&typed).0 {
            prop_assert_eq!(address.matches('@').count(), 1);
            let plain = address.chars().all(|c| c.is_ascii_graphic() || (!c.is_ascii() && c.is_alphanumeric()));
            prop_assert!(plain && !address.contains([',', ';', '<', '>', '"', '(', ')', ':', '\\']), "{}", address);
            prop_assert!(address.split_once('@').is_some_and(|(_, domain)| domain.is_ascii()));
        }
    }
}
