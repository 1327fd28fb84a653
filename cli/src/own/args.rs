//! The arguments of `tagsmith train` and `tagsmith evaluate`.

use std::path::PathBuf;

use clap::{Args, value_parser};

use crate::limit_args::LimitArgs;

#[derive(Debug, Args)]
pub struct TrainArgs {
    /// A folder with a folder of pictures for each tag, a table (.csv: file, tags) beside its pictures, or an archive (.zip, .tm)
    #[arg(value_name = "DIR|CSV|ZIP", required_unless_present = "due")]
    pub from: Option<PathBuf>,

    /// File to write the tagger to; of one that is there already the next version is made
    #[arg(long, value_name = "FILE", required_unless_present = "due")]
    pub out: Option<PathBuf>,

    /// Train the own taggers of this library whose time has come, weekly or after so many newly tagged pictures: for a scheduler
    #[arg(long, value_name = "LIBRARY", conflicts_with_all = ["from", "out", "name", "report", "onnx", "embeddings"])]
    pub due: Option<PathBuf>,

    /// Folder that the paths of a library's pictures begin in, for those that have no embedding yet [default: the current one]
    #[arg(long, value_name = "DIR", requires = "due")]
    pub pictures: Option<PathBuf>,

    /// Name of the tagger [default: that of the version before, or of the folder]
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,

    /// Title of the training, for its report
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub title: String,

    /// What there is to say of the training
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub comment: String,

    /// File to write the report to: a table for people (.xlsx), CSV (.csv) or JSON (.json)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    /// File to write the network and the tags to, as one ONNX file for other programs
    #[arg(long, value_name = "FILE")]
    pub onnx: Option<PathBuf>,

    /// Keep what was learnt from in the tagger's file: embeddings, no pictures
    #[arg(long)]
    pub embeddings: bool,

    /// What chance begins with: the same pictures and the same number give the same tagger
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    #[command(flatten)]
    pub with: WithArgs,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A tagger that `tagsmith train` or the page has written
    pub file: PathBuf,

    /// Pictures with the right tags, as for `train`: other ones than it was trained on
    #[arg(value_name = "DIR|CSV|ZIP")]
    pub from: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub with: WithArgs,
}

/// How pictures are read.
#[derive(Debug, Args)]
pub struct WithArgs {
    /// Folder of another model: model.json and the files it names
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Language of the tags' names and of what is written for people, such as "sv"
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub lang: String,

    /// Number of pictures to read in parallel, at most 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(0..=256))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub limits: LimitArgs,
}
