//! What must hold over several rows holds when two transactions change them at once (`db::Invariant`).

use std::sync::Barrier;

use crate::support::product::{CONSOLE, Error, Role, passwords, people};
use crate::support::{PASSWORD, world};

#[test]
fn two_administrators_who_disable_each_other_leave_one() {
    let world = world();
    world.db.write_now(|tx| people::set_role(tx, &CONSOLE, "omar", Role::Administrator)).unwrap();
    for round in 0..20 {
        let both = Barrier::new(2);
        std::thread::scope(|scope| {
            for (actor, other) in [("ada", "omar"), ("omar", "ada")] {
                let (world, both) = (&world, &both);
                scope.spawn(move || {
                    let actor = world.actor(actor);
                    both.wait();
                    let _ = world.db.write_now(|tx| match round % 2 {
                        0 => people::disable(tx, &actor, other),
                        _ => people::set_role(tx, &actor, other, Role::Viewer),
                    });
                });
            }
        });
        let left = world.count("SELECT count(*) AS n FROM users WHERE role = 'administrator' AND disabled = FALSE");
        assert_eq!(left, 1, "round {round}");
        for name in ["ada", "omar"] {
            let _ = world.db.write_now(|tx| people::enable(tx, &CONSOLE, name));
            let _ = world.db.write_now(|tx| people::set_role(tx, &CONSOLE, name, Role::Administrator));
        }
    }
}

#[test]
fn one_name_given_twice_at_once_is_refused_at_its_field() {
    let world = world();
    let hash = passwords::hash(PASSWORD).unwrap();
    for round in 0..10 {
        let both = Barrier::new(2);
        let add = || {
            let name = format!("new-{round}");
            both.wait();
            let password = PASSWORD.to_owned();
            let new = people::NewUser { name, display_name: String::new(), role: Role::Viewer, password };
            world.db.write_now(|tx| people::add(tx, &CONSOLE, &new, &hash))
        };
        let results = std::thread::scope(|scope| [scope.spawn(add), scope.spawn(add)].map(|one| one.join().unwrap()));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(results.iter().any(|result| matches!(result, Err(Error::Invalid(_)))), "{results:?}");
    }
}
