//! The queries that the platform keeps and executes by name (§1.5), in a text of our own.

use super::refusals;
use super::world::Edition;
use axum::response::Response;

pub(super) const QUERIES: &str = "ds-query-v2";
pub(super) const MUTATIONS: &str = "ds-mutation-v2";
pub(super) const INTROSPECTION: &str = "introspection";

/// The document of that name. For an unknown one January answers 500, September 400.
pub(super) fn text(id: &str, edition: Edition) -> Result<&'static str, Box<Response>> {
    match (id, edition) {
        (QUERIES, _) => Ok(include_str!("stored-queries.graphql")),
        (MUTATIONS, _) => Ok(include_str!("stored-mutations.graphql")),
        (INTROSPECTION, _) => {
            Ok("query IntrospectionQuery { __schema { queryType { name } mutationType { name } \
             types { kind name fields(includeDeprecated: true) { name } inputFields { name } \
             enumValues(includeDeprecated: true) { name } } } }")
        }
        (_, Edition::January2026) => Err(Box::new(refusals::internal_error(0))),
        (_, Edition::September2026) => Err(Box::new(refusals::json(
            400,
            &refusals::body("bad_request", &format!("No query with id {id:?}")),
        ))),
    }
}
