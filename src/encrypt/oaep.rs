//! EME-OAEP (RFC 8017, 7.1.1) with SHA-1, MGF1-SHA-1 and an empty label, of up to four texts at once.

use zeroize::Zeroize;

use super::quad::Quad;
use super::sha1::{Blocks, DIGEST, Digests, digest, digest_block};

/// How many texts are encoded at once.
pub(super) const LANES: usize = 4;

/// Bytes that an encoding takes beyond its text: two digests and two bytes.
pub(super) const OVERHEAD: usize = 2 * DIGEST + 2;

/// SHA-1 of the empty label.
const LABEL: [u8; DIGEST] = [
    0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55, 0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf, 0xd8, 0x07,
    0x09,
];

/// Random bytes, one seed for each text. Wiped when dropped.
#[derive(Default)]
pub(super) struct Seeds([[u8; DIGEST]; LANES]);

impl Seeds {
    /// The seeds of the first `count` texts, to be filled.
    pub(super) fn first_mut(&mut self, count: usize) -> &mut [u8] {
        self.0[..count].as_flattened_mut()
    }
}

impl Drop for Seeds {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// `00 ‖ zeros (the seed's place) ‖ label ‖ zeros ‖ 01 ‖ text`: an encoding before its seed and its masks. `out` is as long as the key.
///
/// The text must leave [`OVERHEAD`] bytes.
pub(super) fn lay_out(text: &[u8], out: &mut [u8]) {
    let (head, data) = out.split_at_mut(1 + DIGEST);
    head.fill(0);
    let (label, rest) = data.split_at_mut(DIGEST);
    label.copy_from_slice(&LABEL);
    let (zeros, end) = rest.split_at_mut(rest.len() - text.len() - 1);
    zeros.fill(0);
    end[0] = 1;
    end[1..].copy_from_slice(text);
}

/// Puts the seeds into one to four laid out encodings of `size` bytes each, and masks them: `00 ‖ masked seed ‖ masked data`.
pub(super) fn mask(encodings: &mut [u8], size: usize, seeds: &Seeds) {
    mask_data(encodings, size, seeds);
    mask_seeds(encodings, size, seeds);
}

/// XORs MGF1 (RFC 8017, B.2.1) of the seed into the data. A seed and its counter are 24 bytes, one block of SHA-1.
fn mask_data(encodings: &mut [u8], size: usize, seeds: &Seeds) {
    let mut words: Blocks = [Quad::splat(0); 16];
    for (at, word) in words[..DIGEST / 4].iter_mut().enumerate() {
        *word = Quad::new(seeds.0.each_ref().map(|seed| u32::from_be_bytes(seed.as_chunks::<4>().0[at])));
    }
    words[6] = Quad::splat(0x8000_0000);
    words[15] = Quad::splat(8 * (4 + 20));
    for (counter, start) in (0_u32..).zip((1 + DIGEST..size).step_by(DIGEST)) {
        words[5] = Quad::splat(counter);
        let masks = digest_block(&words);
        for (lane, encoding) in encodings.chunks_mut(size).enumerate() {
            let end = size.min(start + DIGEST);
            xor(&mut encoding[start..end], &masks, lane);
        }
    }
}

/// Writes the seed, XORed with MGF1 of the masked data: one digest is as long as the seed, so the only counter is 0.
fn mask_seeds(encodings: &mut [u8], size: usize, seeds: &Seeds) {
    // Lanes without a text hash the first one again.
    let mut data = [&encodings[1 + DIGEST..size]; LANES];
    for (data, encoding) in data.iter_mut().zip(encodings.chunks(size)) {
        *data = &encoding[1 + DIGEST..];
    }
    let masks = digest(data, 4);
    for (lane, (encoding, seed)) in encodings.chunks_mut(size).zip(&seeds.0).enumerate() {
        let place = &mut encoding[1..=DIGEST];
        place.copy_from_slice(seed);
        xor(place, &masks, lane);
    }
}

/// XORs as much of one lane's digest into `bytes` as they take.
fn xor(bytes: &mut [u8], digests: &Digests, lane: usize) {
    let mut words = digests.iter().map(|word| word.get()[lane].to_be_bytes());
    let (fours, rest) = bytes.as_chunks_mut::<4>();
    for (four, mask) in fours.iter_mut().zip(&mut words) {
        *four = (u32::from_ne_bytes(*four) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(words.next().unwrap_or_default()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha1::{Digest, Sha1};

    /// RFC 8017, B.2.1, word for word.
    fn mgf1(seed: &[u8], length: usize) -> Vec<u8> {
        let digest = |counter: u32| Sha1::new().chain_update(seed).chain_update(counter.to_be_bytes()).finalize();
        (0..).flat_map(digest).take(length).collect()
    }

    /// RFC 8017, 7.1.1, step 2, word for word.
    fn judge(text: &[u8], seed: &[u8], size: usize) -> Vec<u8> {
        let xor = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a ^ b).collect::<Vec<u8>>();
        let zeros = vec![0; size - text.len() - 2 * DIGEST - 2];
        let data = [&Sha1::digest([])[..], &zeros, &[1], text].concat();
        let masked_data = xor(&data, &mgf1(seed, size - DIGEST - 1));
        let masked_seed = xor(seed, &mgf1(&masked_data, DIGEST));
        [&[0], &masked_seed[..], &masked_data].concat()
    }

    proptest! {
        #[test]
        fn encodings_are_those_of_the_rfc(
            size in 256_usize..=512,
            seeds: [[u8; DIGEST]; LANES],
            texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..=214), 1..=4),
        ) {
            // What was there before must not show.
            let mut encodings = vec![0xa5; texts.len() * size];
            for (text, encoding) in texts.iter().zip(encodings.chunks_mut(size)) {
                lay_out(text, encoding);
            }
            mask(&mut encodings, size, &Seeds(seeds));
            for ((text, seed), encoding) in texts.iter().zip(seeds).zip(encodings.chunks(size)) {
                prop_assert_eq!(encoding, judge(text, &seed, size));
            }
        }
    }
}
