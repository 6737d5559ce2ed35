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

/// How many bytes `members` marks; zero must be none of them.
#[inline(always)]
pub(crate) fn count(text: &[u8], members: impl Fn(Block) -> Block) -> usize {
    let (blocks, rest) = text.as_chunks();
    let marked = |block| members(block).bits().count_ones() as usize;
    blocks.iter().map(|block| marked(Block::new(block))).sum::<usize>() + marked(short(rest))
}

/// Where a byte stands first.
#[inline(always)]
pub(crate) fn position(text: &[u8], byte: u8) -> Option<usize> {
    let (blocks, rest) = text.as_chunks();
    for (index, block) in blocks.iter().enumerate() {
        let found = Block::new(block).is(byte).bits();
        if found != 0 {
            return Some(BLOCK * index + found.trailing_zeros() as usize);
        }
    }
    rest.iter().position(|own| *own == byte).map(|at| text.len() - rest.len() + at)
}

/// A text of at most 32 bytes, with zeros behind it: eight bytes in each number, the first one lowest.
#[inline(always)]
pub(crate) fn words(text: &[u8]) -> Option<[u64; 4]> {
    let Some((block, rest)) = text.split_first_chunk::<BLOCK>() else {
        let (low, high) = short_words(text);
        return Some([low, high, 0, 0]);
    };
    let whole = |block: &[u8; BLOCK]| {
        let [low, high] = *block.as_chunks().0 else { return (0, 0) };
        (u64::from_le_bytes(low), u64::from_le_bytes(high))
    };
    let (low, high) = whole(block);
    let (third, fourth) = match rest.first_chunk() {
        None => short_words(rest),
        Some(block) if rest.len() == BLOCK => whole(block),
        Some(_) => return None,
    };
    Some([low, high, third, fourth])
}

#[inline(always)]
fn short(text: &[u8]) -> Block {
    let (low, high) = short_words(text);
    Block::of(low, high)
}

/// A text shorter than a block, with zeros behind it: its first eight bytes and the others. Copying so few bytes would be a call.
#[inline(always)]
pub(crate) fn short_words(text: &[u8]) -> (u64, u64) {
    let length = text.len();
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        // Of the last eight bytes, those behind the first eight: shifted twice, because there may be none.
        let behind = u64::from_le_bytes(*tail) >> 8 >> (8 * (15 - length));
        return (u64::from_le_bytes(*head), behind);
    }
    let bits = if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4))
    } else if let [first, .., last] = text {
        let middle = u64::from(text[length / 2]) << (8 * (length / 2));
        u64::from(*first) | middle | u64::from(*last) << (8 * (length - 1))
    } else {
        text.first().copied().unwrap_or_default().into()
    };
    (bits, 0)
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
    fn a_byte_is_found_where_it_stands_first() {
        for length in 0..70 {
            assert_eq!(position(&vec![b'x'; length], b'"'), None);
            for at in 0..length {
                let mut text = vec![b'x'; length];
                text[at] = b'"';
                text[length - 1] = b'"';
                assert_eq!(position(&text, b'"'), Some(at), "{length} {at}");
            }
        }
    }

    #[test]
    fn all_bytes_are_counted() {
        for length in 0..70_usize {
            let text: Vec<u8> = (0..length).map(|at| if at % 3 == 0 { b'x' } else { b'y' }).collect();
            assert_eq!(count(&text, |block| block.is(b'x')), length.div_ceil(3));
        }
    }

    #[test]
    fn words_hold_a_text_with_zeros_behind_it() {
        for length in 0..=32 {
            let text: Vec<u8> = (1..=length).collect();
            let mut padded = [0; 32];
            padded[..text.len()].copy_from_slice(&text);
            assert_eq!(words(&text).map(|words| words.map(u64::to_le_bytes).concat()), Some(padded.to_vec()));
        }
        assert_eq!(words(&[b'x'; 33]), None);
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
