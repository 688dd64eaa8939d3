use super::words::Synonyms;
use super::{FormProposal, propose};
use crate::dn::form::{Descriptor, FieldType, LiveForm};
use label::case::keys::Key;

fn field(label: &str, kind: FieldType) -> Descriptor {
    Descriptor {
        id: format!("id-{label}"),
        label: label.to_owned(),
        kind,
        options: Vec::new(),
        children: Vec::new(),
    }
}

fn live(champs: Vec<Descriptor>, annotations: Vec<Descriptor>) -> LiveForm {
    LiveForm { demarche: 1, title: String::new(), revision: String::new(), champs, annotations }
}

fn live_of(label: &str, kind: FieldType) -> LiveForm {
    live(vec![field(label, kind)], vec![field(label, kind)])
}

fn line(proposal: &FormProposal, key: Key) -> String {
    proposal.lines.iter().find(|line| line.key == key).unwrap().to_string()
}

#[test]
fn each_key_says_how_it_fared() {
    let live = live(
        vec![
            field("Organigramme", FieldType::PieceJustificative),
            field("Plan de formation du territoire", FieldType::PieceJustificative),
            field("Clôture de l'enquête agents", FieldType::Text),
            field("Note de l'enquête usagers", FieldType::DecimalNumber),
            field("Note de l'enquête usagers", FieldType::DecimalNumber),
        ],
        vec![field("Premier jour de visite", FieldType::Date)],
    );
    let proposal = propose(&live, &Synonyms::shipped().unwrap());
    assert_eq!(line(&proposal, Key::Organigramme), "organigramme = \"Organigramme\" # sûr");
    let formation = line(&proposal, Key::PlanFormation);
    assert!(formation.contains("# à confirmer"), "{formation}");
    assert!(
        line(&proposal, Key::EnqueteAgentsCloture)
            .contains("est de type « Texte court », il faudrait « Date »")
    );
    assert_eq!(line(&proposal, Key::AuditDebut), "audit_debut = \"Premier jour de visite\" # sûr");
    assert_eq!(line(&proposal, Key::Indicateurs), "# indicateurs : aucun champ");
    let doubt = line(&proposal, Key::NoteUsagers);
    assert!(doubt.starts_with("# note_usagers : à vous de choisir"), "{doubt}");
    assert!(proposal.fields.iter().filter(|field| field.used_by.is_some()).count() == 3);
}

#[test]
fn own_words_are_added_to_the_shipped_ones() {
    let live = live(vec![], vec![field("Pacte paraphé", FieldType::Date)]);
    let mut synonyms = Synonyms::shipped().unwrap();
    assert_eq!(line(&propose(&live, &synonyms), Key::ContratDate), "# contrat_date : aucun champ");
    synonyms.add(toml::from_str("[cles]\ncontrat_date = [\"Pacte paraphé\"]").unwrap()).unwrap();
    assert_eq!(line(&propose(&live, &synonyms), Key::ContratDate), "contrat_date = \"Pacte paraphé\" # sûr");
    let nuanced = "nuances = [\"conservatoire\"]\ndistincts = [\"organigrane\"]";
    synonyms.add(toml::from_str(nuanced).unwrap()).unwrap();
    for (label, key, kind) in [
        ("Pacte paraphé (à titre conservatoire)", Key::ContratDate, FieldType::Date),
        ("Organigrane", Key::Organigramme, FieldType::PieceJustificative),
    ] {
        let form = live_of(label, kind);
        let before = line(&propose(&form, &Synonyms::shipped().unwrap()), key);
        let after = line(&propose(&form, &synonyms), key);
        assert!(after.starts_with('#'), "{label}: {after}, and without the own words: {before}");
    }
    let wrong = synonyms.add(toml::from_str("[cles]\ncontrat_dat = [\"x\"]").unwrap());
    assert!(wrong.unwrap_err().contains("contrat_dat is not a key"));
}

#[test]
fn what_a_person_fills_in_is_not_written_over() {
    let marked = live(
        vec![],
        vec![
            field("Journal", FieldType::Textarea),
            field("[auto] État", FieldType::Text),
            field("Prochaine échéance", FieldType::Text),
        ],
    );
    let proposal = propose(&marked, &Synonyms::shipped().unwrap());
    assert!(line(&proposal, Key::AutoEtat).ends_with("# sûr"));
    assert_eq!(line(&proposal, Key::AutoJournal), "# auto_journal : aucun champ");
    let unmarked = live(
        vec![],
        vec![
            field("Journal", FieldType::Textarea),
            field("Contrôles du gestionnaire sur place", FieldType::Textarea),
        ],
    );
    let proposal = propose(&unmarked, &Synonyms::shipped().unwrap());
    assert!(line(&proposal, Key::AutoJournal).starts_with("auto_journal = \"Journal\""));
    assert_eq!(line(&proposal, Key::AutoControles), "# auto_controles : aucun champ");
}

/// The line of a key on a form of these fields alone; `Header` is the title of a section.
fn found(key: Key, fields: &[(&str, FieldType)]) -> String {
    let fields: Vec<Descriptor> = fields.iter().map(|(label, kind)| field(label, *kind)).collect();
    let asked =
        matches!(key, Key::NoteUsagers | Key::NoteAgents | Key::UsagersRecevables | Key::Organigramme);
    let form = if asked { live(fields, vec![]) } else { live(vec![], fields) };
    line(&propose(&form, &Synonyms::shipped().unwrap()), key)
}

#[test]
fn a_nuance_makes_another_field_of_it() {
    use FieldType::{Date, DecimalNumber, IntegerNumber};
    for (key, kind, label, nuance) in [
        (Key::NoteUsagers, DecimalNumber, "Note de l'enquête usagers", "(sur 20)"),
        (Key::NoteUsagers, DecimalNumber, "Note de l'enquête usagers", "/10"),
        (Key::NoteAgents, DecimalNumber, "Note de l'enquête agents", "(de l'édition précédente)"),
        (Key::NoteAgents, DecimalNumber, "Note de l'enquête agents", "N-1"),
        (Key::ScoreE3, DecimalNumber, "Score de l'engagement n° 3", "– de 1 à 5"),
        (Key::AuditDebut, Date, "Premier jour de visite", "(prévisionnel)"),
        (Key::AuditDebut, Date, "Premier jour de visite", ", souhaité par le candidat"),
        (Key::AuditFin, Date, "Dernier jour de visite", "- théorique"),
        (Key::ContratDate, Date, "Date du contrat", "(avenant)"),
        (Key::UsagersRecevables, IntegerNumber, "Questionnaires usagers recevables", "(en pourcentage)"),
        (Key::UsagersRecevables, IntegerNumber, "Questionnaires usagers recevables", "(%)"),
        (Key::DecisionLe, Date, "Date de la décision", "(de recevabilité)"),
    ] {
        let nuanced = format!("{label} {nuance}");
        let alone = found(key, &[(&nuanced, kind)]);
        assert!(alone.starts_with('#'), "{nuanced}: {alone}");
        // It takes the key from no other field, whichever stands first.
        for fields in [[(nuanced.as_str(), kind), (label, kind)], [(label, kind), (nuanced.as_str(), kind)]] {
            let both = found(key, &fields);
            assert!(both.contains(&format!("= \"{label}\" # sûr")), "{nuanced}: {both}");
        }
    }
    // Of a mark a percentage is probably the same value.
    let share = found(Key::NoteUsagers, &[("Note de l'enquête usagers (en pourcentage)", DecimalNumber)]);
    assert!(share.contains("# à confirmer"), "{share}");
    let before = [
        ("Enquêtes de l'édition précédente", FieldType::Header),
        ("Note de l'enquête agents", DecimalNumber),
    ];
    assert!(found(Key::NoteAgents, &before).starts_with('#'));
    let scale = [("Notes (sur 20)", FieldType::Header), ("Note de l'enquête agents", DecimalNumber)];
    assert!(found(Key::NoteAgents, &scale).starts_with('#'));
}

#[test]
fn a_hint_is_no_nuance() {
    use FieldType::{Date, DecimalNumber, PieceJustificative};
    for (key, kind, label) in [
        (Key::NoteUsagers, DecimalNumber, "Note de l'enquête usagers (sur 100)"),
        (Key::NoteUsagers, DecimalNumber, "Note de l'enquête usagers (de 0 à 100)"),
        (Key::Organigramme, PieceJustificative, "Organigramme (PDF, 20 Mo max)"),
        (Key::Organigramme, PieceJustificative, "Organigramme (obligatoire)"),
        (Key::PlanTransmisLe, Date, "Plan d'audit transmis le (10 jours ouvrés avant la visite)"),
        (Key::RapportTransmisLe, Date, "Rapport d'audit provisoire transmis le"),
    ] {
        let said = found(key, &[(label, kind)]);
        assert!(said.ends_with("# sûr"), "{said}");
    }
    // What names something else in brackets is no hint.
    let other = live(vec![field("Courriel (directeur)", FieldType::Email)], vec![]);
    let said = line(&propose(&other, &Synonyms::shipped().unwrap()), Key::ContactEmail);
    assert!(said.starts_with('#'), "{said}");
    let long = found(Key::PlanTransmisLe, &[("Plan d'audit transmis le (directeur)", Date)]);
    assert!(long.contains("# à confirmer"), "{long}");
    // What is known of no word is not called sure.
    let unknown = found(Key::Organigramme, &[("Organigramme (zinzolin)", PieceJustificative)]);
    assert!(unknown.contains("# à confirmer"), "{unknown}");
}

#[test]
fn a_misspelt_label_is_read_and_never_sure() {
    use FieldType::{Date, DecimalNumber, IntegerNumber, PieceJustificative};
    for (key, kind, label) in [
        (Key::Organigramme, PieceJustificative, "Organigrame du service"),
        (Key::NoteUsagers, DecimalNumber, "Note de l'enquette usagers"),
        (Key::UsagersRecevables, IntegerNumber, "Questionaires usagers recevalbes"),
        (Key::AuditDebut, Date, "Permier jour de visite"),
        (Key::ScoreE3, DecimalNumber, "Score de l'engagment 3"),
    ] {
        let said = found(key, &[(label, kind)]);
        assert!(said.contains("# à confirmer"), "{said}");
    }
    for (key, kind, label) in [
        (Key::UsagersRecevables, IntegerNumber, "Questionnaires usagers relevables"),
        (Key::UsagersRecevables, IntegerNumber, "Questionnaires usagers redevables"),
        (Key::NotificationLe, Date, "Date de modification"),
        (Key::ObservationsLe, Date, "Date de conservation"),
        (Key::NoteAgents, DecimalNumber, "Note de l'enquête argents"),
    ] {
        let said = found(key, &[(label, kind)]);
        assert!(said.starts_with('#'), "{said}");
    }
}

#[test]
fn a_field_that_differs_only_by_brackets_leaves_the_key_to_the_other() {
    for (key, kind, label) in [
        (Key::ContactNom, FieldType::Text, "Nom du contact"),
        (Key::ContactEmail, FieldType::Email, "Courriel du contact"),
        (Key::NomStructure, FieldType::Text, "Service candidat"),
        (Key::PlanActions, FieldType::PieceJustificative, "Plan d'actions"),
    ] {
        for hint in ["(suppléant)", "(ancienne appellation)", "(version provisoire)", "(zinzolin)"] {
            let other = format!("{label} {hint}");
            for fields in [[other.as_str(), label], [label, other.as_str()]] {
                let fields = fields.map(|label| field(label, kind));
                let said = line(&propose(&live(fields.to_vec(), vec![]), &Synonyms::shipped().unwrap()), key);
                assert_eq!(said, format!("{} = \"{label}\" # sûr", key.name()), "{other}");
            }
        }
    }
    // A longer label than the whole one is not the name.
    let longer = live(vec![field("Présentation du service candidat", FieldType::Text)], vec![]);
    assert!(line(&propose(&longer, &Synonyms::shipped().unwrap()), Key::NomStructure).starts_with('#'));
}

#[test]
fn polite_words_say_nothing() {
    for asked in [
        "Auriez-vous l'amabilité de joindre l'organigramme de votre service ?",
        "Voudriez-vous joindre l'organigramme ?",
        "Nous vous saurions gré de bien vouloir joindre votre organigramme.",
        "Serait-il possible que vous joigniez l'organigramme ?",
        "Nous vous serions reconnaissants de nous faire parvenir l'organigramme.",
    ] {
        let said = found(Key::Organigramme, &[(asked, FieldType::PieceJustificative)]);
        assert!(said.starts_with("organigramme = "), "{said}");
    }
}

#[test]
fn ranks_of_engagements_are_read_in_letters() {
    for label in [
        "Quel score l'audit a-t-il attribué au deuxième engagement ?",
        "Score engagt 2",
        "Note du 2e engagement",
    ] {
        let said = found(Key::ScoreE2, &[(label, FieldType::DecimalNumber)]);
        assert!(said.starts_with("score_e2 = "), "{said}");
    }
    let second = found(Key::ScoreE2, &[("Score du deuxième site", FieldType::DecimalNumber)]);
    assert!(second.starts_with('#'), "{second}");
}

#[test]
fn a_negation_is_read_in_options() {
    let mut list = field("Type de service", FieldType::DropDownList);
    list.options =
        ["Local, sans service central", "Local, dans le réseau d'un service central", "Service central"]
            .map(str::to_owned)
            .to_vec();
    let proposal = propose(&live(vec![list], vec![]), &Synonyms::shipped().unwrap());
    let of = proposal.choices.iter().find(|choice| choice.key == Key::TypeService).unwrap();
    let option =
        |value: &str| of.values.iter().find(|(name, _)| name == value).and_then(|(_, option)| option.clone());
    assert_eq!(option("local_independant").as_deref(), Some("Local, sans service central"));
    assert_eq!(option("local_rattache").as_deref(), Some("Local, dans le réseau d'un service central"));
    assert_eq!(option("central").as_deref(), Some("Service central"));
}
