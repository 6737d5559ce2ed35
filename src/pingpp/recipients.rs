//! A sheet of recipients: the columns of a channel, and the checks of its rows.

use super::batch::read_row;
use super::channel::{Channel, Entry, Need, Role, channel};
use super::payee::Terms;
use super::rules::{Limits, PP08};
use crate::batch::{Cell, Checker, Fields, Origin, Seen};
use crate::issue::{Reason, Severity};
use crate::money::Fen;
use crate::sheet::{Column, Table};

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
        let columns = channel.recipient.iter().map(column).collect();
        Some(Self { channel, company: false, limits, columns })
    }

    /// The columns of the channel, in the order of its fields.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Checks the rows of a sheet. Returns the sum in fen, unless it is too large; `each` sees the cells of every row.
    pub fn check<'g>(
        &self,
        checker: &mut Checker,
        table: &Table<'g>,
        mut each: impl FnMut(&[Option<Cell<'g>>]),
    ) -> Option<Fen> {
        let mut cells = vec![None; self.columns.len()];
        let mut rows = Vec::with_capacity(table.rows().len());
        for row in table.rows() {
            table.read(checker, row, &mut cells);
            each(&cells);
            let filled = self.columns.iter().zip(&cells);
            rows.push(Fields::from_cells(filled.filter_map(|(column, cell)| Some((column.field.name, (*cell)?)))));
        }
        let terms = Terms { channel: self.channel, company: Some(self.company), limits: &self.limits };
        let mut seen = Seen::with_capacity(rows.len());
        let mut total = Some(Fen::default());
        for (row, fields) in table.rows().zip(&rows) {
            let payee = read_row(checker, table.origin(row), fields, &terms, &mut seen);
            if let Some(amount) = payee.amount() {
                total = total.and_then(|sum| sum.checked_add(amount));
            }
        }
        if total.is_none() {
            let name = ("amount", "总金额");
            checker.note_as(Severity::Error, &Origin::Batch, name, &PP08, Reason::SumOverflow, None);
        }
        total
    }
}

fn column(entry: &'static Entry) -> Column {
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
        required: matches!(entry.need, Need::Always(_)),
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
