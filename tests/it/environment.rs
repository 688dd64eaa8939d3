//! Every key of `vigie.toml` can come from the environment.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::ExposeSecret;
use toml::{Table, Value};
use vigie::config::{ConfigError, Settings, Since, load};

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vigie.toml");
    std::fs::write(&path, text).unwrap();
    let owned = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let mut settings = load(&path, true, owned)?;
    settings.folder.clear();
    Ok(settings)
}

/// Why the variables are refused.
fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    read(text, variables).unwrap_err().to_string()
}

/// `webhooks.0.url` → `VIGIE_WEBHOOKS__0__URL`.
fn variable(key: &str) -> String {
    format!("VIGIE_{}", key.replace('.', "__").to_uppercase())
}

/// The keys that a section says it has, when it is asked for one that it has not.
fn keys_of(section: &str) -> Option<Vec<String>> {
    let said = read("", &[(&variable(&format!("{section}zz")), "1")]).err()?.why;
    let known = said.strip_prefix("unknown field, known here: ")?;
    Some(known.split(", ").map(|key| format!("{section}{key}")).collect())
}

/// Every key that the settings have.
fn keys() -> BTreeSet<String> {
    let (mut found, mut waiting) = (BTreeSet::new(), keys_of("zz.").unwrap_or_default());
    for section in &mut waiting {
        *section = section.replace("zz.", "");
    }
    while let Some(key) = waiting.pop() {
        let below = keys_of(&format!("{key}.")).or_else(|| keys_of(&format!("{key}.0.")));
        match below {
            Some(below) => waiting.extend(below),
            None => drop(found.insert(key)),
        }
    }
    found
}

/// The shipped file, with its commented examples uncommented.
fn shipped() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/vigie.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let is_example = |line: &str| {
        line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains([' ', '`']))
    };
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(example) if is_example(example) => example,
        _ => line,
    });
    toml::from_str(&lines.collect::<Vec<_>>().join("\n")).unwrap()
}

fn example(table: &Table, key: &str) -> Option<Value> {
    let mut value = &Value::Table(table.clone());
    for step in key.split('.') {
        value = match step.parse::<usize>() {
            Ok(index) => value.get(index)?,
            Err(_) => value.get(step)?,
        };
    }
    Some(value.clone())
}

/// A value of the same type as the example, and other than the default.
fn other(key: &str, example: &Value) -> Value {
    match (key, example) {
        ("web.listen", _) => Value::from("127.0.0.1:9191"),
        ("web.metrics" | "web.proxy.trusted", _) => Value::from(vec!["10.0.0.0/8", "10.1.0.0/16", "::1"]),
        ("web.metrics_listen", _) => Value::from("127.0.0.1:9292"),
        ("web.oidc.provider", _) => Value::from("google"),
        ("web.site.accessibility", _) => Value::from("partielle"),
        ("organismes.0.zone", _) => Value::from("mayotte"),
        ("act.since", _) => "2027-01-04".parse::<toml::value::Datetime>().unwrap().into(),
        ("guide.extra_holidays", _) => {
            let day = |text: &str| Value::from(text.parse::<toml::value::Datetime>().unwrap());
            Value::Array(vec![day("2027-03-10"), day("2027-04-01")])
        }
        ("store.url", _) => Value::from("postgres://vigie@localhost/vigie"),
        (_, Value::Integer(number)) => Value::from(number + 1),
        (_, Value::Boolean(yes)) => Value::from(!yes),
        (_, Value::String(text)) => Value::from(format!("{text} 0123")),
        (_, Value::Array(_)) => Value::from(vec!["a", "1e5", "007"]),
        (_, value) => value.clone(),
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(as_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A file that holds this key alone.
fn file_with(key: &str, value: &Value) -> String {
    let whole = key.rsplit('.').fold(value.clone(), |inner, step| match step.parse::<usize>() {
        Ok(_) => Value::Array(vec![inner]),
        Err(_) => Value::Table(Table::from_iter([(step.to_owned(), inner)])),
    });
    toml::to_string(&whole).unwrap()
}

#[test]
fn every_key_is_shipped_and_means_the_same_in_the_environment() {
    let (keys, file, default) = (keys(), shipped(), format!("{:?}", Settings::default()));
    assert!(keys.len() > 60, "{} keys: the walk went wrong", keys.len());
    for key in &keys {
        let secret =
            ["token", "secret", "secret_key", "client_secret"].contains(&key.rsplit('.').next().unwrap());
        // The keys of a further démarche are those of [dn]; a secret has a key beside that of its file.
        let told = example(&file, key).or_else(|| example(&file, &key.replace("dn.also.0", "dn")));
        let told = told.or_else(|| secret.then(|| Value::from("0123456")));
        let Some(told) = told else { panic!("config/vigie.toml has no line for {key}") };
        let value = other(key, &told);
        let mut from_file = read(&file_with(key, &value), &[]).unwrap();
        // That a secret stands in the file is known of the file alone.
        from_file.secret_file = None;
        let from_variable = read("", &[(&variable(key), &as_text(&value))])
            .unwrap_or_else(|error| panic!("{key} cannot come from the environment: {error}"));
        assert_eq!(format!("{from_variable:?}"), format!("{from_file:?}"), "{key}");
        assert_ne!(format!("{from_variable:?}"), default, "{key} changed nothing");
    }
}

#[test]
fn a_text_stays_what_it_is() {
    let settings = read(
        "[dn]\ndemarche = 1",
        &[("VIGIE_DN__TOKEN", "0123"), ("VIGIE_EVIDENCE__ACCESS_KEY", "1e5"), ("VIGIE_DN__DEMARCHE", " 77 ")],
    )
    .unwrap();
    assert_eq!(settings.dn.token.unwrap().expose_secret(), "0123");
    assert_eq!((settings.evidence.access_key.as_deref(), settings.dn.demarche), (Some("1e5"), Some(77)));
}

#[test]
fn an_empty_variable_is_absent() {
    let file = "[mail]\nfrom = \"label@organisme.example\"\nper_day = 7";
    let settings = read(file, &[("VIGIE_MAIL__FROM", ""), ("VIGIE_MAIL__PER_DAY", " ")]).unwrap();
    assert_eq!((settings.mail.from.is_some(), settings.mail.per_day), (true, 7));
}

#[test]
fn lists_go_by_commas_and_sections_by_index() {
    let file = "[[webhooks]]\nurl = \"https://un.example\"\n[act]\nsince = 2027-01-04";
    let variables = [
        ("VIGIE_WEBHOOKS__0__SECRET", "a"),
        ("VIGIE_WEBHOOKS__1__URL", "https://deux.example"),
        ("VIGIE_WEBHOOKS__1__EVENTS", "label.attribue,, label.retire,"),
        ("VIGIE_DN__ALSO__0__DEMARCHE", "12"),
        ("VIGIE_PORT", "tcp://10.0.0.1:8080"),
    ];
    let settings = read(file, &variables).unwrap();
    let urls: Vec<&str> =
        settings.webhooks.iter().map(|hook| hook.url.as_ref().unwrap().expose_secret()).collect();
    assert_eq!(urls, ["https://un.example", "https://deux.example"]);
    assert_eq!(settings.webhooks[0].secret.as_ref().unwrap().expose_secret(), "a");
    assert_eq!(settings.webhooks[1].events, ["label.attribue", "label.retire"]);
    assert_eq!(settings.dn.also[0].demarche, Some(12));
    assert_eq!(settings.act.since, Since::On(jiff::civil::date(2027, 1, 4)));
}

#[test]
fn an_error_names_the_variable_and_the_key_and_hides_the_value() {
    let cases: [(&str, &str, &[&str]); 12] = [
        ("VIGIE_MAIL__PER_DAY", "caché", &["mail.per_day", "whole number"]),
        ("VIGIE_MAIL__PER_DAY", "-3333", &["mail.per_day", "0 or more"]),
        ("VIGIE_ACT__MAIL", "ouioui", &["act.mail", "true or false"]),
        ("VIGIE_ACT__SINCE", "demain", &["act.since", "2027-01-04"]),
        ("VIGIE_WEB__LISTEN", "partout", &["web.listen"]),
        ("VIGIE_WEB__METRICS", "::1,partout", &["web.metrics[1]", "not a network"]),
        ("VIGIE_GUIDE__EXTRA_HOLIDAYS", "2027-03-10,demain", &["guide.extra_holidays", "2027-06-30"]),
        ("VIGIE_MAIL__PER_JOUR", "caché", &["mail.per_jour", "per_day", "smtp"]),
        ("VIGIE_MAILS__PER_DAY", "caché", &["mails", "recipients", "webhooks"]),
        ("VIGIE_WEB__OIDC", "caché", &["web.oidc", "issuer"]),
        ("VIGIE_DN__TOKEN__FILE", "caché", &["dn.token"]),
        ("VIGIE_WEBHOOKS__1__URL", "caché", &["webhooks[1].url", "next index is 0"]),
    ];
    for (name, text, parts) in cases {
        let said = refused("", &[(name, text)]);
        assert!(said.contains(name) && parts.iter().all(|part| said.contains(part)), "{name}: {said}");
        assert!(!said.contains(text) && said.lines().count() == 1, "{name}: {said}");
    }
    let said = refused("[dn]\ntoken = \"x\"", &[("VIGIE_DN__TOKEN__FILE", "y")]);
    assert!(said.contains("both a value and a section"), "{said}");
    // A fault of the file is not blamed on a variable.
    let said = refused("[dn]\ntoken_expires = \"demain\"", &[("VIGIE_DN__TOKEN", "y")]);
    assert!(said.contains("configuration: dn.token_expires:"), "{said}");
}
