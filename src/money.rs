//! Money: whole fen in an integer. There is no floating point anywhere.

use crate::block::short_words;

/// An amount of fen (分, 1/100 yuan), from 0 to 2^53 − 1, so that every JavaScript host can hold it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(u64);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountError {
    /// No digits at all.
    Empty,
    /// A minus sign.
    Negative,
    /// A fraction or an exponent where a whole number of fen is due.
    NotInteger,
    /// More than two digits after the point, in yuan.
    TooPrecise,
    /// Above 2^53 − 1 fen.
    TooLarge,
    /// Anything that is not digits and at most one point.
    NotNumber,
}

impl Fen {
    /// The largest amount: 2^53 − 1 fen.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// An amount of `fen`, unless it is above [`Fen::MAX`].
    #[must_use]
    pub const fn new(fen: u64) -> Option<Self> {
        if fen <= Self::MAX.0 { Some(Self(fen)) } else { None }
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sum, unless it is above [`Fen::MAX`].
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        // Two values below 2^53 cannot overflow 64 bits.
        Self::new(self.0 + other.0)
    }

    /// Reads a JSON number's own digits as whole fen. `1.0` and `1e3` are refused: they were floats somewhere.
    ///
    /// # Errors
    /// [`AmountError`] says what is wrong with the text.
    ///
    /// # Examples
    /// ```
    /// use payseal::money::{AmountError, Fen};
    /// assert_eq!(Fen::from_integer("1050").map(Fen::get), Ok(1050));
    /// assert_eq!(Fen::from_integer("10.5"), Err(AmountError::NotInteger));
    /// ```
    pub fn from_integer(text: &str) -> Result<Self, AmountError> {
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        if text.starts_with('-') {
            return Err(AmountError::Negative);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            let float = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
            return Err(if float { AmountError::NotInteger } else { AmountError::NotNumber });
        }
        Self::new(text.bytes().fold(0, push_digit)).ok_or(AmountError::TooLarge)
    }

    /// Reads an amount in yuan with at most two decimals, exactly: `"12.3"` is 1230 fen.
    ///
    /// # Errors
    /// [`AmountError`] says what is wrong with the text.
    ///
    /// # Examples
    /// ```
    /// use payseal::money::{AmountError, Fen};
    /// assert_eq!(Fen::from_yuan("0.29").map(Fen::get), Ok(29));
    /// assert_eq!(Fen::from_yuan("0.295"), Err(AmountError::TooPrecise));
    /// ```
    pub fn from_yuan(text: &str) -> Result<Self, AmountError> {
        short_yuan(text.as_bytes()).map_or_else(|| long_yuan(text), Ok)
    }
}

fn long_yuan(text: &str) -> Result<Fen, AmountError> {
    if text.starts_with('-') {
        return Err(AmountError::Negative);
    }
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    let bytes = text.as_bytes();
    let point = bytes.iter().position(|byte| *byte == b'.');
    let (whole, decimals) = point.map_or((bytes, None), |at| (&bytes[..at], Some(&bytes[at + 1..])));
    // Digits must stand before the point, and behind it if there is one.
    if whole.is_empty() || decimals.is_some_and(<[u8]>::is_empty) {
        return Err(AmountError::NotNumber);
    }
    let decimals = decimals.unwrap_or_default();
    let mut fen = 0;
    for digits in [whole, decimals] {
        for digit in digits {
            if !digit.is_ascii_digit() {
                return Err(AmountError::NotNumber);
            }
            fen = push_digit(fen, *digit);
        }
    }
    let scale = match decimals.len() {
        0 => 100,
        1 => 10,
        2 => 1,
        _ => return Err(AmountError::TooPrecise),
    };
    Fen::new(fen * scale).ok_or(AmountError::TooLarge)
}

/// An amount of at most eight characters, as nearly all are, read all at once. `None` also for what is no amount.
#[inline(always)]
pub(crate) fn short_yuan(text: &[u8]) -> Option<Fen> {
    let length = text.len();
    if length == 0 || length > 8 {
        return None;
    }
    let (bytes, _) = short_words(text);
    // So many characters from the end, with a digit before it.
    let is_point = |back: usize| length > back && text[length - back] == b'.';
    let (digits, count, scale) = if is_point(3) {
        (without(bytes, length - 3), length - 1, 1)
    } else if is_point(2) {
        (without(bytes, length - 2), length - 1, 10)
    } else {
        (bytes, length, 100)
    };
    // The digits move to the end of eight, so that those before them count as zeros.
    let before = 8 * (8 - count);
    let digits = (digits << before) ^ (0x3030_3030_3030_3030 << before);
    // What is above nine reaches the highest bit of its byte.
    if (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Tens and ones, then hundreds of them, then ten thousands: two, four and eight digits in one number.
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let all = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff;
    Some(Fen(all * scale))
}

/// Bytes without the one at `at`.
const fn without(bytes: u64, at: usize) -> u64 {
    let before = (1 << (8 * at)) - 1;
    bytes & before | bytes >> 8 & !before
}

/// One more digit. Above the largest amount it stays there, and ten times that is no overflow.
#[inline(always)]
fn push_digit(number: u64, digit: u8) -> u64 {
    (number * 10 + u64::from(digit - b'0')).min(Fen::MAX.0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_by_their_own_digits() {
        let cases = [
            ("0", Ok(0)),
            ("9007199254740991", Ok(9_007_199_254_740_991)),
            ("9007199254740992", Err(AmountError::TooLarge)),
            ("99999999999999999999999", Err(AmountError::TooLarge)),
            ("1.0", Err(AmountError::NotInteger)),
            ("1e3", Err(AmountError::NotInteger)),
            ("-1", Err(AmountError::Negative)),
            ("", Err(AmountError::Empty)),
            ("１２", Err(AmountError::NotNumber)),
        ];
        for (text, expected) in cases {
            assert_eq!(Fen::from_integer(text).map(Fen::get), expected, "{text}");
        }
    }

    #[test]
    fn yuan_are_exact_to_the_fen() {
        let cases = [
            ("0.29", Ok(29)),
            ("1.1", Ok(110)),
            ("1999.99", Ok(199_999)),
            ("200", Ok(20_000)),
            ("90071992547409.91", Ok(9_007_199_254_740_991)),
            ("90071992547409.92", Err(AmountError::TooLarge)),
            ("184467440737095517.00", Err(AmountError::TooLarge)),
            ("0.001", Err(AmountError::TooPrecise)),
            ("1,000.00", Err(AmountError::NotNumber)),
            (".5", Err(AmountError::NotNumber)),
            ("5.", Err(AmountError::NotNumber)),
            ("1e3", Err(AmountError::NotNumber)),
            ("-0.5", Err(AmountError::Negative)),
            ("", Err(AmountError::Empty)),
        ];
        for (text, expected) in cases {
            assert_eq!(Fen::from_yuan(text).map(Fen::get), expected, "{text}");
        }
    }

    #[test]
    fn what_is_read_all_at_once_is_what_is_read_one_by_one() {
        use chacha20::rand_core::Rng;
        let mut rng = crate::entropy::Entropy::from_bytes([23; 32]).rng();
        let mut short = 0;
        for round in 0..400_000 {
            let parts: &[u8] = if round % 2 == 0 { b"0123456789" } else { b"0123456789.-+,e/: \0\xff" };
            let mut text: Vec<u8> =
                (0..rng.next_u32() % 10).map(|_| parts[rng.next_u32() as usize % parts.len()]).collect();
            if let Some(point) = text.len().checked_sub(1 + rng.next_u32() as usize % 5) {
                text[point] = b'.';
            }
            let Some(fen) = short_yuan(&text) else {
                let sound = core::str::from_utf8(&text).is_ok_and(|text| long_yuan(text).is_ok());
                assert!(!sound || text.len() > 8, "{text:?}");
                continue;
            };
            short += 1;
            assert_eq!(long_yuan(core::str::from_utf8(&text).expect("digits")), Ok(fen), "{text:?}");
        }
        assert!(short > 50_000, "{short} were read all at once");
    }

    #[test]
    fn a_sum_above_the_largest_amount_is_none() {
        assert_eq!(Fen::MAX.checked_add(Fen(1)), None);
    }
}
