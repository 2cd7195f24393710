//! The trend of a source's alerts as a small bar chart.

use std::fmt::Write as _;

/// Hours of a bar of the trend, the width of a bar, and the height of the tallest.
const BAR_HOURS: usize = 4;
const BAR_WIDTH: usize = 4;
const TREND_HEIGHT: i64 = 22;

/// The bars as an SVG path, and a description of them. `trend` is alerts by the hour, oldest first.
pub fn bars(trend: &[i64]) -> (String, String) {
    let sums: Vec<i64> = trend.chunks(BAR_HOURS).map(|hours| hours.iter().sum()).collect();
    let max = sums.iter().copied().max().unwrap_or(0);
    let mut path = String::new();
    for (index, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0) {
        // At least two pixels, so that it is visible.
        let height = (sum * TREND_HEIGHT / max.max(1)).max(2);
        let _ = write!(path, "M{} {TREND_HEIGHT}v-{height}h3v{height}z", index * BAR_WIDTH);
    }
    let label = match max {
        0 => "No alerts in the last 7 days".to_owned(),
        _ => format!(
            "Alerts over the last 7 days: at most {max} in four hours, {} in the latest four",
            sums.last().unwrap_or(&0)
        ),
    };
    (path, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_drawn_and_told() {
        let mut trend = vec![0; 168];
        assert_eq!(bars(&trend), (String::new(), "No alerts in the last 7 days".to_owned()));
        trend[0] = 1_000;
        trend[167] = 1;
        let (path, label) = bars(&trend);
        assert_eq!(path, "M0 22v-22h3v22zM164 22v-2h3v2z");
        assert!(label.contains("at most 1000") && label.ends_with("1 in the latest four"), "{label}");
    }
}
