//! What is true of a label on one day, in sentences: the same on a page, in `vigie explain` and in a corrective mail.

use jiff::civil::Date;

use crate::life::{LabelStatus, Standing};

use super::boards::cause;
use super::names::date_full;
use super::suspension::limits;

/// How long the label holds, or since when it no longer does.
#[must_use]
pub fn validity(label: &Standing) -> String {
    match label.status {
        LabelStatus::Withdrawn => format!("Label retiré le {}.", date_full(label.since)),
        LabelStatus::Expired => {
            format!("Label arrivé à échéance, valable jusqu’au {} inclus.", date_full(label.last_day()))
        }
        LabelStatus::Active | LabelStatus::Suspended => {
            let mut text = format!("Label valable jusqu’au {} inclus.", date_full(label.last_day()));
            if let Some(from) = label.withdrawn {
                text.push_str(&format!(" Retrait décidé, avec effet le {}.", date_full(from)));
            } else if let Some(from) = label.renewed_from {
                text.push_str(&format!(" Renouvelé : nouvelle période à partir du {}.", date_full(from)));
            }
            text
        }
    }
}

/// The suspension in force or decided, with both of its limits (§ 5.3.1). `None` when there is none, or once the label is
/// over.
#[must_use]
pub fn suspension(label: &Standing, today: Date) -> Option<String> {
    let suspension = label.suspension.as_ref().filter(|_| label.status.in_force())?;
    let reason = suspension.cause.as_deref().map(|key| format!(" ({})", cause(key))).unwrap_or_default();
    let verb =
        if label.status == LabelStatus::Suspended { "Suspendu depuis le" } else { "Suspension à partir du" };
    Some(format!("{verb} {}{reason} ; {}.", date_full(suspension.since), limits(suspension, today)))
}
