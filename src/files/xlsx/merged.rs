//! Merged ranges: which cells they cover.

use super::DAMAGED;
use super::sheet::parse_reference;
use crate::error::{Error, Result};
use crate::grid::{Cell, Flags, Row};

/// Far more than a table of payees has.
const MAX_RANGES: usize = 100_000;
/// Looks at a range, over all rows.
const MAX_WORK: usize = 50_000_000;

const TOO_MANY: Error = Error::SheetTooLarge("the worksheet has too many merged ranges: unmerge them");

/// All merged ranges of a worksheet.
#[derive(Debug, Default)]
pub(super) struct Merged(Vec<Range>);

#[derive(Clone, Copy, Debug)]
struct Range {
    top: u32,
    bottom: u32,
    /// From 0.
    left: u32,
    right: u32,
}

impl Merged {
    /// Adds `A1:C3`.
    pub(super) fn add(&mut self, reference: &str) -> Result<()> {
        if self.0.len() >= MAX_RANGES {
            return Err(TOO_MANY);
        }
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        let (Some((left, top)), Some((right, bottom))) = (parse_reference(first), parse_reference(last)) else {
            return Err(DAMAGED);
        };
        if left > right || top > bottom {
            return Err(DAMAGED);
        }
        // Of a single cell nothing is merged.
        if (left, top) != (right, bottom) {
            self.0.push(Range { top, bottom, left, right });
        }
        Ok(())
    }

    pub(super) fn sweep(&mut self) -> Sweep<'_> {
        self.0.sort_unstable_by_key(|range| range.top);
        Sweep { waiting: &self.0, active: Vec::new(), work: 0 }
    }
}

/// Goes down the rows, with the ranges that reach the present one.
pub(super) struct Sweep<'a> {
    waiting: &'a [Range],
    active: Vec<Range>,
    work: usize,
}

impl Sweep<'_> {
    /// Marks what is merged in a row, to the right as far as the sheet has cells.
    pub(super) fn mark(&mut self, row: &mut Row<'_>, width: u32) -> Result<()> {
        while let Some((range, rest)) = self.waiting.split_first()
            && range.top <= row.number
        {
            self.active.push(*range);
            self.waiting = rest;
        }
        self.active.retain(|range| range.bottom >= row.number);
        for range in &self.active {
            let right = (range.right + 1).min(width) as usize;
            let left = (range.left as usize).min(right);
            if row.cells.len() < right {
                row.cells.resize(right, Cell::default());
            }
            self.work += right - left + 1;
            if self.work > MAX_WORK {
                return Err(TOO_MANY);
            }
            for (column, cell) in row.cells[left..right].iter_mut().enumerate() {
                if column == 0 && range.top == row.number {
                    cell.flags = cell.flags.and(Flags::MERGED);
                } else {
                    *cell = Cell { flags: Flags::COVERED, text: "" };
                }
            }
        }
        Ok(())
    }
}
