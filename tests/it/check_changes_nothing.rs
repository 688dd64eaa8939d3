//! `vigie check` looks, and changes nothing of what is there.

use crate::cli::{folder, said, vigie};

/// Whatever `store.url` names by mistake keeps its mode, through `check` and through `run`.
#[test]
fn a_folder_for_all_that_is_named_as_the_store_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let shared = folder.path().join("dd");
    std::fs::create_dir(&shared).unwrap();
    std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o1777)).unwrap();
    for (arguments, why) in [
        (&["check"] as &[&str], "dd (store.url) est un dossier : nommez-y un fichier"),
        (&["run", "--once"], "dd is a folder. Remedy: name a file in that folder"),
    ] {
        let text = said(&vigie(folder.path(), arguments, &[("VIGIE_STORE__URL", "sqlite:dd")]));
        assert!(text.contains(why), "{text}");
        assert!(!text.contains("store.url : "), "{text}");
        assert_eq!(std::fs::metadata(&shared).unwrap().permissions().mode() & 0o7777, 0o1777);
    }
}

#[test]
fn what_is_wrong_with_the_configuration_is_named_once_by_check() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let text = said(&vigie(
        folder.path(),
        &["check"],
        &[("VIGIE_EVIDENCE__KEEP", "true"), ("VIGIE_DOCUMENTS__INSPECT", "false")],
    ));
    assert!(text.contains("ERREUR    configuration evidence.keep: "), "{text}");
}

#[test]
fn a_temporary_folder_that_is_absent_is_said_and_not_made_for_the_time_of_the_check() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    let absent = folder.path().join("absent/tmp").display().to_string();
    let text = said(&vigie(folder.path(), &["check"], &[("TMPDIR", &absent)]));
    let line = format!("ERREUR    pièces        le dossier temporaire {absent} ne peut pas être écrit");
    assert!(text.contains(&line), "{text}");
}
