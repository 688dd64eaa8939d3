//! The perimeter of a label (§1.4, 5.2): domains of a local authority, sites, and what an extension adds.

use jiff::civil::Date;

use crate::case::facts::{Facts, Row, Value};
use crate::case::keys::Key;
use crate::case::table::{TableContent, TableKind};
use crate::case::{Case, Decision, Demande, Event, Frame, Service};
use crate::guide::extension::{extension_audited, extension_is_timely};
use crate::guide::follow_up::window::nearest;
use crate::guide::perimeter::{Authority, Domain, basic_perimeter_faults};
use crate::judge::finding::{Finding, Level, What};
use crate::judge::of_perimeter::OfPerimeter;
use crate::judge::sites::visited;
use crate::life::{Label, Life, last_visit_day};

/// The findings about the perimeter of every dossier.
pub(super) fn findings(case: &Case, life: &Life, label: Option<&Label>, frame: &Frame) -> Vec<Finding> {
    let mut found = Vec::new();
    for facts in &case.dossiers {
        let perimeter = Perimeter { case, facts, frame };
        let mut add = |rule, section, level, what| {
            let what = What::Perimeter(what);
            let owner = what.owner(frame.form(facts));
            found.push(Finding { dossier: facts.number, rule, section, level, owner, what });
        };
        perimeter.sites(&mut add);
        match Demande::of(facts) {
            Demande::Extension => perimeter.extension(life, label, &mut add),
            Demande::Initial | Demande::Renouvellement => perimeter.domains(&mut add),
            Demande::Suivi => {}
        }
        if perimeter.domains_not_told() {
            let what = What::Unfilled { needs: vec![Key::PerimetreSocle] };
            let (dossier, level, owner) = (facts.number, Level::Missing, what.owner(frame.form(facts)));
            found.push(Finding { dossier, rule: "R-1.4-d", section: "1.4", level, owner, what });
        }
    }
    found
}

/// « À l'occasion d'un audit de suivi […] ou lors de l'audit de renouvellement »: that of an earlier period is not judged.
fn is_an_occasion(audit: Date, label: &Label) -> bool {
    let earlier = audit < label.obtained;
    let follow_up = label.follow_ups.iter().any(|one| one.audit == Some(audit));
    earlier || follow_up || extension_is_timely(audit, &label.windows, label.ends)
}

struct Perimeter<'a> {
    case: &'a Case,
    facts: &'a Facts,
    frame: &'a Frame,
}

fn domains(facts: &Facts, key: Key) -> Vec<Domain> {
    facts.choices(key).iter().filter_map(|word| Domain::from_key(word)).collect()
}

fn authority(facts: &Facts) -> Option<Authority> {
    facts.choice(Key::PerimetreCollectivite).and_then(Authority::from_key)
}

impl Perimeter<'_> {
    fn usable(&self, key: Key) -> bool {
        self.frame.form(self.facts).usable.contains(&key) && !self.facts.unreadable.contains_key(&key)
    }

    /// A local authority that applies and does not say its basic perimeter. That of a special status is agreed with the body.
    fn domains_not_told(&self) -> bool {
        let applies = matches!(Demande::of(self.facts), Demande::Initial | Demande::Renouvellement);
        let asked = authority(self.facts).is_some_and(|authority| authority != Authority::SpecialStatus);
        applies
            && asked
            && self.usable(Key::PerimetreSocle)
            && domains(self.facts, Key::PerimetreSocle).is_empty()
    }

    /// R-0-c, R-1.4-d — only where the form says that the service is a local authority.
    fn domains(&self, add: &mut impl FnMut(&'static str, &'static str, Level, OfPerimeter)) {
        let Some(authority) = authority(self.facts) else { return };
        add("R-0-c", "0", Level::Ok, OfPerimeter::PublicationNotAsked);
        let basic = domains(self.facts, Key::PerimetreSocle);
        if basic.is_empty() {
            return;
        }
        let faults = basic_perimeter_faults(authority, &basic);
        if faults.is_empty() {
            add("R-1.4-d", "1.4", Level::Ok, OfPerimeter::Complete(authority));
        }
        for fault in faults {
            add("R-1.4-d", "1.4", Level::ToCheck, OfPerimeter::Basic(fault));
        }
    }

    /// R-1.4-c, R-1.4-b — one main site among several; the audit's grid covers sites of the dossier, all or those drawn.
    fn sites(&self, add: &mut impl FnMut(&'static str, &'static str, Level, OfPerimeter)) {
        let rows = self.facts.rows(Key::Sites);
        let is_main = |row: &&Row| row.get(&Key::SitePrincipal) == Some(&Value::Flag(true));
        let (sites, main) = (rows.len(), rows.iter().filter(is_main).count());
        if sites > 1 && main != 1 && self.usable(Key::SitePrincipal) {
            add("R-1.4-c", "1.4", Level::ToCheck, OfPerimeter::MainSite { sites, main });
        }
        let told = self.facts.text(Key::SitesVisites).is_some();
        let audited = self.sites_audited().filter(|_| sites > 0);
        for (rule, section, level, what) in
            visited(self.case, self.facts, self.usable(Key::SitesVisites), audited)
        {
            add(rule, section, level, what);
        }
        // Their number alone, where their names are not told.
        if let Some(audited) = audited.filter(|_| !told) {
            let level = if audited > sites { Level::ToCheck } else { Level::Ok };
            add("R-1.4-b", "1.4", level, OfPerimeter::SitesAudited { declared: sites, audited });
        }
    }

    /// How many sites the grid of the audit holds.
    fn sites_audited(&self) -> Option<usize> {
        let grids = self.facts.files(Key::GrilleAudit).iter().filter_map(|file| {
            let read = self.case.tables.get(&(file.checksum.clone(), TableKind::GrilleLocal))?;
            match &read.content {
                TableContent::LocalGrid(grid) => Some(grid.sites.len()),
                _ => None,
            }
        });
        grids.max()
    }

    /// R-5.2-a, R-5.2-b — at a follow-up or at the renewal, something new, and audited. An attached local has no follow-up: it
    /// is extended at its own request (F-44).
    fn extension(
        &self,
        life: &Life,
        label: Option<&Label>,
        add: &mut impl FnMut(&'static str, &'static str, Level, OfPerimeter),
    ) {
        if let (Some(audit), Some(label)) = (last_visit_day(self.facts), label)
            && self.case.service != Service::LocalRattache
            && !is_an_occasion(audit, label)
        {
            let window = nearest(audit, &label.windows).map(|rank| label.windows[rank]);
            let what = OfPerimeter::ExtensionAtAnotherTime { audit, window };
            add("R-5.2-a", "5.2", Level::ToCheck, what);
        }
        if self.adds_nothing() {
            add("R-5.2-a", "5.2", Level::ToCheck, OfPerimeter::NothingAdded);
        }
        let favourable = |decision| {
            matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur)
        };
        let granted = |event: &&Event| event.dossier == self.facts.number && favourable(event.decision);
        let granted = life.decisions().find(granted).and_then(Event::on);
        if let Some(decided) = granted.filter(|on| !extension_audited(last_visit_day(self.facts), *on))
            && self.usable(Key::AuditDebut)
        {
            add("R-5.2-b", "5.2", Level::ToCheck, OfPerimeter::ExtensionNotAudited { decided });
        }
    }

    /// What it covers is told, and was all covered before.
    fn adds_nothing(&self) -> bool {
        let before =
            |facts: &&Facts| (facts.deposited, facts.number) < (self.facts.deposited, self.facts.number);
        let before: Vec<&Facts> = self.case.dossiers.iter().filter(before).collect();
        let name = |row: &Row| (row.get(&Key::SiteNom).cloned(), row.get(&Key::SiteCommune).cloned());
        let known = |row: &Row| {
            before.iter().any(|facts| facts.rows(Key::Sites).iter().any(|one| name(one) == name(row)))
        };
        let of = |facts: &Facts| {
            [domains(facts, Key::PerimetreSocle), domains(facts, Key::PerimetreOptions)].concat()
        };
        let had: Vec<Domain> = before.iter().flat_map(|facts| of(facts)).collect();
        let (sites, own) = (self.facts.rows(Key::Sites), of(self.facts));
        let told = !sites.is_empty() || !own.is_empty();
        told && sites.iter().all(known) && own.iter().all(|domain| had.contains(domain))
    }
}
