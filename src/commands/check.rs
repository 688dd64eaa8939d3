//! `vigie check`: configuration, token, form, mail, store, clock: one line each, with the remedy.

use std::io::Write;
use std::path::Path;

use jiff::civil::Date;

use super::checker::Checker;
use super::sign_in_lines::{self, Line};
use super::upcoming::upcoming;
use super::{
    CommandOutcome, check_machine, check_platform, check_private, copies, desks, hooks, mail_lines, mailer,
    open_as_it_is, recipients,
};
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::config::{ConfigError, Settings};
use crate::copies::CopyError;
use crate::daemon::quiet::Quiet;
use crate::daemon::schedule::Duties;
use crate::mail::{DropFolder, LogoError};
use crate::store::Store;
use label::case::DayOff;
use label::case::table::TableKind;
use label::wording::agreement::count;
use label::wording::{date_full, date_short, reaching, rules_change, zones};

/// What is checked beside what is always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whether the mail server takes each of our own addresses.
    pub each: bool,
    /// Whether the token may write.
    pub writes: bool,
}

/// From this many days before the token expires, the line is a warning.
const TOKEN_WARNING: i32 = 60;

/// # Errors
/// Only when the writer fails. Each fault that is found is a printed line, and changes the exit code.
pub async fn check(
    settings: &Settings,
    Asked { each: asks_each, writes }: Asked,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let mut checker = Checker::new(out);
    // The line is named after what its errors begin with: it is said once.
    let whole = settings.validate().map(|()| "complète".to_owned());
    checker.say("configuration", whole.map_err(|ConfigError { place, why }| format!("{place}: {why}")));
    let quiet = Quiet::new(&settings.mail.quiet);
    let hours = Duties::new(&settings.schedule)
        .and_then(|duties| quiet?.check_passes(&duties.poll, Clock::System.now()));
    checker.say("horaires", hours.map(|_| "compris".to_owned()));
    checker.say("tableaux", settings.tables().map(|layouts| tables_line(&layouts.editions())));
    days_off(&settings.guide.extra_holidays, &mut checker);
    for section in settings.dn.all() {
        token_end(section.token_expires, &mut checker);
    }
    let reseau = "un jeton n’est admis que depuis les réseaux inscrits dans son profil : lancez « vigie check » depuis la machine qui exécutera vigie, et avant tout déménagement ajoutez-y la nouvelle adresse";
    if settings.dn.all().is_empty() {
        checker.good("plateforme", "sans jeton : lue par ses exports (exports.folder, vigie import)");
    } else {
        checker.good("réseau", reseau);
    }
    for variable in crate::network::unusable_proxies() {
        checker.bad("réseau", &reaching::unusable_proxy(variable));
    }
    let store = open_as_it_is(settings).await;
    checker.say("base", base(&store).await);
    if let Ok((store, book)) = &store {
        check_machine::replicas(store, &mut checker).await;
        for (is_good, line) in super::import::state(settings, store, book).await? {
            if is_good { checker.good("exports", &line) } else { checker.warn("exports", &line) }
        }
        rules(store, book, &mut checker).await;
    }
    for line in sign_in_lines::lines(settings).await {
        match line {
            Line::Good(text) => checker.good("connexion", &text),
            Line::Warn(text) => checker.warn("connexion", &text),
            Line::Bad(text) => checker.bad("connexion", &text),
        }
    }
    mails(settings, asks_each, &mut checker).await;
    if let Ok((store, _)) = &store {
        for line in mail_lines::waiting(store).await? {
            checker.warn("courriel", &line);
        }
    }
    if let Some(folder) = settings.mail.returned.as_ref().map(|folder| settings.beside(folder)) {
        returned(&folder, &mut checker);
    }
    if settings.act.mail {
        signature(settings, &mut checker);
    }
    if settings.act.messages {
        let text =
            "activés : accusé de réception et demande de pièces dans le dossier, au nom de dn.instructeur";
        checker.good("messages", text);
    }
    match hooks(settings) {
        Ok(hooks) if hooks.is_empty() => {}
        Ok(hooks) => checker.good("webhooks", &format!("{} destinataire(s), signature prête", hooks.len())),
        Err(error) => checker.bad("webhooks", &error.to_string()),
    }
    check_machine::documents(settings, &mut checker).await;
    kept(settings, &mut checker).await;
    check_private::private_files(settings, &mut checker);
    super::check_bodies::bodies(settings, &mut checker);
    let today = Clock::System.today();
    if today.year() < 2026 {
        checker.bad("horloge", &format!("{} : la machine n’est pas à l’heure", date_full(today)));
    } else {
        checker.good("horloge", &date_full(today));
    }
    if settings.validate().is_ok() {
        check_platform::sections(settings, writes, &mut checker).await;
    }
    Ok(if checker.failed() { CommandOutcome::Failed } else { CommandOutcome::Done })
}

/// Whether the store was opened, and can be written: a disk that is read-only since is read without a fault.
async fn base(store: &anyhow::Result<(Store, CaseBook)>) -> Result<String, String> {
    let (store, _) = store.as_ref().map_err(super::store_said)?;
    match store.settings().try_out().await {
        Ok(()) => Ok(format!("{} prête", store.engine())),
        Err(error) => Err(error.said()),
    }
}

/// Whether the server takes us and our sender; with `asks_each`, each of our own addresses too. Nothing is sent.
async fn mails(settings: &Settings, asks_each: bool, checker: &mut Checker<'_>) {
    let mailer = match mailer(settings) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => {
            return checker.warn("courriel", "désactivé (act.mail = false ou mail.smtp absent)");
        }
        Err(error) => return checker.bad("courriel", &error.to_string()),
    };
    let to = match (recipients(settings), desks(settings)) {
        (Ok([organisme, ditp]), Ok(desks)) if asks_each => {
            let desks = desks.into_iter().flat_map(|desk| desk.addresses).collect();
            [organisme, ditp, desks].concat()
        }
        // What is wrong with them is said with the recipients.
        _ => Vec::new(),
    };
    match mail_lines::each(&mailer, &to).await {
        Ok(lines) => {
            let able = lines.iter().all(Result::is_ok);
            for line in lines {
                checker.say("courriel", line);
            }
            if able {
                checker.good("courriel", "les courriels peuvent partir : le serveur accepte l’expéditeur");
            }
        }
        Err(error) => checker.bad("courriel", &mail_lines::meaning(&error)),
    }
}

/// The folder of mails that came back: it is read, and what was read is moved into a folder of it.
fn returned(folder: &Path, checker: &mut Checker<'_>) {
    let used = DropFolder::at(folder.to_owned()).messages().and_then(|messages| {
        crate::private::folder(&folder.join("cur"))?;
        crate::private::try_out(&folder.join("cur"))?;
        Ok(messages.len())
    });
    match used {
        Ok(waiting) => checker.good("retours", &format!("{waiting} message(s) à lire dans mail.returned")),
        Err(error) => checker.bad(
            "retours",
            &format!("mail.returned ne peut pas être lu et rangé ({error}) : créez ce dossier et donnez-en le droit au compte qui exécute vigie"),
        ),
    }
}

/// In whose name letters are written, and what they cannot say for want of a setting.
fn signature(settings: &Settings, checker: &mut Checker<'_>) {
    match &settings.mail.signature.name {
        Some(name) => checker.good("signature", name),
        None => checker.warn(
            "signature",
            "mail.signature.name est absent : les courriels sont signés du nom de mail.from",
        ),
    }
    match super::letterhead::logo(settings, &settings.mail.signature) {
        None => {}
        Some(Ok(logo)) => checker.good("logo", &format!("{} de {} octets", logo.media, logo.bytes.len())),
        Some(Err(error)) => {
            let (path, why) = match &error {
                LogoError::Unreadable(path, why) => (path, format!("illisible ({why})")),
                LogoError::TooLarge(path) => (path, "trop lourd (64 Kio au plus)".to_owned()),
                LogoError::OtherFormat(path) => (path, "ni PNG, ni JPEG, ni GIF".to_owned()),
                LogoError::TooWide(path, width, height) => {
                    (path, format!("trop grand ({width} × {height} pixels, 600 au plus)"))
                }
            };
            checker.bad(
                "logo",
                &format!("mail.signature.logo, {path} : {why} ; les courriels partent sans lui"),
            );
        }
    }
    if settings.dn.begin.application.is_none() {
        let text = "dn.begin.application est absent : les courriels qui demandent un nouveau dossier n’en donnent pas l’adresse";
        checker.warn("nouveau dossier", text);
    }
}

/// Says what other rules than those of the last pass change.
async fn rules(store: &Store, book: &CaseBook, checker: &mut Checker<'_>) {
    match upcoming(store, book).await {
        Ok(None) => {}
        Ok(Some(upcoming)) if upcoming.changes.is_empty() => {
            checker.good("règles", rules_change::UNCHANGED);
        }
        Ok(Some(upcoming)) => {
            let mut lines = rules_change::announcement(&upcoming);
            lines.push(rules_change::ADVICE.to_owned());
            // What follows the first line stands under its text.
            checker.warn("règles", &lines.join(&format!("\n{:26}", "")));
        }
        Err(error) => checker.bad("règles", &format!("{error:#}")),
    }
}

/// Checks that copies can be stored now, by writing a test object and deleting it.
async fn kept(settings: &Settings, checker: &mut Checker<'_>) {
    let copies = match copies(settings) {
        Ok(Some(copies)) => copies,
        Ok(None) => return,
        Err(error) => return checker.bad("copies", &error.to_string()),
    };
    let remedy = match copies.check(Clock::System.now()).await {
        Ok(()) => return checker.good("copies", "les copies de pièces peuvent être écrites"),
        Err(CopyError::Folder(why)) => format!(
            "evidence.folder ne peut pas être écrit ({why}) : donnez-en le droit au compte qui exécute vigie, et de la place à ce disque"
        ),
        Err(CopyError::Denied(why)) => format!(
            "le seau refuse ces clés ({why}) : vérifiez evidence.access_key, la clé secrète, evidence.region et le droit d’y écrire (s3:PutObject)"
        ),
        Err(CopyError::Absent(why)) => {
            format!("ce seau n’existe pas ({why}) : créez-le ou corrigez evidence.bucket")
        }
        Err(CopyError::Mute(unreached)) => format!(
            "le seau n’est pas joint : {} ({unreached})",
            reaching::meaning(unreached.culprit, "evidence.bucket")
        ),
        Err(why @ CopyError::Unwell(_)) => {
            format!("le seau est en panne ({why}) : réessayez plus tard, ou voyez avec qui l’exploite")
        }
        Err(
            why @ (CopyError::Refused(_) | CopyError::File(_) | CopyError::Unread(_) | CopyError::Altered),
        ) => {
            format!("le seau n’a pas pris l’essai ({why}) : vérifiez evidence.region, puis réessayez")
        }
    };
    checker.bad("copies", &remedy);
}

/// Says in which zone each declared day off counts.
fn days_off(days: &[DayOff], checker: &mut Checker<'_>) {
    let of = |off: &DayOff| {
        let zone = off.zone.map_or("toutes les zones", zones::name);
        format!("{} ({zone})", date_short(off.day))
    };
    if !days.is_empty() {
        let days: Vec<String> = days.iter().map(of).collect();
        checker.good("jours chômés", &format!("déclarés en plus des jours fériés : {}", days.join(", ")));
    }
}

fn tables_line(editions: &[(TableKind, &str, u32)]) -> String {
    let mut line = "compris (documents.tables)".to_owned();
    if editions.is_empty() {
        line.push_str(" ; les points de contrôle des grilles ne sont pas décrits (docs/tableaux.md)");
    }
    for (kind, name, points) in editions {
        line.push_str(&format!(
            " ; édition {name} de {}, {}",
            kind.name(),
            count(*points, "point", "points")
        ));
    }
    line
}

fn token_end(end: Option<Date>, checker: &mut Checker<'_>) {
    let Some(end) = end else {
        checker.warn(
            "jeton",
            "dn.token_expires n’est pas indiqué : l’API ne peut pas le dire, vigie ne pourra pas prévenir",
        );
        return;
    };
    let left = (end - Clock::System.today()).get_days();
    match left {
        ..0 => checker.bad("jeton", &format!("expiré depuis le {}", date_full(end))),
        0..=TOKEN_WARNING => {
            checker.warn("jeton", &format!("expire dans {left} jour(s), le {}", date_full(end)))
        }
        _ => checker.good("jeton", &format!("valable jusqu’au {}", date_full(end))),
    }
}
