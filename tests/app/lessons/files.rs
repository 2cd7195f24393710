//! CSV and JSON say what the page says.

use super::world::{act, ingest, lessons, told};
use crate::support::page::{select, squeeze};
use crate::support::{alert, world};

#[test]
fn csv_json_and_page_agree() {
    let world = world();
    let dana = world.browser("dana");
    let mut random = fastrand::Rng::with_seed(18);
    ingest(&world, &mut random, 60);
    for _ in 0..20 {
        act(&dana, &mut random);
    }
    let said = lessons(&dana, "range=30d");
    let answer = dana.get("/lessons.csv?range=30d");
    assert_eq!(answer.status, 200);
    let mut reader = csv::Reader::from_reader(answer.body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let tables = [
        ("detection", "detections", "title"),
        ("source", "sources", "name"),
        ("tactic", "tactics", "name"),
        ("asset", "assets", "name"),
        ("analyst", "analysts", "name"),
        ("day", "days", "day"),
    ];
    for (table, field, name) in tables {
        let of_csv: Vec<(String, Vec<String>)> =
            rows.iter().filter(|row| row[0] == table).map(|row| (row[1].clone(), row[4..9].to_vec())).collect();
        let of_json: Vec<(String, Vec<String>)> = said[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row[name].as_str().unwrap().to_owned(), told(row).map(|count| count.to_string()).to_vec()))
            .collect();
        assert!(!of_json.is_empty() && of_csv == of_json, "{table}: {of_csv:?} {of_json:?}");
    }
    let page = dana.page("/lessons?range=30d");
    let shown: Vec<Vec<String>> = select(&page, "table[aria-label=Detections] tbody tr")
        .iter()
        .map(|row| {
            row.select(&scraper::Selector::parse("td").unwrap())
                .take(5)
                .map(|cell| squeeze(&cell.text().collect::<String>()))
                .collect()
        })
        .collect();
    let of_json: Vec<Vec<String>> = said["detections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| told(row).map(|count| count.to_string()).to_vec())
        .collect();
    assert_eq!(shown, of_json);
}

#[test]
fn a_name_in_the_csv_is_no_formula() {
    let world = world();
    world.ingest(&[alert("=1+1").user("ana@contoso.example").json()]);
    let body = world.browser("dana").get("/lessons.csv?range=7d").body;
    assert!(body.contains("'=1+1") && !body.contains(",=1+1"), "{body}");
}

#[test]
fn a_file_with_an_unknown_filter_is_refused() {
    let world = world();
    for file in ["/lessons.csv?colour=red", "/lessons.json?range=9d"] {
        assert_eq!(world.browser("dana").get(file).status, 422, "{file}");
    }
}
