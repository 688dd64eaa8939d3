//! One candidate as an address: both its halves must be what RFC 5321 and RFC 6531 let a server be asked for.

use super::{Address, AddressFault};

const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 253;

/// What a word holds, once its ends are trimmed.
pub(super) fn address(word: String) -> Result<Address, AddressFault> {
    let (local, domain) = word.split_once('@').ok_or(AddressFault::Malformed)?;
    if domain.contains('@') {
        return Err(AddressFault::Malformed);
    }
    let local = local_part(local)?;
    Ok(Address { local, domain: ascii_domain(domain)? })
}

/// « mailto:jean », « Courriel:jean »: a colon is in no address.
fn local_part(text: &str) -> Result<String, AddressFault> {
    let local = text.rsplit(':').next().unwrap_or(text);
    let local = local.trim_start_matches(['\'', '`', '*', '•', '·', '…']);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    let written = |letter: char| {
        letter.is_ascii_alphanumeric()
            || ".!#$%&'*+-/=?^_`{|}~".contains(letter)
            || (!letter.is_ascii() && letter.is_alphanumeric())
    };
    if local.is_empty() || dots || local.len() > MAX_LOCAL || !local.chars().all(written) {
        return Err(AddressFault::Malformed);
    }
    Ok(local.to_owned())
}

/// In punycode. A name without a dot, or a number, is no domain of somebody else.
fn ascii_domain(text: &str) -> Result<String, AddressFault> {
    let text = text.split('?').next().unwrap_or(text);
    let ends = ['.', ',', ';', ':', '!', '\'', '`', '"', '*', '·', '…', '/', '>'];
    let domain =
        idna::domain_to_ascii_strict(text.trim_end_matches(ends)).map_err(|_| AddressFault::Domain)?;
    let numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let last = domain.rsplit_once('.').map(|(_, last)| last);
    match last {
        Some(last) if !numeric(last) && last.len() > 1 && domain.len() <= MAX_DOMAIN => Ok(domain),
        _ => Err(AddressFault::Domain),
    }
}
