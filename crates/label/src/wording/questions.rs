//! The texts of the guide's open questions and of their readings, and the edition of the rules that they make.

use crate::guide::choices::Choices;

/// The edition of the guide, and the version of our reading of it.
const GUIDE: &str = "Guide du label SP+ (postérieur au 05/12/2025), lecture 2";

/// The value of `auto_regles`: the edition of the guide, the version of our reading of it and, of each open question that is
/// not read as recommended, the reading in force.
#[must_use]
pub fn edition(choices: &Choices) -> String {
    let recommended = Choices::default().in_force();
    let others = choices.in_force().into_iter().filter(|reading| !recommended.contains(reading));
    let others: Vec<String> = others.map(|(id, reading)| format!("{id} {reading}")).collect();
    match others.is_empty() {
        true => GUIDE.to_owned(),
        false => format!("{GUIDE} ; lectures choisies : {}", others.join(", ")),
    }
}

/// The text of a question, or its number when it has no text here.
#[must_use]
pub fn question(id: &'static str) -> &'static str {
    match id {
        "F-01" => "Comment les points de contrôle de plusieurs sites font-ils un score ?",
        "F-02" => "Dans quel ordre fait-on la moyenne des réponses d’une enquête ?",
        "F-03" => "« Plus de 50 % des questions » : lesquelles ?",
        "F-04" => "Les usagers touchés par un code QR ou sur papier sont-ils « sollicités » ?",
        "F-05" => "La tranche d’effectif se lit-elle sur les agents concernés ou sollicités ?",
        "F-06" => "Une enquête close six mois jour pour jour avant l’audit est-elle encore valable ?",
        "F-07" => "Quelles sont « les dates d’audit » quand plusieurs sites sont visités ?",
        "F-08" => "Dix jours ouvrés avant la visite : le dixième jour convient-il ?",
        "F-09" => "Les 21 et 10 jours sont-ils des jours du calendrier ou des jours ouvrés ?",
        "F-10" => {
            "La fenêtre de suivi se compte-t-elle autour de la date théorique ou depuis la notification ?"
        }
        "F-11" => "Le même jour trois ans plus tard est-il le dernier jour valable ?",
        "F-12" => "« Six mois échus » après un refus : dès le même jour du mois, ou le lendemain ?",
        "F-13" => "Quelle majorité des locaux labellisés donne son palier au service central ?",
        "F-14" => "Avec des locaux supplémentaires, les 75 % portent-ils sur tous les audités ?",
        "F-15" => "Quand trop peu de locaux n’ont jamais été audités, qui tire-t-on au sort ?",
        "F-16" => "Que faire d’un suivi sous le palier détenu, mais au moins Bronze ?",
        "F-17" => "Que faire quand la majorité des locaux est sous le palier du service central ?",
        "F-18" => "Autodiagnostic « chaque année » : tous les douze mois ou par année civile ?",
        "F-19" => "Enquêtes d’un service rattaché : une fois en dix-huit mois ou chaque année ?",
        "F-21" => "D’où partent les douze mois d’une suspension ?",
        "F-22" => "Un label arrivé à échéance laisse-t-il deux mois pour retirer la marque ?",
        "F-23" => "Quand commence la période d’un label renouvelé ?",
        "F-25" => "Quand suivre un local dont le service central a perdu son label ?",
        "F-26" => "Le délai de dix-huit mois court-il pendant la procédure du service central ?",
        "F-28" => "Les enquêtes d’un suivi doivent-elles avoir moins de six mois ?",
        "F-29" => "De quel lieu compte-t-on les jours fériés ?",
        "F-32" => "« L’année en cours » : celle du cycle ou l’année civile ?",
        "F-34" => "Les suivis d’un service central partent-ils de la notification ou de l’audit initial ?",
        "F-35" => "Les six mois des indicateurs se comptent-ils au dépôt ou à l’audit ?",
        other => other,
    }
}

/// The text of a reading, to follow « lecture : ».
#[must_use]
pub fn reading(word: &'static str) -> &'static str {
    match word {
        "all-sites" => "tous les sites ensemble",
        "per-site" => "une moyenne par site, puis la moyenne des sites",
        "by-question" => "par question, puis par engagement",
        "pooled" => "toutes les réponses d’un engagement ensemble",
        "scored" => "les questions notées",
        "all" => "toutes, profil compris",
        "mailed" => "seulement ceux à qui l’on a écrit",
        "with-complements" => "les autres aussi, par estimation",
        "concerned" => "les agents concernés",
        "invited" => "les agents sollicités",
        "strict" => "non, moins de six mois",
        "inclusive" => "oui, dans les six mois",
        "whole-audit" => "du premier au dernier jour, tous sites",
        "each-site" => "celles de chaque site",
        "tenth" => "oui, le dixième",
        "eleventh" => "non, dix jours pleins",
        "calendar" => "jours du calendrier",
        "working" => "jours ouvrés",
        "around-theory" => "deux mois autour de la date théorique",
        "from-notification" => "depuis la notification",
        "same-day" => "le même jour",
        "day-before" => "la veille",
        "next-day" => "le lendemain",
        "cumulative" => "plus de la moitié à ce palier ou mieux",
        "plurality" => "le palier du plus grand nombre",
        "all-audited" => "tous les audités",
        "initial-sample" => "l’échantillon initial",
        "all-left" => "tous ceux qui restent",
        "again" => "ceux qui restent, complétés par des locaux déjà audités",
        "action-plan" => "un plan d’actions",
        "confirm" => "confirmer le label",
        "downgrade" => "abaisser le palier",
        "keep" => "le palier est maintenu",
        "lower" => "le palier est abaissé",
        "rolling" => "tous les douze mois",
        "calendar-year" => "par année civile",
        "18-months" => "une fois en dix-huit mois",
        "yearly" => "chaque année",
        "effective" => "de la date d’effet",
        "notification" => "de la notification",
        "two-months" => "deux mois",
        "at-once" => "aucun délai",
        "after-old-end" => "au lendemain de l’ancienne fin, ou à la décision si elle est plus tardive",
        "decision" => "à la décision",
        "own-date" => "à sa propre date si elle est à venir",
        "six-months" => "six mois",
        "runs" => "il court",
        "waits" => "il attend",
        "since-initial" => "toute date depuis l’audit initial",
        "audited-site" => "le site audité",
        "metropole" => "la métropole",
        "cycle" => "celle du cycle",
        "initial-audit" => "de l’audit initial",
        "deposit" => "au dépôt du dossier",
        "audit" => "à l’audit",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::choices::QUESTIONS;

    #[test]
    fn every_question_and_reading_has_its_french() {
        for asked in QUESTIONS {
            assert_ne!(question(asked.id), asked.id);
            for word in asked.readings.iter().copied() {
                assert!(reading(word) != word, "{} {word}", asked.id);
            }
        }
    }
}
