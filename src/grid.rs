//! The form in which a sheet passes between the two modules: cell texts as they stand in the file, with what is known about each.
//!
//! Little-endian. `PSG1`, u32 number of rows; each row: u32 number as the sheet shows it, u8 flags (bit 0 hidden), u32 number of cells; each
//! cell, from column A without gaps: u8 flags ([`Flags`]), u32 length, UTF-8. Rows are in order; rows without any cell may be left out.

use crate::error::{Error, Result};

const MAGIC: &[u8; 4] = b"PSG1";
const HIDDEN: u8 = 1;
/// Bytes of a row and of a cell besides the text.
const ROW: usize = 9;
const CELL: usize = 5;

const DAMAGED: Error = Error::SheetFormat("the grid is damaged");
const TOO_LARGE: Error = Error::SheetTooLarge("the grid has more than 4 GiB");

/// What is known about a cell besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// Stored as a number; the text is the file's own text of it.
    pub const NUMBER: Self = Self(1);
    /// Holds a formula; the text is its cached result.
    pub const FORMULA: Self = Self(2);
    /// Covered by a merged range without being its top left cell; the text is empty.
    pub const COVERED: Self = Self(4);
    /// The top left cell of a merged range.
    pub const MERGED: Self = Self(8);
    /// An error value such as `#REF!`.
    pub const ERROR: Self = Self(16);
    /// A date, by its number format.
    pub const DATE: Self = Self(32);

    /// Whether all of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What is known about it.
    pub flags: Flags,
    /// Its text.
    pub text: &'a str,
}

/// What Excel shows of a number that it stores, when nothing formats it: 15 digits, no exponent.
///
/// The file holds 17 digits where 15 do not tell the binary number: 0.07 is `7.0000000000000007E-2` there. `None` for what is no number,
/// and for what has more than 15 digits before the point: those behind the fifteenth are lost, and must not be made up.
#[must_use]
pub fn shown(number: &str) -> Option<String> {
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    if whole.is_empty() || !all.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = all.trim_start_matches('0');
    // The number is 0.DIGITS times ten to the power of this.
    let power = i32::try_from(whole.len()).ok()? - i32::try_from(all.len() - digits.len()).ok()?;
    let power = power.checked_add(exponent.parse().ok()?)?;
    let (digits, power) = round(digits, power);
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    match usize::try_from(power) {
        Ok(before @ 1..=DIGITS) if digits.len() <= before => Some(format!("{sign}{digits:0<before$}")),
        Ok(before @ 1..=DIGITS) => Some(format!("{sign}{}.{}", &digits[..before], &digits[before..])),
        _ if (-20..=0).contains(&power) => {
            Some(format!("{sign}0.{}{digits}", "0".repeat(power.unsigned_abs() as usize)))
        }
        // Too long, or smaller than anything that anybody types: an error of rounding.
        _ => None,
    }
}

/// What Excel knows of a number.
const DIGITS: usize = 15;

/// 15 digits of 0.DIGITS times ten to the power of `power`.
fn round(digits: &str, power: i32) -> (String, i32) {
    let Some((kept, rest)) = digits.split_at_checked(DIGITS) else { return (digits.to_owned(), power) };
    if rest.bytes().next().is_none_or(|digit| digit < b'5') {
        return (kept.to_owned(), power);
    }
    let nines = kept.len() - kept.trim_end_matches('9').len();
    let (front, last) = kept[..DIGITS - nines].split_at((DIGITS - nines).saturating_sub(1));
    match last.bytes().next() {
        Some(digit) => (format!("{front}{}", char::from(digit + 1)), power),
        // Nothing but nines.
        None => ("1".to_owned(), power + 1),
    }
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// As the sheet shows it, from 1.
    pub number: u32,
    /// Whether the sheet hides it.
    pub hidden: bool,
    /// From column A, without gaps.
    pub cells: Vec<Cell<'a>>,
}

impl Row<'_> {
    /// How many bytes it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.cells.iter().fold(ROW, |sum, cell| sum.saturating_add(CELL + cell.text.len()))
    }
}

/// Writes rows, which have to come in order.
#[derive(Clone, Debug)]
pub struct Builder {
    bytes: Vec<u8>,
    rows: u32,
}

impl Default for Builder {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Builder {
    /// A builder for rows of so many bytes, see [`Row::size`].
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        let mut all = Vec::with_capacity(bytes.saturating_add(MAGIC.len() + 4));
        all.extend_from_slice(MAGIC);
        all.extend_from_slice(&[0; 4]);
        Self { bytes: all, rows: 0 }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Error::SheetTooLarge`] if a length does not fit 32 bits.
    pub fn push(&mut self, row: &Row<'_>) -> Result<()> {
        self.rows = self.rows.checked_add(1).ok_or(TOO_LARGE)?;
        self.number(row.number);
        self.bytes.push(if row.hidden { HIDDEN } else { 0 });
        self.length(row.cells.len())?;
        for cell in &row.cells {
            self.bytes.push(cell.flags.0);
            self.length(cell.text.len())?;
            self.bytes.extend_from_slice(cell.text.as_bytes());
        }
        Ok(())
    }

    /// The grid.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes[MAGIC.len()..MAGIC.len() + 4].copy_from_slice(&self.rows.to_le_bytes());
        self.bytes
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn length(&mut self, length: usize) -> Result<()> {
        self.number(u32::try_from(length).map_err(|_| TOO_LARGE)?);
        Ok(())
    }
}

/// Reads the rows of a grid; what is damaged comes as an error, once.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    rest: &'a [u8],
    left: u32,
}

impl<'a> Rows<'a> {
    /// Begins to read.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if this is not a grid.
    pub fn new(bytes: &'a [u8]) -> Result<Self> {
        let mut rows = Self { rest: bytes.strip_prefix(MAGIC).ok_or(DAMAGED)?, left: 0 };
        rows.left = rows.number()?;
        Ok(rows)
    }

    fn row(&mut self) -> Result<Row<'a>> {
        let number = self.number()?;
        let hidden = self.take(1)? == [HIDDEN];
        let count = self.number()? as usize;
        // What a damaged count asks for is not reserved.
        let mut cells = Vec::with_capacity(count.min(self.rest.len() / CELL));
        for _ in 0..count {
            let flags = Flags(self.take(1)?[0]);
            let length = self.number()? as usize;
            cells.push(Cell { flags, text: core::str::from_utf8(self.take(length)?).map_err(|_| DAMAGED)? });
        }
        Ok(Row { number, hidden, cells })
    }

    fn number(&mut self) -> Result<u32> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(DAMAGED)?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(DAMAGED)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Result<Row<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            // Nothing may follow the last row.
            return (!core::mem::take(&mut self.rest).is_empty()).then_some(Err(DAMAGED));
        }
        self.left -= 1;
        let row = self.row();
        if row.is_err() {
            (self.left, self.rest) = (0, &[]);
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Vec<Row<'static>> {
        let cell = |flags, text| Cell { flags, text };
        vec![
            Row {
                number: 1, hidden: false, cells: vec![cell(Flags::default(), "姓名"), cell(Flags::MERGED, "金额")]
            },
            Row { number: 7, hidden: true, cells: vec![] },
            Row { number: 9, hidden: false, cells: vec![cell(Flags::NUMBER.and(Flags::FORMULA), "0.30")] },
        ]
    }

    fn built(rows: &[Row<'_>]) -> Vec<u8> {
        let mut builder = Builder::with_capacity(rows.iter().map(Row::size).sum());
        let capacity = builder.bytes.capacity();
        rows.iter().for_each(|row| builder.push(row).expect("room"));
        assert_eq!(builder.bytes.capacity(), capacity, "Row::size does not tell the size");
        builder.finish()
    }

    #[test]
    fn a_number_is_shown_as_excel_shows_it() {
        for (text, seen) in [
            ("7.0000000000000007E-2", "0.07"),
            ("0.07000000000000001", "0.07"),
            ("0.30000000000000004", "0.3"),
            ("1234567.8899999999", "1234567.89"),
            ("12.50", "12.5"),
            ("100", "100"),
            ("1E2", "100"),
            ("1.5e+3", "1500"),
            ("202611010000001", "202611010000001"),
            ("99.999999999999986", "100"),
            ("0.99999999999999989", "1"),
            ("9.4999999999999994E-5", "0.000095"),
            ("-0.1", "-0.1"),
            ("0", "0"),
            ("-0.00", "0"),
            ("007", "7"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(seen), "{text}");
        }
        for text in [
            "1.1010119900307E+17",
            "1234567890123456",
            "999999999999999.9",
            "1E-40",
            "",
            "-",
            ".",
            "1e",
            "1e9999999999",
            "x",
            "1,0",
            "１",
            "+1",
            "1.2.3",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_built_is_what_is_read() {
        for rows in [Vec::new(), example()] {
            let grid = built(&rows);
            assert_eq!(Rows::new(&grid).expect("a grid").collect::<Result<Vec<_>>>(), Ok(rows));
        }
    }

    #[test]
    fn a_grid_that_is_cut_or_too_long_is_refused() {
        let grid = built(&example());
        fn read(bytes: &[u8]) -> Result<usize> {
            Rows::new(bytes)?.try_fold(0, |count, row| row.map(|_| count + 1))
        }
        for end in 0..grid.len() {
            assert_eq!(read(&grid[..end]), Err(DAMAGED), "{end}");
        }
        assert_eq!(read(&[grid.as_slice(), b"x"].concat()), Err(DAMAGED));
        let mut huge = grid.clone();
        huge[13..17].copy_from_slice(&[0xff; 4]);
        assert_eq!(read(&huge), Err(DAMAGED));
    }
}
