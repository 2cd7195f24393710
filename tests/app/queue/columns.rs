//! GET and POST /incidents/columns: the columns, their order and the density that a person chose.

use super::headings;
use crate::support::page::{attribute, select, text, value};
use crate::support::product::{Column, List};
use crate::support::{alert, world};

#[test]
fn the_url_names_the_columns_and_their_order() {
    let world = world();
    world.ingest(&[alert("One").with("productName", "Contoso Sensor").with("detectionSource", "antivirus").json()]);
    let dana = world.browser("dana");
    let path = "/incidents?columns=severity,name,id,products,detectionSources,created,determination";
    assert_eq!(
        headings(&dana, path),
        ["Severity", "Incident name", "ID", "Product names", "Detection sources", "Created", "Determination"]
    );
    let page = dana.page(path);
    assert_eq!(text(&page, ".col-products:not(th)"), "Contoso Sensor");
    assert_eq!(text(&page, ".col-detections:not(th)"), "Antivirus");
    assert_eq!(text(&page, "td.col-created time"), "just now");
    assert!(attribute(&page, "th.col-severity a", "href").contains("columns=severity%2Cname%2Cid"), "links keep them");
    let unknown = dana.page("/incidents?columns=name,colour");
    assert!(text(&unknown, ".notice").contains("columns=name,colour"));
    assert_eq!(headings(&dana, "/incidents?columns=tags"), ["Incident name", "ID", "Tags"], "what leads further stays");
}

#[test]
fn every_column_can_be_shown() {
    let world = world();
    world.incident("One");
    for (list, path) in
        [(List::Incidents, "/incidents"), (List::Alerts, "/alerts"), (List::AlertsOf(1), "/incidents/1/alerts")]
    {
        let all: Vec<&str> = Column::all_of(list).map(Column::as_str).collect();
        let page = world.browser("dana").page(&format!("{path}?columns={}", all.join(",")));
        assert_eq!(select(&page, "table.queue tbody tr td").len(), all.len() + 1, "{path}");
        assert_eq!(select(&page, "table.queue thead th").len(), all.len() + 1, "{path}");
    }
}

#[test]
fn columns_and_density_are_kept_per_person() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let form = [("query", "severity=medium"), ("density", "compact"), ("act", "save")];
    let columns = ["name", "id", "status", "severity"].map(|column| ("columns", column));
    let answer = dana.post("/incidents/columns", &[&form[..], &columns].concat());
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents?severity=medium"));
    assert_eq!(headings(&dana, "/incidents"), ["Incident name", "ID", "Status", "Severity"]);
    assert_eq!(select(&dana.page("/incidents"), "table.queue.compact").len(), 1);
    assert_eq!(headings(&dana, "/incidents?columns=name,id"), ["Incident name", "ID"], "the address goes before them");
    assert_eq!(headings(&world.browser("dana"), "/incidents").len(), 4, "and are there when she comes back");
    assert!(headings(&world.browser("omar"), "/incidents").len() > 8, "they are hers");
    let reset = dana.post("/incidents/columns", &[("act", "reset"), ("columns", "name")]);
    assert_eq!(reset.location, "/incidents?range=30d");
    assert_eq!(headings(&dana, "/incidents"), headings(&world.browser("omar"), "/incidents"));
    assert!(select(&dana.page("/incidents"), "table.queue.compact").is_empty());
}

#[test]
fn an_export_has_the_columns_that_are_shown() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let csv = |path: &str| attribute(&dana.page(path), "a[href^='/incidents.csv']", "href");
    assert_eq!(csv("/incidents?severity=medium"), "/incidents.csv?severity=medium", "without a choice all there are");
    dana.post("/incidents/columns", &[("columns", "severity")]);
    assert_eq!(csv("/incidents"), "/incidents.csv?columns=name%2Cid%2Cseverity");
    let file = dana.get("/incidents.csv?columns=name%2Cid%2Cseverity").body;
    assert!(file.contains("Incident name,ID,Severity"), "{file}");
    for column in Column::all_of(List::Incidents) {
        assert_eq!(dana.get(&format!("/incidents.csv?columns={}", column.as_str())).status, 200, "{column}");
    }
}

#[test]
fn a_viewer_has_columns_of_their_own_too() {
    let world = world();
    let vic = world.browser("vic");
    assert_eq!(vic.post("/incidents/columns", &[("columns", "severity")]).status, 303);
    assert_eq!(headings(&vic, "/incidents"), ["Incident name", "ID", "Severity"]);
}

#[test]
fn columns_are_moved_by_buttons_that_keep_what_is_ticked() {
    let world = world();
    let dana = world.browser("dana");
    let columns = ["name", "id", "status", "severity"].map(|column| ("columns", column));
    let moved = dana.post("/incidents/columns", &[&columns[..], &[("act", "up:severity"), ("query", "q=x")]].concat());
    assert_eq!(moved.location, "/incidents/columns?q=x", "the form stays open");
    let page = dana.page("/incidents/columns?q=x");
    let shown: Vec<_> =
        select(&page, "input[name=columns][checked]").iter().map(|box_| box_.value().attr("value").unwrap()).collect();
    assert_eq!(shown, ["name", "id", "severity", "status"]);
    assert_eq!(value(&page, "input[name=query]"), "q=x");
    assert_eq!(select(&page, "button[aria-label='Move Incident name up'][disabled]").len(), 1);
    let order = ["name", "id", "tags", "severity"].map(|column| ("order", column));
    let without_tags = ["name", "id", "severity"].map(|column| ("columns", column));
    dana.post("/incidents/columns", &[&order[..], &without_tags, &[("act", "up:severity")]].concat());
    assert_eq!(headings(&dana, "/incidents"), ["Incident name", "ID", "Severity"], "over what is seen above it");
    let odd = dana.post("/incidents/columns", &[("columns", "severity"), ("act", "up:nothing")]);
    assert_eq!(odd.status, 422);
    assert_eq!(select(&odd.html(), "input[value=severity][checked]").len(), 1, "what was ticked is kept");
}
