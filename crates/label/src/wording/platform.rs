//! What to do when the platform refuses, for whoever runs vigie.

/// What mends a refusal of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The token does not open this démarche or this group.
    Access,
    /// No démarche, or no group, has this number.
    Numbers,
    /// The token is not taken from here, or not at all.
    TokenOrNetworks,
    /// The platform moved to this host.
    Moved(String),
    /// The token has expired, or was revoked.
    NewToken,
    /// The token is not taken from this machine's address.
    ThisNetwork,
    /// The token is missing, mistyped or revoked.
    TokenFile,
    /// Nothing answers at this path.
    Endpoint,
    /// The request is not understood.
    Version,
    /// The form is not shown.
    Form,
    /// The token may only read, and annotations are to be written.
    WriteAnnotations,
    /// The token may only read, and messages are to be written.
    WriteMessages,
    /// The machine knows no authority.
    Authorities,
}

/// What the platform refused, and what to do; keys are those of `[dn]`.
#[must_use]
pub fn refused(why: &str, remedy: &Remedy) -> String {
    format!("la plateforme refuse ({why}) : {}", said(remedy))
}

fn said(remedy: &Remedy) -> String {
    let text = match remedy {
        Remedy::Moved(to) => return format!("mettez dn.endpoint à https://{to}/api/v2/graphql"),
        Remedy::Access => {
            "donnez au jeton l’accès à la démarche que nomme dn.demarche, ou à celle de dn.groupe"
        }
        Remedy::Numbers => "vérifiez les numéros de dn.demarche et de dn.groupe",
        Remedy::TokenOrNetworks => "vérifiez le jeton, et les réseaux inscrits dans son profil",
        Remedy::NewToken => {
            "créez un nouveau jeton sur la plateforme, mettez-le dans dn.token_file et corrigez dn.token_expires"
        }
        Remedy::ThisNetwork => "ajoutez l’adresse publique de cette machine aux réseaux du profil du jeton",
        Remedy::TokenFile => {
            "vérifiez dn.token_file (ou VIGIE_DN__TOKEN), et que ce jeton existe encore sur la plateforme"
        }
        Remedy::Endpoint => "vérifiez dn.endpoint, qui finit par /api/v2/graphql",
        Remedy::Version => {
            "la demande n’est pas comprise : vérifiez dn.demarche, dn.groupe et la version de vigie"
        }
        Remedy::Form => "donnez au jeton l’accès à cette démarche, ou vérifiez dn.demarche",
        Remedy::WriteAnnotations => "créez un jeton qui peut écrire, ou mettez act.annotations = false",
        Remedy::WriteMessages => "créez un jeton qui peut écrire, ou mettez act.messages = false",
        Remedy::Authorities => "installez les autorités de certification du système (paquet ca-certificates)",
    };
    text.to_owned()
}
