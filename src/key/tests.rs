//! Our readers against those of RustCrypto (pkcs8, pkcs1, spki, x509-cert), over the vectors and many damaged copies of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs8::der::asn1::OctetStringRef;
use rsa::pkcs8::der::{Decode, Encode, Reader as _, SliceReader};
use rsa::pkcs8::spki::{AlgorithmIdentifierRef, DecodePublicKey, SubjectPublicKeyInfoRef};
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey, PrivateKeyInfoRef};
use rsa::{RsaPrivateKey, RsaPublicKey};

use super::*;

/// What was found, as both sides can tell it.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Private(Option<Vec<u8>>),
    Public(Option<Vec<u8>>),
    Encrypted,
    Certificate { serial: Vec<u8>, not_before: u64, not_after: u64, key: Option<Option<Vec<u8>>> },
    OtherAlgorithm,
    Unknown,
}

fn ours(der: &[u8]) -> Found {
    match Structure::of(der) {
        Structure::Private(numbers) => Found::Private(numbers.map(|numbers| numbers.public.modulus.to_vec())),
        Structure::Public(numbers) => Found::Public(numbers.map(|numbers| numbers.modulus.to_vec())),
        Structure::Encrypted => Found::Encrypted,
        Structure::Certificate(found) => Found::Certificate {
            serial: found.serial.to_vec(),
            not_before: found.not_before,
            not_after: found.not_after,
            key: found.key.map(|key| key.map(|numbers| numbers.modulus.to_vec())),
        },
        Structure::OtherAlgorithm => Found::OtherAlgorithm,
        Structure::Unknown => Found::Unknown,
    }
}

const RSA: &str = "1.2.840.113549.1.1.1";

fn is_rsa(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid.to_string() == RSA
}

fn has_null(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.parameters.is_some_and(|parameters| parameters.to_der().is_ok_and(|der| der == [5, 0]))
}

fn private_modulus(der: &[u8]) -> Option<Vec<u8>> {
    RsaPrivateKeyRef::from_der(der).ok().map(|key| key.modulus.as_bytes().to_vec())
}

fn public_modulus(der: &[u8]) -> Option<Vec<u8>> {
    RsaPublicKeyRef::from_der(der).ok().map(|key| key.modulus.as_bytes().to_vec())
}

fn spki_modulus(info: &SubjectPublicKeyInfoRef<'_>) -> Option<Vec<u8>> {
    info.subject_public_key.as_bytes().filter(|_| has_null(&info.algorithm)).and_then(public_modulus)
}

fn judge(der: &[u8]) -> Found {
    if let Ok(info) = PrivateKeyInfoRef::from_der(der) {
        if !is_rsa(&info.algorithm) {
            return Found::OtherAlgorithm;
        }
        let key = Some(info.private_key.as_bytes()).filter(|_| has_null(&info.algorithm));
        Found::Private(key.and_then(private_modulus))
    } else if let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) {
        if is_rsa(&info.algorithm) { Found::Public(spki_modulus(&info)) } else { Found::OtherAlgorithm }
    } else if let Some(modulus) = private_modulus(der) {
        Found::Private(Some(modulus))
    } else if let Some(modulus) = public_modulus(der) {
        Found::Public(Some(modulus))
    } else if is_encrypted(der) {
        Found::Encrypted
    } else if let Ok(certificate) = x509_cert::Certificate::from_der(der) {
        let tbs = certificate.tbs_certificate();
        let spki = tbs.subject_public_key_info().to_der().expect("what was read can be written");
        let info = SubjectPublicKeyInfoRef::from_der(&spki).expect("what was written can be read");
        Found::Certificate {
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_before: tbs.validity().not_before.to_unix_duration().as_secs(),
            not_after: tbs.validity().not_after.to_unix_duration().as_secs(),
            key: is_rsa(&info.algorithm).then(|| spki_modulus(&info)),
        }
    } else {
        Found::Unknown
    }
}

fn is_encrypted(der: &[u8]) -> bool {
    let read = |der| {
        let mut reader = SliceReader::new(der)?;
        reader.sequence(|inner| {
            AlgorithmIdentifierRef::decode(inner)?;
            <&OctetStringRef>::decode(inner).map(|_| ())
        })?;
        reader.finish()
    };
    let read: rsa::pkcs8::der::Result<()> = read(der);
    read.is_ok()
}

/// Every DER in the vectors that the armour lets through.
fn vectors() -> Vec<Vec<u8>> {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/vectors/key-parsing.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    let material = |case: &serde_json::Value| match case["base64"].as_str() {
        Some(base64) => STANDARD.decode(base64).expect("base64"),
        None => case["text"].as_str().expect("text").as_bytes().to_vec(),
    };
    let ders = cases.iter().filter_map(|case| armour::decode(&material(case)).ok());
    let mut ders: Vec<_> = ders.map(|material| material.der.to_vec()).collect();
    ders.sort();
    ders.dedup();
    assert!(ders.len() > 10);
    ders
}

/// Both find the same in damaged material; or, where the judges refuse what stands in a place that nobody reads (the tag of a parameter, say),
/// we find what stood there before the damage, or refuse it by another name.
fn agree(before: &[u8], der: &[u8], what: &str) {
    let (ours_found, judged) = (ours(der), judge(der));
    if ours_found != judged {
        assert_eq!(judged, Found::Unknown, "{what}: {ours_found:?}, {der:02x?}");
        let refused = matches!(
            ours_found,
            Found::Private(None) | Found::Public(None) | Found::Certificate { key: None | Some(None), .. }
        );
        assert!(refused || ours_found == ours(before), "{what}: {ours_found:?}, {der:02x?}");
    }
}

#[test]
fn undamaged_material_is_recognised_as_the_judges_recognise_it() {
    for der in vectors() {
        assert_eq!(ours(&der), judge(&der));
    }
}

#[test]
fn damaged_material_is_recognised_as_the_judges_recognise_it() {
    for der in vectors() {
        for at in 0..der.len() {
            agree(&der, &der[..at], "cut short");
            for change in [0x01, 0x02, 0x20, 0x80, 0xff] {
                let mut changed = der.clone();
                changed[at] ^= change;
                agree(&der, &changed, "one byte changed");
            }
            // Deep inside a number one byte more or less only moves the damage.
            if at < 64 || at % 16 == 0 {
                let mut changed = der.clone();
                changed.remove(at);
                agree(&der, &changed, "one byte lost");
                changed.insert(at, 0);
                agree(&der, &changed, "one byte replaced");
                changed.insert(at, 0x30);
                agree(&der, &changed, "one byte more");
            }
        }
    }
}

/// The merchant's key of the vectors, as PKCS#1, and where the content of each of its numbers is.
fn numbers() -> (Vec<u8>, Vec<core::ops::Range<usize>>) {
    let keys: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/keys.json")).expect("JSON");
    let key = PrivateKey::parse(keys["merchant"].as_str().expect("a key").as_bytes()).expect("a key");
    let der = key.der.to_vec();
    let mut rest = der::Reader::of_sequence(&der).expect("a sequence");
    let mut places = Vec::new();
    rest.version(1).expect("a version");
    while !rest.is_empty() {
        let content = rest.integer().expect("a number");
        let end = content.as_ptr().addr() - der.as_ptr().addr() + content.len();
        places.push(end - content.len()..end);
    }
    assert_eq!(places.len(), 8);
    (der, places)
}

#[test]
fn one_changed_bit_in_any_number_of_a_private_key_is_noticed() {
    let (der, places) = numbers();
    for (number, place) in places.into_iter().enumerate() {
        let (start, length) = (place.start, place.len());
        for at in [start + 1, start + length / 2, start + length - 1] {
            for change in [0x01, 0x04, 0x40] {
                let mut changed = der.clone();
                changed[at] ^= change;
                let found = PrivateKey::parse(&changed).err();
                assert_eq!(found, Some(Error::KeyInconsistent), "number {number}, byte {at}");
            }
        }
    }
}

/// What `rsa` refuses when the core signs, the check has to refuse when the key is read.
#[test]
fn a_key_that_passes_the_check_is_one_that_the_core_can_use() {
    let (der, _) = numbers();
    let read = |der: &[u8]| PrivateNumbers::read(der).expect("numbers").to_rsa().is_ok();
    assert!(read(&der));
    for der in vectors() {
        if let Ok(key) = PrivateKey::parse(&der) {
            assert!(key.rsa().is_ok());
        }
    }
}

#[test]
fn keys_are_handed_on_as_the_judges_write_them() {
    for der in vectors() {
        if let Ok(key) = PrivateKey::parse(&der) {
            let theirs = RsaPrivateKey::from_pkcs8_der(&key.to_pkcs8()).expect("PKCS#8");
            assert_eq!(Some(&theirs), key.rsa().ok());
        }
        if let Ok(key) = PublicKey::parse(&der) {
            let theirs = RsaPublicKey::from_public_key_der(&key.to_spki()).expect("SPKI");
            assert_eq!(theirs.to_public_key_der().expect("SPKI").as_bytes(), key.to_spki());
        }
    }
}
