//! What is in the columns before anything is added to them: the constants of all that will be, taken off.

use super::{HALF, HIGH, LOW, WIDTH};
use crate::modexp::lanes::Ints;

/// What each column starts with.
pub(super) struct Bias(pub(super) Vec<Ints>);

impl Bias {
    pub(super) fn product(limbs: usize) -> Self {
        let last = limbs - 1;
        Self::new(limbs, |take_off| {
            (0..last).step_by(4).for_each(|row| rows(limbs, |column| take_off(row + column, 1)));
            (last..last + limbs).for_each(|column| take_off(column, 1));
        })
    }

    pub(super) fn square(limbs: usize) -> Self {
        Self::new(limbs, |take_off| {
            for row in (0..limbs - 5).step_by(4) {
                corner(4, |column| take_off(2 * row + column, 2));
                rows(limbs - row - 4, |column| take_off(2 * row + 4 + column, 2));
            }
            corner(5, |column| take_off(2 * (limbs - 5) + column, 2));
            (0..limbs).for_each(|limb| take_off(2 * limb, 1));
        })
    }

    /// `split` calls its argument with every column that a split product went into, and how often, before the columns are reduced.
    fn new(limbs: usize, split: impl Fn(&mut dyn FnMut(usize, u64))) -> Self {
        let mut columns = vec![0_u64; 2 * limbs + 1];
        let mut take_off = |column: usize, count: u64| {
            columns[column] = columns[column].wrapping_sub(LOW.wrapping_mul(count));
            columns[column + 1] = columns[column + 1].wrapping_sub(HIGH.wrapping_mul(count));
        };
        split(&mut take_off);
        (4..4 + limbs).for_each(|column| take_off(column, 1));
        (1..limbs - 4).step_by(4).for_each(|row| rows(limbs, |column| take_off(row + 4 + column, 1)));
        rows(limbs, |column| take_off(limbs - 4 + column, 1));
        // Of the last four digits the products that make a column zero stand alone.
        take_off(limbs - 3, 1);
        take_off(limbs - 1, 1);
        for column in 0..2 * limbs {
            columns[column] = columns[column].wrapping_add((1 << 62) + HALF);
            columns[column + 1] = columns[column + 1].wrapping_sub(1 << (62 - WIDTH));
        }
        columns.truncate(2 * limbs);
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

/// The columns into which the products of so many neighbours with each other are split: never more than two in one.
fn corner(limbs: usize, split: impl FnMut(usize)) {
    (1..=2 * limbs - 3).for_each(split);
}
