//! Sealed resources: notifications (page 4012712115) and platform certificates (page 4012551764).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Merchant;
use crate::canonical::ObjectWriter;
use crate::decrypt::open_resource;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::key::PublicKey;

struct Sealed {
    algorithm: String,
    ciphertext: String,
    nonce: String,
    associated_data: Option<String>,
}

impl Sealed {
    fn read(json: Json<'_>) -> Option<Self> {
        let mut sealed = json.object()?;
        Some(Self {
            algorithm: sealed.required("algorithm", Json::string)?,
            ciphertext: sealed.required("ciphertext", Json::string)?,
            nonce: sealed.required("nonce", Json::string)?,
            associated_data: sealed.optional("associated_data", Json::string)?,
        })
    }

    fn open(&self, merchant: &Merchant) -> Result<Vec<u8>> {
        if self.algorithm != "AEAD_AES_256_GCM" {
            return Err(Error::AeadAlgorithm);
        }
        let ciphertext = STANDARD.decode(&self.ciphertext).map_err(|_| Error::CiphertextBase64)?;
        let associated_data = self.associated_data.as_deref().unwrap_or_default();
        open_resource(merchant.api_v3_key()?, self.nonce.as_bytes(), associated_data.as_bytes(), &ciphertext)
    }
}

struct Envelope {
    id: String,
    event_type: String,
    create_time: String,
    resource_type: Option<String>,
    summary: Option<String>,
    resource: Sealed,
}

impl Envelope {
    fn read(body: &[u8]) -> Option<Self> {
        let mut envelope = parse(body)?.object()?;
        Some(Self {
            id: envelope.required("id", Json::string)?,
            event_type: envelope.required("event_type", Json::string)?,
            create_time: envelope.required("create_time", Json::string)?,
            resource_type: envelope.optional("resource_type", Json::string)?,
            summary: envelope.optional("summary", Json::string)?,
            resource: envelope.required("resource", Sealed::read)?,
        })
    }

    /// The envelope with the opened object in the place of the sealed one.
    fn write(&self, opened: &[u8]) -> Option<String> {
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out);
        object.text("id", &self.id);
        object.text("event_type", &self.event_type);
        object.text("create_time", &self.create_time);
        object.nullable_text("resource_type", self.resource_type.as_deref());
        object.nullable_text("summary", self.summary.as_deref());
        parse(opened)?.write(object.raw("resource"), false)?;
        object.end();
        String::from_utf8(out).ok()
    }
}

fn parse(bytes: &[u8]) -> Option<Json<'_>> {
    Json::parse(core::str::from_utf8(bytes).ok()?)
}

struct CertificateEntry {
    serial_no: String,
    encrypt_certificate: Sealed,
}

impl CertificateEntry {
    fn read(json: Json<'_>) -> Option<Self> {
        let mut entry = json.object()?;
        Some(Self {
            serial_no: entry.required("serial_no", Json::string)?,
            encrypt_certificate: entry.required("encrypt_certificate", Sealed::read)?,
        })
    }

    fn read_list(body: &[u8]) -> Option<Vec<Self>> {
        let list = parse(body)?.object()?.required("data", Json::items)?;
        list.into_iter().map(Self::read).collect()
    }
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
        let envelope = Envelope::read(body).ok_or(Error::NotificationFormat)?;
        envelope.write(&envelope.resource.open(self)?).ok_or(Error::NotificationFormat)
    }

    /// Opens a list of platform certificates. The GCM tag under the APIv3 key vouches for them, so this works before any of them is known.
    ///
    /// Certificates of other algorithms (国密) are left out.
    ///
    /// # Errors
    /// [`Error::CertificatesFormat`] also when a certificate's serial is not the announced one; [`Error::Decrypt`] and the other errors of sealed
    /// resources; the `Key…` errors of a damaged certificate.
    pub fn open_certificates(&self, body: &[u8]) -> Result<Vec<Certificate>> {
        let list = CertificateEntry::read_list(body).ok_or(Error::CertificatesFormat)?;
        let rsa = list.iter().filter(|entry| entry.encrypt_certificate.algorithm != "AEAD_SM4_GCM");
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
