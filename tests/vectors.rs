//! The vectors of `tests/vectors`, run natively. Each file says where it comes from.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use payseal::entropy::Entropy;
use payseal::error::{Error, Result};
use payseal::issue::{Locale, ReportView, Severity};
use payseal::json::{FromJson, Json};
use payseal::key::{PrivateKey, PublicKey};
use payseal::wechat::{Incoming, Limits, Merchant, Names, parse_batch, split_batch, validate_batch};
use payseal::{decrypt, sign};
use serde_json::{Value, json};

macro_rules! vectors {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("vectors/", $name))).expect($name)
    };
}

fn cases(file: &Value) -> &Vec<Value> {
    file["cases"].as_array().expect("cases")
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
}

fn entropy() -> Entropy {
    Entropy::from_bytes([7; 32])
}

fn code<T>(result: &Result<T>) -> Option<&'static str> {
    result.as_ref().err().map(Error::code)
}

#[test]
fn every_error_code_is_listed_once() {
    let listed = vectors!("errors.json");
    let core: Vec<_> = listed["codes"]
        .as_array()
        .expect("codes")
        .iter()
        .filter(|entry| entry["from"] == "core")
        .map(|entry| text(entry, "code"))
        .collect();
    assert_eq!(core, Error::CODES);
}

#[test]
fn keys_are_read_or_say_how_they_are_damaged() {
    for case in cases(&vectors!("key-parsing.json")) {
        let material = match case["base64"].as_str() {
            Some(base64) => STANDARD.decode(base64).expect("base64"),
            None => text(case, "text").as_bytes().to_vec(),
        };
        let (found, serial) = match text(case, "role") {
            "private" => (PrivateKey::parse(&material).map(|_| ()), None),
            _ => {
                let key = PublicKey::parse(&material);
                let serial = key.as_ref().ok().and_then(|key| key.certificate()).map(|facts| facts.serial.to_string());
                (key.map(|_| ()), serial)
            }
        };
        assert_eq!(code(&found), case["code"].as_str(), "{}", case["comment"]);
        assert_eq!(serial.as_deref(), case["serial"].as_str(), "{}", case["comment"]);
    }
}

#[test]
fn requests_are_signed_as_openssl_signs_them() {
    let keys = vectors!("keys.json");
    let file = vectors!("wechat-requests.json");
    let key = PrivateKey::parse(text(&keys, "merchant").as_bytes()).expect("a key");
    let merchant = Merchant::new(text(&file, "mchid"), text(&file, "serial"), None).expect("a merchant");
    for case in cases(&file) {
        let (at, nonce) = (case["timestamp"].as_u64().expect("seconds"), text(case, "nonce"));
        let message = merchant
            .message(text(case, "method"), text(case, "target"), at, nonce, text(case, "body").as_bytes())
            .expect("a message");
        assert_eq!(message, text(case, "message").as_bytes());
        let signature = sign::sign(&key, &message, entropy()).expect("a signature");
        assert_eq!(STANDARD.encode(&signature), text(case, "signature"));
        assert_eq!(merchant.authorization(at, nonce, &signature).as_deref(), Ok(text(case, "authorization")));
    }
}

#[test]
fn requests_that_cannot_be_signed_say_why() {
    let merchant = Merchant::new("1900000001", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", None).expect("a merchant");
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let cases = [
        (("get", "/v3/x", nonce, ""), "ERR_METHOD"),
        (("GET", "v3/x", nonce, ""), "ERR_PATH"),
        (("GET", "/v3/你", nonce, ""), "ERR_PATH"),
        (("GET", "/v3/x", "short", ""), "ERR_NONCE"),
        (("GET", "/v3/x", "593BEC0C930BF1AFEB40\"B4A08C8FB2", ""), "ERR_NONCE"),
        (("GET", "/v3/x", nonce, "{}"), "ERR_BODY_NOT_ALLOWED"),
    ];
    for ((method, target, nonce, body), expected) in cases {
        let message = merchant.message(method, target, 1, nonce, body.as_bytes());
        assert_eq!(code(&message), Some(expected), "{method} {target}");
    }
    let serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
    let (key, dashed) = ("TESTINGtesting0TESTINGtesting012", "TESTING-testing0TESTINGtesting01");
    let configurations = [
        (("", serial, Some(key)), "ERR_MCHID"),
        (("19000O0001", serial, Some(key)), "ERR_MCHID"),
        (("1900000001", "00F157F09EFDC096DE15EBE81A47057A7232F1B8E1", Some(key)), "ERR_SERIAL_SIGN_BYTE"),
        (("1900000001", serial, Some(&key[1..])), "ERR_APIV3_KEY_LENGTH"),
        (("1900000001", serial, Some("TESTINGtesting0TESTINGtesting01234")), "ERR_APIV3_KEY_LENGTH"),
        (("1900000001", serial, Some(dashed)), "ERR_APIV3_KEY_CHARACTERS"),
    ];
    for ((mchid, serial, key), expected) in configurations {
        assert_eq!(code(&Merchant::new(mchid, serial, key)), Some(expected));
    }
    assert_eq!(code(&merchant.open_notification(b"{}")), Some("ERR_NOTIFICATION_FORMAT"));
}

#[test]
fn what_came_back_is_verified_or_says_why_not() {
    let file = vectors!("wechat-incoming.json");
    let key = PublicKey::parse(text(&file, "publicKey").as_bytes()).expect("a key");
    for case in cases(&file) {
        let header = |name: &str| case["headers"][name].as_str();
        let now = case["now"].as_u64().expect("seconds");
        let verified = Incoming::new(header, text(case, "body").as_bytes(), now, 300)
            .and_then(|incoming| incoming.signed().verify(&key));
        assert_eq!(code(&verified), case["code"].as_str(), "{}", case["comment"]);
    }
}

#[test]
fn a_thousand_changes_to_a_signed_reply_are_all_refused() {
    let file = vectors!("wechat-incoming.json");
    let key = PublicKey::parse(text(&file, "publicKey").as_bytes()).expect("a key");
    let good = &cases(&file)[0];
    let header = |name: &str| good["headers"][name].as_str();
    let signature = STANDARD.decode(header("wechatpay-signature").expect("a signature")).expect("base64");
    let body = text(good, "body").as_bytes();
    let now = good["now"].as_u64().expect("seconds");
    for round in 0..1000_usize {
        let (mut body, mut signature) = (body.to_vec(), signature.clone());
        // Every byte in turn, every other bit: deterministic, so that a failure can be repeated.
        let bit = 1 << (round % 8);
        let changed = if round % 2 == 0 { &mut body } else { &mut signature };
        let at = round / 2 % changed.len();
        changed[at] ^= bit;
        let base64 = STANDARD.encode(&signature);
        let header = |name: &str| if name == "wechatpay-signature" { Some(base64.as_str()) } else { header(name) };
        let verified = Incoming::new(header, &body, now, 300).and_then(|incoming| incoming.signed().verify(&key));
        assert_eq!(verified, Err(Error::SignatureInvalid), "round {round}");
    }
}

#[test]
fn what_others_sealed_opens_and_what_is_damaged_does_not() {
    let file = vectors!("wechat-sealed.json");
    let serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
    let merchant = Merchant::new("1900000001", serial, Some(text(&file, "apiV3Key"))).expect("a merchant");
    for case in file["notifications"].as_array().expect("notifications") {
        let opened = merchant.open_notification(text(case, "body").as_bytes());
        assert_eq!(code(&opened), case["code"].as_str(), "{}", case["comment"]);
        if let Ok(opened) = opened {
            let opened: Value = serde_json::from_str(&opened).expect("JSON");
            assert_eq!(opened["resource"], file["resource"]);
            assert_eq!(opened["event_type"], "MCHTRANSFER.BATCH.FINISHED");
        }
    }
    let keys = vectors!("keys.json");
    let key = PrivateKey::parse(text(&keys, "merchant").as_bytes()).expect("a key");
    for case in file["fields"].as_array().expect("fields") {
        let mut ciphertext = STANDARD.decode(text(case, "ciphertext")).expect("base64");
        let opened = decrypt::open_field(&key, &ciphertext, entropy()).expect("opens");
        assert_eq!(opened.as_slice(), text(case, "text").as_bytes());
        ciphertext[100] ^= 1;
        assert_eq!(decrypt::open_field(&key, &ciphertext, entropy()), Err(Error::Decrypt));
    }
}

/// The JSON of a case; long lists are written as a count.
fn batch_json(case: &Value) -> String {
    let json = text(case, "json");
    let Some(count) = case["repeat"].as_u64() else { return json.to_owned() };
    let mut batch: Value = serde_json::from_str(json).expect("JSON");
    batch["transfer_detail_list"] = (0..count)
        .map(|index| {
            json!({
                "out_detail_no": format!("d{index:07}"),
                "transfer_amount": 1000 + index,
                "transfer_remark": "2020年4月报销",
                "openid": format!("o-MYE42l80oelYMDE34nYD456X{index:03}"),
            })
        })
        .collect();
    batch.to_string()
}

fn limits(case: &Value) -> Limits {
    if case["limits"].is_null() {
        return Limits::default();
    }
    Limits::from_json(Json::parse(&case["limits"].to_string()).expect("JSON")).expect("limits")
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    for case in cases(&vectors!("wechat-batches.json")) {
        let json = batch_json(case);
        let report = validate_batch(&json, &limits(case), Names::Plain);
        let found: Vec<Value> = report
            .issues
            .iter()
            .map(|issue| {
                let mut found = json!({
                    "code": issue.rule.id,
                    "reason": issue.reason.key(),
                    "severity": issue.severity,
                    "path": issue.place.path,
                });
                if let Some(row) = issue.place.row {
                    found["row"] = row.into();
                }
                found
            })
            .collect();
        assert_eq!(Value::from(found), case["expect"], "{}", case["comment"]);
        let refused = report.issues.iter().any(|issue| issue.severity == Severity::Error);
        assert_eq!(parse_batch(&json, &limits(case), Names::Plain).is_err(), refused, "{}", case["comment"]);
    }
}

#[test]
fn every_rule_about_batches_has_a_case() {
    let file = vectors!("wechat-batches.json");
    let tested: std::collections::HashSet<_> = cases(&file)
        .iter()
        .flat_map(|case| case["expect"].as_array().expect("expect"))
        .map(|one| text(one, "code"))
        .collect();
    // V05 is about bills, and V26, V28, V29 and V30 about keys, queries and the merchant; they are tested with those.
    let elsewhere = ["V05", "V26", "V28", "V29", "V30"];
    let untested: Vec<_> = payseal::wechat::rules::ALL
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !tested.contains(id) && !elsewhere.contains(id))
        .collect();
    assert_eq!(untested, Vec::<&str>::new());
}

#[test]
fn messages_are_in_both_languages_and_quote_nothing() {
    let file = vectors!("wechat-batches.json");
    let secret = "o-MYE42l80oelYMDE34nYD456X";
    for case in cases(&file) {
        let report = validate_batch(&batch_json(case), &limits(case), Names::Plain);
        for locale in [Locale::Zh, Locale::En] {
            let view = serde_json::to_string(&ReportView::new(&report, locale)).expect("JSON");
            assert!(!view.contains(secret) && !view.contains("张三"), "{}", case["comment"]);
            assert!(!view.contains("{limit}"), "{}", case["comment"]);
        }
    }
}

#[test]
fn uploads_are_split_with_names_apart_and_nothing_lost() {
    let detail = |index: u64, name: Option<&str>| {
        let mut detail = json!({
            "out_detail_no": format!("d{index:07}"), "transfer_amount": 100 + index, "transfer_remark": "工资", "openid": format!("o{index}"),
        });
        if let Some(name) = name {
            detail["user_name"] = name.into();
        }
        detail
    };
    let rows: Vec<Value> = (0..2500).map(|index| detail(index, (index % 5 != 0).then_some("张三"))).collect();
    let head = json!({
        "appid": "wx1", "out_batch_no": "salary202611", "batch_name": "工资", "batch_remark": "工资",
        "transfer_scene_id": "1005", "transfer_detail_list": rows,
    });
    let batches: Vec<Value> = serde_json::from_str(
        &split_batch(&head.to_string(), (1000, None), &Limits::default(), Names::Plain).expect("splits"),
    )
    .expect("JSON");
    let numbers: Vec<_> = batches.iter().map(|batch| text(batch, "out_batch_no")).collect();
    assert_eq!(numbers, ["salary202611001", "salary202611002", "salary202611003"]);
    let counts: Vec<_> = batches.iter().map(|batch| batch["total_num"].as_u64()).collect();
    assert_eq!(counts, [Some(500), Some(1000), Some(1000)]);
    let total: u64 = batches.iter().filter_map(|batch| batch["total_amount"].as_u64()).sum();
    assert_eq!(total, (0..2500).map(|index| 100 + index).sum::<u64>());
    for batch in &batches {
        assert!(validate_batch(&batch.to_string(), &Limits::default(), Names::Plain).ok());
    }

    // One row more, of either kind, gives no other row another number: it would be paid a second time under it.
    let number_of = |count: usize| -> HashMap<String, String> {
        let mut part = head.clone();
        part["transfer_detail_list"] = rows[..count].into();
        let limits = Limits::default();
        let split = split_batch(&part.to_string(), (100, None), &limits, Names::Plain).expect("splits");
        let batches: Vec<Value> = serde_json::from_str(&split).expect("JSON");
        let details = batches.iter().flat_map(|batch| {
            let details = batch["transfer_detail_list"].as_array().expect("a list");
            details
                .iter()
                .map(|detail| (text(detail, "out_detail_no").to_owned(), text(batch, "out_batch_no").to_owned()))
        });
        details.collect()
    };
    let all = number_of(rows.len());
    for count in [1, 2, 5, 6, 99, 126, 501, 2499] {
        assert!(number_of(count).iter().all(|(detail, batch)| all[detail] == *batch), "{count} rows");
    }

    let mut with_totals = head.clone();
    with_totals["total_num"] = 2499.into();
    with_totals["total_amount"] = 1.into();
    let Err(Error::BatchInvalid(report)) =
        split_batch(&with_totals.to_string(), (1000, None), &Limits::default(), Names::Plain)
    else {
        panic!("refused")
    };
    let found: Vec<_> = report.issues.iter().map(|issue| issue.rule.id).collect();
    assert_eq!(found, ["V07", "V08"]);
    for size in [0, 1001] {
        assert_eq!(
            split_batch(&head.to_string(), (size, None), &Limits::default(), Names::Plain),
            Err(Error::OptionsInvalid("size must be at least 1 and at most maxDetails".into()))
        );
    }
}

#[test]
fn a_sealed_body_is_the_documented_one() {
    let batch = json!({
        "transfer_detail_list": [{
            "user_name": "张三", "openid": "o-1", "transfer_remark": "报销\"4\"月", "transfer_amount": 30, "out_detail_no": "x23zy",
        }],
        "total_num": 1, "total_amount": 30, "batch_remark": "备注", "batch_name": "名称", "out_batch_no": "plfk2020042013", "appid": "wx1",
    });
    let batch = parse_batch(&batch.to_string(), &Limits::default(), Names::Plain).expect("valid");
    let body = String::from_utf8(batch.body(&[0; 256]).expect("a body")).expect("UTF-8");
    let zeros = STANDARD.encode([0; 256]);
    assert_eq!(
        body,
        format!(
            r#"{{"appid":"wx1","out_batch_no":"plfk2020042013","batch_name":"名称","batch_remark":"备注","total_amount":30,"total_num":1,"transfer_detail_list":[{{"out_detail_no":"x23zy","transfer_amount":30,"transfer_remark":"报销\"4\"月","openid":"o-1","user_name":"{zeros}"}}]}}"#
        )
    );
    for wrong in [0, 1, 255, 768] {
        assert_eq!(batch.body(&vec![0; wrong]), Err(Error::CiphertextCount), "{wrong} bytes");
    }
}

#[test]
fn a_fingerprint_is_of_the_content_and_not_of_its_sealing() {
    let fingerprint = |name: &str, number: &str| {
        let detail = json!({
            "out_detail_no": number, "transfer_amount": 30, "transfer_remark": "工资", "openid": "o-1", "user_name": name,
        });
        let batch = json!({
            "appid": "wx1", "out_batch_no": "plfk2020042013", "batch_name": "工资", "batch_remark": "工资",
            "total_amount": 30, "total_num": 1, "transfer_detail_list": [detail],
        });
        parse_batch(&batch.to_string(), &Limits::default(), Names::Plain).expect("valid").fingerprint()
    };
    assert_eq!(fingerprint("张三", "d0001"), fingerprint("张三", "d0001"));
    assert_ne!(fingerprint("张三", "d0001"), fingerprint("张四", "d0001"));
    assert_ne!(fingerprint("张三", "d0001"), fingerprint("张三", "d0002"));
}
