//! The native form, two scalars. It exists to run and test the kernels; it is not built for speed.

#[derive(Clone, Copy, Debug)]
pub(in crate::modexp) struct Floats([f64; 2]);

#[derive(Clone, Copy, Debug)]
pub(in crate::modexp) struct Ints([u64; 2]);

impl Floats {
    pub(in crate::modexp) const fn new(lanes: [f64; 2]) -> Self {
        Self(lanes)
    }

    pub(in crate::modexp) const fn splat(value: f64) -> Self {
        Self([value; 2])
    }

    pub(in crate::modexp) const fn get(self) -> [f64; 2] {
        self.0
    }

    pub(in crate::modexp) fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }

    pub(in crate::modexp) fn sub(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }

    /// `self · factor + term`.
    pub(in crate::modexp) fn mul_add(self, factor: Self, term: Self) -> Self {
        Self([self.0[0].mul_add(factor.0[0], term.0[0]), self.0[1].mul_add(factor.0[1], term.0[1])])
    }

    pub(in crate::modexp) const fn bits(self) -> Ints {
        Ints([self.0[0].to_bits(), self.0[1].to_bits()])
    }
}

impl Ints {
    pub(in crate::modexp) const fn splat(value: u64) -> Self {
        Self([value; 2])
    }

    /// Wrapping, as every sum of biased columns is.
    pub(in crate::modexp) const fn add(self, other: Self) -> Self {
        Self([self.0[0].wrapping_add(other.0[0]), self.0[1].wrapping_add(other.0[1])])
    }

    pub(in crate::modexp) const fn and(self, mask: u64) -> Self {
        Self([self.0[0] & mask, self.0[1] & mask])
    }

    pub(in crate::modexp) const fn shr<const BITS: u32>(self) -> Self {
        Self([self.0[0] >> BITS, self.0[1] >> BITS])
    }

    /// Each lane, which must be below 2^52, as a float, less `offset`, which must be an integer below it.
    #[allow(clippy::cast_precision_loss, reason = "exact below 2^52")]
    pub(in crate::modexp) const fn to_floats(self, offset: f64) -> Floats {
        Floats([self.0[0] as f64 - offset, self.0[1] as f64 - offset])
    }
}
