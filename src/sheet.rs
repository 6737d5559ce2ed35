//! Sheet bytes → rows of cells, cell-exact. It knows columns, not providers.
//!
//! Text (CSV) is read here; the cells of other containers arrive through [`Grid::from_interchange`].

mod columns;
mod csv;
mod decode;
mod export;
mod grid;
mod plain;
pub mod rules;
mod scan;
mod stream;
mod suspect;

pub use columns::{AmountUnit, Column, Mapping};
pub use csv::Separator;
pub use decode::{Decoder, Encoding, Kind, SAMPLE, decode, sniff};
pub use export::{Line, plain, template, to_csv, to_interchange, with_reasons};
pub use grid::{Grid, GridCell};
pub use stream::{Stream, WINDOW};

use plain::Plain;

use crate::batch::{Cell, Checker, Origin, Shape};
use crate::canonical::{ObjectWriter, push_integer, push_string};
use crate::error::Result;
use crate::grid::Flags;
use crate::issue::{Fix, Reason, Rule, Severity};
use crate::money::Fen;

/// Loops over rows are cut into calls of this many: engines replace the code of a function that was compiled in a hurry
/// only when it is called the next time.
const ROWS_A_CALL: u32 = 512;

/// Reads a text: cells between `separator`, or between whatever the first line shows.
///
/// # Errors
/// [`crate::error::Error::SheetFormat`] if a quote is never closed.
pub fn read(text: String, separator: Option<Separator>) -> Result<(Grid, Separator)> {
    let separator = separator.unwrap_or_else(|| Separator::detect(&text));
    csv::read(text, separator).map(|grid| (grid, separator))
}

/// The column of that letter, from 0: `A` is 0, `AA` is 26.
#[must_use]
pub fn column_index(letters: &str) -> Option<usize> {
    let add = |index: usize, byte: u8| {
        let digit = byte.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        Some(index * 26 + usize::from(digit) + 1)
    };
    // XFD is the last column of any sheet.
    (1..=3).contains(&letters.len()).then(|| letters.bytes().try_fold(0, add)).flatten().map(|index| index - 1)
}

/// The text of a cell after a fix.
#[must_use]
pub fn fixed(text: &str, fix: Fix) -> String {
    match fix {
        Fix::Trim => suspect::trim(text).to_owned(),
        Fix::Halfwidth => suspect::halfwidth(text).unwrap_or_else(|| text.to_owned()),
    }
}

/// Sees the known cells of every row, in the order of the known columns.
pub type EachRow<'e, 'g> = dyn FnMut(&[Option<Cell<'g>>]) + 'e;

/// A grid whose columns are known: the rows below its header.
#[derive(Debug)]
pub struct Table<'g> {
    grid: &'g Grid,
    mapping: &'g Mapping,
    known: &'g [Column],
    unit: AmountUnit,
    /// Which column holds which field, as an [`Origin`] wants it.
    places: Vec<(&'static str, usize)>,
    /// The first row.
    first: usize,
    /// How many columns have a header.
    width: usize,
    /// For columns of numbers with leading zeros, the length they have.
    widths: Vec<Option<usize>>,
    /// For each known column, what is plain there.
    plain: Vec<Plain>,
    /// Whether a number began with a zero.
    zeros: core::cell::Cell<bool>,
}

impl<'g> Table<'g> {
    /// # Errors
    /// [`crate::error::Error::SheetColumns`] if a required column or the unit is missing.
    pub fn new(grid: &'g Grid, mapping: &'g Mapping, known: &'g [Column]) -> Result<Self> {
        let mut table = Self::part(grid, mapping, known, (mapping.header + 1, grid.width(mapping.header)))?;
        table.widths = (0..known.len()).map(|at| table.zero_padded_width(at)).collect();
        // Where numbers are padded with zeros, each has to be compared with the others.
        for (plain, width) in table.plain.iter_mut().zip(&table.widths) {
            if width.is_some() {
                *plain = Plain::Unknown;
            }
        }
        Ok(table)
    }

    /// The rows of a part of a sheet from `first` on, below a header of `width` columns. Numbers are taken for not padded with zeros.
    fn part(grid: &'g Grid, mapping: &'g Mapping, known: &'g [Column], (first, width): (usize, usize)) -> Result<Self> {
        let unit = mapping.complete(known)?;
        let named = known.iter().zip(&mapping.places);
        let places = named.filter_map(|(column, place)| Some((column.field.name, (*place)?))).collect();
        let plain = known.iter().map(|column| Plain::of(column, unit)).collect();
        let widths = vec![None; known.len()];
        Ok(Self {
            grid,
            mapping,
            known,
            unit,
            places,
            first,
            width,
            widths,
            plain,
            zeros: core::cell::Cell::new(false),
        })
    }

    /// Whether numbers seem to be padded with zeros, now that the rows were read.
    #[must_use]
    pub fn is_padded(&self) -> bool {
        self.zeros.get() && (0..self.known.len()).any(|at| self.zero_padded_width(at).is_some())
    }

    /// The rows, as the grid counts them.
    #[must_use]
    pub fn rows(&self) -> core::ops::Range<usize> {
        self.first.min(self.grid.len())..self.grid.len()
    }

    /// The rows, as many at once as one call should read.
    pub fn parts(&self) -> impl Iterator<Item = core::ops::Range<usize>> + use<> {
        let core::ops::Range { start, end } = self.rows();
        (start..end).step_by(ROWS_A_CALL as usize).map(move |start| start..end.min(start + ROWS_A_CALL as usize))
    }

    /// Where a row is.
    #[must_use]
    #[inline(always)]
    pub fn origin(&self, row: usize) -> Origin<'_> {
        Origin::Sheet { row: self.grid.number(row), columns: &self.places }
    }

    /// Reads the known cells of a row, in the order of the known columns, and notes what a spreadsheet did to them. An empty cell is none.
    ///
    /// Inlined, with the quick looks in it, because engines speed up functions one by one: what is called from a fast loop may be slow for long.
    #[inline(always)]
    pub fn read(&self, checker: &mut Checker, row: usize, cells: &mut [Option<Cell<'g>>]) {
        let view = self.grid.row(row);
        let columns = self.mapping.places.iter().zip(&self.plain);
        for (at, (cell, (place, plain))) in cells.iter_mut().zip(columns).enumerate() {
            let found = place.and_then(|place| view.cell(place)).unwrap_or_default();
            if found.marks != Flags::default() {
                *cell = self.look(checker, row, at, found);
            } else if found.text.is_empty() {
                *cell = None;
            } else if !plain.read(found.text, cell) {
                *cell = self.look(checker, row, at, found);
            }
        }
        if view.width() > self.width || self.grid.is_hidden(row) {
            self.look_at_row(checker, row);
        }
    }

    /// A cell that is not plain. Not inlined, as what is rare should not be: it would only be in the way of what is not.
    #[inline(never)]
    fn look(&self, checker: &mut Checker, row: usize, at: usize, found: GridCell<'g>) -> Option<Cell<'g>> {
        let column = &self.known[at];
        if found.text.starts_with('0') {
            self.zeros.set(true);
        }
        match suspect::look(found, column.field, column.amount) {
            Some(suspicion) => self.note(checker, row, column, found, suspicion),
            None => {
                self.note_short(checker, row, (at, column), found.text);
                self.text(column, found.text)
            }
        }
    }

    /// A row that is hidden, or has cells under no header.
    #[inline(never)]
    fn look_at_row(&self, checker: &mut Checker, row: usize) {
        if self.grid.is_hidden(row) {
            self.note_row(checker, row, "该行", (&rules::SH08, Reason::HiddenRow));
        }
        let beside = self.grid.cells(row).skip(self.width).any(|cell| !cell.text.is_empty());
        if !self.grid.is_placed() && (beside || self.is_amount_cut(row)) {
            // Which of its separators is none cannot be told, so any cell may be under a wrong header.
            self.note_row(checker, row, "该行", (&rules::SH14, Reason::SurplusCells));
        } else if beside {
            self.note_row(checker, row, "表外内容", (&rules::SH12, Reason::UnknownField));
        }
    }

    /// Whether an amount and the cell behind it look like one amount that was cut at its thousands separator.
    fn is_amount_cut(&self, row: usize) -> bool {
        let places = self.known.iter().zip(&self.mapping.places);
        let mut amounts = places.filter_map(|(column, place)| if column.amount { *place } else { None });
        let text = |column: usize| self.grid.cell(row, column).unwrap_or_default().text;
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        amounts.any(|place| {
            let (head, tail) = (text(place), text(place + 1));
            let thousand = tail.split_once('.').map_or(tail, |(whole, _)| whole);
            head.len() <= 3 && all_digits(head) && thousand.len() == 3 && all_digits(thousand)
        })
    }

    fn note(
        &self,
        checker: &mut Checker,
        row: usize,
        column: &Column,
        found: GridCell<'g>,
        suspicion: suspect::Suspicion,
    ) -> Option<Cell<'g>> {
        let suspect::Suspicion { rule, reason, severity, fix } = suspicion;
        checker.note_fixable(severity, &self.origin(row), column.field, rule, (reason, fix));
        if severity == Severity::Error { Some(Cell::Refused) } else { self.text(column, found.text) }
    }

    fn text(&self, column: &Column, text: &'g str) -> Option<Cell<'g>> {
        if text.is_empty() {
            return None;
        }
        Some(match column.field.shape {
            _ if column.amount && self.unit == AmountUnit::Yuan => Cell::Yuan(text),
            Shape::Integer(_) => Cell::Number(text),
            _ if column.amount => Cell::Number(text),
            Shape::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "是" | "1" => Cell::Bool(true),
                "false" | "否" | "0" => Cell::Bool(false),
                _ => Cell::Text(text),
            },
            _ => Cell::Text(text),
        })
    }

    /// Notes that a row stands in the other file too.
    pub fn note_paid_elsewhere(&self, checker: &mut Checker, row: usize) {
        self.note_row(checker, row, "该行", (&rules::SH09, Reason::PaidElsewhere));
    }

    fn note_row(
        &self,
        checker: &mut Checker,
        row: usize,
        label: &'static str,
        (rule, reason): (&'static Rule, Reason),
    ) {
        checker.note_as(rule.severity, &self.origin(row), ("", label), rule, reason, None);
    }

    /// The length of a column's numbers, if most of them begin with a zero and all of those are equally long.
    fn zero_padded_width(&self, at: usize) -> Option<usize> {
        let numbers = suspect::is_long_number(self.known[at].field);
        let place = self.mapping.places[at].filter(|_| numbers && !self.known[at].amount)?;
        let (mut padded, mut others, mut width) = (0_usize, 0_usize, None);
        for row in self.rows() {
            let text = self.grid.bytes(row, place);
            if text.len() > 1 && text[0] == b'0' {
                padded += 1;
                if *width.get_or_insert(text.len()) != text.len() {
                    return None;
                }
            } else if !text.is_empty() {
                others += 1;
                // Nearly always told long before the last row.
                if others > self.rows().len() / 2 {
                    return None;
                }
            }
        }
        width.filter(|_| padded >= others)
    }

    fn note_short(&self, checker: &mut Checker, row: usize, (at, column): (usize, &Column), text: &str) {
        let is_short = self.widths[at].is_some_and(|width| text.len() < width);
        if is_short && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
            let found = (Reason::LeadingZeros, None);
            checker.note_fixable(rules::SH03.severity, &self.origin(row), column.field, &rules::SH03, found);
        }
    }

    /// Writes a row as an object: see [`write_row`].
    pub fn write(&self, cells: &[Option<Cell<'_>>], out: &mut Vec<u8>) {
        write_row(self.known.iter().map(|column| column.field.name).zip(cells.iter().copied()), out);
    }
}

/// Notes that there is no row.
pub fn note_empty(checker: &mut Checker) {
    checker.note_as(rules::SH13.severity, &Origin::Batch, ("", "表格"), &rules::SH13, Reason::Empty, None);
}

/// Writes a row as an object with the names of the wire; amounts in fen, and only what can be read.
pub fn write_row<'c>(cells: impl Iterator<Item = (&'static str, Option<Cell<'c>>)>, out: &mut Vec<u8>) {
    let mut object = ObjectWriter::new(out);
    for (name, cell) in cells {
        match cell {
            Some(Cell::Text(text) | Cell::Sound(text)) => push_string(object.raw(name), text),
            Some(Cell::Fen(fen)) => push_integer(object.raw(name), fen.get()),
            Some(Cell::Yuan(text)) => write_amount(&mut object, name, Fen::from_yuan(text).ok()),
            Some(Cell::Number(text)) => write_amount(&mut object, name, Fen::from_integer(text).ok()),
            Some(Cell::Bool(value)) => object.boolean(name, value),
            _ => {}
        }
    }
    object.end();
}

fn write_amount(object: &mut ObjectWriter<'_>, name: &str, amount: Option<Fen>) {
    if let Some(amount) = amount {
        push_integer(object.raw(name), amount.get());
    }
}
