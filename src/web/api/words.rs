//! The values that parameters take, and the parameters that several lists share.

use jiff::civil::Date;
use label::Tier;
use label::judge::agenda::{Obligation, Role};
use label::life::State;
use label::wording::api as words;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};

use super::parameters::{Word, parameters};
use crate::store::narrowed::Filter;
use crate::web::access::Viewer;
use crate::web::filters::ListQuery;
use crate::web::page_error::PageError;

/// Characters of a text, as many as the pages look for.
const MOST: usize = 100;

/// A text without signs that no page can show.
#[derive(Clone, Debug)]
pub(super) struct Text(pub String);

impl Word for Text {
    fn read(text: &str) -> Option<Text> {
        let fits = (1..=MOST).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        fits.then(|| Text(text.to_owned()))
    }

    fn expected() -> String {
        words::text_expected(MOST)
    }

    fn schema() -> Object {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MOST));
        text.pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$")).build()
    }
}

/// A day, written as the register writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day(pub Date);

impl Word for Day {
    fn read(text: &str) -> Option<Day> {
        let plain = text.len() == 10 && text.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
        text.parse().ok().filter(|_| plain).map(Day)
    }

    fn expected() -> String {
        words::DAY_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        let format = SchemaFormat::KnownFormat(KnownFormat::Date);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build()
    }
}

/// How many lines an answer holds at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count<const USUAL: i64, const MOST: i64>(i64);

impl<const USUAL: i64, const MOST: i64> Word for Count<USUAL, MOST> {
    fn read(text: &str) -> Option<Self> {
        number(text).filter(|count| (1..=MOST).contains(count)).map(Count)
    }

    fn expected() -> String {
        words::number_expected(MOST)
    }

    fn schema() -> Object {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MOST));
        number.default(Some(USUAL.into())).build()
    }
}

/// How many lines are asked for.
pub(super) fn wanted<const USUAL: i64, const MOST: i64>(limit: Option<Count<USUAL, MOST>>) -> i64 {
    limit.map_or(USUAL, |Count(count)| count)
}

/// The limit of most lists.
pub(super) type Limit = Count<50, 200>;

/// The number of a dossier.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub i64);

/// The largest number that every reader of JSON keeps exactly.
const LARGEST: i64 = (1 << 53) - 1;

impl Word for Number {
    fn read(text: &str) -> Option<Number> {
        number(text).filter(|number| (1..=LARGEST).contains(number)).map(Number)
    }

    fn expected() -> String {
        words::NUMBER_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(LARGEST));
        number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64))).build()
    }
}

/// Digits alone: no sign, no space.
pub(super) fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// One of a few words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident, $all:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(in crate::web::api) struct $name(pub &'static str);

        impl $name {
            fn all() -> Vec<&'static str> {
                $all
            }
        }

        impl $crate::web::api::parameters::Word for $name {
            fn read(text: &str) -> Option<$name> {
                $name::all().into_iter().find(|word| *word == text).map($name)
            }

            fn expected() -> String {
                label::wording::api::one_of(&$name::all())
            }

            fn schema() -> utoipa::openapi::schema::Object {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some($name::all())).build()
            }
        }
    };
}
pub(super) use choice;

choice!(
    /// How a case stands.
    StateWord,
    State::ALL.iter().map(|(_, key)| *key).collect()
);
choice!(TierWord, Tier::ALL.into_iter().map(Tier::key).collect());
choice!(WhoWord, Role::ALL.into_iter().map(Role::key).collect());
choice!(ObligationWord, Obligation::ALL.iter().map(|one| one.code()).collect());
choice!(TypeWord, vec!["local_independant", "local_rattache", "central"]);

parameters! {
    /// The filters of the pages, under the same names.
    Filters {
        "texte" => text: Text,
        "etape" => state: StateWord,
        "organisme" => body: Text,
        "type" => kind: TypeWord,
        "palier" => tier: TierWord,
        "departement" => departement: Text,
        "auditeur" => auditor: Text,
        "qui" => who: WhoWord,
        "obligation" => obligation: ObligationWord,
        "constat" => rule: Text,
        "du" => from: Day,
        "au" => to: Day,
    }
}

impl Filters {
    /// As the pages read them: the people of one body find what is theirs, and nothing when they name another.
    ///
    /// # Errors
    /// As for the pages.
    pub fn filter(&self, viewer: &Viewer) -> Result<Filter, PageError> {
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.0.clone()).unwrap_or_default();
        let asked = ListQuery {
            texte: text(&self.text),
            etape: self.state.as_ref().map_or("", |state| state.0).to_owned(),
            organisme: text(&self.body),
            r#type: self.kind.as_ref().map_or("", |kind| kind.0).to_owned(),
            palier: self.tier.as_ref().map_or("", |tier| tier.0).to_owned(),
            departement: text(&self.departement),
            auditeur: text(&self.auditor),
            qui: self.who.as_ref().map_or("", |who| who.0).to_owned(),
            obligation: self.obligation.as_ref().map_or("", |one| one.0).to_owned(),
            constat: text(&self.rule),
            du: self.from.map(|day| day.0.to_string()).unwrap_or_default(),
            au: self.to.map(|day| day.0.to_string()).unwrap_or_default(),
            ..ListQuery::default()
        };
        asked.filter(viewer)
    }
}
