//! The rows of a batch as they are written, but for the sealed names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::detail::Detail;
use super::rules::{Limits, VERSION};
use crate::canonical::{approval_hash, push_escaped};
use crate::error::{Error, Result};
use crate::money::Fen;

/// Rows of a batch: about 160 bytes a row, and its name.
#[derive(Default)]
pub(super) struct List {
    count: usize,
    total: Fen,
    /// The rows, with a comma between two of them. Names are left out.
    text: Vec<u8>,
    /// Where in `text` each name belongs.
    places: Vec<usize>,
    /// The names one after the other, and where each ends.
    names: Zeroizing<Vec<u8>>,
    ends: Vec<usize>,
}

impl core::fmt::Debug for List {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("List(..)")
    }
}

impl List {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) const fn total(&self) -> Fen {
        self.total
    }

    pub(super) fn push(&mut self, detail: &Detail<'_>) {
        if self.count > 0 {
            self.text.push(b',');
        }
        self.count += 1;
        // Whoever reads the rows notes a sum that is too large, and then this list is not used.
        self.total = self.total.checked_add(detail.amount).unwrap_or_default();
        if let (Some(place), Some(name)) = (detail.write(&mut self.text), detail.name) {
            self.places.push(place);
            self.push_name(name);
        }
    }

    /// A buffer that grows by itself would leave names behind in the memory it gave back.
    fn push_name(&mut self, name: &str) {
        if self.names.capacity() < self.names.len() + name.len() {
            let mut grown = Zeroizing::new(Vec::with_capacity(2 * (self.names.len() + name.len()).max(512)));
            grown.extend_from_slice(&self.names);
            self.names = grown;
        }
        self.names.extend_from_slice(name.as_bytes());
        self.ends.push(self.names.len());
    }

    /// The names, in row order.
    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> + Clone {
        let starts = core::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.names[start..*end])
    }

    /// Gives the rows with their names in plain text, piece by piece.
    pub(super) fn plain(&self, mut give: impl FnMut(&[u8])) {
        let mut escaped = Zeroizing::new(Vec::with_capacity(512));
        let mut from = 0;
        for (place, name) in self.places.iter().zip(self.names()) {
            give(&self.text[from..*place]);
            from = *place;
            escaped.clear();
            push_escaped(&mut escaped, name);
            give(&escaped);
        }
        give(&self.text[from..]);
    }

    /// At most how many bytes the rows take with their names in plain text.
    pub(super) fn plain_size(&self) -> usize {
        // Escaped, a byte takes six: \u0000.
        self.text.len() + 6 * self.names.len()
    }

    /// The approval hash of these rows: see [`approval_hash`].
    pub(super) fn approval(&self) -> String {
        let mut rows = Zeroizing::new(vec![b'[']);
        self.plain(|piece| rows.extend_from_slice(piece));
        rows.push(b']');
        approval_hash(VERSION, u32::try_from(self.count).unwrap_or(u32::MAX), self.total.get(), &rows)
    }

    /// # Errors
    /// [`Error::NotApproved`] unless `approved` is the approval hash of these rows.
    pub(super) fn demand(&self, approved: &str) -> Result<()> {
        if self.approval() == approved { Ok(()) } else { Err(Error::NotApproved) }
    }

    /// How many bytes the rows take with these ciphertexts.
    pub(super) fn sealed_size(&self, ciphertexts: usize) -> usize {
        // Each of them may be filled up to whole groups of base64.
        self.text.len() + ciphertexts.div_ceil(3) * 4 + 4 * self.places.len()
    }

    /// Writes the rows with the base64 of one ciphertext for each name.
    pub(super) fn sealed(&self, ciphertexts: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let count = self.places.len();
        let size = ciphertexts.len().checked_div(count).unwrap_or(0);
        if size * count != ciphertexts.len() || (count > 0 && !(256..=512).contains(&size)) {
            return Err(Error::CiphertextCount);
        }
        let mut from = 0;
        for (place, ciphertext) in self.places.iter().zip(ciphertexts.chunks(size.max(1))) {
            out.extend_from_slice(&self.text[from..*place]);
            from = *place;
            let start = out.len();
            out.resize(start + size.div_ceil(3) * 4, 0);
            STANDARD.encode_slice(ciphertext, &mut out[start..]).map_err(|_| Error::CiphertextCount)?;
        }
        out.extend_from_slice(&self.text[from..]);
        Ok(())
    }
}

/// Rows on their way into several batches: with and without a name apart (V14), at most `size` in each.
pub(super) struct Parts {
    size: usize,
    /// In the order in which they were opened: a row that is added at the end changes no number before it.
    lists: Vec<List>,
    /// The place of the one that takes the next row without a name, and with one.
    open: [Option<usize>; 2],
    /// All of them in the order in which they came, if that order was approved.
    all: Option<List>,
    approved: Option<String>,
}

impl Parts {
    /// # Errors
    /// [`Error::OptionsInvalid`] if no batch may have that size.
    pub(super) fn new(size: usize, approved: Option<&str>, limits: &Limits) -> Result<Self> {
        if !(1..=limits.max_details as usize).contains(&size) {
            return Err(Error::option("size must be at least 1 and at most maxDetails"));
        }
        let all = approved.map(|_| List::default());
        Ok(Self { size, lists: Vec::new(), open: [None; 2], all, approved: approved.map(str::to_owned) })
    }

    pub(super) fn push(&mut self, detail: &Detail<'_>) {
        if let Some(all) = &mut self.all {
            all.push(detail);
        }
        let open = &mut self.open[usize::from(detail.name.is_some())];
        let lists = &mut self.lists;
        let at = *open.get_or_insert_with(|| {
            lists.push(List::default());
            lists.len() - 1
        });
        let list = &mut lists[at];
        list.push(detail);
        if list.count == self.size {
            *open = None;
        }
    }

    /// The lists, in the order of their numbers.
    ///
    /// # Errors
    /// [`Error::NotApproved`] unless these are the rows that were approved; [`Error::OptionsInvalid`] if there are more than `most`.
    pub(super) fn into_lists(self, most: usize) -> Result<Vec<List>> {
        if let Some((all, approved)) = self.all.zip(self.approved) {
            all.demand(&approved)?;
        }
        if self.lists.len() > most {
            return Err(Error::option("size makes more than 999 batches"));
        }
        Ok(self.lists)
    }
}
