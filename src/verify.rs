//! Signature and freshness of what came back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::key::PublicKey;

/// DER of the digest's algorithm, SHA-256 with a NULL parameter, up to the digest itself (RFC 8017, 9.2, note 1).
const ALGORITHM: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Decodes a base64 signature; base64 with blanks, line breaks or stray bits is refused.
///
/// # Errors
/// [`Error::SignatureBase64`].
pub fn decode_signature(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|_| Error::SignatureBase64)
}

/// Checks that a signed timestamp (Unix seconds, digits only) is at most `tolerance` seconds from `now`, either way.
///
/// # Errors
/// [`Error::TimestampFormat`] or [`Error::TimestampSkew`].
pub fn check_freshness(timestamp: &str, now: u64, tolerance: u64) -> Result<()> {
    let digits = !timestamp.is_empty() && timestamp.len() <= 12 && timestamp.bytes().all(|b| b.is_ascii_digit());
    let signed: u64 = timestamp.parse().ok().filter(|_| digits).ok_or(Error::TimestampFormat)?;
    if signed.abs_diff(now) > tolerance { Err(Error::TimestampSkew) } else { Ok(()) }
}

/// Verifies RSASSA-PKCS1-v1_5 with SHA-256 over the raw bytes of `message`.
///
/// # Errors
/// [`Error::SignatureLength`] or [`Error::SignatureInvalid`].
pub fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<()> {
    if signature.len() != key.size() {
        return Err(Error::SignatureLength);
    }
    let mut opened = signature.to_vec();
    // Comparing whole encodings leaves nothing to parse, and so nothing to be lenient about. All of it is public.
    if key.operation().raise_all(&mut opened) && opened == encode(message, key.size()) {
        Ok(())
    } else {
        Err(Error::SignatureInvalid)
    }
}

/// A text and the signature that came with it: complete and decoded, but not yet verified.
#[derive(Debug)]
pub struct Signed {
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    /// The text, and the signature after [`decode_signature`].
    #[must_use]
    pub const fn new(message: Vec<u8>, signature: Vec<u8>) -> Self {
        Self { message, signature }
    }

    /// The text that was signed.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies it. A missing or damaged key is a failure before this one, and never a pass.
    ///
    /// # Errors
    /// [`Error::SignatureLength`] or [`Error::SignatureInvalid`].
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        verify(key, &self.message, &self.signature)
    }
}

/// EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 9.2): `00 01 FF…FF 00 ‖ algorithm ‖ digest`.
fn encode(message: &[u8], size: usize) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let mut encoded = vec![0xff; size - ALGORITHM.len() - digest.len()];
    let end = encoded.len() - 1;
    (encoded[0], encoded[1], encoded[end]) = (0, 1, 0);
    encoded.extend_from_slice(&ALGORITHM);
    encoded.extend_from_slice(&digest);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_is_bounded_in_both_directions() {
        let now = 1_700_000_000;
        let cases = [
            ("1700000000", Ok(())),
            ("1699999700", Ok(())),
            ("1700000300", Ok(())),
            ("1699999699", Err(Error::TimestampSkew)),
            ("1700000301", Err(Error::TimestampSkew)),
            ("9999999999", Err(Error::TimestampSkew)),
            ("abc", Err(Error::TimestampFormat)),
            ("", Err(Error::TimestampFormat)),
            ("+1700000000", Err(Error::TimestampFormat)),
            ("1700000000000", Err(Error::TimestampFormat)),
            ("1700000000.0", Err(Error::TimestampFormat)),
        ];
        for (timestamp, expected) in cases {
            assert_eq!(check_freshness(timestamp, now, 300), expected, "{timestamp}");
        }
    }
}
