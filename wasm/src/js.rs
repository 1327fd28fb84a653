//! Conversions between Rust and JavaScript.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use tagsmith::Error;
use wasm_bindgen::prelude::*;

pub fn object<const N: usize>(entries: [(&str, JsValue); N]) -> Result<JsValue, JsValue> {
    let entries: Array = entries.into_iter().map(|(key, value)| Array::of2(&key.into(), &value)).collect();
    Object::from_entries(&entries).map(Into::into)
}

/// Structs as plain objects, absent values as null.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

pub fn thrown(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(error.detail());
    for (key, value) in
        [("code", Some(error.kind().code())), ("detail", Some(error.detail())), ("subject", error.subject())]
    {
        Reflect::set(&thrown, &key.into(), &value.into()).expect("a new Error takes properties");
    }
    thrown.into()
}
