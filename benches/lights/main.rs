//! How often the lights of the training guidelines, and the suspects of the training report, are right on faults that are planted into
//! real sets: `cargo bench --bench lights -- FOLDER`.
//!
//! The folder holds what `tagsmith tag --embedding` writes of pictures in SET/SPLIT/TAG/ as `SET.jsonl`; of pictures that are none of
//! them as `odd.jsonl`; and of changed copies of training pictures, in CHANGE/SET/TAG/, as `copies.jsonl`.

mod planted;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use planted::{Chance, Picture, Planted};
use tagsmith::train::{Background, Guideline, Guidelines, Light, SuspectKind, TrainOptions, guidelines, report, train};

const SETS: [&str; 4] = ["grocery", "clothing", "houses", "materials"];
const BACKGROUND: &str = "models/efficientnet-lite0/background.bin";
const N_RUNS: u64 = 10;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("Not measured: name the folder with embeddings, as benches/own_tags/lights.rs says.");
        return;
    };
    let folder = PathBuf::from(folder);
    let background = std::fs::read(BACKGROUND).ok().map(|bytes| Background::parse(&bytes).expect("a sound background"));
    println!("{} background", if background.is_some() { "With" } else { "Without" });
    println!(
        "Found: of what was planted. Right: of what was named. Seen: tags with a fault that are not green. Green: the others."
    );
    let odd = planted::read(&folder.join("odd.jsonl"));
    let copies = planted::read(&folder.join("copies.jsonl"));
    for set in SETS {
        let all = planted::read(&folder.join(format!("{set}.jsonl")));
        let pictures: Vec<Picture> = all.into_iter().filter(|picture| picture.parent == "train").collect();
        let others = others(&folder, set);
        measure(set, &pictures, &others, &odd, &copies, background.as_ref());
    }
    time(&folder, background.as_ref());
}

/// Pictures of the other sets, as the rest of a library.
fn others(folder: &Path, set: &str) -> Vec<Picture> {
    let others = SETS.iter().filter(|other| **other != set);
    others
        .flat_map(|other| planted::read(&folder.join(format!("{other}.jsonl"))))
        .filter(|one| one.parent == "val")
        .collect()
}

fn measure(
    set: &str,
    pictures: &[Picture],
    others: &[Picture],
    odd: &[Picture],
    copies: &[Picture],
    background: Option<&Background>,
) {
    let run = |guideline: Guideline, plant: &dyn Fn(&mut Chance) -> Planted| {
        let mut tally = Tally::default();
        for seed in 0..N_RUNS {
            let planted = plant(&mut Chance::new(seed));
            tally.add(guideline, &planted, &guidelines(&planted.set, &planted.other_ids, background));
        }
        tally
    };
    let line = |name: &str, tally: &Tally| println!("{set:10} {name:34} {tally}");
    line("coherence, 20 mislabelled", &run(Guideline::Coherence, &|chance| planted::mislabelled(pictures, 20, chance)));
    line(
        "coherence, 20 of nothing here",
        &run(Guideline::Coherence, &|chance| planted::odd(pictures, odd, 20, chance)),
    );
    line("coverage, 3 kinds of 2", &run(Guideline::Coverage, &|chance| planted::kinds(pictures, 3, chance)));
    line(
        "completeness, 20 without their tag",
        &run(Guideline::Completeness, &|chance| planted::untagged(pictures, others, 20, chance)),
    );
    line("duplicates, 20 of the same file", &run(Guideline::Duplicates, &|chance| planted::same(pictures, 20, chance)));
    let mut kinds: BTreeMap<&str, Vec<Picture>> = BTreeMap::new();
    for copy in copies.iter().filter(|copy| copy.set() == set) {
        kinds.entry(copy.grandparent()).or_default().push(copy.clone());
    }
    for (kind, copies) in &kinds {
        line(&format!("duplicates, 20 {kind}"), &run(Guideline::Duplicates, &|_| planted::copies(pictures, copies)));
    }
    let mut tally = Tally::default();
    for seed in 0..N_RUNS {
        let planted = planted::mislabelled(pictures, 20, &mut Chance::new(seed));
        let trained = train(&planted.set, background, &options(), &mut |_| ControlFlow::Continue(())).expect("a set");
        let named: Vec<u32> = report(&planted.set, &trained)
            .suspects
            .iter()
            .filter(|suspect| suspect.kind == SuspectKind::Wrong)
            .map(|suspect| suspect.id)
            .collect();
        tally.pictures(&planted.faults, &named);
    }
    line("suspects, 20 mislabelled", &tally);
    let clean = planted::clean(pictures);
    for tag in guidelines(&clean.set, &[], background).tags {
        let lights: Vec<String> = tag.checks.iter().map(|check| format!("{:?}", check.light).to_lowercase()).collect();
        println!("{set:10} as it is, {:26} {}", tag.tag.name, lights.join(" "));
    }
}

fn options() -> TrainOptions {
    let text = String::new;
    TrainOptions {
        seed: 1,
        title: text(),
        comment: text(),
        id: "own".into(),
        name: "Own".into(),
        version: 1,
        made_ms: 0,
    }
}

/// How long the guidelines of 50 tags with 50 pictures take.
fn time(folder: &Path, background: Option<&Background>) {
    let all: Vec<Picture> =
        SETS.iter().flat_map(|set| planted::read(&folder.join(format!("{set}.jsonl")))).cycle().take(2_500).collect();
    let many = planted::evenly(&all, 50);
    let (begin, n) = (busy(), 8);
    (0..n).for_each(|_| drop(guidelines(&many.set, &[], background)));
    println!("50 tags with 50 pictures: {:.0} ms", (busy() - begin) / f64::from(n));
}

/// How many ms this thread has been at work: what others do on this machine isn't counted. Elsewhere than on Linux the time of the day.
fn busy() -> f64 {
    let of_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ns: Option<f64> = of_thread.and_then(|text| text.split(' ').next()?.parse().ok());
    let now =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64());
    ns.map_or_else(|| now() * 1e3, |ns| ns / 1e6)
}

#[derive(Default)]
struct Tally {
    n_planted: usize,
    n_found: usize,
    n_named: usize,
    n_faulty: usize,
    n_seen: usize,
    n_sound: usize,
    n_green: usize,
}

impl Tally {
    fn add(&mut self, guideline: Guideline, planted: &Planted, found: &Guidelines) {
        let check =
            |tag: usize| found.tags[tag].checks.iter().find(|check| check.guideline == guideline).expect("a check");
        let mut named: Vec<u32> = Vec::new();
        for tag in 0..found.tags.len() {
            let check = check(tag);
            named.extend(check.concerned.iter().map(|one| one.id));
            let is_faulty = planted.faulty.contains(&(tag as u16));
            let is_green = check.light == Light::Green;
            self.n_faulty += usize::from(is_faulty);
            self.n_seen += usize::from(is_faulty && !is_green);
            self.n_sound += usize::from(!is_faulty);
            self.n_green += usize::from(!is_faulty && is_green);
        }
        self.pictures(&planted.faults, &named);
    }

    fn pictures(&mut self, faults: &[u32], named: &[u32]) {
        self.n_planted += faults.len();
        self.n_named += named.len();
        self.n_found += faults.iter().filter(|fault| named.contains(fault)).count();
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        let of = |n: usize, all: usize| {
            format!("{:>4}", (100 * n).checked_div(all).map_or("-".into(), |share| share.to_string()))
        };
        write!(
            out,
            "found {} right {} seen {} green {}",
            of(self.n_found, self.n_planted),
            of(self.n_found, self.n_named),
            of(self.n_seen, self.n_faulty),
            of(self.n_green, self.n_sound)
        )
    }
}
