//! The texts of a workbook, kept once: shared strings, and what stands in the cells themselves.

use super::super::container::Container;
use super::super::xml::{Step, Xml};
use super::{DAMAGED, Limits, MAIN};
use crate::error::{Error, Result};

/// A place among the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    from: u32,
    length: u32,
}

/// All texts, one after the other.
#[derive(Debug)]
pub(super) struct Texts {
    all: String,
    shared: Vec<Place>,
    limits: Limits,
    /// Of the text being read, before its escapes are resolved.
    raw: String,
}

impl Texts {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { all: String::new(), shared: Vec::new(), limits, raw: String::new() }
    }

    pub(super) fn get(&self, place: Place) -> &str {
        let from = place.from as usize;
        // Places are only made here, of what was just added.
        self.all.get(from..from + place.length as usize).unwrap_or_default()
    }

    pub(super) fn shared(&self, index: &str) -> Result<Place> {
        let index: usize = index.parse().map_err(|_| DAMAGED)?;
        self.shared.get(index).copied().ok_or(DAMAGED)
    }

    /// Reads the table of shared strings.
    pub(super) fn share(&mut self, container: &Container<'_>, part: Option<&str>) -> Result<()> {
        let Some(source) = part.map(|part| container.part(part)).transpose()?.flatten() else { return Ok(()) };
        let mut xml = Xml::new(source, MAIN);
        xml.root("sst", DAMAGED)?;
        let preserve = preserves(&xml, false);
        loop {
            match xml.step()? {
                Step::Open if xml.name() == "si" => {
                    let place = self.rich(&mut xml, preserve)?;
                    if self.shared.len() >= self.limits.cells {
                        return Err(Error::SheetTooLarge("the workbook has too many texts: split it"));
                    }
                    self.shared.push(place);
                }
                Step::Open => xml.skip()?,
                Step::Text => {}
                Step::Close | Step::End => break,
            }
        }
        xml.finish()
    }

    /// Keeps the text of a `si` or `is` that was just opened: its `t`, or the runs' one after the other; without what tells how to read it aloud.
    pub(super) fn rich(&mut self, xml: &mut Xml<'_>, preserve: bool) -> Result<Place> {
        let from = self.all.len();
        let preserve = preserves(xml, preserve);
        let mut run = None;
        loop {
            match xml.step()? {
                Step::Open => match (xml.name(), run) {
                    ("t", _) => self.piece(xml, run.unwrap_or(preserve))?,
                    ("r", None) => run = Some(preserves(xml, preserve)),
                    _ => xml.skip()?,
                },
                Step::Text => {}
                // Of the run, or of the whole.
                Step::Close if run.take().is_some() => {}
                Step::Close | Step::End => return self.place(from),
            }
        }
    }

    /// Keeps the text of the element that was just opened, as it stands.
    pub(super) fn exact(&mut self, xml: &mut Xml<'_>) -> Result<Place> {
        let from = self.all.len();
        self.piece(xml, true)?;
        self.place(from)
    }

    /// Keeps the text of the element that was just opened, without blanks around it and without escapes: a number, a reference.
    pub(super) fn token(&mut self, xml: &mut Xml<'_>) -> Result<Place> {
        self.raw.clear();
        xml.collect(&mut self.raw)?;
        let from = self.all.len();
        self.all.push_str(self.raw.trim_matches(is_blank));
        self.place(from)
    }

    /// Keeps a text of ours.
    pub(super) fn keep(&mut self, text: &str) -> Result<Place> {
        let from = self.all.len();
        self.all.push_str(text);
        self.place(from)
    }

    /// Forgets the text that was kept last.
    pub(super) fn forget(&mut self, place: Place) {
        self.all.truncate(place.from as usize);
    }

    fn piece(&mut self, xml: &mut Xml<'_>, preserve: bool) -> Result<()> {
        let preserve = preserves(xml, preserve);
        self.raw.clear();
        xml.collect(&mut self.raw)?;
        let text = if preserve { self.raw.as_str() } else { self.raw.trim_matches(is_blank) };
        unescape(text, &mut self.all);
        Ok(())
    }

    fn place(&self, from: usize) -> Result<Place> {
        if self.all.len() > self.limits.texts {
            return Err(Error::SheetTooLarge("the texts of the workbook have too many bytes: split it"));
        }
        let number = |size| u32::try_from(size).map_err(|_| DAMAGED);
        Ok(Place { from: number(from)?, length: number(self.all.len() - from)? })
    }
}

/// Whether blanks at the ends belong to the text. Excel drops them where this is not said.
fn preserves(xml: &Xml<'_>, otherwise: bool) -> bool {
    xml.raw_attribute("xml:space").map_or(otherwise, |value| value == "preserve")
}

/// A blank of XML; others, such as U+3000, are text.
const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Resolves `_x000D_` and the like, which stand for UTF-16 units that XML cannot hold; `_x005F_` stands for an underscore.
fn unescape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        into.push_str(before);
        let Some((unit, behind)) = escape(from) else {
            into.push_str("_x");
            rest = &from[2..];
            continue;
        };
        let pair = escape(behind).filter(|_| (0xd800..0xdc00).contains(&unit));
        let (units, behind) = match pair {
            Some((low @ 0xdc00..=0xdfff, behind)) => ([unit, low], behind),
            _ => ([unit, 0], behind),
        };
        let units = if units[1] == 0 { &units[..1] } else { &units };
        into.extend(char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        rest = behind;
    }
    into.push_str(rest);
}

/// `_xHHHH_` at the beginning, and what follows it.
fn escape(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let behind = text.get(6..)?.strip_prefix('_')?;
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| hex).map(|unit| (unit, behind))
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_stand_for_utf16_units() {
        for (text, plain) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x0041__x0042_", "AB"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_x", "\u{fffd}x"),
            ("_xDE00__xD83D_", "\u{fffd}\u{fffd}"),
            ("_x_x004_x00411_ _xZZZZ_ _x+041_ _x", "_x_x004_x00411_ _xZZZZ_ _x+041_ _x"),
            ("_x金额_x0041_", "_x金额A"),
        ] {
            let mut found = String::new();
            super::unescape(text, &mut found);
            assert_eq!(found, plain, "{text}");
        }
    }
}
