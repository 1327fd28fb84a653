//! Trains own tags on embeddings and tags others with them: what `models/tools/eval/own_tags.py` sets beside scikit-learn.
//!
//! Reads JSON lines. The first: `{"backbone": [id, version], "embeddings": [[...]], "background": FILE or null}`. Each other is a task
//! with numbers of embeddings: `{"examples": [[[views], [tags]]], "n_tags", "asked": [numbers]}`, answered by one line:
//! `{"z": [[...]], "is_familiar": [...], "thresholds": [...], "ms", "judged": [[...]], "margins": [...]}`; `judged` are the confidences
//! of the examples, each left out, `margins` their familiarity.
//!
//!     cargo bench -p tagsmith --bench own_tags --no-default-features --features train

use std::io::{BufRead, stdin};
use std::ops::ControlFlow;
use std::time::Instant;

use serde::Deserialize;
use serde_json::json;
use tagsmith::TagRef;
use tagsmith::model::BackboneRef;
use tagsmith::tags::Embedding;
use tagsmith::train::{Background, Example, TrainOptions, TrainingSet, train};

#[derive(Deserialize)]
struct Start {
    backbone: [String; 2],
    embeddings: Vec<Vec<f32>>,
    background: Option<String>,
}

#[derive(Deserialize)]
struct Task {
    examples: Vec<(Vec<usize>, Vec<u16>)>,
    n_tags: usize,
    asked: Vec<usize>,
}

fn main() {
    let mut lines = stdin().lock().lines().map(|line| line.expect("a line of text"));
    let start: Start = serde_json::from_str(&lines.next().expect("a first line")).expect("embeddings");
    let [id, version] = start.backbone;
    let backbone = BackboneRef { id, version, sha256: None };
    let background = start.background.map(|path| {
        let bytes = std::fs::read(path).expect("the file of everyday pictures is there");
        Background::parse(&bytes).expect("it is whole")
    });
    let embeddings: Vec<Embedding> =
        start.embeddings.iter().map(|values| Embedding::new(values).expect("finite numbers")).collect();
    for line in lines {
        let task: Task = serde_json::from_str(&line).expect("a task");
        let example = |(id, (views, tags)): (u32, &(Vec<usize>, Vec<u16>))| Example {
            id,
            views: views.iter().map(|&at| embeddings[at].clone()).collect(),
            tags: tags.clone(),
            rejected: Vec::new(),
            sha256: [0; 32],
            longer_side: 0,
        };
        let set = TrainingSet {
            backbone: backbone.clone(),
            n_features: embeddings[0].vector.len(),
            tags: (0..task.n_tags).map(|tag| TagRef::known(format!("tag_{tag}"), format!("tag {tag}"))).collect(),
            examples: (0..).zip(&task.examples).map(example).collect(),
            others: Vec::new(),
        };
        let options = TrainOptions {
            seed: 1,
            title: String::new(),
            comment: String::new(),
            id: "bench".into(),
            name: "bench".into(),
            version: 1,
            made_ms: 0,
        };
        let began = Instant::now();
        let trained = train(&set, background.as_ref(), &options, &mut |_| ControlFlow::Continue(()))
            .expect("a set to learn from");
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        let found: Vec<_> =
            task.asked.iter().map(|&at| trained.head.predict(&embeddings[at]).expect("an embedding")).collect();
        let judged: Vec<_> =
            (0..set.examples.len()).map(|example| trained.validated.confidences_of(example).to_vec()).collect();
        let answer = json!({
            "z": found.iter().map(|one| one.tags.iter().map(|tag| tag.z).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "is_familiar": found.iter().map(|one| one.is_familiar).collect::<Vec<_>>(),
            "thresholds": trained.head.tags.iter().map(|tag| tag.threshold).collect::<Vec<_>>(),
            "rivalry": trained.head.rivalry,
            "slope": trained.head.tags[0].slope,
            "ms": ms,
            "judged": judged,
            "margins": trained.validated.familiarity,
        });
        println!("{answer}");
    }
}
