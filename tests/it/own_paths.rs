//! Addresses to return to: whatever is asked for, a browser stays on our host.

use proptest::prelude::*;
use url::Url;
use vigie::web::OwnPath;

const HERE: &str = "https://vigie.example/connexion/retour?code=1";

fn accepted(text: &str) -> Option<String> {
    OwnPath::parse(text).map(|path| path.as_str().to_owned())
}

#[test]
fn addresses_of_our_pages_are_kept_as_they_are() {
    for own in [
        "/",
        "/registre?liste=termines",
        "/cas/4244#echeances",
        "/?texte=100%25%20%C3%A9&vue=ensuite",
        "/journal?depuis=//hier",
        "/labels?retour=https://ailleurs.example/",
        "/cas/4244/",
    ] {
        assert_eq!(accepted(own).as_deref(), Some(own));
    }
    assert_eq!(accepted("/?texte=é à").as_deref(), Some("/?texte=%C3%A9%20%C3%A0"));
}

#[test]
fn what_could_be_read_as_another_place_is_refused() {
    for elsewhere in [
        "",
        "registre",
        "?texte=x",
        "https://x.example",
        "javascript:1",
        "//x.example",
        "///x.example",
        "/\t/x.example",
        "\t//x.example",
        "/\n/x.example",
        "/\r\n/x.example",
        "/registre\r\nset-cookie: a=b",
        "/\\x.example",
        "\\\\x.example",
        "/%09/x.example",
        "/%5Cx.example",
        "/%5c%5cx.example",
        "/%2Fx.example",
        "/%252Fx.example",
        "/%25252525255Cx.example",
        "/.//x.example",
        "/..//x.example",
        "/%2e//x.example",
        "/registre/..//x.example",
        "/registre//x.example",
        "/registre/%2e%2e/%2fx.example",
        "/\u{0}/x.example",
        "/\u{85}/x.example",
        "/%FF",
        "/registre%2f. ",
        "/%2525252525252525252525252525252525252Fx.example",
    ] {
        assert_eq!(accepted(elsewhere), None, "{elsewhere:?}");
    }
    assert_eq!(accepted(&format!("/?texte={}", "x".repeat(2000))), None);
}

#[test]
fn of_a_referrer_the_path_alone_is_kept() {
    let path = |address: &str| OwnPath::of_address(address).map(|path| path.as_str().to_owned());
    assert_eq!(path("http://127.0.0.1:8080/cas/1001?x=1").as_deref(), Some("/cas/1001?x=1"));
    assert_eq!(path("https://ailleurs.example//x.example"), None);
    assert_eq!(path("data:text/html,//x.example"), None);
    assert_eq!(path("/cas/1001"), None);
}

/// Pieces that browsers, proxies and parsers read differently.
fn piece() -> impl Strategy<Value = String> {
    let known = [
        "/",
        "//",
        "\\",
        "%2f",
        "%5C",
        "%252F",
        "%25",
        "\t",
        "\n",
        "\r",
        "%09",
        "%0a",
        " ",
        ".",
        "..",
        "%2e",
        "@",
        ":",
        "?",
        "#",
        "x.example",
        "https:",
        "é",
        "\u{2028}",
        "\u{FF0F}",
        "\u{0}",
        "cas",
        ";",
        "[",
        "]",
    ];
    prop_oneof![4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn whatever_is_accepted_stays_on_our_host(pieces in proptest::collection::vec(piece(), 0..8)) {
        let text = format!("/{}", pieces.concat());
        if let Some(path) = accepted(&text) {
            let here = Url::parse(HERE).unwrap();
            let (mut layer, mut layers) = (path.clone(), 0);
            while layers < 5 {
                let seen = here.join(&layer).unwrap();
                // What a query holds is never a path, however often it is decoded.
                prop_assert_eq!(seen.origin(), here.origin(), "{} by {:?}", layer, text);
                prop_assert!(!seen.path().starts_with("//"), "{} by {:?}", layer, text);
                let (own, rest) = layer.split_at(layer.find(['?', '#']).unwrap_or(layer.len()));
                let decoded = percent_encoding::percent_decode_str(own).decode_utf8().unwrap();
                layer = format!("{decoded}{rest}");
                layers += 1;
            }
            prop_assert!(path.is_ascii() && !path.contains(|c: char| c.is_control()), "{path:?}");
            prop_assert_eq!(accepted(&path), Some(path), "twice is as once");
        }
    }

    #[test]
    fn each_address_that_our_pages_make_is_accepted(
        segments in proptest::collection::vec("[a-z0-9.]{1,8}é?", 0..4),
        words in proptest::collection::vec(("[a-z]{1,6}", "\\PC{0,12}"), 0..4),
    ) {
        let mut address = Url::parse("https://vigie.example/").unwrap();
        let segments = segments.iter().filter(|segment| !segment.chars().all(|c| c == '.'));
        address.path_segments_mut().unwrap().pop_if_empty().extend(segments);
        address.query_pairs_mut().extend_pairs(words);
        let own = &address[url::Position::BeforePath..];
        prop_assert_eq!(accepted(own), Some(own.to_owned()));
    }
}
