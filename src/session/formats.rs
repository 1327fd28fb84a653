//! What reports can be exported as, and what the files are called. The writers are in `export/`: whoever only offers the formats does
//! not carry them.

use serde::{Deserialize, Serialize};

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// A spreadsheet with a row per picture.
    Xlsx,
    /// The same table, as the CSV that a spreadsheet program opens by double click.
    CsvExcel,
    /// A table for programs, with a row per tag.
    Csv,
    Json,
    Jsonl,
    /// A copy of each picture with keywords inside.
    Keywords,
    /// A sidecar per picture, for photo libraries.
    Xmp,
    /// A text file per picture, for training tools.
    Captions,
}

/// How the file of a picture is named after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// `photo.jpg` → `photo.txt`
    Stem,
    /// `photo.jpg` → `photo.jpg.txt`
    Full,
    /// As [`Stem`](Self::Stem), and as [`Full`](Self::Full) where pictures would share a name.
    StemOrFull,
}

/// The files of a format that has one for each picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFileNames {
    /// How they end, with the dot; empty where they end as the pictures do.
    pub ending: &'static str,
    /// Where nobody chooses another.
    pub usual: Naming,
    /// Lower-case extensions of pictures whose file is always named by the stem, because the programs that read it look for no other.
    pub always_stem: &'static [&'static str],
}

impl PictureFileNames {
    /// How the files are named, where a person has chosen `names`. A copy keeps its picture's ending in any case.
    pub fn naming(&self, names: Option<Naming>) -> Naming {
        if self.ending.is_empty() { Naming::Full } else { names.unwrap_or(self.usual) }
    }
}

/// Of raw photographs, for which every program looks for `photo.xmp`, and Lightroom for nothing else. `www/app/picture_names.js` has the same
/// list (tests/web/node/picture_names.test.mjs).
pub const RAW_EXTENSIONS: &[&str] = &[
    "3fr", "arw", "cr2", "cr3", "crw", "dng", "iiq", "mrw", "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "srw",
    "x3f",
];

impl ExportFormat {
    /// Every format, in the order in which page and command line offer them.
    pub const ALL: [Self; 8] =
        [Self::Xlsx, Self::CsvExcel, Self::Keywords, Self::Xmp, Self::Captions, Self::Csv, Self::Json, Self::Jsonl];

    /// Its name on the command line and for JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::CsvExcel => "csv-excel",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Keywords => "keywords",
            Self::Xmp => "xmp",
            Self::Captions => "captions",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How a file with all reports ends, without the dot; empty for [`Keywords`](Self::Keywords), whose files end as the pictures do.
    pub fn extension(self) -> &'static str {
        match self {
            Self::CsvExcel => "csv",
            Self::Captions => "txt",
            Self::Keywords => "",
            other => other.name(),
        }
    }

    /// Empty for [`Keywords`](Self::Keywords): the picture's own.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::CsvExcel | Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Jsonl => "application/x-ndjson",
            Self::Keywords => "",
            Self::Captions => "text/plain",
            Self::Xmp => "application/rdf+xml",
        }
    }

    /// How the files are named; `None` for a format with one file for all pictures.
    pub fn picture_files(self) -> Option<PictureFileNames> {
        match self {
            Self::Keywords => Some(PictureFileNames { ending: "", usual: Naming::Full, always_stem: &[] }),
            Self::Captions => Some(PictureFileNames { ending: ".txt", usual: Naming::Stem, always_stem: &[] }),
            Self::Xmp => Some(PictureFileNames { ending: ".xmp", usual: Naming::Full, always_stem: RAW_EXTENSIONS }),
            Self::Xlsx | Self::CsvExcel | Self::Csv | Self::Json | Self::Jsonl => None,
        }
    }
}
