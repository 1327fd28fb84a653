//! What would leave, said before anything does.

use std::path::PathBuf;

use tagsmith::Result;

use crate::provider::chosen::Chosen;
use crate::say::{count, say};

/// A JPEG of a photograph seldom takes more for a pixel.
const BYTES_PER_PIXEL: f64 = 0.3;

/// Says where pictures would go, how many, and what they count. Whether any would leave this machine: as far as anybody knows, what is asked on
/// it and bills passes them on, as a relay does.
///
/// # Errors
/// Those of the set-up.
pub fn announce(chosen: &Chosen, pictures: &[PathBuf]) -> Result<bool> {
    let hosts = chosen.hosts_elsewhere()?;
    if hosts.is_empty() && !chosen.setup.is_billed() {
        say(format_args!("{} is asked on this machine; no picture leaves it", chosen.id));
        return Ok(false);
    }
    let need = chosen.setup.picture_need();
    let most = (f64::from(need.max_side).powi(2) * BYTES_PER_PIXEL).min(f64::from(need.max_bytes)) as u64;
    let sizes = pictures.iter().map(|path| path.metadata().map_or(0, |about| about.len()));
    let n_bytes: u64 = sizes.map(|size| size.min(most)).sum();
    let n_pictures = count(pictures.len(), "picture would leave", "pictures would leave");
    let units = chosen.setup.units(u32::try_from(pictures.len()).unwrap_or(u32::MAX));
    let billed = match chosen.setup.is_billed() {
        true => format!(", which counts as {} at most", count(units as usize, "unit", "units")),
        false => String::new(),
    };
    let to = if hosts.is_empty() { format!("{}, by way of a server on it", chosen.id) } else { hosts.join(" and ") };
    say(format_args!(
        "{n_pictures} this machine for {to}, shrunk to at most {} pixels a side and without metadata: about {}{billed}",
        need.max_side,
        megabytes(n_bytes)
    ));
    Ok(true)
}

fn megabytes(n_bytes: u64) -> String {
    format!("{:.1} MB", (n_bytes as f64 / 1e6).max(0.1))
}
