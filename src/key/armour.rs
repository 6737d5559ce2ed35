//! PEM armour, bare base64 and DER: from what people paste to the bytes inside.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The DER, and the label of the armour if there was one.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) label: Option<String>,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The tag of an ASN.1 SEQUENCE, which every key begins with and no text does.
const SEQUENCE: u8 = 0x30;

/// Takes DER as it is, and unwraps text: a byte order mark, CRLF, blanks around it and a missing last line end do no harm.
pub(super) fn decode(material: &[u8]) -> Result<Material> {
    if material.first() == Some(&SEQUENCE) && material.get(1).is_some_and(|length| *length >= 0x80) {
        return Ok(Material { label: None, der: Zeroizing::new(material.to_vec()) });
    }
    let text = core::str::from_utf8(material).map_err(|_| Error::KeyArmour)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Error::KeyMissing);
    }
    if text.contains("\\n") || text.contains("\\r") {
        return Err(Error::KeyEscapedNewlines);
    }
    if !text.contains("-----") {
        let der = base64(text).map_err(|_| Error::KeyArmour)?;
        return if der.first() == Some(&SEQUENCE) { Ok(Material { label: None, der }) } else { Err(Error::KeyArmour) };
    }
    let (label, body) = split(text).ok_or(Error::KeyArmour)?;
    // The old OpenSSL form keeps the label of a plain key and puts the encryption into header lines.
    if body.contains("Proc-Type:") || body.contains("DEK-Info:") {
        return Err(Error::KeyEncrypted);
    }
    Ok(Material { label: Some(label.to_owned()), der: base64(body)? })
}

/// The label and the text between the first BEGIN line and the END line that belongs to it.
fn split(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    Some((label, body))
}

fn base64(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    let compact: Zeroizing<Vec<u8>> = Zeroizing::new(text.bytes().filter(|b| !b.is_ascii_whitespace()).collect());
    if compact.is_empty() {
        return Err(Error::KeyMissing);
    }
    STANDARD_PAD_INDIFFERENT.decode(compact.as_slice()).map(Zeroizing::new).map_err(|_| Error::KeyBase64)
}
