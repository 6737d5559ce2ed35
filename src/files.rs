//! File bytes → a grid of cell texts, and back: what a sheet may be wrapped in.
//!
//! It knows containers and encodings, and no rules: every text leaves as it stands in the file. For JavaScript it is a module of its own,
//! loaded only when such a file arrives.

mod container;
pub mod encoding;
mod gb18030;
mod packer;
pub mod xlsx;
mod xml;
