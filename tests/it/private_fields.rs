//! What only the certification body can fill in is its finding, and never asked of the candidate: the same form with
//! its fields on either side, and one value missing.

use jiff::civil::date;
use simulator::{Deposit, Descriptor, Form, Kind, Simulator, State, Value, World};

use crate::bench::{Bench, demarche};
use crate::web::Pages;

/// A form with the training plan and the counts of the users' survey among the annotations, or among the fields.
fn map(table: &str) -> String {
    let kept = "plan_formation = \"Formation\"\nusagers_sollicites = \"Sollicités\"\nusagers_recevables = \"Recevables\"";
    let (champs, annotations) = if table == "champs" { (kept, "") } else { ("", kept) };
    format!(
        "[champs]\nnom_structure = \"Service\"\ntype_demande = \"Demande\"\ntype_service = \"Type\"\n{champs}\n\
         [annotations]\naudit_debut = \"Visite\"\nauto_etat = \"État\"\nauto_controles = \"Contrôles\"\n{annotations}\n"
    )
}

fn world(table: &str) -> World {
    let mut world = World::new("2027-01-11T08:00:00Z".parse().unwrap());
    let mut champs = vec![
        Descriptor::new("Service", Kind::Text),
        Descriptor::choice("Demande", &["Initial"]),
        Descriptor::choice("Type", &["Local indépendant"]),
    ];
    let mut annotations = vec![
        Descriptor::new("Visite", Kind::Date),
        Descriptor::new("État", Kind::Text),
        Descriptor::new("Contrôles", Kind::Textarea),
    ];
    let kept = [
        Descriptor::new("Formation", Kind::Files),
        Descriptor::new("Sollicités", Kind::Integer),
        Descriptor::new("Recevables", Kind::Integer),
    ];
    if table == "champs" {
        champs.extend(kept)
    } else {
        annotations.extend(kept)
    }
    world.form = Form::new(champs, annotations);
    let champs: Vec<(&str, Value)> = vec![
        ("Service", "Guichet".into()),
        ("Demande", "Initial".into()),
        ("Type", "Local indépendant".into()),
    ];
    world.deposit(Deposit {
        champs,
        number: Some(31),
        ..Deposit::new("99900629900013", "Guichet", "accueil@service.example")
    });
    world.set_state(31, State::EnInstruction, None);
    world.annotate(31, "Visite", date(2027, 2, 15));
    world
}

/// The state, the controls, the mails to the candidate, the messages on the platform, and the page.
async fn shown(table: &str) -> (String, String, Vec<String>, Vec<String>, String) {
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, world(table)).await.unwrap();
    let mut bench = Bench::over(simulator, "sqlite::memory:", &map(table), demarche()).await;
    bench.daemon.acting.messages = true;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    // The first reminder about complements is sent on the day one month before the audit.
    bench.set_now("2027-01-15T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let (state, controls) = (bench.annotation(31, "État"), bench.annotation(31, "Contrôles"));
    let mails = bench.mails().into_iter().map(|kept| kept.mail);
    let to_candidate = mails.filter(|mail| mail.to == ["accueil@service.example"]);
    let mails =
        to_candidate.map(|mail| format!("{} {:?}", mail.letter.subject, mail.letter.points)).collect();
    let messages = bench.simulator.world().dossier(31).unwrap().messages.clone();
    // The platform writes to the candidate too, at each change of state.
    let ours = messages.into_iter().map(|message| message.body).filter(|body| body.contains("VIGIE-31-"));
    let messages = ours.collect();
    let page = Pages::over(&bench, None).await.get("/dossiers/31").await.1;
    (state, controls, mails, messages, page)
}

const OURS: &str = "annotation à remplir par l’organisme de certification";

#[tokio::test]
async fn an_annotation_left_empty_is_the_bodys_finding_alone() {
    let (state, controls, mails, messages, page) = shown("annotations").await;
    assert_eq!(state, "Complet");
    for line in [
        format!("Manque — Pièce ou information absente : plan de formation ({OURS}) — § 3.5.1"),
        format!(
            "Manque — À renseigner : nombre d’usagers sollicités, questionnaires usagers recevables ({OURS}) — § 3.4.1"
        ),
    ] {
        assert!(controls.contains(&line), "{line}\nin\n{controls}");
    }
    assert!(
        mails.iter().all(|mail| !mail.contains("compléter") && !mail.contains("formation")),
        "{mails:#?}"
    );
    assert!(mails.iter().any(|mail| mail.contains("le calendrier de votre audit")), "{mails:#?}");
    assert_eq!(messages, Vec::<String>::new());
    assert!(page.contains(OURS) && page.contains("Complet") && !page.contains("À compléter"), "{page}");
}

#[tokio::test]
async fn a_field_of_the_candidate_left_empty_is_asked_of_the_candidate() {
    let (state, controls, mails, messages, page) = shown("champs").await;
    assert_eq!(state, "À compléter");
    assert!(!controls.contains(OURS) && !page.contains(OURS), "{controls}");
    let asked = mails.iter().find(|mail| mail.contains(" : dossier à compléter au plus tard le 14 février"));
    let asked = asked.unwrap_or_else(|| panic!("{mails:#?}"));
    for part in ["absente : plan de formation", "nombre d’usagers sollicités"] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    assert!(messages.len() == 1 && messages[0].contains("absente : plan de formation"), "{messages:#?}");
}
