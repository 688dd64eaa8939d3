//! Writing: points 19 to 23, 25 and 26.

use super::*;

#[tokio::test]
async fn point_19_order_of_checks_and_shape_of_payloads() {
    let bench = bench(small()).await;
    let unknown = bench.mutate("dossierAccepter", 1, "", "dossier { id }").await;
    assert_eq!(
        (first_error(&unknown), &unknown["data"]),
        ("DossierAccepterPayload not found", &json!({"p": null}))
    );
    assert_eq!(unknown["errors"][0]["path"], json!(["p"]));
    let nobody = bench.mutate_as("Instructeur-99", "dossierAccepter", 4243, "", "dossier { id }").await;
    assert_eq!(first_error(&nobody), "DossierAccepterPayload not found");
    let blob = bench.mutate("dossierAccepter", 1, r#", justificatif: "x""#, "dossier { id }").await;
    assert_eq!(
        payload_error(&blob),
        "L’identifiant du fichier téléversé est invalide",
        "blobs are checked before loading"
    );
    // 9 is not of the group of 4242: a wrong state is reported first, then the rights.
    let state = bench.mutate_as("Instructeur-9", "dossierAccepter", 4242, "", "dossier { id }").await;
    assert_eq!(payload_error(&state), "Le dossier est déjà en construction");
    let rights = bench.mutate_as("Instructeur-9", "dossierAccepter", 4243, "", "dossier { id }").await;
    assert_eq!(payload_error(&rights), "L’instructeur n’a pas les droits d’accès à ce dossier");
    let user = bench.mutate_as("User-5", "dossierAccepter", 4243, "", "dossier { id }").await;
    assert_eq!(payload_error(&user), "L’instructeur n’a pas les droits d’accès à ce dossier");
    let done = bench
        .mutate(
            "dossierAccepter",
            4243,
            r#", motivation: "Oui", clientMutationId: "m-1""#,
            "dossier { state motivation } clientMutationId",
        )
        .await;
    assert_eq!(
        done,
        json!({"data": {"p": {"dossier": {"state": "accepte", "motivation": "Oui"}, "clientMutationId": "m-1", "errors": null}}})
    );
    let counters = bench.simulator.world().counters();
    assert_eq!((counters.queries, counters.mutations), (0, 7));
}

#[tokio::test]
async fn point_20_the_state_machine() {
    let bench = bench(small()).await;
    let say = async |field: &str, number: u32, more: &str| {
        let body = bench.mutate(field, number, more, "dossier { state }").await;
        let state = body["data"]["p"]["dossier"]["state"].as_str().unwrap_or_default().to_owned();
        if state.is_empty() { payload_error(&body).to_owned() } else { state }
    };
    assert_eq!(
        say("dossierAccepter", 4242, "").await,
        "Le dossier est déjà en construction",
        "no direct way"
    );
    assert_eq!(say("dossierPasserEnInstruction", 4242, "").await, "en_instruction");
    assert_eq!(say("dossierPasserEnInstruction", 4242, "").await, "Le dossier est déjà en instruction");
    assert_eq!(say("dossierRepasserEnConstruction", 4242, "").await, "en_construction");
    say("dossierPasserEnInstruction", 4242, "").await;
    bench.simulator.with_world(|world| world.form.annotations[1].required = true);
    assert_eq!(
        say("dossierAccepter", 4242, "").await,
        "Le dossier est déjà en instruction",
        "a mandatory annotation is missing"
    );
    bench
        .simulator
        .with_world(|world| world.annotate(4242, "Date du contrat", jiff::civil::date(2027, 1, 4)));
    bench.simulator.with_world(|world| {
        world.dossiers.get_mut(&4242).unwrap().demandeur = Demandeur::Incomplete { siret: "9".to_owned() }
    });
    let degraded =
        "Les informations du SIRET du dossier ne sont pas complètes. Veuillez réessayer plus tard.";
    assert_eq!(say("dossierAccepter", 4242, "").await, degraded);
    bench.simulator.with_world(|world| {
        world.dossiers.get_mut(&4242).unwrap().demandeur = Demandeur::Person {
            name: "N".to_owned(),
            first_name: "P".to_owned(),
            email: "p@p.example".to_owned(),
        }
    });
    assert_eq!(
        say("dossierArchiver", 4242, "").await,
        "Un dossier ne peut être déplacé dans « à archiver » qu’une fois le traitement terminé"
    );
    assert_eq!(say("dossierRefuser", 4242, r#", motivation: """#).await, "refuse");
    assert_eq!(say("dossierRefuser", 4242, r#", motivation: """#).await, "Le dossier est déjà refusé");
    assert_eq!(say("dossierArchiver", 4242, "").await, "refuse");
    assert_eq!(say("dossierRepasserEnInstruction", 4242, "").await, "en_instruction");
    assert_eq!(
        say("dossierDesarchiver", 4242, "").await,
        "Un dossier non archivé ne peut pas être désarchivé"
    );
    assert_eq!(say("dossierClasserSansSuite", 4242, r#", motivation: "Abandon""#).await, "sans_suite");
    let data = bench.data("{ dossier(number: 4242) { traitements { event emailAgentTraitant } } }").await;
    let events: Vec<_> = data["dossier"]["traitements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["event"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "depose",
        "passe_en_instruction",
        "repasse_en_construction",
        "passe_en_instruction",
        "refuse",
        "repasse_en_instruction",
        "classe_sans_suite",
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn point_21_messages_are_sent_twice_and_answers_get_lost() {
    let bench = bench(small()).await;
    let message =
        async || bench.mutate("dossierEnvoyerMessage", 4243, r#", body: "Bonjour""#, "message { id }").await;
    let (one, two) = (message().await, message().await);
    assert_ne!(one["data"]["p"]["message"]["id"], two["data"]["p"]["message"]["id"]);
    let count = || {
        bench
            .simulator
            .world()
            .dossier(4243)
            .unwrap()
            .messages
            .iter()
            .filter(|one| one.body == "Bonjour")
            .count()
    };
    assert_eq!(count(), 2);
    let query = format!(
        r#"mutation {{ dossierEnvoyerMessage(input: {{dossierId: "{}", instructeurId: "{}", body: "Bonjour"}}) {{ errors {{ message }} }} }}"#,
        encoded("Dossier-4243"),
        encoded("Instructeur-7")
    );
    bench.simulator.with_world(|world| world.inject(On::Mutation, Fault::LostResponse, 1));
    assert!(bench.send(Some(TOKEN), json!({"query": query}).to_string()).await.is_err());
    assert_eq!(count(), 3, "done, though nobody was told");
    bench
        .simulator
        .with_world(|world| world.inject(On::Mutation, Fault::LateCommit(SignedDuration::from_secs(45)), 1));
    assert!(bench.send(Some(TOKEN), json!({"query": query}).to_string()).await.is_err());
    assert_eq!(count(), 3);
    bench.advance(60);
    assert_eq!(count(), 4, "done long after");
    let empty = bench.mutate("dossierEnvoyerMessage", 4243, r#", body: """#, "message { id }").await;
    assert_eq!(payload_error(&empty), "Le champ « Votre message » ne peut être vide");
}

#[tokio::test]
async fn point_22_corrections() {
    let bench = bench(small()).await;
    let ask = r#", body: "Il manque une pièce", correction: incomplete"#;
    let query = "{ dossier(number: 4243) { state dateDerniereCorrectionEnAttente messages { correction { reason dateResolution } } } }";
    assert!(
        bench.mutate("dossierEnvoyerMessage", 4243, ask, "message { id }").await["data"]["p"]["errors"]
            .is_null()
    );
    let read = bench.data(query).await["dossier"].take();
    assert_eq!(read["state"], "en_construction");
    assert!(
        read["dateDerniereCorrectionEnAttente"].is_string()
            && read.to_string().contains(r#"{"dateResolution":null,"reason":"incomplete"}"#)
    );
    let again = bench.mutate("dossierEnvoyerMessage", 4243, ask, "message { id }").await;
    assert_eq!(payload_error(&again), "Une demande de correction est déjà en attente sur ce dossier");
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    let again = bench.mutate("dossierEnvoyerMessage", 4243, ask, "message { correction { reason } }").await;
    assert_eq!(
        again["data"]["p"],
        json!({"message": {"correction": null}, "errors": null}),
        "silently an ordinary message"
    );
    bench.simulator.with_world(|world| world.edit_champ(4243, "Usagers sollicités", 900));
    let read = bench.data(query).await["dossier"].take();
    assert_eq!(
        (&read["state"], &read["dateDerniereCorrectionEnAttente"]),
        (&json!("en_construction"), &Json::Null)
    );
    assert_eq!(
        bench.simulator.world().dossier(4243).unwrap().traitements.last().unwrap().event,
        "depose_correction_usager"
    );
}

#[tokio::test]
async fn point_23_bulk_annotations_keep_what_is_valid() {
    let bench = bench(small()).await;
    let id = |label: &str| champ_id(&bench.simulator.world(), Side::Annotations, label);
    let (text, number, choice, area) = (
        id("[auto] Prochaine échéance"),
        id("Points de contrôle validés"),
        id("[auto] État"),
        id("[auto] Journal"),
    );
    let write = format!(
        r#", annotations: [{{id: "{choice}", value: {{dropDownList: "Inconnu"}}}}, {{id: "{text}", value: {{text: "Audit"}}}},
        {{id: "{area}", value: {{text: "ici"}}}}, {{id: "Q2hhbXAtOTk5", value: {{text: ""}}}}, {{id: "{number}", value: {{integerNumber: 12}}}}]"#
    );
    let body = bench.mutate("dossierModifierAnnotations", 4244, &write, "annotations { id }").await;
    let errors: Vec<_> = body["data"]["p"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["message"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        format!("L‘annotation \"{area}\" n’est pas de type attendu"),
        "L‘annotation \"Q2hhbXAtOTk5\" n’existe pas".to_owned(),
        "doit être dans les options proposées".to_owned(),
    ];
    assert_eq!(errors, expected);
    assert_eq!(body["data"]["p"]["annotations"], json!([{"id": text}, {"id": number}]));
    assert_eq!(
        bench.simulator.world().annotation_text(4244, "[auto] Prochaine échéance").as_deref(),
        Some("Audit"),
        "in every state"
    );

    let block = id("Historique des décisions");
    let rows = format!(r#", annotations: [{{id: "{block}", value: {{repetition: 2}}}}]"#);
    let select = "annotations { ... on RepetitionChamp { rows { champs { id label } } } }";
    bench.mutate("dossierModifierAnnotations", 4243, &rows, select).await;
    let body = bench.mutate("dossierModifierAnnotations", 4243, &rows, select).await;
    let rows = body["data"]["p"]["annotations"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "two more each time");
    let cell = rows[3]["champs"][0]["id"].as_str().unwrap();
    let write = format!(r#", annotations: [{{id: "{cell}", value: {{dropDownList: "Rejeté"}}}}]"#);
    let body = bench
        .mutate(
            "dossierModifierAnnotations",
            4243,
            &write,
            "annotations { id ... on DropDownListChamp { value } }",
        )
        .await;
    assert_eq!(body["data"]["p"]["annotations"], json!([{"id": cell, "value": "Rejeté"}]));
}

#[tokio::test]
async fn point_23_exactly_one_known_key() {
    let bench = bench(small()).await;
    let query = "mutation M($input: DossierModifierAnnotationsInput!) { dossierModifierAnnotations(input: $input) { annotations { id } } }";
    let send = async |value: Json| {
        let input = json!({"dossierId": encoded("Dossier-4243"), "instructeurId": encoded("Instructeur-7"), "annotations": [{"id": "x", "value": value}]});
        bench.post(json!({"query": query, "variables": {"input": input}})).await.1
    };
    let explain = |body: &Json| {
        body["errors"][0]["extensions"]["problems"][0]["explanation"].as_str().unwrap_or_default().to_owned()
    };
    let two = send(json!({"text": "a", "textarea": "b"})).await;
    assert_eq!(explain(&two), "'AnnotationValueInput' requires exactly one argument, but 2 were provided.");
    assert_eq!(
        explain(&send(json!({"text": null})).await),
        "'AnnotationValueInput' requires exactly one argument, but 'text' was `null`."
    );
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    let unknown = send(json!({"pieceJustificative": ["x"]})).await;
    assert!(
        first_error(&unknown).contains(
            "annotations.0.value.pieceJustificative (Field is not defined on AnnotationValueInput)"
        ),
        "{unknown}"
    );
    assert!(unknown.get("data").is_none() && unknown["errors"][0]["extensions"].get("code").is_none());
    let literal = bench
        .mutate(
            "dossierModifierAnnotations",
            4243,
            r#", annotations: [{id: "x", value: {text: "a", textarea: "b"}}]"#,
            "annotations { id }",
        )
        .await;
    assert_eq!(literal["errors"][0]["extensions"]["code"], "invalidOneOfInputObject");
}

#[tokio::test]
async fn point_25_attestation_mails_and_notifications() {
    let bench = bench(small()).await;
    let attestation = "{ dossier(number: 4243) { attestation { url } } }";
    let accepted = bench
        .mutate("dossierAccepter", 4243, ", disableNotification: true", "dossier { attestation { url } }")
        .await;
    assert!(accepted["data"]["p"]["dossier"]["attestation"].is_null());
    bench.advance(30);
    let data = bench.data(attestation).await;
    let url = data["dossier"]["attestation"]["url"].as_str().unwrap();
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 200);
    let kinds = |bench: &Bench| {
        bench
            .simulator
            .world()
            .mails
            .iter()
            .filter(|mail| mail.dossier == 4243)
            .map(|mail| mail.kind)
            .collect::<Vec<_>>()
    };
    assert!(!kinds(&bench).contains(&"closed_mail"));
    let world_messages = bench.simulator.world().dossier(4243).unwrap().messages.last().unwrap().body.clone();
    assert!(world_messages.contains("accepté"), "the system message is there all the same");
    bench.mutate("dossierRepasserEnInstruction", 4243, "", "dossier { id }").await;
    assert!(kinds(&bench).contains(&"re_instructed_mail"));

    bench.mutate("dossierEnvoyerMessage", 4243, r#", body: "Un""#, "message { id }").await;
    let gone = bench.mutate("dossierEnvoyerMessage", 4243, r#", body: "Deux""#, "message { id }").await;
    let id = gone["data"]["p"]["message"]["id"].as_str().unwrap();
    bench.advance(240);
    assert!(!kinds(&bench).contains(&"new_message"));
    let who = encoded("Instructeur-7");
    bench.answer(&format!(r#"mutation {{ dossierSupprimerMessage(input: {{messageId: "{id}", instructeurId: "{who}"}}) {{ errors {{ message }} }} }}"#)).await;
    bench.advance(120);
    assert_eq!(kinds(&bench).iter().filter(|kind| **kind == "new_message").count(), 1);
}

#[tokio::test]
async fn point_26_groups_change_mid_flight() {
    let bench = bench(small()).await;
    let agent = async || {
        bench
            .mutate_as(
                "Instructeur-8",
                "dossierBasculeSuivi",
                4243,
                ", follow: true",
                "dossier { instructeurs { email } }",
            )
            .await
    };
    assert!(agent().await["data"]["p"]["errors"].is_null());
    let move_to = |group: u32| {
        let (dossier, group) = (encoded("Dossier-4243"), encoded(&format!("GroupeInstructeur-{group}")));
        format!(
            r#"mutation {{ p: dossierChangerGroupeInstructeur(input: {{dossierId: "{dossier}", groupeInstructeurId: "{group}"}}) {{ dossier {{ groupeInstructeur {{ number }} }} errors {{ message }} }} }}"#
        )
    };
    assert_eq!(
        payload_error(&bench.answer(&move_to(678)).await),
        "Le dossier est déjà avec le groupe instructeur: 'Boréal Certification'"
    );
    assert_eq!(bench.answer(&move_to(679)).await["data"]["p"]["dossier"]["groupeInstructeur"]["number"], 679);
    assert_eq!(payload_error(&agent().await), "L’instructeur n’a pas les droits d’accès à ce dossier");
    let list = "{ a: groupeInstructeur(number: 678) { dossiers { nodes { number } } deletedDossiers { nodes { number } } } b: groupeInstructeur(number: 679) { dossiers { nodes { number } } } }";
    let data = bench.data(list).await;
    assert_eq!(
        (data["a"]["dossiers"]["nodes"].as_array().unwrap().len(), &data["b"]["dossiers"]["nodes"]),
        (2, &json!([{"number": 4243}]))
    );
    assert_eq!(data["a"]["deletedDossiers"]["nodes"], json!([]), "no trace in the group it left");
}
