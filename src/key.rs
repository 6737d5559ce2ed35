//! Keys: material goes in once and becomes a handle that is wiped when dropped.
//!
//! Private keys may come as PKCS#8 or PKCS#1, public keys as SPKI, PKCS#1 or an X.509 certificate; each as PEM, as DER, or as the
//! bare base64 of the DER. What is damaged says how.

mod armour;
mod certificate;
mod der;
mod numbers;
mod serial;
mod structure;

use core::fmt;
use std::sync::OnceLock;

use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::modexp::{Choice, PublicOperation};
use armour::Material;
use numbers::{PrivateNumbers, PublicNumbers};
pub use serial::Serial;
use structure::Structure;

const BITS: core::ops::RangeInclusive<usize> = 2048..=4096;

/// A merchant's private key: it signs requests and opens the sensitive fields of replies.
///
/// It has no `Clone`, its `Debug` shows only the size, and its numbers are wiped when it is dropped.
pub struct PrivateKey {
    /// PKCS#1.
    der: Zeroizing<Vec<u8>>,
    bits: u32,
    /// Made when the core itself signs or opens something, since most hosts have RSA of their own.
    signing: OnceLock<SigningKey<Sha256>>,
}

impl PrivateKey {
    /// Reads PKCS#8 or PKCS#1, as PEM, DER or bare base64.
    ///
    /// # Errors
    /// One of the `Key…` errors, which says what is wrong with the material and never quotes it.
    pub fn parse(material: &[u8]) -> Result<Self> {
        let Material { label, der } = armour::decode(material)?;
        match label.as_deref() {
            Some("CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") => return Err(Error::KeyIsCertificate),
            Some("PUBLIC KEY" | "RSA PUBLIC KEY") => return Err(Error::KeyIsPublic),
            Some("ENCRYPTED PRIVATE KEY") => return Err(Error::KeyEncrypted),
            Some("PRIVATE KEY" | "RSA PRIVATE KEY") | None => {}
            Some("EC PRIVATE KEY" | "DSA PRIVATE KEY" | "SM2 PRIVATE KEY" | "OPENSSH PRIVATE KEY") => {
                return Err(Error::KeyAlgorithm);
            }
            Some(_) => return Err(Error::KeyArmour),
        }
        let numbers = match Structure::of(&der) {
            Structure::Private(numbers) => numbers.ok_or(Error::KeyInconsistent)?,
            Structure::Encrypted => return Err(Error::KeyEncrypted),
            Structure::Public(_) => return Err(Error::KeyIsPublic),
            Structure::Certificate(_) => return Err(Error::KeyIsCertificate),
            Structure::OtherAlgorithm => return Err(Error::KeyAlgorithm),
            Structure::Unknown => return Err(Error::KeyDer),
        };
        let bits = checked_size(numbers.public)?;
        numbers.check()?;
        Ok(Self { der: Zeroizing::new(numbers.der.to_vec()), bits, signing: OnceLock::new() })
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub const fn bits(&self) -> u32 {
        self.bits
    }

    /// The key as PKCS#8 DER, for a host that keeps it from here on. Wiped when dropped.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        structure::to_pkcs8(&self.der)
    }

    pub(crate) fn signing(&self) -> Result<&SigningKey<Sha256>> {
        if let Some(key) = self.signing.get() {
            return Ok(key);
        }
        let key = PrivateNumbers::read(&self.der).ok_or(Error::KeyInconsistent)?.to_rsa()?;
        Ok(self.signing.get_or_init(|| SigningKey::new(key)))
    }

    pub(crate) fn rsa(&self) -> Result<&RsaPrivateKey> {
        self.signing().map(AsRef::as_ref)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.bits())
    }
}

/// A provider's public key: it verifies what came back and seals fields on the way out.
pub struct PublicKey {
    /// Big-endian, no leading zero byte.
    modulus: Vec<u8>,
    exponent: u64,
    bits: u32,
    /// Set up when it is first used: a process that only signs never does.
    operation: OnceLock<PublicOperation>,
    certificate: Option<CertificateFacts>,
}

/// What a certificate says about its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The serial number as the provider's headers spell it.
    pub serial: Serial,
    /// First second of validity, Unix time.
    pub not_before: u64,
    /// Last second of validity, Unix time.
    pub not_after: u64,
}

impl PublicKey {
    /// Reads SPKI, PKCS#1 or an X.509 certificate, as PEM, DER or bare base64.
    ///
    /// # Errors
    /// One of the `Key…` errors, which says what is wrong with the material and never quotes it.
    pub fn parse(material: &[u8]) -> Result<Self> {
        let Material { label, der } = armour::decode(material)?;
        match label.as_deref() {
            Some(label) if label.ends_with("PRIVATE KEY") => return Err(Error::KeyIsPrivate),
            Some("PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
            | None => {}
            Some(_) => return Err(Error::KeyArmour),
        }
        let (numbers, certificate) = match Structure::of(&der) {
            Structure::Public(numbers) => (numbers, None),
            Structure::Certificate(found) => {
                let numbers = found.key.ok_or(Error::KeyAlgorithm)?;
                let serial = Serial::from_der_integer(found.serial)?;
                let (not_before, not_after) = (found.not_before, found.not_after);
                (numbers, Some(CertificateFacts { serial, not_before, not_after }))
            }
            Structure::Private(_) | Structure::Encrypted => return Err(Error::KeyIsPrivate),
            Structure::OtherAlgorithm => return Err(Error::KeyAlgorithm),
            Structure::Unknown => return Err(Error::KeyDer),
        };
        let numbers = numbers.ok_or(Error::KeyInconsistent)?;
        let bits = checked_size(numbers)?;
        let exponent = numbers.exponent().ok_or(Error::KeyInconsistent)?;
        Ok(Self { modulus: numbers.modulus.to_vec(), exponent, bits, operation: OnceLock::new(), certificate })
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub const fn bits(&self) -> u32 {
        self.bits
    }

    /// The length of a signature or ciphertext of this key, in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.modulus.len()
    }

    /// What the certificate says, if the key came as one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&CertificateFacts> {
        self.certificate.as_ref()
    }

    /// The key as SPKI DER, for a host that does the arithmetic itself.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        let exponent = self.exponent.to_be_bytes();
        structure::to_spki(&self.modulus, &exponent[self.exponent.leading_zeros() as usize / 8..])
    }

    pub(crate) fn operation(&self) -> &PublicOperation {
        self.operation.get_or_init(|| {
            PublicOperation::new(&self.modulus, self.exponent, Choice::Best)
                .expect("size, modulus and exponent were checked when the key was read")
        })
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.bits())
    }
}

/// The size of the modulus in bits, if keys of that size are taken.
fn checked_size(numbers: PublicNumbers<'_>) -> Result<u32> {
    let bits = numbers.bits();
    u32::try_from(bits).ok().filter(|_| BITS.contains(&bits)).ok_or(Error::KeySize)
}

#[cfg(test)]
mod tests;
