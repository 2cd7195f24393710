//! GET /incidents.csv and /incidents.jsonl: all rows of a filter as a file that is safe to open.

use std::io::{Read as _, Write as _};

use crate::support::page::{attribute, select, texts};
use crate::support::{Browser, World, alert, world};

fn csv(browser: &Browser, query: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let answer = browser.get(&format!("/incidents.csv?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

fn json_lines(browser: &Browser, query: &str) -> Vec<serde_json::Value> {
    let answer = browser.get(&format!("/incidents.jsonl?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// `count` incidents of one alert each.
fn many(world: &World, count: usize) -> Vec<i64> {
    let batch: Vec<_> = (0..count)
        .map(|n| alert(&format!("Story {n}")).user(&format!("person{n}@contoso.test")).id(&format!("s{n}")).json())
        .collect();
    world.ingest(&batch)
}

#[test]
fn a_file_has_the_filtered_rows_in_their_order_under_the_columns_names() {
    let world = world();
    let dana = world.browser("dana");
    let low = world.ingest(&[alert("Low one").severity("low").user("a@contoso.test").json()])[0];
    let high = world.ingest(&[alert("High one").severity("high").device("web01.contoso.test").json()])[0];
    world.ingest(&[alert("Quiet one").severity("informational").user("b@contoso.test").json()]);
    dana.post(&format!("/incidents/{high}"), &[("tags", "VIP, Q4"), ("assigned_to", "omar")]);
    let (header, rows) = csv(&dana, "sort=-severity");
    let at = |name: &str| header.iter().position(|known| known == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(rows.iter().map(|row| row[at("ID")].clone()).collect::<Vec<_>>(), [high.to_string(), low.to_string()]);
    let first = &rows[0];
    assert_eq!(first[at("Severity")], "High");
    assert_eq!(first[at("Tags")], "Q4, VIP");
    assert_eq!(first[at("Assigned to")], "Omar Haddad");
    assert_eq!((first[at("Active alerts")].as_str(), first[at("Alerts")].as_str()), ("1", "1"));
    assert_eq!((first[at("Impacted assets")].as_str(), first[at("Devices")].as_str()), ("web01.contoso.test", "1"));
    assert!(first[at("Last update")].parse::<jiff::Timestamp>().is_ok() && first[at("Last update")].ends_with('Z'));
    assert_eq!(first[at("Last update")].len(), "2026-11-27T12:00:00Z".len(), "whole seconds");
    assert!(first[at("Priority")].parse::<i64>().unwrap() > 0);

    let chosen = csv(&dana, "severity=low&columns=id,name");
    assert_eq!(chosen.0, ["ID", "Incident name"]);
    assert_eq!(chosen.1, [[low.to_string(), "Low one involving one user".to_owned()]]);

    let lines = json_lines(&dana, "sort=-severity");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], high);
    assert_eq!(lines[0]["severity"], "high");
    assert_eq!(lines[0]["customTags"], serde_json::json!(["Q4", "VIP"]));
    assert_eq!(lines[0]["assignedTo"], "omar");
    assert_eq!(lines[1]["assignedTo"], serde_json::Value::Null);
}

#[test]
fn the_queue_links_to_a_file_of_the_rows_it_shows() {
    let world = world();
    let vic = world.browser("vic");
    world.incident("Something");
    let page = vic.page("/incidents?severity=medium&limit=25&pane=1");
    let link = attribute(&page, ".menu-box a[download]", "href");
    assert_eq!(link, "/incidents.csv?severity=medium");
    let answer = vic.get(&link);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let name = answer.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"watchdesk-incidents-20") && name.ends_with(".csv\""), "{name}");
    assert_eq!(select(&page, ".menu-box a[download]").len(), 2);
    let chosen = vic.page("/incidents?columns=name,id,priority");
    let link = attribute(&chosen, ".menu-box a[download]", "href");
    assert_eq!(csv(&vic, link.split_once('?').unwrap().1).0, ["Incident name", "ID", "Priority"]);
    assert_eq!(texts(&chosen, "td.col-priority .priority span"), ["Medium"]);
}

#[test]
fn a_file_has_every_row_however_many() {
    let world = world();
    let dana = world.browser("dana");
    let mut expected: Vec<String> = many(&world, 450).iter().map(ToString::to_string).collect();
    for query in ["columns=id&sort=id&limit=25", "columns=id&sort=-severity"] {
        let (_, rows) = csv(&dana, query);
        let mut found: Vec<String> = rows.into_iter().flatten().collect();
        assert_eq!(found.len(), 450, "{query}");
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
    assert_eq!(json_lines(&dana, "sort=name").len(), 450);
}

#[test]
fn an_incident_changed_while_the_file_is_written_is_still_in_it() {
    use crate::support::product::{Actor, Filter, List, Rows, export};
    let world = world();
    let dana = world.browser("dana");
    let ingested = many(&world, 5);
    let actor = Actor::System("Export");
    let ids = world.db.read_now(|conn| export::ids(conn, &actor, &Filter::default(), 0)).unwrap();
    let last = ids[4];
    // The first page is written, then the oldest jumps to the top of the list.
    let read = |ids: &[i64]| match world.db.read_now(|conn| export::rows(conn, &actor, List::Incidents, ids)).unwrap() {
        Rows::Incidents(rows) => rows,
        Rows::Alerts(_) => panic!("incidents were asked for"),
    };
    let mut written = read(&ids[..2]);
    assert_eq!(dana.post(&format!("/incidents/{last}"), &[("severity", "high")]).status, 303);
    assert_eq!(world.db.read_now(|conn| export::ids(conn, &actor, &Filter::default(), 0)).unwrap()[0], last);
    written.extend(read(&ids[2..]));
    let written: Vec<i64> = written.iter().map(|row| row.incident.id).collect();
    assert_eq!((written.len(), &written), (ingested.len(), &ids));
}

#[test]
fn csv_begins_with_a_byte_order_mark_and_json_lines_do_not() {
    let world = world();
    world.incident("Gefährliche Anmeldung");
    let dana = world.browser("dana");
    let csv = dana.get("/incidents.csv?columns=name").body;
    assert!(csv.starts_with("\u{feff}Incident name\nGefährliche Anmeldung"), "{csv:?}");
    assert!(dana.get("/incidents.jsonl?columns=name").body.starts_with('{'));
}

#[test]
fn formulas_are_escaped_in_csv() {
    let world = world();
    let dana = world.browser("dana");
    let name = "=HYPERLINK(\"http://contoso.test\",\"see\")";
    let id = world.incident("Plain");
    dana.post(&format!("/incidents/{id}"), &[("name", name), ("tags", "@SUM")]);
    let (_, rows) = csv(&dana, "columns=name,tags");
    assert_eq!(rows, [[format!("'{name}"), "'@SUM".to_owned()]]);
    assert_eq!(json_lines(&dana, "columns=name")[0]["displayName"], name, "programs get it as it is");
}

#[test]
fn a_file_names_every_asset_however_many() {
    let world = world();
    let mut one = alert("Worm");
    for n in 1..=7 {
        one = one.device(&format!("host-{n}.contoso.test"));
    }
    world.ingest(&[one.user("ana@contoso.test").json()]);
    let dana = world.browser("dana");
    let line = &json_lines(&dana, "")[0];
    let devices: Vec<String> = (1..=7).map(|n| format!("host-{n}.contoso.test")).collect();
    assert_eq!((&line["devices"], &line["deviceCount"]), (&serde_json::json!(devices), &serde_json::json!(7)));
    let cell = csv(&dana, "columns=assets").1[0][0].clone();
    assert_eq!(cell, format!("{}, ana@contoso.test", devices.join(", ")));
}

#[test]
fn an_unknown_filter_is_refused_instead_of_exporting_something_else() {
    let world = world();
    let dana = world.browser("dana");
    for query in ["severty=high", "severity=purple", "columns=id,colour", "assignedTo=ghost"] {
        assert_eq!(dana.get(&format!("/incidents.csv?{query}")).status, 422, "{query}");
    }
    assert_eq!(Browser::new(&world.base).get("/incidents.csv").status, 303, "strangers sign in first");
}

#[test]
fn a_file_that_fails_halfway_does_not_look_complete() {
    let world = world();
    let dana = world.browser("dana");
    let last = many(&world, 230).into_iter().max().unwrap();
    let whole = raw(&world, &dana, "/incidents.csv?sort=id&columns=id");
    assert!(whole.starts_with("HTTP/1.1 200") && whole.ends_with("\r\n0\r\n\r\n"), "{whole}");
    world.execute(&format!("UPDATE incidents SET scope = 'damaged' WHERE id = {last}"));
    let broken = raw(&world, &dana, "/incidents.csv?sort=id&columns=id");
    // The failure may come before the first bytes have left.
    assert!(broken.is_empty() || broken.starts_with("HTTP/1.1 200"), "{broken}");
    assert!(!broken.ends_with("\r\n0\r\n\r\n"), "the end that HTTP marks is missing");
}

/// The bytes of an answer as they come.
fn raw(world: &World, browser: &Browser, path: &str) -> String {
    let address = world.base.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let cookie = browser.cookie();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // What arrived before a reset is what counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
