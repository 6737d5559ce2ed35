//! What is known of a sheet, as JSON text.

use crate::canonical::{ObjectWriter, push_string};
use crate::issue::{Issue, IssueView, Locale};
use crate::sheet::{AmountUnit, Mapping, Separator};
use crate::upload::{self, Target, Upload};

/// A sheet as its header shows it.
pub(super) struct View<'s> {
    pub(super) separator: Option<Separator>,
    pub(super) titles: Vec<&'s str>,
    pub(super) mapping: &'s Mapping,
    pub(super) target: &'s Target,
    pub(super) locale: Locale,
}

impl View<'_> {
    /// `{ separator?, headers, columns, missing, amountUnit? }`.
    pub(super) fn facts(&self) -> String {
        let mut out = Vec::new();
        self.write_facts(ObjectWriter::new(&mut out)).end();
        text(out)
    }

    /// The facts and `{ ok, count, total, issues, kinds }`, and `{ rows, hash }` if they are known.
    pub(super) fn report(&self, Upload { report, rows, hash }: &Upload) -> String {
        let mut out = Vec::with_capacity(rows.len() + 32 * report.issues.len() + 4096);
        let mut object = self.write_facts(ObjectWriter::new(&mut out));
        object.boolean("ok", report.ok());
        object.integer("count", report.count.into());
        object.integer("total", report.total);
        self.write_issues(&mut object, &report.issues);
        if !hash.is_empty() {
            object.raw("rows").extend_from_slice(rows);
            object.text("hash", hash);
        }
        object.end();
        text(out)
    }

    fn write_facts<'o>(&self, mut object: ObjectWriter<'o>) -> ObjectWriter<'o> {
        object.optional_text("separator", self.separator.map(Separator::as_str));
        write_texts(object.raw("headers"), self.titles.iter().copied());
        let mut columns = ObjectWriter::new(object.raw("columns"));
        for (field, letters) in upload::letters(self.mapping, self.target) {
            columns.text(field, &letters);
        }
        columns.end();
        write_texts(object.raw("missing"), self.mapping.missing(self.target.columns()));
        object.optional_text("amountUnit", self.mapping.unit.map(AmountUnit::name));
        object
    }

    /// Issues that say the same are many, and their texts are long: `kinds` holds the first issue of each kind, whole, and `issues` for each
    /// `[kind, path, row, column]`.
    fn write_issues(&self, object: &mut ObjectWriter<'_>, issues: &[Issue]) {
        let mut kinds: Vec<&Issue> = Vec::new();
        let list = object.raw("issues");
        list.push(b'[');
        for (index, issue) in issues.iter().enumerate() {
            let kind = kinds.iter().position(|kind| kind.is_like(issue)).unwrap_or(kinds.len());
            if kind == kinds.len() {
                kinds.push(issue);
            }
            if index > 0 {
                list.push(b',');
            }
            let place = &issue.place;
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut *list, &(kind, &place.path, place.row, &place.column));
        }
        list.push(b']');
        let kinds: Vec<IssueView> = kinds.into_iter().map(|kind| IssueView::new(kind, self.locale)).collect();
        let _ = serde_json::to_writer(object.raw("kinds"), &kinds);
    }
}

pub(super) fn write_texts<'t>(out: &mut Vec<u8>, texts: impl Iterator<Item = &'t str>) {
    out.push(b'[');
    for (index, text) in texts.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_string(out, text);
    }
    out.push(b']');
}

/// JSON that was written here is UTF-8, because what it is written from is.
pub(super) fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap_or_default()
}
