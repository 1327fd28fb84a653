//! Reports on their way from the session to the module that writes files: JSON that has, beside each report, the names that
//! [reports](crate::session::TagReport) leave out because their readers have ids.

use serde::{Deserialize, Serialize};

use crate::session::report::{ReportTag, TagReport};

#[derive(Serialize, Deserialize)]
struct HandedReport {
    report: TagReport,
    /// Parallel to the report's tags.
    names: Vec<Names>,
}

#[derive(Serialize, Deserialize)]
struct Names {
    parents: Vec<String>,
    path_to_root: Vec<String>,
    category: Option<String>,
}

/// `reports` as one JSON list.
pub fn write_reports(reports: impl Iterator<Item = TagReport>) -> String {
    let handed: Vec<HandedReport> = reports.map(pack).collect();
    serde_json::to_string(&handed).expect("reports hold only strings, finite numbers and lists")
}

/// What [`Session::reports`](crate::session::Session::reports) has written.
///
/// # Errors
/// Those of the JSON reader, for a text from elsewhere.
pub fn read_reports(json: &str) -> serde_json::Result<Vec<TagReport>> {
    let handed: Vec<HandedReport> = serde_json::from_str(json)?;
    Ok(handed.into_iter().map(unpack).collect())
}

fn pack(mut report: TagReport) -> HandedReport {
    let take = |tag: &mut ReportTag| Names {
        parents: std::mem::take(&mut tag.parent_names),
        path_to_root: std::mem::take(&mut tag.path_to_root),
        category: tag.category_name.take(),
    };
    let names = report.tags_mut().iter_mut().map(take).collect();
    HandedReport { report, names }
}

fn unpack(HandedReport { mut report, names }: HandedReport) -> TagReport {
    for (tag, names) in report.tags_mut().iter_mut().zip(names) {
        tag.parent_names = names.parents;
        tag.path_to_root = names.path_to_root;
        tag.category_name = names.category;
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::report::tests::{failed, report, with_tags, with_texts};

    #[test]
    fn reports_arrive_as_they_were_with_all_names() {
        let mut odd = report("a\n\"b\".jpg", &[("tabby \u{2028}cat", &["cat", "animal"]), ("sofa", &[])]);
        odd.tags_mut()[0].confidence = 0.1 + 0.2;
        odd.tags_mut()[0].score = None;
        odd.tags_mut()[1].category_name = Some("möbel".to_owned());
        odd.tags_mut()[1].also_from = vec!["provider:google".to_owned()];
        odd.tags_mut()[1].origin = "cloud";
        let texts = ["=\"a\"\n</x>", "", "c\u{2028}"];
        let others = [with_texts(report("f", &[]), texts), with_texts(failed("g"), texts)];
        let reports = [odd, report("c", &[]), failed("d"), with_tags(failed("e"), &[("Misse", &[])])];
        let reports: Vec<TagReport> = reports.into_iter().chain(others).collect();
        let handed = write_reports(reports.iter().cloned());
        assert_eq!(read_reports(&handed).unwrap(), reports);
    }

    #[test]
    fn a_text_from_elsewhere_is_refused() {
        for text in ["", "[", "{}", "[{}]", r#"[{"report":{"path":"a"},"names":[]}]"#] {
            assert!(read_reports(text).is_err(), "{text}");
        }
        let handed = write_reports([report("a", &[("cat", &[])])].into_iter());
        assert!(read_reports(&handed.replace("\"auto\"", "\"elsewhere\"")).is_err());
        assert!(read_reports(&handed.replace("\"parents\":[],\"path_to_root\"", "\"path_to_root\"")).is_err());
    }
}
