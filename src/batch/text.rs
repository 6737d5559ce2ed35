//! One look at a text for people: how long it is, and which kinds of characters it holds.

/// What a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Code points.
    pub(super) characters: usize,
    pub(super) control: bool,
    /// Above U+FFFF.
    pub(super) astral: bool,
    /// Outside letters, digits, CJK and the punctuation people type in both languages.
    pub(super) rare: bool,
}

impl Survey {
    pub(super) fn of(text: &str) -> Self {
        let mut survey = Self::default();
        for c in text.chars() {
            survey.characters += 1;
            // Nearly everything is one of these two, and needs no table: a long way in wasm.
            if !matches!(c, ' '..='~' | '\u{4e00}'..='\u{9fff}') {
                survey.control |= c.is_control();
                survey.astral |= c > '\u{ffff}';
                survey.rare |= !is_ordinary(c);
            }
        }
        survey
    }
}

fn is_ordinary(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, ' '..='~' | '\u{b7}' | '\u{2013}'..='\u{201d}' | '\u{2026}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ffee}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_punctuation_is_told_from_rare_symbols() {
        assert!("阿依古丽·买买提（A-1）“好”…—、。ｆ".chars().all(is_ordinary));
        assert!(['\u{2022}', '\u{200b}', '\u{202e}', '\u{feff}', '★'].into_iter().all(|c| !is_ordinary(c)));
        // What the survey does not look up would be found ordinary.
        assert!((' '..='~').chain('\u{4e00}'..='\u{9fff}').all(|c| is_ordinary(c) && !c.is_control()));
    }

    #[test]
    fn a_survey_counts_code_points_and_finds_every_kind() {
        let survey = |text: &str| {
            let Survey { characters, control, astral, rare } = Survey::of(text);
            (characters, control, astral, rare)
        };
        assert_eq!(survey("林小满 A-1"), (7, false, false, false));
        assert_eq!(survey("a\tb"), (3, true, false, true));
        assert_eq!(survey("😀"), (1, false, true, true));
        assert_eq!(survey("林★"), (2, false, false, true));
    }
}
