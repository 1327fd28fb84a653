//! Examples by columns, as they cross the border: `TrainingColumns` of train_types.d.ts.

use js_sys::{Float32Array, Int8Array, Reflect, Uint8Array, Uint16Array, Uint32Array};
use serde::de::DeserializeOwned;
use tagsmith::tags::Embedding;
use tagsmith::train::{Example, TrainingSet};
use wasm_bindgen::prelude::*;

use crate::js::{object, to_js};

/// `TrainingColumns` of train_types.d.ts.
pub fn read_set(columns: &JsValue) -> Result<TrainingSet, JsValue> {
    let n_features: usize = field(columns, "n_features")?;
    let mut views = read_embeddings(&get(columns, "views")?, n_features)?.into_iter();
    let mut given = Lists::read(columns, "given", "n_given")?;
    let mut rejected = Lists::read(columns, "rejected", "n_rejected")?;
    let sha256s = read_array::<Uint8Array>(columns, "sha256s")?.to_vec();
    let sides = read_array::<Uint32Array>(columns, "sides")?.to_vec();
    let n_views = read_array::<Uint8Array>(columns, "n_views")?.to_vec();
    let ids = read_array::<Uint32Array>(columns, "ids")?.to_vec();
    let n = ids.len();
    let hashes = sha256s.as_chunks::<32>().0;
    if [sides.len(), n_views.len(), hashes.len(), given.lengths.len(), rejected.lengths.len()] != [n; 5] {
        return Err(misfit("the columns of examples differ in their lengths"));
    }
    let mut examples = Vec::with_capacity(n);
    for (at, id) in ids.into_iter().enumerate() {
        examples.push(Example {
            id,
            views: views.by_ref().take(usize::from(n_views[at])).collect(),
            tags: given.next(at)?,
            rejected: rejected.next(at)?,
            sha256: hashes[at],
            longer_side: sides[at],
        });
    }
    Ok(TrainingSet {
        backbone: field(columns, "backbone")?,
        n_features,
        tags: field(columns, "tags")?,
        examples,
        others: read_embeddings(&get(columns, "others")?, n_features)?,
    })
}

/// As [`read_set`] reads it, with nothing of the rest of the library.
pub fn write_set(set: &TrainingSet) -> Result<JsValue, JsValue> {
    let examples = || set.examples.iter();
    let n_tags = |tags: &[u16]| u16::try_from(tags.len()).expect("there are fewer tags than that");
    let n_views = |one: &Example| u8::try_from(one.views.len()).expect("a file was read, which has fewer views");
    let given: Vec<u16> = examples().flat_map(|one| one.tags.iter().copied()).collect();
    let n_given: Vec<u16> = examples().map(|one| n_tags(&one.tags)).collect();
    let rejected: Vec<u16> = examples().flat_map(|one| one.rejected.iter().copied()).collect();
    let n_rejected: Vec<u16> = examples().map(|one| n_tags(&one.rejected)).collect();
    let sha256s: Vec<u8> = examples().flat_map(|one| one.sha256).collect();
    let views: Vec<&Embedding> = examples().flat_map(|one| &one.views).collect();
    object([
        ("backbone", to_js(&set.backbone)?),
        ("n_features", (set.n_features as u32).into()),
        ("tags", to_js(&set.tags)?),
        ("ids", Uint32Array::from(&examples().map(|one| one.id).collect::<Vec<_>>()[..]).into()),
        ("sha256s", Uint8Array::from(&sha256s[..]).into()),
        ("sides", Uint32Array::from(&examples().map(|one| one.longer_side).collect::<Vec<_>>()[..]).into()),
        ("n_views", Uint8Array::from(&examples().map(n_views).collect::<Vec<_>>()[..]).into()),
        ("views", write_embeddings(&views)?),
        ("n_given", Uint16Array::from(&n_given[..]).into()),
        ("given", Uint16Array::from(&given[..]).into()),
        ("n_rejected", Uint16Array::from(&n_rejected[..]).into()),
        ("rejected", Uint16Array::from(&rejected[..]).into()),
        ("other_ids", Uint32Array::new_with_length(0).into()),
        ("others", write_embeddings(&[])?),
    ])
}

fn write_embeddings(all: &[&Embedding]) -> Result<JsValue, JsValue> {
    let scales: Vec<f32> = all.iter().map(|one| one.scale).collect();
    let vectors: Vec<i8> = all.iter().flat_map(|one| one.vector.iter().copied()).collect();
    object([("scales", Float32Array::from(&scales[..]).into()), ("vectors", Int8Array::from(&vectors[..]).into())])
}

/// `EmbeddingColumns` of train_types.d.ts.
pub fn read_embeddings(columns: &JsValue, n_features: usize) -> Result<Vec<Embedding>, JsValue> {
    let scales = read_array::<Float32Array>(columns, "scales")?.to_vec();
    let vectors = read_array::<Int8Array>(columns, "vectors")?.to_vec();
    if scales.len().checked_mul(n_features) != Some(vectors.len()) {
        return Err(misfit("the vectors are not as long as their number says"));
    }
    let rows = vectors.chunks_exact(n_features.max(1));
    Ok(scales.into_iter().zip(rows).map(|(scale, row)| Embedding { scale, vector: row.to_vec() }).collect())
}

/// Lists one after the other, of one column their lengths.
struct Lists {
    lengths: Vec<u16>,
    all: Vec<u16>,
    taken: usize,
}

impl Lists {
    fn read(columns: &JsValue, all: &str, lengths: &str) -> Result<Self, JsValue> {
        let read = |key| Ok::<_, JsValue>(read_array::<Uint16Array>(columns, key)?.to_vec());
        Ok(Self { lengths: read(lengths)?, all: read(all)?, taken: 0 })
    }

    fn next(&mut self, at: usize) -> Result<Vec<u16>, JsValue> {
        let end = self.taken + usize::from(self.lengths[at]);
        let list = self.all.get(self.taken..end).ok_or_else(|| misfit("a list of tags is shorter than it says"))?;
        self.taken = end;
        Ok(list.to_vec())
    }
}

fn get(of: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &key.into())
}

pub fn read_array<T: JsCast>(of: &JsValue, key: &str) -> Result<T, JsValue> {
    get(of, key)?.dyn_into().map_err(|_| misfit(&format!("{key} is no column of numbers")))
}

fn field<T: DeserializeOwned>(of: &JsValue, key: &str) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(get(of, key)?)?)
}

fn misfit(what: &str) -> JsValue {
    js_sys::TypeError::new(&format!("This is no training set: {what}.")).into()
}
