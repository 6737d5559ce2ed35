//! Recipients as they are written, and the batches they go into.

use super::channel::Role;
use super::payee::Payee;
use super::rules::Limits;
use crate::canonical::ObjectWriter;
use crate::error::{Error, Result};
use crate::money::Fen;

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
