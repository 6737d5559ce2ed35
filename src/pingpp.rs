//! Ping++: its facts, and the stages strung together.
//!
//! Sources are pages of the Ping++ API reference, its help centre and its SDKs; a rule names them.

mod app;
mod approval;
mod batch;
mod channel;
mod event;
mod head;
mod incoming;
mod list;
mod outcome;
mod payee;
pub mod query;
mod recipients;
pub mod rules;
mod transfer;

pub use app::{App, Scheme};
pub use approval::hash as approval_hash;
pub use batch::{Batch, parse as parse_batch, split as split_batch, validate as validate_batch};
pub use event::Event;
pub use incoming::Incoming;
pub use outcome::create as create_outcome;
pub use query::{BatchList, Created, TransferList};
pub use recipients::Recipients;
pub use rules::Limits;
pub use transfer::{Transfer, parse as parse_transfer, validate as validate_transfer};
