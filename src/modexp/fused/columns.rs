//! Products of limbs, split and added to the columns they belong to.

use super::{C1, C3, HALF, MASK, WIDTH, float};
use crate::modexp::lanes::{Floats, Ints};

/// The constants that split a product. A kernel holds them, because V8 makes a constant anew wherever it is used, in three instructions, but
/// keeps what it has read from memory.
#[derive(Clone, Copy)]
pub(super) struct Splitter {
    /// C1, which goes into a high part.
    high: Floats,
    /// C1 + 3·2^51, from which a high part leaves what goes into the low part.
    both: Floats,
}

impl Splitter {
    pub(super) fn new() -> Self {
        Self { high: Floats::splat(C1), both: Floats::splat(C1 + C3) }
    }

    /// The bits of the high and the low part of a·b, as the module's head explains.
    #[inline(always)]
    pub(super) fn split(self, a: Floats, b: Floats) -> (Ints, Ints) {
        let high = a.mul_add(b, self.high);
        let low = a.mul_add(b, self.both.sub(high));
        (high.bits(), low.bits())
    }

    /// The bits of the high and the low part of a·b + c·d.
    #[inline(always)]
    pub(super) fn split_both(self, a: Floats, b: Floats, c: Floats, d: Floats) -> (Ints, Ints) {
        let first = a.mul_add(b, self.high);
        let both = c.mul_add(d, first);
        let low = a.mul_add(b, self.both.sub(first));
        (both.bits(), low.add(c.mul_add(d, first.sub(both))).bits())
    }

    /// The balanced residue of a·b modulo B: the low part without its constant.
    #[inline(always)]
    pub(super) fn low_product(self, a: Floats, b: Floats) -> Floats {
        let high = a.mul_add(b, self.high);
        a.mul_add(b, self.both.sub(high)).sub(Floats::splat(C3))
    }
}

/// The balanced digit of a biased column.
#[inline(always)]
pub(super) fn digit(column: Ints) -> Floats {
    column.and(MASK).to_floats(float(HALF.cast_signed()))
}

/// What a biased column carries into the next one.
#[inline(always)]
pub(super) fn carry(column: Ints) -> Ints {
    column.shr::<WIDTH>()
}

/// The digits of the lowest four columns. The fifth takes what the fourth carries.
#[inline(always)]
pub(super) fn take_digits(columns: &mut [Ints]) -> [Floats; 4] {
    let columns = &mut columns[..5];
    let t0 = columns[0];
    let t1 = columns[1].add(carry(t0));
    let t2 = columns[2].add(carry(t1));
    let t3 = columns[3].add(carry(t2));
    columns[4] = columns[4].add(carry(t3));
    [digit(t0), digit(t1), digit(t2), digit(t3)]
}

/// The square of four limbs. `twice` holds them doubled.
#[inline(always)]
pub(super) fn add_corner(k: Splitter, columns: &mut [Ints], [a0, a1, a2, a3]: [Floats; 4], twice: [Floats; 4]) {
    let [d0, d1, d2, _] = twice;
    // Cut to size, so that the bounds are checked once.
    let columns = &mut columns[..8];
    let ((h0, l0), (h1, l1)) = (k.split(a0, a0), k.split(d0, a1));
    let ((h2, l2), (h3, l3)) = (k.split_both(d0, a2, a1, a1), k.split_both(d0, a3, d1, a2));
    let ((h4, l4), (h5, l5)) = (k.split_both(d1, a3, a2, a2), k.split(d2, a3));
    let (h6, l6) = k.split(a3, a3);
    columns[0] = columns[0].add(l0);
    columns[1] = columns[1].add(h0.add(l1));
    columns[2] = columns[2].add(h1.add(l2));
    columns[3] = columns[3].add(h2.add(l3));
    columns[4] = columns[4].add(h3.add(l4));
    columns[5] = columns[5].add(h4.add(l5));
    columns[6] = columns[6].add(h5.add(l6));
    columns[7] = columns[7].add(h6);
}

/// `columns += (a0 + a1·B + a2·B² + a3·B³) · b`, where B is one column. `b` has a multiple of four limbs and one more; four columns more are
/// written.
#[inline(always)]
pub(super) fn add_product(k: Splitter, columns: &mut [Ints], a: [Floats; 4], b: &[Floats]) {
    let [a0, a1, a2, _] = a;
    let (start, b) = b.split_at(3);
    let (lowest, columns) = columns.split_at_mut(3);
    let (h0, l0) = k.split(a0, start[0]);
    let (h1, l1) = k.split_both(a0, start[1], a1, start[0]);
    let ((h2, l2), (h3, l3)) = (k.split_both(a0, start[2], a1, start[1]), k.split(a2, start[0]));
    lowest[0] = lowest[0].add(l0);
    lowest[1] = lowest[1].add(h0.add(l1));
    lowest[2] = lowest[2].add(h1.add(l2).add(l3));
    add_rows(k, columns, a, [start[2], start[1], start[0]], b, h2.add(h3));
}

/// One column of four rows: `high` is what came up from the column below, and then what goes up to the next.
///
/// The result is the same in any order of the products. This one is among the fastest on two versions of V8, which spill registers here.
#[inline(always)]
fn add_column(k: Splitter, column: &mut Ints, a: [Floats; 4], b: [Floats; 4], high: &mut Ints) {
    let (h1, l1) = k.split_both(a[1], b[1], a[0], b[0]);
    let (h0, l0) = k.split_both(a[2], b[2], a[3], b[3]);
    *column = column.add(*high).add(l0).add(l1);
    *high = h1.add(h0);
}

/// Four columns of four rows. `window` holds the limbs below `b`, nearest first; those below the next four are returned.
#[inline(always)]
fn add_four(
    k: Splitter,
    columns: &mut [Ints; 4],
    a: [Floats; 4],
    [p1, p2, p3]: [Floats; 3],
    [b0, b1, b2, b3]: &[Floats; 4],
    high: &mut Ints,
) -> [Floats; 3] {
    let [b0, b1, b2, b3] = [*b0, *b1, *b2, *b3];
    add_column(k, &mut columns[0], a, [b0, p1, p2, p3], high);
    add_column(k, &mut columns[1], a, [b1, b0, p1, p2], high);
    add_column(k, &mut columns[2], a, [b2, b1, b0, p1], high);
    add_column(k, &mut columns[3], a, [b3, b2, b1, b0], high);
    [b3, b2, b1]
}

/// The rest of four rows, from a column on that takes a product from each. `window` holds the limbs below `b`, nearest first; four columns more
/// than `b` has limbs are written.
#[inline(always)]
pub(super) fn add_rows(
    k: Splitter,
    columns: &mut [Ints],
    a: [Floats; 4],
    mut window: [Floats; 3],
    b: &[Floats],
    mut high: Ints,
) {
    let (fours, ends) = b.as_chunks::<4>();
    let (body, rest) = columns[..b.len() + 4].split_at_mut(4 * fours.len());
    for (columns, b) in body.as_chunks_mut::<4>().0.iter_mut().zip(fours) {
        window = add_four(k, columns, a, window, b, &mut high);
    }
    let [mut p1, mut p2, mut p3] = window;
    let (body, tail) = rest.split_at_mut(ends.len());
    for (column, b) in body.iter_mut().zip(ends) {
        add_column(k, column, a, [*b, p1, p2, p3], &mut high);
        [p1, p2, p3] = [*b, p1, p2];
    }
    let [_, a1, a2, a3] = a;
    let ((h0, l0), (h1, l1)) = (k.split_both(a1, p1, a2, p2), k.split(a3, p3));
    let ((h2, l2), (h3, l3)) = (k.split_both(a2, p1, a3, p2), k.split(a3, p1));
    tail[0] = tail[0].add(high).add(l0.add(l1));
    tail[1] = tail[1].add(h0.add(h1)).add(l2);
    tail[2] = tail[2].add(h2.add(l3));
    tail[3] = tail[3].add(h3);
}

/// `columns += a · b`; one column more than `b` has limbs is written.
#[inline(never)]
pub(super) fn add_row(k: Splitter, columns: &mut [Ints], a: Floats, b: &[Floats]) {
    let mut carried = Ints::splat(0);
    let (body, end) = columns.split_at_mut(b.len());
    for (column, b) in body.iter_mut().zip(b) {
        let (high, low) = k.split(a, *b);
        *column = column.add(carried.add(low));
        carried = high;
    }
    end[0] = end[0].add(carried);
}
