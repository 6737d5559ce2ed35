//! Our reader against `serde_json`.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;

/// Agrees on what is JSON, on the items and members in it, and on what its strings say.
fn agree(text: &str) {
    let ours = Json::parse(text);
    let theirs = serde_json::from_str::<&RawValue>(text).ok();
    assert_eq!(ours.map(Json::get), theirs.map(RawValue::get), "{text}");
    let Some(ours) = ours else { return };
    let items = serde_json::from_str::<Vec<&RawValue>>(text).ok();
    let found = ours.items();
    assert_eq!(found.is_some(), items.is_some(), "{text}");
    for (ours, theirs) in found.into_iter().flatten().zip(items.into_iter().flatten()) {
        assert_eq!(ours.get(), theirs.get());
        agree(ours.get());
    }
    assert_eq!(ours.string(), serde_json::from_str::<String>(text).ok(), "{text}");
    assert_eq!(ours.integer(), serde_json::from_str::<u64>(text).ok(), "{text}");
    // `serde_json` reads -0 as a floating point number.
    if text.trim() != "-0" {
        assert_eq!(ours.signed(), serde_json::from_str::<i64>(text).ok(), "{text}");
    }
    assert_eq!(ours.boolean(), serde_json::from_str::<bool>(text).ok(), "{text}");
    // A number too large for a floating point number is not one for `Value`; we pass its digits on.
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let mut out = Vec::new();
        assert_eq!(ours.write(&mut out, false), Some(()), "{text}");
        let written = String::from_utf8(out).expect("UTF-8");
        assert_eq!(serde_json::from_str::<Value>(&written).ok(), Some(value), "{text}");
        assert_eq!(Json::parse(&written).map(Json::get), Some(written.as_str()));
    }
}

#[test]
fn what_is_json_is_what_the_judge_says() {
    let texts = [
        "",
        " ",
        "null",
        " null ",
        "nul",
        "nulls",
        "true",
        "tru",
        "false",
        "0",
        "-0",
        "-",
        "01",
        "-01",
        "1.",
        ".1",
        "1.5",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e+",
        "+1",
        "0x1",
        "1 2",
        "[1,2]",
        "[1,]",
        "[,1]",
        "[",
        "]",
        "[1 2]",
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" : [ ] , \"b\" : { } }",
        "\"",
        "\"a",
        "\"a\"",
        "\"\\\"",
        "\"\\\\\"",
        "\"\\/\\b\\f\\n\\r\\t\"",
        "\"\\x\"",
        "\"\\u00e9\"",
        "\"\\u00E\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\ud83dx\"",
        "\"\\ud83d\\u0041\"",
        "\"\\u0000\"",
        "\"\u{1f}\"",
        "\"\u{7f}\"",
        "\"\n\"",
        "\"你好😀\"",
        "\u{feff}1",
        "\u{a0}1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "NaN",
        "Infinity",
        "'a'",
        "/**/1",
        "[[[[1]]]]",
        "{\"\\ud83d\":1}",
    ];
    for text in texts {
        agree(text);
    }
}

#[test]
fn values_may_lie_deep_but_not_without_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(&nested(128)).is_some());
    assert!(Json::parse(&nested(130)).is_none());
    assert!(Json::parse(&nested(1_000_000)).is_none());
    assert!(Json::parse(&"{\"a\":".repeat(1_000_000)).is_none());
}

#[test]
fn members_are_read_once() {
    let object = |text| Json::parse(text).and_then(Json::object).expect("an object");
    let mut given = object(r#"{"a": 1, "b": null, "c": "x", "\u0064": true}"#);
    assert_eq!(given.optional("a", Json::integer), Some(Some(1)));
    assert_eq!(given.optional("a", Json::integer), Some(None));
    assert_eq!(given.optional("b", Json::integer), Some(None));
    assert_eq!(given.required("d", Json::boolean), Some(true));
    assert_eq!(given.optional("c", Json::integer), None);
    assert_eq!(object(r#"{"a": 1, "a": 1}"#).optional("a", Json::integer), None);
    assert_eq!(object("{}").required("a", Json::integer), None);
    assert_eq!(object(r#"{"a": null}"#).required("a", Json::string), None);
}

#[test]
fn digits_and_order_stay_and_nulls_may_go() {
    let write = |text, omit| {
        let mut out = Vec::new();
        Json::parse(text)?.write(&mut out, omit)?;
        String::from_utf8(out).ok()
    };
    let text = r#"{ "b": [1.0, 1e2, -0, 2.632890712345546e-110, null], "\u0061": null, "c": "\u00e9\/\n" }"#;
    let kept = "{\"b\":[1.0,1e2,-0,2.632890712345546e-110,null],\"a\":null,\"c\":\"é/\\u000a\"}";
    assert_eq!(write(text, false).as_deref(), Some(kept));
    assert_eq!(write(text, true), Some(kept.replace("\"a\":null,", "")));
    assert_eq!(write("[\"\\ud83d\"]", false), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_judged_alike(text in "[\\[\\]{},:\"\\\\u0-9a-fA-Fd8 .eE+\\-tnrl😀\n]{0,40}") {
        agree(&text);
    }

    #[test]
    fn a_damaged_document_is_judged_alike(at in 0..400_usize, byte in any::<char>(), lost in 0..3_usize) {
        let document = include_str!("../../tests/data/pingpp/alipay.json");
        let mut characters: Vec<char> = document.chars().collect();
        let at = at.min(characters.len());
        characters.splice(at..characters.len().min(at + lost), [byte]);
        agree(&characters.into_iter().collect::<String>());
    }
}
