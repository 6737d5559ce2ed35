//! One payee: a row of cells → a checked row, with places in a batch or in a sheet (4012458841).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::rules::{
    DETAIL_FIELDS, DETAILS, Limits, OPENID, OUT_DETAIL_NO, TOTAL_AMOUNT, TRANSFER_AMOUNT, TRANSFER_REMARK, USER_NAME,
    V03, V10, V11, V12, V13, V14, V18, V25, V27,
};
use crate::batch::{Cell, Checker, Field, Fields, Origin};
use crate::canonical::ObjectWriter;
use crate::issue::{Reason, Severity};
use crate::money::Fen;

/// One payee of a batch.
#[derive(Clone)]
pub(super) struct Detail {
    out_detail_no: String,
    amount: Fen,
    remark: String,
    openid: String,
    name: Option<Zeroizing<String>>,
}

impl core::fmt::Debug for Detail {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Detail(..)")
    }
}

impl Detail {
    /// The name to be sealed.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref().map(String::as_str)
    }

    pub(super) const fn amount(&self) -> Fen {
        self.amount
    }

    /// Writes the row, with the next of `names` in the place of its name if it has one.
    pub(super) fn write<'n>(&self, out: &mut Vec<u8>, names: &mut impl Iterator<Item = &'n str>) {
        let mut row = ObjectWriter::new(out);
        row.text(OUT_DETAIL_NO.name, &self.out_detail_no);
        row.integer(TRANSFER_AMOUNT.name, self.amount.get());
        row.text(TRANSFER_REMARK.name, &self.remark);
        row.text(OPENID.name, &self.openid);
        row.optional_text(USER_NAME.name, self.name().and_then(|_| names.next()));
        row.end();
    }
}

/// Rows of a sheet, as cells: the same checks, with places in the sheet. Returns the sum in fen, unless it is too large.
pub(super) fn check_cells<'a>(
    checker: &mut Checker,
    rows: impl IntoIterator<Item = (Origin<'a>, &'a Fields<'a>)>,
    limits: &Limits,
) -> Option<Fen> {
    let mut seen = Seen::default();
    let mut total = Some(Fen::default());
    for (origin, row) in rows {
        if let Some(amount) = seen.check(checker, &origin, row, limits).amount {
            total = total.and_then(|sum| sum.checked_add(amount));
        }
    }
    if total.is_none() {
        checker.note(&Origin::Batch, &TOTAL_AMOUNT, TOTAL_AMOUNT.rule, Reason::SumOverflow, None);
    }
    total
}

/// What earlier rows used up.
#[derive(Default)]
pub(super) struct Seen<'r> {
    numbers: HashSet<&'r str>,
    payments: HashSet<(&'r str, Fen)>,
}

/// What a row came to; either may be missing where the row is wrong.
pub(super) struct Checked {
    pub(super) amount: Option<Fen>,
    pub(super) detail: Option<Detail>,
}

impl<'r> Seen<'r> {
    /// Checks one row against the rules and against the rows before it.
    pub(super) fn check(
        &mut self,
        checker: &mut Checker,
        origin: &Origin<'_>,
        row: &'r Fields<'_>,
        limits: &Limits,
    ) -> Checked {
        let number = checker.text(origin, &OUT_DETAIL_NO, row.get(OUT_DETAIL_NO.name));
        note_short(checker, origin, &OUT_DETAIL_NO, number);
        if number.is_some_and(|number| !self.numbers.insert(number)) {
            checker.note(origin, &OUT_DETAIL_NO, OUT_DETAIL_NO.rule, Reason::Duplicate, None);
        }
        let amount = checker.amount(origin, &TRANSFER_AMOUNT, row.get(TRANSFER_AMOUNT.name));
        match amount.map(Fen::get) {
            Some(fen) if fen < limits.min_amount => {
                checker.note(origin, &TRANSFER_AMOUNT, &V10, Reason::AmountBelowMinimum, Some(limits.min_amount));
            }
            Some(fen) if fen > limits.max_amount => {
                checker.note(origin, &TRANSFER_AMOUNT, &V11, Reason::AmountAboveRange, Some(limits.max_amount));
            }
            _ => {}
        }
        let remark = checker.text(origin, &TRANSFER_REMARK, row.get(TRANSFER_REMARK.name));
        let openid = checker.text(origin, &OPENID, row.get(OPENID.name));
        if let (Some(openid), Some(amount)) = (openid, amount)
            && !self.payments.insert((openid, amount))
        {
            checker.note(origin, &OPENID, &V25, Reason::DuplicatePayment, None);
        }
        let name = check_name(checker, origin, row, amount, limits);
        checker.unknown_fields(origin, row, &DETAIL_FIELDS, &V27);
        let detail = match (number, amount, remark, openid) {
            (Some(number), Some(amount), Some(remark), Some(openid)) => Some(Detail {
                out_detail_no: number.to_owned(),
                amount,
                remark: remark.to_owned(),
                openid: openid.to_owned(),
                name: name.map(|name| Zeroizing::new(name.to_owned())),
            }),
            _ => None,
        };
        Checked { amount, detail }
    }
}

/// An empty name is no name: it stays empty and is never sealed.
fn check_name<'r>(
    checker: &mut Checker,
    origin: &Origin<'_>,
    row: &'r Fields<'_>,
    amount: Option<Fen>,
    limits: &Limits,
) -> Option<&'r str> {
    let cell = row.get(USER_NAME.name).filter(|cell| !matches!(cell, Cell::Text(text) if text.is_empty()));
    let amount = amount.map(Fen::get);
    let Some(cell) = cell else {
        if amount.is_some_and(|fen| fen >= limits.name_required_from) {
            checker.note(origin, &USER_NAME, &V13, Reason::NameRequired, Some(limits.name_required_from));
        }
        return None;
    };
    if amount.is_some_and(|fen| fen < limits.name_forbidden_below) {
        checker.note(origin, &USER_NAME, &V12, Reason::NameForbidden, Some(limits.name_forbidden_below));
    }
    if let Cell::Text(text) = cell
        && looks_sealed(text)
    {
        checker.note(origin, &USER_NAME, &V18, Reason::AlreadySealed, None);
        return None;
    }
    let name = checker.text(origin, &USER_NAME, Some(cell))?;
    // The 2022 table gives 2 to 30 characters; names outside it exist, so this is a warning.
    let reason = match name.chars().count() {
        0..2 => Some((Reason::TooShort, 2)),
        2..=30 => None,
        _ => Some((Reason::TooLong, 30)),
    };
    if let Some((reason, limit)) = reason {
        checker.note_as(Severity::Warning, origin, (USER_NAME.name, USER_NAME.label), &V18, reason, Some(limit));
    }
    Some(name)
}

/// The base64 of an RSA ciphertext: no name is that long and without any blank or CJK.
fn looks_sealed(text: &str) -> bool {
    text.len() >= 340 && STANDARD.decode(text).is_ok()
}

/// Names stand in every row of a batch or in none (V14).
pub(super) fn check_names_agree(checker: &mut Checker, rows: &[Option<Fields<'_>>]) {
    let named = |row: &Option<Fields<'_>>| row.as_ref().is_some_and(|row| row.filled_text(USER_NAME.name).is_some());
    let first = rows.first().is_some_and(named);
    if let Some(index) = rows.iter().position(|row| named(row) != first) {
        let origin = Origin::Row { list: DETAILS.name, index: u32::try_from(index).unwrap_or(u32::MAX) };
        checker.note(&origin, &USER_NAME, &V14, Reason::NamesMixed, None);
    }
}

/// Numbers of fewer than five characters get no receipts (V03).
pub(super) fn note_short(checker: &mut Checker, origin: &Origin<'_>, field: &Field, number: Option<&str>) {
    if number.is_some_and(|number| number.len() < 5) {
        checker.note(origin, field, &V03, Reason::ShortForReceipts, Some(5));
    }
}
