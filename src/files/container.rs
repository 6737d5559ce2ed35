//! The ZIP container of an XLSX: its parts by name, inflated piece by piece and never beyond a limit.
//!
//! The central directory is what counts, as it does for Excel: another reader's view of the same bytes must not differ from ours. So two
//! parts of one name, a local header of another name, and a wrong checksum are refused instead of being settled.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::error::{Error, Result};

/// More parts than any workbook of payouts has.
pub(super) const MAX_PARTS: usize = 10_000;
/// A part may grow by this factor once it is larger than [`RATIO_FROM`]. Worksheets stay below 50; DEFLATE can do 1,032.
const MAX_RATIO: u64 = 200;
const RATIO_FROM: u64 = 8 << 20;

const CUT: Error = Error::SheetFormat("the XLSX is cut short or damaged: save it again and upload the whole file");
const AMBIGUOUS: Error = Error::SheetFormat("the XLSX contradicts itself: open it in Excel and save it again");
const BOMB: Error =
    Error::SheetFormat("the XLSX unpacks to far more than a sheet does: open it in Excel and save it again");
const UNPACKED: Error = Error::SheetTooLarge("the XLSX unpacks to too many bytes: split it, or save it as CSV");
const ENCRYPTED: Error =
    Error::SheetFormat("the workbook is protected by a password: open it in Excel, remove the password, save it again");

/// An opened container.
#[derive(Debug)]
pub(super) struct Container<'a> {
    bytes: &'a [u8],
    /// By name in lower case, as names of parts are compared.
    parts: BTreeMap<String, Entry>,
    /// How many more bytes may be inflated, over all parts.
    budget: Cell<u64>,
}

#[derive(Debug)]
struct Entry {
    name: Vec<u8>,
    deflated: bool,
    checksum: u32,
    packed: u64,
    size: u64,
    header: u64,
}

impl<'a> Container<'a> {
    /// Reads the directory. At most `budget` bytes will ever be inflated.
    pub(super) fn open(bytes: &'a [u8], budget: u64) -> Result<Self> {
        if !bytes.starts_with(b"PK\x03\x04") {
            return Err(Error::SheetFormat(foreign(bytes)));
        }
        let mut directory = Directory::find(bytes).ok_or(CUT)?;
        if directory.count > MAX_PARTS as u64 {
            return Err(Error::SheetTooLarge("the XLSX has more than 10,000 parts"));
        }
        let mut parts = BTreeMap::new();
        for _ in 0..directory.count {
            let entry = directory.entry()?;
            let name = String::from_utf8_lossy(&entry.name).replace('\\', "/").to_ascii_lowercase();
            if parts.insert(name, entry).is_some() {
                return Err(AMBIGUOUS);
            }
        }
        Ok(Self { bytes, parts, budget: Cell::new(budget) })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_ascii_lowercase())
    }

    /// Begins to read a part; `None` if there is none of this name.
    pub(super) fn part(&self, name: &str) -> Result<Option<Part<'_>>> {
        let Some(entry) = self.parts.get(&name.to_ascii_lowercase()) else { return Ok(None) };
        let packed = self.packed(entry).ok_or(CUT)?;
        let source = if entry.deflated {
            Source::Deflated(Box::new(DeflateDecoder::new(packed)))
        } else if entry.packed == entry.size {
            Source::Stored(packed)
        } else {
            return Err(AMBIGUOUS);
        };
        Ok(Some(Part { source, entry, budget: &self.budget, crc: Crc::new(), step: u64::MAX }))
    }

    fn packed(&self, entry: &Entry) -> Option<&'a [u8]> {
        let header = self.bytes.get(usize::try_from(entry.header).ok()?..)?;
        let (fixed, rest) = header.split_first_chunk::<30>()?;
        let (name, extra) = (usize::from(u16_at(fixed, 26)?), usize::from(u16_at(fixed, 28)?));
        let same = fixed.starts_with(b"PK\x03\x04") && rest.get(..name)? == entry.name.as_slice();
        rest.get(name + extra..)?.get(..usize::try_from(entry.packed).ok()?).filter(|_| same)
    }
}

/// What lies before us, and what to do about it.
fn foreign(bytes: &[u8]) -> &'static str {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    // The name of the stream that Excel puts an encrypted workbook in, as the compound file spells it.
    let sealed = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    match bytes {
        [] => "it is empty",
        _ if bytes.starts_with(OLE) && bytes.windows(sealed.len()).any(|window| window == sealed) => {
            "the workbook is protected by a password: open it in Excel, remove the password, save it again"
        }
        _ if bytes.starts_with(OLE) => {
            "it is an old .xls file, or protected by a password: open it in Excel and save it as .xlsx without a password"
        }
        [0x89, b'P', b'N', b'G', ..]
        | [0xff, 0xd8, 0xff, ..]
        | [b'G', b'I', b'F', b'8', ..]
        | [b'B', b'M', ..]
        | [b'R', b'I', b'F', b'F', ..] => "it is a picture: export the sheet as .xlsx or CSV",
        [b'%', b'P', b'D', b'F', ..] => "it is a PDF: export the sheet as .xlsx or CSV",
        [b'P', b'K', 5, 6, ..] => "it is an empty ZIP file",
        _ => "it is not an XLSX workbook: open it in Excel and save it as .xlsx",
    }
}

/// The central directory.
struct Directory<'a> {
    rest: &'a [u8],
    count: u64,
}

impl<'a> Directory<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        // The record at the end has 22 bytes and a comment of at most 65,535.
        let from = bytes.len().saturating_sub(22 + 65_535);
        let mut place = None;
        for at in (from..=bytes.len().checked_sub(22)?).rev() {
            let comment = usize::from(u16_at(bytes, at + 20)?);
            if bytes[at..].starts_with(b"PK\x05\x06") && at + 22 + comment == bytes.len() {
                place = Some(at);
                break;
            }
        }
        let end = place?;
        let (mut count, mut start) = (u64::from(u16_at(bytes, end + 10)?), u64::from(u32_at(bytes, end + 16)?));
        if count == 0xffff || start == 0xffff_ffff {
            let locator = end.checked_sub(20)?;
            if bytes.get(locator..)?.starts_with(b"PK\x06\x07") {
                let record = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
                if !bytes.get(record..)?.starts_with(b"PK\x06\x06") {
                    return None;
                }
                (count, start) = (u64_at(bytes, record.checked_add(32)?)?, u64_at(bytes, record.checked_add(48)?)?);
            }
        }
        Some(Self { rest: bytes.get(usize::try_from(start).ok()?..end)?, count })
    }

    fn entry(&mut self) -> Result<Entry> {
        let (fixed, rest) = self.rest.split_first_chunk::<46>().ok_or(CUT)?;
        let short = |at| u16_at(fixed, at).map(usize::from).ok_or(CUT);
        let long = |at| u32_at(fixed, at).map(u64::from).ok_or(CUT);
        if !fixed.starts_with(b"PK\x01\x02") {
            return Err(CUT);
        }
        let (name, extra, comment) = (short(28)?, short(30)?, short(32)?);
        let bytes = rest.get(..name).ok_or(CUT)?.to_vec();
        let mut large = wide_fields(rest.get(name..name + extra).ok_or(CUT)?);
        self.rest = rest.get(name + extra + comment..).ok_or(CUT)?;
        // A field of all ones stands in the extra field, in this order.
        let mut wide = |narrow: u64| {
            if narrow != 0xffff_ffff {
                return Ok(narrow);
            }
            let (value, rest) = large.split_first_chunk().ok_or(CUT)?;
            large = rest;
            Ok(u64::from_le_bytes(*value))
        };
        let (size, packed) = (wide(long(24)?)?, wide(long(20)?)?);
        let header = wide(long(42)?)?;
        let flags = short(8)?;
        // Bit 0: encrypted; bit 6: strongly; bit 13: the directory is.
        if flags & 0x2041 != 0 {
            return Err(ENCRYPTED);
        }
        let deflated = match short(10)? {
            0 => false,
            8 => true,
            _ => {
                return Err(Error::SheetFormat(
                    "the XLSX is packed in a way Excel does not use: save it again in Excel",
                ));
            }
        };
        let checksum = u32_at(fixed, 16).ok_or(CUT)?;
        Ok(Entry { name: bytes, deflated, checksum, packed, size, header })
    }
}

/// The ZIP64 field among the extra fields.
fn wide_fields(mut extra: &[u8]) -> &[u8] {
    while let (Some(id), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some((field, rest)) = extra[4..].split_at_checked(usize::from(size)) else { break };
        if id == 1 {
            return field;
        }
        extra = rest;
    }
    &[]
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// One part, being inflated. Whoever reads it to its end has had its length and checksum checked.
pub(super) struct Part<'a> {
    source: Source<'a>,
    entry: &'a Entry,
    budget: &'a Cell<u64>,
    crc: Crc,
    /// How many more bytes may be read before [`Part::allow`] is called again.
    step: u64,
}

enum Source<'a> {
    Stored(&'a [u8]),
    Deflated(Box<DeflateDecoder<&'a [u8]>>),
}

impl Part<'_> {
    /// Lets so many more bytes be read: a reader that collects one piece of the part never holds more.
    pub(super) const fn allow(&mut self, bytes: u64) {
        self.step = bytes;
    }

    fn check(&mut self, read: &[u8]) -> Result<()> {
        let length = read.len() as u64;
        self.crc.update(read);
        let total = u64::from(self.crc.amount());
        if read.is_empty() {
            // `amount` counts in 32 bits; more than that was refused before.
            let whole = total == self.entry.size && self.crc.sum() == self.entry.checksum;
            return if whole { Ok(()) } else { Err(CUT) };
        }
        if total > RATIO_FROM && total / MAX_RATIO > self.entry.packed {
            return Err(BOMB);
        }
        self.budget.set(self.budget.get().checked_sub(length).ok_or(UNPACKED)?);
        self.step = self.step.checked_sub(length).ok_or(Error::SheetFormat(
            "the XLSX has a text far longer than a cell can hold: open it in Excel and save it again",
        ))?;
        Ok(())
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = match &mut self.source {
            Source::Stored(rest) => rest.read(buffer),
            Source::Deflated(decoder) => decoder.read(buffer),
        };
        let length = length.map_err(|_| io::Error::other(CUT))?;
        if !buffer.is_empty() {
            self.check(&buffer[..length]).map_err(io::Error::other)?;
        }
        Ok(length)
    }
}
