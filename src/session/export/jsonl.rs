//! JSON Lines: one report a line.

use crate::session::report::TagReport;

/// `report` as one line of JSON, line feed included. Control characters in paths and names are escaped by JSON itself, so a
/// line is always one line.
pub fn to_line(report: &TagReport) -> String {
    let mut line = serde_json::to_string(report).expect("reports hold only strings, finite numbers and lists");
    line.push('\n');
    line
}
