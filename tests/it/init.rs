//! `vigie init`, as an administrator runs it: on a terminal, from flags, without a token.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use simulator::{Scenario, Simulator, TOKEN};
use tempfile::TempDir;

use crate::cli::{said, vigie};

async fn platform() -> Simulator {
    let any = "127.0.0.1:0".parse().unwrap();
    Simulator::start(any, any, Scenario::named("petit", 1, 0).unwrap().world()).await.unwrap()
}

/// An empty folder, with the token in a file beside.
fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("recu.txt"), format!("Bearer {TOKEN}\n")).unwrap();
    place
}

/// Runs the program in `etc` of that place, where nothing is yet.
async fn run(place: &TempDir, arguments: Vec<String>, answers: &str) -> Output {
    let (path, answers) = (place.path().to_owned(), answers.to_owned());
    tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.arg("--config").arg(path.join("etc/vigie.toml")).args(&arguments).current_dir(&path);
        command.env_remove("TEST_DATABASE_URL").stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // The program may end before it read all answers.
        let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn silent(simulator: &Simulator) -> Vec<String> {
    let mut all = words(
        "init --yes --token-file recu.txt --demarche 12345 --instructeur robot@organisme.example \
         --smtp file:courriels --from label@organisme.example --ditp ditp@example.gouv.fr",
    );
    all.extend(["--endpoint".to_owned(), simulator.endpoint()]);
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_flags_to_a_first_pass() {
    let simulator = platform().await;
    let place = place();
    let made = run(&place, silent(&simulator), "").await;
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert!(!said(&made).contains(TOKEN));
    let etc = place.path().join("etc");
    for name in ["vigie.toml", "form.toml", "jeton"] {
        assert_eq!(mode(&etc.join(name)), 0o600, "{name}");
    }
    assert_eq!(std::fs::read_to_string(etc.join("jeton")).unwrap().trim(), TOKEN);
    let read = |name: &str| std::fs::read_to_string(etc.join(name)).unwrap();
    let map: vigie::dn::form::FormMap = toml::from_str(&read("form.toml")).unwrap();
    let shipped: vigie::dn::form::FormMap = toml::from_str(crate::bench::FORM).unwrap();
    assert_eq!(map, shipped);
    let check = run(&place, words("check"), "").await;
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
    let once = run(&place, words("run --once"), "").await;
    assert!(said(&once).contains("dossiers annotés"), "{}", said(&once));

    let before = read("vigie.toml");
    let again = run(&place, silent(&simulator), "").await;
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert!(said(&again).contains("is already there"), "{}", said(&again));
    assert_eq!(read("vigie.toml"), before);
    let mut over = silent(&simulator);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    over.extend(words(&format!("--overwrite --listen {listen}")));
    let over = run(&place, over, "").await;
    assert_eq!(over.status.code(), Some(0));
    assert!(said(&over).contains(&format!("ATTENTION  {listen} ne peut pas")), "{}", said(&over));
    assert!(said(&over).contains("sans serveur de courriel, rien n’est envoyé"), "{}", said(&over));
    assert!(read("vigie.toml").contains(&listen));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_work_is_said_and_nothing_is_written() {
    let simulator = platform().await;
    let place = place();
    let with = |flag: &str, value: &str| {
        let mut all = silent(&simulator);
        let at = all.iter().position(|word| word == flag).unwrap();
        all[at + 1] = value.to_owned();
        all
    };
    std::fs::write(place.path().join("faux.txt"), "jeton-faux").unwrap();
    for (arguments, code, part) in [
        (with("--token-file", "faux.txt"), 1, "ERREUR"),
        (with("--token-file", "absent.txt"), 1, "absent.txt"),
        (with("--demarche", "99999"), 1, "ERREUR"),
        (with("--instructeur", "inconnu@organisme.example"), 1, "n’est pas membre du groupe"),
        (with("--smtp", "smtp://127.0.0.1:9"), 1, "vérifiez l’hôte et le port de mail.smtp"),
        (with("--endpoint", "abc"), 2, "dn.endpoint: not an address"),
        (
            [silent(&simulator), words("--store sqlite:/proc/absent/x.db")].concat(),
            1,
            "/proc/absent cannot be written",
        ),
        ([silent(&simulator), words("--token-expires 2020-01-01")].concat(), 2, "2020-01-01 is over"),
        (words("init --yes --exports /proc/absent --no-mail"), 1, "/proc/absent cannot be used"),
        (words("init --yes"), 2, "--demarche N or --groupe N"),
        (words("init --yes --exports exports"), 2, "--from ADDRESS, or --no-mail"),
        (words("init"), 2, "the input ended"),
    ] {
        let output = run(&place, arguments.clone(), "").await;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(part), "{arguments:?}: {}", said(&output));
        assert!(!place.path().join("etc").exists(), "{arguments:?}: left behind");
        assert!(!said(&output).contains("trying again"), "{}", said(&output));
    }
    assert_eq!(simulator.world().counters().mutations, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_terminal_a_wrong_answer_is_asked_again_and_a_file_is_kept() {
    let simulator = platform().await;
    let place = place();
    let endpoint = simulator.endpoint();
    let answers = format!(
        "peut-être\no\n{endpoint}\ndeux mots\n12345\no\n{endpoint}\n{TOKEN}\n99999\no\n{endpoint}\n{TOKEN}\ng\n12345\n\n\nfile:courriels\n\n\
         label@organisme.example\nlabel@organisme.example, chef@organisme.example\n\n"
    );
    let made = run(&place, words("init"), &answers).await;
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    for part in [
        "Répondez par o ou n",
        "ERREUR  ce n’est pas un jeton (holds several lines or words",
        "Une réponse est nécessaire ici.",
        "ERREUR",
        "Un nombre, comme 12345",
        "vigie n’écrira rien",
        "base SQLite prête",
    ] {
        assert!(said(&made).contains(part), "{part} in {}", said(&made));
    }
    let path = place.path().join("etc/vigie.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("annotations = false") && text.contains("chef@organisme.example"), "{text}");

    std::fs::write(&path, "# à moi\n").unwrap();
    let answers =
        format!("o\n{endpoint}\n{TOKEN}\n12345\n\n\nfile:courriels\nlabel@organisme.example\n\n\no\no\nn\n");
    let again = run(&place, words("init"), &answers).await;
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert!(said(&again).contains("est gardé tel quel"), "{}", said(&again));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "# à moi\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_answers_are_the_usual_ones_and_a_bad_address_is_asked_again() {
    let simulator = platform().await;
    let place = place();
    let endpoint = simulator.endpoint();
    // The address, the token and then the number are kept; a bad address ends nothing.
    let answers = format!(
        "o\nabc\n{endpoint}\n{TOKEN}\n99999\no\n\n\n12345\n\n\n\nlabel@organisme.example\n\npas une adresse\nditp@example.gouv.fr\n"
    );
    let made = run(&place, words("init"), &answers).await;
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    for part in [
        "ce n’est pas une adresse ; exemple : https",
        &format!("Adresse de l’API de la plateforme [{endpoint}] : "),
        "autres comptes) [le même] : ",
        "[99999] : ",
        "ce n’est pas une adresse où écrire",
    ] {
        assert!(said(&made).contains(part), "{part} in {}", said(&made));
    }
    assert!(!said(&made).contains(TOKEN));
    let text = std::fs::read_to_string(place.path().join("etc/vigie.toml")).unwrap();
    assert!(text.contains("ditp = [\"ditp@example.gouv.fr\"]") && text.contains(&endpoint), "{text}");
}

#[test]
fn places_that_cannot_work_are_refused_before_anything_is_written() {
    let place = place();
    let etc = place.path().join("etc");
    let flags = words("init --yes --exports exports --smtp file:courriels --from label@organisme.example");
    let unit = place.path().join("u.service").display().to_string();
    let with = |more: &[&str]| [flags.clone(), more.iter().map(|word| (*word).to_owned()).collect()].concat();
    for (arguments, code, named) in [
        (with(&["--unit", "/proc/u.service"]), 2, "--unit: /proc cannot be written"),
        (with(&["--unit", "/absent/u.service"]), 2, "--unit: /absent is no folder"),
        (with(&["--unit", "/srv/u"]), 2, "ends with .service"),
        (with(&["--service"]), 2, "--service: the unit of the package reads /etc/vigie/vigie.toml"),
        (with(&["--unit", &unit, "--store", "sqlite:/srv/x.db"]), 1, "/srv/x.db : le service n’écrit"),
    ] {
        let refs: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = vigie(&etc, &refs, &[]);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(named), "{}", said(&output));
        assert!(!etc.exists(), "{arguments:?}: left behind");
    }
    let refs: Vec<&str> = flags.iter().map(String::as_str).collect();
    let output = vigie(Path::new("/proc/absent"), &refs, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("--config: /proc/absent cannot be written"), "{}", said(&output));
}

#[test]
fn without_a_token_the_unit_and_the_program_start() {
    let place = place();
    let etc = place.path().join("etc");
    std::fs::create_dir(&etc).unwrap();
    let unit = place.path().join("vigie.service");
    let mut arguments = words(
        "init --yes --exports exports --store sqlite:vigie.db --smtp smtp://moi:secret@127.0.0.1:9 \
         --from label@organisme.example --unit",
    );
    arguments.push(unit.display().to_string());
    let refs: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = vigie(&etc, &refs, &[]);
    assert_eq!(output.status.code(), Some(1), "a mail server that does not answer: {}", said(&output));
    let at = arguments.iter().position(|word| word.starts_with("smtp://")).unwrap();
    arguments[at] = "file:courriels".to_owned();
    let refs: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = vigie(&etc, &refs, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!etc.join("jeton").exists() && etc.join("exports").is_dir());
    assert_eq!(mode(&etc.join("vigie.toml")), 0o644, "the service's account reads it");
    let text = std::fs::read_to_string(&unit).unwrap();
    let folder = std::fs::canonicalize(&etc).unwrap().display().to_string();
    let advice = said(&output);
    for part in [
        "-p User=vigie ",
        &format!("-p EnvironmentFile=-{folder}/secrets.env "),
        &format!("-E VIGIE_CONFIG={folder}/vigie.toml "),
        "systemctl daemon-reload && systemctl enable --now vigie.service",
        &format!("install -m 644 {} /etc/systemd/system/vigie.service && ", unit.display()),
        "les courriels seront écrits dans /var/lib/vigie/courriels",
        "base SQLite : /var/lib/vigie/vigie.db, que le service créera",
        "ATTENTION",
    ] {
        assert!(advice.contains(part), "{part} in {advice}");
    }
    assert!(!advice.contains("accepte cet expéditeur"), "nothing was tried: {advice}");
    let written = std::fs::read_to_string(etc.join("vigie.toml")).unwrap();
    assert!(written.contains("smtp = \"file:/var/lib/vigie/courriels\""), "{written}");
    assert!(!advice.contains("LoadCredential") && !advice.contains("vigie --config"), "{advice}");
    assert!(text.contains(&format!("LoadCredential=jeton:{folder}/jeton\n")), "{text}");
    assert!(text.contains("SetCredential=jeton:\\n\n"), "a token that is not there is not missed");
    assert!(text.contains(&format!("Environment=VIGIE_CONFIG={folder}/vigie.toml\n")), "{text}");
    assert!(!text.contains("/etc/vigie/") && !text.contains("/usr/bin/vigie"), "{text}");
    // As the unit starts it: a token file that is blank.
    let blank = place.path().join("blank");
    std::fs::write(&blank, "\n").unwrap();
    let blank = blank.display().to_string();
    // Not in the folder of the service, which this machine may have.
    let store = format!("sqlite:{}", place.path().join("vigie.db").display());
    let mails = format!("file:{}", place.path().join("courriels").display());
    let variables = [
        ("VIGIE_DN__TOKEN_FILE", blank.as_str()),
        ("VIGIE_STORE__URL", store.as_str()),
        ("VIGIE_MAIL__SMTP", mails.as_str()),
    ];
    let check = vigie(&etc, &["check"], &variables);
    assert!(said(&check).contains("sans jeton : lue par ses exports"), "{}", said(&check));
    let once = vigie(&etc, &["run", "--once"], &variables);
    assert_eq!(once.status.code(), Some(0), "{}", said(&once));
}

#[test]
fn without_mail_nothing_is_sent_and_that_is_said() {
    let place = place();
    let etc = place.path().join("etc");
    std::fs::create_dir(&etc).unwrap();
    let flags = words("init --yes --exports exports --no-mail --ditp ditp@example.gouv.fr");
    let refs: Vec<&str> = flags.iter().map(String::as_str).collect();
    let made = vigie(&etc, &refs, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert!(said(&made).contains("act.mail = false"), "{}", said(&made));
    let text = std::fs::read_to_string(etc.join("vigie.toml")).unwrap();
    assert!(text.contains("mail = false") && !text.contains("[mail]"), "{text}");
    let check = vigie(&etc, &["check"], &[]);
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
}

#[test]
fn what_the_program_would_refuse_is_refused_before_it_is_written() {
    let place = place();
    let etc = place.path().join("etc");
    std::fs::create_dir(&etc).unwrap();
    let flags = "init --yes --exports exports --no-mail";
    let mail = "init --yes --exports exports --smtp file:courriels --from a@b.example";
    for (flags, more, named) in [
        (flags, ["--listen", "0.0.0.0:8080"], "[web.oidc] or [web.proxy], which init does not write"),
        (flags, ["--listen", "8080"], "not an address and a port"),
        (mail, ["--organisme", "pas une adresse"], "recipients.organisme"),
    ] {
        let arguments = [words(flags), more.map(str::to_owned).to_vec()].concat();
        let refs: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = vigie(&etc, &refs, &[]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(named), "{}", said(&output));
        assert!(!etc.join("vigie.toml").exists());
    }
}
