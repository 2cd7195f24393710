//! One record at a time, and what becomes of it.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use serde_json::json;

use crate::formats::format::Format;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::translate::*;
use crate::formats::readers::body_reader::read_body;
use crate::model::entity::EvidenceKind;
use crate::model::severity::Severity;

fn mapping(json: Value) -> Mapping {
    Mapping::compile(&Document::from_json(&json.to_string()).unwrap()).unwrap()
}

fn read(with: Value, record: Value) -> Result<IncomingAlert, NotTaken> {
    let mut whole = json!({"name": "acme", "title": "/t"});
    if let (Some(whole), Value::Object(with)) = (whole.as_object_mut(), with) {
        whole.extend(with);
    }
    match mapping(whole).read(&record)? {
        Incoming::Alert(alert, _) => Ok(*alert),
        Incoming::Incident(..) => panic!("a mapping makes alerts"),
    }
}

fn keys(with: Value, record: Value) -> Vec<(EvidenceKind, Vec<String>)> {
    let alert = read(json!({"evidence": with}), record).unwrap();
    alert.evidence.into_iter().map(|item| (item.kind, item.keys)).collect()
}

#[test]
fn a_title_is_enough_and_the_rest_has_sensible_values() {
    let alert = read(json!({}), json!({"t": " Odd login\u{200b} ", "n": 1})).unwrap();
    assert_eq!((alert.title.as_str(), alert.source.as_str()), ("Odd login", "acme"));
    assert_eq!((alert.status.as_str(), alert.severity), ("new", None));
    assert_eq!(alert.detection_source, "acme");
    assert!(alert.created_at > 1_600_000_000_000_000 && alert.first_activity == alert.created_at);
}

#[test]
fn without_an_id_the_same_record_is_the_same_alert_however_it_is_written() {
    let id = |text: &str| read(json!({"id": "/id"}), serde_json::from_str(text).unwrap()).unwrap().provider_alert_id;
    assert_eq!(id(r#"{"t": "x", "a": 1}"#), id(r#"{"a":1,"t":"x"}"#));
    assert_ne!(id(r#"{"t": "x", "a": 1}"#), id(r#"{"t": "x", "a": 2}"#));
    assert_eq!(id(r#"{"t": "x", "id": 7}"#), "7");
}

#[test]
fn fields_fall_back_go_through_tables_and_keep_what_is_lost_as_a_fact() {
    let with = json!({
        "title": ["/missing", "{/t} on {/host}", "Something"],
        "severity": {"from": ["/level", "medium"], "table": {"crit": "high", "0-3": "low"}},
        "category": {"from": "/cat", "table": {"cnc": "CommandAndControl"}},
        "status": {"from": "/state", "table": {"ack": "inProgress"}},
        "techniques": "/mitre/*/id", "serviceSource": "Acme EDR", "product": "/product",
        "facts": {"Zone": "/zone", "Tags": "/tags"},
    });
    let record = json!({
        "t": "Beacon", "host": "web-01", "level": "CRIT", "cat": "cnc", "state": "ack", "product": "Sensor",
        "mitre": [{"id": "attack.t1071.001"}, {"id": "odd"}], "zone": 3, "tags": ["a", "b"],
    });
    let alert = read(with.clone(), record).unwrap();
    assert_eq!(alert.title, "Beacon on web-01");
    assert_eq!((alert.severity, alert.category.as_str()), (Some(Severity::High), "CommandAndControl"));
    assert_eq!((alert.status.as_str(), alert.source.as_str()), ("inProgress", "Acme EDR"));
    assert_eq!(alert.techniques, ["T1071.001"]);
    for (label, value) in [("Other techniques", "odd"), ("Zone", "3"), ("Tags", "a, b")] {
        assert!(alert.facts.contains(&(label.into(), value.into())), "{label}: {:?}", alert.facts);
    }
    let alert = read(with.clone(), json!({"t": "Beacon"})).unwrap();
    assert_eq!((alert.title.as_str(), alert.severity), ("Something", Some(Severity::Medium)));
    let alert = read(with.clone(), json!({"level": 2})).unwrap();
    assert_eq!(alert.severity, Some(Severity::Low));
    let alert = read(with, json!({"level": "70"})).unwrap();
    assert_eq!(alert.severity, None);
    assert!(alert.facts.contains(&("Severity in the source".into(), "70".into())));
}

#[test]
fn times_are_read_in_the_format_given_and_refused_by_name() {
    let with = json!({
        "firstActivity": {"from": ["/begin", "/time"], "time": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
        "lastActivity": "/end",
    });
    let alert = read(with.clone(), json!({"t": "x", "time": "05.07.2024 00:35", "end": 1_720_132_800})).unwrap();
    assert_eq!(alert.first_activity, 1_720_132_500_000_000);
    assert_eq!(alert.last_activity, 1_720_132_800_000_000);
    let error = read(with.clone(), json!({"t": "x", "time": "soon"})).unwrap_err();
    assert_eq!(
        error.sentence(),
        "first activity: \"soon\" at /begin, /time is not a time in the mapping's format; enter its format"
    );
    let error = read(with, json!({"t": "x"})).unwrap_err();
    assert!(error.sentence().starts_with("no time: nothing at /begin, /time, /end"), "{error:?}");
    assert!(read(json!({"created": ["/at", "now"]}), json!({"t": "x"})).is_ok());
}

#[test]
fn a_time_without_a_year_says_so_and_a_placeholder_is_no_time() {
    let with = json!({"firstActivity": {"from": "/ts", "time": "%m/%d-%H:%M:%S%.f"}});
    let fact = ("Time in the source".into(), "without a year; the year of receipt is used".into());
    let alert = read(with, json!({"t": "x", "ts": "07/04-22:35:02.5"})).unwrap();
    assert!(alert.facts.contains(&fact), "{:?}", alert.facts);
    let with = json!({"firstActivity": "/begin", "lastActivity": "/end"});
    let record = json!({"t": "x", "begin": "2024-07-04T22:35:02Z", "end": "0001-01-01T00:00:00Z"});
    let alert = read(with, record).unwrap();
    assert_eq!(alert.last_activity, 1_720_132_502_000_000);
    assert!(!alert.facts.contains(&fact));
}

#[test]
fn a_record_without_a_title_is_refused_with_the_pointers_that_were_tried() {
    let error = read(json!({"title": ["/rule/name", "/message"]}), json!({"t": "x"})).unwrap_err();
    assert_eq!(error, NotTaken::Refused("title is missing: there is nothing at /rule/name, /message".into()));
}

#[test]
fn records_that_are_not_meant_are_skipped_and_not_refused() {
    let with = json!({"when": ["/type = alert", "!/muted"]});
    assert!(read(with.clone(), json!({"t": "x", "type": "Alert"})).is_ok());
    for record in [json!({"t": "x", "type": "flow"}), json!({"type": "alert", "muted": true})] {
        assert!(matches!(read(with.clone(), record).unwrap_err(), NotTaken::Skipped(_)));
    }
}

#[test]
fn entities_are_keyed_as_adapters_key_them() {
    let hash = "ab".repeat(32);
    for (rule, record, kind, expected) in [
        (
            json!({"kind": "device", "name": "/h", "domain": "/d"}),
            json!({"h": "WEB-01", "d": "contoso.test"}),
            EvidenceKind::Device,
            vec!["fqdn:web-01.contoso.test".to_owned(), "host:web-01".to_owned()],
        ),
        (
            json!({"kind": "user", "name": "/u"}),
            json!({"u": "CONTOSO\\Ana"}),
            EvidenceKind::User,
            vec!["sam:contoso\\ana".to_owned()],
        ),
        (
            json!({"kind": "user", "name": "/u"}),
            json!({"u": "Ana@contoso.test"}),
            EvidenceKind::User,
            vec!["upn:ana@contoso.test".to_owned()],
        ),
        (
            json!({"kind": "ip", "address": "/i"}),
            json!({"i": "::ffff:192.0.2.7"}),
            EvidenceKind::Ip,
            vec!["ip:192.0.2.7".to_owned()],
        ),
        (
            json!({"kind": "file", "path": "/p", "hash": "/x"}),
            json!({"p": "/opt/run.sh", "x": hash}),
            EvidenceKind::File,
            vec![format!("sha256:{hash}")],
        ),
        (
            json!({"kind": "process", "commandLine": "/c"}),
            json!({"c": "sh -c id"}),
            EvidenceKind::Process,
            vec!["cmd:sh -c id".to_owned()],
        ),
        (
            json!({"kind": "url", "url": "/l"}),
            json!({"l": "http://x.test/a"}),
            EvidenceKind::Url,
            vec!["url:http://x.test/a".to_owned()],
        ),
        (
            json!({"kind": "mailbox", "address": "/m"}),
            json!({"m": "Ana <ana@x.test>"}),
            EvidenceKind::Mailbox,
            vec!["addr:ana@x.test".to_owned()],
        ),
        (
            json!({"kind": "registryKey", "hive": "/v", "key": "/k"}),
            json!({"v": "HKLM", "k": "\\Run"}),
            EvidenceKind::RegistryKey,
            vec!["id:hklm\\run".to_owned()],
        ),
        (
            json!({"kind": "cloudResource", "id": "/a"}),
            json!({"a": "arn:x:bucket/data"}),
            EvidenceKind::CloudResource,
            vec!["id:arn:x:bucket/data".to_owned()],
        ),
        (
            json!({"kind": "other", "type": "Pod", "name": "/n"}),
            json!({"n": "api-1"}),
            EvidenceKind::Other,
            vec!["id:pod:api-1".to_owned()],
        ),
    ] {
        let mut record = record;
        record.as_object_mut().unwrap().insert("t".into(), json!("x"));
        assert_eq!(keys(json!([rule]), record), [(kind, expected)], "{rule}");
    }
}

#[test]
fn a_list_makes_an_entity_of_each_item() {
    let record = json!({
        "t": "x", "site": "north", "ips": ["192.0.2.1", "192.0.2.2"],
        "entities": [{"type": "host", "n": "a"}, {"type": "user", "n": "ana"}, {"type": "host", "n": "b"}],
    });
    let rules = json!([
        {"kind": "ip", "address": "/ips"},
        {"kind": "device", "each": "/entities", "when": "/type = host", "name": "/n", "facts": {"Site": "$/site"}},
        {"kind": "user", "each": "/entities", "when": "/type = user", "name": "/n", "roles": "attacked, source",
         "verdict": "suspicious"},
        {"kind": "ip", "each": "/ips", "address": "."},
    ]);
    let alert = read(json!({"evidence": rules}), record).unwrap();
    let names: Vec<&str> = alert.evidence.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["192.0.2.1", "192.0.2.2", "a", "b", "ana"]);
    let user = alert.evidence.last().unwrap();
    assert_eq!((user.roles.len(), user.verdict.as_str()), (2, "suspicious"));
    assert!(alert.evidence.iter().any(|item| item.facts.contains(&("Site".into(), "north".into()))));
}

#[test]
fn records_stand_where_the_mapping_says() {
    let shape = |with: &str, body: &str| {
        let mapping = Document::from_json(with).map(|document| Mapping::compile(&document).unwrap()).unwrap();
        let items = read_body(&Format::Mapped(Arc::new(mapping)), body.as_bytes());
        items.into_iter().map(|item| item.record.is_ok()).collect::<Vec<_>>()
    };
    let with = r#"{"name": "acme", "title": "/t", "records": "/data/hits"}"#;
    let body = r#"{"data": {"hits": [{"t": "a"}, {"x": 1}, {"t": "b"}]}, "title": "not an alert"}"#;
    assert_eq!(shape(with, body), [true, false, true]);
    assert_eq!(shape(with, &format!("[{body},\n{body}]")).len(), 6);
    assert_eq!(shape(with, &format!("{body}\n{body}")).len(), 6);
    assert_eq!(shape(with, r#"{"t": "a record by itself"}"#), [true]);
    assert_eq!(shape(with, r#"{"data": {"hits": []}}"#), [false]);
    let many = vec![json!({"t": "a"}); 1_500];
    assert_eq!(shape(with, &json!({"data": {"hits": many}}).to_string()).len(), 1_500);
    let with = r#"{"name": "acme", "title": "/t", "records": "/alerts"}"#;
    assert_eq!(shape(with, r#"{"alerts": [{"t": "a"}, {"t": "b"}], "count": 2}"#), [true, true]);
    let plain = r#"{"name": "acme", "title": "/t"}"#;
    assert_eq!(shape(plain, r#"[{"t": "a"}, {"t": "b"}]"#), [true, true]);
    assert_eq!(shape(plain, r#"{"t": "a", "hits": [{"t": "no alert"}]}"#), [true]);
}

#[test]
fn records_that_are_not_where_they_should_be_are_told() {
    let error = read(json!({"records": "/hits"}), json!({"items": []})).unwrap_err();
    assert_eq!(error.sentence(), "title is missing: there is nothing at /t, and there are no records at /hits");
}

#[test]
fn an_empty_list_is_skipped_and_a_place_without_a_list_is_refused_by_its_name() {
    let mapping = Arc::new(mapping(json!({"name": "acme", "title": "/t", "records": "/backlog"})));
    let why = |body: Value| {
        let mut items = read_body(&Format::Mapped(Arc::clone(&mapping)), body.to_string().as_bytes());
        assert_eq!(items.len(), 1, "{body}");
        items.remove(0).record.unwrap_err()
    };
    let empty = "The list at /backlog is empty: it contains no alerts.";
    assert_eq!(why(json!({"t": "x", "backlog": []})), NotTaken::Skipped(empty.into()));
    for body in [json!({"a": 1}), json!({"backlog": null}), json!({"backlog": "none"}), json!({"backlog": {}})] {
        let why = why(body.clone());
        assert!(matches!(&why, NotTaken::Refused(why) if why.contains("/backlog")), "{body}: {why:?}");
    }
}

#[test]
fn an_id_that_means_nothing_is_no_id() {
    let id = |places: Value, record: Value| read(json!({"id": places}), record).unwrap().provider_alert_id;
    let zeros = "00000000-0000-0000-0000-000000000000";
    for nothing in [json!("-"), json!("N/A"), json!("null"), json!("unknown"), json!(zeros)] {
        assert_eq!(id(json!(["/a", "/i"]), json!({"t": "x", "a": nothing, "i": "42"})), "42");
        for place in ["/a", "{/a}", "alert:{/a}", "{/a}/{/b}"] {
            let [one, two] = ["one", "two"].map(|title| id(json!(place), json!({"t": title, "a": nothing, "b": "-"})));
            assert_ne!(one, two, "{place} {nothing}");
        }
    }
    assert_eq!(id(json!(["{/a}/{/b}", "/b"]), json!({"t": "x", "a": "-", "b": "7"})), "7");
    assert_eq!(id(json!("{/a}/{/b}"), json!({"t": "x", "a": "-", "b": "7"})), "-/7");
    assert_eq!(id(json!("/a"), json!({"t": "x", "a": ["-", "7"]})), "7");
}

#[test]
fn a_placeholder_gives_way_to_the_next_place() {
    let rules = json!([
        {"kind": "device", "name": ["/hostname", "/device"]},
        {"kind": "user", "name": ["/userName", "/user"]},
        {"kind": "ip", "address": ["/ip", "/peer"]},
    ]);
    let names = |record: Value| {
        let alert = read(json!({"evidence": rules}), record).unwrap();
        alert.evidence.into_iter().map(|item| item.name).collect::<Vec<_>>()
    };
    for (host, user, ip) in
        [("N/A", "-", "0.0.0.0"), ("unknown", "CONTOSO\\-", "127.0.0.1"), ("localhost", "(null)", "-")]
    {
        let record = json!({"t": "x", "hostname": host, "userName": user, "ip": ip, "device": "pc-9", "user": "kim", "peer": "192.0.2.7"});
        assert_eq!(names(record), ["pc-9", "kim", "192.0.2.7"]);
        let alone = names(json!({"t": "x", "hostname": host, "device": "-"}));
        assert_eq!(alone, [host], "shown as it was sent");
    }
    let with =
        json!({"title": ["{/rule} on {/host}", "/rule"], "category": ["/a", "/b"], "serviceSource": ["/a", "Acme"]});
    let alert = read(with, json!({"rule": "Beacon", "host": "-", "a": "unknown", "b": "Malware"})).unwrap();
    assert_eq!((alert.title.as_str(), alert.category.as_str(), alert.source.as_str()), ("Beacon", "Malware", "Acme"));
    let with = json!({"firstActivity": ["/a", "/b"], "lastActivity": "/c"});
    let time = "2024-07-04T22:35:02Z";
    assert_eq!(
        read(with.clone(), json!({"t": "x", "a": "N/A", "b": time})).unwrap().first_activity,
        1_720_132_502_000_000
    );
    assert_eq!(read(with, json!({"t": "x", "a": "N/A", "c": time})).unwrap().first_activity, 1_720_132_502_000_000);
}

#[test]
fn a_title_that_means_nothing_is_no_title() {
    let title = |record: Value| read(json!({"title": ["/a", "/b"]}), record).map(|alert| alert.title);
    assert_eq!(title(json!({"a": "-", "b": "Odd login"})).unwrap(), "Odd login");
    assert_eq!(title(json!({"a": "unknown", "b": "Odd login"})).unwrap(), "Odd login");
    assert_eq!(title(json!({"a": "Anonymous logon"})).unwrap(), "Anonymous logon");
    let why = "title is missing: there is only \"-\" at /a, /b";
    assert_eq!(title(json!({"a": "-"})).unwrap_err(), NotTaken::Refused(why.into()));
}

#[test]
fn a_severity_is_of_the_first_place_that_has_one_and_shown_as_it_was_sent() {
    let severity = |field: Value, record: Value| {
        let mut record = record;
        record.as_object_mut().unwrap().insert("t".into(), json!("x"));
        let alert = read(json!({"severity": field}), record).unwrap();
        let sent = alert.facts.iter().find(|(label, _)| label == "Severity in the source");
        (alert.severity, sent.map(|(_, sent)| sent.clone()).unwrap_or_default())
    };
    for word in ["n/a", "unknown", "-", "none", ""] {
        let found = severity(json!(["/word", "/num"]), json!({"word": word, "num": "high"}));
        assert_eq!(found, (Some(Severity::High), String::new()), "{word:?}");
    }
    assert_eq!(severity(json!("/s"), json!({"s": "unknown"})), (None, "unknown".into()));
    let table = json!({"from": "/s", "table": {"0-3": "low", "4-6": "medium", ">= 7": "critical", "Bad": "high"}});
    for (sent, expected, shown) in [
        (json!(3.5), Some(Severity::Low), "3.5"),
        (json!("7.5"), Some(Severity::High), "7.5"),
        (json!(" BAD "), Some(Severity::High), "BAD"),
        (json!("HIGH"), Some(Severity::High), ""),
        (json!(-1), None, "-1"),
        (json!(0), Some(Severity::Low), "0"),
    ] {
        assert_eq!(severity(table.clone(), json!({"s": sent})), (expected, shown.into()), "{sent}");
    }
    assert_eq!(severity(json!(["/s", "medium"]), json!({})), (Some(Severity::Medium), String::new()));
}

#[test]
fn each_place_of_records_is_counted() {
    let mapping = Arc::new(mapping(json!({"name": "acme", "title": "/t", "records": "/a/*/b"})));
    let body = json!({"a": [{"b": [{"t": "x"}, {"t": "y"}]}, {"b": []}, {"c": 1}]});
    let items = read_body(&Format::Mapped(Arc::clone(&mapping)), body.to_string().as_bytes());
    let found: Vec<_> = items.into_iter().map(|item| item.record.map(|_| ())).collect();
    let skipped = |why: &str| Err(NotTaken::Skipped(why.to_owned()));
    let empty = "The list at /a/1/b is empty: it contains no alerts.";
    assert_eq!(found, [Ok(()), Ok(()), skipped(empty), skipped("There is no list of records at /a/2/b.")]);
}

/// The file of the README, so that it stays true.
#[test]
fn the_worked_example_reads_what_it_says() {
    let readme = include_str!("../../../../README.md");
    let file = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mapping = Mapping::compile(&Document::from_json(file).unwrap()).unwrap();
    let body = json!({"detections": [{
        "kind": "Alert", "uuid": "d-1", "grade": "p1", "at": "05.07.2024 00:35:02", "peerVerdict": "BAD",
        "rule": {"name": "Beacon", "id": 7, "tactic": "CommandAndControl", "attack": [{"id": "T1071"}]},
        "machine": {"fqdn": "ws-14.contoso.test", "os": "Linux"}, "peers": ["203.0.113.40"],
        "people": [{"login": "CONTOSO\\ana", "role": "user"}, {"login": "root", "role": "admin"}],
    }]});
    let records = mapping.records(&body).unwrap();
    let Incoming::Alert(alert, _) = mapping.read(records[0].as_ref().unwrap()).unwrap() else { panic!("no alert") };
    assert_eq!(alert.title, "Beacon on ws-14.contoso.test");
    assert_eq!((alert.severity, alert.techniques.as_slice()), (Some(Severity::High), &["T1071".to_owned()][..]));
    assert_eq!(alert.first_activity, 1_720_132_502_000_000);
    let names: Vec<&str> = alert.evidence.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["ws-14.contoso.test", "CONTOSO\\ana", "203.0.113.40"]);
    assert_eq!(alert.evidence[2].verdict, "malicious");
}

#[test]
fn every_name_of_a_list_is_an_entity() {
    let rules = json!([{"kind": "device", "name": "/host"}, {"kind": "user", "name": "/user"},
        {"kind": "ip", "address": "/ip"}, {"kind": "process", "commandLine": "/cmd"}]);
    let record = json!({"t": "x", "host": "[\"ML-1\",\"ML-2\"]", "user": "mu1\nmu2", "ip": "203.0.113.1 203.0.113.2",
        "cmd": "[\"cmd.exe\",\"/c\",\"x\"]"});
    let alert = read(json!({"evidence": rules}), record).unwrap();
    let names: Vec<&str> = alert.evidence.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["ML-1", "ML-2", "mu1", "mu2", "203.0.113.1", "203.0.113.2", "cmd.exe"]);
    assert_eq!(alert.evidence.last().unwrap().keys, ["cmd:cmd.exe /c x"]);
}

#[test]
fn lists_of_names_and_of_hashes_go_together() {
    let (one, two) = ("1a".repeat(32), "2b".repeat(32));
    let rule = json!([{"kind": "file", "name": "/files", "sha256": "/hashes"}]);
    let both = keys(rule.clone(), json!({"t": "x", "files": ["a.exe", "b.exe"], "hashes": [one, two]}));
    let expected = |hash: &str| (EvidenceKind::File, vec![format!("sha256:{hash}")]);
    assert_eq!(both, [expected(&one), expected(&two)]);
    let record = json!({"t": "x", "files": "a.exe", "hashes": [one, two]});
    assert_eq!(keys(rule.clone(), record), [expected(&one), expected(&two)]);
    let uncertain = keys(rule, json!({"t": "x", "files": ["a.exe", "b.exe"], "hashes": ["-", two]}));
    assert_eq!(uncertain.iter().filter(|file| **file == expected(&two)).count(), 1, "{uncertain:?}");
}

/// Lists in lists, `width` wide and `depth` deep.
fn nested(width: usize, depth: usize) -> Value {
    if depth == 0 { json!("a") } else { Value::Array(vec![nested(width, depth - 1); width]) }
}

#[test]
fn a_record_that_takes_too_many_steps_is_refused_soon() {
    let mut names = vec!["{/0}{$/a/*/*/*/*/*}"];
    names.extend(["$/a/*/*/*/*/zz"; 8]);
    let rules = vec![json!({"kind": "device", "each": "/a/*/*", "name": names}); 50];
    let took = crate::clock::cpu_time(|| {
        let refused = read(json!({"evidence": rules}), json!({"t": "x", "a": nested(8, 5)})).unwrap_err();
        assert!(refused.sentence().contains("more than 200,000 steps"), "{refused:?}");
    });
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_large_record_of_a_large_mapping_is_read() {
    let item = |n: usize| json!({"host": format!("h{n}"), "dns": "contoso.test", "id": n, "users": ["ana", "bo"]});
    let record = json!({"t": "x", "items": (0..200).map(item).collect::<Vec<_>>()});
    let device = json!({"kind": "device", "each": "/items/*", "name": "/host", "domain": "/dns", "entraId": "/id"});
    let users = json!({"kind": "user", "each": "/items/*", "name": "/users/*"});
    let rules = [vec![device; 10], vec![users; 10]].concat();
    assert_eq!(read(json!({"evidence": rules}), record).unwrap().evidence.len(), 202);
}
