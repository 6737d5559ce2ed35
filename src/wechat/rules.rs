//! The rules of merchant transfers, one constant each, with the page it comes from.

use crate::batch::{Accept, Field, Shape, Unit};
use crate::error::Result;
use crate::issue::{Rule, rules};
use crate::json::{FromJson, Given, Json};

/// Changes with every change of a rule, and is part of what an approval binds.
pub const VERSION: &str = "wechat-2026-11-22";

rules! {
    V01: Error, Some(32), "4012458841", "appid 为 1–32 个 ASCII 字符", "`appid` is 1 to 32 ASCII characters";
    V02: Error, Some(32), "4012458841", "商家批次单号为 1–32 位字母或数字", "`out_batch_no` is 1 to 32 letters and digits";
    V03: Warning, Some(5), "4012458946", "单号少于 5 个字符时无法申请电子回单", "numbers of fewer than 5 characters get no receipts";
    V04: Error, Some(32), "4012458841", "商家明细单号为 1–32 位字母或数字，批次内唯一", "`out_detail_no` is 1 to 32 letters and digits, unique inside the batch";
    V05: Error, Some(32), "4012716434", "商户单号为 1–32 位字母或数字，不重复", "`out_bill_no` is 1 to 32 letters and digits, and used once";
    V06: Error, Some(1000), "4012458841", "每批 1–1000 笔", "a batch holds 1 to 1000 rows";
    V07: Error, None, "4012458841", "total_num 等于明细笔数", "`total_num` equals the number of rows";
    V08: Error, None, "4012458841", "total_amount 等于明细金额合计", "`total_amount` equals the sum of the rows";
    V09: Error, None, "4012458841", "金额为大于 0 的整数（分）", "an amount is a whole number of fen above zero";
    V10: Error, Some(10), "4012064660", "单笔不低于 0.1 元", "an amount is at least 10 fen";
    V11: Warning, Some(20_000), "4012064660", "单笔高于商户额度（默认 200 元）", "an amount above the merchant's range, 20000 fen by default";
    V12: Error, Some(30), "4012458841", "低于 0.3 元不支持校验姓名", "amounts below 30 fen carry no name";
    V13: Error, Some(200_000), "4012458841", "达到 2000 元必须填写姓名", "amounts from 200000 fen carry a name";
    V14: Error, None, "4012458841", "同一批次姓名全填或全不填", "names are given in every row of a batch or in none";
    V15: Error, Some(128), "4012458841", "openid 为 1–128 个 ASCII 字符，不含空格", "`openid` is 1 to 128 ASCII characters without blanks";
    V16: Error, Some(32), "4012458841", "名称与备注为 1–32 个字符", "names of batches and remarks are 1 to 32 characters";
    V17: Error, None, "4012365336", "文本不含表情、损坏字符、控制字符", "text holds no character above U+FFFF, no half character and no control character";
    V17B as "V17b": Warning, None, "observed, chapter 1.2", "文本含有可能被拒绝的符号", "text holds symbols outside letters, digits, CJK and common punctuation";
    V18: Error, Some(214), "4013053257", "姓名明文不超过 214 字节，2–30 个字符", "a name is at most 214 bytes as UTF-8, and 2 to 30 characters";
    V19: Error, Some(256), "4012458841", "通知地址为 https，不超过 256 字符，不带参数，外网可达", "`notify_url` is https, at most 256 characters, without a query, and public";
    V20: Error, Some(36), "4012458841", "转账场景为 1–36 个字符；2022 年 12 月后开通的商户必填", "`transfer_scene_id` is 1 to 36 characters; merchants enabled after December 2022 must send it";
    V25: Warning, None, "our own", "同一收款人同一金额重复", "the same payee gets the same amount twice";
    V26: Error, None, "4013053279", "加密字段需要 Wechatpay-Serial 与已知密钥", "a sealed field needs `Wechatpay-Serial` and a known key";
    V27: Warning, None, "4012458841", "接口没有的字段", "a field that the request does not have";
    V28: Error, Some(100), "4012458877", "limit 为 20–100，offset 不小于 0，查明细时须给 detail_status", "`limit` is 20 to 100, `offset` at least 0, `detail_status` present exactly when details are wanted";
    V29: Error, Some(32), "4012551764", "APIv3 密钥为 32 个 ASCII 字符", "the APIv3 key is exactly 32 ASCII characters";
    V30: Error, Some(32), "4012365342", "商户号为不超过 32 位数字", "the merchant number is digits only, at most 32";
}

/// Limits that differ between merchants or sources. What is not given keeps its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most rows of a batch: 1000 for merchants, 3000 for partners (pages disagree; see V06).
    pub max_details: u32,
    /// Smallest amount in fen (V10).
    pub min_amount: u64,
    /// Above this many fen a warning is given (V11).
    pub max_amount: u64,
    /// Below this many fen a name is refused (V12).
    pub name_forbidden_below: u64,
    /// From this many fen on a name is required (V13).
    pub name_required_from: u64,
    /// Accept a `notify_url` on this machine, for tests against a sandbox (V19).
    pub local_notify_url: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_details: 1000,
            min_amount: 10,
            max_amount: 20_000,
            name_forbidden_below: 30,
            name_required_from: 200_000,
            local_notify_url: false,
        }
    }
}

impl FromJson for Limits {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let default = Self::default();
        let limits = Self {
            max_details: given
                .optional("maxDetails", |json| u32::try_from(json.integer()?).ok())?
                .unwrap_or(default.max_details),
            min_amount: given.optional("minAmount", Json::integer)?.unwrap_or(default.min_amount),
            max_amount: given.optional("maxAmount", Json::integer)?.unwrap_or(default.max_amount),
            name_forbidden_below: given
                .optional("nameForbiddenBelow", Json::integer)?
                .unwrap_or(default.name_forbidden_below),
            name_required_from: given
                .optional("nameRequiredFrom", Json::integer)?
                .unwrap_or(default.name_required_from),
            local_notify_url: given.optional("localNotifyUrl", Json::boolean)?.unwrap_or(default.local_notify_url),
        };
        given.end().map(|()| limits)
    }
}

const fn number(name: &'static str, label: &'static str, rule: &'static Rule) -> Field {
    Field { name, label, rule, required: true, shape: Shape::Word { min: 1, max: 32, accept: Accept::Alphanumeric } }
}

const fn text(name: &'static str, label: &'static str, symbols: Option<&'static Rule>) -> Field {
    let shape = Shape::Text { min: 1, max: 32, unit: Unit::Characters, characters: &V17, symbols };
    Field { name, label, rule: &V16, required: true, shape }
}

const fn name(symbols: Option<&'static Rule>) -> Field {
    let shape = Shape::Text { min: 1, max: 214, unit: Unit::Bytes, characters: &V17, symbols };
    Field { name: "user_name", label: "收款用户姓名", rule: &V18, required: false, shape }
}

const fn graphic(name: &'static str, label: &'static str, rule: &'static Rule, max: u32, required: bool) -> Field {
    Field { name, label, rule, required, shape: Shape::Word { min: 1, max, accept: Accept::Graphic } }
}

pub(super) static APPID: Field = graphic("appid", "应用 appid", &V01, 32, true);
pub(super) static OUT_BATCH_NO: Field = number("out_batch_no", "商家批次单号", &V02);
pub(super) static BATCH_NAME: Field = text("batch_name", "批次名称", Some(&V17B));
pub(super) static BATCH_REMARK: Field = text("batch_remark", "批次备注", Some(&V17B));
pub(super) static TOTAL_AMOUNT: Field = graphic("total_amount", "总金额", &V08, 16, true);
pub(super) static TOTAL_NUM: Field = graphic("total_num", "总笔数", &V07, 16, true);
pub(super) static TRANSFER_SCENE_ID: Field = graphic("transfer_scene_id", "转账场景", &V20, 36, false);
pub(super) static NOTIFY_URL: Field = graphic("notify_url", "通知地址", &V19, 256, false);
pub(super) static DETAILS: Field = graphic("transfer_detail_list", "转账明细", &V06, 0, true);

pub(super) static OUT_DETAIL_NO: Field = number("out_detail_no", "商家明细单号", &V04);
pub(super) static TRANSFER_AMOUNT: Field = graphic("transfer_amount", "转账金额", &V09, 16, true);
pub(super) static TRANSFER_REMARK: Field = text("transfer_remark", "转账备注", Some(&V17B));
pub(super) static OPENID: Field = graphic("openid", "收款用户 openid", &V15, 128, true);
pub(super) static USER_NAME: Field = name(Some(&V17B));

/// The fields of a bill that a row of a sheet holds. Symbols are refused in batches only.
pub(super) static OUT_BILL_NO: Field = number("out_bill_no", "商户单号", &V05);
pub(super) static BILL_REMARK: Field = text("transfer_remark", "转账备注", None);
pub(super) static BILL_NAME: Field = name(None);

/// The fields of a batch, in the order they are written.
pub(super) static BATCH_FIELDS: [&Field; 9] = [
    &APPID,
    &OUT_BATCH_NO,
    &BATCH_NAME,
    &BATCH_REMARK,
    &TOTAL_AMOUNT,
    &TOTAL_NUM,
    &TRANSFER_SCENE_ID,
    &NOTIFY_URL,
    &DETAILS,
];

/// The fields of a row, in the order they are written.
pub static DETAIL_FIELDS: [&Field; 5] = [&OUT_DETAIL_NO, &TRANSFER_AMOUNT, &TRANSFER_REMARK, &OPENID, &USER_NAME];

/// What a bill has in the place of those.
pub(super) static BILL_FIELDS: [&Field; 5] = [&OUT_BILL_NO, &TRANSFER_AMOUNT, &BILL_REMARK, &OPENID, &BILL_NAME];
