//! Messages to the candidate on the platform: off unless asked for, and each at most once whatever happens.

use jiff::SignedDuration;
use jiff::civil::date;
use label::outgoing::Action;
use simulator::{Deletion, Fault, File, INSTRUCTEUR_EMAIL, On, State};

use crate::bench::Bench;

async fn bench() -> Bench {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.messages = true;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench
}

/// The messages of vigie in a dossier: body, and why it went back to the candidate.
fn said(bench: &Bench, number: u32) -> Vec<(String, Option<String>)> {
    let world = bench.simulator.world();
    let messages = &world.dossier(number).unwrap().messages;
    let ours = messages.iter().filter(|message| message.body.contains("Référence : VIGIE-"));
    ours.map(|m| (m.body.clone(), m.correction.as_ref().map(|c| c.reason.clone()))).collect()
}

fn reasons(bench: &Bench, number: u32) -> Vec<Option<String>> {
    said(bench, number).into_iter().map(|(_, reason)| reason).collect()
}

async fn journal(bench: &Bench) -> String {
    let lines = bench.daemon.store.journal().entries(None, 500).await.unwrap();
    lines.into_iter().map(|line| format!("{} {}\n", line.kind, line.detail)).collect()
}

fn wait(bench: &Bench, hours: i64) {
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(hours)).unwrap();
    bench.set_now(later);
}

/// Observed and judged; nothing is sent yet.
async fn ready(bench: &Bench) {
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
}

#[tokio::test]
async fn nothing_is_said_unless_it_is_asked_for() {
    let mut bench = bench().await;
    bench.daemon.acting.messages = false;
    assert_eq!(bench.pass().await.messaged, 0);
    assert!((4242..=4244).all(|number| said(&bench, number).is_empty()));
}

#[tokio::test]
async fn a_dossier_is_acknowledged_and_its_missing_pieces_asked_for_once() {
    let bench = bench().await;
    let report = bench.pass().await;
    assert_eq!((report.messaged, report.failures), (3, Vec::<String>::new()));
    let incomplete = Some("incomplete".to_owned());
    assert_eq!(reasons(&bench, 4242), [None, incomplete.clone()]);
    assert_eq!(reasons(&bench, 4243), [incomplete], "in instruction: received by a person already");
    assert_eq!(bench.simulator.world().dossier(4243).unwrap().state, State::EnConstruction);
    assert!(said(&bench, 4244).is_empty(), "decided");

    let [(receipt, _), (request, _)] = &said(&bench, 4242)[..] else { panic!() };
    assert!(
        receipt.contains("bien été reçu le") && receipt.ends_with("Référence : VIGIE-4242-AR"),
        "{receipt}"
    );
    assert!(request.contains("- Pièce ou information absente : plan de formation"), "{request}");
    let limit = "4 juillet 2027 inclus, veille de la visite";
    assert!(said(&bench, 4243)[0].0.contains(limit), "{}", said(&bench, 4243)[0].0);
    let journal = journal(&bench).await;
    assert!(journal.contains("message Au candidat, sur la plateforme : accusé de réception"), "{journal}");
    assert!(!journal.contains('@'));

    bench.simulator.world().reset_counters();
    assert_eq!(bench.pass().await.messaged, 0);
    assert_eq!(bench.requests(), (1, 0), "and a quiet pass stays quiet");
}

#[tokio::test]
async fn an_old_dossier_is_left_in_peace() {
    let mut bench = bench().await;
    bench.daemon.acting.since = None;
    assert_eq!(bench.pass().await.messaged, 0, "deposited before the first pass");
}

#[tokio::test]
async fn what_was_sent_and_not_recorded_is_found_and_not_sent_again() {
    let bench = bench().await;
    // The process died right after the platform's answer: the message is in the dossier, the outbox does not record it.
    let body = "Bonjour.\n\nRéférence : VIGIE-4242-AR";
    bench.simulator.world().say(4242, INSTRUCTEUR_EMAIL, body);
    bench.pass().await;
    assert_eq!(said(&bench, 4242).len(), 2, "the one that stood there, and the request for pieces");
    assert!(journal(&bench).await.contains("Déjà dit dans le dossier, pas envoyé : accusé de réception"));
}

#[tokio::test]
async fn a_lost_answer_is_no_second_message() {
    for fault in [Fault::LostResponse, Fault::GatewayTimeoutAfter, Fault::CutInBody] {
        let bench = bench().await;
        let name = format!("{fault:?}");
        bench.simulator.world().inject(On::Mutation, fault, 1);
        let report = bench.pass().await;
        assert!(
            report.failures.iter().any(|line| line.contains("not sent yet")),
            "{name}: {:?}",
            report.failures
        );
        wait(&bench, 1);
        bench.pass().await;
        assert_eq!(said(&bench, 4242).iter().filter(|(body, _)| body.contains("-AR")).count(), 1, "{name}");
        assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap(), (0, 0), "{name}");
    }
}

#[tokio::test]
async fn a_message_that_could_not_leave_leaves_later() {
    let bench = bench().await;
    bench.simulator.world().inject(On::Mutation, Fault::BadGateway, 1);
    bench.pass().await;
    assert_eq!(reasons(&bench, 4242), [Some("incomplete".to_owned())], "the other one left");
    wait(&bench, 1);
    // Sent back to the candidate meanwhile: the receipt would come after the request.
    assert_eq!(bench.pass().await.messaged, 0);
    assert!(journal(&bench).await.contains("message annulé"));
}

#[tokio::test]
async fn the_candidate_cannot_silence_a_message_by_writing_its_reference() {
    let bench = bench().await;
    let candidate = bench.simulator.world().dossier(4242).unwrap().usager_email.clone();
    bench.simulator.world().say(4242, &candidate, "Référence : VIGIE-4242-AR");
    bench.pass().await;
    assert_eq!(said(&bench, 4242).len(), 3, "the candidate's and both of ours");
}

#[tokio::test]
async fn no_second_correction_while_one_is_pending() {
    let bench = bench().await;
    ready(&bench).await;
    // Between the judgement and the sending, a person asks for something.
    bench.simulator.world().ask_correction(4243, "Merci de préciser le périmètre.", "incorrect");
    bench.daemon.deliver_messages().await.unwrap();
    assert!(said(&bench, 4243).is_empty());
    bench.pass().await;
    assert!(said(&bench, 4243).is_empty(), "pending still");
    bench.simulator.world().resubmit(4243, Vec::new());
    bench.pass().await;
    assert_eq!(reasons(&bench, 4243), [Some("incomplete".to_owned())], "answered: ours may go");
}

#[tokio::test]
async fn the_same_faults_are_asked_for_once_and_others_anew() {
    let bench = bench().await;
    bench.pass().await;
    let requests = |bench: &Bench| reasons(bench, 4242).into_iter().flatten().count();
    bench.simulator.world().resubmit(4242, Vec::new());
    bench.pass().await;
    assert_eq!(requests(&bench), 1, "submitted again as it was: a person's affair");
    let plan = File::pdf("plan.pdf", "Plan de formation");
    bench.simulator.world().resubmit(4242, vec![("Plan de formation", plan.into())]);
    bench.pass().await;
    assert_eq!(requests(&bench), 2, "fewer faults are other faults");
    assert!(!said(&bench, 4242).last().unwrap().0.contains("plan de formation"));
}

#[tokio::test]
async fn nothing_is_said_on_an_archived_or_hidden_dossier() {
    let bench = bench().await;
    ready(&bench).await;
    {
        let mut world = bench.simulator.world();
        world.dossiers.get_mut(&4242).unwrap().archived = true;
        world.delete(4243, Deletion::ByInstructeur);
    }
    let report = bench.daemon.deliver_messages().await.unwrap();
    assert_eq!(report.messaged, 0);
    assert!(said(&bench, 4242).is_empty() && said(&bench, 4243).is_empty());
    let failures = report.failures.join("\n");
    assert!(failures.contains("archivé") && failures.contains("does not show the dossier"), "{failures}");
}

#[tokio::test]
async fn a_refusal_of_the_platform_is_given_up_with_its_reason() {
    let bench = bench().await;
    bench.simulator.world().dossiers.get_mut(&4242).unwrap().usager_deleted = true;
    let report = bench.pass().await;
    assert!(
        report.failures.iter().any(|line| line.contains("supprimé, à archiver")),
        "{:?}",
        report.failures
    );
    assert_eq!(reasons(&bench, 4243).len(), 1, "the others get theirs");
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 2);
    wait(&bench, 48);
    assert!(bench.pass().await.failures.is_empty(), "never tried again");
}

#[tokio::test]
async fn a_read_only_token_stops_loudly_and_loses_nothing() {
    let bench = bench().await;
    bench.simulator.world().tokens[0].write = false;
    let error = bench.try_pass().await.unwrap_err().to_string();
    assert!(error.contains("write access") && error.contains("act.messages = false"), "{error}");
    bench.simulator.world().tokens[0].write = true;
    wait(&bench, 1);
    assert_eq!(bench.pass().await.messaged, 3);
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_said() {
    let mut bench = bench().await;
    bench.daemon.acting.dry_run = true;
    let report = bench.pass().await;
    let messages = report.would_do.iter().filter(|action| matches!(action, Action::Message(_))).count();
    assert_eq!((messages, report.messaged), (3, 0));
    assert_eq!(bench.requests().1, 0);
}

/// Both ways, with the real program: the variable alone decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_turns_messages_on_and_off() {
    let simulator = crate::running::platform("petit", 0).await;
    let count = || {
        let world = simulator.world();
        let of = |number: u32| world.dossier(number).unwrap().messages.clone();
        (4242..=4244).flat_map(of).filter(|message| message.body.contains("Référence : VIGIE-")).count()
    };
    for (value, expected) in [("false", 0), ("true", 3)] {
        // A store of its own: what was judged today is not judged again before tomorrow.
        let folder = crate::cli::folder(&simulator.endpoint());
        let variables = [("VIGIE_ACT__MESSAGES", value), ("VIGIE_ACT__SINCE", "2020-01-01")];
        let mut running = crate::running::Running::start(folder.path(), &["--once"], &variables);
        let (status, _) = running.ended(std::time::Duration::from_secs(60)).await;
        assert_eq!(status.code(), Some(0), "{}", crate::running::log(&folder));
        assert_eq!(count(), expected, "act.messages = {value}");
    }
}
