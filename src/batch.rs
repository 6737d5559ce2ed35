//! Rows → checked values, or every issue in every row.
//!
//! This is the mechanism; which fields there are and what they may hold are facts of a provider, handed in as data.

mod cell;

use serde_json::value::RawValue;

pub use cell::{Cell, Fields};

use crate::issue::{Issue, Place, Reason, Report, Rule, Severity};
use crate::money::{AmountError, Fen};

/// One field of a provider's request.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The name in Chinese, for messages.
    pub label: &'static str,
    /// The rule about its presence and shape.
    pub rule: &'static Rule,
    /// Whether it must be there.
    pub required: bool,
    /// What it may hold.
    pub shape: Shape,
}

/// What a text field may hold.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// ASCII of one kind, by length.
    Word {
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: u32,
        /// Which bytes it may hold.
        accept: fn(u8) -> bool,
    },
    /// Text for people, by length; astral, broken and control characters are refused under `characters`.
    Text {
        /// Fewest characters.
        min: u32,
        /// Most, in `unit`.
        max: u32,
        /// What is counted.
        unit: Unit,
        /// The rule about characters that are refused everywhere.
        characters: &'static Rule,
        /// The rule about symbols that may be refused, if there is one.
        symbols: Option<&'static Rule>,
    },
}

/// What the length of a text counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    Characters,
    /// Bytes of the UTF-8 form.
    Bytes,
}

/// Where a value comes from, so that an issue can say where it is.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'o> {
    /// The batch itself.
    Batch,
    /// A row of the list called `list`, from 0.
    Row {
        /// The list's name on the wire.
        list: &'o str,
        /// The row, from 0.
        index: u32,
    },
    /// A row of a sheet.
    Sheet {
        /// The row number the sheet shows; the header is row 1.
        row: u32,
        /// Which column holds which field.
        columns: &'o [(&'static str, usize)],
    },
}

impl Origin<'_> {
    fn place(&self, field: &str, label: &'static str) -> Place {
        let (path, row, column) = match self {
            Self::Batch => (format!("/{field}"), None, None),
            Self::Row { list, index } => (format!("/{list}/{index}/{field}"), Some(index + 1), None),
            Self::Sheet { row, columns } => {
                let column = columns.iter().find(|(name, _)| *name == field).map(|(_, column)| column_letters(*column));
                (format!("{}{row}", column.as_deref().unwrap_or_default()), Some(*row), column)
            }
        };
        Place { path, row, column, field: field.to_owned(), label }
    }
}

/// `0` is `A`, `26` is `AA`, as sheets count.
#[must_use]
pub fn column_letters(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]);
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// Collects issues while values are read.
#[derive(Debug, Default)]
pub struct Checker {
    issues: Vec<Issue>,
}

impl Checker {
    /// Notes an issue with the rule's own severity.
    pub fn note(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        rule: &'static Rule,
        reason: Reason,
        limit: Option<u64>,
    ) {
        self.note_as(rule.severity, origin, (field.name, field.label), rule, reason, limit);
    }

    /// Notes an issue with a severity of its own, about a field that may not be in any table.
    pub fn note_as(
        &mut self,
        severity: Severity,
        origin: &Origin<'_>,
        (name, label): (&str, &'static str),
        rule: &'static Rule,
        reason: Reason,
        limit: Option<u64>,
    ) {
        self.issues.push(Issue { rule, reason, severity, place: origin.place(name, label), limit });
    }

    /// Reads a text field. `None` if it is absent or not usable; an issue was noted unless it may be absent.
    pub fn text<'c>(&mut self, origin: &Origin<'_>, field: &Field, cell: Option<&'c Cell<'_>>) -> Option<&'c str> {
        let text = match cell {
            None => {
                if field.required {
                    self.note(origin, field, field.rule, Reason::Missing, None);
                }
                return None;
            }
            Some(Cell::Text(text)) => text.as_ref(),
            Some(other) => {
                let (rule, reason) = match (other, field.shape) {
                    (Cell::BrokenText, Shape::Text { characters, .. }) => (characters, Reason::LoneSurrogate),
                    (Cell::BrokenText, Shape::Word { .. }) => (field.rule, Reason::LoneSurrogate),
                    (Cell::Null, _) => (field.rule, Reason::Null),
                    _ => (field.rule, Reason::NotText),
                };
                self.note_as(Severity::Error, origin, (field.name, field.label), rule, reason, None);
                return None;
            }
        };
        if text.is_empty() && field.required {
            self.note(origin, field, field.rule, Reason::Missing, None);
            return None;
        }
        match field.shape {
            Shape::Word { min, max, accept } => self.word(origin, field, text, (min, max), accept),
            Shape::Text { min, max, unit, characters, symbols } => {
                let sound = self.characters(origin, field, text, characters, symbols);
                (self.length(origin, field, text, (min, max), unit) && sound).then_some(text)
            }
        }
    }

    fn word<'c>(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        text: &'c str,
        (min, max): (u32, u32),
        accept: fn(u8) -> bool,
    ) -> Option<&'c str> {
        if !text.bytes().all(accept) {
            self.note(origin, field, field.rule, Reason::Shape, None);
            return None;
        }
        self.length(origin, field, text, (min, max), Unit::Bytes).then_some(text)
    }

    fn length(&mut self, origin: &Origin<'_>, field: &Field, text: &str, (min, max): (u32, u32), unit: Unit) -> bool {
        let length = match unit {
            Unit::Characters => text.chars().count(),
            Unit::Bytes => text.len(),
        };
        let reason = match unit {
            _ if length < min as usize => Reason::TooShort,
            _ if length <= max as usize => return true,
            // A word is ASCII, so its bytes are its characters.
            Unit::Bytes if !text.is_ascii() => Reason::TooManyBytes,
            _ => Reason::TooLong,
        };
        let limit = if reason == Reason::TooShort { min } else { max };
        self.note(origin, field, field.rule, reason, Some(limit.into()));
        false
    }

    /// Notes the first character of each kind that is refused or may be refused; true if nothing is refused.
    fn characters(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        text: &str,
        rule: &'static Rule,
        symbols: Option<&'static Rule>,
    ) -> bool {
        let refused = if text.chars().any(char::is_control) {
            Some(Reason::ControlCharacter)
        } else if text.chars().any(|c| c > '\u{ffff}') {
            Some(Reason::Astral)
        } else {
            None
        };
        if let Some(reason) = refused {
            self.note(origin, field, rule, reason, None);
        } else if let Some(symbols) = symbols
            && !text.chars().all(is_ordinary)
        {
            self.note(origin, field, symbols, Reason::RareSymbol, None);
        }
        refused.is_none()
    }

    /// Reads a whole number of fen above zero.
    pub fn amount(&mut self, origin: &Origin<'_>, field: &Field, cell: Option<&Cell<'_>>) -> Option<Fen> {
        let reason = match self.number(cell) {
            Ok(fen) if fen.get() > 0 => return Some(fen),
            Ok(_) => Reason::AmountZero,
            Err(reason) => reason,
        };
        self.note(origin, field, field.rule, reason, None);
        None
    }

    /// Reads a whole number, zero included; says why it is none.
    fn number(&self, cell: Option<&Cell<'_>>) -> Result<Fen, Reason> {
        match cell {
            None => Err(Reason::Missing),
            Some(Cell::Null) => Err(Reason::Null),
            Some(Cell::Number(digits)) => Fen::from_integer(digits).map_err(amount_reason),
            Some(Cell::Yuan(text)) => Fen::from_yuan(text).map_err(amount_reason),
            Some(Cell::Text(_) | Cell::BrokenText) => Err(Reason::AmountIsText),
            Some(_) => Err(Reason::AmountNotNumber),
        }
    }

    /// Compares a declared total with what the rows add up to. An absent total is noted only where the field is required.
    pub fn total(&mut self, field: &Field, cell: Option<&Cell<'_>>, actual: u64, mismatch: Reason) {
        if cell.is_none() && !field.required {
            return;
        }
        let (reason, limit) = match self.number(cell) {
            Ok(declared) if declared.get() == actual => return,
            Ok(_) => (mismatch, Some(actual)),
            Err(reason) => (reason, None),
        };
        self.note(&Origin::Batch, field, field.rule, reason, limit);
    }

    /// Notes every field that no table names.
    pub fn unknown_fields(&mut self, origin: &Origin<'_>, fields: &Fields<'_>, known: &[&Field], rule: &'static Rule) {
        for name in fields.names().filter(|name| !known.iter().any(|field| field.name == *name)) {
            self.note_as(rule.severity, origin, (name, ""), rule, Reason::UnknownField, None);
        }
    }

    /// Everything noted, in row order, the batch as a whole first.
    #[must_use]
    pub fn report(mut self, count: u32, total: u64) -> Report {
        self.issues.sort_by_key(|issue| issue.place.row.unwrap_or(0));
        Report { count, total, issues: self.issues }
    }

    /// Whether an error was noted so far.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity == Severity::Error)
    }
}

const fn amount_reason(error: AmountError) -> Reason {
    match error {
        AmountError::Empty => Reason::Missing,
        AmountError::Negative => Reason::AmountNegative,
        AmountError::NotInteger => Reason::AmountNotInteger,
        AmountError::TooPrecise => Reason::AmountTooPrecise,
        AmountError::TooLarge => Reason::AmountTooLarge,
        AmountError::NotNumber => Reason::AmountNotNumber,
    }
}

/// Letters, digits, CJK and the punctuation people type in both languages.
fn is_ordinary(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, ' '..='~' | '\u{b7}' | '\u{2013}'..='\u{201d}' | '\u{2026}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ffee}')
}

/// The items of a JSON array, each still in its own text.
#[must_use]
pub fn items(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_sheets_do() {
        let letters: Vec<_> = [0, 2, 25, 26, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "C", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn ordinary_punctuation_is_told_from_rare_symbols() {
        assert!("阿依古丽·买买提（A-1）“好”…—、。ｆ".chars().all(is_ordinary));
        assert!(['\u{2022}', '\u{200b}', '\u{202e}', '\u{feff}', '★'].into_iter().all(|c| !is_ordinary(c)));
    }
}
