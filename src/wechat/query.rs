//! The request targets of the four queries (pages 4012458868, 4012458877, 4012458886, 4012458902; rule V28).

use super::rules::{OUT_BATCH_NO, OUT_DETAIL_NO, V02, V04, V28};
use crate::batch::{Accept, Cell, Checker, Field, Origin, Shape};
use crate::canonical::target;
use crate::error::{Error, Result};
use crate::issue::{Reason, Rule};
use crate::json::{FromJson, Given, Json};

/// Which batch, and which part of it.
#[derive(Clone, Debug, Default)]
pub struct BatchQuery {
    /// The merchant's number; or else `batch_id`.
    pub out_batch_no: Option<String>,
    /// The provider's number.
    pub batch_id: Option<String>,
    /// Whether details are wanted; they come only when the batch is finished.
    pub need_query_detail: bool,
    /// First record, from 0.
    pub offset: Option<i64>,
    /// Records per page, 20 to 100.
    pub limit: Option<i64>,
    /// `ALL`, `SUCCESS`, `FAIL` or `WAIT_PAY`, exactly when details are wanted.
    pub detail_status: Option<String>,
}

/// Which detail of which batch, both by the merchant's numbers or both by the provider's.
#[derive(Clone, Debug, Default)]
pub struct DetailQuery {
    /// The merchant's number of the batch.
    pub out_batch_no: Option<String>,
    /// The merchant's number of the detail.
    pub out_detail_no: Option<String>,
    /// The provider's number of the batch.
    pub batch_id: Option<String>,
    /// The provider's number of the detail.
    pub detail_id: Option<String>,
}

impl FromJson for BatchQuery {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let query = Self {
            out_batch_no: given.optional("out_batch_no", Json::string)?,
            batch_id: given.optional("batch_id", Json::string)?,
            need_query_detail: given.optional("need_query_detail", Json::boolean)?.unwrap_or_default(),
            offset: given.optional("offset", Json::signed)?,
            limit: given.optional("limit", Json::signed)?,
            detail_status: given.optional("detail_status", Json::string)?,
        };
        given.end().map(|()| query)
    }
}

impl FromJson for DetailQuery {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let query = Self {
            out_batch_no: given.optional("out_batch_no", Json::string)?,
            out_detail_no: given.optional("out_detail_no", Json::string)?,
            batch_id: given.optional("batch_id", Json::string)?,
            detail_id: given.optional("detail_id", Json::string)?,
        };
        given.end().map(|()| query)
    }
}

static BATCH_ID: Field = id("batch_id", "微信批次单号");
static DETAIL_ID: Field = id("detail_id", "微信明细单号");
static DETAIL_STATUS: Field = id("detail_status", "明细状态");
static LIMIT: Field = id("limit", "每页条数");
static OFFSET: Field = id("offset", "起始位置");

const fn id(name: &'static str, label: &'static str) -> Field {
    Field {
        name,
        label,
        rule: &V28,
        required: true,
        shape: Shape::Word { min: 1, max: 64, accept: Accept::Alphanumeric },
    }
}

impl BatchQuery {
    /// The path and query, as signed and sent.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] with every issue.
    pub fn target(&self) -> Result<String> {
        let mut checker = Checker::default();
        let path = batch_path(&mut checker, self.out_batch_no.as_deref(), self.batch_id.as_deref());
        let offset = whole(&mut checker, &OFFSET, self.offset, 0..=i64::from(u32::MAX));
        let limit = whole(&mut checker, &LIMIT, self.limit, 20..=100);
        match self.detail_status.as_deref() {
            Some("ALL" | "SUCCESS" | "FAIL" | "WAIT_PAY") if self.need_query_detail => {}
            None if !self.need_query_detail => {}
            None => checker.note(&Origin::Batch, &DETAIL_STATUS, &V28, Reason::Missing, None),
            Some(_) if self.need_query_detail => {
                checker.note(&Origin::Batch, &DETAIL_STATUS, &V28, Reason::OutOfRange, None)
            }
            Some(_) => checker.note(&Origin::Batch, &DETAIL_STATUS, &V28, Reason::Conflict, None),
        }
        finish(checker)?;
        let mut query = vec![("need_query_detail", self.need_query_detail.to_string())];
        query.extend(offset.map(|offset| ("offset", offset.to_string())));
        query.extend(limit.map(|limit| ("limit", limit.to_string())));
        query.extend(self.detail_status.iter().map(|status| ("detail_status", status.clone())));
        target(&path, &query)
    }
}

impl DetailQuery {
    /// The path, as signed and sent.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] with every issue.
    pub fn target(&self) -> Result<String> {
        let mut checker = Checker::default();
        let batch = batch_path(&mut checker, self.out_batch_no.as_deref(), self.batch_id.as_deref());
        let path = if self.batch_id.is_some() {
            segment(&mut checker, &DETAIL_ID, &V28, self.detail_id.as_deref())
                .map(|id| format!("{batch}/details/detail-id/{id}"))
        } else {
            segment(&mut checker, &OUT_DETAIL_NO, &V04, self.out_detail_no.as_deref())
                .map(|no| format!("{batch}/details/out-detail-no/{no}"))
        };
        finish(checker)?;
        target::<&str, &str>(&path.unwrap_or_default(), &[])
    }
}

fn batch_path(checker: &mut Checker, out_batch_no: Option<&str>, batch_id: Option<&str>) -> String {
    let path = match (out_batch_no, batch_id) {
        (Some(_), Some(_)) => {
            checker.note(&Origin::Batch, &BATCH_ID, &V28, Reason::Conflict, None);
            None
        }
        (None, Some(_)) => {
            segment(checker, &BATCH_ID, &V28, batch_id).map(|id| format!("/v3/transfer/batches/batch-id/{id}"))
        }
        _ => segment(checker, &OUT_BATCH_NO, &V02, out_batch_no)
            .map(|no| format!("/v3/transfer/batches/out-batch-no/{no}")),
    };
    path.unwrap_or_default()
}

fn segment(checker: &mut Checker, field: &Field, rule: &'static Rule, value: Option<&str>) -> Option<String> {
    let cell = value.map(Cell::Text);
    checker.text(&Origin::Batch, &Field { rule, ..*field }, &cell).map(str::to_owned)
}

fn whole(
    checker: &mut Checker,
    field: &Field,
    value: Option<i64>,
    range: core::ops::RangeInclusive<i64>,
) -> Option<i64> {
    if value.is_some_and(|value| !range.contains(&value)) {
        checker.note(&Origin::Batch, field, &V28, Reason::OutOfRange, None);
    }
    value
}

fn finish(checker: Checker) -> Result<()> {
    if checker.failed() { Err(Error::QueryInvalid(Box::new(checker.report(0, 0)))) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(result: &Result<String>) -> Vec<&'static str> {
        match result {
            Err(Error::QueryInvalid(report)) => report.issues.iter().map(|issue| issue.reason.key()).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn batches_are_asked_for_by_either_number() {
        let by_number = BatchQuery { out_batch_no: Some("plfk2020042013".into()), ..BatchQuery::default() };
        assert_eq!(
            by_number.target().as_deref(),
            Ok("/v3/transfer/batches/out-batch-no/plfk2020042013?need_query_detail=false")
        );
        let page = BatchQuery {
            batch_id: Some("1030000071100999991182020050700019480001".into()),
            need_query_detail: true,
            offset: Some(100),
            limit: Some(100),
            detail_status: Some("ALL".into()),
            ..BatchQuery::default()
        };
        assert_eq!(
            page.target().as_deref(),
            Ok(
                "/v3/transfer/batches/batch-id/1030000071100999991182020050700019480001?need_query_detail=true&offset=100&limit=100&detail_status=ALL"
            )
        );
    }

    #[test]
    fn wrong_parameters_are_refused_all_at_once() {
        let query = BatchQuery { offset: Some(-1), limit: Some(19), need_query_detail: true, ..BatchQuery::default() };
        assert_eq!(codes(&query.target()), ["missing", "out-of-range", "out-of-range", "missing"]);
        let query = BatchQuery {
            out_batch_no: Some("../x".into()),
            limit: Some(101),
            detail_status: Some("ALL".into()),
            ..BatchQuery::default()
        };
        assert_eq!(codes(&query.target()), ["shape", "out-of-range", "conflict"]);
    }

    #[test]
    fn details_are_asked_for_by_either_pair_of_numbers() {
        let query =
            DetailQuery { out_batch_no: Some("b1".into()), out_detail_no: Some("d1".into()), ..DetailQuery::default() };
        assert_eq!(query.target().as_deref(), Ok("/v3/transfer/batches/out-batch-no/b1/details/out-detail-no/d1"));
        let query = DetailQuery { batch_id: Some("1".into()), detail_id: Some("2".into()), ..DetailQuery::default() };
        assert_eq!(query.target().as_deref(), Ok("/v3/transfer/batches/batch-id/1/details/detail-id/2"));
        assert_eq!(codes(&DetailQuery { batch_id: Some("1".into()), ..DetailQuery::default() }.target()), ["missing"]);
    }
}
