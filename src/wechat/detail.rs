//! One payee: a row of cells → a checked row, with places in a batch or in a sheet (4012458841).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::rules::{
    BILL_FIELDS, DETAIL_FIELDS, DETAILS, Limits, OPENID, OUT_DETAIL_NO, TRANSFER_AMOUNT, TRANSFER_REMARK, USER_NAME,
    V03, V10, V11, V12, V13, V14, V18, V25,
};
use crate::batch::{Cell, Checker, Field, Fields, Origin, Seen};
use crate::canonical::ObjectWriter;
use crate::issue::{Reason, Severity};
use crate::money::Fen;

/// The cells of a row, in the order of [`DETAIL_FIELDS`].
pub(super) type Cells<'r> = [Option<Cell<'r>>; DETAIL_FIELDS.len()];

/// The members of an object that are fields of a row.
pub(super) fn cells<'r>(row: &'r Fields<'_>) -> Cells<'r> {
    DETAIL_FIELDS.map(|field| row.get(field.name))
}

/// One payee of a batch, as it is written.
#[derive(Clone, Copy)]
pub(super) struct Detail<'r> {
    out_detail_no: &'r str,
    pub(super) amount: Fen,
    remark: &'r str,
    openid: &'r str,
    /// The name.
    pub(super) name: Option<&'r str>,
    names: Names,
}

/// How names stand in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// In the clear: they are sealed here, and one that is sealed already is refused.
    Plain,
    /// Sealed elsewhere, for a key that the caller names: they are sent as they are, and one in the clear is refused.
    Sealed,
}

impl core::fmt::Debug for Detail<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Detail(..)")
    }
}

impl Detail<'_> {
    /// Writes the row. If it has a name that is to be sealed, its place is left empty: between the quotes at the returned position.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Option<usize> {
        let to_seal = self.name.filter(|_| self.names == Names::Plain);
        let mut row = ObjectWriter::new(out);
        row.text(OUT_DETAIL_NO.name, self.out_detail_no);
        row.integer(TRANSFER_AMOUNT.name, self.amount.get());
        row.text(TRANSFER_REMARK.name, self.remark);
        row.text(OPENID.name, self.openid);
        row.optional_text(USER_NAME.name, if to_seal.is_some() { Some("") } else { self.name });
        row.end();
        // Behind the place come a quote and the bracket.
        to_seal.map(|_| out.len() - 2)
    }
}

/// What a row came to; either may be missing where the row is wrong.
pub(super) struct Checked<'r> {
    pub(super) amount: Option<Fen>,
    pub(super) detail: Option<Detail<'r>>,
}

/// What a row is checked against.
#[derive(Clone, Copy)]
pub(super) struct Terms<'l> {
    fields: [&'static Field; DETAIL_FIELDS.len()],
    /// Whether the row is one of a batch, which has rules that single bills do not have.
    batch: bool,
    names: Names,
    limits: &'l Limits,
}

impl<'l> Terms<'l> {
    pub(super) const fn batch(limits: &'l Limits, names: Names) -> Self {
        Self { fields: DETAIL_FIELDS, batch: true, names, limits }
    }

    pub(super) const fn bill(limits: &'l Limits) -> Self {
        Self { fields: BILL_FIELDS, batch: false, names: Names::Plain, limits }
    }
}

/// Checks one row against the rules and against the rows before it. Cells are read where they are: to copy one is slow right after it was written.
#[inline(always)]
pub(super) fn check<'r>(
    checker: &mut Checker,
    seen: &mut impl Seen<'r>,
    origin: &Origin<'_>,
    [number, amount, remark, openid, name]: &Cells<'r>,
    terms: &Terms<'_>,
) -> Checked<'r> {
    let Terms { fields: [number_field, _, remark_field, _, _], batch, names, limits } = terms;
    let number = checker.text(origin, number_field, number);
    if *batch {
        note_short(checker, origin, number_field, number);
    }
    if let Some(number) = number
        && !seen.number(number)
    {
        checker.note(origin, number_field, number_field.rule, Reason::Duplicate, None);
    }
    let amount = checker.amount(origin, &TRANSFER_AMOUNT, amount);
    match amount.map(Fen::get) {
        Some(fen) if fen < limits.min_amount => {
            checker.note(origin, &TRANSFER_AMOUNT, &V10, Reason::AmountBelowMinimum, Some(limits.min_amount));
        }
        Some(fen) if fen > limits.max_amount => {
            checker.note(origin, &TRANSFER_AMOUNT, &V11, Reason::AmountAboveRange, Some(limits.max_amount));
        }
        _ => {}
    }
    let remark = checker.text(origin, remark_field, remark);
    let openid = checker.text(origin, &OPENID, openid);
    if let (Some(openid), Some(amount)) = (openid, amount)
        && !seen.payment(openid, amount)
    {
        checker.note(origin, &OPENID, &V25, Reason::DuplicatePayment, None);
    }
    let name = check_name(checker, origin, name, amount, terms);
    let detail = match (number, amount, remark, openid) {
        (Some(out_detail_no), Some(amount), Some(remark), Some(openid)) => {
            Some(Detail { out_detail_no, amount, remark, openid, name, names: *names })
        }
        _ => None,
    };
    Checked { amount, detail }
}

/// An empty name is no name: it stays empty and is never sealed.
fn check_name<'r>(
    checker: &mut Checker,
    origin: &Origin<'_>,
    cell: &Option<Cell<'r>>,
    amount: Option<Fen>,
    Terms { fields: [.., field], batch, names, limits }: &Terms<'_>,
) -> Option<&'r str> {
    let amount = amount.map(Fen::get);
    if matches!(cell, None | Some(Cell::Text(""))) {
        if amount.is_some_and(|fen| fen >= limits.name_required_from) {
            checker.note(origin, field, &V13, Reason::NameRequired, Some(limits.name_required_from));
        }
        return None;
    }
    if amount.is_some_and(|fen| fen < limits.name_forbidden_below) {
        // The page of bills does not say so itself.
        let severity = if *batch { V12.severity } else { Severity::Warning };
        let limit = Some(limits.name_forbidden_below);
        checker.note_as(severity, origin, (field.name, field.label), &V12, Reason::NameForbidden, limit);
    }
    let text = if let Some(Cell::Text(text) | Cell::Sound(text)) = cell { Some(*text) } else { None };
    let reason = match (names, text.and_then(ciphertext_size)) {
        (Names::Plain, None) => None,
        (Names::Plain, Some(_)) => Some(Reason::AlreadySealed),
        (Names::Sealed, Some(256..=512)) => return text,
        (Names::Sealed, _) => Some(Reason::NotSealed),
    };
    if let Some(reason) = reason {
        checker.note(origin, field, &V18, reason, None);
        return None;
    }
    let name = checker.text(origin, field, cell)?;
    // The 2022 table gives 2 to 30 characters; names outside it exist, so this is a warning.
    let reason = match name.len() {
        // A character takes 1 to 4 bytes: between these lengths there is nothing to count.
        5..=30 => None,
        _ => unusual_length(name),
    };
    if let Some((reason, limit)) = reason {
        checker.note_as(Severity::Warning, origin, (field.name, field.label), &V18, reason, Some(limit));
    }
    Some(name)
}

fn unusual_length(name: &str) -> Option<(Reason, u64)> {
    match name.chars().count() {
        0..2 => Some((Reason::TooShort, 2)),
        2..=30 => None,
        _ => Some((Reason::TooLong, 30)),
    }
}

/// How long the RSA ciphertext is whose base64 this may be: no name is that long and without any blank or CJK.
fn ciphertext_size(text: &str) -> Option<usize> {
    (text.len() >= 340).then(|| STANDARD.decode(text).ok()).flatten().map(|bytes| bytes.len())
}

/// Names stand in every row of a batch or in none (V14): notes the first row, from 0, that does not do as the first one does.
pub(super) fn check_names_agree(checker: &mut Checker, named: impl IntoIterator<Item = bool>) {
    let mut named = (0..).zip(named);
    let Some((_, first)) = named.next() else { return };
    if let Some((index, _)) = named.find(|(_, named)| *named != first) {
        checker.note(&Origin::Row { list: DETAILS.name, index }, &USER_NAME, &V14, Reason::NamesMixed, None);
    }
}

/// Numbers of fewer than five characters get no receipts (V03).
pub(super) fn note_short(checker: &mut Checker, origin: &Origin<'_>, field: &Field, number: Option<&str>) {
    if number.is_some_and(|number| number.len() < 5) {
        checker.note(origin, field, &V03, Reason::ShortForReceipts, Some(5));
    }
}
