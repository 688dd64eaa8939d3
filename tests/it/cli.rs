//! The real program, as an operator runs it.

use std::path::Path;
use std::process::{Command, Output};

use simulator::{Scenario, Simulator, TOKEN};
use tempfile::TempDir;

/// A folder with a configuration that works against `endpoint`, mails into files.
/// Its mails leave whatever the hour and the day of the test.
pub fn folder(endpoint: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[dn]\nendpoint = \"{endpoint}\"\ntoken_file = \"jeton\"\ndemarche = 12345\ninstructeur = \"robot@organisme.example\"\n\
         [mail]\nsmtp = \"file:courriels\"\nfrom = \"label@organisme.example\"\nquiet = {{ hours = \"\", days = [] }}\n\
         [schedule]\ndigest = \"0 0 0 * * *\"\n\
         [recipients]\norganisme = [\"label@organisme.example\"]\nditp = [\"ditp@example.gouv.fr\"]\n"
    );
    std::fs::write(folder.path().join("vigie.toml"), text).unwrap();
    std::fs::write(folder.path().join("jeton"), format!("{TOKEN}\n")).unwrap();
    std::fs::write(folder.path().join("form.toml"), crate::bench::FORM).unwrap();
    folder
}

pub fn vigie(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("--config").arg(folder.join("vigie.toml")).args(arguments);
    command.env_remove("TEST_DATABASE_URL").envs(variables.iter().copied());
    command.output().unwrap()
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn platform() -> Simulator {
    let mut scenario = Scenario::named("petit", 1, 0).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    let any = "127.0.0.1:0".parse().unwrap();
    Simulator::start(any, any, world).await.unwrap()
}

/// Runs the program off the runtime's thread, where the simulator must go on answering.
async fn run(folder: &TempDir, arguments: &'static [&'static str]) -> Output {
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || vigie(&path, arguments, &[])).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_then_again_then_explain() {
    let simulator = platform().await;
    let folder = folder(&simulator.endpoint());
    let check = run(&folder, &["check"]).await;
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
    for line in ["OK        plateforme", "OK        formulaire", "OK        base", "ATTENTION jeton"] {
        assert!(said(&check).contains(line), "{line} in {}", said(&check));
    }
    assert_eq!(simulator.world().counters().mutations, 0, "check writes nothing");

    let dry = run(&folder, &["run", "--once", "--dry-run"]).await;
    assert!(said(&dry).contains("annotations dossier 4242 : auto_etat = depose"), "{}", said(&dry));
    assert_eq!(simulator.world().counters().mutations, 0);

    let first = run(&folder, &["run", "--once"]).await;
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert!(said(&first).contains("3 dossiers annotés"), "{}", said(&first));
    let mails = std::fs::read_dir(folder.path().join("courriels")).unwrap().count();
    assert!(mails > 0);

    simulator.world().reset_counters();
    let second = run(&folder, &["run", "--once"]).await;
    assert!(said(&second).contains("0 dossier annoté, 0 courriel"), "{}", said(&second));
    let counters = simulator.world().counters();
    assert_eq!((counters.requests, counters.mutations), (1, 0));

    let explained = run(&folder, &["explain", "4243"]).await;
    let text = said(&explained);
    assert!(
        text.contains("DOSSIER 4243") && text.contains("ÉCHÉANCES") && text.contains("R-3.7.1-b"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let agenda = run(&folder, &["agenda", "--until", "2027-07-31"]).await;
    assert!(said(&agenda).contains("21/06/2027 — Plan d’audit à transmettre"), "{}", said(&agenda));
    assert!(!said(&agenda).contains("2030"), "{}", said(&agenda));
    let feed = run(&folder, &["agenda", "--format", "ics"]).await;
    assert!(said(&feed).contains("UID:4243-O-07@") && said(&feed).contains("DTSTART;VALUE=DATE:20270621"));
    let on = run(&folder, &["agenda", "--on", "2027-06-11"]).await;
    assert!(
        said(&on).contains("plan d’audit à transmettre au plus tard le 21 juin (dossier 4243"),
        "{}",
        said(&on)
    );
    assert!(
        said(&on).contains("courriels, d’après les dossiers et les envois connus aujourd’hui")
            || said(&on).contains("courriel, d’après"),
        "{}",
        said(&on)
    );
    let none = run(&folder, &["agenda", "--on", "2027-06-12", "--format", "json"]).await;
    assert!(!said(&none).contains("O-07"), "{}", said(&none));
    let json = run(&folder, &["explain", "4243", "--json"]).await;
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["case"], 4243);
    assert_eq!(run(&folder, &["explain", "1"]).await.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proposed_form_is_the_one_that_works() {
    let simulator = platform().await;
    let folder = folder(&simulator.endpoint());
    let proposed = run(&folder, &["form"]).await;
    assert_eq!(proposed.status.code(), Some(0), "{}", said(&proposed));
    let text = String::from_utf8(proposed.stdout).unwrap();
    let map: vigie::dn::form::FormMap = toml::from_str(&text).unwrap();
    let shipped: vigie::dn::form::FormMap = toml::from_str(crate::bench::FORM).unwrap();
    assert_eq!(map, shipped, "on the form that the shipped file describes, the proposal is that file");
}

#[test]
fn each_bad_setting_is_one_clear_line() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let path = folder.path().join("vigie.toml");
    let good = std::fs::read_to_string(&path).unwrap();
    let cases: [(&str, &str, i32, &[&str]); 10] = [
        ("demarche = 12345", "demrche = 12345", 2, &["demrche", "unknown field"]),
        ("demarche = 12345", "demarche = \"douze\"", 2, &["dn.demarche", "invalid type"]),
        ("demarche = 12345", "", 2, &["dn.demarche", "dn.groupe = 678"]),
        ("token_file = \"jeton\"", "", 2, &["dn.token", "VIGIE_DN__TOKEN"]),
        ("token_file = \"jeton\"", "token_file = \"rien\"", 2, &["dn.token_file", "cannot be read"]),
        ("instructeur = \"robot@organisme.example\"", "", 2, &["dn.instructeur", "act.annotations = false"]),
        ("smtp = \"file:courriels\"", "smtp = \"gopher://x\"", 2, &["mail.smtp", "smtps://"]),
        (
            "[mail]",
            "[[webhooks]]\nurl = \"http://ditp.example\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=\"\n[mail]",
            2,
            &["webhooks[0].url", "only https://"],
        ),
        (
            "[mail]",
            "[[webhooks]]\nurl = \"https://ditp.example\"\nsecret_file = \"rien\"\n[mail]",
            2,
            &["webhooks[0].secret_file", "cannot be read"],
        ),
        ("[mail]", "[web]\nlisten = \"0.0.0.0:80\"\n[mail]", 2, &["web.listen", "loopback"]),
    ];
    for (from, to, code, parts) in cases {
        assert!(good.contains(from));
        std::fs::write(&path, good.replace(from, to)).unwrap();
        let output = vigie(folder.path(), &["run", "--once"], &[]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{to}: {said}");
        assert!(parts.iter().all(|part| said.contains(part)), "{to}: {said}");
        assert_eq!(said.trim().lines().count(), 1, "{to}: {said}");
        assert!(!said.contains(TOKEN));
    }
    std::fs::write(&path, &good).unwrap();
    std::fs::write(folder.path().join("form.toml"), "[champs]\nnom_structure = 3").unwrap();
    let output = vigie(folder.path(), &["run", "--once"], &[]);
    assert!(said(&output).contains("form.toml, line 2"), "{}", said(&output));
}

#[test]
fn an_unreachable_platform_is_said_and_is_no_success() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let output = vigie(folder.path(), &["run", "--once"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("nothing listens at 127.0.0.1:9"), "{}", said(&output));
    let check = vigie(folder.path(), &["check"], &[]);
    assert_eq!(check.status.code(), Some(1));
    assert!(said(&check).contains("ERREUR    plateforme"), "{}", said(&check));
}

#[test]
fn wrong_usage_is_two() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    for arguments in [&["fly"][..], &["demo", "--speed", "vite"], &["explain"], &["demo", "--speed", "0d"]] {
        assert_eq!(vigie(folder.path(), arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
    let missing = vigie(&folder.path().join("nowhere"), &["check"], &[]);
    assert_eq!(missing.status.code(), Some(2), "{}", said(&missing));
}

#[test]
fn worked_cases_are_checked_and_a_mismatch_is_a_failure() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let cases = folder.path().join("cas.json");
    let file = cases.to_str().unwrap().to_owned();
    let case = |expected: &str, kind: &str| {
        format!(
            "{{\"cases\":[{{\"id\":\"C1\",\"kind\":\"{kind}\",\"title\":\"T\",\"input\":{{\"notification\":\"2026-08-31\",\"mois\":18}},\
             \"expected\":{{\"date_theorique\":\"{expected}\",\"debut\":\"2027-12-29\",\"fin\":\"2028-04-29\"}}}}]}}"
        )
    };
    let results = [
        (case("2028-02-29", "fenetre_suivi"), 0, "1 conforme(s)"),
        (case("2028-02-28", "fenetre_suivi"), 1, "2028-02-28"),
        (case("2028-02-29", "inconnu"), 1, "inconnu"),
        ("[]".to_owned(), 1, "cases"),
    ];
    for (document, code, part) in results {
        std::fs::write(&cases, &document).unwrap();
        let output = vigie(folder.path(), &["conformance", &file], &[]);
        assert_eq!(output.status.code(), Some(code), "{document}: {}", said(&output));
        assert!(said(&output).contains(part), "{part} in {}", said(&output));
    }
    std::fs::write(&cases, case("2028-02-28", "fenetre_suivi")).unwrap();
    let json = vigie(folder.path(), &["conformance", &file, "--json"], &[]);
    assert!(serde_json::from_slice::<serde_json::Value>(&json.stdout).is_ok(), "{}", said(&json));
    let missing = vigie(folder.path(), &["conformance", "/nowhere.json"], &[]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_draw_is_redone_from_its_seed() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let draw = |seed: &str| said(&vigie(folder.path(), &["draw", "--n", "10", "--seed", seed], &[]));
    assert_eq!(draw("2027"), draw("2027"));
    assert_ne!(draw("2027"), draw("2028"));
    assert!(
        draw("2027").contains("Tirage au sort de 4 service(s)") && draw("2027").contains("Graine : 2027")
    );
    let list = folder.path().join("locaux.txt");
    std::fs::write(&list, "b\n\n a \nb\n").unwrap();
    let drawn = said(&vigie(folder.path(), &["draw", "--from", list.to_str().unwrap()], &[]));
    assert!(drawn.contains("parmi 2"), "{drawn}");
    assert_eq!(vigie(folder.path(), &["draw"], &[]).status.code(), Some(2));
    assert_eq!(vigie(folder.path(), &["draw", "--n", "0"], &[]).status.code(), Some(2));
}

#[test]
fn a_template_is_written_once_in_the_asked_format() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let path = folder.path().join("grille.xlsx");
    let arguments = ["template", "grille-local", "--output", path.to_str().unwrap()];
    let first = vigie(folder.path(), &arguments, &[]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let written = std::fs::read(&path).unwrap();
    assert!(written.starts_with(b"PK"));
    let again = vigie(folder.path(), &arguments, &[]);
    assert_eq!(again.status.code(), Some(1), "what is there is never overwritten: {}", said(&again));
    assert_eq!(std::fs::read(&path).unwrap(), written);
    let text = vigie(folder.path(), &["template", "enquete-agents", "--format", "csv"], &[]);
    assert!(said(&text).contains("Question;Pas du tout d’accord;"), "{}", said(&text));
    let unknown = vigie(folder.path(), &["template", "recette"], &[]);
    assert!(
        unknown.status.code() == Some(2) && said(&unknown).contains("grille-central"),
        "{}",
        said(&unknown)
    );
    std::fs::write(folder.path().join("tables.toml"), "[enquete-usagers]\nsheets = 3\n").unwrap();
    let broken = vigie(folder.path(), &["template", "enquete-agents", "--format", "csv"], &[]);
    assert!(
        broken.status.code() == Some(2) && said(&broken).contains("tables.toml, line"),
        "{}",
        said(&broken)
    );
}

/// Variables, and what the refusal says.
type Refused<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

/// Variables as an operator sets them: each reaches what it is for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_come_from_the_environment() {
    let simulator = platform().await;
    let folder = folder(&simulator.endpoint());
    let path = folder.path().to_owned();
    let with = |variables: &'static [(&'static str, &'static str)], arguments: &'static [&'static str]| {
        let path = path.clone();
        tokio::task::spawn_blocking(move || vigie(&path, arguments, variables))
    };
    let refused: [Refused<'_>; 4] = [
        (&[("VIGIE_MAIL__PER_DAY", "sept")], &["VIGIE_MAIL__PER_DAY (mail.per_day)", "whole number"]),
        (&[("VIGIE_DN__REQUESTS_PER_MINUTE", "391")], &["dn.requests_per_minute", "between 1 and 390"]),
        (&[("VIGIE_GUIDE__EXTRA_HOLIDAYS", "2027-03-10,demain")], &["guide.extra_holidays", "2027-06-30"]),
        (
            &[
                ("VIGIE_WEBHOOKS__0__URL", "http://ditp.example"),
                ("VIGIE_WEBHOOKS__0__SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="),
            ],
            &["webhooks[0].url", "only https://"],
        ),
    ];
    for (variables, parts) in refused {
        let output = with(variables, &["run", "--once"]).await.unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{variables:?}: {text}");
        assert!(parts.iter().all(|part| text.contains(part)), "{variables:?}: {text}");
    }
    let listen: &[(&str, &str)] = &[("VIGIE_WEB__LISTEN", "127.0.0.1:9191")];
    let output = with(listen, &["calendar", "new", "organisme"]).await.unwrap();
    assert!(said(&output).contains("http://127.0.0.1:9191/calendrier/"), "{}", said(&output));

    // Messages need an instructeur to write as, annotations too: without either, nothing is missing.
    let text = std::fs::read_to_string(path.join("vigie.toml")).unwrap();
    let text = text.replace("instructeur = \"robot@organisme.example\"", "");
    std::fs::write(path.join("vigie.toml"), text).unwrap();
    let silent: &[(&str, &str)] = &[("VIGIE_ACT__ANNOTATIONS", "false"), ("VIGIE_ACT__MAIL", "false")];
    let output = with(silent, &["run", "--once"]).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(simulator.world().counters().mutations, 0, "nothing may be written");
    let messages: &[(&str, &str)] = &[("VIGIE_ACT__ANNOTATIONS", "false"), ("VIGIE_ACT__MESSAGES", "true")];
    let output = with(messages, &["run", "--once"]).await.unwrap();
    assert!(said(&output).contains("act.messages = false"), "{}", said(&output));
}

/// One line for a file that cannot be read: which key names it, why, and what to do; in the line of what it is for.
#[test]
fn a_file_that_cannot_be_read_is_said_once_with_its_key_and_what_to_do() {
    let utf16: Vec<u8> = format!("\u{feff}{TOKEN}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin1 = b"[champs]\nsiret = \"N\xb0 SIRET\"\n".to_vec();
    let files = [
        ("jeton", None, "plateforme", ["dn.token_file", "No such file", "put the file there"]),
        ("jeton", Some(utf16), "plateforme", ["dn.token_file", "UTF-16", "save it as UTF-8"]),
        ("form.toml", None, "formulaire", ["form.path", "No such file", "vigie form > form.toml"]),
        ("form.toml", Some(latin1), "formulaire", ["form.path", "Latin-1", "save it as UTF-8"]),
    ];
    for (name, content, line, words) in files {
        let folder = folder("http://127.0.0.1:9/api/v2/graphql");
        match content {
            Some(content) => std::fs::write(folder.path().join(name), content).unwrap(),
            None => std::fs::remove_file(folder.path().join(name)).unwrap(),
        }
        let check = said(&vigie(folder.path(), &["check"], &[]));
        let bad: Vec<&str> =
            check.lines().filter(|one| one.starts_with("ERREUR") && one.contains(words[0])).collect();
        assert_eq!(bad.len(), 1, "{check}");
        assert!(bad[0].starts_with(&format!("ERREUR    {line}")), "{check}");
        assert!(words.iter().all(|word| bad[0].contains(word)), "{}", bad[0]);
    }
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let path = folder.path().join("vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("file:courriels", "gopher://x")).unwrap();
    let check = said(&vigie(folder.path(), &["check"], &[]));
    assert_eq!(check.matches("mail.smtp:").count(), 1, "{check}");
    std::fs::write(&path, format!("{text}[network]\nca_file = \"absent.pem\"\n")).unwrap();
    let check = said(&vigie(folder.path(), &["check"], &[]));
    assert!(check.contains("network.ca_file") && check.contains("put the file there"), "{check}");
}
