//! What `vigie init` asks and says.

use crate::case::keys::Key;

use super::fields;

/// A question, and the flag by which it is answered beforehand.
pub type Question = (&'static str, &'static str);

/// Asks for the URL of the platform's API.
pub const ENDPOINT: Question = ("Adresse de l’API de la plateforme", "--endpoint URL");
/// Asks for the token of the API itself, which is copied into a file of its own.
pub const TOKEN: Question =
    ("Jeton (collez-le ; il sera copié dans un fichier fermé aux autres comptes)", "--token-file FILE");
/// Asks which démarche, or which group of instructeurs, to read.
pub const NUMBER: Question = (
    "Numéro de la démarche, ou « g » suivi du numéro d’un groupe d’instructeurs",
    "--demarche N or --groupe N",
);
/// Asks in whose name annotations are written; an empty answer means that nothing is.
pub const INSTRUCTEUR: Question = (
    "Adresse de l’instructeur au nom de qui écrire les annotations (vide : vigie n’écrira rien)",
    "--instructeur ADDRESS",
);
/// Asks for the folder of exports, when there is no token.
pub const EXPORTS: Question = ("Dossier où vous déposerez les exports de la plateforme", "--exports FOLDER");
/// Asks for the URL of the store.
pub const STORE: Question = ("Base (sqlite:FICHIER ou postgres://…)", "--store URL");
/// Asks for the mail server, or for a folder in its place.
pub const SMTP: Question =
    ("Serveur de courriel (smtps://utilisateur:mot-de-passe@hôte:465, file:DOSSIER, ou aucun)", "--smtp URL");
/// The answer to [`SMTP`] of who wants no mail.
pub const NO_SERVER: &str = "aucun";
/// Said when no mail is wanted.
pub const SENDS_NOTHING: &str =
    "  vigie n’enverra aucun courriel (act.mail = false) : ni rappel aux services, ni alerte à l’organisme.";
/// Asks for the sender's address of all mails.
pub const FROM: Question = ("Adresse d’expédition", "--from ADDRESS, or --no-mail");
/// Asks where the mails to the certification body go.
pub const ORGANISME: Question = ("Adresses de l’organisme, séparées par des virgules", "--organisme ADDRESS");
/// Asks where the mails to DITP go; an empty answer means nowhere.
pub const DITP: Question = ("Adresses de la DITP (vide : personne)", "--ditp ADDRESS");

/// The yes-or-no question that decides between the API and exports.
pub const HAS_TOKEN: &str = "Avez-vous un jeton de l’API ? Sans jeton, vigie lit les exports.";
/// The yes-or-no question after an answer that failed its trial.
pub const AGAIN: &str = "Répondre à nouveau ?";
/// Said when the answer to a yes-or-no question is neither.
pub const YES_OR_NO: &str = "Répondez par o ou n.";
/// Said when a question that has no usual answer is not answered.
pub const AN_ANSWER: &str = "Une réponse est nécessaire ici.";
/// Said when the answer to `NUMBER` is neither a number nor « g » and a number.
pub const A_NUMBER: &str = "Un nombre, comme 12345 ou g678.";
/// The last line when the person gives up.
pub const STOPPED: &str = "Arrêté : rien n’a été écrit.";
/// Said when nobody is named as instructeur: annotations are off.
pub const WRITES_NOTHING: &str = "  vigie n’écrira rien sur la plateforme (act.annotations = false).";
/// Said when no dossier exists yet on which to check that instructeur.
pub const NO_DOSSIER: &str =
    "aucun dossier encore : l’appartenance au groupe sera vérifiée par « vigie check »";
/// Said when the trial of the mail server succeeds.
pub const MAIL: &str = "le serveur de courriel accepte cet expéditeur ; rien n’a été envoyé";
/// Shown in place of a usual answer that nobody beside the terminal may read.
pub const THE_SAME: &str = "le même";
/// Said when the address of the API is none.
pub const AN_ENDPOINT: &str =
    "ce n’est pas une adresse ; exemple : https://demarche.numerique.gouv.fr/api/v2/graphql";
/// Said when a list of addresses holds something else.
pub const AN_ADDRESS: &str = "ce n’est pas une adresse où écrire ; exemple : label@organisme.example";
/// The error of that trial when the answers name no mail server.
pub const NO_MAIL: &str = "aucun serveur de courriel";

/// The error when the token that was given is not one; `why` says what is wrong with it.
#[must_use]
pub fn token(why: impl std::fmt::Display) -> String {
    format!("ce n’est pas un jeton ({why}) : collez-le seul, sur une ligne")
}

/// The first line; `config` is the path of the file to be written.
#[must_use]
pub fn heading(config: &str) -> String {
    format!("Configuration de vigie, écrite dans {config}. Chaque réponse est essayée aussitôt.")
}

/// Said when the démarche is read: its number, and its title as the platform has it.
#[must_use]
pub fn platform(demarche: i64, title: &str) -> String {
    format!("démarche {demarche} « {} »", crate::plain::line(title))
}

/// Said when the instructeur is in the group of `dossier`, on which it was checked.
#[must_use]
pub fn member(dossier: i64) -> String {
    format!("membre du groupe du dossier {dossier}")
}

/// The error when the instructeur is not in the group of `dossier`.
#[must_use]
pub fn no_member(dossier: i64) -> String {
    format!(
        "cette adresse n’est pas membre du groupe d’instructeurs du dossier {dossier} : ajoutez-la sur la plateforme, ou donnez-en une autre"
    )
}

/// Said when the store opens; `engine` is SQLite or PostgreSQL.
#[must_use]
pub fn store(engine: impl std::fmt::Display) -> String {
    format!("base {engine} prête")
}

/// Said of the base of a service, which makes it itself.
#[must_use]
pub fn store_of_service(url: &str) -> String {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    format!("base SQLite : {path}, que le service créera sous son compte ; elle n’a pas été essayée")
}

/// Said when a folder takes the place of a mail server.
#[must_use]
pub fn mails_in(folder: &str) -> String {
    format!("sans serveur de courriel, rien n’est envoyé : les courriels seront écrits dans {folder}")
}

/// The error when a service would write `path`, out of its folder.
#[must_use]
pub fn not_of_the_service(path: &str, account: &str, state: &str) -> String {
    format!(
        "{path} : le service n’écrit, sous le compte {account}, que dans {state} ; donnez un chemin de ce dossier, ou déplacez-le ensuite (ReadWritePaths, docs/installation.md)"
    )
}

/// A warning: the unit cannot start a program that is there.
#[must_use]
pub fn hidden_program(program: &str) -> String {
    format!(
        "{program} : le service ne voit pas ce qui est sous /home, /root, /run/user, /tmp et /var/tmp, et ne démarrera pas ; installez d’abord le programme (install -m 755 {program} /usr/local/bin/vigie), puis relancez init de là"
    )
}

/// A warning: the service cannot read what is there.
#[must_use]
pub fn hidden_folder(folder: &str) -> String {
    format!(
        "{folder} : le service ne voit pas ce qui est sous /home, /root, /run/user, /tmp et /var/tmp ; relancez init avec un autre dossier, /etc/vigie par exemple"
    )
}

/// A warning: the account of the service cannot enter a folder.
#[must_use]
pub fn closed_folder(folder: &str, account: &str) -> String {
    format!("{folder} est fermé au compte {account}, qui doit le traverser : chmod o+x {folder}")
}

/// A warning: the pages cannot be served at `listen` now, as `why` says.
#[must_use]
pub fn taken(listen: &str, why: &str) -> String {
    format!(
        "{listen} ne peut pas servir les pages pour l’instant ({why}) : si ce n’est pas vigie qui l’occupe, changez web.listen"
    )
}

/// How many keys have a field for certain, of all the keys of `form.toml`.
#[must_use]
pub fn fields(sure: usize, all: usize) -> String {
    format!("formulaire : {sure} clés sur {all} reconnues avec certitude")
}

/// The yes-or-no question on a probable field; `label` is its label on the platform.
#[must_use]
pub fn is_it(key: Key, label: &str) -> String {
    format!("« {label} » est-il bien : {} ?", fields::key(key))
}

/// How many keys of `form.toml` the person has still to fill in.
#[must_use]
pub fn left(count: usize) -> String {
    format!(
        "  {count} clés restent à compléter dans form.toml : cherchez « à vous de choisir » et « peut-être »."
    )
}

/// The yes-or-no question before the existing file at `path` is replaced.
#[must_use]
pub fn replace(path: &str) -> String {
    format!("{path} existe. Le remplacer ?")
}

/// Said when the person keeps the existing file at `path`.
#[must_use]
pub fn kept(path: &str) -> String {
    format!("  {path} est gardé tel quel.")
}

/// Said when the file at `path` is written; `mode` are its Unix permission bits.
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

/// A service, as the system runs it.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// The name of its unit.
    pub unit: &'a str,
    /// The unit was just written: the system has not read it.
    pub is_new: bool,
    /// The path of the unit, where the system does not look for units.
    pub elsewhere: Option<&'a str>,
    /// The account that runs it.
    pub account: &'a str,
    /// This machine has that account.
    pub has_account: bool,
    /// The folder that it writes, below /var/lib.
    pub state: &'a str,
    /// The base that its unit names, unless it uses another.
    pub store: Option<&'a str>,
    /// The path of the program.
    pub program: &'a str,
    /// The path of the folder of the configuration.
    pub folder: &'a str,
    /// The path of the configuration.
    pub config: &'a str,
    /// It reads the platform with a token.
    pub has_token: bool,
}

/// What to do next with a service: the commands of `docs/installation.md`.
#[must_use]
pub fn next_of_service(service: &Service<'_>, listen: &str, by_exports: bool) -> String {
    let Service { unit, program, folder, config, account, state, .. } = service;
    let read = if by_exports { "Déposez un export dans le dossier indiqué.\n" } else { "" };
    let account_first = match service.has_account {
        true => String::new(),
        false => format!(
            "Le compte {account} n’existe pas encore :\n\
             useradd --system --user-group --no-create-home --home-dir /var/lib/{state} --shell /usr/sbin/nologin {account}\n"
        ),
    };
    let place = service.elsewhere.map(|path| format!("install -m 644 {path} /etc/systemd/system/{unit} && "));
    let place = place.unwrap_or_default();
    let reload = if service.is_new { "systemctl daemon-reload && " } else { "" };
    let (credential, token) = if service.has_token {
        (
            format!(" -p LoadCredential=jeton:{folder}/jeton"),
            " -E VIGIE_DN__TOKEN_FILE=/run/credentials/vigie-commande.service/jeton",
        )
    } else {
        (String::new(), "")
    };
    let store = service.store.map(|store| format!(" -E VIGIE_STORE__URL={store}")).unwrap_or_default();
    format!(
        "\n{read}{account_first}\
         Ce qui manque encore, sous le compte du service et avec ses réglages (lancée autrement, la commande lirait une autre base) :\n\
         systemd-run --pty --wait --collect --unit=vigie-commande -p User={account} -p UMask=0077{credential} \\\n  \
         -p EnvironmentFile=-{folder}/secrets.env -p WorkingDirectory=/var/lib/{state} -p StateDirectory={state} -p StateDirectoryMode=0700 \\\n  \
         -E VIGIE_CONFIG={config}{store} \\\n  \
         -E VIGIE_EVIDENCE__FOLDER=/var/lib/{state}/pieces{token} \\\n  \
         {program} check\n\
         Pour démarrer :\n\
         {place}{reload}systemctl enable --now {unit} && journalctl -u {unit} -f\n\
         Les pages sont à http://{listen}/"
    )
}
