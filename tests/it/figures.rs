//! Every figure of the statistics leads to a list with as many lines.

use vigie::daemon::Hours;

use crate::bench::Bench;
use crate::store::postgres;
use crate::web::Pages;

/// The addresses of a page under `path`, each with the figure that it is written on.
fn figures(page: &str, path: &str) -> Vec<(String, usize)> {
    let page = plain(page);
    let before = format!("<a href=\"{path}?");
    let links = page.split(before.as_str()).skip(1);
    let figure = |rest: &str| {
        let (query, rest) = rest.split_once("\">")?;
        let number = rest.split('<').next()?.parse().ok()?;
        Some((format!("{path}?{}", query.replace("&amp;", "&").replace("&#x2f;", "/")), number))
    };
    links.filter_map(figure).collect()
}

/// Without the escapes of addresses.
fn plain(page: &str) -> String {
    page.replace("&amp;", "&").replace("&#x2f;", "/")
}

/// The lines of a list, over all its pages.
async fn lines(pages: &Pages, first: &str) -> usize {
    let (mut lines, mut next) = (0, Some(first.to_owned()));
    while let Some(address) = next {
        let (status, page) = pages.get(&address).await;
        let page = plain(&page);
        assert_eq!(status, 200, "{address}: {page}");
        lines += page.matches("<tr role=\"row\"").count() - page.matches("<thead").count();
        let more = page.split("\">Page suivante").next().filter(|_| page.contains("\">Page suivante"));
        next = more.and_then(|before| {
            Some(before.rsplit_once("href=\"")?.1.replace("&amp;", "&").replace("&#x2f;", "/"))
        });
    }
    lines
}

async fn each_figure_leads_to_its_list(url: &str) {
    let bench = Bench::stored("trois-ans", 0, url).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let year = bench.daemon.book.today().year() - 1;
    let mut facts = std::collections::BTreeSet::new();
    for page in [
        "/statistiques".to_owned(),
        format!("/statistiques?annee={year}"),
        "/statistiques?au=2028-06-01".to_owned(),
    ] {
        let (_, text) = pages.get(&page).await;
        let found = figures(&text, "/statistiques/dossiers");
        assert!(found.len() > 5, "{page}: {text}");
        for (address, figure) in found {
            assert_eq!(lines(&pages, &address).await, figure, "{address} on {page}");
            let (_, file) = pages.get(&address.replacen("/dossiers?", "/dossiers.csv?", 1)).await;
            assert_eq!(csv::Reader::from_reader(file.as_bytes()).records().count(), figure, "{address}");
            facts.insert(address.split("fait=").nth(1).unwrap().split('&').next().unwrap().to_owned());
        }
        let held = figures(&text, "/labels");
        assert_eq!(held.is_empty(), page.contains("au="), "labels of another day have no list: {page}");
        for (address, figure) in held {
            assert_eq!(lines(&pages, &address).await, figure, "{address} on {page}");
        }
    }
    for fact in ["candidatures", "audits", "labellises", "plans_a_temps", "rapports_a_temps"] {
        assert!(facts.contains(fact), "{fact} in {facts:?}");
    }
    let (_, text) = pages.get("/statistiques").await;
    assert!(figures(&text, "/labels").len() > 4, "{text}");
    for (bad, status) in [
        ("/statistiques/dossiers", 404),
        ("/statistiques/dossiers?fait=pigeons", 404),
        ("/statistiques/dossiers?fait=audits&annee=2028-13", 404),
        ("/statistiques/dossiers?fait=audits&au=demain", 400),
    ] {
        assert_eq!(pages.get(bad).await.0, status, "{bad}");
    }
}

#[tokio::test]
async fn each_figure_leads_to_its_list_on_sqlite() {
    each_figure_leads_to_its_list("sqlite::memory:").await;
}

#[tokio::test]
async fn each_figure_leads_to_its_list_on_postgresql() {
    let Some(base) = postgres().await else { return };
    each_figure_leads_to_its_list(&base.url).await;
    base.drop().await;
}
