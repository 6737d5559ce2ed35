//! A step-by-step reader of the XML of a part: only the namespace asked for, no document type, bounded depth and length.

use std::borrow::Cow;
use std::io::{BufRead, BufReader};

use quick_xml::XmlVersion;
use quick_xml::errors::Error as XmlError;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::container::Part;
use crate::error::{Error, Result};

/// Deeper than any part of a workbook.
const MAX_DEPTH: usize = 100;
/// Bytes of one tag, text or comment. A cell holds at most 32,767 characters.
const MAX_PIECE: u64 = 1 << 20;
/// What one read takes from the part.
const CHUNK: usize = 16 << 10;

const DAMAGED: Error = Error::SheetFormat("the XLSX holds damaged XML: open it in Excel and save it again");
const NOT_UTF8: Error = Error::SheetFormat("the XLSX holds XML that is not UTF-8: open it in Excel and save it again");

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An element begins, see [`Xml::name`] and [`Xml::attribute`].
    Open,
    /// The element that was opened last ends.
    Close,
    /// A piece of text, see [`Xml::collect`].
    Text,
    /// The part ends.
    End,
}

/// A reader of one part.
pub(super) struct Xml<'a> {
    reader: NsReader<BufReader<Part<'a>>>,
    buffer: Vec<u8>,
    namespaces: &'static [&'static str],
    /// The tag that was opened last, without its brackets.
    tag: String,
    name: usize,
    /// Whether it is in one of the namespaces.
    known: bool,
    text: String,
    depth: usize,
}

impl<'a> Xml<'a> {
    /// Begins to read; elements outside of `namespaces` have no name.
    pub(super) fn new(part: Part<'a>, namespaces: &'static [&'static str]) -> Self {
        let mut reader = NsReader::from_reader(BufReader::with_capacity(CHUNK, part));
        reader.config_mut().expand_empty_elements = true;
        let (buffer, tag, text) = (Vec::new(), String::new(), String::new());
        Self { reader, buffer, namespaces, tag, name: 0, known: false, text, depth: 0 }
    }

    /// Reads on.
    pub(super) fn step(&mut self) -> Result<Step> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().get_mut().allow(MAX_PIECE);
            let (namespace, event) = self.reader.read_resolved_event_into(&mut self.buffer).map_err(read_error)?;
            match event {
                Event::Start(tag) => {
                    self.known = matches!(namespace, ResolveResult::Bound(found) if self.namespaces.contains(&found.0));
                    self.name = tag.name().0.len();
                    self.tag.clear();
                    self.tag.push_str(&tag);
                    self.depth += 1;
                    return if self.depth > MAX_DEPTH { Err(DAMAGED) } else { Ok(Step::Open) };
                }
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1).ok_or(DAMAGED)?;
                    return Ok(Step::Close);
                }
                Event::Text(text) => {
                    self.text.clear();
                    self.text.push_str(&text.xml10_content());
                    return Ok(Step::Text);
                }
                Event::CData(text) => {
                    self.text.clear();
                    self.text.push_str(&text.xml10_content());
                    return Ok(Step::Text);
                }
                Event::GeneralRef(reference) => {
                    let character = match &*reference {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => reference.resolve_char_ref().ok().flatten().ok_or(DAMAGED)?,
                    };
                    self.text.clear();
                    self.text.push(character);
                    return Ok(Step::Text);
                }
                Event::DocType(_) => {
                    return Err(Error::SheetFormat(
                        "the XLSX holds an XML document type, as Excel never writes: open it in Excel and save it again",
                    ));
                }
                Event::Eof => return if self.depth == 0 { Ok(Step::End) } else { Err(DAMAGED) },
                Event::Decl(declared) => match declared.encoding() {
                    None => {}
                    Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => {}
                    Some(_) => return Err(NOT_UTF8),
                },
                Event::Empty(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
    }

    /// The name of the element that was opened last, without prefix; empty if it is in another namespace.
    pub(super) fn name(&self) -> &str {
        let name = &self.tag[..self.name];
        if self.known { name.rsplit_once(':').map_or(name, |(_, local)| local) } else { "" }
    }

    /// An attribute of the element that was opened last, raw, for values without character references.
    pub(super) fn raw_attribute(&self, name: &str) -> Option<&str> {
        let [found] = self.raw_attributes([name]);
        found
    }

    /// Several of them at once: a worksheet has an element with three for every cell.
    pub(super) fn raw_attributes<const N: usize>(&self, names: [&str; N]) -> [Option<&str>; N] {
        let mut found = [None; N];
        let mut attributes = Attributes::new(&self.tag, self.name);
        for attribute in attributes.with_checks(false).flatten() {
            if let (Some(at), Cow::Borrowed(value)) =
                (names.iter().position(|name| *name == attribute.key.0), attribute.value)
            {
                found[at] = found[at].or(Some(value));
            }
        }
        found
    }

    /// An attribute of the element that was opened last, by its whole name.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>> {
        self.attribute_where(|key| key == name)
    }

    /// An attribute that has any prefix.
    pub(super) fn prefixed_attribute(&self, local: &str) -> Result<Option<String>> {
        self.attribute_where(|key| key.split_once(':').is_some_and(|(_, name)| name == local))
    }

    fn attribute_where(&self, wanted: impl Fn(&str) -> bool) -> Result<Option<String>> {
        let mut attributes = Attributes::new(&self.tag, self.name);
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|_| DAMAGED)?;
            if wanted(attribute.key.0) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| DAMAGED)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    /// An attribute that is true or false; false if it is not there.
    pub(super) fn is_set(&self, name: &str) -> bool {
        matches!(self.raw_attribute(name), Some("1" | "true"))
    }

    /// Reads to the end of the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.step()?;
        }
        Ok(())
    }

    /// Appends the text of the element that was opened last, without that of elements inside it, and reads to its end.
    pub(super) fn collect(&mut self, into: &mut String) -> Result<()> {
        loop {
            match self.step()? {
                Step::Text => into.push_str(&self.text),
                Step::Open => self.skip()?,
                Step::Close | Step::End => return Ok(()),
            }
        }
    }

    /// Opens the root element, which has to have this name.
    pub(super) fn root(&mut self, name: &str, otherwise: Error) -> Result<()> {
        // UTF-16 by its byte order mark. Not left to the parser: what it does depends on how it was built.
        let start = self.reader.get_mut().fill_buf().map_err(|error| read_error(error.into()))?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(NOT_UTF8);
        }
        loop {
            match self.step()? {
                Step::Open if self.name() == name => return Ok(()),
                Step::Text => {}
                _ => return Err(otherwise),
            }
        }
    }

    /// Reads to the end of the part, so that its checksum is checked.
    pub(super) fn finish(mut self) -> Result<()> {
        while self.step()? != Step::End {}
        Ok(())
    }
}

/// What the container had to say travels inside the error of whoever read from it.
fn read_error(error: XmlError) -> Error {
    match error {
        XmlError::Io(inner) => {
            inner.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).cloned().unwrap_or(DAMAGED)
        }
        XmlError::Encoding(_) => NOT_UTF8,
        _ => DAMAGED,
    }
}
