//! Canonical bytes: request targets and JSON bodies, written once and sent as written.

use core::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::json::Json;

/// Appends `name=value` pairs to `path`, percent-encoded after RFC 3986, in the order given.
///
/// # Errors
/// [`Error::Path`] unless the result passes [`check_target`].
///
/// # Examples
/// ```
/// use payseal::canonical::target;
/// assert_eq!(target("/v1/x", &[("created[gte]", "1 2")]).as_deref(), Ok("/v1/x?created%5Bgte%5D=1%202"));
/// ```
pub fn target<N: AsRef<str>, V: AsRef<str>>(path: &str, query: &[(N, V)]) -> Result<String> {
    let mut target = path.to_owned();
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for (name, value) in query {
        target.push(separator);
        target.push_str(&percent_encode(name.as_ref()));
        target.push('=');
        target.push_str(&percent_encode(value.as_ref()));
        separator = '&';
    }
    check_target(&target)?;
    Ok(target)
}

/// Percent-encodes everything outside `A-Z a-z 0-9 - _ . ~` (RFC 3986), as UTF-8.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Checks that a path with its query is sent exactly as it is signed.
///
/// WHATWG URL parsers, which every JavaScript host uses, rewrite some characters and resolve dot segments; those are refused here, so
/// that the bytes that are signed stay the bytes that are sent.
///
/// # Errors
/// [`Error::Path`].
pub fn check_target(target: &str) -> Result<()> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let unchanged = |byte: u8, extra: &[u8]| {
        byte.is_ascii_alphanumeric() || b"-_.~!$&()*+,;=:@/%[]|".contains(&byte) || extra.contains(&byte)
    };
    let sound = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| unchanged(b, b"'"))
        && query.bytes().all(|b| unchanged(b, b"?`{}^"))
        && !path.split('/').any(is_dot_segment)
        && escapes_are_complete(target);
    if sound { Ok(()) } else { Err(Error::Path) }
}

fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn escapes_are_complete(target: &str) -> bool {
    target.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit))
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// SHA-256 of what is approved, as hex. `rows` is a JSON array with the members of each row in the order of the target's columns.
#[must_use]
pub(crate) fn approval_hash(version: &str, count: u32, total: u64, rows: &[u8]) -> String {
    let digest = Sha256::new_with_prefix(format!("{version}\n{count}\n{total}\n")).chain_update(rows);
    hex(&digest.finalize())
}

/// Writes a JSON text compactly, keeping the order of its members and the digits of its numbers.
///
/// With `omit_null`, object members that are null are left out: unset fields are omitted on the wire, never sent as null.
///
/// # Errors
/// [`Error::BodyFormat`] if the text is not JSON, or holds half a character.
pub fn body(json: &str, omit_null: bool) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(json.len());
    let value = Json::parse(json).ok_or(Error::BodyFormat)?;
    value.write(&mut out, omit_null).ok_or(Error::BodyFormat)?;
    Ok(out)
}

/// Writes one flat JSON object, member by member.
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Opens the object.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    /// Writes a name and leaves the value to the caller.
    pub fn raw(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        push_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// Writes a text member.
    pub fn text(&mut self, name: &str, value: &str) {
        let out = self.raw(name);
        push_string(out, value);
    }

    /// Writes a text member if there is one.
    pub fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Writes a text member, null if there is none.
    pub fn nullable_text(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.raw(name).extend_from_slice(b"null"),
        }
    }

    /// Writes a whole number.
    pub fn integer(&mut self, name: &str, value: u64) {
        push_integer(self.raw(name), value);
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) {
        let out = self.raw(name);
        out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Closes the object.
    pub fn end(self) {
        self.out.push(b'}');
    }
}

/// Appends the digits of a whole number.
pub(crate) fn push_integer(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends `text` as a JSON string; only what JSON demands is escaped.
pub fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends what stands between the quotes of a JSON string. `text` is UTF-8.
pub(crate) fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
    let mut rest = text;
    // What needs no escape is copied in one piece.
    while let Some(at) = rest.iter().position(|byte| !is_plain(byte)) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            byte => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_targets_that_are_sent_as_signed_pass() {
        let good = [
            "/",
            "/v3/certificates",
            "/v3/a?b=c&d=%E4%BD%A0",
            "/v1/x?created%5Bgte%5D=1",
            "/v1/x?a[gte]=1",
            "/v1/x?",
            "/v3/a/b+c",
        ];
        let bad = [
            "",
            "v3",
            "https://a/b",
            "//host/x",
            "/a b",
            "/a#b",
            "/a/../b",
            "/a/%2e%2E/b",
            "/a/./b",
            "/你",
            "/a\nb",
            "/a\\b",
            "/a?b\"",
            "/a?b<",
            "/a%2",
            "/a%zz",
            "/a?b='",
        ];
        for target in good {
            assert_eq!(check_target(target), Ok(()), "{target}");
        }
        for target in bad {
            assert_eq!(check_target(target), Err(Error::Path), "{target}");
        }
    }

    #[test]
    fn bodies_keep_order_and_digits_and_leave_nulls_out() {
        let write = |json, omit| body(json, omit).map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        assert_eq!(
            write(r#"{ "b": 1, "a": [null, {"x": null, "y": "é/\u0001"}], "n": null }"#, true).as_deref(),
            Ok(r#"{"b":1,"a":[null,{"y":"é/\u0001"}]}"#)
        );
        assert_eq!(write(r#"{"n":null}"#, false).as_deref(), Ok(r#"{"n":null}"#));
        assert_eq!(write(r#"{"n":9007199254740991}"#, true).as_deref(), Ok(r#"{"n":9007199254740991}"#));
        assert_eq!(write(r#"{"n":"\ud800"}"#, true), Err(Error::BodyFormat));
        assert_eq!(write("<html>", true), Err(Error::BodyFormat));
    }

    #[test]
    fn strings_are_escaped_as_json_demands() {
        let mut out = Vec::new();
        push_string(&mut out, "a\"\\\n\u{7f}名");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "\"a\\\"\\\\\\u000a\u{7f}名\"");
    }
}
