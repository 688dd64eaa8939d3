//! §5.2 — an extension needs an audit of what is added, at a follow-up or at the renewal. It is no follow-up itself.

use jiff::civil::Date;

use super::Followed;
use super::note::FollowUpNote;
use crate::case::Demande;
use crate::case::facts::Facts;
use crate::guide::follow_up::window::{nearest, window_of};
use crate::guide::renewal::invitation;
use crate::judge::finding::Finding;
use crate::life::last_visit_day;

impl Followed<'_> {
    /// R-5.2-a, R-5.2-b.
    pub(super) fn extensions(&self) -> Vec<Finding> {
        let extensions = self.case.dossiers.iter().filter(|facts| Demande::of(facts) == Demande::Extension);
        extensions.filter_map(|facts| self.extension(facts)).collect()
    }

    fn extension(&self, facts: &Facts) -> Option<Finding> {
        let audit = last_visit_day(facts)?;
        let rank = nearest(audit, &self.label.windows).filter(|_| !self.is_an_occasion(audit))?;
        let window = self.label.windows[rank];
        Some(self.note(facts.number, ("R-5.2-a", "5.2"), FollowUpNote::ExtensionOutside { audit, window }))
    }

    /// « À l'occasion d'un audit de suivi […] ou lors de l'audit de renouvellement ».
    fn is_an_occasion(&self, audit: Date) -> bool {
        let follow_up = self.label.follow_ups.iter().any(|one| one.audit == Some(audit));
        let running = self.period.starts <= audit && audit <= self.period.ends;
        follow_up
            || !running
            || window_of(audit, &self.label.windows).is_some()
            || audit >= invitation(self.label.ends)
    }
}
