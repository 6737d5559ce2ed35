//! Two numbers side by side: a SIMD register in wasm, two scalars natively, so that the same kernels run and are tested on both.

#[cfg(not(target_arch = "wasm32"))]
mod scalar;
#[cfg(target_arch = "wasm32")]
mod simd;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod simd_ints;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use scalar::{Floats, Ints};
#[cfg(target_arch = "wasm32")]
pub(super) use simd::Floats;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(super) use simd_ints::Ints;

/// Whether `mul_add` rounds once. Known answer: (2^27 + 1)² = 2^54 + 2^28 + 1 needs 55 bits, so a rounded product loses the 1.
///
/// An engine decides this once for all its code (WebAssembly, relaxed SIMD: the choice is fixed for an execution environment). JavaScriptCore
/// on x86-64 does not fuse.
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
pub(super) fn multiply_add_is_fused() -> bool {
    // Hidden from the optimiser, which would answer for the engine.
    let factor = Floats::splat(core::hint::black_box(134_217_729.0));
    let term = Floats::splat(core::hint::black_box(-18_014_398_777_917_440.0));
    factor.mul_add(factor, term).get() == [1.0, 1.0]
}
