//! A service that went from one body to another with its last dossier: each finds what is its own by every filter.

use super::{BOREAL, CAP, PEOPLE, Shared};

fn encoded(word: &str) -> String {
    url::form_urlencoded::byte_serialize(word.as_bytes()).collect()
}

impl Shared {
    /// All lines of a list of the API.
    async fn lines(&self, who: &str, path: &str) -> Vec<serde_json::Value> {
        let (mut lines, mut next) = (Vec::new(), String::new());
        loop {
            let (status, text) = self.get(who, &format!("{path}{next}")).await;
            assert_eq!(status, 200, "{path}: {text}");
            let page: serde_json::Value = serde_json::from_str(&text).unwrap();
            lines.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(place) => next = format!("&after={}", encoded(place)),
                None => return lines,
            }
        }
    }
}

#[tokio::test]
async fn another_bodys_name_in_a_filter_finds_nothing() {
    let shared = Shared::after_three_years().await;
    for list in ["services", "cases", "findings", "deadlines"] {
        for (who, own, other) in [(PEOPLE[0], BOREAL, CAP), (PEOPLE[1], CAP, BOREAL)] {
            let path = |word: &str| format!("/api/v1/{list}?limit=50&organisme={}", encoded(word));
            let all = shared.lines(who, &format!("/api/v1/{list}?limit=50")).await;
            assert!(!all.is_empty(), "{list} of {own}");
            assert_eq!(shared.lines(who, &path(own)).await, all, "{list} of {own}, named");
            for word in [other, "Zorglub"] {
                let found = shared.lines(who, &path(word)).await;
                assert!(found.is_empty(), "{list} of {own}, asked for {word}: {found:?}");
            }
        }
        let asked = format!("/api/v1/{list}?limit=50&organisme={}", encoded(CAP));
        let named = shared.lines(PEOPLE[2], &asked).await;
        assert!(!named.is_empty() && named.iter().all(|line| line["organisme"] == CAP), "DITP: {list}");
    }
}
