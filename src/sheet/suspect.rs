//! What a spreadsheet did to a value before anybody saw it.

use super::grid::GridCell;
use super::rules::{SH01, SH02, SH03, SH04, SH05, SH06, SH07, SH10, SH11};
use crate::batch::{Field, Shape};
use crate::grid::Flags;
use crate::issue::{Fix, Reason, Rule, Severity};

/// Something to be said of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspicion {
    pub(super) rule: &'static Rule,
    pub(super) reason: Reason,
    pub(super) severity: Severity,
    pub(super) fix: Option<Fix>,
}

impl Suspicion {
    const fn new(rule: &'static Rule, reason: Reason) -> Self {
        Self { rule, reason, severity: rule.severity, fix: None }
    }
}

/// What is suspicious about a cell for `field`. An error means that the value is not the one that was meant.
pub(super) fn look(cell: GridCell<'_>, field: &Field, amount: bool) -> Option<Suspicion> {
    if cell.marks == Flags::default() && !may_be_suspicious(cell.text) {
        None
    } else {
        look_closely(cell, field, amount)
    }
}

fn look_closely(GridCell { text, marks }: GridCell<'_>, field: &Field, amount: bool) -> Option<Suspicion> {
    if marks.has(Flags::ERROR) || is_fault(text) {
        return Some(Suspicion::new(&SH10, Reason::FaultValue));
    }
    if marks.has(Flags::COVERED) {
        return Some(Suspicion::new(&SH07, Reason::MergedCell));
    }
    if marks.has(Flags::DATE) {
        return Some(Suspicion::new(&SH11, Reason::DateValue));
    }
    let words = matches!(field.shape, Shape::Word { .. } | Shape::Code { .. } | Shape::Choice(_) | Shape::Boolean);
    let code = amount || words || matches!(field.shape, Shape::Amount | Shape::Integer(_));
    let trimmed = trim(text);
    if trimmed.len() != text.len() {
        let severity = if code { Severity::Error } else { Severity::Warning };
        return Some(Suspicion { severity, fix: Some(Fix::Trim), ..Suspicion::new(&SH05, Reason::SurroundingBlanks) });
    }
    if begins_formula(text, amount) {
        return Some(Suspicion::new(&SH06, Reason::FormulaText));
    }
    if code && halfwidth(text).is_some() {
        return Some(Suspicion { fix: Some(Fix::Halfwidth), ..Suspicion::new(&SH04, Reason::FullWidth) });
    }
    let account = !amount && is_long_number(field);
    if (account || amount) && is_e_notation(text) {
        return Some(Suspicion::new(&SH01, Reason::ENotation));
    }
    if account && let Some(certain) = is_cut(text, marks.has(Flags::NUMBER)) {
        let severity = if certain { Severity::Error } else { Severity::Warning };
        return Some(Suspicion { severity, ..Suspicion::new(&SH02, Reason::CutNumber) });
    }
    if marks.has(Flags::FORMULA) {
        return Some(Suspicion { severity: Severity::Warning, ..Suspicion::new(&SH06, Reason::FormulaResult) });
    }
    (account && marks.has(Flags::NUMBER)).then_some(Suspicion::new(&SH03, Reason::StoredAsNumber))
}

/// Whether a text has to be looked at more closely: told by its first and last byte, because nearly every cell is harmless.
#[inline(always)]
fn may_be_suspicious(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    match first {
        b'A'..=b'Z' | b'a'..=b'z' => *last <= b' ' || *last == 0x7f || !text.is_ascii(),
        // Common Chinese characters, with nothing among them but what begins like them: no blank of any width, no full-width letter.
        0xe4..=0xe9 => bytes.iter().any(|byte| matches!(*byte, 0..=0x20 | 0x7f | 0xc2 | 0xe2 | 0xe3 | 0xef)),
        // Numbers: short and plain ones are what they seem.
        b'0'..=b'9' => bytes.len() > 15 || !bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'),
        _ => true,
    }
}

/// Blanks that nobody sees.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// A text without the blanks around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A text with its full-width ASCII made ordinary; `None` if it holds none.
pub(super) fn halfwidth(text: &str) -> Option<String> {
    let is_wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '。' | '￥');
    text.contains(is_wide).then(|| {
        text.chars()
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                '\u{3000}' => ' ',
                // Typed for a decimal point.
                '。' => '.',
                other => other,
            })
            .collect()
    })
}

/// What a spreadsheet would compute. A minus before an amount is a sign.
fn begins_formula(text: &str, amount: bool) -> bool {
    match text.as_bytes() {
        [b'=' | b'@', ..] => true,
        [b'+' | b'-', next, ..] => !amount && !next.is_ascii_digit(),
        _ => false,
    }
}

fn is_fault(text: &str) -> bool {
    const FAULTS: [&str; 8] = ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"];
    text.starts_with('#') && (FAULTS.contains(&text) || text.bytes().all(|byte| byte == b'#'))
}

/// Fields whose values are digits that nobody calculates with: numbers, accounts, openids.
pub(super) fn is_long_number(field: &Field) -> bool {
    match field.shape {
        Shape::Word { max, .. } | Shape::Code { max, .. } => max >= 12,
        Shape::Line { .. } => matches!(field.name, "account" | "card_number" | "open_id" | "user" | "recipient"),
        _ => false,
    }
}

/// `1.23E+17`, which stands where a longer number stood.
fn is_e_notation(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let sign = exponent.strip_prefix(['+', '-']);
    // Without a point and a sign it could be a number with a letter in it.
    (sign.is_some() || mantissa.contains('.')) && digits(whole) && digits(fraction) && digits(sign.unwrap_or(exponent))
}

/// Whether everything behind 15 digits is zero: certain where the file holds a number, likely where there are many zeros.
fn is_cut(text: &str, number: bool) -> Option<bool> {
    let bytes = text.as_bytes();
    if bytes.len() <= 15 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = bytes[15..].iter().all(|byte| *byte == b'0');
    match (number, zeros) {
        (true, _) => Some(true),
        (false, true) if bytes.len() >= 17 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Accept, Unit};

    const NUMBER: Field = Field {
        name: "number",
        label: "单号",
        rule: &SH01,
        required: true,
        shape: Shape::Word { min: 1, max: 32, accept: Accept::Alphanumeric },
    };
    const TEXT: Field =
        Field { name: "text", shape: Shape::Line { min: 0, max: 99, unit: Unit::Characters }, ..NUMBER };

    fn found(text: &str, marks: Flags, field: &Field, amount: bool) -> Option<(&'static str, &'static str)> {
        let found = look(GridCell { text, marks }, field, amount)?;
        Some((found.rule.id, if found.severity == Severity::Error { "error" } else { "warning" }))
    }

    #[test]
    fn what_a_spreadsheet_did_is_named() {
        let none = Flags::default();
        let cases = [
            ("1.1010119900307E+17", none, Some(("SH01", "error"))),
            ("1E5", none, None),
            ("110101199003070000", none, Some(("SH02", "warning"))),
            ("110101199003070000", Flags::NUMBER, Some(("SH02", "error"))),
            ("110101199003071234", none, None),
            ("1234567890123450", none, None),
            ("12", Flags::NUMBER, Some(("SH03", "warning"))),
            ("d０１", none, Some(("SH04", "error"))),
            (" d01", none, Some(("SH05", "error"))),
            ("d01\u{a0}", none, Some(("SH05", "error"))),
            ("\u{200b}d01", none, Some(("SH05", "error"))),
            ("=A1", none, Some(("SH06", "error"))),
            ("d01", Flags::FORMULA, Some(("SH06", "warning"))),
            ("", Flags::COVERED, Some(("SH07", "error"))),
            ("#REF!", none, Some(("SH10", "error"))),
            ("####", none, Some(("SH10", "error"))),
            ("45000", Flags::DATE, Some(("SH11", "error"))),
            ("d00001", none, None),
            ("000001", none, None),
        ];
        for (text, marks, expected) in cases {
            assert_eq!(found(text, marks, &NUMBER, false), expected, "{text}");
        }
    }

    #[test]
    fn texts_may_hold_what_codes_may_not_and_amounts_have_signs() {
        let none = Flags::default();
        assert_eq!(found("工资（Ａ）", none, &TEXT, false), None);
        assert_eq!(found("工资\u{3000}", none, &TEXT, false), Some(("SH05", "warning")));
        assert_eq!(found("=HYPERLINK(\"x\")", none, &TEXT, false), Some(("SH06", "error")));
        assert_eq!(found("-1.5", none, &NUMBER, true), None);
        assert_eq!(found("１２。５", none, &NUMBER, true), Some(("SH04", "error")));
        assert_eq!(found("1.2E+3", none, &NUMBER, true), Some(("SH01", "error")));
        assert_eq!(found("12.50", Flags::NUMBER, &NUMBER, true), None);
    }

    #[test]
    fn the_quick_look_misses_nothing() {
        // Every text that the long look finds something in is one that the quick look lets through.
        let blanks = [" ", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff}", "\u{2028}", "\t"];
        for base in ["d01", "12", "林", "工资", "A", "。"] {
            for blank in blanks {
                assert!(may_be_suspicious(&format!("{base}{blank}")), "{base:?} {blank:?}");
                assert!(may_be_suspicious(&format!("{blank}{base}")), "{base:?} {blank:?}");
            }
        }
        for text in ["1.2E+3", "12３", "d３", "林３", "#N/A", "110101199003070000", "+a", "@a"] {
            assert!(may_be_suspicious(text), "{text}");
        }
        assert!(!["d00001", "林小满", "12.50", "000001", ""].into_iter().any(may_be_suspicious));
    }

    #[test]
    fn fixes_are_exact() {
        assert_eq!(trim("\u{feff} 张三\u{3000}\u{a0}"), "张三");
        assert_eq!(halfwidth("１２．５０").as_deref(), Some("12.50"));
        assert_eq!(halfwidth("12.50"), None);
    }
}
