//! A reply or an event before it is trusted (chapter 3.1 of the protocol): the raw body alone is signed, and no key is named.

use crate::error::{Error, Result};
use crate::key::PublicKey;
use crate::verify;

const SIGNATURE: &str = "x-pingplusplus-signature";

/// What has to be verified: complete and decoded, but not yet verified. No time is signed, so a replay is for the receiver to notice, by the
/// event's id.
#[derive(Debug)]
pub struct Incoming {
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Incoming {
    /// Reads the header (`header` finds one by its lower-case name) of a message with the raw `body`.
    ///
    /// # Errors
    /// [`Error::SignatureHeaderMissing`] or [`Error::SignatureBase64`].
    pub fn new<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &[u8]) -> Result<Self> {
        let signature = header(SIGNATURE).filter(|value| !value.is_empty());
        let signature = verify::decode_signature(signature.ok_or(Error::SignatureHeaderMissing(SIGNATURE))?)?;
        Ok(Self { message: body.to_vec(), signature })
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

    /// Verifies it with the provider's key. A missing or damaged key is a failure before this one, and never a pass.
    ///
    /// # Errors
    /// [`Error::SignatureLength`] or [`Error::SignatureInvalid`].
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        verify::verify(key, &self.message, &self.signature)
    }
}
