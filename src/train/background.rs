//! Everyday pictures that own tags are told from: embeddings that come with a model (`background.bin`, docs/formats/background.md).

use crate::error::Result;
use crate::model::BackboneRef;
use crate::tags::Embedding;
use crate::train::set::invalid;

const MAGIC: &[u8; 8] = b"TSBACKG1";

/// What everyday pictures look like to one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    pub backbone: BackboneRef,
    /// Centres of groups of everyday pictures that look alike.
    pub centres: Vec<Embedding>,
    /// By how much each value differs between pictures (standard deviation of embeddings of length 1).
    pub deviations: Vec<f32>,
}

impl Background {
    /// Reads the file; all numbers begin with their lowest byte.
    ///
    /// # Errors
    /// [`ErrorKind::TrainingSetInvalid`](crate::ErrorKind::TrainingSetInvalid) if it is damaged.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let damaged =
            || invalid("the model's file of everyday pictures (background.bin) is damaged; download the model again");
        read(bytes).ok_or_else(damaged)
    }
}

fn read(bytes: &[u8]) -> Option<Background> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let mut take = |n: usize| {
        let (taken, after) = rest.split_at_checked(n)?;
        rest = after;
        Some(taken)
    };
    let mut number = || take(4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let [n_rows, n_features, n_id, n_version] = [number()?, number()?, number()?, number()?].map(|n| n as usize);
    let mut text = |n: usize| take(n).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let backbone = BackboneRef { id: text(n_id)?, version: text(n_version)?, sha256: None };
    let floats = |bytes: &[u8]| -> Option<Vec<f32>> {
        let values: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        values.iter().all(|value| value.is_finite() && *value >= 0.0).then_some(values)
    };
    let deviations = floats(take(n_features.checked_mul(4)?)?)?;
    let scales = floats(take(n_rows.checked_mul(4)?)?)?;
    let vectors = take(n_rows.checked_mul(n_features)?)?;
    if !rest.is_empty() || n_features == 0 {
        return None;
    }
    let row =
        |(scale, row): (&f32, &[u8])| Embedding { scale: *scale, vector: row.iter().map(|&byte| byte as i8).collect() };
    let centres = scales.iter().zip(vectors.chunks_exact(n_features)).map(row).collect();
    Some(Background { backbone, centres, deviations })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(n_rows: u32) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        [n_rows, 3, 5, 1].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes.extend(b"small1");
        [0.5_f32, 0.25, 0.0, 2.0, 3.0].iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        bytes.extend([1, 2, 3, 255, 254, 253]);
        bytes
    }

    #[test]
    fn a_file_is_read_and_a_damaged_one_refused() {
        let read = Background::parse(&file(2)).unwrap();
        assert!(read.backbone.is("small", "1"));
        assert_eq!(read.deviations, [0.5, 0.25, 0.0]);
        assert_eq!(read.centres[1], Embedding { scale: 3.0, vector: vec![-1, -2, -3] });
        let whole = file(2);
        for cut in 0..whole.len() {
            assert!(Background::parse(&whole[..cut]).is_err(), "{cut} bytes");
        }
        for n_rows in [0, 1, 3, u32::MAX] {
            assert!(Background::parse(&file(n_rows)).is_err(), "{n_rows} rows");
        }
        assert!(Background::parse(&[&whole[..], &[0]].concat()).is_err());
    }
}
