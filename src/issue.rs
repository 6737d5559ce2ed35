//! Rules as data, and what a row says when it breaks one.

use core::fmt;

use serde::Serialize;

/// Whether a broken rule stops the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The batch must not be sent.
    Error,
    /// Somebody should look, the batch may be sent.
    Warning,
}

/// One rule of a provider: data, so that a panel and a document can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The id that an issue carries as its code, such as `V09`.
    pub id: &'static str,
    /// What breaking it means.
    pub severity: Severity,
    /// The constant it compares with, where there is one. Adjustable ones may differ at run time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Where it comes from.
    pub source: &'static str,
    /// The rule in Chinese.
    pub zh: &'static str,
    /// The rule in English.
    pub en: &'static str,
}

/// Declares rules, one constant each, and `ALL`, which holds them in order. A rule whose id is no Rust name gives it after `as`.
macro_rules! rules {
    ($($name:ident $(as $id:literal)?: $severity:ident, $limit:expr, $source:literal, $zh:literal, $en:literal;)+) => {
        $(
            #[doc = $en]
            pub static $name: $crate::issue::Rule = $crate::issue::Rule {
                id: $crate::issue::rules!(@id $name $($id)?),
                severity: $crate::issue::Severity::$severity,
                limit: $limit,
                source: $source,
                zh: $zh,
                en: $en,
            };
        )+
        /// Every rule, in the order of its number.
        pub static ALL: &[&$crate::issue::Rule] = &[$(&$name),+];
    };
    (@id $name:ident) => { stringify!($name) };
    (@id $name:ident $id:literal) => { $id };
}
pub(crate) use rules;

/// A correction that is certain. It is offered, and never made unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fix {
    /// Take away the blanks around it.
    Trim,
    /// Make full-width characters ordinary ones.
    Halfwidth,
}

/// One thing to correct: which rule, where, and what to do, never the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How it is broken: a fixed word such as `amount-not-integer`.
    pub reason: Reason,
    /// Whether it stops the batch; a rule can be both, for different reasons.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// The limit in force.
    pub limit: Option<u64>,
    /// How it can be corrected, where that is certain.
    pub fix: Option<Fix>,
}

/// Where an issue is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A JSON pointer into the batch, or a cell reference in a sheet.
    pub path: String,
    /// The row, from 1; in a sheet the row number that the sheet shows. `None` for the batch as a whole.
    pub row: Option<u32>,
    /// The column letters in a sheet.
    pub column: Option<String>,
    /// The field's name on the wire.
    pub field: String,
    /// The field's name in Chinese.
    pub label: &'static str,
}

macro_rules! reasons {
    ($($name:ident => $key:literal, $zh:literal, $en:literal;)+) => {
        /// How a rule is broken. Texts may hold `{limit}`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "every reason's English text says what it means")]
        pub enum Reason {
            $($name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The fixed word.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            const fn texts(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($zh, $en),)+ }
            }
        }
    };
}

reasons! {
    NotJson => "not-json", "不是有效的 JSON", "is not valid JSON";
    NotObject => "not-object", "必须是对象", "must be an object";
    NotArray => "not-array", "必须是数组", "must be an array";
    NotText => "not-text", "必须是文本（字符串）", "must be text (a string)";
    Null => "null", "不能为 null，没有值时请省略", "must not be null: leave it out when there is no value";
    Missing => "missing", "缺少必填内容", "is required and missing";
    Empty => "empty", "没有任何记录", "holds no rows";
    TooMany => "too-many", "记录数超过上限 {limit}", "holds more than {limit} rows: split it";
    TooShort => "too-short", "少于 {limit} 个字符", "has fewer than {limit} characters";
    TooLong => "too-long", "超过 {limit} 个字符", "has more than {limit} characters";
    TooManyBytes => "too-many-bytes", "超过 {limit} 字节", "has more than {limit} bytes";
    Shape => "shape", "格式不符合要求", "has not the required form";
    ShortForReceipts => "short-for-receipts", "少于 {limit} 个字符，将无法申请电子回单", "has fewer than {limit} characters: no receipt can be requested for it";
    Duplicate => "duplicate", "与前面的记录重复", "is used by an earlier row too";
    DuplicatePayment => "duplicate-payment", "同一收款人同一金额出现多次，请确认不是重复付款", "the same payee gets the same amount in an earlier row: check that it is not paid twice";
    AmountIsText => "amount-is-text", "金额必须是数字，不能是文本", "must be a number, not text";
    AmountNotInteger => "amount-not-integer", "必须是整数（单位：分），不能是小数或科学计数", "must be a whole number of fen, without fraction or exponent";
    AmountNotNumber => "amount-not-number", "不是数字", "is not a number";
    AmountTooPrecise => "amount-too-precise", "最多两位小数", "has more than two decimals";
    AmountNegative => "amount-negative", "不能为负数", "must not be negative";
    AmountZero => "amount-zero", "必须大于 0", "must be above zero";
    AmountTooLarge => "amount-too-large", "超过可精确表示的范围", "is above 2^53 - 1 and cannot be held exactly";
    AmountBelowMinimum => "amount-below-minimum", "低于最低金额 {limit} 分", "is below the minimum of {limit} fen";
    AmountAboveRange => "amount-above-range", "高于商户单笔额度 {limit} 分，请确认已开通", "is above the usual range of {limit} fen: check that your merchant number allows it";
    CountMismatch => "count-mismatch", "与明细笔数不一致（实际 {limit} 笔）", "does not equal the number of rows, which is {limit}";
    SumMismatch => "sum-mismatch", "与明细金额合计不一致（实际 {limit} 分）", "does not equal the sum of the rows, which is {limit} fen";
    SumOverflow => "sum-overflow", "金额合计超过可精确表示的范围", "the sum of the rows is above 2^53 - 1";
    NameForbidden => "name-forbidden", "金额低于 {limit} 分时不能填写姓名", "must be absent for amounts below {limit} fen";
    NameRequired => "name-required", "金额达到 {limit} 分时必须填写姓名", "is required for amounts from {limit} fen";
    NamesMixed => "names-mixed", "同一批次的姓名必须全部填写或全部不填", "must be given in every row of a batch or in none: split the batch";
    AlreadySealed => "already-sealed", "看起来已经加密，请传入明文", "looks sealed already: pass the plain text, it is never sealed twice";
    NotSealed => "not-sealed", "不是加密后的姓名", "is not a sealed name: seal it with WeChat Pay's public key, or pass the names in the clear without sealedFor";
    ControlCharacter => "control-character", "含有控制字符或换行", "holds a control character or a line break";
    Astral => "astral", "含有表情符号或不支持的生僻字", "holds an emoji or another character above U+FFFF, which is refused";
    LoneSurrogate => "lone-surrogate", "含有损坏的字符", "holds half a character (a lone surrogate)";
    RareSymbol => "rare-symbol", "含有可能被拒绝的符号", "holds a symbol that may be refused: prefer letters, digits, CJK and ordinary punctuation";
    NotHttps => "not-https", "必须是 https 地址", "must be an https address";
    HasQuery => "has-query", "不能带参数（?）", "must not have a query string";
    PrivateHost => "private-host", "不能是本机或内网地址", "must not be a local or private host";
    SceneMissing => "scene-missing", "未填写转账场景，2022 年 12 月之后开通的商户必须填写", "is missing: merchants enabled after December 2022 must send it";
    SurplusCells => "surplus-cells", "单元格比表头多，数据可能错位：内容含分隔符（如 1,000）时须加引号", "has more cells than the header, so cells may stand under wrong headers: a value that holds the separator, as 1,000 does, needs quotes";
    UnknownField => "unknown-field", "不是该接口的字段，不会发送", "is not a field of this request and is not sent";
    OutOfRange => "out-of-range", "超出允许范围", "is outside the allowed range";
    NotBoolean => "not-boolean", "必须是 true 或 false", "must be true or false";
    NotInteger => "not-an-integer", "必须是整数", "must be a whole number";
    NumberForText => "number-for-text", "必须是文本：写成数字会丢失前导零", "must be text (a string): as a number it loses leading zeros and long digits";
    NotChoice => "not-a-choice", "不是允许的取值", "is none of the allowed values";
    TooWide => "too-wide", "超过 {limit} 个半角字符（汉字计 2）", "is longer than {limit}, counting ASCII as 1 and everything else as 2";
    TooManyPairs => "too-many-pairs", "超过 {limit} 组键值", "holds more than {limit} pairs";
    NotScalar => "not-scalar", "的值应为文本、数字或布尔值", "should hold texts, numbers, true or false, and nothing nested";
    MissingAlternative => "missing-alternative", "与其替代字段至少填写一个", "is required unless the field that may stand for it is given";
    NotDigits => "not-digits", "含有数字以外的字符", "holds something other than digits";
    CheckDigit => "check-digit", "校验位不正确", "has a wrong check digit";
    Prefix => "prefix", "开头不符合要求", "has not the required beginning";
    Suffix => "suffix", "不要带行政区划后缀", "must be written without the suffix that names its kind";
    ForeignField => "foreign-field", "不适用于该渠道或类型，不会发送", "belongs to another channel or type and is not sent";
    Undocumented => "undocumented", "不在已知的文档中，按原样发送", "is not documented and is sent as given";
    NoEffect => "no-effect", "在这里不起作用", "has no effect here";
    Retired => "retired", "已下线", "is retired by the provider";
    Disagrees => "disagrees", "与所用密钥的环境不一致", "does not agree with the environment of the key in use";
    Conflict => "conflict", "与其他参数矛盾", "contradicts another parameter";
    ENotation => "e-notation", "是科学计数法，位数已丢失：请把该列设为文本后重新填写", "is in e-notation and has lost digits: format the column as text and enter it again";
    CutNumber => "cut-number", "超过 15 位的部分是 0，可能已被表格改掉：请把该列设为文本后重新填写", "is zero behind its 15th digit, as spreadsheets cut long numbers: format the column as text and enter it again";
    StoredAsNumber => "stored-as-number", "在文件中是数字：前导零和长数字会丢失，请把该列设为文本", "is stored as a number, which loses leading zeros and long digits: format the column as text";
    LeadingZeros => "leading-zeros", "比同列其他值短，前导零可能已丢失", "is shorter than the others in its column: leading zeros may be lost";
    FullWidth => "full-width", "含有全角字符", "holds full-width characters";
    SurroundingBlanks => "surrounding-blanks", "首尾有空格或不可见字符", "has blanks or invisible characters around it";
    FormulaText => "formula-text", "以公式符号开头，打开文件时可能被执行", "begins like a formula, which a spreadsheet would run";
    FormulaResult => "formula-result", "是公式的结果，请确认后粘贴为数值", "is the result of a formula: check it, and paste it as a value";
    MergedCell => "merged-cell", "位于合并单元格内，没有自己的值", "lies in a merged range and has no value of its own";
    HiddenRow => "hidden-row", "在表格中被隐藏，但会付款", "is hidden in the sheet, and would be paid all the same";
    PaidElsewhere => "paid-elsewhere", "在另一份文件中已有相同收款人和金额", "gets the same amount in the other file too: check that it is not paid twice";
    FaultValue => "fault-value", "是错误值", "is an error value";
    DateValue => "date-value", "是日期", "is a date";
}

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Issue {
    /// Whether the other says the same, be it of another place.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let (place, there) = (&self.place, &other.place);
        core::ptr::eq(self.rule, other.rule)
            && (self.reason, self.severity, self.limit, self.fix)
                == (other.reason, other.severity, other.limit, other.fix)
            && (place.row.is_some(), place.column.is_some()) == (there.row.is_some(), there.column.is_some())
            && (place.field == there.field && place.label == there.label)
    }

    /// What to correct, in one sentence without any value.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        let (zh, en) = self.reason.texts();
        let (name, text, gap) = match locale {
            Locale::Zh if self.place.label.is_empty() => (self.place.field.as_str(), zh, " "),
            Locale::Zh => (self.place.label, zh, ""),
            // What is no field has a name in Chinese only.
            Locale::En if self.place.field.is_empty() && self.place.row.is_some() => ("the row", en, " "),
            Locale::En if self.place.field.is_empty() => ("the sheet", en, " "),
            Locale::En => (self.place.field.as_str(), en, " "),
        };
        let limit = self.limit.map(|limit| limit.to_string()).unwrap_or_default();
        format!("{name}{gap}{}", text.replace("{limit}", &limit))
    }
}

/// An issue as a host sees it.
#[derive(Clone, Debug, Serialize)]
pub struct IssueView {
    code: &'static str,
    reason: &'static str,
    severity: Severity,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix>,
    message: String,
    messages: Messages,
}

#[derive(Clone, Debug, Serialize)]
struct Messages {
    zh: String,
    en: String,
}

impl IssueView {
    /// The issue with its message in `locale`, and in both languages beside it.
    #[must_use]
    pub fn new(issue: &Issue, locale: Locale) -> Self {
        let Issue { rule, reason, severity, place, limit, fix } = issue.clone();
        let Place { path, row, column, field, .. } = place;
        let messages = Messages { zh: issue.message(Locale::Zh), en: issue.message(Locale::En) };
        let message = if locale == Locale::Zh { messages.zh.clone() } else { messages.en.clone() };
        Self { code: rule.id, reason: reason.key(), severity, path, row, column, field, limit, fix, message, messages }
    }
}

/// A report as a host sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ReportView {
    ok: bool,
    count: u32,
    total: u64,
    issues: Vec<IssueView>,
}

impl ReportView {
    /// The report with its messages in `locale`.
    #[must_use]
    pub fn new(report: &Report, locale: Locale) -> Self {
        let issues = report.issues.iter().map(|issue| IssueView::new(issue, locale)).collect();
        Self { ok: report.ok(), count: report.count, total: report.total, issues }
    }
}

/// What was found in a batch: every issue, in row order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read.
    pub count: u32,
    /// Sum of the amounts that could be read, in fen.
    pub total: u64,
    /// Everything found; issues of the batch as a whole come first.
    pub issues: Vec<Issue>,
}

impl Report {
    /// Whether nothing stops the batch.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.errors() == 0
    }

    fn errors(&self) -> usize {
        self.issues.iter().filter(|issue| issue.severity == Severity::Error).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut errors = self.issues.iter().filter(|issue| issue.severity == Severity::Error);
        let Some(first) = errors.next() else { return f.write_str("no error") };
        if let Some(row) = first.place.row {
            write!(f, "row {row}, ")?;
        }
        write!(f, "{} ({})", first.message(Locale::En), first.rule.id)?;
        match self.errors() - 1 {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn issues_are_alike_but_for_their_place() {
        let place = |path: &str, column: Option<&str>, field: &str| Place {
            path: path.to_owned(),
            row: Some(3),
            column: column.map(str::to_owned),
            field: field.to_owned(),
            label: "金额",
        };
        static RULE: Rule = Rule { id: "R", severity: Severity::Error, limit: None, source: "", zh: "", en: "" };
        let issue = |place| Issue {
            rule: &RULE,
            reason: Reason::Missing,
            severity: Severity::Error,
            place,
            limit: None,
            fix: None,
        };
        let first = issue(place("C3", Some("C"), "amount"));
        assert!(first.is_like(&issue(place("D9", Some("D"), "amount"))));
        assert!(!first.is_like(&issue(place("C3", Some("C"), "remark"))));
        assert!(!first.is_like(&issue(place("3", None, "amount"))));
        assert!(!first.is_like(&Issue { limit: Some(1), ..first.clone() }));
        assert!(!first.is_like(&Issue { fix: Some(Fix::Trim), ..first.clone() }));
        assert!(!first.is_like(&Issue { reason: Reason::Shape, ..first.clone() }));
        assert!(!first.is_like(&Issue { severity: Severity::Warning, ..first.clone() }));
    }

    #[test]
    fn every_reason_has_a_word_of_its_own() {
        let keys: HashSet<_> = Reason::ALL.iter().map(|reason| reason.key()).collect();
        assert_eq!(keys.len(), Reason::ALL.len());
    }
}
