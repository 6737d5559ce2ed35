//! A text that is checked while it passes: nothing of it is kept but what is wrong.

use super::Target;
use crate::batch::{Checker, Going, Hashes, Sums};
use crate::error::Result;
use crate::issue::Report;
use crate::sheet::{AmountUnit, Mapping, Separator, Stream};

/// Checks the rows of a text as [`super::check`] does, or says that only the whole sheet can tell. Besides the window of text that is looked
/// at: about 7 bytes a row.
#[derive(Debug)]
pub struct Passing {
    stream: Stream,
    target: Target,
    /// What goes before the header, see [`Mapping::find`].
    places: Vec<(String, usize)>,
    unit: Option<AmountUnit>,
    /// How many bytes are expected, and how many came.
    size: usize,
    taken: usize,
    header: Option<Header>,
    checker: Checker,
    hashes: Hashes,
    sums: Sums,
}

/// The header of a sheet.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its cells.
    pub titles: Vec<String>,
    /// What it says.
    pub mapping: Mapping,
}

impl Passing {
    /// A text of about `size` bytes; `places` and `unit` go before what its header says.
    #[must_use]
    pub fn new(
        target: Target,
        (places, unit): (Vec<(String, usize)>, Option<AmountUnit>),
        stream: Stream,
        size: usize,
    ) -> Self {
        Self {
            stream,
            target,
            places,
            unit,
            size,
            taken: 0,
            header: None,
            checker: Checker::default(),
            hashes: Hashes::default(),
            sums: Sums::default(),
        }
    }

    /// Takes the whole characters of the next bytes, and says how many bytes those are: what is left belongs in front of the piece after it.
    /// `None` if only the whole sheet can tell: numbers are out of order late, or may be padded with zeros.
    ///
    /// # Errors
    /// Those of reading the whole sheet, but perhaps not the same one: the whole sheet has the word.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Result<Option<usize>> {
        let taken = self.stream.push(bytes, last)?;
        self.taken += taken;
        if !self.stream.read(last)? {
            return Ok(Some(taken));
        }
        let header = match self.header.take() {
            Some(header) => header,
            None => self.begin()?,
        };
        let Header { mapping, .. } = self.header.insert(header);
        let table = self.stream.table(mapping, self.target.columns())?;
        self.target.check(&mut self.checker, &table, (Going::Passing(&mut self.hashes), &mut self.sums));
        let told = !table.is_padded() & self.hashes.settle();
        self.stream.forget();
        if self.hashes.is_provisional() {
            // All of it comes once more.
            self.checker = Checker::deaf();
        }
        Ok(told.then_some(taken))
    }

    /// After the last bytes: whether all of them have to come once more, because something may stand twice.
    pub fn again(&mut self) -> bool {
        let again = self.hashes.again();
        if again {
            self.stream.restart();
            (self.header, self.checker, self.sums) = (None, Checker::default(), Sums::default());
        }
        again
    }

    /// Reads the header, and makes room for as many rows as there will be if all are like the first ones.
    fn begin(&mut self) -> Result<Header> {
        let grid = self.stream.grid();
        let mapping = Mapping::find(grid, self.target.columns(), &self.places, self.unit)?;
        let titles = grid.cells(mapping.header).map(|cell| cell.text.to_owned()).collect();
        let rows = grid.len() * (self.size / self.taken.max(1) + 1);
        self.hashes.reserve(rows / 50 * 51);
        Ok(Header { titles, mapping })
    }

    /// The target.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The separator, once a row was read.
    #[must_use]
    pub const fn separator(&self) -> Option<Separator> {
        self.stream.separator()
    }

    /// The header, once a row was read.
    #[must_use]
    pub const fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// What was found, when the last bytes were taken and need not come again.
    #[must_use]
    pub fn finish(&mut self) -> Report {
        let mut checker = core::mem::take(&mut self.checker);
        self.target.check_whole(&mut checker, &self.sums);
        self.sums.report(checker)
    }
}
