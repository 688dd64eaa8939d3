//! What was written in a field and cannot be used.

use crate::case::facts::{SiretDoubt, UnreadableValue};
use crate::case::keys::Key;

use super::exports;

/// The word of an option that `form.toml` does not map, and where to declare it.
pub(super) fn unknown_option(key: Key, word: &str) -> String {
    format!(
        "« {word} » n’est pas une option connue ; si l’option a été renommée sur la plateforme, déclarez-la dans form.toml, [choix.{}]",
        key.name()
    )
}

/// What is written in the place of a SIRET, where, and what to do.
pub(super) fn siret(doubt: &SiretDoubt) -> String {
    let place = if doubt.in_field { "saisi dans le champ « SIRET »" } else { "du demandeur" };
    let instead = match &doubt.applicant {
        Some(applicant) => format!(
            " ; celui du demandeur ({applicant}) n’est pas pris à sa place : corrigez le champ, ou videz-le si c’est bien ce service"
        ),
        None if doubt.in_field => " : corrigez le champ".to_owned(),
        None => {
            " : dans un export enregistré de nouveau, mettez la colonne « Établissement SIRET » en texte avant de l’enregistrer, ou téléchargez-le de nouveau"
                .to_owned()
        }
    };
    format!(
        "SIRET : « {} », {place}, n’a pas 14 chiffres, aucun SIRET n’est donc retenu{instead}",
        doubt.written
    )
}

/// Why a value cannot be read.
pub(super) fn why(why: UnreadableValue) -> &'static str {
    match why {
        UnreadableValue::NotANumber => "ce n’est pas un nombre",
        UnreadableValue::OutOfRange => "nombre hors des bornes (négatif, ou note au-delà de 100)",
        UnreadableValue::NotADate => "ce n’est pas une date",
        UnreadableValue::UnknownOption => "option inconnue de vigie",
        UnreadableValue::ZeroOrEmpty => exports::ZERO,
        UnreadableValue::NoOrEmpty => exports::NO,
        UnreadableValue::NotExported => exports::NO_COLUMN,
        UnreadableValue::OtherType => "valeur d’un autre type que celui du formulaire",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_that_is_none_is_shown_with_its_place_and_what_to_do() {
        let said = |in_field, applicant: Option<&str>| {
            let applicant = applicant.map(str::to_owned);
            siret(&SiretDoubt { written: "9990062990001".to_owned(), in_field, applicant })
        };
        assert_eq!(
            said(true, Some("99900629900013")),
            "SIRET : « 9990062990001 », saisi dans le champ « SIRET », n’a pas 14 chiffres, aucun SIRET n’est donc retenu ; celui du \
             demandeur (99900629900013) n’est pas pris à sa place : corrigez le champ, ou videz-le si c’est bien ce service"
        );
        assert!(said(true, None).ends_with("retenu : corrigez le champ"));
        assert!(said(false, None).contains("du demandeur, n’a pas 14 chiffres"));
        assert!(said(false, None).contains("« Établissement SIRET » en texte"));
    }
}
