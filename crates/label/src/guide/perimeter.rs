//! §1.4.2 — *périmètre de labellisation* of local authorities: a basic perimeter, the « socle », and options.

use serde::Serialize;

/// The kinds of local authority that the guide tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Authority {
    /// *Commune*: its basic perimeter holds the everyday administrative procedures.
    Commune,
    /// *Établissement public de coopération intercommunale*.
    Epci,
    /// *Conseil départemental*.
    Departement,
    /// *Conseil régional*.
    Region,
    /// *Collectivité à statut particulier*: its perimeter is agreed with the certification body (R-1.4-e).
    SpecialStatus,
}

impl Authority {
    /// The kind for the form's word, such as `commune` or `statut_particulier`; `None` for any other word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Authority> {
        Some(match key {
            "commune" => Authority::Commune,
            "epci" => Authority::Epci,
            "departement" => Authority::Departement,
            "region" => Authority::Region,
            "statut_particulier" => Authority::SpecialStatus,
            _ => return None,
        })
    }
}

macro_rules! domains {
    ($($(#[$doc:meta])* $domain:ident $key:literal;)*) => {
        /// *Domaines d'action publique*, as the form names them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Domain { $($(#[$doc])* $domain,)* }

        impl Domain {
            /// Every domain, in the order of the form.
            pub const ALL: &'static [Domain] = &[$(Domain::$domain,)*];
            /// The words of the form, in the same order.
            pub const KEYS: &'static [&'static str] = &[$($key,)*];

            /// The word of the form.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Domain::$domain => $key,)* }
            }
        }
    };
}

domains! {
    /// *Accueil général*, on every channel: in every basic perimeter.
    Reception "accueil_general";
    /// *Démarches administratives de la vie courante*: basic for a commune.
    Procedures "demarches_administratives";
    /// *Action sociale*: basic for an EPCI.
    SocialAction "action_sociale";
    /// *Petite enfance*: basic for an EPCI.
    EarlyChildhood "petite_enfance";
    /// *Urbanisme*: basic for an EPCI.
    Planning "urbanisme";
    /// *Services urbains*, that is water, sewerage, waste and environment: basic for an EPCI.
    UrbanServices "services_urbains";
    /// *Solidarités et cohésion territoriale*: basic for a département.
    Solidarity "solidarites_cohesion";
    /// *Aménagement du territoire*: basic for a département or a région.
    LandUse "amenagement_territoire";
    /// *Mobilités et transport*, without what transport operators do: basic for a région.
    Mobility "mobilites_transport";
    /// *Développement économique*: basic for a région.
    Economy "developpement_economique";
    /// *Formation professionnelle et emploi*: basic for a région.
    Training "formation_emploi";
    /// *Environnement*: basic for a région.
    Environment "environnement";
    /// *Éducation, enfance, famille, jeunesse*: an option of a commune.
    Education "education_jeunesse";
    /// *Police municipale*: an option of a commune.
    Police "police_municipale";
    /// Any other service that deals with users: an option.
    Other "autre";
}

impl Domain {
    /// The domain for the form's word; `None` for any other word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Domain> {
        Domain::ALL.iter().copied().find(|domain| domain.key() == key)
    }
}

/// What is wrong with a basic perimeter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PerimeterFault {
    /// The general reception, on every channel, is not in it.
    NoReception,
    /// A commune without its everyday administrative procedures.
    NoProcedures,
    /// None of the domains that the guide lists for that kind of authority.
    NoDomain(Authority),
    /// A domain that the guide does not list for that kind of authority: it may be an option.
    NotBasic(Domain),
}

/// *Domaines d'action publique à considérer dans le périmètre « socle »*, beside the general reception.
#[must_use]
pub fn basic_domains(authority: Authority) -> &'static [Domain] {
    match authority {
        Authority::Commune => &[Domain::Procedures],
        Authority::Epci => {
            &[Domain::SocialAction, Domain::EarlyChildhood, Domain::Planning, Domain::UrbanServices]
        }
        Authority::Departement => &[Domain::Solidarity, Domain::LandUse],
        Authority::Region => {
            &[Domain::Mobility, Domain::Economy, Domain::LandUse, Domain::Training, Domain::Environment]
        }
        Authority::SpecialStatus => Domain::ALL,
    }
}

/// R-1.4-d — *périmètre socle*: the general reception and, for a commune, the everyday administrative procedures, for the
/// others at least one domain of the guide's list.
///
/// The perimeter of an authority of special status is agreed with the certification body: nothing is wrong with it here.
#[must_use]
pub fn basic_perimeter_faults(authority: Authority, basic: &[Domain]) -> Vec<PerimeterFault> {
    if authority == Authority::SpecialStatus {
        return Vec::new();
    }
    let listed = basic_domains(authority);
    let mut faults = Vec::new();
    if !basic.contains(&Domain::Reception) {
        faults.push(PerimeterFault::NoReception);
    }
    if !basic.iter().any(|domain| listed.contains(domain)) {
        faults.push(match authority {
            Authority::Commune => PerimeterFault::NoProcedures,
            other => PerimeterFault::NoDomain(other),
        });
    }
    let foreign = basic.iter().filter(|domain| **domain != Domain::Reception && !listed.contains(domain));
    faults.extend(foreign.map(|domain| PerimeterFault::NotBasic(*domain)));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-1.4-d
    #[test]
    fn the_basic_perimeter_of_each_kind_of_authority() {
        use Domain as D;
        let of = basic_perimeter_faults;
        assert_eq!(of(Authority::Commune, &[D::Reception, D::Procedures]), []);
        assert_eq!(
            of(Authority::Commune, &[D::Police]),
            [PerimeterFault::NoReception, PerimeterFault::NoProcedures, PerimeterFault::NotBasic(D::Police)]
        );
        assert_eq!(of(Authority::Epci, &[D::Reception, D::UrbanServices]), []);
        assert_eq!(of(Authority::Region, &[D::Reception, D::Mobility, D::LandUse]), []);
        let none = PerimeterFault::NoDomain(Authority::Departement);
        assert_eq!(
            of(Authority::Departement, &[D::Reception, D::Mobility]),
            [none, PerimeterFault::NotBasic(D::Mobility)]
        );
        assert_eq!(of(Authority::SpecialStatus, &[]), []);
    }

    #[test]
    fn each_kind_of_authority_has_its_word() {
        use Authority as A;
        let words = ["commune", "epci", "departement", "region", "statut_particulier", "Commune"];
        let kinds = [A::Commune, A::Epci, A::Departement, A::Region, A::SpecialStatus].map(Some);
        assert_eq!(words.map(A::from_key), [&kinds[..], &[None]].concat()[..]);
    }

    #[test]
    fn each_word_of_the_form_is_one_domain() {
        let keys: Vec<&str> = Domain::ALL.iter().map(|domain| domain.key()).collect();
        assert_eq!(keys, Domain::KEYS);
        assert!(Domain::ALL.iter().all(|domain| Domain::from_key(domain.key()) == Some(*domain)));
    }
}
