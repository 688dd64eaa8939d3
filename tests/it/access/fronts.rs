//! Behind a proxy: under a path, under other names, and what a proxy must not open.

use vigie::daemon::Hours;
use vigie::web::access::hosts::Hosts;
use vigie::web::access::{Access, Door, SignInDoor};
use vigie::web::{AppState, metrics_router, router};

use super::client;
use super::fake::{Fake, Signer};
use super::sign_in::Browser;
use crate::bench::Bench;

fn app(bench: &Bench, access: Access) -> AppState {
    let daemon = &bench.daemon;
    let root = access.hosts.root().to_owned();
    let app =
        AppState::new(daemon.store.clone(), daemon.book.clone(), "demarche/1".to_owned(), None).unwrap();
    app.under(&root).unwrap().behind(access)
}

async fn served(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(vigie::web::serve(listener, router, tokio_util::sync::CancellationToken::new()));
    root
}

fn hosts(base: &str) -> Hosts {
    Hosts { base: base.parse().ok(), others: vec!["vigie.interne".to_owned()], reachable: false }
}

/// The addresses of a page that are our own.
fn links(page: &str) -> Vec<String> {
    let marks = ["href=\"", "action=\"", "src=\""];
    let after = marks.iter().flat_map(|mark| page.split(mark).skip(1));
    let address = after.filter_map(|rest| rest.split('"').next());
    let plain = address.map(|address| address.replace("&amp;", "&").replace("&#x2f;", "/"));
    plain.filter(|address| address.starts_with('/')).collect()
}

#[tokio::test]
async fn each_link_under_a_path_leads_to_a_page() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let access = Access { hosts: hosts("https://portail.example/outils/vigie"), ..Access::open() };
    let root = served(router(app(&bench, access))).await;
    let mut waiting = std::collections::VecDeque::from(["/outils/vigie/".to_owned()]);
    let mut seen = std::collections::BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        // One month, one year, one filter leads on to the next without end.
        let page = path.split(['?', '#']).next().unwrap_or_default();
        let times =
            seen.iter().filter(|other: &&String| other.split(['?', '#']).next() == Some(page)).count();
        if times >= 3 || !seen.insert(path.clone()) {
            continue;
        }
        let answer = client().get(format!("{root}{path}")).send().await.unwrap();
        // A form that only posts has no page, and one that is sent with nothing chosen says so.
        let none_chosen = path == "/outils/vigie/fiches" && answer.status() == 400;
        assert!(none_chosen || [200, 405].contains(&answer.status().as_u16()), "{path}: {}", answer.status());
        let media = answer.headers().get("content-type").map(|media| media.to_str().unwrap().to_owned());
        let html = media.is_some_and(|media| media.starts_with("text/html"));
        let links = if html { links(&answer.text().await.unwrap()) } else { Vec::new() };
        for link in &links {
            assert!(link.starts_with("/outils/vigie/"), "{link} on {path}");
        }
        waiting.extend(links);
    }
    for page in ["registre", "statistiques", "journal", "echeances", "labels", "vigie.css"] {
        let reached = seen.iter().any(|path| path.starts_with(&format!("/outils/vigie/{page}")));
        assert!(reached, "no link leads to {page}: {seen:?}");
    }
    let status =
        async |path: &str| client().get(format!("{root}{path}")).send().await.unwrap().status().as_u16();
    // A proxy may leave the path out; the first page is with or without a final slash.
    for path in
        ["/journal", "/outils/vigie", "/outils/vigie?vue=ensuite", "/healthz", "/outils/vigie/healthz"]
    {
        assert_eq!(status(path).await, 200, "{path}");
    }
    assert_eq!(status("/outils/vigiejournal").await, 404);
    let missing = client().get(format!("{root}/outils/vigie/nulle-part")).send().await.unwrap();
    assert_eq!(missing.status(), 404);
    assert!(missing.text().await.unwrap().contains("href=\"/outils/vigie/vigie.css\""));
}

#[tokio::test]
async fn a_sign_in_under_a_path_comes_back_under_it() {
    let bench = Bench::after("petit", 0).await;
    let fake = Fake::start(bench.daemon.book.clock.now().as_second(), Signer::new("EdDSA", "k")).await;
    let base = "https://vigie.example";
    let door = Door::SignIn(Box::new(SignInDoor::new(vec![fake.settings()], "/outils").unwrap()));
    let access = Access { door, hosts: hosts(&format!("{base}/outils")), ..Access::open() };
    let root = served(router(app(&bench, access))).await;
    let mut browser = Browser::new(&root);
    let first = browser.get("/outils/journal?dossier=1").await;
    let to_sign_in = first.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(to_sign_in, "/outils/connexion?retour=%2Fjournal%3Fdossier%3D1");
    let asked = browser.sent(&to_sign_in).await;
    let back = format!("/outils/connexion/retour?code={}&state={}", fake.code(&asked), asked["state"]);
    let answer = browser.get(&back).await;
    assert_eq!(answer.headers()["location"], "/outils/journal?dossier=1");
    // Browsers say where they see us, whatever the proxy calls us.
    let out = |origin: &str| {
        client().post(format!("{root}/outils/deconnexion")).header("origin", origin.to_owned())
    };
    assert_eq!(browser.send(out("https://vigie.example.autre.example")).await.status(), 403);
    let answer = browser.send(out(base)).await;
    assert_eq!(answer.headers()["location"], "/outils/session?ouverte=fake");
}

/// Two installations with the same secret, and a browser that has one place for each cookie's name.
#[tokio::test]
async fn installations_under_paths_of_one_host_leave_each_other_their_cookies() {
    let mut browser = Browser::new("");
    let mut benches = Vec::new();
    for path in ["/a", "/a/b"] {
        let bench = Bench::after("petit", 0).await;
        let fake = Fake::start(bench.daemon.book.clock.now().as_second(), Signer::new("EdDSA", "k")).await;
        let door = Door::SignIn(Box::new(SignInDoor::new(vec![fake.settings()], path).unwrap()));
        let access = Access { door, hosts: hosts(&format!("https://vigie.example{path}")), ..Access::open() };
        let root = served(router(app(&bench, access))).await;
        benches.push((bench, fake, root, path));
    }
    let mut under_way = Vec::new();
    for (_, fake, root, path) in &benches {
        browser.at(root);
        let asked = browser.sent(&format!("{path}/connexion")).await;
        under_way.push(format!(
            "{path}/connexion/retour?code={}&state={}",
            fake.code(&asked),
            asked["state"]
        ));
    }
    for ((_, _, root, path), back) in benches.iter().zip(&under_way) {
        browser.at(root);
        browser.set.clear();
        assert_eq!(browser.get(back).await.status(), 303, "its sign-in is still under way");
        assert!(!browser.set.is_empty());
        for cookie in &browser.set {
            assert!(cookie.contains(&format!("; Path={path};")), "{cookie}");
            assert!(
                cookie.starts_with("__Secure-vigie-"),
                "a browser refuses __Host- under a path: {cookie}"
            );
        }
    }
    let page = |browser: &mut Browser, which: usize| {
        browser.at(&benches[which].2);
        format!("{}/journal", benches[which].3)
    };
    for which in [0, 1] {
        let page = page(&mut browser, which);
        assert_eq!(browser.get(&page).await.status(), 200, "{page}");
    }
    browser.at(&benches[0].2);
    let out =
        client().post(format!("{}/a/deconnexion", benches[0].2)).header("origin", "https://vigie.example");
    assert_eq!(browser.send(out).await.status(), 303);
    let statuses = [page(&mut browser, 0), page(&mut browser, 1)];
    browser.at(&benches[0].2);
    assert_eq!(browser.get(&statuses[0]).await.status(), 303, "signed out of the first");
    browser.at(&benches[1].2);
    assert_eq!(browser.get(&statuses[1]).await.status(), 200, "and still in the second");
}

#[tokio::test]
async fn what_asks_nobody_is_not_shown_through_a_proxy() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let metrics = vec!["127.0.0.1/32".parse().unwrap()];
    let open = served(router(app(&bench, Access { metrics: metrics.clone(), ..Access::open() }))).await;
    let closed = Access { door: Door::Closed, public_register: true, metrics, ..Access::open() };
    let closed = served(router(app(&bench, closed))).await;
    let status = async |root: &str, path: &str, header: Option<&str>| {
        let request = client().get(format!("{root}{path}"));
        let request = header.into_iter().fold(request, |request, name| request.header(name, "10.0.0.9"));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(&open, "/", None).await, 200);
    assert_eq!(status(&closed, "/metrics", None).await, 200);
    for header in ["x-forwarded-for", "Forwarded", "X-Real-IP", "via", "x-forwarded-proto"] {
        for path in ["/", "/journal", "/metrics", "/registre", "/nulle-part"] {
            assert_eq!(status(&open, path, Some(header)).await, 403, "{path} with {header}");
        }
        assert_eq!(status(&open, "/healthz", Some(header)).await, 200);
        assert_eq!(status(&closed, "/metrics", Some(header)).await, 401, "{header}");
        assert_eq!(status(&closed, "/registre", Some(header)).await, 200, "what is for anyone stays so");
    }
    let apart = served(metrics_router(app(&bench, Access::open()))).await;
    assert_eq!(status(&apart, "/metrics", Some("via")).await, 200);
    assert_eq!(status(&apart, "/healthz", None).await, 200);
    assert_eq!(status(&apart, "/journal", None).await, 404);
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_page() {
    let bench = Bench::after("petit", 0).await;
    let open = served(router(app(&bench, Access::open()))).await;
    let named = Access { hosts: hosts("https://portail.example"), ..Access::open() };
    let named = served(router(app(&bench, named))).await;
    let status = async |root: &str, path: &str, host: &str| {
        client().get(format!("{root}{path}")).header("host", host).send().await.unwrap().status().as_u16()
    };
    for host in ["localhost:8080", "127.0.0.1", "[::1]:8080"] {
        assert_eq!(status(&open, "/sante", host).await, 200, "{host}");
    }
    for host in ["attaque.example", "portail.example", "10.0.0.1"] {
        assert_eq!(status(&open, "/sante", host).await, 421, "{host}");
    }
    for host in ["portail.example", "Vigie.interne:443"] {
        assert_eq!(status(&named, "/sante", host).await, 200, "{host}");
    }
    assert_eq!(status(&named, "/sante", "attaque.example").await, 421);
    assert_eq!(status(&named, "/healthz", "attaque.example").await, 200, "a probe may use any name");
}
