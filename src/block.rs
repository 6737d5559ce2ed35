//! Texts looked at sixteen bytes at a time: a SIMD register in wasm, an array natively, so that the same rules run and are tested on both.

#[cfg(not(target_arch = "wasm32"))]
mod array;
#[cfg(target_arch = "wasm32")]
mod simd;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use array::Block;
#[cfg(target_arch = "wasm32")]
pub(crate) use simd::Block;

/// How many bytes one look covers.
pub(crate) const BLOCK: usize = 16;

/// Whether `members` marks every byte of a text. It is shown blocks that overlap by one byte or more, so whatever concerns a byte and its
/// follower stands within one of them.
#[inline(always)]
pub(crate) fn consists_of(text: &[u8], members: impl Fn(Block) -> Block) -> bool {
    const ALL: u32 = 0xffff;
    let Some(last) = text.last_chunk() else {
        // Zeros follow the text, and do not count.
        return members(short(text)).bits() | ALL << text.len() & ALL == ALL;
    };
    let mut rest = text;
    while rest.len() > BLOCK
        && let Some(block) = rest.first_chunk()
    {
        if members(Block::new(block)).bits() != ALL {
            return false;
        }
        rest = &rest[BLOCK - 1..];
    }
    members(Block::new(last)).bits() == ALL
}

/// A text shorter than a block, with zeros behind it. Copying so few bytes would be a call.
#[inline(always)]
fn short(text: &[u8]) -> Block {
    let length = text.len();
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        // Of the last eight bytes, those behind the first eight: shifted twice, because there may be none.
        let behind = u64::from_le_bytes(*tail) >> 8 >> (8 * (15 - length));
        return Block::of(u64::from_le_bytes(*head), behind);
    }
    let bits = if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4))
    } else if let [first, .., last] = text {
        let middle = u64::from(text[length / 2]) << (8 * (length / 2));
        u64::from(*first) | middle | u64::from(*last) << (8 * (length - 1))
    } else {
        text.first().copied().unwrap_or_default().into()
    };
    Block::of(bits, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_looked_at_and_nothing_behind_the_text() {
        for length in 0..70 {
            for stray in 0..=length {
                let mut text = vec![b'x'; length + 1];
                text[stray] = b'!';
                let plain = consists_of(&text[..length], |block| block.is(b'x'));
                assert_eq!(plain, stray == length, "{length} {stray}");
            }
        }
    }

    #[test]
    fn a_byte_and_its_follower_are_seen_together() {
        for length in 2..70 {
            for at in 0..length - 1 {
                let mut text = vec![b'x'; length];
                let apart = |text: &[u8]| {
                    let letters = |block: Block| block.within(b'a', b'z');
                    consists_of(text, |block| letters(block).and_not(block.is(b'a').and(block.followers().is(b'b'))))
                };
                text[at..at + 2].copy_from_slice(b"ab");
                assert!(!apart(&text), "{length} {at}");
                text[at + 1] = b'x';
                assert!(apart(&text), "{length} {at}");
            }
        }
    }
}
