//! What earlier rows used up, where rows pass and are not kept: their hashes.

use core::hash::{BuildHasher, Hasher};
use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::seen::Seen;
use crate::block::words;
use crate::money::Fen;

/// What has a hash of its own was not there before. Whatever has not is suspected, and when all rows pass once more, it alone is kept and compared.
/// About 7 bytes a row.
#[derive(Debug, Default)]
pub struct Hashes {
    numbers: Numbers,
    payments: Set,
    /// Of payments that are not in the set yet: many at once are added faster, because none waits for another's memory.
    waiting: Vec<u64>,
    hasher: RandomState,
    suspects: Suspects,
    /// The suspects as they stand, when the rows pass once more.
    keys: Option<SuspectKeys>,
    /// Whether only all the numbers can tell whether one stood twice.
    lost: bool,
}

/// Hashes that were there before.
#[derive(Debug, Default)]
struct Suspects {
    numbers: HashSet<u64, RandomState>,
    payments: HashSet<u64, RandomState>,
}

/// What has one of those hashes.
#[derive(Debug, Default)]
struct SuspectKeys {
    numbers: HashSet<String, RandomState>,
    payments: HashSet<(String, Fen), RandomState>,
}

/// What is known of the numbers.
#[derive(Debug)]
enum Numbers {
    /// Each is above the one before, so none stood twice. Hashes are kept of the first ones only: lists are in order from there on, or not at all.
    Ascending { last: Short, count: usize, first: Vec<u64> },
    /// They come in any order.
    Hashed(Set),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Ascending { last: Short::default(), count: 0, first: Vec::new() }
    }
}

/// Of so many numbers hashes are kept while they ascend.
const FIRST: usize = 256;

impl Hashes {
    /// Makes room for so many rows.
    pub fn reserve(&mut self, rows: usize) {
        if self.keys.is_none() {
            self.payments = Set::with_capacity(rows);
        }
    }

    /// Settles what waits after some rows; false if only all the rows together can tell what stood twice.
    #[must_use]
    pub fn settle(&mut self) -> bool {
        for hash in self.waiting.drain(..) {
            if !self.payments.add(hash) {
                self.suspects.payments.insert(hash);
            }
        }
        !self.lost
    }

    /// Whether the rows will have to pass once more.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.keys.is_none() && !(self.suspects.numbers.is_empty() && self.suspects.payments.is_empty())
    }

    /// After the last row: whether the rows have to pass once more.
    #[must_use]
    pub fn again(&mut self) -> bool {
        let again = self.is_provisional();
        if again {
            (self.numbers, self.payments) = (Numbers::default(), Set::default());
            self.keys = Some(SuspectKeys::default());
        }
        again
    }

    #[inline(never)]
    fn look_up(&mut self, number: &str) -> bool {
        if let Some(keys) = &mut self.keys {
            let is_suspect = || self.suspects.numbers.contains(&self.hasher.hash_one(number));
            return self.suspects.numbers.is_empty() || !is_suspect() || keys.numbers.insert(number.to_owned());
        }
        if let Numbers::Ascending { count, first, .. } = &self.numbers {
            if *count > first.len() {
                self.lost = true;
                return true;
            }
            let mut numbers = Set::with_capacity(self.payments.slots.len() / 2);
            for hash in first {
                numbers.add(*hash);
            }
            self.numbers = Numbers::Hashed(numbers);
        }
        let hash = self.hasher.hash_one(number);
        if let Numbers::Hashed(numbers) = &mut self.numbers
            && !numbers.add(hash)
        {
            self.suspects.numbers.insert(hash);
        }
        true
    }

    #[inline(never)]
    fn compare(&mut self, payee: &str, amount: Fen, hash: u64) -> bool {
        let Some(keys) = &mut self.keys else { return true };
        !self.suspects.payments.contains(&hash) || keys.payments.insert((payee.to_owned(), amount))
    }
}

impl Seen<'_> for Hashes {
    #[inline(always)]
    fn number(&mut self, number: &str) -> bool {
        if let Numbers::Ascending { last, count, first } = &mut self.numbers
            && self.keys.is_none()
            && let Some(short) = Short::new(number)
            && short.is_above(last)
        {
            *last = short;
            *count += 1;
            if *count <= FIRST {
                first.push(self.hasher.hash_one(number));
            }
            return true;
        }
        self.look_up(number)
    }

    fn payment(&mut self, payee: &str, amount: Fen) -> bool {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(payee.as_bytes());
        // The hash of the payee spreads over all bits; an odd factor makes another number of each amount.
        let hash = hasher.finish().wrapping_add(amount.get().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if self.keys.is_some() {
            return self.compare(payee, amount, hash);
        }
        self.waiting.push(hash);
        true
    }
}

/// A text of at most 32 bytes as numbers: eight bytes in each, the first one lowest, and zeros behind the text. No array: a loop over one would
/// pass it through memory, where what was just written is slow to read.
#[derive(Clone, Copy, Debug, Default)]
struct Short(u64, u64, u64, u64, usize);

impl Short {
    #[inline(always)]
    fn new(text: &str) -> Option<Self> {
        let [first, second, third, fourth] = words(text.as_bytes())?;
        Some(Self(first, second, third, fourth, text.len()))
    }

    /// Whether it comes behind the other, as texts are ordered.
    #[inline(always)]
    fn is_above(&self, other: &Self) -> bool {
        let words = if self.0 != other.0 {
            (self.0, other.0)
        } else if self.1 != other.1 {
            (self.1, other.1)
        } else if self.2 != other.2 {
            (self.2, other.2)
        } else {
            (self.3, other.3)
        };
        // The first byte that differs.
        let at = (words.0 ^ words.1).trailing_zeros() / 8 * 8;
        if at == u64::BITS { self.4 > other.4 } else { words.0 >> at & 0xff > words.1 >> at & 0xff }
    }
}

/// A set of hashes. They are spread already, so their own bits say where they belong, and a slot is all that is looked at: the table that holds
/// anything looks at its tags, at the slot and at the tags again, which is a twelfth of all the time that a sheet takes.
///
/// Half of a hash says where, the other half is kept: that two have both in common happens in one of 3,000 sheets of 300,000 rows, and only makes
/// them doubtful.
#[derive(Debug, Default)]
struct Set {
    /// Each as many as a power of two, a quarter of them free or more; zero is free. What is full stays: without the whole hashes nothing can be
    /// moved.
    full: Vec<Vec<u32>>,
    slots: Vec<u32>,
    count: usize,
}

impl Set {
    fn with_capacity(count: usize) -> Self {
        Self { full: Vec::new(), slots: vec![0; (count * 4 / 3 + 1).next_power_of_two()], count: 0 }
    }

    /// Adds a hash; false if it may have been there before.
    #[inline(always)]
    fn add(&mut self, hash: u64) -> bool {
        if self.slots.len() / 4 * 3 <= self.count {
            self.grow();
        }
        let Some(slot) = free(&mut self.slots, hash) else { return false };
        *slot = kept(hash);
        self.count += 1;
        self.full.iter_mut().all(|slots| free(slots, hash).is_some())
    }

    #[inline(never)]
    fn grow(&mut self) {
        let slots = vec![0; (self.slots.len() * 2).max(8)];
        self.full.push(core::mem::replace(&mut self.slots, slots));
        self.count = 0;
    }
}

/// What is kept of a hash; never zero.
#[inline(always)]
const fn kept(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// The slot where a hash belongs, or the next one that is free; none if the hash is there.
#[inline(always)]
fn free(slots: &mut [u32], hash: u64) -> Option<&mut u32> {
    let last = slots.len() - 1;
    #[allow(clippy::cast_possible_truncation, reason = "what is kept are the other bits")]
    let mut at = hash as usize;
    while slots[at & last] != 0 {
        if slots[at & last] == kept(hash) {
            return None;
        }
        at = at.wrapping_add(1);
    }
    slots.get_mut(at & last)
}

#[cfg(test)]
mod tests {
    use chacha20::rand_core::Rng;

    use super::*;

    fn fen(fen: u64) -> Fen {
        Fen::new(fen).expect("an amount")
    }

    /// Which of the numbers are said to have been there before; `None` if only all of them together can tell.
    fn twice(numbers: &[&String]) -> Option<Vec<usize>> {
        let mut hashes = Hashes::default();
        assert!(numbers.iter().all(|number| hashes.number(number)));
        if !hashes.settle() {
            return None;
        }
        let again = hashes.again();
        let found = (0..numbers.len()).filter(|at| again && !hashes.number(numbers[*at])).collect();
        assert!(hashes.settle() && !hashes.again());
        Some(found)
    }

    fn numbers() -> Vec<String> {
        (10_000..15_000).map(|number| format!("d{number}")).collect()
    }

    #[test]
    fn numbers_that_stand_once_are_told_from_those_that_stand_twice() {
        let numbers = numbers();
        let ascending: Vec<&String> = numbers.iter().collect();
        let descending: Vec<&String> = numbers.iter().rev().collect();
        let long: Vec<String> = (0..500).map(|number| format!("{number}{}", "x".repeat(30))).collect();
        let long: Vec<&String> = long.iter().collect();
        for once in [&ascending, &descending, &long] {
            assert_eq!(twice(once), Some(Vec::new()));
        }
        for again in [0, 1, FIRST - 1, FIRST, 4999] {
            let again = &numbers[again];
            assert_eq!(twice(&[descending.as_slice(), &[again]].concat()), Some(vec![5000]));
            // It comes behind what ascends: nothing is known of those any more.
            assert_eq!(twice(&[ascending.as_slice(), &[again]].concat()), None);
        }
        for again in [0, 1, FIRST - 1] {
            assert_eq!(twice(&[&ascending[..FIRST], &[&numbers[again]]].concat()), Some(vec![FIRST]));
        }
    }

    #[test]
    fn payments_are_the_same_if_payee_and_amount_are() {
        let mut hashes = Hashes::default();
        hashes.reserve(3);
        let payees: Vec<String> = (0..5000).map(|payee| format!("o{payee}")).collect();
        let rows: Vec<(&str, u64)> =
            payees.iter().flat_map(|payee| [(payee.as_str(), 1), (payee.as_str(), 2)]).collect();
        assert!(rows.iter().all(|(payee, amount)| hashes.payment(payee, fen(*amount))));
        assert!(hashes.settle() && !hashes.again());
        let more = [("o77", 3), ("o77", 2), ("o8", 9), ("o77", 2)];
        assert!(more.iter().all(|(payee, amount)| hashes.payment(payee, fen(*amount))));
        assert!(hashes.settle() && hashes.again());
        let all = rows.iter().chain(&more).map(|(payee, amount)| hashes.payment(payee, fen(*amount)));
        let found: Vec<usize> = (0..).zip(all).filter(|(_, is_new)| !is_new).map(|(at, _)| at).collect();
        assert_eq!(found, [10_001, 10_003]);
        assert!(hashes.settle() && !hashes.again());
    }

    #[test]
    fn short_texts_are_ordered_as_texts_are() {
        let mut rng = crate::entropy::Entropy::from_bytes([24; 32]).rng();
        let mut any = move |count: usize| rng.next_u32() as usize % count;
        for _ in 0..100_000 {
            let parts = ["a", "b", "\0", "名", "\u{80}", "abcdefgh"];
            let text: String = (0..any(12)).map(|_| parts[any(parts.len())]).collect();
            let end = (0..=text.len()).rev().filter(|end| text.is_char_boundary(*end)).nth(any(2)).unwrap_or(0);
            let other = format!("{}{}", &text[..end], parts[any(parts.len())]);
            let Some((short, other_short)) = Short::new(&text).zip(Short::new(&other)) else {
                assert!(text.len() > 32 || other.len() > 32);
                continue;
            };
            assert_eq!(short.is_above(&other_short), text > other, "{text:?} {other:?}");
            assert_eq!(other_short.is_above(&short), other > text, "{text:?} {other:?}");
        }
    }

    #[test]
    fn a_set_knows_what_it_holds_however_it_grew() {
        let mut rng = crate::entropy::Entropy::from_bytes([25; 32]).rng();
        // Few bits make them meet in the same slots; what is kept differs.
        let mut hashes: Vec<u64> = (0..3000).map(|index| index << 33 | u64::from(rng.next_u32()) & 0xfff).collect();
        for capacity in [0, 1, 1000, 10_000] {
            let mut set = Set::with_capacity(capacity);
            assert!(hashes.iter().all(|hash| set.add(*hash)), "{capacity}");
            assert!(!hashes.iter().any(|hash| set.add(*hash)), "{capacity}");
            hashes.reverse();
        }
    }
}
