//! From a dossier of the platform to [`Facts`]. An unreadable field is noted in the facts and stops its own rules only.
//! The platform's instants become days in Paris here and nowhere else (R-X-1).

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::chosen;
use super::dossier::{Champ, Demandeur, Dossier, Doubt, File, RepetitionRow};
use super::form::{FieldType, ResolvedForm, Table};
use super::numbers::{of_hundred, whole};
use super::siret;
use super::words::{given, is_known_type, scan, state, text, unknown_words, word};
use label::Fraction;
use label::case::facts::{Attachment, Facts, PlatformWord, Row, Scan, UnreadableValue, Value};
use label::case::keys::{Key, Kind};
use label::{paris_date, plain};

/// A count beyond this is a typing error: no service has a billion users to survey.
const MAX_COUNT: i64 = 1_000_000_000;

/// Why a whole dossier cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dossier {number}: {what} is not a date the platform should send")]
pub struct BadDossier {
    pub number: i64,
    pub what: &'static str,
}

/// Translates one dossier. `instructeur` is the address of the member in whose name vigie writes.
///
/// # Errors
/// [`BadDossier`] when the day of deposit itself cannot be read; any other fault is noted in the facts.
pub(super) fn facts(
    dossier: &Dossier<'_>,
    form: &ResolvedForm,
    instructeur: Option<&str>,
) -> Result<Facts, BadDossier> {
    let day = |instant: &Option<Cow<'_, str>>| instant.as_deref().and_then(paris_day);
    let deposited =
        paris_day(&dossier.date_depot).ok_or(BadDossier { number: dossier.number, what: "dateDepot" })?;
    let mut reader = FieldReader {
        form,
        values: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        unmatched: BTreeMap::new(),
        unknown: unknown_words(dossier),
    };
    reader.list(Table::Champs, &dossier.champs);
    let declared = std::mem::take(&mut reader.values);
    reader.list(Table::Annotations, &dossier.annotations);
    let (values, declared) = merge(declared, reader.values);
    for key in &dossier.untold {
        reader.unreadable.entry(*key).or_insert(UnreadableValue::NotExported);
    }
    let (applicant_siret, legal_name) = applicant(&dossier.demandeur);
    let stated = match values.get(&Key::Siret) {
        Some(Value::Text(siret)) => Some(siret.as_str()),
        _ => None,
    };
    let (siret, siret_doubt) = siret::of(stated, applicant_siret.as_deref());
    Ok(Facts {
        number: dossier.number,
        demarche: dossier.demarche.number,
        id: dossier.id.clone().into_owned(),
        state: state(&dossier.state),
        deposited,
        examined: day(&dossier.date_passage_en_instruction),
        decided: day(&dossier.date_traitement),
        expires: day(&dossier.date_expiration),
        correction: day(&dossier.date_derniere_correction_en_attente),
        submitted: dossier.date_derniere_modification_champs.parse().ok(),
        annotated: dossier.date_derniere_modification_annotations.parse().ok(),
        attestation: dossier.attestation.as_ref().map(|file| attachment(file, Scan::Safe)),
        degraded: dossier.demandeur.kind == "PersonneMoraleIncomplete",
        siret,
        legal_name,
        account: dossier.usager.email.clone().into_owned(),
        group: dossier.groupe_instructeur.number,
        author: author(dossier, instructeur),
        values,
        declared,
        unreadable: reader.unreadable,
        unknown_words: reader.unknown,
        unmatched: reader.unmatched,
        siret_doubt,
        contact_doubt: None,
        gone: false,
    })
}

/// The verified value (annotation) wins over the declared one; the difference is kept to be shown.
fn merge(
    declared: BTreeMap<Key, Value>,
    verified: BTreeMap<Key, Value>,
) -> (BTreeMap<Key, Value>, BTreeMap<Key, Value>) {
    let mut values = declared;
    let mut differs = BTreeMap::new();
    for (key, value) in verified {
        if let Some(before) = values.insert(key, value)
            && values.get(&key) != Some(&before)
        {
            differs.insert(key, before);
        }
    }
    (values, differs)
}

/// SIRET and name of a company; a person has neither.
fn applicant(demandeur: &Demandeur<'_>) -> (Option<String>, Option<String>) {
    let name =
        demandeur.entreprise.iter().flatten().next().map(|company| plain::name(&company.raison_sociale));
    (demandeur.siret.clone().map(Cow::into_owned), name)
}

/// Only a member of the dossier's own group may write (API §4.1); followers only count where the group shows nobody.
/// Addresses are compared without case.
fn author(dossier: &Dossier<'_>, instructeur: Option<&str>) -> Option<String> {
    let wanted = instructeur?.trim().to_lowercase();
    let members = dossier.groupe_instructeur.instructeurs.iter().map(|member| (&member.email, &member.id));
    let followers = dossier.instructeurs.iter().map(|member| (&member.email, &member.id));
    let ours = |(email, _): &(&Cow<'_, str>, &Cow<'_, str>)| email.trim().to_lowercase() == wanted;
    let shown = !dossier.groupe_instructeur.instructeurs.is_empty();
    members.chain(followers.filter(|_| !shown)).find(ours).map(|(_, id)| id.clone().into_owned())
}

fn paris_day(instant: &str) -> Option<Date> {
    instant.parse::<Timestamp>().ok().map(paris_date)
}

/// What has been read so far of one dossier.
struct FieldReader<'a> {
    form: &'a ResolvedForm,
    values: BTreeMap<Key, Value>,
    unreadable: BTreeMap<Key, UnreadableValue>,
    /// The words of options that are not known.
    unmatched: BTreeMap<Key, String>,
    unknown: BTreeMap<PlatformWord, String>,
}

impl FieldReader<'_> {
    fn list(&mut self, table: Table, champs: &[Champ<'_>]) {
        let known = match table {
            Table::Champs => &self.form.champs,
            Table::Annotations => &self.form.annotations,
        };
        for champ in champs {
            let keys = known.get(&*champ.champ_descriptor_id).or(known.get(&*champ.id));
            for (key, kind) in keys.into_iter().flatten() {
                self.heed(champ);
                let read = match &champ.rows {
                    Some(rows) => Ok(self.rows(table, *key, rows)),
                    None => value(self.form, (table, *key), *kind, champ),
                };
                self.words_of((table, *key), champ, &read);
                match read {
                    Ok(Some(value)) => {
                        // A value that the body verified replaces what the candidate typed, even when that was unreadable.
                        self.unreadable.remove(key);
                        self.values.insert(*key, value);
                    }
                    Ok(None) => {}
                    Err(why) => {
                        self.unreadable.insert(*key, why);
                    }
                }
            }
        }
    }

    /// Notes the words about a field that is read, and that are not known.
    fn heed(&mut self, champ: &Champ<'_>) {
        if !is_known_type(&champ.kind) {
            self.unknown.insert(PlatformWord::Field, word(&champ.kind));
        }
        for file in champ.files.iter().flatten().filter(|file| scan(file).is_none()) {
            self.unknown.insert(PlatformWord::Scan, word(&file.virus_scan_result));
        }
    }

    /// Keeps what stands in the place of an option. An empty field says nothing of what the other table holds.
    fn words_of(
        &mut self,
        place: (Table, Key),
        champ: &Champ<'_>,
        read: &Result<Option<Value>, UnreadableValue>,
    ) {
        let word = match read {
            Ok(None) => return,
            Ok(Some(Value::Choices(_))) => chosen::left_over(self.form, place, champ),
            Err(UnreadableValue::UnknownOption) => chosen::word_of(champ),
            _ => None,
        };
        match word {
            Some(word) => self.unmatched.insert(place.1, word),
            None => self.unmatched.remove(&place.1),
        };
    }

    fn rows(&mut self, table: Table, block: Key, rows: &[RepetitionRow<'_>]) -> Option<Value> {
        let rows: Vec<Row> =
            rows.iter().map(|row| self.row((table, block), row)).filter(|row| !row.is_empty()).collect();
        (!rows.is_empty()).then_some(Value::Rows(rows))
    }

    fn row(&mut self, (table, block): (Table, Key), row: &RepetitionRow<'_>) -> Row {
        let mut cells = Row::new();
        for cell in &row.champs {
            let Some((parent, key, kind)) = self.form.cells.get(&*cell.champ_descriptor_id) else {
                continue;
            };
            if *parent != block {
                continue;
            }
            self.heed(cell);
            let read = value(self.form, (table, *key), *kind, cell);
            if read.is_err() {
                self.words_of((table, *key), cell, &read);
            }
            match read {
                Ok(Some(value)) => {
                    cells.insert(*key, value);
                }
                Ok(None) => {}
                Err(why) => {
                    self.unreadable.insert(*key, why);
                }
            }
        }
        cells
    }
}

/// One value; `None` when nothing is filled in.
fn value(
    form: &ResolvedForm,
    place: (Table, Key),
    field: FieldType,
    champ: &Champ<'_>,
) -> Result<Option<Value>, UnreadableValue> {
    let (_, key) = place;
    match champ.doubt {
        Some(Doubt::Zero) => return Err(UnreadableValue::ZeroOrEmpty),
        Some(Doubt::No) => return Err(UnreadableValue::NoOrEmpty),
        None => {}
    }
    let shown = champ.string_value.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if !is_known_type(&champ.kind) {
        // Whether it holds something cannot be told: it is not taken for an empty field.
        return Err(UnreadableValue::OtherType);
    }
    match key.kind() {
        Kind::Choice(_) | Kind::State => chosen::choice(form, place, field, champ, shown),
        Kind::Choices(values) => chosen::choices(form, place, values, shown),
        Kind::Link => shown.map(|text| whole(text).map(Value::Link)).transpose(),
        Kind::Files if champ.files.is_none() => Err(UnreadableValue::OtherType),
        Kind::Files => Ok(files(champ)),
        Kind::FilesOrWords => Ok(files(champ).or(shown.map(text))),
        Kind::Date => match &*champ.kind {
            "DateChamp" => parse_date(given(&champ.date)),
            _ => expect_empty(shown),
        },
        Kind::Moment => match &*champ.kind {
            "DatetimeChamp" => {
                let parsed = given(&champ.datetime).map(str::parse::<Timestamp>).transpose();
                parsed.map(|moment| moment.map(Value::Moment)).map_err(|_| UnreadableValue::NotADate)
            }
            _ => expect_empty(shown),
        },
        Kind::Count => count(champ, shown),
        Kind::Mark => mark(champ, shown),
        Kind::Flag => match &*champ.kind {
            "YesNoChamp" => Ok(champ.yes_no.flatten().map(Value::Flag)),
            "CheckboxChamp" => Ok(champ.checked.flatten().map(Value::Flag)),
            _ => expect_empty(shown),
        },
        Kind::Departement => Ok(match &*champ.kind {
            "DepartementChamp" => champ.departement.iter().flatten().next().map(|d| text(&d.code)),
            _ => shown.map(departement),
        }),
        Kind::Words => Ok(shown.map(plain::name).filter(|name| !name.is_empty()).map(|name| text(&name))),
        Kind::Email | Kind::Siret | Kind::Lines | Kind::Line | Kind::Rows => Ok(shown.map(text)),
    }
}

/// « Bas-Rhin (67) » typed in a text field: its code; what is not recognised is kept as it was typed.
fn departement(shown: &str) -> Value {
    text(label::departement_code(shown).unwrap_or(shown))
}

/// A field of another type than the form announced: `Ok` when it is empty.
fn expect_empty(shown: Option<&str>) -> Result<Option<Value>, UnreadableValue> {
    if shown.is_none() { Ok(None) } else { Err(UnreadableValue::OtherType) }
}

fn files(champ: &Champ<'_>) -> Option<Value> {
    let files = champ.files.iter().flatten();
    let files: Vec<Attachment> =
        files.map(|file| attachment(file, scan(file).unwrap_or(Scan::Pending))).collect();
    (!files.is_empty()).then_some(Value::Files(files))
}

fn attachment(file: &File<'_>, scan: Scan) -> Attachment {
    Attachment {
        name: display_name(&file.filename),
        // An unreadable size must not pass for an empty file: with the largest size it is not fetched, and that is reported.
        bytes: file.byte_size_big_int.0.parse().unwrap_or(u64::MAX),
        checksum: file.checksum.clone().into_owned(),
        media_type: file.content_type.clone().into_owned(),
        scan,
    }
}

/// A candidate's file name for use in a sentence: no control character, none that changes the direction of the text.
fn display_name(name: &str) -> String {
    let clean = |c: char| if plain::turns_or_controls(c) { ' ' } else { c };
    name.chars().map(clean).take(200).collect()
}

fn parse_date(date: Option<&str>) -> Result<Option<Value>, UnreadableValue> {
    let parsed = date.filter(|text| !text.is_empty()).map(str::parse::<Date>).transpose();
    parsed.map(|date| date.map(Value::Date)).map_err(|_| UnreadableValue::NotADate)
}

fn count(champ: &Champ<'_>, shown: Option<&str>) -> Result<Option<Value>, UnreadableValue> {
    let typed = match &*champ.kind {
        "IntegerNumberChamp" => champ.integer.iter().flatten().next().map(|n| n.0.trim()),
        _ => shown,
    };
    let Some(typed) = typed.filter(|text| !text.is_empty()) else { return Ok(None) };
    match whole(typed)? {
        count @ 0..=MAX_COUNT => Ok(Some(Value::Count(count))),
        _ => Err(UnreadableValue::OutOfRange),
    }
}

/// R-X-8 — the decimal is read from its text; the platform's float only serves when there is no text.
fn mark(champ: &Champ<'_>, shown: Option<&str>) -> Result<Option<Value>, UnreadableValue> {
    let float = champ.decimal.flatten().map(|float| float.to_string());
    let Some(text) = shown.or(float.as_deref()) else { return Ok(None) };
    let mark = Fraction::from_decimal(&of_hundred(text)).map_err(|_| UnreadableValue::NotANumber)?;
    if mark.is_negative() || mark > Fraction::from(100) {
        return Err(UnreadableValue::OutOfRange);
    }
    Ok(Some(Value::Mark(mark)))
}
