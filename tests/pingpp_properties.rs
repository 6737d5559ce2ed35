//! Properties of the Ping++ provider: nothing panics, and nothing unsound gets through.

use payseal::pingpp::{App, Event, Limits, parse_batch, parse_transfer, validate_batch};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// JSON of any shape, in which the names of real fields are common.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["alipay", "wx", "allinpay", "b2b", "b2c", "cny", "ALIPAY_USERID", "0102"])
            .prop_map(Value::from),
    ];
    let name = prop_oneof![
        ".{0,6}",
        prop::sample::select(vec![
            "app",
            "batch_no",
            "channel",
            "amount",
            "description",
            "recipients",
            "type",
            "currency",
            "metadata",
            "extra",
            "account",
            "name",
            "open_id",
            "order_no",
            "open_bank_code",
            "card_type",
            "force_check",
            "prov",
            "recipient",
            "card_number",
            "id",
        ])
        .prop_map(str::to_owned),
    ];
    let value = leaf.prop_recursive(5, 120, 12, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name.clone(), inner), 0..14).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    value.prop_map(|value| value.to_string())
}

/// Example batches with one value anywhere replaced by any JSON.
fn damaged_example() -> impl Strategy<Value = String> {
    let examples = vec![
        include_str!("data/pingpp/alipay.json"),
        include_str!("data/pingpp/allinpay.json"),
        include_str!("data/pingpp/unionpay.json"),
        include_str!("data/pingpp/wx.json"),
        include_str!("data/pingpp/broken.json"),
    ];
    (prop::sample::select(examples), any::<prop::sample::Index>(), json_text()).prop_map(|(text, at, other)| {
        let quotes: Vec<usize> = text.match_indices(": ").map(|(index, _)| index).collect();
        let start = quotes[at.index(quotes.len())] + 2;
        let end = text[start..].find([',', '\n']).map_or(text.len(), |length| start + length);
        format!("{}{other}{}", &text[..start], &text[end..])
    })
}

proptest! {
    #[test]
    fn validation_never_panics_and_never_lets_nonsense_through(text in prop_oneof![json_text(), damaged_example(), ".{0,80}"]) {
        let limits = Limits { luhn: true, allinpay_merchant: Some("1".into()), ..Limits::default() };
        for limits in [Limits::default(), limits] {
            let report = validate_batch(&text, &limits);
            if let Ok(batch) = parse_batch(&text, None, &limits) {
                prop_assert!(report.ok());
                // What is sent is JSON, and sound again by its own rules.
                let body = std::str::from_utf8(batch.body()).expect("UTF-8");
                let again = parse_batch(body, None, &limits).expect("still valid");
                prop_assert_eq!(again.body(), batch.body());
            } else {
                prop_assert!(!report.ok());
            }
            let _ = parse_transfer(&text, &limits);
        }
    }

    #[test]
    fn events_of_any_bytes_never_panic(bytes in vec(any::<u8>(), 0..200), text in json_text()) {
        prop_assert!(Event::parse(&bytes).is_err());
        let _ = Event::parse(text.as_bytes());
    }

    #[test]
    fn a_message_is_body_target_and_time(body in ".{0,60}", at in 0_u64..4_000_000_000, name in ".{1,8}", value in ".{0,20}") {
        let target = payseal::canonical::target("/v1/batch_transfers", &[(name, value)]).expect("a target");
        let app = App::new("app_1Gqj58ynP0mHeX1q", "sk_test_ibbTe5jLGCi5rzfH4OqPW9KC").expect("an application");
        let message = app.message("POST", &target, at, body.as_bytes()).expect("a message");
        prop_assert_eq!(message, format!("{body}{target}{at}").into_bytes());
    }
}
