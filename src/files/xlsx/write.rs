//! A grid → XLSX, from which Excel takes every text as the text it is.
//!
//! Texts are inline strings in cells of the format `@`, and so is what will be typed into their columns: no id becomes a number, no remark a
//! formula. Only what came as a number leaves as one.

use core::fmt::Write;

use super::super::packer::{Deflater, Packer};
use super::{MAX_COLUMNS, MAX_ROWS};
use crate::error::{Error, Result};
use crate::grid::{Cell, Flags, Row, Rows};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Every part but the two that depend on what is written.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    // The formats of cells by the index below: 49 is text, 14 a date.
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
    ),
];
const GENERAL: u8 = 0;
const TEXT: u8 = 1;
const BOLD: u8 = 2;
const DATE: u8 = 3;

/// What Excel allows in a cell, in UTF-16 units.
const MAX_TEXT: usize = 32_767;
/// And in the name of a worksheet.
const MAX_NAME: usize = 31;
/// Widths of columns, in characters.
const WIDTHS: core::ops::RangeInclusive<usize> = 8..=60;

/// Writes one worksheet; the first row is its header.
///
/// # Errors
/// [`Error::SheetTooLarge`] beyond what the format holds, [`Error::SheetFormat`] if the grid is damaged.
pub fn write(grid: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut packer = Packer::default();
    for (part, content) in PARTS {
        packer.part(part, |to| to.push(HEAD).and_then(|()| to.push(content)))?;
    }
    packer.part("xl/workbook.xml", |to| to.push(&workbook(name)))?;
    packer.part("xl/worksheets/sheet1.xml", |to| worksheet(grid, to))?;
    packer.finish()
}

fn workbook(name: &str) -> String {
    let mut xml = String::from(HEAD);
    xml.push_str(r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name=""#);
    // Excel refuses a workbook with any other name.
    let allowed =
        |c: char| !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\u{fffe}' | '\u{ffff}');
    let mut length = 0;
    let name = name.trim_matches('\'').chars().filter(|c| allowed(*c)).take_while(|c| {
        length += c.len_utf16();
        length <= MAX_NAME
    });
    let name: String = name.collect();
    let name = name.trim_end_matches('\'');
    escape(if name.trim().is_empty() { "Sheet1" } else { name }, &mut xml);
    xml.push_str(r#"" sheetId="1" r:id="rId1"/></sheets></workbook>"#);
    xml
}

fn worksheet(grid: &[u8], to: &mut Deflater) -> Result<()> {
    let (header, widths) = measure(grid)?;
    let mut xml = String::from(HEAD);
    xml.push_str(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#);
    if let Some(header) = header {
        let below = header + 1;
        let _ = write!(
            xml,
            r#"<sheetViews><sheetView workbookViewId="0"><pane ySplit="{header}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#
        );
    }
    if !widths.is_empty() {
        xml.push_str("<cols>");
        for (column, width) in (1..).zip(widths) {
            let _ =
                write!(xml, r#"<col min="{column}" max="{column}" width="{width}" style="{TEXT}" customWidth="1"/>"#);
        }
        xml.push_str("</cols>");
    }
    xml.push_str("<sheetData>");
    to.push(&xml)?;
    for row in Rows::new(grid)? {
        let row = row?;
        xml.clear();
        write_row(&row, Some(row.number) == header, &mut xml);
        to.push(&xml)?;
    }
    to.push("</sheetData></worksheet>")
}

/// The number of the first row, and how wide each column is; what Excel would refuse is refused here.
fn measure(grid: &[u8]) -> Result<(Option<u32>, Vec<usize>)> {
    let (mut first, mut last, mut widths) = (None, 0, Vec::new());
    for row in Rows::new(grid)? {
        let row = row?;
        if row.number <= last {
            return Err(Error::SheetFormat("the rows of the grid are out of order"));
        }
        last = row.number;
        first = first.or(Some(row.number));
        if row.number > MAX_ROWS || row.cells.len() > MAX_COLUMNS as usize {
            return Err(Error::SheetTooLarge(
                "an XLSX holds 1,048,576 rows and 16,384 columns: split it, or save it as CSV",
            ));
        }
        for (column, cell) in row.cells.iter().enumerate() {
            if cell.text.len() > MAX_TEXT && cell.text.encode_utf16().count() > MAX_TEXT {
                return Err(Error::SheetTooLarge("a cell has more than 32,767 characters: save it as CSV"));
            }
            if column == widths.len() {
                widths.push(*WIDTHS.start());
            }
            // A hanzi is as wide as two letters. One more for the edges.
            let wide = cell.text.chars().take(*WIDTHS.end()).map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum::<usize>();
            widths[column] = widths[column].max(wide + 1).min(*WIDTHS.end());
        }
    }
    Ok((first, widths))
}

fn write_row(row: &Row<'_>, is_header: bool, xml: &mut String) {
    // Writing into a String cannot fail.
    let _ = write!(xml, r#"<row r="{}"{}>"#, row.number, if row.hidden { r#" hidden="1""# } else { "" });
    for (column, cell) in (0..).zip(&row.cells) {
        if !cell.text.is_empty() {
            write_cell(row.number, column, cell, is_header, xml);
        }
    }
    xml.push_str("</row>");
}

fn write_cell(row: u32, column: u32, cell: &Cell<'_>, is_header: bool, xml: &mut String) {
    let mut letters = [0; 3];
    let column = letters_of(column, &mut letters);
    if cell.flags.has(Flags::NUMBER) && is_number(cell.text) {
        let style = if cell.flags.has(Flags::DATE) { DATE } else { GENERAL };
        let _ = write!(xml, r#"<c r="{column}{row}" s="{style}"><v>{}</v></c>"#, cell.text);
    } else {
        let style = if is_header { BOLD } else { TEXT };
        let _ = write!(xml, r#"<c r="{column}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">"#);
        escape(cell.text, xml);
        xml.push_str("</t></is></c>");
    }
}

/// `A` for 0.
fn letters_of(column: u32, into: &mut [u8; 3]) -> &str {
    let (mut rest, mut at) = (column + 1, into.len());
    while rest > 0 && at > 0 {
        at -= 1;
        into[at] = b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default();
        rest = (rest - 1) / 26;
    }
    core::str::from_utf8(&into[at..]).unwrap_or_default()
}

/// Whether Excel will keep the number and its digits; what it would write in another way is a text.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    // 17 digits tell every number that a cell can hold.
    let significant = whole.len() + mantissa.len().saturating_sub(whole.len() + 1);
    digits(whole)
        && digits(fraction)
        && digits(exponent)
        && exponent.len() <= 3
        && (whole == "0" || !whole.starts_with('0'))
        && significant <= if whole == "0" { 18 } else { 17 }
}

/// A text in XML. What XML cannot hold, and what would be taken for its stand-in, becomes `_xHHHH_`.
fn escape(text: &str, into: &mut String) {
    for (at, c) in text.char_indices() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\t' | '\n' => into.push(c),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(into, "_x{:04X}_", c as u32);
            }
            '_' if looks_escaped(&text[at..]) => into.push_str("_x005F_"),
            c => into.push(c),
        }
    }
}

fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters_of(column, &mut [0; 3]), letters);
        }
    }

    #[test]
    fn only_a_number_that_excel_keeps_is_written_as_one() {
        for text in ["0", "-1", "12.50", "0.30000000000000004", "1.1010119900307E+17", "1e-5", "45292"] {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "",
            "-",
            "+1",
            "007",
            "1,000",
            "１",
            " 1",
            "1.",
            ".5",
            "1e",
            "0x1",
            "NaN",
            "123456789012345678",
            "=1",
            "1e9999",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        let mut xml = String::new();
        escape("a<&>\"\r\n\u{1}_x000D_ _x00_\u{ffff}", &mut xml);
        assert_eq!(xml, "a&lt;&amp;&gt;&quot;_x000D_\n_x0001__x005F_x000D_ _x00__xFFFF_");
    }

    #[test]
    fn a_name_that_excel_would_refuse_is_made_one_that_it_takes() {
        for (name, taken) in [
            ("工资", "工资"),
            ("", "Sheet1"),
            ("'a/b[c]'", "abc"),
            (&"长".repeat(40), &"长".repeat(31)),
            ("a&b", "a&amp;b"),
        ] {
            assert!(workbook(name).contains(&format!(r#"<sheet name="{taken}" "#)), "{name}");
        }
    }
}
