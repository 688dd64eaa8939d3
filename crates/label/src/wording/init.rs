//! What `vigie init` asks and says.

use crate::case::keys::Key;

use super::fields;

/// A question, and the flag by which it is answered beforehand.
pub type Question = (&'static str, &'static str);

pub const ENDPOINT: Question = ("Adresse de l’API de la plateforme", "--endpoint URL");
pub const TOKEN: Question =
    ("Jeton (collez-le ; il sera copié dans un fichier fermé aux autres comptes)", "--token-file FILE");
pub const NUMBER: Question = (
    "Numéro de la démarche, ou « g » suivi du numéro d’un groupe d’instructeurs",
    "--demarche N or --groupe N",
);
pub const INSTRUCTEUR: Question = (
    "Adresse de l’instructeur au nom de qui écrire les annotations (vide : vigie n’écrira rien)",
    "--instructeur ADDRESS",
);
pub const EXPORTS: Question = ("Dossier où vous déposerez les exports de la plateforme", "--exports FOLDER");
pub const STORE: Question = ("Base (sqlite:FICHIER ou postgres://…)", "--store URL");
pub const SMTP: Question =
    ("Serveur de courriel (smtps://utilisateur:mot-de-passe@hôte:465, ou file:DOSSIER)", "--smtp URL");
pub const FROM: Question = ("Adresse d’expédition", "--from ADDRESS");
pub const ORGANISME: Question = ("Adresses de l’organisme, séparées par des virgules", "--organisme ADDRESS");
pub const DITP: Question = ("Adresses de la DITP (vide : personne)", "--ditp ADDRESS");

pub const HAS_TOKEN: &str = "Avez-vous un jeton de l’API ? Sans jeton, vigie lit les exports.";
pub const AGAIN: &str = "Répondre à nouveau ?";
pub const YES_OR_NO: &str = "Répondez par o ou n.";
pub const A_NUMBER: &str = "Un nombre, comme 12345 ou g678.";
pub const STOPPED: &str = "Arrêté : rien n’a été écrit.";
pub const WRITES_NOTHING: &str = "  vigie n’écrira rien sur la plateforme (act.annotations = false).";
pub const NO_DOSSIER: &str =
    "aucun dossier encore : l’appartenance au groupe sera vérifiée par « vigie check »";
pub const MAIL: &str = "le serveur de courriel accepte cet expéditeur ; rien n’a été envoyé";
pub const NO_MAIL: &str = "aucun serveur de courriel";

#[must_use]
pub fn heading(config: &str) -> String {
    format!("Configuration de vigie, écrite dans {config}. Chaque réponse est essayée aussitôt.")
}

#[must_use]
pub fn platform(demarche: i64, title: &str) -> String {
    format!("démarche {demarche} « {} »", crate::plain::line(title))
}

#[must_use]
pub fn member(dossier: i64) -> String {
    format!("membre du groupe du dossier {dossier}")
}

#[must_use]
pub fn no_member(dossier: i64) -> String {
    format!(
        "cette adresse n’est pas membre du groupe d’instructeurs du dossier {dossier} : ajoutez-la sur la plateforme, ou donnez-en une autre"
    )
}

#[must_use]
pub fn store(engine: impl std::fmt::Display) -> String {
    format!("base {engine} prête")
}

#[must_use]
pub fn fields(sure: usize, all: usize) -> String {
    format!("formulaire : {sure} clés sur {all} reconnues avec certitude")
}

#[must_use]
pub fn is_it(key: Key, label: &str) -> String {
    format!("« {label} » est-il bien : {} ?", fields::key(key))
}

#[must_use]
pub fn left(count: usize) -> String {
    format!(
        "  {count} clés restent à compléter dans form.toml : cherchez « à vous de choisir » et « peut-être »."
    )
}

#[must_use]
pub fn replace(path: &str) -> String {
    format!("{path} existe. Le remplacer ?")
}

#[must_use]
pub fn kept(path: &str) -> String {
    format!("  {path} est gardé tel quel.")
}

#[must_use]
pub fn written(path: &str, mode: u32) -> String {
    let who = if mode == 0o600 { " (lisible de ce compte seulement)" } else { "" };
    format!("{path} écrit{who}")
}

/// What to do next.
#[must_use]
pub fn next(config: &str, listen: &str, by_exports: bool) -> String {
    let read = if by_exports { "Déposez un export dans le dossier indiqué, puis " } else { "" };
    format!(
        "\n{read}« vigie --config {config} check » dit ce qui manque encore, « vigie --config {config} run » démarre :\n\
         les pages sont à http://{listen}/"
    )
}
