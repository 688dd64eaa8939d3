//! Sentences about a perimeter: domains of local authorities, sites, extensions.

use crate::guide::perimeter::{Authority, Domain, PerimeterFault, basic_domains};
use crate::judge::of_perimeter::OfPerimeter;

use super::agreement::count;
use super::names::date_short;

/// The French name of a domain, from its word in the form.
#[must_use]
pub fn word(key: &str) -> &'static str {
    Domain::from_key(key).map_or("", domain)
}

fn domain(domain: Domain) -> &'static str {
    match domain {
        Domain::Reception => "Accueil général",
        Domain::Procedures => "Démarches administratives",
        Domain::SocialAction => "Action sociale",
        Domain::EarlyChildhood => "Petite enfance",
        Domain::Planning => "Urbanisme",
        Domain::UrbanServices => "Services urbains",
        Domain::Solidarity => "Solidarités et cohésion territoriale",
        Domain::LandUse => "Aménagement du territoire",
        Domain::Mobility => "Mobilités et transport",
        Domain::Economy => "Développement économique",
        Domain::Training => "Formation professionnelle et emploi",
        Domain::Environment => "Environnement",
        Domain::Education => "Éducation, enfance, famille, jeunesse",
        Domain::Police => "Police municipale",
        Domain::Other => "Autre service",
    }
}

fn authority(authority: Authority) -> &'static str {
    match authority {
        Authority::Commune => "une commune",
        Authority::Epci => "un EPCI",
        Authority::Departement => "un département",
        Authority::Region => "une région",
        Authority::SpecialStatus => "une collectivité à statut particulier",
    }
}

pub(super) fn sentence(what: &OfPerimeter) -> String {
    match what {
        OfPerimeter::PublicationNotAsked => {
            "Collectivité : la publication sur la plateforme Services Publics+ et « Je donne mon avis » ne sont pas exigés"
                .to_owned()
        }
        OfPerimeter::Complete(kind) => {
            format!("Périmètre « socle » : ce que le guide demande à {} y est", authority(*kind))
        }
        OfPerimeter::Basic(fault) => basic(*fault),
        OfPerimeter::MainSite { sites, main } => format!(
            "{}, {} comme principal : un seul site pilote les autres, indiquez lequel",
            count(*sites, "site déclaré", "sites déclarés"),
            count(*main, "désigné", "désignés")
        ),
        OfPerimeter::SitesAudited { declared, audited } if audited > declared => format!(
            "La grille d’audit porte sur {}, le dossier en déclare {declared} : complétez la liste des sites couverts",
            count(*audited, "site", "sites")
        ),
        OfPerimeter::SitesAudited { declared, audited } => {
            format!("Sites audités : {audited} sur {declared} déclarés (les autres n’ont pas été tirés au sort)")
        }
        OfPerimeter::SitesVisited { declared, visited: 0, .. } => format!(
            "Aucun des {declared} sites déclarés n’est inscrit comme visité : vérifiez la liste des sites visités"
        ),
        OfPerimeter::SitesVisited { declared, visited, left } if left.is_empty() => {
            format!("Sites visités : {visited} sur {declared} déclarés")
        }
        OfPerimeter::SitesVisited { declared, visited, left } => format!(
            "Sites visités : {visited} sur {declared} déclarés ; couverts sans visite, faute d’avoir été tirés au sort : {}",
            left.join(", ")
        ),
        OfPerimeter::SitesUnknown(names) => format!(
            "Sites visités qui ne sont pas dans la liste des sites couverts : {} ; complétez l’une des deux listes",
            names.join(", ")
        ),
        OfPerimeter::SitesOfTheGrid { visited, audited } => format!(
            "La grille d’audit porte sur {audited} sites, {visited} sont inscrits comme visités : vérifiez l’une ou l’autre"
        ),
        OfPerimeter::SitesNotTold { declared } => format!(
            "Rapport transmis, {declared} sites déclarés : indiquez ceux qui ont été visités"
        ),
        OfPerimeter::AddedNotVisited(names) => format!(
            "Sites ajoutés par l’extension et non visités : {} ; l’audit doit couvrir ce qui est ajouté",
            names.join(", ")
        ),
        OfPerimeter::ExtensionAtAnotherTime { audit, window } => format!(
            "Audit d’extension du {}, hors d’un suivi{} et d’un renouvellement : le guide prévoit l’extension à l’occasion de l’un ou de l’autre, vérifiez la date",
            date_short(*audit),
            window.map_or_else(String::new, |window| format!(
                " (du {} au {})",
                date_short(window.opens),
                date_short(window.closes)
            ))
        ),
        OfPerimeter::NothingAdded => {
            "Extension sans site ni domaine nouveau : indiquez ce qui est ajouté au périmètre".to_owned()
        }
        OfPerimeter::ExtensionNotAudited { decided } => format!(
            "Extension accordée le {} sans audit du périmètre ajouté : indiquez les dates de l’audit ou vérifiez la décision",
            date_short(*decided)
        ),
    }
}

fn basic(fault: PerimeterFault) -> String {
    match fault {
        PerimeterFault::NoReception => {
            "Périmètre « socle » : l’accueil général, tous canaux, en fait toujours partie".to_owned()
        }
        PerimeterFault::NoProcedures => {
            "Périmètre « socle » : celui d’une commune comprend les démarches administratives de la vie courante"
                .to_owned()
        }
        PerimeterFault::NoDomain(kind) => {
            let listed: Vec<&str> = basic_domains(kind).iter().map(|one| domain(*one)).collect();
            format!(
                "Périmètre « socle » : celui d’{} comprend au moins un domaine parmi {}",
                authority(kind),
                listed.join(", ")
            )
        }
        PerimeterFault::NotBasic(one) => format!(
            "Périmètre « socle » : « {} » n’est pas un domaine du socle de ce type de collectivité, il peut être une option",
            domain(one)
        ),
    }
}
