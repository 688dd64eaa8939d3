//! The draw on a page: that of `docs/tirage.md`, with its proof, whatever the order of the list.

use crate::bench::Bench;
use crate::web::Pages;

fn address(seed: &str, list: &str, size: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("graine", seed).append_pair("liste", list).append_pair("nombre", size);
    format!("/tirage?{}", query.finish())
}

/// The drawn ids, in order.
fn drawn(page: &str) -> Vec<String> {
    let list = page.split("<ol>").nth(1).and_then(|rest| rest.split("</ol>").next()).unwrap_or_default();
    list.split("<li>").skip(1).filter_map(|item| item.split("</li>").next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_page_does_the_draw_of_the_documents_and_shows_each_step() {
    let bench = Bench::after("petit", 0).await;
    let pages = Pages::over(&bench, None).await;
    let ids: Vec<String> = (1..=10).map(|n| format!("local-{n:02}")).collect();
    let page = pages.get(&address("label-2027", &ids.join("\r\n"), "")).await.1;
    assert_eq!(drawn(&page), ["local-02", "local-03", "local-01", "local-08"]);
    // The table of docs/tirage.md.
    for number in ["16779085993401737911", "5819795695178771941", "5737459243665547359"] {
        assert!(page.contains(&format!("<td>{number}</td>")), "{number}");
    }
    let print = |page: &str| page.split("class=\"print\">").nth(1).unwrap()[..64].to_owned();
    let mut other: Vec<String> = ids.iter().rev().cloned().collect();
    other.extend(ids[2..5].to_vec());
    let again = pages.get(&address("label-2027", &other.join("\n\n  "), "4")).await.1;
    assert_eq!((drawn(&again), print(&again)), (drawn(&page), print(&page)));
    let all = pages.get(&address("label-2027", &ids.join("\n"), "10")).await.1;
    assert_eq!(drawn(&all).len(), 10);
}

#[tokio::test]
async fn what_cannot_be_drawn_is_said() {
    let bench = Bench::after("petit", 0).await;
    let pages = Pages::over(&bench, None).await;
    let many: Vec<String> = (0..1001).map(|n| n.to_string()).collect();
    for (seed, list, size, said) in [
        ("", "a", "", "Il manque la graine"),
        ("x", " ", "", "Il manque la liste"),
        ("x", "a\nb", "3", "va de 1 à 2"),
        ("x", "a\nb", "0", "va de 1 à 2"),
        ("x", "a\nb", "deux", "va de 1 à 2"),
        ("x", many.join("\n").as_str(), "", "plus de 1000"),
        ("x", "é".repeat(201).as_str(), "", "200 caractères"),
    ] {
        let (status, page) = pages.get(&address(seed, list, size)).await;
        assert_eq!(status, 200, "{said}");
        assert!(page.contains(said) && drawn(&page).is_empty(), "{said}");
    }
    let (_, page) = pages.get("/tirage").await;
    assert!(!page.contains("Il manque"), "nothing was asked yet");
    let (_, page) = pages.get(&address("<b>", "<script>alert(1)</script>", "")).await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "{page}");
}
