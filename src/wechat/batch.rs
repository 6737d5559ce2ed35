//! Batch transfers (商家转账到零钱): rows → a valid batch → its body.
//!
//! Source: 4012458841 and, for totals and names, the rule tables of [`super::rules`].

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::detail::{self, Names, check_names_agree, note_short};
use super::list::{List, Parts};
use super::notify_url;
use super::rules::{
    APPID, BATCH_FIELDS, BATCH_NAME, BATCH_REMARK, DETAIL_FIELDS, DETAILS, Limits, NOTIFY_URL, OUT_BATCH_NO,
    TOTAL_AMOUNT, TOTAL_NUM, TRANSFER_SCENE_ID, USER_NAME, V06, V19, V20, V27,
};
use crate::batch::{Cell, Checker, Field, Fields, Keys, MOST_PARTS, Origin, PART_DIGITS, Sums, items, part_number};
use crate::canonical::ObjectWriter;
use crate::encrypt;
use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::issue::{Reason, Report, Severity};
use crate::json::Json;
use crate::key::PublicKey;
use crate::money::Fen;

/// A batch that may be sent: it exists only if every rule holds, and then it is its body, but for the sealed names.
#[derive(Debug)]
pub struct Batch {
    out_batch_no: String,
    /// The body up to the first row.
    head: Vec<u8>,
    list: List,
}

/// What ends a body behind its last row.
const TAIL: &[u8] = b"]}";

impl Batch {
    fn new(head: &Head<'_>, out_batch_no: String, list: List) -> Self {
        Self { head: head.write(&out_batch_no, &list), out_batch_no, list }
    }

    /// The number under which the batch is idempotent.
    #[must_use]
    pub fn out_batch_no(&self) -> &str {
        &self.out_batch_no
    }

    /// How many payees there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.list.count()
    }

    /// What they get together.
    #[must_use]
    pub const fn total(&self) -> Fen {
        self.list.total()
    }

    /// The names to be sealed, in row order; none if the batch carries no names.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.list.names()
    }

    /// SHA-256 of the content before sealing: equal for equal content, however often it is sealed.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut digest = Sha256::new_with_prefix(&self.head);
        self.list.plain(|piece| digest.update(piece));
        digest.chain_update(TAIL).finalize().into()
    }

    /// The body to be signed and sent, with the sealed names in the place of the plain ones.
    ///
    /// `ciphertexts` holds one for each of [`Batch::names`], in order, all of the same length. The body is written into one buffer of its
    /// size: about 500 bytes a row.
    ///
    /// # Errors
    /// [`Error::CiphertextCount`] if they do not fit.
    pub fn body(&self, ciphertexts: &[u8]) -> Result<Vec<u8>> {
        let mut body = Vec::with_capacity(self.head.len() + self.list.sealed_size(ciphertexts.len()) + TAIL.len());
        body.extend_from_slice(&self.head);
        self.list.sealed(ciphertexts, &mut body)?;
        body.extend_from_slice(TAIL);
        Ok(body)
    }

    /// The body with its names sealed for `key`. Holds the ciphertexts (the key's size for each name) besides the body.
    ///
    /// # Errors
    /// [`Error::PlaintextTooLong`] before anything is sealed; [`Error::KeyInconsistent`].
    pub fn seal(&self, key: &PublicKey, entropy: Entropy) -> Result<Vec<u8>> {
        self.body(&encrypt::seal(key, self.names(), entropy)?)
    }

    /// # Errors
    /// [`Error::NotApproved`] unless `approved` is the approval hash of exactly these rows, as a sheet gives it.
    pub fn demand_approval(&self, approved: &str) -> Result<()> {
        self.list.demand(approved)
    }

    /// The content before sealing, as [`Batch::fingerprint`] hashes it.
    #[must_use]
    pub fn plain(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.head.len() + self.list.plain_size() + TAIL.len()));
        self.write_plain(&mut out);
        out
    }

    fn write_plain(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
        self.list.plain(|piece| out.extend_from_slice(piece));
        out.extend_from_slice(TAIL);
    }
}

/// Checks a batch and returns every issue, in row order. Needs no key.
#[must_use]
pub fn validate(json: &str, limits: &Limits, names: Names) -> Report {
    read(json, limits, names).1
}

/// Checks a batch and returns it.
///
/// # Errors
/// [`Error::BatchInvalid`] with the report, unless every rule holds; warnings do not stop it.
pub fn parse(json: &str, limits: &Limits, names: Names) -> Result<Batch> {
    match read(json, limits, names) {
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
/// above the limit, or makes more than 999 batches. [`Error::NotApproved`] if `approved` is given and is not the approval hash of these rows.
pub fn split(json: &str, (size, approved): (usize, Option<&str>), limits: &Limits, names: Names) -> Result<String> {
    let mut parts = Parts::new(size, approved, limits)?;
    let mut checker = Checker::default();
    let invalid = |report| Error::BatchInvalid(Box::new(report));
    let Some(fields) = object(&mut checker, json) else { return Err(invalid(checker.report(0, 0))) };
    let head = read_head(&mut checker, &fields, limits, Whole::Upload);
    let sums = read_rows(&mut checker, &fields, (limits, names), Whole::Upload, |detail| parts.push(detail));
    let (found, report) = finish(checker, &fields, sums, head.map(|head| (head, parts)), Whole::Upload);
    let batches = found.ok_or_else(|| invalid(report))?;
    let mut out = vec![b'['];
    for batch in number(batches)? {
        if out.len() > 1 {
            out.push(b',');
        }
        batch.write_plain(&mut out);
    }
    out.push(b']');
    String::from_utf8(out).map_err(|_| Error::BodyFormat)
}

/// The approval hash of the rows of a batch, as JSON text; whatever else it holds does not matter.
///
/// # Errors
/// [`Error::BatchInvalid`] if a row breaks a rule.
pub fn approval(json: &str, limits: &Limits, names: Names) -> Result<String> {
    let mut checker = Checker::default();
    let mut list = List::default();
    let fields = object(&mut checker, json).unwrap_or_default();
    let sums = read_rows(&mut checker, &fields, (limits, names), Whole::Upload, |detail| list.push(detail));
    note_overflow(&mut checker, &sums);
    if checker.failed() {
        return Err(Error::BatchInvalid(Box::new(sums.report(checker))));
    }
    Ok(list.approval())
}

/// One batch for each part, with numbers that follow from the head's own.
pub(super) fn number<'f>((head, parts): (Head<'f>, Parts)) -> Result<impl Iterator<Item = Batch> + use<'f>> {
    let lists = parts.into_lists(MOST_PARTS)?;
    Ok((1_u32..).zip(lists).map(move |(index, list)| Batch::new(&head, part_number(head.out_batch_no, index), list)))
}

/// Whether the input is one batch, or an upload that will be split into several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Batch,
    Upload,
}

/// What a batch says besides its rows.
pub(super) struct Head<'f> {
    appid: &'f str,
    out_batch_no: &'f str,
    batch_name: &'f str,
    batch_remark: &'f str,
    transfer_scene_id: Option<&'f str>,
    notify_url: Option<&'f str>,
}

impl Head<'_> {
    fn write(&self, out_batch_no: &str, list: &List) -> Vec<u8> {
        let mut head = Vec::with_capacity(512);
        let mut object = ObjectWriter::new(&mut head);
        object.text(APPID.name, self.appid);
        object.text(OUT_BATCH_NO.name, out_batch_no);
        object.text(BATCH_NAME.name, self.batch_name);
        object.text(BATCH_REMARK.name, self.batch_remark);
        object.integer(TOTAL_AMOUNT.name, list.total().get());
        object.integer(TOTAL_NUM.name, list.count() as u64);
        object.optional_text(TRANSFER_SCENE_ID.name, self.transfer_scene_id);
        object.optional_text(NOTIFY_URL.name, self.notify_url);
        object.raw(DETAILS.name).push(b'[');
        head
    }
}

fn read(json: &str, limits: &Limits, names: Names) -> (Option<Batch>, Report) {
    let mut checker = Checker::default();
    let Some(fields) = object(&mut checker, json) else { return (None, checker.report(0, 0)) };
    let head = read_head(&mut checker, &fields, limits, Whole::Batch);
    let mut list = List::default();
    let sums = read_rows(&mut checker, &fields, (limits, names), Whole::Batch, |detail| list.push(detail));
    let (found, report) = finish(checker, &fields, sums, head.map(|head| (head, list)), Whole::Batch);
    (found.map(|(head, list)| Batch::new(&head, head.out_batch_no.to_owned(), list)), report)
}

pub(super) fn object<'j>(checker: &mut Checker, json: &'j str) -> Option<Fields<'j>> {
    let fields = Fields::parse(json);
    if fields.is_none() {
        let sound = Json::parse(json).is_some();
        let reason = if sound { Reason::NotObject } else { Reason::NotJson };
        checker.note(&Origin::Batch, &DETAILS, &V06, reason, None);
    }
    fields
}

pub(super) fn read_head<'f>(
    checker: &mut Checker,
    fields: &'f Fields<'_>,
    limits: &Limits,
    whole: Whole,
) -> Option<Head<'f>> {
    let origin = Origin::Batch;
    let mut text = |field: &Field| checker.text(&origin, field, &fields.get(field.name));
    let [appid, out_batch_no, batch_name, batch_remark] =
        [&APPID, &OUT_BATCH_NO, &BATCH_NAME, &BATCH_REMARK].map(&mut text);
    let [transfer_scene_id, notify_url] = [&TRANSFER_SCENE_ID, &NOTIFY_URL].map(&mut text);

    // Room for the digits that tell the parts of an upload apart.
    let most = 32 - PART_DIGITS;
    if whole == Whole::Upload && out_batch_no.is_some_and(|number| number.len() > most as usize) {
        checker.note(&origin, &OUT_BATCH_NO, OUT_BATCH_NO.rule, Reason::TooLong, Some(most.into()));
    }
    note_short(checker, &origin, &OUT_BATCH_NO, out_batch_no);
    if fields.get(TRANSFER_SCENE_ID.name).is_none() {
        let name = (TRANSFER_SCENE_ID.name, TRANSFER_SCENE_ID.label);
        checker.note_as(Severity::Warning, &origin, name, &V20, Reason::SceneMissing, None);
    }
    if let Some(reason) = notify_url.and_then(|url| notify_url::problem(url, limits.local_notify_url)) {
        checker.note(&origin, &NOTIFY_URL, &V19, reason, None);
    }
    checker.unknown_fields(&origin, fields, &BATCH_FIELDS, &V27);
    Some(Head {
        appid: appid?,
        out_batch_no: out_batch_no?,
        batch_name: batch_name?,
        batch_remark: batch_remark?,
        transfer_scene_id,
        notify_url,
    })
}

/// Compares the declared totals, and says what everything came to: `found` only if nothing stops it.
pub(super) fn finish<T>(
    mut checker: Checker,
    fields: &Fields<'_>,
    sums: Sums,
    found: Option<T>,
    whole: Whole,
) -> (Option<T>, Report) {
    let required = whole == Whole::Batch;
    let count = sums.count().into();
    checker.total(&Field { required, ..TOTAL_NUM }, fields.get(TOTAL_NUM.name), count, Reason::CountMismatch);
    if let Some(total) = sums.total.filter(|_| sums.amounts_known) {
        let declared = fields.get(TOTAL_AMOUNT.name);
        checker.total(&Field { required, ..TOTAL_AMOUNT }, declared, total.get(), Reason::SumMismatch);
    }
    note_overflow(&mut checker, &sums);
    let found = found.filter(|_| !checker.failed());
    (found, sums.report(checker))
}

/// Notes a sum that no amount may be.
pub fn note_overflow(checker: &mut Checker, sums: &Sums) {
    if sums.total.is_none() {
        checker.note(&Origin::Batch, &TOTAL_AMOUNT, TOTAL_AMOUNT.rule, Reason::SumOverflow, None);
    }
}

fn read_rows(
    checker: &mut Checker,
    fields: &Fields<'_>,
    (limits, names): (&Limits, Names),
    whole: Whole,
    mut keep: impl FnMut(&detail::Detail<'_>),
) -> Sums {
    let list = match fields.get(DETAILS.name) {
        Some(Cell::Array(raw)) => items(raw),
        None => {
            checker.note(&Origin::Batch, &DETAILS, &V06, Reason::Missing, None);
            return Sums::default();
        }
        Some(_) => None,
    };
    let Some(list) = list else {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::NotArray, None);
        return Sums::default();
    };
    if list.is_empty() {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::Empty, None);
    }
    if whole == Whole::Batch && list.len() > limits.max_details as usize {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::TooMany, Some(limits.max_details.into()));
    }
    let parsed: Vec<Option<Fields<'_>>> = list.iter().map(|raw| Fields::parse(raw.get())).collect();
    let mut sums = Sums::default();
    let mut seen = Keys::with_capacity(list.len());
    let terms = detail::Terms::batch(limits, names);
    for (index, row) in (0..).zip(&parsed) {
        let origin = Origin::Row { list: DETAILS.name, index };
        let Some(row) = row else {
            checker.note(&origin, &DETAILS, &V06, Reason::NotObject, None);
            sums.add(None);
            continue;
        };
        let checked = detail::check(checker, &mut seen, &origin, &detail::cells(row), &terms);
        checker.unknown_fields(&origin, row, &DETAIL_FIELDS, &V27);
        sums.add(checked.amount);
        if let Some(detail) = &checked.detail {
            keep(detail);
        }
    }
    if whole == Whole::Batch {
        let named =
            |row: &Option<Fields<'_>>| row.as_ref().is_some_and(|row| row.filled_text(USER_NAME.name).is_some());
        check_names_agree(checker, parsed.iter().map(named));
    }
    sums
}
