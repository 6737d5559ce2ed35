//! Ping++ for JavaScript.

use js_sys::Object;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::{Headers, Thrown, give, locale, seconds, take, throw};
use crate::error::Error;
use crate::issue::{IssueView, ReportView};
use crate::outcome::Answer;
use crate::pingpp::{self, App, Batch, BatchList, Event, Incoming, Limits, Scheme, Transfer, TransferList, query};

/// Who asks: the application and its API key. `free()` wipes the key.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PingppApp(App);

#[wasm_bindgen]
impl PingppApp {
    /// Throws `ERR_APP` or `ERR_API_KEY`.
    #[wasm_bindgen(constructor)]
    pub fn new(app: &str, api_key: String) -> Thrown<Self> {
        let api_key = Zeroizing::new(api_key);
        Ok(Self(App::new(app, &api_key)?))
    }

    /// The text to be signed for one request. `timestamp` is Unix seconds; `body` is empty for GET and DELETE.
    pub fn message(&self, method: &str, target: &str, timestamp: f64, body: &[u8]) -> Thrown<Vec<u8>> {
        Ok(self.0.message(method, target, seconds(timestamp)?, body)?)
    }

    /// The value of the Authorization header; `scheme` is `basic` or `bearer`.
    pub fn authorization(&self, scheme: &str) -> Thrown<String> {
        let scheme = match scheme {
            "basic" => Scheme::Basic,
            "bearer" => Scheme::Bearer,
            _ => return Err(Error::option("scheme").into()),
        };
        Ok(self.0.authorization(scheme).to_string())
    }

    /// Whether money is real: true for a key that begins with `sk_live_`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn livemode(&self) -> bool {
        self.0.livemode()
    }

    /// The issue (PP30) of a reply or event whose `livemode` is not that of the key; otherwise `undefined`.
    #[wasm_bindgen(js_name = checkLivemode)]
    pub fn check_livemode(&self, livemode: bool, locale_name: &str) -> Thrown<JsValue> {
        let locale = locale(locale_name)?;
        self.0.check_livemode(livemode).map_or(Ok(JsValue::UNDEFINED), |issue| give(&IssueView::new(&issue, locale)))
    }
}

/// A reply or event before it is verified.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PingppIncoming(Incoming);

#[wasm_bindgen]
impl PingppIncoming {
    /// Reads headers (an object with lower-case names) and the raw body. Throws `ERR_SIGNATURE_HEADER_MISSING` or `ERR_SIGNATURE_BASE64`.
    #[wasm_bindgen(constructor)]
    pub fn new(headers: &Object, body: &[u8]) -> Thrown<Self> {
        let headers = Headers::new(headers);
        Ok(Self(Incoming::new(|name| headers.get(name), body)?))
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
#[wasm_bindgen(js_name = pingppCheckLimits)]
pub fn check_limits(limits: &JsValue) -> Thrown<()> {
    Ok(take::<Limits>(limits).map(|_| ())?)
}

/// Checks a batch (JSON text) and reports every issue, in row order.
#[wasm_bindgen(js_name = pingppValidateBatch)]
pub fn validate_batch(json: &str, limits: &JsValue, locale_name: &str) -> Thrown<JsValue> {
    let report = pingpp::validate_batch(json, &take::<Limits>(limits)?);
    give(&ReportView::new(&report, locale(locale_name)?))
}

/// Splits a list of recipients (JSON text) into batches of `size`, or as large as the limits allow (JSON text). Throws `ERR_BATCH_INVALID` with
/// every issue, `ERR_NOT_APPROVED`.
#[wasm_bindgen(js_name = pingppSplitBatch)]
pub fn split_batch(
    json: &str,
    size: Option<u32>,
    approved: Option<String>,
    limits: &JsValue,
    locale_name: &str,
) -> Thrown<String> {
    let locale = locale(locale_name)?;
    let size = size.map(|size| size as usize);
    pingpp::split_batch(json, size, approved.as_deref(), &take::<Limits>(limits)?)
        .map_err(|error| throw(&error, locale))
}

/// The approval hash of the recipients of a batch (JSON text). Throws `ERR_BATCH_INVALID`.
#[wasm_bindgen(js_name = pingppApprovalHash)]
pub fn approval_hash(json: &str, limits: &JsValue, locale_name: &str) -> Thrown<String> {
    let locale = locale(locale_name)?;
    pingpp::approval_hash(json, &take::<Limits>(limits)?).map_err(|error| throw(&error, locale))
}

/// A batch that may be sent.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PingppBatch(pub(super) Batch);

#[wasm_bindgen]
impl PingppBatch {
    /// Reads a batch (JSON text). Throws `ERR_BATCH_INVALID` with every issue, `ERR_NOT_APPROVED`.
    pub fn parse(json: &str, approved: Option<String>, limits: &JsValue, locale_name: &str) -> Thrown<Self> {
        let locale = locale(locale_name)?;
        let batch = pingpp::parse_batch(json, approved.as_deref(), &take::<Limits>(limits)?);
        batch.map(Self).map_err(|error| throw(&error, locale))
    }

    /// The application that pays.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn app(&self) -> String {
        self.0.app().to_owned()
    }

    /// The number under which it is known; the provider takes it once.
    #[wasm_bindgen(getter, js_name = batchNo)]
    #[must_use]
    pub fn batch_no(&self) -> String {
        self.0.batch_no().to_owned()
    }

    /// How many recipients.
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

    /// The body to be signed and sent. A retry sends the same bytes.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.0.body().to_vec()
    }
}

/// Checks a single transfer (JSON text) and reports every issue.
#[wasm_bindgen(js_name = pingppValidateTransfer)]
pub fn validate_transfer(json: &str, limits: &JsValue, locale_name: &str) -> Thrown<JsValue> {
    let report = pingpp::validate_transfer(json, &take::<Limits>(limits)?);
    give(&ReportView::new(&report, locale(locale_name)?))
}

/// A single transfer that may be sent.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PingppTransfer(Transfer);

#[wasm_bindgen]
impl PingppTransfer {
    /// Reads a transfer (JSON text); `app` may be the id or `{ id }`. Throws `ERR_BATCH_INVALID` with every issue.
    pub fn parse(json: &str, limits: &JsValue, locale_name: &str) -> Thrown<Self> {
        let locale = locale(locale_name)?;
        pingpp::parse_transfer(json, &take::<Limits>(limits)?).map(Self).map_err(|error| throw(&error, locale))
    }

    /// The number under which it is known; the provider takes it once.
    #[wasm_bindgen(getter, js_name = orderNo)]
    #[must_use]
    pub fn order_no(&self) -> String {
        self.0.order_no().to_owned()
    }

    /// Fen.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "Fen is below 2^53")]
    pub fn total(&self) -> f64 {
        self.0.total().get() as f64
    }

    /// The body to be signed and sent. A retry sends the same bytes.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.0.body().to_vec()
    }
}

/// Path and query of a list of batches: `{ page?, per_page?, created?: { gt?, gte?, lt?, lte? }, app? }`. Throws `ERR_QUERY_INVALID`.
#[wasm_bindgen(js_name = pingppListTarget)]
pub fn list_target(query: &JsValue) -> Thrown<String> {
    Ok(take::<BatchList>(query)?.target()?)
}

/// Path and query of a list of single transfers: `{ app?, limit?, starting_after?, ending_before?, created?, channel?, status?, type? }`.
/// Throws `ERR_QUERY_INVALID`.
#[wasm_bindgen(js_name = pingppTransfersTarget)]
pub fn transfers_target(query: &JsValue) -> Thrown<String> {
    Ok(take::<TransferList>(query)?.target()?)
}

/// The path of an object by its id: `kind` is `batch`, `transfer`, `reverse` (of a transfer) or `event`. Throws `ERR_QUERY_INVALID`.
#[wasm_bindgen(js_name = pingppPath)]
pub fn path(kind: &str, id: &str) -> Thrown<String> {
    Ok(match kind {
        "batch" => query::batch(id)?,
        "transfer" => query::transfer(id)?,
        "reverse" => query::reverse(id)?,
        "event" => query::event(id)?,
        _ => return Err(Error::option("kind").into()),
    })
}

/// Checks the envelope of a verified event: its whole JSON text, nothing left out. Throws `ERR_NOTIFICATION_FORMAT`.
#[wasm_bindgen(js_name = pingppOpenEvent)]
pub fn open_event(body: &[u8]) -> Thrown<String> {
    Ok(Event::parse(body)?.text.to_owned())
}

/// What an answer to the creation of a batch or transfer means: `{ outcome, next }`. `param` is what the error objects to; `formed` says
/// whether it is one of Ping++'s own; `verified` is false only where a platform key is configured and the reply does not verify with it.
#[wasm_bindgen(js_name = pingppOutcome)]
pub fn outcome(
    status: Option<u16>,
    code: Option<String>,
    param: Option<String>,
    formed: bool,
    verified: bool,
) -> Thrown<JsValue> {
    let (code, param) = (code.as_deref(), param.as_deref());
    give(&pingpp::create_outcome(Answer { status, code, param, formed, verified }))
}

/// Every rule: `{ id, severity, limit?, source, zh, en }[]`.
#[wasm_bindgen(js_name = pingppRules)]
pub fn rules() -> Thrown<JsValue> {
    give(&pingpp::rules::ALL)
}
