//! A reply or notification before it is trusted: headers, freshness, the signed text (pages 4012365344, 4013053249).

use crate::error::{Error, Result};
use crate::verify::{self, Signed};

const TIMESTAMP: &str = "wechatpay-timestamp";
const NONCE: &str = "wechatpay-nonce";
const SIGNATURE: &str = "wechatpay-signature";
const SERIAL: &str = "wechatpay-serial";
const SIGNATURE_TYPE: &str = "wechatpay-signature-type";

/// The prefix of the wrong signatures that the provider sends on purpose. It only names the failure; it never decides anything.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// What has to be verified: fresh, complete and decoded, but not yet verified.
#[derive(Debug)]
pub struct Incoming {
    serial: String,
    signed: Signed,
}

impl Incoming {
    /// Reads the headers (`header` finds one by its lower-case name) of a message with the raw `body`.
    ///
    /// `now` is Unix seconds; a timestamp more than `tolerance` seconds away, either way, is refused.
    ///
    /// # Errors
    /// [`Error::SignatureHeaderMissing`], [`Error::SignatureType`], [`Error::TimestampFormat`], [`Error::TimestampSkew`],
    /// [`Error::SignatureBase64`] or [`Error::SignatureProbe`].
    pub fn new<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &[u8], now: u64, tolerance: u64) -> Result<Self> {
        let need = |name: &'static str| {
            header(name).filter(|value| !value.is_empty()).ok_or(Error::SignatureHeaderMissing(name))
        };
        let [timestamp, nonce, signature, serial] = [need(TIMESTAMP)?, need(NONCE)?, need(SIGNATURE)?, need(SERIAL)?];
        if header(SIGNATURE_TYPE).is_some_and(|kind| kind != "WECHATPAY2-SHA256-RSA2048") {
            return Err(Error::SignatureType);
        }
        verify::check_freshness(timestamp, now, tolerance)?;
        let signature = verify::decode_signature(signature)
            .map_err(|error| if signature.starts_with(PROBE) { Error::SignatureProbe } else { error })?;
        let mut message = Vec::with_capacity(body.len() + timestamp.len() + nonce.len() + 3);
        for line in [timestamp.as_bytes(), nonce.as_bytes(), body] {
            message.extend_from_slice(line);
            message.push(b'\n');
        }
        Ok(Self { serial: serial.to_owned(), signed: Signed::new(message, signature) })
    }

    /// Which key signed it: a certificate serial, or `PUB_KEY_ID_…`.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The text that was signed, and the signature.
    #[must_use]
    pub const fn signed(&self) -> &Signed {
        &self.signed
    }
}
