//! Rows → checked values, or every issue in every row.
//!
//! This is the mechanism; which fields there are and what they may hold are facts of a provider, handed in as data.

mod cell;
mod field;
mod hashes;
mod parts;
mod place;
mod seen;
mod sums;
mod text;

pub use cell::{Cell, Fields};
pub use field::{Accept, Field, Shape, Unit, Value};
pub use hashes::Hashes;
pub use parts::{MOST_PARTS, PART_DIGITS, part_number};
pub use place::{Origin, column_letters};
pub use seen::{Going, Keys, Seen};
pub use sums::Sums;
use text::Survey;

use crate::issue::{Fix, Issue, Reason, Report, Rule, Severity};
use crate::json::Json;
use crate::money::{AmountError, Fen};

/// Collects issues while values are read.
#[derive(Debug, Default)]
pub struct Checker {
    issues: Vec<Issue>,
    deaf: bool,
}

impl Checker {
    /// One that notes nothing, for values that are read once more.
    #[must_use]
    pub const fn deaf() -> Self {
        Self { issues: Vec::new(), deaf: true }
    }

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
    #[cold]
    pub fn note_as(
        &mut self,
        severity: Severity,
        origin: &Origin<'_>,
        (name, label): (&str, &'static str),
        rule: &'static Rule,
        reason: Reason,
        limit: Option<u64>,
    ) {
        if !self.deaf {
            self.issues.push(Issue { rule, reason, severity, place: origin.place(name, label), limit, fix: None });
        }
    }

    /// Notes an issue that can be corrected with certainty.
    pub fn note_fixable(
        &mut self,
        severity: Severity,
        origin: &Origin<'_>,
        field: &Field,
        rule: &'static Rule,
        (reason, fix): (Reason, Option<Fix>),
    ) {
        self.note_as(severity, origin, (field.name, field.label), rule, reason, None);
        if let Some(issue) = self.issues.last_mut() {
            issue.fix = fix;
        }
    }

    /// Reads a text field. `None` if it is absent or not usable; an issue was noted unless it may be absent.
    #[inline(always)]
    pub fn text<'c>(&mut self, origin: &Origin<'_>, field: &Field, cell: &Option<Cell<'c>>) -> Option<&'c str> {
        if let Some(Cell::Sound(text)) = cell { Some(*text) } else { self.read_text(origin, field, cell) }
    }

    #[inline(never)]
    fn read_text<'c>(&mut self, origin: &Origin<'_>, field: &Field, cell: &Option<Cell<'c>>) -> Option<&'c str> {
        let text = match *cell {
            None => {
                if field.required {
                    self.note(origin, field, field.rule, Reason::Missing, None);
                }
                return None;
            }
            Some(Cell::Sound(text)) => return Some(text),
            Some(Cell::Text(text)) => text,
            Some(Cell::Refused) => return None,
            Some(other) => {
                let (rule, reason) = match (other, field.shape) {
                    (Cell::BrokenText, Shape::Text { characters, .. }) => (characters, Reason::LoneSurrogate),
                    (Cell::BrokenText, _) => (field.rule, Reason::LoneSurrogate),
                    (Cell::Null, _) => (field.rule, Reason::Null),
                    (other, shape) => (field.rule, shape.mistaken(matches!(other, Cell::Number(_)))),
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
            Shape::Word { min, max, accept } | Shape::Code { min, max, accept } => {
                self.word(origin, field, text, (min, max), accept)
            }
            Shape::Text { min, max, unit, characters, symbols } => {
                let survey = Survey::of(text);
                let sound = self.characters(origin, field, survey, characters, symbols);
                let length = if unit == Unit::Characters { survey.characters } else { unit.measure(text) };
                (self.length(origin, field, text, (min, max), (unit, length)) && sound).then_some(text)
            }
            Shape::Line { min, max, unit } => {
                if text.chars().any(char::is_control) {
                    let name = (field.name, field.label);
                    self.note_as(Severity::Warning, origin, name, field.rule, Reason::ControlCharacter, None);
                }
                self.length(origin, field, text, (min, max), (unit, unit.measure(text))).then_some(text)
            }
            Shape::Choice(choices) if choices.contains(&text) => Some(text),
            shape => {
                let reason = if matches!(shape, Shape::Choice(_)) { Reason::NotChoice } else { shape.mistaken(false) };
                self.note_as(Severity::Error, origin, (field.name, field.label), field.rule, reason, None);
                None
            }
        }
    }

    /// Reads a field of any shape. `None` if it is absent or not usable; an issue was noted unless it may be absent.
    pub fn value<'c>(&mut self, origin: &Origin<'_>, field: &Field, cell: Option<Cell<'c>>) -> Option<Value<'c>> {
        let reason = match (field.shape, cell) {
            (Shape::Amount, _) => return self.amount(origin, field, &cell).map(Value::Amount),
            (Shape::Boolean, Some(Cell::Bool(value))) => return Some(Value::Boolean(value)),
            (Shape::Integer(max), Some(Cell::Number(digits))) => match Fen::from_integer(digits) {
                Ok(number) if number.get() <= max => return Some(Value::Integer(number.get())),
                Ok(_) | Err(AmountError::Negative | AmountError::TooLarge) => Reason::OutOfRange,
                Err(_) => Reason::NotInteger,
            },
            (_, Some(Cell::Refused)) => return None,
            _ => return self.text(origin, field, &cell).map(Value::Text),
        };
        self.note_as(Severity::Error, origin, (field.name, field.label), field.rule, reason, None);
        None
    }

    fn word<'c>(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        text: &'c str,
        (min, max): (u32, u32),
        accept: Accept,
    ) -> Option<&'c str> {
        if !accept.all(text) {
            self.note(origin, field, field.rule, Reason::Shape, None);
            return None;
        }
        self.length(origin, field, text, (min, max), (Unit::Bytes, text.len())).then_some(text)
    }

    fn length(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        text: &str,
        (min, max): (u32, u32),
        (unit, length): (Unit, usize),
    ) -> bool {
        let (reason, limit) = if length < min as usize {
            (Reason::TooShort, min)
        } else if length > max as usize {
            (unit.too_long(text), max)
        } else {
            return true;
        };
        self.note(origin, field, field.rule, reason, Some(limit.into()));
        false
    }

    /// Notes the first character of each kind that is refused or may be refused; true if nothing is refused.
    fn characters(
        &mut self,
        origin: &Origin<'_>,
        field: &Field,
        survey: Survey,
        rule: &'static Rule,
        symbols: Option<&'static Rule>,
    ) -> bool {
        let refused = match survey {
            Survey { control: true, .. } => Some(Reason::ControlCharacter),
            Survey { astral: true, .. } => Some(Reason::Astral),
            _ => None,
        };
        if let Some(reason) = refused {
            self.note(origin, field, rule, reason, None);
        } else if let Some(symbols) = symbols
            && survey.rare
        {
            self.note(origin, field, symbols, Reason::RareSymbol, None);
        }
        refused.is_none()
    }

    /// Reads a whole number of fen above zero.
    #[inline(always)]
    pub fn amount(&mut self, origin: &Origin<'_>, field: &Field, cell: &Option<Cell<'_>>) -> Option<Fen> {
        match cell {
            Some(Cell::Fen(fen)) if fen.get() > 0 => Some(*fen),
            Some(Cell::Refused) => None,
            _ => self.read_amount(origin, field, cell),
        }
    }

    #[inline(never)]
    fn read_amount(&mut self, origin: &Origin<'_>, field: &Field, cell: &Option<Cell<'_>>) -> Option<Fen> {
        let reason = match self.number(*cell) {
            Ok(fen) if fen.get() > 0 => return Some(fen),
            Ok(_) => Reason::AmountZero,
            Err(reason) => reason,
        };
        self.note(origin, field, field.rule, reason, None);
        None
    }

    /// Reads a whole number, zero included; says why it is none.
    fn number(&self, cell: Option<Cell<'_>>) -> Result<Fen, Reason> {
        match cell {
            None => Err(Reason::Missing),
            Some(Cell::Null) => Err(Reason::Null),
            Some(Cell::Number(digits)) => Fen::from_integer(digits).map_err(amount_reason),
            Some(Cell::Yuan(text)) => Fen::from_yuan(text).map_err(amount_reason),
            Some(Cell::Fen(fen)) => Ok(fen),
            Some(Cell::Text(_) | Cell::Sound(_) | Cell::BrokenText) => Err(Reason::AmountIsText),
            Some(_) => Err(Reason::AmountNotNumber),
        }
    }

    /// Compares a declared total with what the rows add up to. An absent total is noted only where the field is required.
    pub fn total(&mut self, field: &Field, cell: Option<Cell<'_>>, actual: u64, mismatch: Reason) {
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

/// The items of a JSON array, each still in its own text.
#[must_use]
pub fn items(raw: Json<'_>) -> Option<Vec<Json<'_>>> {
    raw.items()
}
