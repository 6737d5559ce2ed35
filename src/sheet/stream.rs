//! A text whose rows are read as they arrive and forgotten when they were looked at: what passes is a window of it.

use super::Table;
use super::columns::{Column, Mapping, SEARCHED};
use super::csv::{Place, Separator, read_rows};
use super::decode::{Decoder, Encoding};
use super::grid::Grid;
use crate::error::Result;

/// How much text is best read at once: little enough to stay in a cache.
pub const WINDOW: usize = 64 * 1024;

/// Rows on their way past.
#[derive(Debug)]
pub struct Stream {
    decoder: Decoder,
    separator: Option<Separator>,
    /// The rows that can be looked at now, and the text behind them that is no whole row yet.
    grid: Grid,
    place: Place,
    /// How much text is read at once, at least.
    window: usize,
    /// How much text has to be there before it is worth reading.
    enough: usize,
    /// How many columns have a header, once it was found.
    width: Option<usize>,
}

impl Stream {
    /// A text in that encoding, with cells between `separator`, or between whatever the first line shows. At least `window` bytes of it are read
    /// at once, if there are so many: [`WINDOW`] is a good size.
    ///
    /// # Errors
    /// As [`Decoder::new`].
    pub fn new(encoding: Encoding, separator: Option<Separator>, window: usize) -> Result<Self> {
        Ok(Self {
            decoder: Decoder::new(encoding, 2 * window)?,
            separator,
            grid: Grid::default(),
            place: Place::default(),
            window,
            enough: window,
            width: None,
        })
    }

    /// Takes the next bytes as [`Decoder::push`] does.
    ///
    /// # Errors
    /// As [`Decoder::push`].
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        self.decoder.push(bytes, last)
    }

    /// Reads the rows that are whole; false if more text is wanted first. The first time, these are enough to find a header among them.
    ///
    /// # Errors
    /// [`crate::error::Error::SheetFormat`] if it ends inside a quoted cell.
    pub fn read(&mut self, last: bool) -> Result<bool> {
        if self.decoder.len() < self.enough && !last {
            return Ok(false);
        }
        let text = self.decoder.take();
        let separator = self.separator.unwrap_or_else(|| Separator::detect(&text));
        self.grid.give_text(text);
        let before = self.place;
        read_rows(&mut self.grid, separator, &mut self.place, last)?;
        let wanted = if self.width.is_none() { SEARCHED + 1 } else { 1 };
        let found = last || self.grid.len() >= wanted;
        if found {
            self.separator = Some(separator);
        } else {
            // The same again with twice as much.
            self.place = before;
            self.forget();
        }
        Ok(found)
    }

    /// The rows that were read.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The separator, once it is known.
    #[must_use]
    pub const fn separator(&self) -> Option<Separator> {
        self.separator
    }

    /// The rows that were read, as a table: without what stands above them. If most numbers of a sheet are padded with zeros, most are in some
    /// table: see [`Table::is_padded`].
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn table<'s>(&'s mut self, mapping: &'s Mapping, known: &'s [Column]) -> Result<Table<'s>> {
        let Self { grid, width, .. } = self;
        let first = if width.is_none() { mapping.header + 1 } else { 0 };
        let width = *width.get_or_insert_with(|| grid.width(mapping.header));
        Table::part(grid, mapping, known, (first, width))
    }

    /// After the last row: begins again with the first bytes.
    pub fn restart(&mut self) {
        (self.place, self.enough, self.width) = (Place::default(), self.window, None);
    }

    /// Forgets the rows that were read.
    pub fn forget(&mut self) {
        self.grid.clear(self.place.at);
        self.place.at = 0;
        self.decoder.go_on(self.grid.take_text());
        self.enough = self.window.max(2 * self.decoder.len());
    }
}
