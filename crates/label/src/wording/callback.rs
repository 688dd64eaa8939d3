//! The address that the platform calls.

pub const NEW: &str = "Cette adresse n’est montrée qu’une fois. Un administrateur la donne à la démarche (« lien de rappel HTTP ») ; la précédente ne répond plus. Qui la connaît peut seulement faire lire la plateforme plus tôt.";
pub const CLOSED: &str = "! dn.callback = false : vigie n’y répond pas encore";
pub const GONE: &str = "L’adresse de rappel ne répond plus.";
