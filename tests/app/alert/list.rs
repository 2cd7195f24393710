//! GET /alerts and the Alerts tab of an incident: the lists of alerts, from the code of the incidents queue.

use serde_json::{Value, json};

use crate::support::page::{attribute, queue_names, select, text, texts};
use crate::support::{Browser, World, alert, world};

fn titles(browser: &Browser, path: &str) -> Vec<String> {
    queue_names(&browser.page(path))
}

fn json_lines(browser: &Browser, path: &str) -> Vec<Value> {
    browser.get(path).body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Three alerts of different incidents, each with what the filters ask for.
fn three(world: &World) -> Browser {
    world.ingest(&[
        alert("Odd script")
            .severity("high")
            .category("Execution")
            .source("microsoftSentinel")
            .with("detectionSource", "antivirus")
            .with("productName", "Contoso Sensor")
            .with("mitreTechniques", vec!["T1059.001"])
            .device("web-01.contoso.example")
            .minutes_ago(5)
            .json(),
        alert("Odd sign-in")
            .severity("medium")
            .category("InitialAccess")
            .user("ana@contoso.example")
            .minutes_ago(50)
            .json(),
        alert("Scan").severity("low").category("Discovery").ip("203.0.113.9").minutes_ago(1).json(),
    ]);
    world.browser("dana")
}

#[test]
fn the_list_shows_open_alerts_with_the_newest_update_first() {
    let world = world();
    world.incident("One");
    world.incident("Two");
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    assert_eq!(titles(&dana, "/alerts"), ["Two"]);
    assert_eq!(titles(&dana, "/alerts?status=all"), ["One", "Two"]);
    assert_eq!(titles(&dana, "/alerts?status=resolved"), ["One"]);
    let page = dana.page("/alerts");
    assert_eq!((text(&page, "h1"), text(&page, "[data-total]")), ("Alerts".into(), "1 alert".into()));
    assert_eq!(attribute(&page, "tbody input[type=checkbox]", "aria-label"), "Select alert Two");
    assert_eq!(texts(&page, ".chip").len(), 2, "status and time");
}

#[test]
fn every_filter_finds_the_alerts_that_it_is_about() {
    let world = world();
    let dana = three(&world);
    dana.post("/alerts/2", &[("classification", "truePositive:malware"), ("assigned_to", "omar")]);
    dana.post("/alerts/3", &[("status", "inProgress")]);
    for (query, found) in [
        ("status=inProgress", "Scan"),
        ("severity=high", "Odd script"),
        ("severity=low", "Scan"),
        ("assignedTo=omar", "Odd sign-in"),
        ("assignedTo=none&severity=high", "Odd script"),
        ("classification=truePositive", "Odd sign-in"),
        ("determination=malware", "Odd sign-in"),
        ("category=execution", "Odd script"),
        ("serviceSource=microsoftSentinel", "Odd script"),
        ("detectionSource=antivirus", "Odd script"),
        ("product=contoso+sensor", "Odd script"),
        ("technique=T1059", "Odd script"),
        ("technique=t1059.001", "Odd script"),
        ("device=web-01", "Odd script"),
        ("user=ana", "Odd sign-in"),
        ("entity=203.0.113.9", "Scan"),
        ("title=Scan", "Scan"),
        ("q=SIGN", "Odd sign-in"),
        ("q=web-01.contoso.example", "Odd script"),
        ("q=3", "Scan"),
        ("q=%233", "Scan"),
    ] {
        assert_eq!(titles(&dana, &format!("/alerts?{query}")), [found], "{query}");
    }
    for query in [
        "product=Other",
        "technique=T1059.002",
        "device=db-01",
        "title=Sca",
        "q=nothing",
        "classification=falsePositive",
    ] {
        assert!(titles(&dana, &format!("/alerts?{query}")).is_empty(), "{query}");
    }
    assert_eq!(titles(&dana, "/alerts?classification=unknown&classification=truePositive").len(), 3);
    assert!(text(&dana.page("/alerts?tag=VIP"), ".notice").contains("tag=VIP"), "alerts have no tags");
}

#[test]
fn a_list_of_several_statuses_is_in_one_order_and_its_pages_have_every_alert_once() {
    let world = world();
    let alerts: Vec<_> = (0..90)
        .map(|n| {
            let severity = ["high", "low", "medium"][n % 3];
            alert(&format!("Alert {n}")).severity(severity).device(&format!("h{}.contoso.example", n / 10)).json()
        })
        .collect();
    world.ingest(&alerts);
    let dana = world.browser("dana");
    for n in 0..90 {
        let status = ["new", "inProgress", "resolved"][n % 3];
        if status != "new" {
            dana.post(&format!("/alerts/{}", n + 1), &[("status", status)]);
        }
    }
    let key = |alert: &Value, order: &str| match order {
        "severity" => ["informational", "low", "medium", "high"]
            .iter()
            .position(|one| alert["severity"] == *one)
            .unwrap()
            .to_string(),
        // A time without trailing zeros of its fraction.
        order => format!("{:0<27}", alert[order].as_str().unwrap().trim_end_matches('Z')),
    };
    for (sort, field) in
        [("lastUpdate", "lastUpdateDateTime"), ("lastActivity", "lastActivityDateTime"), ("severity", "severity")]
    {
        for sign in ["", "-"] {
            let query = format!("status=all&sort={sign}{sort}");
            let listed = json_lines(&dana, &format!("/alerts.jsonl?{query}"));
            let keys: Vec<String> = listed.iter().map(|alert| key(alert, field)).collect();
            let mut sorted = keys.clone();
            sorted.sort();
            if sign == "-" {
                sorted.reverse();
            }
            assert_eq!(keys, sorted, "{query}");
            let (mut path, mut paged) = (format!("/alerts?{query}&limit=25"), Vec::new());
            loop {
                let page = dana.page(&path);
                paged.extend(texts(&page, "td.col-id"));
                if select(&page, "a[rel=next]").is_empty() {
                    break;
                }
                path = attribute(&page, "a[rel=next]", "href");
            }
            let ids: Vec<String> = listed.iter().map(|alert| alert["id"].to_string()).collect();
            assert_eq!(paged, ids, "{query}");
        }
    }
    assert!(text(&dana.page("/alerts?sort=name"), ".notice").contains("sort=name"), "no index has this order");
}

#[test]
fn the_pane_of_an_alert_stands_beside_the_list_with_its_form_and_leads_to_the_next() {
    let world = world();
    let dana = three(&world);
    let page = dana.page("/alerts?pane=1&sort=lastActivity");
    assert_eq!(text(&page, "aside[aria-label='Alert pane'] h2"), "Odd script");
    assert_eq!(texts(&page, "tr[aria-current=true] .col-name a"), ["Odd script"]);
    assert!(text(&page, ".pane-evidence").contains("web-01"));
    assert_eq!(attribute(&page, "[data-manage] [name=status] [selected]", "value"), "new");
    let next = attribute(&page, "[data-pane-next]", "href");
    let answer = dana.post("/alerts/1", &[("act", "resolve-and-next"), ("next", &next)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, next.as_str()));
    let page = dana.page(&next);
    assert_eq!(text(&page, "aside h2"), "Scan");
    assert!(text(&page, "[data-flash]").contains("Alert 1 resolved, no classification."));
    assert!(text(&dana.page("/alerts?pane=99"), ".notice").contains("There is no alert 99."));
}

#[test]
fn views_of_alerts_stand_apart_from_those_of_incidents() {
    let world = world();
    let dana = three(&world);
    let form = [("name", "Grave"), ("query", "severity=high"), ("default", "1")];
    let answer = dana.post("/alerts/views", &form);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/alerts?severity=high"));
    let bar = |path: &str| texts(&dana.page(path), "nav[aria-label=Views] li");
    assert_eq!(bar("/alerts?range=30d")[0], "Grave", "what one begins with comes first");
    assert!(!bar("/incidents?range=30d").contains(&"Grave".to_owned()));
    assert_eq!(dana.get("/alerts").location, "/alerts?severity=high");
    assert_eq!(dana.get("/incidents").status, 200, "incidents have their own");
    let counts = dana.get("/alerts/views/counts").json();
    let count = |key: &str| counts.as_array().unwrap().iter().find(|view| view["key"] == key).unwrap()["count"].clone();
    assert_eq!([count("1"), count("plain"), count("mine")], [json!("1"), json!("3"), json!("0")]);
    let listed = dana.page("/alerts/views");
    assert!(text(&listed, "table[aria-label=Views]").contains("Severity: High"));
    dana.post("/alerts/views/1/act", &[("act", "delete")]);
    assert_eq!(dana.get("/alerts").status, 200);
}

#[test]
fn columns_of_alerts_are_kept_apart_and_files_have_them() {
    let world = world();
    let dana = three(&world);
    let columns = ["name", "id", "techniques", "times"].map(|column| ("columns", column));
    dana.post("/alerts/columns", &[&[("act", "save")][..], &columns].concat());
    let headings = |path: &str| texts(&dana.page(path), ".queue thead th:not(.col-check)");
    assert_eq!(headings("/alerts"), ["Title", "ID", "Techniques", "Times seen"]);
    assert_eq!(headings("/incidents")[0], "Incident name");
    assert!(headings("/incidents/1/alerts").contains(&"Linked by".to_owned()));
    let csv = dana.get("/alerts.csv?columns=name,incident,techniques&q=script").body;
    assert_eq!(
        csv.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>(),
        ["Title,Incident,Techniques", "Odd script,1,T1059.001"]
    );
    let line = &json_lines(&dana, "/incidents/2/alerts.jsonl")[0];
    assert_eq!((&line["title"], &line["status"]), (&json!("Odd sign-in"), &json!("new")));
    assert_eq!(dana.get("/alerts.csv?columns=priority").status, 422, "alerts have no priority");
}

#[test]
fn the_alerts_tab_shows_all_alerts_of_its_incident_and_no_other() {
    let world = world();
    let dana = three(&world);
    world.ingest(&[alert("Second").device("web-01.contoso.example").minutes_ago(3).json()]);
    dana.post("/alerts/1", &[("status", "resolved")]);
    let tab = "/incidents/1/alerts";
    assert_eq!(titles(&dana, tab), ["Second", "Odd script"], "resolved ones too, the latest activity first");
    assert_eq!(titles(&dana, &format!("{tab}?sort=name")), ["Odd script", "Second"]);
    assert_eq!(titles(&dana, &format!("{tab}?status=new")), ["Second"]);
    assert_eq!(titles(&dana, &format!("{tab}?q=second")), ["Second"]);
    assert_eq!(texts(&dana.page(&format!("{tab}?status=new")), "[data-total]"), ["1 alert"]);
    let page = dana.page(&format!("{tab}?pane=4"));
    assert_eq!(text(&page, "aside h2"), "Second");
    assert_eq!(select(&page, "[data-side][hidden]").len(), 1, "the alert's form is in its place");
    assert_eq!(text(&dana.page(tab), "[data-side] > summary"), "Manage incident and comments");
    dana.post("/incidents/pane-layout", &[("act", "close:side")]);
    assert!(select(&dana.page(tab), "[data-side][open]").is_empty(), "it stays folded away");
}

#[test]
fn equal_titles_of_an_incident_are_one_row_with_the_others_under_it() {
    let world = world();
    let same = |n: i64| alert("Failed login").device("web-01.contoso.example").user(&format!("u{n}@contoso.example"));
    let mut alerts: Vec<_> = (0..4).map(|n| same(n).minutes_ago(20 + n).json()).collect();
    alerts.push(alert("Odd script").device("web-01.contoso.example").minutes_ago(10).json());
    assert!(world.ingest(&alerts).iter().all(|incident| *incident == 1));
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/alerts");
    assert_eq!(texts(&page, "tbody tr:not([data-under]) .col-name a:first-child"), ["Odd script", "Failed login"]);
    assert_eq!(texts(&page, "[data-group]"), ["4 alerts"]);
    assert_eq!(select(&page, "tr[data-under='1'][data-folded]").len(), 3);
    assert_eq!(text(&page, "[data-total]"), "5 alerts");
    assert_eq!(select(&dana.page("/incidents/1/alerts?grouped=no"), "tbody tr:not([data-under])").len(), 5);
    assert!(select(&dana.page("/incidents/1/alerts?title=Failed+login"), "[data-under]").is_empty());
    let open = dana.page("/incidents/1/alerts?pane=3");
    assert!(select(&open, "[data-folded]").is_empty(), "the open alert is in sight");
}

#[test]
fn of_many_equal_titles_the_first_leads_to_all() {
    let world = world();
    let mut alerts: Vec<_> = (0..60)
        .map(|n| {
            alert("Failed login")
                .device("web-01.contoso.example")
                .user(&format!("u{n}@contoso.example"))
                .minutes_ago(90 - n)
                .json()
        })
        .collect();
    alerts.push(alert("Odd script").device("web-01.contoso.example").minutes_ago(99).json());
    world.ingest(&alerts);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/alerts?limit=25");
    assert_eq!(texts(&page, "tbody .col-name a:first-child"), ["Failed login", "Odd script"]);
    assert_eq!(text(&page, "a.group-count"), "60 alerts");
    assert_eq!(attribute(&page, "tbody input", "data-with").split(' ').count(), 59, "its tick selects all of them");
    let all = dana.page(&attribute(&page, "a.group-count", "href"));
    assert_eq!((texts(&all, "tbody tr").len(), text(&all, "[data-total]").as_str()), (25, "60 alerts"));
    assert!(texts(&all, ".chip").iter().any(|chip| chip.starts_with("Title: Failed login")));
}

#[test]
fn panes_say_how_many_alerts_have_the_same_title_and_how_many_are_open() {
    let world = world();
    let same = |n: i64| alert("Failed login").device("web-01.contoso.example").user(&format!("u{n}@contoso.example"));
    let mut alerts: Vec<_> = (0..4).map(|n| same(n).minutes_ago(20 + n).json()).collect();
    alerts.push(alert("Odd script").severity("high").device("web-01.contoso.example").minutes_ago(30).json());
    world.ingest(&alerts);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    let incident = dana.page("/incidents?pane=1");
    assert_eq!(texts(&incident, ".pane-alerts a:first-child"), ["Odd script", "Failed login", "All 5 alerts"]);
    assert_eq!(text(&incident, ".pane-alerts .group-count"), "4 alerts, 3 open");
    let pane = dana.page("/incidents/1/alerts?pane=2");
    assert!(text(&pane, ".same-title").starts_with("4 alerts with this title, 3 open"));
    assert_eq!(text(&pane, ".same-title button"), "Manage all 3 open");
    let filter = attribute(&pane, ".same-title input[name=filter]", "value");
    let form = dana.post("/alerts/bulk", &[("scope", "filter"), ("filter", &filter), ("act", "manage-all")]);
    assert!(form.body.contains("Manage 3 alerts"), "{}", form.body);
    assert!(select(&dana.page("/incidents/1/alerts?pane=5"), ".same-title").is_empty(), "no other has its title");
}

#[test]
fn updates_name_alerts_that_came_in_and_that_others_changed() {
    let world = world();
    let (dana, omar) = (three(&world), world.browser("omar"));
    let since = attribute(&dana.page("/alerts"), "[data-updates]", "data-since");
    let updates = |path: &str| dana.get(&format!("{path}/updates?since={since}&visible=1,2,3")).json();
    assert_eq!(updates("/alerts")["changed"], json!([]));
    omar.post("/alerts/2", &[("status", "inProgress")]);
    dana.post("/alerts/3", &[("status", "inProgress")]);
    world.ingest(&[alert("New one").json()]);
    let news = updates("/alerts");
    assert_eq!((&news["new"], &news["changed"], &news["mine"]), (&json!([4]), &json!([2]), &json!([3])));
    omar.post("/incidents/1/assign-to-me", &[]);
    assert_eq!(updates("/alerts")["changed"], json!([1, 2]), "its alerts come along");
    assert_eq!(updates("/incidents/1/alerts")["new"], json!([]));
    let rows = dana.page("/alerts/rows?only=1,2");
    assert_eq!(texts(&rows, "[data-rows] .col-owner"), ["Omar Haddad", "Unassigned"]);
}

#[test]
fn a_file_of_an_incident_s_alerts_has_each_of_them_though_equal_titles_are_one_row() {
    let world = world();
    let logins: Vec<_> = (0..40)
        .map(|n| alert("Failed login").device("web-01.contoso.example").user(&format!("u{n}@contoso.example")).json())
        .collect();
    world.ingest(&logins);
    let dana = world.browser("dana");
    assert_eq!(json_lines(&dana, "/incidents/1/alerts.jsonl").len(), 40);
    assert_eq!(dana.get("/incidents/99/alerts.csv").status, 404);
    assert_eq!(dana.get("/incidents/abc/alerts.csv").status, 404);
}

#[test]
fn rows_that_are_read_again_say_which_group_they_belong_to() {
    let world = world();
    let same = |n: i64| {
        let of = alert("Failed login").device("web-01.contoso.example").user(&format!("u{n}@contoso.example"));
        of.minutes_ago(10 + n).json()
    };
    world.ingest(&[same(0), same(1), same(2)]);
    let dana = world.browser("dana");
    let rows = dana.page("/incidents/1/alerts/rows?only=1,3");
    assert_eq!(texts(&rows, "[data-rows] [data-group]"), ["3 alerts"]);
    assert_eq!(select(&rows, "[data-rows] tr").len(), 2, "only those that were asked for");
    assert_eq!(attribute(&rows, "#row-3", "data-under"), "1");
}

#[test]
fn a_long_title_is_found_by_the_link_that_leads_to_it() {
    let world = world();
    let title = format!("{} ends here", "long ".repeat(90));
    let of = |n: i64| alert(&title).device("web-01.contoso.example").user(&format!("u{n}@contoso.example"));
    let mut alerts: Vec<_> = (0..30).map(|n| of(n).json()).collect();
    alerts.push(alert("Odd script").device("web-01.contoso.example").json());
    world.ingest(&alerts);
    let dana = world.browser("dana");
    let link = attribute(&dana.page("/incidents/1/alerts"), "a.group-count", "href");
    assert_eq!(text(&dana.page(&link), "[data-total]"), "30 alerts");
}

#[test]
fn letters_beyond_ascii_match_in_any_case_on_either_database() {
    let world = world();
    world.ingest(&[alert("One").category("\u{dc}bernahme").json(), alert("Two").category("Execution").json()]);
    let dana = world.browser("dana");
    for value in ["%C3%BCbernahme", "%C3%9Cbernahme", "%C3%9CBERNAHME"] {
        assert_eq!(titles(&dana, &format!("/alerts?category={value}")), ["One"], "{value}");
    }
}

#[test]
fn the_pane_in_the_tab_says_when_its_alert_is_of_another_incident_or_is_gone() {
    let world = world();
    let dana = three(&world);
    let shown = |path: &str| texts(&dana.page(path), "aside .facts dt").contains(&"Incident".to_owned());
    assert!(!shown("/incidents/1/alerts?pane=1") && shown("/incidents/1/alerts?pane=2") && shown("/alerts?pane=1"));
    assert!(texts(&dana.page("/incidents/1/alerts?pane=99"), ".notice").contains(&"There is no alert 99.".to_owned()));
}
