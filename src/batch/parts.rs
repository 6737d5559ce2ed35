//! The numbers of the batches that an upload becomes: its own, and digits that tell the parts apart.

/// How many digits that are.
pub const PART_DIGITS: u32 = 3;

/// How many parts they can name.
pub const MOST_PARTS: usize = 999;

/// The number of a part, which counts from 1.
#[must_use]
pub fn part_number(upload: &str, part: u32) -> String {
    format!("{upload}{part:0digits$}", digits = PART_DIGITS as usize)
}
