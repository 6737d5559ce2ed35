//! What a batch and a single transfer have in common: the application, the channel, the type, the currency and the metadata.

use std::collections::HashSet;

use super::channel::{Channel, Family, NAMES, channel};
use super::payee::is_blank;
use super::rules::{Limits, PP01, PP02, PP03, PP05, PP06, PP07, PP10, PP11};
use crate::batch::{Cell, Checker, Field, Fields, Origin, Shape, Unit};
use crate::canonical::{self, push_integer, push_string};
use crate::error::{Error, Result};
use crate::issue::{Reason, Rule, Severity};
use crate::json::Json;

pub(super) static APP: Field =
    field("app", "应用", &PP01, Shape::Line { min: 1, max: u32::MAX, unit: Unit::Characters });
pub(super) static CHANNEL: Field = field("channel", "渠道", &PP02, Shape::Choice(&NAMES));
pub(super) static AMOUNT: Field = field("amount", "总金额", &PP07, Shape::Amount);
pub(super) static TYPE: Field = field("type", "付款类型", &PP05, Shape::Choice(&["b2c", "b2b"]));
pub(super) static CURRENCY: Field =
    Field { required: false, ..field("currency", "币种", &PP10, Shape::Choice(&[CNY])) };
pub(super) static METADATA: Field =
    Field { required: false, ..field("metadata", "元数据", &PP11, Shape::Choice(&[])) };

/// The only currency there is.
pub(super) const CNY: &str = "cny";

/// What metadata may hold: so many pairs, and so many characters in all.
const PAIRS: usize = 20;
const CHARACTERS: usize = 1000;

/// A field that is required, at the top of a request.
pub(super) const fn field(name: &'static str, label: &'static str, rule: &'static Rule, shape: Shape) -> Field {
    Field { name, label, rule, required: true, shape }
}

/// Reads the request itself; a request that is no object is noted under `field`.
pub(super) fn object<'j>(checker: &mut Checker, field: &Field, json: &'j str) -> Option<Fields<'j>> {
    let fields = Fields::parse(json);
    if fields.is_none() {
        let json = Json::parse(json).is_some();
        let reason = if json { Reason::NotObject } else { Reason::NotJson };
        note_error(checker, field, field.rule, (reason, None));
    }
    fields
}

/// Reads a required text; a blank one is missing.
pub(super) fn text<'c>(checker: &mut Checker, field: &Field, cell: Option<Cell<'c>>) -> Option<&'c str> {
    match cell.filter(|cell| !is_blank(cell)) {
        None => {
            note_error(checker, field, field.rule, (Reason::Missing, None));
            None
        }
        cell => checker.text(&Origin::Batch, field, &cell),
    }
}

/// An application id of another shape than all known ones is only warned about.
pub(super) fn app<'c>(checker: &mut Checker, cell: Option<Cell<'c>>) -> Option<&'c str> {
    let app = text(checker, &APP, cell)?;
    if !is_app(app) {
        checker.note(&Origin::Batch, &APP, &PP01, Reason::Shape, None);
    }
    Some(app)
}

/// Whether an application id has the known shape: `app_` and 16 letters or digits (PP01).
pub(super) fn is_app(id: &str) -> bool {
    id.strip_prefix("app_").is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

pub(super) fn read_channel(checker: &mut Checker, fields: &Fields<'_>) -> Option<&'static Channel> {
    let channel = text(checker, &CHANNEL, fields.get(CHANNEL.name)).and_then(channel)?;
    if channel.retired {
        checker.note(&Origin::Batch, &CHANNEL, &PP03, Reason::Retired, None);
    }
    Some(channel)
}

/// Whether companies are paid.
pub(super) fn company(
    checker: &mut Checker,
    fields: &Fields<'_>,
    channel: Option<&Channel>,
    limits: &Limits,
) -> Option<bool> {
    let company = text(checker, &TYPE, fields.get(TYPE.name))? == "b2b";
    if let (true, Some(channel)) = (company, channel) {
        check_companies(checker, channel, limits);
    }
    Some(company)
}

/// How the wire calls companies and persons.
pub(super) const fn type_of(company: bool) -> &'static str {
    if company { "b2b" } else { "b2c" }
}

/// Notes that a channel does not pay to companies, if so.
pub(super) fn check_companies(checker: &mut Checker, channel: &Channel, limits: &Limits) {
    if !channel.companies || channel.family == Family::Alipay && !limits.alipay_b2b {
        checker.note(&Origin::Batch, &TYPE, &PP06, Reason::Conflict, None);
    }
}

/// Reads metadata, and writes it as it is sent: in its order, with its own digits.
pub(super) fn metadata(checker: &mut Checker, cell: Option<Cell<'_>>) -> Option<Vec<u8>> {
    let refuse = |checker: &mut Checker, reason, limit| {
        note_error(checker, &METADATA, &PP11, (reason, limit));
        None
    };
    let fields = match cell? {
        Cell::Object(raw) => match Fields::parse(raw.get()) {
            Some(fields) => fields,
            // The JSON is sound: only half a character in a name makes it unreadable.
            None => return refuse(checker, Reason::LoneSurrogate, None),
        },
        Cell::Null => return refuse(checker, Reason::Null, None),
        _ => return refuse(checker, Reason::NotObject, None),
    };
    let mut seen = HashSet::new();
    let names: Vec<&str> = fields.names().filter(|name| seen.insert(*name)).collect();
    if names.len() > PAIRS {
        return refuse(checker, Reason::TooManyPairs, Some(PAIRS as u64));
    }
    let mut out = vec![b'{'];
    let (mut length, mut nested) = (0, false);
    for (name, cell) in names.iter().filter_map(|name| Some((name, fields.get(name)?))) {
        if out.len() > 1 {
            out.push(b',');
        }
        push_string(&mut out, name);
        out.push(b':');
        let start = out.len();
        if push_cell(&mut out, cell).is_err() {
            return refuse(checker, Reason::LoneSurrogate, None);
        }
        length += name.chars().count();
        length += match cell {
            Cell::Text(text) | Cell::Sound(text) => text.chars().count(),
            // What is not text counts as it is written.
            _ => String::from_utf8_lossy(&out[start..]).chars().count(),
        };
        nested |= matches!(cell, Cell::Array(_) | Cell::Object(_) | Cell::Null);
    }
    if length > CHARACTERS {
        return refuse(checker, Reason::TooLong, Some(CHARACTERS as u64));
    }
    if nested {
        let name = (METADATA.name, METADATA.label);
        checker.note_as(Severity::Warning, &Origin::Batch, name, &PP11, Reason::NotScalar, None);
    }
    out.push(b'}');
    Some(out)
}

/// Writes a value as it was given.
///
/// # Errors
/// [`Error::BodyFormat`] if it holds half a character, which no UTF-8 can carry.
pub(super) fn push_cell(out: &mut Vec<u8>, cell: Cell<'_>) -> Result<()> {
    match cell {
        Cell::Text(text) | Cell::Sound(text) => push_string(out, text),
        Cell::Fen(fen) => push_integer(out, fen.get()),
        Cell::Number(digits) | Cell::Yuan(digits) => out.extend_from_slice(digits.as_bytes()),
        Cell::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Array(raw) | Cell::Object(raw) => out.extend_from_slice(&canonical::body(raw.get(), false)?),
        Cell::BrokenText | Cell::Refused => return Err(Error::BodyFormat),
    }
    Ok(())
}

/// Notes what stops the request, whatever the rule's own severity is.
pub(super) fn note_error(
    checker: &mut Checker,
    field: &Field,
    rule: &'static Rule,
    (reason, limit): (Reason, Option<u64>),
) {
    checker.note_as(Severity::Error, &Origin::Batch, (field.name, field.label), rule, reason, limit);
}
