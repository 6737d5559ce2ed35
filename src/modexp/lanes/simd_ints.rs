//! Integers in a SIMD register, which only the fused kernel needs.

use core::arch::wasm32::{f64x2_splat, f64x2_sub, i64x2_add, u64x2_shr, u64x2_splat, v128, v128_and, v128_or};

use super::Floats;

#[derive(Clone, Copy, Debug)]
pub(in crate::modexp) struct Ints(v128);

/// The bits of 2^52, the mantissa of which is a 52-bit integer.
const INTEGER: u64 = 0x4330_0000_0000_0000;

impl Floats {
    #[inline(always)]
    pub(in crate::modexp) fn bits(self) -> Ints {
        Ints(self.0)
    }
}

impl Ints {
    #[inline(always)]
    pub(in crate::modexp) fn splat(value: u64) -> Self {
        Self(u64x2_splat(value))
    }

    /// Wrapping, as every sum of biased columns is.
    #[inline(always)]
    pub(in crate::modexp) fn add(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::modexp) fn and(self, mask: u64) -> Self {
        Self(v128_and(self.0, u64x2_splat(mask)))
    }

    #[inline(always)]
    pub(in crate::modexp) fn shr<const BITS: u32>(self) -> Self {
        Self(u64x2_shr(self.0, BITS))
    }

    /// Each lane, which must be below 2^52, as a float, less `offset`, which must be an integer below it: put into the mantissa of 2^52, and both
    /// taken away at once.
    #[inline(always)]
    pub(in crate::modexp) fn to_floats(self, offset: f64) -> Floats {
        let mantissa = v128_or(self.0, u64x2_splat(INTEGER));
        Floats(f64x2_sub(mantissa, f64x2_splat(f64::from_bits(INTEGER) + offset)))
    }
}
