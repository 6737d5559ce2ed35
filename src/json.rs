//! JSON text (RFC 8259): read in place, with the digits and the order that it was written in.
//!
//! A reader that keeps numbers as text needs no floating point, and one whose failures carry no message needs no formatting: together
//! they were a quarter of the compressed module. `serde_json` is the judge in the tests.

mod given;

use std::borrow::Cow;

use crate::canonical::push_string;
pub use given::{FromJson, Given};

/// How deep arrays and objects may lie in each other.
const DEPTH: u8 = 128;

/// The text of one JSON value, sound and without blanks around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'t>(&'t str);

impl<'t> Json<'t> {
    /// Checks a text. `None` unless all of it is one JSON value.
    ///
    /// Half a character (an escaped surrogate without its other half) is JSON; [`Json::text`] refuses it.
    #[must_use]
    pub fn parse(text: &'t str) -> Option<Self> {
        let mut scanner = Scanner { text, at: 0 };
        let value = scanner.value(DEPTH)?;
        scanner.blank();
        (scanner.at == text.len()).then_some(value)
    }

    /// The text itself.
    #[must_use]
    pub const fn get(self) -> &'t str {
        self.0
    }

    /// The items of an array.
    #[must_use]
    pub fn items(self) -> Option<Vec<Self>> {
        let mut items = Vec::new();
        Scanner { text: self.0, at: 0 }.list(b'[', b']', |scanner| {
            items.push(scanner.value(DEPTH)?);
            Some(())
        })?;
        Some(items)
    }

    /// The members of an object, in their order, each as often as it is there. `None` also if half a character stands in a name.
    #[must_use]
    pub fn members(self) -> Option<Vec<(Cow<'t, str>, Self)>> {
        let mut members = Vec::with_capacity(8);
        Scanner { text: self.0, at: 0 }.list(b'{', b'}', |scanner| {
            let name = scanner.name()?.text()?;
            members.push((name, scanner.value(DEPTH)?));
            Some(())
        })?;
        Some(members)
    }

    /// The members of an object, to be asked for by name.
    #[must_use]
    pub fn object(self) -> Option<Object<'t>> {
        self.members().map(Object)
    }

    /// What a string says. `None` for other values, and for half a character.
    #[must_use]
    pub fn text(self) -> Option<Cow<'t, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        let Some((mut plain, mut rest)) = inner.split_once('\\') else { return Some(Cow::Borrowed(inner)) };
        let mut text = String::with_capacity(inner.len());
        loop {
            text.push_str(plain);
            let (character, behind) = unescape(rest)?;
            text.push(character);
            match behind.split_once('\\') {
                Some(next) => (plain, rest) = next,
                None => {
                    text.push_str(behind);
                    return Some(Cow::Owned(text));
                }
            }
        }
    }

    /// A string that the caller keeps.
    #[must_use]
    pub fn string(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    /// A whole number from 0 on, without fraction or exponent.
    #[must_use]
    pub fn integer(self) -> Option<u64> {
        // A sign would be read as well, and JSON has none before a number from 0 on.
        self.0.parse().ok()
    }

    /// A whole number, without fraction or exponent.
    #[must_use]
    pub fn signed(self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        self.0.parse().ok()
    }

    /// Appends the value compactly: no blanks, strings escaped only where they must be, numbers by their own digits, and, with `omit_null`,
    /// without the members that are null. `None` for half a character.
    #[must_use]
    pub fn write(self, out: &mut Vec<u8>, omit_null: bool) -> Option<()> {
        match self.0.as_bytes().first()? {
            b'"' => push_string(out, &self.text()?),
            b'[' => {
                out.push(b'[');
                for (index, item) in self.items()?.into_iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    item.write(out, omit_null)?;
                }
                out.push(b']');
            }
            b'{' => {
                out.push(b'{');
                let mut separator = None;
                for (name, value) in self.members()? {
                    if omit_null && value.0 == "null" {
                        continue;
                    }
                    out.extend(separator);
                    separator = Some(b',');
                    push_string(out, &name);
                    out.push(b':');
                    value.write(out, omit_null)?;
                }
                out.push(b'}');
            }
            _ => out.extend_from_slice(self.0.as_bytes()),
        }
        Some(())
    }
}

/// The members of an object, each asked for by name.
#[derive(Clone, Debug)]
pub struct Object<'t>(Vec<(Cow<'t, str>, Json<'t>)>);

impl<'t> Object<'t> {
    /// Takes a member out and reads it. `Some(None)` if it is not there or null; `None` if it is there twice, or cannot be read.
    #[allow(clippy::option_option, reason = "absent and wrong are two things, and both are answered with `?`")]
    pub fn optional<T>(&mut self, name: &str, read: impl FnOnce(Json<'t>) -> Option<T>) -> Option<Option<T>> {
        let value = self.take(name)?.filter(|value| value.0 != "null");
        value.map_or(Some(None), |value| read(value).map(Some))
    }

    /// Takes out a member that has to be there. `None` if it is not, or is there twice, or cannot be read.
    pub fn required<T>(&mut self, name: &str, read: impl FnOnce(Json<'t>) -> Option<T>) -> Option<T> {
        self.take(name)?.and_then(read)
    }

    fn take(&mut self, name: &str) -> Option<Option<Json<'t>>> {
        let Some(at) = self.0.iter().position(|(key, _)| key == name) else { return Some(None) };
        let (_, value) = self.0.remove(at);
        self.0.iter().all(|(key, _)| key != name).then_some(Some(value))
    }

    /// The name of a member that nobody took out and that is not null.
    fn rest(&self) -> Option<&str> {
        self.0.iter().find(|(_, value)| value.0 != "null").map(|(name, _)| &**name)
    }
}

/// The character behind a backslash, and what follows. `None` for half a character; the escape itself was checked by the scanner.
fn unescape(rest: &str) -> Option<(char, &str)> {
    let (&kind, _) = rest.as_bytes().split_first()?;
    let behind = rest.get(1..)?;
    let character = match kind {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let (first, behind) = unit(behind)?;
            if !(0xd800..0xe000).contains(&first) {
                return Some((char::from_u32(first)?, behind));
            }
            let (second, behind) = unit(behind.strip_prefix("\\u")?)?;
            let paired = first < 0xdc00 && (0xdc00..0xe000).contains(&second);
            let code = 0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff);
            return Some((char::from_u32(code).filter(|_| paired)?, behind));
        }
        _ => char::from(kind),
    };
    Some((character, behind))
}

/// Four hex digits.
fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, behind) = text.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, behind))
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over the byte if it is the next one.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over a value and the blanks before it.
    fn value(&mut self, depth: u8) -> Option<Json<'t>> {
        self.blank();
        let start = self.at;
        match self.peek()? {
            b'"' => self.string()?,
            b'[' => self.list(b'[', b']', |scanner| scanner.value(depth.checked_sub(1)?).map(|_| ()))?,
            b'{' => self.list(b'{', b'}', |scanner| {
                scanner.name()?;
                scanner.value(depth.checked_sub(1)?).map(|_| ())
            })?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        self.text.get(start..self.at).map(Json)
    }

    /// Steps over a member's name and the colon behind it.
    fn name(&mut self) -> Option<Json<'t>> {
        self.blank();
        let start = self.at;
        self.string()?;
        let name = self.text.get(start..self.at).map(Json);
        self.blank();
        self.eat(b':').then_some(())?;
        name
    }

    /// Steps over what stands between `open` and `close`, with commas between.
    fn list(&mut self, open: u8, close: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.eat(open).then_some(())?;
        self.blank();
        if self.eat(close) {
            return Some(());
        }
        loop {
            item(self)?;
            self.blank();
            if self.eat(close) {
                return Some(());
            }
            self.eat(b',').then_some(())?;
        }
    }

    fn string(&mut self) -> Option<()> {
        self.eat(b'"').then_some(())?;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            self.at += plain + 1;
            match rest[plain] {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let kind = self.peek()?;
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then_some(())?;
        self.at += word.len();
        Some(())
    }
}

#[cfg(test)]
mod tests;
