//! Sheets for JavaScript. Large answers are JSON text: it is parsed there faster than objects are made one by one.

mod options;
mod passing;
mod view;

use wasm_bindgen::prelude::*;

use options::settle;
use view::{View, text, write_texts};

use super::pingpp::PingppBatch;
use super::wechat::WechatBatch;
use super::{Thrown, locale, throw};
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::issue::{Fix, Issue, Locale};
use crate::sheet::{self, Decoder, Encoding, Grid, Kind, Line, Mapping, Separator};
use crate::upload::{self, Extent, Paid, TARGETS, Target, Upload};
use crate::wechat as provider;

/// What a file is, told from its first bytes (`sheetSample` of them): `xlsx`, `doubtful` (UTF-8 or GB18030), or the name of an encoding. Throws
/// `ERR_SHEET_FORMAT`.
#[wasm_bindgen(js_name = sniffSheet)]
pub fn sniff(bytes: &[u8]) -> Thrown<String> {
    Ok(match sheet::sniff(bytes)? {
        Kind::Xlsx => "xlsx",
        Kind::Doubtful => "doubtful",
        Kind::Text(encoding) => encoding.name(),
    }
    .to_owned())
}

/// How many bytes `sniffSheet` looks at.
#[wasm_bindgen(js_name = sheetSample)]
#[must_use]
pub fn sample() -> usize {
    sheet::SAMPLE
}

/// The text of a sheet on its way in.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SheetText(Decoder);

#[wasm_bindgen]
impl SheetText {
    /// A text in `encoding`, with room for so many bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(encoding: &JsValue, size: usize) -> Thrown<Self> {
        Ok(Self(Decoder::new(encoding_of(encoding)?, size)?))
    }

    /// Takes the whole characters of the next bytes, and gives how many bytes those are. Throws `ERR_SHEET_FORMAT`.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Thrown<usize> {
        Ok(self.0.push(bytes, last)?)
    }
}

/// A sheet that was read, and what it is for.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Sheet {
    grid: Grid,
    separator: Option<Separator>,
    target: Target,
    mapping: Mapping,
    locale: Locale,
    paid: Option<Paid>,
}

#[wasm_bindgen]
impl Sheet {
    /// Reads a text, cells between `separator` or whatever its first line shows. Throws `ERR_SHEET_FORMAT`, `ERR_SHEET_COLUMNS`.
    #[wasm_bindgen(js_name = fromText)]
    pub fn from_text(text: SheetText, separator: Option<String>, options: &JsValue) -> Thrown<Self> {
        let SheetText(mut decoder) = text;
        let (grid, separator) = sheet::read(decoder.take(), separator_of(separator)?)?;
        Self::new(grid, Some(separator), options)
    }

    /// Reads the cells of another container, in the form that its reader gives.
    #[wasm_bindgen(js_name = fromGrid)]
    pub fn from_grid(cells: &[u8], options: &JsValue) -> Thrown<Self> {
        Self::new(Grid::from_interchange(cells)?, None, options)
    }

    fn new(grid: Grid, separator: Option<Separator>, options: &JsValue) -> Thrown<Self> {
        let (target, mapping, locale) = settle(&grid, options)?;
        Ok(Self { grid, separator, target, mapping, locale, paid: None })
    }

    /// Sets all options anew; options that are refused change nothing.
    pub fn configure(&mut self, options: &JsValue) -> Thrown<()> {
        (self.target, self.mapping, self.locale) = settle(&self.grid, options)?;
        Ok(())
    }

    /// Warns about payments that stand in the other sheet too.
    pub fn against(&mut self, other: &Sheet) -> Thrown<()> {
        self.paid = Some(Paid::read(&other.grid, &other.mapping, &other.target)?);
        Ok(())
    }

    /// Rows that hold anything, below the header.
    #[wasm_bindgen(getter, js_name = rowCount)]
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.grid.len() - self.first_row()
    }

    fn first_row(&self) -> usize {
        (self.mapping.header + 1).min(self.grid.len())
    }

    /// What is known of the sheet: JSON text `{ separator?, headers, columns, missing, amountUnit? }`.
    #[must_use]
    pub fn facts(&self) -> String {
        self.view().facts()
    }

    /// Every issue, in row order: JSON text of the facts and `{ ok, count, total, issues, kinds }`. Throws `ERR_SHEET_COLUMNS`.
    pub fn check(&self) -> Thrown<String> {
        Ok(self.view().report(&self.upload(Extent::Report)?))
    }

    /// The same with the rows and the approval hash.
    pub fn result(&self) -> Thrown<String> {
        Ok(self.view().report(&self.upload(Extent::Rows)?))
    }

    fn upload(&self, extent: Extent) -> Result<Upload> {
        upload::check(&self.grid, &self.mapping, &self.target, self.paid.as_ref(), extent)
    }

    fn view(&self) -> View<'_> {
        let titles = self.grid.cells(self.mapping.header).map(|cell| cell.text).collect();
        View { separator: self.separator, titles, mapping: &self.mapping, target: &self.target, locale: self.locale }
    }

    /// Cells of `count` rows from the one at `from` on, counted below the header from 0: JSON text `{ row, cells }[]`.
    #[must_use]
    pub fn cells(&self, from: usize, count: usize) -> String {
        let first = self.first_row().saturating_add(from).min(self.grid.len());
        let mut out = vec![b'['];
        for row in first..first.saturating_add(count).min(self.grid.len()) {
            if out.len() > 1 {
                out.push(b',');
            }
            let mut object = ObjectWriter::new(&mut out);
            object.integer("row", self.grid.number(row).into());
            write_texts(object.raw("cells"), self.grid.cells(row).map(|cell| cell.text));
            object.end();
        }
        out.push(b']');
        text(out)
    }

    /// Replaces the text of a cell. Throws `ERR_OPTIONS` if there is no such row or column.
    pub fn edit(&mut self, row: u32, column: &str, value: &str) -> Thrown<()> {
        let (row, column) = self.place(row, column)?;
        Ok(self.grid.edit(row, column, value)?)
    }

    /// Makes a correction that was offered: `trim` or `halfwidth`.
    #[wasm_bindgen(js_name = applyFix)]
    pub fn apply_fix(&mut self, row: u32, column: &str, fix: &str) -> Thrown<()> {
        let (row, column) = self.place(row, column)?;
        let fix = match fix {
            "trim" => Fix::Trim,
            "halfwidth" => Fix::Halfwidth,
            _ => return Err(Error::option("fix").into()),
        };
        let before = self.grid.cell(row, column).map_or("", |cell| cell.text);
        let after = sheet::fixed(before, fix);
        Ok(self.grid.edit(row, column, &after)?)
    }

    fn place(&self, row: u32, column: &str) -> Result<(usize, usize)> {
        let row = self.grid.find(row).filter(|row| *row >= self.first_row());
        row.zip(sheet::column_index(column)).ok_or(Error::option("row, column"))
    }

    /// The sheet as it stands now: CSV, or the form that the writer of other containers takes.
    pub fn export(&self, csv: bool) -> Thrown<Vec<u8>> {
        give(sheet::plain(&self.grid), csv)
    }

    /// The same with what is wrong beside each row. Throws `ERR_SHEET_COLUMNS`.
    #[wasm_bindgen(js_name = exportIssues)]
    pub fn export_issues(&self, csv: bool) -> Thrown<Vec<u8>> {
        let issues: Vec<Issue> = self.upload(Extent::Report)?.report.issues;
        give(sheet::with_reasons(&self.grid, self.mapping.header, &issues, self.locale), csv)
    }

    /// The batches that the sheet becomes: `head` is JSON text of a batch without rows. Throws `ERR_BATCH_INVALID` with every issue,
    /// `ERR_NOT_APPROVED`.
    #[wasm_bindgen(js_name = wechatBatches)]
    pub fn wechat_batches(&self, head: &str, size: usize, approved: Option<String>) -> Thrown<Vec<WechatBatch>> {
        let Target::WechatBatch(limits) = &self.target else { return Err(Error::option("target").into()) };
        let batches = provider::batches((&self.grid, &self.mapping), head, (size, approved.as_deref()), limits);
        let batches = batches.map_err(|error| throw(&error, self.locale))?;
        Ok(batches.into_iter().map(WechatBatch).collect())
    }

    /// The same for Ping++; `size` is optional there.
    #[wasm_bindgen(js_name = pingppBatches)]
    pub fn pingpp_batches(&self, head: &str, size: Option<u32>, approved: Option<String>) -> Thrown<Vec<PingppBatch>> {
        let Target::Pingpp(recipients) = &self.target else { return Err(Error::option("target").into()) };
        let size = size.map(|size| size as usize);
        let batches = recipients.batches((&self.grid, &self.mapping), head, (size, approved.as_deref()));
        let batches = batches.map_err(|error| throw(&error, self.locale))?;
        Ok(batches.into_iter().map(PingppBatch).collect())
    }
}

fn encoding_of(name: &JsValue) -> Result<Encoding> {
    let called = |name: String| Encoding::ALL.into_iter().find(|one| one.name() == name);
    name.as_string().and_then(called).ok_or(Error::option("encoding"))
}

fn separator_of(name: Option<String>) -> Result<Option<Separator>> {
    let known = |name: String| Separator::ALL.into_iter().find(|one| one.as_str() == name);
    name.map(|name| known(name).ok_or(Error::option("separator"))).transpose()
}

/// An empty sheet for a target, as `export` gives one.
#[wasm_bindgen(js_name = sheetTemplate)]
pub fn template(target: &str, locale_name: &str, csv: bool) -> Thrown<Vec<u8>> {
    let target: Target = target.parse()?;
    let line = sheet::template(target.columns(), locale(locale_name)?);
    give([line].into_iter(), csv)
}

/// Every target with its columns: JSON text `{ target, columns: { field, label: { zh, en }, required, amount }[] }[]`.
#[wasm_bindgen(js_name = sheetTargets)]
pub fn targets() -> Thrown<String> {
    let mut out = vec![b'['];
    for name in TARGETS {
        if out.len() > 1 {
            out.push(b',');
        }
        let mut object = ObjectWriter::new(&mut out);
        object.text("target", name);
        let target: Target = name.parse()?;
        let list = object.raw("columns");
        for (index, column) in target.columns().iter().enumerate() {
            list.push(if index == 0 { b'[' } else { b',' });
            let mut entry = ObjectWriter::new(list);
            entry.text("field", column.field.name);
            let mut label = ObjectWriter::new(entry.raw("label"));
            label.text("zh", column.field.label);
            label.text("en", column.label);
            label.end();
            entry.boolean("required", column.required);
            entry.boolean("amount", column.amount);
            entry.end();
        }
        list.push(b']');
        object.end();
    }
    out.push(b']');
    Ok(text(out))
}

/// Every rule about sheets: `{ id, severity, source, zh, en }[]`.
#[wasm_bindgen(js_name = sheetRules)]
pub fn rules() -> Thrown<JsValue> {
    super::give(&sheet::rules::ALL)
}

fn give<'g>(lines: impl Iterator<Item = Line<'g>>, csv: bool) -> Thrown<Vec<u8>> {
    Ok(if csv { sheet::to_csv(lines) } else { sheet::to_interchange(lines)? })
}
