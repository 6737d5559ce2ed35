//! WeChat Pay API v3: its facts, and the stages strung together.
//!
//! Sources are the pages of `pay.weixin.qq.com/doc/v3/merchant/<number>`; a four-digit-plus number in a comment or rule is such a page.

mod batch;
mod detail;
mod incoming;
mod list;
mod message;
mod notify_url;
mod outcome;
mod query;
mod resource;
pub mod rules;
mod upload;

pub use batch::{
    Batch, approval as approval_hash, note_overflow, parse as parse_batch, split as split_batch,
    validate as validate_batch,
};
pub use detail::Names;
pub use incoming::Incoming;
pub use message::Merchant;
pub use outcome::create as create_outcome;
pub use query::{BatchQuery, DetailQuery};
pub use resource::Certificate;
pub use rules::Limits;
pub use upload::{BATCH_COLUMNS, BILL_COLUMNS, batches, check_batch_rows, check_bill_rows};
