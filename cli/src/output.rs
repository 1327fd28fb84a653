//! Writes reports to one stream, or to one file per picture in a folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tagsmith::ExportFormat;
use tagsmith::session::{CsvWriter, JsonWriter, PictureFiles, TagReport, to_line};

type Stream = Box<dyn Write>;

/// Writes reports one after the other.
pub enum ReportWriter {
    Csv(Box<CsvWriter<Stream>>),
    Json(JsonWriter<Stream>),
    Lines(Stream),
    PerPicture(Box<Folder>),
}

/// A folder with the same structure as the pictures.
pub struct Folder {
    path: PathBuf,
    files: PictureFiles,
}

impl ReportWriter {
    /// `output`: a file, or a folder for formats with one file per picture; `None` is standard output.
    pub fn new(format: ExportFormat, output: Option<&Path>) -> io::Result<Self> {
        if let (Some(files), Some(folder)) = (PictureFiles::new(format), output) {
            fs::create_dir_all(folder)?;
            return Ok(Self::PerPicture(Box::new(Folder { path: folder.to_owned(), files })));
        }
        let stream: Stream = match output {
            Some(path) => Box::new(BufWriter::new(File::create(path)?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        Ok(match format {
            ExportFormat::Csv => Self::Csv(Box::new(CsvWriter::new(stream).map_err(csv_to_io)?)),
            ExportFormat::Json => Self::Json(JsonWriter::new(stream)),
            _ => Self::Lines(stream),
        })
    }

    pub fn write(&mut self, report: &TagReport) -> io::Result<()> {
        match self {
            Self::Csv(out) => out.write(report).map_err(csv_to_io),
            Self::Json(out) => out.write(report),
            Self::Lines(out) => out.write_all(to_line(report).as_bytes()),
            Self::PerPicture(folder) => match report {
                TagReport::Tagged(tagged) => {
                    let file = folder.files.file(tagged);
                    let path = folder.path.join(file.name);
                    fs::create_dir_all(path.parent().unwrap_or(&folder.path))?;
                    fs::write(path, file.content)
                }
                // There is no file to write the reason to.
                TagReport::Failed { path, error } => {
                    eprintln!("tagsmith: {path}: {} ({})", error.detail, error.code);
                    Ok(())
                }
            },
        }
    }

    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut out) => out.flush(),
            Self::Json(out) => out.finish()?.flush(),
            Self::Lines(mut out) => out.flush(),
            Self::PerPicture(_) => Ok(()),
        }
    }
}

fn csv_to_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
