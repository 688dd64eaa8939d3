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

#[tokio::test]
async fn each_body_finds_its_own_dossiers_of_a_service_that_left_it() {
    let shared = Shared::after_three_years().await;
    let store = &shared.bench.daemon.store;
    let all: Vec<i64> = shared.cases.keys().copied().collect();
    let rows = store.found().found_of(&all).await.unwrap();
    // Every finding, for the people of a body, for its tokens' filter, and for DITP that asks for one body.
    for (who, own) in [(PEOPLE[0], BOREAL), (PEOPLE[1], CAP), (PEOPLE[2], BOREAL), (PEOPLE[2], CAP)] {
        let path = format!("/api/v1/findings?limit=50&organisme={}", encoded(own));
        let key = |line: &serde_json::Value| {
            (line["dossier"].as_i64().unwrap(), line["id"].as_str().unwrap().to_owned())
        };
        let mut found: Vec<(i64, String)> = shared.lines(who, &path).await.iter().map(key).collect();
        let of_row = |row: &vigie::store::found::FoundRow| {
            let dossier = row.dossier;
            row.found.iter().map(move |one| (dossier, one.id.clone())).collect::<Vec<_>>()
        };
        let own_rows = rows.iter().filter(|row| row.organisme == own);
        let mut expected: Vec<(i64, String)> = own_rows.flat_map(of_row).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{who} of {own}");
        for rule in ["R-3.2-a", "DN"] {
            let path = format!("{path}&constat={rule}");
            let lines = shared.lines(who, &path).await;
            assert!(lines.iter().all(|line| line["organisme"] == own), "{lines:?}");
        }
    }
    let mut both = 0;
    for (id, (name, dossiers)) in &shared.cases {
        let latest = *dossiers.last_key_value().unwrap().1;
        for (who, own, other) in [(PEOPLE[0], BOREAL, CAP), (PEOPLE[1], CAP, BOREAL)] {
            let mine = |body: &&str| *body == own;
            let any = dossiers.values().any(mine);
            both += usize::from(any && latest != own);
            let texts = [name.clone()].into_iter().chain(dossiers.keys().map(i64::to_string));
            for text in texts {
                let theirs = match text.parse::<i64>() {
                    Ok(number) => dossiers[&number] == own,
                    Err(_) => any,
                };
                let typed = encoded(&text);
                for list in ["services", "cases"] {
                    let lines = shared.lines(who, &format!("/api/v1/{list}?texte={typed}")).await;
                    let line = lines.iter().find(|line| line["cas"] == *id);
                    assert_eq!(line.is_some(), theirs, "{text} in {list} for {own}");
                    let Some(line) = line else { continue };
                    let dossier = line["dossier"].as_i64().unwrap();
                    assert_eq!(dossiers[&dossier], own, "{line}");
                    assert_eq!(line["etape"].is_null(), latest != own, "{line}");
                    assert!(line["organisme"] == own && !line.to_string().contains(other), "{line}");
                }
                let (status, page) = shared.get(who, &format!("/services?texte={typed}")).await;
                assert_eq!(status, 200);
                let known =
                    super::says(&page, name) && (page.contains("/cas/") || page.contains("&#x2f;cas&#x2f;"));
                assert!(!theirs || known, "{text} is not found by {own}: {page}");
                let (_, file) = shared.get(who, &format!("/services.csv?texte={typed}")).await;
                let rows: Vec<&str> = file.lines().skip(1).filter(|row| super::says(row, name)).collect();
                assert!(theirs != rows.is_empty() && !file.contains(other), "{text} for {own}: {file}");
                let foreign = dossiers.iter().filter(|(_, body)| **body != own);
                for (number, _) in foreign {
                    assert!(rows.iter().all(|row| !super::says(row, &number.to_string())), "{file}");
                }
            }
            // What is due, by the number of the dossier: its own lines alone, under its own name.
            for (number, body) in dossiers {
                let lines = shared.lines(who, &format!("/api/v1/deadlines?texte={number}")).await;
                assert!(lines.iter().all(|line| line["organisme"] == own), "{lines:?}");
                assert!(*body == own || lines.iter().all(|line| line["dossier"] != *number), "{lines:?}");
            }
        }
    }
    assert!(both > 0, "no service has left a body");
}
