//! JSON: all reports as one list, indented for people.

use std::io::{self, Write};

use crate::printable::printable_json;
use crate::session::export::{ExportOptions, ReportStream};
use crate::session::report::TagReport;

/// # Errors
/// None.
pub fn open<'a>(out: Box<dyn Write + 'a>, _: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    Ok(Box::new(Array { out, is_begun: false }))
}

struct Array<W: Write> {
    out: W,
    is_begun: bool,
}

impl<W: Write> ReportStream for Array<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        let object = serde_json::to_string_pretty(report).expect("reports hold only strings, finite numbers and lists");
        let before = if self.is_begun { ",\n  " } else { "[\n  " };
        self.is_begun = true;
        // Line feeds in strings are escaped, so all of these are between values.
        write!(self.out, "{before}{}", printable_json(&object).replace('\n', "\n  "))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::session::export::ExportOptions;
    use crate::session::export::tests::content;
    use crate::session::formats::ExportFormat::{Json, Jsonl};
    use crate::session::report::tests::{failed, report};

    const PLAIN: fn() -> ExportOptions = ExportOptions::default;

    #[test]
    fn the_list_has_the_same_objects_as_json_lines() {
        let reports =
            || vec![report("a\n\"b\".jpg", &[("cat\n", &["animal"])]), failed("</script>\u{2028}"), report("c", &[])];
        let list: Vec<Value> = serde_json::from_str(&content(Json, &PLAIN(), reports())).unwrap();
        let lines: Vec<Value> =
            content(Jsonl, &PLAIN(), reports()).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(list, lines);
        assert_eq!(list[0]["path"], "a\n\"b\".jpg");
        let odd = || [failed("\u{1b}\u{7f}\u{9b}31m\u{202e}gpj.exe")];
        for text in [content(Json, &PLAIN(), odd()), content(Jsonl, &PLAIN(), odd())] {
            assert!(text.contains(r"\u001b\u007f\u009b31m\u202egpj.exe"), "{text:?}");
        }
    }

    #[test]
    fn the_list_is_indented_and_may_be_empty() {
        assert_eq!(content(Json, &PLAIN(), []), "[]\n");
        let one = content(Json, &PLAIN(), [failed("a")]);
        let wanted = "[\n  {\n    \"path\": \"a\",\n    \"error\": {\n      \"code\": \"picture_empty\",\n      \"detail\": \"Empty.\"\n    }\n  }\n]\n";
        assert_eq!(one, wanted);
    }
}
