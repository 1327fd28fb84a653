//! The command line's arguments.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use tagsmith::ExportFormat;
use tagsmith::session::{CaptionOptions, CaptionOrder, ExportOptions, Naming, TableOptions};

use crate::bench::BenchArgs;
use crate::exit;
use crate::files_from::ListArgs;
use crate::left_out::Exclusion;
use crate::manual::{CompletionsArgs, ManArgs};
use crate::models::ModelsArgs;
use crate::own::{EvaluateArgs, TrainArgs};
use crate::provider::ProviderArgs;
use crate::relay::RelayArgs;
use crate::serve::ServeArgs;
use crate::sort::{SortArgs, UnsortArgs};
use crate::tagging_args::TaggingArgs;
use crate::watch::WatchArgs;

/// Tags pictures on this machine. Nothing is uploaded.
#[derive(Debug, Parser)]
#[command(name = "tagsmith", version, about, after_help = exit::HELP)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tag pictures and folders of pictures
    ///
    /// In folders, hidden files and folders are left out, and so are @eaDir, #recycle and others that systems keep; what is left out is
    /// said. Links to files are followed, links to folders are not. A name that is not UTF-8 is reported with its odd bytes as \xE8.
    ///
    /// Exit codes: 0 all pictures were tagged, or there were none; 1 some could not be read, tagged or written (each has a report with
    /// the reason, or a line on standard error); 2 invalid arguments, or it could not begin or go on, such as with a full disk;
    /// 130 interrupted (Ctrl-C or SIGTERM): what was finished is written, and the file is whole. Objects that cannot be looked for, because the
    /// detector's files are missing or damaged, are a line on standard error and no failure. If whoever reads standard output stops,
    /// as `head` does, it ends quietly with 0 or 1.
    ///
    /// --resume FILE keeps what is found in FILE, a library (docs/formats/library.md), as it comes. The same command after an interruption,
    /// even a kill, goes on: a picture whose content is known is not tagged again, and the output is that of all pictures. A picture that
    /// failed is tried again once the file, the model or a limit is another one.
    ///
    /// --watch DIR tags what is there, and then what comes, once its size and date have been the same for a second; Ctrl-C ends it with 0 or 1.
    ///
    /// --sort-into DIR puts each picture into the folder of its surest tag, the shown one with the highest confidence; one without a tag stays
    /// where it is. What is done is written down in DIR before it is done, and `unsort DIR` takes it back.
    ///
    /// --provider asks another tagger as well. Where pictures would leave this machine, it says how many, where to and what they count, and ends
    /// with 2 unless --yes is given. Whatever becomes of that, the local tags are written; a picture without the provider's is a line on standard
    /// error and makes the exit code 1. What may have been billed is never sent again. A picture is sent once the local model has read it; Ctrl-C
    /// writes what was answered, and gives what is under way 10 seconds.
    Tag(Box<TagArgs>),
    /// Take back what `tag --sort-into DIR` has done
    ///
    /// Copies and links are removed, as long as the pictures they are of are still the same; what was moved goes back, unless something else is
    /// there by now. What has changed since is left and named. Folders that are empty then are removed.
    ///
    /// Exit codes: 0 all was taken back; 1 some was left; 2 invalid arguments, or nothing was sorted into the folder.
    Unsort(UnsortArgs),
    /// Teach own tags from pictures that have them
    ///
    /// The tags are from the folders that the pictures are in, or from a table, sidecars or another program's project, whatever is there; say which
    /// by naming the table itself. 5 pictures a tag are enough to begin with, 30 make it complete. Two pictures that look alike are judged together,
    /// so the figures printed are of pictures that were not learnt from. The tagger's file is small and has no picture in it: `tag --custom` and
    /// the page use it.
    ///
    /// Exit codes: 0 trained; 1 trained without some pictures that could not be read, each has a line on standard error; 2 invalid arguments,
    /// nothing to learn from, or an output that cannot be written; 130 interrupted: nothing was written.
    Train(Box<TrainArgs>),
    /// Measure a tagger on pictures whose tags are known
    ///
    /// Accuracy is how often the surest tag is right, AP the average precision, both without thresholds; precision and recall are those at the
    /// tagger's own thresholds. --json prints {"accuracy","map","tags":[{"name","ap","precision","recall"}]}, with null where nothing could be
    /// measured.
    ///
    /// Exit codes: 0 measured; 1 without some pictures that could not be read, each has a line on standard error; 2 invalid arguments, or a tagger
    /// of another model; 130 interrupted.
    Evaluate(Box<EvaluateArgs>),
    /// List the collections of a library, or export one as the page does
    ///
    /// A library is a backup that the page has saved (.tagsmith), or a file that `tag --resume` has made. It is read, never changed, and
    /// refused whole if it is damaged (library_damaged) or of a newer Tagsmith (library_newer). Without --format there is a line for each
    /// collection: its number and name, its files, how many of them are tagged and failed, their size, and the day it was made. With
    /// --format, the pictures of a collection are exported under the policy, rules and corrections of the library.
    ///
    /// Exit codes: 0 done; 1 some files could not be written, each has a line on standard error; 2 invalid arguments, a library that is
    /// refused, or an output that cannot be written.
    Library(Box<LibraryArgs>),
    /// Show which tags other thresholds would show, from the output of `tag --candidates` on standard input
    ///
    /// Prints one line of JSON per line of input: "shown" has a list of tag ids for each threshold.
    ///
    /// Exit codes: 0 done; 2 invalid arguments or input.
    Select(SelectArgs),
    /// List the models in this program and in the page's catalog, or make a model of your own
    ///
    /// Without a command there are a few lines for each model: its id, name, version, size and licence, what it is for, and where it can be
    /// had. Nothing is downloaded.
    ///
    /// Exit codes: 0 done; 2 invalid arguments.
    Models(ModelsArgs),
    /// Measure how fast this machine tags
    ///
    /// Tags the pictures in turn, from memory, for some seconds with each number of threads, and says how many pictures a second that makes and
    /// what a picture's time goes into. For figures that can be compared, leave out the pictures and let nothing else run.
    ///
    /// Exit codes: 0 done; 1 without some pictures that cannot be tagged, each has a line on standard error; 2 invalid arguments, or no picture.
    Bench(Box<BenchArgs>),
    /// Write the completions of a shell to standard output
    ///
    /// For bash: tagsmith completions bash > ~/.local/share/bash-completion/completions/tagsmith
    ///
    /// Exit codes: 0 written; 2 invalid arguments, or it could not be.
    Completions(CompletionsArgs),
    /// Write the manual page to standard output, or those of all commands into a folder
    ///
    /// To read it at once: tagsmith man | man -l -
    ///
    /// Exit codes: 0 written; 2 invalid arguments, or it could not be.
    Man(ManArgs),
    /// Hold a provider's secret on this machine, for one page that may ask through it
    ///
    /// A secret in a page is everybody's. The relay keeps it: it reads it from --secret-file or from the environment variable
    /// TAGSMITH_RELAY_SECRET, never from the command line, and neither writes nor answers it. It forwards what the page of --origin asks to the
    /// one address of the set-up, signed, and refuses every other page, name, path and method. It answers this machine only, unless --listen
    /// names another address. A token is asked for when it is needed, and renewed 5 minutes before its end. In the page, choose a relay and
    /// enter its address. When it can answer it prints "listening on http://127.0.0.1:8751".
    ///
    /// Exit codes: 0 it was asked to end (Ctrl-C or SIGTERM): what was under way is finished, for 10 seconds at most; 2 invalid arguments, no
    /// secret, an origin or a set-up that is none, or an address that is taken; 130 asked twice.
    Relay(RelayArgs),
    /// Tag the pictures that other programs send over HTTP
    ///
    /// POST /v1/tag with a file answers its report: the line of `tag --format jsonl`. Parameters of the address say what the options of `tag` say:
    /// policy, threshold, max_tags, lang, allow, deny, candidates, scores, embedding, and path, the name that the report has. GET /healthz tells
    /// whether it can answer. POST /api/v1/vision/labels is the labels part of PhotoPrism's Vision API: set Service.Uri in its vision.yml. What
    /// cannot be answered has a status, a code and a sentence: {"error":{"code","detail"}} (docs/SERVE.md). It answers this machine only, unless
    /// --listen names another address, and no page in a browser but those of --origin. When it can answer it prints
    /// "listening on http://127.0.0.1:8750".
    ///
    /// Exit codes: 0 it was asked to end (Ctrl-C or SIGTERM): what was under way is finished, for 10 seconds at most; 2 invalid arguments, a model
    /// that cannot be used, or an address that is taken; 130 asked twice.
    Serve(Box<ServeArgs>),
    /// Print the licences of the software and the models in this program
    ///
    /// Exit codes: 0 done.
    Licences,
}

#[derive(Debug, Args)]
pub struct SelectArgs {
    /// Minimum confidence, 0.001 to 1; several are separated by commas
    #[arg(long, value_name = "0..1", required = true, value_delimiter = ',')]
    pub threshold: Vec<f32>,

    /// Maximum number of tags per picture [default: the model's own]
    #[arg(long, value_name = "N")]
    pub max_tags: Option<usize>,

    /// Minimum confidence of a tag with children and no class of its own that only the classes predict [default: the model's own]
    #[arg(long, value_name = "0..1")]
    pub parents: Option<f32>,

    /// Folder of another model; only model.json and its vocabulary are read
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct TagArgs {
    /// Pictures, and folders to search for pictures recursively; - reads one picture from standard input
    #[arg(required_unless_present_any = ["files_from", "watch"])]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub list: ListArgs,

    /// Leave out files and folders of this name, such as "*.png" or "raw"; with a slash, of this path from the folder named, such as
    /// "2017/**/*.jpg"; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<Exclusion>,

    /// Output format; keywords (copies with the tags inside), xmp and captions write one file per picture into the folder --output;
    /// xlsx and csv-excel are tables for people [default: jsonl]
    #[arg(long, value_parser = export_format(), ignore_case = true)]
    pub format: Option<ExportFormat>,

    /// File to write to instead of standard output; for keywords, xmp and captions a folder
    #[arg(long, value_name = "PATH", required_if_eq_any(per_picture_formats()))]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub tagging: TaggingArgs,

    /// Add the score of every class (json and jsonl)
    #[arg(long, conflicts_with = "only_words")]
    pub all_scores: bool,

    /// Add the embedding (json and jsonl)
    #[arg(long)]
    pub embedding: bool,

    /// Add every tag that some threshold would show, parents included, with its confidence (json and jsonl)
    #[arg(long, conflicts_with = "only_words")]
    pub candidates: bool,

    /// Go on where an earlier call with the same FILE ended: a library, made if it is missing, that keeps what is found. It keeps neither
    /// the score of every class nor embeddings as fine as the network's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all_scores", "embedding"])]
    pub resume: Option<PathBuf>,

    /// Number of pictures to tag in parallel, at most 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(0..=256))]
    pub threads: Option<u16>,

    #[command(flatten, next_help_heading = "Pictures that come later")]
    pub watch: WatchArgs,

    #[command(flatten, next_help_heading = "Folders by tag")]
    pub sort: SortArgs,

    #[command(flatten, next_help_heading = "Another tagger")]
    pub provider: ProviderArgs,

    #[command(flatten)]
    pub export: ExportArgs,
}

impl TagArgs {
    pub fn format(&self) -> ExportFormat {
        self.format.unwrap_or(ExportFormat::Jsonl)
    }
}

#[derive(Debug, Args)]
pub struct LibraryArgs {
    /// Backup of the page, or file of `tag --resume`
    pub file: PathBuf,

    /// Name or number of the collection to export; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,

    /// Export in this format instead of listing; formats as of `tag`
    #[arg(long, value_parser = export_format(), ignore_case = true)]
    pub format: Option<ExportFormat>,

    /// List as JSON, one object a line
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// Save what can be read of a damaged library to this new file, and say what is kept, in doubt and lost
    #[arg(long, value_name = "PATH", conflicts_with_all = ["collection", "format", "json", "output"])]
    pub rescue: Option<PathBuf>,

    /// File to write to instead of standard output; for keywords, xmp and captions a folder
    #[arg(long, value_name = "PATH", required_if_eq_any(per_picture_formats()))]
    pub output: Option<PathBuf>,

    /// Folder that the paths of the pictures begin in, for keywords: copies are made of the pictures [default: the current one]
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,

    /// Language of the tag names, such as "sv" or "sv_SE.UTF-8" [default: the library's]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,

    /// Folder of the model whose tags show first, where several have tagged a picture: model.json and its vocabulary are read
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    #[command(flatten)]
    pub export: ExportArgs,
}

/// What is chosen about the files.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Name captions and sidecars photo.txt (stem) or photo.jpg.txt (full) [default: stem for captions, full for xmp]
    #[arg(long, value_enum, ignore_case = true)]
    pub names: Option<NamesArg>,

    /// Divide the cells of csv-excel by semicolons, for languages that write 0,5
    #[arg(long)]
    pub decimal_comma: bool,

    /// Begin every caption with this, such as a trigger word
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub caption_prefix: String,

    /// Write this between the entries of a caption
    #[arg(long, value_name = "TEXT", default_value = ", ")]
    pub caption_separator: String,

    /// Write tabby_cat instead of "tabby cat" in captions
    #[arg(long)]
    pub caption_underscores: bool,

    /// Write captions in lower case
    #[arg(long)]
    pub caption_lower_case: bool,

    /// Write the parents of the tags into captions, too
    #[arg(long)]
    pub caption_parents: bool,

    /// Order of the entries in captions
    #[arg(long, value_enum, ignore_case = true, default_value_t = OrderArg::Confidence)]
    pub caption_order: OrderArg,

    /// Never write this name or tag id into captions; can be repeated
    #[arg(long, value_name = "WORD")]
    pub caption_never: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NamesArg {
    /// photo.txt
    Stem,
    /// photo.jpg.txt
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// The surest first
    Confidence,
    /// By name
    Name,
    /// Own words first
    OwnFirst,
}

impl ExportArgs {
    /// `language`: of headings and alternative texts.
    pub fn options(&self, language: &str) -> ExportOptions {
        ExportOptions {
            language: language.to_owned(),
            names: self.names.map(|names| match names {
                NamesArg::Stem => Naming::Stem,
                NamesArg::Full => Naming::Full,
            }),
            captions: CaptionOptions {
                prefix: self.caption_prefix.clone(),
                separator: self.caption_separator.clone(),
                underscores: self.caption_underscores,
                lower_case: self.caption_lower_case,
                parents: self.caption_parents,
                order: match self.caption_order {
                    OrderArg::Confidence => CaptionOrder::Confidence,
                    OrderArg::Name => CaptionOrder::Name,
                    OrderArg::OwnFirst => CaptionOrder::OwnFirst,
                },
                never: self.caption_never.clone(),
            },
            table: TableOptions { decimal_comma: self.decimal_comma, ..TableOptions::default() },
        }
    }
}

fn export_format() -> impl TypedValueParser<Value = ExportFormat> {
    PossibleValuesParser::new(ExportFormat::ALL.map(ExportFormat::name))
        .map(|name| ExportFormat::from_name(&name.to_lowercase()).expect("the parser accepts only names of formats"))
}

/// Formats that need a folder to write into.
fn per_picture_formats() -> Vec<(&'static str, &'static str)> {
    let per_picture = ExportFormat::ALL.into_iter().filter(|format| format.picture_files().is_some());
    per_picture.map(|format| ("format", format.name())).collect()
}
