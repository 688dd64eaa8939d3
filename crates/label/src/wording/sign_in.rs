//! What somebody reads who signs in, or may not.

/// Why the provider's words give no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRole<'a> {
    /// The address has none.
    Address(&'a str),
    /// The provider gives no address.
    NoAddress,
    /// Nobody vouches for the address.
    Unverified,
    /// There were too many groups to be told.
    GroupsLeftOut,
    /// Roles of these two bodies at once: neither's dossiers may be shown with the other's.
    TwoBodies(&'a str, &'a str),
    /// Named by something else than an address.
    Person,
}

/// Page 401 for somebody who has not signed in.
pub const NOT_SIGNED_IN: &str = "Cette page n’est montrée qu’aux personnes connectées.";
/// Page 403 for somebody whose role may not read the page.
pub const OTHER_ROLE: &str = "Votre rôle ne donne pas accès à cette page.";
/// Page 403 when a proxy passes requests on to pages that ask nobody to sign in.
pub const PASSED_ON: &str = "Ces pages ne demandent pas qui les lit : elles ne sont montrées que sur la machine même, et cette demande est passée par un mandataire. Pour les montrer ailleurs, configurez [web.oidc] ou [web.proxy].";
/// Answer 421 to a request under a host name that is not configured.
pub const OTHER_HOST: &str =
    "vigie n’est pas connue sous ce nom. Ajoutez-le à web.hosts, ou corrigez web.base.";
/// Answer 403 to a form that another site sent.
pub const OTHER_SITE: &str = "Cette demande vient d’un autre site.";
/// On `/connexion`, to somebody with the role of the certification body.
pub const ORGANISME: &str = "Vous êtes connecté pour l’organisme de certification.";
/// On `/connexion`, to somebody with the role of DITP.
pub const DITP: &str = "Vous êtes connecté pour la DITP : registre, statistiques et labels.";
/// On `/connexion`, to somebody who may only read.
pub const LECTURE: &str = "Vous êtes connecté en lecture.";
/// On `/connexion`, where the pages ask nobody to sign in.
pub const OPEN: &str = "Ces pages ne demandent pas de connexion.";
/// On `/connexion`, to somebody who is not signed in.
pub const NOBODY: &str = "Vous n’êtes pas connecté.";
/// Answer 404 of the sign-in addresses where no provider is configured.
pub const NO_SIGN_IN: &str = "Les personnes ne se connectent pas ici.";
/// Above the list of providers, where there are several.
pub const CHOICE: &str =
    "Choisissez le service avec lequel vous connecter : un rôle y est donné à chaque personne.";

/// Whom to ask.
#[must_use]
pub fn ask(contact: Option<&str>) -> String {
    match contact {
        Some(contact) => format!("Demandez-le à {contact}."),
        None => "Demandez-le à l’organisme de certification.".to_owned(),
    }
}

/// Why somebody who is signed in sees nothing, and whom to ask.
#[must_use]
pub fn no_role(why: NoRole, provider: Option<&str>, contact: Option<&str>) -> String {
    let by = provider.map_or_else(String::new, |provider| format!(" avec {provider}"));
    let why = match why {
        NoRole::Address(address) => {
            format!(
                "Vous êtes connecté{by}, à l’adresse {address} : aucun rôle ne lui a été donné dans vigie."
            )
        }
        NoRole::Person => format!("Vous êtes connecté{by}, mais aucun rôle ne vous a été donné dans vigie."),
        NoRole::NoAddress => format!(
            "Vous êtes connecté{by}, mais ce service ne donne pas votre adresse : aucun rôle ne peut vous être reconnu."
        ),
        NoRole::Unverified => format!(
            "Vous êtes connecté{by}, mais ce service n’a pas vérifié votre adresse : aucun rôle ne peut vous être reconnu."
        ),
        NoRole::GroupsLeftOut => format!(
            "Vous êtes connecté{by}, mais vos groupes sont trop nombreux pour que ce service les donne : un rôle peut vous être donné à votre adresse."
        ),
        NoRole::TwoBodies(one, other) => {
            return format!(
                "Vous êtes connecté{by}, et la configuration vous donne un rôle chez deux organismes, {one} et {other} : rien ne dirait de qui sont les dossiers que vous regardez, aucun n’est montré. Demandez {} à n’être que dans l’un, ou connectez-vous avec une adresse qui n’est qu’à celui dont vous voulez voir les dossiers.",
                contact.map_or_else(
                    || "à l’administrateur de vigie".to_owned(),
                    |contact| format!("à {contact}")
                )
            );
        }
    };
    format!("{why} {}", ask(contact))
}

/// The provider wants, or the settings want, a stronger sign-in.
#[must_use]
pub fn level(provider: &str, contact: Option<&str>) -> String {
    format!(
        "{provider} n’a pas vérifié votre identité avec la force que vigie demande. Reconnectez-vous avec un second facteur (code, application ou clé). S’il ne vous en est pas proposé, écrivez à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// A claim that the settings require has another value.
#[must_use]
pub fn outside(provider: &str, contact: Option<&str>) -> String {
    format!(
        "{provider} vous connaît, mais pas au titre d’une organisation admise ici. Si vous en avez plusieurs, reconnectez-vous au titre de l’autre. Sinon, écrivez à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// The provider, or the person there, said no.
#[must_use]
pub fn denied(provider: &str, contact: Option<&str>) -> String {
    format!(
        "{provider} n’a pas donné son accord. Vous pouvez reprendre la connexion, avec un second facteur s’il vous est proposé. Si elle échoue encore, écrivez à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// Page 403 when the provider's answer does not complete the sign-in.
#[must_use]
pub fn not_done(contact: Option<&str>) -> String {
    format!(
        "La connexion n’a pas abouti. Vous pouvez la reprendre. Si elle échoue encore, écrivez à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// Page 403 when the browser does not send back the cookie of the sign-in that it ends.
#[must_use]
pub fn no_cookie(contact: Option<&str>) -> String {
    format!(
        "La connexion n’a pas abouti : votre navigateur n’a pas renvoyé le cookie avec lequel elle a commencé. Reprenez-la dans le même navigateur, sans attendre, et autorisez les cookies de ce site ; un lien de retour déjà utilisé ou ouvert ailleurs ne sert plus. Si elle échoue encore, écrivez à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// Page 502 when the provider does not answer.
#[must_use]
pub fn no_answer(provider: &str, contact: Option<&str>) -> String {
    format!(
        "{provider} ne répond pas comme il devrait. Réessayez dans quelques minutes ; si cela dure, dites-le à {}.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// Page 502 when the provider refuses what vigie asks of it.
#[must_use]
pub fn misconfigured(provider: &str, contact: Option<&str>) -> String {
    format!(
        "{provider} refuse la demande de vigie : un réglage est à corriger, vous n’y pouvez rien. Dites-le à {} ; le journal de vigie en donne la cause.",
        contact.unwrap_or("l’organisme de certification")
    )
}

/// After signing out where the provider has no sign-out of its own.
#[must_use]
pub fn still_open(provider: &str) -> String {
    format!(
        "Vous êtes déconnecté de vigie. Votre session chez {provider} reste ouverte : sur un poste partagé, fermez-la aussi."
    )
}
