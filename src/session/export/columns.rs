//! The columns of a spreadsheet: one row per picture, for people who sort, search and copy.
//!
//! Tags are joined by commas: forms for keywords in shops and archives take such a list as it is, and every table program keeps a quoted
//! cell together. A comma within a name becomes a space, as in captions.

use crate::session::export::alt_text::alternative_text;
use crate::session::export::options::ExportOptions;
use crate::session::export::text::{distinct, entry, one_line};
use crate::session::export::words::{self, N_COLUMNS};
use crate::session::report::{Failure, ReportTag, TagReport};

/// What is in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(u32),
}

/// Widths of the columns, in characters; their headings are in `words`.
pub const WIDTHS: [u16; N_COLUMNS] = [28, 20, 40, 30, 20, 50, 12, 20, 8, 8, 40, 30, 60];

/// The cells of a picture, in the order of the headings.
pub fn row(report: &TagReport, options: &ExportOptions) -> [Cell; N_COLUMNS] {
    let (tags, texts) = (report.tags(), report.texts());
    let (folder, file) = report.path().rsplit_once('/').unwrap_or(("", report.path()));
    let list = |names: &mut dyn Iterator<Item = &String>| text(distinct(names.map(|name| entry(name))).join(", "));
    let (size, problem) = match report {
        TagReport::Tagged(tagged) => {
            let facts = &tagged.facts;
            let note =
                if facts.incomplete { text(words::incomplete(&options.language).to_owned()) } else { Cell::Empty };
            ([Cell::Number(facts.width), Cell::Number(facts.height)], note)
        }
        TagReport::Failed { error, .. } => ([Cell::Empty, Cell::Empty], text(one_line(sentence(error, options)))),
    };
    let [width, height] = size;
    [
        text(one_line(file)),
        text(one_line(folder)),
        list(&mut tags.iter().map(|tag| &tag.name)),
        list(&mut tags.iter().flat_map(|tag| &tag.parent_names)),
        list(&mut tags.iter().filter_map(|tag| tag.category_name.as_ref().or(tag.category.as_ref()))),
        text(alternative_text(report, &options.language)),
        lowest_confidence(tags),
        list(&mut tags.iter().filter(|tag| tag.origin == "manual").map(|tag| &tag.name)),
        width,
        height,
        problem,
        text(one_line(texts.title.as_deref().unwrap_or_default())),
        text(one_line(texts.description.as_deref().unwrap_or_default())),
    ]
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

/// In whole per cent: where it is low, a person should look.
fn lowest_confidence(tags: &[ReportTag]) -> Cell {
    let lowest = tags.iter().map(|tag| tag.confidence).min_by(f32::total_cmp);
    lowest.map_or(Cell::Empty, |lowest| Cell::Number((lowest.clamp(0.0, 1.0) * 100.0).round() as u32))
}

fn sentence<'a>(error: &'a Failure, options: &'a ExportOptions) -> &'a str {
    options.table.problems.get(&error.code).unwrap_or(&error.detail)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::session::report::tests::{failed, report, with_tags, with_texts};

    /// Reports that have something in every column, and hostile text where text can be.
    pub fn reports() -> Vec<TagReport> {
        let mut cat = report("pets/2026/=cat.jpg", &[("tabby cat", &["cat", "animal"]), ("crane, bird", &["animal"])]);
        let tags = cat.tags_mut();
        tags[0].category_name = Some("djur".to_owned());
        (tags[0].confidence, tags[1].confidence) = (0.999, 0.617);
        let own = with_tags(report("@b.png", &[("sofa", &[])]), &[("=1+1", &[])]);
        vec![cat, own, with_tags(failed("c\r\n.jpg"), &[("Misse", &[])]), failed("d.jpg"), report("e.jpg", &[])]
    }

    fn cells(report: &TagReport) -> [String; N_COLUMNS] {
        row(report, &ExportOptions::default()).map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text,
            Cell::Number(number) => number.to_string(),
        })
    }

    #[test]
    fn a_picture_is_one_row() {
        let reports = reports();
        let wanted = [
            "=cat.jpg",
            "pets/2026",
            "tabby cat, crane bird",
            "cat, animal",
            "djur",
            "Picture: tabby cat, crane bird",
            "62",
            "",
            "2",
            "1",
            "",
            "",
            "",
        ];
        assert_eq!(cells(&reports[0]), wanted);
        let own = cells(&reports[1]);
        assert_eq!((own[2].as_str(), own[7].as_str()), ("=1+1, sofa", "=1+1"));
        let failed = cells(&reports[2]);
        assert_eq!((failed[0].as_str(), failed[2].as_str(), failed[10].as_str()), ("c .jpg", "Misse", "Empty."));
        assert_eq!(cells(&reports[4]), ["e.jpg", "", "", "", "", "", "", "", "2", "1", "", "", ""]);
    }

    #[test]
    fn the_texts_that_are_there_are_written_each_on_one_line() {
        let texts = ["=A cat", "On a sofa.\nLate.", "A cat\tasleep, on a sofa"];
        let cells = cells(&with_texts(report("a", &[("cat", &[])]), texts));
        assert_eq!((cells[5].as_str(), cells[11].as_str()), ("A cat asleep, on a sofa", "=A cat"));
        assert_eq!(cells[12], "On a sofa. Late.");
    }

    #[test]
    fn a_problem_is_told_in_the_readers_words_where_there_are_some() {
        let mut options = ExportOptions::default();
        options.table.problems.insert("picture_empty".to_owned(), "Filen är tom.".to_owned());
        assert_eq!(row(&failed("a"), &options)[10], Cell::Text("Filen är tom.".to_owned()));
    }
}
