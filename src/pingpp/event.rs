//! Events, once verified: the envelope is checked, everything in it is kept (chapter 3.2 of the protocol).

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, Result};

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
    pub object: &'b RawValue,
    /// The whole event, as it came.
    pub text: &'b str,
}

#[derive(Deserialize)]
struct Envelope<'b> {
    object: String,
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: u64,
    livemode: bool,
    #[serde(borrow)]
    data: Data<'b>,
}

#[derive(Deserialize)]
struct Data<'b> {
    #[serde(borrow)]
    object: &'b RawValue,
}

impl<'b> Event<'b> {
    /// Reads a verified event.
    ///
    /// # Errors
    /// [`Error::NotificationFormat`] unless the envelope has its documented members; others are tolerated.
    pub fn parse(body: &'b [u8]) -> Result<Self> {
        let text = core::str::from_utf8(body).map_err(|_| Error::NotificationFormat)?;
        let Envelope { object, id, kind, created, livemode, data } =
            serde_json::from_str(text).map_err(|_| Error::NotificationFormat)?;
        let sound = object == "event" && !id.is_empty() && !kind.is_empty() && data.object.get().starts_with('{');
        if sound {
            Ok(Self { id, kind, created, livemode, object: data.object, text })
        } else {
            Err(Error::NotificationFormat)
        }
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
