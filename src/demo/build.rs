//! Builds the sample data into an empty database.

use crate::clock;
use crate::db::Db;
use crate::demo::{cast, entities, past, stories, work};
use crate::error::Result;

/// What was built.
pub struct SampleData {
    /// The user whom the printed link signs in.
    pub viewer: i64,
    /// The password of the colleagues, made for this run.
    pub password: String,
}

/// Builds the sample data into an empty database.
pub fn build(db: &Db) -> Result<SampleData> {
    let mut random = fastrand::Rng::with_seed(20_261_121);
    let now = clock::now();
    let cast = cast::create(db, now)?;
    stories::ingest(db, &mut random, now)?;
    work::simulate(db, &cast, &mut random, now)?;
    past::add(db, &cast, &mut random, now)?;
    entities::describe(db, &cast, now)?;
    Ok(SampleData { viewer: cast.dana.id, password: cast.password })
}
