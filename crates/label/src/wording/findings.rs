//! Sentences about findings. Each ends with the guide's section.

use jiff::civil::Date;

use crate::case::Doubt;
use crate::case::facts::UnreadableValue;
use crate::case::inspection::{FileFault, Media};
use crate::case::keys::Key;
use crate::case::proofs::RowFault;
use crate::judge::agenda::{Due, Role, Status};
use crate::judge::finding::{Finding, Level, What};

use super::agreement::count;
use super::fields::{self, value};
use super::names::{self, capital, date_short};
use super::{
    bodies, coherence, contact, exports, follow_up, network, perimeter, recount, surveys, unread, zones,
};

/// The word for the level of a finding, since a colour alone is not accessible.
#[must_use]
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Ok => "OK",
        Level::Unknown => "Non vérifié",
        Level::ToCheck => "À vérifier",
        Level::Missing => "Manque",
        Level::Ko => "KO",
    }
}

/// « KO — Enquête agents : … — § 3.4.2 du guide (R-3.4.2-d) ».
#[must_use]
pub fn finding(finding: &Finding) -> String {
    let level = level(finding.level);
    let what = sentence(finding);
    match finding.rule {
        "DN" => format!("{level} — {what}"),
        rule => format!("{level} — {what} — § {} du guide ({rule})", finding.section),
    }
}

/// The sentence of a finding, with who must fill what only an annotation holds.
#[must_use]
pub fn sentence(finding: &Finding) -> String {
    let what = what(&finding.what);
    match (finding.level, finding.owner) {
        (Level::Missing, Role::Organisme) => {
            format!("{what} (annotation à remplir par l’organisme de certification)")
        }
        _ => what,
    }
}

/// The sentence of what was found, without its level or its section.
#[must_use]
pub fn what(what: &What) -> String {
    match what {
        What::Piece(key) => format!("Pièce ou information absente : {}", fields::key(*key)),
        What::EmptyFile { key, name } => format!("Fichier vide : « {name} » ({})", fields::key(*key)),
        What::ScanPending { key, name } => {
            format!("Analyse antivirus en cours : « {name} » ({})", fields::key(*key))
        }
        What::ScanRefused { key, name } => {
            format!("Fichier écarté par l’antivirus : « {name} » ({}), à déposer de nouveau", fields::key(*key))
        }
        What::BadFile { key, name, fault } => {
            format!("{} : « {name} » {}", fields::key(*key), bad_file(*fault))
        }
        What::Vanished { key, name } => format!(
            "{} : « {name} » était déposé et n’est plus visible, sans que le candidat ait modifié son dossier ; \
             peut-être écarté par l’antivirus de la plateforme, à vérifier avec lui",
            fields::key(*key)
        ),
        What::PiecesComplete { count } => format!("Pièces et informations attendues présentes ({count})"),
        What::Deposit { on, limit } => deposit(*on <= *limit, &date_short(*on), &date_short(*limit)),
        What::Contract => "Contrat de prestations : signature non indiquée".to_owned(),
        What::UserSurvey { .. } | What::StaffSurvey { .. } => surveys::validity(what),
        What::StaffNotAllInvited { concerned, invited } => format!(
            "Enquête agents : {} pour {} ; tous doivent l’être",
            count(*invited, "agent sollicité", "agents sollicités"),
            count(*concerned, "concerné", "concernés")
        ),
        What::MoreAnswersThanInvited { key, invited, admissible } => format!(
            "{} : {admissible} pour {}, plus de réponses que d’invitations",
            capital(&fields::key(*key)),
            count(*invited, "sollicité", "sollicités")
        ),
        What::Survey { .. } | What::SelfAssessment { .. } | What::Indicators { .. } => surveys::age(what),
        What::TypedOver { key, on } => typed_over(*key, *on),
        What::ProofRow { row, fault } => proof_row(*row, *fault),
        What::SelfAssessments { provided, locals } => {
            format!("Autodiagnostics locaux fournis : {provided} sur {locals} ; il en faut un par service local")
        }
        What::Points { valid, total, .. } => points(*valid, *total),
        What::Reapplication { deposited, from } => format!(
            "Nouvelle candidature déposée le {} ; possible à partir du {} après le refus",
            date_short(*deposited),
            date_short(*from)
        ),
        What::Cannot { key, why: UnreadableValue::UnknownOption, word: Some(word) } => {
            format!("{} : {}", capital(&fields::key(*key)), unread::unknown_option(*key, word))
        }
        What::Cannot { key, why, .. } => format!("{} : {}", capital(&fields::key(*key)), unread::why(*why)),
        What::UnknownChoice { key, word } => format!(
            "{} : {} ; les autres choix sont retenus",
            capital(&fields::key(*key)),
            unread::unknown_option(*key, word)
        ),
        What::Siret(doubt) => unread::siret(doubt),
        What::Broken(key) => {
            format!("{} : champ absent du formulaire ou d’un autre type", capital(&fields::key(*key)))
        }
        What::SilentExport { zeros, noes, columns } => exports::silent(zeros, noes, columns),
        What::Body(doubt) => bodies::doubt(doubt),
        What::Contact(doubt) => contact::sentence(doubt),
        What::UnknownDepartement { written } => format!(
            "Département non reconnu : « {written} » ; les jours fériés de la métropole sont retenus, indiquez le numéro du département ou la zone de jours fériés"
        ),
        What::Unfilled { needs } => {
            let needs: Vec<_> = needs.iter().map(|key| fields::key(*key)).collect();
            format!("À renseigner : {}", needs.join(", "))
        }
        What::Differs { key, declared, verified } => format!(
            "{} : {} déclaré, {} vérifié (la valeur vérifiée est retenue)",
            capital(&fields::key(*key)),
            value(declared),
            value(verified)
        ),
        What::VisitReversed { first, last } => format!(
            "Le dernier jour de visite ({}) précède le premier ({})",
            date_short(*last),
            date_short(*first)
        ),
        What::Postponed { times } => {
            format!("Audit reporté {times} fois : des reports répétés sont un motif de suspension")
        }
        What::PoolExhausted { sample, available } => {
            let available: Vec<String> = available.iter().map(u64::to_string).collect();
            format!(
                "Vivier : il faut auditer {sample} locaux par an parmi ceux qui ne l’ont pas encore été ; il en reste {} d’une année à l’autre",
                available.join(", puis ")
            )
        }
        What::MoreLocalsKnown { told, known } => format!(
            "{known} services locaux nomment ce service central, qui en déclare {told} : vérifiez leur nombre, l’échantillon en dépend"
        ),
        What::Network(fault) => network::condition(*fault),
        What::ThreeQuartersAtRisk(three) => network::at_risk(three),
        What::ComparedOtherwise(other) => network::compared_otherwise(*other),
        What::Perimeter(what) => perimeter::sentence(what),
        What::YearlySurveys(surveys) => network::yearly_surveys(surveys),
        What::LabelKept { standing, ends } => network::label_kept(*standing, *ends),
        What::CentralNotKnown(standing) => network::central_not_known(*standing),
        What::Supplements(supplements) => format!(
            "75 % de locaux labellisés non atteints : il en faut {}, il en manque {} ; locaux supplémentaires à présenter : {} s’ils comptent parmi les audités, {} sur l’échantillon initial",
            supplements.required, supplements.missing, supplements.of_all_audited, supplements.of_the_sample
        ),
        What::LowerMajority => {
            "La majorité des locaux de l’année est à un palier inférieur : le guide ne prévoit pas ce cas, le palier est maintenu (F-17)"
                .to_owned()
        }
        What::EndDiffers { printed, computed } => format!(
            "Fin de validité : {} sur l’attestation, {} par le calcul (celle de l’attestation est retenue)",
            date_short(*printed),
            date_short(*computed)
        ),
        What::Coherence(incoherence) => coherence::sentence(incoherence),
        What::FollowUp(note) => follow_up::sentence(note),
        What::DecidedOnPlatform => {
            "Décision non saisie : le dossier est accepté sur la plateforme, sa date d’acceptation est retenue"
                .to_owned()
        }
        What::NotInGroup => {
            "L’instructeur de vigie n’est pas dans le groupe de ce dossier : rien ne peut y être écrit".to_owned()
        }
        What::UnknownWord { of, word } => names::unknown_word(*of, word),
        What::Doubt(doubt) => self::doubt(*doubt),
        What::Recount(recount) => recount::sentence(recount),
    }
}

fn typed_over(key: Key, on: Date) -> String {
    let counted = match key {
        Key::AutodiagnosticLe => " ; les années sont comptées depuis l’audit en attendant",
        _ => "",
    };
    format!(
        "{} : le {}, après la décision, est lu comme une preuve de l’année. Remettez la date de la demande, et saisissez celle-ci dans une ligne de « preuves annuelles »{counted}",
        capital(&fields::key(key)),
        date_short(on)
    )
}

fn proof_row(row: usize, fault: RowFault) -> String {
    match fault {
        RowFault::NoKind => format!(
            "Ligne {row} des preuves annuelles sans nature lisible : elle ne compte pas, choisissez autodiagnostic, enquête usagers ou enquête agents"
        ),
        RowFault::NoDate => {
            format!(
                "Ligne {row} des preuves annuelles sans date lisible : elle ne compte pas, saisissez la date"
            )
        }
        RowFault::Ahead { on } => format!(
            "Ligne {row} des preuves annuelles : le {} n’est pas encore venu, vérifiez la date",
            date_short(on)
        ),
        RowFault::NoPiece => format!(
            "Ligne {row} des preuves annuelles sans pièce : la date est retenue, joignez le rapport à la ligne"
        ),
        RowFault::OtherYear { year, on } => format!(
            "Ligne {row} des preuves annuelles : année {year} pour un {} ; la date est retenue, vérifiez l’année",
            date_short(on)
        ),
    }
}

fn deposit(in_time: bool, on: &str, limit: &str) -> String {
    match in_time {
        true => format!("Dossier déposé le {on}, au plus tard le {limit}"),
        false => format!("Dossier déposé le {on}, après le {limit} (un mois avant l’audit)"),
    }
}

fn points(valid: i64, total: i64) -> String {
    let valid_points = count(valid, "validé", "validés");
    format!("Points de contrôle : {valid_points} sur {total}{} ; il faut 75 %", surveys::rate(valid, total))
}

fn doubt(doubt: Doubt) -> String {
    match doubt {
        Doubt::SameService { other } => {
            format!("Une autre candidature du même service est en cours : dossier {other}")
        }
        Doubt::DecisionErased { dossier } => format!(
            "La décision saisie dans le dossier {dossier} a été effacée : la dernière connue est conservée, saisissez la bonne"
        ),
        Doubt::DecisionUntold { dossier } => format!(
            "La décision du dossier {dossier} n’est pas connue : il est traité sur la plateforme, mais aucun export lu depuis n’a ses décisions. Téléchargez l’export en xlsx ou en ods, avec leur feuille ; aucun label n’est retenu ni annoncé d’ici là"
        ),
        Doubt::DecisionWithdrawn { dossier, decision, on } => {
            let day = on.map(|day| format!(" du {}", names::date_full(day))).unwrap_or_default();
            format!(
                "{}{day}, dossier {dossier} : effacée ou annulée dans le dossier, cette décision ne compte plus",
                names::capital(names::decision(decision))
            )
        }
        Doubt::NothingToAnnul { dossier } => format!(
            "« Annulée » dans le dossier {dossier}, sans décision à annuler : indiquez sur cette ligne la date de la décision qui n’a jamais existé"
        ),
        Doubt::Unattached { candidates: 0 } => {
            "Aucune première demande connue pour ce service : dossier précédent à indiquer".to_owned()
        }
        Doubt::Unattached { candidates } => {
            format!("{candidates} demandes possibles pour ce service : dossier précédent à indiquer")
        }
        Doubt::PerhapsMoved { number } => format!(
            "Aucune première demande connue pour ce SIRET ; le dossier {number} est celui d’un autre établissement de la même entreprise (même SIREN) : si le service a déménagé, indiquez dans ce dossier-ci le SIRET du dossier {number} ; sinon indiquez le dossier précédent. Rien n’est annoncé d’ici là"
        ),
        Doubt::UnknownPrevious { number } => format!("Le dossier précédent indiqué ({number}) est inconnu"),
        Doubt::OtherService { number, moved: true } => format!(
            "Le dossier précédent indiqué ({number}) est celui d’un autre établissement de la même entreprise (même SIREN) : si le service a déménagé, indiquez dans ce dossier le SIRET du dossier {number} ; sinon corrigez le numéro. Rien n’est annoncé d’ici là"
        ),
        Doubt::OtherService { number, moved: false } => format!(
            "Le dossier précédent indiqué ({number}) est celui d’un autre service (autre SIRET) : il n’est pas rattaché, corrigez le numéro ou le SIRET. Rien n’est annoncé d’ici là"
        ),
    }
}

/// One line of the timetable, on that day.
#[must_use]
pub fn due_line(due: &Due, today: Date) -> String {
    let (_, rule, section) = due.obligation.reference();
    let status = match due.status {
        Status::Upcoming => String::new(),
        Status::Late => " — EN RETARD".to_owned(),
        Status::Passed if due.is_moot(today) => format!(" — {}", names::MOOT),
        Status::Passed => " — passé".to_owned(),
        Status::Done => format!(" — {}", names::done(due.settled, "fait")),
    };
    format!("{} — {}{status} — § {section} ({rule})", date_short(due.deadline.nominal), due_title(due))
}

/// Journal line about a mail that was sent before the ledger began.
#[must_use]
pub fn recalled(on: Date, subject: &str) -> String {
    format!("Déjà envoyé le {} d’après l’annotation du dossier, pas renvoyé : {subject}", date_short(on))
}

/// The next deadline, as `auto_prochaine_echeance` shows it.
#[must_use]
pub fn next_due_title(due: &Due) -> String {
    let late = if due.status == Status::Late { " (en retard)" } else { "" };
    format!("{}{late}", due_title(due))
}

/// What is due, with its window or its extended date, and whose public holidays were used.
#[must_use]
pub fn due_title(due: &Due) -> String {
    let title = names::due(due);
    let zone = due.zone.map(|zone| format!("jours ouvrés : {}", zones::used(zone)));
    match due.window {
        Some(window) => {
            format!("{title}, fenêtre du {} au {}", date_short(window.opens), date_short(window.closes))
        }
        _ if due.deadline.extended != due.deadline.nominal => {
            let next = format!("jour ouvré suivant : {}", date_short(due.deadline.extended));
            let said: Vec<String> = [Some(next), zone].into_iter().flatten().collect();
            format!("{title} ({})", said.join(" ; "))
        }
        _ => zone.map_or(title.to_owned(), |zone| format!("{title} ({zone})")),
    }
}

/// The sentence of a mail about a deadline that depends on working days.
#[must_use]
pub fn zone_sentence(due: &Due) -> Option<String> {
    let zone = due.zone?;
    Some(format!("Jours ouvrés comptés avec les jours fériés de la zone : {}.", zones::used(zone)))
}

/// What is wrong with a file, and what to do.
#[must_use]
pub fn bad_file(fault: FileFault) -> String {
    match fault {
        FileFault::OtherMedia { announced: Media::Office | Media::Text, found: Media::Html } => {
            "est une page web enregistrée sous ce nom : à ouvrir dans un tableur ou un traitement de texte, et à enregistrer \
             en .xlsx, .ods, .docx ou .pdf pour être lu automatiquement"
                .to_owned()
        }
        FileFault::OtherMedia { announced, found } if !fault.is_fatal() => format!(
            "n’est pas {} mais {} : à ouvrir par une personne",
            names::media(announced),
            names::media(found)
        ),
        FileFault::OtherMedia { announced, found } => format!(
            "n’est pas {} mais {} : à déposer de nouveau sous sa vraie forme",
            names::media(announced),
            names::media(found)
        ),
        FileFault::NoDocument { found: Media::Unknown } => {
            "porte le nom d’un programme : à ouvrir par une personne, avec prudence".to_owned()
        }
        FileFault::NoDocument { found } if fault.is_fatal() => format!(
            "n’est pas un document mais {} : à remplacer par le document lui-même",
            names::media(found)
        ),
        FileFault::NoDocument { found } => format!(
            "n’est pas un document mais {}, dont rien n’a été lu : à ouvrir par une personne",
            names::media(found)
        ),
        FileFault::Unopenable => "ne s’ouvre pas : fichier abîmé, à déposer de nouveau".to_owned(),
        FileFault::Encrypted => "demande un mot de passe : à déposer de nouveau sans protection".to_owned(),
        FileFault::NoPages => "ne contient aucune page : à déposer de nouveau".to_owned(),
        FileFault::TooLarge => {
            "est trop volumineux pour être lu automatiquement : à ouvrir par une personne".to_owned()
        }
        FileFault::TooCostly => {
            "n’a pas pu être lu automatiquement (trop complexe) : à ouvrir par une personne, avec prudence"
                .to_owned()
        }
        FileFault::Altered => {
            "diffère de ce que la plateforme annonce (taille ou empreinte) : à vérifier".to_owned()
        }
        FileFault::Infected => {
            "est refusé par l’antivirus : à ne pas ouvrir, à déposer de nouveau".to_owned()
        }
        FileFault::Away => {
            "n’a pas été lu : le zip de pièces qui le contenait n’est plus dans le dossier des exports, à y \
             remettre".to_owned()
        }
    }
}
