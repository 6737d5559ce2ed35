//! Signed 51-bit limbs in floats; products split without error by fused multiply-add; columns summed as 64-bit integers.
//!
//! Limbs are balanced: from −2^50 to 2^50. B = 2^51 is the base.
//!
//! # Splitting a product
//!
//! For integers a, b with |ab| ≤ 2^102, C1 = 3·2^102 and C2 = C1 + 3·2^51:
//!
//! - `h = fma(a, b, C1)`: between 2^103 and 2^104 floats are 2^51 apart, so h = C1 + r·2^51 with r = round(ab / 2^51), |r| ≤ 2^51. The bits of
//!   h are those of C1 plus r.
//! - `l = fma(a, b, C2 − h)`: C2 − h = 3·2^51 − r·2^51 is exact, and ab − r·2^51 lies in [−2^50, 2^50], so l lies in [2^52, 2^53), where floats
//!   are the integers: l is exact, and its bits are those of 3·2^51 plus ab − r·2^51.
//!
//! Two products a·b + c·d are split together, with one more addition of floats instead of two of integers: the second high part is added to
//! the first, `g = fma(c, d, h)`, its low part is `fma(c, d, h − g)`, from −2^50 to 2^50, and its sum with l lies in [2^52, 2^53] and is exact.
//! For the sum of the high parts to stay between 2^103 and 2^104 each product must be at most 2^101; those of limbs are at most 2^100, and those
//! of a limb and a doubled limb, which squares are made of, at most 2^101.
//!
//! So the bits can be added up as integers, modulo 2^64, once the two constants are subtracted as often as they went in ([`Bias`]).
//!
//! # No column overflows
//!
//! A column takes at most 2L low parts of at most 2^50 either way and 2L high parts of at most 2^49 either way (L of each from the product and
//! from the reduction), and a carry below 2^8. For L ≤ 81 that is below 162 · 1.5 · 2^50 + 2^8 < 2^58. A product with a doubled limb stands for
//! two: its high part may be twice as large, and it has one low part instead of two.
//! Every column is kept with 2^62 + 2^50 on top of it. So it is positive as an unsigned number, a logical shift divides it and rounds to the
//! nearest, and what the shift drops is the balanced digit plus 2^50. The carry into the next column then has 2^62 / 2^51 = 2^11 on top,
//! which the bias of that column takes off again.
//!
//! # Reducing
//!
//! The lower L columns have to vanish, each by what is congruent to it modulo N. A digit in all but the last four of them moves up four columns
//! at the price of a multiplication by U, which is B⁻⁴ modulo N. So four digits are known at once, without waiting for
//! each other's products. The last four columns are made zero after Montgomery: q·N is added, with q = digit·k modulo B and k = −1/N modulo B.
//!
//! # Entering
//!
//! a·R modulo N could be the product of a and R², reduced. It is half the work to multiply every four limbs of a, Dⱼ, with a number of their own,
//! Wⱼ = R·B⁵·B⁴ʲ modulo N: these products all begin in the lowest column, so only five columns have to vanish.
//!
//! # No result overflows
//!
//! L limbs hold B^L = R ≥ 8N. With digits d and quotients q of at most B/2, for |a|, |b| < 1.25·N the result is
//!
//! ```text
//! |ab − Σ dᵢ·Bⁱ + Σ dᵢ·Bⁱ⁺⁴·U + Σ qⱼ·Bʲ·N| / R  for i < L − 4 ≤ j < L
//!   <  1.57·N²/R + 1 + (1 + 2⁻⁴⁹) · (N/2 + N/2)  <  1.2·N
//! ```
//!
//! and the result of entering, with at most 21 products that are each below B⁴·N, is
//!
//! ```text
//! |Σ Dⱼ·Wⱼ − d₀ + d₀·B⁴·U + Σ qⱼ·Bʲ·N| / B⁵  for 1 ≤ j < 5
//!   <  21·N/B + 1 + (1 + 2⁻⁴⁹) · (N/2 + N/2)  <  1.2·N
//! ```
//!
//! so a result is an operand again. The top limb of anything below 1.25·N is below 2^49, so no carry leaves it.

mod bias;
mod columns;

use super::Montgomery;
use super::lanes::{Floats, Ints};
use super::words::Words;
use bias::Bias;
use columns::{Splitter, add_corner, add_product, add_row, add_rows, carry, digit, take_digits};

const WIDTH: u32 = 51;
const MASK: u64 = (1 << WIDTH) - 1;
/// Half the base: what is added to a digit to make it positive.
const HALF: u64 = 1 << (WIDTH - 1);
/// 3·2^102, and its bits, which every high part carries.
const C1: f64 = f64::from_bits(HIGH);
const HIGH: u64 = 0x4668_0000_0000_0000;
/// 3·2^51, and its bits, which every low part carries.
const C3: f64 = f64::from_bits(LOW);
const LOW: u64 = 0x4338_0000_0000_0000;

/// Limbs for 4096 bits: one more than a multiple of four, as for every size.
const MAX_LIMBS: usize = 81;
/// Columns that vanish when a number is brought into Montgomery form: those of a multiplication of four limbs, and one.
const ENTERED: usize = 5;

pub(super) struct Kernel {
    limbs: usize,
    /// U = B⁻⁴ modulo N.
    fold: Vec<Floats>,
    modulus: Vec<Floats>,
    /// k = −1/N modulo B.
    inverse: Floats,
    /// W₀, W₁, …: R·B⁵·B⁴ʲ modulo N for every four limbs, and for the one that is left.
    entry: Vec<Floats>,
    splitter: Splitter,
    entered: Bias,
    product: Bias,
    square: Bias,
}

pub(super) type Pair = [Floats; MAX_LIMBS];

pub(super) type Columns = [Ints; 2 * MAX_LIMBS];

impl Kernel {
    pub(super) fn new(modulus: &Words) -> Self {
        // Rows are taken four at a time, and one is left.
        let limbs = (modulus.bits() + 3 - WIDTH as usize).div_ceil(WIDTH as usize).next_multiple_of(4) + 1;
        let digits =
            |words: &Words| -> Vec<_> { balance(words.digits(WIDTH, limbs)).map(float).map(Floats::splat).collect() };
        let width = WIDTH as usize;
        let mut power = modulus.power_of_two_below(width * (limbs + ENTERED));
        let mut entry = digits(&power);
        while entry.len() < limbs.div_ceil(4) * limbs {
            power = power.doubled(4 * width, modulus);
            entry.extend(digits(&power));
        }
        Self {
            limbs,
            fold: digits(&modulus.inverse_power(WIDTH, 4)),
            modulus: digits(modulus),
            inverse: Floats::splat(float(modulus.negative_inverse(WIDTH).cast_signed())),
            entry,
            splitter: Splitter::new(),
            entered: Bias::entered(limbs),
            product: Bias::product(limbs),
            square: Bias::square(limbs),
        }
    }

    /// Multiplies `a`, four limbs at a time, with `numbers`: for the next four limbs the number begins `stride` limbs later, and its product `step`
    /// columns higher.
    fn accumulate(&self, a: &Pair, numbers: &[Floats], stride: usize, columns: &mut [Ints], step: usize) {
        let (fours, last) = a[..self.limbs].as_chunks::<4>();
        let number = |row: usize| &numbers[stride * row..stride * row + self.limbs];
        for (row, four) in fours.iter().enumerate() {
            add_product(self.splitter, &mut columns[step * row..], *four, number(row));
        }
        for last in last {
            add_row(self.splitter, &mut columns[step * fours.len()..], *last, number(fours.len()));
        }
    }

    /// Montgomery reduction: makes all columns vanish but the upper ones, as many as there are limbs, and normalises those into `out`.
    fn reduce(&self, columns: &mut [Ints], out: &mut [Floats]) {
        let (k, fold, first_kept) = (self.splitter, &self.fold[..self.limbs], columns.len() - self.limbs);
        let last = first_kept - 4;
        let first = columns[0];
        columns[1] = columns[1].add(carry(first));
        add_row(k, &mut columns[4..], digit(first), fold);
        for row in (1..last).step_by(4) {
            let u = &mut columns[row..];
            let digits = take_digits(u);
            add_product(k, &mut u[4..], digits, fold);
        }
        let (modulus, u) = (&self.modulus[..self.limbs], &mut columns[last..]);
        let (q, high) = self.quotients(u);
        add_rows(k, &mut u[4..], q, [modulus[3], modulus[2], modulus[1]], &modulus[4..], high);
        let mut carried = Ints::splat(0);
        for (out, column) in out.iter_mut().zip(&columns[first_kept..]) {
            let value = column.add(carried);
            *out = digit(value);
            carried = carry(value);
        }
    }

    /// The quotients that make four columns zero, and the high parts for the fifth, which takes what the fourth carries.
    #[inline(always)]
    fn quotients(&self, columns: &mut [Ints]) -> ([Floats; 4], Ints) {
        let (k, columns) = (self.splitter, &mut columns[..5]);
        let [n0, n1, n2, n3] = [self.modulus[0], self.modulus[1], self.modulus[2], self.modulus[3]];
        let quotient = |column: Ints| k.low_product(digit(column), self.inverse);
        let t0 = columns[0];
        let q0 = quotient(t0);
        let ((h00, l00), (h01, l01)) = (k.split(q0, n0), k.split(q0, n1));
        let t1 = columns[1].add(h00.add(l01)).add(carry(t0.add(l00)));
        let q1 = quotient(t1);
        let ((h10, l10), (h11, l11)) = (k.split(q1, n0), k.split_both(q0, n2, q1, n1));
        let t2 = columns[2].add(h01.add(h10)).add(l11).add(carry(t1.add(l10)));
        let q2 = quotient(t2);
        let ((h20, l20), (h21, l21)) = (k.split(q2, n0), k.split(q2, n1));
        let (h12, l12) = k.split_both(q0, n3, q1, n2);
        let t3 = columns[3].add(h11.add(h20)).add(l12.add(l21)).add(carry(t2.add(l20)));
        let q3 = quotient(t3);
        let (h30, l30) = k.split(q3, n0);
        columns[4] = columns[4].add(carry(t3.add(l30)));
        ([q0, q1, q2, q3], h12.add(h21).add(h30))
    }
}

impl Montgomery for Kernel {
    type Pair = Pair;
    type Columns = Columns;

    fn columns() -> Columns {
        [Ints::splat(0); 2 * MAX_LIMBS]
    }

    fn load(&self, pair: [&Words; 2]) -> Pair {
        let mut carries = [0; 2];
        let mut out = zero();
        for (index, out) in out[..self.limbs].iter_mut().enumerate() {
            let ([low, high], [a, b]) = (&mut carries, pair);
            let (a, b) = (a.digit(index, WIDTH), b.digit(index, WIDTH));
            *out = Floats::new([float(balanced(a, low)), float(balanced(b, high))]);
        }
        out
    }

    fn store(&self, pair: &Pair) -> [Words; 2] {
        #[allow(clippy::cast_possible_truncation, reason = "limbs are integers below 2^51")]
        [0, 1].map(|lane| {
            let mut limbs = [0; MAX_LIMBS];
            let limbs = &mut limbs[..self.limbs];
            for (limb, pair) in limbs.iter_mut().zip(pair) {
                *limb = pair.get()[lane] as i64;
            }
            // The sign of a balanced number is that of its highest limb that has one. Above −1.25·N, it takes 2N to make it positive.
            if limbs.iter().rev().find(|limb| **limb != 0).is_some_and(|limb| *limb < 0) {
                for (limb, n) in limbs.iter_mut().zip(&self.modulus) {
                    *limb += 2 * n.get()[0] as i64;
                }
            }
            Words::from_digits(limbs.iter().copied(), WIDTH)
        })
    }

    fn enter(&self, a: &Pair, columns: &mut Columns) -> Pair {
        let columns = &mut columns[..self.limbs + ENTERED];
        columns.copy_from_slice(&self.entered.0);
        self.accumulate(a, &self.entry, self.limbs, columns, 0);
        let mut out = zero();
        self.reduce(columns, &mut out);
        out
    }

    fn multiply(&self, a: &Pair, b: &Pair, columns: &mut Columns) -> Pair {
        let columns = &mut columns[..2 * self.limbs];
        columns.copy_from_slice(&self.product.0);
        self.accumulate(a, b, 0, columns, 4);
        let mut out = zero();
        self.reduce(columns, &mut out);
        out
    }

    fn square(&self, a: &mut Pair, columns: &mut Columns) {
        let (k, columns) = (self.splitter, &mut columns[..2 * self.limbs]);
        columns.copy_from_slice(&self.square.0);
        let a = &mut a[..self.limbs];
        for row in (0..self.limbs - 1).step_by(4) {
            let (u, four) = (&mut columns[2 * row..], [a[row], a[row + 1], a[row + 2], a[row + 3]]);
            // Products of different limbs count twice.
            let twice = four.map(|limb| limb.add(limb));
            add_corner(k, u, four, twice);
            match &a[row + 4..] {
                [last] => add_row(k, &mut u[4..], *last, &[twice[0], twice[1], twice[2], twice[3], *last]),
                rest => add_product(k, &mut u[4..], twice, rest),
            }
        }
        self.reduce(columns, a);
    }
}

fn zero() -> Pair {
    [Floats::splat(0.0); MAX_LIMBS]
}

/// Digits between −2^50 and 2^50.
fn balance(digits: impl Iterator<Item = u64>) -> impl Iterator<Item = i64> {
    let mut carry = 0;
    digits.map(move |digit| balanced(digit, &mut carry))
}

/// The next digit between −2^50 and 2^50, and what it carries.
#[inline(always)]
fn balanced(digit: u64, carry: &mut i64) -> i64 {
    let digit = digit.cast_signed() + *carry;
    *carry = i64::from(digit >= HALF.cast_signed());
    digit - (*carry << WIDTH)
}

/// Exact: digits are below 2^51.
#[allow(clippy::cast_precision_loss, reason = "digits are below 2^51")]
const fn float(digit: i64) -> f64 {
    digit as f64
}
