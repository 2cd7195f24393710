//! The real server on a free port with a database of its own, and people who use it over HTTP.

pub mod alert;
pub mod browser;
pub mod stream;

use std::sync::mpsc;
use std::sync::{LazyLock, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;
use watchdesk::accounts::setup::CONSOLE;
use watchdesk::accounts::{passwords, tokens, users};
use watchdesk::app;
use watchdesk::app::Stopper;
use watchdesk::config::Config;
use watchdesk::db::AnyConnection;
use watchdesk::db::{DatabaseUrl, Db};
use watchdesk::live::Hub;
use watchdesk::model::actor::Scope;
use watchdesk::model::user::Role;

pub use alert::alert;
pub use browser::{Answer, Browser};

pub const PASSWORD: &str = "a long enough password";

/// One hash for everybody: argon2 takes its time on purpose.
static HASH: LazyLock<passwords::Hashed> = LazyLock::new(|| passwords::hash(PASSWORD).unwrap());

/// A running server and what it stands on; stopped and removed at the end of the test.
pub struct World {
    pub base: String,
    pub db: Db,
    pub config: Config,
    stopper: Option<Stopper>,
    thread: Option<JoinHandle<()>>,
    pub setup_code: Option<String>,
    token: Mutex<Option<String>>,
    _folder: TempDir,
    schema: Option<(String, String)>,
}

/// A world with Dana and Omar (analysts), Vic (viewer) and Ada (administrator).
pub fn world() -> World {
    let world = empty_world();
    for (name, display_name, role) in [
        ("dana", "Dana Reyes", Role::Analyst),
        ("omar", "Omar Haddad", Role::Analyst),
        ("vic", "Vic Moreau", Role::Viewer),
        ("ada", "Ada Novak", Role::Administrator),
    ] {
        world.add_user(name, display_name, role);
    }
    world
}

/// A world in which nobody can sign in yet.
pub fn empty_world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let (database, schema) = database(&folder);
    let db = Db::open(&database, Hub::default()).unwrap();
    db.migrate().unwrap();
    let config = Config {
        database,
        listen: "127.0.0.1:0".into(),
        public_url: None,
        secret_file: folder.path().join("secret"),
        workers: 2,
        automatic_names: true,
        automatic_merging: true,
        max_body: watchdesk::config::MAX_BODY,
        demo_user: None,
    };
    let mut world = World {
        base: String::new(),
        db,
        config,
        stopper: None,
        thread: None,
        setup_code: None,
        token: Mutex::new(None),
        _folder: folder,
        schema,
    };
    world.start();
    world
}

/// SQLite in the folder, or a fresh schema where `TEST_DATABASE_URL` says PostgreSQL.
fn database(folder: &TempDir) -> (DatabaseUrl, Option<(String, String)>) {
    let Ok(url) = std::env::var("TEST_DATABASE_URL") else {
        return (DatabaseUrl::Sqlite(folder.path().join("test.db")), None);
    };
    let schema = format!("test_{}", watchdesk::secrets::random_hex(8).unwrap());
    run_sql(&url, &format!("CREATE SCHEMA {schema}"));
    let separator = if url.contains('?') { '&' } else { '?' };
    let own = format!("{url}{separator}options=-csearch_path%3D{schema}");
    (DatabaseUrl::parse(&own).unwrap(), Some((url, schema)))
}

fn run_sql(url: &str, statement: &str) {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;
    let mut connection = diesel::PgConnection::establish(url).unwrap();
    connection.batch_execute(statement).unwrap();
}

impl World {
    /// Starts the server, on the same port if it ran before.
    pub fn start(&mut self) {
        let (sender, receiver) = mpsc::channel();
        let config = self.config.clone();
        let thread = std::thread::spawn(move || {
            app::block_on(async move {
                let application = app::build(&config).unwrap();
                let told = (application.port(), application.stopper(), application.setup_code.clone());
                sender.send(told).unwrap();
                application.run(false).await.unwrap();
            });
        });
        let (port, stopper, setup_code) = receiver.recv().unwrap();
        self.config.listen = format!("127.0.0.1:{port}");
        self.base = format!("http://127.0.0.1:{port}");
        self.setup_code = setup_code;
        self.stopper = Some(stopper);
        self.thread = Some(thread);
    }

    /// Stops the server and waits until it has.
    pub fn stop(&mut self) {
        if let Some(stopper) = self.stopper.take() {
            app::block_on(async move { stopper.stop().await });
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    pub fn add_user(&self, name: &str, display_name: &str, role: Role) {
        let new =
            users::NewUser { name: name.into(), display_name: display_name.into(), role, password: PASSWORD.into() };
        self.db.write_now(|tx| users::add(tx, &CONSOLE, &new, &HASH)).unwrap();
    }

    pub fn token(&self, name: &str, scope: Scope) -> String {
        self.db.write_now(|tx| tokens::add(tx, &CONSOLE, name, scope)).unwrap()
    }

    /// Signed in as one of the cast.
    pub fn browser(&self, name: &str) -> Browser {
        let browser = Browser::new(&self.base);
        let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "signing {name} in: {}", answer.text());
        browser
    }

    /// Sends a body to the ingest API.
    pub fn post_alerts(&self, body: &str) -> Answer {
        let token = self
            .token
            .lock()
            .unwrap()
            .get_or_insert_with(|| self.db.write_now(|tx| tokens::add(tx, &CONSOLE, "tests", Scope::Ingest)).unwrap())
            .clone();
        Browser::new(&self.base).post_json("/api/v1/alerts", body, Some(&token))
    }

    /// Ingests alerts, which must be taken; returns the incident of each.
    pub fn ingest(&self, alerts: &[serde_json::Value]) -> Vec<i64> {
        let answer = self.post_alerts(&serde_json::Value::from(alerts.to_vec()).to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["incidentId"].as_str().unwrap().parse().unwrap())
            .collect()
    }

    /// A lone incident of one alert; returns its id.
    pub fn incident(&self, title: &str) -> i64 {
        let user = format!("{}@contoso.example", title.to_lowercase().replace(' ', "."));
        self.ingest(&[alert(title).user(&user).json()])[0]
    }

    /// One number from the database.
    pub fn count(&self, sql: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        use diesel::RunQueryDsl as _;
        self.db.read_now(|conn: &mut AnyConnection| Ok(diesel::sql_query(sql).get_result::<Row>(conn)?)).unwrap().n
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
        if let Some((url, schema)) = &self.schema {
            run_sql(url, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}
