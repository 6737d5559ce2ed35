//! What a field is called, what it may hold, and what was found in it.

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
    pub fn all(self, text: &str) -> bool {
        let members = &MEMBERS[self as usize];
        text.bytes().fold(true, |all, byte| all & members[usize::from(byte)])
    }

    const fn holds(self, byte: u8) -> bool {
        match self {
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Graphic => byte.is_ascii_graphic(),
            Self::Digits => byte.is_ascii_digit(),
            Self::Dashed => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Self::Identifier => byte.is_ascii_alphanumeric() || byte == b'_',
        }
    }
}

/// Which bytes each set holds: one look for each byte, and no branch.
static MEMBERS: [[bool; 256]; 5] = [
    members(Accept::Alphanumeric),
    members(Accept::Graphic),
    members(Accept::Digits),
    members(Accept::Dashed),
    members(Accept::Identifier),
];

const fn members(accept: Accept) -> [bool; 256] {
    let mut members = [false; 256];
    let mut byte = 0_u8;
    loop {
        members[byte as usize] = accept.holds(byte);
        if byte == u8::MAX {
            return members;
        }
        byte += 1;
    }
}

/// Whether a text holds nothing but printable ASCII and the common Chinese characters, U+4E00 to U+9FFF, told from its bytes.
fn is_common(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b' '..=b'~' => 1,
            0xe5..=0xe9 => 3,
            0xe4 if bytes.get(at + 1).is_some_and(|second| *second >= 0xb8) => 3,
            _ => return false,
        };
    }
    true
}

impl Shape {
    /// Whether a text is certainly what it may hold, told quickly; `false` may also mean that a longer look is needed.
    #[must_use]
    pub fn is_plainly(self, text: &str) -> bool {
        let fits = |min: u32, max: u32| (min as usize..=max as usize).contains(&text.len());
        match self {
            Self::Word { min, max, accept } | Self::Code { min, max, accept } => fits(min, max) && accept.all(text),
            // So few bytes are not too many in any unit. How few characters they are would have to be counted.
            Self::Text { min: 0 | 1, max, .. } => fits(1, max) && is_common(text),
            _ => false,
        }
    }

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

    #[test]
    fn common_characters_are_told_from_their_bytes_exactly() {
        for c in ('\0'..='\u{ffff}').chain(['😀', '\u{20000}']) {
            let expected = matches!(c, ' '..='~' | '\u{4e00}'..='\u{9fff}');
            assert_eq!(is_common(&format!("a{c}名")), expected, "{c:?}");
        }
    }
}
