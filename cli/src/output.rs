//! Writes reports to one stream, or to one file per picture in a folder.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tagsmith::model::read_file;
use tagsmith::session::{ExportOptions, ExportWriter, TagReport, file_names, keywords};
use tagsmith::{Error, ErrorKind, ExportFormat, Limits, merge_sidecar, sha256, write_keywords};

use crate::path_text::path_text;
use crate::say::say;
use crate::source::read_again;
use crate::terminal::Printable;
use crate::whole_file::{put_new, replace};

/// Far more than any program writes.
const MAX_SIDECAR_BYTES: u64 = 16 << 20;

/// Where reports go.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    StandardOutput,
    Path(&'a Path),
    /// They are counted.
    Nowhere,
}

/// A terminal gets nothing that it would obey.
pub fn standard_output() -> Box<dyn Write> {
    let out = BufWriter::new(io::stdout());
    if io::stdout().is_terminal() { Box::new(Printable::new(out)) } else { Box::new(out) }
}

/// Writes reports one after the other.
pub struct ReportWriter {
    writer: ExportWriter<'static>,
    format: ExportFormat,
    options: ExportOptions,
    /// For formats with one file per picture.
    folder: PathBuf,
    limits: Limits,
    /// Pictures and the names of their files.
    pictures: Vec<(PathBuf, String)>,
    /// Paths of all pictures that files were named for, as the reports have them.
    named: Vec<String>,
    pub n_reports: usize,
    /// Number of reports of pictures that could not be tagged.
    pub n_failed: usize,
    /// Number of files that were not written: a picture holds no keywords, or another program's file is there.
    pub n_refused: usize,
}

impl ReportWriter {
    /// `to`: for formats with one file per picture a folder. `limits`: on pictures that are copied.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(
        format: ExportFormat,
        options: ExportOptions,
        to: To<'_>,
        limits: Limits,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        options.check()?;
        let folder = if let To::Path(path) = to { path.to_owned() } else { PathBuf::new() };
        let stream = || -> io::Result<Box<dyn Write>> {
            Ok(match to {
                To::Path(path) => Box::new(BufWriter::new(File::create(path)?)),
                To::StandardOutput => standard_output(),
                To::Nowhere => Box::new(io::sink()),
            })
        };
        let writer = ExportWriter::new(format, &options, stream)?;
        let (pictures, named) = Default::default();
        Ok(Self { writer, format, options, folder, limits, pictures, named, n_reports: 0, n_failed: 0, n_refused: 0 })
    }

    /// Pictures whose reports may come from now on, by their positions, with their paths as the reports have them.
    ///
    /// # Errors
    /// A sentence if pictures would share a file; then nothing was written.
    pub fn expect(&mut self, pictures: &[(PathBuf, String)]) -> Result<(), Box<dyn std::error::Error>> {
        self.pictures = pictures.iter().map(|(picture, _)| (picture.clone(), String::new())).collect();
        let Some(files) = self.format.picture_files() else { return Ok(()) };
        // One that comes again, because it has changed, keeps its file.
        let known: HashMap<&str, usize> = self.named.iter().enumerate().map(|(at, path)| (path.as_str(), at)).collect();
        let mut paths: Vec<&str> = self.named.iter().map(String::as_str).collect();
        let mut position = |path| {
            known.get(path).copied().unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            })
        };
        let positions: Vec<usize> = pictures.iter().map(|(_, path)| position(path.as_str())).collect();
        let names = file_names(&paths, files, files.naming(self.options.names)).map_err(|error| {
            let how = if error.kind() == ErrorKind::ExportNamesCollide { " Use --names full." } else { "" };
            format!("{error}{how}")
        })?;
        for ((_, name), at) in self.pictures.iter_mut().zip(positions) {
            name.clone_from(&names[at]);
        }
        self.named = paths.into_iter().map(str::to_owned).collect();
        fs::create_dir_all(&self.folder)?;
        Ok(())
    }

    /// Writes the report of the picture at a position, so that whatever happens next does not cost it.
    pub fn write(&mut self, at: usize, report: &TagReport) -> io::Result<()> {
        self.n_reports += 1;
        self.n_failed += usize::from(matches!(report, TagReport::Failed { .. }));
        let content = match &mut self.writer {
            ExportWriter::OneFile(stream) => {
                stream.write(report)?;
                return stream.flush();
            }
            ExportWriter::PerPicture(write) => write(report, &self.options),
        };
        if let TagReport::Failed { path, error, .. } = report {
            // There is no file to write the reason to.
            say(format_args!("{path}: {} ({})", error.detail, error.code));
        }
        let (Some((picture, name)), Some(content)) = (self.pictures.get(at).cloned(), content) else { return Ok(()) };
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        match self.format {
            ExportFormat::Keywords => self.write_copy(report, &picture, &path),
            ExportFormat::Xmp => self.write_sidecar(report, &path, content),
            _ => replace(&path, content.as_bytes()),
        }
    }

    /// Writes a sidecar. One that is there has what people did with other programs, and gets the keywords that it lacks.
    fn write_sidecar(&mut self, report: &TagReport, path: &Path, content: String) -> io::Result<()> {
        let existing = match read_file(path, MAX_SIDECAR_BYTES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return replace(path, content.as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                return self.refuse(path, &not_a_sidecar(&error.to_string()));
            }
            read => read?,
        };
        if existing.len() as u64 > MAX_SIDECAR_BYTES {
            return self.refuse(path, &not_a_sidecar("it is larger than 16 MiB"));
        }
        match merge_sidecar(&existing, &keywords(report)) {
            Ok(merged) if merged == existing => Ok(()),
            Ok(merged) => replace(path, &merged),
            Err(error) => self.refuse(path, &error),
        }
    }

    /// Writes a copy of the picture with its tags inside. What is there already may be the picture itself.
    fn write_copy(&mut self, report: &TagReport, picture: &Path, path: &Path) -> io::Result<()> {
        let original = read_again(picture, &self.limits).and_then(|file| match report {
            TagReport::Tagged(tagged) => unchanged(file, &tagged.facts.sha256),
            TagReport::Failed { .. } => Ok(file),
        });
        let copy = match original.and_then(|file| write_keywords(&file, &keywords(report))) {
            Ok(copy) => copy,
            Err(error) => return self.refuse(picture, &error),
        };
        match put_new(path, &copy, |_| Ok(())) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let shown = path_text(path);
                say(format_args!(
                    "{shown} is there already and was left as it is. Move it away, or choose another folder."
                ));
                self.n_refused += 1;
                Ok(())
            }
            put => put,
        }
    }

    fn refuse(&mut self, path: &Path, error: &Error) -> io::Result<()> {
        say(format_args!("{}: {} ({})", path_text(path), error.detail(), error.kind().code()));
        self.n_refused += 1;
        Ok(())
    }

    pub fn finish(&mut self) -> io::Result<()> {
        match &mut self.writer {
            ExportWriter::OneFile(stream) => stream.finish(),
            ExportWriter::PerPicture(_) => Ok(()),
        }
    }
}

/// The tags of a report are of what was read for it.
///
/// # Errors
/// [`ErrorKind::KeywordsNotWritable`] if the file has another hash now.
pub fn unchanged(file: Vec<u8>, hash: &str) -> Result<Vec<u8>, Error> {
    if sha256(&file) == hash {
        return Ok(file);
    }
    let detail = "The file is no longer the one that was tagged, so there is no copy of it. Tag it again.";
    Err(Error::new(ErrorKind::KeywordsNotWritable, detail))
}

fn not_a_sidecar(reason: &str) -> Error {
    let detail =
        format!("What is there already cannot be a sidecar: {reason}. Move it away, or choose another folder.");
    Error::new(ErrorKind::XmpInvalid, detail)
}
