//! Sensitive fields → RSAES-OAEP with SHA-1 and MGF1-SHA-1, empty label.
//!
//! Four texts go through SHA-1 side by side, then two and two through the public operation.

mod oaep;
mod quad;
mod sha1;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::Rng;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::key::PublicKey;
use crate::modexp::PublicOperation;
use oaep::{LANES, OVERHEAD, Seeds};

/// The longest text that `key` seals, in bytes: 214 for 2048 bits.
#[must_use]
pub const fn capacity(key: &PublicKey) -> usize {
    key.size() - OVERHEAD
}

/// Whether a text of `length` bytes can be sealed.
///
/// # Errors
/// [`Error::PlaintextEmpty`] or [`Error::PlaintextTooLong`].
pub const fn check_length(key: &PublicKey, length: usize) -> Result<()> {
    match length {
        0 => Err(Error::PlaintextEmpty),
        _ if length > capacity(key) => Err(Error::PlaintextTooLong),
        _ => Ok(()),
    }
}

/// Seals every text in order. The ciphertexts follow each other, each as long as the key.
///
/// Allocates the result and nothing else.
///
/// # Errors
/// [`Error::PlaintextEmpty`] or [`Error::PlaintextTooLong`] before anything is sealed.
pub fn seal<'t>(
    key: &PublicKey,
    texts: impl IntoIterator<Item = &'t [u8]> + Clone,
    entropy: Entropy,
) -> Result<Vec<u8>> {
    let mut sealer = Sealer::new(key, texts, entropy)?;
    let mut sealed = Zeroizing::new(vec![0; sealer.count * sealer.size]);
    for blocks in sealed.chunks_mut(LANES * sealer.size) {
        sealer.seal_next(blocks)?;
    }
    Ok(core::mem::take(&mut *sealed))
}

/// The texts that are still to be sealed, and what it takes.
struct Sealer<'k, I> {
    operation: &'k PublicOperation,
    size: usize,
    count: usize,
    texts: I,
    rng: ChaCha20Rng,
}

impl<'k, 't, I: Iterator<Item = &'t [u8]>> Sealer<'k, I> {
    /// Looks at every text before the first is sealed.
    fn new(
        key: &'k PublicKey,
        texts: impl IntoIterator<Item = &'t [u8], IntoIter = I> + Clone,
        entropy: Entropy,
    ) -> Result<Self> {
        let mut count = 0;
        for text in texts.clone() {
            check_length(key, text.len())?;
            count += 1;
        }
        let operation = key.operation();
        Ok(Self { operation, size: operation.size(), count, texts: texts.into_iter(), rng: entropy.rng() })
    }

    /// Seals the next texts, one for each block: one to four.
    fn seal_next(&mut self, blocks: &mut [u8]) -> Result<()> {
        let mut seeds = Seeds::default();
        self.rng.fill_bytes(seeds.first_mut(blocks.len() / self.size));
        for block in blocks.chunks_mut(self.size) {
            // Only an iterator that gives something else the second time gets an error here.
            let text = self.texts.next().filter(|text| text.len() + OVERHEAD <= self.size);
            oaep::lay_out(text.ok_or(Error::PlaintextTooLong)?, block);
        }
        oaep::mask(blocks, self.size, &seeds);
        // An encoding begins with a zero byte, so it is below every modulus of its size.
        if self.operation.raise_all(blocks) { Ok(()) } else { Err(Error::KeyInconsistent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decrypt::open_field;
    use crate::key::PrivateKey;
    use rsa::pkcs8::EncodePublicKey;

    fn keys() -> (PrivateKey, PublicKey) {
        let keys: serde_json::Value = serde_json::from_str(include_str!("../tests/vectors/keys.json")).expect("keys");
        let private = PrivateKey::parse(keys["merchant"].as_str().expect("a key").as_bytes()).expect("a key");
        let public = private.rsa().expect("a key").to_public_key().to_public_key_der().expect("a public key");
        (private, PublicKey::parse(public.as_bytes()).expect("a key"))
    }

    #[test]
    fn any_number_of_texts_is_sealed_in_order() {
        let (private, public) = keys();
        for count in 0..=9_u8 {
            let texts: Vec<Vec<u8>> = (0..count).map(|index| vec![index; 1 + 23 * usize::from(index)]).collect();
            let sealed =
                seal(&public, texts.iter().map(Vec::as_slice), Entropy::from_bytes([count; 32])).expect("seals");
            assert_eq!(sealed.len(), texts.len() * public.size());
            for (text, ciphertext) in texts.iter().zip(sealed.chunks(public.size())) {
                let opened = open_field(&private, ciphertext, Entropy::from_bytes([0; 32])).expect("opens");
                assert_eq!(opened.as_slice(), text.as_slice(), "{count} texts");
            }
        }
    }

    #[test]
    fn every_text_has_a_seed_of_its_own() {
        let (_, public) = keys();
        let sealed = seal(&public, [b"name".as_slice(); 11], Entropy::from_bytes([5; 32])).expect("seals");
        let different: std::collections::BTreeSet<&[u8]> = sealed.chunks(256).collect();
        assert_eq!(different.len(), 11);
    }

    #[test]
    fn one_bad_text_stops_all_of_them() {
        let (_, public) = keys();
        let long = vec![b'x'; capacity(&public) + 1];
        for (bad, error) in [(b"".as_slice(), Error::PlaintextEmpty), (&long, Error::PlaintextTooLong)] {
            let texts = [b"a".as_slice(), b"b", b"c", b"d", bad];
            assert_eq!(seal(&public, texts, Entropy::from_bytes([5; 32])), Err(error));
        }
    }
}
