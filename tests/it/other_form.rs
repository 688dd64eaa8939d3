//! Another form: other labels, other ids, other types where two are accepted, one group, single decision fields.

use jiff::civil::date;
use simulator::{Deposit, Descriptor, Form, GROUP, Kind, Simulator, State, World};
use vigie::dn::Scope;

use crate::bench::Bench;

const MAP: &str = r#"
[champs]
nom_structure = "Quel est votre service ?"
contact_email = "À qui écrire"
type_demande = "Vous demandez"
type_service = "Vous êtes"
autodiagnostic_le = "Autodiagnostic fait le"
enquete_usagers_cloture = "Fin enquête usagers"
usagers_sollicites = "Nb usagers"
usagers_recevables = "Nb réponses"
note_usagers = "Note"
plan_formation = "Formation (fichier)"
indicateurs = "Un champ qui n'existe pas"

[annotations]
audit_debut = "Q2hhbXAtNzAwMQ=="
note_usagers = "Note vérifiée"
decision = "Notre décision"
palier_decide = "Palier"
decision_le = "Le"
plan_transmis_le = "Plan parti"
auto_etat = "Robot : état"
auto_controles = "Robot : contrôles"
auto_fin_validite = "Robot : fin"
auto_retard = "Robot : retard"
auto_prochaine_date = "Robot : quand"
auto_maj = "Robot : heure"

[choix.type_demande]
initial = "Un premier label"
suivi = "Un suivi"

[choix.type_service]
local_independant = "Tout seul"

[choix.decision]
labellise = "Oui"
rejete = "Non"
suspension = "Pause"
"#;

fn form() -> Form {
    let champs = vec![
        Descriptor::new("Quel est votre service ?", Kind::Textarea),
        Descriptor::new("À qui écrire", Kind::Email),
        Descriptor::choice("Vous demandez", &["Un premier label", "Un suivi"]),
        Descriptor::choice("Vous êtes", &["Tout seul", "Rattaché"]),
        Descriptor::new("Autodiagnostic fait le", Kind::Date),
        Descriptor::new("Fin enquête usagers", Kind::Date),
        Descriptor::new("Nb usagers", Kind::Integer),
        Descriptor::new("Nb réponses", Kind::Integer),
        Descriptor::new("Note", Kind::Decimal),
        // A file was expected here: the rule of the training plan does not run, the others do.
        Descriptor::new("Formation (fichier)", Kind::Text),
        Descriptor::new("Un champ de plus", Kind::Text),
    ];
    let annotations = vec![
        Descriptor::new("Jour de l'audit", Kind::Date),
        Descriptor::new("Note vérifiée", Kind::Decimal),
        Descriptor::choice("Notre décision", &["Oui", "Non", "Pause"]),
        Descriptor::choice("Palier", &["BRONZE", "ARGENT", "OR"]),
        Descriptor::new("Le", Kind::Date),
        Descriptor::new("Plan parti", Kind::Date),
        Descriptor::new("Robot : état", Kind::Text),
        Descriptor::new("Robot : contrôles", Kind::Text),
        Descriptor::new("Robot : fin", Kind::Date),
        Descriptor::new("Robot : retard", Kind::Checkbox),
        Descriptor::new("Robot : quand", Kind::Text),
        Descriptor::new("Robot : heure", Kind::Datetime),
    ];
    let mut form = Form::new(champs, annotations);
    form.annotations[0].stable_id = 7001;
    form
}

fn world() -> World {
    let mut world = World::new("2027-01-11T08:00:00Z".parse().unwrap());
    world.form = form();
    for (number, name) in [(31, "Le guichet\nde Bellerive"), (32, "Ailleurs")] {
        let champs = vec![
            ("Quel est votre service ?", name.into()),
            ("À qui écrire", "accueil@service.example".into()),
            ("Vous demandez", "Un premier label".into()),
            ("Vous êtes", "Tout seul".into()),
            ("Autodiagnostic fait le", date(2026, 10, 1).into()),
            ("Fin enquête usagers", date(2026, 8, 31).into()),
            ("Nb usagers", 1001.into()),
            ("Nb réponses", 50.into()),
            ("Note", simulator::Value::decimal("80")),
        ];
        world.deposit(Deposit {
            champs,
            number: Some(number),
            ..Deposit::new("99900629900013", name, "x@y.example")
        });
    }
    world.annotate(31, "Jour de l'audit", date(2027, 3, 1));
    world.annotate(31, "Note vérifiée", simulator::Value::decimal("79.97"));
    world
}

async fn bench(scope: Scope) -> Bench {
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, world()).await.unwrap();
    Bench::over(simulator, "sqlite::memory:", MAP, scope).await
}

fn group() -> Scope {
    Scope { demarche: None, groupe: Some(i64::from(GROUP)) }
}

#[tokio::test]
async fn a_form_that_nobody_foresaw_is_read_and_written() {
    let bench = bench(group()).await;
    let report = bench.pass().await;
    assert_eq!((report.changed, report.annotated, report.failures), (2, 2, Vec::new()));
    assert_eq!(bench.annotation(31, "Robot : état"), "Déposé");
    let controls = bench.annotation(31, "Robot : contrôles");
    for part in [
        "KO — Enquête usagers : 50 réponses recevables sur 1001 sollicités (4,99 %) ; il faut 50 réponses et 5 % : taux de retour insuffisant",
        "KO — Enquête usagers close le 31/08/2026 pour un audit le 01/03/2027 : trop ancienne",
        "Note de l’enquête usagers : 80 déclaré, 79,97 vérifié",
        "Non vérifié — Plan de formation : champ absent du formulaire ou d’un autre type",
        "OK — Autodiagnostic du 01/10/2026",
    ] {
        assert!(controls.contains(part), "{part}\nin\n{controls}");
    }
    assert!(!controls.contains('\n'), "a single-line field keeps one line");
    // Ten working days before Monday 1 March: the plan of the audit is what comes next.
    assert_eq!(bench.annotation(31, "Robot : quand"), "15/02/2027");
    assert_eq!(bench.annotation(31, "Robot : fin"), "", "no label, no end");
    assert!(bench.mails().iter().any(|mail| mail.mail.to == ["accueil@service.example"]));

    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests(), (1, 0), "the text that came back on one line is not written again");
}

#[tokio::test]
async fn single_decision_fields_keep_their_history_here() {
    let bench = bench(group()).await;
    bench.pass().await;
    for (decision, day) in [("Oui", date(2027, 1, 12)), ("Pause", date(2027, 1, 13))] {
        {
            let mut world = bench.simulator.world();
            if decision == "Oui" {
                world.set_state(31, State::EnInstruction, None);
            }
            world.annotate(31, "Notre décision", decision);
            world.annotate(31, "Palier", "ARGENT");
            world.annotate(31, "Le", day);
        }
        bench.set_now(format!("{day}T09:00:00Z").parse().unwrap());
        bench.pass().await;
    }
    assert_eq!(bench.annotation(31, "Robot : état"), "Suspendu");
    assert_eq!(
        bench.annotation(31, "Robot : fin"),
        "2030-01-12",
        "the award of the day before is remembered"
    );
    let (case, _) = bench.daemon.book.review_of(31).await.unwrap().unwrap();
    assert_eq!(case.events.len(), 2);
}

#[tokio::test]
async fn two_applications_of_one_service_are_a_doubt_and_no_guess() {
    let bench = bench(Scope { demarche: Some(i64::from(simulator::DEMARCHE)), groupe: None }).await;
    bench.pass().await;
    assert!(
        bench
            .annotation(32, "Robot : contrôles")
            .contains("Une autre candidature du même service est en cours : dossier 31")
    );
    let cases = bench.daemon.book.cases_around(31).await.unwrap();
    assert_eq!(cases.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [31, 32]);
}
