//! Just enough arithmetic on public numbers to set a kernel up and to finish its result.

/// A number as little-endian 64-bit words, without leading zero words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words(Vec<u64>);

/// Words that are filled with digits, least first.
struct Filling {
    words: Vec<u64>,
    /// The next word, and how many of its bits are filled.
    word: u64,
    filled: u32,
}

impl Filling {
    #[inline(always)]
    fn push(&mut self, digit: u64, width: u32) {
        self.word |= digit << self.filled;
        self.filled += width;
        if self.filled >= 64 {
            self.words.push(self.word);
            self.filled -= 64;
            // What did not fit. Shifting by the whole width leaves nothing.
            self.word = digit.checked_shr(width - self.filled).unwrap_or(0);
        }
    }
}

impl Words {
    pub(super) fn from_be(bytes: &[u8]) -> Self {
        let (head, chunks) = bytes.as_rchunks::<8>();
        let mut words = Vec::with_capacity(chunks.len() + 1);
        words.extend(chunks.iter().rev().map(|chunk| u64::from_be_bytes(*chunk)));
        words.push(head.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        Self::trimmed(words)
    }

    /// The number whose digits, of `width` bits each, least first, are `digits`. They may be wider, and negative, as long as the sum is not.
    pub(super) fn from_digits(digits: impl Iterator<Item = i64>, width: u32) -> Self {
        let mask = (1_u64 << width) - 1;
        let mut out = Filling { words: Vec::with_capacity(68), word: 0, filled: 0 };
        let mut carry = 0;
        for digit in digits {
            let value = digit + carry;
            out.push(value.cast_unsigned() & mask, width);
            carry = value >> width;
        }
        debug_assert!(carry >= 0, "the sum of the digits must not be negative");
        out.push(carry.cast_unsigned(), 63);
        out.push(0, 63);
        Self::trimmed(out.words)
    }

    /// `count` digits of `width` bits, least first.
    pub(super) fn digits(&self, width: u32, count: usize) -> impl Iterator<Item = u64> {
        (0..count).map(move |index| self.digit(index, width))
    }

    /// One of them.
    #[inline(always)]
    pub(super) fn digit(&self, index: usize, width: u32) -> u64 {
        let word = |at: usize| self.0.get(at).copied().unwrap_or(0);
        let bit = index * width as usize;
        let (at, shift) = (bit / 64, bit % 64);
        let upper = if shift + width as usize > 64 { word(at + 1) << (64 - shift) } else { 0 };
        (word(at) >> shift | upper) & ((1 << width) - 1)
    }

    fn trimmed(mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }

    pub(super) fn bits(&self) -> usize {
        self.0.last().map_or(0, |top| self.0.len() * 64 - top.leading_zeros() as usize)
    }

    pub(super) fn is_odd(&self) -> bool {
        self.0.first().is_some_and(|word| word & 1 == 1)
    }

    /// `self · factor`.
    pub(super) fn times(&self, factor: u64) -> Self {
        let mut words = Vec::with_capacity(self.0.len() + 1);
        let mut carried = 0_u128;
        for word in &self.0 {
            let value = u128::from(*word) * u128::from(factor) + carried;
            #[allow(clippy::cast_possible_truncation, reason = "the low word is what is wanted")]
            words.push(value as u64);
            carried = value >> 64;
        }
        #[allow(clippy::cast_possible_truncation, reason = "a product of a word and a carry below a word fits")]
        words.push(carried as u64);
        Self::trimmed(words)
    }

    /// −1 / self modulo 2^width, for an odd number: Newton's iteration doubles the right bits each time, from 3 to 96.
    pub(super) fn negative_inverse(&self, width: u32) -> u64 {
        let n = self.0[0];
        let mut inverse = n;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
        }
        inverse.wrapping_neg() & (u64::MAX >> (64 - width))
    }

    /// 2^(−width · count) modulo `self`, for an odd number: with each step a multiple is added that makes the lowest digit zero, and it is dropped.
    pub(super) fn inverse_power(&self, width: u32, count: usize) -> Self {
        let (mask, inverse) = (u64::MAX >> (64 - width), self.negative_inverse(width));
        let length = self.bits() / width as usize + 3;
        let mut power = Self(vec![1]);
        for _ in 0..count {
            let multiple = self.times(power.0[0].wrapping_mul(inverse) & mask);
            let digits = power.digits(width, length).zip(multiple.digits(width, length)).map(|(a, b)| a + b);
            let sum = Self::from_digits(digits.map(u64::cast_signed), width);
            power = Self::from_digits(sum.digits(width, length).skip(1).map(u64::cast_signed), width);
        }
        power
    }

    /// 2^exponent modulo `self`.
    pub(super) fn power_of_two_below(&self, exponent: usize) -> Self {
        // The largest power of two that needs no reduction, then doubling.
        let start = self.bits() - 1;
        let mut power = vec![0; start / 64 + 1];
        power[start / 64] = 1 << (start % 64);
        Self(power).doubled(exponent - start, self)
    }

    /// `self`, which is below `modulus`, doubled `count` times modulo that. Each step keeps the number below it.
    pub(super) fn doubled(&self, count: usize, modulus: &Self) -> Self {
        let mut words = self.0.clone();
        words.resize(modulus.0.len() + 1, 0);
        for _ in 0..count {
            let mut carry = 0;
            for word in &mut words {
                let next = *word >> 63;
                *word = *word << 1 | carry;
                carry = next;
            }
            subtract_if_not_below(&mut words, &modulus.0);
        }
        Self::trimmed(words)
    }

    /// Reduces modulo `modulus`: by a quotient that is never too large, as long as it is worth a division, and then by subtracting.
    pub(super) fn reduce(&mut self, modulus: &Self) {
        let n = &modulus.0;
        let top = u128::from(n[n.len() - 1]) + 1;
        // One word above the modulus takes whatever a kernel gives.
        self.0.resize(n.len() + 1, 0);
        loop {
            let high = u128::from(self.0[n.len()]) << 64 | u128::from(self.0[n.len() - 1]);
            if high < 2 * top {
                break;
            }
            // Dividing by one more than the top word can only make the quotient smaller.
            #[allow(clippy::cast_possible_truncation, reason = "bounded by min")]
            let quotient = (high / top).min(u128::from(u64::MAX)) as u64;
            subtract_multiple(&mut self.0, n, quotient);
        }
        while subtract_if_not_below(&mut self.0, n) {}
    }

    /// Writes the number big-endian, filling `out`.
    pub(super) fn write_be(&self, out: &mut [u8]) {
        let mut words = self.0.iter().copied().chain(core::iter::repeat(0));
        let (head, chunks) = out.as_rchunks_mut::<8>();
        for (chunk, word) in chunks.iter_mut().rev().zip(&mut words) {
            *chunk = word.to_be_bytes();
        }
        let top = words.next().unwrap_or_default().to_be_bytes();
        head.copy_from_slice(&top[8 - head.len()..]);
    }
}

/// `a -= n · q`, which must not be negative; `a` has one word more than `n`.
fn subtract_multiple(a: &mut [u64], n: &[u64], q: u64) {
    let mut borrow = 0_u128;
    for (word, n) in a.iter_mut().zip(n.iter().chain([&0])) {
        let product = u128::from(*n) * u128::from(q) + borrow;
        #[allow(clippy::cast_possible_truncation, reason = "the low word is what is wanted")]
        let (difference, under) = word.overflowing_sub(product as u64);
        *word = difference;
        borrow = (product >> 64) + u128::from(under);
    }
    debug_assert_eq!(borrow, 0, "the quotient was too large");
}

/// `a -= n` unless `a < n`; `a` has one word more than `n`. Says whether it was subtracted.
fn subtract_if_not_below(a: &mut [u64], n: &[u64]) -> bool {
    let below = a[n.len()] == 0 && a[..n.len()].iter().rev().lt(n.iter().rev());
    if !below {
        let mut borrow = false;
        for (word, n) in a.iter_mut().zip(n.iter().chain([&0])) {
            let (difference, under) = word.overflowing_sub(*n);
            let (difference, again) = difference.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (difference, under || again);
        }
        debug_assert!(!borrow, "what is subtracted was below");
    }
    !below
}
