//! Separated text (RFC 4180, with the separators people use) → a grid.

use super::ROWS_A_CALL;
use super::grid::Grid;
use super::scan::Finder;
use crate::block::{count, position};
use crate::error::{Error, Result};

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
    let mut place = Place::default();
    read_rows(&mut grid, separator, &mut place, true)?;
    Ok(grid)
}

/// Where the next row begins in the text of a grid, and its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) number: u32,
}

impl Default for Place {
    fn default() -> Self {
        Self { at: 0, number: 1 }
    }
}

/// Reads the rows of the text that a grid holds. If it is not the `whole` text, a row that reaches its end is left: more of it may follow.
///
/// # Errors
/// [`Error::SheetFormat`] if a quote is never closed.
pub(super) fn read_rows(grid: &mut Grid, separator: Separator, place: &mut Place, whole: bool) -> Result<()> {
    // The text is on loan: spans are made while it is looked at.
    let text = grid.take_text();
    // A byte order mark is no text.
    if place.number == 1 && place.at == 0 && text.starts_with('\u{feff}') {
        place.at = '\u{feff}'.len_utf8();
    }
    let (separator, bytes) = (separator.byte(), text.as_bytes());
    let mut rows = Rows {
        text: &text,
        separator,
        finder: Finder::new(bytes, separator),
        at: place.at,
        number: place.number,
        whole,
    };
    let mut read = Ok(true);
    while read == Ok(true) {
        read = rows.read_some(grid);
    }
    // The end of the last row may be that of the text.
    *place = Place { at: rows.at.min(text.len()), number: rows.number };
    grid.give_text(text);
    read.map(|_| ())
}

/// Rows on their way into a grid.
#[derive(Clone, Copy)]
struct Rows<'t> {
    text: &'t str,
    separator: u8,
    finder: Finder<'t>,
    /// Where the next row begins.
    at: usize,
    /// The number of that row.
    number: u32,
    /// Whether the text ends where the sheet does.
    whole: bool,
}

impl Rows<'_> {
    /// Reads some of the rows that are left; false if there are no more.
    #[inline(never)]
    fn read_some(&mut self, grid: &mut Grid) -> Result<bool> {
        let Self { text, separator, mut finder, mut at, mut number, whole } = *self;
        let last = number.saturating_add(ROWS_A_CALL);
        let mut more = true;
        while more && number < last && at < text.len() {
            match read_row(grid, text, separator, at, &mut finder) {
                Ok(next) if whole || next < text.len() => {
                    grid.end_row(number, false)?;
                    (at, number) = (next, number + 1);
                }
                Err(error) if whole => return Err(error),
                // What is not closed here may be closed in what follows.
                _ => {
                    grid.drop_row();
                    more = false;
                }
            }
        }
        *self = Self { text, separator, finder, at, number, whole };
        Ok(more && at < text.len())
    }
}

/// Reads the cells of a row that begins at `at`; returns where the next one begins.
#[inline(always)]
fn read_row(grid: &mut Grid, text: &str, separator: u8, mut at: usize, finder: &mut Finder<'_>) -> Result<usize> {
    let bytes = text.as_bytes();
    loop {
        let end;
        if bytes[at] == b'"' {
            let close = quote(bytes, at + 1);
            let behind = finder.next(close + 1);
            if behind == close + 1 {
                end = behind;
                grid.push_span(at + 1, close)?;
            } else {
                end = push_unescaped(grid, text, at, (behind, finder))?;
            }
        } else {
            end = finder.next(at);
            grid.push_span(at, end)?;
        }
        at = end + 1;
        match bytes.get(end) {
            Some(byte) if *byte == separator => {
                // Behind the last separator stands an empty cell.
                if at == bytes.len() {
                    grid.push_span(at, at)?;
                    return Ok(at);
                }
            }
            // CR LF, LF or CR: one line end.
            Some(b'\r') if bytes.get(at) == Some(&b'\n') => return Ok(at + 1),
            _ => return Ok(at),
        }
    }
}

/// Where the next quote stands; the length of the text if there is none.
#[inline(never)]
fn quote(bytes: &[u8], from: usize) -> usize {
    position(&bytes[from..], b'"').map_or(bytes.len(), |at| from + at)
}

/// Adds a cell that begins with a quote at `start` and is not its text as it stands: quotes in it are doubled, or something follows the closing
/// quote, which belongs to it as sheets have it. Returns what ends it.
#[inline(never)]
fn push_unescaped(
    grid: &mut Grid,
    text: &str,
    start: usize,
    (mut end, finder): (usize, &mut Finder<'_>),
) -> Result<usize> {
    grid.push_written(|cell| {
        let mut from = start + 1;
        loop {
            let close = quote(text.as_bytes(), from);
            if close == text.len() {
                return Err(Error::SheetFormat("a quoted cell is never closed: look for a stray quote"));
            }
            // A second quote right behind this one stands for one in the text.
            let doubled = text.as_bytes().get(close + 1) == Some(&b'"');
            cell.push_str(&text[from..close + usize::from(doubled)]);
            from = close + 1 + usize::from(doubled);
            if !doubled {
                break;
            }
        }
        // Where the first quote seemed to close it, its end was looked for already.
        if end < from {
            end = finder.next(from);
        }
        cell.push_str(&text[from..end]);
        Ok(())
    })?;
    Ok(end)
}

/// About how many rows and cells there are, told from the beginning: growing buffers of many megabytes are copied and leave holes.
fn estimate(bytes: &[u8], separator: u8) -> (usize, usize) {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let count = |wanted: u8| count(sample, |block| block.is(wanted));
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
