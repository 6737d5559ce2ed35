//! WeChat Pay for JavaScript.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::{Headers, PublicKey, Thrown, give, locale, seconds, take, throw};
use crate::canonical;
use crate::entropy::Entropy;
use crate::issue::ReportView;
use crate::outcome::Answer;
use crate::wechat::{self, Batch, BatchQuery, DetailQuery, Incoming, Limits, Merchant, Names};

/// Who signs: merchant number, serial of its API certificate, APIv3 key. `free()` wipes the key.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WechatMerchant(Merchant);

#[wasm_bindgen]
impl WechatMerchant {
    /// Throws `ERR_MCHID`, `ERR_SERIAL_…` or `ERR_APIV3_KEY_…`.
    #[wasm_bindgen(constructor)]
    pub fn new(mchid: &str, serial_no: &str, api_v3_key: Option<String>) -> Thrown<Self> {
        let api_v3_key = api_v3_key.map(Zeroizing::new);
        Ok(Self(Merchant::new(mchid, serial_no, api_v3_key.as_ref().map(|key| key.as_str()))?))
    }

    /// The text to be signed for one request. `timestamp` is Unix seconds; `body` is empty for GET.
    pub fn message(&self, method: &str, target: &str, timestamp: f64, nonce: &str, body: &[u8]) -> Thrown<Vec<u8>> {
        Ok(self.0.message(method, target, seconds(timestamp)?, nonce, body)?)
    }

    /// The value of the Authorization header.
    pub fn authorization(&self, timestamp: f64, nonce: &str, signature: &[u8]) -> Thrown<String> {
        Ok(self.0.authorization(seconds(timestamp)?, nonce, signature)?)
    }

    /// Opens a verified notification: JSON text with the opened object in the place of `resource`.
    #[wasm_bindgen(js_name = openNotification)]
    pub fn open_notification(&self, body: &[u8]) -> Thrown<String> {
        Ok(self.0.open_notification(body)?)
    }

    /// Opens a list of platform certificates: `{ serialNo, notBefore, notAfter, pem }[]`, times in Unix seconds.
    #[wasm_bindgen(js_name = openCertificates)]
    pub fn open_certificates(&self, body: &[u8]) -> Thrown<JsValue> {
        give(&self.0.open_certificates(body)?)
    }
}

/// A reply or notification before it is verified.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WechatIncoming(Incoming);

#[wasm_bindgen]
impl WechatIncoming {
    /// Reads headers (an object with lower-case names) and the raw body. `now` is Unix seconds, `tolerance` seconds.
    #[wasm_bindgen(constructor)]
    pub fn new(headers: &Object, body: &[u8], now: f64, tolerance: f64) -> Thrown<Self> {
        let headers = Headers::new(headers);
        Ok(Self(Incoming::new(|name| headers.get(name), body, seconds(now.floor())?, seconds(tolerance)?)?))
    }

    /// Which key signed it.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn serial(&self) -> String {
        self.0.serial().to_owned()
    }

    /// The text that was signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.0.signed().message().to_vec()
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> Vec<u8> {
        self.0.signed().signature().to_vec()
    }
}

/// Throws `ERR_OPTIONS` unless the limits have the documented shape.
#[wasm_bindgen(js_name = wechatCheckLimits)]
pub fn check_limits(limits: &JsValue) -> Thrown<()> {
    Ok(take::<Limits>(limits).map(|_| ())?)
}

/// Checks a batch (JSON text) and reports every issue, in row order.
#[wasm_bindgen(js_name = wechatValidateBatch)]
pub fn validate_batch(json: &str, sealed: bool, limits: &JsValue, locale_name: &str) -> Thrown<JsValue> {
    let report = wechat::validate_batch(json, &take::<Limits>(limits)?, names(sealed));
    give(&ReportView::new(&report, locale(locale_name)?))
}

/// Splits payees of any number into batches: JSON text of an array of batches. Throws `ERR_BATCH_INVALID`, `ERR_NOT_APPROVED`.
#[wasm_bindgen(js_name = wechatSplitBatch)]
pub fn split_batch(
    json: &str,
    size: u32,
    approved: Option<String>,
    sealed: bool,
    limits: &JsValue,
    locale_name: &str,
) -> Thrown<String> {
    let locale = locale(locale_name)?;
    wechat::split_batch(json, (size as usize, approved.as_deref()), &take::<Limits>(limits)?, names(sealed))
        .map_err(|error| throw(&error, locale))
}

/// The approval hash of the rows of a batch (JSON text). Throws `ERR_BATCH_INVALID`.
#[wasm_bindgen(js_name = wechatApprovalHash)]
pub fn approval_hash(json: &str, sealed: bool, limits: &JsValue, locale_name: &str) -> Thrown<String> {
    let locale = locale(locale_name)?;
    wechat::approval_hash(json, &take::<Limits>(limits)?, names(sealed)).map_err(|error| throw(&error, locale))
}

const fn names(sealed: bool) -> Names {
    if sealed { Names::Sealed } else { Names::Plain }
}

/// A batch that may be sent.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WechatBatch(pub(super) Batch);

#[wasm_bindgen]
impl WechatBatch {
    /// Reads a batch (JSON text). Throws `ERR_BATCH_INVALID` with every issue.
    pub fn parse(json: &str, sealed: bool, limits: &JsValue, locale_name: &str) -> Thrown<Self> {
        let locale = locale(locale_name)?;
        let batch = wechat::parse_batch(json, &take::<Limits>(limits)?, names(sealed));
        batch.map(Self).map_err(|error| throw(&error, locale))
    }

    /// The number under which it is idempotent.
    #[wasm_bindgen(getter, js_name = outBatchNo)]
    #[must_use]
    pub fn out_batch_no(&self) -> String {
        self.0.out_batch_no().to_owned()
    }

    /// How many payees.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Fen in all.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "Fen is below 2^53")]
    pub fn total(&self) -> f64 {
        self.0.total().get() as f64
    }

    /// SHA-256 of the content before sealing, hex: equal content, equal fingerprint.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn fingerprint(&self) -> String {
        canonical::hex(&self.0.fingerprint())
    }

    /// The content before sealing, names in the clear: no copy of it stays here.
    #[must_use]
    pub fn plain(&self) -> Uint8Array {
        Uint8Array::from(self.0.plain().as_slice())
    }

    /// Throws `ERR_NOT_APPROVED` unless this is the approval hash of exactly these rows.
    #[wasm_bindgen(js_name = demandApproval)]
    pub fn demand_approval(&self, approved: &str) -> Thrown<()> {
        Ok(self.0.demand_approval(approved)?)
    }

    /// The names to be sealed, as UTF-8, one after the other.
    #[must_use]
    pub fn names(&self) -> Uint8Array {
        let names = Zeroizing::new(self.0.names().collect::<Vec<_>>().concat());
        Uint8Array::from(names.as_slice())
    }

    /// The length of each name in bytes.
    #[wasm_bindgen(js_name = nameLengths)]
    #[must_use]
    pub fn name_lengths(&self) -> Vec<u32> {
        self.0.names().map(|name| u32::try_from(name.len()).unwrap_or(u32::MAX)).collect()
    }

    /// The body with its names sealed for a key, in one step.
    pub fn seal(&self, key: &PublicKey) -> Thrown<Vec<u8>> {
        Ok(self.0.seal(&key.0, Entropy::from_system()?)?)
    }

    /// The body, with one ciphertext for each name, one after the other, in order.
    pub fn body(&self, ciphertexts: &[u8]) -> Thrown<Vec<u8>> {
        Ok(self.0.body(ciphertexts)?)
    }
}

/// Path and query of a batch query. Throws `ERR_QUERY_INVALID` with every issue.
#[wasm_bindgen(js_name = wechatBatchTarget)]
pub fn batch_target(query: &JsValue) -> Thrown<String> {
    Ok(take::<BatchQuery>(query)?.target()?)
}

/// Path of a detail query. Throws `ERR_QUERY_INVALID` with every issue.
#[wasm_bindgen(js_name = wechatDetailTarget)]
pub fn detail_target(query: &JsValue) -> Thrown<String> {
    Ok(take::<DetailQuery>(query)?.target()?)
}

/// What an answer to a batch creation means: `{ outcome, next }`.
#[wasm_bindgen(js_name = wechatOutcome)]
pub fn outcome(status: Option<u16>, code: Option<String>, verified: bool) -> Thrown<JsValue> {
    give(&wechat::create_outcome(Answer { status, code: code.as_deref(), verified, ..Answer::default() }))
}

/// Every rule: `{ id, severity, limit?, source, zh, en }[]`.
#[wasm_bindgen(js_name = wechatRules)]
pub fn rules() -> Thrown<JsValue> {
    give(&wechat::rules::ALL)
}
