//! The arguments of `tagsmith models draft`, in the card's words.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use serde::de::DeserializeOwned;
use tagsmith::model::{Activation, Colour, Layout, ResampleFilter};

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Write a card and a vocabulary for an ONNX file that has none
    ///
    /// Takes the ONNX file and what lies beside it where it comes from, in any order, or their folder: a list of labels, config.json,
    /// preprocessor_config.json, selected_tags.csv, data.yaml and others. Writes model.json, vocabulary.json and model.onnx, and says on
    /// standard error what each value rests on. What is said by an option goes before what the files say.
    ///
    /// Exit codes: 0 written; 2 it could not be, and nothing was.
    Draft(Box<DraftArgs>),
}

#[derive(Debug, Args)]
pub struct DraftArgs {
    /// The ONNX file, its labels and other files beside it, or their folder
    #[arg(required = true)]
    pub files: Vec<PathBuf>,

    /// Folder to write into; nothing in it is overwritten
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// File with the names of the classes, in the network's order
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,

    /// Name for people [default: the file's]
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,

    /// Width and height of the network's input, in pixels
    #[arg(long, value_name = "WxH")]
    pub size: Option<Sides>,

    /// Order of the tensor's axes
    #[arg(long, value_parser = by_name::<Layout>(&["nchw", "nhwc"]), ignore_case = true)]
    pub layout: Option<Layout>,

    /// Order of the colours
    #[arg(long, value_parser = by_name::<Colour>(&["rgb", "bgr"]), ignore_case = true)]
    pub colour: Option<Colour>,

    /// Subtracted from each pixel (0 to 255), in the order of the colours: one number or three
    #[arg(long, value_name = "M,M,M", allow_hyphen_values = true)]
    pub mean: Option<Three>,

    /// What is then divided by, in the order of the colours: one number or three
    #[arg(long, value_name = "S,S,S")]
    pub std: Option<Three>,

    /// How a picture of any shape fills the input
    #[arg(long, value_enum, ignore_case = true)]
    pub fit: Option<FitArg>,

    /// For centre_crop: the shorter side before the crop, in pixels [default: 8/7 of the input]
    #[arg(long, value_name = "N", requires = "fit")]
    pub shorter_side: Option<u32>,

    /// For squash_crop: width and height before the crop, in pixels [default: 8/7 of the input]
    #[arg(long, value_name = "WxH", requires = "fit")]
    pub whole: Option<Sides>,

    /// For letterbox: the colour of the bars, red, green and blue from 0 to 255 [default: 127]
    #[arg(long, value_name = "R,G,B", requires = "fit")]
    pub pad: Option<Three>,

    /// Resampling filter, as in Pillow
    #[arg(long, value_parser = by_name::<ResampleFilter>(&["bicubic", "bilinear", "lanczos", "hamming", "box", "nearest"]), ignore_case = true)]
    pub filter: Option<ResampleFilter>,

    /// What makes probabilities of the scores; none if they are some already
    #[arg(long, value_parser = by_name::<Activation>(&["softmax", "sigmoid", "none"]), ignore_case = true)]
    pub activation: Option<Activation>,

    /// Name of the output with the scores
    #[arg(long, value_name = "NAME")]
    pub scores: Option<String>,

    /// Minimum confidence that is shown, 0 to 1 [default: 0.3]
    #[arg(long, value_name = "0..1")]
    pub threshold: Option<f32>,

    /// Maximum number of tags per picture [default: 8]
    #[arg(long, value_name = "N")]
    pub max_tags: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum FitArg {
    /// Scales both sides; proportions are lost
    Squash,
    /// Squashes to --whole, then crops the centre
    SquashCrop,
    /// Scales the shorter side to --shorter-side, then crops the centre
    CentreCrop,
    /// Scales the picture to fit, and fills the rest with --pad
    Letterbox,
}

/// "224x224" or "224": pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    pub width: u32,
    pub height: u32,
}

impl FromStr for Sides {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (width, height) = text.split_once(['x', 'X', '×']).unwrap_or((text, text));
        let side = |side: &str| side.trim().parse().ok().filter(|&side| (1..=2048).contains(&side));
        let sides = side(width).zip(side(height)).map(|(width, height)| Self { width, height });
        sides.ok_or_else(|| "it must be a width and a height from 1 to 2048, such as 224x224".to_owned())
    }
}

/// "127.5" or "123.7,116.3,103.5"
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Three(pub [f32; 3]);

impl FromStr for Three {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f32>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[one]) => Ok(Self([one; 3])),
            Some(&[one, two, three]) => Ok(Self([one, two, three])),
            _ => Err("it must be one number or three, such as 123.675,116.28,103.53".to_owned()),
        }
    }
}

/// A value of the card, by the name it has there.
fn by_name<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    names: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).map(|name| {
        serde_json::from_value(serde_json::Value::String(name.to_lowercase()))
            .expect("the parser accepts only names of the card")
    })
}
