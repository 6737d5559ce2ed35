//! Reply fields (RSAES-OAEP) and sealed resources (AES-256-GCM). Failures carry no detail, on purpose.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use rsa::Oaep;
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::key::PrivateKey;

/// Opens a field that was sealed for the merchant with OAEP, SHA-1 and MGF1-SHA-1.
///
/// # Errors
/// [`Error::Decrypt`], whatever the reason was; [`Error::KeyInconsistent`] if the key's numbers do not belong together.
pub fn open_field(key: &PrivateKey, ciphertext: &[u8], entropy: Entropy) -> Result<Zeroizing<Vec<u8>>> {
    key.rsa()?
        .decrypt_blinded(&mut entropy.rng(), Oaep::<Sha1>::new(), ciphertext)
        .map(Zeroizing::new)
        .map_err(|_| Error::Decrypt)
}

/// Opens `ciphertext ‖ tag` with AES-256-GCM.
///
/// # Errors
/// [`Error::AeadNonce`] unless the nonce has 12 bytes, [`Error::Decrypt`] if the tag does not match.
pub fn open_resource(key: &[u8; 32], nonce: &[u8], associated_data: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>> {
    let nonce = Nonce::try_from(nonce).map_err(|_| Error::AeadNonce)?;
    Aes256Gcm::new(key.into())
        .decrypt(&nonce, Payload { msg: ciphertext, aad: associated_data })
        .map_err(|_| Error::Decrypt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    /// Source: wechatpay-java, AeadAesCipherTest.
    #[test]
    fn the_published_resource_opens_and_a_changed_one_does_not() {
        let key = b"a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
        let sealed = STANDARD.decode("ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=").expect("base64");
        let open = |nonce: &[u8], aad: &[u8], sealed: &[u8]| open_resource(key, nonce, aad, sealed);
        assert_eq!(open(b"uluk4a9R25RW", b"associatedData", &sealed), Ok(b"message".to_vec()));
        assert_eq!(open(b"uluk4a9R25R", b"associatedData", &sealed), Err(Error::AeadNonce));
        assert_eq!(open(b"uluk4a9R25RWx", b"associatedData", &sealed), Err(Error::AeadNonce));
        assert_eq!(open(b"uluk4a9R25RW", b"", &sealed), Err(Error::Decrypt));
        assert_eq!(open(b"uluk4a9R25RW", b"associatedData", &sealed[..15]), Err(Error::Decrypt));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(b"uluk4a9R25RW", b"associatedData", &changed), Err(Error::Decrypt), "byte {at}");
        }
    }
}
