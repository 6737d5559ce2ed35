//! The application, the text it signs for a request, and the Authorization header (KB-SIGN; chapters 1 and 2 of the protocol).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::head::field;
use super::rules::PP30;
use crate::batch::{Field, Shape};
use crate::canonical::check_target;
use crate::error::{Error, Result};
use crate::issue::{Issue, Place, Reason};

static LIVEMODE: Field = field("livemode", "环境标志", &PP30, Shape::Boolean);

/// The two forms in which an API key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The key as the user of Basic, with an empty password.
    Basic,
    /// The key as it is.
    Bearer,
}

/// Who asks: the application and its API key.
pub struct App {
    id: String,
    api_key: Zeroizing<String>,
}

impl App {
    /// Checks the two and keeps them. An id of another shape than all known ones is taken: rule PP01 warns about it in every batch.
    ///
    /// # Errors
    /// [`Error::AppMissing`] or [`Error::ApiKey`].
    pub fn new(id: &str, api_key: &str) -> Result<Self> {
        if id.trim().is_empty() {
            return Err(Error::AppMissing);
        }
        let secret = api_key.strip_prefix("sk_test_").or_else(|| api_key.strip_prefix("sk_live_"));
        if !secret.is_some_and(|secret| secret.len() == 24 && secret.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return Err(Error::ApiKey);
        }
        Ok(Self { id: id.to_owned(), api_key: Zeroizing::new(api_key.to_owned()) })
    }

    /// The application's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The text to be signed for one request: body, target and time, with nothing between them.
    ///
    /// `target` is the path and query exactly as sent, `body` is empty for GET and DELETE, `timestamp` is Unix seconds, as in the header.
    ///
    /// # Errors
    /// [`Error::Method`], [`Error::Path`] or [`Error::BodyNotAllowed`].
    ///
    /// # Examples
    /// ```
    /// use payseal::pingpp::App;
    /// let app = App::new("app_1Gqj58ynP0mHeX1q", "sk_test_ibbTe5jLGCi5rzfH4OqPW9KC")?;
    /// let message = app.message("GET", "/v1/batch_transfers?page=1", 1_476_067_095, b"")?;
    /// assert_eq!(message, b"/v1/batch_transfers?page=11476067095");
    /// # Ok::<(), payseal::error::Error>(())
    /// ```
    pub fn message(&self, method: &str, target: &str, timestamp: u64, body: &[u8]) -> Result<Vec<u8>> {
        if !["GET", "POST", "PUT", "DELETE"].contains(&method) {
            return Err(Error::Method);
        }
        if ["GET", "DELETE"].contains(&method) && !body.is_empty() {
            return Err(Error::BodyNotAllowed);
        }
        check_target(target)?;
        Ok([body, target.as_bytes(), timestamp.to_string().as_bytes()].concat())
    }

    /// The value of the Authorization header. It holds the API key: wiped when dropped.
    #[must_use]
    pub fn authorization(&self, scheme: Scheme) -> Zeroizing<String> {
        let key = self.api_key.as_str();
        Zeroizing::new(match scheme {
            Scheme::Basic => {
                let user = Zeroizing::new(format!("{key}:"));
                let encoded = Zeroizing::new(STANDARD.encode(user.as_bytes()));
                format!("Basic {}", encoded.as_str())
            }
            Scheme::Bearer => format!("Bearer {key}"),
        })
    }

    /// Whether money is real: by the prefix of the key.
    #[must_use]
    pub fn livemode(&self) -> bool {
        self.api_key.starts_with("sk_live_")
    }

    /// What is to be said of a reply or an event whose `livemode` is not that of the key (PP30).
    #[must_use]
    pub fn check_livemode(&self, livemode: bool) -> Option<Issue> {
        let Field { name, label, .. } = LIVEMODE;
        let place = Place { path: format!("/{name}"), row: None, column: None, field: name.to_owned(), label };
        (livemode != self.livemode()).then_some(Issue {
            rule: &PP30,
            reason: Reason::Disagrees,
            severity: PP30.severity,
            place,
            limit: None,
            fix: None,
        })
    }
}

impl core::fmt::Debug for App {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("App(..)")
    }
}
