//! A sheet of recipients: the columns of a channel, the checks of its rows, and the batches it becomes.

use super::approval::{Approval, bound};
use super::batch::{Batch, RECIPIENTS, Whole, finish, note_empty, note_overflow, read_head, read_row, settle};
use super::channel::{Channel, Entry, Need, Role, channel};
use super::head;
use super::list::Parts;
use super::payee::{Payee, Terms};
use super::rules::Limits;
use crate::batch::{Cell, Checker, Fields, Going, Keys, Seen, Sums};
use crate::error::{Error, Result};
use crate::sheet::{Column, EachRow, Grid, Mapping, Table};

/// Who is paid over one channel.
#[derive(Clone, Debug)]
pub struct Recipients {
    channel: &'static Channel,
    /// Whether they are companies.
    company: bool,
    limits: Limits,
    columns: Vec<Column>,
}

impl Recipients {
    /// Persons over the channel of that name, if there is one.
    #[must_use]
    pub fn new(name: &str, limits: Limits) -> Option<Self> {
        let channel = channel(name)?;
        Some(Self { channel, company: false, limits, columns: columns(channel, false) })
    }

    /// Companies over the same channel.
    #[must_use]
    pub fn companies(self) -> Self {
        Self { company: true, columns: columns(self.channel, true), ..self }
    }

    /// The columns of the channel, in the order of its fields.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What an approval binds besides the rows.
    #[must_use]
    pub fn bound(&self) -> String {
        bound(self.channel, self.company)
    }

    /// Checks what no row alone can tell.
    pub fn check(&self, checker: &mut Checker, sums: &Sums) {
        if self.company {
            head::check_companies(checker, self.channel, &self.limits);
        }
        note_overflow(checker, sums);
    }

    /// Checks the rows of a sheet, and adds them up; what goes on sees their cells.
    pub fn check_rows<'g>(
        &self,
        checker: &mut Checker,
        table: &Table<'g>,
        (going, sums): (Going<'_, EachRow<'_, 'g>>, &mut Sums),
    ) {
        match going {
            Going::AtHand(each) => self.read_rows(checker, table, sums, (each, &mut |_| {})),
            Going::Passing(hashes) => {
                let rows = self.rows(checker, table, &mut |_| {});
                self.check_payees(checker, table, &rows, (hashes, sums), &mut |_| {});
            }
        }
    }

    /// Turns a sheet into batches: checked, split as [`super::split_batch`] does, and ready to be sent, in one pass.
    ///
    /// `head` is a batch as JSON text without its recipients, its total optional.
    ///
    /// # Errors
    /// [`Error::BatchInvalid`] if a row or the head breaks a rule; [`Error::SheetColumns`] if the sheet lacks columns;
    /// [`Error::OptionsInvalid`] if `size` is zero or above the limit, or if the head is about another channel or type than the sheet;
    /// [`Error::NotApproved`] if `approved` is given and is not the approval hash of these rows.
    pub fn batches(
        &self,
        (grid, mapping): (&Grid, &Mapping),
        head: &str,
        (size, approved): (Option<usize>, Option<&str>),
    ) -> Result<Vec<Batch>> {
        let mut parts = Parts::new(size, &self.limits)?;
        let mut approval = Approval::new(approved);
        let table = Table::new(grid, mapping, &self.columns)?;
        let mut checker = Checker::default();
        let Some(fields) = head::object(&mut checker, &RECIPIENTS, head) else {
            return settle((None, checker.report(0, 0)));
        };
        if fields.get(RECIPIENTS.name).is_some() {
            // Two lists of rows: nobody can know which one is meant.
            return Err(Error::option("the head holds rows, and so does the sheet"));
        }
        let head = read_head(&mut checker, &fields, &self.limits, Whole::Upload);
        let other = |channel: &Channel| channel.name != self.channel.name;
        if head.channel.is_some_and(other) || head.company.is_some_and(|company| company != self.company) {
            return Err(Error::option("the head has another channel or type than the sheet"));
        }
        let names = || self.columns.iter().map(|column| column.field.name);
        let mut approve = |cells: &[Option<Cell<'_>>]| approval.push(names().zip(cells.iter().copied()));
        let mut sums = Sums::default();
        self.read_rows(&mut checker, &table, &mut sums, (&mut approve, &mut |payee| parts.push(payee)));
        if sums.count == 0 {
            note_empty(&mut checker);
        }
        settle(finish(checker, head, (&sums, &self.limits), Whole::Upload, (parts, approval)))
    }

    /// Checks rows that are all at hand; `each` sees their cells, `keep` what was made of them.
    fn read_rows<'g>(
        &self,
        checker: &mut Checker,
        table: &Table<'g>,
        sums: &mut Sums,
        (each, keep): (&mut EachRow<'_, 'g>, &mut dyn FnMut(&Payee<'_, '_>)),
    ) {
        let rows = self.rows(checker, table, each);
        let mut keys = Keys::with_capacity(rows.len());
        self.check_payees(checker, table, &rows, (&mut keys, sums), keep);
    }

    fn rows<'g>(&self, checker: &mut Checker, table: &Table<'g>, each: &mut EachRow<'_, 'g>) -> Vec<Fields<'g>> {
        let mut cells = vec![None; self.columns.len()];
        let mut rows = Vec::with_capacity(table.rows().len());
        for row in table.rows() {
            table.read(checker, row, &mut cells);
            each(&cells);
            let filled = self.columns.iter().zip(&cells);
            rows.push(Fields::from_cells(filled.filter_map(|(column, cell)| Some((column.field.name, (*cell)?)))));
        }
        rows
    }

    fn check_payees<'r>(
        &self,
        checker: &mut Checker,
        table: &Table<'_>,
        rows: &'r [Fields<'_>],
        (seen, sums): (&mut dyn Seen<'r>, &mut Sums),
        keep: &mut dyn FnMut(&Payee<'_, '_>),
    ) {
        let terms = Terms { channel: self.channel, company: Some(self.company), limits: &self.limits };
        for (row, fields) in table.rows().zip(rows) {
            let payee = read_row(checker, table.origin(row), fields, &terms, seen);
            sums.add(payee.amount());
            keep(&payee);
        }
    }
}

fn columns(channel: &Channel, company: bool) -> Vec<Column> {
    channel.recipient.iter().map(|entry| column(entry, company)).collect()
}

fn column(entry: &'static Entry, company: bool) -> Column {
    let (label, headers): (&'static str, &'static [&'static str]) = match entry.field.name {
        "account" => {
            ("Account", &["账户", "账号", "收款账号", "收款账户", "支付宝账号", "银行账号", "银行卡号", "卡号"])
        }
        "open_id" => ("open_id", &["openid", "用户openid", "收款用户openid"]),
        "user" => ("User", &["用户", "用户编号", "用户id"]),
        "amount" => ("Amount", &["转账金额", "实发金额", "打款金额"]),
        "name" => ("Name", &["姓名", "户名", "真实姓名", "收款方姓名"]),
        "order_no" => ("Order number", &["单号", "商户订单号", "商户单号", "明细单号"]),
        "description" => ("Description", &["说明", "描述", "转账备注", "remark"]),
        "account_type" => ("Account type", &["账号类型"]),
        "open_bank" => ("Bank", &["开户行", "银行", "开户行名称"]),
        "open_bank_code" => ("Bank code", &["银行编号", "开户行编号", "银行代码"]),
        "force_check" => ("Check the name", &["校验姓名"]),
        "card_type" => ("Card type", &["卡类型"]),
        "business_code" => ("Business code", &["业务类型"]),
        "sub_bank" => ("Branch", &["支行", "支行名称"]),
        "sub_bank_code" => ("Branch code", &["联行号"]),
        "prov" => ("Province", &["省"]),
        "city" => ("City", &["市"]),
        other => (other, &[]),
    };
    Column {
        field: &entry.field,
        label,
        headers,
        required: matches!(entry.need, Need::Always(_)) || company && matches!(entry.need, Need::Company(_)),
        amount: entry.role == Role::Amount,
        payee: matches!(entry.role, Role::Payee | Role::Card),
    }
}

#[cfg(test)]
mod tests {
    use super::super::channel::CHANNELS;
    use super::*;

    #[test]
    fn every_field_of_every_channel_has_a_name_of_its_own_in_a_sheet() {
        for channel in &CHANNELS {
            let recipients = Recipients::new(channel.name, Limits::default()).expect("a channel");
            let columns = recipients.columns();
            assert_eq!(columns.iter().filter(|column| column.amount).count(), 1);
            assert_eq!(columns.iter().filter(|column| column.payee).count(), 1);
            for (index, column) in columns.iter().enumerate() {
                assert!(column.label != column.field.name || matches!(column.label, "open_id"), "{}", column.label);
                for header in column.headers {
                    let others = columns.iter().enumerate().filter(|(other, _)| *other != index);
                    assert!(others.into_iter().all(|(_, other)| !other.headers.contains(header)), "{header}");
                }
            }
        }
    }
}
