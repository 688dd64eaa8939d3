//! The address that the platform calls.

/// Printed under a new address by `vigie callback new`: it is shown once, and replaces the former one.
pub const NEW: &str = "Cette adresse n’est montrée qu’une fois. Un administrateur la donne à la démarche (« lien de rappel HTTP ») ; la précédente ne répond plus. Qui la connaît peut seulement faire lire la plateforme plus tôt.";
/// Printed after it when `dn.callback` is false, so that the address does not answer yet.
pub const CLOSED: &str = "! dn.callback = false : vigie n’y répond pas encore";
/// Printed by `vigie callback close`.
pub const GONE: &str = "L’adresse de rappel ne répond plus.";
