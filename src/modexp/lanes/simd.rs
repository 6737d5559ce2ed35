//! The wasm form: one SIMD register.

use core::arch::wasm32::{f64x2, f64x2_add, f64x2_extract_lane, f64x2_splat, f64x2_sub, v128};

#[derive(Clone, Copy, Debug)]
pub(in crate::modexp) struct Floats(pub(super) v128);

impl Floats {
    #[inline(always)]
    pub(in crate::modexp) fn new(lanes: [f64; 2]) -> Self {
        Self(f64x2(lanes[0], lanes[1]))
    }

    #[inline(always)]
    pub(in crate::modexp) fn splat(value: f64) -> Self {
        Self(f64x2_splat(value))
    }

    pub(in crate::modexp) fn get(self) -> [f64; 2] {
        [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
    }

    #[inline(always)]
    pub(in crate::modexp) fn add(self, other: Self) -> Self {
        Self(f64x2_add(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::modexp) fn sub(self, other: Self) -> Self {
        Self(f64x2_sub(self.0, other.0))
    }

    /// `self · factor + term`, rounded once or twice, as the engine pleases.
    #[inline(always)]
    pub(in crate::modexp) fn mul_add(self, factor: Self, term: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return Self(core::arch::wasm32::f64x2_relaxed_madd(self.0, factor.0, term.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        Self(f64x2_add(core::arch::wasm32::f64x2_mul(self.0, factor.0), term.0))
    }
}
