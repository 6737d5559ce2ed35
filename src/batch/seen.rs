//! What earlier rows of a list used up.

use core::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::hashes::Hashes;
use crate::money::Fen;

/// Numbers and payments that were met before.
pub trait Seen<'r> {
    /// Remembers a number; false if it was there before.
    fn number(&mut self, number: &'r str) -> bool;

    /// Remembers who gets what; false if it was there before.
    fn payment(&mut self, payee: &'r str, amount: Fen) -> bool;
}

/// How the rows of a list are gone through.
pub enum Going<'a, Each: ?Sized> {
    /// All of them are at hand, and somebody sees each.
    AtHand(&'a mut Each),
    /// They pass, and only what is wrong is seen. These passed before.
    Passing(&'a mut Hashes),
}

impl<Each: ?Sized> core::fmt::Debug for Going<'_, Each> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(if matches!(self, Self::AtHand(_)) { "AtHand(..)" } else { "Passing(..)" })
    }
}

/// All of them as they stand: a hash only finds them.
#[derive(Debug, Default)]
pub struct Keys<'r> {
    /// Each above the one before: numbers are mostly given out in order, and what is above all that came before was not among it.
    ascending: Vec<&'r str>,
    /// The other numbers.
    numbers: Distinct<&'r str>,
    payments: Distinct<(&'r str, Fen)>,
}

impl<'r> Keys<'r> {
    /// With room for so many rows.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            ascending: Vec::with_capacity(rows),
            numbers: Distinct::default(),
            payments: Distinct::with_capacity(rows),
        }
    }

    #[inline(never)]
    fn look_up(&mut self, number: &'r str) -> bool {
        self.ascending.binary_search(&number).is_err() && self.numbers.insert(number)
    }
}

impl<'r> Seen<'r> for Keys<'r> {
    #[inline(always)]
    fn number(&mut self, number: &'r str) -> bool {
        if self.ascending.last().is_some_and(|last| *last >= number) {
            return self.look_up(number);
        }
        self.ascending.push(number);
        true
    }

    fn payment(&mut self, payee: &'r str, amount: Fen) -> bool {
        self.payments.insert((payee, amount))
    }
}

/// Keys in the order in which they came, and a table of their places: four bytes a slot stay in a cache where keys would not.
#[derive(Debug)]
struct Distinct<K> {
    keys: Vec<K>,
    places: HashTable<u32>,
    hasher: RandomState,
}

impl<K: Hash + Eq> Distinct<K> {
    fn with_capacity(count: usize) -> Self {
        Self { keys: Vec::with_capacity(count), places: HashTable::with_capacity(count), ..Self::default() }
    }

    /// False if the key was there before.
    #[inline(never)]
    fn insert(&mut self, key: K) -> bool {
        let Self { keys, places, hasher } = self;
        let is_key = |place: &u32| keys.get(*place as usize) == Some(&key);
        let hash = |place: &u32| keys.get(*place as usize).map_or(0, |key| hasher.hash_one(key));
        let Entry::Vacant(vacant) = places.entry(hasher.hash_one(&key), is_key, hash) else { return false };
        vacant.insert(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        keys.push(key);
        true
    }
}

impl<K> Default for Distinct<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), places: HashTable::new(), hasher: RandomState::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_came_before_is_known_however_many_there_are() {
        let numbers: Vec<String> = (0..5000).map(|number| format!("d{number}")).collect();
        let mut seen = Keys::with_capacity(3);
        assert!(numbers.iter().all(|number| seen.number(number)));
        assert!(!numbers.iter().any(|number| seen.number(number)));
        let fen = |fen| Fen::new(fen).expect("an amount");
        // In order, then not: what came in order is known too.
        let mut seen = Keys::default();
        let ordered: Vec<String> = (10_000..15_000).map(|number| format!("d{number}")).collect();
        assert!(ordered.iter().all(|number| seen.number(number)));
        assert!(!seen.number(&ordered[4999]) && !seen.number(&ordered[0]));
        assert!(seen.number("d0") && seen.number("d2") && seen.number("d1") && !seen.number("d2"));
        assert!(!ordered.iter().any(|number| seen.number(number)));
        assert!(seen.payment("o1", fen(1)) && seen.payment("o1", fen(2)) && seen.payment("o2", fen(1)));
        assert!(!seen.payment("o1", fen(2)));
    }
}
