//! A sheet that is checked while it passes: what is found is what is found in the whole sheet, wherever its windows end.

use payseal::error::Result;
use payseal::issue::Report;
use payseal::sheet::{self, Encoding, Kind, Mapping, Separator, Stream};
use payseal::upload::{self, Extent, Passing, TARGETS, Target};
use proptest::collection::vec;
use proptest::prelude::*;

/// What is known of a sheet after it was checked.
#[derive(Debug, PartialEq)]
struct Found {
    report: Report,
    titles: Vec<String>,
    places: Vec<Option<usize>>,
    header: usize,
    separator: Option<Separator>,
}

fn target(name: &str) -> Target {
    name.parse().expect("a target")
}

/// Of the whole sheet.
fn whole(bytes: &[u8], encoding: Encoding, target: &Target) -> Result<Found> {
    let (grid, separator) = sheet::read(sheet::decode(bytes, encoding)?, None)?;
    let mapping = Mapping::find(&grid, target.columns(), &[], None)?;
    let upload = upload::check(&grid, &mapping, target, None, Extent::Report)?;
    let titles = grid.cells(mapping.header).map(|cell| cell.text.to_owned()).collect();
    let Mapping { header, places, .. } = mapping;
    Ok(Found { report: upload.report, titles, places, header, separator: Some(separator) })
}

/// Of the sheet while it passes, in pieces and windows of these sizes: `None` if only the whole sheet can tell.
fn passing(
    bytes: &[u8],
    encoding: Encoding,
    target: &Target,
    (piece, window): (usize, usize),
) -> Result<Option<Found>> {
    let stream = Stream::new(encoding, None, window)?;
    let mut passing = Passing::new(target.clone(), (Vec::new(), None), stream, bytes.len());
    loop {
        let mut at = 0;
        while at < bytes.len() {
            let end = bytes.len().min(at + piece);
            match passing.push(&bytes[at..end], end == bytes.len())? {
                Some(taken) => at += taken,
                None => return Ok(None),
            }
        }
        if !passing.again() {
            break;
        }
    }
    let separator = passing.separator();
    let report = passing.finish();
    let header = passing.header().expect("a header");
    let Mapping { header: row, places, .. } = header.mapping.clone();
    Ok(Some(Found { report, titles: header.titles.clone(), places, header: row, separator }))
}

/// Whether a sheet that passes is found to be what the whole of it is; false if only the whole can tell.
#[track_caller]
fn compare(bytes: &[u8], encoding: Encoding, target: &Target, sizes: (usize, usize)) -> bool {
    let whole = whole(bytes, encoding, target);
    match (passing(bytes, encoding, target, sizes), whole) {
        (Ok(Some(found)), whole) => {
            assert_eq!(Ok(found), whole, "{sizes:?}");
            true
        }
        (Ok(None), _) => false,
        // The whole sheet has the word.
        (Err(_), whole) => {
            assert!(whole.is_err(), "{sizes:?}");
            false
        }
    }
}

const SIZES: [(usize, usize); 6] = [(4, 1), (7, 40), (64, 64), (100, 300), (1000, 64), (65_536, 65_536)];

#[test]
fn every_text_of_the_corpus_passes_as_it_is_read_whole() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sheets");
    let (mut files, mut passed) = (0, 0);
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let bytes = std::fs::read(entry.expect("a file").path()).expect("bytes");
        let Ok(Kind::Text(encoding)) = sheet::sniff(&bytes) else { continue };
        files += 1;
        for target in TARGETS.map(target) {
            for sizes in SIZES {
                passed += usize::from(compare(&bytes, encoding, &target, sizes));
            }
        }
    }
    assert!(files > 40 && passed > files, "{passed} of {files} files passed");
}

/// `count` sound rows of a batch, each on a line of its own.
fn sound(count: usize) -> String {
    let header = "商户明细单号,openid,姓名,金额(元),备注\n".to_owned();
    (0..count)
        .fold(header, |sheet, row| sheet + &format!("d{:05},o{row:04},张三,{}.50,\"工,资\"\n", row, row % 900 + 1))
}

#[test]
fn a_sound_sheet_passes_to_its_end() {
    let batch = target("wechat-batch");
    let sheet = sound(900);
    for sizes in SIZES {
        assert!(compare(sheet.as_bytes(), Encoding::Utf8, &batch, sizes), "{sizes:?}");
    }
    let units = sheet.encode_utf16();
    let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    assert!(compare(&little, Encoding::Utf16Le, &batch, (100, 300)));
    assert!(compare(&big, Encoding::Utf16Be, &batch, (100, 300)));
    assert!(compare(format!("\u{feff}{sheet}").as_bytes(), Encoding::Utf8, &batch, (100, 300)));
    // Within a sheet it is a character that nobody sees.
    assert!(compare(sheet.replace("\nd00450", "\n\u{feff}d00450").as_bytes(), Encoding::Utf8, &batch, (7, 40)));
    // Lines end in any way, and the last one need not.
    assert!(compare(sheet.replace('\n', "\r\n").as_bytes(), Encoding::Utf8, &batch, (7, 40)));
    assert!(compare(sheet.replace('\n', "\r").trim_end().as_bytes(), Encoding::Utf8, &batch, (7, 40)));
    assert!(compare(sheet.replace('\n', "\n\n\n").as_bytes(), Encoding::Utf8, &batch, (7, 40)));
}

#[test]
fn wrong_rows_are_found_wherever_they_stand() {
    for row in [0, 1, 450, 899] {
        let number = if row == 0 { "c".to_owned() } else { format!("d{:05}x", row - 1) };
        let wrong = format!("\n1.1E+17,,名,1.005,\t\nd9 ,o9,x,,=1+1\n{number},o\u{a0},张三,0.1,备注,more\n");
        let mut lines: Vec<String> = sound(900).lines().map(str::to_owned).collect();
        lines.insert(row + 1, wrong);
        let sheet = lines.join("\n");
        for sizes in SIZES {
            assert!(compare(sheet.as_bytes(), Encoding::Utf8, &target("wechat-batch"), sizes), "{row} {sizes:?}");
        }
    }
}

#[test]
fn what_only_the_whole_sheet_can_tell_does_not_pass() {
    let batch = target("wechat-batch");
    let sheet = sound(900);
    let passes = |sheet: &str| compare(sheet.as_bytes(), Encoding::Utf8, &batch, (100, 300));
    assert!(passes(&sheet));
    for row in [0, 1, 450, 898] {
        // A number that was there before, or may have been; a payment that was is told, and one that was not.
        assert!(!passes(&format!("{sheet}d{row:05},oz,张三,1.00,x\n")));
        assert!(!passes(&format!("{sheet}d{row:05}x,oz,张三,1.00,x\n")) || row == 898);
        assert!(passes(&format!("{sheet}e1,o{row:04},张三,{}.50,x\n", row % 900 + 1)));
        assert!(passes(&format!("{sheet}e1,o{row:04},张三,{}.51,x\n", row % 900 + 1)));
    }
    // Numbers in any order from the first rows on.
    let mut lines: Vec<&str> = sheet.lines().collect();
    lines[1..].reverse();
    assert!(passes(&lines.join("\n")));
    lines.extend_from_within(5..9);
    assert!(passes(&lines.join("\n")));
    // Numbers that are padded with zeros, but for one that has lost its zeros.
    let padded = sheet.replace("\nd0", "\n000000");
    assert!(!passes(&padded));
    assert!(!passes(&padded.replace("\n0000000777,", "\n777,")));
    // A zero here and there is no padding.
    assert!(passes(&sheet.replace("\nd00000,", "\n00000,").replace("\nd00001,", "\n000001,")));
    // A quote that is never closed.
    assert!(!passes(&format!("{sheet}\"")));
    // No row, no header.
    assert!(!passes("\n\n"));
    assert!(!passes("a,b\nc,d\n"));
}

#[test]
fn a_quoted_cell_may_be_longer_than_any_window() {
    let long = "长".repeat(3000);
    let sheet =
        sound(900).replace("d00450,", &format!("\"{long}\n\"\"{long}\",")).replace("商户明细单号", "\"商户明细单号\"");
    assert!(compare(sheet.as_bytes(), Encoding::Utf8, &target("wechat-batch"), (64, 64)));
}

#[test]
fn the_header_is_found_below_titles_that_fill_windows() {
    let titles = format!("{}\n", "工资表 2026".repeat(30)).repeat(15);
    let sheet = titles + &sound(200);
    for sizes in SIZES {
        assert!(compare(sheet.as_bytes(), Encoding::Utf8, &target("wechat-batch"), sizes), "{sizes:?}");
    }
    // The separator shows below a title that has none; half a line of it shows another one.
    let tabs = format!("a;b\n{}", sound(200).replace(',', "\t"));
    for sizes in SIZES {
        compare(tabs.as_bytes(), Encoding::Utf8, &target("wechat-batch"), sizes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn any_sheet_passes_as_it_is_read_whole(
        rows in vec(vec(prop_oneof![
            Just(""), Just("d1"), Just("00012"), Just("00013"), Just("oA"), Just("oB"), Just("1.5"), Just("12"), Just("张三"), Just("=1"),
            Just("\"a,b\""), Just("\"x\ny\""), Just("\"q\"\"\""), Just(" "), Just("1e5"), Just("a\"b"),
        ], 0..7), 0..60),
        end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        (piece, window) in (4_usize..80, 1_usize..200),
        name in 0..TARGETS.len(),
        closed in any::<bool>(),
    ) {
        let header = "out_detail_no,out_bill_no,order_no,account,open_id,user,openid,amount,transfer_amount,name,user_name,description,transfer_remark";
        let target = target(TARGETS[name]);
        let columns: Vec<&str> = target.columns().iter().map(|column| column.field.name).collect();
        let header: Vec<&str> = header.split(',').filter(|name| columns.contains(name)).collect();
        let lines: Vec<String> = core::iter::once(header.join(",")).chain(rows.iter().map(|row| row.join(","))).collect();
        let text = lines.join(end) + if closed { end } else { "" };
        compare(text.as_bytes(), Encoding::Utf8, &target, (piece, window));
    }
}
