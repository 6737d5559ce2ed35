//! The table of Ping++ batches, `tests/vectors/pingpp-batches.json`, and the examples in `tests/data/pingpp`.

use std::collections::BTreeSet;

use payseal::error::Error;
use payseal::issue::{Issue, Locale, ReportView, Severity};
use payseal::json::{FromJson, Json};
use payseal::pingpp::{Limits, parse_batch, rules, validate_batch};
use serde_json::{Value, json};

const CHANNELS: [&str; 8] = ["alipay", "unionpay", "wx", "wx_pub", "wx_lite", "allinpay", "jdpay", "balance"];

/// Rules that no batch can break: one is about replies, one about queries.
const ELSEWHERE: [&str; 2] = ["PP30", "PP31"];

fn file() -> Value {
    serde_json::from_str(include_str!("vectors/pingpp-batches.json")).expect("pingpp-batches.json")
}

fn cases(file: &Value) -> &Vec<Value> {
    file["cases"].as_array().expect("cases")
}

fn batch_text(case: &Value) -> String {
    case["json"].as_str().map_or_else(|| case["batch"].to_string(), str::to_owned)
}

fn limits(case: &Value) -> Limits {
    let limits = |limits: &Value| Limits::from_json(Json::parse(&limits.to_string()).expect("JSON"));
    case.get("limits").map_or_else(Limits::default, |given| limits(given).expect("limits"))
}

fn told(issue: &Issue) -> Value {
    let mut told = json!({
        "code": issue.rule.id,
        "reason": issue.reason.key(),
        "severity": if issue.severity == Severity::Error { "error" } else { "warning" },
        "field": issue.place.field,
    });
    if let Some(row) = issue.place.row {
        told["row"] = row.into();
    }
    told
}

fn sorted(issues: Vec<Value>) -> Vec<String> {
    let mut texts: Vec<_> = issues.iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

fn example(channel: &str) -> String {
    let path = format!("{}/tests/data/pingpp/{channel}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("an example")
}

#[test]
fn every_rule_finds_what_breaks_it_and_nothing_else() {
    let file = file();
    assert!(cases(&file).len() >= 200, "{} cases", cases(&file).len());
    let mut wrong = Vec::new();
    for case in cases(&file) {
        let (text, limits) = (batch_text(case), limits(case));
        let report = validate_batch(&text, &limits);
        let found: Vec<_> = report.issues.iter().map(told).collect();
        let expected = case["expect"].as_array().expect("issues").clone();
        if sorted(found.clone()) != sorted(expected) {
            wrong.push(format!("{} {}: {}", case["id"], case["comment"], Value::from(found)));
        }
        let rows: Vec<_> = report.issues.iter().map(|issue| issue.place.row.unwrap_or(0)).collect();
        assert!(rows.is_sorted(), "{}", case["comment"]);
        let parsed = parse_batch(&text, None, &limits);
        assert_eq!(parsed.is_ok(), report.ok(), "{}", case["comment"]);
        if let Ok(batch) = parsed {
            assert_eq!((batch.count(), batch.total().get()), (report.count as usize, report.total));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_about_batches_is_broken_alone_by_a_case() {
    let file = file();
    let alone = |case: &Value| {
        let codes: BTreeSet<_> = case["expect"].as_array()?.iter().filter_map(|issue| issue["code"].as_str()).collect();
        // jdpay is retired, whatever else there is to say.
        let others: Vec<_> = codes.iter().filter(|code| **code != "PP03").copied().collect();
        match (codes.len(), others.as_slice()) {
            (1, _) => codes.first().map(|code| (*code).to_owned()),
            (_, [code]) => Some((*code).to_owned()),
            _ => None,
        }
    };
    let covered: BTreeSet<_> = cases(&file).iter().filter_map(alone).collect();
    let rules: BTreeSet<_> = rules::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(rules.len(), rules::ALL.len());
    assert_eq!(covered, rules.into_iter().filter(|id| !ELSEWHERE.contains(&id.as_str())).collect());
}

#[test]
fn every_channel_is_right_and_wrong_in_a_case() {
    let file = file();
    for channel in CHANNELS {
        let of_channel = |case: &&Value| case["batch"]["channel"] == channel;
        let errors = |case: &Value| {
            case["expect"].as_array().is_some_and(|list| list.iter().any(|issue| issue["severity"] == "error"))
        };
        assert!(cases(&file).iter().filter(of_channel).any(|case| !errors(case)), "{channel}");
        assert!(cases(&file).iter().filter(of_channel).filter(|case| errors(case)).count() > 5, "{channel}");
    }
}

#[test]
fn what_each_rule_is_by_default_agrees_with_its_table() {
    for rule in rules::ALL {
        assert!(!rule.source.is_empty() && !rule.zh.is_empty() && !rule.en.is_empty(), "{}", rule.id);
    }
    let warnings: Vec<_> =
        rules::ALL.iter().filter(|rule| rule.severity == Severity::Warning).map(|rule| rule.id).collect();
    assert_eq!(warnings, ["PP01", "PP03", "PP14", "PP18", "PP21", "PP28", "PP29", "PP30"]);
}

#[test]
fn every_example_is_a_valid_batch() {
    for channel in CHANNELS {
        let text = example(channel);
        let report = validate_batch(&text, &Limits::default());
        let codes: Vec<_> = report.issues.iter().map(|issue| issue.rule.id).collect();
        assert_eq!(codes, if channel == "jdpay" { vec!["PP03"] } else { Vec::new() }, "{channel}");
        let batch = parse_batch(&text, None, &Limits::default()).expect(channel);
        // The examples are in the documented order, so the body is the example without its blanks.
        let value: Value = serde_json::from_str(&text).expect(channel);
        assert_eq!(String::from_utf8_lossy(batch.body()), value.to_string(), "{channel}");
    }
}

#[test]
fn the_broken_example_breaks_all_that_one_batch_can() {
    let limits = Limits { allinpay_merchant: Some("1009991230".into()), ..Limits::default() };
    let report = validate_batch(&example("broken"), &limits);
    let codes: BTreeSet<_> = report.issues.iter().map(|issue| issue.rule.id).collect();
    // PP02, PP05 and PP06 would hide others; PP03, PP20 to PP22 and PP29 belong to other channels.
    let expected = [
        "PP01", "PP04", "PP07", "PP08", "PP09", "PP10", "PP11", "PP12", "PP13", "PP14", "PP15", "PP16", "PP17", "PP18",
        "PP19", "PP23", "PP24", "PP25", "PP26", "PP27", "PP28",
    ];
    assert_eq!(codes, expected.into_iter().collect());
}

#[test]
fn messages_are_in_both_languages_and_quote_nothing() {
    let file = file();
    let mut longest = 0;
    for case in cases(&file) {
        let (text, limits) = (batch_text(case), limits(case));
        let report = validate_batch(&text, &limits);
        let shown = serde_json::to_string(&ReportView::new(&report, Locale::En)).expect("JSON");
        for secret in ["张三", "李四", "6200000000000005", "account01@", "o9zpMs9jIaLynQY9N6yx", "app_1Gq", "user_001"]
        {
            assert!(!shown.contains(secret), "{}", case["comment"]);
        }
        for issue in &report.issues {
            let (zh, en) = (issue.message(Locale::Zh), issue.message(Locale::En));
            assert!(zh != en && !en.is_empty() && !zh.contains("{limit}") && !en.contains("{limit}"), "{en}");
            longest = longest.max(en.len());
        }
    }
    assert!(longest > 0);
}

#[test]
fn options_are_the_documented_ones_only() {
    let read = |text: &str| Limits::from_json(Json::parse(text).expect("JSON"));
    assert_eq!(read("{}").expect("the defaults"), Limits::default());
    for (wrong, what) in [
        (r#"{"maxDetails":1}"#, "there is no maxDetails"),
        (r#"{"openBankMax":30}"#, "openBankMax"),
        (r#"{"wxOrderNoMax":64}"#, "wxOrderNoMax"),
        (r#"{"cardTypeMax":4}"#, "cardTypeMax"),
        (r#"{"alipayProduct":"both"}"#, "alipayProduct"),
        (r#"{"descriptionUnit":"gbk"}"#, "descriptionUnit"),
        (r#"{"batchNoRule":"1-64"}"#, "batchNoRule"),
        (r#"{"minAmount":-1}"#, "minAmount"),
    ] {
        assert_eq!(read(wrong), Err(Error::OptionsInvalid(what.into())), "{wrong}");
    }
}

#[test]
fn a_refused_batch_says_everything_in_one_error() {
    let Err(error) = parse_batch(&example("broken"), None, &Limits::default()) else { panic!("it is broken") };
    assert_eq!(error.code(), "ERR_BATCH_INVALID");
    let Error::BatchInvalid(report) = &error else { panic!("it holds its report") };
    assert!(report.issues.len() > 30, "{}", report.issues.len());
    assert!(error.to_string().starts_with("the payout must not be sent: "), "{error}");
}
