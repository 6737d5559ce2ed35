//! The exports of the module for private keys: RSA where the host has none, or shall not do it.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::key::PrivateKey;
use crate::thrown::{self, Thrown};
use crate::{decrypt, sign};

/// A merchant's private key, in use. `free()` wipes it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PrivateOperations(PrivateKey);

#[wasm_bindgen]
impl PrivateOperations {
    /// Takes the PKCS#8 DER that the core gives. Throws one of the `ERR_KEY_…` codes.
    pub fn parse(pkcs8: Vec<u8>) -> Thrown<Self> {
        let pkcs8 = Zeroizing::new(pkcs8);
        PrivateKey::parse(&pkcs8).map(Self).map_err(|error| thrown::from(&error))
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
    pub fn sign(&self, message: &[u8]) -> Thrown<Vec<u8>> {
        Entropy::from_system()
            .and_then(|entropy| sign::sign(&self.0, message, entropy))
            .map_err(|error| thrown::from(&error))
    }

    /// Opens a field sealed with RSAES-OAEP and SHA-1. Throws `ERR_DECRYPT`, whatever the reason.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Thrown<Uint8Array> {
        let text = Entropy::from_system().and_then(|entropy| decrypt::open_field(&self.0, ciphertext, entropy));
        text.map(|text| Uint8Array::from(text.as_slice())).map_err(|error| thrown::from(&error))
    }
}
