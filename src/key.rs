//! Keys: material goes in once and becomes a handle that is wiped when dropped.
//!
//! Private keys may come as PKCS#8 or PKCS#1, public keys as SPKI, PKCS#1 or an X.509 certificate; each as PEM, as DER, or as the
//! bare base64 of the DER. What is damaged says how.

mod armour;
mod serial;

use core::fmt;

use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::der::asn1::OctetStringRef;
use rsa::pkcs8::der::{Decode, Encode, Reader, SliceReader};
use rsa::pkcs8::spki::{AlgorithmIdentifierRef, DecodePublicKey, SubjectPublicKeyInfoRef};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, PrivateKeyInfoRef};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::modexp::{Choice, PublicOperation};
use armour::Material;
pub use serial::Serial;

const BITS: core::ops::RangeInclusive<usize> = 2048..=4096;

/// A merchant's private key: it signs requests and opens the sensitive fields of replies.
///
/// It has no `Clone`, its `Debug` shows only the size, and its numbers are wiped when it is dropped.
pub struct PrivateKey(SigningKey<Sha256>);

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
        let key = match Kind::of(&der) {
            Kind::Pkcs8 => RsaPrivateKey::from_pkcs8_der(&der).map_err(|_| Error::KeyInconsistent)?,
            Kind::Pkcs1Private => RsaPrivateKey::from_pkcs1_der(&der).map_err(|_| Error::KeyInconsistent)?,
            Kind::Encrypted => return Err(Error::KeyEncrypted),
            Kind::Spki | Kind::Pkcs1Public => return Err(Error::KeyIsPublic),
            Kind::Certificate => return Err(Error::KeyIsCertificate),
            Kind::OtherAlgorithm => return Err(Error::KeyAlgorithm),
            Kind::Unknown => return Err(Error::KeyDer),
        };
        check_size(key.n().bits_vartime())?;
        key.validate().map_err(|_| Error::KeyInconsistent)?;
        Ok(Self(SigningKey::new(key)))
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.rsa().n().bits_vartime()
    }

    /// The key as PKCS#8 DER, for a host that keeps it from here on. Wiped when dropped.
    ///
    /// # Errors
    /// [`Error::KeyInconsistent`] if the numbers cannot be written down.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>> {
        let document = self.rsa().to_pkcs8_der().map_err(|_| Error::KeyInconsistent)?;
        Ok(Zeroizing::new(document.as_bytes().to_vec()))
    }

    pub(crate) const fn signing(&self) -> &SigningKey<Sha256> {
        &self.0
    }

    pub(crate) fn rsa(&self) -> &RsaPrivateKey {
        self.0.as_ref()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.bits())
    }
}

/// A provider's public key: it verifies what came back and seals fields on the way out.
pub struct PublicKey {
    key: RsaPublicKey,
    operation: PublicOperation,
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
        let mut certificate = None;
        let key = match Kind::of(&der) {
            Kind::Spki => RsaPublicKey::from_public_key_der(&der).map_err(|_| Error::KeyInconsistent)?,
            Kind::Pkcs1Public => RsaPublicKey::from_pkcs1_der(&der).map_err(|_| Error::KeyInconsistent)?,
            Kind::Certificate => {
                let (key, facts) = read_certificate(&der)?;
                certificate = Some(facts);
                key
            }
            Kind::Pkcs8 | Kind::Pkcs1Private | Kind::Encrypted => return Err(Error::KeyIsPrivate),
            Kind::OtherAlgorithm => return Err(Error::KeyAlgorithm),
            Kind::Unknown => return Err(Error::KeyDer),
        };
        check_size(key.n().bits_vartime())?;
        let modulus = key.n().to_be_bytes();
        let modulus = &modulus[modulus.len() - key.size()..];
        let exponent = key.e().to_be_bytes().iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let operation = PublicOperation::new(modulus, exponent, Choice::Best).ok_or(Error::KeyInconsistent)?;
        Ok(Self { key, operation, certificate })
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.key.n().bits_vartime()
    }

    /// The length of a signature or ciphertext of this key, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.key.size()
    }

    /// What the certificate says, if the key came as one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&CertificateFacts> {
        self.certificate.as_ref()
    }

    /// The key as SPKI DER, for a host that does the arithmetic itself.
    ///
    /// # Errors
    /// [`Error::KeyInconsistent`] if the numbers cannot be written down.
    pub fn to_spki(&self) -> Result<Vec<u8>> {
        Ok(self.key.to_public_key_der().map_err(|_| Error::KeyInconsistent)?.as_bytes().to_vec())
    }

    pub(crate) const fn operation(&self) -> &PublicOperation {
        &self.operation
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.bits())
    }
}

fn check_size(bits: u32) -> Result<()> {
    if usize::try_from(bits).is_ok_and(|bits| BITS.contains(&bits)) { Ok(()) } else { Err(Error::KeySize) }
}

fn read_certificate(der: &[u8]) -> Result<(RsaPublicKey, CertificateFacts)> {
    let certificate = Certificate::from_der(der).map_err(|_| Error::KeyDer)?;
    let tbs = certificate.tbs_certificate();
    let spki = tbs.subject_public_key_info().to_der().map_err(|_| Error::KeyDer)?;
    if Kind::of(&spki) == Kind::OtherAlgorithm {
        return Err(Error::KeyAlgorithm);
    }
    let key = RsaPublicKey::from_public_key_der(&spki).map_err(|_| Error::KeyInconsistent)?;
    let validity = tbs.validity();
    let facts = CertificateFacts {
        serial: Serial::from_der_integer(tbs.serial_number().as_bytes())?,
        not_before: validity.not_before.to_unix_duration().as_secs(),
        not_after: validity.not_after.to_unix_duration().as_secs(),
    };
    Ok((key, facts))
}

/// What a piece of DER is, told by its structure alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Pkcs8,
    Pkcs1Private,
    Encrypted,
    Spki,
    Pkcs1Public,
    Certificate,
    OtherAlgorithm,
    Unknown,
}

impl Kind {
    fn of(der: &[u8]) -> Self {
        let rsa = |algorithm: &AlgorithmIdentifierRef<'_>, kind| {
            if algorithm.oid == rsa::pkcs1::ALGORITHM_OID { kind } else { Self::OtherAlgorithm }
        };
        if let Ok(info) = PrivateKeyInfoRef::from_der(der) {
            rsa(&info.algorithm, Self::Pkcs8)
        } else if let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) {
            rsa(&info.algorithm, Self::Spki)
        } else if rsa::pkcs1::RsaPrivateKeyRef::from_der(der).is_ok() {
            Self::Pkcs1Private
        } else if rsa::pkcs1::RsaPublicKeyRef::from_der(der).is_ok() {
            Self::Pkcs1Public
        } else if is_encrypted(der) {
            Self::Encrypted
        } else if Certificate::from_der(der).is_ok() {
            Self::Certificate
        } else {
            Self::Unknown
        }
    }
}

/// A SEQUENCE of an algorithm and an octet string is an encrypted private key (RFC 5958, section 3).
fn is_encrypted(der: &[u8]) -> bool {
    let read = |der| {
        let mut reader = SliceReader::new(der)?;
        reader.sequence(|inner| {
            AlgorithmIdentifierRef::decode(inner)?;
            <&OctetStringRef>::decode(inner).map(|_| ())
        })
    };
    let read: rsa::pkcs8::der::Result<()> = read(der);
    read.is_ok()
}
