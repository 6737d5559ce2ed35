//! Sensitive fields → RSAES-OAEP with SHA-1 and MGF1-SHA-1, empty label.

use rsa::Oaep;
use sha1::Sha1;

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::key::PublicKey;

/// Bytes that OAEP with SHA-1 takes from the size of the key: two digests and two bytes.
const OVERHEAD: usize = 2 * 20 + 2;

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
    let mut sealed = Vec::with_capacity(count * key.size());
    for text in texts {
        let ciphertext = key.rsa().encrypt(&mut rng, Oaep::<Sha1>::new(), text).map_err(|_| Error::KeyInconsistent)?;
        sealed.extend_from_slice(&ciphertext);
    }
    Ok(sealed)
}
