//! The scenarios: they run to their end, nothing in them is real, and the form has the fields that they fill.

use super::*;

#[tokio::test]
async fn the_three_years_play_to_their_end_and_are_read_whole() {
    let mut scenario = Scenario::named("trois-ans", 0, 0).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    let captions = scenario.advance_to(&mut world, end);
    assert!(captions.len() > 100 && captions.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert!(
        captions
            .iter()
            .any(|caption| caption.text.contains("il manque l'organigramme et le plan de formation"))
    );
    assert_eq!((scenario.next_at(), world.now()), (None, end));
    for (number, state) in [
        (1001, State::Accepte),
        (1002, State::Accepte),
        (1003, State::Accepte),
        (3001, State::Refuse),
        (6003, State::Accepte),
    ] {
        assert_eq!(world.dossier(number).unwrap().state, state, "{number}");
    }
    assert_eq!(world.champ(1002, "Dossier précédent"), Some(Value::Dossier(1001)));
    assert_eq!(
        world.champ(1001, "Clôture de l'enquête agents").unwrap().text().as_deref(),
        Some("2027-01-29")
    );
    let bench = bench(world).await;
    let data = bench.data("{ demarche(number: 12345) { dossiers { nodes { number champs { label stringValue } annotations { id } } } } }").await;
    assert_eq!(data["demarche"]["dossiers"]["nodes"].as_array().unwrap().len(), 25);
}

#[tokio::test]
async fn a_story_told_in_steps_is_the_same_story() {
    let whole = |step: i64| {
        let mut scenario = Scenario::named("trois-ans", 0, 0).unwrap();
        let (mut world, end) = (scenario.world(), scenario.end());
        while world.now() < end {
            let next = (world.now() + SignedDuration::from_hours(step)).min(end);
            scenario.advance_to(&mut world, next);
        }
        world.dossiers
    };
    assert_eq!(whole(24 * 40), whole(24 * 400));
}

#[test]
fn sirets_are_fictitious_but_well_formed() {
    let valid = |digits: &str| {
        let sum: u32 = digits
            .chars()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = digit.to_digit(10).unwrap() * if place % 2 == 1 { 2 } else { 1 };
                if digit > 9 { digit - 9 } else { digit }
            })
            .sum();
        sum.is_multiple_of(10)
    };
    for name in Scenario::names() {
        let mut scenario = Scenario::named(name, 3, 50).unwrap();
        let mut world = scenario.world();
        scenario.advance_to(&mut world, "2031-01-01T00:00:00Z".parse().unwrap());
        for dossier in world.dossiers.values() {
            let (Demandeur::Company { siret, .. } | Demandeur::Incomplete { siret }) = &dossier.demandeur
            else {
                continue;
            };
            assert!(
                siret.starts_with("999") && siret.len() == 14 && valid(siret) && valid(&siret[..9]),
                "{siret}"
            );
            assert!(dossier.usager_email.ends_with(".example"));
        }
    }
}

#[test]
fn a_lot_is_the_same_for_the_same_seed() {
    let lot = |seed| Scenario::named("lot", seed, 30).unwrap().world().dossiers;
    assert_eq!(lot(1), lot(1));
    assert_ne!(lot(1), lot(2));
    assert!(Scenario::named("inconnu", 0, 0).is_none());
}

/// The dates follow the guide, except where a scenario is about a fault; in the final state, every fault has been
/// corrected.
#[test]
fn the_dates_of_the_three_years_hold_together() {
    use jiff::ToSpan as _;
    let mut scenario = Scenario::named("trois-ans", 0, 0).unwrap();
    let (mut world, end) = (scenario.world(), scenario.end());
    scenario.advance_to(&mut world, end);
    let day = |value: Option<Value>| if let Some(Value::Date(date)) = value { Some(date) } else { None };
    let mut notified = std::collections::BTreeMap::new();
    for (number, dossier) in &world.dossiers {
        let (number, note) = (*number, |label: &str| day(world.annotation(*number, label)));
        let champ = |label: &str| day(world.champ(number, label));
        let (first, last) =
            (note("Premier jour de visite").unwrap(), note("Dernier jour de visite").unwrap());
        let deposit = super::super::dates::paris(dossier.depose_at).date();
        assert!(deposit <= first.saturating_sub(1.months()), "{number}: deposit");
        assert!(
            champ("Date de l'autodiagnostic").unwrap() >= first.saturating_sub(12.months()),
            "{number}: self-diagnosis"
        );
        for label in ["Clôture de l'enquête usagers", "Clôture de l'enquête agents"] {
            let Some(closed) = champ(label) else { continue };
            assert!(
                first.saturating_sub(6.months()) < closed && closed <= deposit.max(first),
                "{number}: {label}"
            );
        }
        let plan = note("Plan d'audit transmis le").unwrap();
        let working = plan
            .series(1.days())
            .take_while(|one| *one < first)
            .filter(|one| one.weekday().to_monday_zero_offset() < 5)
            .count();
        assert!(working >= 12, "{number}: plan, with two holidays at most");
        assert!(
            note("Rapport d'audit transmis le").unwrap() <= last.saturating_add(21.days()),
            "{number}: report"
        );
        let block = world.form.find(Side::Annotations, "Historique des décisions").unwrap();
        let cell = |label: &str| block.children.iter().find(|child| child.label == label).unwrap().stable_id;
        let date =
            dossier.annotations.rows[&block.stable_id][0].cells[&cell("Date de notification")].value.clone();
        notified.insert(number, day(Some(date)).unwrap());
        if let Some(Value::Dossier(previous)) = world.champ(number, "Dossier précédent")
            && world.champ(number, "Type de demande") == Some("Audit de suivi".into())
        {
            let months = match number {
                6002 => 12,
                6003 => 24,
                _ => 18,
            };
            let origin = if number == 6003 { 6001 } else { previous };
            let theory = notified[&origin].saturating_add(months.months());
            assert!(
                theory.saturating_sub(2.months()) <= first && first <= theory.saturating_add(2.months()),
                "{number}: window"
            );
        }
    }
    let rejected = notified[&3001];
    assert!(
        super::super::dates::paris(world.dossiers[&3002].depose_at).date()
            > rejected.saturating_add(6.months())
    );
}
