//! Batch transfers (商家转账到零钱): rows → a valid batch → its body.
//!
//! Source: 4012458841 and, for totals and names, the rule tables of [`super::rules`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::detail::{Detail, Seen, check_names_agree, note_short};
use super::notify_url;
use super::rules::{
    APPID, BATCH_FIELDS, BATCH_NAME, BATCH_REMARK, DETAILS, Limits, NOTIFY_URL, OUT_BATCH_NO, TOTAL_AMOUNT, TOTAL_NUM,
    TRANSFER_SCENE_ID, V06, V19, V20, V27,
};
use crate::batch::{Cell, Checker, Field, Fields, Origin, items};
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::issue::{Reason, Report, Severity};
use crate::money::Fen;

/// A batch that may be sent: it exists only if every rule holds.
#[derive(Clone, Debug)]
pub struct Batch {
    appid: String,
    out_batch_no: String,
    batch_name: String,
    batch_remark: String,
    transfer_scene_id: Option<String>,
    notify_url: Option<String>,
    total: Fen,
    details: Vec<Detail>,
}

impl Batch {
    /// The number under which the batch is idempotent.
    #[must_use]
    pub fn out_batch_no(&self) -> &str {
        &self.out_batch_no
    }

    /// How many payees there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.details.len()
    }

    /// What they get together.
    #[must_use]
    pub const fn total(&self) -> Fen {
        self.total
    }

    /// The names to be sealed, in row order; none if the batch carries no names.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.details.iter().filter_map(Detail::name)
    }

    /// SHA-256 of the content before sealing: equal for equal content, however often it is sealed.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let names: Vec<_> = self.names().collect();
        let body = Zeroizing::new(self.write(names.into_iter()));
        Sha256::digest(body.as_slice()).into()
    }

    /// The body to be signed and sent, with the sealed names in the place of the plain ones.
    ///
    /// `ciphertexts` holds one for each of [`Batch::names`], in order, all of the same length.
    ///
    /// # Errors
    /// [`Error::CiphertextCount`] if they do not fit.
    pub fn body(&self, ciphertexts: &[u8]) -> Result<Vec<u8>> {
        let count = self.names().count();
        let size = ciphertexts.len().checked_div(count).unwrap_or(0);
        if size * count != ciphertexts.len() || (count > 0 && !(256..=512).contains(&size)) {
            return Err(Error::CiphertextCount);
        }
        let sealed: Vec<String> =
            if count == 0 { Vec::new() } else { ciphertexts.chunks(size).map(|one| STANDARD.encode(one)).collect() };
        Ok(self.write(sealed.iter().map(String::as_str)))
    }

    fn write<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Vec<u8> {
        let mut body = Vec::with_capacity(256 + self.details.len() * 560);
        let mut object = ObjectWriter::new(&mut body);
        object.text(APPID.name, &self.appid);
        object.text(OUT_BATCH_NO.name, &self.out_batch_no);
        object.text(BATCH_NAME.name, &self.batch_name);
        object.text(BATCH_REMARK.name, &self.batch_remark);
        object.integer(TOTAL_AMOUNT.name, self.total.get());
        object.integer(TOTAL_NUM.name, self.details.len() as u64);
        object.optional_text(TRANSFER_SCENE_ID.name, self.transfer_scene_id.as_deref());
        object.optional_text(NOTIFY_URL.name, self.notify_url.as_deref());
        let list = object.raw(DETAILS.name);
        for (index, detail) in self.details.iter().enumerate() {
            list.push(if index == 0 { b'[' } else { b',' });
            detail.write(list, &mut names);
        }
        list.push(b']');
        object.end();
        body
    }
}

/// Checks a batch and returns every issue, in row order. Needs no key.
#[must_use]
pub fn validate(json: &str, limits: &Limits) -> Report {
    read(json, limits, Whole::Batch).1
}

/// Checks a batch and returns it.
///
/// # Errors
/// [`Error::BatchInvalid`] with the report, unless every rule holds; warnings do not stop it.
pub fn parse(json: &str, limits: &Limits) -> Result<Batch> {
    match read(json, limits, Whole::Batch) {
        (Some(batch), _) => Ok(batch),
        (None, report) => Err(Error::BatchInvalid(Box::new(report))),
    }
}

/// Splits a list of payees of any length into batches of at most `size`, as JSON text.
///
/// Rows with a name and rows without never share a batch (V14). Numbers are the given `out_batch_no` followed by `001`, `002`, …; they are
/// never left out, so that the same rows give the same numbers even after rows were added behind them. Totals may be left out of the input;
/// where they are given they must be right.
///
/// # Errors
/// [`Error::BatchInvalid`] if a row breaks a rule; rows are counted as they stand in the input. [`Error::OptionsInvalid`] if `size` is zero or
/// above the limit.
pub fn split(json: &str, size: usize, limits: &Limits) -> Result<String> {
    if !(1..=limits.max_details as usize).contains(&size) {
        return Err(Error::OptionsInvalid);
    }
    let (batch, report) = read(json, limits, Whole::Upload);
    let batch = batch.ok_or_else(|| Error::BatchInvalid(Box::new(report)))?;
    let (named, unnamed): (Vec<_>, Vec<_>) = batch.details.iter().cloned().partition(|detail| detail.name().is_some());
    let mut out = Vec::new();
    let parts = named.chunks(size).chain(unnamed.chunks(size));
    for (index, details) in parts.enumerate() {
        out.push(if index == 0 { b'[' } else { b',' });
        let total =
            details.iter().try_fold(Fen::default(), |sum, detail| sum.checked_add(detail.amount())).unwrap_or_default();
        let part = Batch {
            out_batch_no: format!("{}{:03}", batch.out_batch_no, index + 1),
            total,
            details: details.to_vec(),
            ..batch.head()
        };
        let names: Vec<_> = part.names().collect();
        out.extend_from_slice(&part.write(names.into_iter()));
    }
    out.push(b']');
    String::from_utf8(out).map_err(|_| Error::BodyFormat)
}

impl Batch {
    /// The batch without its rows.
    fn head(&self) -> Self {
        Self { details: Vec::new(), ..self.clone() }
    }
}

/// Whether the input is one batch, or an upload that will be split into several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Batch,
    Upload,
}

fn read(json: &str, limits: &Limits, whole: Whole) -> (Option<Batch>, Report) {
    let mut checker = Checker::default();
    let origin = Origin::Batch;
    let Some(fields) = Fields::parse(json) else {
        let reason = if serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok() {
            Reason::NotObject
        } else {
            Reason::NotJson
        };
        checker.note(&origin, &DETAILS, &V06, reason, None);
        return (None, checker.report(0, 0));
    };
    let mut text = |field: &Field| checker.text(&origin, field, fields.get(field.name)).map(str::to_owned);
    let [appid, out_batch_no, batch_name, batch_remark] =
        [&APPID, &OUT_BATCH_NO, &BATCH_NAME, &BATCH_REMARK].map(&mut text);
    let [transfer_scene_id, notify_url] = [&TRANSFER_SCENE_ID, &NOTIFY_URL].map(&mut text);

    let sequence = if whole == Whole::Upload { 3 } else { 0 };
    if out_batch_no.as_ref().is_some_and(|number| number.len() + sequence > 32) && sequence > 0 {
        checker.note(&origin, &OUT_BATCH_NO, OUT_BATCH_NO.rule, Reason::TooLong, Some(32 - 3));
    }
    note_short(&mut checker, &origin, &OUT_BATCH_NO, out_batch_no.as_deref());
    if fields.get(TRANSFER_SCENE_ID.name).is_none() {
        checker.note_as(
            Severity::Warning,
            &origin,
            (TRANSFER_SCENE_ID.name, TRANSFER_SCENE_ID.label),
            &V20,
            Reason::SceneMissing,
            None,
        );
    }
    if let Some(reason) = notify_url.as_deref().and_then(|url| notify_url::problem(url, limits.local_notify_url)) {
        checker.note(&origin, &NOTIFY_URL, &V19, reason, None);
    }
    checker.unknown_fields(&origin, &fields, &BATCH_FIELDS, &V27);

    let rows = read_rows(&mut checker, &fields, limits, whole);
    let count = u32::try_from(rows.count).unwrap_or(u32::MAX);
    let required = whole == Whole::Batch;
    checker.total(&Field { required, ..TOTAL_NUM }, fields.get(TOTAL_NUM.name), count.into(), Reason::CountMismatch);
    match rows.total {
        Some(total) if rows.amounts_known => {
            checker.total(
                &Field { required, ..TOTAL_AMOUNT },
                fields.get(TOTAL_AMOUNT.name),
                total.get(),
                Reason::SumMismatch,
            );
        }
        Some(_) => {}
        None => checker.note(&origin, &TOTAL_AMOUNT, TOTAL_AMOUNT.rule, Reason::SumOverflow, None),
    }
    let total = rows.total.unwrap_or_default();
    let failed = checker.failed();
    let report = checker.report(count, total.get());
    let batch = match (failed, appid, out_batch_no, batch_name, batch_remark) {
        (false, Some(appid), Some(out_batch_no), Some(batch_name), Some(batch_remark)) => Some(Batch {
            appid,
            out_batch_no,
            batch_name,
            batch_remark,
            transfer_scene_id,
            notify_url,
            total,
            details: rows.details,
        }),
        _ => None,
    };
    (batch, report)
}

struct Rows {
    count: usize,
    details: Vec<Detail>,
    /// `None` if the sum is above what can be held.
    total: Option<Fen>,
    /// Whether every amount could be read: otherwise comparing the sum would only repeat the same complaint.
    amounts_known: bool,
}

fn read_rows(checker: &mut Checker, fields: &Fields<'_>, limits: &Limits, whole: Whole) -> Rows {
    let mut rows = Rows { count: 0, details: Vec::new(), total: Some(Fen::default()), amounts_known: true };
    let list = match fields.get(DETAILS.name) {
        Some(Cell::Array(raw)) => items(raw),
        None => {
            checker.note(&Origin::Batch, &DETAILS, &V06, Reason::Missing, None);
            return rows;
        }
        Some(_) => None,
    };
    let Some(list) = list else {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::NotArray, None);
        return rows;
    };
    rows.count = list.len();
    if list.is_empty() {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::Empty, None);
    }
    if whole == Whole::Batch && list.len() > limits.max_details as usize {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::TooMany, Some(limits.max_details.into()));
    }
    let parsed: Vec<Option<Fields<'_>>> = list.iter().map(|raw| Fields::parse(raw.get())).collect();
    let mut seen = Seen::default();
    for (index, row) in (0..).zip(&parsed) {
        let origin = Origin::Row { list: DETAILS.name, index };
        let Some(row) = row else {
            checker.note(&origin, &DETAILS, &V06, Reason::NotObject, None);
            rows.amounts_known = false;
            continue;
        };
        let checked = seen.check(checker, &origin, row, limits);
        match checked.amount {
            Some(amount) => rows.total = rows.total.and_then(|sum| sum.checked_add(amount)),
            None => rows.amounts_known = false,
        }
        rows.details.extend(checked.detail);
    }
    if whole == Whole::Batch {
        check_names_agree(checker, &parsed);
    }
    rows
}
