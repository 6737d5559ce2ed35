//! What a sheet is read for, as JavaScript says it.

use wasm_bindgen::JsValue;

use crate::error::{Error, Result};
use crate::issue::Locale;
use crate::json::{FromJson, Given, Json};
use crate::pingpp;
use crate::sheet::{self, AmountUnit, Grid, Mapping};
use crate::upload::Target;
use crate::wasm::{locale, take_whole};

/// The target, where its columns are in the grid, and the language of messages.
pub(super) fn settle(grid: &Grid, options: &JsValue) -> Result<(Target, Mapping, Locale)> {
    let options = Options::read(options)?;
    let mapping = Mapping::find(grid, options.target.columns(), &options.places()?, options.amount_unit)?;
    let locale = options.locale()?;
    Ok((options.target, mapping, locale))
}

pub(super) struct Options {
    pub(super) target: Target,
    locale: Option<String>,
    pub(super) amount_unit: Option<AmountUnit>,
    /// Field → column letter.
    columns: Vec<(String, String)>,
}

impl FromJson for Options {
    fn from_json(json: Json<'_>) -> Result<Self> {
        let mut given = Given::new(json)?;
        let name = given.optional("target", Json::string)?.ok_or(Error::option("target"))?;
        let limits = given.optional("limits", Some)?;
        let company = given.optional("type", |json| match &*json.text()? {
            "b2b" => Some(true),
            "b2c" => Some(false),
            _ => None,
        })?;
        let columns = |json: Json<'_>| {
            let columns = json.members()?.into_iter();
            columns.map(|(field, letters)| Some((field.into_owned(), letters.string()?))).collect()
        };
        let options = Self {
            target: target(&name, limits, company)?,
            locale: given.optional("locale", Json::string)?,
            amount_unit: given.optional("amountUnit", |json| {
                let name = json.text()?;
                [AmountUnit::Yuan, AmountUnit::Fen].into_iter().find(|unit| unit.name() == name)
            })?,
            columns: given.optional("columns", columns)?.unwrap_or_default(),
        };
        given.end().map(|()| options)
    }
}

/// A target with limits of its own; companies are paid by channels of Ping++ only.
fn target(name: &str, limits: Option<Json<'_>>, company: Option<bool>) -> Result<Target> {
    let mut target: Target = name.parse()?;
    match &mut target {
        Target::WechatBatch(own) | Target::WechatBill(own) => {
            if company.is_some() {
                return Err(Error::option("type is for targets of Ping++"));
            }
            if let Some(limits) = limits {
                *own = FromJson::from_json(limits)?;
            }
        }
        Target::Pingpp(recipients) => {
            if let Some(limits) = limits {
                let channel = name.trim_start_matches("pingpp:");
                *recipients =
                    pingpp::Recipients::new(channel, FromJson::from_json(limits)?).ok_or(Error::option("target"))?;
            }
            if company == Some(true) {
                *recipients = recipients.clone().companies();
            }
        }
    }
    Ok(target)
}

impl Options {
    pub(super) fn read(options: &JsValue) -> Result<Self> {
        take_whole(options)
    }

    pub(super) fn locale(&self) -> Result<Locale> {
        self.locale.as_deref().map_or(Ok(Locale::default()), locale)
    }

    pub(super) fn places(&self) -> Result<Vec<(String, usize)>> {
        let place = |(field, letters): &(String, String)| {
            let known = self.target.columns().iter().any(|column| column.field.name == field);
            let column = sheet::column_index(letters).filter(|_| known);
            column.map(|column| (field.clone(), column)).ok_or(Error::option("columns"))
        };
        self.columns.iter().map(place).collect()
    }
}
