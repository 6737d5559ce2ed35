//! Ping++ beside its table of batches: messages, keys, signatures, replies and events, bodies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use payseal::entropy::Entropy;
use payseal::error::{Error, Result};
use payseal::issue::{Locale, Severity};
use payseal::key::{PrivateKey, PublicKey};
use payseal::pingpp::{App, BatchList, Created, Incoming, Limits, Scheme, parse_batch};
use payseal::{sign, verify};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEY: &str = "sk_test_ibbTe5jLGCi5rzfH4OqPW9KC";

fn app() -> App {
    App::new("app_1Gqj58ynP0mHeX1q", KEY).expect("an application")
}

fn code<T>(result: &Result<T>) -> Option<&'static str> {
    result.as_ref().err().map(Error::code)
}

fn keys() -> Value {
    serde_json::from_str(include_str!("vectors/keys.json")).expect("keys.json")
}

fn pem(name: &str) -> String {
    keys()[name].as_str().expect("PEM").to_owned()
}

/// The public half, as the dashboard shows it.
fn public_pem(name: &str) -> String {
    let key = RsaPrivateKey::from_pkcs8_pem(&pem(name)).expect("a key").to_public_key();
    key.to_public_key_pem(LineEnding::LF).expect("PEM")
}

fn private_key(name: &str) -> PrivateKey {
    PrivateKey::parse(pem(name).as_bytes()).expect("a key")
}

fn public_key(name: &str) -> PublicKey {
    PublicKey::parse(public_pem(name).as_bytes()).expect("a key")
}

fn entropy() -> Entropy {
    Entropy::from_bytes([7; 32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Source: chapter 2.4 of the protocol.
#[test]
fn the_published_message_comes_out_byte_for_byte() {
    let target = "/v1/batch_transfers/181610101014367590";
    let message = app().message("PUT", target, 1_476_067_095, br#"{"status":"canceled"}"#).expect("a message");
    assert_eq!(message, br#"{"status":"canceled"}/v1/batch_transfers/1816101010143675901476067095"#);
    assert_eq!(message.len(), 69);
    assert_eq!(hex(&Sha256::digest(&message)), "075dc2d3eea976880cd92d979babb5da2cf90571bb404e26e2c062b5550d10ea");
}

#[test]
fn a_query_is_signed_as_it_is_sent() {
    let list = BatchList {
        page: Some(1),
        created: Created { gte: Some(1_476_067_000), ..Created::default() },
        ..BatchList::default()
    };
    let target = list.target().expect("a target");
    let message = app().message("GET", &target, 1_476_067_095, b"").expect("a message");
    assert_eq!(message, b"/v1/batch_transfers?page=1&created%5Bgte%5D=14760670001476067095");
}

#[test]
fn requests_that_cannot_be_signed_say_why() {
    let cases = [
        ("PATCH", "/v1/x", "", "ERR_METHOD"),
        ("get", "/v1/x", "", "ERR_METHOD"),
        ("GET", "/v1/x", "{}", "ERR_BODY_NOT_ALLOWED"),
        ("DELETE", "/v1/x", "{}", "ERR_BODY_NOT_ALLOWED"),
        ("GET", "v1/x", "", "ERR_PATH"),
        ("GET", "/v1/x?a=你", "", "ERR_PATH"),
        ("GET", "/v1/x#a", "", "ERR_PATH"),
    ];
    for (method, target, body, expected) in cases {
        assert_eq!(code(&app().message(method, target, 1, body.as_bytes())), Some(expected), "{method} {target}");
    }
}

#[test]
fn an_api_key_has_its_shape_and_says_whether_money_is_real() {
    let live = KEY.replace("test", "live");
    for (key, livemode) in [(KEY, false), (live.as_str(), true)] {
        let app = App::new("app_1Gqj58ynP0mHeX1q", key).expect("an application");
        assert_eq!(app.livemode(), livemode);
        assert_eq!(app.check_livemode(livemode), None);
        let issue = app.check_livemode(!livemode).expect("an issue");
        assert_eq!((issue.rule.id, issue.reason.key(), issue.severity), ("PP30", "disagrees", Severity::Warning));
        assert!(issue.message(Locale::En).starts_with("livemode "));
        assert_eq!(format!("{app:?}"), "App(..)");
    }
    for key in
        ["", "sk_test_", &KEY[1..], &KEY[..31], "sk_test_ibbTe5jLGCi5rzfH4OqPW9K_", "pk_test_ibbTe5jLGCi5rzfH4OqPW9KC"]
    {
        assert_eq!(code(&App::new("app_1Gqj58ynP0mHeX1q", key)), Some("ERR_API_KEY"));
    }
    assert_eq!(code(&App::new(" ", KEY)), Some("ERR_APP"));
    assert_eq!(App::new("an id of another shape", KEY).expect("taken").id(), "an id of another shape");
}

/// Source: RFC 7617 and RFC 6750; the base64 is of `openssl base64`.
#[test]
fn both_forms_of_authorization_carry_the_key() {
    assert_eq!(app().authorization(Scheme::Basic).as_str(), "Basic c2tfdGVzdF9pYmJUZTVqTEdDaTVyemZINE9xUFc5S0M6");
    assert_eq!(app().authorization(Scheme::Bearer).as_str(), "Bearer sk_test_ibbTe5jLGCi5rzfH4OqPW9KC");
}

#[test]
fn keys_come_as_pem_or_as_bare_base64() {
    let bare = |pem: String| pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>();
    let (private, public) = (bare(pem("merchant")), bare(public_pem("merchant")));
    let message = b"message";
    let signature = sign::sign(&private_key("merchant"), message, entropy()).expect("a signature");
    for text in [private.clone(), format!("\u{feff} {private}\r\n")] {
        let key = PrivateKey::parse(text.as_bytes()).expect("a key");
        assert_eq!(sign::sign(&key, message, entropy()).expect("a signature"), signature);
    }
    for text in [public.clone(), public_pem("merchant"), format!("\u{feff}{}", public_pem("merchant"))] {
        let key = PublicKey::parse(text.as_bytes()).expect("a key");
        assert_eq!(verify::verify(&key, message, &signature), Ok(()));
    }
    for blank in ["", " \r\n", "\u{feff}"] {
        assert_eq!(code(&PublicKey::parse(blank.as_bytes())), Some("ERR_KEY_MISSING"));
        assert_eq!(code(&PrivateKey::parse(blank.as_bytes())), Some("ERR_KEY_MISSING"));
    }
    assert_eq!(code(&PublicKey::parse(private.as_bytes())), Some("ERR_KEY_IS_PRIVATE"));
    assert_eq!(code(&PublicKey::parse(b"TmljZSB0cnk=")), Some("ERR_KEY_ARMOUR"));
}

const EVENT: &str = r#"{"id":"evt_400161010101436761001614","created":1476067102,"livemode":true,"type":"batch_transfer.succeeded","data":{"object":{"id":"181610101014367590","object":"batch_transfer","status":"succeeded"}},"object":"event","pending_webhooks":0,"request":null}"#;

/// What is said of `body` under this header and the key called `key`.
fn judge(header: Option<&str>, body: &[u8], key: &str) -> Option<&'static str> {
    let header = |name: &str| header.filter(|_| name == "x-pingplusplus-signature");
    let verified = Incoming::new(header, body).and_then(|incoming| incoming.signed().verify(&public_key(key)));
    code(&verified)
}

#[test]
fn what_came_back_is_verified_or_says_why_not() {
    let signature = sign::sign(&private_key("platform"), EVENT.as_bytes(), entropy()).expect("a signature");
    let good = STANDARD.encode(&signature);
    assert_eq!(judge(Some(&good), EVENT.as_bytes(), "platform"), None);
    assert_eq!(judge(None, EVENT.as_bytes(), "platform"), Some("ERR_SIGNATURE_HEADER_MISSING"));
    assert_eq!(judge(Some(""), EVENT.as_bytes(), "platform"), Some("ERR_SIGNATURE_HEADER_MISSING"));
    for text in ["not base64!", good.trim_end_matches('='), &format!("{good}\n"), &good.replace('/', "_")] {
        assert_eq!(judge(Some(text), EVENT.as_bytes(), "platform"), Some("ERR_SIGNATURE_BASE64"));
    }
    for wrong in [&signature[..255], &[signature.as_slice(), &[0]].concat()] {
        let header = STANDARD.encode(wrong);
        assert_eq!(judge(Some(&header), EVENT.as_bytes(), "platform"), Some("ERR_SIGNATURE_LENGTH"));
    }
    assert_eq!(judge(Some(&good), EVENT.as_bytes(), "merchant"), Some("ERR_SIGNATURE_INVALID"));
    // The same JSON in another layout is another message.
    let value: Value = serde_json::from_str(EVENT).expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    assert_eq!(judge(Some(&good), pretty.as_bytes(), "platform"), Some("ERR_SIGNATURE_INVALID"));
    assert_eq!(judge(Some(&good), b"", "platform"), Some("ERR_SIGNATURE_INVALID"));
}

#[test]
fn an_event_with_any_flipped_byte_is_refused() {
    let signature = sign::sign(&private_key("platform"), EVENT.as_bytes(), entropy()).expect("a signature");
    let key = public_key("platform");
    for at in 0..EVENT.len() {
        let mut body = EVENT.as_bytes().to_vec();
        body[at] ^= 1;
        assert_eq!(code(&verify::verify(&key, &body, &signature)), Some("ERR_SIGNATURE_INVALID"), "byte {at}");
    }
}

#[test]
fn a_body_is_in_the_documented_order_without_what_is_not_sent() {
    let batch = json!({
        "metadata": { "b": "2", "a": 1, "b2": [1, { "x": null }] },
        "recipients": [
            { "order_no": "1", "name": "张\"三", "open_id": "oA", "amount": 100, "force_check": true, "account": "x", "note": 1 },
            { "amount": 1, "open_id": "oB", "description": "", "name": " " },
        ],
        "type": "b2c", "app": "app_1Gqj58ynP0mHeX1q", "amount": 101, "description": "佣金 < > & /",
        "batch_no": "2016101010380007", "channel": "wx", "extra": {},
    });
    let batch = parse_batch(&batch.to_string(), None, &Limits::default()).expect("a batch");
    let body = r#"{"app":"app_1Gqj58ynP0mHeX1q","batch_no":"2016101010380007","channel":"wx","amount":101,"description":"佣金 < > & /","recipients":[{"open_id":"oA","amount":100,"name":"张\"三","force_check":true,"order_no":"1"},{"open_id":"oB","amount":1}],"type":"b2c","metadata":{"b":"2","a":1,"b2":[1,{"x":null}]}}"#;
    assert_eq!(String::from_utf8_lossy(batch.body()), body);
    assert_eq!((batch.batch_no(), batch.count(), batch.total().get()), ("2016101010380007", 2, 101));
    assert_eq!(format!("{batch:?}"), "Batch(..)");
}

#[test]
fn a_fingerprint_is_of_the_content_and_not_of_its_layout() {
    let text = include_str!("data/pingpp/unionpay.json");
    let value: Value = serde_json::from_str(text).expect("JSON");
    let print = |text: &str| parse_batch(text, None, &Limits::default()).expect("a batch").fingerprint();
    assert_eq!(print(text), print(&value.to_string()));
    let mut changed = value.clone();
    changed["recipients"][1]["name"] = "王五".into();
    assert_ne!(print(text), print(&changed.to_string()));
    let mut renumbered = value;
    renumbered["batch_no"] = "2016101010380008".into();
    assert_ne!(print(text), print(&renumbered.to_string()));
}
