//! The exports of the module for files: XLSX and encodings, bytes in, a grid out.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::files::{encoding, xlsx};
use crate::thrown::{self, Thrown, set};

/// Reads one worksheet of a workbook, the first visible one unless it is named: `{ grid, worksheet, worksheets, hiddenColumns }`.
/// Throws `ERR_SHEET_FORMAT`, `ERR_SHEET_TOO_LARGE`.
#[wasm_bindgen(js_name = readXlsx)]
#[allow(clippy::needless_pass_by_value, reason = "the glue hands the values over")]
pub fn read_xlsx(bytes: Vec<u8>, worksheet: Option<String>) -> Thrown<JsValue> {
    let book =
        xlsx::read(&bytes, worksheet.as_deref(), xlsx::Limits::default()).map_err(|error| thrown::from(&error))?;
    drop(bytes);
    let result = Object::new();
    set(&result, "grid", &Uint8Array::from(book.grid.as_slice()));
    set(&result, "worksheet", &book.worksheet.into());
    set(&result, "worksheets", &book.worksheets.into_iter().map(JsValue::from).collect::<Array>());
    set(&result, "hiddenColumns", &book.hidden_columns.into_iter().map(JsValue::from).collect::<Array>());
    Ok(result.into())
}

/// Writes a workbook of one worksheet. Throws `ERR_SHEET_FORMAT`, `ERR_SHEET_TOO_LARGE`.
#[wasm_bindgen(js_name = writeXlsx)]
#[allow(clippy::needless_pass_by_value, reason = "the glue hands the values over")]
pub fn write_xlsx(grid: Vec<u8>, name: &str) -> Thrown<Vec<u8>> {
    xlsx::write(&grid, name).map_err(|error| thrown::from(&error))
}

/// A text in `gb18030` as UTF-8; U+FFFD stands where the bytes are no character. Throws `ERR_OPTIONS` for another encoding.
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "the glue hands the values over")]
pub fn decode(bytes: Vec<u8>, encoding: &str) -> Thrown<Vec<u8>> {
    if encoding == encoding::Encoding::Gb18030.name() {
        Ok(encoding::decode_gb18030(&bytes).into_bytes())
    } else {
        Err(thrown::from(&Error::option("encoding")))
    }
}

/// Whether a text is in `utf-8` or `gb18030`: `{ encoding, confident }`.
#[wasm_bindgen]
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "the glue hands the values over")]
pub fn decide(bytes: Vec<u8>) -> JsValue {
    let decision = encoding::decide(&bytes);
    let result = Object::new();
    set(&result, "encoding", &decision.encoding.name().into());
    set(&result, "confident", &decision.confident.into());
    result.into()
}
