//! What the mail server refuses, for the body and the person who runs vigie.

use jiff::civil::Date;

use super::names::date_short;
use crate::outgoing::Letter;

/// What keeps vigie from using the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It asks for TLS first, or for a name and a password.
    WantsMore,
    /// The name or the password is refused.
    Login,
    /// Nothing listens there.
    Closed,
    /// The name has no address.
    Nameless,
    /// TLS was spoken to a port in clear.
    Plain,
    /// An authority that this machine does not know.
    Authority,
    /// A certificate in another name.
    OtherName,
    /// A certificate that is out of date, or not yet valid.
    Day,
    /// A certificate that is refused otherwise.
    Certificate,
    /// It does not offer STARTTLS, which the address asks for.
    NoStarttls,
    /// It has no way to say a password, which the address holds.
    NoLogin,
    /// No answer, or a connection that ends.
    Cut,
}

/// What it means and what to do.
#[must_use]
pub fn obstacle(of: Obstacle) -> &'static str {
    match of {
        Obstacle::WantsMore => {
            "le serveur demande TLS ou un mot de passe avant tout : écrivez smtp+starttls:// ou smtps:// dans mail.smtp, et utilisateur:mot-de-passe@ devant l’hôte"
        }
        Obstacle::Login => {
            "le nom ou le mot de passe de mail.smtp est refusé : corrigez-les (utilisateur:mot-de-passe@ devant l’hôte)"
        }
        Obstacle::Closed => "rien n’écoute à cette adresse : vérifiez l’hôte et le port de mail.smtp",
        Obstacle::Nameless => {
            "ce nom n’a pas d’adresse : vérifiez l’hôte de mail.smtp et le serveur de noms de cette machine"
        }
        Obstacle::Plain => {
            "ce port ne parle pas TLS : écrivez smtp+starttls:// dans mail.smtp, ou le port où ce serveur attend smtps:// (465 le plus souvent)"
        }
        Obstacle::Authority => {
            "le certificat est signé par une autorité que cette machine ne connaît pas : nommez le sien dans network.ca_file"
        }
        Obstacle::OtherName => {
            "le certificat est à un autre nom : écrivez dans mail.smtp le nom que porte le certificat"
        }
        Obstacle::Day => {
            "le certificat n’est pas valable à cette date : faites-le renouveler, ou vérifiez l’heure de cette machine"
        }
        Obstacle::Certificate => {
            "le certificat ne prouve rien : voyez avec qui exploite le serveur de courriel"
        }
        Obstacle::NoStarttls => {
            "le serveur n’offre pas STARTTLS : écrivez dans mail.smtp le port où il l’offre, smtps://, ou smtp:// sur cette machine seulement"
        }
        Obstacle::NoLogin => {
            "le serveur n’offre aucun moyen de donner un mot de passe : ôtez utilisateur:mot-de-passe@ de mail.smtp, ou écrivez le port d’envoi de vos comptes (587 le plus souvent)"
        }
        Obstacle::Cut => {
            "le serveur ne répond pas, ou ferme la connexion : vérifiez l’hôte et le port de mail.smtp, et ce qui filtre entre cette machine et lui"
        }
    }
}

/// Mails that wait because the server refuses something, with the last reply to one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// How many mails wait.
    pub count: u64,
    /// The server's reply to the last one tried, as it was received.
    pub said: String,
}

/// « 3 courriels attendent : le serveur de courriel refuse notre envoi. »
#[must_use]
pub fn about_us(refused: &Refused) -> String {
    let Refused { count, said } = refused;
    format!(
        "{} : le serveur de courriel refuse notre envoi (expéditeur, droits, quota ou liste de blocage), et aucune adresse n’est en cause. Dernière réponse : {said}",
        waiting(*count)
    )
}

/// The same for what the letters say.
#[must_use]
pub fn about_the_message(refused: &Refused) -> String {
    let Refused { count, said } = refused;
    format!(
        "{} : le serveur de courriel en refuse le contenu (taille ou forme). Dernière réponse : {said}",
        waiting(*count)
    )
}

/// The same for addresses that are not believed to be wrong yet.
#[must_use]
pub fn about_addresses(refused: &Refused) -> String {
    let Refused { count, said } = refused;
    format!(
        "{} : une adresse est refusée ; elle n’est tenue pour fausse qu’après un refus un autre jour. Dernière réponse : {said}",
        waiting(*count)
    )
}

/// What waits because something is refused; `about` is « us », « address » or « message ».
#[must_use]
pub fn about(about: &str, refused: &Refused) -> String {
    match about {
        "address" => about_addresses(refused),
        "message" => about_the_message(refused),
        _ => about_us(refused),
    }
}

/// After `vigie mail retry`.
#[must_use]
pub fn retried(count: u64) -> String {
    match count {
        0 => "Aucun courriel abandonné à renvoyer".to_owned(),
        1 => "1 courriel abandonné est remis à l’envoi ; il est annulé s’il n’a plus lieu d’être".to_owned(),
        _ => format!(
            "{count} courriels abandonnés sont remis à l’envoi ; ceux qui n’ont plus lieu d’être sont annulés"
        ),
    }
}

/// What `vigie mail test` sends.
#[must_use]
pub fn test(today: Date) -> Letter {
    Letter {
        subject: format!("Essai d’envoi de vigie du {}", date_short(today)),
        paragraphs: vec![
            "Ce courriel est un essai : il montre que vigie peut vous écrire. Il n’appelle aucune réponse."
                .to_owned(),
        ],
        source: "commande « vigie mail test »".to_owned(),
        ..Letter::default()
    }
}

fn waiting(count: u64) -> String {
    match count {
        0 | 1 => format!("{count} courriel attend"),
        _ => format!("{count} courriels attendent"),
    }
}

/// Told to the body once a day while it lasts.
#[must_use]
pub fn letter(us: Option<&Refused>, message: Option<&Refused>) -> Letter {
    let points = us.map(about_us).into_iter().chain(message.map(about_the_message)).collect();
    let remedy = "Rien n’est perdu : chaque courriel est tenté de nouveau, de plus en plus tard, et partira dès que le serveur l’acceptera. La personne qui exploite vigie trouvera la cause avec « vigie check --mail » et dans le journal du serveur de courriel.";
    Letter {
        subject: "Des courriels de vigie sont refusés par le serveur de courriel".to_owned(),
        paragraphs: vec![remedy.to_owned()],
        points,
        source: "réponses du serveur de courriel (mail.smtp)".to_owned(),
        ..Letter::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_several_agree() {
        let refused = |count| Refused { count, said: "SMTP 550 5.7.60 to MAIL FROM".to_owned() };
        assert!(about_us(&refused(1)).starts_with("1 courriel attend :"), "{}", about_us(&refused(1)));
        assert!(about_us(&refused(2)).starts_with("2 courriels attendent :"));
        let letter = letter(Some(&refused(3)), Some(&refused(1)));
        assert_eq!(letter.points.len(), 2);
        assert!(letter.points[0].contains("aucune adresse") && letter.points[1].contains("le contenu"));
    }
}
