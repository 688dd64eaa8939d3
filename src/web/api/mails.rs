//! `/api/v1/mails`: the mails to services and to DITP that leave in the next fourteen days, wait, left, were stopped, or did
//! not arrive. A reader is named by its role: the pages show no address either.

use jiff::civil::Date;
use label::outgoing::Letter;
use label::plain;
use label::wording::boards;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::{MailPaging, MailPlace};
use super::words::{choice, wanted};
use crate::store::coming::{ComingMail, PutMail};

/// The word in the address, and the store's.
const STATES: [(&str, &str); 6] = [
    ("a_venir", ""),
    ("en_attente", "pending"),
    ("parti", "done"),
    ("arrete", "stopped"),
    ("abandonne", "given_up"),
    ("refuse", "undeliverable"),
];

choice!(MailState, STATES.iter().map(|(word, _)| *word).collect());
parameters! {
    /// Those to come when nothing is said.
    Which { "etat" => state: MailState }
}

/// A mail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Courriel {
    cle: String,
    cas: i64,
    dossier: i64,
    nom: String,
    destinataire: String,
    etat: &'static str,
    part_le: Option<Date>,
    parti_le: Option<Date>,
    objet: String,
    texte: Vec<String>,
    regle: String,
    pourquoi: String,
}

#[utoipa::path(get, path = "/api/v1/mails", params(Which, MailPaging),
    responses((status = 200, body = Page<Courriel>)))]
pub(super) async fn mails(call: Call<(Which, MailPaging)>) -> Answer {
    let (which, paging) = &call.asked;
    let (word, state) = match which.state.as_ref() {
        None => STATES[0],
        Some(asked) => STATES.into_iter().find(|(word, _)| *word == asked.0).unwrap_or(STATES[0]),
    };
    let (ledger, body, limit) = (call.app.store.ledger(), call.viewer.of_body(), wanted(paging.limit));
    if state.is_empty() {
        let day = paging.after.as_ref().map(MailPlace::day).unwrap_or_default();
        let key = paging.after.as_ref().map_or("", |place| &place.1);
        let mut found = ledger.coming(&body, (&day, key), limit + 1).await?;
        let next = cut(&mut found, limit).map(|last| MailPlace::leaving(&last.leaves, &last.key));
        return call.page(found.iter().map(|mail| courriel(mail, word)).collect(), next);
    }
    let before = paging.after.as_ref().map(|place| (place.instant(), place.1.as_str()));
    let mut found = ledger.mails_in(state, &body, before, limit + 1).await?;
    let next = cut(&mut found, limit).map(|last| MailPlace::put(last.at, &last.mail.key));
    let clock = &call.app.book.clock;
    let left = |put: &PutMail| put.over.filter(|_| word == "parti").map(|at| clock.in_paris(at).date());
    let line = |put: &PutMail| Courriel { parti_le: left(put), ..courriel(&put.mail, word) };
    call.page(found.iter().map(line).collect(), next)
}

fn courriel(mail: &ComingMail, etat: &'static str) -> Courriel {
    let letter: Letter = serde_json::from_str(&mail.payload)
        .unwrap_or_else(|_| Letter { subject: boards::UNREADABLE_LETTER.to_owned(), ..Letter::default() });
    let sections = letter.sections.iter().flat_map(|section| {
        let lines = section.lines.iter().map(|line| line.text.clone());
        let title = (!section.title.is_empty()).then(|| section.title.clone());
        title.into_iter().chain(section.paragraphs.clone()).chain(section.points.clone()).chain(lines)
    });
    let texte = letter.paragraphs.iter().chain(&letter.points).cloned().chain(sections).collect();
    Courriel {
        cle: mail.key.clone(),
        cas: mail.case_id,
        dossier: mail.dossier,
        nom: plain::line(&mail.service),
        destinataire: mail.role.clone(),
        etat,
        part_le: mail.leaves.parse().ok(),
        parti_le: None,
        objet: letter.subject.clone(),
        texte,
        regle: mail.rule.clone(),
        pourquoi: boards::reason(&mail.rule),
    }
}
