//! A sheet written back: corrected, or with a column of reasons; and templates.

use std::borrow::Cow;

use super::columns::{AmountUnit, Column};
use super::grid::Grid;
use crate::error::Result;
use crate::grid::{Builder, Cell, Flags, Row};
use crate::issue::{Issue, Locale};

/// One row to be written: the number and visibility it had, and its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'g> {
    /// The number that the sheet shows, from 1.
    pub number: u32,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Its cells.
    pub cells: Vec<Cow<'g, str>>,
}

/// The rows of a grid as they stand.
pub fn plain(grid: &Grid) -> impl ExactSizeIterator<Item = Line<'_>> {
    (0..grid.len()).map(|row| Line {
        number: grid.number(row),
        hidden: grid.is_hidden(row),
        cells: grid.cells(row).map(|cell| Cow::Borrowed(cell.text)).collect(),
    })
}

/// The rows of a grid with what is wrong in each beside it. `issues` are in row order.
pub fn with_reasons<'g>(
    grid: &'g Grid,
    header: usize,
    issues: &'g [Issue],
    locale: Locale,
) -> impl ExactSizeIterator<Item = Line<'g>> {
    let width = (0..grid.len()).map(|row| grid.width(row)).max().unwrap_or_default();
    let mut rest = issues;
    plain(grid).enumerate().map(move |(row, mut line)| {
        let before = rest.iter().take_while(|issue| issue.place.row.is_none_or(|number| number < line.number)).count();
        let here = rest[before..].iter().take_while(|issue| issue.place.row == Some(line.number)).count();
        let reasons: Vec<String> = rest[before..before + here]
            .iter()
            .map(|issue| format!("{} {}", issue.place.path, issue.message(locale)))
            .collect();
        rest = &rest[before + here..];
        let title = match (row == header, locale) {
            (true, Locale::Zh) => "问题",
            (true, Locale::En) => "Issues",
            (false, _) => "",
        };
        line.cells.resize(width, Cow::Borrowed(""));
        line.cells.push(if row == header { Cow::Borrowed(title) } else { Cow::Owned(reasons.join("; ")) });
        line
    })
}

/// The header of a sheet for these columns, with amounts in yuan.
#[must_use]
pub fn template<'c>(known: &'c [Column], locale: Locale) -> Line<'c> {
    let title = |column: &'c Column| {
        let label = if locale == Locale::Zh { column.field.label } else { column.label };
        match (column.amount, locale) {
            (false, _) => Cow::Borrowed(label),
            (true, Locale::Zh) => Cow::Owned(format!("{label}(元)")),
            (true, Locale::En) => Cow::Owned(format!("{label}(yuan)")),
        }
    };
    Line { number: 1, hidden: false, cells: known.iter().map(title).collect() }
}

impl AmountUnit {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yuan => "yuan",
            Self::Fen => "fen",
        }
    }
}

/// CSV in UTF-8 with a byte order mark and CR LF, as every spreadsheet reads it. Nothing in it is run as a formula.
#[must_use]
pub fn to_csv<'g>(lines: impl Iterator<Item = Line<'g>>) -> Vec<u8> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    let mut number = 1;
    for line in lines {
        // Rows that held nothing are kept, so that a row keeps its number.
        while number < line.number {
            out.extend_from_slice(b"\r\n");
            number += 1;
        }
        for (index, cell) in line.cells.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            push_cell(&mut out, &harmless(cell));
        }
        out.extend_from_slice(b"\r\n");
        number += 1;
    }
    out
}

/// The form that the writer of other containers takes, see [`crate::grid`]: every cell is text, whatever it was before, because a number would
/// lose its zeros again.
///
/// # Errors
/// [`crate::error::Error::SheetTooLarge`] above 4 GiB.
pub fn to_interchange<'g>(lines: impl Iterator<Item = Line<'g>>) -> Result<Vec<u8>> {
    let mut builder = Builder::default();
    for Line { number, hidden, cells } in lines {
        let cells = cells.iter().map(|text| Cell { flags: Flags::default(), text }).collect();
        builder.push(&Row { number, hidden, cells })?;
    }
    Ok(builder.finish())
}

fn push_cell(out: &mut Vec<u8>, text: &str) {
    if !text.contains([',', '"', '\r', '\n', ';', '\t']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// A text that begins like a formula gets an apostrophe, which spreadsheets take as "this is text". Numbers with a sign stay numbers.
fn harmless(text: &str) -> Cow<'_, str> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let formula = match text.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !number(&text[1..]),
        _ => false,
    };
    if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_quoted_numbered_and_harmless() {
        let line = |number, cells: &[&str]| Line {
            number,
            hidden: false,
            cells: cells.iter().map(|cell| Cow::Owned((*cell).to_owned())).collect(),
        };
        let csv = to_csv([line(1, &["a", "b,\"c\""]), line(3, &["=1+1", "-1.5", "-x", "@a", "+86"])].into_iter());
        let grid = to_interchange([line(2, &["a", ""]), line(5, &["", "=b"])].into_iter())
            .and_then(|bytes| Grid::from_interchange(&bytes))
            .expect("a grid");
        let back: Vec<_> = plain(&grid).collect();
        assert_eq!(back, [line(2, &["a", ""]), line(5, &["", "=b"])]);
        let expected = "\u{feff}a,\"b,\"\"c\"\"\"\r\n\r\n'=1+1,-1.5,'-x,'@a,+86\r\n";
        assert_eq!(String::from_utf8(csv).expect("UTF-8"), expected);
    }
}
