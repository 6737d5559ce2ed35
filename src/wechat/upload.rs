//! A sheet of payees: its columns, the checks of its rows, and the batches it becomes.

use core::ops::Range;

use super::batch::{Batch, Whole, finish, number, object, read_head};
use super::detail::{Cells, Checked, Names, Terms, check};
use super::list::Parts;
use super::rules::{
    BILL_NAME, BILL_REMARK, DETAIL_FIELDS, DETAILS, Limits, OPENID, OUT_BILL_NO, OUT_DETAIL_NO, TRANSFER_AMOUNT,
    TRANSFER_REMARK, USER_NAME, V06,
};
use crate::batch::{Checker, Field, Going, Keys, Origin, Seen, Sums};
use crate::error::{Error, Result};
use crate::issue::Reason;
use crate::sheet::{Column, EachRow, Grid, Mapping, Table};

const fn column(
    field: &'static Field,
    label: &'static str,
    required: bool,
    headers: &'static [&'static str],
) -> Column {
    Column { field, label, headers, required, amount: false, payee: false }
}

const AMOUNT: Column = Column {
    amount: true,
    ..column(&TRANSFER_AMOUNT, "Amount", true, &["金额", "转账金额", "实发金额", "打款金额", "amount"])
};
const REMARK: &[&str] = &["备注", "转账备注", "说明", "remark"];
const PAYEE: Column =
    Column { payee: true, ..column(&OPENID, "openid", true, &["openid", "收款用户openid", "用户openid"]) };
const NAME: &[&str] = &["姓名", "收款人姓名", "收款用户姓名", "真实姓名", "name"];

/// The columns of a batch, in the order of its fields.
pub static BATCH_COLUMNS: [Column; DETAIL_FIELDS.len()] = [
    column(&OUT_DETAIL_NO, "Detail number", true, &["商家明细单号", "商户明细单号", "明细单号", "单号"]),
    AMOUNT,
    column(&TRANSFER_REMARK, "Remark", true, REMARK),
    PAYEE,
    column(&USER_NAME, "Name", false, NAME),
];

/// The columns of bills, in the order of their fields.
pub static BILL_COLUMNS: [Column; DETAIL_FIELDS.len()] = [
    column(&OUT_BILL_NO, "Bill number", true, &["商户单号", "商家单号", "单号"]),
    AMOUNT,
    column(&BILL_REMARK, "Remark", true, REMARK),
    PAYEE,
    column(&BILL_NAME, "Name", false, NAME),
];

/// Checks the rows of a sheet as those of a batch, and adds them up; what goes on sees their cells.
pub fn check_batch_rows<'g>(
    checker: &mut Checker,
    table: &Table<'g>,
    limits: &Limits,
    rows: (Going<'_, EachRow<'_, 'g>>, &mut Sums),
) {
    check_cells(checker, table, Terms::batch(limits, Names::Plain), rows);
}

/// The same for bills.
pub fn check_bill_rows<'g>(
    checker: &mut Checker,
    table: &Table<'g>,
    limits: &Limits,
    rows: (Going<'_, EachRow<'_, 'g>>, &mut Sums),
) {
    check_cells(checker, table, Terms::bill(limits), rows);
}

fn check_cells<'g>(
    checker: &mut Checker,
    table: &Table<'g>,
    terms: Terms<'_>,
    (going, sums): (Going<'_, EachRow<'_, 'g>>, &mut Sums),
) {
    match going {
        Going::AtHand(each) => {
            check_rows(checker, table, terms, sums, &mut |cells, _| each(cells));
        }
        Going::Passing(hashes) => {
            for rows in table.parts() {
                check_some_rows(checker, table, (rows, terms), (hashes, sums), |_, _| {});
            }
        }
    }
}

/// Checks rows that are all at hand. `each` is called through a pointer, so that there is one check for all who look on.
fn check_rows<'g>(
    checker: &mut Checker,
    table: &Table<'g>,
    terms: Terms<'_>,
    sums: &mut Sums,
    each: &mut dyn FnMut(&Cells<'g>, &Checked<'g>),
) {
    let mut keys = Keys::with_capacity(table.rows().len());
    for rows in table.parts() {
        check_some_rows(checker, table, (rows, terms), (&mut keys, sums), &mut *each);
    }
}

#[inline(never)]
fn check_some_rows<'g>(
    checker: &mut Checker,
    table: &Table<'g>,
    (rows, terms): (Range<usize>, Terms<'_>),
    (seen, sums): (&mut impl Seen<'g>, &mut Sums),
    mut each: impl FnMut(&Cells<'g>, &Checked<'g>),
) {
    let mut cells: Cells<'g> = [None; DETAIL_FIELDS.len()];
    for row in rows {
        table.read(checker, row, &mut cells);
        let checked = check(checker, seen, &table.origin(row), &cells, &terms);
        sums.add(checked.amount);
        each(&cells, &checked);
    }
}

/// Turns a sheet into batches of at most `size` rows: checked, split as [`super::split_batch`] does, and ready to be sealed, in one pass.
///
/// `head` is a batch as JSON text without its rows, its totals optional.
///
/// # Errors
/// [`Error::BatchInvalid`] if a row or the head breaks a rule; [`Error::SheetColumns`] if the sheet lacks columns; [`Error::OptionsInvalid`] if
/// `size` is zero or above the limit, or makes more than 999 batches; [`Error::NotApproved`] if `approved` is given and is not the approval hash of these rows.
pub fn batches(
    (grid, mapping): (&Grid, &Mapping),
    head: &str,
    (size, approved): (usize, Option<&str>),
    limits: &Limits,
) -> Result<Vec<Batch>> {
    let mut parts = Parts::new(size, approved, limits)?;
    let table = Table::new(grid, mapping, &BATCH_COLUMNS)?;
    let mut checker = Checker::default();
    let invalid = |report| Error::BatchInvalid(Box::new(report));
    let Some(fields) = object(&mut checker, head) else { return Err(invalid(checker.report(0, 0))) };
    if fields.get(DETAILS.name).is_some() {
        // Two lists of rows: nobody can know which one is meant.
        return Err(Error::option("the head holds rows, and so does the sheet"));
    }
    let head = read_head(&mut checker, &fields, limits, Whole::Upload);
    let mut sums = Sums::default();
    let terms = Terms::batch(limits, Names::Plain);
    check_rows(&mut checker, &table, terms, &mut sums, &mut |_, checked| {
        if let Some(detail) = &checked.detail {
            parts.push(detail);
        }
    });
    if sums.count == 0 {
        checker.note(&Origin::Batch, &DETAILS, &V06, Reason::Empty, None);
    }
    let (found, report) = finish(checker, &fields, sums, head.map(|head| (head, parts)), Whole::Upload);
    Ok(number(found.ok_or_else(|| invalid(report))?)?.collect())
}
