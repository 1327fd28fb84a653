//! What a person chooses about an export. The defaults are for people who choose nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::session::formats::Naming;

/// The choices for an export. A format ignores those of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExportOptions {
    /// Of headings and alternative texts, such as "sv"; English where they are not in it. The tags' names come with the reports.
    pub language: String,
    /// How the files of pictures are named; `None`: as usual for the format.
    pub names: Option<Naming>,
    pub captions: CaptionOptions,
    pub table: TableOptions,
}

/// What is in a caption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaptionOptions {
    /// Written first and as it is, such as a trigger word; also into captions without tags.
    pub prefix: String,
    /// Between entries.
    pub separator: String,
    /// `tabby_cat` instead of `tabby cat`.
    pub underscores: bool,
    pub lower_case: bool,
    /// Whether the parents of the tags follow them.
    pub parents: bool,
    pub order: CaptionOrder,
    /// Names or ids that are never written, in upper or lower case.
    pub never: Vec<String>,
}

/// The order of a caption's entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptionOrder {
    /// As the page shows them: a person's tags, then the surest.
    #[default]
    Confidence,
    /// By name.
    Name,
    /// Own words, then as [`Confidence`](Self::Confidence).
    OwnFirst,
}

/// What is in a spreadsheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TableOptions {
    /// Whether the reader's language writes 0,5: its spreadsheet programs then divide the cells of a CSV by semicolons.
    pub decimal_comma: bool,
    /// Sentences for error codes, in the reader's language; without one the report's English sentence is written.
    pub problems: BTreeMap<String, String>,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            language: "en".to_owned(),
            names: None,
            captions: CaptionOptions::default(),
            table: TableOptions::default(),
        }
    }
}

impl Default for CaptionOptions {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            separator: ", ".to_owned(),
            underscores: false,
            lower_case: false,
            parents: false,
            order: CaptionOrder::default(),
            never: Vec::new(),
        }
    }
}

impl ExportOptions {
    /// # Errors
    /// [`ErrorKind::ExportInvalid`] if a choice cannot be followed.
    pub fn check(&self) -> Result<()> {
        let separator = &self.captions.separator;
        let divides = |c: char| !(c.is_alphanumeric() || c == '_' || c.is_control());
        if !separator.is_empty() && separator.chars().all(divides) {
            return Ok(());
        }
        let detail = format!(
            "The separator {separator:?} does not keep the words of a caption apart. Use a comma, a space or another sign."
        );
        Err(Error::new(ErrorKind::ExportInvalid, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_default_and_nothing_unknown_is_accepted() {
        assert_eq!(serde_json::from_str::<ExportOptions>("{}").unwrap(), ExportOptions::default());
        let some = r#"{"names":"stem_or_full","captions":{"order":"own_first","prefix":"x"}}"#;
        let some: ExportOptions = serde_json::from_str(some).unwrap();
        assert_eq!((some.names, some.captions.order), (Some(Naming::StemOrFull), CaptionOrder::OwnFirst));
        assert_eq!(some.captions.separator, ", ");
        for unknown in [r#"{"name":"stem"}"#, r#"{"captions":{"suffix":""}}"#, r#"{"table":{"comma":true}}"#] {
            assert!(serde_json::from_str::<ExportOptions>(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn a_separator_has_to_separate() {
        let check = |separator: &str| {
            let captions = CaptionOptions { separator: separator.to_owned(), ..CaptionOptions::default() };
            ExportOptions { captions, ..ExportOptions::default() }.check()
        };
        for good in [", ", ",", " ", " | ", "; ", "、"] {
            assert!(check(good).is_ok(), "{good:?}");
        }
        for bad in ["", "and", ",\n", "_", ", a"] {
            assert_eq!(check(bad).unwrap_err().kind(), ErrorKind::ExportInvalid, "{bad:?}");
        }
    }
}
