//! `vigie form` on forms that were written before it (`tests/forms`): what it finds, and that it is never wrong.

use std::collections::BTreeSet;
use std::path::PathBuf;

use label::case::keys::Key;
use vigie::dn::form::{FormMap, LiveForm, Problem, Table};
use vigie::dn::propose::create::fields_to_add;
use vigie::dn::propose::words::Synonyms;
use vigie::dn::propose::{FormProposal, propose};
use vigie::dn::resolve::resolve;

use crate::written_forms::{Written, read, score, without};

const FORMS: [&str; 28] = [
    "decorated",
    "synonyms",
    "questions",
    "reordered",
    "aside-ministry",
    "aside-single-fields",
    "aside-questions",
    "aside-mixed",
    "justice",
    "prefectures",
    "hospitals",
    "funds",
    "towns",
    "certifier",
    "university",
    "museums",
    "police",
    "agencies",
    "service-questions",
    "fund-network",
    "local-authorities",
    "health-short",
    "state-offices",
    "polite-questions",
    "education-network",
    "numbered",
    "city-misspelt",
    "certifier-office",
];

fn written(name: &str) -> Written {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/forms/{name}.txt"));
    read(&std::fs::read_to_string(path).unwrap())
}

fn page(live: &LiveForm, proposal: &FormProposal, before: &str) -> String {
    let mut out = Vec::new();
    vigie::commands::form::write(live, proposal, before, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn nine_keys_in_ten_are_found_and_none_is_wrong() {
    for name in FORMS {
        let form = written(name);
        let proposal = propose(&form.live, &Synonyms::shipped().unwrap());
        let score = score(&form, &proposal);
        let (keys, right) = (form.expected.len(), score.right);
        println!("{name}: {right} of {keys}, {} sure; left: {:#?}", score.sure, score.left);
        assert!(keys >= 60, "{name}: {keys} keys prove little");
        assert_eq!(score.wrong, Vec::<String>::new(), "{name}");
        assert!(right * 10 >= keys * 9, "{name}: {right} of {keys}; left: {:#?}", score.left);
        assert_eq!(score.options_wrong, Vec::<String>::new(), "{name}");
        assert!(
            score.options_right * 10 >= (score.options_right + score.options_left) * 8,
            "{name}: options"
        );
        let fields: Vec<&String> = proposal.lines.iter().filter_map(|line| line.field.as_ref()).collect();
        assert_eq!(
            fields.iter().collect::<BTreeSet<_>>().len(),
            fields.len(),
            "{name}: one field for one key"
        );
    }
}

/// The forms, each without one of its fields: one in `step` of them.
fn each_without_one(step: usize) {
    for (offset, name) in FORMS.into_iter().enumerate() {
        let form = written(name);
        for place in form.expected.keys().skip(offset % step).step_by(step) {
            let less = without(&form, *place);
            let score = score(&less, &propose(&less.live, &Synonyms::shipped().unwrap()));
            assert_eq!(score.wrong, Vec::<String>::new(), "{name} without {}", place.1);
        }
    }
}

#[test]
fn a_form_that_lacks_a_key_gives_it_no_other_field() {
    each_without_one(40);
}

#[test]
#[ignore = "several minutes: all keys, of which the test above takes a sample"]
fn a_form_that_lacks_any_key_gives_it_no_other_field() {
    each_without_one(1);
}

#[test]
fn the_form_of_something_else_is_left_to_a_person() {
    let form = written("unrelated");
    let proposal = propose(&form.live, &Synonyms::shipped().unwrap());
    assert_eq!(proposal.lines.iter().find(|line| line.field.is_some()), None);
    let page = page(&form.live, &proposal, "");
    assert!(page.contains("# contrat_signe : peut-être « Convention signée »"), "{page}");
    // Each field is listed, and none is used.
    let listed = page.lines().filter(|line| line.starts_with("# = ")).collect::<Vec<_>>();
    assert_eq!(listed.len(), 41);
    assert!(listed.iter().all(|line| line.contains(" | - | ")), "{listed:#?}");
}

/// The file is what counts: labels that stand twice, tags, blocks.
#[test]
fn the_proposed_file_names_the_fields_that_were_meant() {
    for name in FORMS {
        let form = written(name);
        let proposal = propose(&form.live, &Synonyms::shipped().unwrap());
        let map: FormMap = toml::from_str(&page(&form.live, &proposal, "")).unwrap();
        map.written_once().unwrap();
        let resolved = resolve(&map, &form.live);
        let faults: Vec<&Problem> =
            resolved.problems.iter().filter(|fault| !matches!(fault, Problem::NoSuchOption { .. })).collect();
        assert_eq!(faults, Vec::<&Problem>::new(), "{name}");
        for line in proposal.lines.iter().filter(|line| line.field.is_some()) {
            let id = line.field.as_deref().unwrap();
            let list = if line.table == Table::Champs { &resolved.champs } else { &resolved.annotations };
            let outside = list.get(id).is_some_and(|keys| keys.iter().any(|(key, _)| *key == line.key));
            let inside = resolved.cells.get(id).is_some_and(|(_, key, _)| *key == line.key);
            assert!(outside || inside, "{name}: {line}");
            assert!(resolved.view.usable.contains(&line.key), "{name}: {line}");
        }
    }
}

#[test]
fn a_revision_says_what_moved() {
    let form = written("reordered");
    let synonyms = Synonyms::shipped().unwrap();
    let first = page(&form.live, &propose(&form.live, &synonyms), "");
    let again = page(&form.live, &propose(&form.live, &synonyms), &first);
    assert_eq!(first, again, "nothing moved");
    let mut next = form.live.clone();
    let contract = next.annotations.iter_mut().find(|field| field.label == "Contrat - date").unwrap();
    contract.label = "Contrat - date de signature".to_owned();
    next.champs.retain(|field| field.label != "Autres documents");
    let page = page(&next, &propose(&next, &synonyms), &first);
    for part in [
        "# - « Contrat - date » s’appelle maintenant « Contrat - date de signature » (contrat_date)",
        "# - « Autres documents » : n’existe plus",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let map: FormMap = toml::from_str(&page).unwrap();
    assert_eq!(map.annotations["contrat_date"], "Contrat - date de signature");
}

#[test]
fn two_lists_of_one_key_have_two_tables() {
    let text = "T\n[champs]\nType de service | choice: Local indépendant; Central | type_service\n\
                [annotations]\nType de service | choice: Service central; Service local indépendant | type_service\n";
    let form = read(text);
    let page = page(&form.live, &propose(&form.live, &Synonyms::shipped().unwrap()), "");
    let map: FormMap = toml::from_str(&page).unwrap();
    assert!(
        page.contains("[choix.champs.type_service]") && page.contains("[choix.annotations.type_service]")
    );
    let resolved = resolve(&map, &form.live);
    assert_eq!(resolved.problems, []);
    let value = |table, option: &str| resolved.options[&(table, Key::TypeService)].get(option).cloned();
    assert_eq!(value(Table::Champs, "Central").as_deref(), Some("central"));
    assert_eq!(value(Table::Annotations, "Service central").as_deref(), Some("central"));
    assert_eq!(value(Table::Annotations, "Central"), None, "each list has its own options");
    // One list for both still works, and the one of a table replaces it there.
    let both = "[champs]\ntype_service = \"Type de service\"\n[annotations]\ntype_service = \"Type de service\"\n\
                [choix.type_service]\ncentral = \"Central\"\n[choix.annotations.type_service]\ncentral = \"Service central\"\n";
    let resolved = resolve(&toml::from_str(both).unwrap(), &form.live);
    assert_eq!(resolved.problems, []);
    let wrong =
        "[champs]\ntype_service = \"Type de service\"\n[choix.champs.type_service]\ncentrale = \"Central\"\n";
    let resolved = resolve(&toml::from_str(wrong).unwrap(), &form.live);
    let said = resolved.problems[0].to_string();
    assert!(said.contains("[choix.champs.type_service] centrale: not a value"), "{said}");
}

#[test]
fn one_written_field_is_not_two_keys() {
    let form = read("T\n[annotations]\n[auto] Fin | date | auto_fin_validite\nAutre | date | -\n");
    let id = form.expected[&(Table::Annotations, Key::AutoFinValidite)].clone();
    // By label and by id: only the live form shows that they are one.
    let text = format!("[annotations]\nauto_fin_validite = \"[auto] Fin\"\nfin_validite_oc = \"{id}\"\n");
    let map: FormMap = toml::from_str(&text).unwrap();
    map.written_once().unwrap();
    let resolved = resolve(&map, &form.live);
    let said: Vec<String> = resolved.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said.iter()
            .all(|line| line.contains("name the same field") && line.contains("one field for one key"))
    );
    assert!(resolved.targets.is_empty() && resolved.view.writable.is_empty());
    assert!(resolved.annotations.is_empty() && resolved.view.usable.is_empty());
    // Two keys that are only read may share one: a visit of one day has one date.
    let shared = "[annotations]\naudit_debut = \"Autre\"\naudit_fin = \"Autre\"\n";
    let map: FormMap = toml::from_str(shared).unwrap();
    map.written_once().unwrap();
    assert_eq!(resolve(&map, &form.live).problems, []);
    let twice: FormMap =
        toml::from_str("[annotations]\nauto_fin_validite = \"Fin\"\nauto_suivi_fin = \" Fin \"\n").unwrap();
    let said = twice.written_once().unwrap_err();
    assert!(said.contains("auto_fin_validite and auto_suivi_fin name the same field « Fin »"), "{said}");
}

/// The page that an administrator follows makes a form on which every key is found.
#[test]
fn a_form_made_from_the_page_is_recognised() {
    let fields = fields_to_add(&BTreeSet::new());
    assert_eq!(fields.len(), Key::ALL.len() - 1, "all but the SIRET, which the applicant has");
    let mut live = LiveForm {
        demarche: 1,
        title: String::new(),
        revision: String::new(),
        champs: vec![],
        annotations: vec![],
    };
    for field in &fields {
        let made = vigie::dn::form::Descriptor {
            id: field.key.name().to_owned(),
            label: field.label.clone(),
            kind: field.kind,
            options: field.options.clone(),
            children: vec![],
        };
        let list = if field.table == Table::Champs { &mut live.champs } else { &mut live.annotations };
        match field.block.and_then(|block| list.iter_mut().find(|other| other.id == block.name())) {
            Some(block) => block.children.push(made),
            None => list.push(made),
        }
    }
    let proposal = propose(&live, &Synonyms::shipped().unwrap());
    for field in &fields {
        let line = proposal.lines.iter().find(|line| line.key == field.key).unwrap();
        assert_eq!(line.field.as_deref(), Some(field.key.name()), "{line}");
    }
    let unmapped = proposal.choices.iter().flat_map(|list| &list.values).find(|(_, option)| option.is_none());
    assert_eq!(unmapped, None);
    let present = [Key::Sites, Key::SiteNom, Key::SiteCommune, Key::SiteEffectif].into();
    let left: Vec<Key> = fields_to_add(&present).iter().map(|field| field.key).collect();
    assert!(left.contains(&Key::SitePrincipal) && !left.contains(&Key::SiteNom));
}
