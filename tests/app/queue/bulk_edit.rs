//! Many incidents in one act: selected rows, or everything that a filter finds, as a job that can be
//! killed and goes on, and is undone by one click.

use std::time::{Duration, Instant};

use crate::support::product::{BulkEdit, OperationKind, jobs};

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Answer, Browser, World, alert, world};

const FILTER: &str = "/incidents?range=all&device=host";

/// So many incidents of `alerts` alerts each, every one on a device of its own.
fn incidents(world: &World, count: usize, alerts: usize) {
    let many: Vec<_> = (0..count * alerts)
        .map(|n| {
            let host = format!("host-{}.contoso.test", n / alerts);
            alert(&format!("Seen {}", n % alerts)).device(&host).json()
        })
        .collect();
    for part in many.chunks(1000) {
        world.ingest(part);
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents"), i64::try_from(count).unwrap());
}

/// The fields of a form, as a browser would send them with one of its buttons.
fn form(answer: &Answer, selector: &str) -> Vec<(String, String)> {
    let page = answer.html();
    let fields = select(&page, &format!("{selector} input[type=hidden]"));
    fields
        .into_iter()
        .map(|field| {
            let of = |name| field.attr(name).unwrap_or_default().to_owned();
            (of("name"), of("value"))
        })
        .collect()
}

fn send(browser: &Browser, fields: &[(String, String)], more: &[(&str, &str)]) -> Answer {
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| *name != "csrf")
        .collect();
    all.extend(more);
    browser.post("/incidents/bulk", &all)
}

/// Looks at an operation until it is done; gives its page.
fn done(browser: &Browser, path: &str) -> scraper::Html {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let page = browser.page(path);
        if select(&page, "[data-job=running]").is_empty() {
            return page;
        }
        assert!(Instant::now() < end, "{}", text(&page, "main"));
    }
}

fn open(world: &World) -> i64 {
    world.count("SELECT count(*) AS n FROM incidents WHERE status <> 'resolved'")
}

#[test]
fn all_that_a_filter_finds_is_resolved_by_one_act_with_one_note_and_undone_by_one_click() {
    let world = world();
    incidents(&world, 500, 4);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post("/alerts/1", &[("status", "resolved")]);
    omar.post("/incidents/7", &[("status", "resolved"), ("resolving_note", "Known")]);
    let before = world.count("SELECT CAST(sum(open_alert_count) AS bigint) AS n FROM incidents");
    let every = format!("{FILTER}&status=all");
    let page = dana.page(&every);
    assert_eq!(texts(&page, "[data-manage-all]"), ["Manage all 500 that match"]);
    let manage = dana.post("/incidents/bulk", &[("act", "manage-all"), ("filter", &every), ("return_to", &every)]);
    assert_eq!(texts(&manage.html(), "h1"), ["Manage 500 incidents"], "{}", manage.text());
    let typed = [("status", "resolved"), ("resolving_note", "Exercise is over"), ("act", "preview")];
    let preview = send(&dana, &form(&manage, "section form"), &typed);
    assert_eq!(text(&preview.html(), "h1"), "499 incidents will change");
    let said = preview.text();
    assert!(said.contains(&format!("{before} open alerts will be resolved with them.")), "{said}");
    assert!(said.contains("499 Status: Active → Resolved. Resolving note: Exercise is over"), "{said}");
    assert_eq!(open(&world), 499, "nothing was written yet");
    let started = send(&dana, &form(&preview, "main form"), &[("act", "apply")]);
    assert_eq!(started.status, 303, "{}", started.text());
    let page = done(&dana, &started.location);
    assert_eq!(text(&page, "h1"), "499 incidents changed");
    assert_eq!((open(&world), world.count("SELECT CAST(sum(open_alert_count) AS bigint) AS n FROM incidents")), (0, 0));
    assert!(dana.history(1)[0].contains("Status: Active → Resolved. Resolving note: Exercise is over"));
    assert!(dana.history(1)[0].contains("3 alerts changed with it"), "{:?}", dana.history(1)[0]);
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents WHERE resolving_note = 'Exercise is over'"), 499);

    let undo = attribute(&page, "main form", "action");
    let undoing = dana.post(&undo, &[]);
    assert_eq!(undoing.status, 303, "{}", undoing.text());
    let page = done(&dana, &undoing.location);
    assert_eq!(text(&page, "h1"), "Undone in 499 incidents");
    assert_eq!(open(&world), 499);
    assert_eq!(world.count("SELECT CAST(sum(open_alert_count) AS bigint) AS n FROM incidents"), before);
    assert!(dana.history(1)[0].contains("Undo. Status: Resolved → Active"), "{:?}", dana.history(1)[0]);
    assert!(dana.history(7)[0].contains("Known"), "what was not part of it was left alone");
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents i WHERE revision <> (SELECT count(*) FROM history h WHERE h.incident_id = i.id)"), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts a WHERE revision <> (SELECT count(*) FROM history h WHERE h.alert_id = a.id)"), 0);
    assert_eq!(dana.post(&undo, &[]).status, 422);
}

#[test]
fn a_job_that_a_stopped_server_left_is_gone_on_with_and_told() {
    let mut world = world();
    incidents(&world, 250, 1);
    let ids: Vec<i64> = (1..=250).collect();
    let asked = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let actor = world.actor("dana");
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &asked, &ids)).unwrap();
    assert!(jobs::step(&world.db, id).unwrap());
    assert_eq!(open(&world), 150, "each is done or not done");
    assert_eq!(world.count("SELECT count(*) AS n FROM operation_items WHERE state = 'done'"), 100);
    let dana = world.browser("dana");
    let page = dana.page(&format!("/operations/{id}"));
    assert_eq!(attribute(&page, "progress", "value"), "100");
    assert!(dana.get(&format!("/operations/{id}")).body.contains("<meta http-equiv=\"refresh\""));
    let undo = format!("/operations/{id}/undo");
    assert!(dana.post(&undo, &[]).text().contains("still being worked on"));
    world.stop();
    world.start();
    let dana = world.browser("dana");
    let page = done(&dana, &format!("/operations/{id}"));
    assert_eq!(text(&page, "h1"), "250 incidents changed");
    assert!(text(&page, "main .notice").contains("The server was started again in between"));
    assert_eq!(open(&world), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM history WHERE kind = 'statusSet'"), 250, "none twice");
}

#[test]
fn every_field_of_the_form_reaches_every_incident_and_is_undone() {
    let world = world();
    incidents(&world, 3, 2);
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("tags", "Old, Keep")]);
    let priority = || world.count("SELECT priority AS n FROM incidents WHERE id = 1");
    let before = priority();
    let fields = [
        ("ids", "1"),
        ("ids", "2"),
        ("ids", "3"),
        ("severity", "high"),
        ("status", "inProgress"),
        ("classification", "truePositive:malware"),
        ("assigned_to", "omar"),
        ("add_tags", "New"),
        ("remove_tags", "old"),
        ("comment", "Same **campaign**"),
    ];
    let answer = dana.post("/incidents/bulk", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "[data-flash] p"), "3 incidents changed.");
    let one = dana.page("/incidents/1");
    assert_eq!(texts(&one, ".head-facts .tag"), ["Keep", "New"]);
    assert_eq!(text(&one, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(text(&one, ".head-facts .severity"), "High");
    assert!(priority() > before, "its priority follows");
    assert_eq!(text(&one, "[data-live=classification]"), "True positive - Malware");
    assert!(dana.history(3).iter().any(|entry| entry.contains("Same campaign")));
    let answer = dana.post(&attribute(&page, "[data-flash] form", "action"), &[("return_to", "/incidents")]);
    let said = text(&dana.page(&answer.location), "[data-flash] p");
    assert_eq!(said, "Undone in 3 incidents. The comment stays.");
    let one = dana.page("/incidents/1");
    assert_eq!(texts(&one, ".head-facts .tag"), ["Keep", "Old"]);
    assert_eq!(text(&one, ".head-facts .severity"), "Medium");
    assert_eq!(priority(), before);
    assert_eq!(
        world.count("SELECT count(*) AS n FROM alerts WHERE assigned_to IS NOT NULL OR classification <> 'unknown'"),
        0
    );
    assert_eq!(world.count("SELECT count(*) AS n FROM history WHERE kind = 'commented'"), 3);
}

#[test]
fn a_preview_tells_what_will_not_change_and_why() {
    let world = world();
    incidents(&world, 3, 1);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", "2")]);
    dana.post("/incidents/3", &[("status", "inProgress")]);
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("status", "inProgress"), ("act", "preview")];
    let preview = dana.post("/incidents/bulk", &ids);
    let said = preview.text();
    assert!(said.contains("1 incident will change"), "{said}");
    assert!(said.contains("2 incidents will not change"), "{said}");
    assert!(said.contains("1 Redirected to another incident: 1") && said.contains("1 So already: 3"), "{said}");
    let back = send(&dana, &form(&preview, "main form"), &[("act", "manage")]);
    assert_eq!(texts(&back.html(), "#b-status option[selected]"), ["In progress"], "what was typed is kept");
}

#[test]
fn what_others_changed_since_one_looked_is_left_alone_and_told() {
    let world = world();
    incidents(&world, 4, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("act", "manage")];
    let manage = dana.post("/incidents/bulk", &ids);
    omar.post("/incidents/2", &[("severity", "high")]);
    world.ingest(&[alert("Fresh").device("host-2.contoso.test").json()]);
    let answer = send(&dana, &form(&manage, "section form"), &[("status", "resolved"), ("act", "save")]);
    let said = text(&dana.page(&answer.location), "[data-flash] p");
    assert_eq!(
        said,
        "1 incident changed. 1 left alone: Changed by Omar Haddad since you looked. \
         1 left alone: New alerts came in since you looked."
    );
}

#[test]
fn a_partial_undo_of_many_names_which_and_why() {
    let world = world();
    incidents(&world, 2, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let answer = dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "2"), ("status", "inProgress")]);
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    omar.post("/incidents/2", &[("status", "resolved")]);
    let answer = dana.post(&undo, &[]);
    let page = dana.page(&answer.location);
    let said = text(&page, "[data-flash] p");
    assert_eq!(said, "Undone in 1 incident. But: Incident 2: Status stays Resolved: Omar Haddad changed it since.");
    assert!(text(&page, "main").contains("1 Status stays Resolved: Omar Haddad changed it since."));
}

#[test]
fn bad_input_is_refused_with_everything_typed_and_nothing_changed() {
    let world = world();
    incidents(&world, 2, 1);
    let dana = world.browser("dana");
    let both = [("ids", "1"), ("ids", "2"), ("add_tags", "VIP"), ("remove_tags", "vip"), ("status", "resolved")];
    let answer = dana.post("/incidents/bulk", &both);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("is to be added and removed"), "{}", answer.text());
    assert_eq!(attribute(&answer.html(), "#b-tags", "value"), "VIP");
    assert_eq!(dana.post("/incidents/bulk", &[("ids", "1"), ("assigned_to", "vic")]).status, 422);
    assert_eq!(dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "99"), ("status", "resolved")]).status, 404);
    assert_eq!(world.count("SELECT count(*) AS n FROM operations"), 0);
    assert_eq!(open(&world), 2);
}

#[test]
fn viewers_are_refused_and_one_who_may_no_longer_work_leaves_the_rest_undone() {
    let world = world();
    incidents(&world, 2, 1);
    let vic = world.browser("vic");
    assert_eq!(vic.post("/incidents/bulk", &[("ids", "1"), ("status", "resolved")]).status, 403);
    assert_eq!(vic.post("/incidents/merge", &[("ids", "1"), ("ids", "2")]).status, 403);
    let actor = world.actor("vic");
    let asked = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &asked, &[1, 2])).unwrap();
    while jobs::step(&world.db, id).unwrap() {}
    assert_eq!(open(&world), 2);
    let page = vic.page(&format!("/operations/{id}"));
    assert!(text(&page, "main").contains("2 Vic Moreau may no longer change incidents"), "{}", text(&page, "main"));
    assert!(select(&page, "main form").is_empty(), "and is offered no undo");
}

#[test]
fn a_form_sent_twice_is_done_once() {
    let world = world();
    incidents(&world, 2, 1);
    let dana = world.browser("dana");
    let manage = dana.post("/incidents/bulk", &[("act", "manage"), ("ids", "1"), ("ids", "2")]);
    let fields = form(&manage, "section form");
    let first = send(&dana, &fields, &[("comment", "Seen before"), ("act", "save")]);
    let again = send(&dana, &fields, &[("comment", "Seen before"), ("act", "save")]);
    assert_eq!((first.status, again.status), (303, 303), "{}", again.text());
    assert!(again.location.starts_with("/operations/"), "{}", again.location);
    assert_eq!(text(&dana.page(&again.location), "h1"), "2 incidents changed");
    assert_eq!(world.count("SELECT count(*) AS n FROM history WHERE kind = 'commented'"), 2);
    // Gone back to with something else typed, it is another act.
    assert_eq!(send(&dana, &fields, &[("comment", "Seen again"), ("act", "save")]).status, 303);
    assert_eq!(world.count("SELECT count(*) AS n FROM history WHERE kind = 'commented'"), 4);
}

#[test]
fn a_job_outlives_a_database_that_fails_for_a_moment() {
    let world = world();
    incidents(&world, 3, 1);
    let actor = world.actor("dana");
    let asked = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &asked, &[1, 2, 3])).unwrap();
    let rename = |from: &str, to: &str| world.execute(&format!("ALTER TABLE {from} RENAME TO {to}"));
    rename("incident_tags", "away");
    let (sender, receiver) = std::sync::mpsc::channel();
    let db = world.db.clone();
    std::thread::spawn(move || sender.send(jobs::step(&db, id).is_ok()));
    assert!(receiver.recv_timeout(Duration::from_millis(500)).is_err(), "it is tried again and again");
    rename("away", "incident_tags");
    assert!(receiver.recv_timeout(Duration::from_secs(30)).unwrap());
    assert_eq!(open(&world), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM operation_items WHERE state = 'done'"), 3);
}

#[test]
fn the_manage_forms_own_fields_mean_the_same_over_many() {
    let world = world();
    incidents(&world, 2, 1);
    let dana = world.browser("dana");
    let both = [("ids", "1"), ("ids", "2")];
    let act = |more: &[(&str, &str)]| dana.post("/incidents/bulk", &[&both, more].concat());
    let is = |place: &str| text(&dana.page("/incidents/1"), place);
    let asked = [
        ("classification", "falsePositive"),
        ("determination", "notMalicious"),
        ("tags", "VIP"),
        ("assigned_to", "omar"),
    ];
    assert_eq!(act(&asked).status, 303);
    assert_eq!(is("[data-live=classification]"), "False positive - Not malicious");
    assert_eq!((is(".head-facts .tag"), is(".head-facts [data-live=owner]")), ("VIP".into(), "Omar Haddad".into()));
    assert_eq!(act(&[("classification", "falsePositive")]).status, 303);
    assert_eq!(is("[data-live=classification]"), "False positive - Not malicious", "a determination that fits stays");
    assert_eq!(act(&[("determination", "phishing")]).status, 422, "it goes with a classification");
    assert_eq!(act(&[("classification", "falsePositive"), ("determination", "phishing")]).status, 422);
    assert_eq!(act(&[("assigned_to", "*"), ("status", "inProgress")]).status, 303);
    assert_eq!(is(".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(act(&[("assigned_to", "")]).status, 303);
    assert_eq!(is(".head-facts [data-live=owner]"), "Unassigned", "empty is cleared");
}

#[test]
fn a_preview_tells_what_the_act_will_do_not_what_it_would_have_done() {
    let world = world();
    incidents(&world, 3, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    dana.post("/incidents/1", &[("severity", "high")]);
    dana.post("/incidents/3", &[("assigned_to", "dana")]);
    omar.post("/alerts/3", &[("assigned_to", "omar")]);
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("act", "manage")];
    let manage = dana.post("/incidents/bulk", &ids);
    omar.post("/incidents/2", &[("severity", "low")]);
    // What is said about an incident changes nothing that was looked at.
    omar.post("/incidents/1/comments", &[("body", "Look at this")]);
    let typed = [("severity", "automatic"), ("assigned_to", "dana"), ("act", "preview")];
    let preview = send(&dana, &form(&manage, "section form"), &typed);
    let said = text(&preview.html(), "main");
    assert!(said.contains("2 incidents will change"), "{said}");
    assert!(said.contains("Severity: High → Medium"), "{said}");
    assert!(said.contains("1 Its alerts are brought along: 3"), "{said}");
    assert!(said.contains("1 Changed by Omar Haddad since you looked: 2"), "{said}");
    let applied = send(&dana, &form(&preview, "main form"), &[("act", "apply")]);
    let told = text(&dana.page(&applied.location), "[data-flash] p");
    assert_eq!(told, "2 incidents changed. 1 left alone: Changed by Omar Haddad since you looked.");
}

#[test]
fn what_an_undo_left_is_undone_once_nothing_stands_in_its_way() {
    let world = world();
    incidents(&world, 2, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let answer = dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "2"), ("status", "inProgress")]);
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    let answer = omar.post("/incidents/2", &[("status", "resolved")]);
    let his = attribute(&omar.page(&answer.location), "[data-flash] form", "action");
    assert_eq!(dana.post(&undo, &[]).status, 303);
    assert_eq!(dana.post(&undo, &[]).status, 422, "it still stands in the way");
    assert_eq!(omar.post(&his, &[]).status, 303);
    let answer = dana.post(&undo, &[]);
    assert_eq!(text(&dana.page(&answer.location), "[data-flash] p"), "Undone in 1 incident.");
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents WHERE status = 'active'"), 2);
    assert_eq!(dana.post(&undo, &[]).status, 422, "and then it is undone");
}

#[test]
fn a_filter_that_is_not_known_changes_nothing() {
    let world = world();
    incidents(&world, 2, 1);
    let dana = world.browser("dana");
    for filter in ["/incidents?assignedTo=ghost", "/incidents?asignedTo=me", "/incidents?status=bogus", "garbage", ""] {
        for act in ["manage", "preview", "apply"] {
            let fields = [("scope", "filter"), ("filter", filter), ("act", act), ("status", "resolved")];
            let answer = dana.post("/incidents/bulk", &fields);
            assert_eq!(answer.status, 422, "{filter} {act}");
            assert!(answer.text().contains("nothing was changed"), "{}", answer.text());
        }
    }
    assert_eq!(open(&world), 2);
}
