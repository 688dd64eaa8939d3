//! The addresses of a contact that cannot be used.

use crate::address::AddressFault;
use crate::case::{ContactDoubt, Instead};

/// Without the address: a finding is also kept when its contact is forgotten.
pub(super) fn sentence(doubt: &ContactDoubt) -> String {
    let faults: Vec<&str> = doubt.faults.iter().map(|fault| why(*fault)).collect();
    let instead = match doubt.instead {
        Instead::Others => "les courriels partent aux autres adresses indiquées",
        Instead::Account => "les courriels partent à l’adresse du compte qui a déposé le dossier",
        Instead::Nobody => "aucun courriel ne peut partir au service",
    };
    format!("Adresse de la personne à contacter : {} ; {instead}", faults.join(", "))
}

fn why(fault: AddressFault) -> &'static str {
    match fault {
        AddressFault::Absent => "ce qui est écrit n’est pas une adresse électronique",
        AddressFault::Malformed => "une adresse est mal écrite",
        AddressFault::Domain => "ce qui suit le @ n’est pas un nom de domaine",
        AddressFault::Doubtful => "une espace ou une virgule coupe une adresse",
        AddressFault::TooMany => "il y a plus de cinq adresses",
    }
}
