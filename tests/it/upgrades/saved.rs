//! `vigie backup`: a copy in one file, of one instant, for its owner alone.

use std::os::unix::fs::PermissionsExt;

use sqlx::SqlitePool;
use vigie::store::Store;
use vigie::store::backup::{Backup, backup};

use super::store_at;
use crate::cli::{folder, said, vigie};

#[tokio::test]
async fn a_copy_is_made_while_the_store_is_written() {
    let place = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", place.path().join("v.db").display());
    let store = Store::open(&url).await.unwrap();
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            for count in 0.. {
                store.settings().set("count", &count.to_string()).await.unwrap();
            }
        }
    });
    while store.settings().get("count").await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    let file = place.path().join("copy.db");
    let made = backup(&url, &file).await.unwrap();
    writer.abort();
    assert!(matches!(made, Backup::Written(bytes) if bytes > 0), "{made:?}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let copy = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
    assert!(copy.settings().get("count").await.unwrap().is_some());
}

#[tokio::test]
async fn the_command_copies_once_and_keeps_the_schema_as_it_is() {
    let folder = folder("http://127.0.0.1:9/api/v2/graphql");
    store_at(&format!("sqlite:{}", folder.path().join("vigie.db").display()), 5).await;
    let file = folder.path().join("copie.db");
    let arguments = ["backup", file.to_str().unwrap()];
    let first = vigie(folder.path(), &arguments, &[]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert!(said(&first).contains("Sauvegarde vérifiée"), "{}", said(&first));
    let before = std::fs::read(&file).unwrap();
    let second = vigie(folder.path(), &arguments, &[]);
    assert_eq!(second.status.code(), Some(1), "{}", said(&second));
    assert_eq!(std::fs::read(&file).unwrap(), before, "what exists is not overwritten");
    let pool = SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let (step,): (i64,) =
        sqlx::query_as("select max(version) from _sqlx_migrations").fetch_one(&pool).await.unwrap();
    assert_eq!(step, 5, "a backup made before an upgrade is of before it");
}

#[tokio::test]
async fn a_failed_copy_leaves_no_file() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("copy.db");
    let absent = format!("sqlite:{}", place.path().join("absent.db").display());
    assert!(backup(&absent, &file).await.is_err());
    assert!(!file.exists());
}
