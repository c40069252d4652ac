//! Reads the day from the clock, for the checks that compare days.
//!
//! Invariant: only `fixbook check` asks for it, to refuse days that are yet to come, and `fixbook review`, to list pages that
//! nobody has verified for long.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The latest day that it is anywhere, `2026-11-20`: there are clocks that are 14 hours ahead of UTC.
pub fn latest() -> String {
    day(latest_number())
}

/// The day so many days before that one, not before 1970.
pub fn before(days: u64) -> String {
    day(latest_number().saturating_sub(days))
}

fn latest_number() -> u64 {
    let ahead = Duration::from_secs(14 * 60 * 60);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + ahead;
    seconds.as_secs() / 86_400
}

/// The day so many days after 1970-01-01, counted in years that begin in March, whose last day is the one that leaps.
fn day(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_786, "2026-11-29"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(day(days), date);
        }
    }
}
