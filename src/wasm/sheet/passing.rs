//! A sheet that is checked while it passes.

use wasm_bindgen::prelude::*;

use super::options::Options;
use super::view::View;
use super::{encoding_of, separator_of};
use crate::issue::Locale;
use crate::sheet::{Stream, WINDOW};
use crate::upload::{Header, Passing, Upload};
use crate::wasm::Thrown;

/// A text that is checked while it passes; of it nothing is kept but what is wrong.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PassingSheet {
    passing: Passing,
    locale: Locale,
}

#[wasm_bindgen]
impl PassingSheet {
    /// A text in `encoding` of about so many bytes, cells between `separator` or whatever its first line shows. Throws `ERR_OPTIONS`.
    #[wasm_bindgen(constructor)]
    pub fn new(encoding: &JsValue, separator: Option<String>, size: usize, options: &JsValue) -> Thrown<Self> {
        let options = Options::read(options)?;
        let (places, locale) = (options.places()?, options.locale()?);
        let stream = Stream::new(encoding_of(encoding)?, separator_of(separator)?, WINDOW)?;
        let passing = Passing::new(options.target, (places, options.amount_unit), stream, size);
        Ok(Self { passing, locale })
    }

    /// Takes the whole characters of the next bytes, and gives how many bytes those are; nothing if only the whole sheet can tell what is wrong.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Option<usize> {
        self.passing.push(bytes, last).ok().flatten()
    }

    /// After the last bytes: whether all of them have to be pushed once more.
    pub fn again(&mut self) -> bool {
        self.passing.again()
    }

    /// When they were: what `Sheet.check` gives.
    pub fn finish(&mut self) -> Option<String> {
        let report = self.passing.finish();
        let (target, separator) = (self.passing.target(), self.passing.separator());
        let Header { titles, mapping } = self.passing.header()?;
        let titles = titles.iter().map(String::as_str).collect();
        let view = View { separator, titles, mapping, target, locale: self.locale };
        Some(view.report(&Upload { report, rows: Vec::new(), hash: String::new() }))
    }
}
