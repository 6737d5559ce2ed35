//! What every module throws: an `Error` with a `code`.

use js_sys::{Error as JsError, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::Error;

pub(crate) type Thrown<T> = Result<T, JsValue>;

/// Says where a panic happened, and nothing else: its message could quote data. The shim then closes the module.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        wasm_bindgen::throw_val(with_code("ERR_PANIC", &format!("internal fault{place}")));
    }));
}

/// The JavaScript error of one of ours.
pub(crate) fn from(error: &Error) -> JsValue {
    with_code(error.code(), &error.to_string())
}

fn with_code(code: &str, message: &str) -> JsValue {
    let error = JsError::new(message);
    set(&error, "code", &code.into());
    error.into()
}

pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of an object made here cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}
