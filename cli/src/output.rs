//! Writes reports to one stream, or to one file per picture in a folder.

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

/// Far more than any program writes.
const MAX_SIDECAR_BYTES: u64 = 16 << 20;

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
    pub n_reports: usize,
    /// Number of reports of pictures that could not be tagged.
    pub n_failed: usize,
    /// Number of files that were not written: a picture holds no keywords, or another program's file is there.
    pub n_refused: usize,
}

impl ReportWriter {
    /// `output`: a file, or a folder for formats with one file per picture; `None` is standard output. `pictures`: those whose reports
    /// may come, with their paths as the reports have them. `limits`: on those that are copied.
    ///
    /// # Errors
    /// Those of the output, and a sentence if pictures would share a file; then nothing was written.
    pub fn new(
        format: ExportFormat,
        options: ExportOptions,
        output: Option<&Path>,
        pictures: &[(PathBuf, String)],
        limits: Limits,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        options.check()?;
        let folder = output.unwrap_or(Path::new(".")).to_owned();
        let mut names = Vec::new();
        if let Some(files) = format.picture_files() {
            let paths: Vec<&str> = pictures.iter().map(|(_, path)| path.as_str()).collect();
            names = file_names(&paths, files, files.naming(options.names)).map_err(|error| {
                let how = if error.kind() == ErrorKind::ExportNamesCollide { " Use --names full." } else { "" };
                format!("{error}{how}")
            })?;
            fs::create_dir_all(&folder)?;
        }
        let stream = || -> io::Result<Box<dyn Write>> {
            Ok(match output {
                Some(path) => Box::new(BufWriter::new(File::create(path)?)),
                None if io::stdout().is_terminal() => Box::new(Printable::new(BufWriter::new(io::stdout()))),
                None => Box::new(BufWriter::new(io::stdout())),
            })
        };
        let writer = ExportWriter::new(format, &options, stream)?;
        let pictures = pictures.iter().map(|(picture, _)| picture.clone()).zip(names).collect();
        Ok(Self { writer, format, options, folder, limits, pictures, n_reports: 0, n_failed: 0, n_refused: 0 })
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
            _ => fs::write(path, content),
        }
    }

    /// Writes a sidecar. One that is there has what people did with other programs, and gets the keywords that it lacks.
    fn write_sidecar(&mut self, report: &TagReport, path: &Path, content: String) -> io::Result<()> {
        let existing = match read_file(path, MAX_SIDECAR_BYTES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return fs::write(path, content),
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
        let original = read_again(picture, &self.limits).and_then(|file| unchanged(file, report));
        let copy = match original.and_then(|file| write_keywords(&file, &keywords(report))) {
            Ok(copy) => copy,
            Err(error) => return self.refuse(picture, &error),
        };
        match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let shown = path_text(path);
                say(format_args!(
                    "{shown} is there already and was left as it is. Move it away, or choose another folder."
                ));
                self.n_refused += 1;
                Ok(())
            }
            file => file?.write_all(&copy),
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
fn unchanged(file: Vec<u8>, report: &TagReport) -> Result<Vec<u8>, Error> {
    match report {
        TagReport::Tagged(tagged) if tagged.facts.sha256 != sha256(&file) => {
            let detail = "The file is no longer the one that was tagged, so there is no copy of it. Tag it again.";
            Err(Error::new(ErrorKind::KeywordsNotWritable, detail))
        }
        _ => Ok(file),
    }
}

fn not_a_sidecar(reason: &str) -> Error {
    let detail =
        format!("What is there already cannot be a sidecar: {reason}. Move it away, or choose another folder.");
    Error::new(ErrorKind::XmpInvalid, detail)
}

/// Replaces a file as a whole: whatever happens meanwhile, it is the old one or the new one.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tagsmith");
    let written = path.with_file_name(name);
    fs::write(&written, content)?;
    fs::rename(&written, path)
}
