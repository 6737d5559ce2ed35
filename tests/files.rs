//! The module for files against the corpus in tests/data/sheets, whose cells were written down by who made them, and against other readers.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use calamine::{Data, Range, Reader, Xlsx};
use payseal::error::{Error, Result};
use payseal::files::encoding::{self, Encoding};
use payseal::files::xlsx::{self, Limits, Workbook};
use payseal::grid::{Builder, Cell, Flags, Row, Rows};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Corpus {
    files: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    file: String,
    result: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    encoding: String,
    confident: Option<bool>,
    #[serde(default)]
    worksheet: String,
    #[serde(default)]
    worksheets: Vec<String>,
    #[serde(default)]
    hidden_columns: Vec<u32>,
    shape: Option<(usize, usize)>,
    #[serde(default)]
    cells: Vec<ExpectedRow>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct ExpectedRow {
    row: u32,
    cells: Vec<String>,
    #[serde(default)]
    flags: Vec<u8>,
    #[serde(default)]
    hidden: bool,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/sheets")
}

fn corpus() -> Vec<Expected> {
    let text = fs::read_to_string(folder().join("expected.json")).expect("expected.json");
    serde_json::from_str::<Corpus>(&text).expect("the documented shape").files
}

fn bytes(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).expect(file)
}

fn rows(grid: &[u8]) -> Vec<Row<'_>> {
    Rows::new(grid).expect("a grid").collect::<Result<_>>().expect("whole rows")
}

fn read(bytes: &[u8]) -> Result<Workbook> {
    xlsx::read(bytes, None, Limits::default())
}

/// A row as expected.json writes it: without the blank cells at its end.
fn written(row: &Row<'_>) -> ExpectedRow {
    let used = row.cells.iter().rposition(|cell| *cell != Cell::default()).map_or(0, |last| last + 1);
    let cells = &row.cells[..used];
    let flags = if cells.iter().any(|cell| cell.flags != Flags::default()) {
        cells.iter().map(|cell| cell.flags.0).collect()
    } else {
        Vec::new()
    };
    let cells = cells.iter().map(|cell| cell.text.to_owned()).collect();
    ExpectedRow { row: row.number, cells, flags, hidden: row.hidden }
}

#[test]
fn the_corpus_is_as_large_as_its_list() {
    let listed: BTreeSet<String> = corpus().into_iter().map(|expected| expected.file).collect();
    let made_by = ["py", "txt", "json"];
    let present: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| listed.contains(name) || !made_by.iter().any(|end| name.ends_with(end)) && name != "__pycache__")
        .collect();
    assert_eq!(present, listed);
    assert!(listed.len() >= 60);
}

#[test]
fn every_workbook_is_read_cell_by_cell() {
    for expected in corpus().iter().filter(|expected| expected.result == "ok" && expected.format == "xlsx") {
        let file = &expected.file;
        let book = read(&bytes(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!((&book.worksheet, &book.worksheets), (&expected.worksheet, &expected.worksheets), "{file}");
        assert_eq!(book.hidden_columns, expected.hidden_columns, "{file}");
        let rows = rows(&book.grid);
        if let Some(shape) = expected.shape {
            assert_eq!((rows.len(), rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)), shape, "{file}");
        } else {
            assert_eq!(rows.iter().map(written).collect::<Vec<_>>(), expected.cells, "{file}");
        }
    }
}

#[test]
fn what_is_no_workbook_is_refused_with_a_reason_and_a_code() {
    for expected in corpus().iter().filter(|expected| expected.result == "error") {
        let error = read(&bytes(&expected.file)).expect_err(&expected.file);
        assert_eq!(error.code(), expected.code, "{}: {error}", expected.file);
        assert!(error.to_string().contains(&expected.reason), "{}: {error}", expected.file);
    }
}

#[test]
fn the_encoding_of_every_text_is_found() {
    let named = [("utf-8", Encoding::Utf8), ("gb18030", Encoding::Gb18030)];
    for expected in corpus().iter().filter(|expected| expected.result == "ok" && expected.format == "csv") {
        let Some((_, encoding)) = named.iter().find(|(name, _)| *name == expected.encoding) else { continue };
        let decision = encoding::decide(&bytes(&expected.file));
        let found = (decision.encoding, decision.confident);
        assert_eq!(found, (*encoding, expected.confident.unwrap_or(true)), "{}", expected.file);
        let first = &expected.cells[0].cells[0];
        assert!(decision.text.contains(first.as_str()), "{}", expected.file);
    }
}

#[test]
fn another_reader_sees_the_same_cells() {
    for expected in corpus().iter().filter(|expected| expected.result == "ok" && expected.format == "xlsx") {
        let file = &expected.file;
        // It would ask for memory for every cell before the last one.
        if file == "last-cell.xlsx" {
            continue;
        }
        let content = bytes(file);
        let Some(range) = judged(&content, &expected.worksheet) else {
            assert!(
                ["other-case.xlsx", "blanks-around-number.xlsx"].contains(&file.as_str()),
                "the judge refuses {file}"
            );
            continue;
        };
        let book = read(&content).expect("read before");
        for row in rows(&book.grid) {
            for (column, cell) in (0..).zip(&row.cells) {
                let seen = range.get_value((row.number - 1, column)).unwrap_or(&Data::Empty);
                assert!(agree(cell, seen), "{file}: row {}, column {column}: {seen:?}", row.number);
            }
        }
        let cells =
            rows(&book.grid).iter().flat_map(|row| row.cells.clone()).filter(|cell| !cell.text.is_empty()).count();
        // What a merged range covers, the judge still sees.
        let covered = if file == "merged-far.xlsx" { 2 } else { 0 };
        assert_eq!(
            range.used_cells().filter(|(_, _, data)| !data.to_string().is_empty()).count(),
            cells + covered,
            "{file}"
        );
    }
}

fn judged(content: &[u8], worksheet: &str) -> Option<Range<Data>> {
    Xlsx::new(Cursor::new(content)).ok()?.worksheet_range(worksheet).ok()
}

fn agree(cell: &Cell<'_>, seen: &Data) -> bool {
    match seen {
        Data::Empty => cell.text.is_empty(),
        // The judge keeps blanks that Excel drops.
        Data::String(text) | Data::DateTimeIso(text) => {
            text == cell.text || text.trim() == cell.text || cell.flags.has(Flags::COVERED)
        }
        Data::Bool(value) => cell.text == if *value { "TRUE" } else { "FALSE" },
        Data::Error(error) => cell.flags.has(Flags::ERROR) && cell.text == error.to_string(),
        Data::Float(number) => cell.text.parse() == Ok(*number),
        Data::Int(number) => cell.text.parse() == Ok(*number),
        Data::DateTime(date) => cell.flags.has(Flags::DATE) && cell.text.parse() == Ok(date.as_f64()),
        Data::DurationIso(_) => false,
    }
}

#[test]
fn damage_at_any_place_is_survived() {
    for file in ["kinds.xlsx", "stored.xlsx", "zip64.xlsx"] {
        let whole = bytes(file);
        let book = read(&whole).expect("a workbook");
        for at in 0..whole.len() {
            assert!(read(&whole[..at]).is_err(), "{file} cut at {at}");
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            // Where nothing depends on the byte, the cells are the same; nowhere are they others.
            if let Ok(found) = read(&damaged) {
                assert!(found == book, "{file}: byte {at} changed");
            }
        }
    }
}

#[test]
fn the_limits_hold() {
    let content = bytes("same.xlsx");
    let with = |limits| xlsx::read(&content, None, limits).map(|_| ());
    let all = Limits::default();
    assert_eq!(with(all), Ok(()));
    for limits in [
        Limits { unpacked: 4_000, ..all },
        Limits { cells: 19, ..all },
        Limits { texts: 200, ..all },
        Limits { grid: 300, ..all },
    ] {
        assert!(matches!(with(limits), Err(Error::SheetTooLarge(_))), "{limits:?}");
    }
    assert_eq!(with(Limits { cells: 20, ..all }), Ok(()));
}

#[test]
fn a_worksheet_is_chosen_by_its_name() {
    let content = bytes("hidden-sheet.xlsx");
    let choose = |name| xlsx::read(&content, Some(name), Limits::default());
    let other = choose("A & B").expect("a worksheet");
    assert_eq!((other.worksheet.as_str(), rows(&other.grid)[0].cells[0].text), ("A & B", "别的"));
    assert_eq!(choose("工资").expect("hidden, but named").worksheet, "工资");
    assert!(matches!(choose("没有"), Err(Error::SheetFormat(reason)) if reason.contains("no worksheet of this name")));
}

/// Texts that Excel, XML or a reader could take for something else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[0-9.eE+-]{1,20}",
        "[ \t\r\n\u{a0}\u{3000}]{1,3}",
        prop::sample::select(vec![
            "=1+1", "_x000D_", "_x005F_", "]]>", "&amp;", "<t>", "李雷", "\0", "\u{fffe}", "00123"
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Number, whether it is hidden, and flags and texts of the cells.
type Line = (u32, bool, Vec<(u8, String)>);

fn built(table: &[Line]) -> Vec<u8> {
    let mut builder = Builder::default();
    for (number, hidden, cells) in table {
        let cells = cells.iter().map(|(flags, text)| Cell { flags: Flags(*flags), text }).collect();
        builder.push(&Row { number: *number, hidden: *hidden, cells }).expect("room");
    }
    builder.finish()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(lines in prop::collection::vec((1_u32..5, any::<bool>(), prop::collection::vec(text(), 1..6)), 0..6)) {
        let mut last = 0;
        let table: Vec<_> = lines
            .into_iter()
            .map(|(step, hidden, cells)| {
                last += step;
                (last, hidden, cells.into_iter().map(|text| (0, text)).collect::<Vec<_>>())
            })
            .collect();
        let content = xlsx::write(&built(&table), "工资").expect("written");
        let book = read(&content).expect("read");
        let found: Vec<_> = rows(&book.grid).iter().map(written).collect();
        let given = built(&table);
        let given: Vec<_> = rows(&given).iter().map(written).filter(|row| !row.cells.is_empty()).collect();
        prop_assert_eq!(found, given);
    }
}

#[test]
fn only_what_came_as_a_number_leaves_as_one() {
    let number = Flags::NUMBER.0;
    let table = [
        (1, false, vec![(0, "编号"), (0, "金额")]),
        (2, false, vec![(0, "007"), (number, "12.50"), (number, "007"), (number | 32, "46327"), (0, "=1+1")]),
    ];
    let table: Vec<_> = table
        .into_iter()
        .map(|(row, hidden, cells)| {
            (row, hidden, cells.into_iter().map(|(flags, text)| (flags, text.to_owned())).collect::<Vec<_>>())
        })
        .collect();
    let content = xlsx::write(&built(&table), "工资").expect("written");
    let mut judge: Xlsx<_> = Xlsx::new(Cursor::new(&content)).expect("a workbook");
    let range = judge.worksheet_range("工资").expect("the worksheet");
    let seen: Vec<_> = (0..5).map(|column| range.get_value((1, column)).cloned().unwrap_or_default()).collect();
    assert_eq!(
        (&seen[0], &seen[1], &seen[2]),
        (&Data::String("007".to_owned()), &Data::Float(12.5), &Data::String("007".to_owned()))
    );
    assert!(matches!(seen[3], Data::DateTime(date) if date.as_f64() == 46327.0));
    assert_eq!(seen[4], Data::String("=1+1".to_owned()));
}

#[test]
fn what_excel_would_refuse_is_not_written() {
    let refused = |table: &[Line]| xlsx::write(&built(table), "x").expect_err("too much").code();
    let cell = |text: String| vec![(0, text)];
    assert_eq!(refused(&[(1, false, cell("长".repeat(32_768)))]), "ERR_SHEET_TOO_LARGE");
    assert!(xlsx::write(&built(&[(1, false, cell("长".repeat(32_767)))]), "x").is_ok());
    assert_eq!(refused(&[(1_048_577, false, cell("x".to_owned()))]), "ERR_SHEET_TOO_LARGE");
    assert_eq!(refused(&[(1, false, vec![(0, String::new()); 16_385])]), "ERR_SHEET_TOO_LARGE");
    assert_eq!(refused(&[(2, false, vec![]), (2, false, vec![])]), "ERR_SHEET_FORMAT");
    assert_eq!(xlsx::write(b"PSG", "x").expect_err("no grid").code(), "ERR_SHEET_FORMAT");
}
