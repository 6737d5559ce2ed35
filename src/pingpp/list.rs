//! Recipients as they are written, and the batches they go into.

use super::channel::Role;
use super::payee::Payee;
use super::rules::{Limits, VERSION};
use crate::batch::{Cell, Sums};
use crate::canonical::{ObjectWriter, approval_hash};
use crate::error::{Error, Result};
use crate::money::Fen;
use crate::sheet::write_row;

/// Recipients of one batch.
#[derive(Default)]
pub(super) struct List {
    count: usize,
    total: Fen,
    /// With a comma between two of them.
    text: Vec<u8>,
}

impl List {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) const fn total(&self) -> Fen {
        self.total
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    fn push(&mut self, payee: &Payee<'_, '_>) {
        if self.count > 0 {
            self.text.push(b',');
        }
        self.count += 1;
        // Whoever reads the rows notes a sum that is too large, and then this list is not used.
        self.total = self.total.checked_add(payee.amount().unwrap_or_default()).unwrap_or_default();
        let mut object = ObjectWriter::new(&mut self.text);
        payee.write(&mut object, 0..payee.len());
        object.end();
    }
}

/// Recipients on their way into batches of at most `size`.
pub(super) struct Parts {
    size: usize,
    lists: Vec<List>,
    /// Whether a recipient has no description of its own.
    pub(super) silent: bool,
}

impl Parts {
    /// One batch, however long it is.
    pub(super) const fn whole() -> Self {
        Self { size: usize::MAX, lists: Vec::new(), silent: false }
    }

    /// Batches of `size`, or else as large as they may be.
    ///
    /// # Errors
    /// [`Error::OptionsInvalid`] if no batch may have that size.
    pub(super) fn new(size: Option<usize>, limits: &Limits) -> Result<Self> {
        let most = limits.max_recipients.map_or(usize::MAX, |max| max as usize);
        let size = size.unwrap_or(most);
        if !(1..=most).contains(&size) {
            return Err(Error::option("size must be at least 1 and at most maxRecipients"));
        }
        Ok(Self { size, ..Self::whole() })
    }

    pub(super) fn push(&mut self, payee: &Payee<'_, '_>) {
        self.silent |= !payee.given(Role::Description);
        if self.lists.last().is_none_or(|list| list.count == self.size) {
            self.lists.push(List::default());
        }
        if let Some(list) = self.lists.last_mut() {
            list.push(payee);
        }
    }

    /// The lists, in the order of their numbers.
    pub(super) fn into_lists(self) -> Vec<List> {
        self.lists
    }
}

/// The rows as a sheet gives them, if they are to be compared with approved ones. What is sent follows from them.
pub(super) struct Approval<'a> {
    hash: Option<&'a str>,
    rows: Vec<u8>,
}

impl<'a> Approval<'a> {
    pub(super) const fn new(hash: Option<&'a str>) -> Self {
        Self { hash, rows: Vec::new() }
    }

    /// Adds a row: the names of the channel's fields, and what stands there.
    pub(super) fn push<'c>(&mut self, cells: impl Iterator<Item = (&'static str, Option<Cell<'c>>)>) {
        if self.hash.is_some() {
            self.rows.push(if self.rows.is_empty() { b'[' } else { b',' });
            write_row(cells, &mut self.rows);
        }
    }

    /// # Errors
    /// [`Error::NotApproved`] unless these are the rows that were approved.
    pub(super) fn demand(mut self, sums: &Sums) -> Result<()> {
        let Some(approved) = self.hash else { return Ok(()) };
        self.rows.push(b']');
        if approval_hash(VERSION, sums.count(), sums.fen(), &self.rows) == approved {
            Ok(())
        } else {
            Err(Error::NotApproved)
        }
    }
}
