//! What an approval binds: the rows as a sheet gives them, the channel they are paid over, and whether they are companies.

use super::batch::{RECIPIENTS, Whole, note_overflow, read_rows};
use super::channel::Channel;
use super::head;
use super::list::Parts;
use super::payee::Terms;
use super::rules::{Limits, VERSION};
use crate::batch::{Cell, Checker, Sums};
use crate::canonical::approval_hash;
use crate::error::{Error, Result};
use crate::sheet::write_row;

/// The rows, if they are to be compared with approved ones. What is sent follows from them.
pub(super) struct Approval<'a> {
    expected: Option<&'a str>,
    /// Whether rows are noted at all.
    wanted: bool,
    rows: Vec<u8>,
}

impl<'a> Approval<'a> {
    /// To be compared with `expected`, if anything is.
    pub(super) const fn new(expected: Option<&'a str>) -> Self {
        Self { expected, wanted: expected.is_some(), rows: Vec::new() }
    }

    /// Adds a row: the names of the channel's fields, and what stands there.
    pub(super) fn push<'c>(&mut self, cells: impl Iterator<Item = (&'static str, Option<Cell<'c>>)>) {
        if self.wanted {
            self.rows.push(if self.rows.is_empty() { b'[' } else { b',' });
            write_row(cells, &mut self.rows);
        }
    }

    fn hash(mut self, sums: &Sums, terms: &Terms<'_>) -> String {
        self.rows.push(b']');
        approval_hash(&bound(terms.channel, terms.company == Some(true)), sums.count(), sums.fen(), &self.rows)
    }

    /// # Errors
    /// [`Error::NotApproved`] unless this is what was approved.
    pub(super) fn demand(self, sums: &Sums, terms: &Terms<'_>) -> Result<()> {
        let Some(approved) = self.expected else { return Ok(()) };
        if self.hash(sums, terms) == approved { Ok(()) } else { Err(Error::NotApproved) }
    }
}

/// What an approval binds besides the rows.
pub(super) fn bound(channel: &Channel, company: bool) -> String {
    format!("{VERSION} {} {}", channel.name, head::type_of(company))
}

/// The approval hash of the recipients of a batch, as JSON text: of its head only channel and type matter.
///
/// # Errors
/// [`Error::BatchInvalid`] if a recipient breaks a rule.
pub fn hash(json: &str, limits: &Limits) -> Result<String> {
    let mut checker = Checker::default();
    let fields = head::object(&mut checker, &RECIPIENTS, json).unwrap_or_default();
    let channel = head::read_channel(&mut checker, &fields);
    let company = head::company(&mut checker, &fields, channel, limits);
    let terms = channel.map(|channel| Terms { channel, company, limits });
    let mut approval = Approval { wanted: true, ..Approval::new(None) };
    let rows = (&mut Parts::whole(), &mut approval);
    let sums = read_rows(&mut checker, &fields, (terms.as_ref(), limits, Whole::Upload), rows);
    note_overflow(&mut checker, &sums);
    match terms {
        Some(terms) if !checker.failed() => Ok(approval.hash(&sums, &terms)),
        _ => Err(Error::BatchInvalid(Box::new(sums.report(checker)))),
    }
}
