//! `vigie check`: each section of `[dn]`, its form, and in whose name vigie writes there.

use super::checker::Checker;
use super::sources;
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon::source::Source;
use crate::dn::form::ResolvedForm;
use crate::dn::{self, RawDossier, Trouble};
use label::case::keys::Key;
use label::wording::names::lasting;
use label::wording::{platform, reaching};

/// Reads the live form and one page of each section, and writes nothing.
pub(super) async fn sections(settings: &Settings, writes: bool, checker: &mut Checker<'_>) {
    for section in settings.dn.all() {
        // What is wrong with anything else is said in its own line.
        if let Err(error) = settings.form_map(&section) {
            return checker.bad("formulaire", &error.to_string());
        }
    }
    let sources = match sources(settings) {
        Ok(sources) => sources,
        Err(error) => return checker.bad("plateforme", &format!("{error:#}")),
    };
    for source in &sources {
        section(source, writes, checker).await;
    }
}

async fn section(source: &Source, writes: bool, checker: &mut Checker<'_>) {
    let (live, dossiers) = match super::form::read(&source.dn, &Clock::System).await {
        Ok(read) => read,
        Err(error) => {
            let (section, key) = (place(source), source.keys.section());
            return checker.bad("plateforme", &format!("{section} ({key}) : {}", said_of(source, &error)));
        }
    };
    checker.good("plateforme", &format!("démarche {} « {} »", live.demarche, live.title));
    clocks(source, checker);
    let form = crate::dn::resolve::resolve(&source.map, &live);
    for problem in &form.problems {
        checker.bad("formulaire", &problem.said());
    }
    let (usable, writable) = (form.view.usable.len(), form.view.writable.len());
    if form.problems.is_empty() {
        checker.good("formulaire", &format!("{usable} champs reconnus, dont {writable} écrits par vigie"));
    }
    advice(&form, checker);
    member(source, &form, &dossiers, checker);
    if writes {
        may_write(source, checker).await;
    }
}

/// Whether the member in whose name vigie writes is in the group of a dossier: nothing can be written otherwise.
fn member(source: &Source, form: &ResolvedForm, dossiers: &[RawDossier], checker: &mut Checker<'_>) {
    if !source.dn.writes_as_somebody() {
        return;
    }
    let Some(facts) = dossiers.iter().find_map(|raw| source.dn.read(raw, form).ok()) else {
        return checker.warn("instructeur", "aucun dossier lisible : dn.instructeur n’a pas pu être vérifié");
    };
    let number = facts.number;
    match facts.author {
        Some(_) => checker.good("instructeur", &format!("membre du groupe du dossier {number}")),
        None => checker.bad(
            "instructeur",
            &format!("dn.instructeur n’est pas membre du groupe d’instructeurs du dossier {number} : rien ne pourra y être écrit ; ajoutez cette adresse au groupe sur la plateforme, ou corrigez-la"),
        ),
    }
}

/// Whether the token may write, by a write in a dossier that does not exist.
async fn may_write(source: &Source, checker: &mut Checker<'_>) {
    match source.dn.may_write(&Clock::System).await {
        Ok(true) => checker.good("écriture", "le jeton peut écrire (essai sans effet)"),
        Ok(false) => checker.bad(
            "écriture",
            "le jeton est en lecture seule : créez-en un avec le droit d’écriture, ou mettez act.annotations = false et act.messages = false",
        ),
        Err(error) => checker.bad("écriture", &format!("{} : {}", place(source), said_of(source, &error.into()))),
    }
}

/// « démarche 12345 », « groupe 678 ».
fn place(source: &Source) -> String {
    let scope = source.dn.scope();
    match (scope.groupe, scope.demarche) {
        (Some(number), _) => format!("groupe {number}"),
        (None, Some(number)) => format!("démarche {number}"),
        (None, None) => "démarche".to_owned(),
    }
}

/// The same as [`said`], with the keys of the section.
fn said_of(source: &Source, error: &anyhow::Error) -> String {
    source.keys.named_in(&said(error, "dn.endpoint"))
}

/// What an error of the platform means and what to do; what stands in the way is told in French. `key`: of its address.
pub(super) fn said(error: &anyhow::Error, key: &str) -> String {
    match error.downcast_ref::<dn::Error>() {
        Some(dn::Error::Later { trouble: Trouble::Cut(culprit), .. }) => {
            format!("{} ({error:#})", reaching::meaning(*culprit, key))
        }
        Some(dn::Error::Refused { why, remedy }) => platform::refused(why, &remedy.what),
        _ => format!("{error:#}"),
    }
}

/// Compares this machine's clock with the platform's. Deadlines are counted by the first, dossiers are dated by the
/// second.
fn clocks(source: &Source, checker: &mut Checker<'_>) {
    let Some(ahead) = source.dn.counters().ahead() else { return };
    let (minutes, word) = (ahead.unsigned_abs() / 60, if ahead > 0 { "en avance" } else { "en retard" });
    let text = format!(
        "cette machine est {word} de {} sur la plateforme : réglez son heure (NTP)",
        lasting(minutes)
    );
    match minutes {
        0..=1 => checker.good("horloge", "à l’heure de la plateforme"),
        _ => checker.warn("horloge", &text),
    }
}

/// Warns about configurations that work with less: no history of decisions in the form, or no annotation to write.
fn advice(form: &ResolvedForm, checker: &mut Checker<'_>) {
    if !form.view.usable.contains(&Key::Evenements) && form.view.usable.contains(&Key::Decision) {
        let text = "sans « evenements », le formulaire ne garde que la dernière décision : l’historique ne vit que dans la base de vigie";
        checker.warn("historique", text);
    }
    if form.view.writable.is_empty() {
        checker.warn("annotations", "aucune annotation auto_* dans form.toml : vigie n’écrira rien");
    }
}
