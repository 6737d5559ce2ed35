//! Single transfers of Ping++ (chapter 10.1 of the protocol): one that is right over every channel, and what breaks each rule.

use payseal::issue::Issue;
use payseal::pingpp::{Limits, parse_transfer, validate_transfer};
use serde_json::{Value, json};

/// One valid transfer per channel: what is sent of it beside `app`, `channel`, `type` and `currency`.
fn transfers() -> Vec<(&'static str, Value)> {
    let allinpay = "100999123020261122080000000001";
    let card = json!({ "card_number": "6200000000000005", "user_name": "张三", "open_bank_code": "0102" });
    vec![
        (
            "alipay",
            json!({ "order_no": "a1", "amount": 1, "description": "佣金", "recipient": "account01@alipay.com", "extra": { "recipient_name": "张三", "recipient_account_type": "ALIPAY_LOGONID" } }),
        ),
        ("unionpay", json!({ "order_no": "1", "amount": 1, "description": "佣金", "extra": card })),
        (
            "wx",
            json!({ "order_no": "a1", "amount": 1, "description": "佣金", "recipient": "oA", "extra": { "user_name": "张三", "force_check": true } }),
        ),
        ("wx_pub", json!({ "order_no": "a1", "amount": 1, "description": "佣金", "recipient": "oA" })),
        (
            "wx_lite",
            json!({ "order_no": "a1", "amount": 1, "description": "佣金", "extra": { "user_name": "张三", "card_number": "6200000000000005", "wx_bank_code": "1002" } }),
        ),
        ("allinpay", json!({ "order_no": allinpay, "amount": 1, "description": "佣金", "extra": card })),
        ("jdpay", json!({ "order_no": "a1", "amount": 1, "description": "佣金", "extra": card })),
        ("balance", json!({ "order_no": "a-b_1", "amount": 1, "description": "佣金", "recipient": "user_001" })),
    ]
}

fn transfer(channel: &str, parts: &Value) -> Value {
    let mut whole = json!({ "app": { "id": "app_1Gqj58ynP0mHeX1q" }, "channel": channel });
    let members = whole.as_object_mut().expect("an object");
    let parts = parts.as_object().expect("an object");
    let before = |name: &str| matches!(name, "order_no" | "amount" | "description" | "recipient");
    members.extend(parts.iter().filter(|(name, _)| before(name)).map(|(name, value)| (name.clone(), value.clone())));
    members.insert("type".into(), "b2c".into());
    members.insert("currency".into(), "cny".into());
    members.extend(parts.iter().filter(|(name, _)| !before(name)).map(|(name, value)| (name.clone(), value.clone())));
    whole
}

fn found(text: &str, limits: &Limits) -> Vec<String> {
    let report = validate_transfer(text, limits);
    assert_eq!(parse_transfer(text, limits).is_ok(), report.ok());
    let tell = |issue: &Issue| format!("{} {} {}", issue.rule.id, issue.place.path, issue.reason.key());
    report.issues.iter().map(tell).collect()
}

#[test]
fn a_transfer_over_every_channel_is_written_as_documented() {
    for (channel, parts) in transfers() {
        let mut whole = transfer(channel, &parts);
        let text = whole.to_string();
        let expected: &[&str] = if channel == "jdpay" { &["PP03 /channel retired"] } else { &[] };
        assert_eq!(found(&text, &Limits::default()), expected, "{channel}");
        let parsed = parse_transfer(&text, &Limits::default()).expect(channel);
        assert_eq!(String::from_utf8_lossy(parsed.body()), text, "{channel}");
        assert_eq!((Value::from(parsed.order_no()), parsed.total().get()), (parts["order_no"].clone(), 1));
        // The id alone, and no currency, mean the same.
        whole["app"] = whole["app"]["id"].take();
        whole.as_object_mut().expect("an object").remove("currency");
        let again = parse_transfer(&whole.to_string(), &Limits::default()).expect(channel);
        assert_eq!(again.fingerprint(), parsed.fingerprint(), "{channel}");
    }
}

#[test]
fn every_rule_finds_what_breaks_it_in_a_transfer() {
    let base = |name: &str| transfers().into_iter().find(|(channel, _)| *channel == name).expect("a channel").1;
    let long = |count| "字".repeat(count);
    // The channel, the JSON pointer, the value there (null takes it away), what is said.
    let cases: Vec<(&str, &str, Value, Vec<&str>)> = vec![
        ("alipay", "/app", json!(""), vec!["PP01 /app missing"]),
        ("alipay", "/app", json!({}), vec!["PP01 /app missing"]),
        ("alipay", "/app", json!("app_1"), vec!["PP01 /app shape"]),
        ("alipay", "/channel", json!("chanpay"), vec!["PP02 /channel not-a-choice"]),
        ("alipay", "/type", json!("c2c"), vec!["PP05 /type not-a-choice"]),
        ("wx", "/type", json!("b2b"), vec!["PP06 /type conflict"]),
        ("balance", "/type", json!("b2b"), vec!["PP06 /type conflict"]),
        ("alipay", "/amount", json!(0), vec!["PP07 /amount amount-zero"]),
        ("alipay", "/amount", json!("1"), vec!["PP07 /amount amount-is-text"]),
        ("alipay", "/amount", Value::Null, vec!["PP07 /amount missing"]),
        ("alipay", "/description", Value::Null, vec!["PP09 /description missing"]),
        ("alipay", "/currency", json!("usd"), vec!["PP10 /currency not-a-choice"]),
        ("alipay", "/metadata", json!("a"), vec!["PP11 /metadata not-object"]),
        ("alipay", "/recipient", Value::Null, vec!["PP13 /recipient missing"]),
        ("wx", "/recipient", Value::Null, vec!["PP13 /recipient missing-alternative"]),
        ("balance", "/recipient", json!(" "), vec!["PP13 /recipient missing"]),
        (
            "jdpay",
            "/extra",
            Value::Null,
            vec![
                "PP03 /channel retired",
                "PP13 /extra/card_number missing",
                "PP13 /extra/user_name missing",
                "PP13 /extra/open_bank_code missing",
            ],
        ),
        (
            "allinpay",
            "/extra",
            json!([]),
            vec![
                "PP13 /extra not-object",
                "PP13 /extra/card_number missing",
                "PP13 /extra/user_name missing",
                "PP13 /extra/open_bank_code missing",
            ],
        ),
        ("alipay", "/extra/recipient_name", json!(long(51)), vec!["PP13 /extra/recipient_name too-long"]),
        ("unionpay", "/recipient", json!("6200"), vec!["PP14 /recipient foreign-field"]),
        ("alipay", "/extra/card_number", json!("6200"), vec!["PP14 /extra/card_number foreign-field"]),
        ("balance", "/extra", json!({ "user_name": "张三" }), vec!["PP14 /extra/user_name foreign-field"]),
        ("alipay", "/recipients", json!([]), vec!["PP14 /recipients unknown-field"]),
        ("alipay", "/extra/scene", json!("1000"), vec!["PP14 /extra/scene undocumented"]),
        ("alipay", "/order_no", Value::Null, vec!["PP13 /order_no missing"]),
        ("alipay", "/order_no", json!("a_1"), vec!["PP15 /order_no shape"]),
        ("alipay", "/order_no", json!(1), vec!["PP15 /order_no number-for-text"]),
        ("unionpay", "/order_no", json!("a1"), vec!["PP15 /order_no shape"]),
        ("wx", "/order_no", json!("a".repeat(33)), vec!["PP15 /order_no too-long"]),
        ("allinpay", "/order_no", json!("1".repeat(19)), vec!["PP15 /order_no too-short"]),
        ("balance", "/order_no", json!("a.1"), vec!["PP15 /order_no shape"]),
        ("alipay", "/description", json!(long(101)), vec!["PP19 /description too-long"]),
        ("unionpay", "/description", json!(long(100)), vec!["PP19 /description too-long"]),
        ("wx", "/description", json!(long(34)), vec!["PP19 /description too-many-bytes"]),
        ("allinpay", "/description", json!(long(31)), vec!["PP19 /description too-long"]),
        ("balance", "/description", json!(long(256)), vec!["PP19 /description too-long"]),
        ("alipay", "/recipient", json!("2088123456789012"), vec!["PP20 /recipient shape"]),
        ("alipay", "/extra/recipient_account_type", json!("ALIPAY_USERID"), vec!["PP20 /recipient shape"]),
        ("alipay", "/extra", Value::Null, vec!["PP21 /extra/recipient_name missing"]),
        ("unionpay", "/extra/open_bank_code", Value::Null, vec!["PP22 /extra/open_bank_code missing-alternative"]),
        ("unionpay", "/extra/open_bank", json!(long(51)), vec!["PP22 /extra/open_bank too-long"]),
        ("unionpay", "/extra/open_bank_code", json!(102), vec!["PP23 /extra/open_bank_code number-for-text"]),
        ("unionpay", "/extra/card_number", json!("1".repeat(33)), vec!["PP24 /extra/card_number too-long"]),
        ("wx_lite", "/extra/card_number", json!("6200-0"), vec!["PP24 /extra/card_number not-digits"]),
        ("allinpay", "/extra/business_code", json!("9900"), vec!["PP25 /extra/business_code too-short"]),
        ("allinpay", "/extra/card_type", json!("1"), vec!["PP26 /extra/card_type not-an-integer"]),
        ("unionpay", "/extra/sub_bank", json!(long(81)), vec!["PP27 /extra/sub_bank too-long"]),
        ("allinpay", "/extra/prov", json!("广东"), vec!["PP14 /extra/prov foreign-field"]),
        (
            "allinpay",
            "/type",
            json!("b2b"),
            vec![
                "PP27 /extra/sub_bank missing",
                "PP27 /extra/sub_bank_code missing",
                "PP27 /extra/prov missing",
                "PP27 /extra/city missing",
            ],
        ),
        ("wx", "/extra/user_name", Value::Null, vec!["PP29 /extra/force_check no-effect"]),
    ];
    for (channel, pointer, value, expected) in cases {
        let mut whole = transfer(channel, &base(channel));
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = whole.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        if value.is_null() {
            parent.remove(name);
        } else {
            parent.insert(name.into(), value);
        }
        assert_eq!(found(&whole.to_string(), &Limits::default()), expected, "{channel} {pointer}");
    }
    let limits = Limits { allinpay_merchant: Some("2".into()), min_amount: Some(2), ..Limits::default() };
    let text = transfer("allinpay", &base("allinpay")).to_string();
    assert_eq!(found(&text, &limits), ["PP16 /order_no prefix", "PP07 /amount amount-below-minimum"]);
    assert_eq!(found("[]", &limits), ["PP02 /channel not-object"]);
    assert_eq!(found("", &limits), ["PP02 /channel not-json"]);
}

#[test]
fn the_longest_of_every_field_passes_and_one_more_does_not() {
    let base = |name: &str| transfers().into_iter().find(|(channel, _)| *channel == name).expect("a channel").1;
    let cases = [
        ("alipay", "/order_no", "a", 64, "PP15"),
        ("unionpay", "/order_no", "1", 16, "PP15"),
        ("wx", "/order_no", "a", 32, "PP15"),
        ("allinpay", "/order_no", "1", 40, "PP15"),
        ("jdpay", "/order_no", "a", 64, "PP15"),
        ("balance", "/order_no", "_", 64, "PP15"),
        ("alipay", "/description", "字", 100, "PP19"),
        ("unionpay", "/description", "字", 99, "PP19"),
        ("wx", "/description", "字", 33, "PP19"),
        ("wx_pub", "/description", "a", 99, "PP19"),
        ("allinpay", "/description", "字", 30, "PP19"),
        ("jdpay", "/description", "字", 100, "PP19"),
        ("balance", "/description", "字", 255, "PP19"),
        ("alipay", "/extra/recipient_name", "名", 50, "PP13"),
        ("unionpay", "/extra/user_name", "名", 100, "PP13"),
        ("allinpay", "/extra/user_name", "名", 100, "PP13"),
        ("jdpay", "/extra/user_name", "名", 100, "PP13"),
        ("unionpay", "/extra/card_number", "1", 32, "PP24"),
        ("unionpay", "/extra/sub_bank", "行", 80, "PP27"),
        ("unionpay", "/extra/prov", "粤", 20, "PP27"),
        ("unionpay", "/extra/city", "深", 40, "PP27"),
    ];
    for (channel, pointer, character, max, rule) in cases {
        let mut whole = transfer(channel, &base(channel));
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let mut told = |length| {
            let parent = whole.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
            parent.insert(name.into(), character.repeat(length).into());
            let found = found(&whole.to_string(), &Limits::default());
            found.into_iter().filter(|issue| !issue.starts_with("PP03")).collect::<Vec<_>>()
        };
        assert!(told(max).is_empty(), "{channel} {pointer}");
        let above = told(max + 1);
        assert!(above.len() == 1 && above[0].starts_with(rule), "{channel} {pointer}: {above:?}");
    }
}

#[test]
fn parameters_that_are_not_published_are_sent_as_given() {
    let mut whole = transfer("alipay", &transfers()[0].1);
    whole["extra"]["transfer_scene"] = json!({ "id": "1000", "reports": [1, null] });
    let parsed = parse_transfer(&whole.to_string(), &Limits::default()).expect("a transfer");
    assert_eq!(String::from_utf8_lossy(parsed.body()), whole.to_string());
    let mut alone = transfer("wx_pub", &transfers()[3].1);
    alone["extra"] = json!({ "transfer_scene": "1000" });
    let parsed = parse_transfer(&alone.to_string(), &Limits::default()).expect("a transfer");
    assert_eq!(String::from_utf8_lossy(parsed.body()), alone.to_string());
    let broken = whole.to_string().replace("\"1000\"", "\"\\ud800\"");
    assert_eq!(
        parse_transfer(&broken, &Limits::default()).map_err(|error| error.code()).err(),
        Some("ERR_BATCH_INVALID")
    );
}
