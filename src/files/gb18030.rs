//! GB18030, which covers GBK and GB2312, by the decoder of the Encoding Standard.
//!
//! The crate for this, `encoding_rs`, brings the tables of every other encoding along: 145 KB instead of 50. So it is the judge in the tests.
//!
//! Source: <https://encoding.spec.whatwg.org/#gb18030-decoder>, read 2026-11-25.

/// 23,940 code points of two-byte sequences, then 208 pairs of where a range of four-byte sequences begins: pointer, code point. All u16,
/// little-endian. As `encoding_rs` has them: the tests compare every sequence.
static TABLE: &[u8] = include_bytes!("gb18030.bin");
/// Two-byte sequences: 126 leads of 190 trails.
const PAIRS: usize = 126 * 190;
const RANGES: usize = 208;
/// Four-byte sequences of the basic plane, and where the other planes begin.
const BASIC: u32 = 39_420;
const SUPPLEMENTARY: u32 = 189_000;

/// Reads characters; what is no character comes as U+FFFD.
#[derive(Clone, Debug)]
pub(super) struct Characters<'a> {
    rest: &'a [u8],
    /// Whether the bytes end within a character.
    cut: bool,
}

impl<'a> Characters<'a> {
    /// Begins to read.
    #[must_use]
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, cut: false }
    }

    /// Whether the last character, read as U+FFFD, was one whose end is missing.
    #[must_use]
    pub(super) const fn was_cut(&self) -> bool {
        self.cut
    }

    /// The next character and its length, and the length of what is none. Bytes that could begin a character are read again.
    fn decode(&mut self) -> Option<(Option<char>, usize)> {
        let found = match *self.rest {
            [] => return None,
            [ascii @ 0..0x80, ..] => (Some(char::from(ascii)), 1),
            [0x80, ..] => (Some('€'), 1),
            [0xff, ..] => (None, 1),
            [lead, second @ b'0'..=b'9', third @ 0x81..=0xfe, fourth @ b'0'..=b'9', ..] => {
                (four_bytes(lead, second, third, fourth), 4)
            }
            [_, b'0'..=b'9', 0x81..=0xfe] | [_, b'0'..=b'9'] | [_] => {
                self.cut = true;
                (None, self.rest.len())
            }
            [_, b'0'..=b'9', ..] => (None, 1),
            [lead, trail, ..] => {
                let character = two_bytes(lead, trail);
                // An ASCII byte is never swallowed: it may be the comma or the end of the line.
                (character, if character.is_none() && trail < 0x80 { 1 } else { 2 })
            }
        };
        Some(found)
    }
}

impl Iterator for Characters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let (character, length) = self.decode()?;
        self.rest = &self.rest[length..];
        Some(character.unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

fn two_bytes(lead: u8, trail: u8) -> Option<char> {
    let offset = match trail {
        0x40..=0x7e => 0x40,
        0x80..=0xfe => 0x41,
        _ => return None,
    };
    let pointer = usize::from(lead - 0x81) * 190 + usize::from(trail - offset);
    char::from_u32(u32::from(entry(pointer)))
}

fn four_bytes(lead: u8, second: u8, third: u8, fourth: u8) -> Option<char> {
    let digits = [(lead - 0x81, 1), (second - b'0', 10), (third - 0x81, 126), (fourth - b'0', 10)];
    let pointer = digits.into_iter().fold(0, |sum, (digit, base)| sum * base + u32::from(digit));
    match pointer {
        0..BASIC => {
            let pointer = u16::try_from(pointer).ok()?;
            // The range that begins last before it.
            let (mut low, mut high) = (0, RANGES);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if entry(PAIRS + 2 * middle) <= pointer { low = middle } else { high = middle }
            }
            let (start, first) = (entry(PAIRS + 2 * low), entry(PAIRS + 2 * low + 1));
            char::from_u32(u32::from(first) + u32::from(pointer - start))
        }
        SUPPLEMENTARY.. => char::from_u32(0x1_0000 + pointer - SUPPLEMENTARY),
        _ => None,
    }
}

fn entry(at: usize) -> u16 {
    TABLE.get(2 * at..).and_then(|rest| rest.first_chunk()).map_or(0, |pair| u16::from_le_bytes(*pair))
}

/// How common a hanzi is, by the level that GB2312 gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// One of the 3,755 that most texts are made of.
    First,
    /// One of the next 3,008, of names and places.
    Second,
    /// Any other of the 20,992 of the basic block.
    Beyond,
}

/// The levels of the basic block of hanzi.
#[derive(Debug)]
pub(super) struct Levels(Vec<Level>);

const BLOCK: core::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

impl Levels {
    pub(super) fn new() -> Self {
        let mut levels = vec![Level::Beyond; BLOCK.count()];
        for (leads, level) in [(0xb0..=0xd7, Level::First), (0xd8..=0xf7, Level::Second)] {
            for (lead, trail) in leads.flat_map(|lead| (0xa1..=0xfe).map(move |trail| (lead, trail))) {
                if let Some(place) = two_bytes(lead, trail).and_then(Self::place) {
                    levels[place] = level;
                }
            }
        }
        Self(levels)
    }

    /// The level of a hanzi; `None` for what is not in the basic block.
    pub(super) fn of(&self, character: char) -> Option<Level> {
        self.0.get(Self::place(character)?).copied()
    }

    fn place(character: char) -> Option<usize> {
        BLOCK.contains(&character).then(|| character as usize - *BLOCK.start() as usize)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;
    use proptest::prelude::*;

    use super::*;

    fn decode(bytes: &[u8]) -> String {
        Characters::new(bytes).collect()
    }

    fn judge(bytes: &[u8]) -> String {
        GB18030.decode_without_bom_handling(bytes).0.into_owned()
    }

    #[test]
    fn every_sequence_of_one_and_two_bytes_is_read_as_the_judge_reads_it() {
        for first in 0..=255_u8 {
            assert_eq!(decode(&[first]), judge(&[first]));
            for second in 0..=255 {
                let bytes = [first, second];
                assert_eq!(decode(&bytes), judge(&bytes), "{bytes:x?}");
                // What follows must not be swallowed.
                let bytes = [first, second, b','];
                assert_eq!(decode(&bytes), judge(&bytes), "{bytes:x?}");
            }
        }
    }

    #[test]
    fn every_sequence_of_four_bytes_is_read_as_the_judge_reads_it() {
        for lead in 0x81..=0xfe_u8 {
            let all: Vec<u8> = (b'0'..=b'9')
                .flat_map(|second| (0x81..=0xfe).map(move |third| (second, third)))
                .flat_map(|(second, third)| (b'0'..=b'9').flat_map(move |fourth| [lead, second, third, fourth]))
                .collect();
            assert!(decode(&all) == judge(&all), "sequences that begin with {lead:x}");
        }
    }

    /// Bytes among which sequences of every kind, and broken ones, are frequent.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![0x81..=0xfe_u8, b'0'..=b'9', any::<u8>(), Just(0x80), Just(0xff), Just(b',')];
        prop::collection::vec(byte, 0..12)
    }

    proptest! {
        #[test]
        fn broken_sequences_are_read_as_the_judge_reads_them(bytes in bytes()) {
            prop_assert_eq!(decode(&bytes), judge(&bytes));
        }
    }

    #[test]
    fn a_text_that_ends_within_a_character_is_told_from_a_broken_one() {
        for (bytes, cut) in [
            (b"\xd5\xc5".as_slice(), false),
            (b"\xd5\xc5\xc8", true),
            (b"a\x81\x30\x81", true),
            (b"\xff", false),
            (b"\xff\xff\xd5", true),
        ] {
            let mut characters = Characters::new(bytes);
            assert!(characters.by_ref().count() > 0);
            assert_eq!(characters.was_cut(), cut, "{bytes:x?}");
        }
    }

    #[test]
    fn the_levels_are_those_of_gb2312() {
        let levels = Levels::new();
        let count = |level| BLOCK.filter(|c| levels.of(*c) == Some(level)).count();
        assert_eq!((count(Level::First), count(Level::Second)), (3755, 3008));
        assert_eq!(levels.of('张'), Some(Level::First));
        assert_eq!(levels.of('玥'), Some(Level::Beyond));
        assert_eq!(levels.of('鑫'), Some(Level::Second));
        assert_eq!(levels.of('，'), None);
    }
}
