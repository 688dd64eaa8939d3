//! §1 — *Acteurs*: the dates that the guide sets for the certification bodies.

use jiff::civil::Date;

use super::calendar::add_months;

/// R-1.2-a — *renouvellement de l'habilitation*: five years after a certification body was habilitated.
#[must_use]
pub fn habilitation_renewal(habilitated: Date) -> Date {
    add_months(habilitated, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-1.2-a
    #[test]
    fn five_years() {
        assert_eq!(habilitation_renewal(date(2024, 2, 29)), date(2029, 2, 28));
    }
}
