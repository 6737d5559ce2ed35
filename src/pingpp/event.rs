//! Events, once verified: the envelope is checked, everything in it is kept (chapter 3.2 of the protocol).

use crate::error::{Error, Result};
use crate::json::Json;

/// An event's envelope. Members that are not known today stay in [`Event::text`].
#[derive(Debug)]
pub struct Event<'b> {
    /// Its id, which tells a repeated delivery.
    pub id: String,
    /// What happened, such as `batch_transfer.succeeded`.
    pub kind: String,
    /// When, in Unix seconds.
    pub created: u64,
    /// Whether money is real.
    pub livemode: bool,
    /// The resource, as the JSON text it came as.
    pub object: Json<'b>,
    /// The whole event, as it came.
    pub text: &'b str,
}

impl<'b> Event<'b> {
    /// Reads a verified event.
    ///
    /// # Errors
    /// [`Error::NotificationFormat`] unless the envelope has its documented members; others are tolerated.
    pub fn parse(body: &'b [u8]) -> Result<Self> {
        let text = core::str::from_utf8(body).map_err(|_| Error::NotificationFormat)?;
        Self::read(text).ok_or(Error::NotificationFormat)
    }

    fn read(text: &'b str) -> Option<Self> {
        let mut envelope = Json::parse(text)?.object()?;
        let object = envelope.required("object", Json::text)?;
        let event = Self {
            id: envelope.required("id", Json::string)?,
            kind: envelope.required("type", Json::string)?,
            created: envelope.required("created", Json::integer)?,
            livemode: envelope.required("livemode", Json::boolean)?,
            object: envelope.required("data", Json::object)?.required("object", Some)?,
            text,
        };
        let sound = object == "event" && !event.id.is_empty() && !event.kind.is_empty();
        (sound && event.object.get().starts_with('{')).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"evt_400161010101436761001614","created":1476067102,"livemode":true,"type":"batch_transfer.succeeded","data":{"object":{"id":"181610101014367590","object":"batch_transfer","new":1.10}},"object":"event","pending_webhooks":0,"request":null,"later":{}}"#;

    #[test]
    fn an_event_is_read_and_everything_in_it_is_kept() {
        let event = Event::parse(GOOD.as_bytes()).expect("an event");
        assert_eq!((event.id.as_str(), event.created), ("evt_400161010101436761001614", 1_476_067_102));
        assert_eq!((event.kind.as_str(), event.livemode), ("batch_transfer.succeeded", true));
        assert_eq!(event.object.get(), r#"{"id":"181610101014367590","object":"batch_transfer","new":1.10}"#);
        assert_eq!(event.text, GOOD);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        let damage = [
            ("\"object\":\"event\"", "\"object\":\"charge\""),
            ("\"id\":\"evt_400161010101436761001614\",", ""),
            ("evt_400161010101436761001614", ""),
            ("\"batch_transfer.succeeded\"", "\"\""),
            ("1476067102", "\"1476067102\""),
            ("\"livemode\":true", "\"livemode\":1"),
            ("\"data\":{\"object\":{", "\"data\":{\"objects\":{"),
            (
                "{\"object\":{\"id\":\"181610101014367590\",\"object\":\"batch_transfer\",\"new\":1.10}}",
                "{\"object\":[]}",
            ),
            ("\"type\":", "\"type\":\"x\",\"type\":"),
            ("\"later\":{}}", "\"later\":{}"),
        ];
        for (from, to) in damage {
            let changed = GOOD.replacen(from, to, 1);
            assert_ne!(changed, GOOD);
            assert_eq!(Event::parse(changed.as_bytes()).map(|event| event.id), Err(Error::NotificationFormat), "{to}");
        }
        for text in ["", "<html>Bad Gateway</html>", "[]", "null"] {
            assert!(Event::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Event::parse(b"\xff").is_err());
    }
}
