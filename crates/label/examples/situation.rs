//! What a service may expect that has deposited nothing yet, as the simulator for candidates shows it.
//! `cargo run -p label --example situation`

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use jiff::civil::date;
use label::Choices;
use label::case::facts::Value;
use label::case::keys::Key;
use label::situation::{Situation, outlook};
use label::wording::{date_full, findings, tier};

fn main() -> Result<(), Box<dyn Error>> {
    let values = BTreeMap::from([
        (Key::TypeService, Value::Choice("local_independant".to_owned())),
        (Key::Departement, Value::Text("37 - Indre-et-Loire".to_owned())),
        (Key::AuditDebut, Value::Date(date(2027, 10, 4))),
        (Key::UsagersSollicites, Value::Count(400)),
        (Key::UsagersRecevables, Value::Count(90)),
    ]);
    let situation = Situation { values, ..Situation::default() };
    let outlook = outlook(&situation, date(2027, 3, 1), &Choices::default(), &[]);
    let outlook = outlook.ok_or("this situation makes no case")?;
    let mut out = std::io::stdout().lock();
    match outlook.tier() {
        Some(reached) => writeln!(out, "{}", tier(reached))?,
        None => writeln!(out, "Pas encore de palier : des notes manquent.")?,
    }
    for finding in outlook.findings() {
        writeln!(out, "- {}", findings::sentence(finding))?;
    }
    for step in &outlook.calendar {
        writeln!(out, "> {} : {}", date_full(step.due.deadline.nominal), findings::due_title(&step.due))?;
    }
    Ok(())
}
