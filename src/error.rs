//! What can go wrong, each with a code that never changes.
//!
//! Messages say what to do about it. They never contain a key, a name, an account, an openid or any other value of a field.

use core::fmt;
use std::borrow::Cow;

use crate::issue::Report;

macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $name:ident $(($payload:ty))? => $code:literal, $text:literal;)+) => {
        /// Everything the core refuses.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[doc = $doc])+ $name $(($payload))?,)+
        }

        impl Error {
            /// Every code the core can give, in the order of the variants.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The stable code, such as `ERR_SIGNATURE_INVALID`.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }

            const fn text(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $text,)+
                }
            }
        }
    };
}

errors! {
    /// No key material at all.
    KeyMissing => "ERR_KEY_MISSING", "no key was given";
    /// The text holds a backslash and an `n` where a line should end.
    KeyEscapedNewlines => "ERR_KEY_ESCAPED_NEWLINES",
        "the key contains a literal \\n, as environment variables often do: replace it with real line ends";
    /// No `BEGIN` line and no DER, or a `BEGIN` without its `END`.
    KeyArmour => "ERR_KEY_ARMOUR", "the key has no complete BEGIN and END line, and is not DER or its base64";
    /// Something between the armour lines is not base64.
    KeyBase64 => "ERR_KEY_BASE64", "the key's text between BEGIN and END is not base64";
    /// The DER inside is cut short or not what its label says.
    KeyDer => "ERR_KEY_DER", "the key is damaged: its DER structure cannot be read";
    /// A certificate where a private key is due.
    KeyIsCertificate => "ERR_KEY_IS_CERTIFICATE", "this is a certificate, a private key is due: use apiclient_key.pem";
    /// A public key where a private key is due.
    KeyIsPublic => "ERR_KEY_IS_PUBLIC", "this is a public key, a private key is due";
    /// A private key where a public key is due.
    KeyIsPrivate => "ERR_KEY_IS_PRIVATE",
        "this is a private key, a public key is due: never hand a private key out, and check that it has not left your server";
    /// The private key is protected by a password.
    KeyEncrypted => "ERR_KEY_ENCRYPTED", "the private key is encrypted: decrypt it first, for example with openssl pkey";
    /// Not RSA: an EC, SM2, Ed25519 or RSA-PSS key.
    KeyAlgorithm => "ERR_KEY_ALGORITHM", "the key is not an RSA key";
    /// Outside 2048 to 4096 bits.
    KeySize => "ERR_KEY_SIZE", "the RSA key must have 2048 to 4096 bits";
    /// The numbers of the key do not belong together.
    KeyInconsistent => "ERR_KEY_INCONSISTENT", "the key is damaged: its numbers do not belong together";
    /// A serial number with no digits.
    SerialMissing => "ERR_SERIAL_MISSING", "the certificate serial number is empty";
    /// `00` before the real first byte, as some tools print it.
    SerialSignByte => "ERR_SERIAL_SIGN_BYTE",
        "the certificate serial number begins with the sign byte 00: leave these two digits out";
    /// `a` to `f` instead of `A` to `F`.
    SerialLowerCase => "ERR_SERIAL_LOWER_CASE", "the certificate serial number must be upper-case hex";
    /// Colons, blanks, `0x` or anything else that is not hex.
    SerialFormat => "ERR_SERIAL_FORMAT", "the certificate serial number must be hex digits only, at most 40 of them";
    /// The merchant number is not 1 to 32 digits.
    MerchantId => "ERR_MCHID", "the merchant number must be 1 to 32 digits (rule V30)";
    /// Needed now, but not configured.
    ApiV3KeyMissing => "ERR_APIV3_KEY_MISSING", "an APIv3 key is needed to open this: pass apiV3Key";
    /// Not 32 characters long.
    ApiV3KeyLength => "ERR_APIV3_KEY_LENGTH", "the APIv3 key must have exactly 32 characters (rule V29)";
    /// A character outside ASCII letters and digits.
    ApiV3KeyCharacters => "ERR_APIV3_KEY_CHARACTERS", "the APIv3 key must be ASCII letters and digits only (rule V29)";
    /// No application id.
    AppMissing => "ERR_APP", "the application id is empty";
    /// Not `sk_test_` or `sk_live_` and 24 letters or digits.
    ApiKey => "ERR_API_KEY", "the API key must be sk_test_ or sk_live_ followed by 24 letters and digits";
    /// The host gave no random bytes.
    Randomness => "ERR_RANDOM_UNAVAILABLE", "this host gave no random numbers: nothing was signed or sealed";
    /// Not one of GET, POST, PUT, PATCH, DELETE.
    Method => "ERR_METHOD", "the method must be GET, POST, PUT, PATCH or DELETE";
    /// A request target that would not be sent as it is signed.
    Path => "ERR_PATH",
        "the path must begin with one / and hold only characters that are sent as they stand: percent-encode the rest, no fragment";
    /// A nonce that is not 16 to 32 letters and digits.
    Nonce => "ERR_NONCE", "the nonce must be 16 to 32 letters and digits";
    /// A timestamp that is not whole Unix seconds.
    TimestampFormat => "ERR_TIMESTAMP_FORMAT", "the timestamp must be whole Unix seconds, in digits";
    /// GET and DELETE-like requests that must not carry a body.
    BodyNotAllowed => "ERR_BODY_NOT_ALLOWED", "a GET or DELETE request carries no body";
    /// The body text is not JSON.
    BodyFormat => "ERR_BODY_FORMAT", "the body is not valid JSON text";
    /// More than the key's size allows.
    PlaintextTooLong => "ERR_PLAINTEXT_TOO_LONG", "the text is too long to be sealed: 214 bytes at most with a 2048-bit key";
    /// Nothing to seal; an empty field stays empty.
    PlaintextEmpty => "ERR_PLAINTEXT_EMPTY", "there is nothing to seal: an empty field is sent empty or left out";
    /// The ciphertexts do not fit the names they stand for.
    CiphertextCount => "ERR_CIPHERTEXT_COUNT", "the sealed fields do not match the fields of the batch in number or size";
    /// A sealed field that is not base64.
    CiphertextBase64 => "ERR_CIPHERTEXT_BASE64", "the sealed field is not base64";
    /// A sealed value that does not open; no reason is given, on purpose.
    Decrypt => "ERR_DECRYPT", "the sealed value does not open with this key";
    /// An AEAD other than AES-256-GCM.
    AeadAlgorithm => "ERR_AEAD_ALGORITHM", "only AEAD_AES_256_GCM is supported, this is another algorithm";
    /// A GCM nonce that is not 12 bytes.
    AeadNonce => "ERR_AEAD_NONCE", "the nonce of the sealed resource must be 12 bytes";
    /// A header that carries the signature is missing.
    SignatureHeaderMissing(&'static str) => "ERR_SIGNATURE_HEADER_MISSING",
        "the signature cannot be checked, a header is missing (proxies sometimes strip them)";
    /// Too old, or from the future.
    TimestampSkew => "ERR_TIMESTAMP_SKEW",
        "the signed timestamp is too far from now: a replay, or one of the two clocks is wrong";
    /// A signature type that is not RSA with SHA-256.
    SignatureType => "ERR_SIGNATURE_TYPE", "only WECHATPAY2-SHA256-RSA2048 signatures are supported";
    /// The signature is not base64.
    SignatureBase64 => "ERR_SIGNATURE_BASE64", "the signature is not base64";
    /// A probe: the provider sends wrong signatures on purpose, and watches that they are refused.
    SignatureProbe => "ERR_SIGNATURE_PROBE",
        "a probe signature, refused as it should be: answer a notification with 4xx or 5xx, query after a reply";
    /// The length of the signature is not the length of the key.
    SignatureLength => "ERR_SIGNATURE_LENGTH", "the signature has not the length of the key";
    /// The signature does not match.
    SignatureInvalid => "ERR_SIGNATURE_INVALID", "the signature does not match: do not trust this message";
    /// A notification that verifies but is not one.
    NotificationFormat => "ERR_NOTIFICATION_FORMAT", "the notification has not the documented shape";
    /// A certificate list that is not one.
    CertificatesFormat => "ERR_CERTIFICATES_FORMAT", "the certificate list has not the documented shape";
    /// Rows that must not be sent; the report says which and why.
    BatchInvalid(Box<Report>) => "ERR_BATCH_INVALID", "the payout must not be sent";
    /// Rows that are not the ones that were approved.
    NotApproved => "ERR_NOT_APPROVED", "these rows are not the ones that were approved: nothing was sealed, have them approved again";
    /// Parameters of a query that the provider would refuse.
    QueryInvalid(Box<Report>) => "ERR_QUERY_INVALID", "the query must not be sent";
    /// Options of the wrong shape, and which one it is.
    OptionsInvalid(Cow<'static, str>) => "ERR_OPTIONS", "an option is wrong";
    /// Bytes that are not a sheet this version reads.
    SheetFormat(&'static str) => "ERR_SHEET_FORMAT", "the sheet cannot be read";
    /// More than the limits for sheets allow.
    SheetTooLarge(&'static str) => "ERR_SHEET_TOO_LARGE", "the sheet is too large";
    /// No column for a field that every row needs.
    SheetColumns(String) => "ERR_SHEET_COLUMNS", "the sheet lacks columns";
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())?;
        match self {
            Self::SignatureHeaderMissing(name) | Self::SheetFormat(name) | Self::SheetTooLarge(name) => {
                write!(f, ": {name}")
            }
            Self::SheetColumns(names) => write!(f, ": {names}"),
            Self::OptionsInvalid(what) => write!(f, ": {what}"),
            Self::BatchInvalid(report) | Self::QueryInvalid(report) => write!(f, ": {report}"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

impl Error {
    /// The option that is not what it can be.
    pub(crate) const fn option(what: &'static str) -> Self {
        Self::OptionsInvalid(Cow::Borrowed(what))
    }
}

/// The core's results.
pub type Result<T> = core::result::Result<T, Error>;
