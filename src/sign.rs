//! Message → signature.

use rsa::signature::{RandomizedSigner, SignatureEncoding};

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::key::PrivateKey;

/// Signs with RSASSA-PKCS1-v1_5 and SHA-256. The signature has the length of the key.
///
/// `entropy` blinds the private operation; the signature does not depend on it.
///
/// # Errors
/// [`Error::KeyInconsistent`] if the key's numbers do not belong together.
pub fn sign(key: &PrivateKey, message: &[u8], entropy: Entropy) -> Result<Vec<u8>> {
    let signature =
        key.signing()?.try_sign_with_rng(&mut entropy.rng(), message).map_err(|_| Error::KeyInconsistent)?;
    Ok(signature.to_vec())
}
