//! Writes a ZIP container, the same bytes for the same parts: there is no clock here.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::error::{Error, Result};

const TOO_LARGE: Error = Error::SheetTooLarge("the workbook would have more than 4 GiB");
/// The first of January 1980, the oldest date that the format has.
const DATE: u16 = 0x0021;
/// What is needed to unpack it: version 2.0.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;

/// A container being written.
#[derive(Debug, Default)]
pub(super) struct Packer {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Packer {
    /// Adds a part, whose content `write` writes piece by piece.
    pub(super) fn part(&mut self, name: &str, write: impl FnOnce(&mut Deflater) -> Result<()>) -> Result<()> {
        let mut deflater =
            Deflater { encoder: DeflateEncoder::new(Vec::new(), Compression::default()), crc: Crc::new(), size: 0 };
        write(&mut deflater)?;
        let packed = deflater.encoder.finish().map_err(|_| TOO_LARGE)?;
        let offset = narrow(self.bytes.len())?;
        let mut common = Vec::new();
        for field in [VERSION, 0, DEFLATED, 0, DATE] {
            common.extend(field.to_le_bytes());
        }
        for field in [deflater.crc.sum(), narrow(packed.len())?, narrow(deflater.size)?] {
            common.extend(field.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(|_| TOO_LARGE)?;
        common.extend(name_length.to_le_bytes());
        common.extend([0; 2]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.bytes());
        self.bytes.extend(packed);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(common);
        // Comment, disk and attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.bytes());
        self.count += 1;
        Ok(())
    }

    /// The whole container.
    pub(super) fn finish(mut self) -> Result<Vec<u8>> {
        let (offset, size) = (narrow(self.bytes.len())?, narrow(self.directory.len())?);
        self.bytes.extend(self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(offset.to_le_bytes());
        self.bytes.extend([0; 2]);
        Ok(self.bytes)
    }
}

fn narrow(size: usize) -> Result<u32> {
    u32::try_from(size).map_err(|_| TOO_LARGE)
}

/// Takes the content of one part.
#[derive(Debug)]
pub(super) struct Deflater {
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
    size: usize,
}

impl Deflater {
    /// Adds to the part.
    pub(super) fn push(&mut self, text: &str) -> Result<()> {
        self.crc.update(text.as_bytes());
        self.size += text.len();
        let written: io::Result<()> = self.encoder.write_all(text.as_bytes());
        // Into memory: only too much of it fails.
        written.map_err(|_| TOO_LARGE)
    }
}
