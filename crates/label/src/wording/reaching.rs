//! What stands between vigie and a server that was not reached, and what to do about it.

/// What failed on the way to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// The proxy wants a name and a password.
    ProxyPassword,
    /// The proxy refuses to go to that server, or does not reach it itself: clients are not told which.
    ProxyRefuses,
    /// The proxy itself cannot be reached.
    ProxyAway,
    /// The name has no address.
    Name,
    /// No known authority signed the certificate.
    Authority,
    /// The certificate is good for another name, or on another day.
    Certificate,
    /// TLS was asked for, and what listens there answers in clear.
    Clear,
    /// What listens there does not speak HTTP: in clear to a port of TLS, most often.
    Foreign,
    /// Nothing listens there.
    Closed,
    /// The network leads there by no way.
    Route,
    /// The connection was closed before anything was answered.
    Cut,
    /// No answer in time.
    Silence,
    /// Anything else, in the library's own words.
    Other,
}

impl Culprit {
    /// Whether it stays as it is until a person acts, so that trying again at once is of no use.
    #[must_use]
    pub fn lasts(self) -> bool {
        matches!(self, Culprit::ProxyPassword | Culprit::Authority | Culprit::Certificate | Culprit::Clear)
    }
}

/// What it means and what to do; `key` is the setting that holds the server's address.
#[must_use]
pub fn meaning(culprit: Culprit, key: &str) -> String {
    match culprit {
        Culprit::ProxyPassword => {
            "le mandataire demande un mot de passe : écrivez utilisateur:mot-de-passe@ devant son hôte dans HTTPS_PROXY"
                .to_owned()
        }
        Culprit::ProxyRefuses => {
            "le mandataire refuse d’aller vers ce serveur, ou ne l’atteint pas lui-même (son journal dit lequel des deux) : faites-l’y autoriser, ou nommez-le dans NO_PROXY"
                .to_owned()
        }
        Culprit::ProxyAway => {
            "le mandataire ne répond pas : vérifiez HTTPS_PROXY (hôte, port, http:// ou socks5://), ou nommez ce serveur dans NO_PROXY"
                .to_owned()
        }
        Culprit::Name => format!(
            "ce nom n’a pas d’adresse : vérifiez {key} et le serveur de noms de cette machine ; derrière un mandataire, indiquez HTTPS_PROXY"
        ),
        Culprit::Authority => {
            "le certificat est signé par une autorité que cette machine ne connaît pas : nommez le sien dans network.ca_file"
                .to_owned()
        }
        Culprit::Certificate => format!(
            "le certificat n’est pas bon pour ce nom ou à cette date : vérifiez {key} et l’heure de cette machine"
        ),
        Culprit::Clear => format!(
            "ce port répond en clair à une adresse en https:// : mettez dans {key} le port où ce serveur parle TLS (443 le plus souvent)"
        ),
        Culprit::Foreign => format!(
            "ce qui écoute à ce port ne parle pas HTTP : vérifiez le port de {key}, et mettez https:// s’il parle TLS"
        ),
        Culprit::Closed => format!(
            "rien n’écoute à cette adresse : vérifiez {key} ; derrière un mandataire, indiquez HTTPS_PROXY"
        ),
        Culprit::Route => format!(
            "aucun chemin du réseau n’y mène : vérifiez {key} et le réseau de cette machine ; derrière un mandataire, indiquez HTTPS_PROXY"
        ),
        Culprit::Cut => format!(
            "la connexion est fermée avant toute réponse : vérifiez le port de {key}, et ce qui filtre entre cette machine et ce serveur"
        ),
        Culprit::Silence => {
            "pas de réponse à temps : vérifiez le pare-feu ; derrière un mandataire, indiquez HTTPS_PROXY".to_owned()
        }
        Culprit::Other => format!("la connexion n’a pas pu se faire : vérifiez {key}"),
    }
}

/// A variable that names a proxy in a way that is left out of account.
#[must_use]
pub fn unusable_proxy(variable: &str) -> String {
    format!(
        "{variable} n’est pas l’adresse d’un mandataire, et n’est pas suivie : http://, https://, socks5:// (noms résolus ici) ou socks5h:// (noms résolus par lui), puis hôte et port ; exemple : {variable}=http://mandataire.example:3128"
    )
}
