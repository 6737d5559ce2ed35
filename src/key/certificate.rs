//! X.509 certificates (RFC 5280): the subject's key, the serial number and the validity. What lies between them is walked through, so
//! that a damaged certificate is refused; who signed it is for the provider to say, and is not checked.

use super::der::{Reader, tag};
use super::numbers::PublicNumbers;
use super::structure::{skip_algorithm, subject_public_key};

pub(super) struct Certificate<'d> {
    /// The content of the serial number, the sign byte included.
    pub(super) serial: &'d [u8],
    /// Unix seconds.
    pub(super) not_before: u64,
    /// Unix seconds.
    pub(super) not_after: u64,
    /// The numbers of the key, if it is one for RSA; `Some(None)` where they cannot be read.
    #[allow(clippy::option_option, reason = "another algorithm and damaged numbers are two things")]
    pub(super) key: Option<Option<PublicNumbers<'d>>>,
}

/// 20 bytes, and one for the sign where an issuer took the limit for that of the number.
const MAX_SERIAL: usize = 21;

impl<'d> Certificate<'d> {
    pub(super) fn read(der: &'d [u8]) -> Option<Self> {
        let mut outside = Reader::of_sequence(der)?;
        let mut reader = outside.sequence()?;
        skip_algorithm(&mut outside)?;
        outside.bit_string()?;
        outside.end()?;

        if let Some(mut version) = reader.explicit(0)? {
            version.version(2)?;
            version.end()?;
        }
        let serial = reader.integer().filter(|serial| serial.len() <= MAX_SERIAL)?;
        skip_algorithm(&mut reader)?;
        skip_name(&mut reader)?;
        let mut validity = reader.sequence()?;
        let (not_before, not_after) = (time(&mut validity)?, time(&mut validity)?);
        validity.end()?;
        skip_name(&mut reader)?;
        let key = subject_public_key(reader.sequence()?)?;
        for identifier in [1, 2] {
            // Nobody has used these two since 1999.
            reader.optional(tag::context(identifier))?;
        }
        if let Some(mut extensions) = reader.explicit(3)? {
            skip_extensions(extensions.sequence()?)?;
            extensions.end()?;
        }
        reader.end()?;
        Some(Self { serial, not_before, not_after, key })
    }
}

/// A SEQUENCE of SETs of pairs: a type and a value.
fn skip_name(reader: &mut Reader<'_>) -> Option<()> {
    let mut name = reader.sequence()?;
    while !name.is_empty() {
        let mut set = name.set()?;
        while !set.is_empty() {
            let mut pair = set.sequence()?;
            pair.object_identifier()?;
            pair.element()?;
            pair.end()?;
        }
    }
    Some(())
}

fn skip_extensions(mut extensions: Reader<'_>) -> Option<()> {
    while !extensions.is_empty() {
        let mut extension = extensions.sequence()?;
        extension.object_identifier()?;
        if !matches!(extension.optional(tag::BOOLEAN)?, None | Some([0x00 | 0xff])) {
            return None;
        }
        extension.take(tag::OCTET_STRING)?;
        extension.end()?;
    }
    Some(())
}

/// UTCTime or GeneralizedTime, in the one form that RFC 5280 (4.1.2.5) allows, as Unix seconds.
fn time(reader: &mut Reader<'_>) -> Option<u64> {
    let (tag, text) = reader.element()?;
    let (digits, years) = match (tag, text) {
        (tag::UTC_TIME, [digits @ .., b'Z']) if digits.len() == 12 => (digits, 1),
        (tag::GENERALIZED_TIME, [digits @ .., b'Z']) if digits.len() == 14 => (digits, 2),
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut pairs =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |value, digit| 10 * value + u64::from(digit - b'0')));
    let mut next = || pairs.next();
    let year = match (years, next()?) {
        (1, year @ 0..50) => 2000 + year,
        (1, year) => 1900 + year,
        (_, century) => 100 * century + next()?,
    };
    let (month, day, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month).ok()?.checked_sub(1)?;
    let length = lengths.get(before)?;
    if year < 1970 || !(1..=*length).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let past = year - 1;
    let leap_days = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    let days = 365 * (year - 1970) + leap_days + lengths[..before].iter().sum::<u64>() + day - 1;
    Some(((24 * days + hour) * 60 + minute) * 60 + second)
}
