//! Single transfers (企业付款): one payee → a valid transfer → its body.
//!
//! Source: transfer pages and SDK samples (chapter 10.1 of the protocol). The rules of batches hold where they apply.

use sha2::{Digest, Sha256};

use super::channel::{AMOUNT, CHANNELS, Channel, Role};
use super::head::{self, APP, CHANNEL, CNY, CURRENCY, METADATA, TYPE, field, note_error, push_cell};
use super::payee::{Payee, Terms, note_others};
use super::rules::{Limits, PP13};
use crate::batch::{Cell, Checker, Field, Fields, Origin, Shape};
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::issue::{Reason, Report};
use crate::money::Fen;

static EXTRA: Field = Field { required: false, ..field("extra", "渠道附加参数", &PP13, Shape::Choice(&[])) };

/// The fields of a transfer that every channel has.
static FIELDS: [&Field; 6] = [&APP, &CHANNEL, &TYPE, &CURRENCY, &EXTRA, &METADATA];

/// A single transfer that may be sent: it exists only if every rule holds, and then it is its body.
#[derive(Clone)]
pub struct Transfer {
    order_no: String,
    total: Fen,
    body: Vec<u8>,
}

impl core::fmt::Debug for Transfer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Transfer(..)")
    }
}

impl Transfer {
    /// The number under which it is known; the provider takes it once.
    #[must_use]
    pub fn order_no(&self) -> &str {
        &self.order_no
    }

    /// What the payee gets.
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

/// Checks a transfer and returns every issue. Needs no key.
#[must_use]
pub fn validate(json: &str, limits: &Limits) -> Report {
    read(json, limits).1
}

/// Checks a transfer and returns it. `app` may be the id itself or `{"id": …}`; `currency` may be left out.
///
/// # Errors
/// [`Error::BatchInvalid`] with the report, unless every rule holds; warnings do not stop it.
pub fn parse(json: &str, limits: &Limits) -> Result<Transfer> {
    match read(json, limits) {
        (Some(transfer), _) => Ok(transfer),
        (None, report) => Err(Error::BatchInvalid(Box::new(report))),
    }
}

fn read(json: &str, limits: &Limits) -> (Option<Transfer>, Report) {
    let mut checker = Checker::default();
    let Some(fields) = head::object(&mut checker, &CHANNEL, json) else {
        return (None, checker.report(0, 0));
    };
    let app_object = match fields.get(APP.name) {
        Some(Cell::Object(raw)) => Fields::parse(raw.get()),
        _ => None,
    };
    let app = match &app_object {
        Some(object) => head::app(&mut checker, object.get("id")),
        None => head::app(&mut checker, fields.get(APP.name)),
    };
    let channel = head::read_channel(&mut checker, &fields);
    let company = head::company(&mut checker, &fields, channel, limits);
    checker.text(&Origin::Batch, &CURRENCY, &fields.get(CURRENCY.name));
    let extra = read_extra(&mut checker, &fields);
    let metadata = head::metadata(&mut checker, fields.get(METADATA.name));
    let Some(channel) = channel else {
        let amount = checker.amount(&Origin::Batch, &AMOUNT.field, &fields.get(AMOUNT.field.name));
        return (None, checker.report(1, amount.unwrap_or_default().get()));
    };

    let terms = Terms { channel, company, limits };
    let within = Origin::Member { object: EXTRA.name };
    let mut payee = Payee::default();
    payee.read(&mut checker, &terms, (Origin::Batch, channel.transfer), &fields);
    let top = payee.len();
    payee.read(&mut checker, &terms, (within, channel.extra), &extra);
    payee.check(&mut checker, &terms);
    let transfer: fn(&Channel) -> _ = |channel| channel.transfer;
    note_others(&mut checker, (channel, transfer), (&Origin::Batch, &FIELDS), &fields, Reason::UnknownField);
    let extras: fn(&Channel) -> _ = |channel| channel.extra;
    note_others(&mut checker, (channel, extras), (&within, &[]), &extra, Reason::Undocumented);
    let undocumented = read_undocumented(&mut checker, &extra);

    let failed = checker.failed();
    let total = payee.amount().unwrap_or_default();
    let report = checker.report(1, total.get());
    let transfer = match (failed, app, company, payee.text(Role::OrderNo)) {
        (false, Some(app), Some(company), Some(order_no)) => {
            let mut body = Vec::with_capacity(1024);
            let mut object = ObjectWriter::new(&mut body);
            let mut id = ObjectWriter::new(object.raw(APP.name));
            id.text("id", app);
            id.end();
            object.text(CHANNEL.name, channel.name);
            payee.write(&mut object, 0..top);
            object.text(TYPE.name, head::type_of(company));
            object.text(CURRENCY.name, CNY);
            let mut list = Vec::new();
            let mut members = ObjectWriter::new(&mut list);
            let some = payee.write(&mut members, top..payee.len());
            for (name, value) in &undocumented {
                members.raw(name).extend_from_slice(value);
            }
            members.end();
            if some || !undocumented.is_empty() {
                object.raw(EXTRA.name).extend_from_slice(&list);
            }
            if let Some(metadata) = metadata {
                object.raw(METADATA.name).extend_from_slice(&metadata);
            }
            object.end();
            Some(Transfer { order_no: order_no.to_owned(), total, body })
        }
        _ => None,
    };
    (transfer, report)
}

fn read_extra<'f>(checker: &mut Checker, fields: &'f Fields<'_>) -> Fields<'f> {
    let extra = match fields.get(EXTRA.name) {
        None => return Fields::default(),
        Some(Cell::Object(raw)) => Fields::parse(raw.get()),
        Some(_) => None,
    };
    extra.unwrap_or_else(|| {
        note_error(checker, &EXTRA, &PP13, (Reason::NotObject, None));
        Fields::default()
    })
}

/// Members of `extra` that no channel is known to have: the parameters of 2025 are not all published, so they are sent as given.
fn read_undocumented<'f>(checker: &mut Checker, extra: &'f Fields<'_>) -> Vec<(&'f str, Vec<u8>)> {
    let documented = |name: &str| {
        let mut entries = CHANNELS.iter().flat_map(|channel| channel.extra);
        entries.any(|entry| entry.field.name == name)
    };
    let mut members: Vec<(&str, Vec<u8>)> = Vec::new();
    for name in extra.names().filter(|name| !documented(name)) {
        let mut value = Vec::new();
        let written = extra.get(name).map_or(Ok(()), |cell| push_cell(&mut value, cell));
        if written.is_err() {
            note_error(checker, &EXTRA, &PP13, (Reason::LoneSurrogate, None));
        } else if members.iter().all(|(other, _)| *other != name) {
            members.push((name, value));
        }
    }
    members
}
