//! The merchant, the text it signs for a request, and the Authorization header (pages 4012365334, 4012365336, 4012365337).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::canonical::check_target;
use crate::error::{Error, Result};
use crate::key::Serial;

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// Who signs: the merchant number, the serial of its API certificate and, where something is to be opened, its APIv3 key.
pub struct Merchant {
    mchid: String,
    serial: Serial,
    api_v3_key: Option<Zeroizing<[u8; 32]>>,
}

impl Merchant {
    /// Checks the three and keeps them.
    ///
    /// # Errors
    /// [`Error::MerchantId`], one of the `Serial…` errors, [`Error::ApiV3KeyLength`] or [`Error::ApiV3KeyCharacters`].
    pub fn new(mchid: &str, serial: &str, api_v3_key: Option<&str>) -> Result<Self> {
        if !(1..=32).contains(&mchid.len()) || !mchid.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::MerchantId);
        }
        let api_v3_key = api_v3_key.map(read_api_v3_key).transpose()?;
        Ok(Self { mchid: mchid.to_owned(), serial: Serial::parse(serial)?, api_v3_key })
    }

    /// The text to be signed for one request: five lines, each ended by LF.
    ///
    /// `target` is the path and query exactly as sent, `body` is empty for GET, `timestamp` is Unix seconds.
    ///
    /// # Errors
    /// [`Error::Method`], [`Error::Path`], [`Error::Nonce`] or [`Error::BodyNotAllowed`].
    ///
    /// # Examples
    /// ```
    /// use payseal::wechat::Merchant;
    /// let merchant = Merchant::new("1900000001", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", None)?;
    /// let message = merchant.message("GET", "/v3/certificates", 1_700_000_000, "593BEC0C930BF1AFEB40B4A08C8FB242", b"")?;
    /// assert_eq!(message, b"GET\n/v3/certificates\n1700000000\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n");
    /// # Ok::<(), payseal::error::Error>(())
    /// ```
    pub fn message(&self, method: &str, target: &str, timestamp: u64, nonce: &str, body: &[u8]) -> Result<Vec<u8>> {
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) {
            return Err(Error::Method);
        }
        if method == "GET" && !body.is_empty() {
            return Err(Error::BodyNotAllowed);
        }
        check_target(target)?;
        check_nonce(nonce)?;
        let mut message = Vec::with_capacity(body.len() + target.len() + 64);
        for line in [method.as_bytes(), target.as_bytes(), timestamp.to_string().as_bytes(), nonce.as_bytes(), body] {
            message.extend_from_slice(line);
            message.push(b'\n');
        }
        Ok(message)
    }

    /// The value of the Authorization header for a signed message.
    ///
    /// # Errors
    /// [`Error::Nonce`] if it could not stand in a quoted header value.
    pub fn authorization(&self, timestamp: u64, nonce: &str, signature: &[u8]) -> Result<String> {
        check_nonce(nonce)?;
        let (mchid, serial, signature) = (&self.mchid, &self.serial, STANDARD.encode(signature));
        Ok(format!(
            r#"{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{signature}",timestamp="{timestamp}",serial_no="{serial}""#
        ))
    }

    pub(super) fn api_v3_key(&self) -> Result<&[u8; 32]> {
        self.api_v3_key.as_deref().ok_or(Error::ApiV3KeyMissing)
    }
}

impl core::fmt::Debug for Merchant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Merchant(..)")
    }
}

fn read_api_v3_key(text: &str) -> Result<Zeroizing<[u8; 32]>> {
    if text.chars().count() != 32 {
        return Err(Error::ApiV3KeyLength);
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Error::ApiV3KeyCharacters);
    }
    let key: [u8; 32] = text.as_bytes().try_into().map_err(|_| Error::ApiV3KeyLength)?;
    Ok(Zeroizing::new(key))
}

fn check_nonce(nonce: &str) -> Result<()> {
    let sound = (16..=32).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_alphanumeric());
    if sound { Ok(()) } else { Err(Error::Nonce) }
}
