//! The RSA public operation, m^e mod n, for many messages at once.
//!
//! Only public keys come here: an operation is built from [`crate::key::PublicKey`] alone, and nothing below is constant-time with respect to
//! the modulus, the exponent or the result. Messages (padded names) are handled without a branch that depends on them until the last
//! reduction, which works on the public ciphertext.
//!
//! Two messages share the two lanes of a SIMD register. There are two kernels behind one interface, and both are exact for every input:
//!
//! - [`fused`]: signed 51-bit limbs, products split without error by fused multiply-add. Needs a host that really fuses; that is tested before
//!   use.
//! - [`balanced`]: signed limbs of 23 or 24 bits, every product and sum below 2^53, so that it does not matter whether anything is fused.
//!
//! Both divide by R after Montgomery, but for all digits except the last four they add no multiple of the modulus N: a digit moves up four
//! places by a multiplication with B⁻⁴ modulo N, where B is the limb base. Four digits are then found without waiting for each other.

mod balanced;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
mod fused;
mod lanes;
mod words;

use words::Words;

/// A public key's operation, set up once.
pub(crate) struct PublicOperation {
    modulus: Words,
    /// The modulus again, big-endian.
    bytes: Vec<u8>,
    exponent: u64,
    kernel: Kernel,
}

enum Kernel {
    #[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
    Fused(fused::Kernel),
    Balanced(balanced::Kernel),
}

/// Whether the fused kernel serves on this host.
#[cfg_attr(not(feature = "core"), allow(dead_code, reason = "only an export of the core asks"))]
pub(crate) fn is_fused() -> bool {
    #[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
    return lanes::multiply_add_is_fused();
    #[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
    false
}

/// Which kernel to use; chosen by the host, or by a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The fastest that is exact on this host.
    Best,
    /// The one that is exact on every host.
    #[cfg(test)]
    Balanced,
}

/// What a kernel needs to do: a Montgomery multiplication of two pairs of numbers.
trait Montgomery {
    /// A pair of numbers in the kernel's own form.
    type Pair: Clone;
    /// Room for the columns of a product, used again by every multiplication.
    type Columns;

    fn columns() -> Self::Columns;
    /// Two numbers below the modulus.
    fn load(&self, pair: [&Words; 2]) -> Self::Pair;
    /// Two numbers that are congruent to what is in the pair, below 2^(bits + 64).
    fn store(&self, pair: &Self::Pair) -> [Words; 2];
    /// `a · R`, in both lanes.
    fn enter(&self, a: &Self::Pair, columns: &mut Self::Columns) -> Self::Pair;
    /// `a · b · R⁻¹`, in both lanes.
    fn multiply(&self, a: &Self::Pair, b: &Self::Pair, columns: &mut Self::Columns) -> Self::Pair;
    /// `a · a · R⁻¹`, in both lanes, in place.
    fn square(&self, a: &mut Self::Pair, columns: &mut Self::Columns);
}

impl PublicOperation {
    /// Sets up `modulus` (big-endian, no leading zero byte) and `exponent`. `None` if they are not an odd modulus of 2048 to 4096 bits and an
    /// odd exponent of at least 3.
    pub(crate) fn new(modulus: &[u8], exponent: u64, choice: Choice) -> Option<Self> {
        let words = Words::from_be(modulus);
        let sound = words.is_odd() && (2048..=4096).contains(&words.bits()) && exponent % 2 == 1 && exponent >= 3;
        if !sound {
            return None;
        }
        Some(Self { kernel: Kernel::new(&words, choice), bytes: modulus.to_vec(), modulus: words, exponent })
    }

    /// The size of the modulus in bytes: known, where the key itself has to count its bits.
    pub(crate) const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Raises every message in place. `messages` is cut into pieces of the modulus' size, big-endian, each below the modulus.
    ///
    /// Returns false, with `messages` unchanged, if one of them is not below the modulus or the length does not fit.
    pub(crate) fn raise_all(&self, messages: &mut [u8]) -> bool {
        let size = self.size();
        // As long as each other and big-endian, numbers are in the order of their bytes.
        if !messages.len().is_multiple_of(size) || !messages.chunks(size).all(|message| message < self.bytes.as_slice())
        {
            return false;
        }
        for pair in messages.chunks_mut(2 * size) {
            let (first, second) = pair.split_at_mut(size);
            // An odd last message fills both lanes.
            let inputs = [Words::from_be(first), Words::from_be(if second.is_empty() { first } else { second })];
            let mut results = self.raise(&inputs);
            for (result, out) in results.iter_mut().zip([first, second]) {
                result.reduce(&self.modulus);
                result.write_be(out);
            }
        }
        true
    }

    fn raise(&self, inputs: &[Words; 2]) -> [Words; 2] {
        match &self.kernel {
            #[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
            Kernel::Fused(kernel) => raise(kernel, inputs, self.exponent),
            Kernel::Balanced(kernel) => raise(kernel, inputs, self.exponent),
        }
    }
}

impl core::fmt::Debug for PublicOperation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PublicOperation({} bits)", self.modulus.bits())
    }
}

impl Kernel {
    fn new(modulus: &Words, choice: Choice) -> Self {
        #[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
        if choice == Choice::Best && is_fused() {
            return Self::Fused(fused::Kernel::new(modulus));
        }
        #[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
        let _ = choice;
        Self::Balanced(balanced::Kernel::new(modulus))
    }
}

/// Left-to-right binary exponentiation. The last multiplication is by the message itself, which takes the result out of Montgomery form.
fn raise<M: Montgomery>(kernel: &M, inputs: &[Words; 2], exponent: u64) -> [Words; 2] {
    let mut columns = M::columns();
    let message = kernel.load([&inputs[0], &inputs[1]]);
    let base = kernel.enter(&message, &mut columns);
    let mut power = base.clone();
    let top = exponent.ilog2();
    for bit in (1..top).rev() {
        kernel.square(&mut power, &mut columns);
        if exponent >> bit & 1 == 1 {
            power = kernel.multiply(&power, &base, &mut columns);
        }
    }
    kernel.square(&mut power, &mut columns);
    kernel.store(&kernel.multiply(&power, &message, &mut columns))
}

#[cfg(test)]
mod tests;
