use super::*;
use serde_json::json;

/// Runs one case given as JSON text.
fn one(case: &str) -> CaseOutcome {
    run(&format!("{{\"cases\": [{case}]}}"), &Choices::default()).unwrap().remove(0)
}

fn error(case: &str) -> String {
    match one(case).result {
        CaseResult::Error(sentence) => sentence,
        other => panic!("{case}: {other:?}"),
    }
}

fn case(kind: &str, input: serde_json::Value, expected: serde_json::Value) -> CaseOutcome {
    one(&json!({ "id": "T", "kind": kind, "input": input, "expected": expected }).to_string())
}

#[test]
fn a_document_without_cases_is_refused() {
    for bad in ["", "[]", "{}", "{\"cases\": 3}", "{\"cases\": [", "null"] {
        assert!(run(bad, &Choices::default()).is_err(), "{bad}");
    }
    assert_eq!(run("{\"cases\": []}", &Choices::default()), Ok(vec![]));
}

#[test]
fn an_error_names_the_case_and_the_field() {
    assert_eq!(
        error(r#"{"id": "X-1", "kind": "tarot", "input": {}, "expected": {}}"#),
        "Cas X-1 : champ « kind » : genre de cas inconnu, reçu \"tarot\"."
    );
    assert_eq!(
        error(
            r#"{"id": "X-2", "kind": "central_supplement", "input": {"audites": -1, "labellises": 0}, "expected": {}}"#
        ),
        "Cas X-2 : champ « input.audites » : nombre entier positif ou nul attendu, reçu -1."
    );
    assert_eq!(
        error(r#"{"kind": "validite_label", "input": {}, "expected": {}}"#),
        "Cas no 1 : champ « input.obtention » : date AAAA-MM-JJ attendue, mais le champ est absent."
    );
    assert!(error("3").contains("objet attendu"));
    assert!(error(r#"{"kind": null}"#).contains("« kind »"));
    assert!(
        error(r#"{"kind": "validite_label", "input": {"obtention": "2028-02-29"}}"#).contains("« expected »")
    );
}

#[test]
fn dates_outside_the_calendar_are_refused() {
    for bad in [
        "2027-02-29",
        "2027-13-01",
        "20270101",
        "2027-1-1",
        "9999-12-31",
        "-009999-01-01",
        "2027-01-01T00:00Z",
        "",
    ] {
        let case = json!({ "kind": "validite_label", "input": { "obtention": bad }, "expected": {} });
        assert!(error(&case.to_string()).contains("« input.obtention » : date"), "{bad}");
    }
}

#[test]
fn a_difference_is_shown_field_by_field() {
    let outcome = case(
        "central_supplement",
        json!({ "audites": 10, "labellises": 6 }),
        json!({ "labellises_requis": 8, "manque": 3, "supplements_denominateur_total": 6, "autre": 1 }),
    );
    let difference = |path: &str, expected: &str, found: &str| Difference {
        path: path.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    let expected = vec![
        difference("manque", "3", "2"),
        difference("supplements_denominateur_fixe", "(rien)", "2"),
        difference("autre", "1", "null"),
    ];
    assert_eq!(outcome.result, CaseResult::Mismatch(expected));
}

#[test]
fn reasons_are_compared_as_sets_but_all_of_them() {
    let input = json!({ "enquetes": [{ "sollicites": 1000, "recevables": 49 }] });
    let with = |reasons: &[&str]| {
        let expected = json!([{ "taux": "49/1000", "valide": false, "motifs": reasons }]);
        case("enquete_usagers_validite", input.clone(), expected).result
    };
    assert_eq!(with(&["taux_5", "minimum_50"]), CaseResult::Pass);
    for wrong in [&["taux_5"][..], &["taux_5", "taux_5"], &["taux_5", "minimum_50", "taux_5"], &[]] {
        assert!(matches!(with(wrong), CaseResult::Mismatch(_)), "{wrong:?}");
    }
}

#[test]
fn decimals_are_never_read_as_binary_floats() {
    let marks = |users: &str| {
        format!(
            r#"{{"kind": "palier_local", "input": {{"engagements": [80,80,80,80,80,80,80,80.0], "criteres_or": 80,
            "agents": 80, "usagers": {users}}}, "expected": {{"palier": "argent", "limitants": ["usagers"]}}}}"#
        )
    };
    assert_eq!(one(&marks("89.99999999999999999999")).result, CaseResult::Pass);
    assert_eq!(one(&marks("\"89,99\"")).result, CaseResult::Pass);
    assert!(matches!(one(&marks("90.00000000000000000000")).result, CaseResult::Mismatch(_)));
    assert!(error(&marks("1e400")).contains("« input.usagers »"));
    assert!(error(&marks("100.01")).contains("note de 0 à 100"));
}

#[test]
fn nothing_divides_by_zero() {
    let users = json!({ "enquetes": [{ "sollicites": 0, "recevables": 0 }, { "sollicites": 0, "recevables": 60 }, { "sollicites": null, "recevables": 60 }] });
    let expected = json!([
        { "taux": null, "valide": false, "motifs": ["minimum_50", "taux_5"] },
        { "taux": null, "valide": false, "motifs": ["taux_5"] },
        { "taux": null, "valide": false, "motifs": ["taux_5"] },
    ]);
    assert_eq!(case("enquete_usagers_validite", users, expected).result, CaseResult::Pass);
    let staff = json!({ "tranche": "moins_de_50", "recevables_requis": 0, "taux": null, "valide": false, "motifs": ["taux"], "alertes": [] });
    let input = json!({ "agents_concernes": 0, "recevables": 0 });
    assert_eq!(case("enquete_agents_validite", input, staff).result, CaseResult::Pass);
    let empty = json!({ "score": null, "affichage": null, "palier_composante": null });
    assert_eq!(case("score_engagement", json!({ "points": [] }), empty).result, CaseResult::Pass);
}

#[test]
fn a_share_of_nothing_is_not_reached() {
    let input = |audites: u8, points: [u8; 2]| {
        let [valides, total] = points;
        json!({ "n_locaux": 4, "audites": audites, "labellises": { "bronze": audites, "argent": 0, "or": 0 },
            "points_valides": valides, "points_total": total, "autodiagnostics_fournis": 4 })
    };
    let refused = |sample: u8, required: u8, reasons: &[&str]| json!({ "echantillon_min": sample, "labellises_requis": required, "labellisable": false, "motifs": reasons });
    let empty_grid = case("central_attribution", input(2, [0, 0]), refused(2, 2, &["points_controle_75"]));
    assert_eq!(empty_grid.result, CaseResult::Pass);
    let nobody = case("central_attribution", input(0, [3, 4]), refused(2, 0, &["echantillon_insuffisant"]));
    assert_eq!(nobody.result, CaseResult::Pass);
}

#[test]
fn what_the_central_follow_up_lists() {
    let input = |held: &str, bronze: u8, points: u8| {
        json!({ "palier_detenu": held, "audites": 4, "labellises": { "bronze": bronze, "argent": 0, "or": 0 },
            "points_valides": points, "points_total": 4 })
    };
    let expected = |issues: &[&str], tier: &str, alerts: &[&str]| json!({ "issues": issues, "palier": tier, "alertes": alerts });
    let both = expected(&["plan_actions", "locaux_supplementaires"], "argent", &[]);
    assert_eq!(case("central_suivi", input("argent", 2, 2), both).result, CaseResult::Pass);
    let lower = expected(&["confirme"], "argent", &["majorite_inferieure"]);
    assert_eq!(case("central_suivi", input("argent", 3, 3), lower).result, CaseResult::Pass);
}

#[test]
fn neutral_questions_are_named_and_dropped() {
    let neutral = json!({ "0": 0, "0.25": 0, "0.75": 0, "1": 0, "nc": 9 });
    let full = json!({ "0": 0, "0.25": 0, "0.75": 0, "1": 9, "nc": 0 });
    let mut questions = serde_json::Map::new();
    for group in ["1", "2", "3", "4", "5", "7"] {
        questions.insert(group.to_owned(), json!([full, full]));
    }
    questions.insert("3".to_owned(), json!([neutral, full]));
    for group in ["6", "8", "satisfaction"] {
        questions.insert(group.to_owned(), json!([full]));
    }
    questions.insert("8".to_owned(), json!([neutral]));
    let notes = json!({ "1": "100", "2": "100", "3": "100", "4": "100", "5": "100", "6": "100", "7": "100", "8": null, "satisfaction": "100" });
    let expected = |neutral: serde_json::Value| json!({ "notes": notes, "note_globale": "100", "affichage": "100.00", "palier_composante": "or", "questions_neutralisees": neutral });
    let input = json!({ "questions": questions });
    for named in [json!(["3.1", "8.1"]), json!(["8", "3-1"])] {
        assert_eq!(case("enquete_usagers_note", input.clone(), expected(named)).result, CaseResult::Pass);
    }
    let wrong = case("enquete_usagers_note", input, expected(json!(["3.2", "8"]))).result;
    assert!(
        matches!(wrong, CaseResult::Mismatch(differences) if differences[0].path == "questions_neutralisees")
    );
    let all = json!({ "questions": vec![neutral; 11] });
    let nothing = json!({ "note_globale": null, "affichage": null, "palier_composante": "aucun", "questions_neutralisees": (1..=11).collect::<Vec<_>>() });
    assert_eq!(case("enquete_agents_note", all, nothing).result, CaseResult::Pass);
}

#[test]
fn the_table_fits_in_a_hundred_columns() {
    let long = "é".repeat(300);
    let wrong = json!({ "id": long, "kind": "validite_label", "title": long, "input": { "obtention": long }, "expected": {} });
    let outcomes = run(&json!({ "cases": [wrong, 3] }).to_string(), &Choices::default()).unwrap();
    let text = table::text(&outcomes);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.ends_with("2 cas : 0 conforme(s), 0 écart(s), 2 erreur(s)\n"));
    let read: serde_json::Value = serde_json::from_str(&table::json(&outcomes)).unwrap();
    assert_eq!(read["summary"]["errors"], 2);
    assert!(!table::Totals::of(&outcomes).is_clean());
}
