//! A sheet for a target: what is wrong in which cell, the rows as the provider wants them, and the hash that an approval binds.

mod passing;

pub use passing::{Header, Passing};

use core::str::FromStr;
use std::borrow::Cow;

use crate::batch::{Cell, Checker, Going, Sums, column_letters};
use crate::canonical::approval_hash;
use crate::error::{Error, Result};
use crate::issue::Report;
use crate::money::Fen;
use crate::sheet::{self, Column, EachRow, Grid, Mapping, Table};
use crate::{pingpp, wechat};

/// What the rows of a sheet are for.
#[derive(Clone, Debug)]
pub enum Target {
    /// A batch transfer of WeChat Pay.
    WechatBatch(wechat::Limits),
    /// Transfers of WeChat Pay that every payee confirms.
    WechatBill(wechat::Limits),
    /// A batch of Ping++.
    Pingpp(pingpp::Recipients),
}

/// Every name of a target.
pub const TARGETS: [&str; 10] = [
    "wechat-batch",
    "wechat-bill",
    "pingpp:alipay",
    "pingpp:unionpay",
    "pingpp:wx",
    "pingpp:wx_pub",
    "pingpp:wx_lite",
    "pingpp:allinpay",
    "pingpp:jdpay",
    "pingpp:balance",
];

impl FromStr for Target {
    type Err = Error;

    /// The target of that name, with the default limits.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "wechat-batch" => Ok(Self::WechatBatch(wechat::Limits::default())),
            "wechat-bill" => Ok(Self::WechatBill(wechat::Limits::default())),
            _ => {
                let channel = name.strip_prefix("pingpp:").ok_or(Error::option("target"))?;
                pingpp::Recipients::new(channel, pingpp::Limits::default())
                    .map(Self::Pingpp)
                    .ok_or(Error::option("target"))
            }
        }
    }
}

impl Target {
    /// The columns that it knows.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        match self {
            Self::WechatBatch(_) => &wechat::BATCH_COLUMNS,
            Self::WechatBill(_) => &wechat::BILL_COLUMNS,
            Self::Pingpp(recipients) => recipients.columns(),
        }
    }

    /// What an approval binds besides the rows: which version of which rules, and how they are paid.
    fn bound(&self) -> Cow<'static, str> {
        match self {
            Self::WechatBatch(_) | Self::WechatBill(_) => wechat::rules::VERSION.into(),
            Self::Pingpp(recipients) => recipients.bound().into(),
        }
    }

    /// Checks the rows of a table, and adds them up; what goes on sees their cells.
    fn check<'g>(&self, checker: &mut Checker, table: &Table<'g>, rows: (Going<'_, EachRow<'_, 'g>>, &mut Sums)) {
        match self {
            Self::WechatBatch(limits) => wechat::check_batch_rows(checker, table, limits, rows),
            Self::WechatBill(limits) => wechat::check_bill_rows(checker, table, limits, rows),
            Self::Pingpp(recipients) => recipients.check_rows(checker, table, rows),
        }
    }

    /// Checks what no row alone can tell.
    fn check_whole(&self, checker: &mut Checker, sums: &Sums) {
        match self {
            Self::WechatBatch(_) | Self::WechatBill(_) => wechat::note_overflow(checker, sums),
            Self::Pingpp(recipients) => recipients.check(checker, sums),
        }
        if sums.count == 0 {
            sheet::note_empty(checker);
        }
    }
}

/// What the rows of a sheet come to.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What was found.
    pub report: Report,
    /// Every row as a JSON array of wire-named objects; amounts in fen where they can be read. Empty if only the report was asked for.
    pub rows: Vec<u8>,
    /// The approval hash: SHA-256 over the rules' version, the count, the total and every row, as hex. Empty like `rows`.
    pub hash: String,
}

/// How much is wanted of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The report alone.
    Report,
    /// The rows and the approval hash too.
    Rows,
}

/// Checks the rows of a sheet. Wrong rows are no error: the report says what is wrong.
///
/// `paid` holds rows of another file, which are warned about here.
///
/// # Errors
/// [`Error::SheetColumns`] if a required column or the unit is missing.
pub fn check(grid: &Grid, mapping: &Mapping, target: &Target, paid: Option<&Paid>, extent: Extent) -> Result<Upload> {
    let known = target.columns();
    let table = Table::new(grid, mapping, known)?;
    let mut checker = Checker::default();
    let mut rows = Vec::new();
    let mut elsewhere = Vec::new();
    let mut index = table.rows().start;
    let mut sums = Sums::default();
    let mut each = |cells: &[Option<Cell<'_>>]| {
        if extent == Extent::Rows {
            rows.push(if rows.is_empty() { b'[' } else { b',' });
            table.write(cells, &mut rows);
        }
        if paid.is_some_and(|paid| paid.holds(known, cells)) {
            elsewhere.push(index);
        }
        index += 1;
    };
    target.check(&mut checker, &table, (Going::AtHand(&mut each), &mut sums));
    target.check_whole(&mut checker, &sums);
    for row in elsewhere {
        table.note_paid_elsewhere(&mut checker, row);
    }
    let report = sums.report(checker);
    if extent == Extent::Report {
        return Ok(Upload { report, rows, hash: String::new() });
    }
    if rows.is_empty() {
        rows.push(b'[');
    }
    rows.push(b']');
    let hash = approval_hash(&target.bound(), report.count, report.total, &rows);
    Ok(Upload { report, rows, hash })
}

/// Payments that stand in another file.
#[derive(Debug, Default)]
pub struct Paid(std::collections::HashSet<(String, Fen), foldhash::fast::RandomState>);

impl Paid {
    /// Reads the payments of another sheet: payee and amount of every row where both can be read.
    ///
    /// # Errors
    /// As [`check`].
    pub fn read(grid: &Grid, mapping: &Mapping, target: &Target) -> Result<Self> {
        let known = target.columns();
        let table = Table::new(grid, mapping, known)?;
        let mut paid = Self::default();
        let mut each = |cells: &[Option<Cell<'_>>]| {
            paid.0.extend(payment(known, cells).map(|(payee, amount)| (payee.to_owned(), amount)));
        };
        target.check(&mut Checker::default(), &table, (Going::AtHand(&mut each), &mut Sums::default()));
        Ok(paid)
    }

    fn holds(&self, known: &[Column], cells: &[Option<Cell<'_>>]) -> bool {
        payment(known, cells).is_some_and(|(payee, amount)| self.0.contains(&(payee.to_owned(), amount)))
    }
}

/// Who gets what.
fn payment<'g>(known: &[Column], cells: &[Option<Cell<'g>>]) -> Option<(&'g str, Fen)> {
    let named = known.iter().zip(cells);
    let payee = named.clone().find(|(column, _)| column.payee).and_then(|(_, cell)| match cell {
        Some(Cell::Text(text) | Cell::Sound(text)) => Some(*text),
        _ => None,
    })?;
    let amount = named.clone().find(|(column, _)| column.amount).and_then(|(_, cell)| match cell {
        Some(Cell::Fen(fen)) => Some(*fen),
        Some(Cell::Yuan(text)) => Fen::from_yuan(text).ok(),
        Some(Cell::Number(text)) => Fen::from_integer(text).ok(),
        _ => None,
    })?;
    Some((payee, amount))
}

/// Which column letter holds which field.
pub fn letters<'m>(mapping: &'m Mapping, target: &'m Target) -> impl Iterator<Item = (&'static str, String)> + 'm {
    let named = target.columns().iter().zip(&mapping.places);
    named.filter_map(|(column, place)| Some((column.field.name, column_letters((*place)?))))
}
