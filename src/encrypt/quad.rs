//! Four 32-bit words side by side: a SIMD register in wasm, an array natively, so that the same code runs and is tested on both.

#[cfg(not(target_arch = "wasm32"))]
pub(super) use array::Quad;
#[cfg(target_arch = "wasm32")]
pub(super) use simd::Quad;

#[cfg(target_arch = "wasm32")]
mod simd {
    use core::arch::wasm32::{
        u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, v128, v128_bitselect, v128_or,
        v128_xor,
    };

    #[derive(Clone, Copy, Debug)]
    pub(in crate::encrypt) struct Quad(v128);

    impl Quad {
        #[inline(always)]
        pub(in crate::encrypt) fn new(words: [u32; 4]) -> Self {
            Self(u32x4(words[0], words[1], words[2], words[3]))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn splat(word: u32) -> Self {
            Self(u32x4_splat(word))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn get(self) -> [u32; 4] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        /// Wrapping.
        #[inline(always)]
        pub(in crate::encrypt) fn add(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn rotate<const BITS: u32>(self) -> Self {
            Self(v128_or(u32x4_shl(self.0, BITS), u32x4_shr(self.0, 32 - BITS)))
        }

        /// The bits of `ones` where `self` has ones, of `zeros` where it has zeros.
        #[inline(always)]
        pub(in crate::encrypt) fn select(self, ones: Self, zeros: Self) -> Self {
            Self(v128_bitselect(ones.0, zeros.0, self.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod array {
    use core::array::from_fn;

    #[derive(Clone, Copy, Debug)]
    pub(in crate::encrypt) struct Quad([u32; 4]);

    impl Quad {
        pub(in crate::encrypt) const fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(in crate::encrypt) const fn splat(word: u32) -> Self {
            Self([word; 4])
        }

        pub(in crate::encrypt) const fn get(self) -> [u32; 4] {
            self.0
        }

        /// Wrapping.
        #[inline(always)]
        pub(in crate::encrypt) fn add(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn xor(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] ^ other.0[lane]))
        }

        #[inline(always)]
        pub(in crate::encrypt) fn rotate<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word.rotate_left(BITS)))
        }

        /// The bits of `ones` where `self` has ones, of `zeros` where it has zeros.
        #[inline(always)]
        pub(in crate::encrypt) fn select(self, ones: Self, zeros: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] & ones.0[lane] | !self.0[lane] & zeros.0[lane]))
        }
    }
}
