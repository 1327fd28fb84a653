//! What was measured, for people and for programs.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;
use tagsmith::tags::Timings;

use crate::say::count;

/// What was measured with what.
#[derive(Debug, Serialize)]
pub struct Subject {
    pub version: &'static str,
    pub model: String,
    pub has_objects: bool,
    pub cores: usize,
    pub n_pictures: usize,
    pub are_drawn: bool,
    /// Of the pictures' files, together.
    pub n_bytes: usize,
    /// Until the first picture can be tagged.
    pub load_ms: f64,
}

/// So many threads.
#[derive(Debug, Serialize)]
pub struct Run {
    pub threads: usize,
    pub pictures: usize,
    pub seconds: f64,
    pub per_second: f64,
}

/// Where the time went, in ms, of all pictures together.
#[derive(Debug, Default)]
pub struct Parts {
    pub n_pictures: usize,
    decode: f64,
    resize: f64,
    infer: f64,
    tags: f64,
    objects: f64,
    whole: f64,
}

/// Of one picture, on average.
#[derive(Debug, Serialize)]
struct PerPicture {
    decode: f64,
    resize: f64,
    infer: f64,
    tags: f64,
    objects: f64,
    whole: f64,
}

pub struct Figures {
    pub subject: Subject,
    pub runs: Vec<Run>,
    /// Of the first run.
    pub parts: Parts,
}

/// As it is written.
#[derive(Serialize)]
struct Json<'a> {
    #[serde(flatten)]
    subject: &'a Subject,
    runs: &'a [Run],
    ms_per_picture: PerPicture,
}

impl Parts {
    pub fn add(&mut self, timings: &Timings, whole: Duration) {
        self.n_pictures += 1;
        self.decode += timings.decode;
        self.resize += timings.resize;
        self.infer += timings.infer;
        self.tags += timings.tags;
        self.objects += timings.objects.unwrap_or_default();
        self.whole += whole.as_secs_f64() * 1000.0;
    }

    pub fn join(&mut self, other: &Self) {
        self.n_pictures += other.n_pictures;
        self.decode += other.decode;
        self.resize += other.resize;
        self.infer += other.infer;
        self.tags += other.tags;
        self.objects += other.objects;
        self.whole += other.whole;
    }

    fn per_picture(&self) -> PerPicture {
        let mean = |sum: f64| sum / self.n_pictures.max(1) as f64;
        PerPicture {
            decode: mean(self.decode),
            resize: mean(self.resize),
            infer: mean(self.infer),
            tags: mean(self.tags),
            objects: mean(self.objects),
            whole: mean(self.whole),
        }
    }
}

impl Figures {
    pub fn json(&self) -> String {
        let json = Json { subject: &self.subject, runs: &self.runs, ms_per_picture: self.parts.per_picture() };
        serde_json::to_string(&json).expect("figures are JSON") + "\n"
    }

    pub fn table(&self) -> String {
        self.written().expect("a string can be written to")
    }

    fn written(&self) -> Result<String, std::fmt::Error> {
        let Subject { version, model, has_objects, cores, n_pictures, are_drawn, n_bytes, load_ms } = &self.subject;
        let objects = if *has_objects { "with" } else { "without" };
        let drawn = if *are_drawn { "drawn picture" } else { "picture" };
        let pictures = count(*n_pictures, drawn, &format!("{drawn}s"));
        let mut text = String::new();
        writeln!(text, "tagsmith {version}, {model} {objects} objects, {}", count(*cores, "core", "cores"))?;
        writeln!(text, "{pictures}, {:.1} MB; ready after {load_ms:.0} ms", *n_bytes as f64 / 1e6)?;
        writeln!(text, "\nthreads  pictures a second  times the first")?;
        let first = self.runs.first().map_or(1.0, |run| run.per_second);
        for Run { threads, per_second, .. } in &self.runs {
            writeln!(text, "{threads:>7}  {per_second:>17.1}  {:>15.2}", per_second / first)?;
        }
        let PerPicture { decode, resize, infer, tags, objects, whole } = self.parts.per_picture();
        let threads = count(self.runs.first().map_or(1, |run| run.threads), "thread", "threads");
        writeln!(text, "\na picture takes {whole:.1} ms with {threads}:")?;
        let other = (whole - decode - resize - infer - tags - objects).max(0.0);
        for (name, ms) in [
            ("decode", decode),
            ("resize", resize),
            ("infer", infer),
            ("tags", tags),
            ("objects", objects),
            ("the rest", other),
        ] {
            writeln!(text, "{name:>9} {ms:>8.2} ms")?;
        }
        Ok(text)
    }
}
