//! The request targets of lists and single objects (list pages, pagination page; chapters 4 and 10.1 of the protocol; rule PP31).

use super::channel::NAMES;
use super::head::{APP, CHANNEL, TYPE, field, is_app};
use super::rules::{PP01, PP31};
use crate::batch::{Accept, Cell, Checker, Field, Origin, Shape};
use crate::canonical::target;
use crate::error::{Error, Result};
use crate::issue::Reason;
use crate::json::{FromJson, Given, Json};

const BATCHES: &str = "/v1/batch_transfers";
const TRANSFERS: &str = "/v1/transfers";
const EVENTS: &str = "/v1/events";

/// When objects were created, in Unix seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Created {
    /// Later than.
    pub gt: Option<u64>,
    /// At or after.
    pub gte: Option<u64>,
    /// Earlier than.
    pub lt: Option<u64>,
    /// At or before.
    pub lte: Option<u64>,
}

/// Which batches, and which page of them. Neither `batch_no` nor a status can be asked for.
#[derive(Clone, Debug, Default)]
pub struct BatchList {
    /// The page, from 1.
    pub page: Option<u64>,
    /// Batches per page, 1 to 100. Sources disagree on the default (10 or 20), so say it.
    pub per_page: Option<u64>,
    /// When they were created.
    pub created: Created,
    /// Of which application.
    pub app: Option<String>,
}

/// Which single transfers, newest first; without `created` only about the last month is searched.
#[derive(Clone, Debug, Default)]
pub struct TransferList {
    /// Of which application.
    pub app: Option<String>,
    /// Most transfers, 1 to 100.
    pub limit: Option<u64>,
    /// After this transfer; or else `ending_before`.
    pub starting_after: Option<String>,
    /// Before this transfer.
    pub ending_before: Option<String>,
    /// When they were created.
    pub created: Created,
    /// Over which channel.
    pub channel: Option<String>,
    /// In which status: `pending`, `paid`, `failed`, `scheduled`, or one that came later.
    pub status: Option<String>,
    /// `b2c` or `b2b`.
    pub kind: Option<String>,
}

impl FromJson for Created {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        // Milliseconds would be a time far ahead: an empty list, which reads like "never created, send it again".
        let seconds = |json: Json<'_>| json.integer().filter(|seconds| *seconds < 100_000_000_000);
        let mut time = |name| given.optional(name, seconds);
        let created = Self { gt: time("gt")?, gte: time("gte")?, lt: time("lt")?, lte: time("lte")? };
        given.end().map(|()| created)
    }
}

impl FromJson for BatchList {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let list = Self {
            page: given.optional("page", Json::integer)?,
            per_page: given.optional("per_page", Json::integer)?,
            created: given.nested("created")?.unwrap_or_default(),
            app: given.optional("app", Json::string)?,
        };
        given.end().map(|()| list)
    }
}

impl FromJson for TransferList {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let list = Self {
            app: given.optional("app", Json::string)?,
            limit: given.optional("limit", Json::integer)?,
            starting_after: given.optional("starting_after", Json::string)?,
            ending_before: given.optional("ending_before", Json::string)?,
            created: given.nested("created")?.unwrap_or_default(),
            channel: given.optional("channel", Json::string)?,
            status: given.optional("status", Json::string)?,
            kind: given.optional("type", Json::string)?,
        };
        given.end().map(|()| list)
    }
}

static PAGE: Field = word("page", "页码");
static PER_PAGE: Field = word("per_page", "每页条数");
static LIMIT: Field = word("limit", "条数");
static STARTING_AFTER: Field = word("starting_after", "起始对象");
static ENDING_BEFORE: Field = word("ending_before", "结束对象");
static STATUS: Field = word("status", "状态");
static ID: Field = word("id", "对象编号");

const fn word(name: &'static str, label: &'static str) -> Field {
    field(name, label, &PP31, Shape::Word { min: 1, max: 64, accept: Accept::Identifier })
}

impl BatchList {
    /// The path and query, as signed and sent.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] with every issue.
    pub fn target(&self) -> Result<String> {
        let mut query = Query::default();
        query.whole(&PAGE, self.page, 1_000_000_000);
        query.whole(&PER_PAGE, self.per_page, 100);
        query.created(self.created);
        query.app("app", self.app.as_deref());
        query.target(BATCHES)
    }
}

impl TransferList {
    /// The path and query, as signed and sent.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] with every issue.
    pub fn target(&self) -> Result<String> {
        let mut query = Query::default();
        query.app("app[id]", self.app.as_deref());
        query.whole(&LIMIT, self.limit, 100);
        query.transfer(&STARTING_AFTER, self.starting_after.as_deref());
        query.transfer(&ENDING_BEFORE, self.ending_before.as_deref());
        if self.starting_after.is_some() && self.ending_before.is_some() {
            query.note(&ENDING_BEFORE, Reason::Conflict, None);
        }
        query.created(self.created);
        query.text(&Field { shape: Shape::Choice(&NAMES), ..CHANNEL }, self.channel.as_deref());
        query.text(&STATUS, self.status.as_deref());
        query.text(&TYPE, self.kind.as_deref());
        query.target(TRANSFERS)
    }
}

/// The path of a batch, to get it. A `PUT` of `{"status":"canceled"}` there cancelled unionpay batches until January 2018.
///
/// # Errors
/// [`Error::QueryInvalid`] unless `id` is decimal digits.
pub fn batch(id: &str) -> Result<String> {
    let sound = id.bytes().all(|b| b.is_ascii_digit());
    path(BATCHES, id, sound, "")
}

/// The path of a single transfer, to get it.
///
/// # Errors
/// [`Error::QueryInvalid`] unless `id` is `tr_` and letters or digits.
pub fn transfer(id: &str) -> Result<String> {
    path(TRANSFERS, id, is_id(id, "tr_"), "")
}

/// The path of a single transfer's reversal, to post to it. The body is empty.
///
/// # Errors
/// [`Error::QueryInvalid`] unless `id` is `tr_` and letters or digits.
pub fn reverse(id: &str) -> Result<String> {
    path(TRANSFERS, id, is_id(id, "tr_"), "/reverse")
}

/// The path of an event, to get it.
///
/// # Errors
/// [`Error::QueryInvalid`] unless `id` is `evt_` and letters or digits.
pub fn event(id: &str) -> Result<String> {
    path(EVENTS, id, is_id(id, "evt_"), "")
}

fn is_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn path(list: &str, id: &str, sound: bool, action: &str) -> Result<String> {
    let mut query = Query::default();
    query.text(&ID, Some(id));
    if !sound && !query.checker.failed() {
        query.note(&ID, Reason::Shape, None);
    }
    query.pairs.clear();
    query.target(&format!("{list}/{id}{action}"))
}

/// Parameters in the order given, and what is wrong with them.
#[derive(Default)]
struct Query {
    pairs: Vec<(&'static str, String)>,
    checker: Checker,
}

impl Query {
    fn whole(&mut self, field: &'static Field, value: Option<u64>, max: u64) {
        let Some(value) = value else { return };
        if !(1..=max).contains(&value) {
            self.note(field, Reason::OutOfRange, Some(max));
        }
        self.pairs.push((field.name, value.to_string()));
    }

    fn text(&mut self, field: &Field, value: Option<&str>) {
        let Some(value) = value else { return };
        let cell = Cell::Text(value);
        self.checker.text(&Origin::Batch, &Field { rule: &PP31, ..*field }, &Some(cell));
        self.pairs.push((field.name, value.to_owned()));
    }

    fn transfer(&mut self, field: &'static Field, value: Option<&str>) {
        if value.is_some_and(|id| !is_id(id, "tr_")) {
            self.note(field, Reason::Shape, None);
        }
        self.pairs.extend(value.map(|id| (field.name, id.to_owned())));
    }

    fn created(&mut self, Created { gt, gte, lt, lte }: Created) {
        let bounds = [("created[gt]", gt), ("created[gte]", gte), ("created[lt]", lt), ("created[lte]", lte)];
        self.pairs.extend(bounds.into_iter().filter_map(|(name, at)| Some((name, at?.to_string()))));
    }

    fn app(&mut self, name: &'static str, id: Option<&str>) {
        let Some(id) = id else { return };
        if id.is_empty() {
            self.note(&APP, Reason::Missing, None);
        } else if !is_app(id) {
            self.checker.note(&Origin::Batch, &APP, &PP01, Reason::Shape, None);
        }
        self.pairs.push((name, id.to_owned()));
    }

    fn note(&mut self, field: &Field, reason: Reason, limit: Option<u64>) {
        self.checker.note(&Origin::Batch, field, &PP31, reason, limit);
    }

    fn target(self, path: &str) -> Result<String> {
        if self.checker.failed() {
            return Err(Error::QueryInvalid(Box::new(self.checker.report(0, 0))));
        }
        target(path, &self.pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(result: &Result<String>) -> Vec<(&'static str, &str, &'static str)> {
        match result {
            Err(Error::QueryInvalid(report)) => {
                let issues = report.issues.iter();
                issues.map(|issue| (issue.rule.id, issue.place.field.as_str(), issue.reason.key())).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn batches_are_listed_by_page_time_and_application() {
        assert_eq!(BatchList::default().target().as_deref(), Ok("/v1/batch_transfers"));
        let list = BatchList {
            page: Some(1),
            per_page: Some(100),
            created: Created { gt: Some(0), gte: Some(1_476_067_095), lt: Some(2), lte: Some(3) },
            app: Some("app_1Gqj58ynP0mHeX1q".into()),
        };
        assert_eq!(
            list.target().as_deref(),
            Ok(
                "/v1/batch_transfers?page=1&per_page=100&created%5Bgt%5D=0&created%5Bgte%5D=1476067095&created%5Blt%5D=2&created%5Blte%5D=3&app=app_1Gqj58ynP0mHeX1q"
            )
        );
    }

    #[test]
    fn an_unusual_application_is_sent_as_it_is_encoded() {
        let list = BatchList { app: Some("应用 1&x=[2]".into()), ..BatchList::default() };
        assert_eq!(list.target().as_deref(), Ok("/v1/batch_transfers?app=%E5%BA%94%E7%94%A8%201%26x%3D%5B2%5D"));
    }

    #[test]
    fn wrong_parameters_are_refused_all_at_once() {
        let list =
            BatchList { page: Some(0), per_page: Some(101), app: Some(String::new()), created: Created::default() };
        assert_eq!(
            reasons(&list.target()),
            [("PP31", "page", "out-of-range"), ("PP31", "per_page", "out-of-range"), ("PP31", "app", "missing")]
        );
        let list = TransferList {
            limit: Some(101),
            starting_after: Some("181610101014367590".into()),
            ending_before: Some("tr_".into()),
            channel: Some("chanpay".into()),
            status: Some("a b".into()),
            kind: Some("c2c".into()),
            ..TransferList::default()
        };
        assert_eq!(
            reasons(&list.target()),
            [
                ("PP31", "limit", "out-of-range"),
                ("PP31", "starting_after", "shape"),
                ("PP31", "ending_before", "shape"),
                ("PP31", "ending_before", "conflict"),
                ("PP31", "channel", "not-a-choice"),
                ("PP31", "status", "shape"),
                ("PP31", "type", "not-a-choice"),
            ]
        );
    }

    #[test]
    fn transfers_are_listed_by_cursor() {
        let list = TransferList {
            app: Some("app_1Gqj58ynP0mHeX1q".into()),
            limit: Some(3),
            starting_after: Some("tr_0eTi1OGqr9iH0i9CePf1a9C0".into()),
            created: Created { gte: Some(1), ..Created::default() },
            channel: Some("wx_lite".into()),
            status: Some("paid".into()),
            kind: Some("b2c".into()),
            ..TransferList::default()
        };
        assert_eq!(
            list.target().as_deref(),
            Ok(
                "/v1/transfers?app%5Bid%5D=app_1Gqj58ynP0mHeX1q&limit=3&starting_after=tr_0eTi1OGqr9iH0i9CePf1a9C0&created%5Bgte%5D=1&channel=wx_lite&status=paid&type=b2c"
            )
        );
    }

    #[test]
    fn objects_are_asked_for_by_their_ids() {
        assert_eq!(batch("181610101014367590").as_deref(), Ok("/v1/batch_transfers/181610101014367590"));
        assert_eq!(transfer("tr_0eTi1OGqr9iH0i9CePf1a9C0").as_deref(), Ok("/v1/transfers/tr_0eTi1OGqr9iH0i9CePf1a9C0"));
        assert_eq!(
            reverse("tr_0eTi1OGqr9iH0i9CePf1a9C0").as_deref(),
            Ok("/v1/transfers/tr_0eTi1OGqr9iH0i9CePf1a9C0/reverse")
        );
        assert_eq!(event("evt_400161010101436761001614").as_deref(), Ok("/v1/events/evt_400161010101436761001614"));
        for id in ["", "2016101010380007x", "../charges", "１８", "tr_1"] {
            assert_eq!(reasons(&batch(id)).len(), 1, "{id}");
        }
        for id in ["", "tr_", "181610101014367590", "tr_a/b", "tr_a_b", "evt_a"] {
            assert_eq!(reasons(&transfer(id)).len(), 1, "{id}");
            assert_eq!(reasons(&reverse(id)).len(), 1, "{id}");
        }
        assert_eq!(reasons(&event("tr_a")).len(), 1);
    }
}
