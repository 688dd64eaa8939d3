//! Six independent services of « trois ans »: raised to Or, suspended then lifted, rejected then back, withdrawn, postponed,
//! and one that lets its label run out.

use super::super::dossier::{State, Value};
use super::super::form::{FIRST, FOLLOW_UP, RENEWAL};
use super::round::{BRONZE, FAILED, GOLD, Round, SILVER};
use super::services::{BRISSEMONT, CLAIRMONT, HAUTE_RIVELLE, MONTEBRUNE, PORT_LOINTAIN, VALDOREE};
use super::{Edit, Story, decision};
use jiff::civil::date;

pub(super) fn tell(story: &mut Story) {
    valdoree(story);
    port_lointain(story);
    clairmont(story);
    montebrune(story);
    haute_rivelle(story);
    brissemont(story);
}

/// Two documents missing and a staff survey too old; corrected, Argent, raised to Or at the follow-up, renewed.
fn valdoree(story: &mut Story) {
    let first = Round {
        number: 1001,
        service: &VALDOREE,
        kind: FIRST,
        previous: None,
        diagnosis: date(2026, 11, 16),
        surveys: (date(2026, 12, 4), date(2026, 8, 20)),
        deposit: date(2027, 1, 5),
        audit: (date(2027, 3, 8), date(2027, 3, 9)),
        plan: date(2027, 2, 15),
        report: date(2027, 3, 26),
        decision: date(2027, 4, 20),
        marks: SILVER,
        outcome: ("Labellisé", Some("Argent")),
    };
    let caption = "Valdorée dépose son dossier ; il manque l'organigramme et le plan de formation, et l'enquête agents est trop ancienne";
    story.on(first.deposit, 1001, caption, vec![first.deposited(&["Organigramme", "Plan de formation"])]);
    let asked = "Bonjour, il manque l'organigramme et le plan de formation ; l'enquête agents doit dater de moins de six mois à l'audit.";
    let mut opened = first.admitted(first.audit);
    opened.push(Edit::Correction(asked));
    story.on(
        date(2027, 1, 12),
        1001,
        "Boréal Certification fixe l'audit et demande des compléments à Valdorée",
        opened,
    );
    let mut champs = first.staff_survey(date(2027, 1, 29));
    champs.push(("Organigramme", super::round::document("organigramme.pdf", "Organigramme")));
    champs.push((
        "Plan de formation",
        super::round::document("plan de formation 2027.pdf", "Plan de formation"),
    ));
    story.on(
        date(2027, 2, 2),
        1001,
        "Valdorée complète son dossier et refait son enquête agents",
        vec![Edit::Resubmit(champs)],
    );
    let accepted = vec![Edit::State(State::EnInstruction, "")];
    story.on(date(2027, 2, 3), 1001, "Le dossier de Valdorée est complet", accepted);
    first.send_plan(story);
    first.report(story);
    first.decide(story);
    story.play(&Round {
        number: 1002,
        service: &VALDOREE,
        kind: FOLLOW_UP,
        previous: Some(1001),
        diagnosis: date(2028, 7, 3),
        surveys: (date(2028, 8, 11), date(2028, 8, 18)),
        deposit: date(2028, 9, 4),
        audit: (date(2028, 10, 10), date(2028, 10, 11)),
        plan: date(2028, 9, 18),
        report: date(2028, 10, 27),
        decision: date(2028, 11, 17),
        marks: GOLD,
        outcome: ("Palier supérieur", Some("Or")),
    });
    story.play(&Round {
        number: 1003,
        service: &VALDOREE,
        kind: RENEWAL,
        previous: Some(1002),
        diagnosis: date(2029, 10, 1),
        surveys: (date(2029, 11, 9), date(2029, 11, 16)),
        deposit: date(2029, 12, 3),
        audit: (date(2030, 1, 21), date(2030, 1, 22)),
        plan: date(2029, 12, 20),
        report: date(2030, 2, 8),
        decision: date(2030, 3, 1),
        marks: GOLD,
        outcome: ("Labellisé", Some("Or")),
    });
}

/// Bronze, suspended at its own request during a reorganisation, lifted in time, confirmed at the follow-up.
fn port_lointain(story: &mut Story) {
    story.play(&Round {
        number: 2001,
        service: &PORT_LOINTAIN,
        kind: FIRST,
        previous: None,
        diagnosis: date(2027, 1, 18),
        surveys: (date(2027, 2, 5), date(2027, 2, 12)),
        deposit: date(2027, 3, 1),
        audit: (date(2027, 4, 19), date(2027, 4, 20)),
        plan: date(2027, 3, 29),
        report: date(2027, 5, 7),
        decision: date(2027, 6, 1),
        marks: BRONZE,
        outcome: ("Labellisé", Some("Bronze")),
    });
    let mut row = decision("Suspension", None, date(2028, 3, 6), date(2028, 3, 7), date(2028, 3, 8));
    row.push(("Motif de suspension", "Demande du service".into()));
    let delay = Edit::Annotate(vec![("Délai fixé pour lever la suspension", date(2028, 9, 6).into())]);
    let caption = "En pleine réorganisation, Port-Lointain demande la suspension de son label";
    story.on(date(2028, 3, 6), 2001, caption, vec![Edit::Decide(row), delay]);
    let row = decision("Levée de suspension", None, date(2028, 8, 21), date(2028, 8, 22), date(2028, 8, 22));
    story.on(
        date(2028, 8, 21),
        2001,
        "La suspension de Port-Lointain est levée ; la fin de validité ne change pas",
        vec![Edit::Decide(row)],
    );
    story.play(&Round {
        number: 2002,
        service: &PORT_LOINTAIN,
        kind: FOLLOW_UP,
        previous: Some(2001),
        diagnosis: date(2028, 9, 11),
        surveys: (date(2028, 10, 6), date(2028, 10, 13)),
        deposit: date(2028, 10, 23),
        audit: (date(2028, 12, 4), date(2028, 12, 5)),
        plan: date(2028, 11, 10),
        report: date(2028, 12, 20),
        decision: date(2029, 1, 15),
        marks: BRONZE,
        outcome: ("Confirmé", Some("Bronze")),
    });
}

/// Rejected, back more than six months later with new surveys, labelled, then raised.
fn clairmont(story: &mut Story) {
    story.play(&Round {
        number: 3001,
        service: &CLAIRMONT,
        kind: FIRST,
        previous: None,
        diagnosis: date(2026, 12, 7),
        surveys: (date(2027, 1, 22), date(2027, 1, 29)),
        deposit: date(2027, 2, 15),
        audit: (date(2027, 4, 5), date(2027, 4, 6)),
        plan: date(2027, 3, 15),
        report: date(2027, 4, 23),
        decision: date(2027, 5, 17),
        marks: FAILED,
        outcome: ("Rejeté", None),
    });
    story.play(&Round {
        number: 3002,
        service: &CLAIRMONT,
        kind: FIRST,
        previous: None,
        diagnosis: date(2027, 10, 18),
        surveys: (date(2027, 11, 19), date(2027, 11, 26)),
        deposit: date(2027, 12, 6),
        audit: (date(2028, 1, 24), date(2028, 1, 25)),
        plan: date(2028, 1, 5),
        report: date(2028, 2, 11),
        decision: date(2028, 3, 6),
        marks: BRONZE,
        outcome: ("Labellisé", Some("Bronze")),
    });
    story.play(&Round {
        number: 3003,
        service: &CLAIRMONT,
        kind: FOLLOW_UP,
        previous: Some(3002),
        diagnosis: date(2029, 6, 18),
        surveys: (date(2029, 7, 6), date(2029, 7, 13)),
        deposit: date(2029, 7, 30),
        audit: (date(2029, 9, 10), date(2029, 9, 11)),
        plan: date(2029, 8, 20),
        report: date(2029, 9, 28),
        decision: date(2029, 10, 15),
        marks: SILVER,
        outcome: ("Palier supérieur", Some("Argent")),
    });
}

/// Labelled, never asks for its follow-up, refuses the audit, suspended, withdrawn.
fn montebrune(story: &mut Story) {
    story.play(&Round {
        number: 4001,
        service: &MONTEBRUNE,
        kind: FIRST,
        previous: None,
        diagnosis: date(2027, 2, 22),
        surveys: (date(2027, 3, 12), date(2027, 3, 19)),
        deposit: date(2027, 4, 6),
        audit: (date(2027, 5, 24), date(2027, 5, 25)),
        plan: date(2027, 5, 3),
        report: date(2027, 6, 11),
        decision: date(2027, 6, 28),
        marks: SILVER,
        outcome: ("Labellisé", Some("Argent")),
    });
    let mut row = decision("Suspension", None, date(2029, 3, 12), date(2029, 3, 13), date(2029, 3, 14));
    row.push(("Motif de suspension", "Refus d'audit".into()));
    let delay = Edit::Annotate(vec![("Délai fixé pour lever la suspension", date(2029, 9, 12).into())]);
    let caption = "Montébrune a laissé passer la fenêtre de son audit de suivi : son label est suspendu";
    story.on(date(2029, 3, 12), 4001, caption, vec![Edit::Decide(row), delay]);
    let row = decision("Retrait", None, date(2029, 10, 1), date(2029, 10, 2), date(2029, 10, 15));
    story.on(
        date(2029, 10, 1),
        4001,
        "Rien n'a été fait : le label est retiré à Montébrune",
        vec![Edit::Decide(row)],
    );
}

/// The audit is moved by four months: the surveys are stale on the new day and must be done again.
fn haute_rivelle(story: &mut Story) {
    let first = Round {
        number: 5001,
        service: &HAUTE_RIVELLE,
        kind: FIRST,
        previous: None,
        diagnosis: date(2027, 3, 15),
        surveys: (date(2027, 3, 26), date(2027, 4, 2)),
        deposit: date(2027, 5, 3),
        audit: (date(2027, 10, 11), date(2027, 10, 12)),
        plan: date(2027, 9, 20),
        report: date(2027, 10, 29),
        decision: date(2027, 11, 22),
        marks: BRONZE,
        outcome: ("Labellisé", Some("Bronze")),
    };
    first.deposit(story);
    let planned = first.admitted((date(2027, 6, 21), date(2027, 6, 22)));
    story.on(
        date(2027, 5, 10),
        5001,
        "Boréal Certification accuse réception de Haute-Rivelle et fixe l'audit au 21 juin",
        planned,
    );
    let plan = Edit::Annotate(vec![("Plan d'audit transmis le", date(2027, 5, 31).into())]);
    story.on(date(2027, 5, 31), 5001, "Le plan d'audit est transmis à Haute-Rivelle", vec![plan]);
    let moved = Edit::Annotate(vec![
        ("Premier jour de visite", first.audit.0.into()),
        ("Dernier jour de visite", first.audit.1.into()),
    ]);
    let caption = "L'audit de Haute-Rivelle est reporté au 11 octobre : ses deux enquêtes auront plus de six mois ce jour-là";
    story.on(date(2027, 6, 14), 5001, caption, vec![moved]);
    let asked = Edit::Correction(
        "Bonjour, à la nouvelle date d'audit vos deux enquêtes auront plus de six mois : merci de les refaire.",
    );
    story.on(
        date(2027, 6, 28),
        5001,
        "Boréal Certification demande de nouvelles enquêtes à Haute-Rivelle",
        vec![asked],
    );
    let mut champs: Vec<(&'static str, Value)> = first.users_survey(date(2027, 9, 3));
    champs.extend(first.staff_survey(date(2027, 9, 10)));
    story.on(
        date(2027, 9, 14),
        5001,
        "Haute-Rivelle dépose ses nouvelles enquêtes",
        vec![Edit::Resubmit(champs)],
    );
    story.on(
        date(2027, 9, 15),
        5001,
        "Le dossier de Haute-Rivelle est complet",
        vec![Edit::State(State::EnInstruction, "")],
    );
    first.send_plan(story);
    first.report(story);
    first.decide(story);
    let second = Round {
        number: 5002,
        service: &HAUTE_RIVELLE,
        kind: FOLLOW_UP,
        previous: Some(5001),
        diagnosis: date(2029, 2, 12),
        surveys: (date(2029, 3, 9), date(2029, 3, 16)),
        deposit: date(2029, 4, 9),
        audit: (date(2029, 5, 28), date(2029, 5, 29)),
        plan: date(2029, 5, 7),
        report: date(2029, 6, 15),
        decision: date(2029, 8, 20),
        marks: BRONZE,
        outcome: ("Confirmé", Some("Bronze")),
    };
    second.deposit(story);
    second.admit(story);
    second.send_plan(story);
    second.report(story);
    let row = decision("Plan d'actions demandé", None, date(2029, 7, 2), date(2029, 7, 3), date(2029, 7, 3));
    let asked = Edit::Annotate(vec![("Plan d'actions demandé le", date(2029, 7, 2).into())]);
    story.on(
        date(2029, 7, 2),
        5002,
        "Un plan d'actions est demandé à Haute-Rivelle, à proposer sous un mois",
        vec![Edit::Decide(row), asked],
    );
    let sent = Edit::Annotate(vec![("Plan d'actions reçu le", date(2029, 7, 27).into())]);
    story.on(date(2029, 7, 27), 5002, "Haute-Rivelle propose son plan d'actions", vec![sent]);
    second.decide(story);
}

/// Confirmed at its follow-up, but never renews.
fn brissemont(story: &mut Story) {
    story.play(&Round {
        number: 7001,
        service: &BRISSEMONT,
        kind: FIRST,
        previous: None,
        diagnosis: date(2026, 11, 30),
        surveys: (date(2026, 12, 11), date(2026, 12, 18)),
        deposit: date(2027, 1, 18),
        audit: (date(2027, 2, 22), date(2027, 2, 23)),
        plan: date(2027, 2, 3),
        report: date(2027, 3, 12),
        decision: date(2027, 3, 29),
        marks: BRONZE,
        outcome: ("Labellisé", Some("Bronze")),
    });
    story.play(&Round {
        number: 7002,
        service: &BRISSEMONT,
        kind: FOLLOW_UP,
        previous: Some(7001),
        diagnosis: date(2028, 6, 26),
        surveys: (date(2028, 7, 21), date(2028, 7, 28)),
        deposit: date(2028, 8, 21),
        audit: (date(2028, 10, 2), date(2028, 10, 3)),
        plan: date(2028, 9, 11),
        report: date(2028, 10, 20),
        decision: date(2028, 11, 6),
        marks: BRONZE,
        outcome: ("Confirmé", Some("Bronze")),
    });
    let row = decision("Retrait", None, date(2030, 4, 2), date(2030, 4, 3), date(2030, 3, 30));
    let caption = "Faute de renouvellement, le label de Brissemont s'est éteint le 29 mars ; l'organisme lui notifie le retrait";
    story.on(date(2030, 4, 2), 7001, caption, vec![Edit::Decide(row)]);
}
