//! The words of the platform: states, kinds of applicant, results of its antivirus, types of field. It may have others one day.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::dossier::{Dossier, File};
use label::case::facts::{PlatformState, PlatformWord, Scan, Value};

/// The longest word kept of the platform.
const MAX_WORD: usize = 60;

/// The longest text kept of a field; the rules need a few lines at most.
const MAX_TEXT: usize = 20_000;

/// In the place of the antivirus's word, which an export does not give.
pub(super) const SCAN_OF_EXPORTS: &str = "export";

/// What the platform says of the dossier itself in words that are not known.
pub(super) fn unknown_words(dossier: &Dossier<'_>) -> BTreeMap<PlatformWord, String> {
    let mut words = BTreeMap::new();
    // An export without a column for the state says no word of it.
    if state(&dossier.state) == PlatformState::Unknown && !dossier.state.is_empty() {
        words.insert(PlatformWord::State, word(&dossier.state));
    }
    if !matches!(&*dossier.demandeur.kind, "PersonneMorale" | "PersonneMoraleIncomplete" | "PersonnePhysique")
    {
        words.insert(PlatformWord::Applicant, word(&dossier.demandeur.kind));
    }
    words
}

/// The text of a key that may hold null.
pub(super) fn given<'a>(text: &'a Option<Option<Cow<'_, str>>>) -> Option<&'a str> {
    text.as_ref()?.as_deref()
}

/// A text as facts hold it.
pub(super) fn text(text: &str) -> Value {
    Value::Text(label::plain::lines(text).chars().take(MAX_TEXT).collect())
}

/// A word of the platform as it may be shown and logged.
pub(super) fn word(text: &str) -> String {
    label::plain::line(text).chars().take(MAX_WORD).collect()
}

pub(super) fn state(state: &str) -> PlatformState {
    match state {
        "en_construction" => PlatformState::EnConstruction,
        "en_instruction" => PlatformState::EnInstruction,
        "accepte" => PlatformState::Accepte,
        "refuse" => PlatformState::Refuse,
        "sans_suite" => PlatformState::SansSuite,
        _ => PlatformState::Unknown,
    }
}

/// `None` for a word that is not known: such a file is not used.
pub(super) fn scan(file: &File<'_>) -> Option<Scan> {
    match &*file.virus_scan_result {
        "safe" => Some(Scan::Safe),
        "pending" => Some(Scan::Pending),
        "infected" | "integrity_error" => Some(Scan::Refused),
        SCAN_OF_EXPORTS => Some(Scan::Unknown),
        _ => None,
    }
}

/// The types of field that the platform had when this was written.
pub(super) fn is_known_type(kind: &str) -> bool {
    const KNOWN: [&str; 28] = [
        "AddressChamp",
        "CarteChamp",
        "CheckboxChamp",
        "CiviliteChamp",
        "CommuneChamp",
        "DateChamp",
        "DatetimeChamp",
        "DecimalNumberChamp",
        "DepartementChamp",
        "DossierLinkChamp",
        "DropDownListChamp",
        "EngagementJuridiqueChamp",
        "EpciChamp",
        "ExplicationChamp",
        "HeaderSectionChamp",
        "IntegerNumberChamp",
        "LinkedDropDownListChamp",
        "MultipleDropDownListChamp",
        "PaysChamp",
        "PieceJustificativeChamp",
        "RNAChamp",
        "RNFChamp",
        "RegionChamp",
        "RepetitionChamp",
        "SiretChamp",
        "TextChamp",
        "TitreIdentiteChamp",
        "YesNoChamp",
    ];
    KNOWN.contains(&kind)
}
