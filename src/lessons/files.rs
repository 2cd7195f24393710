//! Lessons as a file: the counts as one CSV table, or everything as JSON.

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::lessons::asked::Days;
use crate::lessons::report::{AnalystRow, DetectionRow, Report, Row};
use crate::lessons::share::Share;
use crate::lessons::times::Times;
use crate::model::lesson::Counts;
use crate::queue::export::safe_text;

/// Spreadsheets read UTF-8 only with this in front.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const COLUMNS: [&str; 15] = [
    "table",
    "name",
    "source",
    "counted",
    "total",
    "truePositive",
    "informational",
    "falsePositive",
    "notSet",
    "falsePositiveShare",
    "shareFrom",
    "shareTo",
    "before",
    "minutes",
    "repeats",
];

/// The tables of counts, all rows, each with the name of its table. Times and what to tune are in the JSON only.
pub fn csv(report: &Report) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(Error::internal);
    write(COLUMNS.map(str::to_owned).to_vec())?;
    for row in &report.detections {
        let further = Further {
            share: row.false_positives,
            before: Some(row.before),
            minutes: Some(row.minutes),
            repeats: Some(row.repeats),
        };
        write(cells("detection", (&row.title, &row.source), "alerts", row.counts, further))?;
    }
    let tables = [("source", &report.sources), ("tactic", &report.tactics), ("asset", &report.assets)];
    for (table, rows) in tables {
        for row in rows {
            write(cells(table, (&row.name, ""), "alerts", row.counts, Further::default()))?;
        }
    }
    for row in &report.analysts {
        let name = name_of(row);
        write(cells("analyst", (&name, ""), "incidents", row.counts, Further::default()))?;
    }
    for (day, counts) in &report.days {
        write(cells("day", (&Days::text(*day), ""), "alerts", *counts, Further::default()))?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn name_of(row: &AnalystRow) -> String {
    row.person.as_ref().map_or_else(|| "Unassigned".to_owned(), |person| person.display_name.clone())
}

/// What only detections have.
#[derive(Default)]
struct Further {
    share: Option<Share>,
    before: Option<i64>,
    minutes: Option<i64>,
    repeats: Option<i64>,
}

fn cells(
    table: &str,
    (name, source): (&str, &str),
    counted: &str,
    counts: Counts,
    Further { share, before, minutes, repeats }: Further,
) -> Vec<String> {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let percent = |of: fn((i64, i64, i64)) -> i64| number(share.map(|share| of(share.percents())));
    vec![
        table.to_owned(),
        safe_text(name),
        safe_text(source),
        counted.to_owned(),
        counts.total().to_string(),
        counts.true_positive.to_string(),
        counts.informational.to_string(),
        counts.false_positive.to_string(),
        counts.not_set.to_string(),
        percent(|percents| percents.0),
        percent(|percents| percents.1),
        percent(|percents| percents.2),
        number(before),
        number(minutes),
        number(repeats),
    ]
}

/// The same as JSON. Times are whole minutes, shares whole percents.
pub fn json(report: &Report) -> Value {
    let days = report.asked.days;
    let times = report.times.iter().map(|(measure, times)| (measure.as_str().to_owned(), json_times(*times)));
    json!({
        "from": Days::text(days.first),
        "to": Days::text(days.last),
        "filter": report.asked.pairs.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "counted": !report.too_much,
        "alerts": with_counts(json!({"before": report.alerts_before, "repeats": report.repeats}), report.alerts),
        "incidents": with_counts(json!({"before": report.incidents_before, "reopened": report.reopened}), report.incidents),
        "times": times.collect::<serde_json::Map<_, _>>(),
        "minutesPerAlert": report.minutes_per_alert().parse::<f64>().unwrap_or_default(),
        "detections": report.detections.iter().map(json_detection).collect::<Vec<_>>(),
        "toTune": report.to_tune.iter().map(|tune| json_detection(&tune.row)).collect::<Vec<_>>(),
        "sources": report.sources.iter().map(json_row).collect::<Vec<_>>(),
        "tactics": report.tactics.iter().map(json_row).collect::<Vec<_>>(),
        "assets": report.assets.iter().map(json_row).collect::<Vec<_>>(),
        "analysts": report.analysts.iter().map(json_analyst).collect::<Vec<_>>(),
        "days": report.days.iter().map(json_day).collect::<Vec<_>>(),
    })
}

fn json_times(times: Times) -> Value {
    json!({"incidents": times.incidents, "median": times.median, "ninetieth": times.ninetieth})
}

fn json_day((day, counts): &(i64, Counts)) -> Value {
    with_counts(json!({"day": Days::text(*day)}), *counts)
}

fn json_row(row: &Row) -> Value {
    let own = if row.kind.is_empty() { json!({"name": row.name}) } else { json!({"name": row.name, "kind": row.kind}) };
    with_counts(own, row.counts)
}

fn json_analyst(row: &AnalystRow) -> Value {
    with_counts(json!({"name": name_of(row), "toResolve": json_times(row.resolve)}), row.counts)
}

fn json_detection(row: &DetectionRow) -> Value {
    let share = row.false_positives.map(|share| {
        let (percent, low, high) = share.percents();
        json!({"percent": percent, "from": low, "to": high})
    });
    let own = json!({
        "title": row.title,
        "source": row.source,
        "before": row.before,
        "falsePositiveShare": share,
        "minutes": row.minutes,
        "repeats": row.repeats,
    });
    with_counts(own, row.counts)
}

fn with_counts(mut value: Value, counts: Counts) -> Value {
    if let Value::Object(fields) = &mut value {
        let named = [
            ("total", counts.total()),
            ("truePositive", counts.true_positive),
            ("informational", counts.informational),
            ("falsePositive", counts.false_positive),
            ("notSet", counts.not_set),
        ];
        fields.extend(named.map(|(name, count)| (name.to_owned(), json!(count))));
    }
    value
}
