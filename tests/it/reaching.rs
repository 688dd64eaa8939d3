//! What stands between vigie and a server is named, with what to do: proxies, names, certificates, bases, tokens.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use simulator::{Scenario, Simulator, TOKEN};

use crate::cli::{folder, said, vigie};

/// A server of one answer, given to everybody; its port.
fn answering(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut socket, _)) = listener.accept() {
            let mut asked = [0; 4096];
            let _ = socket.read(&mut asked);
            let _ = socket.write_all(answer);
        }
    });
    port
}

/// `vigie check` against a platform at `endpoint`: what it says of it.
pub fn check(endpoint: &str, variables: &[(&str, &str)], extra: &str) -> String {
    let folder = folder(endpoint);
    let path = folder.path().join("vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{extra}")).unwrap();
    let text = said(&vigie(folder.path(), &["check"], variables));
    let of_the_platform = text.lines().filter(|line| line.contains("plateforme"));
    of_the_platform.collect::<Vec<_>>().join("\n")
}

const AWAY: &str = "https://plateforme.invalid/api/v2/graphql";

#[test]
fn a_proxy_is_named_with_what_it_refuses() {
    let asks = answering(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    let proxy = format!("http://personne:secret-du-mandataire@127.0.0.1:{asks}");
    let text = check(AWAY, &[("HTTPS_PROXY", &proxy)], "");
    assert!(text.contains("le mandataire demande un mot de passe") && text.contains("HTTPS_PROXY"), "{text}");
    assert!(text.contains(&format!("127.0.0.1:{asks}")) && !text.contains("secret-du-mandataire"), "{text}");

    let refuses = answering(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let text = check(AWAY, &[("HTTPS_PROXY", &format!("http://127.0.0.1:{refuses}"))], "");
    assert!(
        text.contains("le mandataire refuse d’aller vers ce serveur, ou ne l’atteint pas")
            && text.contains("NO_PROXY"),
        "{text}"
    );

    let text = check(AWAY, &[("HTTPS_PROXY", "http://127.0.0.1:9")], "");
    assert!(text.contains("le mandataire ne répond pas") && text.contains("127.0.0.1:9"), "{text}");

    // A host that is exempted is asked for itself.
    let text = check(AWAY, &[("HTTPS_PROXY", "http://127.0.0.1:9"), ("NO_PROXY", "plateforme.invalid")], "");
    assert!(text.contains("ce nom n’a pas d’adresse"), "{text}");
}

#[test]
fn a_proxy_in_front_of_plain_http_is_named_too() {
    let asks = answering(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    let proxy = format!("http://127.0.0.1:{asks}");
    let text = check(
        "http://plateforme.invalid/api/v2/graphql",
        &[("HTTP_PROXY", &proxy), ("http_proxy", &proxy)],
        "",
    );
    assert!(text.contains("le mandataire demande un mot de passe"), "{text}");
}

#[test]
fn a_name_and_a_port_are_told_apart() {
    let text = check(AWAY, &[], "");
    assert!(text.contains("ce nom n’a pas d’adresse") && text.contains("plateforme.invalid"), "{text}");
    let text = check("http://127.0.0.1:9/api/v2/graphql", &[], "");
    assert!(text.contains("rien n’écoute à cette adresse") && text.contains("127.0.0.1:9"), "{text}");
}

/// A server with a certificate for `name` by an authority of its own: the port, the authority's PEM and how many called.
pub fn private(name: &str) -> (u16, String, Arc<AtomicUsize>) {
    crate::bench::tls();
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().unwrap();
    let signed = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![signed.der().clone()], private)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    std::thread::spawn(move || {
        while let Ok((socket, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::Relaxed);
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(session, socket);
            let mut asked = [0; 4096];
            if stream.read(&mut asked).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 401 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (port, authority.pem(), calls)
}

#[test]
fn a_private_authority_is_named_and_then_trusted() {
    let (port, pem, _) = private("localhost");
    let endpoint = format!("https://localhost:{port}/api/v2/graphql");
    let text = check(&endpoint, &[], "");
    assert!(
        text.contains("une autorité que cette machine ne connaît pas") && text.contains("network.ca_file"),
        "{text}"
    );
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("autorite.pem");
    std::fs::write(&file, &pem).unwrap();
    let trusted = format!("[network]\nca_file = \"{}\"\n", file.display());
    let text = check(&endpoint, &[], &trusted);
    assert!(text.contains("401") && !text.contains("certificat"), "its answer is heard: {text}");
    // Its certificate is not good for another name.
    let text = check(&format!("https://127.0.0.1:{port}/api/v2/graphql"), &[], &trusted);
    assert!(text.contains("le certificat n’est pas bon pour ce nom"), "{text}");
    std::fs::write(&file, "ceci n’est pas un certificat").unwrap();
    let folder = folder(&endpoint);
    let path = folder.path().join("vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{trusted}")).unwrap();
    let output = vigie(folder.path(), &["check"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("network.ca_file: not the certificate"), "{}", said(&output));
}

fn with_store(url: &str) -> String {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let output = vigie(folder.path(), &["run", "--once"], &[("VIGIE_STORE__URL", url)]);
    assert_ne!(output.status.code(), Some(0));
    said(&output)
}

#[test]
fn a_store_that_cannot_be_opened_is_one_line_with_its_place_once() {
    let place = tempfile::tempdir().unwrap();
    let (absent, note) = (place.path().join("absent/vigie.db"), place.path().join("note.txt"));
    std::fs::write(&note, "ceci n’est pas une base, et c’est assez long pour en avoir l’en-tête".repeat(20))
        .unwrap();
    let cases = [
        (format!("sqlite:{}", absent.display()), absent.display().to_string(), "its folder does not exist"),
        (format!("sqlite:{}", note.display()), note.display().to_string(), "is no base of SQLite"),
        (format!("sqlite:{}", place.path().display()), place.path().display().to_string(), "is a folder"),
        (
            "postgres://vigie:mot-de-passe@127.0.0.1:9/vigie".to_owned(),
            "127.0.0.1:9".to_owned(),
            "does not listen",
        ),
        (
            "postgres://vigie:mot-de-passe@base.invalid/vigie".to_owned(),
            "base.invalid".to_owned(),
            "cannot be reached",
        ),
    ];
    for (url, named, why) in cases {
        let text = with_store(&url);
        let line = text.lines().find(|line| line.starts_with("vigie: ")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("store.url") && line.contains(why) && line.contains("Remedy: "), "{line}");
        assert_eq!(line.matches(&named).count(), 1, "{line}");
        assert!(!line.contains("mot-de-passe"), "{line}");
    }
}

#[test]
fn a_base_that_everybody_may_read_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let base = folder.path().join("vigie.db");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    vigie(folder.path(), &["run", "--once"], &[]);
    assert_eq!(mode(&base), 0o600);
    std::fs::set_permissions(&base, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::set_permissions(folder.path().join("jeton"), std::fs::Permissions::from_mode(0o644)).unwrap();
    // A check changes nothing of what is there: it says so.
    let text = said(&vigie(folder.path(), &["check"], &[]));
    assert_eq!(mode(&base), 0o644);
    assert!(text.contains("ATTENTION droits") && text.contains("dn.token_file"), "{text}");
    assert!(text.contains("store.url :"), "{text}");
    vigie(folder.path(), &["run", "--once"], &[]);
    assert_eq!(mode(&base), 0o600);
    let text = said(&vigie(folder.path(), &["check"], &[]));
    assert!(!text.contains("store.url :"), "{text}");
}

#[test]
fn a_provider_that_is_not_reached_is_said_with_the_culprit() {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap().to_string();
    drop(std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        for caller in proxy.incoming() {
            let Ok(mut caller) = caller else { return };
            let _ = caller.read(&mut [0; 4096]);
            let _ =
                caller.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        }
    }));
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let check = |variables: &[(&str, &str)]| {
        let provider = [
            ("VIGIE_WEB__OIDC__ISSUER", "https://connexion.invalid"),
            ("VIGIE_WEB__OIDC__CLIENT_ID", "vigie"),
            ("VIGIE_WEB__OIDC__CLIENT_SECRET", "secret-du-client"),
            ("VIGIE_WEB__BASE", "https://vigie.example"),
            ("VIGIE_WEB__ROLES__ORGANISME", "a@b.example"),
        ];
        let text = said(&vigie(folder.path(), &["check"], &[&provider, variables].concat()));
        let line = text.lines().find(|line| line.contains(" connexion "));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let line = check(&[]);
    assert!(line.contains("the name connexion.invalid has no address"), "{line}");
    let line = check(&[("HTTPS_PROXY", &format!("http://{address}"))]);
    assert!(line.contains(&format!("the proxy {address} asks for a password")), "{line}");
}

#[test]
fn what_everybody_may_read_is_found_from_any_folder_the_configuration_included() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("cl");
    std::fs::create_dir_all(folder.join("courriels")).unwrap();
    std::fs::write(folder.join("form.toml"), crate::bench::FORM).unwrap();
    let open = |name: &str, mode| {
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let check = |token: &str| {
        let text = format!(
            "[exports]\nfolder = \"exports\"\n[dn]\n{token}\n[act]\nannotations = false\n[documents]\ninspect = false\n\
             [mail]\nsmtp = \"file:courriels\"\nfrom = \"a@b.example\"\nreturned = \"retours\"\n"
        );
        std::fs::write(folder.join("vigie.toml"), text).unwrap();
        open("vigie.toml", 0o644);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vigie"));
        let output = command.args(["--config", "cl/vigie.toml", "check"]).current_dir(place.path()).output();
        let text = said(&output.unwrap());
        text.lines().filter(|line| line.contains(" droits ")).map(str::to_owned).collect::<Vec<_>>()
    };
    open("courriels", 0o777);
    let lines = check("token = \"secret\"");
    assert!(lines[0].ends_with("mail.returned : cl/retours n’existe pas"), "{lines:?}");
    let named = "configuration : cl/vigie.toml est ouvert à tous les comptes de cette machine ; chmod 600";
    assert!(lines[1].ends_with(named), "{lines:?}");
    let named = "mail.smtp : cl/courriels est ouvert à tous les comptes de cette machine ; chmod 700";
    assert!(lines[2].ends_with(named) && lines.len() == 3, "{lines:?}");
    open("courriels", 0o700);
    std::fs::create_dir(folder.join("retours")).unwrap();
    open("retours", 0o700);
    let lines = check("");
    assert!(lines.len() == 1 && lines[0].starts_with("OK "), "a file without secrets may be read: {lines:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_says_whether_the_token_may_write_and_the_member_is_one() {
    let mut scenario = Scenario::named("petit", 1, 0).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let folder = folder(&simulator.endpoint());
    // As people paste it.
    std::fs::write(folder.path().join("jeton"), format!("\u{feff}\"Bearer {TOKEN}\"\r\n")).unwrap();
    let run = |arguments: &'static [&'static str], variables: &'static [(&'static str, &'static str)]| {
        let path = folder.path().to_owned();
        tokio::task::spawn_blocking(move || said(&vigie(&path, arguments, variables)))
    };
    let text = run(&["check", "--write"], &[]).await.unwrap();
    assert!(text.contains("le jeton peut écrire") && text.contains("membre du groupe du dossier"), "{text}");
    assert_eq!(simulator.world().counters().mutations, 1);
    let text = run(&["check"], &[("VIGIE_DN__INSTRUCTEUR", "autre@organisme.example")]).await.unwrap();
    assert!(text.contains("ERREUR    instructeur") && text.contains("n’est pas membre du groupe"), "{text}");
    simulator.world().tokens[0].write = false;
    let text = run(&["check", "--write"], &[]).await.unwrap();
    assert!(text.contains("ERREUR    écriture") && text.contains("lecture seule"), "{text}");
    std::fs::write(folder.path().join("jeton"), "un\ndeux\n").unwrap();
    let text = run(&["check"], &[]).await.unwrap();
    assert!(text.contains("dn.token_file") && text.contains("several lines"), "{text}");
}

#[test]
fn a_key_that_stands_twice_and_a_port_that_is_taken_are_named() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let path = folder.path().join("form.toml");
    let form = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, form.replacen("nom_structure =", "organigramme = \"Plan\"\nnom_structure =", 1))
        .unwrap();
    let text = said(&vigie(folder.path(), &["run", "--once"], &[]));
    assert!(text.contains("form.toml, line ") && text.contains("duplicate key organigramme"), "{text}");
    std::fs::write(&path, form).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = taken.local_addr().unwrap().to_string();
    let output = vigie(folder.path(), &["run"], &[("VIGIE_WEB__LISTEN", &place)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(&format!("web.listen: cannot listen on {place}")), "{}", said(&output));
    assert!(said(&output).contains("another program listens there"), "{}", said(&output));
    let variables = [("VIGIE_WEB__LISTEN", "127.0.0.1:0"), ("VIGIE_WEB__METRICS_LISTEN", &*place)];
    let output = vigie(folder.path(), &["run"], &variables);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains(&format!("web.metrics_listen: cannot listen on {place}")), "{said}");
    assert!(!said.contains("pages on"), "nothing is served: {said}");
}

/// What a pass that is refused says in the log, in order.
async fn refused_on(url: String) -> Vec<String> {
    let simulator = crate::running::platform("petit", 0).await;
    let folder = folder(&simulator.endpoint());
    let variables = move |folder: &Path| {
        let variables = [("VIGIE_STORE__URL", &*url), ("VIGIE_DN__TOKEN", "refuse")];
        vigie(folder, &["run", "--once"], &variables)
    };
    let output = tokio::task::spawn_blocking(move || variables(folder.path())).await.unwrap();
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    let lines = said.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines.map(|line| line["fields"]["message"].as_str().unwrap().replace(&simulator.endpoint(), "")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_leave_the_same_lines_in_the_log() {
    let place = tempfile::tempdir().unwrap();
    let lines = refused_on(format!("sqlite:{}", place.path().join("vigie.db").display())).await;
    for words in ["the body is told", "reading demarche/12345 stopped", "403"] {
        assert!(lines.iter().any(|line| line.contains(words)), "{words}: {lines:#?}");
    }
    if let Some(base) = crate::store::postgres().await {
        assert_eq!(refused_on(base.url.clone()).await, lines);
        base.drop().await;
    }
}

/// The second section has a token of its own, which the platform does not know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_section_is_named_with_its_own_key_and_the_others_are_summed_up() {
    let simulator = simulator::Simulator::start(
        "127.0.0.1:0".parse().unwrap(),
        "127.0.0.1:0".parse().unwrap(),
        simulator::Scenario::named("petit", 1, 0).unwrap().world(),
    )
    .await
    .unwrap();
    let folder = crate::cli::folder(&simulator.endpoint());
    let path = folder.path().join("vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let also = "[[dn.also]]\ngroupe = 678\ntoken_file = \"autre\"\n";
    std::fs::write(&path, format!("{text}{also}")).unwrap();
    std::fs::write(folder.path().join("autre"), "WrongToken1234567890\n").unwrap();
    let run = |arguments: &'static [&'static str]| {
        let folder = folder.path().to_owned();
        tokio::task::spawn_blocking(move || crate::cli::vigie(&folder, arguments, &[]))
    };
    let checked = run(&["check"]).await.unwrap();
    let text = crate::cli::said(&checked);
    let line =
        text.lines().find(|line| line.contains("ERREUR    plateforme")).unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("groupe 678 (dn.also[0])") && line.contains("dn.also[0].token_file"), "{line}");
    let once = run(&["run", "--once"]).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&once.stdout), String::from_utf8_lossy(&once.stderr));
    assert_eq!(once.status.code(), Some(1), "{out}{err}");
    assert!(
        out.contains("dossiers lus") || out.contains("dossier lu"),
        "the first section is summed up: {out}"
    );
    assert!(err.contains("dn.also[0].token_file"), "{err}");
}
