//! A sheet as text in places: every cell a span of one buffer, no string per cell.

use crate::error::{Error, Result};
use crate::grid as interchange;

/// What a file says of a cell besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Stored as a number; the text is what a spreadsheet shows of it, or the file's own where digits are lost.
    pub const NUMBER: Self = Self(1);
    /// Holds a formula; the text is its last result.
    pub const FORMULA: Self = Self(2);
    /// Lies under a merged range whose text stands elsewhere.
    pub const COVERED: Self = Self(4);
    /// Is the first cell of a merged range.
    pub const MERGED: Self = Self(8);
    /// Holds an error such as `#REF!`.
    pub const FAULT: Self = Self(16);
    /// Is shown as a date.
    pub const DATE: Self = Self(32);

    /// Whether any of `other` is set.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Where a cell's text stands: 8 bytes a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    /// 24 bits of length, 6 of marks, and whether the text stands in `extra`.
    rest: u32,
}

const LENGTH: u32 = (1 << 24) - 1;
const EXTRA: u32 = 1 << 31;

impl Span {
    #[inline(always)]
    fn new(start: usize, length: usize, marks: Marks) -> Result<Self> {
        let length = u32::try_from(length).ok().filter(|length| *length <= LENGTH);
        let start = u32::try_from(start).map_err(|_| Error::SheetTooLarge("it holds more than 4 GiB of text"))?;
        let length = length.ok_or(Error::SheetFormat("a cell holds more than 16 MiB"))?;
        Ok(Self { start, rest: length | u32::from(marks.0) << 24 })
    }

    const fn marks(self) -> Marks {
        Marks((self.rest >> 24 & 0x3f) as u8)
    }

    const fn range(self) -> core::ops::Range<usize> {
        self.start as usize..self.start as usize + (self.rest & LENGTH) as usize
    }
}

/// A row: the number that the sheet shows, and where its cells begin.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// 31 bits of number, and whether the row is hidden.
    number: u32,
    first: u32,
}

const HIDDEN: u32 = 1 << 31;

/// The cells of a sheet, without rows that hold nothing. Besides the text: 8 bytes a cell and 8 a row.
#[derive(Debug, Default)]
pub struct Grid {
    text: String,
    /// Texts that do not stand in `text` as they are meant: unescaped ones, and edited ones.
    extra: String,
    spans: Vec<Span>,
    rows: Vec<Row>,
    /// How many spans belong to a row already.
    ended: usize,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct GridRow<'g> {
    grid: &'g Grid,
    spans: &'g [Span],
}

impl<'g> GridRow<'g> {
    /// A cell by its column, from 0.
    #[must_use]
    #[inline(always)]
    pub fn cell(self, column: usize) -> Option<GridCell<'g>> {
        self.spans.get(column).map(|span| self.grid.read(*span))
    }
}

/// One cell.
#[derive(Clone, Copy, Debug)]
pub struct GridCell<'g> {
    /// Its text.
    pub text: &'g str,
    /// What else the file says of it.
    pub marks: Marks,
}

impl Grid {
    /// A grid of spans into `text`, with room for so many rows and cells.
    pub(super) fn over(text: String, rows: usize, cells: usize) -> Self {
        Self { text, extra: String::new(), spans: Vec::with_capacity(cells), rows: Vec::with_capacity(rows), ended: 0 }
    }

    pub(super) fn take_text(&mut self) -> String {
        core::mem::take(&mut self.text)
    }

    pub(super) fn give_text(&mut self, text: String) {
        self.text = text;
    }

    /// Adds a cell that stands in the text.
    #[inline(always)]
    pub(super) fn push_span(&mut self, start: usize, end: usize) -> Result<()> {
        self.spans.push(Span::new(start, end - start, Marks::default())?);
        Ok(())
    }

    /// Adds a cell with a text of its own.
    pub(super) fn push_text(&mut self, text: &str, marks: Marks) -> Result<()> {
        let span = self.keep(text, marks)?;
        self.spans.push(span);
        Ok(())
    }

    fn keep(&mut self, text: &str, marks: Marks) -> Result<Span> {
        let mut span = Span::new(self.extra.len(), text.len(), marks)?;
        span.rest |= EXTRA;
        self.extra.push_str(text);
        Ok(span)
    }

    /// Makes a row of the cells that were added since the last one; a row that holds nothing is dropped.
    pub(super) fn end_row(&mut self, number: u32, hidden: bool) -> Result<()> {
        let blank = |span: &Span| span.rest & (LENGTH | u32::from(Marks::FORMULA.0) << 24) == 0;
        if self.spans[self.ended..].iter().all(blank) {
            self.spans.truncate(self.ended);
            return Ok(());
        }
        let first = u32::try_from(self.ended).map_err(|_| Error::SheetTooLarge("it holds more than 4 GiB of text"))?;
        self.rows.push(Row { number: number | if hidden { HIDDEN } else { 0 }, first });
        self.ended = self.spans.len();
        Ok(())
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number that the sheet shows for a row.
    #[must_use]
    pub fn number(&self, row: usize) -> u32 {
        self.rows[row].number & !HIDDEN
    }

    /// Whether a row is hidden.
    #[must_use]
    pub fn is_hidden(&self, row: usize) -> bool {
        self.rows[row].number & HIDDEN != 0
    }

    /// How many cells a row has.
    #[must_use]
    pub fn width(&self, row: usize) -> usize {
        self.spans_of(row).len()
    }

    #[inline(always)]
    fn spans_of(&self, row: usize) -> &[Span] {
        let end = self.rows.get(row + 1).map_or(self.spans.len(), |next| next.first as usize);
        &self.spans[self.rows[row].first as usize..end]
    }

    /// A row, from 0.
    #[must_use]
    #[inline(always)]
    pub fn row(&self, row: usize) -> GridRow<'_> {
        GridRow { grid: self, spans: self.spans_of(row) }
    }

    /// A cell by its row and column, both from 0.
    #[must_use]
    #[inline(always)]
    pub fn cell(&self, row: usize, column: usize) -> Option<GridCell<'_>> {
        self.spans_of(row).get(column).map(|span| self.read(*span))
    }

    /// The cells of a row.
    pub fn cells(&self, row: usize) -> impl ExactSizeIterator<Item = GridCell<'_>> {
        self.spans_of(row).iter().map(|span| self.read(*span))
    }

    #[inline(always)]
    fn read(&self, span: Span) -> GridCell<'_> {
        let buffer = if span.rest & EXTRA == 0 { &self.text } else { &self.extra };
        // Spans are made of places between characters.
        GridCell { text: buffer.get(span.range()).unwrap_or_default(), marks: span.marks() }
    }

    /// The row that the sheet shows as `number`.
    #[must_use]
    pub fn find(&self, number: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&number, |row| row.number & !HIDDEN).ok()
    }

    /// Replaces the text of a cell, and what the file said of it.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if the text is longer than a cell may be.
    pub fn edit(&mut self, row: usize, column: usize, text: &str) -> Result<()> {
        let span = self.keep(text, Marks::default())?;
        let (first, width) = (self.rows[row].first as usize, self.width(row));
        if column < width {
            self.spans[first + column] = span;
            return Ok(());
        }
        let added = column + 1 - width;
        let cells = core::iter::repeat_n(Span::default(), added - 1).chain([span]);
        self.spans.splice(first + width..first + width, cells);
        self.ended += added;
        let added = u32::try_from(added).map_err(|_| Error::SheetTooLarge("it holds more than 4 GiB of text"))?;
        for later in &mut self.rows[row + 1..] {
            later.first += added;
        }
        Ok(())
    }

    /// Reads the form in which the reader of other containers hands a grid over: `PSG1`, the number of rows, and for each row its number,
    /// its flags (1 hidden), the number of its cells, and for each cell its marks, its length and its text. Numbers are 32 bits, least byte first.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if the bytes are not that form.
    pub fn from_interchange(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader(bytes);
        reader.read(bytes).ok_or(Error::SheetFormat("its cells cannot be read"))?
    }
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1).map(|byte| byte[0])
    }

    fn number(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn read(&mut self, bytes: &[u8]) -> Option<Result<Grid>> {
        if self.bytes(4)? != b"PSG1" {
            return None;
        }
        let rows = self.number()? as usize;
        let mut grid = Grid::over(String::new(), rows.min(bytes.len()), 0);
        let mut last = 0;
        for _ in 0..rows {
            let (number, hidden) = (self.number()?, self.byte()? & 1 == 1);
            if number <= last || number & HIDDEN != 0 {
                return None;
            }
            last = number;
            for _ in 0..self.number()? {
                let marks = Marks(self.byte()?);
                let length = self.number()? as usize;
                let text = core::str::from_utf8(self.bytes(length)?).ok()?;
                // 0.07 stands in the file as 7.0000000000000007E-2: nobody typed that, and no rule would take it.
                let shown = if marks.any(Marks::NUMBER) { interchange::shown(text) } else { None };
                if let Err(error) = grid.push_text(shown.as_deref().unwrap_or(text), marks) {
                    return Some(Err(error));
                }
            }
            if let Err(error) = grid.end_row(number, hidden) {
                return Some(Err(error));
            }
        }
        self.0.is_empty().then_some(Ok(grid))
    }
}
