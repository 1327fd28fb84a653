//! The model to tag with: bundled, or from a folder.

use std::path::Path;

use tagsmith::model::{self, Preparation, no_companions, read_from_dir};
use tagsmith::train::Background;
use tagsmith::{Error, ErrorKind, ModelCard, Policy, Result, Tagger};

use crate::path_text::path_text;
use crate::say::say;
use crate::tagging_args::{OperatingPoint, TaggingArgs};

/// The bundled model's files, by their paths relative to the card's folder.
macro_rules! bundled {
    ($($path:literal)*) => { &[$(($path, include_bytes!(concat!("../../models/efficientnet-lite0/", $path)))),*] };
}
const BUNDLED: &[(&str, &[u8])] = bundled!(
    "model.json" "vocabulary.json" "model.onnx" "heads/general.json" "background.bin" "../blazeface-short/model.json" "../blazeface-short/model.onnx"
    "../nanodet-g/model.json" "../nanodet-g/model.onnx"
);

const BACKGROUND: &str = "background.bin";
/// Far more than any has.
const MAX_BACKGROUND_BYTES: u64 = 64 << 20;

/// Loads the model in `dir`, or the bundled one.
pub fn load(dir: Option<&Path>) -> Result<Tagger> {
    match dir {
        Some(dir) => {
            ensure_card_is_there(dir)?;
            let tagger = Tagger::from_dir(dir)?;
            if tagger.card().preparation == Some(Preparation::Guess) {
                say(format_args!(
                    "how the pictures of {:?} are prepared is a guess, so its confidences may mean nothing. Draft its card again with \
                     --colour, --mean and --std",
                    tagger.card().name
                ));
            }
            Ok(tagger)
        }
        None => Tagger::from_reader(&bundled),
    }
}

/// Loads the second look of the model in `dir`, or of the bundled one.
pub fn load_objects(tagger: &mut Tagger, dir: Option<&Path>) -> Result<()> {
    match dir {
        Some(dir) => tagger.load_objects(&|path, most| read_from_dir(dir, path, most)),
        None => tagger.load_objects(&bundled),
    }
}

/// The everyday pictures that own tags are told from; `None` of a model that comes without.
///
/// # Errors
/// Those of [`Background::parse`], and a file that cannot be read.
pub fn background(dir: Option<&Path>, card: &ModelCard) -> Result<Option<Background>> {
    let file = match dir {
        Some(dir) if !dir.join(BACKGROUND).exists() => return Ok(None),
        Some(dir) => read_from_dir(dir, BACKGROUND, MAX_BACKGROUND_BYTES)?,
        None => bundled(BACKGROUND, MAX_BACKGROUND_BYTES)?,
    };
    let background = Background::parse(&file)?;
    Ok(background.backbone.is(&card.id, &card.version).then_some(background))
}

/// The network's file, whatever it is called.
///
/// # Errors
/// Those of reading it.
pub fn network(dir: Option<&Path>, card: &ModelCard) -> Result<Vec<u8>> {
    let (file, most) = (&card.model.file, card.model.bytes);
    dir.map_or_else(|| bundled(file, most), |dir| read_from_dir(dir, file, most))
}

/// A network alone is no model yet: says how it becomes one.
fn ensure_card_is_there(dir: &Path) -> Result<()> {
    let is_file = dir.is_file();
    if !is_file && (!dir.is_dir() || dir.join("model.json").exists()) {
        return Ok(());
    }
    let (shown, what) = (path_text(dir), if is_file { "is a file, not a model's folder" } else { "has no model.json" });
    let detail = format!(
        "{shown} {what}. If you have an .onnx file and its labels, make one: tagsmith models draft {shown} --out NEW_FOLDER."
    );
    Err(Error::new(ErrorKind::FileUnreadable, detail))
}

/// One text file of the model in `dir`, or of the bundled one.
pub fn read_text(dir: Option<&Path>, path: &str) -> Result<String> {
    match dir {
        Some(dir) => {
            ensure_card_is_there(dir)?;
            model::read_text(&|path, most| read_from_dir(dir, path, most), path)
        }
        None => model::read_text(&bundled, path),
    }
}

fn bundled(path: &str, most: u64) -> Result<Vec<u8>> {
    let found = BUNDLED.iter().find(|(name, _)| *name == path);
    found.map_or_else(|| no_companions(path, most), |(_, bytes)| Ok(bytes.to_vec()))
}

/// The policy from the arguments, with the model's own values as defaults.
pub fn policy(args: &TaggingArgs, language: &str, tagger: &Tagger) -> Result<Policy> {
    let defaults = tagger.policy();
    let chosen = args.policy.map(|point| operating_point(point, tagger)).transpose()?;
    Ok(Policy {
        threshold: args.threshold.or(chosen).unwrap_or(defaults.threshold),
        max_tags: args.max_tags.unwrap_or(defaults.max_tags),
        allow: args.allow.clone(),
        deny: args.deny.clone(),
        language: language.to_owned(),
        providers: defaults.providers,
        heads: defaults.heads,
    })
}

/// # Errors
/// [`ErrorKind::PolicyInvalid`] where the card has none.
pub fn operating_point(point: OperatingPoint, tagger: &Tagger) -> Result<f32> {
    let card = tagger.card();
    let points = card.policy.operating_points.ok_or_else(|| {
        let detail =
            format!("The model {:?} has no presets in its card. Use --threshold instead of --policy.", card.id);
        Error::new(ErrorKind::PolicyInvalid, detail)
    })?;
    Ok(match point {
        OperatingPoint::Sure => points.sure,
        OperatingPoint::Balanced => points.balanced,
        OperatingPoint::Generous => points.generous,
    })
}
