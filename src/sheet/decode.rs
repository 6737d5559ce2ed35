//! Bytes → text: which encoding it is, or which other kind of file.

use crate::error::{Error, Result};

/// How a text is written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With or without a byte order mark.
    Utf8,
    /// Excel's "Unicode text".
    Utf16Le,
    /// The same, most significant byte first.
    Utf16Be,
    /// Excel's CSV on a Chinese system; holds GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Gb18030];

    /// Its name after the WHATWG.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
        }
    }
}

/// What a file is, told by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A ZIP container, which XLSX is.
    Xlsx,
    /// Text, and there is no doubt about its encoding.
    Text(Encoding),
    /// Text in UTF-8 or GB18030: both have to be tried.
    Doubtful,
}

/// How much of a file is looked at to tell what it is.
pub const SAMPLE: usize = 64 * 1024;

/// Tells what a file is from its first [`SAMPLE`] bytes. Where the rest does not decode after all, it is [`Kind::Doubtful`].
///
/// # Errors
/// [`Error::SheetFormat`] if it is no sheet, saying what it is instead.
pub fn sniff(bytes: &[u8]) -> Result<Kind> {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let other = |what| Err(Error::SheetFormat(what));
    match bytes {
        [] => return other("it is empty"),
        // The second is a ZIP without a file in it.
        _ if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") => return Ok(Kind::Xlsx),
        _ if bytes.trim_ascii_start().starts_with(b"<") => {
            return other("it is a web page or XML: open it in Excel and save it as .xlsx");
        }
        _ if begins(b"\xd0\xcf\x11\xe0") => {
            return other("it is protected by a password, or an old .xls: save it as .xlsx without a password");
        }
        _ if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") || begins(b"RIFF") => {
            return other("it is a picture");
        }
        _ if begins(b"%PDF") => return other("it is a PDF: export the table as CSV or XLSX"),
        _ if begins(b"\x1f\x8b") || begins(b"7z\xbc\xaf") || begins(b"Rar!") => {
            return other("it is an archive: take the sheet out of it");
        }
        _ if begins(b"\xff\xfe") => return Ok(Kind::Text(Encoding::Utf16Le)),
        _ if begins(b"\xfe\xff") => return Ok(Kind::Text(Encoding::Utf16Be)),
        _ if begins(b"\xef\xbb\xbf") => return Ok(Kind::Text(Encoding::Utf8)),
        _ => {}
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Ok(Kind::Text(encoding));
    }
    let sound = match core::str::from_utf8(bytes) {
        Ok(_) => true,
        // The sample may end inside a character.
        Err(error) => bytes.len() == SAMPLE && error.error_len().is_none(),
    };
    if !sound && bytes.contains(&0) {
        return other("it is not a table of text");
    }
    Ok(if sound && is_plainly_utf8(bytes) { Kind::Text(Encoding::Utf8) } else { Kind::Doubtful })
}

/// Half of the bytes of ASCII are zero in UTF-16, and always the same half.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, some) if some * 8 >= sample.len() => Some(Encoding::Utf16Le),
        (some, 0) if some * 8 >= sample.len() => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Whether nobody would write this in GB18030: pairs of its bytes can look like characters of two bytes in UTF-8, but hardly like Chinese.
fn is_plainly_utf8(bytes: &[u8]) -> bool {
    let leading = |range: core::ops::RangeInclusive<u8>| bytes.iter().filter(|byte| range.contains(byte)).count();
    // ASCII is the same in both.
    bytes.is_ascii() || leading(0xe0..=0xff) > 3 * leading(0xc0..=0xdf)
}

/// Decodes a text that is not GB18030. A byte order mark stays: whoever reads the text passes over it.
///
/// # Errors
/// [`Error::SheetFormat`] if the bytes are not in that encoding.
pub fn decode(bytes: Vec<u8>, encoding: Encoding) -> Result<String> {
    match encoding {
        Encoding::Utf8 => {
            String::from_utf8(bytes).map_err(|_| Error::SheetFormat("it is not UTF-8: save it as CSV UTF-8"))
        }
        Encoding::Utf16Le => utf16(&bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(&bytes, u16::from_be_bytes),
        Encoding::Gb18030 => Err(Error::SheetFormat("GB18030 has to be decoded before")),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String> {
    let (pairs, odd) = bytes.as_chunks();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: core::result::Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(Error::SheetFormat("it is cut short or damaged: it is not UTF-16")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_content() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| "openid,姓名".encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let text = |encoding| Ok(Kind::Text(encoding));
        assert_eq!(sniff("姓名,金额\n".as_bytes()), text(Encoding::Utf8));
        assert_eq!(sniff(b"openid"), text(Encoding::Utf8));
        assert_eq!(sniff(&utf16(u16::to_le_bytes)), text(Encoding::Utf16Le));
        assert_eq!(sniff(&utf16(u16::to_be_bytes)), text(Encoding::Utf16Be));
        assert_eq!(sniff(b"\xff\xfea\0"), text(Encoding::Utf16Le));
        assert_eq!(sniff(b"PK\x03\x04"), Ok(Kind::Xlsx));
        // 姓名 in GBK, and two bytes that are both a Greek letter in UTF-8 and a character in GBK.
        assert_eq!(sniff(b"\xd0\xd5\xc3\xfb"), Ok(Kind::Doubtful));
        assert_eq!(sniff("α,1".as_bytes()), Ok(Kind::Doubtful));
        for other in [b"".as_slice(), b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1", b"a\0\xff\0\0b", b"%PDF-1.7"] {
            assert!(matches!(sniff(other), Err(Error::SheetFormat(_))));
        }
    }

    #[test]
    fn what_is_decoded_is_exact_and_half_a_character_is_refused() {
        let decoded = |bytes: &[u8], encoding| decode(bytes.to_vec(), encoding);
        assert_eq!(decoded(b"\xef\xbb\xbfa", Encoding::Utf8).as_deref(), Ok("\u{feff}a"));
        assert_eq!(decoded(b"\xff\xfea\0", Encoding::Utf16Le).as_deref(), Ok("\u{feff}a"));
        assert_eq!(decoded(b"\x59\xd3", Encoding::Utf16Be).as_deref(), Ok("姓"));
        for bytes in [b"a\0b".as_slice(), b"\0\xd8a\0"] {
            assert!(decoded(bytes, Encoding::Utf16Le).is_err());
        }
        assert!(decoded(b"\xd0\xd5", Encoding::Utf8).is_err());
    }
}
