//! What the platform does by itself or differently from one edition to the other: points 1, 4, 8, 10, 12, 16 to 18, 22, 27, 28.

use super::*;

const SINCE: &str = "updatedSince: \"2020-01-01T00:00:00Z\"";

#[tokio::test]
async fn point_1_stored_queries() {
    let bench = bench(small()).await;
    let ask = async |operation: &str, variables: Json| {
        bench
            .post(json!({"queryId": "ds-query-v2", "operationName": operation, "variables": variables}))
            .await
            .1
    };
    let body = ask("getDossier", json!({"dossierNumber": 4243, "includeMessages": true})).await;
    let dossier = &body["data"]["dossier"];
    assert!(dossier["champs"].is_array() && dossier["messages"].is_array(), "{body}");
    assert_eq!(dossier.get("avis"), None, "what is not included is absent, not null");
    assert!(body.to_string().contains("DropDownListChamp"), "its fragments count");
    let body = ask("getDossier", json!({"dossierNumber": 4243, "includeAnotations": false})).await;
    assert_eq!(body["data"]["dossier"].get("annotations"), None, "the old spelling");
    let page = json!({"demarcheNumber": 12345, "includeDossiers": true, "first": 2, "includeRevisions": true, "includeDeletedDossiers": true});
    let body = ask("getDemarche", page).await;
    assert_eq!(body["data"]["demarche"]["dossiers"]["nodes"].as_array().unwrap().len(), 2, "{body}");
    assert_eq!(body["data"]["demarche"]["revisions"].as_array().unwrap().len(), 1);
    let body = ask(
        "getGroupeInstructeur",
        json!({"groupeInstructeurNumber": 678, "includePendingDeletedDossiers": true}),
    )
    .await;
    assert_eq!(body["data"]["groupeInstructeur"]["label"], "Boréal Certification", "{body}");
    let body =
        ask("getDemarcheDescriptor", json!({"demarche": {"number": 12345}, "includeRevision": true})).await;
    assert!(body["data"]["demarcheDescriptor"]["revision"]["champDescriptors"].is_array(), "{body}");
    assert_eq!(first_error(&ask("getRien", json!({})).await), "No operation named \"getRien\"");

    let input = json!({"dossierId": encoded("Dossier-4243"), "instructeurId": encoded("Instructeur-7"), "body": "Bonjour"});
    let send = json!({"queryId": "ds-mutation-v2", "operationName": "dossierEnvoyerMessage", "variables": {"input": input}});
    bench.simulator.with_world(|world| world.inject(On::Mutation, Fault::BadGateway, 1));
    assert_eq!(bench.post(send.clone()).await.0, 502, "a stored mutation is one");
    assert!(bench.post(send).await.1["data"]["dossierEnvoyerMessage"]["message"]["id"].is_string());
    let unknown = json!({"queryId": "ds-query-v9"});
    assert_eq!(bench.post(unknown.clone()).await.0, 400);
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    assert_eq!(bench.post(unknown).await.0, 500);
}

#[tokio::test]
async fn point_4_editions_and_the_optional_limit_of_complexity() {
    let bench = bench(small()).await;
    let newer = "{ dossier(number: 4243) { dateDerniereModificationChampsParInstructeur champs { prefilledValueModified } } }";
    assert!(bench.data(newer).await["dossier"]["dateDerniereModificationChampsParInstructeur"].is_null());
    bench.simulator.with_world(|world| world.correct_champ(4243, "Usagers sollicités", 12));
    assert!(bench.data(newer).await["dossier"]["dateDerniereModificationChampsParInstructeur"].is_string());
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    assert_eq!(bench.answer(newer).await["errors"][0]["extensions"]["code"], "undefinedField");

    let page = |first: u32| {
        format!("{{ demarche(number: 12345) {{ dossiers(first: {first}) {{ nodes {{ id number }} }} }} }}")
    };
    bench.data(&page(100)).await;
    bench.simulator.with_world(|world| world.max_complexity = Some(100));
    bench.data(&page(10)).await;
    let body = bench.answer(&page(100)).await;
    assert_eq!(first_error(&body), "Query has complexity of 302, which exceeds max complexity of 100");
    assert_eq!(body.get("data"), None);
}

#[tokio::test]
async fn point_7_descending_order_and_revisions() {
    let bench = bench(small()).await;
    let revision = bench.simulator.with_world(|world| world.publish(|_| {}));
    let ask = async |arguments: &str| {
        bench.answer(&format!("{{ demarche(number: 12345) {{ dossiers({arguments}) {{ nodes {{ number }} pageInfo {{ endCursor }} }} }} }}")).await
    };
    let page = ask("first: 2, order: DESC").await["data"]["demarche"]["dossiers"].take();
    assert_eq!(page["nodes"], json!([{"number": 4244}, {"number": 4243}]));
    let cursor = page["pageInfo"]["endCursor"].as_str().unwrap();
    let rest = ask(&format!("order: DESC, after: \"{cursor}\"")).await;
    assert_eq!(rest["data"]["demarche"]["dossiers"]["nodes"], json!([{"number": 4242}]));
    assert_eq!(
        first_error(&ask("last: 1, order: DESC").await),
        "Argument \"last\" is not supported with order \"desc\""
    );
    let id = encoded(&format!("ProcedureRevision-{revision}"));
    let open = ask(&format!("revision: \"{id}\"")).await;
    assert_eq!(open["data"]["demarche"]["dossiers"]["nodes"], json!([{"number": 4242}, {"number": 4243}]));
    assert_eq!(first_error(&ask("minRevision: \"x\"").await), "DossierConnection not found");
}

#[tokio::test]
async fn point_8_an_edit_behind_the_cursors() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| {
        world.edit_late(4242, "Nom de la structure candidate", "Tardif", SignedDuration::from_secs(30));
        world.edit_late(4242, "Usagers sollicités", 77, SignedDuration::from_secs(60));
        world.advance(SignedDuration::from_secs(1));
        world.edit_champ(4243, "Nom de la structure candidate", "À l'heure");
    });
    let page = |after: &str| {
        format!(
            "{{ demarche(number: 12345) {{ dossiers({SINCE}{after}) {{ pageInfo {{ endCursor }} nodes {{ number }} }} }} }}"
        )
    };
    let first = bench.data(&page("")).await["demarche"]["dossiers"].take();
    let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
    let read = "{ dossier(number: 4242) { champs { stringValue } } }";
    bench.advance(35);
    assert!(!bench.data(read).await.to_string().contains("Tardif"), "the second edit holds the first back");
    bench.advance(60);
    let text = bench.data(read).await.to_string();
    assert!(text.contains("Tardif") && text.contains("77"));
    let after = bench.data(&page(&format!(", after: \"{cursor}\""))).await;
    assert_eq!(after["demarche"]["dossiers"]["nodes"], json!([]), "a cursor alone never sees it");
}

#[tokio::test]
async fn point_10_dates_that_depend_on_the_edition() {
    for (edition, moves) in [(Edition::January2026, false), (Edition::September2026, true)] {
        let mut world = small();
        world.edition = edition;
        world.dossiers.get_mut(&4243).unwrap().demandeur =
            Demandeur::Incomplete { siret: "99900037500017".to_owned() };
        world.advance(SignedDuration::from_mins(1));
        let before = world.dossier(4243).unwrap().updated_at;
        world.complete_company(4243, "Agence retrouvée");
        let completed = world.dossier(4243).unwrap().updated_at;
        assert_eq!(completed > before, moves, "a company known late");
        assert!(world.put_label(4243, 3, true));
        assert_eq!(world.dossier(4243).unwrap().updated_at > completed, moves, "a label");
        let bench = bench(world).await;
        let query = "{ dossier(number: 4243) { demandeur { ... on PersonneMorale { entreprise { raisonSociale } } } } }";
        assert_eq!(
            bench.data(query).await["dossier"]["demandeur"]["entreprise"]["raisonSociale"],
            "Agence retrouvée"
        );
    }
}

#[tokio::test]
async fn point_27_labels() {
    let bench = bench(small()).await;
    let put = async |field: &str, label: &str| {
        let query = format!(
            r#"mutation {{ p: {field}(input: {{dossierId: "{}", labelId: "{}"}}) {{ dossier {{ labels {{ name }} }} label {{ id name color }} errors {{ message }} }} }}"#,
            encoded("Dossier-4243"),
            encoded(label)
        );
        bench.answer(&query).await
    };
    let added = put("dossierAjouterLabel", "Label-3").await;
    assert_eq!(
        added["data"]["p"]["label"],
        json!({"id": encoded("Label-3"), "name": "Urgent", "color": "pink_macaron"})
    );
    assert_eq!(added["data"]["p"]["dossier"]["labels"], json!([{"name": "Urgent"}]));
    assert_eq!(
        payload_error(&put("dossierAjouterLabel", "Label-3").await),
        "Ce label est déjà associé au dossier"
    );
    assert_eq!(
        first_error(&put("dossierAjouterLabel", "Label-99").await),
        "DossierAjouterLabelPayload not found"
    );
    assert!(put("dossierSupprimerLabel", "Label-3").await["data"]["p"]["errors"].is_null());
    assert_eq!(
        payload_error(&put("dossierSupprimerLabel", "Label-3").await),
        "Ce label n’est pas associé au dossier"
    );
    let known = bench.data("{ demarche(number: 12345) { labels { name } } }").await;
    assert_eq!(known["demarche"]["labels"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn point_28_english_changes_a_word_of_the_sentence() {
    let bench = bench(small()).await;
    let query = format!(
        r#"mutation {{ p: dossierAccepter(input: {{dossierId: "{}", instructeurId: "{}"}}) {{ errors {{ message }} }} }}"#,
        encoded("Dossier-4244"),
        encoded("Instructeur-7")
    );
    let ask = async |language: &str| {
        let request = bench.client.post(bench.simulator.endpoint()).bearer_auth(TOKEN);
        let request = request.header("Accept-Language", language).body(json!({"query": query}).to_string());
        let text = request.send().await.unwrap().text().await.unwrap();
        payload_error(&serde_json::from_str(&text).unwrap()).to_owned()
    };
    assert_eq!(ask("en-GB").await, "Le dossier est déjà accepted");
    assert_eq!(ask("fr").await, "Le dossier est déjà accepté");
}
