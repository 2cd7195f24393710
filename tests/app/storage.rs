//! The schema: what `src/schema.rs` says is what either database has, and migrations go both ways.

use watchdesk::db::{AnyConnection, Db, SchemaState, schema_state};
use watchdesk::live::Hub;

use crate::support::{empty_world, world};

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn columns(db: &Db, table: &str) -> Vec<String> {
    use diesel::RunQueryDsl as _;
    db.read_now(|conn| {
        let sql = match conn {
            AnyConnection::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
            AnyConnection::Postgres(_) => format!(
                "SELECT column_name::text AS name FROM information_schema.columns \
                 WHERE table_name = '{table}' AND table_schema = current_schema() ORDER BY ordinal_position"
            ),
        };
        Ok(diesel::sql_query(sql).load::<Column>(conn)?.into_iter().map(|column| column.name).collect())
    })
    .unwrap()
}

#[test]
fn the_hand_kept_schema_is_what_the_database_has() {
    let world = empty_world();
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs")).unwrap();
    let mut checked = 0;
    for block in source.split("diesel::table!").skip(1) {
        let block = block.split("diesel::").next().unwrap();
        let inner = block.trim_start().trim_start_matches('{').trim_start();
        let table = inner.split([' ', '(']).next().unwrap();
        let body = inner.split_once('{').unwrap().1;
        let declared: Vec<String> = body
            .split("->")
            .collect::<Vec<_>>()
            .windows(2)
            .map(|pair| pair[0].split([' ', ',', '\n']).rfind(|word| !word.is_empty()).unwrap().to_owned())
            .collect();
        assert_eq!(columns(&world.db, table), declared, "{table}");
        checked += 1;
    }
    assert!(checked > 20, "every table was looked at");
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let world = empty_world();
    assert!(world.db.unmigrate().unwrap() > 0);
    assert!(matches!(world.db.read_now(schema_state).unwrap(), SchemaState::Behind(_)));
    assert!(world.db.migrate().unwrap() > 0);
    assert_eq!(world.db.read_now(schema_state).unwrap(), SchemaState::Current);
}

#[test]
fn a_server_refuses_a_database_that_is_behind_and_names_the_remedy() {
    let mut world = empty_world();
    world.stop();
    world.db.unmigrate().unwrap();
    let told = watchdesk::app::block_on(async { watchdesk::app::build(&world.config).map(|_| ()) }).unwrap_err();
    assert!(told.contains("watchdesk migrate"), "{told}");
    world.db.migrate().unwrap();
}

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
                // PostgreSQL reads small tables whole whatever there is; the indexes are the same ones.
                AnyConnection::Postgres(_) => Ok(String::new()),
            })
            .unwrap()
    };
    for sql in [
        "SELECT * FROM incidents WHERE updated_at <= 9 AND (updated_at < 9 OR id < 5) ORDER BY updated_at DESC, id DESC LIMIT 51",
        "SELECT * FROM alerts WHERE incident_id = 1 ORDER BY first_activity, id",
        "SELECT * FROM history WHERE incident_id = 1 AND revision > 5 ORDER BY revision",
        "SELECT * FROM history WHERE alert_id = 1 ORDER BY id DESC",
        "SELECT * FROM incident_entities WHERE entity_id = 1 AND last_seen >= 5 ORDER BY last_seen DESC",
        "SELECT * FROM alerts WHERE source = 'a' AND provider_alert_id = 'b'",
        "SELECT * FROM history WHERE operation_id = 7 AND incident_id IN (1, 2) ORDER BY incident_id, revision",
        "SELECT * FROM operation_items WHERE operation_id = 7 AND state = 'pending' ORDER BY incident_id LIMIT 100",
        "SELECT * FROM entity_keys WHERE kind = 'device' AND key = 'fqdn:a'",
    ] {
        let plan = plan(sql);
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
}

#[test]
fn a_mistyped_database_is_a_clear_error() {
    let url = watchdesk::db::DatabaseUrl::parse("sqlite:///nowhere/at/all/w.db").unwrap();
    let told = Db::open(&url, Hub::default()).map(|_| ()).unwrap_err();
    assert!(told.starts_with("cannot open the database"), "{told}");
}
