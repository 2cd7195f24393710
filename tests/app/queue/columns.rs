//! The queue's table: columns of one's own, order, density, page size, rows that expand.

use crate::support::page::{attribute, queue_names, select, text, texts, value};
use crate::support::product::Column;
use crate::support::{Browser, alert, world};

fn headings(browser: &Browser, path: &str) -> Vec<String> {
    texts(&browser.page(path), "table.queue thead th").into_iter().skip(1).collect()
}

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
    let all: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
    let page = world.browser("dana").page(&format!("/incidents?columns={}", all.join(",")));
    assert_eq!(select(&page, "tbody tr td").len(), all.len() + 1);
    assert_eq!(select(&page, "thead th").len(), all.len() + 1);
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
fn a_file_of_the_list_has_the_columns_that_are_seen() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let csv = |path: &str| attribute(&dana.page(path), "a[href^='/incidents.csv']", "href");
    assert_eq!(csv("/incidents?severity=medium"), "/incidents.csv?severity=medium", "without a choice all there are");
    dana.post("/incidents/columns", &[("columns", "severity")]);
    assert_eq!(csv("/incidents"), "/incidents.csv?columns=name%2Cid%2Cseverity");
    let file = dana.get("/incidents.csv?columns=name%2Cid%2Cseverity").body;
    assert!(file.contains("Incident name,ID,Severity"), "{file}");
    for column in Column::ALL {
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

#[test]
fn headings_order_by_every_column_that_has_an_order_and_say_so() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let page =
        dana.page("/incidents?columns=name,id,severity,lastUpdate,created,firstActivity,lastActivity,alerts,tags");
    for class in ["id", "severity", "updated", "created", "first", "last", "active"] {
        assert_eq!(select(&page, &format!("th.col-{class} a")).len(), 1, "{class}");
    }
    assert!(select(&page, "th.col-tags a").is_empty());
    assert_eq!(texts(&page, "th[aria-sort]"), ["Last update ↓"]);
    assert_eq!(attribute(&page, "th[aria-sort]", "aria-sort"), "descending");
    let severity = attribute(&page, "th.col-severity a", "href");
    assert!(severity.contains("sort=-severity"), "{severity}");
    let page = dana.page(&severity);
    assert_eq!(texts(&page, "th[aria-sort]"), ["Severity ↓"]);
    let again = attribute(&page, "th.col-severity a", "href");
    assert!(again.contains("sort=severity"), "{again}");
    assert_eq!(attribute(&dana.page(&again), "th[aria-sort]", "aria-sort"), "ascending");
}

#[test]
fn several_keys_are_numbered_and_a_click_orders_by_one_again() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents?sort=-severity,assignedTo,name");
    assert_eq!(texts(&page, "th a span"), ["\u{2191}3", "\u{2193}1", "\u{2191}2"]);
    assert_eq!(texts(&page, "th[aria-sort]"), ["Severity \u{2193}1"], "the key that decides first");
    assert_eq!(attribute(&page, "table.queue", "data-sort"), "-severity,assignedTo,name", "for the script");
    assert!(attribute(&page, "th.col-name a", "href").ends_with("sort=-name"));
    assert!(attribute(&page, "th.col-status a", "href").ends_with("sort=status"), "words begin with A");
}

#[test]
fn the_order_is_chosen_in_the_form_as_well() {
    let world = world();
    let dana = world.browser("dana");
    let order = [("query", "severity=high"), ("columns", "name"), ("sort1", "severity"), ("direction1", "up")];
    let answer = dana.post("/incidents/columns", &order);
    assert_eq!(answer.location, "/incidents?severity=high&sort=severity");
    let several = [("query", "sort=id"), ("sort1", "severity"), ("sort2", "name"), ("sort3", ""), ("direction2", "up")];
    let answer = dana.post("/incidents/columns", &several);
    assert_eq!(answer.location, "/incidents?sort=-severity%2Cname");
    let page = dana.page("/incidents/columns?sort=severity");
    assert_eq!(value(&page, "select[name=sort1] option[selected]"), "severity");
    assert_eq!(value(&page, "select[name=direction1] option[selected]"), "up");
    assert_eq!(texts(&page, ".order-line label")[..3], ["Sort by", "Direction", "Then by"]);
}

#[test]
fn the_page_size_is_chosen_below_the_list() {
    let world = world();
    let alerts: Vec<_> = (0..30).map(|n| alert(&format!("Alert {n}")).json()).collect();
    world.ingest(&alerts);
    let dana = world.browser("dana");
    let page = dana.page("/incidents?severity=medium");
    let sizes = texts(&page, ".sizes a");
    assert_eq!(sizes, ["25", "50", "100", "200"]);
    assert_eq!(text(&page, ".sizes a[aria-current]"), "50");
    let small = attribute(&page, ".sizes a", "href");
    assert_eq!(small, "/incidents?severity=medium&limit=25");
    assert_eq!(queue_names(&dana.page(&small)).len(), 25);
}

#[test]
fn a_row_expands_to_its_first_alerts_with_the_way_to_move_them_and_to_all() {
    let world = world();
    let many: Vec<_> =
        (0..25).map(|n| alert(&format!("Alert {n}")).device("web-01.contoso.test").minutes_ago(n + 1).json()).collect();
    let id = world.ingest(&many)[0];
    let dana = world.browser("dana");
    let page = dana.page("/incidents");
    assert_eq!(attribute(&page, ".expand", "href"), format!("/incidents/{id}/alerts"), "a link without a script");
    assert_eq!(attribute(&page, ".expand", "aria-label"), format!("Alerts of incident {id}"));
    let inline = dana.page(&format!("/incidents/{id}/inline-alerts"));
    assert_eq!(select(&inline, "tbody tr").len(), 20);
    assert_eq!(attribute(&inline, "tbody input", "aria-label"), "Select alert Alert 24");
    assert_eq!(attribute(&inline, "form", "action"), format!("/incidents/{id}/move"));
    assert_eq!(text(&inline, "form button"), "Move alerts");
    assert_eq!(text(&inline, ".table-bar a"), "All 25 alerts");
    assert_eq!(dana.get("/incidents/99/inline-alerts").status, 404);
}

#[test]
fn a_viewer_expands_rows_and_is_offered_no_move() {
    let world = world();
    let id = world.incident("One");
    let vic = world.browser("vic");
    assert_eq!(select(&vic.page("/incidents"), "tbody .expand").len(), 1);
    let inline = vic.page(&format!("/incidents/{id}/inline-alerts"));
    assert!(select(&inline, "input, button").is_empty());
}

#[test]
fn recent_times_say_how_long_ago_with_utc_beside() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents");
    assert_eq!(text(&page, "td.col-updated time"), "just now");
    assert!(attribute(&page, "td.col-updated time", "title").ends_with(" UTC"));
}

#[test]
fn a_page_of_fifty_rows_is_small() {
    let world = world();
    let tactics = ["Execution", "InitialAccess", "Impact", "Discovery", "LateralMovement"];
    let alerts: Vec<_> = (0..50)
        .map(|n: usize| {
            alert(&format!("Suspicious thing number {n} happened"))
                .category(tactics[n % tactics.len()])
                .device(&format!("host-{n:03}.corp.contoso.test"))
                .user(&format!("person.{n}@contoso.test"))
                .minutes_ago(i64::try_from(n).unwrap() * 37)
                .json()
        })
        .collect();
    world.ingest(&alerts);
    let body = world.browser("dana").get("/incidents").body;
    assert_eq!(body.matches("id=\"row-").count(), 50);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, body.as_bytes()).unwrap();
    let size = packed.finish().unwrap().len();
    assert!(size < 15_000, "{size} bytes");
}
