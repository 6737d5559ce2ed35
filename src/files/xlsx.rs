//! XLSX, cell-exact: the texts of the cells as they stand in the file, numbers by their own digits.
//!
//! Sources: ECMA-376 part 1, SpreadsheetML (18.2 to 18.8), and part 2 for the container.

mod merged;
mod parts;
mod sheet;
mod strings;
mod styles;
mod write;

pub use write::write;

use super::container::Container;
use crate::error::{Error, Result};

/// What is read at most. Whatever is larger is refused, never cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the parts that are read may unpack to, together.
    pub unpacked: u64,
    /// Cells with something in them.
    pub cells: usize,
    /// Bytes of all texts.
    pub texts: usize,
    /// Bytes of the grid.
    pub grid: usize,
}

impl Default for Limits {
    /// A million rows of eight cells fit; the memory of the module stays below 1 GiB.
    fn default() -> Self {
        Self { unpacked: 512 << 20, cells: 10_000_000, texts: 128 << 20, grid: 256 << 20 }
    }
}

/// Rows of a worksheet at most, by the format.
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns of a worksheet at most, by the format: A to XFD. All of them are read.
pub const MAX_COLUMNS: u32 = 16_384;

/// One worksheet of a workbook, and the names of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workbook {
    /// The cells, see [`crate::grid`].
    pub grid: Vec<u8>,
    /// Which worksheet they come from.
    pub worksheet: String,
    /// All worksheets, in the order of their tabs; the hidden ones too.
    pub worksheets: Vec<String>,
    /// The columns that are hidden, from 0, as far as the sheet has cells.
    pub hidden_columns: Vec<u32>,
}

/// Reads one worksheet: the one named, or else the first that is visible.
///
/// # Errors
/// [`Error::SheetFormat`] if the bytes are not an XLSX workbook, or it has no such worksheet; [`Error::SheetTooLarge`] beyond the limits.
pub fn read(bytes: &[u8], worksheet: Option<&str>, limits: Limits) -> Result<Workbook> {
    let container = Container::open(bytes, limits.unpacked)?;
    let book = parts::Book::read(&container)?;
    let chosen = book.choose(worksheet)?;
    let dates = styles::read(&container, book.styles.as_deref())?;
    let mut texts = strings::Texts::new(limits);
    texts.share(&container, book.strings.as_deref())?;
    let sheet = sheet::read(&container, &chosen.part, texts, &dates, limits)?;
    let (grid, hidden_columns) = sheet.finish(limits.grid)?;
    let worksheets = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    Ok(Workbook { grid, worksheet: chosen.name.clone(), worksheets, hidden_columns })
}

/// The namespaces of SpreadsheetML: transitional, as Excel writes it, and strict.
const MAIN: &[&str] =
    &["http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"];

const DAMAGED: Error = Error::SheetFormat("the XLSX is damaged: open it in Excel and save it again");
