//! The main job, end to end, over the simulator.

use jiff::civil::date;
use label::outgoing::Action;

use crate::bench::{Bench, FORM, demarche};

#[tokio::test]
async fn two_hundred_dossiers_are_annotated_once_and_a_quiet_pass_is_one_request() {
    let bench = Bench::after("lot", 200).await;
    let first = bench.pass().await;
    assert_eq!((first.changed, first.failures), (200, Vec::<String>::new()));
    let (_, mutations) = bench.requests();
    assert_eq!(mutations as usize, first.annotated, "one mutation a dossier");
    assert!(
        first.annotated == 200 && first.mailed > 100,
        "{} annotated, {} mailed",
        first.annotated,
        first.mailed
    );

    let written: Vec<String> = (4242..4442).map(|number| bench.annotation(number, "[auto] État")).collect();
    assert!(written.iter().all(|state| !state.is_empty()), "every dossier has its state");

    bench.simulator.world().reset_counters();
    let second = bench.pass().await;
    assert_eq!(bench.requests(), (1, 0), "nothing changed: one read, no write");
    assert_eq!((second.changed, second.annotated, second.mailed), (0, 0, 0));
    let keys: std::collections::BTreeSet<String> =
        bench.mails().into_iter().map(|mail| mail.mail.key).collect();
    assert_eq!(keys.len(), bench.mails().len(), "no mail twice");
}

#[tokio::test]
async fn what_is_written_is_what_the_rules_give() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    assert_eq!(bench.annotation(4242, "[auto] État"), "Déposé");
    let controls = bench.annotation(4242, "[auto] Contrôle des pièces et enquêtes");
    for part in [
        "Manque — Pièce ou information absente : plan de formation — § 3.5.1 du guide (R-3.5.1-c)",
        "Manque — À renseigner : nombre d’usagers sollicités, questionnaires usagers recevables — § 3.4.1",
    ] {
        assert!(controls.contains(part), "{part}\nin\n{controls}");
    }
    // Audit on 5 July 2027: ten working days before is 21 June (14 July comes after), the deposit a month before.
    let agenda = bench.annotation(4243, "[auto] Échéancier");
    for part in [
        "05/06/2027 — Dossier complet à déposer",
        "21/06/2027 — Plan d’audit à transmettre",
        "27/07/2027 — Rapport",
    ] {
        assert!(agenda.contains(part), "{part}\nin\n{agenda}");
    }
    // Labelled on 31 May 2027: three years, and eighteen months around which two more.
    assert_eq!(bench.annotation(4244, "[auto] État"), "Label actif");
    assert_eq!(bench.annotation(4244, "[auto] Fin de validité"), "2030-05-31");
    assert_eq!(bench.annotation(4244, "[auto] Ouverture du suivi"), "2028-09-30");
    assert_eq!(bench.annotation(4244, "[auto] Clôture du suivi"), "2029-01-30");
    assert!(bench.annotation(4243, "[auto] Palier calculé").contains("à déterminer"));
}

#[tokio::test]
async fn a_change_by_a_person_is_judged_and_a_hand_on_our_field_is_undone() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    {
        let mut world = bench.simulator.world();
        world.annotate(4243, "Premier jour de visite", date(2027, 9, 6));
        world.annotate(4243, "[auto] Palier calculé", "à moi");
    }
    let report = bench.pass().await;
    assert_eq!((report.changed, report.annotated), (1, 1));
    assert!(bench.annotation(4243, "[auto] Échéancier").contains("06/08/2027 — Dossier complet"));
    assert!(bench.annotation(4243, "[auto] Palier calculé").starts_with("Palier calculé"));
    assert!(
        bench
            .subjects()
            .iter()
            .any(|subject| subject.ends_with(" : le calendrier de votre audit du 6 septembre"))
    );
}

#[tokio::test]
async fn the_right_people_are_told_of_a_decision_once() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let before = bench.mails().len();
    bench.set_now("2027-06-20T08:00:00Z".parse().unwrap());
    {
        let mut world = bench.simulator.world();
        let day = date(2027, 6, 20);
        let row = vec![
            ("Décision", "Suspension".into()),
            ("Date de la décision", day.into()),
            ("Date de notification", day.into()),
            ("Date d'effet", day.into()),
            ("Motif de suspension", "Demande du service".into()),
        ];
        world.add_row(4244, "Historique des décisions", row);
    }
    bench.pass().await;
    assert_eq!(bench.annotation(4244, "[auto] État"), "Suspendu");
    let told: Vec<(String, String)> = bench.mails()[before..]
        .iter()
        .map(|mail| (mail.mail.to.join(","), mail.mail.letter.subject.clone()))
        .filter(|(_, subject)| subject.contains("Grandvent") || subject.contains("suspendu"))
        .collect();
    let expected = [
        (
            "contact@service.example",
            "[SP+] Agence du logement de Grandvent : label suspendu depuis le 20 juin, mesures à prendre au plus tard le 20 juin 2028",
        ),
        (
            "ditp@example.gouv.fr",
            "[SP+ DITP] Agence du logement de Grandvent : suspension à publier à compter du 20 juin",
        ),
    ];
    let told: Vec<(&str, &str)> = told.iter().map(|(to, subject)| (to.as_str(), subject.as_str())).collect();
    assert!(expected.iter().all(|line| told.contains(line)) && told.len() == 2, "{told:?}");
    let count = bench.mails().len();
    bench.pass().await;
    assert_eq!(bench.mails().len(), count);
    // Ninety days before its limit, the service and the body are reminded, although the program did not run on that
    // day.
    bench.set_now("2028-03-25T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let subjects = bench.subjects();
    let late = &subjects[count..];
    assert!(
        late.iter().any(|s| s
            == "[SP+] Agence du logement de Grandvent : label suspendu depuis le 20 juin 2027, mesures à prendre au plus tard le 20 juin (2e rappel)"),
        "{late:?}"
    );
    assert!(late.iter().any(|s| s.contains("Grandvent : suspension à lever")), "{late:?}");
}

#[tokio::test]
async fn several_stages_gone_by_send_only_the_latest() {
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    let before = bench.mails().len();
    // The plan is due on Monday 21 June: on the 20th, J-10, J-3 and « franche » (Friday) have all gone by.
    bench.set_now("2027-06-20T08:00:00Z".parse().unwrap());
    bench.pass().await;
    let told = bench
        .daemon
        .store
        .ledger()
        .mails_sent(&[4243])
        .await
        .unwrap()
        .into_values()
        .flatten()
        .collect::<Vec<_>>();
    let plan: Vec<String> =
        told.into_iter().map(|sent| sent.key.to_string()).filter(|key| key.contains("/O-07/")).collect();
    assert_eq!(plan, ["4243/O-07/2027-06-21/franche/organisme"]);
    // Nothing of it is urgent: the body reads it in the digest of the day, with all else.
    let to_body: Vec<String> = bench.mails()[before..]
        .iter()
        .filter(|mail| mail.mail.to == ["label@organisme.example"])
        .map(|mail| mail.mail.letter.subject.clone())
        .collect();
    assert_eq!(
        to_body,
        [
            "[SP+] 1 point à suivre, 1 échéance cette semaine : Service d'accueil de Fontclaire-les-Bois, Maison des formalités de Rochebelle-d'Aunis — digest du 20 juin"
        ]
    );
}

#[tokio::test]
async fn a_dry_run_touches_nothing_outside_the_store() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.dry_run = true;
    let report = bench.pass().await;
    let annotations = report.would_do.iter().filter(|action| matches!(action, Action::Annotate(_))).count();
    assert_eq!(annotations, 3);
    assert_eq!((bench.requests().1, bench.mails().len()), (0, 0));
    bench.daemon.acting.dry_run = false;
    assert_eq!(bench.pass().await.annotated, 3, "a real pass still has everything to do");
}

#[tokio::test]
async fn a_deleted_dossier_leaves_and_a_label_outlives_its_file() {
    use simulator::Deletion;
    let bench = Bench::after("petit", 0).await;
    bench.pass().await;
    {
        let mut world = bench.simulator.world();
        world.delete(4242, Deletion::ByUser);
        world.delete(4244, Deletion::ByInstructeur);
    }
    bench.pass().await;
    assert!(bench.daemon.book.review_of(4242).await.unwrap().is_none());
    let (_, review) = bench.daemon.book.review_of(4244).await.unwrap().unwrap();
    assert!(review.label.is_some());
    bench.simulator.world().restore(4242);
    assert_eq!(bench.pass().await.changed, 1);
    assert!(bench.daemon.book.review_of(4242).await.unwrap().is_some());
}

#[tokio::test]
async fn three_years_pass_without_a_failure_and_end_as_the_story_says() {
    crate::bench::tls();
    let mut stage = vigie::commands::demo::stage(1, 86_400).await.unwrap();
    let mut now = stage.scenario.start();
    while now < stage.scenario.end() {
        stage.live_until(now).await.unwrap();
        now = now.checked_add(jiff::SignedDuration::from_hours(24 * 5)).unwrap();
    }
    stage.live_until(stage.scenario.end()).await.unwrap();
    let mails = stage.demo.mailer.kept();
    let keys: std::collections::BTreeSet<&String> = mails.iter().map(|mail| &mail.mail.key).collect();
    assert_eq!(keys.len(), mails.len(), "no mail twice in three years");
    let journal = stage.daemon.store.journal().entries(None, 100_000).await.unwrap();
    let bad: Vec<_> =
        journal.iter().filter(|e| e.kind.contains("abandonn") || e.kind.contains("refus")).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let cases = stage.daemon.store.cases().work_list(None, 100).await.unwrap();
    let states: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.state.as_str()).collect();
    for expected in ["actif", "retire", "renouvellement_a_demander", "rejete"] {
        assert!(states.contains(expected), "{expected} in {states:?}");
    }
}

/// The platform only warns its administrator: the body is warned in advance, once for each stage, only the latest when
/// several have passed.
#[tokio::test]
async fn the_end_of_the_token_is_told_ahead() {
    let mut bench = Bench::after("petit", 0).await;
    let today = bench.daemon.book.clock.today();
    bench.daemon.acting.token_ends = vec![today.checked_add(jiff::ToSpan::days(20)).unwrap()];
    let warnings = |bench: &Bench| {
        bench.subjects().iter().filter(|subject| subject.contains(" : jeton de la plateforme")).count()
    };
    bench.pass().await;
    bench.pass().await;
    assert_eq!(warnings(&bench), 1, "thirty days went by too");
    let in_a_week =
        bench.daemon.book.clock.now().checked_add(jiff::SignedDuration::from_hours(24 * 7)).unwrap();
    bench.set_now(in_a_week);
    bench.pass().await;
    assert_eq!(warnings(&bench), 2);
    let mail = bench
        .mails()
        .into_iter()
        .find(|mail| mail.mail.letter.subject.contains(" : jeton de la plateforme"))
        .unwrap();
    assert_eq!(mail.mail.to, ["label@organisme.example"]);
    // Two tokens near their end: each has its own warning, and what is remembered of one does not replace the other's.
    let ends = [10, 40].map(|days| today.checked_add(jiff::ToSpan::days(days)).unwrap());
    bench.daemon.acting.token_ends = ends.to_vec();
    bench.pass().await;
    bench.pass().await;
    assert_eq!(warnings(&bench), 4);
    for (end, stage) in ends.into_iter().zip([3, 60]) {
        let said = bench.daemon.store.settings().get(&format!("token_warned/{end}")).await.unwrap();
        assert_eq!(said, Some(format!("jeton/{end}/{stage}/organisme")));
    }
}

/// After the store was lost, the mails listed in the platform's journal annotation still count as sent.
#[tokio::test]
async fn a_new_store_does_not_erase_what_was_told() {
    let bench = Bench::after("lot", 40).await;
    bench.pass().await;
    let told = |bench: &Bench| -> Vec<String> {
        (4242..4282).map(|number| bench.annotation(number, "[auto] Journal")).collect()
    };
    let before = told(&bench);
    assert!(before.iter().any(|lines| !lines.is_empty()));
    let mut fresh = Bench::over(bench.simulator, "sqlite::memory:", FORM, demarche()).await;
    fresh.daemon.acting.mail = false;
    fresh.pass().await;
    assert_eq!(told(&fresh), before);
}
