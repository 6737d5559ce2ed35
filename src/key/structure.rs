//! Which of the many forms a key came in, told by its structure alone.

use super::certificate::Certificate;
use super::der::{Reader, push, push_header, push_unsigned, tag};
use super::numbers::{PrivateNumbers, PublicNumbers};
use zeroize::Zeroizing;

/// The object identifier rsaEncryption (RFC 8017, appendix A).
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// The AlgorithmIdentifier of an RSA key: rsaEncryption, and NULL.
const RSA_IDENTIFIER: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, RSA[0], RSA[1], RSA[2], RSA[3], RSA[4], RSA[5], RSA[6], RSA[7], RSA[8], 0x05, 0x00];

/// A piece of DER, recognised. Numbers are `None` where the outside is that of an RSA key and the inside is not.
pub(super) enum Structure<'d> {
    /// PKCS#8 (RFC 5958) or PKCS#1 (RFC 8017, A.1.2).
    Private(Option<PrivateNumbers<'d>>),
    /// SPKI (RFC 5280, 4.1) or PKCS#1 (RFC 8017, A.1.1).
    Public(Option<PublicNumbers<'d>>),
    /// An encrypted private key (RFC 5958, section 3).
    Encrypted,
    /// An X.509 certificate.
    Certificate(Certificate<'d>),
    /// A key that is not for RSA, or for RSA-PSS only.
    OtherAlgorithm,
    /// None of these.
    Unknown,
}

impl<'d> Structure<'d> {
    pub(super) fn of(der: &'d [u8]) -> Self {
        if let Some((algorithm, key)) = private_key_info(der) {
            match algorithm {
                Algorithm::Rsa => Self::Private(PrivateNumbers::read(key)),
                Algorithm::RsaWithParameters => Self::Private(None),
                Algorithm::Other => Self::OtherAlgorithm,
            }
        } else if let Some(found) = Reader::of_sequence(der).and_then(subject_public_key) {
            found.map_or(Self::OtherAlgorithm, Self::Public)
        } else if let Some(numbers) = PrivateNumbers::read(der) {
            Self::Private(Some(numbers))
        } else if let Some(numbers) = PublicNumbers::read(der) {
            Self::Public(Some(numbers))
        } else if is_encrypted(der) {
            Self::Encrypted
        } else {
            Certificate::read(der).map_or(Self::Unknown, Self::Certificate)
        }
    }
}

enum Algorithm {
    Rsa,
    /// RSA, with something else than the NULL that has to be there.
    RsaWithParameters,
    Other,
}

fn algorithm(reader: &mut Reader<'_>) -> Option<Algorithm> {
    let mut reader = reader.sequence()?;
    let object = reader.object_identifier()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.element()?) };
    reader.end()?;
    Some(match parameters {
        _ if object != RSA => Algorithm::Other,
        Some((tag::NULL, [])) => Algorithm::Rsa,
        _ => Algorithm::RsaWithParameters,
    })
}

/// An algorithm that nobody here uses, in its place.
pub(super) fn skip_algorithm(reader: &mut Reader<'_>) -> Option<()> {
    algorithm(reader).map(|_| ())
}

/// OneAsymmetricKey: version, algorithm, key, attributes, public key.
fn private_key_info(der: &[u8]) -> Option<(Algorithm, &[u8])> {
    let mut reader = Reader::of_sequence(der)?;
    let version = reader.version(1)?;
    let algorithm = algorithm(&mut reader)?;
    let key = reader.take(tag::OCTET_STRING)?;
    reader.optional(tag::context_constructed(0))?;
    let public = reader.optional(tag::context(1))?;
    reader.end()?;
    // Version 2, which is written as 1, is the one with a public key.
    (public.is_some() == (version == 1)).then_some((algorithm, key))
}

/// SubjectPublicKeyInfo, from inside its SEQUENCE: the numbers, `Some(None)` for another algorithm.
#[allow(clippy::option_option, reason = "not this structure, another algorithm, and damaged numbers are three things")]
pub(super) fn subject_public_key(mut reader: Reader<'_>) -> Option<Option<Option<PublicNumbers<'_>>>> {
    let algorithm = algorithm(&mut reader)?;
    let key = reader.bit_string()?;
    reader.end()?;
    Some(match algorithm {
        Algorithm::Rsa => Some(key.and_then(PublicNumbers::read)),
        Algorithm::RsaWithParameters => Some(None),
        Algorithm::Other => None,
    })
}

/// A SEQUENCE of an algorithm and an octet string.
fn is_encrypted(der: &[u8]) -> bool {
    let read = || {
        let mut reader = Reader::of_sequence(der)?;
        algorithm(&mut reader)?;
        reader.take(tag::OCTET_STRING)?;
        reader.end()
    };
    read().is_some()
}

/// PKCS#8 around PKCS#1.
pub(super) fn to_pkcs8(pkcs1: &[u8]) -> Zeroizing<Vec<u8>> {
    const VERSION: [u8; 3] = [tag::INTEGER, 1, 0];
    let mut head = Vec::new();
    push_header(&mut head, tag::OCTET_STRING, pkcs1.len());
    let length = VERSION.len() + RSA_IDENTIFIER.len() + head.len() + pkcs1.len();
    // Room for all of it at once: growing would leave parts of the key behind.
    let mut out = Zeroizing::new(Vec::with_capacity(length + 8));
    push_header(&mut out, tag::SEQUENCE, length);
    for part in [&VERSION[..], &RSA_IDENTIFIER, &head, pkcs1] {
        out.extend_from_slice(part);
    }
    out
}

/// SPKI around a modulus and an exponent without leading zero bytes.
pub(super) fn to_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let mut numbers = Vec::new();
    push_unsigned(&mut numbers, modulus);
    push_unsigned(&mut numbers, exponent);
    // The first byte of a bit string is the number of bits that are not used.
    let mut key = vec![0];
    push(&mut key, tag::SEQUENCE, &numbers);
    let mut content = RSA_IDENTIFIER.to_vec();
    push(&mut content, tag::BIT_STRING, &key);
    let mut out = Vec::new();
    push(&mut out, tag::SEQUENCE, &content);
    out
}
