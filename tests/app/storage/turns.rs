//! Long work takes turns, so that it leaves connections to what people do.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use crate::support::product::AnyConnection;
use crate::support::world;

#[test]
fn on_postgresql_work_in_turn_leaves_connections_to_others() {
    let world = world();
    let db = &world.db;
    if db.read_now(|conn| Ok(matches!(conn, AnyConnection::Sqlite(_)))).unwrap() {
        // One transaction writes at a time.
        return;
    }
    let working = Mutex::new(());
    std::thread::scope(|scope| {
        let (begun, begins) = mpsc::channel();
        let held = working.lock().unwrap();
        for _ in 0..8 {
            let (begun, working) = (begun.clone(), &working);
            scope.spawn(move || {
                db.write_in_turn(|_| {
                    let _ = begun.send(());
                    drop(working.lock().unwrap());
                    Ok(())
                })
            });
        }
        for _ in 0..3 {
            begins.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        // Each inside of the other, so that all are open at once.
        let four = db.write_now(|_| db.write_now(|_| db.write_now(|_| db.write_now(|_| Ok(())))));
        drop(held);
        assert!(four.is_ok(), "{four:?}");
    });
}
