//! Pages, cursors, dates and what changes them: points 7 to 11.

use super::*;

fn page(arguments: &str) -> String {
    let given = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
    format!(
        "{{ demarche(number: 12345) {{ dossiers{given} {{ pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} \
         edges {{ cursor node {{ number }} }} }} }} }}"
    )
}

const SINCE: &str = "updatedSince: \"2020-01-01T00:00:00Z\"";

async fn numbers(bench: &Bench, arguments: &str) -> Vec<u64> {
    let data = bench.data(&page(arguments)).await;
    data["demarche"]["dossiers"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["number"].as_u64().unwrap())
        .collect()
}

async fn info(bench: &Bench, arguments: &str) -> Json {
    bench.data(&page(arguments)).await["demarche"]["dossiers"]["pageInfo"].take()
}

#[tokio::test]
async fn point_7_cursors_are_keysets_on_the_column_of_the_query() {
    let bench = bench(World::new(noon())).await;
    bench.simulator.with_world(|world| {
        for _ in 0..3 {
            world.deposit(Deposit::new("99900037500017", "Essai", "a@a.example"));
            world.advance(SignedDuration::from_mins(10));
        }
        world.edit_champ(4242, "Nom de la structure candidate", "Nouveau nom");
    });
    assert_eq!(numbers(&bench, SINCE).await, [4243, 4244, 4242], "by modification");
    assert_eq!(numbers(&bench, "").await, [4242, 4243, 4244], "by deposit");
    let first = info(&bench, &format!("first: 1, {SINCE}")).await;
    let cursor = first["endCursor"].as_str().unwrap();
    let (at, number) = super::super::ids::read_cursor(cursor).ok().unwrap();
    assert_eq!((at, number), (bench.updated(4243), 4243), "to the microsecond");
    assert!(!cursor.contains(['=', '+', '/']));
    assert_eq!(first["hasPreviousPage"], false);
    assert_eq!(numbers(&bench, &format!("first: 1, {SINCE}, after: \"{cursor}\"")).await, [4244]);
    let rest = info(&bench, &format!("first: 1, {SINCE}, after: \"{cursor}\"")).await;
    assert_eq!((&rest["hasNextPage"], &rest["hasPreviousPage"]), (&json!(true), &json!(true)));
    let last = info(&bench, SINCE).await["endCursor"].as_str().unwrap().to_owned();
    let empty = info(&bench, &format!("{SINCE}, after: \"{last}\"")).await;
    assert_eq!(
        empty,
        json!({"hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null})
    );
    assert_eq!(
        numbers(&bench, &format!("last: 2, {SINCE}")).await,
        [4244, 4242],
        "the last ones, in ascending order"
    );
    assert_eq!(numbers(&bench, &format!("first: 1, {SINCE}, before: \"{last}\"")).await, [4244]);
    assert_eq!(numbers(&bench, "first: -1").await, Vec::<u64>::new());
}

#[tokio::test]
async fn point_7_exclusive_arguments_bad_cursors_and_the_silent_cap() {
    let bench = bench(Scenario::named("lot", 5, 120).unwrap().world()).await;
    assert_eq!(numbers(&bench, "first: 5000").await.len(), 100);
    assert_eq!(numbers(&bench, "").await.len(), 100);
    assert_eq!(
        first_error(&bench.answer(&page("first: 1, last: 1")).await),
        "Arguments \"first\" and \"last\" are exclusive"
    );
    assert_eq!(
        first_error(&bench.answer(&page("after: \"YQ\", before: \"YQ\"")).await),
        "Arguments \"before\" and \"after\" are exclusive"
    );
    let (status, body) = bench.post(json!({"query": page("after: \"YQ\"")})).await;
    assert_eq!((status, body["errors"][0]["extensions"]["code"].as_str()), (400, Some("bad_request")));
    assert!(first_error(&bench.answer(&page("after: \"é\"")).await).starts_with("Invalid input"));
}

#[tokio::test]
async fn point_8_moved_tied_and_late_dossiers() {
    let bench = bench(World::new(noon())).await;
    bench.simulator.with_world(|world| {
        for _ in 0..3 {
            world.deposit(Deposit::new("99900037500017", "Essai", "a@a.example"));
        }
        let tie = world.dossiers[&4243].updated_at;
        world.dossiers.get_mut(&4244).unwrap().updated_at = tie;
        world.advance(SignedDuration::from_mins(1));
    });
    let cursor = info(&bench, &format!("first: 2, {SINCE}")).await["endCursor"].as_str().unwrap().to_owned();
    assert_eq!(
        numbers(&bench, &format!("{SINCE}, after: \"{cursor}\"")).await,
        [4244],
        "nothing is lost on a tie"
    );
    bench.simulator.with_world(|world| world.edit_champ(4242, "Nom de la structure candidate", "X"));
    assert_eq!(
        numbers(&bench, &format!("{SINCE}, after: \"{cursor}\"")).await,
        [4244, 4242],
        "the modified one comes again"
    );
    // 4242 changes again, uncommitted, while 4243 changes after it and is read.
    bench.simulator.with_world(|world| {
        world.commit_later(SignedDuration::from_secs(30), |world| {
            world.edit_champ(4242, "Nom de la structure candidate", "Y")
        });
        world.advance(SignedDuration::from_secs(1));
        world.edit_champ(4243, "Nom de la structure candidate", "Z");
    });
    let cursor = info(&bench, SINCE).await["endCursor"].as_str().unwrap().to_owned();
    let read = "{ dossier(number: 4242) { champs { label stringValue } } }";
    assert!(bench.data(read).await.to_string().contains("\"X\""), "not committed yet");
    bench.advance(60);
    assert!(
        numbers(&bench, &format!("{SINCE}, after: \"{cursor}\"")).await.is_empty(),
        "a cursor alone misses the late commit"
    );
    assert!(bench.data(read).await.to_string().contains("\"Y\""));
}

#[tokio::test]
async fn point_9_dates_follow_paris_and_numbers_have_their_form() {
    let bench = bench(World::new("2027-03-28T00:59:59Z".parse().unwrap())).await;
    bench.simulator.with_world(|world| {
        world.deposit(Deposit::new("99900037500017", "Essai", "a@a.example"));
        world.advance(SignedDuration::from_secs(1));
        let mut second = Deposit::new("99900037500017", "Essai", "a@a.example");
        second.champs =
            vec![("Usagers sollicités", 1400.into()), ("Note de l'enquête usagers", Value::decimal("79.97"))];
        world.deposit(second);
    });
    let dates = bench.data("{ demarche(number: 12345) { dossiers { nodes { dateDepot } } } }").await;
    let nodes = &dates["demarche"]["dossiers"]["nodes"];
    assert_eq!(
        (nodes[0]["dateDepot"].as_str(), nodes[1]["dateDepot"].as_str()),
        (Some("2027-03-28T01:59:59+01:00"), Some("2027-03-28T03:00:00+02:00"))
    );
    let champs = bench.data("{ dossier(number: 4243) { champs { ... on IntegerNumberChamp { integer: value } ... on DecimalNumberChamp { decimal: value } } } }").await;
    let champs = champs["dossier"]["champs"].as_array().unwrap();
    assert!(
        champs.iter().any(|champ| champ["integer"] == "1400")
            && champs.iter().any(|champ| champ["decimal"] == json!(79.97))
    );
}

#[tokio::test]
async fn point_10_what_moves_the_date_of_a_dossier() {
    let bench = bench(small()).await;
    bench.advance(60);
    let id = champ_id(&bench.simulator.world(), Side::Annotations, "[auto] Prochaine échéance");
    let write = format!(r#", annotations: [{{id: "{id}", value: {{text: "Audit"}}}}]"#);
    let before = bench.updated(4243);
    assert!(bench.mutate("dossierModifierAnnotations", 4243, &write, "annotations { id }").await["data"]["p"]["errors"].is_null());
    let written = bench.updated(4243);
    assert!(written > before, "own writes bump");
    bench.advance(60);
    bench.mutate("dossierModifierAnnotations", 4243, &write, "annotations { id }").await;
    assert_eq!(bench.updated(4243), written, "the same value does not");

    bench.simulator.with_world(|world| world.annotate(4243, "[auto] Prochaine échéance", "Audit"));
    assert!(bench.updated(4243) > written, "the same value by another hand does");

    let block = champ_id(&bench.simulator.world(), Side::Annotations, "Historique des décisions");
    let row = format!(r#", annotations: [{{id: "{block}", value: {{repetition: 1}}}}]"#);
    let before = bench.updated(4243);
    bench.mutate("dossierModifierAnnotations", 4243, &row, "annotations { id }").await;
    assert_eq!(bench.updated(4243), before, "an empty row does not");

    let count = bench.simulator.world().dossier(4242).unwrap().messages.len();
    bench.mutate("dossierPasserEnInstruction", 4242, ", disableNotification: true", "dossier { id }").await;
    let world = bench.simulator.world();
    let dossier = world.dossier(4242).unwrap();
    assert_eq!(dossier.messages.len(), count + 1, "a system message on each change of state");
    assert_eq!(dossier.messages.last().unwrap().created_at, dossier.updated_at);
}

#[tokio::test]
async fn point_10_attachments_bump_twice_attestations_never() {
    let bench = bench(small()).await;
    bench
        .simulator
        .with_world(|world| world.edit_champ(4242, "Plan de formation", File::pdf("plan.pdf", "Plan")));
    let first = bench.updated(4242);
    bench.advance(60);
    assert_eq!(bench.updated(4242), first + SignedDuration::from_secs(20));
    bench.mutate("dossierAccepter", 4243, "", "dossier { id attestation { url } }").await;
    let decided = bench.updated(4243);
    bench.advance(60);
    assert_eq!(bench.updated(4243), decided);
}

#[tokio::test]
async fn point_11_whose_edits_move_which_date() {
    let bench = bench(small()).await;
    let dates = |bench: &Bench| {
        let world = bench.simulator.world();
        let dossier = world.dossier(4243).unwrap();
        (dossier.champs_at, dossier.annotations_at)
    };
    let (champs, annotations) = dates(&bench);
    let id = champ_id(&bench.simulator.world(), Side::Annotations, "[auto] Prochaine échéance");
    let write = format!(r#", annotations: [{{id: "{id}", value: {{text: "Audit"}}}}]"#);
    bench.mutate("dossierModifierAnnotations", 4243, &write, "annotations { id }").await;
    assert_eq!(dates(&bench), (champs, annotations), "the API moves neither");
    bench
        .simulator
        .with_world(|world| world.annotate(4243, "Date du contrat", jiff::civil::date(2027, 5, 2)));
    let (same, moved) = dates(&bench);
    assert!(same == champs && moved > annotations);
    bench.simulator.with_world(|world| world.edit_champ(4243, "Usagers sollicités", 12));
    assert!(dates(&bench).0 > champs && dates(&bench).1 == moved);
}

#[tokio::test]
async fn deletions_by_three_paths_and_a_return() {
    let bench = bench(small()).await;
    let query = "{ demarche(number: 12345) { dossiers { nodes { number } } pendingDeletedDossiers { nodes { id number reason } } \
        deletedDossiers { nodes { id number reason dateSupression } } } }";
    bench.simulator.with_world(|world| {
        world.delete(4242, Deletion::ByUser);
        world.delete(4243, Deletion::Expired);
        world.delete(4244, Deletion::ByInstructeur);
    });
    let read = bench.data(query).await["demarche"].take();
    assert_eq!(read["dossiers"]["nodes"], json!([]));
    let pending = read["pendingDeletedDossiers"]["nodes"].as_array().unwrap().clone();
    assert_eq!(
        pending.iter().map(|one| one["number"].as_u64().unwrap()).collect::<Vec<_>>(),
        [4242, 4244],
        "expiry is in neither list"
    );
    assert_eq!(pending[0]["id"], encoded("DeletedDossier-4242"));
    bench.simulator.with_world(|world| world.restore(4244));
    bench.advance(15 * 24 * 3600);
    let read = bench.data(query).await["demarche"].take();
    assert_eq!(read["dossiers"]["nodes"], json!([{"number": 4244}]));
    let erased = read["deletedDossiers"]["nodes"].as_array().unwrap();
    assert_eq!(erased.len(), 2);
    let user = erased.iter().find(|one| one["number"] == 4242).unwrap();
    assert!(
        user["dateSupression"].as_str().unwrap().starts_with("2027-06-01"),
        "the old date of the user's own deletion"
    );
    assert_ne!(user["id"], pending[0]["id"]);
    assert!(erased.iter().any(|one| one["number"] == 4243 && one["reason"] == "expired"));
}
