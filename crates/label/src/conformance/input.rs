//! Reads the fields of a worked case. A value of the wrong type gives an error with the path of the field; no default is
//! assumed and nothing panics.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::guide::calendar::{Zone, paris_date};
use crate::guide::score::Fraction;
use crate::guide::tiers::Tier;

/// Years accepted in the dates of a case, so that no delay goes beyond the calendar.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;
/// Largest number of characters of a wrong value that are shown.
const SHOWN: usize = 60;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    path: String,
    problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "champ « {} » : {}", self.path, self.problem)
    }
}

/// A field of a case, by its path; it may be absent.
pub struct Field<'a> {
    path: String,
    value: Option<&'a Value>,
}

impl<'a> Field<'a> {
    pub fn root(case: &'a Value) -> Field<'a> {
        Field { path: String::new(), value: Some(case) }
    }

    /// The field `key` of this one.
    pub fn at(&self, key: &str) -> Field<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Field { path, value: self.value.and_then(|value| value.get(key)) }
    }

    /// This field, unless it is absent or null.
    pub fn optional(self) -> Option<Field<'a>> {
        self.value.is_some_and(|value| !value.is_null()).then_some(self)
    }

    /// True when the case says `null`; an absent field is not null.
    pub fn is_null(&self) -> bool {
        self.value.is_some_and(Value::is_null)
    }

    pub fn fault(&self, problem: &str) -> Fault {
        let path = if self.path.is_empty() { "(le cas)".to_owned() } else { self.path.clone() };
        let problem = match self.value {
            None => format!("{problem}, mais le champ est absent"),
            Some(value) => format!("{problem}, reçu {}", shown(value)),
        };
        Fault { path, problem }
    }

    pub fn present(&self) -> Result<&'a Value, Fault> {
        self.value.ok_or_else(|| self.fault("valeur attendue"))
    }

    pub fn object(&self) -> Result<&'a Map<String, Value>, Fault> {
        self.value.and_then(Value::as_object).ok_or_else(|| self.fault("objet attendu"))
    }

    /// The elements of a list that holds at least one.
    pub fn items(&self) -> Result<Vec<Field<'a>>, Fault> {
        let items = self.value.and_then(Value::as_array).ok_or_else(|| self.fault("liste attendue"))?;
        if items.is_empty() {
            return Err(self.fault("au moins un élément attendu"));
        }
        Ok(self.any_items())
    }

    /// The elements of a list, none when it is absent or no list.
    pub fn any_items(&self) -> Vec<Field<'a>> {
        let items = self.value.and_then(Value::as_array).into_iter().flatten();
        let field = |(index, value)| Field { path: format!("{}[{index}]", self.path), value: Some(value) };
        items.enumerate().map(field).collect()
    }

    pub fn list(&self) -> Result<Vec<Field<'a>>, Fault> {
        self.value.and_then(Value::as_array).ok_or_else(|| self.fault("liste attendue"))?;
        Ok(self.any_items())
    }

    pub fn words(&self) -> Result<&'a str, Fault> {
        self.value.and_then(Value::as_str).ok_or_else(|| self.fault("texte attendu"))
    }

    pub fn flag(&self) -> Result<bool, Fault> {
        self.value.and_then(Value::as_bool).ok_or_else(|| self.fault("true ou false attendu"))
    }

    /// A whole number, zero or more.
    pub fn count(&self) -> Result<i64, Fault> {
        let number = self.value.and_then(Value::as_i64).filter(|number| *number >= 0);
        number.ok_or_else(|| self.fault("nombre entier positif ou nul attendu"))
    }

    pub fn natural(&self) -> Result<u64, Fault> {
        self.count().map(i64::unsigned_abs)
    }

    /// A whole number from zero to `most`.
    pub fn count_up_to(&self, most: u32) -> Result<u32, Fault> {
        let number = self.count()?;
        let small = u32::try_from(number).ok().filter(|number| *number <= most);
        small.ok_or_else(|| self.fault(&format!("nombre de 0 à {most} attendu")))
    }

    /// An exact number, as text or as a number.
    pub fn exact(&self) -> Result<Fraction, Fault> {
        exact(self.value)
            .ok_or_else(|| self.fault("nombre exact attendu, par exemple \"64.95\" ou \"159/2\""))
    }

    /// A mark out of 100.
    pub fn mark(&self) -> Result<Fraction, Fault> {
        let mark = self.exact()?;
        if mark.is_negative() || mark > Fraction::from(100) {
            return Err(self.fault("note de 0 à 100 attendue"));
        }
        Ok(mark)
    }

    pub fn date(&self) -> Result<Date, Fault> {
        let day = self.value.and_then(Value::as_str).and_then(iso_date);
        self.in_calendar(day.ok_or_else(|| self.fault("date AAAA-MM-JJ attendue"))?)
    }

    /// The day in Paris of an instant, or a date as it is.
    pub fn day_in_paris(&self) -> Result<Date, Fault> {
        let text = self.value.and_then(Value::as_str).unwrap_or("");
        let day = iso_date(text).or_else(|| text.parse::<Timestamp>().ok().map(paris_date));
        self.in_calendar(day.ok_or_else(|| self.fault("instant ISO 8601 avec décalage attendu"))?)
    }

    fn in_calendar(&self, day: Date) -> Result<Date, Fault> {
        if YEARS.contains(&day.year()) { Ok(day) } else { Err(self.fault("date de 1900 à 2999 attendue")) }
    }

    pub fn tier(&self) -> Result<Tier, Fault> {
        let tier = self.value.and_then(Value::as_str).and_then(Tier::from_key);
        tier.ok_or_else(|| self.fault("« bronze », « argent » ou « or » attendu"))
    }

    /// A holiday zone; the whole country's when none is given (F-29).
    pub fn zone(&self) -> Result<Option<Zone>, Fault> {
        let Some(value) = self.value.filter(|value| !value.is_null()) else { return Ok(None) };
        let zone = value.as_str().and_then(Zone::from_key);
        zone.map(Some).ok_or_else(|| self.fault("l'une des zones de jours fériés attendue"))
    }
}

/// The exact number that a JSON value holds.
pub fn exact(value: Option<&Value>) -> Option<Fraction> {
    match value? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// `2027-03-31` and nothing else: no time, no sign, no shortened form.
fn iso_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, byte)| if matches!(i, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    text.parse().ok().filter(|_| shape)
}

/// A value as shown to people, truncated when it is long.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}

/// The same JSON, with each number that is not a short whole one in quotes: decimals never become binary floats (R-X-8).
pub fn with_exact_numbers(document: &str) -> Cow<'_, str> {
    let mut quoted = String::new();
    let mut kept_to = 0;
    for (start, token) in (Numbers { document, at: 0 }) {
        if token.len() > 18 || !token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            quoted.push_str(&document[kept_to..start]);
            quoted.push('"');
            quoted.push_str(token);
            quoted.push('"');
            kept_to = start + token.len();
        }
    }
    if kept_to == 0 {
        return Cow::Borrowed(document);
    }
    quoted.push_str(&document[kept_to..]);
    Cow::Owned(quoted)
}

/// Iterates over the numbers of a JSON text outside strings, with their positions.
struct Numbers<'a> {
    document: &'a str,
    at: usize,
}

impl<'a> Iterator for Numbers<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
        let bytes = self.document.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match byte {
                b'"' => self.skip_string(),
                b'-' | b'0'..=b'9' => {
                    while bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
                    {
                        self.at += 1;
                    }
                    let token = &self.document[start..self.at];
                    if is_number(token) {
                        return Some((start, token));
                    }
                }
                _ => {}
            }
        }
        None
    }
}

impl Numbers<'_> {
    fn skip_string(&mut self) {
        let bytes = self.document.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                return;
            }
        }
    }
}

/// Whether a token is a number in JSON's grammar.
fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        None => (unsigned, None),
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
    };
    let (whole, decimals) = match mantissa.split_once('.') {
        None => (mantissa, None),
        Some((whole, decimals)) => (whole, Some(decimals)),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && decimals.is_none_or(digits)
        && exponent.is_none_or(digits)
}
