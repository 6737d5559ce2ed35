//! Money: whole fen in an integer. There is no floating point anywhere.

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
        // Only digits: a failure can only be too many of them.
        text.parse().ok().and_then(Self::new).ok_or(AmountError::TooLarge)
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
        if text.starts_with('-') {
            return Err(AmountError::Negative);
        }
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        let (mut fen, mut decimals) = (Some(0_u64), None);
        for byte in text.bytes() {
            match (byte, decimals) {
                // A digit must stand before the point.
                (b'.', None) if !text.starts_with('.') => decimals = Some(0),
                (b'0'..=b'9', _) => {
                    decimals = decimals.map(|count| count + 1);
                    let digit = u64::from(byte - b'0');
                    fen = fen.and_then(|fen| fen.checked_mul(10)?.checked_add(digit));
                }
                _ => return Err(AmountError::NotNumber),
            }
        }
        let scale = match decimals {
            Some(0) => return Err(AmountError::NotNumber),
            None => 100,
            Some(1) => 10,
            Some(2) => 1,
            Some(_) => return Err(AmountError::TooPrecise),
        };
        fen.and_then(|fen| fen.checked_mul(scale)).and_then(Self::new).ok_or(AmountError::TooLarge)
    }
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
    fn a_sum_above_the_largest_amount_is_none() {
        assert_eq!(Fen::MAX.checked_add(Fen(1)), None);
    }
}
