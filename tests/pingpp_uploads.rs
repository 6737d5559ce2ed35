//! Sheets of recipients: the batches they become, the approval that binds them, and companies.

use payseal::error::{Error, Result};
use payseal::issue::Report;
use payseal::pingpp::{Batch, Limits, Recipients, parse_batch, split_batch};
use payseal::sheet::{self, Encoding, Grid, Mapping};
use payseal::upload::{self, Extent, Target, Upload};
use serde_json::{Value, json};

fn persons(channel: &str) -> Recipients {
    Recipients::new(channel, Limits::default()).expect("a channel")
}

fn open(text: &str, recipients: &Recipients) -> (Grid, Mapping) {
    let text = sheet::decode(text.as_bytes(), Encoding::Utf8).expect("a text");
    let (grid, _) = sheet::read(text, None).expect("a sheet");
    let mapping = Mapping::find(&grid, recipients.columns(), &[], None).expect("a header");
    (grid, mapping)
}

fn check(text: &str, recipients: &Recipients) -> Result<Upload> {
    let (grid, mapping) = open(text, recipients);
    upload::check(&grid, &mapping, &Target::Pingpp(recipients.clone()), None, Extent::Rows)
}

type Options<'a> = (Option<usize>, Option<&'a str>);

fn batches(text: &str, recipients: &Recipients, head: &Value, options: Options<'_>) -> Result<Vec<Batch>> {
    let (grid, mapping) = open(text, recipients);
    recipients.batches((&grid, &mapping), &head.to_string(), options)
}

fn head(channel: &str) -> Value {
    json!({
        "app": "app_1Gqj58ynP0mHeX1q", "batch_no": "20261122salary", "channel": channel, "type": "b2c",
        "description": "十一月佣金", "metadata": { "month": 11 },
    })
}

/// The head with members of its own; null takes one away.
fn changed(channel: &str, changes: Value) -> Value {
    let mut head = head(channel);
    let members = head.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object").clone() {
        if value.is_null() {
            members.remove(&name)
        } else {
            members.insert(name, value)
        };
    }
    head
}

/// Where, which rule, and how.
fn found(report: &Report) -> Vec<(&str, &str, &str)> {
    let issues = report.issues.iter();
    issues.map(|issue| (issue.place.path.as_str(), issue.rule.id, issue.reason.key())).collect()
}

fn refused(result: Result<Vec<Batch>>) -> Report {
    match result {
        Err(Error::BatchInvalid(report)) => *report,
        other => panic!("{other:?}"),
    }
}

const ALIPAY: &str = "订单号,账户,姓名,金额(元),说明\n";

fn alipay(rows: usize) -> String {
    let row = |row| format!("A{row},a{row}@alipay.com,张三,{row}.5,{}\n", if row % 2 == 0 { "佣金" } else { "" });
    ALIPAY.to_owned() + &(1..=rows).map(row).collect::<String>()
}

#[test]
fn a_sheet_becomes_the_batches_that_its_rows_become() {
    let recipients = persons("alipay");
    let text = alipay(7);
    let upload = check(&text, &recipients).expect("a sheet");
    let approved = Some(upload.hash.as_str());
    let ours = batches(&text, &recipients, &head("alipay"), (Some(3), approved)).expect("batches");

    let rows: Value = serde_json::from_slice(&upload.rows).expect("rows");
    let whole = changed("alipay", json!({ "recipients": rows })).to_string();
    let parts = split_batch(&whole, Some(3), approved, &Limits::default()).expect("batches");
    let parts: Vec<Value> = serde_json::from_str(&parts).expect("a list");
    assert_eq!(ours.len(), parts.len());
    for (batch, part) in ours.iter().zip(&parts) {
        let parsed = parse_batch(&part.to_string(), None, &Limits::default()).expect("a batch");
        assert_eq!((batch.batch_no(), batch.fingerprint()), (parsed.batch_no(), parsed.fingerprint()));
    }
    let seen: Vec<_> = ours.iter().map(|batch| (batch.batch_no(), batch.count(), batch.total().get())).collect();
    assert_eq!(seen, [("20261122salary001", 3, 750), ("20261122salary002", 3, 1650), ("20261122salary003", 1, 750)]);
    let last: Value = serde_json::from_slice(ours[2].body()).expect("a body");
    assert_eq!(
        last,
        json!({
            "app": "app_1Gqj58ynP0mHeX1q", "batch_no": "20261122salary003", "channel": "alipay", "amount": 750,
            "description": "十一月佣金", "type": "b2c", "metadata": { "month": 11 },
            "recipients": [{ "account": "a7@alipay.com", "amount": 750, "name": "张三", "order_no": "A7" }],
        })
    );
}

#[test]
fn batches_are_as_large_as_the_limits_allow_and_no_larger() {
    let counts = |limits: Limits, size| {
        let recipients = Recipients::new("alipay", limits).expect("a channel");
        let batches = batches(&alipay(7), &recipients, &head("alipay"), (size, None));
        batches.map(|batches| batches.iter().map(Batch::count).collect::<Vec<_>>())
    };
    let at_most = |max| Limits { max_recipients: Some(max), ..Limits::default() };
    assert_eq!(counts(Limits::default(), None), Ok(vec![7]), "no number is published");
    assert_eq!(counts(at_most(4), None), Ok(vec![4, 3]));
    assert_eq!(counts(at_most(4), Some(2)), Ok(vec![2, 2, 2, 1]));
    for (limits, size) in
        [(at_most(4), Some(5)), (at_most(4), Some(0)), (Limits::default(), Some(0)), (at_most(0), None)]
    {
        assert_eq!(
            counts(limits, size),
            Err(Error::OptionsInvalid("size must be at least 1 and at most maxRecipients".into()))
        );
    }
    let many = batches(&alipay(1000), &persons("alipay"), &head("alipay"), (Some(1), None));
    assert_eq!(
        many.map(|_| ()),
        Err(Error::OptionsInvalid("size makes more than 999 batches".into())),
        "three digits tell 999 batches apart"
    );
    assert_eq!(
        batches(&alipay(999), &persons("alipay"), &head("alipay"), (Some(1), None)).map(|all| all.len()),
        Ok(999)
    );
}

#[test]
fn every_issue_of_head_and_rows_is_reported_by_its_cell() {
    let text = format!("{ALIPAY}A1,a@alipay.com,张三,1,\nA1,a@alipay.com,张三,0,\n,,李四,1.234,\n");
    let head = changed("alipay", json!({ "description": null, "batch_no": "short", "amount": 7 }));
    let report = refused(batches(&text, &persons("alipay"), &head, (None, None)));
    let mut seen = found(&report);
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            ("/batch_no", "PP04", "too-short"),
            ("/description", "PP09", "missing"),
            ("A3", "PP17", "duplicate"),
            ("B4", "PP13", "missing"),
            ("D3", "PP07", "amount-zero"),
            ("D4", "PP07", "amount-too-precise"),
        ]
    );
    assert_eq!((report.count, report.total), (3, 100));
    let report = refused(batches(ALIPAY, &persons("alipay"), &self::head("alipay"), (None, None)));
    assert_eq!(found(&report), [("/recipients", "PP12", "empty")]);
    let report =
        refused(batches(&alipay(2), &persons("alipay"), &changed("alipay", json!({ "amount": 401 })), (None, None)));
    assert_eq!(found(&report), [("/amount", "PP08", "sum-mismatch")]);
    assert!(
        batches(&alipay(2), &persons("alipay"), &changed("alipay", json!({ "amount": 400 })), (None, None)).is_ok()
    );
}

#[test]
fn the_number_of_an_upload_has_room_for_its_digits() {
    let length = |length: usize, limits: Limits| {
        let recipients = Recipients::new("alipay", limits).expect("a channel");
        let head = changed("alipay", json!({ "batch_no": "a".repeat(length) }));
        batches(&alipay(1), &recipients, &head, (None, None)).map(|batches| batches[0].batch_no().len())
    };
    assert_eq!([8, 29].map(|given| length(given, Limits::default()).ok()), [Some(11), Some(32)]);
    for (given, reason) in [(7, "too-short"), (30, "too-long")] {
        let Err(Error::BatchInvalid(report)) = length(given, Limits::default()) else { panic!("{given}") };
        assert_eq!(found(&report), [("/batch_no", "PP04", reason)]);
    }
}

#[test]
fn a_head_is_about_the_sheet_it_comes_with() {
    let text = alipay(1);
    let other = "the head has another channel or type than the sheet";
    for (changes, what) in [
        (json!({ "channel": "jdpay" }), other),
        (json!({ "type": "b2b" }), other),
        (json!({ "recipients": [] }), "the head holds rows, and so does the sheet"),
    ] {
        let result = batches(&text, &persons("alipay"), &changed("alipay", changes), (None, None));
        assert_eq!(result.map(|_| ()), Err(Error::OptionsInvalid(what.into())));
    }
    let report =
        refused(batches(&text, &persons("alipay"), &changed("alipay", json!({ "type": "b2x" })), (None, None)));
    assert_eq!(found(&report), [("/type", "PP05", "not-a-choice")]);
}

#[test]
fn rows_that_were_not_approved_become_no_batch() {
    let recipients = persons("alipay");
    let hash = |rows: &str| check(&format!("{ALIPAY}{rows}"), &recipients).expect("a sheet").hash;
    let text = format!("{ALIPAY}A1,a@alipay.com,张三,1,\nA2,b@alipay.com,李四,2,b\n");
    let same = hash("A1,a@alipay.com,张三,1.00,\r\nA2,b@alipay.com,李四,2.0,b\r\n");
    assert!(
        batches(&text, &recipients, &head("alipay"), (None, Some(&same))).is_ok(),
        "the same rows, written otherwise"
    );

    let rows = check(&text, &recipients).expect("a sheet").rows;
    let rows: Value = serde_json::from_slice(&rows).expect("rows");
    let whole = changed("alipay", json!({ "recipients": rows, "amount": 300 })).to_string();
    assert!(parse_batch(&whole, Some(&same), &Limits::default()).is_ok());
    for others in [
        "A1,a@alipay.com,张三,1,\nA2,b@alipay.com,李四,2.01,b\n",
        "A1,a@alipay.com,张三,1,\n",
        "A2,b@alipay.com,李四,2,b\nA1,a@alipay.com,张三,1,\n",
        "A1,a@alipay.com,张三,1,\nA2,b@alipay.com,李四,2,c\n",
    ] {
        let other = hash(others);
        let limits = Limits::default();
        assert_eq!(
            batches(&text, &recipients, &head("alipay"), (None, Some(&other))).map(|_| ()),
            Err(Error::NotApproved)
        );
        assert_eq!(parse_batch(&whole, Some(&other), &limits).map(|_| ()), Err(Error::NotApproved));
        assert_eq!(split_batch(&whole, Some(1), Some(&other), &limits).map(|_| ()), Err(Error::NotApproved));
    }
}

#[test]
fn what_is_approved_is_what_every_channel_sends() {
    let sheets = [
        ("unionpay", "卡号,户名,金额(分),开户银行编号,省\n6225000000000000,张三,5000,0308, 广东\n"),
        ("wx_lite", "open_id,金额(元),校验姓名,姓名,说明\noA,1,是,张三,  \n"),
        ("allinpay", "卡号,户名,金额(元),银行编号,卡类型,支行\n6225000000000000,张三,1,0308,0,某支行\n"),
        ("balance", "用户,金额(元)\nuser-1,0.01\n"),
    ];
    for (channel, text) in sheets {
        let recipients = persons(channel);
        let upload = check(text, &recipients).expect("a sheet");
        assert!(upload.report.ok(), "{channel}: {:?}", found(&upload.report));
        let approved = Some(upload.hash.as_str());
        let ours = batches(text, &recipients, &head(channel), (None, approved)).expect(channel);
        let rows: Value = serde_json::from_slice(&upload.rows).expect("rows");
        let total = upload.report.total;
        let whole = changed(channel, json!({ "recipients": rows, "amount": total, "batch_no": "20261122salary001" }));
        let parsed = parse_batch(&whole.to_string(), approved, &Limits::default()).expect(channel);
        assert_eq!(ours[0].fingerprint(), parsed.fingerprint(), "{channel}");
    }
}

#[test]
fn an_approval_binds_the_channel_and_whom_it_pays() {
    let sheet = "open_id,金额(元)\noA,1\n";
    let hash = |channel| check(sheet, &persons(channel)).expect("a sheet").hash;
    let [wx, wx_pub] = [hash("wx"), hash("wx_pub")];
    assert_ne!(wx, wx_pub, "the same rows, and other people");
    let prepared = |hash: &str| batches(sheet, &persons("wx_pub"), &head("wx_pub"), (None, Some(hash)));
    assert!(prepared(&wx_pub).is_ok());
    assert_eq!(prepared(&wx).map(|_| ()), Err(Error::NotApproved));

    let sheet = "账户,姓名,金额(元)\na@alipay.com,张三,1\n";
    let limits = Limits { alipay_b2b: true, ..Limits::default() };
    let companies = Recipients::new("alipay", limits.clone()).expect("a channel").companies();
    let rows = |hash: &str| {
        let recipients = json!([{ "account": "a@alipay.com", "name": "张三", "amount": 100 }]);
        let batch = changed("alipay", json!({ "type": "b2b", "amount": 100, "recipients": recipients }));
        parse_batch(&batch.to_string(), Some(hash), &limits).map(|_| ())
    };
    assert_eq!(rows(&check(sheet, &companies).expect("a sheet").hash), Ok(()));
    assert_eq!(rows(&check(sheet, &persons("alipay")).expect("a sheet").hash), Err(Error::NotApproved));
}

#[test]
fn companies_are_checked_as_companies() {
    let header = "卡号,户名,金额(元),银行编号,支行,联行号,省,市\n";
    let text = format!(
        "{header}6225000000000000,某公司,1,0308,某支行,102100,广东,广州\n6225000000000001,另一公司,1,0308,,102100,,广州\n"
    );
    let [persons, companies] = [persons("allinpay"), persons("allinpay").companies()];
    let upload = check(&text, &companies).expect("a sheet");
    assert_eq!(found(&upload.report), [("E3", "PP27", "missing"), ("G3", "PP27", "missing")]);
    let upload = check(&text, &persons).expect("a sheet");
    assert!(upload.report.ok() && upload.report.issues.iter().all(|issue| issue.rule.id == "PP14"));

    let (grid, mapping) = open("卡号,户名,金额(元),银行编号\n6225000000000000,某公司,1,0308\n", &companies);
    let target = Target::Pingpp(companies.clone());
    assert!(matches!(upload::check(&grid, &mapping, &target, None, Extent::Report), Err(Error::SheetColumns(_))));

    let text = format!("{header}6225000000000000,某公司,1,0308,某支行,102100,广东,广州\n");
    let upload = check(&text, &companies).expect("a sheet");
    let head = changed("allinpay", json!({ "type": "b2b" }));
    let ours = batches(&text, &companies, &head, (None, Some(&upload.hash))).expect("a batch");
    let body: Value = serde_json::from_slice(ours[0].body()).expect("a body");
    assert_eq!((&body["type"], &body["recipients"][0]["sub_bank"]), (&json!("b2b"), &json!("某支行")));
}

#[test]
fn channels_that_pay_to_persons_only_say_so() {
    let text = "open_id,金额(元)\noA,1\n";
    let companies = persons("wx").companies();
    let upload = check(text, &companies).expect("a sheet");
    assert_eq!(found(&upload.report), [("/type", "PP06", "conflict")]);
    let report = refused(batches(text, &companies, &changed("wx", json!({ "type": "b2b" })), (None, None)));
    assert_eq!(found(&report), [("/type", "PP06", "conflict")]);
    let closed = Limits { alipay_b2b: false, ..Limits::default() };
    let companies = Recipients::new("alipay", closed).expect("a channel").companies();
    assert_eq!(found(&check(&alipay(1), &companies).expect("a sheet").report), [("/type", "PP06", "conflict")]);
}
