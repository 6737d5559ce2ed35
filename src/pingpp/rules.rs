//! The rules of Ping++ payouts, one constant each, with the page it comes from, and the options where pages disagree.

use crate::error::Result;
use crate::issue::rules;
use crate::json::{FromJson, Given, Json};

/// Changes with every change of a rule, and is part of what an approval binds.
pub const VERSION: &str = "pingpp-2026-11-22";

rules! {
    PP01: Warning, Some(20), "SDK samples", "app 为 app_ 加 16 位字母或数字", "`app` is `app_` and 16 letters or digits; it is never empty";
    PP02: Error, None, "create page", "channel 为八个渠道之一", "`channel` is alipay, unionpay, wx, wx_pub, wx_lite, allinpay, jdpay or balance";
    PP03: Warning, None, "changelog 2025-02-27", "京东代付已下线", "jdpay is retired";
    PP04: Error, Some(32), "create page, object page", "batch_no 为 11–32 位字母或数字", "`batch_no` is 11 to 32 letters and digits";
    PP05: Error, None, "create page", "type 为 b2c 或 b2b", "`type` is b2c or b2b";
    PP06: Error, None, "create page", "微信与余额渠道只能为 b2c", "the wx channels and balance pay to persons only";
    PP07: Error, None, "create page", "金额为大于 0 的整数（分），小于 2^53", "an amount is a whole number of fen above zero and below 2^53";
    PP08: Error, None, "SDK samples", "amount 等于各收款人金额合计", "`amount` equals the sum of the recipients";
    PP09: Error, Some(200), "create page, transfer pages", "description 必填，不超过 200（汉字计 2）", "`description` is present, at most 200 long counting ASCII as 1 and everything else as 2";
    PP10: Error, None, "create page", "currency 省略或为 cny", "`currency` is absent or cny";
    PP11: Error, Some(1000), "create page, metadata page", "metadata 不超过 20 组键值、共 1000 个字符", "`metadata` holds at most 20 pairs and 1000 characters in all";
    PP12: Error, None, "create page", "recipients 为非空数组，不超过设定的上限", "`recipients` is an array that is not empty, and within the configured maximum";
    PP13: Error, None, "create page, object page, SDK samples", "渠道要求的字段齐全、不为空白，长度合规", "the fields that the channel requires are present, not blank, and fit";
    PP14: Warning, None, "our own", "其他渠道的字段，或接口没有的字段", "a field that belongs to another channel, or that the request does not have";
    PP15: Error, Some(64), "object page, transfer pages", "order_no 符合渠道要求", "`order_no` has the shape that the channel requires";
    PP16: Error, None, "SDK samples, object page", "通联 order_no 以商户号开头", "an allinpay `order_no` begins with the Allinpay merchant number";
    PP17: Error, None, "create page", "order_no 在批次内唯一", "`order_no` is unique inside the batch";
    PP18: Warning, None, "our own", "同一收款人同一金额重复", "the same payee gets the same amount twice";
    PP19: Error, Some(200), "SDK samples, create page, transfer pages", "收款人备注不超过渠道上限", "a recipient's `description` is within the limit of the channel";
    PP20: Error, Some(16), "create page", "支付宝账户与 account_type 相符", "an Alipay account is of the kind that `account_type` says: 16 digits from 2088, an email or a mobile number";
    PP21: Warning, None, "create page", "支付宝 mapi 产品必须填写姓名", "the mapi product of Alipay requires a name";
    PP22: Error, Some(50), "SDK samples, object page", "银联须填 open_bank_code 或 open_bank", "unionpay wants `open_bank_code` or `open_bank`";
    PP23: Error, Some(4), "create page, transfer pages", "open_bank_code 为 4 位数字文本", "`open_bank_code` is 4 digits, as text";
    PP24: Error, Some(32), "create page, SDK samples", "银行账号为 1–32 位数字", "a bank account is 1 to 32 characters, normally digits";
    PP25: Error, Some(5), "create page, SDK samples", "business_code 为 5 位数字", "`business_code` is 5 digits, as text";
    PP26: Error, Some(2), "object page", "card_type 为整数 0、1 或 2", "`card_type` is the whole number 0, 1 or 2";
    PP27: Error, Some(80), "object page", "通联 b2b 须填支行、支行号、省、市，长度合规", "allinpay to a company wants `sub_bank`, `sub_bank_code`, `prov` and `city`; they fit wherever they are given";
    PP28: Warning, None, "object page", "通联省、市不带“省”“自治区”“市”", "allinpay provinces and cities are written without their suffix";
    PP29: Warning, None, "SDK samples", "force_check 只在填写姓名时有效", "`force_check` is true or false, and has an effect only with a name";
    PP30: Warning, None, "developer guide", "livemode 与密钥环境一致", "`livemode` agrees with the prefix of the API key";
    PP31: Error, Some(100), "list pages", "查询参数与对象编号合规", "parameters of lists and ids of objects have the documented shape";
}

/// A limit on which two sources disagree: `DEFAULT` is recommended, `OTHER` may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Either<const DEFAULT: u32, const OTHER: u32>(u32);

impl<const DEFAULT: u32, const OTHER: u32> Either<DEFAULT, OTHER> {
    /// The limit in force.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const DEFAULT: u32, const OTHER: u32> Default for Either<DEFAULT, OTHER> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<const DEFAULT: u32, const OTHER: u32> Either<DEFAULT, OTHER> {
    fn read(json: Json<'_>) -> Option<Self> {
        let limit = u32::try_from(json.integer()?).ok()?;
        (limit == DEFAULT || limit == OTHER).then_some(Self(limit))
    }
}

/// Which of the two products stands behind the channel alipay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlipayProduct {
    /// 2.0: a name is optional.
    Openapi,
    /// 1.0: a name is required.
    Mapi,
}

/// How descriptions of 200 "bytes" are counted (PP09, PP19).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DescriptionUnit {
    /// ASCII as 1 and everything else as 2, with a warning above 200 bytes of UTF-8.
    #[default]
    Mixed,
    /// Bytes of UTF-8.
    Utf8Bytes,
    /// 255 characters for the batch, as SDK samples have it; recipients are counted as with `mixed`.
    Characters255,
}

/// How long a `batch_no` is (PP04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BatchNoRule {
    /// 11 to 32, as the reference has it.
    #[default]
    Reference,
    /// 3 to 24, as SDK samples have it.
    Samples,
}

/// Limits that differ between merchants or sources. What is not given keeps its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most recipients of a batch (PP12); no number is published.
    pub max_recipients: Option<u32>,
    /// Smallest amount of one recipient in fen (PP07); no number is published.
    pub min_amount: Option<u64>,
    /// The Allinpay merchant number, with which every `order_no` of that channel begins (PP16).
    pub allinpay_merchant: Option<String>,
    /// What is known of the Alipay product: mapi requires names, openapi does not, and otherwise a missing name is a warning (PP21).
    pub alipay_product: Option<AlipayProduct>,
    /// Whether alipay pays to companies, as the reference says and SDK samples deny (PP06).
    pub alipay_b2b: bool,
    /// How descriptions are counted.
    pub description_unit: DescriptionUnit,
    /// How long a `batch_no` is.
    pub batch_no_rule: BatchNoRule,
    /// Most characters of `open_bank`: with 50, more than 15 is a warning (PP22).
    pub open_bank_max: Either<50, 15>,
    /// Most characters of an `order_no` of the wx channels (PP15).
    pub wx_order_no_max: Either<32, 50>,
    /// The highest `card_type` (PP26).
    pub card_type_max: Either<2, 1>,
    /// Check the last digit of bank cards (PP24). Passbook numbers do not satisfy it.
    pub luhn: bool,
    /// Warn about a `batch_no` of 25 to 32 characters, which an old deployment may refuse (PP04).
    pub strict_compat: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_recipients: None,
            min_amount: None,
            allinpay_merchant: None,
            alipay_product: None,
            alipay_b2b: true,
            description_unit: DescriptionUnit::default(),
            batch_no_rule: BatchNoRule::default(),
            open_bank_max: Either::default(),
            wx_order_no_max: Either::default(),
            card_type_max: Either::default(),
            luhn: false,
            strict_compat: false,
        }
    }
}

impl FromJson for Limits {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let default = Self::default();
        let limits = Self {
            max_recipients: given.optional("maxRecipients", |json| u32::try_from(json.integer()?).ok())?,
            min_amount: given.optional("minAmount", Json::integer)?,
            allinpay_merchant: given.optional("allinpayMerchant", Json::string)?,
            alipay_product: given.optional("alipayProduct", |json| match &*json.text()? {
                "openapi" => Some(AlipayProduct::Openapi),
                "mapi" => Some(AlipayProduct::Mapi),
                _ => None,
            })?,
            alipay_b2b: given.optional("alipayB2b", Json::boolean)?.unwrap_or(default.alipay_b2b),
            description_unit: given
                .optional("descriptionUnit", |json| match &*json.text()? {
                    "mixed" => Some(DescriptionUnit::Mixed),
                    "utf8-bytes" => Some(DescriptionUnit::Utf8Bytes),
                    "characters-255" => Some(DescriptionUnit::Characters255),
                    _ => None,
                })?
                .unwrap_or_default(),
            batch_no_rule: given
                .optional("batchNoRule", |json| match &*json.text()? {
                    "11-32" => Some(BatchNoRule::Reference),
                    "3-24" => Some(BatchNoRule::Samples),
                    _ => None,
                })?
                .unwrap_or_default(),
            open_bank_max: given.optional("openBankMax", Either::read)?.unwrap_or_default(),
            wx_order_no_max: given.optional("wxOrderNoMax", Either::read)?.unwrap_or_default(),
            card_type_max: given.optional("cardTypeMax", Either::read)?.unwrap_or_default(),
            luhn: given.optional("luhn", Json::boolean)?.unwrap_or(default.luhn),
            strict_compat: given.optional("strictCompat", Json::boolean)?.unwrap_or(default.strict_compat),
        };
        given.end().map(|()| limits)
    }
}
