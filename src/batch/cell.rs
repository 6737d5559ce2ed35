//! A value as it stands in the input: a number keeps its digits, text keeps what is broken in it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::money::Fen;

/// One value of a row, seen where it stands.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// Text of which it is known already that it is what its field wants.
    Sound(&'a str),
    /// An amount that was read already.
    Fen(Fen),
    /// Text that holds half a character (a lone surrogate).
    BrokenText,
    /// A number, by its own digits.
    Number(&'a str),
    /// An amount in yuan, as a sheet holds it.
    Yuan(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// A value of which it was said already that it must not be used.
    Refused,
    /// `null`.
    Null,
    /// An array, unread.
    Array(&'a RawValue),
    /// An object, unread.
    Object(&'a RawValue),
}

/// A value of an object: a text that had to be unescaped lives here.
#[derive(Clone, Debug)]
enum Stored<'a> {
    Seen(Cell<'a>),
    Unescaped(String),
}

impl<'a> Stored<'a> {
    /// Reads a value from its JSON text.
    fn new(raw: &'a RawValue) -> Self {
        let text = raw.get();
        Self::Seen(match text.as_bytes().first() {
            Some(b'"') => return Self::string(text),
            Some(b'[') => Cell::Array(raw),
            Some(b'{') => Cell::Object(raw),
            Some(b't' | b'f') => Cell::Bool(text == "true"),
            Some(b'n') | None => Cell::Null,
            Some(_) => Cell::Number(text),
        })
    }

    fn string(quoted: &'a str) -> Self {
        // The text between the quotes is its own value unless something is escaped.
        let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        if !inner.contains('\\') {
            return Self::Seen(Cell::Text(inner));
        }
        // The JSON is sound already: all that can fail here is an escaped surrogate without its other half.
        serde_json::from_str(quoted).map_or(Self::Seen(Cell::BrokenText), Self::Unescaped)
    }

    const fn cell(&self) -> Cell<'_> {
        match self {
            Self::Seen(cell) => *cell,
            Self::Unescaped(text) => Cell::Text(text.as_str()),
        }
    }
}

/// The members of an object, in their order.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Stored<'a>)>);

impl<'a> Fields<'a> {
    /// Reads an object's members. `None` if the text is not an object.
    #[must_use]
    pub fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Members from another source.
    #[must_use]
    pub fn from_cells(cells: impl Iterator<Item = (&'a str, Cell<'a>)>) -> Self {
        Self(cells.map(|(name, cell)| (Cow::Borrowed(name), Stored::Seen(cell))).collect())
    }

    /// The member called `name`; the last one if there are several, as JavaScript has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cell<'_>> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, stored)| stored.cell())
    }

    /// The text called `name`, if it is text and not empty.
    #[must_use]
    pub fn filled_text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Cell::Text(text) | Cell::Sound(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Cow<'de, str>, Stored<'de>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some((name, raw)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, Stored::new(raw)));
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Members).map(Self)
    }
}

/// A member's name, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_digits_and_tell_what_is_broken() {
        let fields =
            Fields::parse(r#"{"a": 1.0, "b": "\ud83d", "c": "\ud83d\ude00", "d": null, "e": true, "f": [1], "g": {"x": 1}, "h": "\"q"}"#)
                .expect("an object");
        assert!(matches!(fields.get("a"), Some(Cell::Number(digits)) if digits == "1.0"));
        assert!(matches!(fields.get("b"), Some(Cell::BrokenText)));
        assert!(matches!(fields.get("c"), Some(Cell::Text(text)) if text == "😀"));
        assert!(matches!(fields.get("d"), Some(Cell::Null)));
        assert!(matches!(fields.get("e"), Some(Cell::Bool(true))));
        assert!(matches!(fields.get("f"), Some(Cell::Array(_))));
        assert!(matches!(fields.get("g"), Some(Cell::Object(_))));
        assert_eq!(fields.filled_text("h"), Some("\"q"));
        assert!(fields.get("i").is_none());
        assert!(Fields::parse("[]").is_none());
        assert!(Fields::parse("{").is_none());
    }
}
