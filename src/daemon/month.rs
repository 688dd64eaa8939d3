//! The last complete month, for the report to DITP and the monthly notices.

use jiff::ToSpan;
use jiff::civil::Date;

/// The first day of the month before the one of `today`.
pub(super) fn month_over(today: Date) -> Date {
    today.first_of_month().saturating_sub(1.month())
}

/// « 2027-05 ».
pub(super) fn month_name(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}
