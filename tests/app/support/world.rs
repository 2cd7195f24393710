//! A running server with its database, the people who use it and what they find there.

use std::sync::mpsc;
use std::sync::{LazyLock, Mutex};
use std::thread::JoinHandle;

use super::database::TestDatabase;
use super::product::{
    ATTACHMENT_LIMIT, Actor, AnyConnection, BackupOptions, Binding, CHECKPOINT_EVERY, CONSOLE, Config, Db,
    Destinations, Error, Hub, MAX_BODY, MAX_STREAMS, MetricsAccess, Network, NewToken, Role, SESSION_IDLE,
    SESSION_LIFETIME, Scope, Stopper, Tx, app, cast, new_token, passwords, people, token_sources, tokens, users,
};
use super::{Answer, Browser, alert};

/// Everybody's password.
pub const PASSWORD: &str = "a long enough password";

/// One hash for everybody: argon2 takes its time on purpose.
static HASH: LazyLock<passwords::Hashed> = LazyLock::new(|| passwords::hash(PASSWORD).unwrap());

/// A running server and what it stands on; stopped and removed at the end of the test.
pub struct World {
    pub base: String,
    pub db: Db,
    pub config: Config,
    pub setup_code: Option<String>,
    stopper: Option<Stopper>,
    thread: Option<JoinHandle<()>>,
    token: Mutex<Option<String>>,
    pub database: TestDatabase,
}

/// Makes a token by command and returns its secret.
pub fn make_token(tx: &mut Tx<'_>, name: &str, scope: Scope, sent_in: tokens::SentIn) -> Result<String, Error> {
    new_token::make(tx, &CONSOLE, &NewToken { sent_in, ..NewToken::new(name, scope) })
}

/// A world with Dana and Omar (analysts), Vic (viewer) and Ada (administrator).
pub fn world() -> World {
    let world = empty_world();
    add_people(&world.db);
    world
}

pub(super) fn add_people(db: &Db) {
    db.write_now(|tx| {
        for person in [cast::DANA, cast::OMAR, cast::VIC, cast::ADA] {
            cast::add(tx, &person, PASSWORD, &HASH)?;
        }
        Ok(())
    })
    .unwrap();
}

/// A world in which nobody can sign in yet.
pub fn empty_world() -> World {
    let database = TestDatabase::new();
    Db::open(&database.url, Hub::default()).unwrap().migrate().unwrap();
    world_on(database)
}

/// The same as [`world`] on a database that has nothing yet.
pub fn world_with_people(database: TestDatabase) -> World {
    Db::open(&database.url, Hub::default()).unwrap().migrate().unwrap();
    let world = world_on(database);
    add_people(&world.db);
    world
}

/// A world on a database that has its schema.
pub fn world_on(database: TestDatabase) -> World {
    let db = Db::open(&database.url, Hub::default()).unwrap();
    let config = Config {
        database: database.url.clone(),
        listen: "127.0.0.1:0".into(),
        public_url: None,
        secret_file: database.folder.path().join("secret"),
        signing_key_file: database.folder.path().join("signing-key"),
        checkpoint_every: CHECKPOINT_EVERY,
        checkpoints: Destinations::default(),
        workers: 2,
        automatic_names: true,
        automatic_merging: true,
        max_body: MAX_BODY,
        attachment_limit: ATTACHMENT_LIMIT,
        session_idle: SESSION_IDLE,
        session_lifetime: SESSION_LIFETIME,
        max_streams: MAX_STREAMS,
        provider_ca: None,
        metrics: MetricsAccess::default(),
        network: Network::default(),
        backups: BackupOptions::default(),
        demo_user: None,
    };
    let mut world = World {
        base: String::new(),
        db,
        config,
        setup_code: None,
        stopper: None,
        thread: None,
        token: Mutex::new(None),
        database,
    };
    world.start();
    world
}

impl World {
    /// Starts the server, on the same port if it ran before.
    pub fn start(&mut self) {
        let (sender, receiver) = mpsc::channel();
        let config = self.config.clone();
        let thread = std::thread::spawn(move || {
            app::block_on(async move {
                let application = app::build(&config).unwrap();
                let started = (application.port(), application.stopper(), application.setup_code.clone());
                sender.send(started).unwrap();
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

    /// Starts the server anew with other settings.
    pub fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.stop();
        change(&mut self.config);
        self.start();
    }

    /// Signed in as one of the cast.
    pub fn browser(&self, name: &str) -> Browser {
        let browser = Browser::new(&self.base);
        let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "signing {name} in: {}", answer.text());
        browser
    }

    /// One of the cast as the author of changes made without a page.
    pub fn actor(&self, name: &str) -> Actor {
        let user = self.db.read_now(|conn| users::by_name(conn, name)).unwrap().unwrap();
        Actor::from(user)
    }

    pub fn disable(&self, name: &str) {
        self.db.write_now(|tx| people::disable(tx, &CONSOLE, name)).unwrap();
    }

    pub fn set_role(&self, name: &str, role: Role) {
        self.db.write_now(|tx| people::set_role(tx, &CONSOLE, name, role)).unwrap();
    }

    pub fn token(&self, name: &str, scope: Scope) -> String {
        self.db.write_now(|tx| make_token(tx, name, scope, tokens::SentIn::Header)).unwrap()
    }

    /// A token that may update what others reported.
    pub fn any_token(&self, name: &str) -> String {
        let token = self.token(name, Scope::Ingest);
        self.db.write_now(|tx| token_sources::bind(tx, &CONSOLE, name, &Binding::Any)).unwrap();
        token
    }

    pub fn revoke_token(&self, name: &str) {
        self.db.write_now(|tx| tokens::revoke(tx, &CONSOLE, name)).unwrap();
    }

    /// Sends a body to the ingest API.
    pub fn post_alerts(&self, body: &str) -> Answer {
        let token = self.token.lock().unwrap().get_or_insert_with(|| self.any_token("tests")).clone();
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

    /// An incident of one alert on a user of its own; returns its ID.
    pub fn incident(&self, title: &str) -> i64 {
        let user = format!("{}@contoso.example", title.to_lowercase().replace(' ', "."));
        self.ingest(&[alert(title).user(&user).json()])[0]
    }

    /// One number from the database, for what no page, export or history tells.
    pub fn count(&self, sql: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        use diesel::RunQueryDsl as _;
        self.db.read_now(|conn: &mut AnyConnection| Ok(diesel::sql_query(sql).get_result::<Row>(conn)?)).unwrap().n
    }

    /// The column `text` of rows of the database, for the same.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        use diesel::RunQueryDsl as _;
        let rows = self.db.read_now(|conn: &mut AnyConnection| Ok(diesel::sql_query(sql).load::<Row>(conn)?));
        rows.unwrap().into_iter().map(|row| row.text).collect()
    }

    /// Changes rows behind the product's back, to make what only time or damage would.
    pub fn execute(&self, sql: &str) {
        use diesel::RunQueryDsl as _;
        self.db.write_now(|tx| Ok(diesel::sql_query(sql).execute(tx.conn)?)).unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}
