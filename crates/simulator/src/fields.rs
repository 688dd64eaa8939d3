//! What the API returns for champs and annotations; the type depends on the fragments of the query (§3.5).

use super::dossier::{Cell, Dossier, Fields, Row, Value};
use super::files::File;
use super::form::{Descriptor, Form, Kind, Side};
use super::node::{Node, Source};
use super::reading::Call;
use super::variables::Arguments;
use super::{attachments, cells, dates, ids};

pub(super) fn champs(call: &Call<'_>, dossier: &Dossier, side: Side, arguments: &Arguments) -> Node {
    let fields = if side == Side::Champs { &dossier.champs } else { &dossier.annotations };
    let form = call.world.form_of(dossier);
    // Asked by its id, a champ is answered even when its condition hides it.
    let chosen = form.side(side).iter().filter(|descriptor| match arguments.text("id") {
        Some(id) => ids::number(id, "Champ") == Some(descriptor.stable_id),
        None => visible(form, fields, side, descriptor),
    });
    Node::list(chosen.map(|descriptor| top_champ(call, dossier, fields, descriptor)))
}

pub(super) fn visible(form: &Form, fields: &Fields, side: Side, descriptor: &Descriptor) -> bool {
    descriptor.condition.as_ref().is_none_or(|condition| {
        let cell = form.find(side, &condition.label).and_then(|other| fields.cells.get(&other.stable_id));
        let text = cell.and_then(|cell| cell.value.text()).unwrap_or_default();
        (text == condition.text) == condition.equal
    })
}

pub(super) fn top_champ(
    call: &Call<'_>,
    dossier: &Dossier,
    fields: &Fields,
    descriptor: &Descriptor,
) -> Node {
    if descriptor.kind != Kind::Repetition {
        return champ(call, dossier, descriptor, fields.cells.get(&descriptor.stable_id), None);
    }
    let rows = fields.rows.get(&descriptor.stable_id).into_iter().flatten().map(|row: &Row| {
        let cell = |child: &Descriptor| {
            champ(call, dossier, child, row.cells.get(&child.stable_id), Some(&row.ulid))
        };
        Node::fields(
            "Row",
            vec![
                ("id", ids::global("Row", &row.ulid).into()),
                ("champs", Node::list(descriptor.children.iter().map(cell))),
            ],
        )
    });
    let mut node = common(dossier, descriptor, None, None, Node::Null);
    node.push(("rows", Node::list(rows)));
    Node::fields("RepetitionChamp", node)
}

fn common(
    dossier: &Dossier,
    descriptor: &Descriptor,
    cell: Option<&Cell>,
    row: Option<&str>,
    text: Node,
) -> Vec<(&'static str, Node)> {
    let id = match row {
        Some(ulid) => ids::global("Champ", format!("{}|{ulid}", descriptor.stable_id)),
        None => descriptor.id(),
    };
    vec![
        ("id", id.into()),
        ("champDescriptorId", descriptor.id().into()),
        ("label", descriptor.label.clone().into()),
        ("stringValue", text),
        ("prefilled", false.into()),
        ("prefilledValueModified", false.into()),
        ("updatedAt", Node::when(cell.map_or(dossier.depose_at, |cell| cell.updated_at))),
    ]
}

pub(super) fn champ(
    call: &Call<'_>,
    dossier: &Dossier,
    descriptor: &Descriptor,
    cell: Option<&Cell>,
    row: Option<&str>,
) -> Node {
    // After a change of type, the former value is shown as empty (§3.5).
    let value = cell
        .map(|cell| &cell.value)
        .filter(|value| cells::fits(descriptor.kind, value))
        .unwrap_or(&Value::Empty);
    let (type_name, field, shown) = typed(call, descriptor.kind, value);
    let mut fields = common(dossier, descriptor, cell, row, string_value(descriptor.kind, value));
    if descriptor.kind == Kind::Files {
        fields.push(("nature", "non_specifie".into()));
    }
    if !field.is_empty() {
        fields.push((field, shown));
    }
    Node::fields(type_name, fields)
}

/// What a person reads: French dates, never ISO ones.
fn string_value(kind: Kind, value: &Value) -> Node {
    match (kind, value) {
        (Kind::Files | Kind::Header | Kind::Explanation, _) => Node::Null,
        (Kind::Checkbox, Value::Empty) => "false".into(),
        (_, Value::Date(date)) => dates::long_date(*date).into(),
        (_, Value::Datetime(at)) => dates::long_datetime(*at).into(),
        (_, value) => value.text().unwrap_or_default().into(),
    }
}

/// The concrete type, and the one field it adds. Several fall back on another type when the query does not name them (§3.5).
fn typed(call: &Call<'_>, kind: Kind, value: &Value) -> (&'static str, &'static str, Node) {
    let named = |type_name| call.names(type_name);
    let text = || Node::from(value.text());
    let flag = if let Value::Bool(flag) = value { Some(*flag) } else { None };
    match kind {
        Kind::Choice if named("DropDownListChamp") => ("DropDownListChamp", "value", text()),
        Kind::Departement if named("DepartementChamp") => {
            ("DepartementChamp", "departement", departement(value))
        }
        Kind::Header if named("HeaderSectionChamp") => ("HeaderSectionChamp", "", Node::Null),
        Kind::Explanation if named("ExplicationChamp") => ("ExplicationChamp", "", Node::Null),
        Kind::YesNo if named("YesNoChamp") => ("YesNoChamp", "value", flag.into()),
        Kind::YesNo | Kind::Checkbox => ("CheckboxChamp", "value", flag.unwrap_or(false).into()),
        Kind::Datetime if named("DatetimeChamp") => ("DatetimeChamp", "datetime", text()),
        Kind::Datetime => {
            let date = if let Value::Datetime(at) = value {
                Some(dates::paris(*at).date().to_string())
            } else {
                None
            };
            ("DateChamp", "date", date.into())
        }
        Kind::Date => ("DateChamp", "date", text()),
        Kind::Integer => ("IntegerNumberChamp", "value", text()), // BigInt: as text
        Kind::Decimal => {
            ("DecimalNumberChamp", "value", value.text().and_then(|text| text.parse::<f64>().ok()).into())
        }
        Kind::Choices => {
            let all = if let Value::Choices(all) = value { all.clone() } else { Vec::new() };
            ("MultipleDropDownListChamp", "values", Node::list(all.into_iter().map(Node::from)))
        }
        Kind::DossierLink => ("DossierLinkChamp", "dossier", linked(call, value)),
        Kind::Siret => ("SiretChamp", "etablissement", Node::Null),
        Kind::Files => {
            let all: &[File] = if let Value::Files(all) = value { all } else { &[] };
            (
                "PieceJustificativeChamp",
                "files",
                Node::list(all.iter().filter_map(|one| attachments::file(call.world, one))),
            )
        }
        _ => ("TextChamp", "value", text()),
    }
}

fn linked(call: &Call<'_>, value: &Value) -> Node {
    let Value::Dossier(number) = value else { return Node::Null };
    let seen = call.world.seen(*number).filter(|dossier| dossier.is_visible());
    seen.map(|dossier| Node::Object("Dossier", Source::Dossier(dossier.number))).into()
}

/// Kept as « 75 – Nom », which is also what a person reads.
fn departement(value: &Value) -> Node {
    let Some(text) = value.text() else { return Node::Null };
    let (code, name) = text.split_once(" – ").unwrap_or((text.as_str(), text.as_str()));
    Node::fields("Departement", vec![("code", code.into()), ("name", name.into())])
}
