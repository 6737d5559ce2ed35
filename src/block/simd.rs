use core::arch::wasm32::{
    i8x16_shuffle, u8x16_bitmask, u8x16_eq, u8x16_le, u8x16_splat, u8x16_sub, u64x2, v128, v128_and, v128_andnot,
    v128_or,
};

/// Sixteen bytes, or a mark for each of them: all ones or zero.
#[derive(Clone, Copy)]
pub(crate) struct Block(v128);

impl Block {
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8; 16]) -> Self {
        Self(bytemuck::must_cast(*bytes))
    }

    /// Eight bytes and eight more, each from the lowest.
    #[inline(always)]
    pub(crate) fn of(low: u64, high: u64) -> Self {
        Self(u64x2(low, high))
    }

    /// Marks every byte that is this one.
    #[inline(always)]
    pub(crate) fn is(self, byte: u8) -> Self {
        Self(u8x16_eq(self.0, u8x16_splat(byte)))
    }

    /// Marks every byte from `first` to `last`.
    #[inline(always)]
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        Self(u8x16_le(u8x16_sub(self.0, u8x16_splat(first)), u8x16_splat(last - first)))
    }

    /// The byte behind each; 0xff behind the last.
    #[inline(always)]
    pub(crate) fn followers(self) -> Self {
        Self(i8x16_shuffle::<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16>(self.0, u8x16_splat(0xff)))
    }

    /// ASCII letters in lower case; what else becomes of other bytes is of no use.
    #[inline(always)]
    pub(crate) fn lower(self) -> Self {
        Self(v128_or(self.0, u8x16_splat(0x20)))
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// The marks that the other has not.
    #[inline(always)]
    pub(crate) fn and_not(self, other: Self) -> Self {
        Self(v128_andnot(self.0, other.0))
    }

    /// One bit for each mark.
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        u8x16_bitmask(self.0).into()
    }
}
