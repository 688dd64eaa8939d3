//! Files of zips that are used for nothing, for those who look after this program: some by name, the others counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use label::wording::exports::Loose;

/// The setting with the files of the folder that were read, by name.
pub const FILES_READ: &str = "exports/files";
/// The setting with those that are used for nothing.
pub const LOOSE: &str = "exports/loose";
/// Dossiers of which it names files.
const DOSSIERS: usize = 500;
/// Files of one dossier that it names.
const FILES: usize = 20;

/// Dossier, name, why.
pub type LooseFile = (i64, String, Loose);

/// Of one dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LooseOf {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    named: Vec<(String, Loose)>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    more: BTreeMap<Loose, usize>,
}

/// Of all dossiers, as the setting has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LooseFiles(BTreeMap<i64, LooseOf>);

impl LooseFiles {
    /// In the text of the setting; none where there is no setting yet.
    ///
    /// # Errors
    /// When it cannot be read: the next pass makes it again.
    pub fn of(setting: Option<&str>) -> serde_json::Result<LooseFiles> {
        setting.map_or_else(|| Ok(LooseFiles::default()), serde_json::from_str)
    }

    /// What is known of these dossiers now, in place of what was.
    pub fn renew(&mut self, dossiers: &[i64], files: &[LooseFile]) {
        self.0.retain(|number, _| !dossiers.contains(number));
        let mut named = self.0.values().filter(|of| !of.named.is_empty()).count();
        for (number, name, why) in files {
            let of = self.0.entry(*number).or_default();
            let room = if of.named.is_empty() { named < DOSSIERS } else { of.named.len() < FILES };
            if room {
                named += usize::from(of.named.is_empty());
                of.named.push((name.clone(), *why));
            } else {
                *of.more.entry(*why).or_default() += 1;
            }
        }
    }

    /// Those that are named, and how many are not.
    #[must_use]
    pub fn told(self) -> (Vec<LooseFile>, BTreeMap<Loose, usize>) {
        let (mut named, mut more) = (Vec::new(), BTreeMap::new());
        for (number, of) in self.0 {
            named.extend(of.named.into_iter().map(|(name, why)| (number, name, why)));
            for (why, count) in of.more {
                *more.entry(why).or_default() += count;
            }
        }
        (named, more)
    }
}

/// Takes dossiers out of the setting within a transaction.
macro_rules! forget_loose {
    ($tx:expr, $dossiers:expr) => {
        let row: Option<(String,)> =
            $crate::store::sql::query_as("select value from settings where name = $1")
                .bind($crate::store::loose::LOOSE)
                .fetch_optional(&mut *$tx)
                .await?;
        if let Some((text,)) = row {
            const SET: &str = "update settings set value = $1 where name = $2";
            let files = $crate::store::loose::LooseFiles::of(Some(&text));
            if files.is_err() {
                // It may name files of these dossiers: it is erased whole, and made again from the files of the folder.
                tracing::warn!("the setting {} cannot be read: it is made again", $crate::store::loose::LOOSE);
                $crate::store::sql::query(SET)
                    .bind("{}")
                    .bind($crate::store::loose::FILES_READ)
                    .execute(&mut *$tx)
                    .await?;
            }
            let mut files = files.unwrap_or_default();
            files.renew($dossiers, &[]);
            $crate::store::sql::query(SET)
                .bind($crate::store::pools::json(&files)?)
                .bind($crate::store::loose::LOOSE)
                .execute(&mut *$tx)
                .await?;
        }
    };
}
pub(super) use forget_loose;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_for_its_name_is_counted_until_its_dossier_is_read_again() {
        let of = |number: i64, files: usize| -> Vec<(i64, String, Loose)> {
            (0..files).map(|rank| (number, format!("{rank}.pdf"), Loose::Unnamed)).collect()
        };
        let all: Vec<_> = (1..=600).flat_map(|number| of(number, 25)).collect();
        let mut files = LooseFiles::default();
        files.renew(&[], &all);
        let counts = |files: &LooseFiles| {
            let text = crate::store::json(files).unwrap();
            let (named, more) = LooseFiles::of(Some(&text)).unwrap().told();
            (named.len(), more.values().sum::<usize>())
        };
        assert_eq!(counts(&files), (10_000, 5_000));
        files.renew(&[600], &of(600, 1));
        assert_eq!(counts(&files), (10_000, 4_976));
        files.renew(&[1, 600], &[]);
        assert_eq!(counts(&files), (9_980, 4_970));
        files.renew(&[600], &of(600, 2));
        assert_eq!(counts(&files), (9_982, 4_970));
    }
}
