//! Where the bytes of a dossier's attachments come from: the copy that is kept, the platform, or a zip of its exports.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tokio::fs::File;

use super::super::error::Error;
use super::super::source::Source;
use super::{AttachmentReading, Keeper, Place, Round, WantedFile};
use crate::copies::CopyError;
use crate::dn::{self, files::FileError};
use crate::documents::zips::unpack;
use crate::exports::file_name;
use crate::exports::life::{Life, ZippedFile};
use crate::store::asks::AskReason;
use label::case::facts::Attachment;

/// The attachments of one dossier, as they can be fetched now.
pub(super) enum Origin {
    Platform(Vec<dn::files::Address>),
    /// By checksum.
    Zips(BTreeMap<String, ZippedFile>),
}

impl Keeper<'_> {
    /// The bytes of one file: of the copy that is kept, else from where the dossier is read, which is asked once; `None` when
    /// that cannot be asked now.
    pub(super) async fn bytes(
        &self,
        round: &mut Round<'_>,
        (place, number): (Place<'_>, i64),
        (wanted, at): (&[WantedFile], &WantedFile),
        origin: &mut Option<Origin>,
    ) -> Result<Option<Result<File, FileError>>, Error> {
        if let Some(copy) = self.kept(round, number, &at.file).await? {
            return Ok(Some(Ok(copy)));
        }
        for renewed in [false, true] {
            if origin.is_none() {
                *origin = self.origin(round, place, number, wanted).await?;
            }
            let Some(from) = origin.as_ref() else { return Ok(None) };
            let fetched = self.fetch(round.reading, from, &at.file).await;
            // The address expired while earlier files were fetched: tried once more with a new one.
            if renewed || !matches!(fetched, Err(FileError::Expired)) {
                return Ok(Some(fetched));
            }
            *origin = None;
        }
        Ok(None)
    }

    /// The copy of a file, when copies are kept and it is whole. One that is gone or cannot be read is told: nobody looks for
    /// it before the file is needed elsewhere.
    async fn kept(
        &self,
        round: &mut Round<'_>,
        number: i64,
        file: &Attachment,
    ) -> Result<Option<File>, Error> {
        let Some(copies) = &round.reading.copies else { return Ok(None) };
        let Some(name) = self.files.copy_of(&file.checksum).await? else { return Ok(None) };
        let (why, is_lost) = match copies.read(&name, &file.checksum, file.bytes, self.clock.now()).await {
            Ok(Some(copy)) => return Ok(Some(copy)),
            Ok(None) => ("it is not there any more".to_owned(), true),
            Err(why) => (why.to_string(), why == CopyError::Altered),
        };
        // What cannot be read now may be whole: it is not replaced.
        if is_lost {
            round.lost.insert(file.checksum.clone());
        }
        round.fails(format!("dossier {number}: the copy {name} of an attachment is of no use ({why})"));
        Ok(None)
    }

    /// Where the files of a dossier are; `None` when that cannot be known now, or the dossier is hidden.
    async fn origin(
        &self,
        round: &mut Round<'_>,
        place: Place<'_>,
        number: i64,
        wanted: &[WantedFile],
    ) -> Result<Option<Origin>, Error> {
        match place {
            Place::Section(source) => {
                Ok(self.addresses_of(round, source, number).await?.map(Origin::Platform))
            }
            Place::Exports => {
                let stored = self.exported.lives(&[number]).await?;
                let life = stored.get(&number).map(|text| serde_json::from_str::<Life>(text)).transpose();
                let Ok(life) = life else {
                    round.fails(format!(
                        "dossier {number}: attachments not read yet (what its exports said is of another version, until the next export)"
                    ));
                    return Ok(None);
                };
                let sums = wanted.iter().map(|wanted| &wanted.file.checksum);
                let zipped = sums.filter_map(|sum| Some((sum.clone(), life.as_ref()?.zipped(sum)?.clone())));
                Ok(Some(Origin::Zips(zipped.collect())))
            }
        }
    }

    /// The addresses of a dossier's attachments; `None` when they cannot be obtained now, or the dossier is hidden.
    async fn addresses_of(
        &self,
        round: &mut Round<'_>,
        source: &Source,
        number: i64,
    ) -> Result<Option<Vec<dn::files::Address>>, Error> {
        match source.dn.addresses(number, self.clock).await {
            Ok(Some(addresses)) => Ok(Some(addresses)),
            // Hidden by expiry, which no list of the platform shows.
            Ok(None) => {
                self.asks.ask(&source.key(), number, AskReason::Missing, self.clock.now()).await?;
                Ok(None)
            }
            Err(error @ dn::Error::Refused { .. }) => Err(error.into()),
            Err(error) => {
                round.fails(format!("dossier {number}: attachments not read yet ({error})"));
                Ok(None)
            }
        }
    }

    /// The whole file, rewound.
    async fn fetch(
        &self,
        reading: &AttachmentReading,
        origin: &Origin,
        file: &Attachment,
    ) -> Result<File, FileError> {
        match origin {
            Origin::Platform(addresses) => {
                let address = addresses.iter().find(|address| address.checksum == file.checksum);
                match address {
                    Some(address) => reading.door.fetch(address, file).await,
                    // It was replaced since it was listed: the next reading of the dossier lists the new one.
                    None => Err(FileError::Later("the attachment is no longer listed".to_owned())),
                }
            }
            Origin::Zips(zipped) => self.unzip(reading, &file.checksum, zipped.get(&file.checksum)).await,
        }
    }

    async fn unzip(
        &self,
        reading: &AttachmentReading,
        checksum: &str,
        zipped: Option<&ZippedFile>,
    ) -> Result<File, FileError> {
        let later = |why: &str| FileError::Later(why.to_owned());
        let zipped = zipped.ok_or(FileError::Away)?;
        let Some(path) = self.zip_of(&zipped.zip) else {
            return Err(match self.folder_is_there() {
                true => FileError::Away,
                false => later("exports.folder cannot be listed"),
            });
        };
        let program = &reading.documents.program;
        match unpack(program, &path, zipped.rank, zipped.bytes, checksum).await {
            Ok(Some(file)) => Ok(file),
            // Its zip is another one under the same name.
            Ok(None) => Err(FileError::Away),
            Err(error) => Err(later(&format!("its zip cannot be read: {}", error.kind()))),
        }
    }

    /// False of a folder on a disk that is away for a while: its zips come back as they were, and are not read again.
    fn folder_is_there(&self) -> bool {
        let folder = self.exports.and_then(|exports| exports.folder.as_ref());
        folder.is_none_or(|folder| std::fs::read_dir(folder).is_ok())
    }

    /// The zip of this name: among those that were named, else in the folder of exports.
    fn zip_of(&self, name: &str) -> Option<PathBuf> {
        let named = self.named.iter().find(|path| file_name(path) == name).cloned();
        let in_folder = || Some(self.exports?.folder.as_ref()?.join(name));
        named.or_else(in_folder).filter(|path| path.is_file())
    }
}
