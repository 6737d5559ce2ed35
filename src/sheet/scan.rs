//! Finds what ends a cell: a separator or a line end, sixteen bytes at a time.

use crate::block::{BLOCK, Block};

/// Finds the next separator, CR or LF.
#[derive(Clone, Copy)]
pub(super) struct Finder<'t> {
    bytes: &'t [u8],
    separator: u8,
    /// Where the block in `found` begins.
    base: usize,
    /// One bit for each byte of the block that ends a cell.
    found: u32,
}

impl<'t> Finder<'t> {
    pub(super) fn new(bytes: &'t [u8], separator: u8) -> Self {
        let mut finder = Self { bytes, separator, base: 0, found: 0 };
        finder.look();
        finder
    }

    /// The first place from `from` on that ends a cell; the length of the text if there is none. `from` never goes back.
    #[inline(always)]
    pub(super) fn next(&mut self, from: usize) -> usize {
        if from >= self.base + BLOCK {
            self.base = from / BLOCK * BLOCK;
            self.look();
        }
        // What lies before `from` does not count any more.
        self.found &= u32::MAX << (from - self.base);
        while self.found == 0 {
            self.base += BLOCK;
            if self.base >= self.bytes.len() {
                return self.bytes.len();
            }
            self.look();
        }
        self.base + self.found.trailing_zeros() as usize
    }

    #[inline(always)]
    fn look(&mut self) {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        self.found = match rest.first_chunk() {
            Some(block) => ends(block, self.separator),
            None => {
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                ends(&block, self.separator)
            }
        };
    }
}

/// One bit for each byte that ends a cell.
#[inline(always)]
fn ends(block: &[u8; BLOCK], separator: u8) -> u32 {
    let block = Block::new(block);
    block.is(separator).or(block.is(b'\n')).or(block.is(b'\r')).bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_found_once_wherever_it_stands() {
        for length in 0..70 {
            for step in 1..20 {
                let text: Vec<u8> =
                    (0..length).map(|at| if at % step == 0 { b",\n\r"[at % 3] } else { b'x' }).collect();
                let mut finder = Finder::new(&text, b',');
                let mut at = 0;
                let mut found = Vec::new();
                while at < length {
                    at = finder.next(at);
                    found.push(at);
                    at += 1;
                }
                let mut expected: Vec<usize> = (0..length).step_by(step).collect();
                if expected.last().is_none_or(|last| last + 1 < length) && length > 0 {
                    expected.push(length);
                }
                assert_eq!(found, expected, "{length} {step}");
            }
        }
    }
}
