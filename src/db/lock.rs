//! Locks for what must hold over several rows, which no lock of one row protects.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::connection::AnyConnection;
use crate::db::tx::Tx;
use crate::error::Result;

/// What must hold over several rows. Who changes one of these rows takes the lock first and looks then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invariant {
    /// Somebody who is not disabled is an administrator.
    Administrators = 1,
}

/// The other half of the locks' numbers, so that no other program in the same database uses them by chance.
const PRODUCT: i64 = 0x5744 << 32;

impl Tx<'_> {
    /// Waits until no other transaction holds the lock, and holds it to the end of this one. Nothing on SQLite,
    /// where one transaction writes at a time.
    pub fn lock(&mut self, invariant: Invariant) -> Result<()> {
        if let AnyConnection::Postgres(inner) = self.conn {
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                .bind::<BigInt, _>(PRODUCT + invariant as i64)
                .execute(inner)?;
        }
        Ok(())
    }
}
