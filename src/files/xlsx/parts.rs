//! Which part of the container is what: relationships, and the list of worksheets.

use super::super::container::{Container, MAX_PARTS};
use super::super::xml::{Step, Xml};
use super::{DAMAGED, MAIN};
use crate::error::{Error, Result};

const RELATIONSHIPS: &[&str] = &["http://schemas.openxmlformats.org/package/2006/relationships"];

const NO_WORKBOOK: Error = Error::SheetFormat("it is not an XLSX workbook: open it in Excel and save it as .xlsx");

/// What a workbook holds.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) sheets: Vec<Worksheet>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
}

/// One worksheet.
#[derive(Debug)]
pub(super) struct Worksheet {
    pub(super) name: String,
    pub(super) part: String,
    visible: bool,
}

impl Book {
    pub(super) fn read(container: &Container<'_>) -> Result<Self> {
        let root = relationships(container, "")?;
        let workbook = match root.into_iter().find(|relation| relation.is("officeDocument")) {
            Some(relation) => relation.target,
            None => return Err(Error::SheetFormat(foreign(container))),
        };
        if workbook.ends_with(".bin") {
            return Err(Error::SheetFormat("it is a binary workbook (.xlsb): open it in Excel and save it as .xlsx"));
        }
        let relations = relationships(container, &workbook)?;
        let target = |kind| relations.iter().find(|relation| relation.is(kind)).map(|relation| relation.target.clone());
        let sheets = worksheets(container, &workbook, &relations)?;
        if sheets.is_empty() {
            return Err(Error::SheetFormat("the workbook has no worksheet"));
        }
        Ok(Self { sheets, strings: target("sharedStrings"), styles: target("styles") })
    }

    /// The worksheet of this name, or the first visible one.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<&Worksheet> {
        let found = match name {
            Some(name) => self.sheets.iter().find(|sheet| sheet.name == name),
            None => self.sheets.iter().find(|sheet| sheet.visible).or_else(|| self.sheets.first()),
        };
        found.ok_or(Error::SheetFormat("the workbook has no worksheet of this name"))
    }
}

/// What a container without a workbook is.
fn foreign(container: &Container<'_>) -> &'static str {
    if container.has("mimetype") || container.has("content.xml") {
        "it is an OpenDocument file: save it as .xlsx"
    } else if container.has("index/document.iwa") || container.has("index.zip") {
        "it is a Numbers file: export it as .xlsx"
    } else {
        "it is a ZIP file without a workbook: unpack it, or save the sheet as .xlsx"
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Relation {
    /// Both the transitional and the strict names end so.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit_once('/').is_some_and(|(_, last)| last == kind)
    }
}

/// The relationships of a part; of the whole container for an empty name.
fn relationships(container: &Container<'_>, part: &str) -> Result<Vec<Relation>> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(source) = container.part(&join(folder, &format!("_rels/{file}.rels")))? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(source, RELATIONSHIPS);
    xml.root("Relationships", DAMAGED)?;
    let mut relations = Vec::new();
    loop {
        match xml.step()? {
            Step::Open => {
                if relations.len() >= MAX_PARTS {
                    return Err(DAMAGED);
                }
                let external = xml.raw_attribute("TargetMode") == Some("External");
                let values = (xml.attribute("Id")?, xml.attribute("Type")?, xml.attribute("Target")?);
                if let (Some(id), Some(kind), Some(target)) = values
                    && xml.name() == "Relationship"
                    && !external
                {
                    relations.push(Relation { id, kind, target: join(folder, &target) });
                }
                xml.skip()?;
            }
            Step::Text => {}
            Step::Close | Step::End => break,
        }
    }
    xml.finish()?;
    Ok(relations)
}

/// A target as seen from a folder, without `.` and `..`.
fn join(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let (folder, target) = target.strip_prefix('/').map_or((folder, target.as_str()), |rooted| ("", rooted));
    let mut names: Vec<&str> = folder.split('/').collect();
    for name in target.split('/') {
        match name {
            "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.retain(|name| !name.is_empty());
    names.join("/")
}

fn worksheets(container: &Container<'_>, workbook: &str, relations: &[Relation]) -> Result<Vec<Worksheet>> {
    let mut xml = Xml::new(container.part(workbook)?.ok_or(DAMAGED)?, MAIN);
    xml.root("workbook", NO_WORKBOOK)?;
    let mut sheets = Vec::new();
    loop {
        match xml.step()? {
            Step::Open if xml.name() == "sheets" => {}
            Step::Open if xml.name() == "sheet" => {
                let (name, id) = (xml.attribute("name")?, xml.prefixed_attribute("id")?);
                let (Some(name), Some(id)) = (name, id) else { return Err(DAMAGED) };
                if sheets.len() >= MAX_PARTS {
                    return Err(DAMAGED);
                }
                let visible = !matches!(xml.raw_attribute("state"), Some("hidden" | "veryHidden"));
                let relation = relations.iter().find(|relation| relation.id == id).ok_or(DAMAGED)?;
                // Sheets that hold a chart or a macro have no cells.
                if relation.is("worksheet") {
                    sheets.push(Worksheet { name, part: relation.target.clone(), visible });
                }
                xml.skip()?;
            }
            Step::Open => xml.skip()?,
            Step::Close | Step::Text => {}
            Step::End => return Ok(sheets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn targets_are_seen_from_their_part() {
        for (folder, target, joined) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../sharedStrings.xml", "xl/sharedStrings.xml"),
            ("xl", ".\\styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("", "../../x", "x"),
        ] {
            assert_eq!(join(folder, target), joined);
        }
    }
}
