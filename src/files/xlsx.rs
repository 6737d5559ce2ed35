//! XLSX, read by its own cell texts.

use crate::error::{Error, Result};

/// Reads a workbook.
///
/// # Errors
/// [`Error::SheetFormat`] if the bytes are not a workbook.
pub fn read(_bytes: &[u8]) -> Result<Vec<u8>> {
    Err(Error::SheetFormat("it is not an XLSX workbook"))
}
