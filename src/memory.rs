//! How much memory the decoders take, counted where it is allocated.
//!
//! A header says how much a picture needs at least; what a decoder takes besides follows from the data, and only its allocations tell. An
//! allocator may neither unwind nor, in stable Rust, fail without ending the process, so this one only counts. Whoever feeds a decoder
//! looks at the count and stops feeding it: see `picture/allowance.rs` and docs/decisions/017-bytes-are-budgeted.md.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

/// A thread's bytes are added to those of the process in steps of this many.
const STEP: isize = 64 << 10;

/// The system's allocator, which counts the bytes that each thread has. A program that decodes pictures of strangers makes it its
/// `#[global_allocator]`; without it, only what headers state is limited.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountingAllocator;

thread_local! {
    /// Negative in a thread that frees what others have allocated.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// Not yet added to those of the process.
    static UNTOLD: Cell<isize> = const { Cell::new(0) };
}

static IN_PROCESS: AtomicIsize = AtomicIsize::new(0);

/// Bytes that this thread has allocated and not freed so far. Only the difference between two calls means something.
pub fn live_bytes() -> isize {
    LIVE.with(Cell::get)
}

/// As [`live_bytes`], of all threads together, nearly.
pub fn live_bytes_of_process() -> isize {
    IN_PROCESS.load(Ordering::Relaxed)
}

fn note(bytes: isize) {
    LIVE.with(|live| live.set(live.get().wrapping_add(bytes)));
    UNTOLD.with(|untold| {
        let sum = untold.get().wrapping_add(bytes);
        untold.set(if sum.abs() < STEP { sum } else { 0 });
        if sum.abs() >= STEP {
            IN_PROCESS.fetch_add(sum, Ordering::Relaxed);
        }
    });
}

// SAFETY: everything is passed on to the system's allocator. The counters have no destructors and allocate nothing, so no call comes
// back here, and they are there as long as the thread is. Sizes of allocations fit `isize`.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size().cast_signed());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size().cast_signed());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        note(-layout.size().cast_signed());
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size.cast_signed() - layout.size().cast_signed());
        unsafe { System.realloc(place, layout, size) }
    }
}
