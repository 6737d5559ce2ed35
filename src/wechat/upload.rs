//! A sheet of payees for a batch transfer: recognised columns → checked rows, with places in the sheet.

use std::borrow::Cow;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::detail::check_cells;
use super::rules::{self, DETAIL_FIELDS, Limits, TRANSFER_AMOUNT, V27};
use crate::batch::{Cell, Checker, Fields, Origin, column_letters};
use crate::canonical::{ObjectWriter, hex, push_string};
use crate::error::Result;
use crate::issue::{Issue, Reason, Report};
use crate::money::Fen;
use crate::sheet::{self, AmountUnit, Column, Table};

/// The columns of a sheet of payees, by the headers people use.
static COLUMNS: [Column; 5] = [
    Column {
        field: "out_detail_no",
        headers: &["out_detail_no", "商家明细单号", "商户明细单号", "明细单号", "单号"],
        required: true,
        amount: false,
    },
    Column {
        field: "transfer_amount",
        headers: &[
            "transfer_amount",
            "转账金额",
            "转账金额(元)",
            "转账金额(分)",
            "金额",
            "金额(元)",
            "金额(分)",
            "amount",
            "amount(yuan)",
            "amount(fen)",
        ],
        required: true,
        amount: true,
    },
    Column {
        field: "transfer_remark",
        headers: &["transfer_remark", "转账备注", "备注", "remark"],
        required: true,
        amount: false,
    },
    Column {
        field: "openid", headers: &["openid", "收款用户openid", "用户openid"], required: true, amount: false
    },
    Column {
        field: "user_name",
        headers: &["user_name", "收款用户姓名", "收款人姓名", "姓名", "name"],
        required: false,
        amount: false,
    },
];

/// What a sheet holds.
#[derive(Debug)]
pub struct Upload {
    /// Every row that is not blank, as a JSON array of wire-named objects; amounts in fen where they can be read.
    pub rows: String,
    /// What was found.
    pub report: Report,
    /// Which column letter holds which field.
    pub columns: Vec<(&'static str, String)>,
    /// The approval hash: SHA-256 over the rules' version, the count, the total and every row, as hex.
    pub hash: String,
}

impl Upload {
    /// Reads and checks a sheet. A file with wrong rows is not an error: its report says what is wrong.
    ///
    /// # Errors
    /// [`crate::error::Error::SheetFormat`] or [`crate::error::Error::SheetColumns`] if the file as a whole cannot be read.
    pub fn read(bytes: &[u8], unit: Option<AmountUnit>, limits: &Limits) -> Result<Self> {
        let table = sheet::read(bytes, &COLUMNS, unit)?;
        let mut checker = Checker::default();
        let origin = |row| Origin::Sheet { row, columns: &table.columns };
        let rows: Vec<(Origin<'_>, Fields<'_>)> =
            table.rows.iter().map(|(number, record)| (origin(*number), cells(&table, record))).collect();
        let total = check_cells(&mut checker, rows.iter().map(|(origin, fields)| (*origin, fields)), limits);
        note_extra_cells(&mut checker, &table);
        let total = total.unwrap_or_default();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let rows = write_rows(rows.iter().map(|(_, fields)| fields));
        let mut hash = Sha256::new();
        hash.update(format!("{}\n{count}\n{}\n", rules::VERSION, total.get()));
        hash.update(&rows);
        let columns = table.columns.iter().map(|(field, index)| (*field, column_letters(*index))).collect();
        Ok(Self { rows, report: checker.report(count, total.get()), columns, hash: hex(&hash.finalize()) })
    }

    /// The whole result as JSON text; `issue` says how an issue is written.
    pub fn to_json<V: Serialize>(&self, issue: impl Fn(&Issue) -> V) -> String {
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out);
        object.raw("rows").extend_from_slice(self.rows.as_bytes());
        let issues: Vec<V> = self.report.issues.iter().map(issue).collect();
        object.raw("issues").extend_from_slice(&serde_json::to_vec(&issues).unwrap_or_else(|_| b"[]".to_vec()));
        object.integer("count", self.report.count.into());
        object.integer("total", self.report.total);
        object.text("encoding", "utf-8");
        let columns = object.raw("columns");
        let mut letters = ObjectWriter::new(columns);
        for (field, letter) in &self.columns {
            letters.text(field, letter);
        }
        letters.end();
        object.text("hash", &self.hash);
        object.end();
        String::from_utf8(out).unwrap_or_default()
    }
}

fn cells<'t>(table: &Table, record: &'t csv::StringRecord) -> Fields<'t> {
    let filled = table
        .columns
        .iter()
        .filter_map(|(field, index)| record.get(*index).filter(|cell| !cell.is_empty()).map(|cell| (*field, cell)));
    let cells = filled.map(|(field, text)| {
        let text = Cow::Borrowed(text);
        let cell = match table.unit {
            _ if field != TRANSFER_AMOUNT.name => Cell::Text(text),
            AmountUnit::Yuan => Cell::Yuan(text),
            AmountUnit::Fen => Cell::Number(text),
        };
        (Cow::Borrowed(field), cell)
    });
    Fields::from_cells(cells.collect())
}

/// Content under a header nobody knows, or beside the table, is said: it will not be sent.
fn note_extra_cells(checker: &mut Checker, table: &Table) {
    let width = table.columns.len() + table.unknown.len();
    for (row, record) in &table.rows {
        if record.len() > width && record.iter().skip(width).any(|cell| !cell.is_empty()) {
            let origin = Origin::Sheet { row: *row, columns: &table.columns };
            checker.note_as(V27.severity, &origin, ("", "表外内容"), &V27, Reason::UnknownField, None);
        }
    }
}

fn write_rows<'f>(rows: impl Iterator<Item = &'f Fields<'f>>) -> String {
    let mut out = vec![b'['];
    for (index, fields) in rows.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut object = ObjectWriter::new(&mut out);
        for field in DETAIL_FIELDS {
            match fields.get(field.name) {
                Some(Cell::Text(text)) => push_string(object.raw(field.name), text),
                Some(Cell::Yuan(text)) => integer(&mut object, field.name, Fen::from_yuan(text).ok()),
                Some(Cell::Number(text)) => integer(&mut object, field.name, Fen::from_integer(text).ok()),
                _ => {}
            }
        }
        object.end();
    }
    out.push(b']');
    String::from_utf8(out).unwrap_or_default()
}

fn integer(object: &mut ObjectWriter<'_>, name: &str, amount: Option<Fen>) {
    if let Some(amount) = amount {
        object.integer(name, amount.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_by_their_wire_names_and_issues_name_the_cell() {
        let csv = "商户明细单号,openid,姓名,金额(元),备注\nd00001,oA,张三,1.20,工资\nd00001,oA,张三,1.2,工资\nd00003,,李四,abc,工资,x\n";
        let upload = Upload::read(csv.as_bytes(), None, &Limits::default()).expect("a sheet");
        assert_eq!(
            upload.rows,
            r#"[{"out_detail_no":"d00001","transfer_amount":120,"transfer_remark":"工资","openid":"oA","user_name":"张三"},{"out_detail_no":"d00001","transfer_amount":120,"transfer_remark":"工资","openid":"oA","user_name":"张三"},{"out_detail_no":"d00003","transfer_remark":"工资","user_name":"李四"}]"#
        );
        let found: Vec<_> = upload
            .report
            .issues
            .iter()
            .map(|issue| (issue.rule.id, issue.reason.key(), issue.place.path.as_str(), issue.place.row))
            .collect();
        assert_eq!(
            found,
            [
                ("V04", "duplicate", "A3", Some(3)),
                ("V25", "duplicate-payment", "B3", Some(3)),
                ("V09", "amount-not-number", "D4", Some(4)),
                ("V15", "missing", "B4", Some(4)),
                ("V27", "unknown-field", "4", Some(4)),
            ]
        );
        assert_eq!((upload.report.count, upload.report.total), (3, 240));
        assert!(upload.to_json(|issue| issue.rule.id).starts_with(r#"{"rows":[{"out_detail_no""#));
    }

    #[test]
    fn the_hash_binds_every_row() {
        let hash = |amount: &str| {
            let csv = format!("单号,openid,金额(元),备注\nd00001,oA,{amount},工资\n");
            Upload::read(csv.as_bytes(), None, &Limits::default()).expect("a sheet").hash
        };
        assert_eq!(hash("1.2"), hash("1.20"));
        assert_ne!(hash("1.2"), hash("1.21"));
        assert_eq!(hash("1.2").len(), 64);
    }
}
