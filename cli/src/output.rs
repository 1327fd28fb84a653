//! Writes reports to one stream, or to one file per picture in a folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tagsmith::ExportFormat;
use tagsmith::session::{ExportWriter, PictureFiles, TagReport};

/// Writes reports one after the other.
pub struct ReportWriter {
    writer: ExportWriter<'static>,
    /// For formats with one file per picture.
    folder: PathBuf,
}

impl ReportWriter {
    /// `output`: a file, or a folder for formats with one file per picture; `None` is standard output.
    pub fn new(format: ExportFormat, output: Option<&Path>) -> io::Result<Self> {
        let stream = || -> io::Result<Box<dyn Write>> {
            Ok(match output {
                Some(path) => Box::new(BufWriter::new(File::create(path)?)),
                None => Box::new(BufWriter::new(io::stdout())),
            })
        };
        let writer = ExportWriter::new(format, stream)?;
        let folder = output.unwrap_or(Path::new(".")).to_owned();
        if matches!(writer, ExportWriter::PerPicture(_)) {
            fs::create_dir_all(&folder)?;
        }
        Ok(Self { writer, folder })
    }

    pub fn write(&mut self, report: &TagReport) -> io::Result<()> {
        match &mut self.writer {
            ExportWriter::OneFile(stream) => stream.write(report),
            ExportWriter::PerPicture(files) => write_beside(&self.folder, files, report),
        }
    }

    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.writer {
            ExportWriter::OneFile(stream) => stream.finish(),
            ExportWriter::PerPicture(_) => Ok(()),
        }
    }
}

/// Writes a picture's file into a folder with the same structure as the pictures.
fn write_beside(folder: &Path, files: &mut PictureFiles, report: &TagReport) -> io::Result<()> {
    match report {
        TagReport::Tagged(tagged) => {
            let file = files.file(tagged);
            let path = folder.join(file.name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, file.content)
        }
        // There is no file to write the reason to.
        TagReport::Failed { path, error, .. } => {
            eprintln!("tagsmith: {path}: {} ({})", error.detail, error.code);
            Ok(())
        }
    }
}
