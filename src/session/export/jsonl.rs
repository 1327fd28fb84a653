//! JSON Lines: one report per line.

use crate::session::report::TagReport;

/// `report` as one line of JSON with a line feed at the end. JSON escapes control characters, so there is no other line feed.
pub fn to_line(report: &TagReport) -> String {
    let mut line = serde_json::to_string(report).expect("reports hold only strings, finite numbers and lists");
    line.push('\n');
    line
}
