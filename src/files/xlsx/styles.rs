//! Of the styles, only what tells a date from a number.

use super::super::container::Container;
use super::super::xml::{Step, Xml};
use super::{DAMAGED, MAIN};
use crate::error::Result;

/// More than Excel writes, which knows 65,490 formats of cells.
const MAX_FORMATS: usize = 100_000;

/// Which cell formats, by their index, show a date or a time.
pub(super) fn read(container: &Container<'_>, part: Option<&str>) -> Result<Vec<bool>> {
    let Some(source) = part.map(|part| container.part(part)).transpose()?.flatten() else { return Ok(Vec::new()) };
    let mut xml = Xml::new(source, MAIN);
    xml.root("styleSheet", DAMAGED)?;
    let (mut custom, mut formats) = (Vec::new(), Vec::new());
    loop {
        match xml.step()? {
            Step::Open if custom.len() + formats.len() > MAX_FORMATS => return Err(DAMAGED),
            Step::Open => match xml.name() {
                "numFmts" | "cellXfs" => {}
                "numFmt" => {
                    let id: Option<u32> = xml.raw_attribute("numFmtId").and_then(|id| id.parse().ok());
                    let code = xml.attribute("formatCode")?;
                    if let (Some(id), Some(code)) = (id, code) {
                        custom.push((id, is_date(&code)));
                    }
                }
                "xf" => formats.push(xml.raw_attribute("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0)),
                _ => xml.skip()?,
            },
            Step::Close | Step::Text => {}
            Step::End => break,
        }
    }
    custom.sort_unstable_by_key(|(id, _)| *id);
    let shows_date = |id: u32| match custom.binary_search_by_key(&id, |(id, _)| *id) {
        Ok(at) => custom[at].1,
        Err(_) => is_built_in_date(id),
    };
    Ok(formats.into_iter().map(shows_date).collect())
}

/// ECMA-376 part 1, 18.8.30, with the ones that mean dates in Chinese, Japanese and Korean.
const fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format code names a part of a date or time, outside of quotes, escapes and brackets.
fn is_date(code: &str) -> bool {
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => drop(rest.by_ref().find(|c| *c == '"')),
            // The next character is shown, or its width left free, or it is repeated.
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                // [h], [mm]: hours and minutes beyond a day.
                let first = inside.chars().next();
                if first.is_some_and(|first| {
                    matches!(first, 'h' | 'H' | 'm' | 'M' | 's' | 'S') && inside.chars().all(|c| c == first)
                }) {
                    return true;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            // "General" holds none of them.
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn a_format_is_of_a_date_only_by_its_own_letters() {
        for code in
            ["yyyy-mm-dd", "yyyy\"年\"m\"月\"", "[$-409]h:mm AM/PM", "[h]:mm", "[mm]:ss", "上午/下午h\"时\"", "0;d"]
        {
            assert!(is_date(code), "{code}");
        }
        for code in [
            "General",
            "@",
            "0.00E+00",
            "#,##0.00\"yuan (d)\"",
            "[Red]0.00",
            "\\d0",
            "_d0",
            "[$¥-804]#,##0",
            "0\"",
            "*m0",
        ] {
            assert!(!is_date(code), "{code}");
        }
    }
}
