//! Where a value stands, in a batch or in a sheet.

use crate::issue::Place;

/// Where a value comes from, so that an issue can say where it is.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'o> {
    /// The batch itself.
    Batch,
    /// An object inside it.
    Member {
        /// The object's name on the wire.
        object: &'o str,
    },
    /// A row of the list called `list`, from 0.
    Row {
        /// The list's name on the wire.
        list: &'o str,
        /// The row, from 0.
        index: u32,
    },
    /// A row of a sheet.
    Sheet {
        /// The row number the sheet shows; the header is row 1.
        row: u32,
        /// Which column holds which field.
        columns: &'o [(&'static str, usize)],
    },
}

impl Origin<'_> {
    pub(super) fn place(&self, field: &str, label: &'static str) -> Place {
        let (path, row, column) = match self {
            Self::Batch => (format!("/{field}"), None, None),
            Self::Member { object } => (format!("/{object}/{field}"), None, None),
            // The row itself, when it is not even an object.
            Self::Row { list, index } if *list == field => (format!("/{list}/{index}"), Some(index + 1), None),
            Self::Row { list, index } => (format!("/{list}/{index}/{field}"), Some(index + 1), None),
            Self::Sheet { row, columns } => {
                let column = columns.iter().find(|(name, _)| *name == field).map(|(_, column)| column_letters(*column));
                (format!("{}{row}", column.as_deref().unwrap_or_default()), Some(*row), column)
            }
        };
        Place { path, row, column, field: field.to_owned(), label }
    }
}

/// `0` is `A`, `26` is `AA`, as sheets count.
#[must_use]
pub fn column_letters(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]);
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_sheets_do() {
        let letters: Vec<_> = [0, 2, 25, 26, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "C", "Z", "AA", "ZZ", "AAA"]);
    }
}
