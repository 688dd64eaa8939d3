//! Worlds without steps: three known dossiers for tests, or any number of them made from a seed.

use super::super::dossier::{Demandeur, State, Value};
use super::super::edits::Deposit;
use super::super::files::File;
use super::super::form::{ATTACHED, CENTRAL, FIRST, FOLLOW_UP, INDEPENDENT, RENEWAL};
use super::super::world::World;
use super::decision;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// 4242 just deposited, 4243 in instruction with its audit fixed, 4244 labelled Bronze.
pub(super) fn small(start: Timestamp) -> World {
    let mut world = World::new(start - SignedDuration::from_hours(72));
    for (siret, name) in [
        ("99900629900013", "Service d'accueil de Fontclaire-les-Bois"),
        ("99900666100014", "Maison des formalités de Rochebelle-d'Aunis"),
        ("99900703200017", "Agence du logement de Grandvent"),
    ] {
        let champs = vec![
            ("Nom de la structure candidate", name.into()),
            ("Organisme de certification choisi", "Boréal Certification".into()),
            ("Courriel de la personne à contacter", "contact@service.example".into()),
            ("Département", "75 – Paris".into()),
            ("Type de demande", FIRST.into()),
            ("Type de service", INDEPENDENT.into()),
            ("Date de l'autodiagnostic", date(2027, 3, 1).into()),
            ("Clôture de l'enquête usagers", date(2027, 4, 2).into()),
            ("Clôture de l'enquête agents", date(2027, 4, 9).into()),
            ("Note de l'enquête usagers", Value::decimal("79.97")),
            ("Organigramme", File::pdf("organigramme été.pdf", "Organigramme").into()),
        ];
        world.deposit(Deposit { champs, ..Deposit::new(siret, name, "contact@service.example") });
        world.advance(SignedDuration::from_hours(1));
    }
    for number in [4243, 4244] {
        world.set_state(number, State::EnInstruction, None);
        world.annotate(number, "Contrat de prestations signé", true);
        world.annotate(number, "Premier jour de visite", date(2027, 7, 5));
        world.annotate(number, "Dernier jour de visite", date(2027, 7, 6));
    }
    let day = date(2027, 5, 31);
    world.add_row(4244, "Historique des décisions", decision("Labellisé", Some("Bronze"), day, day, day));
    world.set_state(4244, State::Accepte, Some("Favorable"));
    world.set_now(start);
    world
}

/// `count` dossiers, the same for the same seed: states, dates and marks vary, some are incomplete or odd.
pub(super) fn many(start: Timestamp, seed: u64, count: u32) -> World {
    let mut dice = Dice(seed | 1);
    let mut world = World::new(start - SignedDuration::from_mins(i64::from(count) * 10 + 60));
    for rank in 0..count {
        let name = format!("Service fictif n° {}", rank + 1);
        let mut deposit = Deposit::new(&siret(rank), &name, &format!("contact{rank}@service.example"));
        deposit.champs = champs(&mut dice, &name);
        if dice.one_in(40) {
            deposit.demandeur = Demandeur::Incomplete { siret: siret(rank) };
        }
        let number = world.deposit(deposit);
        evolve(&mut world, &mut dice, number);
        world.advance(SignedDuration::from_mins(10));
    }
    world.set_now(start);
    world
}

fn champs(dice: &mut Dice, name: &str) -> Vec<(&'static str, Value)> {
    let mut champs = vec![
        ("Nom de la structure candidate", name.into()),
        ("Type de demande", dice.pick(&[FIRST, FIRST, FOLLOW_UP, RENEWAL]).into()),
        ("Type de service", dice.pick(&[INDEPENDENT, INDEPENDENT, ATTACHED, CENTRAL]).into()),
        (
            "Département",
            dice.pick(&["75 – Paris", "67 – Bas-Rhin", "974 – La Réunion", "2A – Corse-du-Sud"]).into(),
        ),
        ("Date de l'autodiagnostic", dice.day().into()),
        ("Clôture de l'enquête usagers", dice.day().into()),
        ("Usagers sollicités", dice.below(3000).into()),
        ("Questionnaires usagers recevables", dice.below(300).into()),
        ("Note de l'enquête usagers", dice.mark()),
        ("Clôture de l'enquête agents", dice.day().into()),
        ("Agents concernés", dice.below(400).into()),
        ("Agents sollicités", dice.below(400).into()),
        ("Questionnaires agents recevables", dice.below(200).into()),
        ("Note de l'enquête agents", dice.mark()),
    ];
    champs.retain(|_| !dice.one_in(12));
    champs
}

fn evolve(world: &mut World, dice: &mut Dice, number: u32) {
    let fate = dice.below(6);
    if fate == 0 {
        return;
    }
    world.set_state(number, State::EnInstruction, None);
    let day = dice.day();
    world.annotate(number, "Premier jour de visite", day);
    world.annotate(number, "Dernier jour de visite", day.saturating_add(1.days()));
    world.annotate(number, "Score de l'engagement 1", dice.mark());
    match fate {
        1 => world.ask_correction(number, "Merci de compléter votre dossier.", "incomplete"),
        2 => world.set_state(number, State::Refuse, Some("Scores insuffisants")),
        3 | 4 => {
            let tier = dice.pick(&["Bronze", "Argent", "Or"]);
            let decided = day.saturating_add(40.days());
            world.add_row(
                number,
                "Historique des décisions",
                decision("Labellisé", Some(tier), decided, decided, decided),
            );
            world.set_state(number, State::Accepte, None);
        }
        _ => {}
    }
}

/// Fourteen digits that start with 999 and pass the check of Luhn.
fn siret(rank: u32) -> String {
    let siren = closed(&format!("999{:05}", rank % 100_000));
    closed(&format!("{siren}0001"))
}

fn closed(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            let weighed = if place % 2 == 0 { digit * 2 } else { digit };
            if weighed > 9 { weighed - 9 } else { weighed }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// xorshift: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: i64) -> i64 {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        i64::try_from(self.next() % limit).unwrap_or(0)
    }

    fn one_in(&mut self, chances: i64) -> bool {
        self.below(chances) == 0
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let place = usize::try_from(self.below(i64::try_from(from.len()).unwrap_or(1))).unwrap_or(0);
        from.get(place).copied().unwrap_or_default()
    }

    fn day(&mut self) -> Date {
        date(2027, 1, 1).saturating_add(self.below(300).days())
    }

    fn mark(&mut self) -> Value {
        let (whole, part) = (40 + self.below(60), self.below(100));
        Value::Decimal(format!("{whole}.{part:02}"))
    }
}
