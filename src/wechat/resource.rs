//! Sealed resources: notifications (page 4012712115) and platform certificates (page 4012551764).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Merchant;
use crate::decrypt::open_resource;
use crate::error::{Error, Result};
use crate::key::PublicKey;

#[derive(Deserialize)]
struct Sealed {
    algorithm: String,
    ciphertext: String,
    nonce: String,
    #[serde(default)]
    associated_data: Option<String>,
}

impl Sealed {
    fn open(&self, merchant: &Merchant) -> Result<Vec<u8>> {
        if self.algorithm != "AEAD_AES_256_GCM" {
            return Err(Error::AeadAlgorithm);
        }
        let ciphertext = STANDARD.decode(&self.ciphertext).map_err(|_| Error::CiphertextBase64)?;
        let associated_data = self.associated_data.as_deref().unwrap_or_default();
        open_resource(merchant.api_v3_key()?, self.nonce.as_bytes(), associated_data.as_bytes(), &ciphertext)
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    event_type: String,
    create_time: String,
    #[serde(default)]
    resource_type: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    resource: Sealed,
}

#[derive(Serialize)]
struct Opened {
    id: String,
    event_type: String,
    create_time: String,
    resource_type: Option<String>,
    summary: Option<String>,
    resource: Value,
}

#[derive(Deserialize)]
struct CertificateList {
    data: Vec<CertificateEntry>,
}

#[derive(Deserialize)]
struct CertificateEntry {
    serial_no: String,
    encrypt_certificate: Sealed,
}

/// A platform certificate that was opened and whose serial is the one it was announced with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The serial, as `Wechatpay-Serial` names it.
    pub serial_no: String,
    /// First second of validity, Unix time, from the certificate itself.
    pub not_before: u64,
    /// Last second of validity, Unix time, from the certificate itself.
    pub not_after: u64,
    /// The certificate.
    pub pem: String,
}

impl Merchant {
    /// Opens a verified notification: its envelope as JSON text, with the opened object in the place of `resource`.
    ///
    /// # Errors
    /// [`Error::NotificationFormat`], [`Error::AeadAlgorithm`], [`Error::AeadNonce`], [`Error::CiphertextBase64`], [`Error::Decrypt`] or
    /// [`Error::ApiV3KeyMissing`].
    pub fn open_notification(&self, body: &[u8]) -> Result<String> {
        let Envelope { id, event_type, create_time, resource_type, summary, resource } =
            serde_json::from_slice(body).map_err(|_| Error::NotificationFormat)?;
        let resource = serde_json::from_slice(&resource.open(self)?).map_err(|_| Error::NotificationFormat)?;
        let opened = Opened { id, event_type, create_time, resource_type, summary, resource };
        serde_json::to_string(&opened).map_err(|_| Error::NotificationFormat)
    }

    /// Opens a list of platform certificates. The GCM tag under the APIv3 key vouches for them, so this works before any of them is known.
    ///
    /// Certificates of other algorithms (国密) are left out.
    ///
    /// # Errors
    /// [`Error::CertificatesFormat`] also when a certificate's serial is not the announced one; [`Error::Decrypt`] and the other errors of sealed
    /// resources; the `Key…` errors of a damaged certificate.
    pub fn open_certificates(&self, body: &[u8]) -> Result<Vec<Certificate>> {
        let list: CertificateList = serde_json::from_slice(body).map_err(|_| Error::CertificatesFormat)?;
        let rsa = list.data.iter().filter(|entry| entry.encrypt_certificate.algorithm != "AEAD_SM4_GCM");
        rsa.map(|entry| {
            let pem =
                String::from_utf8(entry.encrypt_certificate.open(self)?).map_err(|_| Error::CertificatesFormat)?;
            let key = PublicKey::parse(pem.as_bytes())?;
            let facts = key.certificate().ok_or(Error::CertificatesFormat)?;
            if facts.serial.as_str() != entry.serial_no {
                return Err(Error::CertificatesFormat);
            }
            Ok(Certificate {
                serial_no: entry.serial_no.clone(),
                not_before: facts.not_before,
                not_after: facts.not_after,
                pem,
            })
        })
        .collect()
    }
}
