//! Makes the coded data of a damaged scan whole: what can be read stays bit for bit, what is missing is made up.
//!
//! As libjpeg does, a lost restart marker is found by counting, and after damage the next restart marker that fits is taken. What is missing
//! between restart markers repeats the interval before; else the last colours go on to the end of the picture.

use std::ops::{Range, RangeInclusive};

use super::file::{Frame, Part};
use super::huffman::{BitWriter, Bits, Table, Tables};

/// A numbered restart marker counts as ahead of the expected one up to here, and as behind it from here on.
const AHEAD: u8 = 4;

/// What a scan codes, block by block.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Coding {
    Sequential,
    FirstDc,
    FirstAc { first: u8, last: u8 },
    RefinedDc,
    RefinedAc { first: u8, last: u8 },
}

/// Which coefficients of a progressive picture are other than 0 so far: by component, a bit for each of a block's 64. What a scan that refines
/// them has bits for depends on it.
#[derive(Debug, Default)]
pub struct Known([Vec<u64>; 4]);

/// A scan whose data have been made whole.
pub struct WholeScan {
    pub data: Vec<u8>,
    /// Rows of the picture before the first that is made up with all below it.
    pub rows: u32,
    /// Whether anything was made up.
    pub has_gaps: bool,
}

/// Why a scan stays as it is.
pub enum Unmended {
    /// Its header makes no sense, or it wants tables that are not there.
    Unknown,
    /// Its tables have no code for "as before".
    NoFiller,
}

struct Scan<'a> {
    coding: Coding,
    /// Tables of each block of an MCU.
    blocks: Vec<(Option<&'a Table>, Option<&'a Table>)>,
    n_mcus: usize,
    mcus_per_row: usize,
    rows_per_mcu: u32,
    /// The index of the last component in the frame; scans of AC coefficients have one.
    component: usize,
}

/// `restart_interval`: in MCUs; 0 for none.
pub fn mend(
    part: &Part,
    frame: &Frame,
    tables: &Tables,
    restart_interval: u16,
    known: &mut Known,
) -> Result<WholeScan, Unmended> {
    let scan = Scan::read(part.content, frame, tables).ok_or(Unmended::Unknown)?;
    let known = known.0.get_mut(scan.component).ok_or(Unmended::Unknown)?;
    if matches!(scan.coding, Coding::FirstAc { .. } | Coding::RefinedAc { .. }) {
        known.resize(scan.n_mcus, 0);
    }
    let per_interval = match restart_interval {
        0 => scan.n_mcus,
        n => usize::from(n),
    };
    let mut waiting = intervals(part.data);
    waiting.reverse();
    let mut data = Vec::with_capacity(part.data.len());
    let mut former: Option<Vec<u8>> = None;
    // MCUs before those that are made up to the end.
    let mut came = 0;
    let mut has_gaps = false;

    for (idx, start) in (0..scan.n_mcus).step_by(per_interval).enumerate() {
        let wanted = per_interval.min(scan.n_mcus - start);
        let expected = (idx + 7) as u8 % 8;
        if idx > 0 {
            data.extend([0xFF, 0xD0 + expected]);
        }
        // Those that come again are too late.
        while waiting.last().is_some_and(|next| idx > 0 && next.distance(expected) >= AHEAD) {
            waiting.pop();
        }
        let is_here = waiting.last().is_some_and(|next| idx == 0 || next.distance(expected) == 0);
        let Some(interval) = is_here.then(|| waiting.pop()).flatten() else {
            has_gaps = true;
            let made_up = match &former {
                Some(former) if wanted == per_interval && !frame.is_progressive() => former.clone(),
                _ => scan.filled(&[], Walked::default(), start..start + wanted, known)?,
            };
            data.extend(&made_up);
            former = Some(made_up);
            continue;
        };
        let coded = &interval.data[interval.from..];
        let walked = scan.walk(coded, start..start + wanted, known);
        came = if walked.n == 0 { came } else { start + walked.n };
        has_gaps |= walked.n < wanted;
        let whole = scan.filled(coded, walked, start + walked.n..start + wanted, known)?;
        // Data behind those that were wanted: the restart marker between them is lost.
        let used = walked.position.div_ceil(8);
        if walked.n == wanted && start + wanted < scan.n_mcus && coded.len() > used + 1 {
            waiting.push(Interval { number: Some((expected + 1) % 8), from: interval.from + used, ..interval });
        }
        data.extend(&whole);
        former = Some(whole);
    }
    let rows = (came / scan.mcus_per_row) as u32 * scan.rows_per_mcu;
    let rows = if came == scan.n_mcus { frame.height.into() } else { rows.min(frame.height.into()) };
    Ok(WholeScan { data, rows, has_gaps })
}

/// Coded data between two restart markers, without escapes.
struct Interval {
    /// Of the restart marker before it.
    number: Option<u8>,
    data: Vec<u8>,
    /// What is before has been used.
    from: usize,
}

/// How far coded data reach.
#[derive(Debug, Clone, Copy, Default)]
struct Walked {
    /// Whole MCUs.
    n: usize,
    /// Where in bits the last of them ends.
    position: usize,
    /// For how many blocks behind them the band is empty.
    run: u32,
}

impl Interval {
    /// How many restart markers it is ahead of the expected one, modulo 8.
    fn distance(&self, expected: u8) -> u8 {
        self.number.map_or(0, |number| (number + 8 - expected) % 8)
    }
}

/// What lies behind a marker that is none, up to the next restart marker, has lost its place.
fn intervals(data: &[u8]) -> Vec<Interval> {
    let mut all = vec![Interval { number: None, data: Vec::new(), from: 0 }];
    let mut is_lost = false;
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        at += 1;
        let escape = (byte == 0xFF).then(|| data.get(at).copied()).flatten();
        match escape {
            // Padding; the FF behind it is looked at next. At the very end, an FF begins nothing.
            Some(0xFF) => continue,
            Some(number @ 0xD0..=0xD7) => {
                all.push(Interval { number: Some(number - 0xD0), data: Vec::new(), from: 0 });
                is_lost = false;
                at += 1;
                continue;
            }
            Some(0) => at += 1,
            Some(_) => is_lost = true,
            None if byte == 0xFF => continue,
            None => {}
        }
        if let Some(last) = all.last_mut().filter(|_| !is_lost) {
            last.data.push(byte);
        }
    }
    all
}

impl<'a> Scan<'a> {
    fn read(content: &[u8], frame: &Frame, tables: &'a Tables) -> Option<Self> {
        let (&n, rest) = content.split_first()?;
        let components = rest.get(..2 * usize::from(n))?.as_chunks::<2>().0;
        let &[first, last, approximation] = rest.get(2 * usize::from(n)..)? else { return None };
        let coding = match (frame.is_progressive(), first, approximation >> 4) {
            (false, ..) => Coding::Sequential,
            (true, 0, 0) => Coding::FirstDc,
            (true, 0, _) => Coding::RefinedDc,
            (true, _, 0) => Coding::FirstAc { first, last: last.min(63) },
            (true, ..) => Coding::RefinedAc { first, last: last.min(63) },
        };
        let widest = frame.components.iter().map(|component| component.horizontal).max()?;
        let highest = frame.components.iter().map(|component| component.vertical).max()?;
        if frame.components.iter().any(|component| component.horizontal == 0 || component.vertical == 0) {
            return None;
        }
        let mut blocks = Vec::new();
        let mut only = None;
        let mut last_idx = 0;
        for (idx, &[id, which]) in components.iter().enumerate() {
            // Where identifiers are not unique, all come in their order.
            last_idx = if frame.has_duplicates() {
                idx
            } else {
                frame.components.iter().position(|component| component.id == id)?
            };
            let component = frame.components.get(last_idx)?;
            only = Some(component);
            let pair =
                (tables.dc.get(usize::from(which >> 4))?.as_ref(), tables.ac.get(usize::from(which & 0xF))?.as_ref());
            let n_blocks = if n == 1 { 1 } else { usize::from(component.horizontal) * usize::from(component.vertical) };
            blocks.extend(std::iter::repeat_n(pair, n_blocks));
        }
        let (width, height) = (usize::from(frame.width), usize::from(frame.height));
        let (mcus_per_row, mcu_rows, rows_per_mcu) = if n == 1 {
            let component = only?;
            let of = |side: usize, own: u8, most: u8| (side * usize::from(own)).div_ceil(usize::from(most)).div_ceil(8);
            let rows = 8 * u32::from(highest) / u32::from(component.vertical);
            (of(width, component.horizontal, widest), of(height, component.vertical, highest), rows)
        } else {
            let of = |side: usize, most: u8| side.div_ceil(8 * usize::from(most));
            (of(width, widest), of(height, highest), 8 * u32::from(highest))
        };
        let n_mcus = mcus_per_row * mcu_rows;
        (n_mcus > 0 && !blocks.is_empty()).then_some(Self {
            coding,
            blocks,
            n_mcus,
            mcus_per_row,
            rows_per_mcu,
            component: last_idx,
        })
    }

    fn walk(&self, data: &[u8], wanted: Range<usize>, known: &mut [u64]) -> Walked {
        let mut bits = Bits::new(data);
        let mut walked = Walked::default();
        for mcu in wanted {
            let mut run = walked.run;
            let mut block = known.get(mcu).copied().unwrap_or_default();
            if self.walk_mcu(&mut bits, &mut run, &mut block).is_none() {
                break;
            }
            if let Some(known) = known.get_mut(mcu) {
                *known = block;
            }
            walked = Walked { n: walked.n + 1, position: bits.position, run };
        }
        walked
    }

    fn walk_mcu(&self, bits: &mut Bits, run: &mut u32, known: &mut u64) -> Option<()> {
        for &(dc, ac) in &self.blocks {
            match self.coding {
                Coding::Sequential => {
                    walk_dc(bits, dc?)?;
                    walk_ac(bits, ac?, 1..=63, &mut 0)?;
                }
                Coding::FirstDc => walk_dc(bits, dc?)?,
                Coding::RefinedDc => bits.skip(1)?,
                Coding::FirstAc { .. } if *run > 0 => *run -= 1,
                Coding::FirstAc { first, last } => *run = walk_ac(bits, ac?, first..=last, known)?,
                Coding::RefinedAc { first, last } => walk_refined(bits, ac?, first..=last, known, run)?,
            }
        }
        Some(())
    }

    /// What was `walked` of `data`, and the MCUs that are `missing` behind it, as before or empty; escaped.
    fn filled(&self, data: &[u8], walked: Walked, missing: Range<usize>, known: &[u64]) -> Result<Vec<u8>, Unmended> {
        let mut writer = BitWriter::default();
        writer.copy(data, walked.position);
        let mut run = walked.run;
        let write_empty = |writer: &mut BitWriter, table: Option<&Table>| {
            let (bits, len) = table.and_then(|table| table.code_of(0)).ok_or(Unmended::NoFiller)?;
            writer.write(bits, len);
            Ok(())
        };
        for mcu in missing {
            let is_in_run = run > 0;
            run = run.saturating_sub(1);
            for &(dc, ac) in &self.blocks {
                match self.coding {
                    Coding::Sequential => {
                        write_empty(&mut writer, dc)?;
                        write_empty(&mut writer, ac)?;
                    }
                    Coding::FirstDc => write_empty(&mut writer, dc)?,
                    Coding::RefinedDc => writer.write(0, 1),
                    Coding::FirstAc { .. } | Coding::RefinedAc { .. } if !is_in_run => write_empty(&mut writer, ac)?,
                    Coding::FirstAc { .. } | Coding::RefinedAc { .. } => {}
                }
                if let Coding::RefinedAc { first, last } = self.coding {
                    let n = (band(first..=last) & known.get(mcu).copied().unwrap_or_default()).count_ones();
                    (0..n).for_each(|_| writer.write(0, 1));
                }
            }
        }
        Ok(writer.finish())
    }
}

fn walk_dc(bits: &mut Bits, table: &Table) -> Option<()> {
    let len = bits.symbol(table)?;
    bits.skip(len)
}

/// Returns for how many blocks more the band is empty.
fn walk_ac(bits: &mut Bits, table: &Table, range: RangeInclusive<u8>, known: &mut u64) -> Option<u32> {
    let (mut k, last) = (u32::from(*range.start()), u32::from(*range.end()));
    while k <= last {
        let symbol = bits.symbol(table)?;
        let (run, len) = (u32::from(symbol >> 4), symbol & 0xF);
        match (run, len) {
            (15, 0) => k += 16,
            (0, 0) => return Some(0),
            // Only progressive scans have these; in a sequential one they end the block as well.
            (_, 0) => return Some((1 << run) - 1 + bits.number(run)?),
            _ => {
                k += run;
                // Behind the band there is none: the data are damaged.
                *known |= 1 << (k <= last).then_some(k)?;
                k += 1;
                bits.skip(len)?;
            }
        }
    }
    Some(0)
}

/// A bit more for each coefficient of the band that is not 0, and those that are not 0 from now on. T.81, G.1.2.3.
fn walk_refined(
    bits: &mut Bits,
    table: &Table,
    range: RangeInclusive<u8>,
    known: &mut u64,
    run: &mut u32,
) -> Option<()> {
    let (mut k, last) = (u32::from(*range.start()), u32::from(*range.end()));
    while *run == 0 && k <= last {
        let symbol = bits.symbol(table)?;
        let (mut zeros, len) = (u32::from(symbol >> 4), symbol & 0xF);
        if len == 0 && zeros < 15 {
            *run = (1 << zeros) + bits.number(zeros)?;
            break;
        }
        bits.skip(len.min(1))?;
        while k <= last {
            if *known >> k & 1 == 1 {
                bits.skip(1)?;
            } else if zeros == 0 {
                *known |= u64::from(len > 0) << k;
                k += 1;
                break;
            } else {
                zeros -= 1;
            }
            k += 1;
        }
    }
    if *run > 0 {
        *run -= 1;
        let left = (k..=last).filter(|&k| *known >> k & 1 == 1).count();
        bits.skip(left as u8)?;
    }
    Some(())
}

/// Bits of the coefficients in a band, which are numbered up to 63.
pub fn band(range: RangeInclusive<u8>) -> u64 {
    range.fold(0, |band, k| band | 1 << k)
}
