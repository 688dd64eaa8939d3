//! `vigie check`: to whom dossiers belong and who reads what is about them.

use super::checker::Checker;
use super::{desks, recipients};
use crate::config::{BodySettings, Settings};
use label::wording::agreement::count;

/// A line for each body, or what is missing where there is one.
pub(super) fn bodies(settings: &Settings, checker: &mut Checker<'_>) {
    let faults = [recipients(settings).err(), desks(settings).err()];
    for error in faults.into_iter().flatten() {
        checker.bad("destinataires", &error.to_string());
    }
    let lists = [("organisme", &settings.recipients.organisme), ("ditp", &settings.recipients.ditp)];
    for (key, list) in lists {
        if list.is_empty() && (key == "ditp" || settings.organismes.is_empty()) {
            checker.warn("destinataires", &format!("recipients.{key} est vide : personne n’y sera prévenu"));
        }
    }
    for body in &settings.organismes {
        checker.good("organisme", &line(body));
        if body.groupe.is_none() {
            let text =
                "sans groupe d’instructeurs : le champ du formulaire dira seul quels dossiers sont à lui";
            checker.warn("organisme", &format!("{} : {text}", body.nom.trim()));
        }
        if body.roles.organisme.is_empty() {
            let text = "personne n’y voit les pages : organismes.roles.organisme est vide";
            checker.warn("organisme", &format!("{} : {text}", body.nom.trim()));
        }
    }
}

fn line(body: &BodySettings) -> String {
    let group = body.groupe.map(|groupe| format!(", groupe {groupe}")).unwrap_or_default();
    let people = body.roles.organisme.len() + body.roles.lecture.len();
    let addresses = count(body.addresses.len(), "adresse", "adresses");
    format!("{}{group} : {addresses}, {}", body.nom.trim(), count(people, "rôle donné", "rôles donnés"))
}
