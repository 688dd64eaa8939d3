//! What `check` says of each provider where people sign in.

use super::access::providers;
use crate::config::Settings;
use crate::web::access::oidc::{Profile, ProviderSettings, Refusal};
use crate::web::access::provider::{Announced, Provider};
use label::wording::reaching;

/// A line of `check`.
pub(super) enum Line {
    Good(String),
    Warn(String),
    Bad(String),
}

/// Each provider is asked what it says of itself; nobody signs in.
pub(super) async fn lines(settings: &Settings) -> Vec<Line> {
    let providers = match providers(settings) {
        Ok(providers) => providers,
        Err(error) => return vec![Line::Bad(format!("{error:#}"))],
    };
    let mut lines = Vec::new();
    for (rank, provider) in providers.into_iter().enumerate() {
        let place = settings.web.oidc_place(rank);
        match announced(provider.clone()).await {
            Ok(announced) => {
                lines.push(Line::Good(ready(&provider, &announced)));
                lines.extend(doubts(&provider, &announced).into_iter().map(Line::Warn));
            }
            Err(Refusal::Unreached(what, unreached)) => {
                let why = reaching::meaning(unreached.culprit, &format!("{place}.issuer"));
                lines.push(Line::Bad(format!("{} ({place}) : {why} ({what}: {unreached})", provider.name)));
            }
            Err(refusal) => {
                let said = format!("{} ({place}) : {}", provider.name, refusal.at(&place));
                let remedy = format!(" ; vérifiez {place}.issuer, et l’accès de cette machine au réseau");
                // A refusal that names its remedy needs no other one.
                lines.push(Line::Bad(if said.contains("Remedy:") { said } else { said + &remedy }));
            }
        }
    }
    lines
}

async fn announced(settings: ProviderSettings) -> Result<Announced, Refusal> {
    Provider::new(settings)?.announced().await
}

fn ready(provider: &ProviderSettings, announced: &Announced) -> String {
    let base = provider.base.trim_end_matches('/');
    format!(
        "{} répond ({}) : {} clé(s), signature {}, secret {} (seule une connexion en prouve la valeur) ; adresses à y déclarer : {base}/connexion/retour (retour) et {base}/session (retour de déconnexion)",
        provider.name,
        provider.id,
        announced.keys,
        announced.signatures.join(", "),
        if announced.in_body { "dans le corps" } else { "dans l’en-tête" },
    )
}

fn doubts(provider: &ProviderSettings, announced: &Announced) -> Vec<String> {
    let name = &provider.name;
    let mut doubts = Vec::new();
    if announced.signatures.is_empty() {
        doubts.push(format!(
            "{name} ne signe d’aucune manière qui prouve quelque chose : demandez-lui RS256 ou ES256"
        ));
    }
    if !announced.missing_scopes.is_empty() {
        let scopes = announced.missing_scopes.join(", ");
        doubts.push(format!(
            "{name} n’annonce pas les portées {scopes} : retirez-les de scopes s’il refuse la connexion"
        ));
    }
    if !announced.signs_out {
        doubts.push(format!(
            "{name} n’annonce pas de déconnexion : « Se déconnecter » ne ferme que la session de vigie"
        ));
    }
    let groups =
        provider.roles.0.iter().flat_map(|(_, entries)| entries).any(|entry| entry.starts_with("group:"));
    if provider.profile == Profile::Google && groups {
        doubts.push(format!(
            "{name} ne donne jamais de groupe : écrivez les adresses, et require = [\"hd=organisme.example\"]"
        ));
    }
    doubts
}
