//! `dossierModifierAnnotations`: writes what is valid, and reports the errors without saying which annotation each is
//! about (§4.4).

use super::cells;
use super::dates;
use super::dossier::{Dossier, Value};
use super::fields;
use super::form::{Descriptor, Kind, Side};
use super::ids;
use super::mutations::{Loaded, Refusal, errors, member};
use super::node::Node;
use super::reading::Call;
use super::variables::Arguments;
use async_graphql::Value as Leaf;

/// Where an annotation is: alone, or in a row of a block.
struct Place {
    descriptor: Descriptor,
    row: Option<(u32, String)>,
}

/// Lookups are reported before validations, in the order of the platform.
pub(super) fn bulk(
    call: &mut Call<'_>,
    loaded: &Loaded,
    input: &Arguments,
) -> Result<Vec<(&'static str, Node)>, Refusal> {
    member(call, loaded)?;
    let (mut lookups, mut refused, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for item in input.objects("annotations") {
        let id = item.text("id").unwrap_or_default().to_owned();
        let value = item.object("value");
        // This apostrophe is U+2018, as on the platform.
        let Some(place) = find(call, loaded.number, &id) else {
            lookups.push(format!("L‘annotation \"{id}\" n’existe pas"));
            continue;
        };
        let Some((key, leaf)) = value.0.iter().find(|(_, leaf)| !matches!(leaf, Leaf::Null)) else {
            continue;
        };
        if key_of(place.descriptor.kind) != Some(key.as_str()) {
            lookups.push(format!("L‘annotation \"{id}\" n’est pas de type attendu"));
            continue;
        }
        let read = if place.descriptor.kind == Kind::Files {
            files(call, loaded.number, &place, leaf)
        } else {
            read(&place.descriptor, leaf)
        };
        match read {
            Ok(wanted) => {
                write(call, loaded.number, &place, wanted);
                kept.push(place);
            }
            Err(message) => refused.push(message.to_owned()),
        }
    }
    let nodes = kept.iter().map(|place| shown(call, loaded.number, place)).collect::<Vec<_>>();
    lookups.extend(refused);
    let told = if lookups.is_empty() { Node::Null } else { errors(lookups) };
    Ok(vec![("annotations", Node::List(nodes)), ("errors", told)])
}

fn find(call: &Call<'_>, number: u32, id: &str) -> Option<Place> {
    let (kind, value) = ids::parse(id)?;
    if kind != "Champ" {
        return None;
    }
    let all = call.world.form_of(call.world.dossier(number)?).side(Side::Annotations);
    match value.split_once('|') {
        None => {
            let stable_id: u32 = value.parse().ok()?;
            let descriptor = all.iter().find(|one| one.stable_id == stable_id)?.clone();
            Some(Place { descriptor, row: None })
        }
        Some((stable_id, ulid)) => {
            let stable_id: u32 = stable_id.parse().ok()?;
            let block =
                all.iter().find(|block| block.children.iter().any(|child| child.stable_id == stable_id))?;
            let rows = call.world.dossier(number)?.annotations.rows.get(&block.stable_id)?;
            rows.iter().find(|row| row.ulid == ulid)?;
            let descriptor = block.children.iter().find(|child| child.stable_id == stable_id)?.clone();
            Some(Place { descriptor, row: Some((block.stable_id, ulid.to_owned())) })
        }
    }
}

/// The one key of the input that goes with each type; the last three are refused by the schema of January.
fn key_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Text => "text",
        Kind::Textarea => "textarea",
        Kind::Email => "email",
        Kind::Checkbox => "checkbox",
        Kind::YesNo => "yesNo",
        Kind::Date => "date",
        Kind::Datetime => "datetime",
        Kind::Integer => "integerNumber",
        Kind::Decimal => "decimalNumber",
        Kind::Choice => "dropDownList",
        Kind::Choices => "multipleDropDownList",
        Kind::Repetition => "repetition",
        Kind::Departement => "departements",
        Kind::DossierLink => "dossierLink",
        Kind::Files => "pieceJustificative",
        _ => return None,
    })
}

enum Wanted {
    Value(Value),
    Rows(usize),
}

fn read(descriptor: &Descriptor, leaf: &Leaf) -> Result<Wanted, &'static str> {
    const OPTIONS: &str = "doit être dans les options proposées";
    let option = |text: &str| descriptor.options.iter().any(|option| option == text);
    let value = match (descriptor.kind, leaf) {
        (Kind::Choice, Leaf::String(text)) if text.is_empty() => Value::Empty,
        (Kind::Choice, Leaf::String(text)) if !option(text) => return Err(OPTIONS),
        (Kind::Choices, Leaf::List(items)) => choices(items, option).ok_or(OPTIONS)?,
        (Kind::Email, Leaf::String(text)) if !text.contains('@') => {
            return Err(
                "est invalide. Saisissez une adresse électronique valide. Exemple : adresse@mail.com",
            );
        }
        (Kind::Date, Leaf::String(text)) => {
            Value::Date(dates::read_date(text).ok_or("doit être une date correctement formatée")?)
        }
        (Kind::Datetime, Leaf::String(text)) => {
            let at = dates::read_datetime(text).ok_or("doit être une date correctement formatée")?;
            Value::Datetime(jiff::Timestamp::from_second(at.as_second()).unwrap_or(at))
        }
        (Kind::DossierLink, Leaf::String(text)) => {
            Value::Dossier(text.parse().map_err(|_| "doit être un numéro de dossier")?)
        }
        (_, Leaf::String(text)) => Value::Text(text.clone()),
        (_, Leaf::Boolean(flag)) => Value::Bool(*flag),
        (Kind::Repetition, Leaf::Number(number)) => {
            return Ok(Wanted::Rows(
                number.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0),
            ));
        }
        (Kind::Integer, Leaf::Number(number)) => Value::Integer(
            number.as_i64().ok_or("doit être un nombre entier (sans chiffres après la virgule)")?,
        ),
        (_, Leaf::Number(number)) => decimal(&number.to_string())?,
        _ => Value::Empty,
    };
    Ok(Wanted::Value(value))
}

/// Uploads join the files that are already there.
fn files(call: &mut Call<'_>, number: u32, place: &Place, leaf: &Leaf) -> Result<Wanted, &'static str> {
    let Leaf::List(items) = leaf else { return Ok(Wanted::Value(Value::Empty)) };
    let mut added = Vec::new();
    for item in items {
        let signed = if let Leaf::String(text) = item { text.as_str() } else { "" };
        added.push(call.world.uploaded(signed)?);
    }
    let at = call.world.now();
    for file in &mut added {
        call.world.keep(number, file, at);
    }
    let dossier = call.world.dossiers.get_mut(&number);
    let cell = dossier.and_then(|dossier| cells(dossier, place)?.get(&place.descriptor.stable_id));
    let mut all =
        if let Some(Value::Files(files)) = cell.map(|cell| &cell.value) { files.clone() } else { Vec::new() };
    all.extend(added);
    Ok(Wanted::Value(Value::Files(all)))
}

fn choices(items: &[Leaf], option: impl Fn(&str) -> bool) -> Option<Value> {
    let all: Vec<String> = items
        .iter()
        .filter_map(|item| if let Leaf::String(text) = item { Some(text.clone()) } else { None })
        .collect();
    all.iter().all(|text| option(text)).then_some(Value::Choices(all))
}

fn decimal(text: &str) -> Result<Value, &'static str> {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if digits > 3 {
        Err("doit comprendre entre 1 et 3 chiffres après le point")
    } else {
        Ok(Value::Decimal(text.to_owned()))
    }
}

/// Moves `updated_at` when a column changed, and never the date of annotations, which is for people (§2.4, §2.5).
fn write(call: &mut Call<'_>, number: u32, place: &Place, wanted: Wanted) {
    let value = match wanted {
        Wanted::Rows(count) => {
            for _ in 0..count {
                call.world.append_row(number, place.descriptor.stable_id);
            }
            return;
        }
        Wanted::Value(value) => value,
    };
    let by = call.token.administrateur.clone();
    let at = call.world.stamp();
    let Some(dossier) = call.world.dossiers.get_mut(&number) else { return };
    let Some(cells) = cells(dossier, place) else { return };
    if cells::put(cells, place.descriptor.stable_id, value, &by, at) {
        dossier.updated_at = at;
    } else {
        call.world.counters.repeated += 1;
    }
}

fn cells<'d>(
    dossier: &'d mut Dossier,
    place: &Place,
) -> Option<&'d mut std::collections::BTreeMap<u32, super::dossier::Cell>> {
    match &place.row {
        None => Some(&mut dossier.annotations.cells),
        Some((block, ulid)) => dossier
            .annotations
            .rows
            .get_mut(block)?
            .iter_mut()
            .find(|row| row.ulid == *ulid)
            .map(|row| &mut row.cells),
    }
}

fn shown(call: &Call<'_>, number: u32, place: &Place) -> Node {
    let Some(dossier) = call.world.dossier(number) else { return Node::Null };
    match &place.row {
        None => fields::top_champ(call, dossier, &dossier.annotations, &place.descriptor),
        Some((block, ulid)) => {
            let rows = dossier.annotations.rows.get(block);
            let cell = rows
                .into_iter()
                .flatten()
                .find(|row| row.ulid == *ulid)
                .and_then(|row| row.cells.get(&place.descriptor.stable_id));
            fields::champ(call, dossier, &place.descriptor, cell, Some(ulid))
        }
    }
}
