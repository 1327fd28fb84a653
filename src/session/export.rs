//! Reports as files. File names and tags are untrusted input in every format.
//!
//! A new format needs an entry in [`ExportFormat`], a file in `export/`, and texts in the page's message catalogues.

mod alt_text;
mod captions;
mod columns;
mod csv;
mod csv_excel;
mod json;
mod jsonl;
mod names;
mod naming;
mod options;
mod text;
mod words;
mod xlsx;
mod xmp;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use serde::Serialize;

pub use self::alt_text::alt_text;
pub use self::names::folder_name;
pub use self::naming::{file_names, name_collisions};
pub use self::options::{CaptionOptions, CaptionOrder, ExportOptions, TableOptions};
pub use self::xmp::keywords;
use crate::error::{Error, ErrorKind, Result};
use crate::session::formats::{ExportFormat, Naming, PictureFileNames};
use crate::session::report::TagReport;

/// Writes reports into one file, one at a time.
pub trait ReportStream {
    /// # Errors
    /// Those of the output, and a sentence if the format holds no more.
    fn write(&mut self, report: &TagReport) -> io::Result<()>;

    /// Hands on what was written, as far as the format can before its end: whatever happens then, these reports are there.
    ///
    /// # Errors
    /// Those of the output.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes what follows the last report, and flushes. Without this call the output may be incomplete.
    ///
    /// # Errors
    /// Those of the output.
    fn finish(&mut self) -> io::Result<()>;
}

type OpenStream = for<'a> fn(Box<dyn Write + 'a>, &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>>;
/// The content of a picture's own file; `None` if it gets none.
type WritePicture = fn(&TagReport, &ExportOptions) -> Option<String>;

/// Who writes a format.
#[derive(Debug, Clone, Copy)]
enum Writer {
    /// All reports in one file.
    OneFile(OpenStream),
    /// A file beside each picture.
    PerPicture(WritePicture),
}

fn writer(format: ExportFormat) -> Writer {
    match format {
        ExportFormat::Xlsx => Writer::OneFile(xlsx::open),
        ExportFormat::CsvExcel => Writer::OneFile(csv_excel::open),
        ExportFormat::Csv => Writer::OneFile(csv::open),
        ExportFormat::Json => Writer::OneFile(json::open),
        ExportFormat::Jsonl => Writer::OneFile(jsonl::open),
        ExportFormat::Captions => Writer::PerPicture(caption),
        ExportFormat::Xmp => Writer::PerPicture(sidecar),
        ExportFormat::Keywords => Writer::PerPicture(keyword_list),
    }
}

/// A tagged picture without tags has a caption too, so that a new export replaces all files of an old one.
fn caption(report: &TagReport, options: &ExportOptions) -> Option<String> {
    let is_tagged = matches!(report, TagReport::Tagged(_)) || !report.tags().is_empty();
    is_tagged.then(|| captions::to_caption(report.tags(), &options.captions))
}

/// There is no empty sidecar: it would only hide what another program wrote.
fn sidecar(report: &TagReport, _: &ExportOptions) -> Option<String> {
    let has_any = !report.tags().is_empty() || !report.texts().is_empty();
    has_any.then(|| xmp::to_sidecar(report))
}

/// What goes into the copy of a picture, one keyword a line; the copy itself is made of the picture, by
/// [`write_keywords`](crate::write_keywords).
fn keyword_list(report: &TagReport, _: &ExportOptions) -> Option<String> {
    let keywords = keywords(report);
    (!keywords.is_empty()).then(|| keywords.flat().join("\n"))
}

/// Where reports of a format are written.
pub enum ExportWriter<'a> {
    /// One file for all pictures.
    OneFile(Box<dyn ReportStream + 'a>),
    /// One file per tagged picture, named by [`file_names`].
    PerPicture(WritePicture),
}

impl<'a> ExportWriter<'a> {
    /// `out` is called for a format with one file for all pictures.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(
        format: ExportFormat,
        options: &ExportOptions,
        out: impl FnOnce() -> io::Result<Box<dyn Write + 'a>>,
    ) -> io::Result<Self> {
        Ok(match writer(format) {
            Writer::OneFile(open) => Self::OneFile(open(out()?, options)?),
            Writer::PerPicture(write) => Self::PerPicture(write),
        })
    }
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportFile {
    /// Relative, separated by "/", safe to unpack and unique within an export on every system.
    pub name: String,
    pub content: Content,
    /// The report that the file is of, by its position among those added; `None` where one file is of all.
    pub picture: Option<usize>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

/// An export in memory. Reports may arrive in portions, so that only the files are held as a whole.
pub struct Export {
    format: ExportFormat,
    options: ExportOptions,
    writer: ExportWriter<'static>,
    /// What was written into the one file.
    bytes: Buffer,
    n_reports: usize,
    pictures: Vec<PictureFile>,
}

/// The file of one picture.
struct PictureFile {
    /// Of the report, by its position.
    at: usize,
    path: String,
    content: String,
}

impl Export {
    /// # Errors
    /// [`ErrorKind::ExportInvalid`] if a choice cannot be followed.
    pub fn new(format: ExportFormat, options: ExportOptions) -> Result<Self> {
        options.check()?;
        let bytes = Buffer::default();
        let writer = ExportWriter::new(format, &options, || Ok(Box::new(bytes.clone()))).map_err(refused)?;
        Ok(Self { format, options, writer, bytes, n_reports: 0, pictures: Vec::new() })
    }

    /// # Errors
    /// [`ErrorKind::ExportInvalid`] if the format holds no more.
    pub fn add(&mut self, report: &TagReport) -> Result<()> {
        let at = self.n_reports;
        self.n_reports += 1;
        match &mut self.writer {
            ExportWriter::OneFile(stream) => stream.write(report).map_err(refused),
            ExportWriter::PerPicture(write) => {
                let content = write(report, &self.options);
                let path = || report.path().to_owned();
                self.pictures.extend(content.map(|content| PictureFile { at, path: path(), content }));
                Ok(())
            }
        }
    }

    /// How many files there are so far.
    pub fn n_files(&self) -> usize {
        if self.format.picture_files().is_some() { self.pictures.len() } else { 1 }
    }

    /// Which of the pictures that get a file each would share it if it were named by the stem: a group of paths for each such file.
    pub fn name_collisions(&self) -> Vec<Vec<String>> {
        let Some(files) = self.format.picture_files() else { return Vec::new() };
        if files.naming(Some(Naming::Stem)) != Naming::Stem {
            return Vec::new();
        }
        let groups = name_collisions(&self.paths(), files);
        groups.into_iter().map(|group| group.into_iter().map(|at| self.pictures[at].path.clone()).collect()).collect()
    }

    /// The files, in the order of the reports: one for all, or one for each picture that gets one.
    ///
    /// # Errors
    /// [`ErrorKind::ExportNamesCollide`] as [`file_names`].
    pub fn finish(mut self) -> Result<Vec<ExportFile>> {
        if let Some(files) = self.format.picture_files() {
            return self.picture_files(files);
        }
        if let ExportWriter::OneFile(stream) = &mut self.writer {
            stream.finish().map_err(refused)?;
        }
        let name = format!("tagsmith.{}", self.format.extension());
        let content = match String::from_utf8(self.bytes.0.take()) {
            Ok(text) => Content::Text(text),
            Err(error) => Content::Bytes(error.into_bytes()),
        };
        Ok(vec![ExportFile { name, content, picture: None }])
    }

    fn picture_files(self, files: PictureFileNames) -> Result<Vec<ExportFile>> {
        let names = file_names(&self.paths(), files, files.naming(self.options.names))?;
        let file = |(name, PictureFile { at, content, .. })| {
            let content = Content::Text(content);
            ExportFile { name, content, picture: Some(at) }
        };
        Ok(names.into_iter().zip(self.pictures).map(file).collect())
    }

    fn paths(&self) -> Vec<&str> {
        self.pictures.iter().map(|picture| picture.path.as_str()).collect()
    }
}

/// Writing to memory cannot fail, so it is the format that refuses.
fn refused(error: io::Error) -> Error {
    Error::new(ErrorKind::ExportInvalid, error.to_string()).with_source(error)
}

/// Bytes that a stream writes and whoever opened it reads.
#[derive(Debug, Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::session::report::tests::{failed, report, with_tags, with_texts};

    pub fn files(
        format: ExportFormat,
        options: &ExportOptions,
        reports: impl IntoIterator<Item = TagReport>,
    ) -> Result<Vec<ExportFile>> {
        let mut export = Export::new(format, options.clone())?;
        reports.into_iter().try_for_each(|report| export.add(&report))?;
        export.finish()
    }

    /// The text of the one file of a format that has one for all.
    pub fn content(
        format: ExportFormat,
        options: &ExportOptions,
        reports: impl IntoIterator<Item = TagReport>,
    ) -> String {
        String::from_utf8(content_bytes(format, options, reports)).unwrap()
    }

    pub fn content_bytes(
        format: ExportFormat,
        options: &ExportOptions,
        reports: impl IntoIterator<Item = TagReport>,
    ) -> Vec<u8> {
        let [file] = &mut files(format, options, reports).unwrap()[..] else { panic!("one file") };
        match &mut file.content {
            Content::Text(text) => std::mem::take(text).into_bytes(),
            Content::Bytes(bytes) => std::mem::take(bytes),
        }
    }

    fn names(format: ExportFormat, options: &ExportOptions, reports: Vec<TagReport>) -> Vec<String> {
        files(format, options, reports).unwrap().into_iter().map(|file| file.name).collect()
    }

    fn named(names: Naming) -> ExportOptions {
        ExportOptions { names: Some(names), ..ExportOptions::default() }
    }

    #[test]
    fn tables_and_lists_are_one_file_and_other_formats_one_per_tagged_picture() {
        let reports = || vec![report("a/cat.jpg", &[("cat", &[])]), failed("b.jpg"), report("a/cat.png", &[])];
        for format in ExportFormat::ALL.into_iter().filter(|format| format.picture_files().is_none()) {
            let wanted = format!("tagsmith.{}", format.extension());
            assert_eq!(names(format, &ExportOptions::default(), reports()), [wanted]);
        }
        let (captions, xmp) = (ExportFormat::Captions, ExportFormat::Xmp);
        assert_eq!(names(captions, &named(Naming::Full), reports()), ["a/cat.jpg.txt", "a/cat.png.txt"]);
        assert_eq!(names(captions, &named(Naming::StemOrFull), reports()), ["a/cat.jpg.txt", "a/cat.png.txt"]);
        let refused = files(captions, &ExportOptions::default(), reports()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ExportNamesCollide);
        assert_eq!(names(xmp, &ExportOptions::default(), reports()), ["a/cat.jpg.xmp"], "no empty sidecar");
        assert_eq!(names(xmp, &named(Naming::Stem), reports()), ["a/cat.xmp"], "what gets no file shares no name");
    }

    #[test]
    fn a_persons_tags_are_written_for_pictures_that_failed() {
        let reports = || vec![with_tags(failed("a.cr2"), &[("Misse", &["cat"])]), failed("b.jpg")];
        for format in ExportFormat::ALL {
            let all = files(format, &ExportOptions::default(), reports()).unwrap();
            assert_eq!(all.len(), 1, "{format:?}");
            assert_eq!(all[0].picture, format.picture_files().map(|_| 0), "{format:?}");
            if let Content::Text(text) = &all[0].content {
                assert!(text.contains("Misse"), "{format:?}: {text}");
            }
        }
        assert_eq!(names(ExportFormat::Xmp, &ExportOptions::default(), reports()), ["a.xmp"]);
        let copies = files(ExportFormat::Keywords, &named(Naming::StemOrFull), reports().into_iter().rev()).unwrap();
        let content = Content::Text("Misse\ncat".to_owned());
        assert_eq!(copies, [ExportFile { name: "a.cr2".to_owned(), content, picture: Some(1) }], "under its own name");
    }

    #[test]
    fn texts_alone_make_a_sidecar_and_a_copy() {
        let reports = || vec![with_texts(report("a.jpg", &[]), ["A cat", "", ""]), report("b.jpg", &[])];
        for format in [ExportFormat::Xmp, ExportFormat::Keywords] {
            let all = files(format, &ExportOptions::default(), reports()).unwrap();
            assert_eq!(all.iter().map(|file| file.picture).collect::<Vec<_>>(), [Some(0)], "{format:?}");
        }
        for format in ExportFormat::ALL.into_iter().filter(|format| format.picture_files().is_none()) {
            if let Content::Text(text) = &files(format, &ExportOptions::default(), reports()).unwrap()[0].content {
                assert!(text.contains("A cat"), "{format:?}: {text}");
            }
        }
    }

    #[test]
    fn collisions_are_told_before_the_files_are_made() {
        let mut export = Export::new(ExportFormat::Captions, ExportOptions::default()).unwrap();
        for picture in [report("same.jpg", &[]), failed("same.gif"), report("same.png", &[]), report("b.png", &[])] {
            export.add(&picture).unwrap();
        }
        assert_eq!((export.name_collisions(), export.n_files()), (vec![vec!["same.jpg".into(), "same.png".into()]], 3));
        assert!(export.finish().is_err());
        for format in [ExportFormat::Csv, ExportFormat::Keywords] {
            let mut export = Export::new(format, ExportOptions::default()).unwrap();
            ["same.jpg", "same.png"].iter().for_each(|path| export.add(&report(path, &[("cat", &[])])).unwrap());
            assert!(export.name_collisions().is_empty(), "{format:?}");
        }
    }
}
