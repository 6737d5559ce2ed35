//! Certificate serial numbers, as the provider's headers spell them.

use core::fmt;

use crate::error::{Error, Result};

/// Upper-case hex, two digits a byte, leading zeros kept, without the sign byte of the DER integer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Serial(String);

impl Serial {
    /// RFC 5280 allows 20 bytes.
    const MAX_DIGITS: usize = 40;

    /// Takes a serial number that somebody typed or pasted.
    ///
    /// # Errors
    /// [`Error::SerialMissing`], [`Error::SerialLowerCase`], [`Error::SerialSignByte`] or [`Error::SerialFormat`].
    ///
    /// # Examples
    /// ```
    /// use payseal::{error::Error, key::Serial};
    /// assert!(Serial::parse("0A1B").is_ok());
    /// assert_eq!(Serial::parse("0a1b"), Err(Error::SerialLowerCase));
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::SerialMissing);
        }
        if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::SerialFormat);
        }
        // A byte below 80 needs no sign byte, so 00 before a byte from 80 on is one, and so is what makes it 42 digits.
        if text.starts_with("00")
            && (text.len() > Self::MAX_DIGITS || text.as_bytes().get(2).is_some_and(|b| *b >= b'8'))
        {
            return Err(Error::SerialSignByte);
        }
        if text.len() > Self::MAX_DIGITS {
            return Err(Error::SerialFormat);
        }
        if text.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err(Error::SerialLowerCase);
        }
        Ok(Self(text.to_owned()))
    }

    /// The serial number of a certificate, from the content bytes of its DER integer.
    pub(super) fn from_der_integer(bytes: &[u8]) -> Result<Self> {
        let magnitude = match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            other => other,
        };
        if magnitude.is_empty() {
            return Err(Error::SerialMissing);
        }
        Ok(Self(magnitude.iter().map(|byte| format!("{byte:02X}")).collect()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_says_how_it_is_damaged() {
        let forty = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
        let cases = [
            (forty.to_owned(), None),
            (forty.to_lowercase(), Some(Error::SerialLowerCase)),
            (format!("00{forty}"), Some(Error::SerialSignByte)),
            (format!("00F{}", &forty[1..39]), Some(Error::SerialSignByte)),
            (format!("0{}", &forty[1..]), None),
            (format!("{forty}A"), Some(Error::SerialFormat)),
            ("51:57:F0".to_owned(), Some(Error::SerialFormat)),
            (String::new(), Some(Error::SerialMissing)),
        ];
        for (text, expected) in cases {
            assert_eq!(Serial::parse(&text).err(), expected, "{text}");
        }
    }

    #[test]
    fn leading_zeros_stay_and_the_sign_byte_goes() {
        let serial = |bytes: &[u8]| Serial::from_der_integer(bytes).map(|serial| serial.0);
        assert_eq!(serial(&[0x0a, 0x1b]), Ok("0A1B".to_owned()));
        assert_eq!(serial(&[0x00, 0xff]), Ok("FF".to_owned()));
    }
}
