//! Sentences around what the record shows again.

use jiff::civil::Date;

use crate::judge::Review;

use super::differences::{Difference, differences};
use super::names::{self, date_full};
use super::standing;
use super::statement::Statement;

/// Where a recorded statement comes from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The number of the entry in the record.
    pub seq: i64,
    /// The hash of the entry, in full, hexadecimal.
    pub hash: &'a str,
    /// The day that was judged.
    pub on: Date,
    /// The day of the entry after it.
    pub until: Option<Date>,
    /// The version of vigie that judged.
    pub version: &'a str,
    /// The edition of the rules that it judged by.
    pub edition: &'a str,
}

/// The end of the chain of the record, told day after day so that a later rewriting shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The number of the last entry.
    pub seq: i64,
    /// The hash of that entry, in full, hexadecimal.
    pub hash: String,
}

/// « Empreinte des enregistrements : n° 1204, 9f2c01d77a3e4b58 ».
#[must_use]
pub fn anchor(of: &Anchor) -> String {
    format!(
        "Empreinte des enregistrements, à conserver : {}:{} (vigie record verify --anchor la compare).",
        of.seq,
        short(&of.hash)
    )
}

/// The first digits of a hash, enough to compare by eye.
#[must_use]
pub fn short(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}

/// From which entry, of which day, under which rules.
#[must_use]
pub fn source(of: &Source<'_>) -> Vec<String> {
    let until = match of.until {
        Some(day) => format!("remplacé par celui du {}", date_full(day)),
        None => "le dernier à ce jour".to_owned(),
    };
    vec![
        format!(
            "Enregistrement n° {} (empreinte {}), jugement du {}, {until}.",
            of.seq,
            short(of.hash),
            date_full(of.on)
        ),
        format!("vigie {} — {}", of.version, of.edition),
    ]
}

/// Said of a day without a judgement of `dossier`; `first` is the day of its first one, if any.
#[must_use]
pub fn nothing(dossier: i64, on: Date, first: Option<Date>) -> String {
    let day = date_full(on);
    match first {
        Some(first) => format!(
            "Rien n’était enregistré du dossier {dossier} le {day} : son premier jugement enregistré est du {}.",
            date_full(first)
        ),
        None => format!("Rien n’est enregistré du dossier {dossier}."),
    }
}

/// Why the first judgement was made, in the exported page of a dossier.
pub const FIRST: &str = "premier jugement enregistré";
/// In place of a value that could not be read, in the exported page.
pub const UNREADABLE_VALUE: &str = "valeur illisible";
/// In place of a journal line that was erased, in the exported page.
pub const ERASED_TEXT: &str = "texte effacé à son terme";

/// The chain holds.
#[must_use]
pub fn whole(entries: i64, last: &str, erased: u64) -> Vec<String> {
    let mut lines = vec![format!("Chaîne intacte : {entries} enregistrements, le dernier {}.", short(last))];
    if erased > 0 {
        lines.push(format!(
            "{erased} contenus effacés, à leur terme ou sur demande ; leurs empreintes tiennent."
        ));
    }
    lines
}

/// The first entry that does not hold, why, and what to do.
#[must_use]
pub fn broken(seq: i64, why: &str) -> Vec<String> {
    vec![
        format!("Chaîne rompue à l’enregistrement n° {seq} : {why}."),
        "Comparez avec la dernière sauvegarde et avec les empreintes des digests reçus.".to_owned(),
    ]
}

/// Printed by `vigie record verify` when `--anchor` is not a number and a hash.
pub const BAD_ANCHOR: &str =
    "--anchor s’écrit NUMÉRO:EMPREINTE, comme dans le digest (par exemple 1204:9f2c01d77a3e4b58).";
/// Fault of an entry whose contents do not give its hash.
pub const ENTRY_CHANGED: &str = "son contenu a été modifié";
/// Fault of an entry before which one is missing.
pub const ENTRY_MISSING: &str = "celui qui le précède manque";
/// Fault of an entry that does not name the one before it.
pub const ENTRY_BROKEN: &str = "il ne suit pas celui qui le précède";
/// Fault of a chain whose last entry is not the one that the store says.
pub const END_MISSING: &str = "la fin de la chaîne manque";
/// Fault of the entry of `--anchor`, absent or with another hash.
pub const ANCHOR_DIFFERS: &str = "l’empreinte annoncée par le digest n’est pas la sienne";

/// Fault of an entry that names a content which is not there; `hash` is the content's.
#[must_use]
pub fn content_absent(hash: &str) -> String {
    format!("le contenu {} qu’il nomme manque", short(hash))
}

/// Fault of an entry that names a content which was changed; `hash` is the content's.
#[must_use]
pub fn content_changed(hash: &str) -> String {
    format!("le contenu {} qu’il nomme a été modifié", short(hash))
}

/// Fault of an entry whose journal line was changed or removed; `id` is the line's.
#[must_use]
pub fn line_changed(id: &str) -> String {
    format!("la ligne {id} du journal, qui dit l’acte, a été modifiée ou ôtée")
}

/// Answer of the page of a day when its entry cannot be read.
pub const UNREADABLE: &str = "Cet enregistrement ne peut pas être relu : lancez « vigie record verify ».";

/// What was kept of that day is over.
#[must_use]
pub fn erased(on: Date) -> String {
    format!(
        "Le contenu de cet enregistrement a été effacé le {} : seules sa date et son empreinte restent.",
        date_full(on)
    )
}

/// Printed by `vigie forget` for a number that vigie does not know.
#[must_use]
pub fn nothing_to_forget(dossier: i64) -> String {
    format!("Le dossier {dossier} n’est pas connu de vigie, ou ne l’est plus : rien à effacer.")
}

/// What `vigie forget` would erase.
#[must_use]
pub fn would_forget(name: &str, dossiers: &[i64]) -> Vec<String> {
    let list = dossiers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    vec![
        format!("« {name} » : dossiers {list}."),
        "Seraient effacés : leur contenu, les textes des courriels et du journal qui en parlent, les jugements enregistrés, les copies de pièces. Le label sort du registre, et la plateforme n’est plus relue pour eux.".to_owned(),
        "Restent : numéros, dates et empreintes, pour que la chaîne des enregistrements tienne. Les sauvegardes et les courriels déjà partis ne sont pas touchés.".to_owned(),
        "Rien n’est encore effacé : relancez avec --yes.".to_owned(),
    ]
}

/// What was erased: contents of the record, mails, lines of the journal, copies.
#[must_use]
pub fn forgotten(dossiers: &[i64], (contents, mails, lines, copies): (u64, u64, u64, usize)) -> String {
    let list = dossiers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    format!(
        "Effacés, dossiers {list} : {contents} contenus enregistrés, {mails} courriels et messages, {lines} lignes de journal, {copies} copies."
    )
}

/// Printed by `vigie forget` when all is erased but the store could not be compacted.
pub const NOT_WIPED: &str = "l’effacement est fait, mais la base n’a pas pu être tassée : arrêtez vigie, puis relancez cette commande";

/// The differences of a judgement made again, rule by rule.
#[must_use]
pub fn again(all: &[Difference]) -> Vec<String> {
    if all.is_empty() {
        return vec!["Rejugés aujourd’hui, les mêmes faits donnent le même résultat.".to_owned()];
    }
    let mut lines = vec![match all.len() {
        1 => "Rejugés aujourd’hui, les mêmes faits donnent une différence :".to_owned(),
        count => format!("Rejugés aujourd’hui, les mêmes faits donnent {count} différences :"),
    }];
    lines.extend(all.iter().map(Difference::line));
    lines
}

/// What was true of the label on `day` as it is known on the day of `now`, and what was known of it then.
#[must_use]
pub fn as_of(day: Date, known: Option<&Statement>, case: &Statement, now: &Review) -> Vec<String> {
    let on = date_full(day);
    let mut lines = vec![format!("VRAI LE {on}, d’après ce qui est su aujourd’hui")];
    lines.extend(true_on(now, day).into_iter().map(|line| format!("  {line}")));
    lines.push(format!("SU LE {on}"));
    let Some(known) = known else {
        lines.push("  Rien n’était enregistré.".to_owned());
        return lines;
    };
    match &known.label {
        Some(label) => lines.extend(label.text.iter().map(|line| format!("  {line}"))),
        None => lines.push("  Aucun label.".to_owned()),
    }
    lines.push("APPRIS DEPUIS".to_owned());
    let decisions = |of: &Statement| {
        let decisions = of.decisions.iter().filter(|decision| decision.on.is_none_or(|on| on <= day));
        decisions.cloned().collect::<Vec<_>>()
    };
    let (then, since) = (decisions(known), decisions(case));
    let bare = |decisions| Statement { decisions, ..empty(known) };
    let learnt = differences(&bare(then), &bare(since));
    match learnt.is_empty() {
        true => lines.push("  Aucune décision prenant effet jusqu’à ce jour.".to_owned()),
        false => lines.extend(learnt.iter().map(|one| format!("  {}", one.line()))),
    }
    lines
}

fn true_on(now: &Review, day: Date) -> Vec<String> {
    let Some(label) = now.standing_on(day) else { return vec!["Aucun label.".to_owned()] };
    let tier = label.tier.map_or("palier non précisé", names::tier);
    let first = format!("Label {tier} obtenu le {}. {}", date_full(label.starts), standing::validity(label));
    [first].into_iter().chain(standing::suspension(label, day)).collect()
}

/// A statement that says nothing, of the same service.
fn empty(of: &Statement) -> Statement {
    Statement {
        label: None,
        standings: Vec::new(),
        dossiers: Vec::new(),
        network: Vec::new(),
        decisions: Vec::new(),
        deadlines: Vec::new(),
        ..of.clone()
    }
}
