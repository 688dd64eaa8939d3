//! The form of a démarche, from the platform's descriptors.

use super::form::{Descriptor, FieldType, LiveForm};
use super::queries::observe_groupe as page;

pub(super) fn live_form(form: &page::ObserveGroupeFormulaire) -> LiveForm {
    LiveForm {
        demarche: form.number,
        title: form.title.clone(),
        revision: form.revision.id.clone(),
        champs: form.revision.champ_descriptors.iter().map(descriptor).collect(),
        annotations: form.revision.annotation_descriptors.iter().map(descriptor).collect(),
    }
}

/// The generated code has separate types for the fields of a form and for those of a block: the same match for both.
macro_rules! field_type {
    ($on:expr, $kind:ident) => {
        match $on {
            page::$kind::TextChampDescriptor => FieldType::Text,
            page::$kind::TextareaChampDescriptor => FieldType::Textarea,
            page::$kind::EmailChampDescriptor => FieldType::Email,
            page::$kind::IntegerNumberChampDescriptor => FieldType::IntegerNumber,
            page::$kind::DecimalNumberChampDescriptor => FieldType::DecimalNumber,
            page::$kind::DateChampDescriptor => FieldType::Date,
            page::$kind::DatetimeChampDescriptor => FieldType::Datetime,
            page::$kind::YesNoChampDescriptor => FieldType::YesNo,
            page::$kind::CheckboxChampDescriptor => FieldType::Checkbox,
            page::$kind::PieceJustificativeChampDescriptor => FieldType::PieceJustificative,
            page::$kind::SiretChampDescriptor => FieldType::Siret,
            page::$kind::DossierLinkChampDescriptor => FieldType::DossierLink,
            page::$kind::DepartementChampDescriptor => FieldType::Departement,
            page::$kind::DropDownListChampDescriptor(_) => FieldType::DropDownList,
            page::$kind::MultipleDropDownListChampDescriptor => FieldType::MultipleDropDownList,
            page::$kind::RepetitionChampDescriptor { .. } => FieldType::Repetition,
            page::$kind::Unknown => FieldType::Other,
        }
    };
}

fn descriptor(field: &page::DescriptorRead) -> Descriptor {
    use page::DescriptorReadOn as On;
    use page::DescriptorReadOnRepetitionChampDescriptorChampDescriptorsOn as CellOn;
    let options = match &field.on {
        On::DropDownListChampDescriptor(list) => list.options.clone().unwrap_or_default(),
        _ => Vec::new(),
    };
    let cells = match &field.on {
        On::RepetitionChampDescriptor(block) => block.champ_descriptors.as_deref().unwrap_or_default(),
        _ => &[],
    };
    let children = cells.iter().map(|cell| Descriptor {
        id: cell.id.clone(),
        label: cell.label.clone(),
        kind: field_type!(&cell.on, DescriptorReadOnRepetitionChampDescriptorChampDescriptorsOn),
        options: match &cell.on {
            CellOn::DropDownListChampDescriptor(list) => list.options.clone().unwrap_or_default(),
            _ => Vec::new(),
        },
        children: Vec::new(),
    });
    Descriptor {
        id: field.id.clone(),
        label: field.label.clone(),
        kind: field_type!(&field.on, DescriptorReadOn),
        options,
        children: children.collect(),
    }
}
