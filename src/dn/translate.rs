//! Their dossier → our [`Facts`]. An unreadable field is noted, never a crash: it stops its own rules only.
//! The platform's instants become days in Paris here and nowhere else (R-X-1).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::form::{FieldType, ResolvedForm, Table};
use super::queries::observe_groupe as dn;
use crate::review::facts::{Attachment, Facts, PlatformState, Row, Scan, Unreadable, Value};
use crate::review::keys::{Key, Kind};
use crate::review::{Fraction, paris_date};

/// A count beyond this is a typing error: no service has a billion users to survey.
const MAX_COUNT: i64 = 1_000_000_000;
/// The longest text kept of a field; the rules need a few lines at most.
const MAX_TEXT: usize = 20_000;

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
    dossier: &dn::DossierRead,
    form: &ResolvedForm,
    instructeur: Option<&str>,
) -> Result<Facts, BadDossier> {
    let day = |instant: &Option<String>| instant.as_deref().and_then(paris_day);
    let deposited =
        paris_day(&dossier.date_depot).ok_or(BadDossier { number: dossier.number, what: "dateDepot" })?;
    let mut reading = Reading { form, values: BTreeMap::new(), unreadable: BTreeMap::new() };
    reading.list(Table::Champs, &dossier.champs);
    let declared = std::mem::take(&mut reading.values);
    reading.list(Table::Annotations, &dossier.annotations);
    let (values, declared) = merge(declared, reading.values);
    let (siret, legal_name) = applicant(&dossier.demandeur);
    let stated = match values.get(&Key::Siret) {
        Some(Value::Text(siret)) => Some(siret.clone()),
        _ => None,
    };
    Ok(Facts {
        number: dossier.number,
        demarche: dossier.demarche.number,
        id: dossier.id.clone(),
        state: state(&dossier.state),
        deposited,
        examined: day(&dossier.date_passage_en_instruction),
        decided: day(&dossier.date_traitement),
        expires: day(&dossier.date_expiration),
        correction: day(&dossier.date_derniere_correction_en_attente),
        submitted: dossier.date_derniere_modification_champs.parse().ok(),
        attestation: dossier.attestation.as_ref().map(attestation),
        degraded: matches!(dossier.demandeur, dn::DossierReadDemandeur::PersonneMoraleIncomplete(_)),
        siret: stated
            .and_then(|siret| fourteen_digits(&siret))
            .or(siret.and_then(|siret| fourteen_digits(&siret))),
        legal_name,
        account: dossier.usager.email.clone(),
        group: dossier.groupe_instructeur.number,
        author: author(dossier, instructeur),
        values,
        declared,
        unreadable: reading.unreadable,
        gone: false,
    })
}

/// A SIRET that is not one would join strangers in one case.
fn fourteen_digits(siret: &str) -> Option<String> {
    let digits: String = siret.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
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

fn state(state: &dn::DossierState) -> PlatformState {
    match state {
        dn::DossierState::EnConstruction => PlatformState::EnConstruction,
        dn::DossierState::EnInstruction => PlatformState::EnInstruction,
        dn::DossierState::Accepte => PlatformState::Accepte,
        dn::DossierState::Refuse => PlatformState::Refuse,
        dn::DossierState::SansSuite => PlatformState::SansSuite,
        dn::DossierState::Other(_) => PlatformState::Unknown,
    }
}

fn applicant(demandeur: &dn::DossierReadDemandeur) -> (Option<String>, Option<String>) {
    match demandeur {
        dn::DossierReadDemandeur::PersonneMorale(company) => {
            let name = company.entreprise.as_ref().map(|entreprise| entreprise.raison_sociale.clone());
            (Some(company.siret.clone()), name)
        }
        dn::DossierReadDemandeur::PersonneMoraleIncomplete(company) => (Some(company.siret.clone()), None),
        dn::DossierReadDemandeur::PersonnePhysique | dn::DossierReadDemandeur::Unknown => (None, None),
    }
}

/// Only a member of the dossier's own group may write (API §4.1); followers only count where the group shows nobody.
/// Addresses are compared without case.
fn author(dossier: &dn::DossierRead, instructeur: Option<&str>) -> Option<String> {
    let wanted = instructeur?.trim().to_lowercase();
    let members = dossier.groupe_instructeur.instructeurs.iter().map(|member| (&member.email, &member.id));
    let followers = dossier.instructeurs.iter().map(|member| (&member.email, &member.id));
    let ours = |(email, _): &(&String, &String)| email.trim().to_lowercase() == wanted;
    let shown = !dossier.groupe_instructeur.instructeurs.is_empty();
    members.chain(followers.filter(|_| !shown)).find(ours).map(|(_, id)| id.clone())
}

fn paris_day(instant: &str) -> Option<Date> {
    instant.parse::<Timestamp>().ok().map(paris_date)
}

/// What has been read so far of one dossier.
struct Reading<'a> {
    form: &'a ResolvedForm,
    values: BTreeMap<Key, Value>,
    unreadable: BTreeMap<Key, Unreadable>,
}

impl Reading<'_> {
    fn list(&mut self, table: Table, champs: &[dn::ChampRead]) {
        let known = match table {
            Table::Champs => &self.form.champs,
            Table::Annotations => &self.form.annotations,
        };
        for champ in champs {
            let keys = known.get(&champ.value_read.champ_descriptor_id).or(known.get(&champ.id));
            for (key, kind) in keys.into_iter().flatten() {
                let read = match &champ.on {
                    dn::ChampReadOn::RepetitionChamp(block) => Ok(self.rows(*key, &block.rows)),
                    _ => value(self.form, *key, *kind, &champ.value_read),
                };
                match read {
                    Ok(Some(value)) => {
                        // What the body verified stands, whatever the candidate had typed.
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

    fn rows(&mut self, block: Key, rows: &[dn::ChampReadOnRepetitionChampRows]) -> Option<Value> {
        let rows: Vec<Row> =
            rows.iter().map(|row| self.row(block, row)).filter(|row| !row.is_empty()).collect();
        (!rows.is_empty()).then_some(Value::Rows(rows))
    }

    fn row(&mut self, block: Key, row: &dn::ChampReadOnRepetitionChampRows) -> Row {
        let mut cells = Row::new();
        for cell in &row.champs {
            let Some((parent, key, kind)) = self.form.cells.get(&cell.value_read.champ_descriptor_id) else {
                continue;
            };
            if *parent != block {
                continue;
            }
            match value(self.form, *key, *kind, &cell.value_read) {
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
    key: Key,
    field: FieldType,
    champ: &dn::ValueRead,
) -> Result<Option<Value>, Unreadable> {
    let shown = champ.string_value.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match key.kind() {
        Kind::Choice(_) | Kind::State => choice(form, key, field, champ, shown),
        Kind::Link => shown.map(|text| whole(text).map(Value::Link)).transpose(),
        Kind::Files => Ok(files(champ)),
        Kind::FilesOrWords => Ok(files(champ).or(shown.map(text))),
        Kind::Date => match &champ.on {
            dn::ValueReadOn::DateChamp(date) => parse_date(date.date.as_deref()),
            _ => expect_empty(shown),
        },
        Kind::Moment => match &champ.on {
            dn::ValueReadOn::DatetimeChamp(moment) => {
                let parsed = moment.datetime.as_deref().map(str::parse::<Timestamp>).transpose();
                parsed.map(|moment| moment.map(Value::Moment)).map_err(|_| Unreadable::NotADate)
            }
            _ => expect_empty(shown),
        },
        Kind::Count => count(champ, shown),
        Kind::Mark => mark(champ, shown),
        Kind::Flag => match &champ.on {
            dn::ValueReadOn::YesNoChamp(flag) => Ok(flag.yes_no.map(Value::Flag)),
            dn::ValueReadOn::CheckboxChamp(flag) => Ok(Some(Value::Flag(flag.checked))),
            _ => expect_empty(shown),
        },
        Kind::Departement => Ok(match &champ.on {
            dn::ValueReadOn::DepartementChamp(field) => field.departement.as_ref().map(|d| text(&d.code)),
            _ => shown.map(departement),
        }),
        Kind::Words | Kind::Email | Kind::Siret | Kind::Lines | Kind::Line | Kind::Rows => {
            Ok(shown.map(text))
        }
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.chars().take(MAX_TEXT).collect())
}

/// « 67 – Bas-Rhin » typed in a text field: only the number at its head is of use.
fn departement(shown: &str) -> Value {
    let code: String = shown.chars().take_while(char::is_ascii_alphanumeric).collect();
    text(if code.is_empty() { shown } else { &code })
}

/// Empty, though of another type than announced, is still empty.
fn expect_empty(shown: Option<&str>) -> Result<Option<Value>, Unreadable> {
    if shown.is_none() { Ok(None) } else { Err(Unreadable::OtherType) }
}

fn choice(
    form: &ResolvedForm,
    key: Key,
    field: FieldType,
    champ: &dn::ValueRead,
    shown: Option<&str>,
) -> Result<Option<Value>, Unreadable> {
    let chosen = match &champ.on {
        dn::ValueReadOn::DropDownListChamp(list) => list.choice.as_deref().map(str::trim).or(shown),
        _ => shown,
    };
    let Some(chosen) = chosen.filter(|chosen| !chosen.is_empty()) else { return Ok(None) };
    let ours = form.options.get(&key).and_then(|options| options.get(chosen));
    match ours {
        Some(ours) => Ok(Some(Value::Choice(ours.clone()))),
        // What a person typed over our own field: kept as it is, so that it is seen to differ.
        None if key.is_written() || field != FieldType::DropDownList => Ok(Some(text(chosen))),
        None => Err(Unreadable::UnknownOption),
    }
}

fn files(champ: &dn::ValueRead) -> Option<Value> {
    let dn::ValueReadOn::PieceJustificativeChamp(piece) = &champ.on else { return None };
    let files: Vec<Attachment> = piece.files.iter().map(attachment).collect();
    (!files.is_empty()).then_some(Value::Files(files))
}

fn attachment(file: &dn::ValueReadOnPieceJustificativeChampFiles) -> Attachment {
    let scan = match file.virus_scan_result.as_str() {
        "safe" => Scan::Safe,
        "infected" | "integrity_error" => Scan::Refused,
        _ => Scan::Pending,
    };
    Attachment {
        name: display_name(&file.filename),
        bytes: file.byte_size_big_int.0.parse().unwrap_or(0),
        checksum: file.checksum.clone(),
        media_type: file.content_type.clone(),
        scan,
    }
}

/// A candidate's file name, fit for a sentence: no line end, no character that turns the text around it.
fn display_name(name: &str) -> String {
    let clean = |c: char| {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns { ' ' } else { c }
    };
    name.chars().map(clean).take(200).collect()
}

fn attestation(file: &dn::DossierReadAttestation) -> Attachment {
    Attachment {
        name: display_name(&file.filename),
        bytes: file.byte_size_big_int.0.parse().unwrap_or(0),
        checksum: file.checksum.clone(),
        media_type: file.content_type.clone(),
        scan: Scan::Safe,
    }
}

fn parse_date(date: Option<&str>) -> Result<Option<Value>, Unreadable> {
    let parsed = date.filter(|text| !text.is_empty()).map(str::parse::<Date>).transpose();
    parsed.map(|date| date.map(Value::Date)).map_err(|_| Unreadable::NotADate)
}

fn whole(text: &str) -> Result<i64, Unreadable> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().map_err(|_| Unreadable::NotANumber)
}

fn count(champ: &dn::ValueRead, shown: Option<&str>) -> Result<Option<Value>, Unreadable> {
    let typed = match &champ.on {
        dn::ValueReadOn::IntegerNumberChamp(number) => number.integer.as_ref().map(|n| n.0.trim()),
        _ => shown,
    };
    let Some(typed) = typed.filter(|text| !text.is_empty()) else { return Ok(None) };
    match whole(typed)? {
        count @ 0..=MAX_COUNT => Ok(Some(Value::Count(count))),
        _ => Err(Unreadable::OutOfRange),
    }
}

/// R-X-8 — the decimal is read from its text; the platform's float only serves when there is no text.
fn mark(champ: &dn::ValueRead, shown: Option<&str>) -> Result<Option<Value>, Unreadable> {
    let float = match &champ.on {
        dn::ValueReadOn::DecimalNumberChamp(number) => number.decimal.map(|float| float.to_string()),
        _ => None,
    };
    let Some(text) = shown.or(float.as_deref()) else { return Ok(None) };
    let mark = Fraction::from_decimal(text).map_err(|_| Unreadable::NotANumber)?;
    if mark.is_negative() || mark > Fraction::from(100) {
        return Err(Unreadable::OutOfRange);
    }
    Ok(Some(Value::Mark(mark)))
}
