//! A value as it stands in the input: a number keeps its digits, text keeps what is broken in it.

use std::borrow::Cow;

use crate::json::Json;

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
    Array(Json<'a>),
    /// An object, unread.
    Object(Json<'a>),
}

/// A value of an object: a text that had to be unescaped lives here.
#[derive(Clone, Debug)]
enum Stored<'a> {
    Seen(Cell<'a>),
    Unescaped(String),
}

impl<'a> Stored<'a> {
    /// Reads a value from its JSON text.
    fn new(raw: Json<'a>) -> Self {
        let text = raw.get();
        Self::Seen(match text.as_bytes().first() {
            Some(b'"') => match raw.text() {
                Some(Cow::Borrowed(text)) => Cell::Text(text),
                Some(Cow::Owned(text)) => return Self::Unescaped(text),
                None => Cell::BrokenText,
            },
            Some(b'[') => Cell::Array(raw),
            Some(b'{') => Cell::Object(raw),
            Some(b't' | b'f') => Cell::Bool(text == "true"),
            Some(b'n') | None => Cell::Null,
            Some(_) => Cell::Number(text),
        })
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
        let members = Json::parse(json)?.members()?;
        Some(Self(members.into_iter().map(|(name, value)| (name, Stored::new(value))).collect()))
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
