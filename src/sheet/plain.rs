//! A cell in which there is nothing to suspect and nothing to refuse, told quickly: nearly every cell is one.

use super::columns::{AmountUnit, Column};
use crate::batch::{Accept, Cell, Shape, Unit};
use crate::block::consists_of;
use crate::money::{Fen, short_yuan};

/// What the cells of a column are when there is nothing to say of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plain {
    /// Amounts.
    Amount(AmountUnit),
    /// ASCII of one kind, by length.
    Word { min: usize, max: usize, accept: Accept },
    /// Text for people.
    Text { max: usize, unit: Unit },
    /// Every cell needs a closer look.
    Unknown,
}

impl Plain {
    pub(super) const fn of(column: &Column, unit: AmountUnit) -> Self {
        match column.field.shape {
            _ if column.amount => Self::Amount(unit),
            Shape::Word { min, max, accept } | Shape::Code { min, max, accept } => {
                Self::Word { min: min as usize, max: max as usize, accept }
            }
            // Any text that is there is long enough.
            Shape::Text { min: 0 | 1, max, unit, .. } => Self::Text { max: max as usize, unit },
            _ => Self::Unknown,
        }
    }

    /// Puts the text into a cell, if it is plain; false also where only a closer look could tell.
    #[inline(always)]
    pub(super) fn read<'g>(self, text: &'g str, cell: &mut Option<Cell<'g>>) -> bool {
        let ([first, ..], [.., last]) = (text.as_bytes(), text.as_bytes()) else { return false };
        let sound = match self {
            Self::Amount(unit) => {
                let Some(fen) = amount(text, unit) else { return false };
                *cell = Some(Cell::Fen(fen));
                return true;
            }
            Self::Word { min, max, accept } => {
                (min..=max).contains(&text.len())
                    && accept.all(text)
                    // A spreadsheet changes long numbers, and what looks like one or begins with zeros: they need a closer look.
                    && (first.is_ascii_alphabetic()
                        || matches!(first, b'1'..=b'9') && text.len() <= DIGITS && Accept::Alphanumeric.all(text))
            }
            // No blank, and nothing that begins a formula.
            Self::Text { max, unit } => {
                // So few bytes are not too many in any unit.
                (text.len() <= max || unit.measure(text) <= max)
                    && *last != b' '
                    && matches!(first, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | 0xe4..=0xe9)
                    && is_common(text)
            }
            Self::Unknown => false,
        };
        if sound {
            *cell = Some(Cell::Sound(text));
        }
        sound
    }
}

/// How many digits of a number a spreadsheet keeps.
const DIGITS: usize = 15;

/// An amount above zero.
#[inline(always)]
fn amount(text: &str, unit: AmountUnit) -> Option<Fen> {
    let read = match unit {
        AmountUnit::Yuan => short_yuan(text.as_bytes()).or_else(|| Fen::from_yuan(text).ok()),
        AmountUnit::Fen => Fen::from_integer(text).ok(),
    };
    read.filter(|fen| fen.get() > 0 && text.len() <= DIGITS)
}

/// Whether a text holds nothing but printable ASCII, the common Chinese characters, U+4E00 to U+9FFF, and the dot in names, U+00B7, told from its
/// bytes: each is one of the first, or begins or continues one of the others.
#[inline(always)]
fn is_common(text: &str) -> bool {
    consists_of(text.as_bytes(), |block| {
        let common = block.within(b' ', b'~').or(block.within(0x80, 0xbf)).or(block.within(0xe4, 0xe9));
        // C2 begins U+0080 to U+00BF, E4 begins U+4000 to U+4FFF.
        let dot = block.is(0xc2).and(block.followers().is(0xb7));
        common.or(dot).and_not(block.is(0xe4).and(block.followers().within(0x80, 0xb7)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Checker, Origin};
    use crate::grid::Flags;
    use crate::issue::Severity;
    use crate::sheet::grid::GridCell;
    use crate::sheet::suspect;
    use crate::wechat::{BATCH_COLUMNS, BILL_COLUMNS};
    use chacha20::rand_core::Rng;

    /// What is plain is nothing that the closer look would say anything of: the quick rules are the slow ones, or stricter.
    #[test]
    fn nothing_is_plain_that_a_closer_look_would_notice() {
        let parts = [
            "a", "Z", "0", "7", "12", "名", "结算", "㐀", "·", "é", " ", ".", "-", "E", "+", "=", "#", "１",
            "\u{200b}", "𠮷", "\t", "★",
        ];
        let mut rng = crate::entropy::Entropy::from_bytes([22; 32]).rng();
        let mut any = move |count: usize| rng.next_u32() as usize % count;
        let mut plain_ones = 0;
        for _ in 0..60_000 {
            // Many of one part reach the limits of length; few are what cells hold.
            let (kinds, most) = (1 + any(4), [3, 12, 40, 140][any(4)]);
            let chosen: Vec<&str> = (0..kinds).map(|_| parts[any(parts.len())]).collect();
            let text: String = (0..any(most)).map(|_| chosen[any(kinds)]).collect();
            for (column, unit) in
                BATCH_COLUMNS.iter().chain(&BILL_COLUMNS).zip([AmountUnit::Yuan, AmountUnit::Fen].into_iter().cycle())
            {
                let mut cell = None;
                if !Plain::of(column, unit).read(&text, &mut cell) {
                    continue;
                }
                plain_ones += 1;
                let found = GridCell { text: &text, marks: Flags::default() };
                assert_eq!(suspect::look(found, column.field, column.amount), None, "{text:?} {}", column.field.name);
                let mut checker = Checker::default();
                let origin = Origin::Batch;
                if column.amount {
                    let close = if unit == AmountUnit::Yuan { Cell::Yuan(&text) } else { Cell::Number(&text) };
                    let expected = checker.amount(&origin, column.field, &Some(close));
                    assert!(
                        matches!((cell, expected), (Some(Cell::Fen(read)), Some(expected)) if read == expected),
                        "{text:?}"
                    );
                } else {
                    assert_eq!(checker.text(&origin, column.field, &Some(Cell::Text(&text))), Some(text.as_str()));
                }
                assert!(!checker.failed(), "{text:?} {}", column.field.name);
                let report = checker.report(0, 0);
                assert!(
                    report.issues.iter().all(|issue| issue.severity != Severity::Warning),
                    "{text:?} {}",
                    column.field.name
                );
            }
        }
        assert!(plain_ones > 10_000, "{plain_ones} texts were plain");
    }

    #[test]
    fn common_characters_are_told_from_their_bytes_exactly() {
        for c in ('\0'..='\u{ffff}').chain(['😀', '\u{20000}']) {
            let expected = matches!(c, ' '..='~' | '\u{b7}' | '\u{4e00}'..='\u{9fff}');
            assert_eq!(is_common(&format!("a{c}名")), expected, "{c:?}");
            assert_eq!(is_common(&format!("结算结算{c}结算名")), expected, "{c:?}");
        }
    }
}
