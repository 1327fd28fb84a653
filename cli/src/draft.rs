//! `tagsmith models draft`: a card and a vocabulary for an ONNX file that has none, from what the file and those beside it say.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tagsmith::model::{
    Basis, Drafted, Fit, ImportChoices, ModelDraft, Neighbour, Preparation, draft, external_files, import_model,
    inspect, with_external_data,
};
use tagsmith::{Error, ErrorKind, Result, sha256};

use crate::draft_args::{DraftArgs, FitArg, Sides};
use crate::path_text::path_text;
use crate::say::say;

/// Larger than any network that runs.
const MAX_MODEL_BYTES: u64 = 2 << 30;
/// Larger than any file of labels.
const MAX_NEIGHBOUR_BYTES: u64 = 32 << 20;
/// Files beside a model are text; whatever else lies in its folder is not read.
const NEIGHBOUR_ENDINGS: &[&str] =
    &["json", "txt", "csv", "tsv", "names", "labels", "yaml", "yml", "pbtxt", "manifest"];
/// What this command writes.
const CARD: &str = "model.json";
const VOCABULARY: &str = "vocabulary.json";
const NETWORK: &str = "model.onnx";

pub fn run(args: &DraftArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let files = found(args)?;
    let beside = files.model.parent().unwrap_or(Path::new("")).to_owned();
    let model = read(&files.model, MAX_MODEL_BYTES)?;
    let read_beside = |name: &str| {
        let given = files.others.iter().find(|path| path.file_name().is_some_and(|file| file == name));
        read(given.unwrap_or(&beside.join(name)), MAX_MODEL_BYTES)
    };
    let weights = external_files(&model)?;
    let model = with_external_data(&model, &read_beside)?;
    let inspection = inspect(&model)?;
    let is_weights =
        |path: &Path| path.file_name().is_some_and(|name| weights.iter().any(|file| name == file.as_str()));
    let mut neighbours = Vec::new();
    for path in args.labels.iter().chain(files.others.iter().filter(|path| !is_weights(path))) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        neighbours.push(Neighbour { name, bytes: read(path, MAX_NEIGHBOUR_BYTES)? });
    }
    let mut draft = draft(&inspection, &neighbours);
    if let Some(scores) = &args.scores {
        draft.scores.clone_from(scores);
    }
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| files.model.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default());
    let mut choices = draft.choices(&name);
    let told = apply(args, &draft, &mut choices)?;
    let Some(labels) = &draft.labels else {
        return Err(no_labels(&draft).into());
    };
    let made = import_model(&model, &sha256(&model), &inspection, &labels.value, &choices)?;

    for name in [NETWORK, VOCABULARY, CARD] {
        let path = args.out.join(name);
        if path.symlink_metadata().is_ok() {
            return Err(cannot_write(&path, &std::io::ErrorKind::AlreadyExists.into()).into());
        }
    }
    fs::create_dir_all(&args.out).map_err(|error| cannot_write(&args.out, &error))?;
    for (name, content) in
        [(NETWORK, &model[..]), (VOCABULARY, made.vocabulary.as_bytes()), (CARD, made.card.as_bytes())]
    {
        let path = args.out.join(name);
        write_new(&path, content)?;
    }
    tell(&draft, &choices, &told);
    Ok(ExitCode::SUCCESS)
}

struct Files {
    model: PathBuf,
    others: Vec<PathBuf>,
}

/// The ONNX file and the others, from files in any order, or a folder.
fn found(args: &DraftArgs) -> Result<Files> {
    let mut paths = Vec::new();
    for path in &args.files {
        if !path.is_dir() {
            paths.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        inside.retain(|path| path.is_file() && (has_ending(path, &["onnx"]) || has_ending(path, NEIGHBOUR_ENDINGS)));
        inside.sort();
        paths.extend(inside);
    }
    let (models, others): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| has_ending(path, &["onnx"]));
    match <[PathBuf; 1]>::try_from(models) {
        Ok([model]) => Ok(Files { model, others }),
        Err(models) => {
            let detail = match &models[..] {
                [] => "There is no .onnx file among these. Name the network, and what lies beside it.".to_owned(),
                [first, ..] => format!(
                    "There are {} .onnx files among these, {} the first. Name one, and what lies beside it.",
                    models.len(),
                    path_text(first)
                ),
            };
            Err(Error::new(ErrorKind::FileUnreadable, detail))
        }
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let too_large = || {
        let detail = format!("{} has more than {} MiB. Name a smaller file.", path_text(path), most >> 20);
        Error::new(ErrorKind::FileUnreadable, detail)
    };
    let mut file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let about = file.metadata().map_err(|error| unreadable(path, &error))?;
    if !about.is_file() {
        let detail = format!("{} is not a file. Name files, or one folder.", path_text(path));
        return Err(Error::new(ErrorKind::FileUnreadable, detail));
    }
    if about.len() > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, content: &[u8]) -> Result<()> {
    let open = fs::File::options().write(true).create_new(true).open(path);
    let written = open.and_then(|mut file| std::io::Write::write_all(&mut file, content));
    written.map_err(|error| cannot_write(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let detail = format!("{} cannot be read: {error}. Check the path and your permissions.", path_text(path));
    Error::new(ErrorKind::FileUnreadable, detail)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    let detail = if error.kind() == std::io::ErrorKind::AlreadyExists {
        format!("{} is there already, and is not overwritten. Name another folder with --out.", path_text(path))
    } else {
        format!("{} cannot be written: {error}. Check the folder and your permissions.", path_text(path))
    };
    Error::new(ErrorKind::FileUnreadable, detail)
}

fn no_labels(draft: &ModelDraft) -> Error {
    match &draft.labels_failure {
        Some(failure) => {
            let detail = format!("{}: {}", failure.file, failure.detail);
            Error::new(ErrorKind::LabelsInvalid, detail)
        }
        None => Error::new(
            ErrorKind::LabelsInvalid,
            "Nothing names the classes. Add the file with the labels that the network was trained with, or name it with --labels.",
        ),
    }
}

/// Which of the choices the arguments made.
#[derive(Default)]
struct Told {
    size: bool,
    pixels: bool,
    fit: bool,
    filter: bool,
    activation: bool,
    layout: bool,
}

fn apply(args: &DraftArgs, draft: &ModelDraft, choices: &mut ImportChoices) -> Result<Told> {
    let mut told = Told::default();
    if let Some(size) = args.size {
        (choices.width, choices.height, told.size) = (size.width, size.height, true);
        // Nothing stated is lost: a crop that was usual follows the size.
        if let Fit::CentreCrop { shorter_side } = draft.fit.value {
            let was = draft.size.value.height.max(draft.size.value.width);
            let longer = size.height.max(size.width);
            let scaled = (u64::from(shorter_side) * u64::from(longer)).div_ceil(u64::from(was.max(1)));
            choices.fit = Fit::CentreCrop { shorter_side: u32::try_from(scaled).unwrap_or(u32::MAX) };
        }
    }
    if let Some(colour) = args.colour {
        choices.colour = colour;
    }
    if let Some(mean) = args.mean {
        choices.mean = mean.0;
    }
    if let Some(std) = args.std {
        choices.std = std.0;
    }
    told.pixels =
        args.mean.is_some() || args.std.is_some() || args.colour.is_some() && draft.pixels.basis != Basis::Guess;
    if told.pixels {
        choices.preparation = Preparation::Confirmed;
    }
    if let Some(layout) = args.layout {
        (choices.layout, told.layout) = (layout, true);
    }
    if let Some(filter) = args.filter {
        (choices.filter, told.filter) = (filter, true);
    }
    if let Some(activation) = args.activation {
        (choices.activation, told.activation) = (activation, true);
    }
    if let Some(threshold) = args.threshold {
        choices.threshold = threshold;
    }
    if let Some(max_tags) = args.max_tags {
        choices.max_tags = max_tags;
    }
    let (height, width) = (choices.height, choices.width);
    let before = args.shorter_side.unwrap_or(height.max(width) * 8 / 7);
    told.fit = args.fit.is_some();
    match args.fit {
        Some(FitArg::Squash) => choices.fit = Fit::Squash {},
        Some(FitArg::SquashCrop) => {
            let whole = args.whole.unwrap_or(Sides { width: width * 8 / 7, height: height * 8 / 7 });
            choices.fit = Fit::SquashCrop { height: whole.height, width: whole.width };
        }
        Some(FitArg::CentreCrop) => choices.fit = Fit::CentreCrop { shorter_side: before },
        Some(FitArg::Letterbox) => {
            let pad = args.pad.map_or([127; 3], |pad| pad.0.map(|value| value.clamp(0.0, 255.0) as u8));
            choices.fit = Fit::Letterbox { pad };
        }
        None => {}
    }
    Ok(told)
}

fn by<T>(drafted: &Drafted<T>) -> (Basis, Option<&str>) {
    (drafted.basis, drafted.source.as_deref())
}

/// Says of every value what it rests on.
fn tell(draft: &ModelDraft, choices: &ImportChoices, told: &Told) {
    let line = |what: &str, value: String, basis: &str| say(format_args!("{what}: {value} ({basis})"));
    let of = |is_told: bool, basis: Basis, source: Option<&str>| match (is_told, basis, source) {
        (true, ..) => "as you say".to_owned(),
        (_, Basis::Graph, _) => "stated by the file".to_owned(),
        (_, Basis::Neighbour, Some(source)) => format!("stated by {source}"),
        (_, Basis::Usual, Some(source)) => format!("usual for what {source} tells of"),
        (_, Basis::Neighbour | Basis::Usual, _) => "usual for its kind".to_owned(),
        (_, Basis::Guess, _) => "a GUESS".to_owned(),
    };
    if let Some(labels) = &draft.labels {
        let (first, last) = (labels.value.first(), labels.value.last());
        let ends = first.zip(last).map(|(first, last)| format!(", {first} to {last}")).unwrap_or_default();
        line("labels", format!("{}{ends}", labels.value.len()), &of(false, by(labels).0, by(labels).1));
    }
    let size = format!("{} x {} (width x height)", choices.width, choices.height);
    line("size", size, &of(told.size, by(&draft.size).0, by(&draft.size).1));
    line("layout", name_of(choices.layout), &of(told.layout, by(&draft.layout).0, by(&draft.layout).1));
    let (basis, source) = by(&draft.pixels);
    let pixels = format!("{}, mean {:?}, std {:?}", name_of(choices.colour), choices.mean, choices.std);
    line("colour, mean, std", pixels, &of(told.pixels, basis, source));
    line("fit", name_of(choices.fit), &of(told.fit, by(&draft.fit).0, by(&draft.fit).1));
    line("filter", name_of(choices.filter), &of(told.filter, by(&draft.filter).0, by(&draft.filter).1));
    line(
        "activation",
        name_of(choices.activation),
        &of(told.activation, by(&draft.activation).0, by(&draft.activation).1),
    );
    for file in &draft.unread {
        say(format_args!("{file} says nothing about the model"));
    }
    if choices.preparation == Preparation::Guess {
        say(
            "nothing tells how the network's pixels are prepared: a wrong guess gives confident nonsense. Look where the network comes from, and say it with --colour, --mean and --std; the card says until then that it is a guess",
        );
        for one in draft.candidates.iter().skip(1) {
            let three = |values: [f32; 3]| values.map(|value| value.to_string()).join(",");
            say(format_args!(
                "plausible too: --colour {} --mean={} --std {}",
                name_of(one.colour),
                three(one.mean),
                three(one.std)
            ));
        }
    }
}

/// A value as the card writes it.
fn name_of(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
