//! `vigie check`: what this machine must give: an antivirus that answers, a fence around the child that reads files, and a
//! temporary folder.

use super::checker::Checker;
use crate::config::Settings;
use crate::documents::{Clamd, Fence, NotTaken, child};
use crate::private;
use crate::store::Store;

/// How attachments are read here.
pub(super) async fn documents(settings: &Settings, checker: &mut Checker<'_>) {
    if !settings.documents.inspect {
        return checker
            .warn("pièces", "documents.inspect = false : les pièces sont listées et jamais ouvertes");
    }
    let folder = std::env::temp_dir();
    if let Err(error) = private::try_out_there(&folder) {
        let text = format!(
            "le dossier temporaire {} ne peut pas être écrit ({error}) : créez-le avec le droit d’y écrire, faites-y de la place, ou indiquez-en un autre dans TMPDIR",
            folder.display()
        );
        checker.bad("pièces", &text);
    }
    match fence().await {
        Ok(Fence::Twice) => {
            checker.good("pièces", "lues dans un processus sans fichiers, réseau ni commandes (seccomp et Landlock)");
        }
        Ok(Fence::Once) => checker.warn(
            "pièces",
            "lues dans un processus sans fichiers, réseau ni commandes, par seccomp seul : ce noyau n’a pas Landlock, ou un conteneur le lui refuse (Linux 5.13, lsm=landlock)",
        ),
        Err(error) => checker.bad(
            "pièces",
            &format!("aucune ne sera lue : le processus qui les ouvre ne peut pas être enfermé ({error}) ; il faut seccomp (SystemCallFilter de l’unité : voir docs/exploitation.md), ou documents.inspect = false"),
        ),
    }
    match settings.documents.clamd.as_deref().map(Clamd::parse) {
        None => {}
        Some(Err(why)) => checker.bad("antivirus", &format!("documents.clamd : {why}")),
        Some(Ok(clamd)) => antivirus(&clamd, settings.documents.max_bytes, checker).await,
    }
}

/// How far the child that opens attachments is confined.
async fn fence() -> std::io::Result<Fence> {
    child::try_out(&std::env::current_exe()?).await
}

/// The same in the log of the service: it runs under the filters of its unit or container, a command run by hand does not.
pub(super) async fn say_fence() {
    match fence().await {
        Ok(Fence::Twice) => tracing::info!("attachments are opened behind seccomp and Landlock"),
        Ok(Fence::Once) => tracing::info!("attachments are opened behind seccomp, without Landlock"),
        Err(error) => tracing::error!(
            "no attachment will be opened: the process that does it cannot be confined ({error}). Remedy: allow seccomp (SystemCallFilter of the unit: docs/exploitation.md)"
        ),
    }
}

async fn antivirus(clamd: &Clamd, max_bytes: u64, checker: &mut Checker<'_>) {
    let version = match clamd.version().await {
        Ok(version) => version,
        Err(error) => {
            let text = format!(
                "clamd ne répond pas, ou n’est pas clamd ({error}) : vérifiez documents.clamd, que clamav-daemon tourne et que ce compte peut lui parler ; d’ici là les pièces attendent"
            );
            return checker.bad("antivirus", &text);
        }
    };
    match clamd.takes(max_bytes).await {
        Ok(()) => checker.good("antivirus", &format!("{version}, prend un fichier de {max_bytes} octets")),
        Err(NotTaken::Otherwise(error)) => checker.bad(
            "antivirus",
            &format!("{version} n’examine pas un fichier d’essai, fait de zéros ({error}) ; d’ici là les pièces attendent"),
        ),
        Err(NotTaken::TooLarge(error)) => checker.bad(
            "antivirus",
            &format!("{version} ne prend pas un fichier de {max_bytes} octets ({error}) : portez StreamMaxLength, MaxFileSize et MaxScanSize de clamd.conf au-dessus, ou baissez documents.max_bytes ; d’ici là une telle pièce attend"),
        ),
    }
}

/// Who shares the database, and whether its processes hear each other at once.
pub(super) async fn replicas(store: &Store, checker: &mut Checker<'_>) {
    if !store.replicas().are_possible() {
        return;
    }
    let present = match store.replicas().present().await {
        Ok(present) => present,
        Err(error) => return checker.bad("répliques", &error.to_string()),
    };
    let there = match present.iter().find(|replica| replica.observes) {
        Some(observer) => format!("{} en marche, {} observe", present.len(), observer.name),
        None => format!("{} en marche, aucune n’observe", present.len()),
    };
    match store.session(1).await {
        Ok(Some(_)) => checker.good("répliques", &format!("{there} ; elles se préviennent aussitôt")),
        Ok(None) => checker.warn(
            "répliques",
            &format!("{there} ; store.url mène à un pooler et store.direct_url est absent : chacune attend schedule.poll pour voir ce que font les autres, et un courriel pris par une réplique tuée attend vingt minutes"),
        ),
        Err(error) => checker.bad(
            "répliques",
            &format!("{there} ; pas de session directe ({error}) : vérifiez store.direct_url"),
        ),
    }
}
