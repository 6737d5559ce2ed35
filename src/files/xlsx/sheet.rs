//! The cells of one worksheet.

use super::super::container::Container;
use super::super::xml::{Step, Xml};
use super::merged::Merged;
use super::strings::{Place, Texts};
use super::{DAMAGED, Limits, MAIN, MAX_COLUMNS, MAX_ROWS};
use crate::error::{Error, Result};
use crate::grid::{self, Builder, Flags};

const OUT_OF_ORDER: Error = Error::SheetFormat(
    "rows or cells of the worksheet are out of order or there twice: open it in Excel and save it again",
);
const UNKNOWN: Error =
    Error::SheetFormat("the worksheet holds cells in a form of another program: open it in Excel and save it again");

/// What is in a worksheet.
#[derive(Debug)]
pub(super) struct Sheet {
    texts: Texts,
    cells: Vec<Cell>,
    rows: Vec<Row>,
    merged: Merged,
    hidden_columns: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    /// From 0.
    column: u16,
    flags: Flags,
    text: Place,
}

#[derive(Debug)]
struct Row {
    number: u32,
    hidden: bool,
    /// Where its cells end; they begin where those of the row before end.
    end: usize,
}

/// Reads a worksheet; `dates` tells which formats show a date.
pub(super) fn read(
    container: &Container<'_>,
    part: &str,
    texts: Texts,
    dates: &[bool],
    limits: Limits,
) -> Result<Sheet> {
    let mut xml = Xml::new(container.part(part)?.ok_or(DAMAGED)?, MAIN);
    xml.root("worksheet", DAMAGED)?;
    let sheet =
        Sheet { texts, cells: Vec::new(), rows: Vec::new(), merged: Merged::default(), hidden_columns: Vec::new() };
    let mut reader = Reader { xml, sheet, dates, limits };
    let mut has_rows = false;
    loop {
        match reader.xml.step()? {
            Step::Open => match reader.xml.name() {
                "sheetData" if !core::mem::replace(&mut has_rows, true) => reader.rows()?,
                "sheetData" => return Err(UNKNOWN),
                "col" => {
                    reader.hide_columns()?;
                    reader.xml.skip()?;
                }
                "mergeCell" => {
                    reader.sheet.merged.add(reader.xml.raw_attribute("ref").ok_or(DAMAGED)?)?;
                    reader.xml.skip()?;
                }
                "cols" | "mergeCells" => {}
                _ => reader.xml.skip()?,
            },
            Step::Close | Step::Text => {}
            Step::End => return if has_rows { Ok(reader.sheet) } else { Err(DAMAGED) },
        }
    }
}

struct Reader<'a> {
    xml: Xml<'a>,
    sheet: Sheet,
    dates: &'a [bool],
    limits: Limits,
}

impl Reader<'_> {
    /// Everything in `sheetData`.
    fn rows(&mut self) -> Result<()> {
        let mut last = 0;
        loop {
            match self.xml.step()? {
                Step::Open if self.xml.name() == "row" => {
                    let number = match self.xml.raw_attribute("r") {
                        Some(number) => number.parse().map_err(|_| DAMAGED)?,
                        None => last + 1,
                    };
                    if number <= last || number > MAX_ROWS {
                        return Err(if number > MAX_ROWS { DAMAGED } else { OUT_OF_ORDER });
                    }
                    last = number;
                    let hidden = self.xml.is_set("hidden") || self.has_no_size("ht");
                    self.cells(number)?;
                    self.sheet.rows.push(Row { number, hidden, end: self.sheet.cells.len() });
                }
                // What it is, Excel knows and we do not: a row that only Excel shows would be missing here.
                Step::Open => return Err(UNKNOWN),
                Step::Text => {}
                Step::Close | Step::End => return Ok(()),
            }
        }
    }

    /// The cells of a row.
    fn cells(&mut self, row: u32) -> Result<()> {
        let mut next = 0;
        loop {
            match self.xml.step()? {
                Step::Open if self.xml.name() == "c" => {
                    let [reference, kind, style] = self.xml.raw_attributes(["r", "t", "s"]);
                    let kind = Kind::of(kind.unwrap_or("n")).ok_or(UNKNOWN)?;
                    let style: Option<usize> = style.and_then(|style| style.parse().ok());
                    let column = match reference {
                        Some(reference) => {
                            let (column, stated) = parse_reference(reference).ok_or(DAMAGED)?;
                            if stated != row {
                                return Err(DAMAGED);
                            }
                            column
                        }
                        None => next,
                    };
                    if column < next {
                        return Err(OUT_OF_ORDER);
                    }
                    next = column + 1;
                    let column = u16::try_from(column).ok().filter(|_| column < MAX_COLUMNS).ok_or(DAMAGED)?;
                    let shows_date = style.and_then(|style| self.dates.get(style)).is_some_and(|date| *date);
                    self.cell(column, kind, shows_date)?;
                }
                Step::Open if self.xml.name() == "extLst" => self.xml.skip()?,
                Step::Open => return Err(UNKNOWN),
                Step::Text => {}
                Step::Close | Step::End => return Ok(()),
            }
        }
    }

    fn cell(&mut self, column: u16, kind: Kind, shows_date: bool) -> Result<()> {
        let (mut formula, mut text) = (false, None);
        loop {
            match self.xml.step()? {
                Step::Open => match self.xml.name() {
                    "v" if text.is_none() => text = Some(self.value(kind)?),
                    "is" if kind == Kind::Inline && text.is_none() => {
                        text = Some(self.sheet.texts.rich(&mut self.xml, false)?);
                    }
                    "f" => {
                        formula = true;
                        self.xml.skip()?;
                    }
                    "extLst" => self.xml.skip()?,
                    _ => return Err(UNKNOWN),
                },
                Step::Text => {}
                Step::Close | Step::End => break,
            }
        }
        let text = text.unwrap_or_default();
        let is_blank = self.sheet.texts.get(text).is_empty();
        if is_blank && !formula {
            return Ok(());
        }
        let mut flags = if formula { Flags::FORMULA } else { Flags::default() };
        match kind {
            Kind::Number if !is_blank => {
                flags = flags.and(if shows_date { Flags::NUMBER.and(Flags::DATE) } else { Flags::NUMBER });
            }
            Kind::Date => flags = flags.and(Flags::DATE),
            Kind::Error => flags = flags.and(Flags::ERROR),
            _ => {}
        }
        if self.sheet.cells.len() >= self.limits.cells {
            return Err(Error::SheetTooLarge("the worksheet has too many cells: split it"));
        }
        self.sheet.cells.push(Cell { column, flags, text });
        Ok(())
    }

    fn value(&mut self, kind: Kind) -> Result<Place> {
        let texts = &mut self.sheet.texts;
        match kind {
            Kind::Text | Kind::Inline => texts.exact(&mut self.xml),
            Kind::Number | Kind::Date | Kind::Error => texts.token(&mut self.xml),
            Kind::Shared => {
                let index = texts.token(&mut self.xml)?;
                let place =
                    if texts.get(index).is_empty() { Ok(Place::default()) } else { texts.shared(texts.get(index)) };
                texts.forget(index);
                place
            }
            Kind::Boolean => {
                let stored = texts.token(&mut self.xml)?;
                let shown = match texts.get(stored) {
                    "1" | "true" => "TRUE",
                    "0" | "false" => "FALSE",
                    _ => return Ok(stored),
                };
                texts.forget(stored);
                texts.keep(shown)
            }
        }
    }

    fn hide_columns(&mut self) -> Result<()> {
        if self.xml.is_set("hidden") || self.has_no_size("width") {
            let number = |name| self.xml.raw_attribute(name)?.parse::<u32>().ok().filter(|number| *number > 0);
            let (Some(from), Some(to)) = (number("min"), number("max")) else { return Err(DAMAGED) };
            if self.sheet.hidden_columns.len() >= MAX_COLUMNS as usize {
                return Err(DAMAGED);
            }
            self.sheet.hidden_columns.push((from - 1, to.min(MAX_COLUMNS)));
        }
        Ok(())
    }

    /// A height or width of nothing hides as well.
    fn has_no_size(&self, attribute: &str) -> bool {
        self.xml
            .raw_attribute(attribute)
            .is_some_and(|size| !size.is_empty() && size.bytes().all(|c| matches!(c, b'0' | b'.')))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Inline,
    Boolean,
    Error,
    Date,
}

impl Kind {
    /// The attribute `t` of a cell.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "n" => Self::Number,
            "s" => Self::Shared,
            "str" => Self::Text,
            "inlineStr" => Self::Inline,
            "b" => Self::Boolean,
            "e" => Self::Error,
            "d" => Self::Date,
            _ => return None,
        })
    }
}

impl Sheet {
    /// The grid, of at most so many bytes, and the hidden columns.
    pub(super) fn finish(mut self, limit: usize) -> Result<(Vec<u8>, Vec<u32>)> {
        let width = self.cells.iter().map(|cell| u32::from(cell.column) + 1).max().unwrap_or(0);
        // The size comes first: a few cells far to the right, in many rows, would fill the memory with blanks.
        let mut size = 0_usize;
        self.each_row(width, |row| {
            size = size.saturating_add(row.size());
            if size > limit {
                Err(Error::SheetTooLarge("the cells of the worksheet have too many bytes: split it"))
            } else {
                Ok(())
            }
        })?;
        let mut builder = Builder::with_capacity(size);
        self.each_row(width, |row| builder.push(row))?;
        let hidden =
            (0..width).filter(|column| self.hidden_columns.iter().any(|(from, to)| (from..to).contains(&column)));
        Ok((builder.finish(), hidden.collect()))
    }

    fn each_row(&mut self, width: u32, mut give: impl FnMut(&grid::Row<'_>) -> Result<()>) -> Result<()> {
        let mut ranges = self.merged.sweep();
        let mut line = grid::Row::default();
        let mut start = 0;
        for row in &self.rows {
            let cells = &self.cells[start..row.end];
            start = row.end;
            if cells.is_empty() {
                continue;
            }
            (line.number, line.hidden) = (row.number, row.hidden);
            line.cells.clear();
            for cell in cells {
                line.cells.resize(usize::from(cell.column), grid::Cell::default());
                line.cells.push(grid::Cell { flags: cell.flags, text: self.texts.get(cell.text) });
            }
            ranges.mark(&mut line, width)?;
            give(&line)?;
        }
        Ok(())
    }
}

/// `C17` → column from 0, row from 1.
pub(super) fn parse_reference(reference: &str) -> Option<(u32, u32)> {
    let letters = reference.find(|c: char| !c.is_ascii_uppercase())?;
    let (column, row) = reference.split_at(letters);
    if column.is_empty() || column.len() > 3 || row.starts_with(['0', '+']) {
        return None;
    }
    let column = column.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1) - 1;
    row.parse().ok().filter(|row| *row <= MAX_ROWS && column < MAX_COLUMNS).map(|row| (column, row))
}

#[cfg(test)]
mod tests {
    use super::parse_reference;

    #[test]
    fn references_are_read_within_the_format() {
        assert_eq!(parse_reference("A1"), Some((0, 1)));
        assert_eq!(parse_reference("C17"), Some((2, 17)));
        assert_eq!(parse_reference("AA10"), Some((26, 10)));
        assert_eq!(parse_reference("XFD1048576"), Some((16_383, 1_048_576)));
        for wrong in
            ["", "A", "1", "A0", "A+1", "A01", "a1", "XFE1", "A1048577", "AAAA1", "A1 ", "$A$1", "A99999999999"]
        {
            assert_eq!(parse_reference(wrong), None, "{wrong}");
        }
    }
}
