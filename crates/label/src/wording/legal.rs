//! The pages that French law asks of a public site: legal notices, declaration of accessibility, privacy.

use jiff::civil::Date;

use super::names::date_full;

/// Title of `/mentions-legales`.
pub const NOTICES: &str = "Mentions légales";
/// Title of `/confidentialite`.
pub const PRIVACY: &str = "Données personnelles";

/// Who answers for the pages; what is unknown is said to be so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publisher {
    /// Its name; `None` is said as not filled in by the administrator.
    pub name: Option<String>,
    /// Its postal address; `None` leaves the line out.
    pub address: Option<String>,
    /// The person or function that is responsible for the publication.
    pub director: Option<String>,
    /// Who runs the machine, with its address.
    pub host: Option<String>,
}

/// The result of an audit of accessibility; without one, a site is not conforming.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conformity {
    /// « totalement conforme ».
    Full,
    /// « partiellement conforme ».
    Partial,
    /// « non conforme », also while no audit was made.
    #[default]
    None,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Empty for what an administrator's text says before its first heading.
    pub heading: String,
    /// In order, without markup.
    pub paragraphs: Vec<String>,
}

impl Part {
    fn new<const N: usize>(heading: &str, paragraphs: [String; N]) -> Part {
        Part { heading: heading.to_owned(), paragraphs: paragraphs.into() }
    }
}

/// A text of the administrator's: `# ` begins a heading, an empty line separates paragraphs.
#[must_use]
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    for block in text.replace("\r\n", "\n").split("\n\n") {
        for line in block.trim().split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix("# ") {
                Some(heading) => {
                    parts.push(Part { heading: heading.trim().to_owned(), paragraphs: vec![String::new()] });
                }
                None => {
                    let Some(part) = parts.last_mut() else { continue };
                    match part.paragraphs.last_mut() {
                        Some(paragraph) if paragraph.is_empty() => paragraph.push_str(line),
                        Some(paragraph) => paragraph.push_str(&format!(" {line}")),
                        None => part.paragraphs.push(line.to_owned()),
                    }
                }
            }
        }
        if let Some(part) = parts.last_mut() {
            part.paragraphs.push(String::new());
        }
    }
    for part in &mut parts {
        part.paragraphs.retain(|paragraph| !paragraph.is_empty());
    }
    parts.retain(|part| !part.heading.is_empty() || !part.paragraphs.is_empty());
    parts
}

fn told(text: Option<&str>) -> &str {
    text.unwrap_or("non renseigné par l’administrateur de ce site")
}

fn reached(contact: Option<&str>) -> String {
    contact.map_or_else(
        || "Écrivez à l’organisme de certification qui suit votre dossier.".to_owned(),
        |contact| format!("Écrivez à {contact}."),
    )
}

/// Text of `/mentions-legales`; `contact` is whom to write to, `licence` that of the open files.
#[must_use]
pub fn notices(publisher: &Publisher, contact: Option<&str>, licence: &str) -> Vec<Part> {
    let mut edited = vec![format!("Éditeur : {}.", told(publisher.name.as_deref()))];
    edited.extend(publisher.address.as_ref().map(|address| format!("Adresse : {address}.")));
    edited.push(format!("Responsable de la publication : {}.", told(publisher.director.as_deref())));
    vec![
        Part { heading: "Éditeur".to_owned(), paragraphs: edited },
        Part::new("Hébergement", [format!("Hébergeur : {}.", told(publisher.host.as_deref()))]),
        Part::new("Contact", [reached(contact)]),
        Part::new(
            "Réutilisation",
            [
                format!("Les fichiers du registre public sont réutilisables sous la licence {licence}."),
                "Le registre dit ce que les organismes de certification ont décidé et écrit dans leurs dossiers ; les \
                calculs du simulateur ne sont pas des décisions."
                    .to_owned(),
            ],
        ),
    ]
}

/// The title says the state, as the link at the foot of each page must.
#[must_use]
pub fn accessibility_title(found: Conformity) -> &'static str {
    match found {
        Conformity::Full => "Accessibilité : totalement conforme",
        Conformity::Partial => "Accessibilité : partiellement conforme",
        Conformity::None => "Accessibilité : non conforme",
    }
}

/// Text of `/accessibilite`; `checked` is the day of the audit, `method` how it was made.
#[must_use]
pub fn accessibility(
    publisher: &Publisher,
    found: Conformity,
    checked: Option<Date>,
    method: Option<&str>,
    contact: Option<&str>,
) -> Vec<Part> {
    let state = match found {
        Conformity::Full => "totalement conforme",
        Conformity::Partial => "partiellement conforme",
        Conformity::None => "non conforme",
    };
    let who = publisher.name.as_deref().unwrap_or("L’éditeur de ce site");
    let checked = match (checked, found) {
        (Some(day), _) => format!("Contrôle du {}.", date_full(day)),
        (None, Conformity::None) => {
            "Aucun audit de conformité n’a encore été fait sur ce site ; il est donc déclaré non conforme."
                .to_owned()
        }
        (None, _) => "La date du contrôle n’est pas renseignée par l’administrateur de ce site.".to_owned(),
    };
    let method = method.map_or_else(
        || {
            "Pendant son développement, chaque page du logiciel est contrôlée automatiquement (axe-core), au clavier, sans \
            script, et à 200 % et 400 % d’agrandissement ; ce contrôle ne remplace pas un audit."
                .to_owned()
        },
        |method| format!("Méthode : {method}."),
    );
    vec![
        Part::new(
            "",
            [format!(
                "{who} s’engage à rendre ses pages accessibles, selon l’article 47 de la loi n° 2005-102 du 11 février 2005."
            )],
        ),
        Part::new(
            "État de conformité",
            [format!("Ce site est {state} au référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.")],
        ),
        Part::new("Résultats et méthode", [checked, method]),
        Part::new(
            "Technologies",
            ["HTML, CSS et SVG ; un script facultatif ajoute des raccourcis. Tout fonctionne sans lui.".to_owned()],
        ),
        Part::new(
            "Signaler une difficulté",
            [format!("Si une page ne vous est pas accessible, demandez ce qu’elle contient sous une autre forme. {}", reached(contact))],
        ),
        Part::new(
            "Voies de recours",
            ["Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits : par son formulaire en ligne, par l’un \
            de ses délégués, ou par courrier gratuit (Défenseur des droits, Libre réponse 71120, 75342 Paris Cedex 07)."
                .to_owned()],
        ),
    ]
}

/// Text of `/confidentialite`; `contact` is whom to write to about personal data.
#[must_use]
pub fn privacy(publisher: &Publisher, contact: Option<&str>) -> Vec<Part> {
    let who = publisher.name.as_deref().unwrap_or("l’éditeur de ce site");
    vec![
        Part::new(
            "Sans connexion",
            [
                "Aucun cookie n’est déposé, aucune mesure d’audience n’est faite, rien n’est chargé d’un autre site.".to_owned(),
                "Le registre public ne contient que des services, des dates et des paliers : aucune personne n’y est nommée. \
                Les réponses données au simulateur restent dans l’adresse de la page ; rien n’en est enregistré."
                    .to_owned(),
            ],
        ),
        Part::new(
            "Avec connexion",
            ["Un cookie de session, nécessaire à la connexion, est effacé à la déconnexion et au plus tard après quelques heures. \
            L’identité donnée par le fournisseur d’identité sert à ouvrir les pages auxquelles la personne a droit."
                .to_owned()],
        ),
        Part::new(
            "Dossiers de labellisation",
            [
                format!(
                    "Responsable du traitement : {who}. Les dossiers déposés sur demarche.numerique.gouv.fr sont lus pour suivre \
                    le label (mission d’intérêt public) : nom et adresse électronique de la personne à contacter, nom de \
                    l’auditeur, pièces déposées."
                ),
                "Ils sont vus de l’organisme de certification du dossier et de la DITP, et effacés quand le dossier l’est sur la \
                plateforme, ou à la demande, selon la durée de conservation choisie par l’administrateur."
                    .to_owned(),
            ],
        ),
        Part::new(
            "Vos droits",
            [format!(
                "Accès, rectification, effacement, limitation, opposition : {} En cas de désaccord : CNIL, 3 place de Fontenoy, \
                TSA 80715, 75334 Paris Cedex 07.",
                reached(contact)
            )],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_ones_own_has_headings_and_paragraphs() {
        let text = "Bonjour\r\nà tous.\r\n\r\n# Éditeur\nLa ville\n\nRue du Port\n# Suite\n\n\n\nFin\n";
        let part = |heading: &str, paragraphs: &[&str]| Part {
            heading: heading.to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        };
        assert_eq!(
            parts(text),
            [
                part("", &["Bonjour à tous."]),
                part("Éditeur", &["La ville", "Rue du Port"]),
                part("Suite", &["Fin"])
            ]
        );
        assert_eq!(parts(" \n\n"), []);
    }

    #[test]
    fn nothing_is_claimed_that_nobody_wrote() {
        let said = |checked| {
            let parts = accessibility(&Publisher::default(), Conformity::None, checked, None, None);
            parts.into_iter().flat_map(|part| part.paragraphs).collect::<Vec<_>>().join(" ")
        };
        assert!(said(None).contains("Aucun audit de conformité n’a encore été fait"), "{}", said(None));
        let day = said(Some(jiff::civil::date(2027, 1, 4)));
        assert!(day.contains("Contrôle du lundi 4 janvier 2027."), "{day}");
        let notices = notices(&Publisher::default(), Some("label@oc.example"), "https://licence.example");
        assert!(notices[0].paragraphs[0].contains("non renseigné"), "{notices:?}");
        assert!(notices[2].paragraphs[0].contains("label@oc.example"));
    }
}
