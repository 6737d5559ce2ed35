//! A reply or an event before it is trusted (chapter 3.1 of the protocol): the raw body alone is signed, and no key is named.

use crate::error::{Error, Result};
use crate::verify::{self, Signed};

const SIGNATURE: &str = "x-pingplusplus-signature";

/// What has to be verified: complete and decoded, but not yet verified. No time is signed, so a replay is for the receiver to notice, by the
/// event's id.
#[derive(Debug)]
pub struct Incoming {
    signed: Signed,
}

impl Incoming {
    /// Reads the header (`header` finds one by its lower-case name) of a message with the raw `body`.
    ///
    /// # Errors
    /// [`Error::SignatureHeaderMissing`] or [`Error::SignatureBase64`].
    pub fn new<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &[u8]) -> Result<Self> {
        let signature = header(SIGNATURE).filter(|value| !value.is_empty());
        let signature = verify::decode_signature(signature.ok_or(Error::SignatureHeaderMissing(SIGNATURE))?)?;
        Ok(Self { signed: Signed::new(body.to_vec(), signature) })
    }

    /// The text that was signed, and the signature.
    #[must_use]
    pub const fn signed(&self) -> &Signed {
        &self.signed
    }
}
