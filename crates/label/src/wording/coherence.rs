//! Sentences about contradictions: the two facts, then what to check.

use crate::case::facts::Value;
use crate::case::keys::Key;
use crate::case::{Decision, Service};
use crate::guide::tiers::{Limiting, Tier};
use crate::judge::coherence::incoherence::{Incoherence, Milestone};
use crate::life::entry::{Entry, EntryDoubt, Outcome, RefusalReason};

use super::agreement::count;
use super::names::{self, date_short};
use super::{fields, network, tiers};

/// The sentence of one contradiction, with what to check.
pub(super) fn sentence(incoherence: &Incoherence) -> String {
    use Incoherence as I;
    match incoherence {
        I::Entry { decision, on, outcome } => {
            let day = on.map(|day| format!(" du {}", date_short(day))).unwrap_or_default();
            format!("Décision « {} »{day} : {}", names::decision(*decision), entry(*decision, *outcome))
        }
        I::UnreadableRow { row } => {
            format!("Ligne {row} de l’historique sans décision lisible : elle ne compte pas, choisissez la décision")
        }
        I::AboveMarks { decided, computed, limiting } => above(*decided, *computed, limiting),
        I::BelowMarks { decided, computed } => format!(
            "Palier décidé {}, les notes donnent {} : le guide attribue le plus haut palier atteint, vérifiez les notes ou la décision",
            names::tier(*decided),
            names::tier(*computed)
        ),
        I::RefusalProposed { limiting } => {
            let limits: Vec<_> = limiting.iter().map(tiers::limiting).collect();
            format!(
                "Les notes n’atteignent pas le palier Bronze ({}) : rejet proposé ; la décision vous appartient",
                limits.join(" ; ")
            )
        }
        I::RefusedAboveMarks { computed } => format!(
            "Rejet décidé, les notes donnent {} : vérifiez les notes ou la décision",
            names::tier(*computed)
        ),
        I::MarksMissing { missing, .. } => {
            let missing: Vec<_> = missing.iter().map(|criterion| names::criterion(*criterion)).collect();
            format!("Label décidé sans toutes les notes : {} à saisir", missing.join(", "))
        }
        I::ComponentMissing(component) => format!(
            "Label décidé sans note pour la composante « {} » : les trois composantes sont exigées, saisissez les notes",
            names::component(*component)
        ),
        I::NoTier => "Label décidé sans palier : indiquez le palier décidé".to_owned(),
        I::OrWithoutScore => {
            "Palier Or décidé sans note pour les critères Or : saisissez-la ou corrigez le palier".to_owned()
        }
        I::NoAudit => "Décision sans jour de visite : indiquez les dates de l’audit".to_owned(),
        I::InvalidSurvey(survey) => format!(
            "Label décidé alors que l’{} n’est pas valable : vérifiez les nombres de réponses ou la décision (F-36)",
            names::component(*survey)
        ),
        I::DecidedBefore { milestone, decided, day } => format!(
            "Décision du {} prise avant {} ({}) : vérifiez les deux dates",
            date_short(*decided),
            self::milestone(*milestone),
            date_short(*day)
        ),
        I::NotifiedBeforeDecided { decided, notified } => format!(
            "Décision notifiée le {}, avant d’avoir été prise le {} : vérifiez les deux dates",
            date_short(*notified),
            date_short(*decided)
        ),
        I::EffectiveBeforeDecided { decided, effective, .. } => format!(
            "Décision qui prend effet le {}, avant d’avoir été prise le {} : vérifiez les deux dates",
            date_short(*effective),
            date_short(*decided)
        ),
        I::EffectIgnored { decision, effective } => format!(
            "Date d’effet du {} sur la décision « {} », qui compte du jour où elle est prise : videz cette date ; si le label est retiré ou suspendu, saisissez cette décision",
            date_short(*effective),
            names::decision(*decision)
        ),
        I::NoReport => {
            "Décision sans rapport d’audit : indiquez le jour de sa transmission ou de sa réception".to_owned()
        }
        I::PlatformDisagrees { decision, state } => format!(
            "Décision « {} », le dossier est {} sur la plateforme : corrigez l’une ou l’autre",
            names::decision(*decision),
            names::platform_state(*state)
        ),
        I::BesideTheTable { decision, on } => {
            let typed = decision.map_or("annulée".to_owned(), |decision| format!("« {} »", names::decision(decision)));
            let day = on.map(|day| format!(" du {}", date_short(day))).unwrap_or_default();
            format!(
                "Décision {typed}{day} saisie hors de l’historique des décisions, qui ne la porte pas : l’historique fait foi, ajoutez-y une ligne ou videz le champ"
            )
        }
        I::OtherKind { stated, judged } => format!(
            "Type de service « {} » dans ce dossier, « {} » dans la première demande, qui est retenu : corrigez l’un ou l’autre",
            names::service(*stated),
            names::service(*judged)
        ),
        I::ExtensionTier { decided, held } => format!(
            "Palier décidé {} pour une extension, le label est au palier {} : une extension ajoute des sites et ne change pas le palier, vérifiez",
            names::tier(*decided),
            names::tier(*held)
        ),
        I::WithdrawnAgain { first } => format!(
            "Retrait écrit deux fois : le label était déjà retiré le {}, corrigez l’une des deux dates",
            date_short(*first)
        ),
        I::PlanNeverAsked => {
            "Suspension pour plan d’actions non produit, aucun plan n’a été demandé : vérifiez le motif ou saisissez la demande"
                .to_owned()
        }
        I::PlanReceived { received } => format!(
            "Suspension pour plan d’actions non produit, le plan a été reçu le {} : vérifiez le motif ou la date",
            date_short(*received)
        ),
        I::DelayWithoutSuspension { on } => format!(
            "Délai de levée fixé au {}, aucune suspension n’est connue : saisissez la suspension ou retirez le délai",
            date_short(*on)
        ),
        I::SuspensionWithoutCause => {
            "Suspension sans motif : le guide en donne une liste, indiquez lequel".to_owned()
        }
        I::CauseOfACentral => {
            "Suspension d’un service local pour un motif de service central (75 % de locaux labellisés) : vérifiez le motif"
                .to_owned()
        }
        I::DelayOutsideSuspension { delay, since, limit } => format!(
            "Délai de levée fixé au {}, hors de la suspension (du {} au {} au plus tard){} : vérifiez la date",
            date_short(*delay),
            date_short(*since),
            date_short(*limit),
            if delay > limit { ", dont le dernier jour est retenu" } else { "" }
        ),
        I::Network(incoherence) => network::incoherence(*incoherence),
        I::MoreInvitedThanConcerned { concerned, invited } => format!(
            "Enquête agents : {} pour {}, vérifiez les deux nombres",
            count(*invited, "agent sollicité", "agents sollicités"),
            count(*concerned, "concerné", "concernés")
        ),
        I::MoreSelfAssessmentsThanLocals { provided, locals } => format!(
            "Autodiagnostics fournis : {provided} pour {}, vérifiez les deux nombres",
            count(*locals, "service local", "services locaux")
        ),
        I::MorePointsThanChecked { valid, total } => {
            format!("Points de contrôle : {valid} validés pour {total} contrôlés, vérifiez les deux nombres")
        }
        I::PlanWhileIncomplete { sent } => format!(
            "Plan d’audit transmis le {} alors que le dossier est incomplet : le guide le réserve aux dossiers complets",
            date_short(*sent)
        ),
        I::PlanBeforeDeposit { sent, deposited } => format!(
            "Plan d’audit transmis le {}, avant le dépôt du dossier le {} : vérifiez la date",
            date_short(*sent),
            date_short(*deposited)
        ),
        I::ReportWithoutVisit { sent } => format!(
            "Rapport d’audit du {} sans jour de visite : indiquez les dates de l’audit",
            date_short(*sent)
        ),
        I::ObservationsWithoutReport { on } => format!(
            "Observations du {} sans rapport d’audit : indiquez le jour de sa transmission ou de sa réception",
            date_short(*on)
        ),
        I::PlanReceivedUnasked { received } => format!(
            "Plan d’actions reçu le {} sans avoir été demandé : indiquez le jour de la demande",
            date_short(*received)
        ),
        I::MarkRevised { key, reported, now } => format!(
            "Note modifiée après la transmission du rapport : {}, {} dans le rapport, {} maintenant ; les notes ne sont pas révisées, vérifiez",
            fields::key(*key),
            fields::value(reported),
            now.as_ref().map_or_else(|| "aucune valeur".to_owned(), fields::value)
        ),
        I::ChangedSinceAward { key, awarded, now } => format!(
            "{} changé depuis l’attribution du label : {} à l’attribution, {} maintenant ; {}",
            names::capital(&fields::key(*key)),
            identity(*key, awarded),
            now.as_ref().map_or_else(|| "aucune valeur".to_owned(), |now| identity(*key, now)),
            KEPT_AS_AWARDED
        ),
        I::Reversed { first, first_on, then, then_on } => format!(
            "Dates dans le désordre : « {} » le {}, avant « {} » le {} ; vérifiez les deux",
            fields::key(*then),
            date_short(*then_on),
            fields::key(*first),
            date_short(*first_on)
        ),
        I::DoneAhead { key, on } => {
            let name = names::capital(&fields::key(*key));
            format!("{name} : le {} n’est pas encore venu, vérifiez la date", date_short(*on))
        }
    }
}

/// What is true until somebody settles it, and the two ways to.
const KEPT_AS_AWARDED: &str = "la valeur de l’attribution reste retenue, au registre aussi : remettez-la dans le dossier, ou retenez la nouvelle sur la page du cas";

/// What a field says of the service: a kind in words, the rest as it is typed.
#[must_use]
pub fn identity(key: Key, value: &Value) -> String {
    match value {
        Value::Choice(kind) if key == Key::TypeService => {
            format!("« {} »", names::service(Service::from_key(kind)))
        }
        other => fields::value(other),
    }
}

fn above(decided: Option<Tier>, computed: Option<Tier>, limiting: &[Limiting]) -> String {
    let limits: Vec<_> = limiting.iter().map(tiers::limiting).collect();
    let limits = if limits.is_empty() { String::new() } else { format!(" ({})", limits.join(" ; ")) };
    let given = computed.map_or("les notes ne donnent aucun palier".to_owned(), |tier| {
        format!("les notes donnent {}", names::tier(tier))
    });
    let decided =
        decided.map_or("Label décidé".to_owned(), |tier| format!("Palier décidé {}", names::tier(tier)));
    format!("{decided}, {given}{limits} : vérifiez les notes ou la décision")
}

fn milestone(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Deposit => "le dépôt du dossier",
        Milestone::LastVisitDay => "le dernier jour de visite",
        Milestone::Report => "la transmission du rapport",
        Milestone::EndOfObservations => "la fin du délai d’observations",
    }
}

fn entry(decision: Decision, outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted => "retenue".to_owned(),
        Outcome::Doubtful(doubt) => doubtful(doubt),
        Outcome::Refused(reason) => refused(decision, reason),
    }
}

/// The outcome of one decision, to follow its name: « retenue », or why not.
#[must_use]
pub fn outcome(entry: &Entry) -> String {
    match entry.outcome {
        Outcome::Accepted => "retenue".to_owned(),
        Outcome::Doubtful(_) => format!("à vérifier : {}", self::entry(entry.event.decision, entry.outcome)),
        Outcome::Refused(_) => format!("non retenue : {}", self::entry(entry.event.decision, entry.outcome)),
    }
}

fn doubtful(doubt: EntryDoubt) -> String {
    let none = "non précisé";
    match doubt {
        EntryDoubt::Undated { used } => format!(
            "sans date, le {} (décision sur la plateforme) est retenu ; saisissez la date",
            date_short(used)
        ),
        EntryDoubt::Future { on } => {
            format!(
                "le {} n’est pas encore venu, elle comptera à partir de ce jour ; vérifiez la date",
                date_short(on)
            )
        }
        EntryDoubt::PlanBeforeLabel => {
            "aucun label n’est connu : un plan d’actions suit un audit de suivi, vérifiez la décision"
                .to_owned()
        }
        EntryDoubt::AwardRewritten { before, after } => format!(
            "écrite deux fois, palier {} puis {} : le dernier est retenu, corrigez l’une des deux",
            before.map_or(none, names::tier),
            after.map_or(none, names::tier)
        ),
        EntryDoubt::DecidedWhileSuspended { since } => format!(
            "le label était suspendu depuis le {}, cette décision ne lève pas la suspension : saisissez la levée si elle a été décidée",
            date_short(since)
        ),
        EntryDoubt::NotHigher { held, decided } => format!(
            "palier {} décidé, le palier détenu est {} : ce n’est pas un palier supérieur, il est maintenu ; vérifiez le palier",
            names::tier(decided),
            names::tier(held)
        ),
        EntryDoubt::HigherWithoutTier => {
            "sans palier décidé, le palier détenu est maintenu ; indiquez le palier".to_owned()
        }
        EntryDoubt::ConfirmedOtherTier { held, decided } => format!(
            "palier {} écrit, le palier détenu est {} : une confirmation ne le change pas ; vérifiez le palier ou la décision",
            names::tier(decided),
            names::tier(held)
        ),
        EntryDoubt::LateRenewal { ended } => format!(
            "le label avait pris fin le {} : la nouvelle période commence à la décision, vérifiez les dates",
            date_short(ended)
        ),
        EntryDoubt::SuspendedAgain { since } => format!(
            "le label était déjà suspendu depuis le {} : les limites de la première suspension sont retenues ; saisissez la levée entre les deux si elle a eu lieu",
            date_short(since)
        ),
        EntryDoubt::FirstUnknown => {
            "la première demande n’est pas connue : indiquez le dossier précédent".to_owned()
        }
    }
}

fn refused(decision: Decision, reason: RefusalReason) -> String {
    match reason {
        RefusalReason::Undated => "sans date, elle ne compte pas ; saisissez la date".to_owned(),
        RefusalReason::NoLabel => format!(
            "aucun label n’est connu, il n’y a rien à {} : elle ne compte pas, vérifiez la décision",
            verb(decision)
        ),
        RefusalReason::BeforeAward { awarded } => format!(
            "elle précède la labellisation du {} : elle ne compte pas, vérifiez les dates",
            date_short(awarded)
        ),
        RefusalReason::NothingToLift => {
            "le label n’était pas suspendu ce jour-là : il n’y avait rien à lever, vérifiez la date de la suspension"
                .to_owned()
        }
        RefusalReason::Over { ended } => format!(
            "le label a pris fin le {} : elle ne compte pas, vérifiez les dates",
            date_short(ended)
        ),
        RefusalReason::Corrected { refused } => format!(
            "remplacée dans le dossier par le rejet du {} : le label n’a pas été décerné",
            date_short(refused)
        ),
        RefusalReason::RefusalCorrected { awarded } => format!(
            "remplacée dans le dossier par la labellisation du {} : elle ne compte plus",
            date_short(awarded)
        ),
        RefusalReason::LabelledAlready { awarded } => format!(
            "le même dossier est labellisé depuis le {} : elle ne compte pas, retirez l’une des deux lignes",
            date_short(awarded)
        ),
        RefusalReason::AwardedTwice { awarded } => format!(
            "un label est déjà en vigueur depuis le {} : elle ne compte pas, vérifiez le type de demande",
            date_short(awarded)
        ),
    }
}

fn verb(decision: Decision) -> &'static str {
    match decision {
        Decision::Confirme => "confirmer",
        Decision::PalierSuperieur => "relever",
        Decision::PlanActions | Decision::Labellise | Decision::Rejete => "suivre",
        Decision::Suspension => "suspendre",
        Decision::Levee => "lever",
        Decision::Retrait => "retirer",
    }
}
