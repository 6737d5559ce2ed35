//! Sheet bytes → rows of text, cell-exact. It knows columns, not providers.
//!
//! This version reads CSV (RFC 4180, comma) in UTF-8, with or without a byte order mark.

use csv::{ReaderBuilder, StringRecord};

use crate::error::{Error, Result};

/// A column that a target knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field it fills.
    pub field: &'static str,
    /// Headers it is recognised by, in lower case and without blanks.
    pub headers: &'static [&'static str],
    /// Whether a sheet without it is refused.
    pub required: bool,
    /// Whether it holds amounts, whose unit has to be known.
    pub amount: bool,
}

/// The unit of an amount column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AmountUnit {
    /// Yuan with at most two decimals.
    Yuan,
    /// Whole fen.
    Fen,
}

/// A sheet whose columns were recognised.
#[derive(Clone, Debug)]
pub struct Table {
    /// Which column holds which field, from 0.
    pub columns: Vec<(&'static str, usize)>,
    /// Headers that no target column claims, with their index.
    pub unknown: Vec<usize>,
    /// The unit of the amounts.
    pub unit: AmountUnit,
    /// Rows with the number the sheet shows; rows without any content are left out.
    pub rows: Vec<(u32, StringRecord)>,
}

/// Reads a sheet. `unit` is needed only where the header of the amount column does not say it.
///
/// # Errors
/// [`Error::SheetFormat`] if the bytes are not CSV in UTF-8, [`Error::SheetColumns`] if a required column or the unit is missing or given twice.
pub fn read(bytes: &[u8], known: &[Column], unit: Option<AmountUnit>) -> Result<Table> {
    let text = decode(bytes)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = (1..).zip(reader.records());
    let header = match records.next() {
        Some((_, record)) => record.map_err(|_| Error::SheetFormat("the header is not CSV"))?,
        None => return Err(Error::SheetFormat("it is empty")),
    };
    let (columns, unknown) = recognise(&header, known)?;
    let unit = settle_unit(&header, &columns, known, unit)?;
    let mut rows = Vec::new();
    for (number, record) in records {
        let record = record.map_err(|_| Error::SheetFormat("a row is not CSV"))?;
        if record.iter().any(|cell| !cell.is_empty()) {
            rows.push((number, record));
        }
    }
    Ok(Table { columns, unknown, unit, rows })
}

fn decode(bytes: &[u8]) -> Result<&str> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => return Err(Error::SheetFormat("it is an XLSX or ZIP file, save it as CSV UTF-8")),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(Error::SheetFormat("it is UTF-16, save it as CSV UTF-8")),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    core::str::from_utf8(bytes).map_err(|_| Error::SheetFormat("it is not UTF-8, save it as CSV UTF-8"))
}

type Recognised = (Vec<(&'static str, usize)>, Vec<usize>);

fn recognise(header: &StringRecord, known: &[Column]) -> Result<Recognised> {
    let mut columns: Vec<(&'static str, usize)> = Vec::new();
    let mut unknown = Vec::new();
    for (index, title) in header.iter().enumerate() {
        let title = normal(title);
        match known.iter().find(|column| column.headers.contains(&title.as_str())) {
            Some(column) if columns.iter().any(|(field, _)| *field == column.field) => {
                return Err(Error::SheetColumns(format!("{} stands in two columns", column.field)));
            }
            Some(column) => columns.push((column.field, index)),
            None => unknown.push(index),
        }
    }
    let missing: Vec<_> = known
        .iter()
        .filter(|column| column.required && !columns.iter().any(|(field, _)| *field == column.field))
        .map(|column| column.field)
        .collect();
    if missing.is_empty() { Ok((columns, unknown)) } else { Err(Error::SheetColumns(missing.join(", "))) }
}

/// Lower case, no blanks, half-width brackets: what tells one header from another.
fn normal(title: &str) -> String {
    let plain = title.trim_start_matches('\u{feff}').chars().filter(|c| !c.is_whitespace());
    plain
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn settle_unit(
    header: &StringRecord,
    columns: &[(&'static str, usize)],
    known: &[Column],
    given: Option<AmountUnit>,
) -> Result<AmountUnit> {
    let amount = known.iter().find(|column| column.amount).map(|column| column.field);
    let title = columns
        .iter()
        .find(|(field, _)| Some(*field) == amount)
        .and_then(|(_, index)| header.get(*index))
        .map(normal)
        .unwrap_or_default();
    let said = if title.contains("(元)") || title.contains("(yuan)") {
        Some(AmountUnit::Yuan)
    } else if title.contains("(分)") || title.contains("(fen)") || Some(title.as_str()) == amount {
        // A header that is the wire name means the wire's unit.
        Some(AmountUnit::Fen)
    } else {
        None
    };
    match (said, given) {
        (Some(said), Some(given)) if said != given => {
            Err(Error::SheetColumns("the header and amountUnit name different units".to_owned()))
        }
        (Some(unit), _) | (None, Some(unit)) => Ok(unit),
        (None, None) => Err(Error::SheetColumns(
            "the unit of the amounts: write 金额(元) or 金额(分), or pass amountUnit".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Column; 2] = [
        Column { field: "openid", headers: &["openid"], required: true, amount: false },
        Column {
            field: "transfer_amount",
            headers: &["transfer_amount", "金额", "金额(元)", "金额(分)"],
            required: true,
            amount: true,
        },
    ];

    fn read(text: &str) -> Result<Table> {
        super::read(text.as_bytes(), &KNOWN, None)
    }

    #[test]
    fn quotes_line_ends_and_a_byte_order_mark_are_read_exactly() {
        let table = read("\u{feff}OpenID,金额（元）,注\r\n\"a\"\"b\n,c\",1.20,x\r\n,,\r\nd,3").expect("a sheet");
        assert_eq!(table.columns, [("openid", 0), ("transfer_amount", 1)]);
        assert_eq!((table.unknown, table.unit), (vec![2], AmountUnit::Yuan));
        assert_eq!(
            table.rows,
            [(2, StringRecord::from(vec!["a\"b\n,c", "1.20", "x"])), (4, StringRecord::from(vec!["d", "3"]))]
        );
    }

    #[test]
    fn the_unit_is_never_guessed() {
        assert_eq!(read("openid,transfer_amount\n").map(|table| table.unit), Ok(AmountUnit::Fen));
        assert_eq!(read("openid,金额(分)\n").map(|table| table.unit), Ok(AmountUnit::Fen));
        assert!(matches!(read("openid,金额\n"), Err(Error::SheetColumns(_))));
        assert_eq!(
            super::read("openid,金额\n".as_bytes(), &KNOWN, Some(AmountUnit::Yuan)).map(|table| table.unit),
            Ok(AmountUnit::Yuan)
        );
        assert!(matches!(
            super::read("openid,金额(分)\n".as_bytes(), &KNOWN, Some(AmountUnit::Yuan)),
            Err(Error::SheetColumns(_))
        ));
    }

    #[test]
    fn what_is_not_a_sheet_is_refused_with_a_reason() {
        for bytes in [b"PK\x03\x04rest".as_slice(), b"\xff\xfeo\0", b"openid,\xbd\xf0\xb6\xee\n", b""] {
            assert!(matches!(super::read(bytes, &KNOWN, None), Err(Error::SheetFormat(_))));
        }
        assert_eq!(read("a,b\n").map(|_| ()), Err(Error::SheetColumns("openid, transfer_amount".to_owned())));
        assert!(matches!(read("openid,openid,金额(元)\n"), Err(Error::SheetColumns(_))));
    }
}
