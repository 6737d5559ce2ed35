//! One payee: its fields after the table of its channel, and the checks that look at several of them.

use core::ops::Range;

use super::channel::{CHANNELS, Channel, Entry, Family, Need, Role};
use super::rules::{
    AlipayProduct, DescriptionUnit, Limits, PP07, PP14, PP16, PP19, PP20, PP21, PP22, PP24, PP28, PP29,
};
use crate::batch::{Cell, Checker, Field, Fields, Origin, Shape, Unit, Value};
use crate::canonical::ObjectWriter;
use crate::issue::{Reason, Rule, Severity};
use crate::money::Fen;

/// What the checks of a payee depend on.
#[derive(Clone, Copy)]
pub(super) struct Terms<'t> {
    pub(super) channel: &'static Channel,
    /// Whether the payee is a company; `None` if that could not be read.
    pub(super) company: Option<bool>,
    pub(super) limits: &'t Limits,
}

/// A field of the table, and what was found there.
struct Slot<'c, 'o> {
    entry: &'static Entry,
    origin: Origin<'o>,
    /// Whether something stands there, sound or not.
    given: bool,
    value: Option<Value<'c>>,
}

/// The fields of one payee, in the order they are written.
#[derive(Default)]
pub(super) struct Payee<'c, 'o>(Vec<Slot<'c, 'o>>);

impl<'c, 'o> Payee<'c, 'o> {
    /// Reads the fields that `table` names. Others are left to [`note_others`].
    pub(super) fn read(
        &mut self,
        checker: &mut Checker,
        terms: &Terms<'_>,
        (origin, table): (Origin<'o>, &'static [Entry]),
        fields: &'c Fields<'_>,
    ) {
        for entry in table {
            let field = terms.adjust(entry);
            let cell = fields.get(field.name);
            if matches!(entry.need, Need::Company(_)) && terms.company == Some(false) {
                if cell.is_some() {
                    checker.note(&origin, &field, &PP14, Reason::ForeignField, None);
                }
                continue;
            }
            let cell = cell.filter(|cell| !stands_for_nothing(entry, cell));
            let value = cell.and_then(|cell| checker.value(&origin, &field, Some(cell)));
            self.0.push(Slot { entry, origin, given: cell.is_some(), value });
        }
    }

    /// Notes what is missing, and what does not agree with another field.
    pub(super) fn check(&self, checker: &mut Checker, terms: &Terms<'_>) {
        for slot in self.0.iter().filter(|slot| !slot.given) {
            let missing = match slot.entry.need {
                Need::Always(rule) => Some((rule, Reason::Missing)),
                Need::Company(rule) if terms.company == Some(true) => Some((rule, Reason::Missing)),
                Need::Unless(role, rule) if !self.given(role) => Some((rule, Reason::MissingAlternative)),
                _ => None,
            };
            if let Some((rule, reason)) = missing {
                slot.note(checker, rule, rule.severity, (reason, None));
            }
        }
        for slot in &self.0 {
            match slot.value {
                Some(Value::Text(text)) => self.check_text(checker, terms, slot, text),
                Some(Value::Amount(amount)) => check_amount(checker, terms, slot, amount),
                Some(Value::Boolean(true)) if slot.entry.role == Role::ForceCheck && !self.given(Role::Name) => {
                    slot.note(checker, &PP29, Severity::Warning, (Reason::NoEffect, None));
                }
                None if !slot.given && slot.entry.role == Role::Name && terms.channel.family == Family::Alipay => {
                    check_missing_name(checker, terms, slot);
                }
                _ => {}
            }
        }
    }

    fn check_text(&self, checker: &mut Checker, terms: &Terms<'_>, slot: &Slot<'_, '_>, text: &str) {
        let Terms { limits, channel, .. } = terms;
        let mut note = |rule, severity, found| slot.note(checker, rule, severity, found);
        match (slot.entry.role, channel.family) {
            (Role::Payee, Family::Alipay) => match self.text(Role::AccountType) {
                Some("ALIPAY_USERID") if !is_alipay_id(text) => note(&PP20, Severity::Error, (Reason::Shape, None)),
                Some("ALIPAY_USERID") => {}
                _ if self.unread(Role::AccountType) || is_login(text) => {}
                _ => note(&PP20, Severity::Warning, (Reason::Shape, None)),
            },
            (Role::Card, _) if !text.bytes().all(|b| b.is_ascii_digit()) => {
                note(&PP24, Severity::Warning, (Reason::NotDigits, None));
            }
            (Role::Card, _) if limits.luhn && !self.is_passbook() && !passes_luhn(text) => {
                note(&PP24, Severity::Error, (Reason::CheckDigit, None));
            }
            (Role::Bank, _) => {
                if let Some(reason) = Unit::Characters.excess(text, 15) {
                    note(&PP22, Severity::Warning, (reason, Some(15)));
                }
            }
            (Role::OrderNo, Family::Allinpay)
                if limits.allinpay_merchant.as_ref().is_some_and(|merchant| !text.starts_with(merchant)) =>
            {
                note(&PP16, Severity::Error, (Reason::Prefix, None));
            }
            (Role::Description, _) if matches!(slot.entry.field.shape, Shape::Line { unit: Unit::Wide, .. }) => {
                if let Some(reason) = Unit::Bytes.excess(text, 200) {
                    note(&PP19, Severity::Warning, (reason, Some(200)));
                }
            }
            (Role::Province, Family::Allinpay) if text.ends_with('省') || text.ends_with("自治区") => {
                note(&PP28, Severity::Warning, (Reason::Suffix, None));
            }
            (Role::City, Family::Allinpay) if text.ends_with('市') => {
                note(&PP28, Severity::Warning, (Reason::Suffix, None));
            }
            _ => {}
        }
    }

    /// How many fields were read so far.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes what was found in the fields of `range`, in the order they were read; false if there was nothing.
    pub(super) fn write(&self, object: &mut ObjectWriter<'_>, range: Range<usize>) -> bool {
        let slots = self.0.get(range).unwrap_or_default();
        for slot in slots {
            let name = slot.entry.field.name;
            match slot.value {
                Some(Value::Text(text)) => object.text(name, text),
                Some(Value::Amount(amount)) => object.integer(name, amount.get()),
                Some(Value::Integer(number)) => object.integer(name, number),
                Some(Value::Boolean(value)) => object.boolean(name, value),
                None => {}
            }
        }
        slots.iter().any(|slot| slot.value.is_some())
    }

    pub(super) fn text(&self, role: Role) -> Option<&'c str> {
        match self.value(role) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn amount(&self) -> Option<Fen> {
        match self.value(Role::Amount) {
            Some(Value::Amount(amount)) => Some(amount),
            _ => None,
        }
    }

    /// Who is paid, as the channel knows them, and the field that says so.
    pub(super) fn identity(&self) -> Option<(&'c str, &'static Field)> {
        let roles = [Role::Card, Role::Payee];
        let slot = roles.iter().find_map(|role| self.slot(*role).filter(|slot| slot.value.is_some()))?;
        match slot.value {
            Some(Value::Text(text)) => Some((text, &slot.entry.field)),
            _ => None,
        }
    }

    /// The field of a role; the table has one.
    pub(super) fn field(&self, role: Role) -> Option<&'static Field> {
        self.slot(role).map(|slot| &slot.entry.field)
    }

    pub(super) fn given(&self, role: Role) -> bool {
        self.slot(role).is_some_and(|slot| slot.given)
    }

    /// Whether something stands there that could not be read.
    fn unread(&self, role: Role) -> bool {
        self.slot(role).is_some_and(|slot| slot.given && slot.value.is_none())
    }

    fn is_passbook(&self) -> bool {
        self.value(Role::CardType) == Some(Value::Integer(1))
    }

    fn value(&self, role: Role) -> Option<Value<'c>> {
        self.slot(role).and_then(|slot| slot.value)
    }

    fn slot(&self, role: Role) -> Option<&Slot<'c, 'o>> {
        self.0.iter().find(|slot| slot.entry.role == role)
    }
}

impl Slot<'_, '_> {
    fn note(
        &self,
        checker: &mut Checker,
        rule: &'static Rule,
        severity: Severity,
        (reason, limit): (Reason, Option<u64>),
    ) {
        let Field { name, label, .. } = self.entry.field;
        checker.note_as(severity, &self.origin, (name, label), rule, reason, limit);
    }
}

impl Terms<'_> {
    /// The field with the limits in force.
    fn adjust(&self, entry: &Entry) -> Field {
        let mut field = entry.field;
        match (entry.role, &mut field.shape) {
            (Role::OrderNo, Shape::Code { max, .. }) if self.channel.family == Family::Wx => {
                *max = self.limits.wx_order_no_max.get();
            }
            (Role::Bank, Shape::Line { max, .. }) => *max = self.limits.open_bank_max.get(),
            (Role::CardType, Shape::Integer(max)) => *max = self.limits.card_type_max.get().into(),
            (Role::Description, Shape::Line { unit: unit @ Unit::Wide, .. })
                if self.limits.description_unit == DescriptionUnit::Utf8Bytes =>
            {
                *unit = Unit::Bytes;
            }
            _ => {}
        }
        field
    }
}

/// Notes fields that neither `known` nor the channel's table names. `table` picks the table of a channel; `other` is what is said of a field
/// that no channel has.
pub(super) fn note_others(
    checker: &mut Checker,
    (channel, table): (&Channel, fn(&Channel) -> &'static [Entry]),
    (origin, known): (&Origin<'_>, &[&Field]),
    fields: &Fields<'_>,
    other: Reason,
) {
    let find = |channel: &Channel, name: &str| table(channel).iter().find(|entry| entry.field.name == name);
    let unnamed = |name: &&str| find(channel, name).is_none() && known.iter().all(|field| field.name != *name);
    for name in fields.names().filter(unnamed) {
        let foreign = CHANNELS.iter().find_map(|channel| find(channel, name));
        let (label, reason) = foreign.map_or(("", other), |entry| (entry.field.label, Reason::ForeignField));
        checker.note_as(PP14.severity, origin, (name, label), &PP14, reason, None);
    }
}

/// A blank text where a text is due is nothing, except where an optional code would silently be dropped.
fn stands_for_nothing(entry: &Entry, cell: &Cell<'_>) -> bool {
    let textual = match entry.field.shape {
        Shape::Line { .. } | Shape::Text { .. } => true,
        Shape::Word { .. } | Shape::Code { .. } | Shape::Choice(_) => !matches!(entry.need, Need::Optional),
        Shape::Amount | Shape::Integer(_) | Shape::Boolean => false,
    };
    textual && is_blank(cell)
}

/// Whether a text holds nothing but blanks.
pub(super) fn is_blank(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Text(text) if text.trim().is_empty())
}

fn check_amount(checker: &mut Checker, terms: &Terms<'_>, slot: &Slot<'_, '_>, amount: Fen) {
    if let Some(min) = terms.limits.min_amount.filter(|min| amount.get() < *min) {
        slot.note(checker, &PP07, Severity::Error, (Reason::AmountBelowMinimum, Some(min)));
    }
}

fn check_missing_name(checker: &mut Checker, terms: &Terms<'_>, slot: &Slot<'_, '_>) {
    let severity = match terms.limits.alipay_product {
        None => Severity::Warning,
        Some(AlipayProduct::Mapi) => Severity::Error,
        Some(AlipayProduct::Openapi) => return,
    };
    slot.note(checker, &PP21, severity, (Reason::Missing, None));
}

fn is_alipay_id(text: &str) -> bool {
    text.len() == 16 && text.starts_with("2088") && text.bytes().all(|b| b.is_ascii_digit())
}

/// An email address, or a mobile number with or without its country.
fn is_login(text: &str) -> bool {
    if let Some((user, host)) = text.split_once('@') {
        return !user.is_empty() && host.contains('.') && !text.contains(char::is_whitespace) && !host.contains('@');
    }
    let digits = text.trim_start_matches('+').replacen('-', "", 1);
    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0') * if index % 2 == 0 { 1 } else { 2 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_told_from_other_accounts() {
        let logins = ["account01@alipay.com", "a@b.cn", "13800138000", "+86-13800138000", "852-51234567"];
        let others = ["2088123456789012", "@b.cn", "a@", "a@b", "a b@c.cn", "a@b@c.cn", "张三", "12345", "1380013800O"];
        assert!(logins.into_iter().all(is_login));
        assert!(!others.into_iter().any(is_login));
    }

    #[test]
    fn the_last_digit_of_a_card_is_checked() {
        assert!(passes_luhn("4111111111111111"));
        assert!(passes_luhn("6200000000000005"));
        assert!(!passes_luhn("4111111111111112"));
        assert!(!passes_luhn("4111111111111171"));
    }
}
