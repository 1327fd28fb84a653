//! Recording into a library what a run finds, so that whatever ends the program costs a quarter of a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;

use crate::library::opening::{Library, printed};

/// What arrives within this time is one transaction: each costs the disk's time, however little is in it.
const TOGETHER: Duration = Duration::from_millis(250);

/// A library that several threads write to.
pub struct Recorder {
    shared: Arc<Shared>,
}

struct Shared {
    book: Mutex<Book>,
    committed: Condvar,
}

struct Book {
    library: Library,
    has_transaction: bool,
    n_committed: u64,
    committed: Instant,
    /// Why nothing more is written.
    failure: Option<String>,
    /// Set with `failure`.
    is_stopped: Arc<AtomicBool>,
}

impl Recorder {
    /// `is_stopped` is set once nothing more can be written.
    ///
    /// # Errors
    /// Those of the system, if it has no more threads.
    pub fn new(library: Library, is_stopped: Arc<AtomicBool>) -> std::io::Result<Self> {
        let book = Book {
            library,
            has_transaction: false,
            n_committed: 0,
            committed: Instant::now(),
            failure: None,
            is_stopped,
        };
        let shared = Arc::new(Shared { book: Mutex::new(book), committed: Condvar::new() });
        let watched = Arc::downgrade(&shared);
        thread::Builder::new().spawn(move || while commit_later(&watched) {})?;
        Ok(Self { shared })
    }

    /// Writes, and commits with what else arrives in that quarter of a second; at once if it was quiet before. Gives what
    /// [`Recorder::wait`] waits for.
    pub fn write(&self, write: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> u64 {
        let mut book = self.shared.book();
        let transaction = book.n_committed + 1;
        if book.failure.is_none() {
            let written = book.begin().and_then(|()| write(&book.library.connection));
            let is_due = book.committed.elapsed() >= TOGETHER;
            book.note(written);
            if is_due {
                self.shared.commit(&mut book);
            }
        }
        transaction
    }

    /// Waits until that transaction is committed, or nothing more can be.
    pub fn wait(&self, transaction: u64) {
        let is_open = |book: &mut Book| book.n_committed < transaction && book.failure.is_none();
        drop(self.shared.committed.wait_while(self.shared.book(), is_open));
    }

    /// Reads what is there, also what is not committed yet.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        read(&self.shared.book().library.connection)
    }

    /// Commits what is left.
    ///
    /// # Errors
    /// A sentence, if something could not be written.
    pub fn finish(&self) -> Result<(), String> {
        let mut book = self.shared.book();
        self.shared.commit(&mut book);
        book.failure.clone().map_or(Ok(()), Err)
    }
}

/// False once there is nothing to commit any more.
fn commit_later(shared: &Weak<Shared>) -> bool {
    thread::sleep(TOGETHER);
    let Some(shared) = shared.upgrade() else { return false };
    shared.commit(&mut shared.book());
    true
}

impl Shared {
    /// A thread that panicked while it wrote has failed its picture; its transaction is as good as before.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&self, book: &mut Book) {
        book.commit();
        self.committed.notify_all();
    }
}

impl Book {
    fn begin(&mut self) -> rusqlite::Result<()> {
        if !self.has_transaction {
            self.library.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.has_transaction = true;
        }
        Ok(())
    }

    fn commit(&mut self) {
        if self.has_transaction && self.failure.is_none() {
            let committed = self.library.connection.execute_batch("COMMIT");
            self.has_transaction = false;
            self.n_committed += 1;
            self.committed = Instant::now();
            self.note(committed);
        }
    }

    fn note(&mut self, written: rusqlite::Result<()>) {
        if let Err(error) = written {
            self.failure = Some(format!(
                "{} cannot be written: {}. What was recorded before is kept. Make room or name another file, then go on with the same command.",
                self.library.name,
                printed(&error)
            ));
            self.is_stopped.store(true, Ordering::SeqCst);
        }
    }
}

/// Ms since 1970.
pub fn now_ms() -> i64 {
    ms_of(SystemTime::now())
}

/// Ms since 1970; 0 where it cannot be told.
pub fn ms_of(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    /// The path of a library that is gone at the end.
    struct Path(PathBuf);

    impl Drop for Path {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    fn path(name: &str) -> Path {
        let path = std::env::temp_dir().join(format!("tagsmith-{}-{name}.tagsmith", std::process::id()));
        let _ = fs::remove_file(&path);
        Path(path)
    }

    fn put(connection: &Connection, name: &str, n_bytes: usize) -> rusqlite::Result<()> {
        connection.execute("INSERT INTO setting VALUES (?1, ?2)", (name, "1".repeat(n_bytes))).map(drop)
    }

    fn settings(path: &Path) -> Vec<String> {
        let library = Library::open(&path.0).unwrap();
        let mut rows = library.connection.prepare("SELECT name FROM setting ORDER BY name").unwrap();
        rows.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn what_was_waited_for_is_there_whatever_happens_next() {
        let path = path("settled");
        let recorder = Recorder::new(Library::open_or_make(&path.0).unwrap(), Arc::default()).unwrap();
        let transactions: Vec<u64> =
            (0..20).map(|n| recorder.write(|connection| put(connection, &format!("{n:02}"), 1))).collect();
        assert!(transactions.is_sorted() && transactions[19] < 20, "some are one transaction: {transactions:?}");
        recorder.wait(transactions[19]);
        recorder.write(|connection| put(connection, "late", 1));
        // As if the program was killed: the file is what is on the disk now.
        let copy = super::tests::path("settled-copy");
        let journal = |path: &Path| PathBuf::from(format!("{}-journal", path.0.display()));
        fs::copy(&path.0, &copy.0).unwrap();
        let _ = fs::copy(journal(&path), journal(&copy));
        assert!(settings(&copy).len() >= 20);
        let _ = fs::remove_file(journal(&copy));
    }

    #[test]
    fn without_room_everything_stops_and_what_was_committed_is_kept() {
        let path = path("full");
        let library = Library::open_or_make(&path.0).unwrap();
        let n_pages: u32 = library.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        library.connection.pragma_update_and_check(None, "max_page_count", n_pages + 1, |_| Ok(())).unwrap();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let recorder = Recorder::new(library, is_stopped.clone()).unwrap();
        let first = recorder.write(|connection| put(connection, "first", 1));
        recorder.wait(first);
        assert!(!is_stopped.load(Ordering::SeqCst));
        let second = recorder.write(|connection| put(connection, "second", 1 << 20));
        recorder.wait(second);
        assert!(is_stopped.load(Ordering::SeqCst));
        recorder.write(|connection| put(connection, "third", 1));
        let said = recorder.finish().unwrap_err();
        assert!(said.contains("full") && said.contains("go on with the same command"), "{said}");
        drop(recorder);
        assert_eq!(settings(&path), ["first"]);
    }
}
