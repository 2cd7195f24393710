//! What of the past is asked for: some days, and a filter that both lists have.

use crate::clock;
use crate::model::lesson::day;
use crate::queue::dimension::Dimension;
use crate::queue::filter::{Filter, Ignored, Why};
use crate::queue::list::List;

crate::text_enum! {
    /// Days back from today, which is the last of them.
    pub enum Span {
        Week = "7d" / "1 week",
        Month = "30d" / "30 days",
        Quarter = "90d" / "90 days",
        HalfYear = "180d" / "6 months",
        Year = "365d" / "1 year",
    }
}

impl Span {
    pub fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::HalfYear => 180,
            Self::Year => 365,
        }
    }
}

/// The filters that mean the same for alerts and for incidents.
pub const FILTERS: [Dimension; 10] = [
    Dimension::Severity,
    Dimension::AssignedTo,
    Dimension::Category,
    Dimension::ServiceSource,
    Dimension::DetectionSource,
    Dimension::Product,
    Dimension::Technique,
    Dimension::Device,
    Dimension::User,
    Dimension::Entity,
];
/// Most days of a range: ten years.
const MOST_DAYS: i64 = 3_660;

/// Days since 1970, UTC; both are part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub first: i64,
    pub last: i64,
}

impl Days {
    pub fn count(self) -> i64 {
        self.last - self.first + 1
    }

    /// As many days right before.
    #[must_use]
    pub fn before(self) -> Self {
        Self { first: self.first - self.count(), last: self.first - 1 }
    }

    /// A day as an address and a file write it: "2026-11-22".
    pub fn text(day: i64) -> String {
        let at = jiff::Timestamp::from_microsecond(day.saturating_mul(clock::DAY)).unwrap_or_default();
        at.strftime("%Y-%m-%d").to_string()
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The range that was chosen; none with dates.
    pub span: Option<Span>,
    pub days: Days,
    /// The filter as pairs of the address; empty where everything is asked for.
    pub pairs: Vec<(String, String)>,
}

impl Asked {
    /// Reads decoded pairs of an address, and which of them mean nothing here.
    pub fn from_pairs(pairs: &[(String, String)]) -> (Self, Vec<Ignored>) {
        let today = day(clock::now());
        let (mut span, mut from, mut to) = (None, None, None);
        let (mut kept, mut ignored) = (Vec::new(), Vec::new());
        for (name, value) in pairs {
            let value = value.trim();
            let known = match name.as_str() {
                _ if value.is_empty() => continue,
                "range" => put(&mut span, Span::parse(value)) || value == "custom",
                "from" => put(&mut from, read_day(value)),
                "to" => put(&mut to, read_day(value)),
                name => put_filter(&mut kept, name, value),
            };
            if !known {
                ignored.push(Ignored::new(name, value, Why::Unknown));
            }
        }
        let custom = if span.is_none() && (from.is_some() || to.is_some()) {
            let last = to.unwrap_or(today);
            let first = from.unwrap_or(last - Span::Month.days() + 1);
            (first <= last).then_some(Days { first: first.max(last - MOST_DAYS + 1), last })
        } else {
            None
        };
        if custom.is_none() && span.is_none() && from.is_some() {
            ignored.push(Ignored::new("from", &from.map(Days::text).unwrap_or_default(), Why::Unknown));
        }
        let span = if custom.is_some() { None } else { Some(span.unwrap_or(Span::Month)) };
        let back = |span: Span| Days { first: today - span.days() + 1, last: today };
        let days = custom.unwrap_or_else(|| back(span.unwrap_or(Span::Month)));
        (Self { span, days, pairs: kept }, ignored)
    }

    pub fn is_filtered(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// The address of what is asked, as pairs.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = match self.span {
            Some(span) => vec![("range".to_owned(), span.as_str().to_owned())],
            None => {
                vec![("from".to_owned(), Days::text(self.days.first)), ("to".to_owned(), Days::text(self.days.last))]
            }
        };
        pairs.extend(self.pairs.iter().cloned());
        pairs
    }

    /// What a list shows of these days: everything that is counted, of any status.
    pub fn filter(&self, list: List, days: Days) -> Filter {
        let mut pairs = self.pairs.clone();
        let every = |name: &str| (name.to_owned(), "all".to_owned());
        if !pairs.iter().any(|(name, _)| name == "severity") {
            pairs.push(every("severity"));
        }
        pairs.push(every("range"));
        if list.is_of_alerts() {
            pairs.push(every("status"));
        } else {
            // An incident that leads to another is none of its own.
            let counted = ["active", "inProgress", "resolved"];
            pairs.extend(counted.map(|status| ("status".to_owned(), status.to_owned())));
        }
        pairs.push(("createdFrom".to_owned(), Days::text(days.first)));
        pairs.push(("createdTo".to_owned(), Days::text(days.last)));
        Filter::from_pairs(list, &pairs).0
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let known = value.is_some();
    if known {
        *slot = value;
    }
    known
}

/// A date: days since 1970.
fn read_day(value: &str) -> Option<i64> {
    let date: jiff::civil::Date = value.parse().ok().filter(|_| !value.contains([':', 'T']))?;
    Some(day(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond()))
}

/// Takes a pair that both lists understand.
fn put_filter(kept: &mut Vec<(String, String)>, name: &str, value: &str) -> bool {
    let Some(dimension) = Dimension::of_parameter(name).filter(|one| FILTERS.contains(one)) else { return false };
    if dimension == Dimension::Severity && value == "all" {
        return true;
    }
    let mut pairs = kept.clone();
    pairs.push((name.to_owned(), value.to_owned()));
    let fits = |list: List| Filter::from_pairs(list, &pairs).1.is_empty();
    let fits = fits(List::Alerts) && fits(List::Incidents);
    if fits {
        *kept = pairs;
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (Asked, Vec<Ignored>) {
        let pairs: Vec<_> =
            form_urlencoded::parse(query.as_bytes()).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
        Asked::from_pairs(&pairs)
    }

    #[test]
    fn a_range_ends_today_and_dates_are_whole_days() {
        let (asked, ignored) = read("");
        assert_eq!((asked.span, asked.days.count(), ignored.len()), (Some(Span::Month), 30, 0));
        assert_eq!(asked.days.last, day(clock::now()));
        let (asked, _) = read("from=2026-11-01&to=2026-11-07");
        assert_eq!((asked.span, asked.days.count()), (None, 7));
        assert_eq!(Days::text(asked.days.before().first), "2026-10-25");
        assert_eq!(asked.to_pairs()[0], ("from".to_owned(), "2026-11-01".to_owned()));
    }

    #[test]
    fn what_means_nothing_here_is_named() {
        let (asked, ignored) = read("status=active&range=9d&severity=high&tag=VIP&severity=loud");
        assert_eq!(asked.pairs, [("severity".to_owned(), "high".to_owned())]);
        assert_eq!(
            ignored.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["status", "range", "tag", "severity"]
        );
        let (asked, ignored) = read("from=2026-11-09&to=2026-11-01");
        assert_eq!((asked.span, ignored.len()), (Some(Span::Month), 1));
    }
}
