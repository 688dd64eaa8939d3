//! Addresses of pages on the platform, for those who deposited a dossier and for those who examine it.

use super::letter::{About, Page, Place};

/// Where the platform's pages are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Platform {
    /// The addresses of the API, each with the démarche that it is for: pages are on the same host.
    pub endpoints: Vec<(Option<i64>, String)>,
    /// Where a new dossier is begun.
    pub begin: Beginnings,
}

/// The page of the démarche where a new dossier is begun, by what it asks for; a follow-up or a renewal may have a démarche
/// of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beginnings {
    /// Address for a first application, and for the two others where they have none; `None` when it is not configured.
    pub application: Option<String>,
    /// Address for a follow-up; `None` when it is that of a first application.
    pub follow_up: Option<String>,
    /// Address for a renewal; `None` when it is that of a first application.
    pub renewal: Option<String>,
}

impl Platform {
    /// The page of the dossier that its reader can open.
    #[must_use]
    pub fn page(&self, about: &About) -> Option<String> {
        match about.page? {
            Page::Candidat => {
                self.host(about.demarche).map(|host| format!("{host}/dossiers/{}", about.dossier))
            }
            Page::Instructeur => self.examined(about.demarche, about.dossier),
        }
    }

    /// The instructor's page of a dossier.
    #[must_use]
    pub fn examined(&self, demarche: i64, dossier: i64) -> Option<String> {
        // Zero where the number is not known, in an export whose name does not give it.
        let host = self.host(demarche).filter(|_| demarche > 0)?;
        Some(format!("{host}/procedures/{demarche}/dossiers/{dossier}"))
    }

    /// Where to begin what is done in a new dossier.
    #[must_use]
    pub fn beginning(&self, place: Place) -> Option<&str> {
        let Beginnings { application, follow_up, renewal } = &self.begin;
        let own = match place {
            Place::Dossier | Place::Body => return None,
            Place::Application => application,
            Place::FollowUp => follow_up,
            Place::Renewal => renewal,
        };
        own.as_deref().or(application.as_deref())
    }

    /// « https://demarche.numerique.gouv.fr ».
    fn host(&self, demarche: i64) -> Option<String> {
        let own = self.endpoints.iter().find(|(number, _)| *number == Some(demarche));
        let (_, endpoint) = own.or(self.endpoints.first())?;
        let (scheme, rest) =
            endpoint.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
        let host = rest.split('/').next().filter(|host| !host.is_empty())?;
        Some(format!("{scheme}://{host}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(page: Option<Page>) -> About {
        About { service: "Agence".to_owned(), dossier: 4242, demarche: 7, page }
    }

    #[test]
    fn each_reader_has_an_address_of_its_own() {
        let endpoints = vec![
            (None, "https://un.example/api/v2/graphql".to_owned()),
            (Some(7), "https://sept.example/api/v2/graphql".to_owned()),
        ];
        let platform = Platform { endpoints, begin: Beginnings::default() };
        let page = |page| platform.page(&about(page));
        assert_eq!(page(Some(Page::Candidat)).as_deref(), Some("https://sept.example/dossiers/4242"));
        let examined = "https://sept.example/procedures/7/dossiers/4242";
        assert_eq!(page(Some(Page::Instructeur)).as_deref(), Some(examined));
        assert_eq!(page(None), None, "the central service cannot open it");
        assert_eq!(platform.examined(8, 1).as_deref(), Some("https://un.example/procedures/8/dossiers/1"));
        assert_eq!(Platform::default().page(&about(Some(Page::Candidat))), None);
    }

    #[test]
    fn a_renewal_begins_where_a_first_application_does_unless_it_has_a_place_of_its_own() {
        let begin = Beginnings {
            application: Some("https://x.example/commencer/label".to_owned()),
            follow_up: Some("https://x.example/commencer/suivi".to_owned()),
            renewal: None,
        };
        let platform = Platform { endpoints: Vec::new(), begin };
        let begins = |place| platform.beginning(place).map(|url| url.rsplit('/').next().unwrap_or_default());
        assert_eq!(begins(Place::Application), Some("label"));
        assert_eq!(begins(Place::FollowUp), Some("suivi"));
        assert_eq!(begins(Place::Renewal), Some("label"));
        assert_eq!((begins(Place::Dossier), begins(Place::Body)), (None, None));
    }
}
