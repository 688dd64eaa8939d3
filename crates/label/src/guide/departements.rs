//! Départements and overseas collectivities as people write them: « 67 », « Bas-Rhin (67) », « 067 », « 57000 »,
//! « Dépt 68 », « La Réunion ».

use super::holidays::Zone;
use crate::folding::is_unseen;

/// Codes (Code officiel géographique) with their names, in lower case, without accents or punctuation.
const NAMES: [(&str, &str); 108] = [
    ("01", "ain"),
    ("02", "aisne"),
    ("03", "allier"),
    ("04", "alpes de haute provence"),
    ("05", "hautes alpes"),
    ("06", "alpes maritimes"),
    ("07", "ardeche"),
    ("08", "ardennes"),
    ("09", "ariege"),
    ("10", "aube"),
    ("11", "aude"),
    ("12", "aveyron"),
    ("13", "bouches du rhone"),
    ("14", "calvados"),
    ("15", "cantal"),
    ("16", "charente"),
    ("17", "charente maritime"),
    ("18", "cher"),
    ("19", "correze"),
    ("2A", "corse du sud"),
    ("2B", "haute corse"),
    ("21", "cote d or"),
    ("22", "cotes d armor"),
    ("23", "creuse"),
    ("24", "dordogne"),
    ("25", "doubs"),
    ("26", "drome"),
    ("27", "eure"),
    ("28", "eure et loir"),
    ("29", "finistere"),
    ("30", "gard"),
    ("31", "haute garonne"),
    ("32", "gers"),
    ("33", "gironde"),
    ("34", "herault"),
    ("35", "ille et vilaine"),
    ("36", "indre"),
    ("37", "indre et loire"),
    ("38", "isere"),
    ("39", "jura"),
    ("40", "landes"),
    ("41", "loir et cher"),
    ("42", "loire"),
    ("43", "haute loire"),
    ("44", "loire atlantique"),
    ("45", "loiret"),
    ("46", "lot"),
    ("47", "lot et garonne"),
    ("48", "lozere"),
    ("49", "maine et loire"),
    ("50", "manche"),
    ("51", "marne"),
    ("52", "haute marne"),
    ("53", "mayenne"),
    ("54", "meurthe et moselle"),
    ("55", "meuse"),
    ("56", "morbihan"),
    ("57", "moselle"),
    ("58", "nievre"),
    ("59", "nord"),
    ("60", "oise"),
    ("61", "orne"),
    ("62", "pas de calais"),
    ("63", "puy de dome"),
    ("64", "pyrenees atlantiques"),
    ("65", "hautes pyrenees"),
    ("66", "pyrenees orientales"),
    ("67", "bas rhin"),
    ("68", "haut rhin"),
    ("69", "rhone"),
    ("70", "haute saone"),
    ("71", "saone et loire"),
    ("72", "sarthe"),
    ("73", "savoie"),
    ("74", "haute savoie"),
    ("75", "paris"),
    ("76", "seine maritime"),
    ("77", "seine et marne"),
    ("78", "yvelines"),
    ("79", "deux sevres"),
    ("80", "somme"),
    ("81", "tarn"),
    ("82", "tarn et garonne"),
    ("83", "var"),
    ("84", "vaucluse"),
    ("85", "vendee"),
    ("86", "vienne"),
    ("87", "haute vienne"),
    ("88", "vosges"),
    ("89", "yonne"),
    ("90", "territoire de belfort"),
    ("91", "essonne"),
    ("92", "hauts de seine"),
    ("93", "seine saint denis"),
    ("94", "val de marne"),
    ("95", "val d oise"),
    ("971", "guadeloupe"),
    ("972", "martinique"),
    ("973", "guyane"),
    ("974", "reunion"),
    ("975", "saint pierre et miquelon"),
    ("976", "mayotte"),
    ("977", "saint barthelemy"),
    ("978", "saint martin"),
    ("986", "wallis et futuna"),
    ("987", "polynesie"),
    ("988", "nouvelle caledonie"),
    // The collectivity that took the place of both councils: both parts have the same public holidays.
    ("67", "alsace"),
];

/// The code of the département or collectivity that `written` names, by number, postcode or name; `None` when nothing is
/// recognised, or when a number and a name do not agree.
#[must_use]
pub fn read(written: &str) -> Option<&'static str> {
    let words = words(written);
    // « Paris 15e » and « 15ème arrondissement » number a part of a town.
    let ordinal = |next: Option<&String>| {
        next.is_some_and(|next| matches!(next.as_str(), "e" | "er" | "eme" | "ème" | "arrondissement"))
    };
    let numbers = words.iter().enumerate().filter(|(rank, word)| {
        word.starts_with(|c: char| c.is_ascii_digit()) && !ordinal(words.get(rank + 1))
    });
    let numbers = numbers.map(|(_, word)| word);
    let by_number: Option<Vec<&'static str>> = numbers.map(|number| of_number(number)).collect();
    let known: Vec<&'static str> = by_number?.into_iter().chain(of_name(&words)).collect();
    let first = known.first().copied()?;
    // « Alsace (67, 68) » names two départements of one zone; « Moselle (54) » contradicts itself.
    let one_zone = known.iter().all(|code| Zone::of_code(code) == Zone::of_code(first));
    one_zone.then_some(first)
}

/// The zone of a département as it is written, for a dossier that does not state one (F-29); `None` when it is not
/// recognised.
#[must_use]
pub fn zone(written: &str) -> Option<Zone> {
    read(written).map(Zone::of_code)
}

/// The code that a number stands for: the code itself with or without a leading zero, or a postcode.
fn of_number(number: &str) -> Option<&'static str> {
    let code: String = match number.len() {
        1 => format!("0{number}"),
        2 => number.to_owned(),
        3 if number.starts_with('0') => number.get(1..)?.to_owned(),
        3 => number.to_owned(),
        5 => of_postcode(number)?,
        _ => return None,
    };
    let code = if code == "20" { "2A" } else { code.as_str() };
    NAMES.iter().map(|(known, _)| *known).find(|known| *known == code)
}

/// Two islands have postcodes of Guadeloupe; Corsica's are of its former number.
fn of_postcode(postcode: &str) -> Option<String> {
    let of = |length: usize| postcode.get(..length).map(str::to_owned);
    match postcode {
        "97133" => Some("977".to_owned()),
        "97150" => Some("978".to_owned()),
        _ => match of(2)?.as_str() {
            "97" | "98" => of(3),
            "20" if postcode.as_bytes().get(2) >= Some(&b'2') => Some("2B".to_owned()),
            _ => of(2),
        },
    }
}

/// The longest name among the words: « Haut-Rhin », not « Rhin ».
fn of_name(words: &[String]) -> Option<&'static str> {
    let runs = (1..=LONGEST_NAME).flat_map(|length| words.windows(length));
    let place =
        runs.filter_map(named).max_by_key(|place| (NAMES.get(*place).map(|(_, name)| name.len()), *place))?;
    NAMES.get(place).map(|(code, _)| *code)
}

/// Words of the longest name.
const LONGEST_NAME: usize = 4;

/// The place of the name that these words are.
fn named(words: &[String]) -> Option<usize> {
    let length = words.iter().map(|word| word.len() + 1).sum::<usize>();
    let is = |name: &str| words.iter().map(String::as_str).eq(name.split(' '));
    NAMES.iter().rposition(|(_, name)| name.len() + 1 == length && is(name))
}

/// The words and numbers of a text in lower case, without accents; « 2a » is one number, « dept67 » a word and a number.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut apart = true;
    for c in text.chars().flat_map(plain) {
        let Some(word) = words.last_mut().filter(|_| !apart && c.is_alphanumeric()) else {
            if c.is_alphanumeric() {
                words.push(c.to_string());
            }
            apart = !c.is_alphanumeric();
            continue;
        };
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let island = matches!((word.as_str(), c), ("2" | "02", 'a' | 'b'));
        if island || number == c.is_ascii_digit() {
            word.push(if island { c.to_ascii_uppercase() } else { c });
        } else {
            words.push(c.to_string());
        }
    }
    for word in &mut words {
        let whole = match word.as_str() {
            "st" => "saint",
            "ste" => "sainte",
            "02A" => "2A",
            "02B" => "2B",
            _ => continue,
        };
        whole.clone_into(word);
    }
    words
}

/// A letter in lower case without its accent; none for a combining accent, which parts no word.
fn plain(c: char) -> Option<char> {
    Some(match c.to_lowercase().next().unwrap_or(c) {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        '\u{300}'..='\u{36f}' => return None,
        unseen if is_unseen(unseen) => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_postcode_or_a_name_is_read() {
        let lines = [
            ("67", "67"),
            ("067", "67"),
            ("67 – Bas-Rhin", "67"),
            ("Bas-Rhin (67)", "67"),
            ("bas rhin", "67"),
            ("BAS-RHIN", "67"),
            ("Haut-Rhin", "68"),
            ("Dépt 68", "68"),
            ("Dept68", "68"),
            ("dpt. n° 68", "68"),
            ("Moselle (57)", "57"),
            ("MOSELLE", "57"),
            ("57000", "57"),
            ("57000 Metz", "57"),
            ("Meurthe-et-Moselle", "54"),
            ("Alsace (67 et 68)", "67"),
            ("Collectivité européenne d’Alsace", "67"),
            ("1", "01"),
            ("01 - Ain", "01"),
            ("2A", "2A"),
            ("2a Corse-du-Sud", "2A"),
            ("02B", "2B"),
            ("20000", "2A"),
            ("20200 Bastia", "2B"),
            ("Côte-d’Or", "21"),
            ("Cote d'or", "21"),
            ("COTES D'ARMOR", "22"),
            ("Hérault", "34"),
            ("He\u{301}rault", "34"),
            ("Seine-St-Denis", "93"),
            ("Val-d’Oise", "95"),
            ("Paris", "75"),
            ("Paris 15e", "75"),
            ("15ème arrondissement de Paris", "75"),
            ("6\u{200b}7", "67"),
            ("Bas\u{ad}-Rhin", "67"),
            ("971", "971"),
            ("Guadeloupe (971)", "971"),
            ("97133", "977"),
            ("97150", "978"),
            ("97400 Saint-Denis", "974"),
            ("La Réunion", "974"),
            ("Île de la Réunion", "974"),
            ("975", "975"),
            ("St Pierre et Miquelon", "975"),
            ("98000", "98"),
            ("986", "986"),
            ("Polynésie française", "987"),
            ("98714 Papeete", "987"),
            ("Nouvelle-Calédonie (988)", "988"),
        ];
        for (written, code) in lines {
            let expected = (code != "98").then_some(code);
            assert_eq!(read(written), expected, "{written}");
        }
    }

    #[test]
    fn what_names_none_or_two_is_not_taken_for_one() {
        for written in [
            "",
            " ",
            "Strasbourg",
            "99",
            "984",
            "Étranger",
            "Belgique",
            "1234",
            "670",
            "000",
            "96",
            "Bas",
            "123456",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
        // The number and the name are of two zones.
        for written in ["Moselle (54)", "67 ou 54", "Paris (971)"] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    /// The name of a site is looked for in a list of addresses in the same way.
    #[test]
    fn abbreviations_and_both_islands_are_read_alike() {
        assert_eq!(words("Ste-Adresse, St Ouen"), ["sainte", "adresse", "saint", "ouen"]);
        assert_eq!(words("02a 2B 02B"), ["2A", "2B", "2B"]);
    }

    #[test]
    fn each_code_and_each_name_is_its_own() {
        for (code, name) in NAMES {
            assert_eq!(read(code), Some(code));
            assert_eq!(read(name), Some(code), "{name}");
            assert_eq!(read(&format!("{name} ({code})")), Some(code));
        }
    }

    #[test]
    fn each_collectivity_has_its_zone_and_what_is_unknown_has_none() {
        let zone = |written: &str| super::zone(written).map(Zone::key);
        let known = [
            ("Bas-Rhin (67)", "alsace-moselle"),
            ("57000", "alsace-moselle"),
            ("Dépt 68", "alsace-moselle"),
            ("971", "guadeloupe"),
            ("972", "martinique"),
            ("973", "guyane"),
            ("974", "la-reunion"),
            ("975", "saint-pierre-et-miquelon"),
            ("976", "mayotte"),
            ("977", "saint-barthelemy"),
            ("978", "saint-martin"),
            ("986", "wallis-et-futuna"),
            ("987", "polynesie-francaise"),
            ("988", "nouvelle-caledonie"),
            ("75", "metropole"),
        ];
        for (written, expected) in known {
            assert_eq!(zone(written), Some(expected), "{written}");
        }
        assert_eq!([zone("99"), zone("Strasbourg"), zone("")], [None, None, None]);
    }
}
