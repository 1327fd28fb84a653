//! Mutates JSON without breaking its form: numbers at their ends, odd strings, values that are missing, doubled or in another place.

use serde_json::{Value, json};

use crate::{Dice, give};

const STRINGS: &[&str] = &[
    "",
    "..",
    "C:x",
    "nul",
    "other",
    "en",
    "\u{202E}",
    "\u{1b}[2J",
    "category:x",
    "own:x",
    "__proto__",
    "0",
    "a\nb",
    "räv",
    "鶴",
];

pub fn mutate_json(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed));
    let parsed = serde_json::from_slice::<Value>(&data[..size]);
    let Some(mut value) = parsed.ok().filter(|_| dice.below(16) > 0) else {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    };
    for _ in 0..=dice.below(2) {
        let mut place = dice.below(count(&value));
        let spare = pick(&value, &mut dice.below(count(&value))).cloned().unwrap_or_default();
        change(&mut value, &mut place, &mut dice, &spare);
    }
    give(value.to_string().as_bytes(), data, size, max_size)
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(all) => Box::new(all.iter()),
        Value::Object(all) => Box::new(all.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn count(value: &Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

fn pick<'a>(value: &'a Value, place: &mut usize) -> Option<&'a Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    children(value).find_map(|child| pick(child, place))
}

/// Changes the value at `place`, counted in depth-first order. Returns whether it was met.
fn change(value: &mut Value, place: &mut usize, dice: &mut Dice, spare: &Value) -> bool {
    if *place > 0 {
        *place -= 1;
        return match value {
            Value::Array(all) => all.iter_mut().any(|child| change(child, place, dice, spare)),
            Value::Object(all) => all.values_mut().any(|child| change(child, place, dice, spare)),
            _ => false,
        };
    }
    match value {
        _ if dice.below(24) == 0 => *value = spare.clone(),
        Value::Null => *value = spare.clone(),
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => {
            let old = number.as_f64().unwrap_or(0.0);
            let near = [
                json!(old * 0.5),
                json!(old * 2.0),
                json!(old + 1.0),
                json!(-old),
                json!((old as i64).saturating_add(1)),
                json!(old as i64),
            ];
            let ends = [
                json!(0),
                json!(1),
                json!(-1),
                json!(0.001),
                json!(65_535),
                json!(u64::MAX),
                json!(i64::MIN),
                json!(1e38),
                json!(1e-320),
            ];
            *value = if dice.below(3) == 0 {
                ends[dice.below(ends.len())].clone()
            } else {
                near[dice.below(near.len())].clone()
            };
        }
        Value::String(text) => match (dice.below(5), spare) {
            (0, Value::String(other)) => text.clone_from(other),
            (1, _) => *text = dice.one_of(STRINGS).to_owned(),
            (2, _) if text.len() < 400 => *text = text.repeat(1 + dice.below(4)),
            (3, _) => drop(text.pop()),
            _ => text.push(char::from(b' ' + dice.below(95) as u8)),
        },
        Value::Array(all) => match dice.below(4) {
            0 if !all.is_empty() => drop(all.remove(dice.below(all.len()))),
            1 if !all.is_empty() => all.push(all[dice.below(all.len())].clone()),
            2 if all.len() > 1 => {
                let (a, b) = (dice.below(all.len()), dice.below(all.len()));
                all.swap(a, b);
            }
            _ => all.push(spare.clone()),
        },
        Value::Object(all) => {
            let keys: Vec<String> = all.keys().cloned().collect();
            let Some(key) = (!keys.is_empty()).then(|| &keys[dice.below(keys.len())]) else { return true };
            match dice.below(3) {
                0 => drop(all.remove(key)),
                1 => _ = all.insert(dice.one_of(STRINGS).to_owned(), spare.clone()),
                _ => _ = all.insert(key.clone(), spare.clone()),
            }
        }
    }
    true
}
