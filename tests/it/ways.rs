//! What listens at a port is not what the address says, a proxy of SOCKS stands between, or a certificate proves nothing: each
//! counterpart says so in French, at once, with the key to correct.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::cli::{folder, said, vigie};
use crate::reaching::{check, private};

/// A server that gives every caller the same answer, once it has heard them out; its port, and how many called.
fn answering(answer: &'static [u8]) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    std::thread::spawn(move || {
        while let Ok((mut socket, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = socket.set_read_timeout(Some(Duration::from_millis(100)));
            let mut asked = [0; 65536];
            while socket.read(&mut asked).is_ok_and(|read| read > 0) {}
            let _ = socket.write_all(answer);
        }
    });
    (port, calls)
}

const IN_CLEAR: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
/// An alert of TLS: what a port of TLS answers to a request in clear.
const ALERT: &[u8] = b"\x15\x03\x03\x00\x02\x02\x32";

#[test]
fn what_a_person_must_mend_is_said_at_once() {
    let (clear, calls) = answering(IN_CLEAR);
    let text = check(&format!("https://127.0.0.1:{clear}/api/v2/graphql"), &[], "");
    assert!(text.contains("répond en clair") && text.contains("dn.endpoint"), "{text}");
    assert_eq!(calls.load(Ordering::Relaxed), 1, "asked once");
    let (port, _, calls) = private("localhost");
    let text = check(&format!("https://localhost:{port}/api/v2/graphql"), &[], "");
    assert!(text.contains("une autorité que cette machine ne connaît pas"), "{text}");
    assert_eq!(calls.load(Ordering::Relaxed), 1, "a certificate is no other one a second later");
    // What may pass is tried again.
    let (cut, calls) = answering(b"");
    let text = check(&format!("http://127.0.0.1:{cut}/api/v2/graphql"), &[], "");
    assert!(text.contains("la connexion est fermée avant toute réponse"), "{text}");
    assert_eq!(calls.load(Ordering::Relaxed), vigie::retry::platform::TRIES);
}

#[test]
fn a_port_of_tls_that_is_asked_in_clear_is_named() {
    let (port, _) = answering(ALERT);
    let text = check(&format!("http://127.0.0.1:{port}/api/v2/graphql"), &[], "");
    assert!(text.contains("ne parle pas HTTP") && text.contains("https://"), "{text}");
}

/// The lines of `vigie check` named `what`.
fn line(folder: &Path, what: &str, variables: &[(&str, &str)]) -> String {
    let text = said(&vigie(folder, &["check"], variables));
    let lines = text.lines().filter(|line| line.contains(&format!(" {what} ")));
    let lines = lines.collect::<Vec<_>>().join("\n");
    assert!(!lines.is_empty(), "{text}");
    lines
}

#[test]
fn every_counterpart_that_answers_in_clear_is_named_with_its_own_key() {
    let (clear, _) = answering(IN_CLEAR);
    let at = format!("https://127.0.0.1:{clear}");
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let provider = [
        ("VIGIE_WEB__OIDC__ISSUER", &*at),
        ("VIGIE_WEB__OIDC__CLIENT_ID", "vigie"),
        ("VIGIE_WEB__OIDC__CLIENT_SECRET", "secret-du-client"),
        ("VIGIE_WEB__BASE", "https://vigie.example"),
        ("VIGIE_WEB__ROLES__ORGANISME", "a@b.example"),
    ];
    let text = line(folder.path(), "connexion", &provider);
    assert!(text.contains("répond en clair") && text.contains("web.oidc.issuer"), "{text}");
    let bucket = format!("{at}/mon-seau");
    let copies = [
        ("VIGIE_EVIDENCE__KEEP", "true"),
        ("VIGIE_EVIDENCE__BUCKET", &*bucket),
        ("VIGIE_EVIDENCE__ACCESS_KEY", "cle"),
        ("VIGIE_EVIDENCE__SECRET_KEY", "secret-du-seau"),
    ];
    let text = line(folder.path(), "copies", &copies);
    assert!(text.contains("répond en clair") && text.contains("evidence.bucket"), "{text}");
    let path = folder.path().join("vigie.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
    std::fs::write(&path, format!("{config}[[webhooks]]\nurl = \"{at}/jeton\"\nsecret = \"{secret}\"\n"))
        .unwrap();
    let text = said(&vigie(folder.path(), &["webhook", "test"], &[]));
    assert!(text.contains("répond en clair") && !text.contains("jeton"), "{text}");
}

/// A proxy of SOCKS 5 in front of one server, which answers requests to connect by `status`.
fn socks(method: u8, status: u8, server: Option<String>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut caller, _)) = listener.accept() {
            let mut asked = [0; 512];
            let _ = caller.read(&mut asked);
            let _ = caller.write_all(&[5, method]);
            if method == 0xff || caller.read(&mut asked).is_err() {
                continue;
            }
            let _ = caller.write_all(&[5, status, 0, 1, 127, 0, 0, 1, 0, 80]);
            let Some(mut server) = server.as_ref().and_then(|at| TcpStream::connect(at).ok()) else {
                continue;
            };
            let (mut to, mut from) = (server.try_clone().unwrap(), caller.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            std::thread::spawn(move || std::io::copy(&mut server, &mut caller));
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_socks_is_followed_and_named() {
    let simulator = crate::running::platform("petit", 0).await;
    let server = simulator.endpoint().split('/').nth(2).unwrap().to_owned();
    let through = |proxy: u16| async move {
        let proxy = format!("socks5h://127.0.0.1:{proxy}");
        let run = move || check("http://plateforme.invalid/api/v2/graphql", &[("ALL_PROXY", &proxy)], "");
        tokio::task::spawn_blocking(run).await.unwrap()
    };
    let text = through(socks(0, 0, Some(server))).await;
    assert!(text.contains("OK        plateforme"), "{text}");
    let text = through(socks(0, 2, None)).await;
    assert!(text.contains("le mandataire refuse d’aller vers ce serveur, ou ne l’atteint pas"), "{text}");
    let text = through(socks(0xff, 0, None)).await;
    assert!(text.contains("le mandataire demande un mot de passe"), "{text}");
    let text = through(9).await;
    assert!(text.contains("le mandataire ne répond pas"), "{text}");
}

#[test]
fn a_proxy_in_a_way_that_is_not_followed_is_said() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let text = line(folder.path(), "réseau", &[("HTTPS_PROXY", "ftp://moi:secret@mandataire.example:21")]);
    assert!(
        text.contains("ERREUR    réseau") && text.contains("HTTPS_PROXY") && text.contains("socks5://"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    let text = line(folder.path(), "réseau", &[("HTTPS_PROXY", "socks5://127.0.0.1:9")]);
    assert!(!text.contains("ERREUR"), "{text}");
}

/// PostgreSQL answers « N » to who asks whether it speaks TLS, and does not.
#[test]
fn a_server_without_tls_is_named_where_the_address_asks_for_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut socket, _)) = listener.accept() {
            let _ = socket.read(&mut [0; 8]);
            let _ = socket.write_all(b"N");
            let _ = socket.read(&mut [0; 8]);
        }
    });
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let url = format!("postgres://vigie:mot-de-passe@127.0.0.1:{port}/vigie?sslmode=require");
    let text = line(folder.path(), "base", &[("VIGIE_STORE__URL", &url)]);
    assert!(text.contains("ne parle pas TLS") && text.contains("store.url"), "{text}");
    assert!(text.contains("sslmode") && !text.contains("mot-de-passe"), "{text}");
}

/// The section of a group that holds no dossier, whose keys are not those of `[dn]`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_group_is_named_where_it_is_set() {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut world = simulator::Scenario::named("petit", 1, 0).unwrap().world();
    world.dossiers.clear();
    let simulator = simulator::Simulator::start(any, any, world).await.unwrap();
    let folder = folder(&simulator.endpoint());
    let path = folder.path().join("vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let other = format!("groupe = {}\n", simulator::GROUP);
    let also = format!("{text}[[dn.also]]\ngroupe = 1\ndemarche = 12345\n[[dn.also]]\n{other}");
    std::fs::write(&path, also).unwrap();
    let text = text.replace("demarche = 12345\n", &other);
    let at = folder.path().to_owned();
    let run = move || said(&vigie(&at, &["check"], &[]));
    let said_of_it = tokio::task::spawn_blocking(run).await.unwrap();
    let mentions = said_of_it.lines().filter(|line| line.contains("aucun dossier, qui seul"));
    let mentions = mentions.collect::<Vec<_>>().join("\n");
    assert!(
        mentions.contains("dn.also[1].groupe") && mentions.contains("dn.also[1].demarche"),
        "{said_of_it}"
    );
    assert!(!mentions.contains(" dn.groupe"), "{mentions}");
    // The same of `[dn]` itself.
    std::fs::write(&path, text).unwrap();
    let at = folder.path().to_owned();
    let run = move || said(&vigie(&at, &["form"], &[]));
    let text = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(text.contains("dn.groupe : ce groupe n’a encore aucun dossier"), "{text}");
}
