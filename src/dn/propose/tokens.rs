//! A text as stems: ordinals, numbers of engagements, years, delays and scales are read before the words.

use label::folding::folded;

/// Articles, and « à propos », of which the stem is that of « proposé ».
const SILENT: [&str; 18] = [
    "le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "au", "aux", "a", "en", "s", "e", "n",
    "propos",
];
const UNITS: [&str; 14] = [
    "jour", "jours", "mois", "an", "ans", "annees", "semaine", "semaines", "heure", "heures", "minutes",
    "mo", "ko", "pages",
];
/// Beside a number and its unit.
const OF_UNITS: [&str; 6] = ["ouvre", "ouvres", "ouvrable", "ouvrables", "calendaire", "calendaires"];
/// How numbers of scales are written in letters.
const NUMBERS: [(&str, u32); 5] = [("cinq", 5), ("dix", 10), ("vingt", 20), ("quarante", 40), ("cent", 100)];
/// The ranks of the engagements in letters.
const ORDINALS: [&str; 8] =
    ["premier", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme"];
/// « N-1 »: the year before.
pub(super) const YEAR_BEFORE: &str = "anneeprecedente";

/// The stems of all words that say something.
pub(super) fn bare_stems(text: &str) -> Vec<String> {
    let words = words(text);
    let mut stems = Vec::new();
    let mut place = 0;
    while let Some(word) = words.get(place) {
        let (taken, read) = read(word, words.get(place + 1..).unwrap_or_default());
        place += taken;
        let before = place.checked_sub(taken + 1).and_then(|before| words.get(before));
        if taken == 1
            && let Some(more) =
                scale_at(before, word, words.get(place..).unwrap_or_default()).map(|(_, more)| more)
        {
            place += more;
            continue;
        }
        stems.extend(read);
    }
    stems
}

/// A label as it is compared with known ones: « (%) » is no decoration.
pub(super) fn plain(text: &str) -> String {
    folded(&text.replace('%', " pourcentage "))
}

/// The highest mark of the scale that a label names, where it is not 100: « sur 20 », « /10 », « de 1 à 5 ».
pub(super) fn other_scale(text: &str) -> Option<u32> {
    let words = words(text);
    let mut found = (0..words.len()).filter_map(|place| {
        let before = place.checked_sub(1).and_then(|before| words.get(before));
        scale_at(before, words.get(place)?, words.get(place + 1..)?)
    });
    found.find(|(highest, _)| *highest != 100).map(|(highest, _)| highest)
}

/// It names a number of days, months, megabytes.
pub(super) fn is_measure(text: &str) -> bool {
    let words = words(text);
    words
        .windows(2)
        .any(|pair| matches!(pair, [number, unit] if is_number(number) && UNITS.contains(&unit.as_str())))
}

/// The words of a text; « N-1 », « % » and « /100 » as words too.
fn words(text: &str) -> Vec<String> {
    let mut spelt = text.to_owned();
    for sign in ["N-1", "n-1", "N–1", "N - 1", "N – 1", "N − 1"] {
        spelt = spelt.replace(sign, " \u{1} ");
    }
    let both_years = spelt.contains('\u{1}') && has_bare_n(&spelt);
    let spelt = spelt.replace('\u{1}', if both_years { " " } else { YEAR_BEFORE });
    let mut out = String::with_capacity(spelt.len());
    let mut last = ' ';
    for sign in spelt.chars() {
        match sign {
            '%' if !last.is_ascii_digit() => out.push_str(" pourcentage "),
            '/' => out.push_str(" / "),
            other => out.push(other),
        }
        last = if sign.is_whitespace() { last } else { sign };
    }
    let by_slash: Vec<String> = out.split(" / ").map(folded).collect();
    let mut words: Vec<String> = Vec::new();
    for part in by_slash {
        let mut of_part = part.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).peekable();
        // « note /100 »
        if !words.is_empty() && of_part.peek().is_some_and(|word| is_number(word)) {
            words.push("sur".to_owned());
        }
        words.extend(of_part);
    }
    words
}

/// « N » beside « N-1 »: both years are meant; « n° » and « n'a » are no years.
fn has_bare_n(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    signs.iter().enumerate().any(|(place, sign)| {
        let before = place.checked_sub(1).and_then(|before| signs.get(before));
        let after = signs.get(place + 1);
        matches!(sign, 'N' | 'n')
            && before.is_none_or(|sign| !sign.is_alphanumeric())
            && after.is_none_or(|sign| !sign.is_alphanumeric() && !"°º'’".contains(*sign))
    })
}

/// How many words are read here, and the stems that they give.
fn read(word: &str, rest: &[String]) -> (usize, Vec<String>) {
    let next = rest.first().map(String::as_str);
    if is_number(word) && next.is_some_and(|unit| UNITS.contains(&unit)) {
        let more = rest.get(1).is_some_and(|word| OF_UNITS.contains(&word.as_str()));
        return (2 + usize::from(more), Vec::new());
    }
    // « 1 par ligne », « les 8 engagements »
    let several = |word: &str| word == "par" || word.starts_with("eng") && word.ends_with('s');
    if is_number(word) && next.is_some_and(several) {
        return (1, Vec::new());
    }
    if let Some(rank) = next.filter(|next| next.starts_with("engag")).and_then(|_| ordinal(word)) {
        return (1, vec![rank.to_string()]);
    }
    let bare = |number: &str| number.trim_start_matches('0').to_owned();
    if let Some(number) = next.filter(|number| word == "e" && is_engagement(number)) {
        return (2, vec![format!("e{}", bare(number))]);
    }
    if let Some(number) = word.strip_prefix('e').filter(|number| is_engagement(number)) {
        return (1, vec![format!("e{}", bare(number))]);
    }
    let joined = ["engagement", "eng"].iter().find_map(|name| word.strip_prefix(name));
    if let Some(number) = joined.filter(|number| is_engagement(number)) {
        return (1, vec!["engagement".to_owned(), bare(number)]);
    }
    let is_year = word.len() == 4 && word.starts_with("20") && is_number(word);
    let read = match word {
        "1er" | "1ere" | "1re" | "1ier" | "1iere" => Some("premier".to_owned()),
        _ if SILENT.contains(&word) || is_year => None,
        _ if is_engagement(word) => Some(bare(word)),
        _ => Some(stem(word)),
    };
    (1, read.into_iter().collect())
}

/// « troisième », « 3e », « 3ème »: the rank of an engagement.
fn ordinal(word: &str) -> Option<usize> {
    let number = word.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
    let ending = word.strip_prefix(number).unwrap_or_default();
    if matches!(ending, "e" | "er" | "re" | "ere" | "eme" | "nd" | "nde" | "ier" | "iere") {
        return number.parse().ok().filter(|rank| (1..=8).contains(rank));
    }
    match word {
        "second" | "seconde" => Some(2),
        _ => ORDINALS.iter().position(|ordinal| word == *ordinal).map(|place| place + 1),
    }
}

/// The highest mark of a scale that begins with this word, and how many more words say it.
fn scale_at(before: Option<&String>, word: &str, rest: &[String]) -> Option<(u32, usize)> {
    let value = |word: &String| {
        let written = NUMBERS.iter().find(|(name, _)| word == name).map(|(_, value)| *value);
        written.or_else(|| word.parse().ok())
    };
    // A year is no scale.
    let value = |word: &String| value(word).filter(|highest| *highest <= 1000);
    if word == "sur" {
        let highest = rest.first().and_then(value)?;
        // « engagement 1 sur 8 » counts, and is no scale.
        let counts = highest == 8 && before.is_some_and(|before| is_number(before));
        return Some((if counts { 100 } else { highest }, 1));
    }
    match (word, rest) {
        ("0" | "1", [to, highest, ..]) if to == "a" || to == "et" => {
            value(highest).map(|highest| (highest, 2))
        }
        ("0", [highest, ..]) => value(highest).map(|highest| (highest, 1)),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_engagement(word: &str) -> bool {
    matches!(word.trim_start_matches('0').as_bytes(), [b'1'..=b'8'])
}

/// Without the endings of the plural and of the feminine: « transmise » and « transmis » are the same.
fn stem(word: &str) -> String {
    // « locaux », « lieux »; « annexe » keeps its x.
    let mut word = word.strip_suffix('x').filter(|one| one.len() >= 4 && one.ends_with('u')).unwrap_or(word);
    while word.len() > 4
        && let Some(shorter) = word.strip_suffix(['s', 'e'])
    {
        word = shorter;
    }
    // « vus », « pts »
    let short = word.strip_suffix('s').filter(|shorter| shorter.len() >= 2);
    short.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_do_not_matter() {
        assert_eq!(stem("transmises"), stem("transmis"));
        assert_eq!(stem("clôturée".replace('ô', "o").replace('é', "e").as_str()), stem("cloture"));
        assert_eq!([stem("vus"), stem("lieux")], [stem("vu"), stem("lieu")]);
        assert_ne!(stem("or"), stem("orsec"));
        assert_ne!(stem("annexes"), stem("années".replace('é', "e").as_str()));
    }

    #[test]
    fn numbers_are_read_for_what_they_say() {
        for (text, stems) in [
            ("Score E 1", "scor e1"),
            ("Score E-08", "scor e8"),
            ("Score engagement n° 3", "scor engagement 3"),
            ("1er jour", "premier jour"),
            ("1ère demande", "premier demand"),
            ("Suivi à 18 mois", "suivi"),
            ("Plan (10 jours ouvrés avant)", "plan avant"),
            ("Note /100", "note"),
            ("Note sur cent", "note"),
            ("Plan N et N-1", "plan et"),
            ("Note N-1", "note anneeprecedent"),
            ("Rapport n° 1", "rapport 1"),
            ("Reçus (%)", "recu pourcentag"),
            ("Engagement3", "engagement 3"),
            ("Engagement 3/8", "engagement 3"),
            ("Score du troisième engagement", "scor 3 engagement"),
            ("Score du 2e engagement", "scor 2 engagement"),
            ("Moyenne des 8 engagts", "moyenn engagt"),
            ("Troisième site", "troisiem site"),
            ("Moins de 75 % de locaux", "moin 75 locau"),
        ] {
            assert_eq!(bare_stems(text).join(" "), stems, "{text}");
        }
    }

    #[test]
    fn a_scale_is_told_from_a_count() {
        for (text, scale) in [
            ("Note (sur 20)", Some(20)),
            ("Note / 10", Some(10)),
            ("Note de 1 à 5", Some(5)),
            ("Note entre 0 et vingt", Some(20)),
            ("Note sur 100", None),
            ("Note /100", None),
            ("Note de 0 à 100", None),
            ("Engagement 1 sur 8", None),
            ("Engagement 3/8", None),
            ("Score engagement 8 (sur 20)", Some(20)),
            ("Score E3/20", Some(20)),
            ("Note /100 (sur 20)", Some(20)),
            ("Score 2025/2026", None),
            ("Sur site", None),
        ] {
            assert_eq!(other_scale(text), scale, "{text}");
        }
    }
}
