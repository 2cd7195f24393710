//! The Attack story tab, and GET /alerts/{id}/evidence, which it opens in place.

use scraper::Html;
use serde_json::{Value, json};

use crate::support::page::{attribute, select, text, texts};
use crate::support::{AlertBuilder, Browser, World, alert, minutes_ago, world};

const USER: &str = "ana@contoso.example";

/// What one account did, some minutes ago.
fn by_ana(title: &str, minutes: i64) -> AlertBuilder {
    alert(title).user(USER).minutes_ago(minutes)
}

/// A sign-in, three scripts on a host, and a mail rule two hours later.
fn attack(world: &World) -> i64 {
    let script = |minutes| by_ana("Odd script", minutes).severity("high").device("ws-1.contoso.example").json();
    world.ingest(&[
        by_ana("Mail rule", 60).category("Collection").severity("low").mailbox("boss@contoso.example").json(),
        by_ana("Odd sign-in", 190).category("InitialAccess").ip("203.0.113.7").json(),
        script(187),
        script(186),
        script(180),
    ])[0]
}

fn story(browser: &Browser, incident: i64) -> Html {
    browser.page(&format!("/incidents/{incident}"))
}

fn lines(page: &Html) -> Vec<String> {
    texts(page, ".line-alert > summary")
}

fn boxes(page: &Html) -> Vec<String> {
    texts(page, "svg .node title")
}

/// How many alerts the lines of a page stand for.
fn alerts_told(page: &Html) -> usize {
    let times = |line: String| line.rsplit_once(' ').and_then(|(rest, _)| rest.rsplit(' ').next()?.parse().ok());
    let counts = |line: String| if line.ends_with(" times") { times(line).unwrap_or(1) } else { 1 };
    lines(page).into_iter().map(counts).sum()
}

#[test]
fn the_first_tab_tells_who_began_it_and_what_was_touched_in_which_order() {
    let world = world();
    let id = attack(&world);
    let dana = world.browser("dana");
    let page = story(&dana, id);
    assert_eq!(text(&page, ".tabs [aria-current=page]"), "Attack story");
    let beginning = text(&page, ".story-beginning > p:not(.story-facts)");
    assert!(beginning.starts_with("Began with the user ana,") && beginning.ends_with(": Odd sign-in."), "{beginning}");
    assert_eq!(
        texts(&page, ".touched li"),
        ["IP address 203.0.113.7 at the same time", "device ws-1 after 3 minutes", "mailbox boss after 2 hours"]
    );
    assert_eq!(text(&page, ".big"), "5/5 active alerts");
    let same = |path: &str| lines(&dana.page(path)) == lines(&page);
    assert!(same(&format!("/incidents/{id}/story")), "its name is an address, too");
    assert_eq!(dana.get("/incidents/99/story").status, 404);
}

#[test]
fn alerts_stand_in_order_of_time_with_repeats_as_one_line_and_long_pauses_told() {
    let world = world();
    let id = attack(&world);
    let dana = world.browser("dana");
    let page = story(&dana, id);
    assert_eq!(lines(&page), ["Odd sign-in", "Odd script 3 times", "Mail rule"]);
    assert_eq!(texts(&page, ".line-gap"), ["2 hours without alerts"]);
    assert_eq!(texts(&page, ".line-repeats li").len(), 3);
    assert_eq!(texts(&page, ".line-row .severity"), ["Medium", "High", "Low"]);
    dana.post("/alerts/3", &[("status", "resolved")]);
    assert_eq!(texts(&story(&dana, id), ".line-row .status"), ["New", "2 of 3 open", "New"]);
}

#[test]
fn the_text_tells_the_same_as_the_time_line() {
    let world = world();
    let id = attack(&world);
    let told = texts(&story(&world.browser("dana"), id), ".told li");
    let without_time = |line: &str| {
        let (before, after) = line.split_once(": ").unwrap();
        let later = before.split_once(", ").map(|(later, _)| format!("{later}, ")).unwrap_or_default();
        (if later.contains("later") { later } else { String::new() }) + after
    };
    let told: Vec<String> = told.iter().map(|line| without_time(line)).collect();
    assert_eq!(
        told,
        [
            "Odd sign-in by ana.",
            "3 minutes later, Odd script on ws-1 by ana, 3 times in 7 minutes.",
            "2 hours later, Mail rule by ana in mailbox boss.",
        ]
    );
}

#[test]
fn every_number_leads_to_exactly_so_many_alerts() {
    let world = world();
    let id = attack(&world);
    world.ingest(&["Malware", "malware"].map(|category| by_ana("Odd file", 30).category(category).json()));
    let dana = world.browser("dana");
    let mut followed = 0;
    for lanes in ["", "?lanes=asset", "?category=execution", "?severity=high"] {
        let page = dana.page(&format!("/incidents/{id}{lanes}"));
        let cells = select(&page, ".lane-cell").into_iter().map(|cell| (cell, cell.text().next().unwrap().trim()));
        let chips = select(&page, ".story-filter .chip:not([aria-current])").into_iter();
        let chips = chips.map(|chip| (chip, chip.text().last().unwrap()));
        for (link, count) in cells.chain(chips) {
            let href = link.attr("href").unwrap();
            assert_eq!(alerts_told(&dana.page(href)), count.parse::<usize>().unwrap(), "{href}");
            followed += 1;
        }
    }
    assert!(followed >= 12, "{followed} links");
    let all = dana.page(&format!("/incidents/{id}?category=Collection"));
    assert_eq!(texts(&all, ".lanes tbody th a"), ["Collection"]);
    assert_eq!(lines(&dana.page(&attribute(&all, ".story-filter li:last-child a", "href"))).len(), 4, "all alerts");
}

#[test]
fn what_an_address_asks_for_in_vain_is_named_and_the_rest_is_followed() {
    let world = world();
    let id = attack(&world);
    let dana = world.browser("dana");
    let page = dana.page(&format!(
        "/incidents/{id}?severity=dire&severity=high&category=Magic&entity=99&kind=soul&from=soon&step=9&colour=red&skip=700"
    ));
    let ignored = texts(&page, ".notice code");
    for parameter in
        ["severity=dire", "category=Magic", "entity=99", "kind=soul", "from=soon", "step=9", "colour=red", "skip=700"]
    {
        assert!(ignored.iter().any(|one| one == parameter), "{parameter}: {ignored:?}");
    }
    assert_eq!(lines(&page), ["Odd script 3 times"]);
    let nothing = dana.page(&format!("/incidents/{id}?from=2001-01-01&to=2001-02-01"));
    assert!(
        text(&nothing, ".empty").contains("No alert of this incident matches the filter."),
        "{}",
        text(&nothing, ".empty")
    );
}

#[test]
fn the_graph_shows_alerts_and_entities_and_each_box_leads_on() {
    let world = world();
    let id = attack(&world);
    let dana = world.browser("dana");
    let page = story(&dana, id);
    let all = boxes(&page);
    assert_eq!(all.len(), 7, "{all:?}");
    for shown in ["Odd script: High severity", "User: ana", "Mailbox: boss", "IP address: 203.0.113.7"] {
        assert!(all.iter().any(|title| title.starts_with(shown)), "{shown}: {all:?}");
    }
    assert_eq!(select(&page, "svg .edge").len(), 6);
    assert!(attribute(&page, "svg.graph", "aria-label").starts_with("Graph of 5 alerts and 4 entities"));
    for link in select(&page, "svg .node") {
        let href = link.attr("href").unwrap();
        match href.split_once('#') {
            Some((_, row)) => assert_eq!(select(&page, &format!(".line-row#{row}")).len(), 1, "{href}"),
            None => assert!(href.starts_with("/entities/") && dana.get(href).status == 200, "{href}"),
        }
    }
    let only = |kind: &str| boxes(&dana.page(&format!("/incidents/{id}?kind={kind}"))).len();
    assert_eq!((only("mailbox"), only("user")), (4, 4));
}

#[test]
fn the_graph_goes_step_by_step_through_time() {
    let world = world();
    let id = attack(&world);
    let dana = world.browser("dana");
    let first = dana.page(&attribute(&story(&dana, id), ".line-step", "href"));
    assert!(text(&first, ".graph-steps span").starts_with("Step 1 of 3: "), "{}", text(&first, ".graph-steps span"));
    assert_eq!(boxes(&first).len(), 3, "the sign-in, the account and its address");
    let step = |page: &Html, name: &str| {
        let links = select(page, ".graph-steps a").into_iter();
        links
            .filter(|link| link.text().collect::<String>() == name)
            .find_map(|link| link.attr("href"))
            .map(str::to_owned)
    };
    let second = dana.page(&step(&first, "Next").unwrap());
    assert_eq!(texts(&second, "[aria-current=step] summary"), ["Odd script 3 times"]);
    let new = texts(&second, "svg .is-new text").join(" ");
    assert!(new.contains("Device, new") && new.contains("Now: 2 High") && !new.contains("User"), "{new}");
    let third = dana.page(&step(&second, "Next").unwrap());
    assert!(step(&third, "Next").is_none() && boxes(&third).len() == 7);
    assert_eq!(boxes(&dana.page(&step(&third, "Previous").unwrap())), boxes(&second));
    assert_eq!(boxes(&dana.page(&step(&third, "Whole story").unwrap())).len(), 7);
}

#[test]
fn an_alert_leads_to_its_evidence_with_command_line_and_process_tree() {
    let world = world();
    let process = |name: &str, id: u32, parent: u32, command: &str| {
        json!({
            "@odata.type": "#microsoft.graph.security.processEvidence", "processId": id, "parentProcessId": parent,
            "processCommandLine": command, "imageFile": {"fileName": name, "filePath": "C:\\Windows"},
        })
    };
    let id = world.ingest(&[by_ana("Odd script", 5)
        .device("ws-1.contoso.example")
        .evidence(process("cmd.exe", 7, 1, "cmd.exe /c start"))
        .evidence(process("powershell.exe", 8, 7, "powershell.exe -enc AAAA"))
        .json()])[0];
    let dana = world.browser("dana");
    let href = attribute(&story(&dana, id), "[data-evidence-link]", "href");
    assert_eq!(href, "/alerts/1/evidence");
    let evidence = dana.page(&href);
    let told = text(&evidence, "[data-evidence]");
    for part in ["powershell.exe -enc AAAA", "cmd.exe /c start", "ws-1", "ana"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(text(&evidence, ".process-tree ul ul").contains("powershell.exe"));
    assert_eq!(dana.get("/alerts/99/evidence").status, 404);
    assert_eq!(dana.get("/alerts/x/evidence").status, 404);
}

/// An incident of many alerts as a provider reports it, a file and a title each.
fn long_incident(alerts: i64) -> Value {
    let alert = |number: i64| {
        let file = json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "fileDetails": {"fileName": format!("tool{number}.exe"), "sha256": format!("{number:064x}")},
        });
        by_ana(&format!("Tool {number} started"), 500 - number).id(&format!("long-{number}")).evidence(file).json()
    };
    json!({
        "id": "long", "displayName": "A long story", "severity": "high", "status": "active",
        "createdDateTime": minutes_ago(500), "lastUpdateDateTime": minutes_ago(1),
        "alerts": (0..alerts).map(alert).collect::<Vec<_>>(),
    })
}

#[test]
fn a_long_story_is_told_in_pages_and_its_graph_stays_small() {
    let world = world();
    world.post_alerts(&long_incident(230).to_string());
    let dana = world.browser("dana");
    let page = story(&dana, 1);
    assert_eq!((lines(&page).len(), texts(&page, ".told li").len()), (100, 100));
    assert_eq!(text(&page, ".sizes"), "1 to 100 of 230");
    let rest = text(&page, ".told ~ .hint");
    assert!(rest.starts_with("130 more are on the next pages. The last is of "), "{rest}");
    assert!(rest.ends_with("Tool 229 started by ana."), "{rest}");
    assert!(boxes(&page).len() <= 52 && text(&page, "svg.graph").contains("215 alerts with other titles"));
    assert!(attribute(&page, "svg.graph", "aria-label").contains("230 alerts and 231 entities"));
    let next = dana.page(&attribute(&page, ".story-line [rel=next]", "href"));
    assert_eq!(lines(&next)[0], "Tool 100 started");
    let last = dana.page("/incidents/1?skip=200");
    assert_eq!((lines(&last).len(), texts(&last, ".story-line [rel=next]").len()), (30, 0));
}
