//! JSON: all reports as one list, indented for people.

use std::io::{self, Write};

use crate::session::report::TagReport;

/// Writes reports as one JSON array, one at a time.
pub struct JsonWriter<W: Write> {
    out: W,
    is_begun: bool,
}

impl<W: Write> JsonWriter<W> {
    pub fn new(out: W) -> Self {
        Self { out, is_begun: false }
    }

    /// # Errors
    /// Those of the output.
    pub fn write(&mut self, report: &TagReport) -> io::Result<()> {
        let object = serde_json::to_string_pretty(report).expect("reports hold only strings, finite numbers and lists");
        let before = if self.is_begun { ",\n  " } else { "[\n  " };
        self.is_begun = true;
        // Line feeds in strings are escaped, so all of these are between values.
        write!(self.out, "{before}{}", object.replace('\n', "\n  "))
    }

    /// Ends the array. Without this call the output is not valid JSON.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// All of `reports` as one file.
pub fn to_json(mut reports: impl Iterator<Item = TagReport>) -> String {
    let mut writer = JsonWriter::new(Vec::new());
    let written = reports.try_for_each(|report| writer.write(&report)).and_then(|()| writer.finish());
    String::from_utf8(written.expect("writing to memory cannot fail")).expect("JSON is text")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::session::export::tests::{failed, report};
    use crate::session::export::to_line;

    #[test]
    fn the_list_has_the_same_objects_as_json_lines() {
        let reports =
            || vec![report("a\n\"b\".jpg", &[("cat\n", &["animal"])]), failed("</script>\u{2028}"), report("c", &[])];
        let list: Vec<Value> = serde_json::from_str(&to_json(reports().into_iter())).unwrap();
        let lines: Vec<Value> =
            reports().iter().map(|report| serde_json::from_str(&to_line(report)).unwrap()).collect();
        assert_eq!(list, lines);
        assert_eq!(list[0]["path"], "a\n\"b\".jpg");
    }

    #[test]
    fn the_list_is_indented_and_may_be_empty() {
        assert_eq!(to_json(std::iter::empty()), "[]\n");
        let one = to_json([failed("a")].into_iter());
        let wanted = "[\n  {\n    \"path\": \"a\",\n    \"error\": {\n      \"code\": \"picture_empty\",\n      \"detail\": \"Empty.\"\n    }\n  }\n]\n";
        assert_eq!(one, wanted);
    }
}
