//! Sheets for every target: what is found in which cell, what is approved, and what a sheet becomes.

use payseal::error::{Error, Result};
use payseal::sheet::{self, Encoding, Grid, Mapping};
use payseal::upload::{self, Extent, Paid, TARGETS, Target, Upload};
use payseal::wechat::{self, Limits, Names, parse_batch, split_batch};

fn open(text: &str, target: &Target) -> (Grid, Mapping) {
    let (grid, _) =
        sheet::read(sheet::decode(text.as_bytes(), Encoding::Utf8).expect("a text"), None).expect("a sheet");
    let mapping = Mapping::find(&grid, target.columns(), &[], None).expect("a header");
    (grid, mapping)
}

fn check(text: &str, target: &str) -> Result<Upload> {
    let target: Target = target.parse()?;
    let (grid, mapping) = open(text, &target);
    upload::check(&grid, &mapping, &target, None, Extent::Rows)
}

/// Where, which rule, and how.
fn found(upload: &Upload) -> Vec<(&str, &str, &str)> {
    let issues = upload.report.issues.iter();
    issues.map(|issue| (issue.place.path.as_str(), issue.rule.id, issue.reason.key())).collect()
}

const HEADER: &str = "商户明细单号,openid,姓名,金额(元),备注\n";

#[test]
fn rows_come_out_by_their_wire_names_and_issues_name_the_cell() {
    let rows = "d00001,oA,张三,1.20,工资\nd00001,oA,张三,1.2,工资\n\nd00003,,李四,abc,工资,x\n";
    let upload = check(&format!("{HEADER}{rows}"), "wechat-batch").expect("a sheet");
    assert_eq!(
        String::from_utf8_lossy(&upload.rows),
        r#"[{"out_detail_no":"d00001","transfer_amount":120,"transfer_remark":"工资","openid":"oA","user_name":"张三"},{"out_detail_no":"d00001","transfer_amount":120,"transfer_remark":"工资","openid":"oA","user_name":"张三"},{"out_detail_no":"d00003","transfer_remark":"工资","user_name":"李四"}]"#
    );
    assert_eq!(
        found(&upload),
        [
            ("A3", "V04", "duplicate"),
            ("B3", "V25", "duplicate-payment"),
            ("5", "SH14", "surplus-cells"),
            ("D5", "V09", "amount-not-number"),
            ("B5", "V15", "missing"),
        ]
    );
    assert_eq!((upload.report.count, upload.report.total), (3, 240));
}

#[test]
fn what_a_spreadsheet_did_is_found_in_its_cell() {
    let rows = [
        "1.10101E+17,oA,张三,1,a",
        "110101199003070000,oB,张三,1,b",
        "ｄ１２３４５,oC,张三,1,c",
        " d00004,oD, 张三,1,d",
        "d00005,oE,张三,１．５,=1+1",
        "d00006,oF,张三,#REF!,f",
        "d00007,oG\u{a0},张三,1.5E+2,g",
    ];
    let upload = check(&format!("{HEADER}{}\n", rows.join("\n")), "wechat-batch").expect("a sheet");
    assert_eq!(
        found(&upload),
        [
            ("A2", "SH01", "e-notation"),
            ("A3", "SH02", "cut-number"),
            ("A4", "SH04", "full-width"),
            ("A5", "SH05", "surrounding-blanks"),
            ("C5", "SH05", "surrounding-blanks"),
            ("D6", "SH04", "full-width"),
            ("E6", "SH06", "formula-text"),
            ("D7", "SH10", "fault-value"),
            ("D8", "SH01", "e-notation"),
            ("B8", "SH05", "surrounding-blanks"),
        ]
    );
    let fixes: Vec<_> = upload.report.issues.iter().filter_map(|issue| issue.fix).collect();
    assert_eq!(fixes.len(), 5, "the certain corrections are offered");
}

#[test]
fn lost_zeros_are_noticed_beside_numbers_that_kept_theirs() {
    let upload =
        check(&format!("{HEADER}000123,oA,,1,a\n124,oB,,1,b\n000125,oC,,1,c\n"), "wechat-batch").expect("a sheet");
    assert_eq!(found(&upload), [("A3", "SH03", "leading-zeros"), ("A3", "V03", "short-for-receipts")]);
}

#[test]
fn bills_are_not_batches() {
    let rows = "b1,oA,张★三,0.20,a\nb1,oA,,0.20,a\n";
    let upload = check(&format!("商户单号,openid,姓名,金额(元),备注\n{rows}"), "wechat-bill").expect("a sheet");
    assert_eq!(
        found(&upload),
        [("C2", "V12", "name-forbidden"), ("A3", "V05", "duplicate"), ("B3", "V25", "duplicate-payment")],
        "no receipts by number, symbols allowed, names may be mixed"
    );
    assert_eq!(upload.report.issues[0].severity, payseal::issue::Severity::Warning);
}

#[test]
fn every_channel_of_ping_takes_a_sheet_and_knows_its_rules() {
    let upload =
        check("订单号,账户,姓名,金额(元)\n2016A,account01@alipay.com,张三,50\n2016A,x y,李四,\n", "pingpp:alipay");
    assert_eq!(
        found(&upload.expect("a sheet")),
        [("D3", "PP07", "missing"), ("B3", "PP20", "shape"), ("A3", "PP17", "duplicate")]
    );
    let upload =
        check("卡号,户名,amount(fen),开户银行编号,强制校验\n6225000000000000,张三,5000,0308,\n", "pingpp:unionpay")
            .expect("a sheet");
    assert!(upload.report.ok(), "{:?}", found(&upload));
    assert_eq!(
        String::from_utf8_lossy(&upload.rows),
        r#"[{"account":"6225000000000000","amount":5000,"name":"张三","open_bank_code":"0308"}]"#
    );
    for name in TARGETS {
        let target: Target = name.parse().expect("a target");
        let template = sheet::to_csv([sheet::template(target.columns(), payseal::issue::Locale::Zh)].into_iter());
        let (grid, mapping) = open(&String::from_utf8(template).expect("UTF-8"), &target);
        assert_eq!(mapping.missing(target.columns()).count(), 0, "{name} reads its own template");
        let upload = upload::check(&grid, &mapping, &target, None, Extent::Report).expect("a sheet");
        assert_eq!(found(&upload), [("/", "SH13", "empty")], "an empty template pays nobody");
    }
}

#[test]
fn a_thousands_separator_without_quotes_is_never_an_amount() {
    let rows = |header: &str, row: &str| {
        let upload = check(&format!("{header}\n{row}\n"), "wechat-batch").expect("a sheet");
        found(&upload).iter().map(|(path, code, _)| format!("{path} {code}")).collect::<Vec<_>>()
    };
    let last = "商户明细单号,openid,备注,金额(元)";
    assert_eq!(rows(last, "d00001,oA,r,1,000"), ["2 SH14"]);
    assert_eq!(rows(last, "d00001,oA,r,1,234.56"), ["2 SH14"]);
    assert_eq!(rows(last, "d00001,oA,r,12,"), [""; 0], "a separator too many at the end moves nothing");
    let upload = check(&format!("{last}\nd00001,oA,r,1,000\n"), "wechat-batch").expect("a sheet");
    let message = upload.report.issues[0].message(payseal::issue::Locale::En);
    assert!(message.starts_with("the row has more cells than the header"), "{message}");
    // The cell that is too many is the empty one at the end.
    assert_eq!(rows("商户明细单号,金额(元),备注,openid,姓名", "d00001,1,000,r,oA,"), ["2 SH14"]);
    assert_eq!(rows("商户明细单号,金额(元),备注,openid,姓名", "d00001,1,00,r,oA,"), [""; 0]);
    // A remark with a separator in front of the amount.
    assert_eq!(rows("商户明细单号,openid,备注,金额(元)", "d00001,oA,奖金,3,500"), ["2 SH14"]);
}

#[test]
fn the_unit_of_an_ordinary_word_is_asked_for() {
    let target: Target = "pingpp:wx".parse().expect("a target");
    for header in ["open_id,amount,name", "open_id,Amount,name"] {
        let (grid, mapping) = open(&format!("{header}\noA,5000,张三\n"), &target);
        assert_eq!(mapping.unit, None, "{header}");
        assert!(upload::check(&grid, &mapping, &target, None, Extent::Report).is_err());
    }
    let target: Target = "wechat-batch".parse().expect("a target");
    let (_, mapping) = open("out_detail_no,transfer_amount,transfer_remark,openid\n", &target);
    assert_eq!(mapping.unit, Some(sheet::AmountUnit::Fen), "the wire name has the wire's unit");
}

#[test]
fn payments_of_another_file_are_warned_about() {
    let target: Target = "wechat-batch".parse().expect("a target");
    let (grid, mapping) = open(&format!("{HEADER}d00001,oA,,1,a\nd00002,oB,,2,b\n"), &target);
    let (other, other_mapping) = open(&format!("{HEADER}x00001,oB,,2.00,z\nx00002,oA,,2,z\n"), &target);
    let paid = Paid::read(&other, &other_mapping, &target).expect("a sheet");
    let upload = upload::check(&grid, &mapping, &target, Some(&paid), Extent::Report).expect("a sheet");
    assert_eq!(found(&upload), [("3", "SH09", "paid-elsewhere")]);
}

#[test]
fn headers_are_found_below_a_title_and_units_are_never_guessed() {
    let upload = check(&format!("九月工资表\n\n{HEADER}d00001,oA,,1,a\n"), "wechat-batch").expect("a sheet");
    assert_eq!((upload.report.count, upload.report.total), (1, 100));
    assert!(matches!(check("单号,openid,金额,备注\n", "wechat-batch"), Err(Error::SheetColumns(_))));
    let target: Target = "wechat-batch".parse().expect("a target");
    let (grid, _) = sheet::read("单号,openid,openid,金额(元),备注\n".to_owned(), None).expect("a sheet");
    assert!(matches!(Mapping::find(&grid, target.columns(), &[], None), Err(Error::SheetColumns(_))));
    let places = [("openid".to_owned(), 2)];
    let mapping = Mapping::find(&grid, target.columns(), &places, None).expect("told by the caller");
    assert_eq!(mapping.places, [Some(0), Some(3), Some(4), Some(2), None]);
}

#[test]
fn an_edit_is_seen_by_the_next_check_and_moves_no_other_cell() {
    let target: Target = "wechat-batch".parse().expect("a target");
    let (mut grid, mapping) = open(&format!("{HEADER}d00001,oA\n\nd00002,oB,,2,b\n"), &target);
    let row = grid.find(2).expect("a row");
    grid.edit(row, 3, "1.5").expect("a cell beyond the row");
    grid.edit(row, 4, "a,\"b\"").expect("a cell");
    let upload = upload::check(&grid, &mapping, &target, None, Extent::Report).expect("a sheet");
    assert_eq!((found(&upload), upload.report.total), (vec![], 350));
    let csv = String::from_utf8(sheet::to_csv(sheet::plain(&grid))).expect("UTF-8");
    assert_eq!(
        csv,
        "\u{feff}商户明细单号,openid,姓名,金额(元),备注\r\nd00001,oA,,1.5,\"a,\"\"b\"\"\"\r\n\r\nd00002,oB,,2,b\r\n"
    );
    assert_eq!(grid.find(3), None);
}

fn head() -> String {
    r#"{"appid":"wx0123456789","out_batch_no":"salary202611","batch_name":"工资","batch_remark":"工资","transfer_scene_id":"1005"}"#.to_owned()
}

#[test]
fn a_sheet_becomes_the_batches_that_its_rows_become() {
    let target: Target = "wechat-batch".parse().expect("a target");
    let rows: String = (0..7)
        .map(|row| format!("d0000{row},o{row},{},{}.5,工资\n", if row % 3 == 0 { "张三" } else { "" }, row + 1))
        .collect();
    let (grid, mapping) = open(&format!("{HEADER}{rows}"), &target);
    let limits = Limits::default();
    let upload = upload::check(&grid, &mapping, &target, None, Extent::Rows).expect("a sheet");
    let ours = wechat::batches((&grid, &mapping), &head(), (3, Some(&upload.hash)), &limits).expect("batches");

    let json = head().replace('}', &format!(r#","transfer_detail_list":{}}}"#, String::from_utf8_lossy(&upload.rows)));
    let parts: serde_json::Value =
        serde_json::from_str(&split_batch(&json, (3, Some(&upload.hash)), &limits, Names::Plain).expect("batches"))
            .expect("JSON");
    let parts = parts.as_array().expect("a list");
    assert_eq!(ours.len(), parts.len());
    for (batch, part) in ours.iter().zip(parts) {
        let parsed = parse_batch(&part.to_string(), &limits, Names::Plain).expect("a batch");
        assert_eq!((batch.out_batch_no(), batch.fingerprint()), (parsed.out_batch_no(), parsed.fingerprint()));
    }
    assert_eq!(ours.iter().map(|batch| batch.count()).collect::<Vec<_>>(), [3, 3, 1]);
}

#[test]
fn rows_that_were_not_approved_are_not_sealed() {
    let target: Target = "wechat-batch".parse().expect("a target");
    let limits = Limits::default();
    let (grid, mapping) = open(&format!("{HEADER}d00001,oA,,1,a\nd00002,oB,,2,b\n"), &target);
    let hash = |rows: &str| check(&format!("{HEADER}{rows}"), "wechat-batch").expect("a sheet").hash;
    let approved = hash("d00001,oA,,1.00,a\r\nd00002,oB,,2.0,b\r\n");
    assert!(
        wechat::batches((&grid, &mapping), &head(), (10, Some(&approved)), &limits).is_ok(),
        "the same rows, written otherwise"
    );
    for others in ["d00001,oA,,1,a\nd00002,oB,,2.01,b\n", "d00001,oA,,1,a\n", "d00002,oB,,2,b\nd00001,oA,,1,a\n"] {
        let refused = wechat::batches((&grid, &mapping), &head(), (10, Some(&hash(others))), &limits);
        assert_eq!(refused.map(|_| ()), Err(Error::NotApproved));
    }
    assert!(wechat::batches((&grid, &mapping), &head(), (10, None), &limits).is_ok());
    let twice = head().replace('}', r#","transfer_detail_list":[]}"#);
    assert_eq!(
        wechat::batches((&grid, &mapping), &twice, (10, None), &limits).map(|_| ()),
        Err(Error::OptionsInvalid("the head holds rows, and so does the sheet".into()))
    );
}

/// What is found in a file, as expected.json writes it: issues by cell, or the code of a refusal.
fn found_in(bytes: &[u8]) -> serde_json::Value {
    let upload = open_file(bytes).and_then(|grid| {
        let target: Target = "wechat-batch".parse()?;
        let mapping = Mapping::find(&grid, target.columns(), &[], None)?;
        upload::check(&grid, &mapping, &target, None, Extent::Rows)
    });
    match upload {
        Err(error) => error.code().into(),
        Ok(upload) => upload
            .report
            .issues
            .iter()
            .map(|issue| {
                let severity = if issue.severity == payseal::issue::Severity::Error { "error" } else { "warning" };
                format!("{} {} {} {severity}", issue.place.path, issue.rule.id, issue.reason.key())
            })
            .collect::<Vec<_>>()
            .into(),
    }
}

/// The way that the shim goes through both modules.
fn open_file(bytes: &[u8]) -> Result<Grid> {
    use payseal::files::{encoding, xlsx};
    use payseal::sheet::Kind;
    let text = match sheet::sniff(bytes)? {
        Kind::Xlsx => return Grid::from_interchange(&xlsx::read(bytes, None, xlsx::Limits::default())?.grid),
        Kind::Text(encoding) => sheet::decode(bytes, encoding)?,
        Kind::Doubtful => match encoding::decide(bytes) {
            decision if decision.encoding == encoding::Encoding::Gb18030 => decision.text,
            _ => sheet::decode(bytes, Encoding::Utf8)?,
        },
    };
    sheet::read(text, None).map(|(grid, _)| grid)
}

#[test]
fn every_file_of_the_corpus_has_the_issues_of_the_list() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sheets");
    let list = std::fs::read_to_string(folder.join("expected.json")).expect("expected.json");
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    for entry in list["files"].as_array().expect("files") {
        let file = entry["file"].as_str().expect("a name");
        let bytes = std::fs::read(folder.join(file)).expect(file);
        assert_eq!(found_in(&bytes), entry["issues"], "{file}");
    }
}

#[test]
fn every_row_of_a_long_sheet_is_read_once_and_repeats_are_found_however_far_apart() {
    // Longer than what one call reads, and out of order at its end.
    let row = |number: usize| format!("d{number:05},o{number},张三,{}.00,工资\n", 1 + number % 50);
    let rows: String = (1..=1500).map(row).chain([row(700), row(1), row(1600), row(1550)]).collect();
    let upload = check(&format!("{HEADER}{rows}"), "wechat-batch").expect("a sheet");
    assert_eq!(upload.report.count, 1504);
    let total: usize = (1..=1500).chain([700, 1, 1600, 1550]).map(|number| 100 * (1 + number % 50)).sum();
    assert_eq!(upload.report.total, total as u64);
    assert_eq!(
        found(&upload),
        [
            ("A1502", "V04", "duplicate"),
            ("B1502", "V25", "duplicate-payment"),
            ("A1503", "V04", "duplicate"),
            ("B1503", "V25", "duplicate-payment"),
        ]
    );
    assert_eq!(upload.rows.iter().filter(|byte| **byte == b'{').count(), 1504);
}

#[test]
fn numbers_are_padded_with_zeros_when_half_of_them_are() {
    let issues = |numbers: &[&str]| {
        let rows: String = (1..).zip(numbers).map(|(at, number)| format!("{number},o{at},张三,1.00,工资\n")).collect();
        let upload = check(&format!("{HEADER}{rows}"), "wechat-batch").expect("a sheet");
        found(&upload)
            .into_iter()
            .filter(|(_, rule, _)| *rule == "SH03")
            .map(|(at, ..)| at.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(issues(&["0000001", "0000002", "123456", "d000004"]), ["A4"]);
    assert!(issues(&["0000001", "123456", "d000004"]).is_empty());
    assert!(issues(&["0000001", "000002", "123456"]).is_empty());
}

#[test]
fn three_digits_tell_the_parts_of_an_upload_apart() {
    let limits = Limits::default();
    let batch = |rows: usize| {
        let rows: Vec<_> = (1..=rows)
            .map(|at| serde_json::json!({"out_detail_no": format!("d{at:05}"), "transfer_amount": 100, "transfer_remark": "x", "openid": format!("o{at}")}))
            .collect();
        serde_json::json!({"appid": "wxf636efh567hg4356", "out_batch_no": "a".repeat(29), "batch_name": "x", "batch_remark": "x", "transfer_detail_list": rows}).to_string()
    };
    let parts: Vec<serde_json::Value> =
        serde_json::from_str(&split_batch(&batch(999), (1, None), &limits, Names::Plain).expect("batches"))
            .expect("JSON");
    assert_eq!(parts.len(), 999);
    for part in [&parts[0], &parts[998]] {
        parse_batch(&part.to_string(), &limits, Names::Plain).expect("a batch that may be sent");
    }
    assert_eq!(
        split_batch(&batch(1000), (1, None), &limits, Names::Plain),
        Err(Error::OptionsInvalid("size makes more than 999 batches".into()))
    );
}
