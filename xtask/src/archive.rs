//! Archives whose bytes depend on their content alone: entries are sorted, and times, modes and owners are fixed.

use crate::process::Outcome;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{DateTime, System, ZipWriter};

/// Of whom an entry says that they may read, write and run it.
const FILE_MODE: u32 = 0o644;
const PROGRAM_MODE: u32 = 0o755;

/// ZIP has no earlier time.
const FIRST_ZIP_YEAR: i16 = 1980;

/// Files by the paths that they will have, with slashes.
#[derive(Default)]
pub struct Archive(BTreeMap<String, Entry>);

struct Entry {
    content: Vec<u8>,
    mode: u32,
}

impl Archive {
    /// Adds a file; one of the same path is replaced.
    pub fn add(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), Entry { content: content.into(), mode: FILE_MODE });
    }

    /// Adds a file that can be run.
    pub fn add_program(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), Entry { content: content.into(), mode: PROGRAM_MODE });
    }

    /// Adds a file of the disk.
    /// # Errors
    /// If it cannot be read.
    pub fn add_file(&mut self, path: &str, file: &Path) -> Outcome {
        let content = fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
        self.add(path, content);
        Ok(())
    }

    /// Adds all files of a folder, at any depth; `below` is `""` or ends with a slash.
    /// # Errors
    /// If one cannot be read, is neither file nor folder, or has a name that is not Unicode.
    pub fn add_folder(&mut self, below: &str, folder: &Path) -> Outcome {
        let unreadable = |error| format!("{} cannot be read: {error}.", folder.display());
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| format!("{} has no name in Unicode.", entry.path().display()))?;
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                self.add_folder(&format!("{below}{name}/"), &entry.path())?;
            } else if kind.is_file() {
                self.add_file(&format!("{below}{name}"), &entry.path())?;
            } else {
                return Err(format!("{} is a link, which an archive cannot have.", entry.path().display()));
            }
        }
        Ok(())
    }

    /// Takes a file out, if there is one of this path.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Whether there is a file with this content, under any path.
    pub fn has(&self, content: &[u8]) -> bool {
        self.0.values().any(|entry| entry.content == content)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a file with this ending has this text in it.
    pub fn mentions(&self, ending: &str, text: &str) -> bool {
        let holds = |content: &[u8]| content.windows(text.len()).any(|part| part == text.as_bytes());
        self.0.iter().any(|(path, entry)| path.ends_with(ending) && holds(&entry.content))
    }

    /// As ZIP, every entry deflated.
    /// # Errors
    /// If the time is after 2107, or the archive would be larger than ZIP allows.
    pub fn zip(&self, time: Timestamp) -> Outcome<Vec<u8>> {
        let refused = |error: &dyn std::fmt::Display| format!("The archive cannot be written: {error}.");
        let time = zip_time(time).map_err(|error| refused(&error))?;
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(time)
            .system(System::Unix);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, Entry { content, mode }) in &self.0 {
            writer.start_file(path.as_str(), options.unix_permissions(*mode)).map_err(|error| refused(&error))?;
            writer.write_all(content).map_err(|error| refused(&error))?;
        }
        Ok(writer.finish().map_err(|error| refused(&error))?.into_inner())
    }

    /// As a tape archive in gzip, which has no time and no name of its own.
    /// # Errors
    /// If a path is no path inside an archive.
    pub fn tar_gz(&self, time: Timestamp) -> Outcome<Vec<u8>> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
        let refused = |error| format!("The archive cannot be written: {error}.");
        for (path, Entry { content, mode }) in &self.0 {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mode(*mode);
            header.set_mtime(time.as_second().max(0).unsigned_abs());
            builder.append_data(&mut header, path, content.as_slice()).map_err(refused)?;
        }
        builder.into_inner().and_then(GzEncoder::finish).map_err(refused)
    }
}

/// ZIP keeps a clock's time without its zone: UTC's here, and to two seconds.
fn zip_time(time: Timestamp) -> Result<DateTime, zip::result::DateTimeRangeError> {
    let utc = TimeZone::UTC.to_datetime(time);
    let Some(year) = u16::try_from(utc.year()).ok().filter(|_| utc.year() >= FIRST_ZIP_YEAR) else {
        return Ok(DateTime::default());
    };
    let [month, day, hour, minute, second] =
        [utc.month(), utc.day(), utc.hour(), utc.minute(), utc.second()].map(i8::unsigned_abs);
    DateTime::from_date_and_time(year, month, day, hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    const TIME: &str = "2026-11-30T14:05:07Z";

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn small() -> Archive {
        let mut archive = Archive::default();
        archive.add("b/long.txt", "a line\n".repeat(100));
        archive.add("b.txt", "b");
        archive.add("c.txt", "not wanted");
        archive.remove("c.txt");
        archive.add_program("a", "#!/bin/sh\n");
        archive
    }

    #[test]
    fn a_zip_has_its_files_sorted_with_fixed_times_and_modes() {
        let bytes = small().zip(time(TIME)).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["a", "b.txt", "b/long.txt"]);
        for (name, mode) in names.iter().zip([0o100_755, 0o100_644, 0o100_644]) {
            let file = archive.by_name(name).unwrap();
            assert_eq!(file.unix_mode(), Some(mode), "{name}");
            assert_eq!(file.last_modified().unwrap().to_string(), "2026-11-30 14:05:06");
        }
        let mut text = String::new();
        archive.by_name("b/long.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a line\n".repeat(100));
        assert!(bytes.len() < 700, "{}", bytes.len());
        let before_zip = small().zip(time("1970-01-01T00:00:00Z")).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(&before_zip)).unwrap();
        assert_eq!(archive.by_name("a").unwrap().last_modified().unwrap().to_string(), "1980-01-01 00:00:00");
    }

    #[test]
    fn a_tape_archive_has_its_files_sorted_with_fixed_times_modes_and_owners() {
        let bytes = small().tar_gz(time(TIME)).unwrap();
        assert_eq!(bytes[4..8], [0; 4], "gzip's own time");
        let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
        let found: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let header = entry.unwrap().header().clone();
                let path = header.path().unwrap().display().to_string();
                assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
                (path, header.mode().unwrap(), header.mtime().unwrap())
            })
            .collect();
        let at = time(TIME).as_second().unsigned_abs();
        let wanted = [("a", 0o755), ("b.txt", 0o644), ("b/long.txt", 0o644)];
        assert_eq!(found, wanted.map(|(path, mode)| (path.to_owned(), mode, at)));
    }

    /// What differs between two folders with the same files: their names, the order of creation, modes and times.
    #[test]
    fn two_folders_with_the_same_files_give_the_same_bytes() {
        let parent = crate::process::root().join("target/xtask-test-archive");
        let _ = fs::remove_dir_all(&parent);
        let made = |name: &str, files: &[&str]| {
            let folder = parent.join(name);
            for file in files {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, format!("content of {file}")).unwrap();
                #[cfg(unix)]
                if name == "other" {
                    use std::os::unix::fs::PermissionsExt;
                    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
                    fs::File::options().write(true).open(&path).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
                }
            }
            let mut archive = Archive::default();
            archive.add_folder("page/", &folder).unwrap();
            (archive.zip(time(TIME)).unwrap(), archive.tar_gz(time(TIME)).unwrap())
        };
        let one = made("one", &["z.txt", "deep/er/a.txt", "å.txt"]);
        assert!(one == made("other", &["å.txt", "deep/er/a.txt", "z.txt"]));
        assert!(one != made("third", &["å.txt", "deep/er/a.txt", "z.text"]));
        let mut archive = Archive::default();
        assert!(archive.add_folder("", &parent.join("none")).unwrap_err().contains("cannot be read"));
    }
}
