//! The exports of the module for files: XLSX and encodings, bytes in, a grid out.

use wasm_bindgen::prelude::*;

use crate::files::xlsx;
use crate::thrown::{self, Thrown};

/// Reads a workbook. Throws `ERR_SHEET_FORMAT`.
#[wasm_bindgen(js_name = readXlsx)]
#[allow(clippy::needless_pass_by_value, reason = "the glue hands the bytes over")]
pub fn read_xlsx(bytes: Vec<u8>) -> Thrown<Vec<u8>> {
    xlsx::read(&bytes).map_err(|error| thrown::from(&error))
}
