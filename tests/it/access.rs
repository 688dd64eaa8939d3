//! Who may see what: every address for every role. Signing in is in [`sign_in`], what a token must prove in
//! [`tokens`], what is read of it in [`claims`], several providers and ending sessions in [`sessions`].

mod claims;
mod fake;
mod fronts;
mod sessions;
mod sign_in;
mod tokens;

use std::net::SocketAddr;

use serde_json::Value;
use tokio::net::TcpListener;
use vigie::daemon::Hours;
use vigie::web::access::{Access, Area, Door, UserRole, UserRoles, area};
use vigie::web::{AppState, router};

use crate::bench::Bench;

/// Pages with access control, with the peer's address known as in the program.
async fn pages(bench: &Bench, access: Access) -> String {
    let app =
        AppState::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None)
            .unwrap()
            .behind(access);
    served(app).await
}

pub(crate) async fn served(app: AppState) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    root
}

fn roles() -> UserRoles {
    let name = |role: UserRole, name: &str| (role.into(), vec![name.to_owned()]);
    UserRoles(vec![
        name(UserRole::Organisme, "o@oc.example"),
        name(UserRole::Ditp, "group:ditp"),
        name(UserRole::Lecture, "L@oc.example"),
    ])
}

pub(crate) fn behind_proxy(trusted: &str, public_register: bool) -> Access {
    let door = Door::Proxy {
        header: "x-remote-user".parse().unwrap(),
        groups: Some("x-remote-groups".parse().unwrap()),
        trusted: vec![trusted.parse().unwrap()],
    };
    Access { door, roles: roles(), public_register, ..Access::open() }
}

fn client() -> reqwest::Client {
    vigie::tls::client_builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Each address, and what it answers to the body, DITP, a reader, somebody without a role, and nobody.
const ADDRESSES: [(&str, [u16; 5]); 81] = [
    ("/healthz", [200, 200, 200, 200, 200]),
    ("/vigie.css", [200, 200, 200, 200, 200]),
    ("/session", [200, 200, 200, 200, 200]),
    ("/connexion", [404, 404, 404, 404, 404]),
    ("/registre", [200, 200, 200, 403, 401]),
    ("/registre.csv", [200, 200, 200, 403, 401]),
    ("/registre.json", [200, 200, 200, 403, 401]),
    ("/registre.xlsx", [200, 200, 200, 403, 401]),
    ("/registre.atom", [200, 200, 200, 403, 401]),
    ("/registre/changements.csv", [200, 200, 200, 403, 401]),
    ("/registre/changements.schema.json", [200, 200, 200, 403, 401]),
    ("/registre/datapackage.json", [200, 200, 200, 403, 401]),
    ("/registre/dcat.jsonld", [200, 200, 200, 403, 401]),
    ("/registre/schema.json", [200, 200, 200, 403, 401]),
    ("/mentions-legales", [200, 200, 200, 200, 200]),
    ("/accessibilite", [200, 200, 200, 200, 200]),
    ("/confidentialite", [200, 200, 200, 200, 200]),
    ("/robots.txt", [200, 200, 200, 200, 200]),
    ("/statistiques", [200, 200, 200, 403, 401]),
    ("/statistiques.csv", [200, 200, 200, 403, 401]),
    ("/statistiques.json", [200, 200, 200, 403, 401]),
    ("/statistiques/details", [200, 200, 200, 403, 401]),
    ("/statistiques/details.csv", [200, 200, 200, 403, 401]),
    ("/statistiques/details.xlsx", [200, 200, 200, 403, 401]),
    ("/annee", [200, 403, 200, 403, 401]),
    ("/annee.csv", [200, 403, 200, 403, 401]),
    ("/annee.xlsx", [200, 403, 200, 403, 401]),
    ("/raccourcis", [200, 403, 200, 403, 401]),
    ("/", [200, 303, 200, 403, 401]),
    ("/cas/4244", [200, 403, 200, 403, 401]),
    ("/cas/4244/decision", [200, 403, 200, 403, 401]),
    ("/dossiers/4244", [200, 403, 200, 403, 401]),
    ("/labels", [200, 200, 200, 403, 401]),
    ("/simulateur", [200, 200, 200, 403, 401]),
    ("/simulateur.ics", [200, 200, 200, 403, 401]),
    ("/tirage", [200, 200, 200, 403, 401]),
    ("/courriels", [200, 403, 200, 403, 401]),
    ("/courriels/arreter", [405, 403, 403, 403, 401]),
    ("/courriels/laisser-partir", [405, 403, 403, 403, 401]),
    ("/constats/retenir", [405, 403, 403, 403, 401]),
    ("/echeances/constater", [405, 403, 403, 403, 401]),
    ("/echeances/reprendre", [405, 403, 403, 403, 401]),
    ("/travail.csv", [200, 403, 200, 403, 401]),
    ("/travail.xlsx", [200, 403, 200, 403, 401]),
    ("/echeances.csv", [200, 403, 200, 403, 401]),
    ("/echeances.xlsx", [200, 403, 200, 403, 401]),
    ("/labels.csv", [200, 200, 200, 403, 401]),
    ("/labels.xlsx", [200, 200, 200, 403, 401]),
    ("/statistiques/dossiers?fait=audits", [200, 403, 200, 403, 401]),
    ("/statistiques/dossiers.csv?fait=audits", [200, 403, 200, 403, 401]),
    ("/statistiques/dossiers.xlsx?fait=audits", [200, 403, 200, 403, 401]),
    ("/fiches?cas=4244", [200, 403, 200, 403, 401]),
    ("/vues/garder", [405, 403, 405, 403, 401]),
    ("/vues/renommer", [405, 403, 405, 403, 401]),
    ("/vues/oublier", [405, 403, 405, 403, 401]),
    ("/services", [200, 403, 200, 403, 401]),
    ("/recherche?texte=42", [308, 403, 308, 403, 401]),
    ("/services.csv", [200, 403, 200, 403, 401]),
    ("/services.xlsx", [200, 403, 200, 403, 401]),
    ("/echeances", [200, 403, 200, 403, 401]),
    ("/echeances.ics", [200, 403, 200, 403, 401]),
    ("/calendrier/x.ics", [404, 404, 404, 404, 404]),
    ("/sante", [200, 403, 403, 403, 401]),
    ("/metrics", [200, 403, 403, 403, 401]),
    ("/journal", [200, 403, 403, 403, 401]),
    ("/demo/etat", [404, 403, 403, 403, 401]),
    ("/api", [200, 200, 200, 200, 200]),
    ("/api/v1/openapi.json", [200, 200, 200, 200, 200]),
    ("/api/v1/services", [200, 403, 200, 403, 401]),
    ("/api/v1/cases", [200, 403, 200, 403, 401]),
    ("/api/v1/cases/4244", [200, 403, 200, 403, 401]),
    ("/api/v1/findings", [200, 403, 200, 403, 401]),
    ("/api/v1/deadlines", [200, 403, 200, 403, 401]),
    ("/api/v1/mails", [200, 403, 200, 403, 401]),
    ("/api/v1/journal", [200, 403, 403, 403, 401]),
    ("/api/v1/register", [200, 200, 200, 403, 401]),
    ("/api/v1/statistics", [200, 200, 200, 403, 401]),
    ("/api/v1/health", [200, 403, 403, 403, 401]),
    ("/nulle-part", [404, 403, 403, 403, 401]),
    ("/registre/", [404, 403, 403, 403, 401]),
    ("//registre", [404, 403, 403, 403, 401]),
];

/// A header as the proxy would write it.
type Headers = [(&'static str, &'static str)];

async fn status(root: &str, path: &str, headers: &Headers) -> u16 {
    let request = headers
        .iter()
        .fold(client().get(format!("{root}{path}")), |r, (name, value)| r.header(*name, *value));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn each_address_answers_each_role_as_the_table_says() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let root = pages(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let people: [&Headers; 5] = [
        &[("x-remote-user", "O@oc.example")],
        &[("x-remote-user", "d@ditp.example"), ("x-remote-groups", "autre, ditp")],
        &[("x-remote-user", "l@oc.example")],
        &[("x-remote-user", "personne@oc.example"), ("x-remote-groups", "group:ditp")],
        &[],
    ];
    for (path, expected) in ADDRESSES {
        for (who, expected) in people.iter().zip(expected) {
            assert_eq!(status(&root, path, who).await, expected, "{path} for {who:?}");
        }
    }
    let two = [("x-remote-user", "o@oc.example"), ("x-remote-user", "x@oc.example")];
    assert_eq!(status(&root, "/", &two).await, 401, "two names are nobody's");
    let reader = client().get(format!("{root}/registre.csv")).header("x-remote-user", "l@oc.example");
    let file = reader.send().await.unwrap().text().await.unwrap();
    assert!(file.starts_with("nom,siret") && !file.lines().next().unwrap().contains("dossier"), "{file}");
}

#[tokio::test]
async fn the_simulator_is_for_anyone_where_the_configuration_says_so() {
    let bench = Bench::after("petit", 0).await;
    let access = Access { public_simulator: true, ..behind_proxy("127.0.0.1/32", false) };
    let root = pages(&bench, access).await;
    assert_eq!(status(&root, "/simulateur", &[]).await, 200);
    assert_eq!(status(&root, "/registre", &[]).await, 401, "and nothing else");
    let page = client().get(format!("{root}/simulateur")).send().await.unwrap().text().await.unwrap();
    let links: Vec<&str> = page.split("<nav").nth(1).unwrap().split("href=\"").skip(1).collect();
    assert!(
        links.iter().all(|link| link.starts_with("/simulateur")),
        "the menu leads nowhere else: {links:?}"
    );
}

#[tokio::test]
async fn a_header_of_somebody_else_than_the_proxy_is_not_believed() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let root = pages(&bench, behind_proxy("10.0.0.0/8", true)).await;
    let liar = [("x-remote-user", "o@oc.example")];
    assert_eq!(status(&root, "/", &liar).await, 401);
    assert_eq!(status(&root, "/journal", &liar).await, 401);
    let register = client().get(format!("{root}/registre.json")).header("x-remote-user", "o@oc.example");
    let lines: Vec<Value> = register.send().await.unwrap().json().await.unwrap();
    assert!(lines[0].get("dossier").is_none(), "open to all, in the public variant alone");
    let over = client().get(format!("{root}/registre.json?liste=termines")).send().await.unwrap();
    assert_eq!(over.json::<Vec<Value>>().await.unwrap(), lines, "what is over is not for the public");
    for path in ["/statistiques", "/labels", "/cas/4244", "/metrics", "/echeances.ics"] {
        assert_eq!(status(&root, path, &[]).await, 401, "{path}");
    }
}

#[test]
fn an_address_that_nobody_listed_is_for_the_certification_body_alone() {
    let mut unlisted = Vec::new();
    let mut waiting = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/web")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let routes = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            unlisted.extend(routes.filter(|route| area(route) == Area::Internal).map(str::to_owned));
        }
    }
    assert!(unlisted.iter().any(|route| route == "/journal"), "{unlisted:?}");
    let open = ["/registre", "/cas/", "/dossiers/", "/statistiques", "/labels"];
    assert!(!unlisted.iter().any(|route| open.iter().any(|path| route.starts_with(path))), "{unlisted:?}");
}
