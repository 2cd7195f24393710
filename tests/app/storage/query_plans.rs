//! How the databases execute the statements of the queue: by index, never by reading a whole table.

use crate::support::database::is_sqlite;
use crate::support::product::{
    AnyConnection, BulkEdit, Dimension, Filter, List, OperationKind, Sql, job_worker, jobs, statements_of_choices,
    statements_of_queue,
};
use crate::support::{World, alert, world};

#[test]
fn the_queue_and_the_history_are_read_by_index() {
    let world = world();
    let plan = |sql: &str| -> String {
        use diesel::RunQueryDsl as _;
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text)]
            detail: String,
        }
        world
            .db
            .read_now(|conn| match conn {
                AnyConnection::Sqlite(_) => {
                    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
                    Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("\n"))
                }
                // PostgreSQL reads small tables whole in any case; its indexes are the same.
                AnyConnection::Postgres(_) => Ok(String::new()),
            })
            .unwrap()
    };
    for sql in [
        "SELECT * FROM incidents WHERE updated_at <= 9 AND (updated_at < 9 OR id < 5) ORDER BY updated_at DESC, id DESC LIMIT 51",
        "SELECT * FROM alerts WHERE incident_id = 1 ORDER BY first_activity, id",
        "SELECT evidence.entity_id FROM evidence INNER JOIN alerts ON evidence.alert_id = alerts.id \
         WHERE alerts.incident_id = 1 AND alerts.first_activity BETWEEN 5 AND 9 \
         ORDER BY alerts.first_activity, alerts.id LIMIT 60000",
        "SELECT * FROM incident_entities INNER JOIN entities ON entities.id = incident_entities.entity_id \
         WHERE incident_entities.incident_id = 1",
        "SELECT * FROM history WHERE incident_id = 1 AND revision > 5 ORDER BY revision",
        "SELECT * FROM history WHERE alert_id = 1 ORDER BY id DESC",
        "SELECT * FROM incident_entities WHERE entity_id = 1 AND last_seen >= 5 ORDER BY last_seen DESC",
        "SELECT * FROM alerts WHERE source = 'a' AND provider_alert_id = 'b'",
        "SELECT * FROM history WHERE operation_id = 7 AND incident_id IN (1, 2) ORDER BY incident_id",
        "SELECT * FROM operation_items WHERE operation_id = 7 AND state = 'pending' ORDER BY incident_id LIMIT 100",
        "SELECT * FROM lesson_detections WHERE day BETWEEN 1 AND 9",
        "SELECT * FROM lesson_assets WHERE day BETWEEN 1 AND 9",
        "SELECT id FROM alerts WHERE created_at >= 1 AND created_at <= 9",
        "SELECT * FROM entity_keys WHERE kind = 'device' AND key = 'fqdn:a'",
        "SELECT id FROM incidents WHERE is_open = TRUE AND name_key = 'a' ORDER BY id DESC LIMIT 500",
        "SELECT id FROM incidents WHERE is_open = FALSE AND name_key = 'a' ORDER BY id DESC LIMIT 500",
        "SELECT id FROM alerts WHERE title_key = 'a' AND status IN ('new', 'inProgress') LIMIT 1001",
        "SELECT incident_id FROM alerts WHERE title_key = 'a' AND status = 'resolved' ORDER BY id DESC LIMIT 500",
        "SELECT * FROM alerts WHERE provider_alert_id IN ('a', 'b', 'c') ORDER BY provider_alert_id",
        "SELECT incident_id FROM incident_entities WHERE entity_id = 1 AND is_open = 1 ORDER BY incident_id DESC LIMIT 26",
        "SELECT facts FROM evidence WHERE entity_id = 1 ORDER BY alert_id DESC LIMIT 200",
        "SELECT id FROM entity_texts WHERE entity_id = 1",
        "SELECT first_seen FROM incident_entities WHERE entity_id = 1 ORDER BY first_seen LIMIT 1",
        "SELECT last_seen FROM incident_entities WHERE entity_id = 1 ORDER BY last_seen DESC LIMIT 1",
        "SELECT 1 FROM incident_entities WHERE entity_id = 1 AND is_open = TRUE LIMIT 1001",
        "SELECT * FROM entity_entries WHERE entity_id = 1 AND id < 9 ORDER BY id DESC LIMIT 51",
        "SELECT * FROM entity_entries WHERE comment_id IN (1, 2)",
        "SELECT entity_id FROM entity_tags WHERE tag_id = 1",
    ] {
        let plan = plan(sql);
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
}

#[test]
fn values_in_use_are_read_by_index_alone() {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let world = world();
    for statement in statements_of_choices() {
        let plan: Vec<Step> = world
            .db
            .read_now(|conn| match conn {
                AnyConnection::Sqlite(_) => {
                    Ok(diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn)?)
                }
                // PostgreSQL reads small tables whole in any case; its indexes are the same.
                AnyConnection::Postgres(_) => Ok(Vec::new()),
            })
            .unwrap();
        for step in plan {
            let of_table = step.detail.contains(" f ") || step.detail.ends_with(" f");
            assert!(!of_table || step.detail.starts_with("SEARCH f USING COVERING INDEX"), "{}", step.detail);
        }
    }
}

#[test]
fn the_chart_and_the_quota_of_rejected_items_are_read_by_index() {
    let world = world();
    let read = |conn: &mut AnyConnection| {
        use diesel::RunQueryDsl as _;
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text)]
            detail: String,
        }
        let mut plans = Vec::new();
        for sql in [
            "SELECT hour, created FROM source_hours WHERE hour >= 5",
            "SELECT count(*) FROM incidents WHERE is_open IN (true, false) AND created_at >= 5 AND created_at < 9",
            "SELECT COUNT(*), SUM(bytes) FROM refused_items WHERE token_id = 1",
            "SELECT COUNT(*), SUM(bytes) FROM refused_items WHERE token_id IS NULL",
            "SELECT id, bytes FROM refused_items WHERE token_id = 1 ORDER BY id LIMIT 500",
        ] {
            // PostgreSQL reads small tables whole in any case; its indexes are the same.
            if let AnyConnection::Sqlite(_) = conn {
                let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
                plans.extend(steps.into_iter().map(|step| step.detail));
            }
        }
        Ok(plans)
    };
    let plans = world.db.read_now(read).unwrap();
    assert!(plans.iter().all(|step| step.starts_with("SEARCH") && step.contains("INDEX")), "{plans:?}");
    let of_items = |step: &&String| step.contains("refused_items");
    assert!(plans.iter().filter(of_items).all(|step| step.contains("COVERING INDEX")), "{plans:?}");
}

/// Every filter and order of the queue, alone. `every_filter_is_among_those_looked_at` compares it with the filters.
const QUEUE: [&str; 46] = [
    "",
    "status=active",
    "status=inProgress",
    "status=resolved",
    "status=redirected",
    "status=all&severity=all&range=all",
    "status=active&status=resolved",
    "severity=low",
    "alertSeverity=high",
    "assignedTo=me",
    "assignedTo=none",
    "assignedTo=omar&assignedTo=none",
    "classification=truePositive",
    "determination=malware",
    "tag=VIP",
    "tag=VIP&tag=Q4&tagMatch=all",
    "category=Execution",
    "serviceSource=microsoftSentinel",
    "detectionSource=antivirus",
    "product=Sentinel",
    "technique=T1059",
    "followUp=due",
    "followUp=set&followUp=due",
    "followUp=none",
    "multipleSources=yes",
    "multipleSources=no",
    "multipleCategories=yes",
    "allAlertsResolved=yes",
    "allAlertsResolved=no",
    "device=web-01",
    "user=ana",
    "entity=contoso",
    "asset=1+web-01",
    "handled=resolved&handled=reopened",
    "createdFrom=2026-01-01",
    "createdFrom=2026-01-01&createdTo=2026-12-31&status=all",
    "createdTo=2026-12-31&sort=name",
    "q=web",
    "q=42",
    "q=ab",
    "range=1d&sort=-alerts",
    "from=2026-01-01&to=2026-12-31",
    "sort=-severity,-lastUpdate",
    "sort=name&after=t61.42",
    "sort=-status,assignedTo,created&status=all",
    "sort=id&status=all&severity=all&after=4",
];

/// The same of the list of alerts.
const ALERTS: [&str; 37] = [
    "",
    "status=new",
    "status=resolved",
    "status=all&range=all",
    "severity=high",
    "severity=high&status=all&range=all",
    "assignedTo=me",
    "assignedTo=none",
    "assignedTo=omar&assignedTo=none",
    "classification=truePositive&status=all",
    "classification=unknown",
    "determination=malware&status=all",
    "category=Execution",
    "serviceSource=microsoftSentinel",
    "detectionSource=antivirus",
    "product=Sentinel",
    "technique=T1059",
    "device=web-01",
    "user=ana",
    "entity=contoso",
    "title=One",
    "title=One&status=all",
    "source=microsoftSentinel",
    "asset=1",
    "createdFrom=2026-01-01",
    "createdFrom=2026-01-01&createdTo=2026-12-31&status=all",
    "createdTo=2026-12-31&sort=-severity",
    "q=one",
    "q=42",
    "q=ab",
    "q=~",
    "range=1d&sort=-severity",
    "from=2026-01-01&to=2026-12-31",
    "sort=-severity",
    "sort=severity&after=1.42.7",
    "sort=-lastActivity&status=all",
    "sort=lastUpdate&after=42.7",
];

/// The statements of a page, each with how the database reads it.
fn plans(world: &World, list: List, query: &str) -> Vec<(String, String)> {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Lite {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    #[derive(diesel::QueryableByName)]
    struct Post {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        detail: String,
    }
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    let (filter, ignored) = Filter::from_pairs(list, &pairs);
    assert!(ignored.is_empty(), "{query}");
    let explained = |conn: &mut AnyConnection| {
        if let AnyConnection::Postgres(postgres) = conn {
            // A small table would be read whole in any case, and the plan would not show the index.
            diesel::sql_query("SET LOCAL enable_seqscan = off").execute(postgres)?;
        }
        let mut plans = Vec::new();
        for sql in statements_of_queue(conn, &filter, 1)? {
            let explained = |how: &str| Sql { text: format!("{how} {}", sql.text), values: sql.values.clone() };
            let plan: Vec<String> = match conn {
                AnyConnection::Sqlite(_) => {
                    let steps: Vec<Lite> = explained("EXPLAIN QUERY PLAN").load(conn)?;
                    steps.into_iter().map(|step| step.detail).collect()
                }
                AnyConnection::Postgres(_) => {
                    let steps: Vec<Post> = explained("EXPLAIN").load(conn)?;
                    steps.into_iter().map(|step| step.detail).collect()
                }
            };
            plans.push((sql.text.clone(), plan.join("\n")));
        }
        Ok(plans)
    };
    world.db.read_now(explained).unwrap()
}

/// Asserts that no statement of a page reads a table from end to end, or sorts more rows than the few that
/// were looked up.
fn assert_by_index(world: &World, list: List, query: &str) {
    let lite = matches!(world.db.read_now(|conn| Ok(matches!(conn, AnyConnection::Sqlite(_)))), Ok(true));
    for (sql, plan) in plans(world, list, query) {
        // Counting over an index alone, and merging two ordered reads, are no scans of a table.
        let scans = plan.lines().filter(|line| {
            let line = line.trim();
            (line.starts_with("SCAN i") && !line.contains("USING COVERING INDEX"))
                || line.contains("Seq Scan on incident")
                || line.contains("Seq Scan on alerts")
        });
        assert_eq!(scans.collect::<Vec<_>>(), Vec::<&str>::new(), "{query}\n{sql}\n{plan}");
        // Only the few rows that were looked up are sorted; all others are read in order.
        if lite && !sql.contains("i.id IN (") && !sql.contains("1 = 0") && !sql.contains("UNION ALL") {
            assert!(!plan.contains("USE TEMP B-TREE FOR ORDER BY"), "{query}\n{sql}\n{plan}");
        }
    }
}

#[test]
fn every_filter_is_among_those_looked_at() {
    for (list, queries) in [(List::Incidents, QUEUE.as_slice()), (List::Alerts, &ALERTS)] {
        for dimension in Dimension::ALL.iter().filter(|dimension| dimension.is_of(list)) {
            let asks =
                |query: &&str| query.split('&').any(|pair| pair.starts_with(&format!("{}=", dimension.as_str())));
            assert!(queries.iter().any(asks), "no query of {list:?} filters by {dimension}");
        }
    }
}

#[test]
fn no_page_of_the_queue_is_found_by_reading_a_whole_table() {
    let world = world();
    world.ingest(&[alert("One").device("web-01.contoso.example").user("ana@contoso.example").json()]);
    world.browser("dana").post("/incidents/1", &[("tags", "VIP"), ("tags", "Q4")]);
    for query in QUEUE {
        assert_by_index(&world, List::Incidents, query);
    }
    for query in ALERTS {
        assert_by_index(&world, List::Alerts, query);
    }
}

#[test]
fn no_page_of_a_common_filter_is_found_by_reading_a_whole_table() {
    let world = world();
    let many: Vec<_> = (0..1_010)
        .map(|n| {
            let of = alert("Odd script").severity("high").category("Execution").source("microsoftSentinel");
            let of = of.with("detectionSource", "antivirus").with("productName", "Sentinel");
            of.with("mitreTechniques", vec!["T1059.001"]).device(&format!("host-{n}.contoso.test")).json()
        })
        .collect();
    world.ingest(&many);
    let ids: Vec<i64> = (1..=1_010).collect();
    let actor = world.actor("dana");
    let asked = BulkEdit {
        classification: Some("truePositive:malware".into()),
        assigned_to: Some("omar".into()),
        follow_up_at: Some("2026-01-01".into()),
        add_tags: "VIP, Q4".into(),
        ..BulkEdit::default()
    };
    let job = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &asked, &ids)).unwrap();
    while job_worker::step(&world.db, job).unwrap() {}
    world.db.analyze().unwrap();
    for filter in [
        "status=active",
        "alertSeverity=high",
        "assignedTo=omar",
        "classification=truePositive",
        "determination=malware",
        "tag=VIP&tag=Q4&tagMatch=all",
        "category=Execution",
        "serviceSource=microsoftSentinel",
        "detectionSource=antivirus",
        "product=Sentinel",
        "technique=T1059",
        "followUp=due",
        "followUp=set&followUp=due",
        "followUp=none",
        "device=host",
        "q=odd+script",
        "q=odd",
        "q=ho",
        "range=7d",
    ] {
        for order in ["", "&sort=-severity", "&sort=name", "&sort=id&status=all"] {
            let query = format!("{filter}{order}");
            assert!(
                !plans(&world, List::Incidents, &query).iter().take(1).any(|(sql, _)| sql.contains("i.id IN (")),
                "{query}"
            );
            assert_by_index(&world, List::Incidents, &query);
        }
    }
}

#[test]
fn postgresql_knows_how_large_a_database_is_that_grows_fast() {
    // SQLite keeps no statistics.
    if is_sqlite() {
        return;
    }
    let world = world();
    let alerts: Vec<_> =
        (0..600).map(|n| alert("Odd script").device(&format!("host-{n}.contoso.test")).json()).collect();
    world.ingest(&alerts);
    let known = "SELECT CAST(reltuples AS bigint) AS n FROM pg_class WHERE oid = 'entities'::regclass";
    assert!(world.count(known) >= 500);
}
