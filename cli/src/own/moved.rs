//! Examples that came with a tagger's file: the page keeps them in the tagger's settings, as numbers without pictures, and
//! both learn from them beside those of the library (`www/app/own/moved.js`).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use tagsmith::TagRef;
use tagsmith::tags::Embedding;

use crate::library::own::ExampleFile;

/// What came from one network.
#[derive(Debug)]
pub struct Moved {
    pub n_features: u32,
    /// No files of the library: their ids go down from the largest.
    files: Vec<ExampleFile>,
}

#[derive(Deserialize)]
struct Packed {
    backbone: String,
    n_features: u32,
    n: usize,
    tags: Vec<TagRef>,
    columns: Columns,
}

/// Little-endian, in base64.
#[derive(Deserialize)]
struct Columns {
    sha256s: String,
    sides: String,
    n_views: String,
    n_given: String,
    given: String,
    n_rejected: String,
    rejected: String,
    scales: String,
    vectors: String,
}

impl Moved {
    /// `None` where it is of another network than `backbone` ("id version"), or makes no sense, whoever wrote it.
    pub fn read(kept: &str, backbone: &str) -> Option<Self> {
        let Packed { backbone: of, n_features, n, tags, columns } = serde_json::from_str(kept).ok()?;
        let ids: HashSet<&String> = tags.iter().map(|tag| &tag.id).collect();
        if of != backbone || n_features == 0 || ids.len() < tags.len() {
            return None;
        }
        let hashes = numbers(&columns.sha256s, |hash: [u8; 32]| hash)?;
        let sides = numbers(&columns.sides, u32::from_le_bytes)?;
        let n_views = numbers(&columns.n_views, |[n]: [u8; 1]| n)?;
        let given = said(&columns.n_given, &columns.given, &tags)?;
        let rejected = said(&columns.n_rejected, &columns.rejected, &tags)?;
        let scales = numbers(&columns.scales, f32::from_le_bytes)?;
        let vectors = numbers(&columns.vectors, i8::from_le_bytes)?;
        let lengths = [hashes.len(), sides.len(), n_views.len(), given.len(), rejected.len()];
        let n_vectors: usize = n_views.iter().copied().map(usize::from).sum();
        let is_sound = lengths.iter().all(|length| *length == n)
            && n_vectors == scales.len()
            && n_vectors.checked_mul(n_features as usize) == Some(vectors.len())
            && n_views.iter().all(|n| *n > 0)
            && scales.iter().all(|scale| (0.0..1e30).contains(scale));
        if !is_sound {
            return None;
        }
        let rows = vectors.chunks_exact(n_features as usize).map(<[i8]>::to_vec);
        let mut views = scales.into_iter().zip(rows).map(|(scale, vector)| Embedding { scale, vector });
        let (mut given, mut rejected) = (given.into_iter(), rejected.into_iter());
        let files = (0..n).map(|idx| ExampleFile {
            file: u32::MAX - idx as u32,
            path: String::new(),
            asset: None,
            sha256: hashes[idx],
            longer_side: sides[idx],
            given: given.next().unwrap_or_default(),
            rejected: rejected.next().unwrap_or_default(),
            views: views.by_ref().take(n_views[idx].into()).collect(),
        });
        Some(Self { n_features, files: files.collect() })
    }

    /// The files of a library with those that came, of which only the tags that `is_learnt` count, and only what somebody has
    /// given. What the library says of a picture of the same content counts before them.
    pub fn beside(self, mut here: Vec<ExampleFile>, is_learnt: impl Fn(&TagRef) -> bool) -> Vec<ExampleFile> {
        let known: HashSet<[u8; 32]> = here.iter().map(|file| file.sha256).collect();
        let mut came: Vec<ExampleFile> = self.files.into_iter().filter(|file| !known.contains(&file.sha256)).collect();
        for file in &mut came {
            file.given.retain(&is_learnt);
            file.rejected.retain(&is_learnt);
        }
        let given: HashSet<String> =
            here.iter().chain(&came).flat_map(|file| &file.given).map(|tag| tag.id.clone()).collect();
        for file in &mut came {
            file.rejected.retain(|tag| given.contains(&tag.id));
        }
        here.extend(came.into_iter().filter(|file| !file.given.is_empty() || !file.rejected.is_empty()));
        here
    }
}

fn numbers<const N: usize, T>(column: &str, read: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
    let bytes = STANDARD.decode(column).ok()?;
    let (all, rest) = bytes.as_chunks::<N>();
    rest.is_empty().then(|| all.iter().map(|one| read(*one)).collect())
}

/// The tags of each example, of which a column has how many there are, and another the places of all.
fn said(lengths: &str, places: &str, tags: &[TagRef]) -> Option<Vec<Vec<TagRef>>> {
    let places = numbers(places, u16::from_le_bytes)?;
    let mut rest = &places[..];
    let mut all = Vec::new();
    for n in numbers(lengths, u16::from_le_bytes)? {
        let (some, after) = rest.split_at_checked(n.into())?;
        all.push(some.iter().map(|place| tags.get(usize::from(*place)).cloned()).collect::<Option<_>>()?);
        rest = after;
    }
    rest.is_empty().then_some(all)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// As the page packs three examples of two tags: a hat with its mirror image, a bag that is no hat, and a cap.
    fn packed() -> Value {
        let text = |bytes: &[u8]| STANDARD.encode(bytes);
        let hashes = [[1; 32], [2; 32], [3; 32]].concat();
        let sides = [800_u32, 0, 500].map(u32::to_le_bytes).concat();
        let scales = [0.5_f32, 0.25, 1.0, 2.0].map(f32::to_le_bytes).concat();
        let tags = ["hat", "bag", "cap"].map(|name| json!({"id": format!("own:{name}"), "name": name}));
        json!({"backbone": "net 1", "n_features": 2, "n": 3, "tags": tags, "columns": {
            "sha256s": text(&hashes), "sides": text(&sides), "n_views": text(&[2, 1, 1]),
            "n_given": text(&[1, 0, 1, 0, 1, 0]), "given": text(&[0, 0, 1, 0, 2, 0]),
            "n_rejected": text(&[0, 0, 1, 0, 0, 0]), "rejected": text(&[0, 0]),
            "scales": text(&scales), "vectors": text(&[1, 255, 2, 254, 3, 253, 4, 252])}})
    }

    fn read(kept: &Value) -> Option<Moved> {
        Moved::read(&kept.to_string(), "net 1")
    }

    fn shown(files: &[ExampleFile]) -> Vec<(u8, Vec<&str>, Vec<&str>)> {
        files.iter().map(|file| (file.sha256[0], names(&file.given), names(&file.rejected))).collect()
    }

    fn names(tags: &[TagRef]) -> Vec<&str> {
        tags.iter().map(|tag| &*tag.name).collect()
    }

    #[test]
    fn what_the_page_has_packed_is_read() {
        let Moved { n_features, files } = read(&packed()).unwrap();
        assert_eq!(n_features, 2);
        assert_eq!(shown(&files), [(1, vec!["hat"], vec![]), (2, vec!["bag"], vec!["hat"]), (3, vec!["cap"], vec![])]);
        assert_eq!((files[0].file, files[2].file, files[0].longer_side), (u32::MAX, u32::MAX - 2, 800));
        let views = [Embedding { scale: 0.5, vector: vec![1, -1] }, Embedding { scale: 0.25, vector: vec![2, -2] }];
        assert_eq!(files[0].views, views);
    }

    #[test]
    fn of_another_network_or_damaged_nothing_came() {
        assert!(Moved::read(&packed().to_string(), "net 2").is_none());
        assert!(Moved::read("null", "net 1").is_none());
        let edited = |edit: fn(&mut Value)| {
            let mut kept = packed();
            edit(&mut kept);
            read(&kept)
        };
        assert!(edited(|_| {}).is_some());
        for damaged in [
            edited(|kept| kept["n"] = 4.into()),
            edited(|kept| kept["n_features"] = 0.into()),
            edited(|kept| kept["n_features"] = 3.into()),
            edited(|kept| kept["tags"][1] = kept["tags"][0].clone()),
            edited(|kept| kept["tags"] = json!([])),
            edited(|kept| kept["columns"]["vectors"] = "?".into()),
            edited(|kept| kept["columns"]["sides"] = "AAAA".into()),
            edited(|kept| kept["columns"]["n_given"] = "//8BAAEA".into()),
            edited(|kept| kept["columns"]["n_views"] = "AAIC".into()),
            edited(|kept| kept["columns"]["scales"] = STANDARD.encode([0, 0, 192, 127].repeat(4)).into()),
        ] {
            assert!(damaged.is_none());
        }
    }

    #[test]
    fn they_join_what_the_library_says_which_counts_before_them() {
        let here = || {
            let mut files = read(&packed()).unwrap().files;
            files.swap_remove(0);
            files.truncate(1);
            files[0].rejected.clear(); // the cap
            files
        };
        let all = |_: &TagRef| true;
        assert_eq!(shown(&here()), [(3, vec!["cap"], vec![])]);
        let both = read(&packed()).unwrap().beside(here(), all);
        assert_eq!(shown(&both), [(3, vec!["cap"], vec![]), (1, vec!["hat"], vec![]), (2, vec!["bag"], vec!["hat"])]);
        let bags = read(&packed()).unwrap().beside(here(), |tag| tag.name == "bag");
        assert_eq!(shown(&bags), [(3, vec!["cap"], vec![]), (2, vec!["bag"], vec![])]);
    }
}
