//! Reads a ZIP, from a disk or from a file that a browser hands out, entry by entry into memory. Nothing of it is trusted: sizes are
//! limits and not promises, nothing is written, and an entry is read only when somebody asks for it.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Entry;
use crate::error::{Error, ErrorKind, Result};

/// Most entries of an archive.
pub const MAX_ARCHIVE_ENTRIES: usize = 500_000;
/// So much of what an entry says it will be is allocated before it comes.
const FIRST_BYTES: u64 = 1 << 20;

/// An open archive.
pub struct Archive<R> {
    zip: ZipArchive<R>,
    entries: Vec<Entry>,
}

impl<R: Read + Seek> Archive<R> {
    /// # Errors
    /// [`ErrorKind::ArchiveInvalid`] for what is no ZIP, is damaged, has too many entries, or entries that share bytes, as only archives do
    /// that are to unpack to more than any disk holds.
    pub fn open(reader: R) -> Result<Self> {
        let mut zip = ZipArchive::new(reader).map_err(|error| unreadable("", error))?;
        if zip.len() > MAX_ARCHIVE_ENTRIES {
            let what = format!("has {} files, and the most is {MAX_ARCHIVE_ENTRIES}", zip.len());
            return Err(invalid(&what, "Pack a part of them"));
        }
        if zip.has_overlapping_entries().map_err(|error| unreadable("", error))? {
            return Err(invalid("has files that lie within each other, as in a trap", "Don't use it"));
        }
        let mut entries = Vec::with_capacity(zip.len());
        for place in 0..zip.len() {
            let entry = zip.by_index_data(place).map_err(|error| unreadable("", error))?;
            let path = entry.name().map_err(|error| unreadable("", error))?.into_owned();
            // A link is no file here, wherever it leads: as a folder it is passed over.
            let path = if entry.is_symlink() { path + "/" } else { path };
            entries.push(Entry { path, bytes: entry.size() });
        }
        Ok(Self { zip, entries })
    }

    /// In the order in which [`read`](Self::read) numbers them.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The content of an entry, if it is no longer than `most` bytes, and no longer than the archive says.
    ///
    /// # Errors
    /// [`ErrorKind::ArchiveInvalid`] if it is longer, damaged, encrypted, or packed in a way that is not read here.
    pub fn read(&mut self, entry: usize, most: u64) -> Result<Vec<u8>> {
        let Some(Entry { path, bytes: stated }) = self.entries.get(entry) else {
            return Err(invalid("does not have that file", "Open it again"));
        };
        if *stated > most {
            let what = format!("has the file {path:?}, which unpacks to more than {most} bytes");
            return Err(invalid(&what, "Leave it out, or pack the pictures again"));
        }
        let file = self.zip.by_index(entry).map_err(|error| unreadable(path, error))?;
        let mut content = Vec::with_capacity((*stated).min(FIRST_BYTES) as usize);
        // Fails at its end where the sum is another: so does what is longer than it says.
        file.take(stated + 1).read_to_end(&mut content).map_err(|error| unreadable(path, ZipError::Io(error)))?;
        Ok(content)
    }
}

/// `path`: of an entry, or nothing where the archive itself cannot be read.
fn unreadable(path: &str, error: ZipError) -> Error {
    let what = match &error {
        _ if path.is_empty() => "is damaged, or no ZIP".to_owned(),
        ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => {
            format!("has the file {path:?}, which is encrypted or packed in a rare way")
        }
        ZipError::CompressionMethodNotSupported(method) => {
            format!("has the file {path:?}, which is packed by method {method}")
        }
        _ => format!("has the file {path:?}, which is damaged"),
    };
    invalid(&what, "Pack the pictures again, as ZIP without a password").with_source(error)
}

/// `what` goes on with "The archive ".
fn invalid(what: &str, remedy: &str) -> Error {
    Error::new(ErrorKind::ArchiveInvalid, format!("The archive {what}. {remedy}."))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn packed(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn open(bytes: &[u8]) -> Result<Archive<Cursor<Vec<u8>>>> {
        Archive::open(Cursor::new(bytes.to_vec()))
    }

    fn refused<T>(result: Result<T>, reason: &str) {
        let error = result.err().expect(reason);
        assert_eq!(error.kind(), ErrorKind::ArchiveInvalid);
        assert!(error.detail().contains(reason), "{error} does not mention {reason}");
    }

    #[test]
    fn stored_and_deflated_files_are_read() {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let mut archive = open(&packed(&[("a/ö.txt", b"first"), ("b", &[7; 5000])], method)).unwrap();
            assert_eq!(archive.entries()[0], Entry { path: "a/ö.txt".into(), bytes: 5 });
            assert_eq!(
                (archive.read(0, 5).unwrap(), archive.read(1, 9999).unwrap()),
                (b"first".to_vec(), vec![7; 5000])
            );
            refused(archive.read(0, 4), "more than 4 bytes");
            refused(archive.read(2, 4), "does not have");
        }
    }

    #[test]
    fn a_file_that_unpacks_to_more_than_it_says_is_stopped() {
        let mut bytes = packed(&[("bomb", &vec![0; 10 << 20])], CompressionMethod::Deflated);
        assert!(bytes.len() < 100_000, "it is small");
        // The size that both headers state.
        let stated = (10_u32 << 20).to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == stated).collect();
        assert!(places.len() >= 2, "{places:?}");
        for at in places {
            bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
        refused(open(&bytes).and_then(|mut archive| archive.read(0, 1 << 30)), "damaged");
    }

    #[test]
    fn files_that_share_their_bytes_are_refused() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("kernel", SimpleFileOptions::default()).unwrap();
        zip.write_all(&[0; 1 << 16]).unwrap();
        for number in 0..50 {
            zip.shallow_copy_file("kernel", &format!("copy {number}")).unwrap();
        }
        refused(open(&zip.finish().unwrap().into_inner()), "within each other");
    }

    #[test]
    fn what_is_damaged_says_so() {
        let whole = packed(&[("a.jpg", &[7; 300])], CompressionMethod::Stored);
        refused(open(b"no archive at all"), "no ZIP");
        refused(open(b""), "no ZIP");
        refused(open(&whole[..whole.len() - 30]), "no ZIP");
        let mut changed = whole.clone();
        changed[100] ^= 1;
        refused(open(&changed).and_then(|mut archive| archive.read(0, 1000)), "damaged");
    }

    #[test]
    fn links_are_no_files() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("a.jpg", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        let archive = open(&zip.finish().unwrap().into_inner()).unwrap();
        assert_eq!(archive.entries()[0].path, "a.jpg/");
    }
}
