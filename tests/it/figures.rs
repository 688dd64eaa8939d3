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
        lines += page.matches("<tr role=\"row\"").count() - page.matches("<thead role=\"rowgroup\"").count();
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
    for page in [
        "/statistiques/details",
        "/statistiques/details?annee=2028",
        "/statistiques/details?type=local_rattache",
    ] {
        let (_, text) = pages.get(page).await;
        let found = figures(&text, "/statistiques/dossiers");
        assert!(found.len() > 5, "{page}: {text}");
        for (address, figure) in found {
            assert_eq!(lines(&pages, &address).await, figure, "{address} on {page}");
            facts.insert(address.split("fait=").nth(1).unwrap().split('&').next().unwrap().to_owned());
        }
    }
    let all = [
        "candidatures",
        "audits",
        "labellises",
        "plans_a_temps",
        "rapports_a_temps",
        "etape",
        "delai_tenu",
        "limite",
        "enquete",
    ];
    for fact in all {
        assert!(facts.contains(fact), "{fact} in {facts:?}");
    }
    let (_, text) = pages.get("/statistiques").await;
    assert!(figures(&text, "/labels").len() > 4, "{text}");
    // What refused 3001 lacked, and how long its report took, as its own page says them.
    let list = async |of: &str| pages.get(&format!("/statistiques/dossiers.csv?{of}")).await.1;
    for criterion in ["engagement-3", "usagers"] {
        let refused = list(&format!("fait=limite&mot={criterion}")).await;
        assert!(refused.lines().count() == 2 && refused.contains(",3001,"), "{criterion}: {refused}");
    }
    assert_eq!(list("fait=limite&mot=engagement-1").await.lines().count(), 1);
    let low = list("fait=enquete&mot=usagers~60").await;
    assert!(low.contains(",3001,") && !list("fait=enquete&mot=usagers~70").await.contains(",3001,"), "{low}");
    let (reported, kept) = (list("fait=etape&mot=rapport").await, list("fait=delai_tenu&mot=O-08").await);
    assert!(reported.contains(",3001,") && kept.contains(",3001,"), "{reported}\n{kept}");
    the_year(&pages).await;
    the_network(&pages).await;
    for (bad, status) in [
        ("/statistiques/dossiers", 404),
        ("/statistiques/dossiers?fait=pigeons", 404),
        ("/statistiques/dossiers?fait=audits&annee=2028-13", 404),
        ("/statistiques/dossiers?fait=audits&au=demain", 400),
        ("/statistiques/dossiers?fait=limite", 404),
        ("/statistiques/dossiers?fait=audits&mot=usagers", 404),
        ("/statistiques/dossiers?fait=enquete&mot=usagers~x", 404),
    ] {
        assert_eq!(pages.get(bad).await.0, status, "{bad}");
    }
}

/// The drawing of a year, its table, its lists and its file say the same.
async fn the_year(pages: &Pages) {
    let (_, text) = pages.get("/annee?annee=2028").await;
    assert!(text.contains("<svg role=\"img\"") && text.contains("Fenêtres de suivi ouvertes"), "{text}");
    let found: Vec<_> =
        figures(&text, "/annee").into_iter().filter(|(address, _)| address.contains("quoi=")).collect();
    let of = |part: &str| {
        found.iter().filter(|(address, _)| address.contains(part)).map(|(_, count)| count).sum::<usize>()
    };
    assert!(of("quoi=audits") > 3 && of("quoi=fenetres") > 3, "{found:?}");
    for (address, figure) in &found {
        assert_eq!(lines(pages, address).await, *figure, "{address}");
    }
    let (_, file) = pages.get("/annee.csv?annee=2028").await;
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(file.as_bytes()).records().map(Result::unwrap).collect();
    let written = |part: &str| rows.iter().filter(|row| &row[0] == part).count();
    assert_eq!((written("audits"), written("fins")), (of("quoi=audits"), of("quoi=fins")));
    // The end of a label is its last day, in the words of its own page.
    let (_, far) = pages.get("/annee.csv?annee=2031").await;
    let end = far.lines().find(|line| line.starts_with("fins,")).unwrap_or_else(|| panic!("{far}"));
    let (day, dossier) = (end.split(',').nth(3).unwrap(), end.split(',').rev().nth(1).unwrap());
    let last = label::wording::date_full(day.parse().unwrap());
    assert!(pages.get(&format!("/dossiers/{dossier}")).await.1.contains(&last), "{end}: {last}");
    // The month has the names, and says how many more there are.
    let (_, month) = pages.get("/echeances?mois=2030-03").await;
    assert!(month.contains("<ul class=\"names\">"), "{month}");
    // Narrowed to a type: the same in its squares, its list and its file.
    let file = async |of: &str| pages.get(&format!("/echeances.csv?mois=2030-10{of}")).await.1;
    let (whole, locals) = (file("").await, file("&type=local_rattache").await);
    let others = [file("&type=local_independant").await, file("&type=central").await];
    assert!(locals.contains("antenne") && others.iter().all(|other| !other.contains("antenne")), "{locals}");
    let rows = |file: &str| file.lines().count() - 1;
    assert_eq!(rows(&whole), rows(&locals) + others.iter().map(|other| rows(other)).sum::<usize>());
    let (_, few) = pages.get("/echeances?mois=2030-10&type=local_rattache").await;
    assert_eq!(few.matches("<th scope=\"row\"><a").count(), rows(&locals), "{few}");
    assert!(plain(&few).contains("type=local_rattache&mois=2030-11"), "{few}");
}

/// The map of a network, its table and its file count the same locals.
async fn the_network(pages: &Pages) {
    let (_, board) = pages.get("/cas/6001").await;
    let map = board.split("id=\"carte\"").nth(1).unwrap().split("Le tirage au sort").next().unwrap();
    let circles = map.matches("<circle").count();
    let numbers = map.split("<td class=\"number\">").skip(1).map(|cell| cell.split('<').next().unwrap());
    let counted: usize = numbers.map(|number| number.parse::<usize>().unwrap()).sum();
    let (_, file) = pages.get("/cas/6001/reseau.csv").await;
    let held = file.lines().filter(|line| line.contains(",oui,")).count();
    assert!(circles > 0 && counted == held && held > 2, "{circles}, {counted}, {held}: {map}");
    assert_eq!(pages.get("/cas/1001/reseau.csv").await.0, 404, "a local has no network");
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
