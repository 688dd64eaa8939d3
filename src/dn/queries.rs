//! Types made by `graphql_client` from `graphql/`. Nothing here is written by hand, and nothing outside this folder
//! names it.

use graphql_client::GraphQLQuery;

// `fragments_other_variant` must be the *string* "true", or an unknown type of field breaks the whole page.
#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/observe.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
#[expect(dead_code, reason = "only its text is sent: the types of ObserveGroupe read both answers")]
pub struct ObserveDemarche;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/observe.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct ObserveDossier;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/observe.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct ObserveGroupe;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/annotate.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct Annotate;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/files.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct AttachmentAddresses;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/correspondence.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct Correspondence;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/message.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct SendMessage;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/list.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
#[expect(dead_code, reason = "only its text is sent: one type reads the answers to both")]
pub struct ListDemarche;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "graphql/schema.graphql",
    query_path = "graphql/list.graphql",
    response_derives = "Debug",
    fragments_other_variant = "true",
    custom_scalars_module = "crate::dn::scalars",
    normalization = "rust"
)]
pub struct ListGroupe;
