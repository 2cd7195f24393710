//! Numbers that lead to the alerts or incidents that they count.

use crate::lessons::Report;
use crate::model::lesson::Counts;
use crate::model::outcome::Classification;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::text::thousands;
use crate::web::shared::queue_links::href;

/// A number, and the list of what it counts; nothing leads to nothing.
#[derive(Debug, Clone)]
pub struct Number {
    pub text: String,
    pub href: String,
}

/// The columns of counts after the total, in the order of the tables.
pub const COLUMNS: [Classification; 4] = [
    Classification::TruePositive,
    Classification::InformationalExpectedActivity,
    Classification::FalsePositive,
    Classification::Unknown,
];

/// A number of rows of a list.
pub fn number(count: i64, filter: &Filter) -> Number {
    Number { text: thousands(count), href: if count > 0 { href(filter) } else { String::new() } }
}

/// The total and each classification; `narrow` is what of the list they count.
pub fn counts(report: &Report, list: List, counts: Counts, narrow: impl Fn(&mut Filter)) -> Vec<Number> {
    let mut filter = report.filter(list);
    narrow(&mut filter);
    let classified = |classification: &Classification| {
        let filter = Filter { classification: vec![*classification], ..filter.clone() };
        number(counts.get(*classification), &filter)
    };
    std::iter::once(number(counts.total(), &filter)).chain(COLUMNS.iter().map(classified)).collect()
}
