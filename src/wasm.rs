//! The only file, with those under it, that knows JavaScript: every export takes and gives plain values, and throws an `Error` with a `code`.
//!
//! These are the exports of the core; the modules for private keys and for files have their own, in `wasm/private.rs` and `wasm/files.rs`.

mod given;
mod pingpp;
mod sheet;
mod wechat;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::issue::{Locale, ReportView};
use crate::json::{FromJson, Json};
use crate::thrown::{self, Thrown, set};
use crate::{canonical, encrypt, key, verify};
use given::{take, take_whole};

fn throw(error: &Error, locale: Locale) -> JsValue {
    let thrown = thrown::from(error);
    if let Error::BatchInvalid(report) | Error::QueryInvalid(report) = error {
        let view = give(&ReportView::new(report, locale)).unwrap_or(JsValue::UNDEFINED);
        let issues = Reflect::get(&view, &"issues".into()).unwrap_or(JsValue::UNDEFINED);
        set(&thrown, "issues", &issues);
        set(&thrown, "report", &view);
    }
    thrown
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        throw(&error, Locale::default())
    }
}

fn give<T: Serialize>(value: &T) -> Thrown<JsValue> {
    serde_wasm_bindgen::to_value(value).map_err(|_| Error::option("a value").into())
}

fn locale(name: &str) -> Result<Locale> {
    match name {
        "zh" => Ok(Locale::Zh),
        "en" => Ok(Locale::En),
        _ => Err(Error::option("locale")),
    }
}

/// Unix seconds from a JavaScript number.
fn seconds(value: f64) -> Result<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a whole number in range")]
    if value.fract() == 0.0 && (0.0..1e12).contains(&value) { Ok(value as u64) } else { Err(Error::TimestampFormat) }
}

/// Every error code the core can throw.
#[wasm_bindgen(js_name = errorCodes)]
#[must_use]
pub fn error_codes() -> Vec<String> {
    Error::CODES.iter().map(|code| (*code).to_owned()).collect()
}

/// Whether sealing here is faster than by the host: true where multiply-add is fused.
#[wasm_bindgen(js_name = sealsFast)]
#[must_use]
pub fn seals_fast() -> bool {
    crate::modexp::is_fused()
}

/// A fresh nonce: 32 characters of `0-9A-Za-z`, from 32 random bytes, or else from the host's generator. Throws `ERR_RANDOM_UNAVAILABLE`.
#[wasm_bindgen(js_name = randomNonce)]
pub fn random_nonce(random: Option<Vec<u8>>) -> Thrown<String> {
    let entropy = match random {
        Some(bytes) => Entropy::from_bytes(bytes.try_into().map_err(|_| Error::Randomness)?),
        None => Entropy::from_system()?,
    };
    Ok(entropy.nonce())
}

/// Path and query as they are signed and sent; the query's pairs are percent-encoded after RFC 3986, in the given order.
#[wasm_bindgen(js_name = requestTarget)]
pub fn request_target(path: &str, query: &JsValue) -> Thrown<String> {
    let query: Pairs = take(query)?;
    Ok(canonical::target(path, &query.0)?)
}

#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl FromJson for Pairs {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let pair = |pair: Json<'_>| match pair.items()?.as_slice() {
            [name, value] => Some((name.string()?, value.string()?)),
            _ => None,
        };
        let pairs = json.items().and_then(|items| items.into_iter().map(pair).collect());
        pairs.map(Self).ok_or(Error::option("query"))
    }
}

/// The bytes of a JSON body: compact, in the order given, null members left out.
#[wasm_bindgen(js_name = canonicalBody)]
pub fn canonical_body(json: &str) -> Thrown<Vec<u8>> {
    Ok(canonical::body(json, true)?)
}

/// SHA-256 as lower-case hex, for hosts that have none without a promise.
#[wasm_bindgen]
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    canonical::hex(&sha2::Sha256::digest(bytes))
}

/// A merchant's private key, read and checked, for whoever does the arithmetic. `free()` wipes it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PrivateKey(key::PrivateKey);

#[wasm_bindgen]
impl PrivateKey {
    /// Reads PKCS#8 or PKCS#1, as PEM, DER or bare base64. Throws one of the `ERR_KEY_…` codes.
    pub fn parse(material: Vec<u8>) -> Thrown<Self> {
        let material = Zeroizing::new(material);
        Ok(Self(key::PrivateKey::parse(&material)?))
    }

    /// Size of the modulus in bits.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits()
    }

    /// The key as PKCS#8 DER, for a host that keeps it from here on. Wipe the copy after use.
    #[must_use]
    pub fn pkcs8(&self) -> Uint8Array {
        Uint8Array::from(self.0.to_pkcs8().as_slice())
    }
}

/// A provider's public key, from SPKI, PKCS#1 or an X.509 certificate.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PublicKey(key::PublicKey);

#[wasm_bindgen]
impl PublicKey {
    /// Reads SPKI, PKCS#1 or a certificate, as PEM, DER or bare base64. Throws one of the `ERR_KEY_…` codes.
    pub fn parse(material: &[u8]) -> Thrown<Self> {
        Ok(Self(key::PublicKey::parse(material)?))
    }

    /// Size of the modulus in bits.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits()
    }

    /// The serial number, upper-case hex, if the key came as a certificate.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn serial(&self) -> Option<String> {
        self.0.certificate().map(|facts| facts.serial.to_string())
    }

    /// First second of validity, Unix time, if the key came as a certificate.
    #[wasm_bindgen(getter, js_name = notBefore)]
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "dates of certificates are far below 2^53 seconds")]
    pub fn not_before(&self) -> Option<f64> {
        self.0.certificate().map(|facts| facts.not_before as f64)
    }

    /// Last second of validity, Unix time, if the key came as a certificate.
    #[wasm_bindgen(getter, js_name = notAfter)]
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "dates of certificates are far below 2^53 seconds")]
    pub fn not_after(&self) -> Option<f64> {
        self.0.certificate().map(|facts| facts.not_after as f64)
    }

    /// The key as SPKI DER, for a host that does the arithmetic itself.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        self.0.to_spki()
    }

    /// Throws `ERR_SIGNATURE_LENGTH` unless the signature has the length of the key.
    #[wasm_bindgen(js_name = checkSignatureLength)]
    pub fn check_signature_length(&self, signature: &[u8]) -> Thrown<()> {
        if signature.len() == self.0.size() { Ok(()) } else { Err(Error::SignatureLength.into()) }
    }

    /// Whether an RSASSA-PKCS1-v1_5 SHA-256 signature is right. Throws `ERR_SIGNATURE_LENGTH`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Thrown<bool> {
        match verify::verify(&self.0, message, signature) {
            Ok(()) => Ok(true),
            Err(Error::SignatureInvalid) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Throws `ERR_PLAINTEXT_EMPTY` or `ERR_PLAINTEXT_TOO_LONG` unless every text can be sealed.
    #[wasm_bindgen(js_name = checkPlaintexts)]
    pub fn check_plaintexts(&self, lengths: &[u32]) -> Thrown<()> {
        Ok(lengths.iter().try_for_each(|length| encrypt::check_length(&self.0, *length as usize))?)
    }

    /// Seals texts with RSAES-OAEP and SHA-1: one after the other in, one after the other out, each as long as the key.
    pub fn encrypt(&self, plaintexts: Vec<u8>, lengths: &[u32]) -> Thrown<Vec<u8>> {
        let plaintexts = Zeroizing::new(plaintexts);
        let mut rest = plaintexts.as_slice();
        let mut texts = Vec::with_capacity(lengths.len());
        for length in lengths {
            let (text, behind) = rest.split_at_checked(*length as usize).ok_or(Error::CiphertextCount)?;
            texts.push(text);
            rest = behind;
        }
        if !rest.is_empty() {
            return Err(Error::CiphertextCount.into());
        }
        Ok(encrypt::seal(&self.0, texts, Entropy::from_system()?)?)
    }
}

/// Finds values in a plain object whose names are lower case.
struct Headers(Vec<(String, String)>);

impl Headers {
    fn new(object: &Object) -> Self {
        let entries = Object::entries(object);
        let text = |entry: JsValue| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        };
        Self(entries.iter().filter_map(text).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
