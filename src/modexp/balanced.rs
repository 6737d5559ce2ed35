//! Signed 23-bit limbs in floats. Every product and every sum is an integer below 2^53, so the result does not depend on whether the host
//! fuses multiply-add, and is the same bits everywhere.
//!
//! # Bounds
//!
//! Limbs are normalised by two carry passes to at most 2^22 + 2^8 in magnitude: a column below 2^53 gives a carry of at most 2^30, the sum of a
//! low part and that carry gives a second carry of at most 2^7 + 1. Limbs of N' and quotient digits are at most 2^22.
//! With L ≤ 180 limbs (4096 bits) a column is at most L·(2^22 + 2^8)² from the product, L·2^44 from the reduction and a carry of 2^30:
//! below 360 · 2^44 · 1.0002 + 2^30 < 2^52.5.
//!
//! With N' < 2^(bits + 23) and R = 2^(23·L) ≥ 4N': for |a|, |b| < N' the result is (ab + qN') / R with |q| ≤ R/2 · (1 + 2^−21), so its magnitude
//! is below N'² / R + 0.51·N' < N'. The top limb needs no carry out of it.

use super::Montgomery;
use super::lanes::Floats;
use super::words::Words;

const WIDTH: u32 = 23;
const BASE: f64 = 8_388_608.0;
/// 1.5·2^52: adding and subtracting it rounds to an integer, for anything below 2^51.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Limbs for 4096 bits, and the columns of their product with room for the last rows.
const MAX_LIMBS: usize = 180;
const MAX_COLUMNS: usize = 2 * MAX_LIMBS + 4;

type Limbs = Vec<Floats>;
type Columns = [Floats; MAX_COLUMNS];

pub(super) struct Kernel {
    limbs: usize,
    /// N', balanced. Its lowest limb is −1 and is never read: that is what makes a column its own quotient digit.
    modulus: Limbs,
    /// N' again, as the integers they are.
    digits: Vec<i64>,
    r_squared: Limbs,
}

impl Kernel {
    pub(super) fn new(modulus: &Words) -> Self {
        // A multiple of four, because rows are taken four at a time.
        let limbs = (modulus.bits() + WIDTH as usize + 2).div_ceil(WIDTH as usize).next_multiple_of(4);
        let multiple = modulus.times(modulus.negative_inverse(WIDTH));
        let digits: Vec<i64> = balance(&multiple, limbs).collect();
        let r_squared = modulus.power_of_two_below(2 * WIDTH as usize * limbs);
        Self {
            limbs,
            modulus: digits.iter().copied().map(float).map(Floats::splat).collect(),
            r_squared: balance(&r_squared, limbs).map(float).map(Floats::splat).collect(),
            digits,
        }
    }

    fn reduce(&self, columns: &mut Columns, out: &mut [Floats]) {
        let n = &self.modulus[..self.limbs];
        let [n1, n2, n3] = [n[1], n[2], n[3]];
        for row in (0..self.limbs).step_by(4) {
            let u = &mut columns[row..row + self.limbs + 4];
            // Four digits at once: what they add to each other's columns first, then everything above.
            let t0 = u[0];
            let c0 = carry(t0);
            let q0 = low(t0, c0);
            let t1 = q0.mul_add(n1, u[1]).add(c0);
            let c1 = carry(t1);
            let q1 = low(t1, c1);
            let t2 = q1.mul_add(n1, q0.mul_add(n2, u[2])).add(c1);
            let c2 = carry(t2);
            let q2 = low(t2, c2);
            let t3 = q2.mul_add(n1, q1.mul_add(n2, q0.mul_add(n3, u[3]))).add(c2);
            let c3 = carry(t3);
            let q3 = low(t3, c3);
            let w = &mut u[4..];
            w[0] = w[0].add(c3);
            add_rows(w, [q0, q1, q2, q3], [n3, n2, n1], &n[4..]);
        }
        normalise(&columns[self.limbs..2 * self.limbs], out);
    }
}

impl Montgomery for Kernel {
    type Pair = Limbs;
    type Columns = Columns;

    fn columns() -> Columns {
        [Floats::splat(0.0); MAX_COLUMNS]
    }

    fn load(&self, pair: [&Words; 2]) -> Limbs {
        let [a, b] = pair.map(|words| balance(words, self.limbs).map(float));
        a.zip(b).map(|(a, b)| Floats::new([a, b])).collect()
    }

    fn store(&self, pair: &Limbs) -> [Words; 2] {
        // The number lies between −N' and N': adding N', which changes nothing modulo N, makes it positive.
        #[allow(clippy::cast_possible_truncation, reason = "limbs are integers below 2^23")]
        let digit = |lane: usize| pair.iter().zip(&self.digits).map(move |(limb, n)| limb.get()[lane] as i64 + n);
        [0, 1].map(|lane| Words::from_digits(digit(lane), WIDTH))
    }

    fn multiply(&self, a: &Limbs, b: &Limbs, columns: &mut Columns) -> Limbs {
        let zero = Floats::splat(0.0);
        columns[..2 * self.limbs + 4].fill(zero);
        for (row, four) in a.chunks_exact(4).enumerate() {
            add_rows(&mut columns[4 * row..], [four[0], four[1], four[2], four[3]], [zero; 3], b);
        }
        let mut out = vec![zero; self.limbs];
        self.reduce(columns, &mut out);
        out
    }

    fn square(&self, a: &mut Limbs, columns: &mut Columns) {
        let zero = Floats::splat(0.0);
        columns[..2 * self.limbs + 4].fill(zero);
        for row in (0..self.limbs).step_by(4) {
            let (four, above) = a[row..].split_at(4);
            let [a0, a1, a2, a3] = [four[0], four[1], four[2], four[3]];
            let [d0, d1, d2, d3] = [a0.add(a0), a1.add(a1), a2.add(a2), a3.add(a3)];
            let u = &mut columns[2 * row..];
            u[0] = a0.mul_add(a0, u[0]);
            u[1] = d0.mul_add(a1, u[1]);
            u[2] = d0.mul_add(a2, a1.mul_add(a1, u[2]));
            u[3] = d0.mul_add(a3, d1.mul_add(a2, u[3]));
            u[4] = d1.mul_add(a3, a2.mul_add(a2, u[4]));
            u[5] = d2.mul_add(a3, u[5]);
            u[6] = a3.mul_add(a3, u[6]);
            if !above.is_empty() {
                add_rows(&mut u[4..], [d0, d1, d2, d3], [zero; 3], above);
            }
        }
        self.reduce(columns, a);
    }

    fn r_squared(&self) -> &Limbs {
        &self.r_squared
    }
}

/// `columns += (a0 + a1·B + a2·B² + a3·B³) · b`, where B is one column and `before` holds the three limbs below `b`, nearest first.
///
/// `b` has a multiple of four limbs; three columns more are written.
#[inline(always)]
fn add_rows(columns: &mut [Floats], a: [Floats; 4], before: [Floats; 3], b: &[Floats]) {
    let [a0, a1, a2, a3] = a;
    let columns = &mut columns[..b.len() + 3];
    let [mut p1, mut p2, mut p3] = before;
    let (body, tail) = columns.split_at_mut(b.len());
    for (c, [b0, b1, b2, b3]) in body.as_chunks_mut::<4>().0.iter_mut().zip(b.as_chunks::<4>().0) {
        let [b0, b1, b2, b3] = [*b0, *b1, *b2, *b3];
        c[0] = a3.mul_add(p3, a2.mul_add(p2, a1.mul_add(p1, a0.mul_add(b0, c[0]))));
        c[1] = a3.mul_add(p2, a2.mul_add(p1, a1.mul_add(b0, a0.mul_add(b1, c[1]))));
        c[2] = a3.mul_add(p1, a2.mul_add(b0, a1.mul_add(b1, a0.mul_add(b2, c[2]))));
        c[3] = a3.mul_add(b0, a2.mul_add(b1, a1.mul_add(b2, a0.mul_add(b3, c[3]))));
        [p1, p2, p3] = [b3, b2, b1];
    }
    tail[0] = a3.mul_add(p3, a2.mul_add(p2, a1.mul_add(p1, tail[0])));
    tail[1] = a3.mul_add(p2, a2.mul_add(p1, tail[1]));
    tail[2] = a3.mul_add(p1, tail[2]);
}

/// A column divided by the base, rounded. The division is by a power of two, so it is exact before the rounding, fused or not.
#[inline(always)]
fn carry(column: Floats) -> Floats {
    let round = Floats::splat(ROUND);
    column.mul_add(Floats::splat(1.0 / BASE), round).sub(round)
}

/// What is left of a column after its carry.
#[inline(always)]
fn low(column: Floats, carry: Floats) -> Floats {
    carry.mul_add(Floats::splat(-BASE), column)
}

/// Two carry passes, the second one limb behind the first. The top limb takes what is left.
fn normalise(columns: &[Floats], out: &mut [Floats]) {
    let (mut first, mut second) = (Floats::splat(0.0), Floats::splat(0.0));
    let last = columns.len() - 1;
    for (out, column) in out.iter_mut().zip(&columns[..last]) {
        let carried = carry(*column);
        let once = low(*column, carried).add(first);
        first = carried;
        let carried = carry(once);
        *out = low(once, carried).add(second);
        second = carried;
    }
    out[last] = columns[last].add(first).add(second);
}

/// Digits between −2^22 and 2^22.
fn balance(words: &Words, limbs: usize) -> impl Iterator<Item = i64> {
    let mut carry = 0;
    words.digits(WIDTH, limbs).map(move |digit| {
        let digit = digit.cast_signed() + carry;
        carry = i64::from(digit >= 1 << (WIDTH - 1));
        digit - (carry << WIDTH)
    })
}

/// Exact: digits are below 2^23.
#[allow(clippy::cast_precision_loss, reason = "digits are below 2^23")]
const fn float(digit: i64) -> f64 {
    digit as f64
}
