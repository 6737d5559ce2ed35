//! The eight channels: which fields a payee has there, as tables (chapters 5.1, 6 and 10.1 of the protocol).

use super::rules::{PP07, PP09, PP13, PP15, PP19, PP20, PP22, PP23, PP24, PP25, PP26, PP27, PP29};
use crate::batch::{Accept, Field, Shape, Unit};
use crate::issue::Rule;

/// What a field is to the checks that look at more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Payee,
    Card,
    Amount,
    Name,
    AccountType,
    BankCode,
    Bank,
    OrderNo,
    Description,
    CardType,
    Province,
    City,
    ForceCheck,
    Plain,
}

/// When a field must be there, and which rule says so.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    Optional,
    Always(&'static Rule),
    /// Unless the field of that role is there.
    Unless(Role, &'static Rule),
    /// When the payee is a company; otherwise it has no place.
    Company(&'static Rule),
}

/// One field of a payee.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) role: Role,
    pub(super) need: Need,
    pub(super) field: Field,
}

/// Channels of one family have the same fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Alipay,
    Unionpay,
    Wx,
    Allinpay,
    Jdpay,
    Balance,
}

/// One channel.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) name: &'static str,
    pub(super) family: Family,
    /// Whether it pays to companies.
    pub(super) companies: bool,
    pub(super) retired: bool,
    /// The fields of a recipient of a batch, in the order they are written.
    pub(super) recipient: &'static [Entry],
    /// The fields of a single transfer that differ between channels, in the order they are written.
    pub(super) transfer: &'static [Entry],
    /// The fields of a single transfer's `extra`, in the order they are written.
    pub(super) extra: &'static [Entry],
}

/// The channel called `name`.
pub(super) fn channel(name: &str) -> Option<&'static Channel> {
    CHANNELS.iter().find(|channel| channel.name == name)
}

/// Every name of a channel.
pub(super) static NAMES: [&str; 8] = ["alipay", "unionpay", "wx", "wx_pub", "wx_lite", "allinpay", "jdpay", "balance"];

#[rustfmt::skip]
pub(super) static CHANNELS: [Channel; 8] = [
    Channel { name: "alipay", family: Family::Alipay, companies: true, retired: false, recipient: &ALIPAY, transfer: &ALIPAY_TRANSFER, extra: &ALIPAY_EXTRA },
    Channel { name: "unionpay", family: Family::Unionpay, companies: true, retired: false, recipient: &UNIONPAY, transfer: &UNIONPAY_TRANSFER, extra: &UNIONPAY_EXTRA },
    Channel { name: "wx", ..WX_CHANNEL },
    Channel { name: "wx_pub", ..WX_CHANNEL },
    Channel { name: "wx_lite", ..WX_CHANNEL },
    Channel { name: "allinpay", family: Family::Allinpay, companies: true, retired: false, recipient: &ALLINPAY, transfer: &ALLINPAY_TRANSFER, extra: &ALLINPAY_EXTRA },
    Channel { name: "jdpay", family: Family::Jdpay, companies: true, retired: true, recipient: &JDPAY, transfer: &JDPAY_TRANSFER, extra: &JDPAY_EXTRA },
    Channel { name: "balance", family: Family::Balance, companies: false, retired: false, recipient: &BALANCE, transfer: &BALANCE_TRANSFER, extra: &[] },
];

const WX_CHANNEL: Channel = Channel {
    name: "wx",
    family: Family::Wx,
    companies: false,
    retired: false,
    recipient: &WX,
    transfer: &WX_TRANSFER,
    extra: &WX_EXTRA,
};

/// Where no length is published.
const NO_LIMIT: u32 = u32::MAX;

const fn field(name: &'static str, label: &'static str, rule: &'static Rule, shape: Shape) -> Field {
    Field { name, label, rule, required: false, shape }
}

const fn line(name: &'static str, label: &'static str, rule: &'static Rule, max: u32) -> Field {
    field(name, label, rule, Shape::Line { min: 1, max, unit: Unit::Characters })
}

const fn digits(name: &'static str, label: &'static str, rule: &'static Rule, min: u32, max: u32) -> Field {
    field(name, label, rule, Shape::Code { min, max, accept: Accept::Digits })
}

const fn entry(role: Role, need: Need, field: Field) -> Entry {
    Entry { role, need, field }
}

const fn plain(need: Need, field: Field) -> Entry {
    entry(Role::Plain, need, field)
}

const fn payee(name: &'static str, label: &'static str) -> Entry {
    entry(Role::Payee, Need::Always(&PP13), line(name, label, &PP13, NO_LIMIT))
}

const fn card(name: &'static str) -> Entry {
    entry(Role::Card, Need::Always(&PP13), line(name, "银行账号", &PP24, 32))
}

const fn name(name: &'static str, need: Need, max: u32) -> Entry {
    entry(Role::Name, need, line(name, "收款人姓名", &PP13, max))
}

const fn order_no(need: Need, min: u32, max: u32, accept: Accept) -> Entry {
    entry(Role::OrderNo, need, field("order_no", "订单号", &PP15, Shape::Code { min, max, accept }))
}

const fn description(need: Need, shape: Shape) -> Entry {
    entry(Role::Description, need, field("description", "备注", &PP19, shape))
}

const fn place(need: Need, name: &'static str, label: &'static str, role: Role, max: u32) -> Entry {
    entry(role, need, line(name, label, &PP27, max))
}

const fn bank_code(need: Need) -> Entry {
    entry(Role::BankCode, need, digits("open_bank_code", "开户银行编号", &PP23, 4, 4))
}

const fn account_type(name: &'static str) -> Entry {
    let shape = Shape::Choice(&["ALIPAY_LOGONID", "ALIPAY_USERID"]);
    entry(Role::AccountType, Need::Optional, field(name, "账户类型", &PP20, shape))
}

const fn characters(max: u32) -> Shape {
    Shape::Line { min: 0, max, unit: Unit::Characters }
}

/// 200 "bytes", of an encoding that the reference does not name.
const WIDE_200: Shape = Shape::Line { min: 0, max: 200, unit: Unit::Wide };
/// 99 letters and digits or 33 Chinese characters are both 99 bytes of UTF-8; "special characters" are read as emoji and control characters.
const WX_99: Shape = Shape::Text { min: 0, max: 99, unit: Unit::Bytes, characters: &PP19, symbols: None };

pub(super) const AMOUNT: Entry =
    entry(Role::Amount, Need::Always(&PP07), field("amount", "金额", &PP07, Shape::Amount));
const OPEN_BANK: Entry = entry(Role::Bank, Need::Optional, line("open_bank", "开户银行", &PP22, 50));
const FORCE_CHECK: Entry =
    entry(Role::ForceCheck, Need::Optional, field("force_check", "强制校验姓名", &PP29, Shape::Boolean));
const CARD_TYPE: Entry =
    entry(Role::CardType, Need::Optional, field("card_type", "银行卡类型", &PP26, Shape::Integer(2)));
const BUSINESS_CODE: Entry = plain(Need::Optional, digits("business_code", "业务代码", &PP25, 5, 5));

const REQUIRED: Need = Need::Always(&PP13);
const COMPANY: Need = Need::Company(&PP27);

/// What a company's account has besides.
const BRANCH: [Entry; 4] = [
    plain(COMPANY, line("sub_bank", "开户支行", &PP27, 80)),
    plain(COMPANY, digits("sub_bank_code", "支行行号", &PP27, 1, 12)),
    place(COMPANY, "prov", "省份", Role::Province, 20),
    place(COMPANY, "city", "城市", Role::City, 40),
];
const PROVINCE: Entry = place(Need::Optional, "prov", "省份", Role::Province, 20);
const CITY: Entry = place(Need::Optional, "city", "城市", Role::City, 40);

static ALIPAY: [Entry; 6] = [
    payee("account", "支付宝账户"),
    AMOUNT,
    name("name", Need::Optional, 50),
    account_type("account_type"),
    description(Need::Optional, WIDE_200),
    order_no(Need::Optional, 1, 64, Accept::Alphanumeric),
];
static UNIONPAY: [Entry; 9] = [
    card("account"),
    AMOUNT,
    name("name", REQUIRED, 100),
    bank_code(Need::Unless(Role::Bank, &PP22)),
    OPEN_BANK,
    description(Need::Optional, WIDE_200),
    order_no(Need::Optional, 1, 16, Accept::Digits),
    PROVINCE,
    CITY,
];
static WX: [Entry; 6] = [
    payee("open_id", "收款用户 open_id"),
    AMOUNT,
    name("name", Need::Optional, NO_LIMIT),
    FORCE_CHECK,
    description(Need::Optional, WX_99),
    order_no(Need::Optional, 1, 32, Accept::Alphanumeric),
];
static ALLINPAY: [Entry; 12] = [
    card("account"),
    AMOUNT,
    name("name", REQUIRED, 100),
    bank_code(REQUIRED),
    description(Need::Optional, characters(30)),
    BUSINESS_CODE,
    CARD_TYPE,
    order_no(Need::Optional, 20, 40, Accept::Alphanumeric),
    BRANCH[0],
    BRANCH[1],
    BRANCH[2],
    BRANCH[3],
];
static JDPAY: [Entry; 6] = [
    card("account"),
    AMOUNT,
    name("name", REQUIRED, 100),
    bank_code(REQUIRED),
    description(Need::Optional, characters(100)),
    order_no(Need::Optional, 1, 64, Accept::Alphanumeric),
];
static BALANCE: [Entry; 4] = [
    payee("user", "收款用户"),
    AMOUNT,
    description(Need::Optional, characters(100)),
    order_no(Need::Optional, 1, 64, Accept::Dashed),
];

const RECIPIENT: Entry = payee("recipient", "收款方");
const SAID: Need = Need::Always(&PP09);

static ALIPAY_TRANSFER: [Entry; 4] =
    [order_no(REQUIRED, 1, 64, Accept::Alphanumeric), AMOUNT, description(SAID, characters(100)), RECIPIENT];
static UNIONPAY_TRANSFER: [Entry; 3] =
    [order_no(REQUIRED, 1, 16, Accept::Digits), AMOUNT, description(SAID, characters(99))];
static WX_TRANSFER: [Entry; 4] = [
    order_no(REQUIRED, 1, 32, Accept::Alphanumeric),
    AMOUNT,
    description(SAID, WX_99),
    // A payment to a bank card names the card, and nobody's open_id.
    Entry { need: Need::Unless(Role::Card, &PP13), ..RECIPIENT },
];
static ALLINPAY_TRANSFER: [Entry; 4] = [
    order_no(REQUIRED, 20, 40, Accept::Alphanumeric),
    AMOUNT,
    description(SAID, characters(30)),
    Entry { need: Need::Optional, ..RECIPIENT },
];
static JDPAY_TRANSFER: [Entry; 4] = [
    order_no(REQUIRED, 1, 64, Accept::Alphanumeric),
    AMOUNT,
    description(SAID, characters(100)),
    Entry { need: Need::Optional, ..RECIPIENT },
];
static BALANCE_TRANSFER: [Entry; 4] =
    [order_no(REQUIRED, 1, 64, Accept::Dashed), AMOUNT, description(SAID, characters(255)), RECIPIENT];

static ALIPAY_EXTRA: [Entry; 2] = [name("recipient_name", Need::Optional, 50), account_type("recipient_account_type")];
static UNIONPAY_EXTRA: [Entry; 7] = [
    card("card_number"),
    name("user_name", REQUIRED, 100),
    bank_code(Need::Unless(Role::Bank, &PP22)),
    OPEN_BANK,
    PROVINCE,
    CITY,
    plain(Need::Optional, line("sub_bank", "开户支行", &PP27, 80)),
];
static WX_EXTRA: [Entry; 4] = [
    name("user_name", Need::Optional, NO_LIMIT),
    FORCE_CHECK,
    Entry { need: Need::Optional, ..card("card_number") },
    plain(Need::Optional, line("wx_bank_code", "微信银行编号", &PP13, NO_LIMIT)),
];
static ALLINPAY_EXTRA: [Entry; 9] = [
    card("card_number"),
    name("user_name", REQUIRED, 100),
    bank_code(REQUIRED),
    BUSINESS_CODE,
    CARD_TYPE,
    BRANCH[0],
    BRANCH[1],
    BRANCH[2],
    BRANCH[3],
];
static JDPAY_EXTRA: [Entry; 3] = [card("card_number"), name("user_name", REQUIRED, 100), bank_code(REQUIRED)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_listed_once_and_found_by_its_name() {
        assert_eq!(CHANNELS.each_ref().map(|channel| channel.name), NAMES);
        assert!(NAMES.iter().all(|name| channel(name).is_some_and(|channel| channel.name == *name)));
        assert!(channel("chanpay").is_none());
    }

    #[test]
    fn every_table_has_one_field_of_each_role_and_name() {
        let tables = CHANNELS.iter().flat_map(|channel| [channel.recipient, channel.transfer, channel.extra]);
        for table in tables {
            for (index, entry) in table.iter().enumerate() {
                let before = &table[..index];
                assert!(before.iter().all(|other| other.field.name != entry.field.name), "{}", entry.field.name);
                let alone = entry.role == Role::Plain || before.iter().all(|other| other.role != entry.role);
                assert!(alone, "{}", entry.field.name);
            }
        }
    }
}
