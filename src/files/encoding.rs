//! UTF-8 or GB18030: a text is read both ways, and what looks like Chinese wins.
//!
//! Most files need no weighing: hardly any text in one of the two is valid in the other. What is left are short texts, and there the choice
//! is shown as doubtful, to be changed.

use super::gb18030::{Characters, Level, Levels};

/// How the bytes of a text stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, with what is in it: GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// Its name in the Encoding Standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The likelier of the two.
    pub encoding: Encoding,
    /// Whether the other one is out of the question.
    pub confident: bool,
    /// The text, without byte order mark. U+FFFD stands where the bytes are no character.
    pub text: String,
}

/// Decodes GB18030; U+FFFD stands where the bytes are no character.
#[must_use]
pub fn decode_gb18030(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    text.extend(Characters::new(bytes));
    text
}

/// Decides how a text is encoded.
#[must_use]
pub fn decide(bytes: &[u8]) -> Decision {
    let utf8 = |bytes: &[u8], confident| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Decision { encoding: Encoding::Utf8, confident, text }
    };
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, true);
    }
    if bytes.is_ascii() {
        return utf8(bytes, true);
    }
    let levels = Levels::new();
    let (as_utf8, as_gb18030) = (Score::of_utf8(bytes, &levels), Score::of_gb18030(bytes, &levels));
    let is_certain = as_utf8.broken == 0 && as_utf8.characters >= CERTAIN;
    if as_gb18030.mean() > as_utf8.mean() && !is_certain {
        let confident = as_gb18030.is_plausible() && as_utf8.broken > 0;
        Decision { encoding: Encoding::Gb18030, confident, text: decode_gb18030(bytes) }
    } else {
        let apart = as_utf8.characters >= 4 && as_utf8.mean() - as_gb18030.mean() >= 200;
        utf8(bytes, is_certain || as_utf8.is_plausible() && (as_gb18030.broken > 0 || apart))
    }
}

/// So many characters that are valid UTF-8 are UTF-8: of hanzi in GBK, one in five would look so by chance.
const CERTAIN: i64 = 8;

/// How much a text looks like a sheet of payees.
#[derive(Default)]
struct Score {
    /// Characters beyond ASCII.
    characters: i64,
    /// What they weigh, see [`weight`].
    weight: i64,
    /// Sequences that are no character, but for one that is cut at the end.
    broken: i64,
}

impl Score {
    fn of_utf8(bytes: &[u8], levels: &Levels) -> Self {
        let mut score = Self::default();
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            chunk.valid().chars().for_each(|character| score.add(character, levels));
            let cut = chunks.peek().is_none()
                && core::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
            if !chunk.invalid().is_empty() && !cut {
                score.add_broken();
            }
        }
        score
    }

    fn of_gb18030(bytes: &[u8], levels: &Levels) -> Self {
        let mut score = Self::default();
        let mut characters = Characters::new(bytes);
        while let Some(character) = characters.next() {
            if character != char::REPLACEMENT_CHARACTER {
                score.add(character, levels);
            } else if !characters.was_cut() {
                score.add_broken();
            }
        }
        score
    }

    fn add(&mut self, character: char, levels: &Levels) {
        if !character.is_ascii() {
            self.characters += 1;
            self.weight += weight(character, levels);
        }
    }

    const fn add_broken(&mut self) {
        self.characters += 1;
        self.broken += 1;
        self.weight += BROKEN;
    }

    /// In hundredths of a point per character.
    const fn mean(&self) -> i64 {
        if self.characters == 0 { 0 } else { self.weight * 100 / self.characters }
    }

    /// Whether the text is whole, and mostly made of what such texts are made of.
    const fn is_plausible(&self) -> bool {
        self.broken == 0 && self.mean() >= 100
    }
}

const COMMON: i64 = 4;
const BROKEN: i64 = -16;

/// Points for a character: what Chinese sheets hold against what appears when bytes are read in the wrong way.
fn weight(character: char, levels: &Levels) -> i64 {
    match levels.of(character) {
        Some(Level::First) => return COMMON,
        Some(Level::Second) => return 1,
        // UTF-8 read as GB18030 is full of them; a name has one at most.
        Some(Level::Beyond) => return -1,
        None => {}
    }
    match character {
        // Punctuation as it is typed, full-width ASCII and signs, and what is common in both readings.
        '\u{3000}'..='\u{3011}' | '\u{ff01}'..='\u{ff5e}' | '￥' | '—' | '‘' | '’' | '“' | '”' | '…' | '·' | '¥' => {
            COMMON
        }
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => -8,
        // Arabic, Hebrew and their neighbours: two bytes of GBK, read as UTF-8.
        '\u{250}'..='\u{36f}' | '\u{530}'..='\u{8ff}' => -4,
        // Letters of Europe.
        '\u{a1}'..='\u{52f}' => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    fn gbk(text: &str) -> Vec<u8> {
        let (bytes, _, unmappable) = GB18030.encode(text);
        assert!(!unmappable);
        bytes.into_owned()
    }

    #[track_caller]
    fn decided(bytes: &[u8], encoding: Encoding, confident: bool) -> String {
        let found = decide(bytes);
        assert_eq!((found.encoding, found.confident), (encoding, confident), "{}", found.text);
        found.text
    }

    #[test]
    fn a_sheet_of_payees_is_read_for_certain_in_both() {
        for text in [
            "姓名,金额\n",
            "商户明细单号,openid,姓名,金额(元),备注\nD001,oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,张三,12.50,九月工资\n",
            "姓名,金额\n龘靐,1.00\n犇骉,2.00\n",
            "姓名,金额\n㐀㒰,1.00\n",
            "openid,姓名\no1,王·阿依古丽\n",
        ] {
            assert_eq!(decided(text.as_bytes(), Encoding::Utf8, true), text);
            assert_eq!(decided(&gbk(text), Encoding::Gb18030, true), text);
            let marked = ["\u{feff}", text].concat();
            assert_eq!(decided(marked.as_bytes(), Encoding::Utf8, true), text);
        }
    }

    #[test]
    fn ascii_and_nothing_are_utf8() {
        for text in ["", "openid,amount\no1,1.00\n"] {
            assert_eq!(decided(text.as_bytes(), Encoding::Utf8, true), text);
        }
    }

    #[test]
    fn the_word_that_editors_have_been_getting_wrong_is_read() {
        // C1 AA CD A8: two bytes each that look like UTF-8, of a form that UTF-8 forbids.
        assert_eq!(decided(&gbk("联通"), Encoding::Gb18030, true), "联通");
    }

    #[test]
    fn short_texts_that_are_valid_in_both_are_weighed_and_said_to_be_doubtful() {
        for text in ["卢", "o1,陆\n", "name\n拢,茅\n", "奴"] {
            let bytes = gbk(text);
            assert!(core::str::from_utf8(&bytes).is_ok());
            assert_eq!(decided(&bytes, Encoding::Gb18030, false), text);
        }
        for text in ["¥100\n", "o1,龘\n"] {
            assert_eq!(decide(text.as_bytes()).encoding, Encoding::Utf8);
        }
        // Letters of Europe look like hanzi in GBK, but not this many of them.
        assert_eq!(decided("José".as_bytes(), Encoding::Gb18030, false), "Jos茅");
        let many = "Café,Zoë,Müller,Ångström,Hélène,Göteborg";
        assert_eq!(decided(many.as_bytes(), Encoding::Utf8, true), many);
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_is_still_recognised() {
        let text = "姓名,金额\n张三,1.00\n李四";
        for cut in 1..3 {
            let bytes = &text.as_bytes()[..text.len() - cut];
            assert!(decided(bytes, Encoding::Utf8, true).ends_with("李\u{fffd}"));
        }
        let bytes = gbk(text);
        assert!(decided(&bytes[..bytes.len() - 1], Encoding::Gb18030, true).ends_with("李\u{fffd}"));
    }

    #[test]
    fn what_is_neither_is_doubtful() {
        let big5 = encoding_rs::BIG5.encode("姓名,金額\n張三豐,1.00\n").0;
        assert!(!decide(&big5).confident);
        let latin = b"Ren\xe9,Zo\xeb,M\xfcller\n";
        assert!(!decide(latin).confident);
        let mut broken = "姓名,金额\n".as_bytes().to_vec();
        broken.extend_from_slice(b"\xff\xff");
        assert!(!decided(&broken, Encoding::Utf8, false).is_empty());
    }
}
