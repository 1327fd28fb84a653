//! A stand-in of PhotoPrism's client, made from the types in `internal/ai/vision/api_request.go`, `api_client.go` and `api_response.go` of its
//! source: it sends what those send, and reads answers as strictly as they do. No PhotoPrism was asked.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::bench::{Bench, lines};
use crate::http::Answer;
use crate::server::Server;
use crate::tagging::started;

/// `ApiRequest`: what is empty is left out, but for `suffix` and `stream`.
#[derive(Serialize)]
struct ApiRequest {
    id: String,
    model: String,
    version: String,
    suffix: String,
    stream: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<String>,
}

/// `ApiResponse`: Go leaves at zero what is missing and skips what it does not know, but a value of another type is an error.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
struct ApiResponse {
    id: String,
    code: i32,
    error: String,
    model: Model,
    result: ApiResult,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
struct Model {
    r#type: String,
    name: String,
    version: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
struct ApiResult {
    labels: Vec<LabelResult>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
struct LabelResult {
    name: String,
    source: String,
    priority: i32,
    confidence: f32,
    topicality: f32,
    categories: Vec<String>,
}

const ID: &str = "3487da77-246e-4b4c-9437-67507177bcd7";

fn request(images: Vec<String>, url: &str) -> Vec<u8> {
    let request = ApiRequest {
        id: ID.into(),
        model: "nasnet".into(),
        version: "latest".into(),
        suffix: String::new(),
        stream: false,
        url: url.into(),
        images,
    };
    serde_json::to_vec(&request).unwrap()
}

/// `PerformApiRequest`.
fn perform(server: &Server, path: &str, body: &[u8]) -> (Answer, ApiResponse) {
    let headers = "content-type: application/json\r\nauthorization: Bearer token\r\n";
    let answer = server.ask(&format!("POST {path}"), headers, body);
    let response = serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
    (answer, response)
}

#[test]
fn labels_are_the_tags_of_the_command_line_in_the_form_of_its_vision_service() {
    let bench = Bench::new("serve_photoprism");
    bench.golden("coffee/picture.jpg", "coffee.jpg").golden("chelsea_small_png/picture.png", "cat.png");
    let file = |name: &str| STANDARD.encode(fs::read(bench.dir.join(name)).unwrap());
    let (coffee, cat) = (format!("data:image/jpeg;base64,{}", file("coffee.jpg")), file("cat.png"));
    let told = lines(&bench.tagsmith(&["tag", "coffee.jpg", "cat.png"]));
    let tags: Vec<Vec<(String, f64)>> = told
        .iter()
        .map(|report| {
            let tags = report["tags"].as_array().unwrap().iter();
            tags.map(|tag| (tag["name"].as_str().unwrap().to_owned(), tag["confidence"].as_f64().unwrap())).collect()
        })
        .collect();
    let server = started(&bench, &["--threads", "2"]);
    for path in ["/api/v1/vision/labels", "/api/v1/vision/labels/nasnet/latest"] {
        let (answer, response) = perform(&server, path, &request(vec![coffee.clone()], ""));
        assert_eq!((answer.status, response.code, response.error.as_str()), (200, 200, ""));
        assert_eq!((response.id.as_str(), response.model.r#type.as_str()), (ID, "labels"));
        assert_eq!((response.model.name.as_str(), response.model.version.is_empty()), ("efficientnet-lite0", false));
        let labels = &response.result.labels;
        let found: Vec<_> = labels.iter().map(|label| (label.name.clone(), f64::from(label.confidence))).collect();
        assert_eq!(found.len(), tags[0].len());
        for ((name, confidence), (wanted, sure)) in found.iter().zip(&tags[0]) {
            assert!(name == wanted && (confidence - sure).abs() < 1e-6, "{name} {confidence}, {wanted} {sure}");
        }
        assert!(
            labels
                .iter()
                .all(|label| label.source == "image" && label.priority == 0 && label.topicality == label.confidence)
        );
        assert!(labels.iter().any(|label| !label.categories.is_empty()), "{labels:?}");
    }
    // Several of one photograph: each label once, the surest first.
    let (_, both) = perform(&server, "/api/v1/vision/labels", &request(vec![coffee.clone(), cat.clone(), coffee], ""));
    let names: Vec<_> = both.result.labels.iter().map(|label| label.name.as_str()).collect();
    assert!(tags.iter().flatten().all(|(name, _)| names.iter().filter(|one| *one == name).count() == 1), "{names:?}");
    assert!(both.result.labels.is_sorted_by(|a, b| a.confidence >= b.confidence));
    let (_, few) = perform(&server, "/api/v1/vision/labels?max_tags=1&lang=sv", &request(vec![cat], ""));
    assert_eq!(few.result.labels.len(), 1);
    assert_ne!(few.result.labels[0].name, tags[1][0].0);
}

#[test]
fn what_it_cannot_answer_it_says_in_the_same_form() {
    let bench = Bench::new("serve_photoprism_bad");
    let server = started(&bench, &["--threads", "1", "--max-file", "1"]);
    let data = |bytes: &[u8]| format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes));
    for (body, status, said) in [
        (request(vec![], ""), 400, "at least one"),
        (request(vec![], "https://photos.example/api/v1/dl/1"), 400, "FileScheme"),
        (request(vec!["https://photos.example/api/v1/dl/1".into()], ""), 400, "FileScheme"),
        (request(vec!["%%%".into()], ""), 400, "no base64"),
        (request(vec!["data:image/jpeg,abc".into()], ""), 400, "not base64"),
        (request(vec![data(b"x"); 9], ""), 400, "9 pictures"),
        (request(vec![data(b"no picture")], ""), 422, "."),
        (request(vec![data(&vec![0; 1_100_000])], ""), 413, "--max-file"),
        (request(vec![data(&vec![0; 3_000_000])], ""), 413, "--max-file"),
        (b"[1]".to_vec(), 400, "no request for labels"),
        (b"{\"images\":1}".to_vec(), 400, "no request for labels"),
    ] {
        let (answer, response) = perform(&server, "/api/v1/vision/labels", &body);
        assert_eq!((answer.status, response.code), (status, i32::from(status)), "{answer:?}");
        assert!(response.error.contains(said) && response.result.labels.is_empty(), "{said}: {response:?}");
    }
}
