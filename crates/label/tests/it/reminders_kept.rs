//! What a reminder says beside its day: whether it was told already, which one it is, until when it is of use.

use label::case::Decision;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::judge::agenda::{Obligation, Role, StageName};
use label::judge::review;
use label::outgoing::{Announced, CalendarEvent, Mail, MailCode, MailKey};
use label::plan::mails::wanted_mails;
use label::plan::{Known, Told};

use crate::cases::{START, case_of, day, frame, row};
use crate::documents::local;
use crate::life::{awarded, sound};
use crate::suspension::suspended;

fn wanted(dossier: &Facts, on: i64, told: &[Told]) -> Vec<Mail> {
    let case = case_of(std::slice::from_ref(dossier));
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mails = told.iter().map(|told| told.key).collect();
    let known = Known { mails, told: told.to_vec(), ..known };
    wanted_mails(&review(&case, day(on), &frame()), &case, &frame(), &known)
}

fn key(obligation: Obligation, occurrence: u8, about: i64, stage: StageName, role: Role) -> MailKey {
    MailKey { dossier: 1, code: MailCode::Deadline { obligation, occurrence }, day: day(about), stage, role }
}

fn told(key: MailKey, on: i64, events: &[CalendarEvent]) -> Told {
    let (role, subject, announced) = (key.role, String::new(), None);
    Told { on: day(on), role, subject, key, announced, events: events.to_vec() }
}

/// Suspended from the day 302 to the day 668, with a delay until the day 330.
#[test]
fn a_delay_is_told_with_the_suspension_or_by_a_mail_of_its_own() {
    let (start, role) = (StageName::Start, Role::Candidat);
    let of = |occurrence, about, stage, role| key(Obligation::Suspension, occurrence, about, stage, role);
    let (limit, delay) = (of(0, 668, start, role), of(1, 330, start, role));
    let event = |uid: &str, on: i64| CalendarEvent {
        uid: uid.to_owned(),
        day: day(on),
        title: String::new(),
        cancelled: false,
    };
    let (ends, lift) = (event("1-O-27", 668), event("1-O-27-1", 330));
    let own = |sent: &[Told]| wanted(&suspended(Some(330)), 310, sent).iter().any(|mail| mail.key == delay);
    assert!(!own(&[]), "the mail that announces the suspension is to leave, and tells both");
    assert!(!own(&[told(limit, 302, &[ends.clone(), lift.clone()])]));
    let alone = || told(limit, 302, std::slice::from_ref(&ends));
    assert!(own(&[alone()]));
    let later = of(0, 668, StageName::Before(90), role);
    assert!(!own(&[alone(), told(later, 305, std::slice::from_ref(&lift))]), "another reminder told it");
    let other = of(0, 668, start, Role::Organisme);
    assert!(own(&[alone(), told(other, 305, std::slice::from_ref(&lift))]), "another reader was told it");
    assert!(
        own(&[alone(), told(delay, 305, std::slice::from_ref(&lift))]),
        "under its own key it stays wanted"
    );
    assert!(own(&[alone(), told(later, 305, &[event("1-O-27-1", 340)])]), "on another day");
    assert!(own(&[alone(), told(later, 305, &[CalendarEvent { cancelled: true, ..lift.clone() }])]));
    // What announced an earlier suspension told nothing of this one.
    assert!(!own(&[told(of(0, 500, start, role), 200, &[])]));
    assert!(!own(&[told(other, 302, &[])]), "nor did the mail to another reader");
}

/// Each reminder of a suspension to its reader is counted, and no other.
#[test]
fn a_reminder_of_a_suspension_says_which_one_it_is_of_that_suspension_and_for_that_reader() {
    let before = |days| StageName::Before(days);
    let of = |about, stage, role| key(Obligation::Suspension, 0, about, stage, role);
    let mine = of(668, StageName::Start, Role::Candidat);
    // Ninety days before the limit.
    let rank = |sent: &[Told]| {
        let mails = wanted(&suspended(None), 578, sent);
        let one = mails.into_iter().find(|mail| mail.key == of(668, before(90), Role::Candidat)).unwrap();
        one.letter.what.split_once(" (").and_then(|(_, rest)| rest.chars().next())
    };
    assert_eq!(rank(&[]), None);
    assert_eq!(rank(&[told(mine, 302, &[])]), Some('2'));
    assert_eq!(
        rank(&[told(mine, 302, &[]), told(of(668, before(100), Role::Candidat), 500, &[])]),
        Some('3')
    );
    assert_eq!(rank(&[told(mine, 301, &[])]), None, "of a suspension before it");
    assert_eq!(rank(&[told(of(668, before(90), Role::Organisme), 500, &[])]), None);
    assert_eq!(rank(&[told(MailKey { dossier: 9, ..mine }, 500, &[])]), None);
    assert_eq!(rank(&[told(of(668, before(90), Role::Candidat), 578, &[])]), None, "itself");
}

/// §3.10: what is left is counted to the last day of the label, and not to the invitation.
#[test]
fn a_repeated_invitation_to_renew_counts_the_days_until_the_label_ends() {
    let dossier = sound(vec![awarded("argent")]);
    let ends = review(&case_of(std::slice::from_ref(&dossier)), day(200), &frame()).label.unwrap().ends;
    let today = label::guide::calendar::add_months(ends, -3);
    let on = i64::from((today - START).get_days());
    let find = |sent: &[Told]| {
        let of =
            |mail: &Mail| matches!(mail.key.code, MailCode::Deadline { obligation: Obligation::Renewal, .. });
        wanted(&dossier, on, sent).into_iter().find(|mail| of(mail) && mail.role == Role::Candidat).unwrap()
    };
    let first = find(&[]).key;
    assert_eq!(first.stage, StageName::BeforeEnd(3));
    let again = find(&[told(MailKey { stage: StageName::BeforeEnd(4), ..first }, on - 30, &[])]);
    let text = again.letter.paragraphs.join(" ");
    let left = (ends - today).get_days();
    assert!(text.contains(&format!("Il reste {left} jours.")), "{text}");
}

#[test]
fn a_reminder_is_of_use_until_its_last_day_and_says_it() {
    let mut dossier = sound(vec![awarded("argent")]);
    dossier.values.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    // The first year ends on the day 305; the reminder that follows it may be sent for sixty days.
    let code = MailCode::Deadline { obligation: Obligation::SelfAssessment, occurrence: 0 };
    let is_wanted = |on: i64| wanted(&dossier, on, &[]).iter().any(|mail| mail.key.code == code);
    assert_eq!([364, 365, 366].map(is_wanted), [true, true, false]);
    // A report is due thirty working days after the visit: its reader can act until then; nobody can be late with advice.
    let mails = wanted(&local(0, vec![]), 95, &[]);
    let report =
        |mail: &&Mail| matches!(mail.key.code, MailCode::Deadline { obligation: Obligation::Report, .. });
    let report = mails.iter().find(report).unwrap();
    assert_eq!(report.last_day, Some(report.day));
    let visit = [(Key::AuditDebut, 90), (Key::AuditFin, 91)].map(|(key, on)| (key, Value::Date(day(on))));
    let mails = wanted(&local(0, visit.to_vec()), 31, &[]);
    let launch =
        |mail: &&Mail| matches!(mail.key.code, MailCode::Deadline { obligation: Obligation::Launch, .. });
    assert_eq!(mails.iter().find(launch).map(|mail| mail.last_day), Some(None));
}

/// The service is told of its suspension by the reminder of its limit; DITP and the body are told otherwise.
#[test]
fn only_a_reminder_of_its_limit_to_the_service_announces_a_suspension() {
    let mut dossier = suspended(Some(400));
    dossier.values.insert(Key::AutodiagnosticLe, Value::Date(day(-60)));
    let mut readers = Vec::new();
    for on in [303, 400, 578] {
        for mail in wanted(&dossier, on, &[]) {
            let MailCode::Deadline { obligation, .. } = mail.key.code else { continue };
            let of_it = obligation == Obligation::Suspension;
            let announced = (of_it && mail.role == Role::Candidat).then_some(day(302));
            assert_eq!(mail.letter.announced.map(|announced| announced.on), announced, "{}", mail.key);
            if of_it {
                readers.push(mail.role);
            }
            // One to the service tells the delay and the maximum.
            let most = if announced.is_some() { 2 } else { 1 };
            assert!(mail.letter.events.len() <= most, "{}", mail.key);
        }
    }
    assert!(readers.contains(&Role::Organisme) && readers.contains(&Role::Ditp));
}

/// A decision without a day, which the platform dates after the suspension, announces no suspension.
#[test]
fn the_suspension_that_is_announced_is_the_one_that_runs() {
    let undated = label::case::facts::Row::from([(Key::Decision, crate::life::choice("confirme"))]);
    let mut dossier = sound(vec![awarded("argent"), row("suspension", 300), row("suspension", 300), undated]);
    dossier.decided = Some(day(350));
    let start = key(Obligation::Suspension, 0, 668, StageName::Start, Role::Candidat);
    let mails = wanted(&dossier, 360, &[]);
    let announced = mails.iter().find(|mail| mail.key == start).unwrap().letter.announced.unwrap();
    assert_eq!((announced.on, announced.written_in), (day(302), Some(1)));
}

#[test]
fn a_refusal_says_to_the_service_what_it_announces() {
    let mails = wanted(&sound(vec![row("rejete", 90)]), 100, &[]);
    let code = MailCode::Decision(Decision::Rejete);
    let refused = mails.iter().find(|mail| (mail.key.code, mail.role) == (code, Role::Candidat)).unwrap();
    assert_eq!(refused.letter.announced, Some(Announced::new(None, day(90))));
}

/// A dossier is accepted on the platform before the body fills in its fields: a confirmation waits for them too.
#[test]
fn a_decision_that_only_the_platform_knows_waits_for_its_fields_where_the_form_has_one() {
    use label::case::facts::PlatformState;
    let told = |demande: &str, without: &[Key]| {
        let mut frame = frame();
        for form in frame.forms.values_mut() {
            form.usable.retain(|key| !without.contains(key) && *key != Key::PalierDecide);
        }
        let mut accepted = local(0, vec![(Key::TypeDemande, crate::life::choice(demande))]);
        accepted.number = 2;
        (accepted.state, accepted.decided) = (PlatformState::Accepte, Some(day(600)));
        let mut dossiers = vec![sound(vec![awarded("argent")])];
        if demande == "suivi" {
            accepted.values.insert(Key::DossierPrecedent, Value::Link(1));
            dossiers.push(accepted);
        } else {
            dossiers = vec![accepted];
        }
        let case = case_of(&dossiers);
        let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
        let mails = wanted_mails(&review(&case, day(610), &frame), &case, &frame, &known);
        let decided = |mail: &Mail| mail.key.dossier == 2 && matches!(mail.key.code, MailCode::Decision(_));
        mails.iter().any(decided)
    };
    let both = [Key::Decision, Key::Evenements];
    for demande in ["initial", "suivi"] {
        assert!(!told(demande, &[]) && told(demande, &both), "{demande}");
        for one in both {
            assert!(!told(demande, &[one]), "{demande}, without {one:?}");
        }
    }
}
