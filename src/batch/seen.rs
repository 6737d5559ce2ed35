//! What earlier rows of a list used up.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::money::Fen;

/// Numbers and payments that were met before. They are compared as they stand; a hash only finds them.
#[derive(Debug, Default)]
pub struct Seen<'r> {
    numbers: HashSet<&'r str, RandomState>,
    payments: HashSet<(&'r str, Fen), RandomState>,
}

impl<'r> Seen<'r> {
    /// With room for so many rows.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            numbers: HashSet::with_capacity_and_hasher(rows, RandomState::default()),
            payments: HashSet::with_capacity_and_hasher(rows, RandomState::default()),
        }
    }

    /// Remembers a number; false if it was there before.
    pub fn number(&mut self, number: &'r str) -> bool {
        self.numbers.insert(number)
    }

    /// Remembers who gets what; false if it was there before.
    pub fn payment(&mut self, payee: &'r str, amount: Fen) -> bool {
        self.payments.insert((payee, amount))
    }
}
