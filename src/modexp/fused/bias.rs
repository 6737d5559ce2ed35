//! What is in the columns before anything is added to them: the constants of all that will be, taken off.

use super::{ENTERED, HALF, HIGH, LOW, WIDTH};
use crate::modexp::lanes::Ints;

/// What each column starts with.
pub(super) struct Bias(pub(super) Vec<Ints>);

impl Bias {
    /// For bringing a number into Montgomery form.
    pub(super) fn entered(limbs: usize) -> Self {
        Self::new(limbs, ENTERED, |take_off| {
            (0..limbs - 1).step_by(4).for_each(|_| rows(limbs, &mut *take_off));
            (0..limbs).for_each(take_off);
        })
    }

    pub(super) fn product(limbs: usize) -> Self {
        let last = limbs - 1;
        Self::new(limbs, limbs, |take_off| {
            (0..last).step_by(4).for_each(|row| rows(limbs, |column| take_off(row + column)));
            (last..last + limbs).for_each(take_off);
        })
    }

    pub(super) fn square(limbs: usize) -> Self {
        let last = limbs - 5;
        Self::new(limbs, limbs, |take_off| {
            for row in (0..limbs - 1).step_by(4) {
                // The corner: never more than two products in one column.
                (2 * row..2 * row + 7).for_each(&mut *take_off);
                if row < last {
                    rows(limbs - row - 4, |column| take_off(2 * row + 4 + column));
                }
            }
            (2 * last + 4..2 * last + 9).for_each(take_off);
        })
    }

    /// For `vanishing` columns below those of the limbs. `split` calls its argument with every column that a split product went into, before the
    /// columns are reduced.
    fn new(limbs: usize, vanishing: usize, split: impl Fn(&mut dyn FnMut(usize))) -> Self {
        let (all, last) = (limbs + vanishing, vanishing - 4);
        let mut columns = vec![0_u64; all + 1];
        let mut take_off = |column: usize| {
            columns[column] = columns[column].wrapping_sub(LOW);
            columns[column + 1] = columns[column + 1].wrapping_sub(HIGH);
        };
        split(&mut take_off);
        (4..4 + limbs).for_each(&mut take_off);
        (1..last).step_by(4).for_each(|row| rows(limbs, |column| take_off(row + 4 + column)));
        rows(limbs, |column| take_off(last + column));
        // Of the last four digits the products that make a column zero stand alone.
        take_off(last + 1);
        take_off(last + 3);
        for column in 0..all {
            columns[column] = columns[column].wrapping_add((1 << 62) + HALF);
            columns[column + 1] = columns[column + 1].wrapping_sub(1 << (62 - WIDTH));
        }
        columns.truncate(all);
        Self(columns.into_iter().map(Ints::splat).collect())
    }
}

/// The columns into which the products of four limbs and `limbs` others are split, each two together: see [`super::columns`].
fn rows(limbs: usize, mut split: impl FnMut(usize)) {
    for column in 0..limbs + 3 {
        let products = (column + 1).min(4).min(limbs + 3 - column);
        (0..products.div_ceil(2)).for_each(|_| split(column));
    }
}
