//! Batch transfers (批量企业付款): recipients → a valid batch → its body.
//!
//! Source: create page, object page and SDK samples (chapters 5, 6 and 8 of the protocol). Nothing in it is sealed.

use sha2::{Digest, Sha256};

use super::channel::{self, Channel, Family, Role};
use super::head::{self, AMOUNT, APP, CHANNEL, CNY, CURRENCY, METADATA, TYPE, field, note_error};
use super::payee::{Payee, Terms, note_others};
use super::rules::{BatchNoRule, DescriptionUnit, Limits, PP04, PP08, PP09, PP12, PP14, PP17, PP18, PP19};
use crate::batch::{Accept, Cell, Checker, Field, Fields, Origin, Seen, Shape, Unit, items};
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::issue::{Reason, Report, Severity};
use crate::money::Fen;

static BATCH_NO: Field =
    field("batch_no", "批次号", &PP04, Shape::Code { min: 11, max: 32, accept: Accept::Alphanumeric });
static DESCRIPTION: Field = field("description", "批次描述", &PP09, Shape::Line { min: 1, max: 200, unit: Unit::Wide });
static RECIPIENTS: Field = field("recipients", "收款人列表", &PP12, Shape::Choice(&[]));

/// The fields of a batch, in the order they are written.
static FIELDS: [&Field; 9] =
    [&APP, &BATCH_NO, &CHANNEL, &AMOUNT, &DESCRIPTION, &RECIPIENTS, &TYPE, &CURRENCY, &METADATA];

/// A batch that may be sent: it exists only if every rule holds, and then it is its body.
#[derive(Clone)]
pub struct Batch {
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
    read(json, limits).1
}

/// Checks a batch and returns it.
///
/// # Errors
/// [`Error::BatchInvalid`] with the report, unless every rule holds; warnings do not stop it.
pub fn parse(json: &str, limits: &Limits) -> Result<Batch> {
    match read(json, limits) {
        (Some(batch), _) => Ok(batch),
        (None, report) => Err(Error::BatchInvalid(Box::new(report))),
    }
}

fn read(json: &str, limits: &Limits) -> (Option<Batch>, Report) {
    let mut checker = Checker::default();
    let Some(fields) = head::object(&mut checker, &RECIPIENTS, json) else {
        return (None, checker.report(0, 0));
    };
    let app = head::app(&mut checker, fields.get(APP.name));
    let batch_no = read_batch_no(&mut checker, &fields, limits);
    let channel = head::read_channel(&mut checker, &fields);
    let company = head::company(&mut checker, &fields, channel, limits);
    let amount = checker.amount(&Origin::Batch, &AMOUNT, &fields.get(AMOUNT.name));
    let description = read_description(&mut checker, &fields, limits);
    let currency = checker.text(&Origin::Batch, &CURRENCY, &fields.get(CURRENCY.name));
    let metadata = head::metadata(&mut checker, fields.get(METADATA.name));
    checker.unknown_fields(&Origin::Batch, &fields, &FIELDS, &PP14);

    let terms = channel.map(|channel| Terms { channel, company, limits });
    let rows = read_rows(&mut checker, &fields, terms.as_ref(), limits);
    match (rows.total, amount) {
        (None, _) => note_error(&mut checker, &AMOUNT, &PP08, (Reason::SumOverflow, None)),
        (Some(total), Some(amount)) if rows.amounts_known && rows.count > 0 && total != amount => {
            note_error(&mut checker, &AMOUNT, &PP08, (Reason::SumMismatch, Some(total.get())));
        }
        _ => {}
    }
    if let (true, Some(channel), Some(text)) = (rows.silent, channel, description) {
        check_fallback(&mut checker, channel, text);
    }
    let failed = checker.failed();
    let total = rows.total.unwrap_or_default();
    let report = checker.report(u32::try_from(rows.count).unwrap_or(u32::MAX), total.get());
    let batch = match (failed, app, batch_no, channel, company, description) {
        (false, Some(app), Some(batch_no), Some(channel), Some(company), Some(description)) => {
            let mut body = Vec::with_capacity(rows.list.len() + 512);
            let mut object = ObjectWriter::new(&mut body);
            object.text(APP.name, app);
            object.text(BATCH_NO.name, batch_no);
            object.text(CHANNEL.name, channel.name);
            object.integer(AMOUNT.name, total.get());
            object.text(DESCRIPTION.name, description);
            object.raw(RECIPIENTS.name).extend_from_slice(&rows.list);
            object.text(TYPE.name, if company { "b2b" } else { "b2c" });
            object.optional_text(CURRENCY.name, currency.map(|_| CNY));
            if let Some(metadata) = metadata {
                object.raw(METADATA.name).extend_from_slice(&metadata);
            }
            object.end();
            Some(Batch { batch_no: batch_no.to_owned(), count: rows.count, total, body })
        }
        _ => None,
    };
    (batch, report)
}

fn read_batch_no<'f>(checker: &mut Checker, fields: &'f Fields<'_>, limits: &Limits) -> Option<&'f str> {
    let (min, max) = match limits.batch_no_rule {
        BatchNoRule::Reference => (11, 32),
        BatchNoRule::Samples => (3, 24),
    };
    let field = Field { shape: Shape::Code { min, max, accept: Accept::Alphanumeric }, ..BATCH_NO };
    let number = head::text(checker, &field, fields.get(BATCH_NO.name))?;
    if limits.strict_compat && number.len() > 24 {
        let name = (BATCH_NO.name, BATCH_NO.label);
        checker.note_as(Severity::Warning, &Origin::Batch, name, &PP04, Reason::TooLong, Some(24));
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
    let Some(Shape::Text { max, unit, .. } | Shape::Line { max, unit, .. }) =
        description.map(|entry| entry.field.shape)
    else {
        return;
    };
    if let Some(reason) = unit.excess(text, max) {
        let name = (DESCRIPTION.name, DESCRIPTION.label);
        checker.note_as(Severity::Warning, &Origin::Batch, name, &PP19, reason, Some(max.into()));
    }
}

struct Rows {
    count: usize,
    /// The recipients as they are written.
    list: Vec<u8>,
    /// `None` if the sum is above what can be held.
    total: Option<Fen>,
    /// Whether every amount could be read: otherwise comparing the sum would only repeat the same complaint.
    amounts_known: bool,
    /// Whether a recipient has no description of its own.
    silent: bool,
}

/// Reads the recipients. Without `terms` the channel is not known, and only amounts can be checked.
fn read_rows(checker: &mut Checker, fields: &Fields<'_>, terms: Option<&Terms<'_>>, limits: &Limits) -> Rows {
    let mut rows = Rows { count: 0, list: vec![b'['], total: Some(Fen::default()), amounts_known: true, silent: false };
    let mut refuse = |reason, limit| note_error(checker, &RECIPIENTS, &PP12, (reason, limit));
    let list = match fields.get(RECIPIENTS.name) {
        Some(Cell::Array(raw)) => items(raw),
        None => {
            refuse(Reason::Missing, None);
            return rows;
        }
        Some(_) => None,
    };
    let Some(list) = list else {
        refuse(Reason::NotArray, None);
        return rows;
    };
    rows.count = list.len();
    if list.is_empty() {
        refuse(Reason::Empty, None);
    }
    if let Some(max) = limits.max_recipients.filter(|max| list.len() > *max as usize) {
        refuse(Reason::TooMany, Some(max.into()));
    }
    let parsed: Vec<Option<Fields<'_>>> = list.iter().map(|raw| Fields::parse(raw.get())).collect();
    let mut seen = Seen::with_capacity(parsed.len());
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
                rows.silent |= !payee.given(Role::Description);
                if index > 0 {
                    rows.list.push(b',');
                }
                let mut object = ObjectWriter::new(&mut rows.list);
                payee.write(&mut object, 0..payee.len());
                object.end();
                payee.amount()
            }
        };
        match amount {
            Some(amount) => rows.total = rows.total.and_then(|sum| sum.checked_add(amount)),
            None => rows.amounts_known = false,
        }
    }
    rows.list.push(b']');
    rows
}

pub(super) fn read_row<'r, 'o>(
    checker: &mut Checker,
    origin: Origin<'o>,
    row: &'r Fields<'_>,
    terms: &Terms<'_>,
    seen: &mut Seen<'r>,
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
