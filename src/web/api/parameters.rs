//! The parameters of the addresses: read one by one, so that a refusal names the one that is to blame, and described from the
//! same lines.

use axum::http::StatusCode;
use label::wording::api as words;
use url::form_urlencoded;
use utoipa::openapi::schema::Object;

use super::problem::Refusal;

/// A value of a parameter.
pub(super) trait Word: Sized {
    /// `None` when the text is no such value.
    fn read(text: &str) -> Option<Self>;
    /// What is accepted, in French.
    fn expected() -> String;
    /// What is accepted, for programs: [`Word::read`] accepts all that it accepts.
    fn schema() -> Object;
}

/// What stands in an address, each name once.
pub(super) struct Pairs {
    left: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl Pairs {
    /// # Errors
    /// When a name is written twice: one of the two would be ignored.
    pub fn of(query: &str) -> Result<Pairs, Refusal> {
        let mut left: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if left.iter().any(|(other, _)| *other == name) {
                return Err(refusal(words::written_twice(&name), &name));
            }
            left.push((name.into_owned(), value.into_owned()));
        }
        Ok(Pairs { left, known: Vec::new() })
    }

    /// # Errors
    /// When the value is none that the parameter takes.
    pub fn take<T: Word>(&mut self, name: &'static str) -> Result<Option<T>, Refusal> {
        self.known.push(name);
        let Some(rank) = self.left.iter().position(|(other, _)| other == name) else { return Ok(None) };
        let (_, value) = self.left.swap_remove(rank);
        match T::read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(refusal(words::bad_value(name, &value, &T::expected()), name)),
        }
    }

    /// # Errors
    /// When something is left that no parameter took: it would be ignored.
    pub fn end(self) -> Result<(), Refusal> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => Err(refusal(words::unknown_parameter(name, &self.known), name)),
        }
    }
}

fn refusal(text: String, name: &str) -> Refusal {
    let name = words::cut(name);
    Refusal { status: StatusCode::BAD_REQUEST, text, parameter: Some(name) }
}

/// The parameters of an address.
pub(super) trait Parameters: Sized {
    /// # Errors
    /// When a value is none that its parameter takes.
    fn take(pairs: &mut Pairs) -> Result<Self, Refusal>;
}

impl Parameters for () {
    fn take(_: &mut Pairs) -> Result<(), Refusal> {
        Ok(())
    }
}

impl<A: Parameters, B: Parameters> Parameters for (A, B) {
    fn take(pairs: &mut Pairs) -> Result<(A, B), Refusal> {
        Ok((A::take(pairs)?, B::take(pairs)?))
    }
}

impl<A: Parameters, B: Parameters, C: Parameters> Parameters for (A, B, C) {
    fn take(pairs: &mut Pairs) -> Result<(A, B, C), Refusal> {
        Ok((A::take(pairs)?, B::take(pairs)?, C::take(pairs)?))
    }
}

/// A group of parameters: its fields, how it is read, and its description.
macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($word:literal => $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub(in crate::web::api) struct $name {
            $(pub $field: Option<$kind>,)*
        }

        impl $crate::web::api::parameters::Parameters for $name {
            fn take(
                pairs: &mut $crate::web::api::parameters::Pairs,
            ) -> Result<$name, $crate::web::api::problem::Refusal> {
                Ok($name { $($field: pairs.take::<$kind>($word)?,)* })
            }
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
                let one = |name: &str, schema: utoipa::openapi::schema::Object| {
                    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query)
                        .required(utoipa::openapi::Required::False).schema(Some(schema)).build()
                };
                vec![$(one($word, <$kind as $crate::web::api::parameters::Word>::schema()),)*]
            }
        }
    };
}
pub(super) use parameters;
