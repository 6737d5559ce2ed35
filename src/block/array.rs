/// Sixteen bytes, or a mark for each of them: all ones or zero.
#[derive(Clone, Copy)]
pub(crate) struct Block([u8; 16]);

impl Block {
    pub(crate) const fn new(bytes: &[u8; 16]) -> Self {
        Self(*bytes)
    }

    /// Eight bytes and eight more, each from the lowest.
    pub(crate) fn of(low: u64, high: u64) -> Self {
        Self((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
    }

    fn mark(self, test: impl Fn(u8) -> bool) -> Self {
        Self(self.0.map(|byte| if test(byte) { u8::MAX } else { 0 }))
    }

    /// Marks every byte that is this one.
    pub(crate) fn is(self, byte: u8) -> Self {
        self.mark(|own| own == byte)
    }

    /// Marks every byte from `first` to `last`.
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        self.mark(|own| (first..=last).contains(&own))
    }

    /// The byte behind each; 0xff behind the last.
    pub(crate) fn followers(self) -> Self {
        Self(core::array::from_fn(|at| self.0.get(at + 1).copied().unwrap_or(u8::MAX)))
    }

    /// ASCII letters in lower case; what else becomes of other bytes is of no use.
    pub(crate) fn lower(self) -> Self {
        Self(self.0.map(|byte| byte | 0x20))
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(core::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(core::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// The marks that the other has not.
    pub(crate) fn and_not(self, other: Self) -> Self {
        Self(core::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    /// One bit for each mark.
    pub(crate) fn bits(self) -> u32 {
        self.0.iter().rev().fold(0, |bits, mark| bits << 1 | u32::from(mark >> 7))
    }
}
