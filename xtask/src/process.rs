//! Runs other programs in the repository's root. Errors name the command line; interrupting `cargo x` ends the programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;

/// A result whose error is a sentence for people.
pub type Outcome<T = ()> = Result<T, String>;

/// Process ids of the running programs.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The repository's root: all paths are relative to it, and all programs run in it.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}

/// A command that runs in the repository's root, with empty standard input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that started this program, so that `cargo +toolchain x` keeps its toolchain.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Prints a step and its reason on stderr.
pub fn say(text: &str) {
    eprintln!("    [x] {text}");
}

/// Runs a command with inherited output. The error names the command and its exit status.
pub fn run(command: &mut Command) -> Outcome {
    let status = wait(start(command)?)?;
    if status.success() { Ok(()) } else { Err(failure(command, status)) }
}

/// Runs a command and returns its output, which is only shown if it fails.
pub fn output(command: &mut Command) -> Outcome<String> {
    let line = shown(command);
    let output = command.output().map_err(|error| format!("`{line}` could not be started: {error}."))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let errors = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(format!("{}\n{errors}", failure(command, output.status)))
    }
}

/// Runs a command and passes each line of stderr to a function.
pub fn run_with_messages(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome {
    let mut child = start(command.stderr(Stdio::piped()))?;
    let stderr = child.stderr.take().expect("stderr is piped");
    for_each_line(stderr, &mut take);
    let status = wait(child)?;
    if status.success() { Ok(()) } else { Err(failure(command, status)) }
}

/// Runs a command, shows stdout, and passes each of its lines to `take`.
pub fn run_with_lines(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome<ExitStatus> {
    let mut child = start(command.stdout(Stdio::piped()))?;
    let stdout = child.stdout.take().expect("stdout is piped");
    for_each_line(stdout, &mut |line| {
        println!("{line}");
        take(line);
    });
    wait(child)
}

/// Runs a command, shows stderr, and passes each of its lines to `take`.
pub fn run_with_errors(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome<ExitStatus> {
    let mut child = start(command.stderr(Stdio::piped()))?;
    let stderr = child.stderr.take().expect("stderr is piped");
    for_each_line(stderr, &mut |line| {
        eprintln!("{line}");
        take(line);
    });
    wait(child)
}

/// Runs a command, shows stdout and stderr interleaved, and passes each line to `take`.
pub fn run_with_all_lines(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome<ExitStatus> {
    let no_pipe = |error| format!("A pipe could not be created: {error}.");
    let (reader, writer) = std::io::pipe().map_err(no_pipe)?;
    command.stdout(writer.try_clone().map_err(no_pipe)?).stderr(writer);
    let child = start(command)?;
    // Reading ends only when the command no longer holds the write ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    for_each_line(reader, &mut |line| {
        println!("{line}");
        take(line);
    });
    wait(child)
}

/// Starts a command without waiting for it.
pub fn start(command: &mut Command) -> Outcome<Child> {
    let child = command.spawn().map_err(|error| format!("`{}` could not be started: {error}.", shown(command)))?;
    RUNNING.lock().expect("no holder of this lock panics").push(child.id());
    Ok(child)
}

/// Waits for a started program.
pub fn wait(mut child: Child) -> Outcome<ExitStatus> {
    let ended = child.wait().map_err(|error| format!("Waiting for a program failed: {error}."));
    RUNNING.lock().expect("no holder of this lock panics").retain(|id| *id != child.id());
    ended
}

/// Returns whether a started program has ended.
pub fn ended(child: &mut Child) -> Outcome<Option<ExitStatus>> {
    let ended = child.try_wait().map_err(|error| format!("Waiting for a program failed: {error}."))?;
    if ended.is_some() {
        RUNNING.lock().expect("no holder of this lock panics").retain(|id| *id != child.id());
    }
    Ok(ended)
}

/// On Ctrl-C or a termination signal, ends the started programs, then this one.
pub fn end_children_when_interrupted() {
    let set = ctrlc::set_handler(|| {
        for id in RUNNING.lock().expect("no holder of this lock panics").iter() {
            end(*id);
        }
        std::process::exit(130);
    });
    if let Err(error) = set {
        say(&format!("Ctrl-C may leave programs running: {error}"));
    }
}

/// Terminates a process gently, so that it can end its own children.
fn end(id: u32) {
    let id = id.to_string();
    let mut ask = if cfg!(windows) { Command::new("taskkill") } else { Command::new("kill") };
    if cfg!(windows) {
        ask.args(["/t", "/f", "/pid", &id])
    } else {
        ask.args(["-TERM", &id])
    };
    // It may have ended already.
    let _ = ask.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// `failure(cargo build, 101)` is "`cargo build` failed: exit status: 101."
pub fn failure(command: &Command, status: ExitStatus) -> String {
    format!("`{}` failed: {status}.", shown(command))
}

/// A command as typed in a shell.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let mut line = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

fn for_each_line(from: impl Read, take: &mut dyn FnMut(&str)) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        take(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_with_its_exit_status() {
        let failed = run(cargo().args(["no-such-command", "--flag"]).stderr(Stdio::null())).unwrap_err();
        assert!(failed.starts_with("`cargo no-such-command --flag` failed: exit status: 101"), "{failed}");
    }

    #[test]
    fn both_streams_are_read_in_their_order_and_to_the_end() {
        let mut lines = Vec::new();
        let script = "console.log('a'); console.error('b'); console.log('c'); process.exitCode = 3";
        let status =
            run_with_all_lines(command("node").args(["-e", script]), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!((lines.join(" ").as_str(), status.code()), ("a b c", Some(3)));
    }

    #[test]
    fn a_missing_program_is_named() {
        let failed = run(&mut command("no-such-program")).unwrap_err();
        assert!(failed.starts_with("`no-such-program` could not be started"), "{failed}");
    }
}
