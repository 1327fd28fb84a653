//! The tags of a training report as CSV for programs: RFC 4180, a row per tag, columns that are the same in every language.

use crate::spreadsheet::csv_row::{CsvCell, write_row};
use crate::train::figures::Figure;
use crate::train::report::{TagReport, TrainingReport};

/// The columns. New ones go to the end.
const HEADER: [&str; 18] = [
    "tag",
    "name",
    "status",
    "reasons",
    "n_examples",
    "n_distinct",
    "n_rejected",
    "precision",
    "precision_low",
    "precision_high",
    "recall",
    "recall_low",
    "recall_high",
    "average_precision",
    "average_precision_low",
    "average_precision_high",
    "threshold",
    "title",
];

impl TrainingReport {
    /// The tags as CSV.
    pub fn csv(&self) -> String {
        let mut out = Vec::new();
        let rows = std::iter::once(HEADER.map(CsvCell::text).to_vec()).chain(self.tags.iter().map(|tag| self.row(tag)));
        for row in rows {
            write_row(&mut out, ',', &row).expect("a vector takes every byte");
        }
        String::from_utf8(out).expect("rows are text")
    }

    fn row(&self, tag: &TagReport) -> Vec<CsvCell> {
        // As in JSON: the names of codes and statuses.
        let code = |value: serde_json::Result<serde_json::Value>| {
            value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let reasons: Vec<String> = tag
            .reasons
            .iter()
            .map(|reason| format!("{} {}", code(serde_json::to_value(reason.code)), reason.n))
            .collect();
        let mut row = vec![
            CsvCell::text(&tag.tag.id),
            CsvCell::text(&tag.tag.name),
            CsvCell::text(&code(serde_json::to_value(tag.status))),
            CsvCell::text(&reasons.join("; ")),
            CsvCell::number(Some(tag.n_examples)),
            CsvCell::number(Some(tag.n_distinct)),
            CsvCell::number(Some(tag.n_rejected)),
        ];
        for figure in [tag.precision, tag.recall, tag.ap] {
            let part = |get: fn(&Figure) -> f32| CsvCell::number(figure.as_ref().map(get));
            row.extend([part(|figure| figure.value), part(|figure| figure.low), part(|figure| figure.high)]);
        }
        row.extend([CsvCell::number(tag.threshold), CsvCell::text(&self.title)]);
        row
    }
}
