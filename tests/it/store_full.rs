//! A store on a disk without room, as `vigie check` and the start of the service say it.

use std::path::{Path, PathBuf};
use std::process::Command;

use vigie::store::Store;

/// A disk of eight megabytes. `None`, said, where this account may not mount one.
pub struct SmallDisk(PathBuf, Option<tempfile::TempDir>);

impl SmallDisk {
    pub fn mounted() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&path).output();
        if !mounted.is_ok_and(|mounted| mounted.status.success()) {
            println!("NOT RUN on a small disk: this account cannot mount one");
            return None;
        }
        Some(SmallDisk(path, Some(folder)))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Leaves so many bytes.
    pub fn fill_but(&self, left: u64) {
        let disk = rustix::fs::statvfs(&self.0).unwrap();
        let bytes = (disk.f_bavail * disk.f_frsize).saturating_sub(left);
        std::fs::write(self.0.join("filling"), vec![0; usize::try_from(bytes).unwrap()]).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        self.1.take();
    }
}

/// Waits for the last connection, which closes behind our back and takes what stands beside the base with it.
async fn closed(disk: &SmallDisk) {
    let beside = disk.path().join("vigie.db-wal");
    for _ in 0..100 {
        if !beside.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!beside.exists(), "{} is still there", beside.display());
}

#[tokio::test]
async fn a_full_disk_is_said_with_its_path_and_what_to_do_for_a_new_store_and_for_one_that_is_there() {
    for is_there in [false, true] {
        for left in [0, 4096, 20_000, 60_000] {
            let Some(disk) = SmallDisk::mounted() else { return };
            let file = disk.path().join("vigie.db");
            let url = format!("sqlite:{}", file.display());
            if is_there {
                drop(Store::open(&url).await.unwrap());
                closed(&disk).await;
            }
            disk.fill_but(left);
            // With a little room, one that needs nothing made is opened.
            let Err(error) = Store::open(&url).await else {
                assert!(is_there && left > 0, "{left}");
                continue;
            };
            let said = format!(
                "{} has no room: the disk is full. Remedy: free some room on that disk",
                file.display()
            );
            assert_eq!(error.to_string(), said, "{is_there} {left}");
        }
    }
}

#[test]
fn check_says_which_folder_has_no_room_or_cannot_be_made() {
    let Some(disk) = SmallDisk::mounted() else { return };
    std::fs::create_dir(disk.path().join("tmp")).unwrap();
    disk.fill_but(0);
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("form.toml"), crate::bench::FORM).unwrap();
    let check = |smtp: &str| {
        let text = format!(
            "[exports]\nfolder = \"exports\"\n[act]\nannotations = false\n[mail]\nsmtp = \"{smtp}\"\n\
             from = \"a@b.example\"\n[evidence]\nkeep = true\nfolder = \"{}\"\n",
            disk.path().join("pieces").display()
        );
        std::fs::write(place.path().join("vigie.toml"), text).unwrap();
        let folder = disk.path().join("tmp").display().to_string();
        crate::cli::said(&crate::cli::vigie(place.path(), &["check"], &[("TMPDIR", folder.as_str())]))
    };
    let text = check(&format!("file:{}", disk.path().join("courriels").display()));
    for part in ["ERREUR    courriel", "ERREUR    copies", "ERREUR    pièces        le dossier temporaire"] {
        let line =
            text.lines().find(|line| line.starts_with(part)).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(line.contains("No space left on device"), "{line}");
    }
    for (nowhere, named) in [("file:/proc/nope", "/proc/nope"), ("file:/etc/hostname", "/etc/hostname")] {
        let text = check(nowhere);
        let line = text
            .lines()
            .find(|line| line.starts_with("ERREUR    courriel"))
            .unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("mail.smtp") && line.contains(&format!("{named} cannot be written")), "{line}");
    }
}

/// A store in use whose disk becomes read-only is opened without a fault: only a write shows it.
#[tokio::test]
async fn a_disk_that_became_read_only_is_said_by_check_and_by_the_pass() {
    let Some(disk) = SmallDisk::mounted() else { return };
    let file = disk.path().join("vigie.db");
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(&url).await.unwrap();
    store.settings().set("a", "b").await.unwrap();
    // What a program that was killed leaves: its files as they were.
    let kept: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(disk.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect();
    assert!(kept.len() > 1, "{kept:?}");
    drop(store);
    for _ in 0..100 {
        if !disk.path().join("vigie.db-wal").exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for (path, bytes) in kept {
        std::fs::write(path, bytes).unwrap();
    }
    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(disk.path()).status();
    assert!(remounted.unwrap().success());
    let place = crate::cli::folder("http://127.0.0.1:9/api/v2/graphql");
    let variables = [("VIGIE_STORE__URL", url.as_str()), ("VIGIE_DOCUMENTS__INSPECT", "false")];
    for (arguments, why, remedy) in [
        (
            &["check"] as &[&str],
            "(store.url) est sur un disque monté en lecture seule",
            "déplacez-le sur un autre disque",
        ),
        (&["run", "--once"], "stands on a disk that is mounted read-only", "Remedy: move it to another disk"),
    ] {
        let text = crate::cli::said(&crate::cli::vigie(place.path(), arguments, &variables));
        let why = format!("{} {why}", file.display());
        let line = text.lines().find(|line| line.contains(&why)).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("store.url") && line.contains(remedy), "{line}");
        assert_eq!(line.matches("vigie.db").count(), 1, "{line}");
        assert!(!text.contains("base          SQLite prête"), "{text}");
    }
}

#[tokio::test]
async fn a_store_that_meets_a_full_disk_says_which_and_so_does_check() {
    let Some(disk) = SmallDisk::mounted() else { return };
    let file = disk.path().join("vigie.db");
    let url = format!("sqlite:{}", file.display());
    drop(Store::open(&url).await.unwrap());
    closed(&disk).await;
    disk.fill_but(40_000);
    let place = crate::cli::folder("http://127.0.0.1:9/api/v2/graphql");
    let variables = [("VIGIE_STORE__URL", url.as_str()), ("VIGIE_DOCUMENTS__INSPECT", "false")];
    let text = crate::cli::said(&crate::cli::vigie(place.path(), &["check"], &variables));
    let line =
        text.lines().find(|line| line.starts_with("ERREUR    base")).unwrap_or_else(|| panic!("{text}"));
    assert!(
        line.contains(&format!("{} (store.url) n’a plus de place : le disque est plein", file.display())),
        "{line}"
    );
}
