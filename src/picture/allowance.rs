//! What one picture may take of memory and time, while it is decoded.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use crate::error::{Error, ErrorKind, Result};
use crate::memory::{live_bytes, live_bytes_of_process};
use crate::picture::Limits;
use crate::picture::format::PictureFormat;

/// Memory for a decoder besides what its picture needs: tables, windows, buffers.
const SLACK: u64 = 16 << 20;
/// Bytes that are read between two looks at the clock.
const LOOK_EVERY: usize = 1 << 12;
/// Memory that other threads of a decoder may be behind with, and how long they are waited for at each look.
const BACKLOG: isize = 64 << 20;
const PAUSE: Duration = Duration::from_micros(500);
const MAX_PAUSES: usize = 20;

/// The limits for one picture, from the moment its decoding begins. Decoders check what they know beforehand ([`Self::expect`]), ask
/// between rows ([`Self::check_time`]), and read through [`Self::reader`], which ends for one that takes more.
pub struct Allowance {
    pub limits: Limits,
    format: PictureFormat,
    file_len: u64,
    ends: Option<Instant>,
    live_at_start: isize,
    in_process_at_start: isize,
    /// Bytes that this thread may have more than at the start.
    most: Cell<u64>,
    broken: Cell<Option<Broken>>,
}

/// What the reader ended for.
#[derive(Debug, Clone, Copy)]
enum Broken {
    Memory,
    Time,
}

impl Allowance {
    pub fn begin(format: PictureFormat, file_len: usize, limits: &Limits) -> Self {
        let file_len = file_len as u64;
        Self {
            limits: *limits,
            format,
            file_len,
            ends: Instant::now().checked_add(Duration::from_millis(limits.max_ms)),
            live_at_start: live_bytes(),
            in_process_at_start: live_bytes_of_process(),
            most: Cell::new(limits.max_bytes.saturating_sub(file_len).min(SLACK)),
            broken: Cell::new(None),
        }
    }

    /// # Errors
    /// Those of [`Limits::check_size`].
    pub fn check_size(&self, width: u32, height: u32) -> Result<()> {
        self.limits.check_size(width, height)
    }

    /// `needed`: bytes that decoding a picture of `size` takes, beside its file. From now on the decoder may have so many, and a little more
    /// as long as the limits allow it.
    ///
    /// # Errors
    /// Those of [`Limits::check_bytes`].
    pub fn expect(&self, needed: u64, size: (u32, u32)) -> Result<()> {
        self.expect_about(needed, SLACK, size)
    }

    /// [`Self::expect`] where what is needed besides depends on the data: up to `slack` bytes.
    ///
    /// # Errors
    /// As [`Self::expect`].
    pub fn expect_about(&self, needed: u64, slack: u64, size: (u32, u32)) -> Result<()> {
        self.limits.check_bytes(needed.saturating_add(self.file_len), size, self.format.label())?;
        self.most.set(needed.saturating_add(slack).min(self.limits.max_bytes - self.file_len));
        Ok(())
    }

    /// # Errors
    /// [`ErrorKind::PictureTooSlow`].
    pub fn check_time(&self) -> Result<()> {
        if self.ends.is_some_and(|ends| Instant::now() > ends) { Err(too_slow(self.limits.max_ms)) } else { Ok(()) }
    }

    /// Ends with an error as soon as the allowance is used up.
    pub fn reader<'a>(&'a self, bytes: &'a [u8]) -> Metered<'a> {
        Metered { bytes, at: 0, until_look: LOOK_EVERY, allowance: self, has_threads: false }
    }

    /// Lets the threads of a decoder catch up: what it hands to them waits in a queue without a limit.
    fn wait_for_threads(&self) {
        let most = isize::try_from(self.most.get()).unwrap_or(isize::MAX).saturating_add(BACKLOG);
        let is_behind = || live_bytes_of_process().wrapping_sub(self.in_process_at_start) > most;
        (0..MAX_PAUSES).take_while(|_| is_behind()).for_each(|_| thread::sleep(PAUSE));
    }

    /// What to say in place of `decoded`, if a reader ended early: the decoder takes it for a damaged file.
    ///
    /// # Errors
    /// Those of `decoded`, or why the reader ended.
    pub fn judge<T>(&self, decoded: Result<T>) -> Result<T> {
        match self.broken.get() {
            Some(Broken::Time) => Err(too_slow(self.limits.max_ms)),
            Some(Broken::Memory) => Err(too_much_memory(self.format)),
            None => decoded,
        }
    }

    fn look(&self, has_threads: bool) -> io::Result<()> {
        let taken = live_bytes().wrapping_sub(self.live_at_start);
        if has_threads {
            self.wait_for_threads();
        } else if taken > isize::try_from(self.most.get()).unwrap_or(isize::MAX) {
            self.broken.set(Some(Broken::Memory));
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        if self.check_time().is_err() {
            self.broken.set(Some(Broken::Time));
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

pub fn too_slow(max_ms: u64) -> Error {
    Error::new(
        ErrorKind::PictureTooSlow,
        format!(
            "The picture takes longer than {} s. Save it again in another program, scaled down if it is large.",
            max_ms.div_ceil(1000)
        ),
    )
}

fn too_much_memory(format: PictureFormat) -> Error {
    Error::new(
        ErrorKind::PictureTooMuchMemory,
        format!(
            "Decoding this {} file takes far more memory than its size in pixels explains. Save it again in another program.",
            format.label()
        ),
    )
}

/// The bytes of a file, for decoders.
pub struct Metered<'a> {
    bytes: &'a [u8],
    at: usize,
    until_look: usize,
    allowance: &'a Allowance,
    has_threads: bool,
}

impl Metered<'_> {
    /// For a decoder with threads of its own, which free what this one allocates.
    pub fn for_threads(self) -> Self {
        Self { has_threads: cfg!(not(target_arch = "wasm32")), ..self }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[cold]
    fn look(&mut self) -> io::Result<()> {
        self.until_look = LOOK_EVERY;
        self.allowance.look(self.has_threads)
    }

    /// Counts `n` bytes, of which there are as many.
    fn pass(&mut self, n: usize) {
        self.at += n;
        self.until_look = self.until_look.saturating_sub(n);
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.until_look == 0 {
            self.look()?;
        }
        let n = self.rest().len().min(out.len());
        out[..n].copy_from_slice(&self.rest()[..n]);
        self.pass(n);
        Ok(n)
    }

    // Most decoders read byte by byte.
    #[inline]
    fn read_exact(&mut self, out: &mut [u8]) -> io::Result<()> {
        if self.until_look == 0 {
            self.look()?;
        }
        let wanted = self.rest().get(..out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(wanted);
        self.pass(out.len());
        Ok(())
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.until_look == 0 {
            self.look()?;
        }
        let rest = self.rest();
        Ok(&rest[..rest.len().min(LOOK_EVERY)])
    }

    fn consume(&mut self, n: usize) {
        self.pass(n);
    }
}

impl Seek for Metered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => (self.bytes.len() as u64).checked_add_signed(by),
            SeekFrom::Current(by) => (self.at as u64).checked_add_signed(by),
        };
        let place = place.ok_or(io::ErrorKind::InvalidInput)?;
        self.at = usize::try_from(place).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(place)
    }
}
