//! The SIRET of a dossier's service: the one of the form's field, else the applicant's.

use super::words::word;
use label::case::facts::SiretDoubt;
use label::folding::is_unseen;

/// The number, and what is written where there should be one. A field that holds something else is not replaced by the
/// applicant's number: the field is there for a service whose applicant is another establishment.
pub(super) fn of(stated: Option<&str>, applicant: Option<&str>) -> (Option<String>, Option<SiretDoubt>) {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let of_applicant = applicant.and_then(fourteen_digits);
    match (given(stated), given(applicant)) {
        (Some(stated), _) => match fourteen_digits(&stated) {
            Some(siret) => (Some(siret), None),
            None => {
                (None, Some(SiretDoubt { written: word(&stated), in_field: true, applicant: of_applicant }))
            }
        },
        (None, Some(applicant)) if of_applicant.is_none() => {
            (None, Some(SiretDoubt { written: word(&applicant), in_field: false, applicant: None }))
        }
        _ => (of_applicant, None),
    }
}

/// `None` unless it has fourteen digits: a malformed SIRET would put unrelated services in one case.
fn fourteen_digits(siret: &str) -> Option<String> {
    let apart =
        |c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '.' | '-' | '_' | '\'' | '’' | '/');
    let named = siret.trim_start();
    let bare =
        named.get(..5).filter(|name| name.eq_ignore_ascii_case("siret")).map_or(named, |_| &named[5..]);
    let digits: String =
        bare.trim_start_matches([' ', ':', '°', '\u{a0}']).chars().filter(|c| !apart(*c)).collect();
    (digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_siret_is_told_and_nothing_takes_its_place() {
        let applicant = "99900629900013";
        let doubt = |written: &str, in_field, applicant: Option<&str>| {
            let applicant = applicant.map(str::to_owned);
            (None, Some(SiretDoubt { written: written.to_owned(), in_field, applicant }))
        };
        for typed in
            ["9990062990001", "999 006 299", "9,99006E+13", "999006299000133", "néant", "9990062990001O"]
        {
            assert_eq!(of(Some(typed), Some(applicant)), doubt(typed, true, Some(applicant)), "{typed}");
        }
        for typed in [
            "999 006 299 00013",
            "999.006.299.00013",
            "SIRET : 99900629900013",
            "999\u{202f}006\u{a0}299 00013",
        ] {
            assert_eq!(
                of(Some(typed), Some("99900000000000")),
                (Some(applicant.to_owned()), None),
                "{typed}"
            );
        }
        assert_eq!(of(Some(" "), Some(applicant)), (Some(applicant.to_owned()), None));
        assert_eq!(of(None, Some("9.9900629900013E13")), doubt("9.9900629900013E13", false, None));
        assert_eq!([of(None, None), of(None, Some(""))], [(None, None), (None, None)]);
    }
}
