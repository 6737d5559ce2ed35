//! Which column holds which field: told by headers, or by the caller.

use super::grid::Grid;
use crate::batch::Field;
use crate::error::{Error, Result};

/// A column that a target knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field it fills.
    pub field: &'static Field,
    /// Its name in English, for templates.
    pub label: &'static str,
    /// Headers it is recognised by besides the field's own name and label: in lower case, without blanks, and without the unit of an amount.
    pub headers: &'static [&'static str],
    /// Whether a sheet without it is refused.
    pub required: bool,
    /// Whether it holds amounts, whose unit has to be known.
    pub amount: bool,
    /// Whether it says who is paid.
    pub payee: bool,
}

/// What a column may be called, each as it is compared.
struct Names {
    headers: &'static [&'static str],
    own: [String; 3],
    amount: bool,
}

impl Names {
    fn new(column: &Column) -> Self {
        let own = [column.field.name, column.field.label, column.label].map(normal);
        Self { headers: column.headers, own, amount: column.amount }
    }

    fn are_of(&self, title: &Title) -> bool {
        let title = if self.amount { &title.bare } else { &title.whole };
        self.headers.contains(&title.as_str()) || self.own.contains(title)
    }
}

/// The unit of an amount column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountUnit {
    /// Yuan with at most two decimals.
    Yuan,
    /// Whole fen.
    Fen,
}

/// Which column of a sheet holds which field.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The header's row in the grid, from 0.
    pub header: usize,
    /// For each known column, where it is, from 0.
    pub places: Vec<Option<usize>>,
    /// The unit of the amounts, if it is known.
    pub unit: Option<AmountUnit>,
}

/// How many rows are searched for a header: people put titles above it.
pub(super) const SEARCHED: usize = 20;

impl Mapping {
    /// Finds the header and reads it. `places` (field and column, from 0) and `unit` go before what the header says.
    ///
    /// # Errors
    /// [`Error::SheetFormat`] if there is no row; [`Error::SheetColumns`] if a field stands in two columns, or the header and `unit` disagree.
    pub fn find(grid: &Grid, known: &[Column], places: &[(String, usize)], unit: Option<AmountUnit>) -> Result<Self> {
        if grid.is_empty() {
            return Err(Error::SheetFormat("it is empty"));
        }
        let names: Vec<Names> = known.iter().map(Names::new).collect();
        let titles = |row: usize| grid.cells(row).map(|cell| Title::read(cell.text)).collect::<Vec<_>>();
        let recognised = |row: &usize| {
            let titles = titles(*row);
            names.iter().filter(|names| titles.iter().any(|title| names.are_of(title))).count()
        };
        // The first of those that name most fields.
        let rows = 0..grid.len().min(SEARCHED);
        let header = rows.rev().max_by_key(recognised).unwrap_or_default();
        let titles = titles(header);
        let mut mapping = Self { header, places: vec![None; known.len()], unit };
        for (place, (column, names)) in mapping.places.iter_mut().zip(known.iter().zip(&names)) {
            let given = places.iter().find(|(field, _)| field == column.field.name).map(|(_, at)| *at);
            let mut named = (0..titles.len()).filter(|at| names.are_of(&titles[*at]));
            *place = given.or_else(|| named.next());
            if given.is_none() && named.next().is_some() {
                return Err(Error::SheetColumns(format!("{} stands in two columns", column.field.name)));
            }
        }
        let amount = known.iter().zip(&mapping.places).find(|(column, _)| column.amount);
        let said = amount.and_then(|(column, place)| titles.get((*place)?).and_then(|title| title.unit(column)));
        match (said, unit) {
            (Some(said), Some(given)) if said != given => {
                return Err(Error::SheetColumns("the header and amountUnit name different units".to_owned()));
            }
            _ => mapping.unit = unit.or(said),
        }
        Ok(mapping)
    }

    /// Required fields that no column holds.
    pub fn missing<'k>(&self, known: &'k [Column]) -> impl Iterator<Item = &'static str> + use<'_, 'k> {
        let absent = |(column, place): &(&Column, &Option<usize>)| column.required && place.is_none();
        known.iter().zip(&self.places).filter(absent).map(|(column, _)| column.field.name)
    }

    /// The unit.
    ///
    /// # Errors
    /// [`Error::SheetColumns`] if a required column or the unit is missing.
    pub fn complete(&self, known: &[Column]) -> Result<AmountUnit> {
        let missing: Vec<_> = self.missing(known).collect();
        if !missing.is_empty() {
            return Err(Error::SheetColumns(missing.join(", ")));
        }
        self.unit.ok_or_else(|| {
            Error::SheetColumns("the unit of the amounts: write 金额(元) or 金额(分), or pass amountUnit".to_owned())
        })
    }
}

/// A header as it is compared: `unit` is what stands in brackets behind an amount.
struct Title {
    whole: String,
    bare: String,
    unit: Option<AmountUnit>,
}

impl Title {
    fn read(text: &str) -> Self {
        let whole = normal(text);
        let (bare, unit) = match whole.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            Some((bare, "元" | "yuan" | "rmb" | "cny" | "人民币元" | "人民币")) => {
                (bare, Some(AmountUnit::Yuan))
            }
            Some((bare, "分" | "fen")) => (bare, Some(AmountUnit::Fen)),
            _ => (whole.as_str(), None),
        };
        Self { bare: bare.to_owned(), unit, whole }
    }

    /// A header that is the wire name means the wire's unit, unless it is a word that people use too: "amount" may be anything.
    fn unit(&self, column: &Column) -> Option<AmountUnit> {
        let name = column.field.name;
        self.unit.or_else(|| (self.whole == name && name.contains('_')).then_some(AmountUnit::Fen))
    }
}

/// Lower case, no blanks, half-width brackets: what tells one header from another.
fn normal(title: &str) -> String {
    // Templates mark what must be filled in with a star.
    let plain = title.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}' | '*' | '＊'));
    plain
        .map(|c| match c {
            // Full-width ASCII, the brackets of Chinese text among it.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
            other => other.to_ascii_lowercase(),
        })
        .collect()
}
