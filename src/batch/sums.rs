//! What the rows of a list come to.

use super::Checker;
use crate::issue::Report;
use crate::money::Fen;

/// How many rows there are, and what they get together.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    /// Every row, the wrong ones too.
    pub count: usize,
    /// `None` if the sum is above what can be held.
    pub total: Option<Fen>,
    /// Whether every amount could be read: otherwise comparing the sum would only repeat the same complaint.
    pub amounts_known: bool,
}

impl Default for Sums {
    /// Of no row.
    fn default() -> Self {
        Self { count: 0, total: Some(Fen::default()), amounts_known: true }
    }
}

impl Sums {
    /// Adds a row and what it gets, if that could be read.
    pub fn add(&mut self, amount: Option<Fen>) {
        self.count += 1;
        match amount {
            Some(amount) => self.total = self.total.and_then(|sum| sum.checked_add(amount)),
            None => self.amounts_known = false,
        }
    }

    /// The count as a report has it.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.count).unwrap_or(u32::MAX)
    }

    /// Fen in all; zero for what cannot be held.
    #[must_use]
    pub fn fen(&self) -> u64 {
        self.total.unwrap_or_default().get()
    }

    /// What was noted, with what the rows come to.
    #[must_use]
    pub fn report(&self, checker: Checker) -> Report {
        checker.report(self.count(), self.fen())
    }
}
