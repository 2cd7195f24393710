//! What `src/schema.rs` says is what either database has, and migrations run both ways.

use crate::support::empty_world;
use crate::support::product::{AnyConnection, DatabaseUrl, Db, Hub, SchemaState, app, schema_state};

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
fn the_schema_in_the_code_is_what_the_database_has() {
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
            .map(|pair| match pair[0].split_once("#[sql_name = \"") {
                Some((_, name)) => name.split('"').next().unwrap().to_owned(),
                None => pair[0].split([' ', ',', '\n']).rfind(|word| !word.is_empty()).unwrap().to_owned(),
            })
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
    let error = app::block_on(async { app::build(&world.config).map(|_| ()) }).unwrap_err();
    assert!(error.contains("watchdesk migrate"), "{error}");
    world.db.migrate().unwrap();
}

#[test]
fn a_database_that_cannot_be_opened_is_a_clear_error() {
    let url = DatabaseUrl::parse("sqlite:///nowhere/at/all/w.db").unwrap();
    let error = Db::open(&url, Hub::default()).map(|_| ()).unwrap_err();
    assert!(error.starts_with("cannot open the database /nowhere/at/all/w.db: "), "{error}");
}
