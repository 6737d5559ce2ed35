//! What is known after a request that may have moved money, and what may be done next.

use serde::Serialize;

/// What became of a request. Only a verified answer says more than [`Outcome::Unknown`] about money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The provider took it. Taken is not paid.
    Accepted,
    /// The provider refused it.
    Rejected,
    /// Nobody knows: it may have been taken.
    Unknown,
}

/// What may be done next. A new number is only ever allowed after a verified final failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// Ask by the same number.
    Query,
    /// Send the same bytes under the same number again.
    RetrySameNumber,
    /// Correct the request or the configuration, then send under the same number.
    FixAndResend,
    /// Pay what failed under a new number.
    NewNumber,
    /// Try later, under the same number.
    Wait,
    /// A person has to look.
    Human,
}

/// An outcome and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What became of the request.
    pub outcome: Outcome,
    /// What may be done next.
    pub next: Next,
}

impl Verdict {
    /// A verdict.
    #[must_use]
    pub const fn new(outcome: Outcome, next: Next) -> Self {
        Self { outcome, next }
    }
}

/// What is known of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// The HTTP status; `None` if there was no answer.
    pub status: Option<u16>,
    /// The provider's error code, if the body had one.
    pub code: Option<&'a str>,
    /// The parameter it objects to, if the body named one.
    pub param: Option<&'a str>,
    /// Whether the body was an error in the provider's own form, and not the page of somebody in between.
    pub formed: bool,
    /// Whether the signature over the raw body was verified.
    pub verified: bool,
}
