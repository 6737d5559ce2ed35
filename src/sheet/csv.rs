//! Separated text (RFC 4180, with the separators people use) → a grid.

use super::grid::Grid;
use super::scan::Finder;
use crate::error::{Error, Result};
use crate::grid::Flags;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`
    Semicolon,
}

impl Separator {
    /// Every separator.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Tab, Self::Semicolon];

    /// The character.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => ",",
            Self::Tab => "\t",
            Self::Semicolon => ";",
        }
    }

    const fn byte(self) -> u8 {
        self.as_str().as_bytes()[0]
    }

    /// The one that stands most often in the first line that holds any, outside of quotes; a comma if there is none.
    pub(super) fn detect(text: &str) -> Self {
        for line in text.lines().take(20) {
            let mut counts = [0; Self::ALL.len()];
            let mut quoted = false;
            for byte in line.bytes() {
                quoted ^= byte == b'"';
                if let Some(at) = Self::ALL.iter().position(|separator| separator.byte() == byte && !quoted) {
                    counts[at] += 1;
                }
            }
            if let Some(most) = counts.into_iter().max().filter(|most| *most > 0) {
                let at = counts.iter().position(|count| *count == most).unwrap_or_default();
                return Self::ALL[at];
            }
        }
        Self::Comma
    }
}

/// Reads a text. A cell in quotes may hold separators, line ends and doubled quotes; a quote inside an unquoted cell is itself. A row counts as
/// one row of the sheet however many lines it has, and blank lines count.
///
/// # Errors
/// [`Error::SheetFormat`] if a quote is never closed.
pub(super) fn read(text: String, separator: Separator) -> Result<Grid> {
    let (rows, cells) = estimate(text.as_bytes(), separator.byte());
    let mut grid = Grid::over(text, rows, cells);
    // The text is on loan: spans are made while it is looked at.
    let text = grid.take_text();
    let read = read_rows(&mut grid, &text, separator.byte());
    grid.give_text(text);
    read.map(|()| grid)
}

fn read_rows(grid: &mut Grid, text: &str, separator: u8) -> Result<()> {
    let bytes = text.as_bytes();
    let mut finder = Finder::new(bytes, separator);
    // A byte order mark is no text.
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut number = 1;
    while at < bytes.len() {
        loop {
            let end = if bytes[at] == b'"' { read_quoted(grid, text, at, &mut finder)? } else { finder.next(at) };
            if bytes[at] != b'"' {
                grid.push_span(at, end)?;
            }
            at = end;
            if bytes.get(at) != Some(&separator) {
                break;
            }
            at += 1;
            if at == bytes.len() {
                grid.push_span(at, at)?;
                break;
            }
        }
        // CR LF, LF or CR: one line end.
        at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
        grid.end_row(number, false)?;
        number += 1;
    }
    Ok(())
}

/// Reads a cell that begins with a quote at `start`; returns what ends it. What follows the closing quote belongs to the cell, as sheets have it.
fn read_quoted(grid: &mut Grid, text: &str, start: usize, finder: &mut Finder<'_>) -> Result<usize> {
    let open = start + 1;
    let quote = |from: usize| text[from..].find('"').map(|at| from + at);
    let unclosed = || Error::SheetFormat("a quoted cell is never closed: look for a stray quote");
    let mut close = quote(open).ok_or_else(unclosed)?;
    let mut unescaped: Option<String> = None;
    let mut from = open;
    while text.as_bytes().get(close + 1) == Some(&b'"') {
        unescaped.get_or_insert_default().push_str(&text[from..=close]);
        from = close + 2;
        close = quote(from).ok_or_else(unclosed)?;
    }
    let end = finder.next(close + 1);
    if unescaped.is_none() && end == close + 1 {
        grid.push_span(open, close)?;
    } else {
        let mut cell = unescaped.unwrap_or_default();
        cell.push_str(&text[from..close]);
        cell.push_str(&text[close + 1..end]);
        grid.push_text(&cell, Flags::default())?;
    }
    Ok(end)
}

/// About how many rows and cells there are, told from the beginning: growing buffers of many megabytes are copied and leave holes.
fn estimate(bytes: &[u8], separator: u8) -> (usize, usize) {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let count = |wanted: u8| sample.iter().filter(|byte| **byte == wanted).count();
    let (lines, separators) = (count(b'\n').max(count(b'\r')), count(separator));
    if sample.len() == bytes.len() {
        return (lines + 1, lines + separators + 1);
    }
    let scale = |count: usize| (count + 1) * (bytes.len() / sample.len() + 1) / 50 * 52;
    (scale(lines), scale(lines + separators))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, separator: Separator) -> Vec<(u32, Vec<String>)> {
        let grid = read(text.to_owned(), separator).expect("a grid");
        let row = |row| (grid.number(row), grid.cells(row).map(|cell| cell.text.to_owned()).collect());
        (0..grid.len()).map(row).collect()
    }

    #[test]
    fn quotes_line_ends_and_blank_lines_are_read_as_sheets_do() {
        let text = "a,b\r\n\"x\"\"y\n,z\",\"\"\r\r\n\"q\"r,s\"t\n,,\n\"last\"";
        let row = |number, cells: &[&str]| (number, cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            cells(text, Separator::Comma),
            [row(1, &["a", "b"]), row(2, &["x\"y\n,z", ""]), row(4, &["qr", "s\"t"]), row(6, &["last"])]
        );
        assert_eq!(cells("a;b\n1,5;2;", Separator::Semicolon), [row(1, &["a", "b"]), row(2, &["1,5", "2", ""])]);
        assert_eq!(cells("", Separator::Comma), []);
        assert_eq!(cells("\u{feff}\"a\",b", Separator::Comma), [row(1, &["a", "b"])]);
        assert!(read("a,\"b\n".to_owned(), Separator::Comma).is_err());
        assert!(read("a,\"b\"\"\n".to_owned(), Separator::Comma).is_err());
    }

    #[test]
    fn the_separator_is_told_from_the_first_line_that_has_one() {
        assert_eq!(Separator::detect("\"a;b;c\",d\n"), Separator::Comma);
        assert_eq!(Separator::detect("title\n\na\tb\tc,d\n"), Separator::Tab);
        assert_eq!(Separator::detect("a;b;c"), Separator::Semicolon);
        assert_eq!(Separator::detect("openid"), Separator::Comma);
    }

    #[test]
    fn the_csv_crate_reads_the_same_cells() {
        use chacha20::rand_core::Rng;
        let mut rng = crate::entropy::Entropy::from_bytes([21; 32]).rng();
        for _ in 0..4000 {
            let length = rng.next_u32() as usize % 60;
            let text: String = (0..length)
                .map(|_| ["a", "名", ",", "\n", "\"", "\"\"", "\r\n", ",\"", "\","][rng.next_u32() as usize % 9])
                .collect();
            let Ok(grid) = read(text.clone(), Separator::Comma) else { continue };
            let ours: Vec<Vec<&str>> =
                (0..grid.len()).map(|row| grid.cells(row).map(|cell| cell.text).collect()).collect();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
            let theirs: Vec<Vec<&str>> = theirs
                .iter()
                .map(|record| record.iter().collect())
                .filter(|row: &Vec<&str>| row.iter().any(|cell| !cell.is_empty()))
                .collect();
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
}
