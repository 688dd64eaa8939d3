//! Forms that change under open files, files that decide themselves, experts, corrections: points 16 to 18, 20, 22, 25.

use super::*;

#[tokio::test]
async fn point_16_open_files_follow_a_revision_in_silence() {
    let bench = bench(small()).await;
    let (before, revision) = bench.simulator.with_world(|world| {
        let before: Vec<_> = world.dossiers.values().map(|dossier| dossier.updated_at).collect();
        let revision = world.publish(|form| {
            form.field_mut(Side::Champs, "Nom de la structure candidate").unwrap().label =
                "Nom du service".to_owned();
            form.field_mut(Side::Champs, "Note de l'enquête usagers").unwrap().kind = Kind::Text;
            form.add(Side::Champs, Descriptor::new("Adresse du site internet", Kind::Text).required());
        });
        (before, revision)
    });
    let query = |number: u32| {
        format!(
            "{{ dossier(number: {number}) {{ demarche {{ revision {{ id champDescriptors {{ id label required }} }} }} champs {{ id __typename label stringValue }} }} }}"
        )
    };
    let open = bench.data(&query(4243)).await["dossier"].take();
    let champ = |dossier: &Json, label: &str| {
        dossier["champs"].as_array().unwrap().iter().find(|one| one["label"] == label).cloned()
    };
    assert_eq!(open["demarche"]["revision"]["id"], encoded(&format!("ProcedureRevision-{revision}")));
    assert!(champ(&open, "Nom de la structure candidate").is_none());
    let renamed = champ(&open, "Nom du service").unwrap();
    assert_eq!(renamed["stringValue"], "Maison des formalités de Rochebelle-d'Aunis", "its value follows");
    let retyped = champ(&open, "Note de l'enquête usagers").unwrap();
    assert_eq!(
        (&retyped["__typename"], &retyped["stringValue"]),
        (&json!("TextChamp"), &json!("")),
        "another type, no value"
    );
    assert!(champ(&open, "Adresse du site internet").is_some());
    let closed = bench.data(&query(4244)).await["dossier"].take();
    let kept = champ(&closed, "Nom de la structure candidate").unwrap();
    assert_eq!(kept["id"], renamed["id"], "the identifier is stable; a closed file keeps its revision");
    let after: Vec<_> = bench.simulator.world().dossiers.values().map(|dossier| dossier.updated_at).collect();
    assert_eq!(before, after, "no date moved");
    let active = bench.data("{ demarche(number: 12345) { activeRevision { id } revisions { id } } }").await;
    assert_eq!(active["demarche"]["activeRevision"]["id"], open["demarche"]["revision"]["id"]);
    assert_eq!(active["demarche"]["revisions"].as_array().unwrap().len(), 2);
    bench.simulator.with_world(|world| world.set_state(4244, State::EnInstruction, None));
    assert!(
        champ(&bench.data(&query(4244)).await["dossier"], "Nom du service").is_some(),
        "reopened, it follows too"
    );
}

#[test]
fn point_16_identifiers_are_never_given_again() {
    let mut form = Form::label_services_publics();
    let first = form.add(Side::Champs, Descriptor::new("A", Kind::Text));
    form.remove(Side::Champs, "A");
    assert_ne!(form.add(Side::Champs, Descriptor::new("A", Kind::Text)), first);
}

#[tokio::test]
async fn point_17_experts_and_files_in_messages() {
    let bench = bench(small()).await;
    let id = bench.simulator.with_world(|world| {
        world.say_with(4243, "contact@service.example", "Voici", vec![File::pdf("réponse.pdf", "Reponse")]);
        world.say(4243, "expert@conseil.example", "Je regarde");
        world.ask_avis(4243, "expert@conseil.example", "Qu'en pensez-vous ?")
    });
    let query = "{ dossier(number: 4243) { messages { email attachments { url } } avis { id question reponse dateReponse expert { email } attachments { url } } } }";
    let asked = bench.data(query).await["dossier"].take();
    assert!(
        asked["avis"][0]["reponse"].is_null() && asked["avis"][0]["dateReponse"].is_string(),
        "a date without an answer"
    );
    let file = asked["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|one| one["attachments"][0]["url"].as_str())
        .unwrap();
    assert_eq!(bench.client.get(file).send().await.unwrap().status(), 200);
    let before = bench.updated(4243);
    bench.simulator.with_world(|world| world.answer_avis(4243, id, "Favorable"));
    assert!(bench.updated(4243) > before);
    assert_eq!(bench.data(query).await["dossier"]["avis"][0]["reponse"], "Favorable");
    bench.mutate("dossierAccepter", 4243, ", disableNotification: true", "dossier { id }").await;
    let world = bench.simulator.world();
    let mails: Vec<_> = world.mails.iter().filter(|mail| mail.kind == "expert_decision").collect();
    assert_eq!(mails.len(), 1, "experts are told all the same");
    assert!(mails[0].to == "expert@conseil.example");
}

fn deposit(world: &mut World) -> u32 {
    world.deposit(Deposit::new("99900037500017", "Essai", "a@a.example"))
}

fn events(world: &World, number: u32) -> Vec<&'static str> {
    world.dossier(number).unwrap().traitements.iter().map(|one| one.event).collect()
}

#[tokio::test]
async fn point_18_a_file_first_seen_already_accepted() {
    let mut world = World::new(noon());
    world.declarative = Some(State::Accepte);
    let number = deposit(&mut world);
    assert_eq!(events(&world, number), ["depose", "accepte_automatiquement"]);
    let bench = bench(world).await;
    let query = format!(
        "{{ demarche(number: 12345) {{ declarative }} dossier(number: {number}) {{ state instructeurs {{ id }} traitements {{ emailAgentTraitant }} }} }}"
    );
    let data = bench.data(&query).await;
    assert_eq!(
        (&data["demarche"]["declarative"], &data["dossier"]["state"]),
        (&json!("accepte"), &json!("accepte"))
    );
    assert_eq!(
        (&data["dossier"]["instructeurs"], &data["dossier"]["traitements"][1]["emailAgentTraitant"]),
        (&json!([]), &Json::Null)
    );
}

#[tokio::test]
async fn point_18_silence_decides_and_a_correction_starts_it_again() {
    let mut world = World::new(noon());
    world.silence = Some(Silence { days: 10, accepts: true });
    let (one, two) = (deposit(&mut world), deposit(&mut world));
    let bench = bench(world).await;
    let due = format!(
        "{{ dossier(number: {one}) {{ state datePrevisionnelleDecisionSVASVR dateTraitementSVASVR }} }}"
    );
    let first = bench.data(&due).await["dossier"].take();
    assert_eq!(
        first,
        json!({"state": "en_instruction", "datePrevisionnelleDecisionSVASVR": "2027-06-11", "dateTraitementSVASVR": null})
    );
    bench.simulator.with_world(|world| {
        world.advance(SignedDuration::from_hours(48));
        world.ask_correction(two, "Une pièce manque", "incomplete");
        world.edit_champ(two, "Usagers sollicités", 12);
    });
    bench.advance(9 * 24 * 3600);
    let second = bench.data(&due).await["dossier"].take();
    assert!(second["state"] == "accepte" && second["dateTraitementSVASVR"].is_string());
    assert_eq!(
        bench.simulator.world().dossier(two).unwrap().state,
        State::EnInstruction,
        "its delay is younger"
    );
    bench.advance(2 * 24 * 3600);
    assert_eq!(events(&bench.simulator.world(), two).last(), Some(&"accepte_automatiquement"));
}

#[tokio::test]
async fn point_20_no_way_back_where_silence_decides() {
    let mut world = World::new(noon());
    world.silence = Some(Silence { days: 10, accepts: false });
    let number = deposit(&mut world);
    let bench = bench(world).await;
    let told = bench.mutate("dossierRepasserEnConstruction", number, "", "dossier { id }").await;
    assert!(payload_error(&told).contains("correction"), "{told}");
    let outdated = bench
        .mutate(
            "dossierEnvoyerMessage",
            number,
            r#", body: "Bonjour", correction: outdated"#,
            "message { id }",
        )
        .await;
    assert_eq!(outdated["errors"][0]["extensions"]["code"], "internal_server_error");
    assert!(
        bench.simulator.world().dossier(number).unwrap().messages.iter().any(|one| one.body == "Bonjour"),
        "done before it broke"
    );
}

#[tokio::test]
async fn point_22_september_cancels_a_correction_apart_from_its_message() {
    let bench = bench(small()).await;
    let ask = r#", body: "Il manque une pièce", correction: incomplete"#;
    let sent = bench.mutate("dossierEnvoyerMessage", 4243, ask, "message { id }").await;
    let id = sent["data"]["p"]["message"]["id"].as_str().unwrap();
    let act = |field: &str, more: &str| {
        format!(
            r#"mutation {{ p: {field}(input: {{messageId: "{id}", instructeurId: "{}"{more}}}) {{ message {{ id }} errors {{ message }} }} }}"#,
            encoded("Instructeur-7")
        )
    };
    let pending = || bench.simulator.world().dossier(4243).unwrap().pending_correction().is_some();
    assert!(pending());
    bench.answer(&act("dossierSupprimerMessage", ", cancelCorrection: false")).await;
    assert!(pending(), "the message is gone, its request is not");
    let before = bench.updated(4243);
    assert!(bench.answer(&act("dossierAnnulerDemandeCorrection", "")).await["data"]["p"]["errors"].is_null());
    assert!(!pending() && bench.updated(4243) == before, "without a date");
    assert!(!payload_error(&bench.answer(&act("dossierAnnulerDemandeCorrection", "")).await).is_empty());
}

#[tokio::test]
async fn groups_by_their_state_break_january() {
    let bench = bench(small()).await;
    let query = "{ demarche(number: 12345) { groupeInstructeurs(closed: true) { number } } }";
    assert_eq!(bench.data(query).await["demarche"]["groupeInstructeurs"], json!([]));
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    assert_eq!(bench.post(json!({"query": query})).await.0, 500);
}
