//! The native ring: finds cargo's test programs and tests, and reads the output of `cargo test`.

use super::choice::{Choice, Selected, Tests, contains, is_named};
use super::report::Report;
use super::ring::Ring;
use crate::process::{Outcome, cargo, root, run_with_all_lines, say};
use crate::tools::ensure_exiftool;
use crate::workspace::{Package, Target, Workspace, relative};
use std::path::Path;
use std::time::Instant;

/// Prefix of the entry for the examples in a package's documentation.
const EXAMPLES: &str = "examples of ";
/// The test program with tests that run exiftool, and how the names of these begin.
const METADATA: &str = "tests/metadata.rs";
const EXIFTOOL: &str = "exiftool::";
/// How many tests of a program run at a time.
const THREADS: &str = "RUST_TEST_THREADS";

/// The test files and, for unit tests, the source files that match a filter.
pub fn files_named(filter: &str) -> Outcome<Vec<Selected>> {
    select(|source| is_named(&source.file, filter).then(|| source.whole()))
}

pub fn tests_named(filter: &str) -> Outcome<Vec<Selected>> {
    let filter = filter.to_lowercase().replace(' ', "_");
    select(|source| {
        let names = test_names(&source.text);
        let is_named = names.iter().any(|name| contains(&format!("{}{name}", source.module), &filter));
        is_named.then(|| Selected::tests(&source.program, &filter))
    })
}

/// A file with tests.
struct Source {
    file: String,
    text: String,
    /// Main file of the test program that contains it.
    program: String,
    /// Prefix of the names of its tests, such as `picture::decode::`.
    module: String,
}

impl Source {
    /// All its tests: the whole program, or those of its module.
    fn whole(&self) -> Selected {
        if self.module.is_empty() {
            Selected::file(&self.program)
        } else {
            Selected::tests(&self.program, &self.module)
        }
    }
}

/// Visits the files with tests of all native packages.
fn select(choose: impl Fn(&Source) -> Option<Selected>) -> Outcome<Vec<Selected>> {
    let mut selected = Vec::new();
    for target in Workspace::read()?.packages.iter().filter(|package| package.is_native()).flat_map(|p| &p.targets) {
        let program = target.file();
        let is_test_file = target.is("test");
        let folder = Path::new(&program).parent().unwrap_or(Path::new("")).to_owned();
        let files = if is_test_file { vec![program.clone()] } else { rust_files(&folder) };
        if !is_test_file && !is_library(target) && !target.is("bin") {
            continue;
        }
        for file in files {
            let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
            if text.contains("#[test]") {
                let module = if is_test_file { String::new() } else { module_of(&file, &folder) };
                selected.extend(choose(&Source { file, text, program: program.clone(), module }));
            }
        }
    }
    selected.dedup();
    Ok(selected)
}

fn rust_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let files = entries.into_iter().flat_map(|path| match path.is_dir() {
        true => rust_files(Path::new(&relative(&path))),
        false => vec![relative(&path)],
    });
    files.filter(|file| file.ends_with(".rs")).collect()
}

/// `module_of("src/picture/decode.rs", "src")` is `picture::decode::`; that of a program's main file is empty.
fn module_of(file: &str, folder: &Path) -> String {
    let path = Path::new(file).strip_prefix(folder).unwrap_or(Path::new(file)).with_extension("");
    let parts =
        path.iter().map(|part| part.to_string_lossy()).filter(|part| !["lib", "main", "mod"].contains(&&**part));
    parts.map(|part| format!("{part}::")).collect()
}

/// The names of functions with the attribute `test`.
fn test_names(text: &str) -> Vec<String> {
    let after_mark = text.split("#[test]").skip(1);
    let name = |rest: &str| {
        let (_, rest) = rest.split_once("fn ")?;
        Some(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?.to_owned())
    };
    after_mark.filter_map(name).collect()
}

/// Two calls of cargo for all tests, or else one per program and set of names.
pub fn run(choice: &Choice, long: bool) -> Outcome<Report> {
    let mut packages = Workspace::read()?.packages;
    packages.retain(Package::is_native);
    let mut report = Report::default();
    let Choice::Some(selected) = choice else {
        // This program by itself: with the features that others want of what it shares with them, much would be compiled once more.
        let left_out = without_exiftool(&mut report);
        let (own, others): (Vec<&Package>, Vec<&Package>) =
            packages.iter().partition(|package| package.name == env!("CARGO_PKG_NAME"));
        for (group, left_out) in [(own, None), (others, left_out)] {
            let mut arguments: Vec<String> = group.iter().map(|one| format!("--package={}", one.name)).collect();
            arguments.push("--".into());
            arguments.extend(left_out);
            report.add(cargo_test(&packages, &arguments, long)?);
        }
        return Ok(report);
    };
    for (file, tests) in merged(selected) {
        let Some(mut arguments) = arguments_for(&packages, &file) else {
            return Err(format!("The test program {file} no longer exists."));
        };
        arguments.push("--".into());
        if file == METADATA {
            arguments.extend(without_exiftool(&mut report));
        }
        match tests {
            Tests::All => {}
            Tests::Containing(parts) => arguments.extend(parts.split('\n').map(str::to_owned)),
            Tests::Exactly(names) => {
                arguments.push("--exact".into());
                arguments.extend(names);
            }
        }
        report.add(cargo_test(&packages, &arguments, long)?);
    }
    Ok(report)
}

/// Without exiftool, the argument that leaves out its tests; the report says so.
fn without_exiftool(report: &mut Report) -> Option<String> {
    let reason = ensure_exiftool().err()?;
    say(&format!("{reason}\nThe tests that run exiftool are skipped."));
    report.skipped(&format!("{METADATA}: {EXIFTOOL}"), reason.lines().next().unwrap_or_default());
    Some(format!("--skip={EXIFTOOL}"))
}

/// Merges what is selected of each program, so that it runs once. Substrings of names are joined by line feeds.
fn merged(selected: &[Selected]) -> Vec<(String, Tests)> {
    let mut programs: Vec<(String, Tests)> = Vec::new();
    for Selected { file, tests } in selected {
        match programs.iter_mut().find(|(program, _)| program == file) {
            None => programs.push((file.clone(), tests.clone())),
            Some((_, Tests::Containing(parts))) if matches!(tests, Tests::Containing(_)) => {
                let Tests::Containing(part) = tests else { continue };
                if !parts.split('\n').any(|known| known == part) {
                    parts.push('\n');
                    parts.push_str(part);
                }
            }
            Some((_, known)) => *known = Tests::All,
        }
    }
    programs
}

fn arguments_for(packages: &[Package], file: &str) -> Option<Vec<String>> {
    if let Some(package) = file.strip_prefix(EXAMPLES) {
        return Some(vec![format!("--package={package}"), "--doc".into()]);
    }
    let (package, target) = packages.iter().find_map(|package| {
        package.targets.iter().find(|target| target.file() == file).map(|target| (package, target))
    })?;
    let kind = match target {
        _ if is_library(target) => "--lib".into(),
        _ if target.is("test") => format!("--test={}", target.name),
        _ => format!("--bin={}", target.name),
    };
    Some(vec![format!("--package={}", package.name), kind])
}

fn is_library(target: &Target) -> bool {
    ["lib", "rlib", "cdylib", "proc-macro"].iter().any(|kind| target.is(kind))
}

fn cargo_test(packages: &[Package], arguments: &[String], long: bool) -> Outcome<Report> {
    let mut tests = cargo();
    tests.args(["test", "--no-fail-fast"]).args(arguments);
    if long {
        tests.env("TAGSMITH_LONG", "1");
    }
    if std::env::var_os(THREADS).is_none() {
        // One more than cores: the last tests of a program wait for programs that they run, and a fifth of the machine with them.
        let n = std::thread::available_parallelism().map_or(1, usize::from);
        tests.env(THREADS, (n + 1).to_string());
    }
    let begin = Instant::now();
    let mut reader = Reader { packages, begin, program: None, failures: Vec::new(), report: Report::default() };
    let status = run_with_all_lines(&mut tests, |line| reader.take(line))?;
    let mut report = reader.end();
    if !status.success() && report.tally.failed == 0 {
        say(&format!("cargo test failed without a failed test: {status}"));
        report.failed(Ring::Native, None, None);
    }
    Ok(report)
}

/// Reads the output of `cargo test`, program by program.
struct Reader<'a> {
    packages: &'a [Package],
    begin: Instant,
    program: Option<String>,
    /// Names in the current list "failures:"; the last list before the result counts.
    failures: Vec<String>,
    report: Report,
}

impl Reader<'_> {
    fn take(&mut self, line: &str) {
        let words = line.trim_start();
        if let Some(program) = words.strip_prefix("Running ").and_then(|rest| self.program_of(rest)) {
            self.end_program();
            if self.report.before_tests_s == 0.0 {
                self.report.before_tests_s = self.begin.elapsed().as_secs_f64();
            }
            self.program = Some(program);
        } else if let Some(name) = words.strip_prefix("Doc-tests ") {
            self.end_program();
            let package = self.packages.iter().find(|package| package.name.replace('-', "_") == name);
            self.program = Some(format!("{EXAMPLES}{}", package.map_or(name, |package| &package.name)));
        } else if line == "failures:" {
            self.failures.clear();
        } else if let Some(name) = line.strip_prefix("    ") {
            self.failures.push(name.to_owned());
        } else if let Some((name, reason)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ignored"))
        {
            let program = self.program.clone().unwrap_or_default();
            let reason = reason.trim_start_matches(", ");
            let reason = if reason.is_empty() { "no reason is given" } else { reason };
            self.report.skipped(&format!("{program}: {name}"), reason);
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.take_result(result);
        }
    }

    /// "ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s"
    fn take_result(&mut self, result: &str) {
        let program = self.program.take().unwrap_or_default();
        let count = |what: &str| {
            let before = result.split_once(what).and_then(|(before, _)| before.trim_end().rsplit(' ').next());
            before.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0)
        };
        self.report.tally.passed += count("passed");
        let n_failed = count("failed");
        for at in 0..n_failed {
            self.report.failed(Ring::Native, Some(&program), self.failures.get(at).map(String::as_str));
        }
        let seconds = result.rsplit_once("finished in ").and_then(|(_, time)| time.trim_end_matches('s').parse().ok());
        if count("passed") + n_failed > 0 {
            self.report.took(&program, seconds.unwrap_or(0.0));
        }
    }

    /// A program without a result has crashed.
    fn end_program(&mut self) {
        if let Some(program) = self.program.take() {
            self.report.failed(Ring::Native, Some(&program), None);
        }
    }

    fn end(mut self) -> Report {
        // Documentation without examples has no result either.
        if self.program.as_ref().is_some_and(|program| program.starts_with(EXAMPLES)) {
            self.program = None;
        }
        self.end_program();
        self.report
    }

    /// `program_of("unittests src/lib.rs (target/debug/deps/tagsmith-0123)")` is the main file from the repository's root.
    fn program_of(&self, running: &str) -> Option<String> {
        let (file, executable) = running.trim_start_matches("unittests ").trim_end_matches(')').split_once(" (")?;
        let stem = Path::new(executable).file_stem()?.to_str()?;
        let name = stem.rsplit_once('-').map_or(stem, |(name, _hash)| name);
        let targets = self.packages.iter().flat_map(|package| &package.targets);
        let named = targets.filter(|target| target.name.replace('-', "_") == name);
        Some(named.map(Target::file).find(|own| Path::new(own).ends_with(file)).unwrap_or_else(|| file.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Report {
        let packages = Workspace::read().unwrap().packages;
        let mut reader = Reader {
            packages: &packages,
            begin: Instant::now(),
            program: None,
            failures: Vec::new(),
            report: Report::default(),
        };
        lines.lines().for_each(|line| reader.take(line));
        reader.end()
    }

    #[test]
    fn results_failures_and_reasons_are_read_program_after_program() {
        let report = read(
            "     Running unittests src/main.rs (target/debug/deps/xtask-0a1b)\n\nrunning 3 tests\ntest tests::a ... ok\n\
             test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.50s\n\
             \x20    Running tests/layers.rs (target/debug/deps/layers-77ff)\n\
             test slow ... ignored, takes an hour\ntest bad ... FAILED\n\nfailures:\n\n---- bad stdout ----\n    no test\n\n\
             failures:\n    bad\n    nested::worse\n\n\
             test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1.25s\n",
        );
        assert_eq!(report.tally.to_string(), "15 passed, 2 failed, 1 skipped");
        let failed: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        assert_eq!(failed, ["tests/layers.rs: bad", "tests/layers.rs: nested::worse"]);
        assert_eq!(report.skipped, [("tests/layers.rs: slow".into(), "takes an hour".into())]);
        let files: Vec<(String, f64)> = report.files.into_iter().collect();
        assert_eq!(files, [("tests/layers.rs".into(), 1.25), ("xtask/src/main.rs".into(), 0.5)]);
    }

    #[test]
    fn a_program_that_crashed_is_a_failure() {
        let report = read("     Running tests/layers.rs (target/debug/deps/layers-77ff)\nrunning 3 tests\n");
        assert_eq!(report.failures[0].to_string(), "tests/layers.rs");
        assert_eq!(report.tally.failed, 1);
    }

    #[test]
    fn a_filter_names_a_test_file_a_module_or_a_test() {
        let selected = |found: Outcome<Vec<Selected>>| found.unwrap();
        assert!(selected(files_named("layers")).contains(&Selected::file("tests/layers.rs")));
        assert_eq!(selected(files_named("native.rs")), [Selected::tests("xtask/src/main.rs", "test::native::")]);
        let named = "names a test file a module or";
        let filter = named.replace(' ', "_");
        assert_eq!(selected(tests_named(named)), [Selected::tests("xtask/src/main.rs", &filter)]);
        assert_eq!(selected(tests_named("no_such_test_at_all, anywhere")), []);
    }

    #[test]
    fn tests_that_run_exiftool_are_left_out_by_their_names() {
        let text = std::fs::read_to_string(root().join(METADATA)).unwrap();
        let (_, module) = text.split_once(&format!("mod {} {{", EXIFTOOL.trim_end_matches(':'))).unwrap();
        assert!(
            module.contains("Command::new(\"exiftool\")")
                && text.matches("Command::new").count() == module.matches("Command::new").count()
        );
        let mut report = Report::default();
        let left_out = without_exiftool(&mut report);
        assert_eq!(left_out.is_some(), report.tally.skipped == 1);
    }

    #[test]
    fn a_program_is_run_once_with_everything_selected_of_it() {
        let packages = Workspace::read().unwrap().packages;
        let parts = merged(&[Selected::tests("a", "x::"), Selected::tests("a", "y::"), Selected::file("b")]);
        assert_eq!(parts, [("a".into(), Tests::Containing("x::\ny::".into())), ("b".into(), Tests::All)]);
        let arguments = |file| arguments_for(&packages, file).unwrap().join(" ");
        assert_eq!(arguments("tests/layers.rs"), "--package=tagsmith --test=layers");
        assert_eq!(arguments("src/lib.rs"), "--package=tagsmith --lib");
        assert_eq!(arguments("xtask/src/main.rs"), "--package=xtask --bin=xtask");
        assert_eq!(arguments("examples of tagsmith"), "--package=tagsmith --doc");
    }
}
