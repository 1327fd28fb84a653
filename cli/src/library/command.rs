//! `tagsmith library`: the collections of a library, and exports of them.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tagsmith::session::read_reports;
use tagsmith::{ExportFormat, Limits, ModelCard, Session, Vocabulary};

use crate::args::LibraryArgs;
use crate::library::listing::{self, Collection};
use crate::library::opening::{Library, check_is_not, with_code};
use crate::library::rescue;
use crate::output::{ReportWriter, To};
use crate::path_text::path_text;
use crate::{exit, language, model};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// So many reports are in memory at once.
const PORTION: usize = 256;

pub fn run(args: &LibraryArgs) -> Outcome<ExitCode> {
    if let Some(out) = &args.rescue {
        return rescue(&args.file, out);
    }
    let library = Library::open(&args.file).map_err(with_code)?;
    check_is_not(&args.file, args.output.as_deref())?;
    let mut collections = library.collections().map_err(with_code)?;
    let written = match args.format {
        Some(format) => export(&library, choose(&collections, args.collection.as_deref())?, format, args),
        None => {
            if let Some(name) = &args.collection {
                let chosen = choose(&collections, Some(name))?.id;
                collections.retain(|one| one.id == chosen);
            }
            list(&collections, args.json).map(|()| 0).map_err(Into::into)
        }
    };
    match written {
        Ok(0) => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(exit::SOME_FAILED)),
        Err(error) => match error.downcast::<io::Error>() {
            // The reader closed the pipe, as `head` does.
            Ok(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            Ok(error) => Err(error),
            Err(error) => Err(error),
        },
    }
}

/// 0 where nothing is lost or in doubt.
fn rescue(file: &Path, out: &Path) -> Outcome<ExitCode> {
    if out.exists() {
        return Err(format!("{} is there already. Name a new file for --rescue.", path_text(out)).into());
    }
    let tables = rescue::rescue(file, out).map_err(with_code)?;
    let is_all = rescue::write(&mut io::stdout().lock(), &tables)?;
    Ok(if is_all { ExitCode::SUCCESS } else { ExitCode::from(exit::SOME_FAILED) })
}

fn list(collections: &[Collection], is_json: bool) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if !is_json {
        return listing::write(&mut out, collections);
    }
    for one in collections {
        writeln!(out, "{}", tagsmith::printable_json(&serde_json::to_string(one)?))?;
    }
    out.flush()
}

/// The collection of that name, or of that number.
fn choose<'a>(collections: &'a [Collection], asked: Option<&str>) -> Result<&'a Collection, String> {
    let is_named = |one: &&Collection| asked.is_none_or(|name| one.title() == name);
    let is_numbered = |one: &&Collection| asked.is_some_and(|number| one.id.to_string() == number);
    let named: Vec<&Collection> = collections.iter().filter(is_named).collect();
    let known = || {
        let names = collections.iter().map(|one| format!("{} {}", one.id, one.title()));
        names.collect::<Vec<_>>().join(", ")
    };
    match (&named[..], collections.iter().find(is_numbered)) {
        ([one], _) => Ok(one),
        ([], Some(one)) => Ok(one),
        ([], None) if collections.is_empty() => {
            Err("the library has no collections: there is nothing to export".to_owned())
        }
        ([], None) => Err(format!(
            "no collection is called {:?}. --collection takes one of: {}",
            asked.unwrap_or_default(),
            known()
        )),
        _ => Err(format!("there are several such collections. --collection takes a number: {}", known())),
    }
}

/// How many files could not be written.
fn export(library: &Library, collection: &Collection, format: ExportFormat, args: &LibraryArgs) -> Outcome<usize> {
    let card = ModelCard::parse(&model::read_text(args.model.as_deref(), "model.json")?)?;
    let vocabulary = Vocabulary::parse(&model::read_text(args.model.as_deref(), &card.vocabulary.file)?)?;
    let language = args.lang.as_ref().map(|asked| language::choose(asked, vocabulary.languages())).transpose()?;
    let mut session = Session::new(&card, vocabulary)?;
    let files = library.load(collection.id, language, &card, &mut session).map_err(with_code)?;
    let wanted: Vec<_> = files.into_iter().filter(|file| file.is_exported(format)).collect();
    let folder = args.pictures.as_deref().unwrap_or(Path::new(""));
    let pictures: Vec<(PathBuf, String)> =
        wanted.iter().map(|file| (folder.join(&file.path), file.path.clone())).collect();
    let options = args.export.options(session.language());
    let to = args.output.as_deref().map_or(To::StandardOutput, To::Path);
    let mut output = ReportWriter::new(format, options, to, Limits::default())?;
    output.expect(&pictures)?;
    let ids: Vec<u32> = wanted.iter().map(|file| file.id).collect();
    let mut at = 0;
    for portion in ids.chunks(PORTION) {
        for report in read_reports(&session.reports(portion))? {
            output.write(at, &report)?;
            at += 1;
        }
    }
    output.finish()?;
    Ok(output.n_refused)
}
