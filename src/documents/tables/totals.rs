//! Rows that sum up others: « Total engagement 1 », « Moyenne générale », « E1 : sous-total ».

/// Words that may follow « total » or « moyenne » in a row that sums up, beside numbers. Any other word makes it a control
/// point: « Total des appels décrochés ».
const BESIDE: &str = " de des du d la le les l a et sur hors par en pour cent general generale global globale moyen moyenne \
    total totaux sous note notes score scores resultat resultats engagement engagements point points critere criteres or site \
    sites nc na final finale generaux cumul obtenu obtenus valides oui non controles applicables ";

/// Whether a folded text sums up: it begins with one of the words of the layout, also folded, and only words of that kind and
/// numbers follow. A control point that bears a number begins with it.
pub(super) fn sums_up(text: &str, words: &[String]) -> bool {
    let begins =
        words.iter().filter(|word| !word.is_empty()).filter_map(|word| text.strip_prefix(word.as_str()));
    begins.filter(|rest| rest.is_empty() || rest.starts_with(' ')).any(only_beside)
}

/// The same of what stands in the column of the engagements: « Engagement 1 - total », once the engagement is taken away.
pub(super) fn sums_up_after(rest: &str, words: &[String]) -> bool {
    let rest = rest.trim_start();
    !rest.is_empty() && sums_up(rest, words)
}

fn only_beside(rest: &str) -> bool {
    rest.split(' ').filter(|word| !word.is_empty()).all(|word| {
        let digits = word.trim_start_matches('e');
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number || BESIDE.contains(&format!(" {word} "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::tables::text::fold;

    fn words() -> Vec<String> {
        let layouts = crate::documents::tables::layout::Layouts::default();
        layouts.grille_local.ignored.iter().map(|word| fold(word)).collect()
    }

    #[test]
    fn what_sums_up_is_told_from_a_control_point() {
        for text in [
            "Total Engagement 1",
            "Moyenne générale",
            "Sous-total E1",
            "TOTAL (hors NC)",
            "Score engagement 1",
            "Note globale",
            "Ensemble",
            "Taux de conformité (%)",
            "To\u{ad}tal",
            "Total oui",
            "Totaux généraux",
            "S/Total E1",
            "Moy. E1",
            "Score final",
            "Note finale / 100",
            "Taux global",
            "Nb de points obtenus",
            "% de conformité",
            "TOTAL\u{a0}:",
            "Total des points validés",
            "Moyenne des sites 1 et 2",
        ] {
            assert!(sums_up(&fold(text), &words()), "{text}");
        }
        for text in [
            "Total des appels décrochés",
            "Moyenne d’attente affichée",
            "1.4 Total",
            "Scores publiés à l’accueil",
            "Ensemble du personnel formé",
            "Taux de décroché affiché",
            "Bilan annuel remis aux agents",
            "Moyens d’accès indiqués",
            "",
        ] {
            assert!(!sums_up(&fold(text), &words()), "{text}");
        }
        assert!(sums_up_after(" total", &words()) && sums_up_after("moyenne", &words()));
        assert!(!sums_up_after("", &words()) && !sums_up_after(" nous sommes joignables", &words()));
    }
}
