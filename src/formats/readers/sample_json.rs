//! A sample that a person pastes, as the JSON in which fields are looked for.

use serde_json::Value;

use crate::formats::readers::splitter::ITEM_LIMIT;
use crate::formats::readers::table::{TableRows, begins_table};
use crate::formats::readers::window::Window;
use crate::formats::readers::{syslog_json, syslog_lines};

/// The sample as JSON, with the rows of a table and the lines of syslog as one object each, and what is wrong with
/// it as a sentence that names line and column. What stands before a mistake is kept.
pub fn json_of(sample: &str) -> (String, Option<String>) {
    let sample = sample.trim_start_matches('\u{feff}');
    if !sample.trim_start().starts_with(['{', '[']) && begins_table(sample.as_bytes()) {
        return rows(sample);
    }
    let mut values = serde_json::Deserializer::from_str(sample).into_iter::<Value>();
    let Some(error) = values.find_map(Result::err) else {
        return (sample.to_owned(), None);
    };
    let lines = sample.lines().filter(|line| !line.trim().is_empty());
    if let Some(events) = lines.map(|line| event(line.as_bytes())).collect::<Option<Vec<_>>>() {
        return (one_a_line(&events), None);
    }
    let (line, column) = (error.line(), error.column());
    let why = if error.is_eof() {
        format!("This is incomplete JSON: it ends in line {line}, column {column}.")
    } else {
        format!("This is not JSON: error in line {line}, column {column}.")
    };
    (sample.to_owned(), Some(why))
}

fn event(line: &[u8]) -> Option<Value> {
    let object = serde_json::from_slice(line).ok().filter(Value::is_object);
    object.or_else(|| syslog_lines::read(line)).or_else(|| Some(syslog_json::read(line)?.0))
}

fn rows(sample: &str) -> (String, Option<String>) {
    let mut rows = TableRows::new(Window::new(sample.as_bytes()), ITEM_LIMIT);
    let (mut found, mut problem) = (Vec::new(), None);
    while let Ok(Some((line, row))) = rows.next() {
        match row {
            Ok(row) => found.push(row),
            Err((_, why)) => problem = problem.or_else(|| Some(format!("Line {line} of the table: {why}"))),
        }
    }
    if rows.was_empty() {
        problem = Some("This table has only column names and no rows.".to_owned());
    }
    (one_a_line(&found), problem)
}

fn one_a_line(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_and_a_mistake_is_named_by_line_and_column() {
        for sample in ["{\"a\": 1}", "[{\"a\": 1}]", "{\"a\": 1}\n{\"a\": 2}\n", "", "\u{feff}{}"] {
            assert_eq!(json_of(sample), (sample.trim_start_matches('\u{feff}').to_owned(), None));
        }
        for (sample, why) in [
            ("{\"a\":", "This is incomplete JSON: it ends in line 1, column 5."),
            ("{\"t\": \"x\",\n \"b\": [1,", "This is incomplete JSON: it ends in line 2, column 9."),
            ("{\"a\": 1}\n{\"b\" 2}", "This is not JSON: error in line 2, column 6."),
            ("hello", "This is not JSON: error in line 1, column 1."),
            ("<a/>", "This is not JSON: error in line 1, column 1."),
        ] {
            assert_eq!(json_of(sample), (sample.to_owned(), Some(why.to_owned())));
        }
    }

    #[test]
    fn a_table_and_lines_of_syslog_are_samples_like_any_other() {
        let (json, problem) = json_of("Time,Host,Message\n2026-11-27 09:14:22,web-1,\"Bad, thing\"\n");
        assert!(json.contains("\"Host\":\"web-1\"") && json.contains("\"Message\":\"Bad, thing\""), "{json}");
        assert_eq!(problem, None);
        assert!(json_of("Time,Host\n").1.is_some_and(|why| why.contains("no row")));
        let (json, problem) =
            json_of("CEF:0|Acme|FW|1.0|1|Odd|5|src=10.1.1.1\nCEF:0|Acme|FW|1.0|2|Odder|5|src=10.1.1.2");
        assert_eq!((json.lines().count(), problem), (2, None));
    }
}
