//! How a value is written in a cell, in a plain export and by a model.

use super::ExportShape;
use crate::dates;
use crate::dossier::Value;
use crate::form::Kind;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(f64),
    Flag(bool),
    Date(Date),
    Moment(DateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
    }
}

pub(super) fn moment(at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Blank, |at| {
        Cell::Moment(dates::paris(at).datetime().with().subsec_nanosecond(0).build().unwrap_or_default())
    })
}

/// The cell of a field's value.
pub(super) fn cell(kind: Kind, value: &Value, shape: &ExportShape) -> Cell {
    let model = shape.is_model();
    match (kind, value) {
        // Numbers pass through a float, and an empty one is 0 without a model.
        (Kind::Integer | Kind::Decimal, value) => {
            match value.text().and_then(|text| text.replace(',', ".").parse().ok()) {
                Some(number) => Cell::Number(number),
                None if model => Cell::Blank,
                None => Cell::Number(0.0),
            }
        }
        (Kind::YesNo, Value::Bool(flag)) if model => Cell::Flag(*flag),
        (Kind::YesNo, Value::Bool(flag)) => (if *flag { "Oui" } else { "Non" }).into(),
        (Kind::YesNo, _) if *shape == ExportShape::PlainBefore => "Non".into(),
        (Kind::YesNo, _) => Cell::Blank,
        (Kind::Checkbox, value) => {
            let on = *value == Value::Bool(true);
            if model { Cell::Flag(on) } else { (if on { "on" } else { "off" }).into() }
        }
        (Kind::Date, Value::Date(date)) if model => Cell::Date(*date),
        (Kind::Datetime, Value::Datetime(at)) => moment(Some(*at)),
        (Kind::Files, Value::Files(files)) => {
            let names: Vec<&str> = files.iter().map(|file| file.filename.as_str()).collect();
            names.join(", ").as_str().into()
        }
        (_, value) => value.text().unwrap_or_default().as_str().into(),
    }
}
