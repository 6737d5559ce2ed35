//! Structured values from JavaScript: options, limits, queries.

use js_sys::{Array, BigInt, Object, Reflect, Symbol};
use wasm_bindgen::prelude::*;

use crate::canonical::push_string;
use crate::error::{Error, Result};
use crate::json::{FromJson, Json};

/// Deeper than any option lies.
const DEPTH: u8 = 8;

/// Reads small structured values; `undefined` stands for the defaults.
pub(super) fn take<T: FromJson + Default>(value: &JsValue) -> Result<T> {
    if value.is_undefined() { Ok(T::default()) } else { take_whole(value) }
}

/// Reads a structured value with every member it has, so that a misspelled one is seen. Members that are null or `undefined` are not there.
pub(super) fn take_whole<T: FromJson>(value: &JsValue) -> Result<T> {
    let mut text = Vec::new();
    write(&mut text, value, DEPTH);
    let json = core::str::from_utf8(&text).ok().and_then(Json::parse);
    T::from_json(json.ok_or(Error::option("they cannot be read"))?)
}

/// What stands for a value that JSON has no words for, or that lies too deep. No option takes a fraction, so it is found wrong by its name, where
/// JSON.stringify would leave a function or the members of a Map out without a word, and a rule would be off.
const WORDLESS: &[u8] = b"0.5";

/// Writes a value as JSON text.
fn write(out: &mut Vec<u8>, value: &JsValue, depth: u8) {
    let Some(below) = depth.checked_sub(1) else { return out.extend_from_slice(WORDLESS) };
    if value.is_null() || value.is_undefined() {
        out.extend_from_slice(b"null");
    } else if let Some(value) = value.as_bool() {
        out.extend_from_slice(if value { b"true" } else { b"false" });
    } else if let Some(text) = value.as_string() {
        push_string(out, &text);
    } else if let Some(number) = value.as_f64().and_then(whole) {
        out.extend_from_slice(number.to_string().as_bytes());
    } else if let Some(number) = value.dyn_ref::<BigInt>().and_then(|number| number.to_string(10).ok()) {
        out.extend_from_slice(String::from(number).as_bytes());
    } else if Array::is_array(value) {
        out.push(b'[');
        for (index, item) in Array::from(value).iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write(out, &item, below);
        }
        out.push(b']');
    } else if value.is_object() && is_plain(value) {
        out.push(b'{');
        for (index, entry) in Object::entries(value.unchecked_ref()).iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let entry = Array::from(&entry);
            push_string(out, &entry.get(0).as_string().unwrap_or_default());
            out.push(b':');
            write(out, &entry.get(1), below);
        }
        out.push(b'}');
    } else {
        out.extend_from_slice(WORDLESS);
    }
}

/// Not a Map, a Set or another collection whose members are no properties.
fn is_plain(value: &JsValue) -> bool {
    Reflect::get(value, &Symbol::iterator()).is_ok_and(|iterator| iterator.is_undefined())
}

/// Every number that options hold is a whole one that JavaScript holds exactly.
fn whole(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "checked to be a whole number below 2^53")]
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}
