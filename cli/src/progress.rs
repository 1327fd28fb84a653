//! How far the work is, on a terminal.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows count, rate and remaining time, on a terminal only.
pub fn progress_bar(n_pictures: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(Some(n_pictures), ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {per_sec}  {eta} left").expect("a valid template");
    ProgressBar::new(n_pictures).with_style(style)
}
