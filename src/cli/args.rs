//! What can be asked of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tags for pictures, made on this machine. No network is used.
#[derive(Debug, Parser)]
#[command(name = "tagsmith", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tag pictures and folders of pictures; JSON lines, a JSON list or CSV rows on standard output.
    ///
    /// Exit codes: 0 all pictures were tagged; 1 some could not be, each has a line that says why; 2 nothing could be done.
    Tag(TagArgs),
    /// Say which tags other thresholds would show, of the lines that `tag --candidates` wrote, read from standard input.
    ///
    /// A JSON line for each line: "shown" has a list of tag ids for each threshold.
    Select(SelectArgs),
}

#[derive(Debug, Args)]
pub struct SelectArgs {
    /// Least confidence shown, 0.001 to 1; several are separated by commas.
    #[arg(long, value_name = "0..1", required = true, value_delimiter = ',')]
    pub threshold: Vec<f32>,

    /// Most tags a picture [default: the model's own].
    #[arg(long, value_name = "N")]
    pub max_tags: Option<usize>,

    /// Least confidence of a tag that has others below it and that only the classes speak for [default: the model's own].
    #[arg(long, value_name = "0..1")]
    pub parents: Option<f32>,

    /// Folder of another model: model.json and its vocabulary are read.
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct TagArgs {
    /// Pictures, and folders to search for pictures at any depth.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,

    /// How results are written.
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub format: Format,

    /// How many of the shown tags are right: 95, 90 or 75 of 100 on the pictures that the model was measured on.
    #[arg(long, value_enum)]
    pub policy: Option<Setting>,

    /// Least confidence shown, 0.001 to 1 [default: that of the policy, or the model's own].
    #[arg(long, value_name = "0..1", conflicts_with = "policy")]
    pub threshold: Option<f32>,

    /// Most tags a picture [default: the model's own].
    #[arg(long, value_name = "N")]
    pub max_tags: Option<usize>,

    /// Look at each picture in parts too: finds smaller things, and takes several times as long.
    #[arg(long)]
    pub thorough: bool,

    /// Language of the tags' names, as "sv"; English where a tag has no name in it.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub lang: String,

    /// Show only this tag id or "category:NAME"; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub allow: Vec<String>,

    /// Never show this tag id or "category:NAME"; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub deny: Vec<String>,

    /// Add the score of every class (not in csv).
    #[arg(long)]
    pub all_scores: bool,

    /// Add the embedding (not in csv).
    #[arg(long)]
    pub embedding: bool,

    /// Add every tag that some threshold would show, with its confidence, parents too (not in csv).
    #[arg(long)]
    pub candidates: bool,

    /// Folder of another model: model.json, its vocabulary and its ONNX file, and what else its card names.
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Pictures worked on at a time [default: one for each core].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Setting {
    /// 95 of 100.
    Sure,
    /// 90 of 100.
    Balanced,
    /// 75 of 100.
    Generous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// One JSON list, indented.
    Json,
    /// A row a tag.
    Csv,
}
