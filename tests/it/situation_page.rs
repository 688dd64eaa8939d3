//! `/simulateur`: what somebody types, and what they read.

use reqwest::StatusCode;
use vigie::daemon::Hours;

use crate::bench::Bench;
use crate::web::Pages;

const MARKS: &str = "score_e1=65&score_e2=65&score_e3=65&score_e4=65&score_e5=65&score_e6=65&score_e7=65&score_e8=64%2C9&note_agents=65&note_usagers=80";

#[tokio::test]
async fn a_situation_is_answered_from_its_address_and_nothing_is_kept() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let before = bench.daemon.store.cases().edition().await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let (status, empty) = pages.get("/simulateur").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!empty.contains("Le calendrier</h2>") && empty.contains("Rien n’est enregistré"), "{empty}");

    let asked =
        format!("/simulateur?type_service=local_independant&departement=37&audit_debut=2027-09-20&{MARKS}");
    let (_, page) = pages.get(&asked).await;
    // Engagement 8 is one tenth short of Argent.
    assert!(page.contains("Les notes donnent le palier Bronze.") && page.contains("Manque 0,1"), "{page}");
    assert!(page.contains("20 août 2027") && page.contains("Déposer le dossier au plus tard"), "{page}");
    assert!(page.contains("Les trois années du label") && page.contains("value=\"64,9\""), "{page}");

    let (_, page) =
        pages.get("/simulateur?agents_concernes=50&agents_sollicites=50&agents_recevables=29").await;
    assert!(page.contains("il manque 1 réponse pour le minimum de 30"), "{page}");

    let typed = "/simulateur?usagers_sollicites=beaucoup&score_e1=101&audit_debut=demain&note_agents=%3Cb%3E";
    let (status, page) = pages.get(typed).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["« beaucoup » n’est pas pris en compte", "une note de 0 à 100", "une date est attendue"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<b>"), "{page}");

    let (_, page) = pages.get("/simulateur?score_e1=90").await;
    assert!(
        page.contains("Le palier n’est pas encore connu") && !page.contains("pas encore atteint"),
        "{page}"
    );
    let (_, page) = pages.get("/simulateur?score_e1=49").await;
    assert!(page.contains("Le palier Bronze n’est pas encore atteint."), "{page}");
    let (_, page) = pages.get("/simulateur?type_service=central&locaux_bronze=3000&locaux_or=4000").await;
    assert!(page.contains("« 4000 » n’est pas pris en compte"), "none vanishes without a word: {page}");

    let network = "/simulateur?type_service=central&n_locaux=100&autodiagnostics_fournis=100&points_valides=27&points_total=36&locaux_bronze=3&locaux_argent=3&locaux_or=2&locaux_refuses=2";
    let (_, page) = pages.get(network).await;
    assert!(page.contains("Le réseau donne le palier Argent."), "{page}");

    let (status, file) = pages.get(&asked.replace("/simulateur?", "/simulateur.ics?")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        file.contains("DTSTART;VALUE=DATE:20270820") && file.matches("BEGIN:VEVENT").count() > 8,
        "{file}"
    );
    assert_eq!(bench.daemon.store.cases().edition().await.unwrap(), before, "nothing was stored");
}
