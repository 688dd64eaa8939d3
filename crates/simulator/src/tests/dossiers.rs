//! What one dossier shows: points 13 to 15 and 17.

use super::*;

#[tokio::test]
async fn point_13_types_depend_on_the_fragments_of_the_text() {
    let bench = bench(small()).await;
    let kind = |data: &Json, label: &str| {
        let all = data["dossier"]["annotations"]
            .as_array()
            .unwrap()
            .iter()
            .chain(data["dossier"]["champs"].as_array().unwrap());
        all.filter(|champ| champ["label"] == label)
            .map(|champ| champ["__typename"].as_str().unwrap().to_owned())
            .next()
            .unwrap()
    };
    let select = |fragments: &str| {
        format!(
            "{{ dossier(number: 4243) {{ champs {{ __typename label {fragments} }} annotations {{ __typename label }} }} }}"
        )
    };
    let data = bench.data(&select("")).await;
    for (label, fallback) in [
        ("Département", "TextChamp"),
        ("Type de demande", "TextChamp"),
        ("Votre service", "TextChamp"),
        ("Contrat de prestations signé", "CheckboxChamp"),
        ("[auto] Mis à jour le", "DateChamp"),
    ] {
        assert_eq!(kind(&data, label), fallback);
    }
    let fragments = "... on DropDownListChamp { id } ... on DepartementChamp { departement { code } } ... on HeaderSectionChamp { id } \
        ... on YesNoChamp { id } ... on DatetimeChamp { id }";
    let data = bench.data(&select(fragments)).await;
    for (label, concrete) in [
        ("Département", "DepartementChamp"),
        ("Type de demande", "DropDownListChamp"),
        ("Votre service", "HeaderSectionChamp"),
        ("Contrat de prestations signé", "YesNoChamp"),
        ("[auto] Mis à jour le", "DatetimeChamp"),
    ] {
        assert_eq!(kind(&data, label), concrete);
    }
}

#[tokio::test]
async fn point_13_incomplete_companies_and_poisoned_nodes() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| {
        world.dossiers.get_mut(&4243).unwrap().demandeur =
            Demandeur::Incomplete { siret: "99900037500017".to_owned() };
    });
    let with = "{ dossier(number: 4243) { demandeur { __typename ... on PersonneMorale { siegeSocial } ... on PersonneMoraleIncomplete { siret } } } }";
    assert_eq!(
        bench.data(with).await["dossier"]["demandeur"],
        json!({"__typename": "PersonneMoraleIncomplete", "siret": "99900037500017"})
    );
    let body = bench
        .answer("{ dossier(number: 4243) { demandeur { ... on PersonneMorale { siegeSocial } } } }")
        .await;
    assert_eq!(first_error(&body), "Cannot return null for non-nullable field PersonneMorale.siegeSocial");
    assert_eq!(
        (&body["errors"][0]["path"], &body["data"]),
        (&json!(["dossier", "demandeur", "siegeSocial"]), &Json::Null)
    );

    bench.simulator.with_world(|world| world.dossiers.get_mut(&4243).unwrap().poisoned = true);
    let body = bench.answer("{ perimetre: demarche(number: 12345) { dossiers { nodes { number champs { id } } edges { node { number } } } } }").await;
    let nodes = &body["data"]["perimetre"]["dossiers"]["nodes"];
    assert_eq!(
        (&nodes[0]["number"], &nodes[1], &nodes[2]["number"]),
        (&json!(4242), &Json::Null, &json!(4244))
    );
    assert_eq!(body["data"]["perimetre"]["dossiers"]["edges"][1]["node"]["number"], 4243);
    assert_eq!(body["errors"][0]["path"], json!(["perimetre", "dossiers", "nodes", 1, "champs"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "invalid_null");
}

#[tokio::test]
async fn point_14_files_live_elsewhere_for_an_hour() {
    let bench = bench(small()).await;
    let query = "{ dossier(number: 4242) { pdf { byteSizeBigInt checksum virusScanResult } champs { ... on PieceJustificativeChamp { label files { \
        filename url checksum virusScanResult byteSizeBigInt } } } } }";
    let data = bench.data(query).await["dossier"].take();
    assert_eq!(data["pdf"], json!({"byteSizeBigInt": "0", "checksum": "", "virusScanResult": "pending"}));
    let file = data["champs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|champ| champ["label"] == "Organigramme")
        .unwrap()["files"][0]
        .clone();
    assert_eq!(
        (file["filename"].as_str(), file["virusScanResult"].as_str()),
        (Some("organigramme été.pdf"), Some("safe"))
    );
    let url = file["url"].as_str().unwrap();
    assert!(
        url.starts_with(&bench.simulator.files())
            && !bench.simulator.endpoint().starts_with(&bench.simulator.files())
    );
    let bytes = bench.client.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(
        bytes.starts_with(b"%PDF-")
            && file["byteSizeBigInt"].as_str() == Some(bytes.len().to_string().as_str())
    );
    assert_eq!(file["checksum"], File::new("", "", bytes.to_vec()).checksum());
    let forged = url.replace("temp_url_sig=", "temp_url_sig=0");
    assert_eq!(bench.client.get(forged).send().await.unwrap().status(), 403);
    bench.simulator.with_world(|world| world.rewrite_file(4242, "Organigramme", b"rewritten".to_vec()));
    assert!(
        !bench.data(query).await.to_string().contains(file["checksum"].as_str().unwrap()),
        "the platform rewrites images"
    );
    bench.advance(3601);
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn point_14_pending_files_become_safe_or_vanish() {
    let bench = bench(small()).await;
    let later = bench.simulator.world().now() + SignedDuration::from_mins(30);
    bench.simulator.with_world(|world| {
        let files = vec![
            File::pdf("bon.pdf", "a").scanned_at(later, false),
            File::pdf("virus.pdf", "b").scanned_at(later, true),
        ];
        world.edit_champ(4242, "Plan de formation", Value::Files(files));
    });
    bench.advance(60);
    let query = "{ dossier(number: 4242) { champs { ... on PieceJustificativeChamp { label files { filename virusScanResult } } } } }";
    let files = |data: Json| {
        data["dossier"]["champs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|champ| champ["label"] == "Plan de formation")
            .unwrap()["files"]
            .clone()
    };
    assert_eq!(
        files(bench.data(query).await)[1],
        json!({"filename": "virus.pdf", "virusScanResult": "pending"})
    );
    let before = bench.updated(4242);
    bench.advance(3600);
    assert_eq!(files(bench.data(query).await), json!([{"filename": "bon.pdf", "virusScanResult": "safe"}]));
    assert_eq!(bench.updated(4242), before, "no bump");
}

#[tokio::test]
async fn point_15_conditions_rows_blanks_and_french_dates() {
    let bench = bench(small()).await;
    let query = "{ dossier(number: 4244) { champs { label stringValue } annotations { label stringValue ... on RepetitionChamp { rows { id champs { \
        id champDescriptorId label stringValue } } } } } }";
    let data = bench.data(query).await["dossier"].take();
    let text = |side: &str, label: &str| {
        data[side]
            .as_array()
            .unwrap()
            .iter()
            .find(|champ| champ["label"] == label)
            .map(|champ| champ["stringValue"].clone())
    };
    assert_eq!(text("champs", "Nombre de services locaux"), None, "hidden by its condition");
    assert_eq!(text("champs", "Usagers sollicités"), Some(json!("")), "present though unfilled");
    assert_eq!(text("champs", "Date de l'autodiagnostic"), Some(json!("1 mars 2027")));
    let block = data["annotations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|champ| champ["label"] == "Historique des décisions")
        .unwrap();
    let (row, cell) = (&block["rows"][0], &block["rows"][0]["champs"][0]);
    let (kind, ulid) = super::super::ids::parse(row["id"].as_str().unwrap()).unwrap();
    let (_, id) = super::super::ids::parse(cell["id"].as_str().unwrap()).unwrap();
    let (_, column) = super::super::ids::parse(cell["champDescriptorId"].as_str().unwrap()).unwrap();
    assert_eq!((kind.as_str(), ulid.len(), id), ("Row", 26, format!("{column}|{ulid}")));
    bench.simulator.with_world(|world| world.edit_champ(4244, "Type de service", "Service central"));
    assert!(bench.data(query).await.to_string().contains("Nombre de services locaux"));
    let id = champ_id(&bench.simulator.world(), Side::Champs, "Dossier précédent");
    let one = bench.data(&format!("{{ dossier(number: 4244) {{ champs(id: \"{id}\") {{ label }} none: champs(id: \"Q2hhbXAtMQ==\") {{ id }} }} }}")).await;
    assert_eq!(
        one["dossier"],
        json!({"champs": [{"label": "Dossier précédent"}], "none": []}),
        "asked by id, conditions do not count"
    );
}

#[tokio::test]
async fn point_15_a_type_nobody_knows_yet() {
    let bench = bench(small()).await;
    let fault = Fault::Rewrite { from: "\"TextChamp\"".to_owned(), to: "\"AnnuaireChamp\"".to_owned() };
    bench.simulator.with_world(|world| world.inject(On::Query, fault, 1));
    assert!(
        bench
            .answer("{ dossier(number: 4242) { champs { __typename } } }")
            .await
            .to_string()
            .contains("AnnuaireChamp")
    );
}

#[tokio::test]
async fn point_17_messages_only_grow() {
    let bench = bench(small()).await;
    let sent = bench
        .mutate("dossierEnvoyerMessage", 4243, r#", body: "Bonjour""#, "message { id body email }")
        .await;
    let id = sent["data"]["p"]["message"]["id"].as_str().unwrap().to_owned();
    assert_eq!(sent["data"]["p"]["message"]["email"], INSTRUCTEUR_EMAIL);
    bench.simulator.with_world(|world| world.say(4243, "contact@service.example", "Merci"));
    let query = "{ dossier(number: 4243) { messages { email body discardedAt } } }";
    let count = bench.data(query).await["dossier"]["messages"].as_array().unwrap().len();
    let delete = format!(
        r#"mutation {{ p: dossierSupprimerMessage(input: {{messageId: "{id}", instructeurId: "{}"}}) {{ message {{ discardedAt }} errors {{ message }} }} }}"#,
        encoded("Instructeur-7")
    );
    assert!(bench.answer(&delete).await["data"]["p"]["message"]["discardedAt"].is_string());
    assert_eq!(payload_error(&bench.answer(&delete).await), "Le message ne peut pas être supprimé");
    let messages = bench.data(query).await["dossier"]["messages"].take();
    let messages = messages.as_array().unwrap();
    assert_eq!(messages.len(), count);
    assert!(messages.iter().any(|one| one["body"] == "" && one["discardedAt"].is_string()));
    assert!(messages[0]["body"].as_str().unwrap().starts_with("<p>["), "the platform speaks HTML");
}
