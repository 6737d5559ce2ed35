//! Batch transfers (批量企业付款): recipients → a valid batch → its body.
//!
//! Source: create page, object page and SDK samples (chapters 5, 6 and 8 of the protocol). Nothing in it is sealed.

use sha2::{Digest, Sha256};

use super::approval::Approval;
use super::channel::{self, Channel, Family, Role};
use super::head::{self, AMOUNT, APP, CHANNEL, CNY, CURRENCY, METADATA, TYPE, field, note_error};
use super::list::{List, Parts};
use super::payee::{Payee, Terms, note_others};
use super::rules::{BatchNoRule, DescriptionUnit, Limits, PP04, PP08, PP09, PP12, PP14, PP17, PP18, PP19};
use crate::batch::{
    Accept, Cell, Checker, Field, Fields, Keys, MOST_PARTS, Origin, PART_DIGITS, Seen, Shape, Sums, Unit, items,
    part_number,
};
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::issue::{Reason, Report, Severity};
use crate::money::Fen;

static BATCH_NO: Field =
    field("batch_no", "批次号", &PP04, Shape::Code { min: 11, max: 32, accept: Accept::Alphanumeric });
static DESCRIPTION: Field = field("description", "批次描述", &PP09, Shape::Line { min: 1, max: 200, unit: Unit::Wide });
pub(super) static RECIPIENTS: Field = field("recipients", "收款人列表", &PP12, Shape::Choice(&[]));

/// The fields of a batch, in the order they are written.
static FIELDS: [&Field; 9] =
    [&APP, &BATCH_NO, &CHANNEL, &AMOUNT, &DESCRIPTION, &RECIPIENTS, &TYPE, &CURRENCY, &METADATA];

/// A batch that may be sent: it exists only if every rule holds, and then it is its body.
#[derive(Clone)]
pub struct Batch {
    app: String,
    batch_no: String,
    count: usize,
    total: Fen,
    body: Vec<u8>,
}

impl core::fmt::Debug for Batch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Batch(..)")
    }
}

impl Batch {
    /// The application that pays.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The number under which the batch is known; the provider takes it once.
    #[must_use]
    pub fn batch_no(&self) -> &str {
        &self.batch_no
    }

    /// How many recipients there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// What they get together.
    #[must_use]
    pub const fn total(&self) -> Fen {
        self.total
    }

    /// SHA-256 of the content: equal for equal content.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.body).into()
    }

    /// The body to be signed and sent. A retry sends the same bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Checks a batch and returns every issue, in row order. Needs no key.
#[must_use]
pub fn validate(json: &str, limits: &Limits) -> Report {
    read(json, limits, Whole::Batch, (Parts::whole(), Approval::new(None))).1
}

/// Checks a batch and returns it.
///
/// # Errors
/// [`Error::BatchInvalid`] with the report, unless every rule holds; warnings do not stop it. [`Error::NotApproved`] if `approved` is given and
/// is not the approval hash of these recipients, as a sheet gives it.
pub fn parse(json: &str, approved: Option<&str>, limits: &Limits) -> Result<Batch> {
    let found = read(json, limits, Whole::Batch, (Parts::whole(), Approval::new(approved)));
    settle(found)?.pop().ok_or(Error::BodyFormat)
}

/// Splits a list of recipients of any length into batches of at most `size`, or else as large as the limits allow, as JSON text.
///
/// Numbers are the given `batch_no` followed by `001`, `002`, …; they are never left out, so that the same rows give the same numbers even
/// after rows were added behind them. The total may be left out of the input; where it is given it must be right.
///
/// # Errors
/// [`Error::BatchInvalid`] if a row breaks a rule; rows are counted as they stand in the input. [`Error::OptionsInvalid`] if `size` is zero or
/// above the limit, or makes more than 999 batches. [`Error::NotApproved`] as [`parse`].
pub fn split(json: &str, size: Option<usize>, approved: Option<&str>, limits: &Limits) -> Result<String> {
    let parts = Parts::new(size, limits)?;
    let batches = settle(read(json, limits, Whole::Upload, (parts, Approval::new(approved))))?;
    let mut out = vec![b'['];
    for batch in batches {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(&batch.body);
    }
    out.push(b']');
    String::from_utf8(out).map_err(|_| Error::BodyFormat)
}

/// Whether the input is one batch, or an upload that will be split into several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Batch,
    Upload,
}

/// The batches, unless something stops them, and the report.
pub(super) type Found = (Option<Result<Vec<Batch>>>, Report);

pub(super) fn settle((batches, report): Found) -> Result<Vec<Batch>> {
    batches.unwrap_or_else(|| Err(Error::BatchInvalid(Box::new(report))))
}

fn read(json: &str, limits: &Limits, whole: Whole, (mut parts, mut approval): (Parts, Approval<'_>)) -> Found {
    let mut checker = Checker::default();
    let Some(fields) = head::object(&mut checker, &RECIPIENTS, json) else {
        return (None, checker.report(0, 0));
    };
    let head = read_head(&mut checker, &fields, limits, whole);
    let terms = head.terms(limits);
    let sums = read_rows(&mut checker, &fields, (terms.as_ref(), limits, whole), (&mut parts, &mut approval));
    finish(checker, head, (&sums, limits), whole, (parts, approval))
}

/// What a batch says besides its recipients; a required field that could not be read was noted.
pub(super) struct Head<'f> {
    app: Option<&'f str>,
    batch_no: Option<&'f str>,
    pub(super) channel: Option<&'static Channel>,
    pub(super) company: Option<bool>,
    amount: Option<Fen>,
    description: Option<&'f str>,
    currency: Option<&'f str>,
    metadata: Option<Vec<u8>>,
}

pub(super) fn read_head<'f>(checker: &mut Checker, fields: &'f Fields<'_>, limits: &Limits, whole: Whole) -> Head<'f> {
    let app = head::app(checker, fields.get(APP.name));
    let batch_no = read_batch_no(checker, fields, limits, whole);
    let channel = head::read_channel(checker, fields);
    let company = head::company(checker, fields, channel, limits);
    let amount = fields.get(AMOUNT.name);
    let amount = match whole {
        Whole::Upload if amount.is_none() => None,
        _ => checker.amount(&Origin::Batch, &AMOUNT, &amount),
    };
    let description = read_description(checker, fields, limits);
    let currency = checker.text(&Origin::Batch, &CURRENCY, &fields.get(CURRENCY.name));
    let metadata = head::metadata(checker, fields.get(METADATA.name));
    checker.unknown_fields(&Origin::Batch, fields, &FIELDS, &PP14);
    Head { app, batch_no, channel, company, amount, description, currency, metadata }
}

impl Head<'_> {
    /// What recipients are checked against, once the channel is known.
    fn terms<'l>(&self, limits: &'l Limits) -> Option<Terms<'l>> {
        self.channel.map(|channel| Terms { channel, company: self.company, limits })
    }

    /// One batch for each list; those of an upload have numbers that follow from the head's own. `None` if a required field is missing.
    fn batches(&self, lists: Vec<List>, whole: Whole) -> Option<Vec<Batch>> {
        let (app, batch_no, channel) = (self.app?, self.batch_no?, self.channel?);
        let (company, description) = (self.company?, self.description?);
        let batch = |(index, list): (u32, List)| {
            let batch_no = match whole {
                Whole::Batch => batch_no.to_owned(),
                Whole::Upload => part_number(batch_no, index),
            };
            let mut body = Vec::with_capacity(list.text().len() + 512);
            let mut object = ObjectWriter::new(&mut body);
            object.text(APP.name, app);
            object.text(BATCH_NO.name, &batch_no);
            object.text(CHANNEL.name, channel.name);
            object.integer(AMOUNT.name, list.total().get());
            object.text(DESCRIPTION.name, description);
            let recipients = object.raw(RECIPIENTS.name);
            recipients.push(b'[');
            recipients.extend_from_slice(list.text());
            recipients.push(b']');
            object.text(TYPE.name, head::type_of(company));
            object.optional_text(CURRENCY.name, self.currency.map(|_| CNY));
            if let Some(metadata) = &self.metadata {
                object.raw(METADATA.name).extend_from_slice(metadata);
            }
            object.end();
            Batch { app: app.to_owned(), batch_no, count: list.count(), total: list.total(), body }
        };
        Some((1..).zip(lists).map(batch).collect())
    }
}

/// Checks what needs both the head and the recipients, and says what everything came to.
pub(super) fn finish(
    mut checker: Checker,
    head: Head<'_>,
    (sums, limits): (&Sums, &Limits),
    whole: Whole,
    (parts, approval): (Parts, Approval<'_>),
) -> Found {
    note_overflow(&mut checker, sums);
    if let (Some(total), Some(amount)) = (sums.total, head.amount)
        && (sums.amounts_known && sums.count > 0 && total != amount)
    {
        note_error(&mut checker, &AMOUNT, &PP08, (Reason::SumMismatch, Some(total.get())));
    }
    if let (true, Some(channel), Some(text)) = (parts.silent, head.channel, head.description) {
        check_fallback(&mut checker, channel, text);
    }
    let lists = parts.into_lists();
    let found = if checker.failed() {
        None
    } else if whole == Whole::Upload && lists.len() > MOST_PARTS {
        Some(Err(Error::option("size makes more than 999 batches")))
    } else {
        head.terms(limits)
            .zip(head.batches(lists, whole))
            .map(|(terms, batches)| approval.demand(sums, &terms).map(|()| batches))
    };
    (found, sums.report(checker))
}

/// Notes a sum that no amount may be.
pub(super) fn note_overflow(checker: &mut Checker, sums: &Sums) {
    if sums.total.is_none() {
        note_error(checker, &AMOUNT, &PP08, (Reason::SumOverflow, None));
    }
}

fn read_batch_no<'f>(checker: &mut Checker, fields: &'f Fields<'_>, limits: &Limits, whole: Whole) -> Option<&'f str> {
    let (min, max) = match limits.batch_no_rule {
        BatchNoRule::Reference => (11, 32),
        BatchNoRule::Samples => (3, 24),
    };
    // The digits are part of the number that is sent.
    let digits = if whole == Whole::Upload { PART_DIGITS } else { 0 };
    let shape = Shape::Code { min: (min - digits).max(1), max: max - digits, accept: Accept::Alphanumeric };
    let number = head::text(checker, &Field { shape, ..BATCH_NO }, fields.get(BATCH_NO.name))?;
    let old = 24 - digits;
    if limits.strict_compat && number.len() > old as usize {
        let name = (BATCH_NO.name, BATCH_NO.label);
        checker.note_as(Severity::Warning, &Origin::Batch, name, &PP04, Reason::TooLong, Some(old.into()));
    }
    Some(number)
}

fn read_description<'f>(checker: &mut Checker, fields: &'f Fields<'_>, limits: &Limits) -> Option<&'f str> {
    let (max, unit) = match limits.description_unit {
        DescriptionUnit::Mixed => (200, Unit::Wide),
        DescriptionUnit::Utf8Bytes => (200, Unit::Bytes),
        DescriptionUnit::Characters255 => (255, Unit::Characters),
    };
    let field = Field { shape: Shape::Line { min: 1, max, unit }, ..DESCRIPTION };
    let text = head::text(checker, &field, fields.get(DESCRIPTION.name))?;
    if let Some(reason) = Unit::Bytes.excess(text, 200).filter(|_| unit == Unit::Wide) {
        let name = (DESCRIPTION.name, DESCRIPTION.label);
        checker.note_as(Severity::Warning, &Origin::Batch, name, &PP09, reason, Some(200));
    }
    Some(text)
}

/// Where a recipient has no description of its own, wx and balance take the batch's, and it has to fit there too (6.3, 6.6).
fn check_fallback(checker: &mut Checker, channel: &Channel, text: &str) {
    if !matches!(channel.family, Family::Wx | Family::Balance) {
        return;
    }
    let description = channel.recipient.iter().find(|entry| entry.role == Role::Description);
    let Some(shape @ (Shape::Text { max, unit, .. } | Shape::Line { max, unit, .. })) =
        description.map(|entry| entry.field.shape)
    else {
        return;
    };
    let name = (DESCRIPTION.name, DESCRIPTION.label);
    let mut warn = |reason, limit| checker.note_as(Severity::Warning, &Origin::Batch, name, &PP19, reason, limit);
    if let Some(reason) = unit.excess(text, max) {
        warn(reason, Some(max.into()));
    }
    // Without special characters: those above U+FFFF are refused in a recipient's own.
    if matches!(shape, Shape::Text { .. }) && text.chars().any(|c| c > '\u{ffff}') {
        warn(Reason::Astral, None);
    }
}

/// Reads the recipients. Without `terms` the channel is not known, and only amounts can be checked.
pub(super) fn read_rows(
    checker: &mut Checker,
    fields: &Fields<'_>,
    (terms, limits, whole): (Option<&Terms<'_>>, &Limits, Whole),
    (parts, approval): (&mut Parts, &mut Approval<'_>),
) -> Sums {
    let list = match fields.get(RECIPIENTS.name) {
        Some(Cell::Array(raw)) => items(raw),
        None => {
            note_error(checker, &RECIPIENTS, &PP12, (Reason::Missing, None));
            return Sums::default();
        }
        Some(_) => None,
    };
    let Some(list) = list else {
        note_error(checker, &RECIPIENTS, &PP12, (Reason::NotArray, None));
        return Sums::default();
    };
    if list.is_empty() {
        note_empty(checker);
    }
    let most = limits.max_recipients.filter(|max| whole == Whole::Batch && list.len() > *max as usize);
    if let Some(max) = most {
        note_error(checker, &RECIPIENTS, &PP12, (Reason::TooMany, Some(max.into())));
    }
    let parsed: Vec<Option<Fields<'_>>> = list.iter().map(|raw| Fields::parse(raw.get())).collect();
    let mut sums = Sums::default();
    let mut seen = Keys::with_capacity(parsed.len());
    for (index, row) in (0..).zip(&parsed) {
        let origin = Origin::Row { list: RECIPIENTS.name, index };
        let amount = match (row, terms) {
            (None, _) => {
                checker.note(&origin, &RECIPIENTS, &PP12, Reason::NotObject, None);
                None
            }
            (Some(row), None) => checker.amount(&origin, &channel::AMOUNT.field, &row.get(AMOUNT.name)),
            (Some(row), Some(terms)) => {
                let payee = read_row(checker, origin, row, terms, &mut seen);
                parts.push(&payee);
                approval
                    .push(terms.channel.recipient.iter().map(|entry| (entry.field.name, row.get(entry.field.name))));
                payee.amount()
            }
        };
        sums.add(amount);
    }
    sums
}

/// Notes that nobody is paid.
pub(super) fn note_empty(checker: &mut Checker) {
    note_error(checker, &RECIPIENTS, &PP12, (Reason::Empty, None));
}

pub(super) fn read_row<'r, 'o>(
    checker: &mut Checker,
    origin: Origin<'o>,
    row: &'r Fields<'_>,
    terms: &Terms<'_>,
    seen: &mut dyn Seen<'r>,
) -> Payee<'r, 'o> {
    let mut payee = Payee::default();
    payee.read(checker, terms, (origin, terms.channel.recipient), row);
    payee.check(checker, terms);
    if let (Some(number), Some(field)) = (payee.text(Role::OrderNo), payee.field(Role::OrderNo))
        && !seen.number(number)
    {
        checker.note(&origin, field, &PP17, Reason::Duplicate, None);
    }
    if let (Some((account, field)), Some(amount)) = (payee.identity(), payee.amount())
        && !seen.payment(account, amount)
    {
        checker.note(&origin, field, &PP18, Reason::DuplicatePayment, None);
    }
    let tables = (terms.channel, (|channel| channel.recipient) as fn(&Channel) -> _);
    note_others(checker, tables, (&origin, &[]), row, Reason::UnknownField);
    payee
}
