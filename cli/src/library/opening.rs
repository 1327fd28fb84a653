//! Opening a library: for reading, when nothing of it is changed, or for recording.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use tagsmith::{Error, ErrorKind, Result};

use crate::library::{checks, crc32, is_text};
use crate::path_text::path_text;

/// Far more than any row of a library has: what a stranger's says of its lengths is not believed.
const MAX_VALUE_BYTES: i32 = 64 << 20;

/// All checks of a library together take at most two steps of SQLite's machine a byte; a stranger's file of a few pages can have more rows than
/// anybody waits for.
const STEPS_A_BYTE: i64 = 20;
const MIN_STEPS: i64 = 2_000_000;
const STEPS_AT_ONCE: i32 = 10_000;

/// An open library that has passed every check.
#[derive(Debug)]
pub struct Library {
    pub(super) connection: Connection,
    /// As sentences call it.
    pub(super) name: String,
}

impl Library {
    /// Opens a library for reading. All of it is as it was when it was checked, whatever others write meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`], [`ErrorKind::LibraryDamaged`], [`ErrorKind::LibraryNewer`].
    pub fn open(path: &Path) -> Result<Self> {
        let name = path_text(path);
        let mut connection = open_file(path, &name)?;
        checks::check(&connection, &name)?;
        free(&mut connection).and_then(|()| checks::complete(&connection)).map_err(|error| refused(&name, &error))?;
        Ok(Self { connection, name })
    }

    /// Opens a library for recording, and makes it where there is none. Nobody else can open it meanwhile.
    ///
    /// # Errors
    /// As [`Library::open`].
    pub fn open_or_make(path: &Path) -> Result<Self> {
        let name = path_text(path);
        if path.exists() {
            check_is_file(path)?;
            roll_back(path);
        }
        // Not once it is locked: closing a file gives up the locks that the program has on it.
        if fs::metadata(path).is_ok_and(|about| about.len() > 0) {
            checks::check_header(path, &name)?;
        }
        let lock = |connection: Connection| {
            // The size of pages is for a new file: at SQLite's own 4,096 an embedding takes one for itself.
            connection.execute_batch(
                "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 BEGIN EXCLUSIVE",
            )?;
            if checks::is_empty(&connection)? {
                checks::make(&connection)?;
            }
            connection.execute_batch("COMMIT").map(|()| connection)
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = connect(path, flags).and_then(lock).map_err(|error| refused(&name, &error))?;
        checks::check(&connection, &name)?;
        let migrate = |connection: &mut Connection| {
            free(connection)?;
            let transaction = connection.transaction()?;
            checks::bring_up_to_date(&transaction)?;
            transaction.commit()
        };
        migrate(&mut connection).map_err(|error| refused(&name, &error))?;
        Ok(Self { connection, name })
    }
}

/// A database that nothing was checked of, for reading: all of it is as it is now, whatever others write meanwhile.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`], [`ErrorKind::LibraryDamaged`].
pub fn open_file(path: &Path, name: &str) -> Result<Connection> {
    check_is_file(path)?;
    roll_back(path);
    checks::check_header(path, name)?;
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|connection| connection.execute_batch("BEGIN").map(|()| connection))
        .map_err(|error| refused(name, &error))
}

/// Takes back what a program wrote that ended in the middle of it. Where that is not permitted, SQLite refuses to read the rest.
fn roll_back(path: &Path) {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if fs::metadata(PathBuf::from(journal)).is_ok_and(|about| about.len() > 0) {
        let opened = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE);
        let _ = opened.and_then(|connection| connection.execute_batch("SELECT count(*) FROM sqlite_schema"));
    }
}

/// A connection on which little is believed of what a file says. Until [`free`] everything together takes no more steps than checks need.
pub fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let size = fs::metadata(path).map_or(0, |about| about.len());
    let mut left = MIN_STEPS + STEPS_A_BYTE * i64::try_from(size).unwrap_or(i64::MAX / STEPS_A_BYTE / 2);
    let is_over = move || {
        left -= i64::from(STEPS_AT_ONCE);
        left < 0
    };
    connection.progress_handler(STEPS_AT_ONCE, Some(is_over))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    crc32::add_to(&connection)?;
    is_text::add_to(&connection)?;
    Ok(connection)
}

/// What was checked may take as long as it takes.
pub fn free(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.progress_handler(0, None::<fn() -> bool>)
}

fn check_is_file(path: &Path) -> Result<()> {
    let about = fs::metadata(path).map_err(|error| {
        let detail = format!("{} cannot be read: {error}. Name a library.", path_text(path));
        Error::new(ErrorKind::FileUnreadable, detail).with_source(error)
    })?;
    if about.is_file() {
        return Ok(());
    }
    let detail =
        format!("{} is not a file. Name a library: a backup of the page, or a file of --resume.", path_text(path));
    Err(Error::new(ErrorKind::FileUnreadable, detail))
}

/// Whoever writes `output` would empty the library.
///
/// # Errors
/// A sentence, if both are one file.
pub fn check_is_not(library: &Path, output: Option<&Path>) -> Result<(), String> {
    let real = |path: &Path| fs::canonicalize(path).ok();
    match output {
        Some(output) if real(output).is_some_and(|output| real(library) == Some(output)) => {
            Err(format!("{} is the library itself. Name another file for --output.", path_text(output)))
        }
        _ => Ok(()),
    }
}

/// What SQLite says of a library, for people.
pub fn refused(name: &str, error: &rusqlite::Error) -> Error {
    let unreadable = |detail: String| Error::new(ErrorKind::FileUnreadable, detail);
    let reason = printed(error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => unreadable(format!(
            "{name} is in use by another program. Wait until that has ended, or use a copy of the file."
        )),
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::OutOfMemory
            | ErrorCode::AuthorizationForStatementDenied,
        ) => unreadable(format!(
            "{name} cannot be opened or written: {reason}. Free the disk, or copy the file to where you may write."
        )),
        Some(ErrorCode::NotADatabase) => foreign(name),
        _ => damaged(name, &reason),
    }
}

/// SQLite's own words, without those that it adds for programmers.
pub fn printed(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        error => error.to_string(),
    }
}

/// A refusal as it is said.
pub fn with_code(error: Error) -> String {
    format!("{error} ({})", error.kind().code())
}

pub fn damaged(name: &str, what: &str) -> Error {
    let detail = format!("{name} is damaged: {what}. Nothing was taken from it. Use another backup.");
    Error::new(ErrorKind::LibraryDamaged, detail)
}

pub fn foreign(name: &str) -> Error {
    let detail = format!(
        "{name} is no library of Tagsmith, or its beginning is damaged. Use a backup of the page (.tagsmith), or a file that \
         tagsmith tag --resume has made."
    );
    Error::new(ErrorKind::LibraryDamaged, detail)
}
