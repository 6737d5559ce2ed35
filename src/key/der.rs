//! DER (X.690), as far as keys and certificates need it: one element after the other, and nothing but the one way to write it.

/// Tags of the elements that keys and certificates are made of.
pub(super) mod tag {
    pub(in crate::key) const BOOLEAN: u8 = 0x01;
    pub(in crate::key) const INTEGER: u8 = 0x02;
    pub(in crate::key) const BIT_STRING: u8 = 0x03;
    pub(in crate::key) const OCTET_STRING: u8 = 0x04;
    pub(in crate::key) const NULL: u8 = 0x05;
    pub(in crate::key) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in crate::key) const UTC_TIME: u8 = 0x17;
    pub(in crate::key) const GENERALIZED_TIME: u8 = 0x18;
    pub(in crate::key) const SEQUENCE: u8 = 0x30;
    pub(in crate::key) const SET: u8 = 0x31;

    /// `[number]` around something that is not constructed.
    pub(in crate::key) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]` around something that is constructed.
    pub(in crate::key) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// What is still to be read of one element's content. Every method gives `None` at the first thing that is not DER, or not what was asked for.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d>(&'d [u8]);

impl<'d> Reader<'d> {
    /// The content of the SEQUENCE that `der` is, with nothing behind it.
    pub(super) fn of_sequence(der: &'d [u8]) -> Option<Self> {
        let mut outside = Self(der);
        let content = outside.sequence()?;
        outside.end()?;
        Some(content)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// There must be nothing left.
    pub(super) fn end(&self) -> Option<()> {
        self.is_empty().then_some(())
    }

    /// The next element, whatever it is: its tag and its content.
    pub(super) fn element(&mut self) -> Option<(u8, &'d [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        // Tag numbers from 31 on take more bytes; keys and certificates have none.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            // No bytes would be an indefinite length, and more than three are more than anything here has.
            let count = usize::from(first & 0x7f);
            if !(1..=3).contains(&count) {
                return None;
            }
            let (bytes, rest) = rest.split_at_checked(count)?;
            let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            // The shortest form is the only one.
            if length < 0x80 || bytes[0] == 0 {
                return None;
            }
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element, which must have this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.element().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The content of the next element if it has this tag; `Some(None)` if it has another one, or there is none.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Option<&'d [u8]>> {
        if self.0.first() == Some(&tag) { self.take(tag).map(Some) } else { Some(None) }
    }

    pub(super) fn sequence(&mut self) -> Option<Self> {
        self.take(tag::SEQUENCE).map(Self)
    }

    pub(super) fn set(&mut self) -> Option<Self> {
        self.take(tag::SET).map(Self)
    }

    /// The inside of an optional `[number] EXPLICIT`.
    pub(super) fn explicit(&mut self, number: u8) -> Option<Option<Self>> {
        Some(self.optional(tag::context_constructed(number))?.map(Self))
    }

    /// An INTEGER as its content bytes, the sign byte included.
    pub(super) fn integer(&mut self) -> Option<&'d [u8]> {
        let content = self.take(tag::INTEGER)?;
        match content {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
            _ => Some(content),
        }
    }

    /// An INTEGER that is not negative: its bytes without the sign byte.
    pub(super) fn unsigned(&mut self) -> Option<&'d [u8]> {
        match self.integer()? {
            [0x80..=0xff, ..] => None,
            [0, magnitude @ ..] if !magnitude.is_empty() => Some(magnitude),
            magnitude => Some(magnitude),
        }
    }

    /// An INTEGER up to `max`, as versions are.
    pub(super) fn version(&mut self, max: u8) -> Option<u8> {
        match self.integer()? {
            [version] if *version <= max => Some(*version),
            _ => None,
        }
    }

    /// An OBJECT IDENTIFIER as its content bytes.
    pub(super) fn object_identifier(&mut self) -> Option<&'d [u8]> {
        let content = self.take(tag::OBJECT_IDENTIFIER)?;
        // The first byte is two arcs, 2.39 at most; then seven bits a byte, and the top bit says that the arc goes on.
        let sound = matches!(content, [0..=119, ..]) && content.last().is_some_and(|last| *last < 0x80);
        sound.then_some(content)
    }

    /// The bytes of a BIT STRING; `Some(None)` if its last byte is not used whole.
    pub(super) fn bit_string(&mut self) -> Option<Option<&'d [u8]>> {
        match self.take(tag::BIT_STRING)? {
            [0, bytes @ ..] => Some(Some(bytes)),
            [1..=7, _, ..] => Some(None),
            _ => None,
        }
    }
}

/// Appends the tag and the length of an element whose content follows.
pub(super) fn push_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    let bytes = length.to_be_bytes();
    let bytes = &bytes[length.leading_zeros() as usize / 8..];
    if length >= 0x80 {
        // At most eight bytes.
        out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    }
    if length == 0 { out.push(0) } else { out.extend_from_slice(bytes) }
}

/// Appends a whole element.
pub(super) fn push(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    push_header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// Appends an INTEGER that is not negative; `magnitude` has no leading zero byte.
pub(super) fn push_unsigned(out: &mut Vec<u8>, magnitude: &[u8]) {
    let sign = usize::from(magnitude.first().is_some_and(|first| *first >= 0x80));
    push_header(out, tag::INTEGER, sign + magnitude.len());
    out.extend(core::iter::repeat_n(0, sign));
    out.extend_from_slice(magnitude);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(der: &[u8]) -> Option<(u8, usize)> {
        let mut reader = Reader(der);
        let (tag, content) = reader.element()?;
        reader.end()?;
        Some((tag, content.len()))
    }

    #[test]
    fn a_length_has_one_spelling() {
        let long = |head: &[u8], length: usize| [head, &vec![0; length]].concat();
        assert_eq!(element(&[0x04, 0x00]), Some((0x04, 0)));
        assert_eq!(element(&long(&[0x04, 0x7f], 0x7f)), Some((0x04, 0x7f)));
        assert_eq!(element(&long(&[0x04, 0x81, 0x80], 0x80)), Some((0x04, 0x80)));
        assert_eq!(element(&long(&[0x04, 0x82, 0x01, 0x00], 0x100)), Some((0x04, 0x100)));
        assert_eq!(element(&long(&[0x04, 0x83, 0x01, 0x00, 0x00], 0x1_0000)), Some((0x04, 0x1_0000)));
        for wrong in [
            &[][..],
            &[0x04],
            &[0x04, 0x01],
            &[0x04, 0x80, 0x00, 0x00],
            &[0x04, 0x81, 0x01, 0x00],
            &[0x04, 0x82, 0x00, 0x01, 0x00],
            &[0x04, 0x84, 0x00, 0x00, 0x00, 0x01, 0x00],
            &[0x04, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x1f, 0x01, 0x00],
            &[0x04, 0x00, 0x00],
        ] {
            assert_eq!(element(wrong), None, "{wrong:02x?}");
        }
        assert_eq!(element(&long(&[0x04, 0x82, 0x00, 0x80], 0x80)), None);
    }

    #[test]
    fn what_is_written_reads_back() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let mut out = Vec::new();
            push(&mut out, tag::OCTET_STRING, &vec![7; length]);
            assert_eq!(element(&out), Some((tag::OCTET_STRING, length)));
        }
        for magnitude in [&[1][..], &[0x7f], &[0x80], &[0xff, 0xff], &[1, 0]] {
            let mut out = Vec::new();
            push_unsigned(&mut out, magnitude);
            assert_eq!(Reader(&out).unsigned(), Some(magnitude));
        }
    }

    #[test]
    fn an_integer_has_one_spelling() {
        let unsigned = |content: &[u8]| {
            let mut out = Vec::new();
            push(&mut out, tag::INTEGER, content);
            Reader(&out).unsigned().map(<[u8]>::to_vec)
        };
        assert_eq!(unsigned(&[0]), Some(vec![0]));
        assert_eq!(unsigned(&[0, 0x80]), Some(vec![0x80]));
        assert_eq!(unsigned(&[0x7f, 0]), Some(vec![0x7f, 0]));
        for wrong in [&[][..], &[0, 0], &[0, 0x7f], &[0x80], &[0xff, 0x80], &[0xff, 0x00]] {
            assert_eq!(unsigned(wrong), None, "{wrong:02x?}");
        }
    }
}
