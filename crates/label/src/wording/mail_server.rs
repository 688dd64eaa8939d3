//! What the mail server refuses, for the body and the person who runs vigie.

use jiff::civil::Date;

use super::names::date_short;
use crate::outgoing::Letter;

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
