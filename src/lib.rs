//! Sign, seal and validate merchant payouts, on every JavaScript host.
//!
//! Data flows one way:
//!
//! ```text
//! sheet bytes → rows → validate → seal → canonical bytes → sign → send → verify → open
//! sheet         batch             encrypt canonical        sign   (shim) verify   decrypt
//! ```
//!
//! Invariants, each kept by tests:
//!
//! 1. The bytes that were signed are the bytes that are sent. The body is written once, here; the shim carries it.
//! 2. Time, nonce and randomness are arguments. There is no clock, no I/O and no global state; nothing is random at load.
//! 3. A batch that exists is valid. Parsing returns it, or every issue in every row, in row order.
//! 4. A reply or notification is verified on its raw bytes before anyone parses it.
//! 5. A key goes in once and becomes a handle. It is wiped when freed; it is never printed, logged or put in an error.
//! 6. Money is whole fen in an integer. There is no floating point anywhere.
//! 7. "Unknown" is an outcome. After a timeout the caller queries; a retry keeps the same order number.
//! 8. No I/O below the shim.
//!
//! Stages hold mechanism and receive facts as values; a provider ([`wechat`], [`pingpp`]) holds facts and strings the stages together.

pub mod batch;
mod block;
pub mod canonical;
pub mod decrypt;
pub mod encrypt;
pub mod entropy;
pub mod error;
#[cfg(feature = "files")]
pub mod files;
pub mod grid;
pub mod issue;
pub mod json;
pub mod key;
mod modexp;
pub mod money;
pub mod outcome;
pub mod pingpp;
pub mod sheet;
pub mod sign;
pub mod upload;
pub mod verify;
pub mod wechat;

// Three modules for JavaScript come from this crate. Each has the exports of one feature, and what all of them throw.
#[cfg(target_arch = "wasm32")]
#[path = "wasm/thrown.rs"]
mod thrown;
#[cfg(all(target_arch = "wasm32", feature = "core"))]
#[allow(
    unreachable_pub,
    clippy::missing_errors_doc,
    reason = "exported to JavaScript, where errors are documented by their codes"
)]
mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "files"))]
#[allow(
    unreachable_pub,
    clippy::missing_errors_doc,
    reason = "exported to JavaScript, where errors are documented by their codes"
)]
#[path = "wasm/files.rs"]
mod wasm_files;
#[cfg(all(target_arch = "wasm32", feature = "private"))]
#[allow(
    unreachable_pub,
    clippy::missing_errors_doc,
    reason = "exported to JavaScript, where errors are documented by their codes"
)]
#[path = "wasm/private.rs"]
mod wasm_private;
