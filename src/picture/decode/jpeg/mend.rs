//! Rewrites a JPEG that other programs read and the decoder refuses, so that it reads it too.

use super::super::{cut_off, damaged};
use super::file::{DHT, DNL, DRI, Frame, JpegFile, Part};
use super::huffman::{Tables, USUAL_TABLES};
use super::scan::{self, Known, Unmended};
use crate::error::Result;
use crate::picture::format::PictureFormat;
use crate::picture::jpeg_marker::{EOI, SOI, SOS};

/// A file that the decoder reads.
pub struct Mended {
    pub bytes: Vec<u8>,
    /// Bits per sample that come out.
    pub precision: u8,
    /// Whether some of the picture is made up, or came only in part.
    pub is_incomplete: bool,
}

/// What holds at a scan.
#[derive(Default)]
struct State {
    tables: Tables,
    restart_interval: u16,
    known: Known,
    n_scans: usize,
}

/// # Errors
/// `PictureDamaged` if fewer than half of the rows came.
pub fn mend(file: &JpegFile) -> Result<Mended> {
    let precision = file.frame.precision - file.lossless_shift();
    let mut mended = Mended { bytes: vec![0xFF, SOI], precision, is_incomplete: false };
    let mut state = State::default();
    if !file.has_tables() {
        state.tables.define(USUAL_TABLES);
        mended.write(DHT, USUAL_TABLES);
    }
    let last_scan = file.parts.iter().rposition(|part| part.marker == SOS);
    for (idx, part) in file.parts.iter().enumerate() {
        match (part.marker, part.content) {
            (DNL, _) => {}
            (SOS, content) if file.frame.is_lossless() => {
                mended.write(SOS, &unshifted(content));
                mended.bytes.extend(part.data);
            }
            (SOS, _) => mended.write_scan(part, file, &mut state, last_scan == Some(idx))?,
            (marker, content) if marker == file.frame.marker => {
                mended.write(marker, &frame_header(content, &file.frame, precision));
            }
            (marker, content) => {
                match (marker, content) {
                    (DHT, _) => state.tables.define(content),
                    (DRI, &[high, low]) => state.restart_interval = u16::from_be_bytes([high, low]),
                    _ => {}
                }
                mended.write(marker, content);
            }
        }
    }
    mended.bytes.extend([0xFF, EOI]);
    mended.is_incomplete |= file.frame.is_progressive() && !has_all_scans(file);
    Ok(mended)
}

/// Whether each coefficient of each component of a progressive picture comes down to its last bit.
fn has_all_scans(file: &JpegFile) -> bool {
    let scans = || file.parts.iter().filter(|part| part.marker == SOS);
    file.frame.components.iter().all(|component| {
        let bands = scans().filter_map(|scan| match scan.content {
            [_, components @ .., first, last, approximation] if approximation & 0xF == 0 => {
                let is_meant = components.as_chunks::<2>().0.iter().any(|[id, _]| *id == component.id);
                is_meant.then(|| scan::band(*first..=(*last).min(63)))
            }
            _ => None,
        });
        bands.fold(0, |all, band| all | band) == u64::MAX
    })
}

/// With identifiers of their own for components that share one, and with the height that a later segment states.
fn frame_header(content: &[u8], frame: &Frame, precision: u8) -> Vec<u8> {
    let mut header = content.to_vec();
    if let Some([first, high, low]) = header.first_chunk_mut() {
        *first = precision;
        [*high, *low] = frame.height.to_be_bytes();
    }
    if frame.has_duplicates() {
        for (id, component) in (1..=u8::MAX).zip(header.iter_mut().skip(6).step_by(3)) {
            *component = id;
        }
    }
    header
}

/// The header of a scan of components that share identifiers: all, in the frame's order.
fn scan_header(content: &[u8], frame: &Frame) -> Result<Vec<u8>> {
    let mut header = content.to_vec();
    let n = frame.components.len();
    if frame.has_duplicates() {
        if header.first().map(|&n| usize::from(n)) != Some(n) {
            return Err(damaged(PictureFormat::Jpeg, "its components cannot be told apart"));
        }
        for (id, component) in (1..=u8::MAX).zip(header.iter_mut().skip(1).step_by(2).take(n)) {
            *component = id;
        }
    }
    Ok(header)
}

/// The header of a lossless scan without its shift: the samples come out with as many bits fewer, and the caller shifts them back. The
/// decoder shifts each before it predicts the next from it.
fn unshifted(content: &[u8]) -> Vec<u8> {
    let mut header = content.to_vec();
    if let Some(last) = header.last_mut() {
        *last &= 0xF0;
    }
    header
}

impl Mended {
    fn write(&mut self, marker: u8, content: &[u8]) {
        self.bytes.extend([0xFF, marker]);
        // Two bytes of length count too; no content comes from a longer segment.
        self.bytes.extend((content.len() as u16 + 2).to_be_bytes());
        self.bytes.extend(content);
    }

    fn write_scan(&mut self, part: &Part, file: &JpegFile, state: &mut State, is_last: bool) -> Result<()> {
        let header = scan_header(part.content, &file.frame)?;
        let is_first = state.n_scans == 0;
        state.n_scans += 1;
        let State { tables, restart_interval, known, .. } = state;
        match scan::mend(part, &file.frame, tables, *restart_interval, known) {
            Ok(whole) if is_first && 2 * whole.rows < u32::from(file.frame.height) => {
                return Err(cut_off(PictureFormat::Jpeg));
            }
            Ok(whole) => {
                self.is_incomplete |= whole.has_gaps;
                self.write(SOS, &header);
                self.bytes.extend(whole.data);
            }
            // Without it the picture is softer; with half of it there would be noise.
            Err(Unmended::NoFiller) if is_last && !is_first => self.is_incomplete = true,
            Err(Unmended::NoFiller) => return Err(cut_off(PictureFormat::Jpeg)),
            // What it says is for the decoder to judge.
            Err(Unmended::Unknown) => {
                self.write(SOS, &header);
                self.bytes.extend(part.data);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::decode::jpeg::file::Component;

    #[test]
    fn a_frame_header_with_more_bytes_than_a_number_counts_is_read_to_its_end() {
        let component = Component { id: 7, horizontal: 1, vertical: 1 };
        let frame = Frame { marker: 0xC0, precision: 8, width: 8, height: 8, components: vec![component; 3] };
        assert!(frame.has_duplicates());
        let header = frame_header(&[7; 6 + 3 * 300], &frame, 8);
        assert_eq!((header.len(), header[6], header[9], header[12]), (906, 1, 2, 3));
    }
}
