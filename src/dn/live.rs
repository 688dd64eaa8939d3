//! The form of a démarche, from the platform's descriptors.

use serde::Deserialize;

use super::error::Error;
use super::form::{Descriptor, FieldType, LiveForm};
use super::json::given;

/// A form as `observe.graphql` selects it.
#[derive(Deserialize)]
pub(super) struct FormRead {
    number: i64,
    title: String,
    revision: RevisionRead,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RevisionRead {
    id: String,
    champ_descriptors: Vec<DescriptorRead>,
    annotation_descriptors: Vec<DescriptorRead>,
}

/// A field, or a cell of a block, which has no cells of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescriptorRead {
    #[serde(rename = "__typename")]
    kind: String,
    id: String,
    label: String,
    #[serde(default, deserialize_with = "given")]
    options: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    champ_descriptors: Option<Option<Vec<DescriptorRead>>>,
}

impl FormRead {
    /// # Errors
    /// [`Error::Later`] when a list of options or the cells of a block did not come: without them, every choice would be
    /// unknown and every row empty.
    pub(super) fn live(self) -> Result<LiveForm, Error> {
        Ok(LiveForm {
            demarche: self.number,
            title: self.title,
            revision: self.revision.id,
            champs: descriptors(self.revision.champ_descriptors)?,
            annotations: descriptors(self.revision.annotation_descriptors)?,
        })
    }
}

fn descriptors(fields: Vec<DescriptorRead>) -> Result<Vec<Descriptor>, Error> {
    fields.into_iter().map(DescriptorRead::descriptor).collect()
}

impl DescriptorRead {
    fn descriptor(self) -> Result<Descriptor, Error> {
        let kind = field_type(&self.kind);
        let lacks = |key: &str| Error::later(format!("the answer lacks the {key} of field {}", self.id));
        if kind == FieldType::DropDownList && self.options.is_none() {
            return Err(lacks("options"));
        }
        if kind == FieldType::Repetition && self.champ_descriptors.is_none() {
            return Err(lacks("champDescriptors"));
        }
        Ok(Descriptor {
            id: self.id,
            label: self.label,
            kind,
            options: self.options.flatten().unwrap_or_default(),
            children: descriptors(self.champ_descriptors.flatten().unwrap_or_default())?,
        })
    }
}

fn field_type(descriptor: &str) -> FieldType {
    match descriptor {
        "TextChampDescriptor" => FieldType::Text,
        "TextareaChampDescriptor" => FieldType::Textarea,
        "EmailChampDescriptor" => FieldType::Email,
        "IntegerNumberChampDescriptor" => FieldType::IntegerNumber,
        "DecimalNumberChampDescriptor" => FieldType::DecimalNumber,
        "DateChampDescriptor" => FieldType::Date,
        "DatetimeChampDescriptor" => FieldType::Datetime,
        "YesNoChampDescriptor" => FieldType::YesNo,
        "CheckboxChampDescriptor" => FieldType::Checkbox,
        "PieceJustificativeChampDescriptor" => FieldType::PieceJustificative,
        "SiretChampDescriptor" => FieldType::Siret,
        "DossierLinkChampDescriptor" => FieldType::DossierLink,
        "DepartementChampDescriptor" => FieldType::Departement,
        "DropDownListChampDescriptor" => FieldType::DropDownList,
        "MultipleDropDownListChampDescriptor" => FieldType::MultipleDropDownList,
        "RepetitionChampDescriptor" => FieldType::Repetition,
        "HeaderSectionChampDescriptor" => FieldType::Header,
        _ => FieldType::Other,
    }
}
