//! 51-bit limbs in floats; products split without error by fused multiply-add; columns summed as 64-bit integers.
//!
//! # Splitting a product
//!
//! For integers a, b in [0, 2^51), with C1 = 2^103 and C2 = 2^103 + 3·2^51:
//!
//! - `h = fma(a, b, C1)`: between 2^103 and 2^104 floats are 2^51 apart, so h = C1 + r·2^51 with r = round(ab / 2^51), 0 ≤ r ≤ 2^51. The bits
//!   of h are those of C1 plus r.
//! - `l = fma(a, b, C2 − h)`: C2 − h = 3·2^51 − r·2^51 is exact, and ab − r·2^51 lies in [−2^50, 2^50], so l lies in [2^52, 2^53), where floats
//!   are the integers: l is exact, and its bits are those of 3·2^51 plus ab − r·2^51.
//!
//! So the bits can be added up as integers, modulo 2^64, once the two constants are subtracted as often as they went in ([`Bias`]).
//!
//! # No column overflows
//!
//! A column takes at most 2L low parts of at most 2^50 either way and 2L high parts from 0 to 2^51 (L of each from the product and from the
//! reduction), and a carry below 2^13. For L ≤ 84 that is below 168 · (2^50 + 2^51) + 2^13 < 2^59.
//! Every column is kept with 2^62 on top of it, so that it is positive as an unsigned number and a logical shift divides it: the carry into
//! the next column then has 2^62 / 2^51 = 2^11 on top, which the bias of that column takes off again.
//!
//! # No result overflows
//!
//! With N' < 2^(bits + 51) and R = 2^(51·L) ≥ 4N': for a, b < 2N' the result is (ab + qN') / R with q < R, below 4N'² / R + N' ≤ 2N'.

use super::Montgomery;
use super::lanes::{Floats, Ints};
use super::words::Words;

const WIDTH: u32 = 51;
const MASK: u64 = (1 << WIDTH) - 1;
/// 2^103.
const C1: f64 = f64::from_bits(HIGH);
/// The bits of 2^103, which every high part carries.
const HIGH: u64 = 0x4660_0000_0000_0000;
/// 3·2^51, and its bits, which every low part carries.
const C3: f64 = f64::from_bits(LOW);
const LOW: u64 = 0x4338_0000_0000_0000;

/// Limbs for 4096 bits, and the columns of their product with room for the last rows.
const MAX_LIMBS: usize = 84;
const MAX_COLUMNS: usize = 2 * MAX_LIMBS + 8;

type Limbs = Vec<Floats>;

pub(super) struct Kernel {
    limbs: usize,
    /// (N' + 1) / 2^51: adding q·N' to the columns is adding q·this one column higher, and dropping the lowest.
    modulus: Limbs,
    r_squared: Limbs,
    product: Bias,
    square: Bias,
}

/// What each column starts with.
struct Bias(Vec<Ints>);

impl Bias {
    /// `times(i, j)` says how often the product of limbs i and j goes into the columns before they are reduced.
    fn new(limbs: usize, times: impl Fn(usize, usize) -> u64) -> Self {
        let mut columns = vec![0_u64; 2 * limbs + 8];
        let mut take_off = |column: usize, count: u64| {
            columns[column] = columns[column].wrapping_sub(LOW.wrapping_mul(count));
            columns[column + 1] = columns[column + 1].wrapping_sub(HIGH.wrapping_mul(count));
        };
        for i in 0..limbs {
            for j in 0..limbs {
                take_off(i + j, times(i, j));
                // The reduction: quotient digit i times limb j, one column higher.
                take_off(i + j + 1, 1);
            }
        }
        for column in 0..2 * limbs {
            columns[column] = columns[column].wrapping_add(1 << 62);
            columns[column + 1] = columns[column + 1].wrapping_sub(1 << (62 - WIDTH));
        }
        Self(columns.into_iter().map(Ints::splat).collect())
    }
}

impl Kernel {
    pub(super) fn new(modulus: &Words) -> Self {
        // A multiple of three, because rows are taken three at a time.
        let limbs = (modulus.bits() + WIDTH as usize + 2).div_ceil(WIDTH as usize).next_multiple_of(3);
        let multiple = modulus.times(modulus.negative_inverse(WIDTH));
        // N' ends in 51 ones, so N' + 1 divided by 2^51 is N' divided, plus one.
        let mut upper: Vec<u64> = multiple.digits(WIDTH, limbs + 1).skip(1).collect();
        for digit in &mut upper {
            *digit += 1;
            if *digit <= MASK {
                break;
            }
            *digit = 0;
        }
        let r_squared = modulus.power_of_two_below(2 * WIDTH as usize * limbs);
        Self {
            limbs,
            modulus: upper.into_iter().map(float).map(Floats::splat).collect(),
            r_squared: r_squared.digits(WIDTH, limbs).map(float).map(Floats::splat).collect(),
            product: Bias::new(limbs, |_, _| 1),
            square: Bias::new(limbs, |i, j| u64::from(i == j) + 2 * u64::from(i < j)),
        }
    }

    /// Montgomery reduction: adds q·N' so that the lower half of the columns vanishes, and normalises the upper half into `out`.
    fn reduce(&self, columns: &mut [Ints; MAX_COLUMNS], out: &mut [Floats]) {
        let n = &self.modulus[..self.limbs];
        let last = self.limbs - 1;
        let quotient = |column: Ints| column.and(MASK).to_floats();
        for row in (0..self.limbs).step_by(3) {
            let u = &mut columns[row..row + self.limbs + 4];
            // Three digits at once: what they add to each other's columns first, then everything above.
            let t0 = u[0];
            let q0 = quotient(t0);
            let (h00, l00) = split(q0, n[0]);
            let t1 = u[1].add(t0.shr::<WIDTH>()).add(l00);
            let q1 = quotient(t1);
            let ((h01, l01), (h10, l10)) = (split(q0, n[1]), split(q1, n[0]));
            let t2 = u[2].add(t1.shr::<WIDTH>()).add(h00.add(l01.add(l10)));
            let q2 = quotient(t2);
            let ((h11, l11), (h20, l20), (h21, l21)) = (split(q1, n[1]), split(q2, n[0]), split(q2, n[1]));
            u[3] = u[3].add(t2.shr::<WIDTH>()).add(h01.add(h10).add(l11.add(l20)));
            u[4] = u[4].add(h11.add(h20.add(l21)));
            u[5] = u[5].add(h21);
            add_rows(&mut u[3..], [q0, q1, q2], &n[2..last]);
            let ((h0, l0), (h1, l1), (h2, l2)) = (split(q0, n[last]), split(q1, n[last]), split(q2, n[last]));
            let end = &mut u[last + 1..];
            end[0] = end[0].add(l0);
            end[1] = end[1].add(h0.add(l1));
            end[2] = end[2].add(h1.add(l2));
            // One column more than the slice that the rows needed: the high part of the last digit and limb.
            let above = &mut columns[row + last + 4];
            *above = above.add(h2);
        }
        let mut carry = Ints::splat(0);
        for (out, column) in out.iter_mut().zip(&columns[self.limbs..2 * self.limbs]) {
            let value = column.add(carry);
            *out = value.and(MASK).to_floats();
            carry = value.shr::<WIDTH>();
        }
    }
}

impl Montgomery for Kernel {
    type Pair = Limbs;

    fn load(&self, pair: [&Words; 2]) -> Limbs {
        let [a, b] = pair.map(|words| words.digits(WIDTH, self.limbs).map(float));
        a.zip(b).map(|(a, b)| Floats::new([a, b])).collect()
    }

    fn store(&self, pair: &Limbs) -> [Words; 2] {
        #[allow(clippy::cast_possible_truncation, reason = "limbs are integers below 2^51")]
        [0, 1].map(|lane| Words::from_digits(pair.iter().map(|limb| limb.get()[lane] as i64), WIDTH))
    }

    fn multiply(&self, a: &Limbs, b: &Limbs) -> Limbs {
        let mut columns = start(&self.product);
        for (row, three) in a.chunks_exact(3).enumerate() {
            add_rows(&mut columns[3 * row..], [three[0], three[1], three[2]], b);
        }
        let mut out = vec![Floats::splat(0.0); self.limbs];
        self.reduce(&mut columns, &mut out);
        out
    }

    fn square(&self, a: &mut Limbs) {
        // Products of different limbs are summed once and doubled.
        let mut columns = [Ints::splat(0); MAX_COLUMNS];
        for row in (0..self.limbs).step_by(3) {
            let (three, above) = a[row..].split_at(3);
            let u = &mut columns[2 * row..];
            let ((h01, l01), (h02, l02), (h12, l12)) =
                (split(three[0], three[1]), split(three[0], three[2]), split(three[1], three[2]));
            u[1] = u[1].add(l01);
            u[2] = u[2].add(h01.add(l02));
            u[3] = u[3].add(h02.add(l12));
            u[4] = u[4].add(h12);
            if !above.is_empty() {
                add_rows(&mut u[3..], [three[0], three[1], three[2]], above);
            }
        }
        let bias = &self.square.0;
        let pairs = columns.as_chunks_mut::<2>().0.iter_mut().zip(bias.as_chunks::<2>().0);
        for (limb, ([even, odd], [even_bias, odd_bias])) in a.iter().zip(pairs) {
            let (high, low) = split(*limb, *limb);
            *even = even.add(*even).add(even_bias.add(low));
            *odd = odd.add(*odd).add(odd_bias.add(high));
        }
        columns[2 * self.limbs] = bias[2 * self.limbs];
        self.reduce(&mut columns, a);
    }

    fn r_squared(&self) -> &Limbs {
        &self.r_squared
    }
}

fn start(bias: &Bias) -> [Ints; MAX_COLUMNS] {
    let mut columns = [Ints::splat(0); MAX_COLUMNS];
    columns[..bias.0.len()].copy_from_slice(&bias.0);
    columns
}

/// The bits of the high and the low part of a·b, as the module's head explains.
#[inline(always)]
fn split(a: Floats, b: Floats) -> (Ints, Ints) {
    let high = a.mul_add(b, Floats::splat(C1));
    let low = a.mul_add(b, Floats::splat(C1 + C3).sub(high));
    (high.bits(), low.bits())
}

/// `columns += (a0 + a1·B + a2·B²) · b`, where B is one column. `b` has a multiple of three limbs, `columns` three more.
///
/// Three columns are held in registers while the window moves, so that each is read and written once.
#[inline(always)]
fn add_rows(columns: &mut [Ints], a: [Floats; 3], b: &[Floats]) {
    let [a0, a1, a2] = a;
    let Some((mut done, above)) = columns.as_chunks_mut::<3>().0.split_first_mut() else { return };
    let [mut c0, mut c1, mut c2] = *done;
    for (three, next) in b.as_chunks::<3>().0.iter().zip(above) {
        let mut step = |at: usize, now: Ints, one: Ints, two: Ints| {
            let ((h0, l0), (h1, l1), (h2, l2)) = (split(a0, three[at]), split(a1, three[at]), split(a2, three[at]));
            done[at] = now.add(l0);
            (one.add(h0.add(l1)), two.add(h1.add(l2)), next[at].add(h2))
        };
        (c1, c2, c0) = step(0, c0, c1, c2);
        (c2, c0, c1) = step(1, c1, c2, c0);
        (c0, c1, c2) = step(2, c2, c0, c1);
        done = next;
    }
    *done = [c0, c1, c2];
}

/// Exact: digits are below 2^51.
#[allow(clippy::cast_precision_loss, reason = "digits are below 2^51")]
const fn float(digit: u64) -> f64 {
    digit as f64
}
