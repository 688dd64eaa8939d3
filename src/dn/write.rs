//! The annotations of one dossier, in one call: the platform may keep some and refuse others (API §4.4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::client::Dn;
use super::error::Error;
use super::form::{FieldType, ResolvedForm, Target};
use super::json::{asked, to_json};
use super::meaning::short;
use super::messages::Refusal;
use super::queries::{self, annotate};
use crate::clock::Clock;
use label::case::facts::Value;
use label::case::keys::Key;
use label::outgoing::Annotation;
use label::wording::platform::Remedy;

/// What became of an [`Annotation`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// As the platform will show it from now on.
    pub kept: Vec<(Key, Value)>,
    /// The platform does not name the field of a validation error: a key that did not come back was refused.
    pub refused: Vec<(Key, Value, String)>,
}

impl Dn {
    /// Whether the token may write: a dossier that does not exist is written to. A token that may only read is refused
    /// before the dossier is looked for (API §4.1).
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn may_write(&self, clock: &Clock) -> Result<bool, Error> {
        let nobody = |kind: &str| BASE64.encode(format!("{kind}-0"));
        let input = annotate::DossierModifierAnnotationsInput {
            dossier_id: nobody("Dossier"),
            instructeur_id: nobody("Instructeur"),
            annotations: Vec::new(),
        };
        let body = to_json(&queries::Annotate::build_query(annotate::Variables { input }))?;
        let answer = self.endpoint.write::<AnnotatedData>(&body, clock).await?;
        if let Some(error) = answer.errors.first() {
            return match error.of_a_write() {
                // There is no such dossier: this is what was asked for.
                Error::Changed { .. } => Ok(true),
                other => Err(other),
            };
        }
        let refused = answer.data.annotated.and_then(|annotated| annotated.errors).unwrap_or_default();
        Ok(!refused.iter().any(|refusal| refusal.message.contains("lecture")))
    }

    /// Writes the changes that the form can hold. A call that may have been done is not repeated.
    ///
    /// # Errors
    /// As [`Error`]. A read-only token, or an instructeur outside the dossier's group, refuses everything at once.
    pub async fn annotate(
        &self,
        annotation: &Annotation,
        form: &ResolvedForm,
        clock: &Clock,
    ) -> Result<Written, Error> {
        let mut sent: Vec<(&Target, &(Key, Value))> = Vec::new();
        let mut annotations = Vec::new();
        let mut written = Written::default();
        for change in &annotation.changes {
            let Some(target) = form.targets.get(&change.0) else { continue };
            match input(form, target, change) {
                Some(value) => {
                    annotations.push(annotate::AnnotationInput { id: target.id.clone(), value });
                    sent.push((target, change));
                }
                None => written.refused.push((
                    change.0,
                    change.1.clone(),
                    "the form has no such option".to_owned(),
                )),
            }
        }
        if annotations.is_empty() {
            return Ok(written);
        }
        let input = annotate::DossierModifierAnnotationsInput {
            dossier_id: annotation.dossier_id.clone(),
            instructeur_id: annotation.author.clone(),
            annotations,
        };
        let body = to_json(&queries::Annotate::build_query(annotate::Variables { input }))?;
        let answer = self.endpoint.write::<AnnotatedData>(&body, clock).await?;
        if let Some(error) = answer.errors.first() {
            return Err(error.of_a_write());
        }
        let payload = answer
            .data
            .annotated
            .ok_or_else(|| Error::Changed { why: "the dossier can no longer be written".to_owned() })?;
        sort_out(written, &sent, payload)
    }
}

/// The data of an answer to `Annotate`. An answer that lacks a part of it is one that was not heard.
#[derive(Deserialize)]
struct AnnotatedData {
    #[serde(rename = "dossierModifierAnnotations", deserialize_with = "asked")]
    annotated: Option<Annotated>,
}

#[derive(Deserialize)]
struct Annotated {
    #[serde(deserialize_with = "asked")]
    annotations: Option<Vec<Kept>>,
    #[serde(deserialize_with = "asked")]
    errors: Option<Vec<Refusal>>,
}

#[derive(Deserialize)]
struct Kept {
    id: String,
}

/// Splits what was sent into kept and refused, by the ids that came back.
fn sort_out(
    mut written: Written,
    sent: &[(&Target, &(Key, Value))],
    payload: Annotated,
) -> Result<Written, Error> {
    let errors: Vec<String> =
        payload.errors.unwrap_or_default().iter().map(|error| short(&error.message)).collect();
    let Some(kept) = payload.annotations else {
        return Err(payload_error(&errors));
    };
    if kept.is_empty() && !errors.is_empty() && errors.iter().all(|error| concerns_all(error)) {
        return Err(payload_error(&errors));
    }
    for (target, (key, value)) in sent {
        if kept.iter().any(|kept| kept.id == target.id) {
            written.kept.push((*key, as_sent(target, value)));
        } else {
            let named = errors.iter().find(|error| error.contains(&target.id));
            let why = named.or(errors.iter().find(|error| !names_an_id(error))).cloned();
            let why = why.unwrap_or_else(|| "refused without a reason".to_owned());
            written.refused.push((*key, value.clone(), why));
        }
    }
    Ok(written)
}

/// « L‘annotation "…" n’existe pas » and « … n’est pas de type attendu » name the field; the apostrophe varies.
fn names_an_id(message: &str) -> bool {
    message.contains("annotation \"")
}

fn concerns_all(message: &str) -> bool {
    message.contains("lecture") || message.contains("instructeur") || message.contains("droits")
}

fn payload_error(errors: &[String]) -> Error {
    let why: String = errors.first().cloned().unwrap_or_else(|| "refused without a reason".to_owned());
    if why.contains("lecture") {
        let remedy = Remedy::WriteAnnotations.into();
        return Error::Refused { why, remedy };
    }
    Error::Changed { why }
}

/// The value under the key of the field's own type: `text` is not `textarea`, `checkbox` is not `yesNo`.
fn input(
    form: &ResolvedForm,
    target: &Target,
    (key, value): &(Key, Value),
) -> Option<annotate::AnnotationValueInput> {
    use annotate::AnnotationValueInput as Input;
    let text = match value {
        Value::Choice(ours) => form.option_for(*key, ours)?.to_owned(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Moment(moment) => moment.to_string(),
        Value::Flag(flag) => {
            return match target.kind {
                FieldType::YesNo => Some(Input::YesNo(*flag)),
                FieldType::Checkbox => Some(Input::Checkbox(*flag)),
                _ => None,
            };
        }
        _ => return None,
    };
    Some(match target.kind {
        FieldType::Text => Input::Text(one_line(&text)),
        FieldType::Textarea => Input::Textarea(text),
        FieldType::DropDownList => Input::DropDownList(text),
        FieldType::Date => Input::Date(text),
        FieldType::Datetime => Input::Datetime(text),
        _ => return None,
    })
}

/// What will come back when it is read: a single-line field holds one line.
fn as_sent(target: &Target, value: &Value) -> Value {
    match (target.kind, value) {
        (FieldType::Text, Value::Text(text)) => Value::Text(one_line(text)),
        _ => value.clone(),
    }
}

/// A single-line field keeps no line end: it would come back changed and be written again for ever.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}
