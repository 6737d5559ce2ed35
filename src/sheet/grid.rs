//! A sheet as text in places: every cell a span of one buffer, no string per cell.

use crate::error::{Error, Result};
use crate::grid::{Flags, Rows, shown};

/// Where a cell's text stands: 8 bytes a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    /// 24 bits of length, 6 of marks, and whether the text stands in `extra`.
    rest: u32,
}

const LENGTH: u32 = (1 << 24) - 1;
const TOO_LARGE: Error = Error::SheetTooLarge("it holds more than 4 GiB of text");
const EXTRA: u32 = 1 << 31;

impl Span {
    #[inline(always)]
    fn new(start: usize, length: usize, marks: Flags) -> Result<Self> {
        match (u32::try_from(start), u32::try_from(length)) {
            (Ok(start), Ok(length @ ..=LENGTH)) => Ok(Self { start, rest: length | u32::from(marks.0) << 24 }),
            (Ok(_), _) => Err(Error::SheetFormat("a cell holds more than 16 MiB")),
            (Err(_), _) => Err(TOO_LARGE),
        }
    }

    const fn marks(self) -> Flags {
        Flags((self.rest >> 24 & 0x3f) as u8)
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
    /// Whether a workbook said where each cell belongs, and not separators in a text.
    placed: bool,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct GridRow<'g> {
    texts: Texts<'g>,
    spans: &'g [Span],
}

/// The texts that spans are about.
#[derive(Clone, Copy, Debug)]
struct Texts<'g> {
    text: &'g str,
    extra: &'g str,
}

impl<'g> Texts<'g> {
    #[inline(always)]
    fn read(self, span: Span) -> GridCell<'g> {
        let buffer = if span.rest & EXTRA == 0 { self.text } else { self.extra };
        // Spans are made of places between characters.
        GridCell { text: buffer.get(span.range()).unwrap_or_default(), marks: span.marks() }
    }
}

impl<'g> GridRow<'g> {
    /// A cell by its column, from 0.
    #[must_use]
    #[inline(always)]
    pub fn cell(self, column: usize) -> Option<GridCell<'g>> {
        self.spans.get(column).map(|span| self.texts.read(*span))
    }
}

impl GridRow<'_> {
    /// How many cells it has.
    #[must_use]
    #[inline(always)]
    pub const fn width(self) -> usize {
        self.spans.len()
    }
}

/// One cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct GridCell<'g> {
    /// Its text.
    pub text: &'g str,
    /// What else the file says of it.
    pub marks: Flags,
}

impl Grid {
    /// A grid of spans into `text`, with room for so many rows and cells.
    pub(super) fn over(text: String, rows: usize, cells: usize) -> Self {
        let (spans, rows) = (Vec::with_capacity(cells), Vec::with_capacity(rows));
        Self { text, spans, rows, ..Self::default() }
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
        self.spans.push(Span::new(start, end - start, Flags::default())?);
        Ok(())
    }

    /// Adds a cell with a text of its own.
    pub(super) fn push_text(&mut self, text: &str, marks: Flags) -> Result<()> {
        let span = self.keep(text, marks)?;
        self.spans.push(span);
        Ok(())
    }

    /// Adds a cell with the text that `write` appends.
    pub(super) fn push_written(&mut self, write: impl FnOnce(&mut String) -> Result<()>) -> Result<()> {
        let span = self.keep_written(write, Flags::default())?;
        self.spans.push(span);
        Ok(())
    }

    fn keep(&mut self, text: &str, marks: Flags) -> Result<Span> {
        self.keep_written(
            |extra| {
                extra.push_str(text);
                Ok(())
            },
            marks,
        )
    }

    fn keep_written(&mut self, write: impl FnOnce(&mut String) -> Result<()>, marks: Flags) -> Result<Span> {
        let start = self.extra.len();
        write(&mut self.extra)?;
        let mut span = Span::new(start, self.extra.len() - start, marks)?;
        span.rest |= EXTRA;
        Ok(span)
    }

    /// Makes a row of the cells that were added since the last one; a row that holds nothing is dropped.
    #[inline(always)]
    pub(super) fn end_row(&mut self, number: u32, hidden: bool) -> Result<()> {
        let blank = |span: &Span| span.rest & (LENGTH | u32::from(Flags::FORMULA.0) << 24) == 0;
        if self.spans[self.ended..].iter().all(blank) {
            self.spans.truncate(self.ended);
            return Ok(());
        }
        let first = u32::try_from(self.ended).map_err(|_| TOO_LARGE)?;
        self.rows.push(Row { number: number | if hidden { HIDDEN } else { 0 }, first });
        self.ended = self.spans.len();
        Ok(())
    }

    /// Drops the cells that were added since the last row.
    pub(super) fn drop_row(&mut self) {
        self.spans.truncate(self.ended);
    }

    /// Drops all rows, and the text before `at`.
    pub(super) fn clear(&mut self, at: usize) {
        self.spans.clear();
        self.rows.clear();
        self.extra.clear();
        self.ended = 0;
        self.text.drain(..at);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether a workbook said where each cell belongs. In a text it follows from the separators before it.
    #[must_use]
    pub const fn is_placed(&self) -> bool {
        self.placed
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
        GridRow { texts: self.texts(), spans: self.spans_of(row) }
    }

    #[inline(always)]
    fn texts(&self) -> Texts<'_> {
        Texts { text: &self.text, extra: &self.extra }
    }

    /// A cell by its row and column, both from 0.
    #[must_use]
    #[inline(always)]
    pub fn cell(&self, row: usize, column: usize) -> Option<GridCell<'_>> {
        self.row(row).cell(column)
    }

    /// The bytes of a cell, none where there is no cell: quicker to get than its text.
    #[inline(always)]
    pub(super) fn bytes(&self, row: usize, column: usize) -> &[u8] {
        let span = self.spans_of(row).get(column).copied().unwrap_or_default();
        let buffer = if span.rest & EXTRA == 0 { &self.text } else { &self.extra };
        buffer.as_bytes().get(span.range()).unwrap_or_default()
    }

    /// The cells of a row.
    pub fn cells(&self, row: usize) -> impl ExactSizeIterator<Item = GridCell<'_>> {
        let texts = self.texts();
        self.spans_of(row).iter().map(move |span| texts.read(*span))
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
        let span = self.keep(text, Flags::default())?;
        let (first, width) = (self.rows[row].first as usize, self.width(row));
        if column < width {
            self.spans[first + column] = span;
            return Ok(());
        }
        let added = column + 1 - width;
        let cells = core::iter::repeat_n(Span::default(), added - 1).chain([span]);
        self.spans.splice(first + width..first + width, cells);
        self.ended += added;
        let added = u32::try_from(added).map_err(|_| TOO_LARGE)?;
        for later in &mut self.rows[row + 1..] {
            later.first += added;
        }
        Ok(())
    }

    /// Reads the form in which the reader of other containers hands a grid over: see [`crate::grid`].
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if the bytes are not that form.
    pub fn from_interchange(bytes: &[u8]) -> Result<Self> {
        let mut grid = Self { placed: true, ..Self::default() };
        let mut last = 0;
        for row in Rows::new(bytes)? {
            let row = row?;
            if row.number <= last || row.number & HIDDEN != 0 {
                return Err(Error::SheetFormat("its rows are out of order"));
            }
            last = row.number;
            for cell in &row.cells {
                // What people see of a stored number, and not the seventeen digits that a spreadsheet writes.
                let shown = if cell.flags.has(Flags::NUMBER) { shown(cell.text) } else { None };
                grid.push_text(shown.as_deref().unwrap_or(cell.text), cell.flags)?;
            }
            grid.end_row(row.number, row.hidden)?;
        }
        Ok(grid)
    }
}
