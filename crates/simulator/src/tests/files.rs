//! The host of files: its own faults, uploads and what they are attached to. Points 14 and 24.

use super::*;
use std::time::Duration;

/// The metadata of one file of 4242, its address among them.
async fn organigramme(bench: &Bench) -> Json {
    let query = "{ dossier(number: 4242) { champs { ... on PieceJustificativeChamp { label files { url checksum byteSizeBigInt virusScanResult } } } } }";
    let data = bench.data(query).await;
    let champs = data["dossier"]["champs"].as_array().unwrap().clone();
    champs.into_iter().find(|champ| champ["label"] == "Organigramme").unwrap()["files"][0].take()
}

async fn get(bench: &Bench, url: &str) -> Result<(u16, Vec<u8>), reqwest::Error> {
    let response = bench.client.get(url).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.bytes().await?.to_vec()))
}

#[tokio::test]
async fn faults_of_the_host_of_files() {
    let bench = bench(small()).await;
    let file = organigramme(&bench).await;
    let url = file["url"].as_str().unwrap();
    let (_, whole) = get(&bench, url).await.unwrap();
    let arm = |fault: Fault| bench.simulator.with_world(|world| world.inject(On::File, fault, 1));
    for status in [401, 403, 404, 500] {
        arm(Fault::Status(status));
        assert_eq!(get(&bench, url).await.unwrap().0, status);
    }
    arm(Fault::WrongBytes);
    let (_, wrong) = get(&bench, url).await.unwrap();
    assert!(
        wrong.len() == whole.len()
            && File::new("", "", wrong).checksum() != file["checksum"].as_str().unwrap()
    );
    arm(Fault::Longer(10));
    assert_eq!(get(&bench, url).await.unwrap().1.len(), whole.len() + 10);
    arm(Fault::Truncated);
    assert_eq!(get(&bench, url).await.unwrap().1, whole[..whole.len() / 2]);
    arm(Fault::CutInBody);
    assert!(get(&bench, url).await.is_err());
    arm(Fault::Cut);
    assert!(get(&bench, url).await.is_err());
    arm(Fault::LyingGzip);
    assert!(get(&bench, url).await.is_err(), "a client that believes the header cannot decode the body");
    arm(Fault::Redirect("http://127.0.0.1:9/x".to_owned()));
    assert_eq!(get(&bench, url).await.unwrap().0, 302);
    arm(Fault::NoLength);
    let response = bench.client.get(url).send().await.unwrap();
    assert_eq!((response.content_length(), response.bytes().await.unwrap().to_vec()), (None, whole.clone()));
    arm(Fault::Hang);
    assert!(tokio::time::timeout(Duration::from_millis(200), get(&bench, url)).await.is_err());
    assert_eq!(get(&bench, url).await.unwrap(), (200, whole));
    let counters = bench.simulator.world().counters();
    assert_eq!(
        (counters.downloads, counters.faults),
        (15, 13),
        "thirteen faults, and a good answer before and after"
    );
}

#[tokio::test]
async fn an_endless_file_ends_for_a_careless_test() {
    let bench = bench(small()).await;
    let url = organigramme(&bench).await["url"].as_str().unwrap().to_owned();
    bench.simulator.with_world(|world| world.arm_every(On::File, Fault::Endless(1_000_000)));
    let response = bench.client.get(&url).send().await.unwrap();
    assert_eq!(response.content_length(), None);
    let bytes = response.bytes().await.unwrap();
    assert!(bytes.len() >= 1_000_000 && bytes.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn point_14_big_files_and_the_slow_antivirus() {
    let mut world = small();
    world.scan_delay = Some(SignedDuration::from_mins(10));
    let big = File::new("gros.bin", "application/octet-stream", vec![1, 2, 3]).announced(2_712_286_911);
    world.edit_champ(4242, "Organigramme", big);
    let bench = bench(world).await;
    let file = organigramme(&bench).await;
    assert_eq!(
        (&file["byteSizeBigInt"], &file["virusScanResult"]),
        (&json!("2712286911"), &json!("pending"))
    );
    bench.advance(60);
    let before = bench.updated(4242);
    bench.advance(3600);
    assert_eq!(organigramme(&bench).await["virusScanResult"], "safe");
    assert_eq!(bench.updated(4242), before, "without a date");
    let size =
        "{ dossier(number: 4242) { champs { ... on PieceJustificativeChamp { files { byteSize } } } } }";
    assert!(bench.data(size).await.to_string().contains("2147483647"), "September");
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    assert_eq!(bench.post(json!({"query": size})).await.0, 500, "January");
}

struct Upload {
    url: String,
    headers: Json,
    signed: String,
}

async fn announce(bench: &Bench, bytes: &[u8], checksum: Option<&str>) -> Upload {
    let right = File::new("", "", bytes.to_vec()).checksum();
    let query = format!(
        r#"mutation {{ u: createDirectUpload(input: {{dossierId: "{}", filename: "été.pdf", byteSize: {}, checksum: "{}",
        contentType: "application/pdf"}}) {{ directUpload {{ url headers blobId signedBlobId }} }} }}"#,
        encoded("Dossier-4243"),
        bytes.len(),
        checksum.unwrap_or(&right)
    );
    let slot = bench.data(&query).await["u"]["directUpload"].take();
    Upload {
        url: slot["url"].as_str().unwrap().to_owned(),
        headers: serde_json::from_str(slot["headers"].as_str().unwrap()).unwrap(),
        signed: slot["signedBlobId"].as_str().unwrap().to_owned(),
    }
}

async fn put(bench: &Bench, upload: &Upload, bytes: &[u8]) -> u16 {
    let mut request = bench.client.put(&upload.url).body(bytes.to_vec());
    for (name, value) in upload.headers.as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn point_24_two_steps_and_one_writing() {
    let bench = bench(small()).await;
    let upload = announce(&bench, b"abcd", None).await;
    assert!(upload.url.starts_with(&bench.simulator.files()));
    assert_eq!(upload.headers["ETag"], "e2fc714c4727ee9395f324cd2e7f331f", "the same MD5, in hexadecimal");
    let accept = |signed: &str| format!(r#", motivation: "Oui", justificatif: "{signed}""#);
    let decide = async |signed: &str| {
        bench
            .mutate(
                "dossierAccepter",
                4243,
                &accept(signed),
                "dossier { motivationAttachment { filename url } }",
            )
            .await
    };
    let early = decide(&upload.signed).await;
    assert_eq!(
        payload_error(&early),
        "Le fichier n’a pas été correctement téléversé sur le serveur de stockage"
    );
    let naked = bench.client.put(&upload.url).body("abcd").send().await.unwrap();
    assert_eq!(naked.status(), 403, "without the headers; the path stays open");
    assert_eq!(put(&bench, &upload, b"abcd").await, 201);
    assert_eq!(put(&bench, &upload, b"abcd").await, 403, "once only");
    let done = decide(&upload.signed).await;
    let joined = &done["data"]["p"]["dossier"]["motivationAttachment"];
    assert_eq!(joined["filename"], "été.pdf");
    let (_, bytes) = get(&bench, joined["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(bytes, b"abcd");
    assert_eq!(bench.simulator.world().counters().uploads, 3);
}

#[tokio::test]
async fn point_24_wrong_bytes_old_ids_and_read_only_tokens() {
    let bench = bench(small()).await;
    let send = async |signed: &str| {
        bench
            .mutate(
                "dossierEnvoyerMessage",
                4243,
                &format!(r#", body: "Voici", attachment: "{signed}""#),
                "message { attachments { checksum } }",
            )
            .await
    };
    let wrong = announce(&bench, b"abcd", Some("AAAAAAAAAAAAAAAAAAAAAA==")).await;
    assert_eq!(put(&bench, &wrong, b"abcd").await, 201, "nobody looks yet");
    assert_eq!(payload_error(&send(&wrong.signed).await), "Le hash du fichier téléversé est invalide");
    let right = announce(&bench, b"abcd", None).await;
    put(&bench, &right, b"abcd").await;
    let sent = send(&right.signed).await;
    assert_eq!(
        sent["data"]["p"]["message"]["attachments"][0]["checksum"],
        File::new("", "", b"abcd".to_vec()).checksum()
    );
    bench.advance(3700);
    assert_eq!(payload_error(&send(&right.signed).await), "L’identifiant du fichier téléversé est invalide");
    assert_eq!(put(&bench, &announce(&bench, b"ef", None).await, b"ef").await, 201);

    let query = format!(
        r#"mutation {{ createDirectUpload(input: {{dossierId: "{}", filename: "a", byteSize: 1, checksum: "", contentType: "a/b"}}) {{ directUpload {{ url }} }} }}"#,
        encoded("Dossier-4243")
    );
    bench.simulator.with_world(|world| world.tokens[0].write = false);
    assert_eq!(bench.answer(&query).await["errors"][0]["extensions"]["code"], "unauthorized");
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    let january = bench.answer(&query).await;
    assert_eq!(
        first_error(&january),
        "Cannot return null for non-nullable field CreateDirectUploadPayload.directUpload"
    );
    assert_eq!(january["data"], json!({"createDirectUpload": null}));
}

#[tokio::test]
async fn point_23_september_joins_files_to_annotations() {
    let bench = bench(small()).await;
    let id = champ_id(&bench.simulator.world(), Side::Annotations, "Grille d'audit");
    for bytes in [b"ab", b"cd"] {
        let upload = announce(&bench, bytes, None).await;
        put(&bench, &upload, bytes).await;
        let write = format!(
            r#", annotations: [{{id: "{id}", value: {{pieceJustificative: ["{}"]}}}}]"#,
            upload.signed
        );
        let body = bench.mutate("dossierModifierAnnotations", 4243, &write, "annotations { id }").await;
        assert!(body["data"]["p"]["errors"].is_null(), "{body}");
    }
    let Some(Value::Files(files)) = bench.simulator.world().annotation(4243, "Grille d'audit") else {
        panic!()
    };
    assert_eq!(
        files.iter().map(|file| file.bytes.clone()).collect::<Vec<_>>(),
        [b"ab", b"cd"],
        "they add up"
    );
}
