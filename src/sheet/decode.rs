//! Bytes → text: which encoding it is, or which other kind of file.

use crate::block::count;
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
    // The sample may end inside a character.
    let whole = if bytes.len() == SAMPLE { whole_characters(bytes) } else { SAMPLE };
    let sound = simdutf8::basic::from_utf8(&bytes[..whole.min(bytes.len())]).is_ok();
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
    let leading = |first, last| count(bytes, |block| block.within(first, last));
    // ASCII is the same in both.
    bytes.is_ascii() || leading(0xe0, 0xff) > 3 * leading(0xc0, 0xdf)
}

/// A text on its way in, in UTF-8 or UTF-16: piece by piece, because engines only speed up what is called again and again. A byte order mark
/// stays: whoever reads the text passes over it.
#[derive(Debug)]
pub struct Decoder {
    encoding: Encoding,
    text: String,
}

impl Decoder {
    /// A decoder with room for so many bytes.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] for GB18030, which is decoded elsewhere.
    pub fn new(encoding: Encoding, size: usize) -> Result<Self> {
        if encoding == Encoding::Gb18030 {
            return Err(Error::SheetFormat("GB18030 has to be decoded before"));
        }
        Ok(Self { encoding, text: String::with_capacity(size) })
    }

    /// Takes the whole characters of the next bytes, and says how many bytes those are: what is left belongs in front of the piece after it.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if the bytes are not in that encoding, or the last piece ends inside a character.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        let (whole, decoded) = match self.encoding {
            Encoding::Utf8 => {
                let whole = whole_characters(bytes);
                let text = simdutf8::basic::from_utf8(&bytes[..whole]);
                (whole, text.map(|text| self.text.push_str(text)).is_ok())
            }
            Encoding::Utf16Be => self.push_utf16(bytes, u16::from_be_bytes),
            _ => self.push_utf16(bytes, u16::from_le_bytes),
        };
        if decoded && (whole == bytes.len() || !last) {
            return Ok(whole);
        }
        Err(Error::SheetFormat(match self.encoding {
            Encoding::Utf8 => "it is not UTF-8: save it as CSV UTF-8",
            _ => "it is cut short or damaged: it is not UTF-16",
        }))
    }

    fn push_utf16(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (usize, bool) {
        let mut pairs = bytes.as_chunks().0;
        if let Some((end, before)) = pairs.split_last()
            && (0xd800..0xdc00).contains(&unit(*end))
        {
            pairs = before;
        }
        let mut characters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
        let decoded = characters.try_for_each(|character| character.map(|character| self.text.push(character)));
        (2 * pairs.len(), decoded.is_ok())
    }

    /// The text so far, which is taken out.
    #[must_use]
    pub fn take(&mut self) -> String {
        core::mem::take(&mut self.text)
    }

    /// Goes on behind a text that was taken out.
    pub(super) fn go_on(&mut self, text: String) {
        self.text = text;
    }

    /// How many bytes of text there are.
    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }
}

/// How many bytes of UTF-8 there are before a character that is cut off at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    let behind = bytes.iter().rev().take(3).position(|byte| *byte & 0xc0 != 0x80);
    behind.map_or(bytes.len(), |behind| {
        let begun = bytes.len() - 1 - behind;
        let length = match bytes[begun] {
            0..0xc0 => 1,
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        };
        if behind + 1 < length { begun } else { bytes.len() }
    })
}

/// Decodes a whole text.
///
/// # Errors
/// As [`Decoder`].
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<String> {
    let mut decoder = Decoder::new(encoding, bytes.len())?;
    decoder.push(bytes, true)?;
    Ok(decoder.take())
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
        assert_eq!(sniff("αα姓姓姓".as_bytes()), Ok(Kind::Doubtful));
        // The sample ends inside a character, or not.
        for before in ["", "a", "aa", "aaa"] {
            assert_eq!(sniff(format!("{before}{}", "姓".repeat(SAMPLE)).as_bytes()), text(Encoding::Utf8));
        }
        for other in [b"".as_slice(), b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1", b"a\0\xff\0\0b", b"%PDF-1.7"] {
            assert!(matches!(sniff(other), Err(Error::SheetFormat(_))));
        }
    }

    #[test]
    fn what_is_decoded_is_exact_and_half_a_character_is_refused() {
        let decoded = |bytes: &[u8], encoding| decode(bytes, encoding);
        assert_eq!(decoded(b"\xef\xbb\xbfa", Encoding::Utf8).as_deref(), Ok("\u{feff}a"));
        assert_eq!(decoded(b"\xff\xfea\0", Encoding::Utf16Le).as_deref(), Ok("\u{feff}a"));
        assert_eq!(decoded(b"\x59\xd3", Encoding::Utf16Be).as_deref(), Ok("姓"));
        for bytes in [b"a\0b".as_slice(), b"\0\xd8a\0"] {
            assert!(decoded(bytes, Encoding::Utf16Le).is_err());
        }
        for bytes in [b"\xd0\xd5".as_slice(), b"a\x80\x80\x80\x80", b"\xe5\xa7"] {
            assert!(decoded(bytes, Encoding::Utf8).is_err());
        }
    }

    #[test]
    fn pieces_of_any_length_give_the_same_text() {
        let text = "a名é𠮷😀\u{feff}姓".repeat(20);
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let encoded = [
            (Encoding::Utf8, text.clone().into_bytes()),
            (Encoding::Utf16Le, units(u16::to_le_bytes)),
            (Encoding::Utf16Be, units(u16::to_be_bytes)),
        ];
        for (encoding, bytes) in encoded {
            for piece in 4..70 {
                let mut decoder = Decoder::new(encoding, bytes.len()).expect("a decoder");
                let mut at = 0;
                while at < bytes.len() {
                    let end = bytes.len().min(at + piece);
                    at += decoder.push(&bytes[at..end], end == bytes.len()).expect("characters");
                }
                assert_eq!(decoder.take(), text);
            }
        }
    }
}
