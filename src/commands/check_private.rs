//! `vigie check`: files that hold secrets or name people, and that nobody else reads.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;

use super::checker::Checker;
use crate::config::Settings;
use crate::private;

/// What everybody on this machine may read, and should not.
pub(super) fn private_files(settings: &Settings, checker: &mut Checker<'_>) {
    let (there, absent): (Vec<_>, Vec<_>) =
        guarded(settings).into_iter().partition(|(_, path)| path.symlink_metadata().is_ok());
    // The program makes these when it needs them, for its own account.
    let made = |key: &str| ["store.url", "mail.smtp", "evidence.folder"].contains(&key);
    let (later, absent): (Vec<_>, Vec<_>) = absent.into_iter().partition(|(key, _)| made(key));
    for (key, path) in later.iter().filter(|(_, path)| !is_beside_a_base(path)) {
        checker.good(
            "droits",
            &format!("{key} : {} n’existe pas encore ; vigie le fera pour son seul compte", path.display()),
        );
    }
    for (key, path) in &absent {
        checker.warn("droits", &format!("{key} : {} n’existe pas", path.display()));
    }
    // A folder named as the store is not ours: the line of the base says so, and nobody should close it.
    let is_ours = |(key, path): &(String, PathBuf)| key != "store.url" || path.is_file();
    let open: Vec<_> =
        there.into_iter().filter(is_ours).filter(|(_, path)| private::is_open_to_others(path)).collect();
    for (key, path) in &open {
        let mode = if path.is_dir() { "700" } else { "600" };
        checker.warn(
            "droits",
            &format!(
                "{key} : {} est ouvert à tous les comptes de cette machine ; chmod {mode}",
                path.display()
            ),
        );
    }
    if open.is_empty() && absent.is_empty() {
        checker.good(
            "droits",
            "jetons, secrets, base, courriels et copies ne sont lisibles que de ce compte ou de son groupe",
        );
    }
}

/// What SQLite makes and ends by itself.
fn is_beside_a_base(path: &Path) -> bool {
    ["-wal", "-shm"].iter().any(|end| path.to_string_lossy().ends_with(end))
}

/// The files and folders that hold secrets or name people, by the key that names each.
fn guarded(settings: &Settings) -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    found.extend(settings.secret_file.clone().map(|path| ("configuration".to_owned(), path)));
    let mut add = |key: &str, path: Option<&PathBuf>| {
        found.extend(path.map(|path| (key.to_owned(), settings.beside(path))));
    };
    add("dn.token_file", settings.dn.token_file.as_ref());
    for (rank, also) in settings.dn.also.iter().enumerate() {
        add(&format!("dn.also[{rank}].token_file"), also.token_file.as_ref());
    }
    for (rank, hook) in settings.webhooks.iter().enumerate() {
        add(&format!("webhooks[{rank}].secret_file"), hook.secret_file.as_ref());
    }
    for (rank, oidc) in settings.web.oidc.iter().enumerate() {
        add(
            &format!("{}.client_secret_file", settings.web.oidc_place(rank)),
            oidc.client_secret_file.as_ref(),
        );
    }
    add("evidence.secret_key_file", settings.evidence.secret_key_file.as_ref());
    if settings.evidence.keep && settings.evidence.bucket.is_none() {
        add("evidence.folder", Some(&settings.evidence.folder));
    }
    add("mail.returned", settings.mail.returned.as_ref());
    // These addresses are resolved whole: joined again, they would be looked for in a folder of the same name below.
    let named = |url: &str, scheme: &str| {
        let url = settings.resolve_url(url, scheme);
        let path = url.strip_prefix(scheme)?.split('?').next()?;
        Some(path.trim_start_matches("//").to_owned()).filter(|path| !path.starts_with(':'))
    };
    if let Some(path) = named(&settings.store.url, "sqlite:") {
        for suffix in ["", "-wal", "-shm"] {
            found.push(("store.url".to_owned(), PathBuf::from(format!("{path}{suffix}"))));
        }
    }
    let smtp = settings.mail.smtp.as_ref().filter(|_| settings.act.mail);
    if let Some(path) = smtp.and_then(|url| named(url.expose_secret(), "file:")) {
        found.push(("mail.smtp".to_owned(), PathBuf::from(path)));
    }
    found
}
