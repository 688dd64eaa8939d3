//! The shipped form map and the product's own queries against the simulated platform, which was written without them.

use base64::Engine as _;
use serde_json::{Value as Json, json};
use simulator::{DEMARCHE, Descriptor, Form, GROUP, Scenario, Side, Simulator, TOKEN, Value};

#[test]
fn every_label_and_option_the_product_expects_is_on_the_form() {
    let form = Form::label_services_publics();
    let all: Vec<&Descriptor> = form
        .champs
        .iter()
        .chain(&form.annotations)
        .flat_map(|one| std::iter::once(one).chain(&one.children))
        .collect();
    let mut section = "";
    let mut read = 0;
    for line in crate::bench::FORM.lines() {
        if line.starts_with('[') {
            section = line.split(']').next().unwrap_or_default();
        } else if let Some((key, value)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            let value = value.trim().trim_matches('"');
            let known = if section.starts_with("[choix") {
                all.iter().any(|one| one.options.iter().any(|option| option == value))
            } else {
                all.iter().any(|one| one.label == value)
            };
            assert!(known, "{section} {key} = {value}");
            read += 1;
        }
    }
    assert!(read > 100, "only {read} lines of the shipped form were compared");
}

async fn post(simulator: &Simulator, body: Json) -> (u16, Json) {
    let client = vigie::tls::client_builder().timeout(std::time::Duration::from_secs(10)).build().unwrap();
    let request = client.post(simulator.endpoint()).bearer_auth(TOKEN).json(&body);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

fn encoded(plain: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(plain)
}

#[tokio::test]
async fn the_products_own_queries_are_accepted() {
    let local = "127.0.0.1:0".parse().unwrap();
    let world = Scenario::named("petit", 0, 0).unwrap().world();
    let simulator = Simulator::start(local, local, world).await.unwrap();
    let query = include_str!("../../graphql/observe.graphql");
    for (operation, number) in [("ObserveDemarche", DEMARCHE), ("ObserveGroupe", GROUP)] {
        let variables = json!({"number": number, "first": 50, "since": "2020-01-01T00:00:00Z", "demarche": DEMARCHE, "withForm": true, "withNodes": true, "withRecents": true, "withGone": true});
        let body = json!({"query": query, "operationName": operation, "variables": variables});
        let (status, body) = post(&simulator, body).await;
        assert_eq!((status, body.get("errors")), (200, None));
        assert_eq!(body["data"]["perimetre"]["dossiers"]["nodes"].as_array().unwrap().len(), 3);
        assert!(body["data"]["formulaire"]["revision"]["champDescriptors"].as_array().unwrap().len() > 30);
    }
    let query = include_str!("../../graphql/annotate.graphql");
    let id = simulator.world().form.find(Side::Annotations, "[auto] En retard").unwrap().id();
    let input = json!({"dossierId": encoded("Dossier-4243"), "instructeurId": encoded("Instructeur-7"), "annotations": [{"id": id, "value": {"yesNo": true}}]});
    let (_, body) = post(&simulator, json!({"query": query, "variables": {"input": input}})).await;
    assert_eq!(body["data"]["dossierModifierAnnotations"]["errors"], Json::Null);
    assert_eq!(simulator.world().annotation(4243, "[auto] En retard"), Some(Value::Bool(true)));
}
