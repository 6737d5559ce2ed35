//! Signed limbs of 23 or 24 bits in floats. Every product and every sum is an integer below 2^53, so the result does not depend on whether the
//! host fuses multiply-add, and is the same bits everywhere.
//!
//! B = 2^w is the base and L the number of limbs. Reducing, and why no result overflows, is as in [`super::fused`].
//!
//! # Bounds
//!
//! Limbs are normalised by two carry passes to at most B/2 + 2^8 in magnitude: a column below 2^53 gives a carry of at most 2^30, the sum of a
//! low part and that carry gives a second carry of at most 2^7 + 1. Limbs of the constants, digits and quotients are at most B/2.
//! So a product is at most B²/4 · (1 + 2^−12), and with w = 24 a column may take 127 of them and a carry: 127 · 1.0003 · 2^46 + 2^30 < 2^53.
//!
//! - w = 23: L ≤ 179 (4096 bits). A column takes L products and L more from the reduction: 358 · 1.0003 · 2^44 + 2^30 < 2^53.
//! - w = 24: L ≤ 127 (3045 bits). A column i takes at most i + 1 products and as many from the reduction, or 2L − 1 − i and 2L + 3 − i above the
//!   middle. Where these are more than 127, from 63 to 2L − 62, a carry pass between the product and the reduction leaves at most
//!   2^23 + 2^29 of the product. Below and above, they are few enough.

use core::ops::Range;

use super::Montgomery;
use super::lanes::Floats;
use super::words::Words;

/// 1.5·2^52: adding and subtracting it rounds to an integer, for anything below 2^51.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Limbs for 4096 bits, and the columns of their product with room for the last rows.
const MAX_LIMBS: usize = 179;
const MAX_COLUMNS: usize = 2 * MAX_LIMBS + 4;

type Limbs = Vec<Floats>;
type Columns = [Floats; MAX_COLUMNS];

pub(super) struct Kernel {
    width: u32,
    limbs: usize,
    base: Base,
    /// The columns that would take too much.
    middle: Range<usize>,
    /// B⁻⁴ modulo N.
    fold: Limbs,
    modulus: Limbs,
    /// −1/N modulo B.
    inverse: Floats,
    r_squared: Limbs,
}

/// Divides columns by the base.
#[derive(Clone, Copy)]
struct Base {
    /// −B.
    minus: Floats,
    /// 1/B.
    inverse: Floats,
}

impl Base {
    /// A column divided by the base, rounded. The division is by a power of two, so it is exact before the rounding, fused or not.
    #[inline(always)]
    fn carry(self, column: Floats) -> Floats {
        let round = Floats::splat(ROUND);
        column.mul_add(self.inverse, round).sub(round)
    }

    /// What is left of a column after its carry.
    #[inline(always)]
    fn low(self, column: Floats, carry: Floats) -> Floats {
        carry.mul_add(self.minus, column)
    }
}

impl Kernel {
    pub(super) fn new(modulus: &Words) -> Self {
        let limbs = |width: u32| (modulus.bits() + 3).div_ceil(width as usize);
        let width = if limbs(24) <= 127 { 24 } else { 23 };
        let limbs = limbs(width);
        let base = float(1 << width);
        let digits = |words: &Words| balance(words, width, limbs).map(float).map(Floats::splat).collect();
        let inverse = modulus.negative_inverse(width).cast_signed();
        Self {
            width,
            limbs,
            base: Base { minus: Floats::splat(-base), inverse: Floats::splat(1.0 / base) },
            middle: if width == 24 { 63..2 * limbs - 61 } else { 0..0 },
            fold: digits(&modulus.inverse_power(width, 4)),
            modulus: digits(modulus),
            inverse: Floats::splat(float(if inverse >> (width - 1) == 0 { inverse } else { inverse - (1 << width) })),
            r_squared: digits(&modulus.power_of_two_below(2 * width as usize * limbs)),
        }
    }

    fn reduce(&self, columns: &mut Columns, out: &mut [Floats]) {
        let base = self.base;
        let mut carried = Floats::splat(0.0);
        for column in &mut columns[self.middle.clone()] {
            let carry = base.carry(*column);
            *column = base.low(*column, carry).add(carried);
            carried = carry;
        }
        columns[self.middle.end] = columns[self.middle.end].add(carried);

        let last = self.limbs - 4;
        let alone = last % 4;
        for row in 0..alone {
            let carry = base.carry(columns[row]);
            let digit = base.low(columns[row], carry);
            columns[row + 1] = columns[row + 1].add(carry);
            add_row(&mut columns[row + 4..], digit, &self.fold);
        }
        for row in (alone..last).step_by(4) {
            let u = &mut columns[row..];
            let t0 = u[0];
            let c0 = base.carry(t0);
            let t1 = u[1].add(c0);
            let c1 = base.carry(t1);
            let t2 = u[2].add(c1);
            let c2 = base.carry(t2);
            let t3 = u[3].add(c2);
            let c3 = base.carry(t3);
            u[4] = u[4].add(c3);
            let digits = [base.low(t0, c0), base.low(t1, c1), base.low(t2, c2), base.low(t3, c3)];
            add_product(&mut u[4..], digits, &self.fold);
        }
        let u = &mut columns[last..];
        let q = self.quotients(u);
        let n = &self.modulus;
        add_rows(&mut u[4..], q, [n[3], n[2], n[1]], &n[4..]);
        self.normalise(&columns[self.limbs..2 * self.limbs], out);
    }

    /// The quotients that make four columns zero. The fifth takes what the fourth carries.
    #[inline(always)]
    fn quotients(&self, columns: &mut [Floats]) -> [Floats; 4] {
        let base = self.base;
        let [n0, n1, n2, n3] = [self.modulus[0], self.modulus[1], self.modulus[2], self.modulus[3]];
        let low = |column: Floats| base.low(column, base.carry(column));
        let quotient = |column: Floats| low(low(column).mul_add(self.inverse, Floats::splat(0.0)));
        let t0 = columns[0];
        let q0 = quotient(t0);
        let t1 = q0.mul_add(n1, columns[1]).add(base.carry(q0.mul_add(n0, t0)));
        let q1 = quotient(t1);
        let t2 = q1.mul_add(n1, q0.mul_add(n2, columns[2])).add(base.carry(q1.mul_add(n0, t1)));
        let q2 = quotient(t2);
        let t3 = q2.mul_add(n1, q1.mul_add(n2, q0.mul_add(n3, columns[3]))).add(base.carry(q2.mul_add(n0, t2)));
        let q3 = quotient(t3);
        columns[4] = columns[4].add(base.carry(q3.mul_add(n0, t3)));
        [q0, q1, q2, q3]
    }

    /// Two carry passes, the second one limb behind the first. The top limb takes what is left.
    fn normalise(&self, columns: &[Floats], out: &mut [Floats]) {
        let base = self.base;
        let (mut first, mut second) = (Floats::splat(0.0), Floats::splat(0.0));
        let last = columns.len() - 1;
        for (out, column) in out.iter_mut().zip(&columns[..last]) {
            let carried = base.carry(*column);
            let once = base.low(*column, carried).add(first);
            first = carried;
            let carried = base.carry(once);
            *out = base.low(once, carried).add(second);
            second = carried;
        }
        out[last] = columns[last].add(first).add(second);
    }
}

impl Montgomery for Kernel {
    type Pair = Limbs;
    type Columns = Columns;

    fn columns() -> Columns {
        [Floats::splat(0.0); MAX_COLUMNS]
    }

    fn load(&self, pair: [&Words; 2]) -> Limbs {
        let [a, b] = pair.map(|words| balance(words, self.width, self.limbs).map(float));
        a.zip(b).map(|(a, b)| Floats::new([a, b])).collect()
    }

    fn store(&self, pair: &Limbs) -> [Words; 2] {
        #[allow(clippy::cast_possible_truncation, reason = "limbs are integers below 2^24")]
        let digits =
            |limbs: &[Floats], lane: usize| limbs.iter().map(|limb| limb.get()[lane] as i64).collect::<Vec<_>>();
        let modulus = digits(&self.modulus, 0);
        // The number lies above −1.25·N: adding 2N, which changes nothing modulo N, makes it positive.
        [0, 1].map(|lane| {
            Words::from_digits(digits(pair, lane).iter().zip(&modulus).map(|(limb, n)| limb + 2 * n), self.width)
        })
    }

    fn multiply(&self, a: &Limbs, b: &Limbs, columns: &mut Columns) -> Limbs {
        let zero = Floats::splat(0.0);
        columns[..2 * self.limbs + 4].fill(zero);
        let (fours, rest) = a.as_chunks::<4>();
        for (row, four) in fours.iter().enumerate() {
            add_product(&mut columns[4 * row..], *four, b);
        }
        for (row, one) in rest.iter().enumerate() {
            add_row(&mut columns[4 * fours.len() + row..], *one, b);
        }
        let mut out = vec![zero; self.limbs];
        self.reduce(columns, &mut out);
        out
    }

    fn square(&self, a: &mut Limbs, columns: &mut Columns) {
        columns[..2 * self.limbs + 4].fill(Floats::splat(0.0));
        let (fours, rest) = a.as_chunks::<4>();
        for (row, [a0, a1, a2, a3]) in fours.iter().enumerate() {
            let [a0, a1, a2, a3] = [*a0, *a1, *a2, *a3];
            let doubled @ [d0, d1, d2, d3] = [a0.add(a0), a1.add(a1), a2.add(a2), a3.add(a3)];
            let (row, above) = (4 * row, &a[4 * row + 4..]);
            let u = &mut columns[2 * row..];
            u[0] = a0.mul_add(a0, u[0]);
            u[1] = d0.mul_add(a1, u[1]);
            u[2] = d0.mul_add(a2, a1.mul_add(a1, u[2]));
            u[3] = d0.mul_add(a3, d1.mul_add(a2, u[3]));
            u[4] = d1.mul_add(a3, a2.mul_add(a2, u[4]));
            u[5] = d2.mul_add(a3, u[5]);
            u[6] = a3.mul_add(a3, u[6]);
            if above.len() < 3 {
                [d0, d1, d2, d3].iter().enumerate().for_each(|(at, one)| add_row(&mut u[4 + at..], *one, above));
            } else {
                add_product(&mut u[4..], doubled, above);
            }
        }
        for (row, one) in rest.iter().enumerate() {
            let u = &mut columns[2 * (4 * fours.len() + row)..];
            u[0] = one.mul_add(*one, u[0]);
            add_row(&mut u[1..], one.add(*one), &rest[row + 1..]);
        }
        self.reduce(columns, a);
    }

    fn enter(&self, a: &Limbs, columns: &mut Columns) -> Limbs {
        self.multiply(a, &self.r_squared, columns)
    }
}

/// `columns += a · b`.
#[inline(always)]
fn add_row(columns: &mut [Floats], a: Floats, b: &[Floats]) {
    for (column, b) in columns.iter_mut().zip(b) {
        *column = a.mul_add(*b, *column);
    }
}

/// `columns += (a0 + a1·B + a2·B² + a3·B³) · b`, where B is one column. `b` has at least three limbs.
#[inline(always)]
fn add_product(columns: &mut [Floats], a: [Floats; 4], b: &[Floats]) {
    let ([a0, a1, a2, _], [b0, b1, b2]) = (a, [b[0], b[1], b[2]]);
    columns[0] = a0.mul_add(b0, columns[0]);
    columns[1] = a1.mul_add(b0, a0.mul_add(b1, columns[1]));
    columns[2] = a2.mul_add(b0, a1.mul_add(b1, a0.mul_add(b2, columns[2])));
    add_rows(&mut columns[3..], a, [b2, b1, b0], &b[3..]);
}

/// The rest of four rows, from a column on that takes a product from each. `before` holds the limbs below `b`, nearest first; three columns
/// more than `b` has limbs are written.
#[inline(always)]
fn add_rows(columns: &mut [Floats], a: [Floats; 4], before: [Floats; 3], b: &[Floats]) {
    let [a0, a1, a2, a3] = a;
    let [mut p1, mut p2, mut p3] = before;
    let (fours, ends) = b.as_chunks::<4>();
    let (body, rest) = columns[..b.len() + 3].split_at_mut(4 * fours.len());
    for (c, [b0, b1, b2, b3]) in body.as_chunks_mut::<4>().0.iter_mut().zip(fours) {
        let [b0, b1, b2, b3] = [*b0, *b1, *b2, *b3];
        c[0] = a3.mul_add(p3, a2.mul_add(p2, a1.mul_add(p1, a0.mul_add(b0, c[0]))));
        c[1] = a3.mul_add(p2, a2.mul_add(p1, a1.mul_add(b0, a0.mul_add(b1, c[1]))));
        c[2] = a3.mul_add(p1, a2.mul_add(b0, a1.mul_add(b1, a0.mul_add(b2, c[2]))));
        c[3] = a3.mul_add(b0, a2.mul_add(b1, a1.mul_add(b2, a0.mul_add(b3, c[3]))));
        [p1, p2, p3] = [b3, b2, b1];
    }
    let (body, tail) = rest.split_at_mut(ends.len());
    for (c, b) in body.iter_mut().zip(ends) {
        *c = a3.mul_add(p3, a2.mul_add(p2, a1.mul_add(p1, a0.mul_add(*b, *c))));
        [p1, p2, p3] = [*b, p1, p2];
    }
    tail[0] = a3.mul_add(p3, a2.mul_add(p2, a1.mul_add(p1, tail[0])));
    tail[1] = a3.mul_add(p2, a2.mul_add(p1, tail[1]));
    tail[2] = a3.mul_add(p1, tail[2]);
}

/// Digits between −B/2 and B/2.
fn balance(words: &Words, width: u32, limbs: usize) -> impl Iterator<Item = i64> {
    let mut carry = 0;
    words.digits(width, limbs).map(move |digit| {
        let digit = digit.cast_signed() + carry;
        carry = i64::from(digit >= 1 << (width - 1));
        digit - (carry << width)
    })
}

/// Exact: digits are below 2^25.
#[allow(clippy::cast_precision_loss, reason = "digits are below 2^25")]
const fn float(digit: i64) -> f64 {
    digit as f64
}
