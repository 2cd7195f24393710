//! A share of few, and how sure it is.

/// Fewer decided alerts say nothing of a rule: a rule seen twice is no pattern.
pub const FEWEST: i64 = 10;
/// The 97.5th percentile of the normal distribution: the interval holds the true share 19 times of 20.
const Z: f64 = 1.96;

/// A share, and between which shares the true one lies, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// The share of `part` in `whole` with its Wilson interval (E. B. Wilson, Journal of the American Statistical
/// Association 22, 1927, 209-212); `None` where `whole` is less than [`FEWEST`].
pub fn share(part: i64, whole: i64) -> Option<Share> {
    if whole < FEWEST {
        return None;
    }
    let (part, whole) = (float(part), float(whole));
    let share = part / whole;
    let square = Z * Z;
    let middle = share + square / (2.0 * whole);
    let reach = Z * (share * (1.0 - share) / whole + square / (4.0 * whole * whole)).sqrt();
    let scale = 1.0 + square / whole;
    Some(Share { share, low: ((middle - reach) / scale).max(0.0), high: ((middle + reach) / scale).min(1.0) })
}

/// A count as a fraction; two billion are as many as more.
fn float(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

impl Share {
    /// As whole percents: the share and the ends of its interval.
    #[expect(clippy::cast_possible_truncation, reason = "a share is at most 100 percent")]
    pub fn percents(self) -> (i64, i64, i64) {
        let percent = |share: f64| (share * 100.0).round() as i64;
        (percent(self.share), percent(self.low), percent(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_seen_twice_is_no_pattern() {
        assert_eq!(share(2, 2), None);
        assert_eq!(share(9, 9), None);
    }

    #[test]
    fn the_interval_is_that_of_wilson() {
        // Computed from the formula by a program of its own.
        for (part, whole, expected) in
            [(10, 10, (100, 72, 100)), (0, 20, (0, 0, 16)), (38, 40, (95, 83, 99)), (50, 100, (50, 40, 60))]
        {
            assert_eq!(share(part, whole).unwrap().percents(), expected, "{part} of {whole}");
        }
    }
}
