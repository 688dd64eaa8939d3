//! Every deadline of a case: those of its dossiers until they are decided, then those of its label.

use jiff::civil::Date;

use super::application::Application;
use super::draft::{CANDIDAT, Draft};
use super::due::Due;
use super::label::Labelled;
use super::obligation::Obligation;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, ZoneUsed};
use crate::guide::calendar::Deadline;
use crate::guide::decision;
use crate::judge::network::CentralView;
use crate::life::Label;

/// Every deadline of the case, by date. `complete(n)` says whether dossier `n` lacks nothing.
pub(crate) fn agenda(
    case: &Case,
    decisions: &[Event],
    label: Option<&Label>,
    network: Option<&CentralView>,
    complete: &dyn Fn(i64) -> bool,
    today: Date,
    frame: &Frame,
) -> Vec<Due> {
    let mut agenda = Vec::new();
    for facts in &case.dossiers {
        let (complete, zone) = (complete(facts.number), ZoneUsed::of(facts, frame));
        let application = Application { case, decisions, facts, complete, zone, today, frame };
        if Demande::of(facts) != Demande::Extension || facts.date(Key::AuditDebut).is_some() {
            application.deadlines(&mut agenda);
        }
        application.expiry(&mut agenda);
    }
    if let Some(label) = label {
        Labelled { case, decisions, label, network, today, frame }.deadlines(&mut agenda);
    }
    let refused = || refusal(decisions).map(|refused| decision::may_reapply_from(refused, &frame.choices));
    let again = label.map_or_else(refused, |label| label.reapply_from);
    if let Some(from) = again {
        let draft = Draft::new(Obligation::Reapply, case.id, Deadline::fixed(from), today);
        agenda.push(draft.before(&[0], CANDIDAT).due);
    }
    for due in &mut agenda {
        let found = case.dossiers.iter().find(|facts| facts.number == due.dossier);
        due.settle(&case.settled, found.and_then(|facts| facts.date(Key::ConstateLe)), today);
    }
    agenda.sort_by_key(|due| (due.deadline.nominal, due.obligation, due.dossier));
    agenda
}

fn refusal(decisions: &[Event]) -> Option<Date> {
    let last = decisions.last().filter(|event| event.decision == Decision::Rejete)?;
    last.notified.or(last.on())
}
