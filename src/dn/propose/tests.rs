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
    let proposal = propose(&live, &Synonyms::shipped());
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
    let mut synonyms = Synonyms::shipped();
    assert_eq!(line(&propose(&live, &synonyms), Key::ContratDate), "# contrat_date : aucun champ");
    synonyms.add(toml::from_str("[cles]\ncontrat_date = [\"Pacte paraphé\"]").unwrap()).unwrap();
    assert_eq!(line(&propose(&live, &synonyms), Key::ContratDate), "contrat_date = \"Pacte paraphé\" # sûr");
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
    let proposal = propose(&marked, &Synonyms::shipped());
    assert!(line(&proposal, Key::AutoEtat).ends_with("# sûr"));
    assert_eq!(line(&proposal, Key::AutoJournal), "# auto_journal : aucun champ");
    let unmarked = live(
        vec![],
        vec![
            field("Journal", FieldType::Textarea),
            field("Contrôles du gestionnaire sur place", FieldType::Textarea),
        ],
    );
    let proposal = propose(&unmarked, &Synonyms::shipped());
    assert!(line(&proposal, Key::AutoJournal).starts_with("auto_journal = \"Journal\""));
    assert_eq!(line(&proposal, Key::AutoControles), "# auto_controles : aucun champ");
}
