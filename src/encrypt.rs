//! Sensitive fields → RSAES-OAEP with SHA-1 and MGF1-SHA-1, empty label.

use chacha20::rand_core::Rng;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::key::PublicKey;

/// The length of a SHA-1 digest, which is also the length of the seed.
const DIGEST: usize = 20;

/// Bytes that OAEP with SHA-1 takes from the size of the key: two digests and two bytes.
const OVERHEAD: usize = 2 * DIGEST + 2;

/// SHA-1 of the empty label.
const LABEL: [u8; DIGEST] = [
    0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55, 0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf, 0xd8, 0x07,
    0x09,
];

/// The longest text that `key` seals, in bytes: 214 for 2048 bits.
#[must_use]
pub fn capacity(key: &PublicKey) -> usize {
    key.size() - OVERHEAD
}

/// Whether a text of `length` bytes can be sealed.
///
/// # Errors
/// [`Error::PlaintextEmpty`] or [`Error::PlaintextTooLong`].
pub fn check_length(key: &PublicKey, length: usize) -> Result<()> {
    match length {
        0 => Err(Error::PlaintextEmpty),
        _ if length > capacity(key) => Err(Error::PlaintextTooLong),
        _ => Ok(()),
    }
}

/// Seals every text in order. The ciphertexts follow each other, each as long as the key.
///
/// # Errors
/// [`Error::PlaintextEmpty`] or [`Error::PlaintextTooLong`] before anything is sealed.
pub fn seal<'t>(
    key: &PublicKey,
    texts: impl IntoIterator<Item = &'t [u8]> + Clone,
    entropy: Entropy,
) -> Result<Vec<u8>> {
    let mut count = 0;
    for text in texts.clone() {
        check_length(key, text.len())?;
        count += 1;
    }
    let mut rng = entropy.rng();
    let mut sealed = Zeroizing::new(vec![0; count * key.size()]);
    for (text, encoded) in texts.into_iter().zip(sealed.chunks_mut(key.size())) {
        let mut seed = [0; DIGEST];
        rng.fill_bytes(&mut seed);
        encode(text, &seed, encoded);
    }
    // An encoding begins with a zero byte, so it is below every modulus of its size.
    if key.operation().raise_all(&mut sealed) { Ok(core::mem::take(&mut *sealed)) } else { Err(Error::KeyInconsistent) }
}

/// EME-OAEP (RFC 8017, 7.1.1): `00 ‖ masked seed ‖ masked (label ‖ zeros ‖ 01 ‖ text)`. `out` is as long as the key, and zero.
fn encode(text: &[u8], seed: &[u8; DIGEST], out: &mut [u8]) {
    let (head, data) = out.split_at_mut(1 + DIGEST);
    let start = data.len() - text.len();
    data[..DIGEST].copy_from_slice(&LABEL);
    data[start - 1] = 1;
    data[start..].copy_from_slice(text);
    mask(data, seed);
    let masked_seed = &mut head[1..];
    masked_seed.copy_from_slice(seed);
    mask(masked_seed, data);
}

/// XORs MGF1 with SHA-1 (RFC 8017, B.2.1) of `seed` into `data`.
fn mask(data: &mut [u8], seed: &[u8]) {
    let start = Sha1::new_with_prefix(seed);
    for (counter, chunk) in (0_u32..).zip(data.chunks_mut(DIGEST)) {
        let digest = start.clone().chain_update(counter.to_be_bytes()).finalize();
        for (byte, mask) in chunk.iter_mut().zip(digest) {
            *byte ^= mask;
        }
    }
}
