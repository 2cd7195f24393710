//! Nothing vanishes: what comes in is an alert, an incident, skipped or refused, one for one.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::cases;
use crate::formats::format::Format;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::suggest::guess::fill_from_sample;
use crate::formats::readers::body_reader::read_body;

/// The seed of the changes, so that every run has the same.
const SEED: u64 = 7;
/// Changed copies of each sample.
const CHANGED: usize = 2;

fn count(format: &Format, body: &str) -> usize {
    read_body(format, body.as_bytes()).len()
}

fn mapping(records: &str, sample: &Value) -> Format {
    let mut document = Document::default();
    fill_from_sample(&mut document, &sample.to_string());
    document
        .fields
        .entry("title".to_owned())
        .or_insert_with(|| crate::formats::mapping::document_field::Field::of(&["/t"]));
    records.clone_into(&mut document.records);
    Format::Mapped(Arc::new(Mapping::compile_to_try(&document).unwrap()))
}

/// Removes, empties or replaces members at random.
fn change(value: &mut Value, random: &mut fastrand::Rng) {
    let Some(members) = value.as_object_mut() else { return };
    let names: Vec<String> = members.keys().cloned().collect();
    for name in names {
        match random.u8(0..12) {
            0 => drop(members.remove(&name)),
            1 => drop(members.insert(name, json!([]))),
            2 => drop(members.insert(name, json!({}))),
            3 => drop(members.insert(name, random.choice([json!(null), json!("-"), json!(7), json!([null])]).unwrap())),
            4..8 => change(members.entry(name).or_insert(Value::Null), random),
            _ => {}
        }
    }
}

#[test]
fn every_record_is_counted_once_alone_in_lists_and_in_wrappers() {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut seen = BTreeSet::new();
    for Case { format, sample, .. } in cases().into_iter().filter(|case| seen.insert(case.format)) {
        let formats =
            [Format::Auto, Format::parse(format).unwrap(), mapping("", &sample), mapping("/records", &sample)];
        for turn in 0..=CHANGED {
            let mut record = sample.clone();
            if turn > 0 {
                change(&mut record, &mut random);
            }
            let times = random.usize(2..5);
            let several = vec![record.clone(); times];
            let lines = several.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
            for (at, format) in formats.iter().enumerate() {
                let one = count(format, &record.to_string());
                assert!(one > 0, "{at}: {record}");
                assert_eq!(count(format, &json!(several).to_string()), times * one, "{at}: {record}");
                assert_eq!(count(format, &lines), times * one, "{at}: {record}");
                for wrapper in
                    [json!({"alerts": several}), json!({"data": record}), json!({"detail": {"findings": several}})]
                {
                    assert!(count(format, &wrapper.to_string()) > 0, "{at}: {wrapper}");
                }
            }
            let [.., at_records] = &formats;
            assert_eq!(count(at_records, &json!({"records": several, "count": times}).to_string()), times, "{record}");
            assert_eq!(count(at_records, &json!({"records": [], "other": record}).to_string()), 1, "{record}");
        }
    }
}
