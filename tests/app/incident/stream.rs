//! GET /incidents/{id}/stream and /alerts/{id}/stream: what happens shows at once in every open pane and
//! page (R8).

use crate::support::page::text;
use crate::support::product::{Role, Tx, comment};
use crate::support::stream::Stream;
use crate::support::{Browser, World, alert, world};

fn follow(world: &World, browser: &Browser, incident: i64) -> Stream {
    Stream::open(world, browser, &format!("/incidents/{incident}/stream"), None)
}

fn say(browser: &Browser, incident: i64, body: &str) {
    assert_eq!(browser.post(&format!("/incidents/{incident}/comments"), &[("body", body)]).status, 303);
}

#[test]
fn r8_a_comment_reaches_everybody_who_has_the_incident_open() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    let path = format!("/incidents/{id}/stream");
    let mut watchers = [Stream::open(&world, &omar, &path, None), Stream::open(&world, &vic, &path, None)];
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Isolated the host")]);
    for watcher in &mut watchers {
        assert!(watcher.entry().contains("Isolated the host"));
    }
}

#[test]
fn who_else_looks_at_an_incident_is_told_while_they_do() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut first = follow(&world, &dana, id);
    assert_eq!(first.next("viewers").unwrap().data, "\n", "nobody else");
    let mut second = follow(&world, &omar, id);
    assert_eq!(second.next("viewers").unwrap().data, "Dana Reyes is also viewing this.\n");
    assert_eq!(first.next("viewers").unwrap().data, "Omar Haddad is also viewing this.\n");
    drop(second);
    assert_eq!(first.next("viewers").unwrap().data, "\n", "Omar has gone");
}

#[test]
fn who_is_writing_is_told_until_they_stop_or_leave() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut first = follow(&world, &dana, id);
    assert_eq!(first.next("viewers").unwrap().data, "\n");
    let path = format!("/incidents/{id}/editing");
    omar.post(&path, &[("editing", "yes")]);
    let second = follow(&world, &omar, id);
    assert_eq!(first.next("viewers").unwrap().data, "Omar Haddad is also viewing this.\n", "who was not there");
    omar.post(&path, &[("editing", "yes")]);
    assert_eq!(first.next("viewers").unwrap().data, "Omar Haddad is editing this.\n");
    omar.post(&path, &[("editing", "no")]);
    assert_eq!(first.next("viewers").unwrap().data, "Omar Haddad is also viewing this.\n");
    omar.post(&path, &[("editing", "yes")]);
    assert_eq!(first.next("viewers").unwrap().data, "Omar Haddad is editing this.\n");
    drop(second);
    assert_eq!(first.next("viewers").unwrap().data, "\n");
}

#[test]
fn an_edited_comment_reaches_open_pages_with_its_new_text() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = follow(&world, &omar, id);
    say(&dana, id, "First text");
    let posted = watcher.html();
    let entry = posted.split("id=\"entry-").nth(1).unwrap().split('"').next().unwrap();
    dana.post(&format!("/incidents/{id}/comments/{entry}"), &[("body", "Second text")]);
    let edited = watcher.next("edited").unwrap().data;
    assert!(edited.contains(&format!("id=\"entry-{entry}\"")) && edited.contains("Second text"), "{edited}");
    assert!(edited.contains("Earlier texts"), "{edited}");
}

#[test]
fn r8_every_entry_is_streamed_with_the_facts_that_changed() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("severity", "high")]);
    assert!(watcher.entry().contains("Severity: Medium (automatic) → High"));
    assert!(watcher.entry().contains("Status: Active → Resolved"));
    let state: serde_json::Value = serde_json::from_str(&watcher.next("state").unwrap().data).unwrap();
    assert!(state["text"].to_string().contains(r#"["activeAlerts","0/1"]"#), "{state}");
    assert!(state["fields"].to_string().contains(r#"["status","resolved"]"#), "{state}");
}

#[test]
fn r19_that_the_source_resolved_all_alerts_reaches_an_open_pane() {
    let world = world();
    let open = alert("One").id("1").device("web-01.contoso.test").json();
    let id = world.ingest(std::slice::from_ref(&open))[0];
    let omar = world.browser("omar");
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    let mut resolved = open;
    resolved["status"] = "resolved".into();
    resolved["lastUpdateDateTime"] = "2099-01-01T00:00:00Z".into();
    world.ingest(&[resolved]);
    let state = watcher.next("state").unwrap().data;
    assert!(state.contains(r#"["allAlertsResolved","All alerts resolved at the source."]"#), "{state}");
}

#[test]
fn r8_an_alert_page_follows_its_alert_through_a_move() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, "/alerts/1/stream", None);
    dana.post("/alerts/1/comments", &[("body", "First")]);
    assert!(watcher.entry().contains("First"));
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    assert!(watcher.entry().contains(&format!("moved here from incident {one}")));
    dana.post("/alerts/1/comments", &[("body", "Second")]);
    assert!(watcher.entry().contains("Second"));
}

#[test]
fn what_was_missed_is_replayed_once_after_a_disconnect() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}/stream");
    let say = |body: &str| dana.post(&format!("/incidents/{id}/comments"), &[("body", body)]);
    let mut watcher = Stream::open(&world, &omar, &path, None);
    say("Seen");
    let last = watcher.next("entry").unwrap().id;
    drop(watcher);
    say("Missed one");
    say("Missed two");
    let mut watcher = Stream::open(&world, &omar, &path, Some(&last));
    assert!(watcher.entry().contains("Missed one"));
    assert!(watcher.entry().contains("Missed two"));
    say("Next");
    assert!(watcher.entry().contains("Next"), "nothing came twice");
}

#[test]
fn after_a_restart_streams_resume_and_people_are_still_signed_in() {
    let mut world = world();
    let id = world.incident("One");
    let omar = world.browser("omar");
    let path = format!("/incidents/{id}/stream");
    let mut watcher = Stream::open(&world, &omar, &path, None);
    omar.post(&format!("/incidents/{id}/comments"), &[("body", "Before")]);
    let last = watcher.next("entry").unwrap().id;
    world.stop();
    assert!(watcher.next("entry").is_none(), "an open stream ends at once when the server stops");
    world.start();
    omar.post(&format!("/incidents/{id}/comments"), &[("body", "After")]);
    let mut watcher = Stream::open(&world, &omar, &path, Some(&last));
    assert!(watcher.entry().contains("After"));
}

#[test]
fn a_stream_needs_a_session_and_ends_with_it() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}/stream");
    let nobody = crate::support::Browser::new(&world.base);
    assert_eq!(Stream::open(&world, &nobody, &path, None).status, 303);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &path, None);
    let cookie = omar.cookie();
    omar.post("/logout", &[]);
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Secret")]);
    assert!(watcher.next("entry").is_none(), "signed out with {cookie}, saw an entry");
    assert_eq!(Stream::open(&world, &dana, "/incidents/99/stream", None).status, 404);
}

#[test]
fn a_new_alert_shows_in_the_open_pane() {
    let world = world();
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let omar = world.browser("omar");
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    world.ingest(&[alert("Two").device("a.contoso.example").json()]);
    assert!(watcher.entry().contains("Alert Two Alert added. Same device a.contoso.example"));
}

#[test]
fn r15_each_follower_sees_times_of_their_own_zone() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    omar.set_cookie("tz", "Asia%2FTokyo");
    vic.set_cookie("tz", "America%2FLima");
    let mut streams = [follow(&world, &omar, id), follow(&world, &vic, id)];
    say(&dana, id, "Isolated the host");
    let streamed = streams.each_mut().map(Stream::entry);
    assert_ne!(streamed[0], streamed[1]);
    for (browser, streamed) in [&omar, &vic].into_iter().zip(streamed) {
        let page = browser.page(&format!("/incidents/{id}/history"));
        assert_eq!(streamed, text(&page, ".entry"), "as their page shows it");
    }
}

#[test]
fn undo_buttons_of_a_stream_are_for_those_who_may_use_them_and_have_no_token() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    let (mut working, mut looking) = (follow(&world, &omar, id), follow(&world, &vic, id));
    dana.post(&format!("/incidents/{id}"), &[("status", "inProgress")]);
    let (working, looking) = (working.html(), looking.html());
    assert!(working.contains("Active → In progress") && looking.contains("Active → In progress"));
    assert!(!looking.contains("<form"), "{looking}");
    assert!(!working.contains("csrf"), "{working}");
    let (_, action) = working.split_once("action=\"").unwrap();
    let (action, _) = action.split_once('"').unwrap();
    assert_eq!(omar.post(action, &[("return_to", "/incidents")]).status, 303);
    assert!(world.browser("dana").incidents()[0]["status"] == "active");
}

#[test]
fn what_may_be_done_follows_the_role_while_the_stream_is_open() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = follow(&world, &omar, id);
    dana.post(&format!("/incidents/{id}"), &[("status", "inProgress")]);
    assert!(watcher.html().contains("<form"));
    world.set_role("omar", Role::Viewer);
    dana.post(&format!("/incidents/{id}"), &[("status", "active")]);
    assert!(!watcher.html().contains("<form"));
    world.set_role("omar", Role::Analyst);
    dana.post(&format!("/incidents/{id}"), &[("status", "inProgress")]);
    assert!(watcher.html().contains("<form"));
}

#[test]
fn of_those_who_follow_only_the_disabled_and_the_signed_out_lose_their_stream() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    let vic_at_home = world.browser("vic");
    let mut streams = [&dana, &omar, &vic, &vic_at_home].map(|browser| follow(&world, browser, id));
    world.disable("omar");
    vic_at_home.post("/logout", &[]);
    say(&dana, id, "Only for those who are here");
    let [danas, omars, vics, at_home] = &mut streams;
    assert!(omars.next("entry").is_none());
    assert!(at_home.next("entry").is_none());
    assert!(danas.entry().contains("Only for those who are here"));
    assert!(vics.entry().contains("Only for those who are here"));
}

#[test]
fn a_follower_that_does_not_keep_up_gets_everything_once_and_holds_nobody_up() {
    const MANY: usize = 320;
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    let (mut slow, mut quick) = (follow(&world, &omar, id), follow(&world, &vic, id));
    // At once, as from another process: more batches than wait for a follower, more bytes than its connection buffers.
    let (actor, text) = (world.actor("dana"), "word ".repeat(3_000));
    let post = |tx: &mut Tx<'_>| {
        (0..MANY).try_for_each(|number| comment::post(tx, &actor, id, &format!("{number} {text}")).map(drop))
    };
    world.db.write_now(post).unwrap();
    for stream in [&mut quick, &mut slow] {
        for number in 0..MANY {
            assert!(stream.html().contains(&format!("<p>{number} word")), "{number}: in order, none lost or twice");
        }
    }
    say(&dana, id, "The last one");
    assert!(quick.entry().contains("The last one"));
    assert!(slow.entry().contains("The last one"));
}

#[test]
fn one_stream_too_many_ends_the_oldest_of_that_person_and_of_nobody_else() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut danas = follow(&world, &dana, id);
    let mut streams: Vec<Stream> = (0..33).map(|_| follow(&world, &omar, id)).collect();
    assert!(streams[0].next("entry").is_none(), "its place was taken");
    say(&dana, id, "Still followed");
    for stream in streams.iter_mut().skip(1).chain([&mut danas]) {
        assert!(stream.entry().contains("Still followed"));
    }
}

#[test]
fn with_all_streams_taken_pages_work_without_and_a_free_place_is_used() {
    let mut world = world();
    let id = world.incident("One");
    world.restart_with(|config| config.max_streams = 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let taken = follow(&world, &omar, id);
    let refused = dana.get(&format!("/incidents/{id}/stream"));
    assert_eq!(refused.status, 503);
    assert!(refused.headers.contains(&("retry-after".into(), "30".into())));
    dana.page(&format!("/incidents/{id}"));
    say(&dana, id, "Without a stream");
    let mut newer = follow(&world, &omar, id);
    assert_eq!(newer.status, 200, "the same person may look at something else");
    say(&dana, id, "Seen");
    assert!(newer.entry().contains("Seen"));
    drop((taken, newer));
    // The server notices a connection that has gone when it next sends something.
    say(&dana, id, "Nobody there");
    assert_eq!(until_there_is_a_place(&world, &dana, id).status, 200);
}

fn until_there_is_a_place(world: &World, browser: &Browser, incident: i64) -> Stream {
    let tries = std::iter::repeat_with(|| follow(world, browser, incident)).take(1_000);
    tries.into_iter().find(|stream| stream.status == 200).expect("no place became free")
}
