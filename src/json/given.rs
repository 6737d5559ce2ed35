//! Structured values that callers give as JSON: options, limits, queries. What is wrong in them is named.

use super::{Json, Object};
use crate::error::{Error, Result};

/// Such a value.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// [`Error::OptionsInvalid`] with the name of the member that has not the documented shape, or that there is none of.
    fn from_json(json: Json<'_>) -> Result<Self>;
}

/// Its members, each asked for by name.
#[derive(Debug)]
pub struct Given<'t>(Object<'t>);

impl<'t> Given<'t> {
    /// # Errors
    /// [`Error::OptionsInvalid`] if it is no object.
    pub fn new(json: Json<'t>) -> Result<Self> {
        json.object().map(Self).ok_or(Error::option("they must be an object"))
    }

    /// Takes a member out and reads it. `None` if it is not there or null.
    ///
    /// # Errors
    /// [`Error::OptionsInvalid`] with its name if it cannot be read, or is there twice.
    pub fn optional<T>(&mut self, name: &'static str, read: impl FnOnce(Json<'t>) -> Option<T>) -> Result<Option<T>> {
        self.0.optional(name, read).ok_or(Error::option(name))
    }

    /// The same for a member that is such a value itself.
    ///
    /// # Errors
    /// [`Error::OptionsInvalid`] as its reader gives it.
    pub fn nested<T: FromJson>(&mut self, name: &'static str) -> Result<Option<T>> {
        self.optional(name, Some)?.map(T::from_json).transpose()
    }

    /// # Errors
    /// [`Error::OptionsInvalid`] if something is left that nobody asked for: a misspelled option would be off without a word. Nulls are not there.
    pub fn end(self) -> Result<()> {
        match self.0.rest() {
            None => Ok(()),
            Some(name) => Err(Error::OptionsInvalid(format!("there is no {name}").into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given<'_> {
        Given::new(Json::parse(text).expect("JSON")).expect("an object")
    }

    fn wrong<T>(what: &str) -> Result<T> {
        Err(Error::OptionsInvalid(what.to_owned().into()))
    }

    #[test]
    fn what_is_wrong_is_named() {
        let mut members = given(r#"{"a": 1, "b": null, "c": "x", "z": null}"#);
        assert_eq!(members.optional("a", Json::integer), Ok(Some(1)));
        assert_eq!(members.optional("b", Json::integer), Ok(None));
        assert_eq!(members.optional("d", Json::integer), Ok(None));
        assert_eq!(members.end(), wrong("there is no c"));
        assert_eq!(given(r#"{"z": null}"#).end(), Ok(()));
        assert_eq!(given(r#"{"a": "1"}"#).optional("a", Json::integer), wrong("a"));
        assert_eq!(given(r#"{"a": 1, "a": 1}"#).optional("a", Json::integer), wrong("a"));
        assert_eq!(Given::new(Json::parse("[]").expect("JSON")).map(|_| ()), wrong("they must be an object"));
    }
}
