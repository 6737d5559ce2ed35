//! What a field is called, what it may hold, and what was found in it.

use crate::block::consists_of;
use crate::issue::{Reason, Rule};
use crate::money::Fen;

/// One field of a provider's request.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The name in Chinese, for messages.
    pub label: &'static str,
    /// The rule about its presence and shape.
    pub rule: &'static Rule,
    /// Whether it must be there.
    pub required: bool,
    /// What it may hold.
    pub shape: Shape,
}

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// ASCII of one kind, by length.
    Word {
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: u32,
        /// Which characters it may hold.
        accept: Accept,
    },
    /// A word whose leading zeros count: a JSON number in its place is told from other mistakes, because it has lost them.
    Code {
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: u32,
        /// Which characters it may hold.
        accept: Accept,
    },
    /// Text for people, by length; astral, broken and control characters are refused under `characters`.
    Text {
        /// Fewest characters.
        min: u32,
        /// Most, in `unit`.
        max: u32,
        /// What is counted.
        unit: Unit,
        /// The rule about characters that are refused everywhere.
        characters: &'static Rule,
        /// The rule about symbols that may be refused, if there is one.
        symbols: Option<&'static Rule>,
    },
    /// One line of text in any script, by length; a control character is warned about, and a JSON number is told from other mistakes.
    Line {
        /// Fewest characters, in `unit`.
        min: u32,
        /// Most, in `unit`.
        max: u32,
        /// What is counted.
        unit: Unit,
    },
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A whole number of fen above zero.
    Amount,
    /// A whole number from zero to this.
    Integer(u64),
    /// `true` or `false`.
    Boolean,
}

/// A set of ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Letters and digits.
    Alphanumeric,
    /// Everything that prints, without the blank.
    Graphic,
    /// Digits.
    Digits,
    /// Letters, digits, `-` and `_`.
    Dashed,
    /// Letters, digits and `_`.
    Identifier,
}

impl Accept {
    /// Whether a text holds nothing else.
    #[must_use]
    #[inline(always)]
    pub fn all(self, text: &str) -> bool {
        let Ranges { range: (first, last), letters, also: [one, other] } = self.ranges();
        consists_of(text.as_bytes(), |block| {
            let letters = block.lower().within(letters.0, letters.1);
            block.within(first, last).or(letters).or(block.is(one)).or(block.is(other))
        })
    }

    const fn ranges(self) -> Ranges {
        let digits = (b'0', b'9');
        match self {
            Self::Alphanumeric => Ranges { range: digits, letters: LETTERS, also: *b"00" },
            Self::Graphic => Ranges { range: (b'!', b'~'), letters: NO_LETTERS, also: *b"!!" },
            Self::Digits => Ranges { range: digits, letters: NO_LETTERS, also: *b"00" },
            Self::Dashed => Ranges { range: digits, letters: LETTERS, also: *b"-_" },
            Self::Identifier => Ranges { range: digits, letters: LETTERS, also: *b"__" },
        }
    }
}

/// A set as its parts: the same steps for every set, and no branch among them.
struct Ranges {
    range: (u8, u8),
    /// In lower case.
    letters: (u8, u8),
    also: [u8; 2],
}

const LETTERS: (u8, u8) = (b'a', b'z');
/// No byte in lower case is zero.
const NO_LETTERS: (u8, u8) = (0, 0);

impl Shape {
    /// What is wrong with a value of another kind, or with a number where text is due.
    pub(super) const fn mistaken(self, number: bool) -> Reason {
        match self {
            Self::Code { .. } | Self::Line { .. } if number => Reason::NumberForText,
            Self::Amount => Reason::AmountIsText,
            Self::Integer(_) => Reason::NotInteger,
            Self::Boolean => Reason::NotBoolean,
            _ => Reason::NotText,
        }
    }
}

/// What the length of a text counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    Characters,
    /// Bytes of the UTF-8 form.
    Bytes,
    /// ASCII as 1, everything else as 2: the bytes of the older Chinese encodings.
    Wide,
}

impl Unit {
    /// How long a text is.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Characters => text.chars().count(),
            Self::Bytes => text.len(),
            Self::Wide => text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum(),
        }
    }

    /// Why a text is too long, if it is longer than `max`.
    #[must_use]
    pub fn excess(self, text: &str, max: u32) -> Option<Reason> {
        (self.measure(text) > max as usize).then(|| self.too_long(text))
    }

    /// What is said of a text that is too long.
    pub(super) const fn too_long(self, text: &str) -> Reason {
        match self {
            // In ASCII all units agree, and characters are what people know.
            _ if text.is_ascii() => Reason::TooLong,
            Self::Characters => Reason::TooLong,
            Self::Bytes => Reason::TooManyBytes,
            Self::Wide => Reason::TooWide,
        }
    }
}

/// What was found in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'c> {
    /// Text.
    Text(&'c str),
    /// An amount.
    Amount(Fen),
    /// A whole number.
    Integer(u64),
    /// `true` or `false`.
    Boolean(bool),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_counts_what_its_unit_counts() {
        let units = [Unit::Characters, Unit::Bytes, Unit::Wide];
        assert_eq!(units.map(|unit| unit.measure("a名𠮷")), [3, 8, 5]);
        let reasons = |text: &str| units.map(|unit| unit.excess(text, 4));
        assert_eq!(reasons("abcd"), [None; 3]);
        assert_eq!(reasons("abcde"), [Some(Reason::TooLong); 3]);
        assert_eq!(reasons("名名a"), [None, Some(Reason::TooManyBytes), Some(Reason::TooWide)]);
    }

    #[test]
    fn sets_hold_what_their_names_say() {
        for byte in 0..=u8::MAX {
            let text = char::from(byte).to_string();
            let ascii = byte.is_ascii();
            assert_eq!(Accept::Alphanumeric.all(&text), byte.is_ascii_alphanumeric());
            assert_eq!(Accept::Graphic.all(&text), byte.is_ascii_graphic());
            assert_eq!(Accept::Digits.all(&text), byte.is_ascii_digit());
            assert_eq!(Accept::Dashed.all(&text), ascii && (byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            assert_eq!(Accept::Identifier.all(&text), ascii && (byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
}
