//! The open files of the register described for programs: Table Schema and Data Package (Frictionless), DCAT.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Audience;
use super::changes::OWN_COLUMNS;
use label::wording::open_data as words;

/// What the descriptions say beside the columns.
#[derive(Clone, Debug)]
pub struct Published<'a> {
    /// Our address as readers see it, without a final slash.
    pub base: String,
    /// Address of the licence's text.
    pub licence: &'a str,
    pub publisher: Option<&'a str>,
    /// A mail address or a page, for questions.
    pub contact: Option<&'a str>,
    /// The day of the data.
    pub day: Date,
}

/// The first column that tells two lines of a file apart.
const KEY: &str = "identifiant";

/// Table Schema of the register.
#[must_use]
pub fn schema() -> Value {
    let fields: Vec<Value> = Audience::Public.columns().iter().map(|name| field(name)).collect();
    json!({ "fields": fields, "primaryKey": [KEY], "missingValues": [""] })
}

/// Table Schema of a file of changes.
#[must_use]
pub fn changes_schema() -> Value {
    let columns = OWN_COLUMNS.iter().chain(Audience::Public.columns());
    json!({ "fields": columns.map(|name| field(name)).collect::<Vec<_>>(), "primaryKey": [KEY], "missingValues": [""] })
}

fn field(name: &str) -> Value {
    let is_day = name == "jour"
        || name.starts_with("date_")
        || [
            "debut_periode",
            "statut_depuis",
            "suspension_debut",
            "suspension_delai",
            "suspension_fin_max",
            "retrait_le",
        ]
        .contains(&name);
    let mut constraints = serde_json::Map::new();
    if ["nom", "debut_periode", "date_fin", "statut", "statut_depuis", KEY, "changement"].contains(&name) {
        constraints.insert("required".to_owned(), json!(true));
    }
    if name == KEY {
        constraints.insert("unique".to_owned(), json!(true));
        constraints.insert("pattern".to_owned(), json!("sp-[0-9a-f]{12}"));
    }
    let among = words::words(name);
    if !among.is_empty() {
        constraints.insert("enum".to_owned(), json!(among));
    }
    let mut field = json!({
        "name": name, "type": if is_day { "date" } else { "string" }, "description": words::column(name),
    });
    if !constraints.is_empty() {
        field["constraints"] = Value::Object(constraints);
    }
    field
}

/// Data Package: both files with their schemas.
#[must_use]
pub fn package(published: &Published<'_>) -> Value {
    let resource = |name: &str, path: &str, title: &str, description: &str, schema: Value| {
        json!({
            "name": name, "path": path, "title": title, "description": description,
            "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": schema,
        })
    };
    json!({
        "profile": "tabular-data-package",
        "name": "registre-services-publics-plus",
        "title": words::TITLE,
        "description": words::DESCRIPTION,
        "keywords": words::KEYWORDS,
        "homepage": format!("{}/registre", published.base),
        "created": format!("{}T00:00:00Z", published.day),
        "licenses": [{ "path": published.licence }],
        "contributors": [{ "title": published.publisher.unwrap_or(words::ANONYMOUS_PUBLISHER), "role": "publisher" }],
        "resources": [
            resource("registre", "registre.csv", words::TITLE, words::DESCRIPTION, schema()),
            resource("changements", "changements.csv", words::CHANGES_TITLE, words::CHANGES_DESCRIPTION, changes_schema()),
        ],
    })
}

/// DCAT 3, as the national catalogue harvests it; the context is inside, so that nothing else is fetched.
#[must_use]
pub fn catalogue(published: &Published<'_>) -> Value {
    let base = &published.base;
    let publisher = json!({
        "@id": format!("{base}/registre/dcat.jsonld#editeur"),
        "@type": "foaf:Agent",
        "foaf:name": published.publisher.unwrap_or(words::ANONYMOUS_PUBLISHER),
    });
    let distribution = |path: &str, title: &str, media: &str, schema: Option<&str>| {
        let mut one = json!({
            "@id": format!("{base}{path}"),
            "@type": "dcat:Distribution",
            "dct:title": french(title),
            "dcat:accessURL": { "@id": format!("{base}{path}") },
            "dcat:downloadURL": { "@id": format!("{base}{path}") },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{media}") },
            "dct:license": { "@id": published.licence },
        });
        if let Some(schema) = schema {
            one["dct:conformsTo"] = json!({ "@id": format!("{base}{schema}") });
        }
        one
    };
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let mut dataset = json!({
        "@id": format!("{base}/registre"),
        "@type": "dcat:Dataset",
        "dct:identifier": "registre-services-publics-plus",
        "dct:title": french(words::TITLE),
        "dct:description": french(words::DESCRIPTION),
        "dct:publisher": publisher,
        "dct:language": { "@id": "http://publications.europa.eu/resource/authority/language/FRA" },
        "dct:spatial": { "@id": "http://publications.europa.eu/resource/authority/country/FRA" },
        "dct:accrualPeriodicity": { "@id": "http://publications.europa.eu/resource/authority/frequency/DAILY" },
        "dct:modified": { "@type": "xsd:date", "@value": published.day.to_string() },
        "dct:license": { "@id": published.licence },
        "dcat:landingPage": { "@id": format!("{base}/registre") },
        "dcat:theme": { "@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE" },
        "dcat:keyword": words::KEYWORDS.map(french),
        "dcat:distribution": [
            distribution("/registre.csv", "Registre (CSV)", "text/csv", Some("/registre/schema.json")),
            distribution("/registre.json", "Registre (JSON)", "application/json", None),
            distribution("/registre.xlsx", "Registre (XLSX)", xlsx, None),
            distribution("/registre/changements.csv", words::CHANGES_TITLE, "text/csv", Some("/registre/changements.schema.json")),
            distribution("/registre.atom", "Derniers changements (Atom)", "application/atom+xml", None),
        ],
    });
    if let Some(contact) = published.contact {
        let place = if contact.contains('@') { "vcard:hasEmail" } else { "vcard:hasURL" };
        let address = if contact.contains('@') { format!("mailto:{contact}") } else { contact.to_owned() };
        dataset["dcat:contactPoint"] = json!({
            "@type": "vcard:Organization",
            "vcard:fn": published.publisher.unwrap_or(words::ANONYMOUS_PUBLISHER),
            place: { "@id": address },
        });
    }
    json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": format!("{base}/registre/dcat.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": french(words::CATALOGUE),
        "dct:description": french(words::DESCRIPTION),
        "dct:publisher": { "@id": format!("{base}/registre/dcat.jsonld#editeur") },
        "dct:language": { "@id": "http://publications.europa.eu/resource/authority/language/FRA" },
        "foaf:homepage": { "@id": format!("{base}/registre") },
        "dcat:dataset": [dataset],
    })
}

fn french(text: &str) -> Value {
    json!({ "@language": "fr", "@value": text })
}
