//! The arguments about what a picture is tagged with: the same of `tag` and of `serve`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::limit_args::LimitArgs;

#[derive(Debug, Args)]
pub struct TaggingArgs {
    /// Preset threshold, by how many of 100 shown tags were right on everyday photographs
    #[arg(long, value_enum, ignore_case = true)]
    pub policy: Option<OperatingPoint>,

    /// Minimum confidence, 0.001 to 1 [default: the preset's, or the model's own]
    #[arg(long, value_name = "0..1", conflicts_with = "policy")]
    pub threshold: Option<f32>,

    /// Maximum number of tags per picture [default: the model's own]
    #[arg(long, value_name = "N")]
    pub max_tags: Option<usize>,

    /// Do not look again for objects: faster, with the tags of the first look alone
    #[arg(long)]
    pub no_objects: bool,

    /// Language of the tag names, such as "sv" or "sv_SE.UTF-8"; tags without a name in it are in English
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub lang: String,

    /// Show only this tag id or "category:NAME"; can be repeated
    #[arg(long, value_name = "TAG")]
    pub allow: Vec<String>,

    /// Never show this tag id or "category:NAME"; can be repeated
    #[arg(long, value_name = "TAG")]
    pub deny: Vec<String>,

    /// Show tags as words of this list only: a vocabulary of your own from Lightroom (text), digiKam (paths, XMP), CSV, SKOS, or one word a line;
    /// what none of them means is left out
    #[arg(long, value_name = "FILE")]
    pub only_words: Option<PathBuf>,

    /// Folder of another model: model.json and the files it names
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Tag with own tags as well: a tagger that `train` or the page has written; can be repeated
    #[arg(long, value_name = "FILE")]
    pub custom: Vec<PathBuf>,

    #[command(flatten)]
    pub limits: LimitArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OperatingPoint {
    /// 96 of 100
    Sure,
    /// 86 of 100
    Balanced,
    /// 76 of 100
    Generous,
}
