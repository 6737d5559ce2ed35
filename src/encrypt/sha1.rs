//! SHA-1 (FIPS 180-4) of four messages at once, one in each lane.
//!
//! OAEP asks for sixteen blocks of SHA-1 per name and runs them over independent messages: side by side they cost what one of them costs.
//! Nothing here branches on a message; only their common length decides what is done.

use super::quad::Quad;

/// The length of a digest, in bytes.
pub(super) const DIGEST: usize = 20;

const BLOCK: usize = 64;

/// The words of four digests.
pub(super) type Digests = [Quad; DIGEST / 4];

/// The words of four blocks.
pub(super) type Blocks = [Quad; BLOCK / 4];

/// The digests of four messages that fit in one block: `words`, which must be padded.
pub(super) fn digest_block(words: &Blocks) -> Digests {
    let mut state = initial();
    compress(&mut state, words);
    state
}

/// The digests of four messages, each with `zeros` zero bytes after it. The messages have one length.
pub(super) fn digest(messages: [&[u8]; 4], zeros: usize) -> Digests {
    let length = messages[0].len();
    debug_assert!(messages.iter().all(|message| message.len() == length), "the messages have one length");
    let mut state = initial();
    let (whole, part) = (length / BLOCK, length % BLOCK);
    for at in 0..whole {
        compress(&mut state, &load(messages.map(|message| &message[at * BLOCK..][..BLOCK])));
    }
    // What is left, the zeros, a bit, and the length in bits as the last 8 bytes.
    let tail = (part + zeros + 1 + 8).next_multiple_of(BLOCK);
    let ends = messages.map(|message| {
        let mut end = vec![0; tail];
        end[..part].copy_from_slice(&message[whole * BLOCK..]);
        end[part + zeros] = 0x80;
        end[tail - 8..].copy_from_slice(&(8 * (length + zeros) as u64).to_be_bytes());
        end
    });
    for at in (0..tail).step_by(BLOCK) {
        compress(&mut state, &load([0, 1, 2, 3].map(|lane| &ends[lane][at..][..BLOCK])));
    }
    state
}

fn load(blocks: [&[u8]; 4]) -> Blocks {
    let [a, b, c, d] = blocks.map(|block| block.as_chunks::<4>().0);
    let mut words = [Quad::splat(0); BLOCK / 4];
    // Written out: mapping an array of four is a call for each of its items where size counts.
    let word_of = |block: &[[u8; 4]], at: usize| u32::from_be_bytes(block[at]);
    for (at, word) in words.iter_mut().enumerate() {
        *word = Quad::new([word_of(a, at), word_of(b, at), word_of(c, at), word_of(d, at)]);
    }
    words
}

fn initial() -> Digests {
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0].map(Quad::splat)
}

fn compress(state: &mut Digests, block: &Blocks) {
    let mut w = [Quad::splat(0); 80];
    w[..16].copy_from_slice(block);
    for t in 16..80 {
        w[t] = w[t - 3].xor(w[t - 8]).xor(w[t - 14].xor(w[t - 16])).rotate::<1>();
    }
    let [first, second, third, fourth] = w.as_chunks::<20>().0 else { return };
    let parity = |b: Quad, c: Quad, d: Quad| b.xor(c).xor(d);
    let mut s = *state;
    twenty(&mut s, first, 0x5a82_7999, |b, c, d| b.select(c, d));
    twenty(&mut s, second, 0x6ed9_eba1, parity);
    // Where b and c differ d decides, else either of them: the majority of the three.
    twenty(&mut s, third, 0x8f1b_bcdc, |b, c, d| b.xor(c).select(d, b));
    twenty(&mut s, fourth, 0xca62_c1d6, parity);
    for (word, value) in state.iter_mut().zip(s) {
        *word = word.add(value);
    }
}

/// Twenty rounds with one constant and one function. After five of them every variable is back in its place.
#[inline(always)]
fn twenty(state: &mut Digests, words: &[Quad; 20], constant: u32, mix: impl Fn(Quad, Quad, Quad) -> Quad) {
    let constant = Quad::splat(constant);
    let round = |a: Quad, b: &mut Quad, c: Quad, d: Quad, e: &mut Quad, word: Quad| {
        *e = a.rotate::<5>().add(mix(*b, c, d)).add(e.add(word.add(constant)));
        *b = b.rotate::<30>();
    };
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for [w0, w1, w2, w3, w4] in words.as_chunks::<5>().0 {
        round(a, &mut b, c, d, &mut e, *w0);
        round(e, &mut a, b, c, &mut d, *w1);
        round(d, &mut e, a, b, &mut c, *w2);
        round(c, &mut d, e, a, &mut b, *w3);
        round(b, &mut c, d, e, &mut a, *w4);
    }
    *state = [a, b, c, d, e];
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha1::Digest;

    fn bytes(digests: &Digests, lane: usize) -> Vec<u8> {
        digests.iter().flat_map(|word| word.get()[lane].to_be_bytes()).collect()
    }

    proptest! {
        #[test]
        fn four_digests_are_those_of_the_sha1_crate(length in 0_usize..600, zeros in 0_usize..130, seed: [u8; 32]) {
            use chacha20::rand_core::Rng;
            let mut all = vec![0; 4 * length];
            crate::entropy::Entropy::from_bytes(seed).rng().fill_bytes(&mut all);
            let messages = [0, 1, 2, 3].map(|lane| &all[lane * length..][..length]);
            let digests = digest(messages, zeros);
            for (lane, message) in messages.into_iter().enumerate() {
                let expected = sha1::Sha1::new().chain_update(message).chain_update(vec![0; zeros]).finalize();
                prop_assert_eq!(bytes(&digests, lane), expected.to_vec());
            }
        }
    }

    #[test]
    fn every_length_around_a_block_is_padded_right() {
        let all: Vec<u8> = (0..4 * 200).map(|at| u8::try_from(at % 251).expect("a byte")).collect();
        for length in 0..200 {
            let messages = [0, 1, 2, 3].map(|lane| &all[lane * 200..][..length]);
            let digests = digest(messages, 0);
            for (lane, message) in messages.into_iter().enumerate() {
                assert_eq!(bytes(&digests, lane), sha1::Sha1::digest(message).to_vec(), "{length} bytes");
            }
        }
    }
}
