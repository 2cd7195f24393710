//! What proves that nobody touched the record: hash chains, checkpoints, `watchdesk verify`, and the audit log's page.

mod audit_page;
mod checkpoints;
mod command;
mod older_store;
mod tampering;
mod writers;

use crate::support::World;
use crate::support::product::verify::{self, Asked};
use crate::support::product::{Checkpoint, SigningKey, chain, stored_checkpoints};

/// Everything that `verify` finds wrong, a sentence each.
pub fn problems(world: &World) -> Vec<String> {
    problems_with(world, &Asked::default())
}

fn problems_with(world: &World, asked: &Asked) -> Vec<String> {
    let report = verify::run(&world.db, asked, &mut |_, _| ()).unwrap();
    report.problems.listed.into_iter().map(|problem| problem.sentence).collect()
}

fn key(world: &World) -> SigningKey {
    SigningKey::read_or_make(&world.config.signing_key_file).unwrap()
}

/// Makes a checkpoint as it is written elsewhere.
fn checkpoint(world: &World) -> Checkpoint {
    stored_checkpoints::make(&world.db, &key(world)).unwrap()
}

/// Works all hashes of an incident out anew, as somebody would who knows how they are made.
fn rewrite(world: &World, incident: i64) {
    let entries = world.db.read_now(|conn| chain::of_incidents(conn, &[incident])).unwrap();
    let mut head = String::new();
    for entry in entries {
        head = entry.covered().hash_after(&head);
        world.execute(&format!("UPDATE history SET hash = '{head}' WHERE id = {}", entry.id));
    }
    world.execute(&format!("UPDATE incidents SET chain_head = '{head}' WHERE id = {incident}"));
}
