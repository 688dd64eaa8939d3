//! The simulator against the checklist of the fact sheet, over HTTP. The numbers in the names of tests are its points.

mod changes;
mod dossiers;
mod exports;
mod faulty;
mod files;
mod platform;
mod reading;
mod stories;
mod transport;
mod writing;

use super::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

pub(super) struct Bench {
    pub(super) simulator: Simulator,
    pub(super) client: reqwest::Client,
}

pub(super) fn noon() -> Timestamp {
    "2027-06-01T10:00:00.123456Z".parse().unwrap()
}

pub(super) fn small() -> World {
    Scenario::named("petit", 0, 0).unwrap().world()
}

/// No redirection is followed: a client that posts must not.
pub(super) async fn bench(world: World) -> Bench {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(10))
        .build()
        .unwrap();
    let local = "127.0.0.1:0".parse().unwrap();
    Bench { simulator: Simulator::start(local, local, world).await.unwrap(), client }
}

impl Bench {
    pub(super) async fn send(
        &self,
        token: Option<&str>,
        body: String,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let mut request =
            self.client.post(self.simulator.endpoint()).body(body).header("Content-Type", "application/json");
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        request.send().await
    }

    pub(super) async fn post(&self, body: Json) -> (u16, Json) {
        let response = self.send(Some(TOKEN), body.to_string()).await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Json::String(text)))
    }

    /// A query that must succeed whole.
    pub(super) async fn data(&self, query: &str) -> Json {
        let (status, mut body) = self.post(json!({"query": query})).await;
        assert_eq!((status, body.get("errors")), (200, None), "{query}");
        body["data"].take()
    }

    pub(super) async fn answer(&self, query: &str) -> Json {
        self.post(json!({"query": query})).await.1
    }

    /// The payload of one mutation on a dossier, by the robot unless `by` says otherwise.
    pub(super) async fn mutate(&self, field: &str, number: u32, more: &str, selection: &str) -> Json {
        self.mutate_as("Instructeur-7", field, number, more, selection).await
    }

    pub(super) async fn mutate_as(
        &self,
        by: &str,
        field: &str,
        number: u32,
        more: &str,
        selection: &str,
    ) -> Json {
        let (who, dossier) = (encoded(by), encoded(&format!("Dossier-{number}")));
        let query = format!(
            r#"mutation {{ p: {field}(input: {{dossierId: "{dossier}", instructeurId: "{who}"{more}}}) {{ {selection} errors {{ message }} }} }}"#
        );
        self.answer(&query).await
    }

    pub(super) fn updated(&self, number: u32) -> Timestamp {
        self.simulator.world().dossier(number).unwrap().updated_at
    }

    pub(super) fn advance(&self, seconds: i64) {
        self.simulator.with_world(|world| world.advance(SignedDuration::from_secs(seconds)));
    }
}

pub(super) fn encoded(plain: &str) -> String {
    let (kind, value) = plain.split_once('-').unwrap();
    super::ids::global(kind, value)
}

pub(super) fn champ_id(world: &World, side: Side, label: &str) -> String {
    world.form.find(side, label).unwrap().id()
}

pub(super) fn first_error(body: &Json) -> &str {
    body["errors"][0]["message"].as_str().unwrap_or_default()
}

pub(super) fn payload_error(body: &Json) -> &str {
    body["data"]["p"]["errors"][0]["message"].as_str().unwrap_or_default()
}
