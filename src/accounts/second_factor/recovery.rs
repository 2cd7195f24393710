//! Recovery codes: shown once, each works once in the place of a code of the app.

use diesel::prelude::*;

use crate::accounts::people::target;
use crate::audit::{self, Activity};
use crate::db::Tx;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::schema::recovery_codes as table;
use crate::secrets::random_bytes;

/// How many a person gets.
const COUNT: usize = 10;
/// Characters of a code: of 31 each, some 59 bits in all.
const LENGTH: usize = 12;
/// Letters and digits that are not taken for each other.
const ALPHABET: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// Makes new codes in the place of all earlier ones, and returns them as they are shown: "abcd-efgh-jkmn".
pub fn make(tx: &mut Tx<'_>, actor: &Actor, user: &User) -> Result<Vec<String>> {
    diesel::delete(table::table.filter(table::user_id.eq(user.id))).execute(tx.conn)?;
    let codes: Vec<String> = (0..COUNT).map(|_| new_code()).collect::<Result<_>>()?;
    for code in &codes {
        diesel::insert_into(table::table)
            .values((table::user_id.eq(user.id), table::code_hash.eq(hash(code))))
            .execute(tx.conn)?;
    }
    audit::record(tx, actor, Activity::RecoveryCodesMade, target(user))?;
    Ok(codes)
}

fn new_code() -> Result<String> {
    let mut code = String::with_capacity(LENGTH + 2);
    let mut count = 0;
    while count < LENGTH {
        for byte in random_bytes(LENGTH)? {
            // Bytes over the last multiple of the alphabet's length would make some characters likelier.
            let byte = usize::from(byte);
            let Some(&character) = ALPHABET.get(byte % ALPHABET.len()).filter(|_| byte < 248 && count < LENGTH) else {
                continue;
            };
            if count > 0 && count % 4 == 0 {
                code.push('-');
            }
            code.push(char::from(character));
            count += 1;
        }
    }
    Ok(code)
}

/// Codes are random enough to need no slow hash.
fn hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256_hex(plain.to_lowercase().as_bytes())
}

/// Whether a code is one of the person's. It is used up by this.
pub fn verify(tx: &mut Tx<'_>, actor: &Actor, user: &User, code: &str) -> Result<bool> {
    let found = diesel::delete(table::table.find((user.id, hash(code)))).execute(tx.conn)? > 0;
    if found {
        audit::record(tx, actor, Activity::RecoveryCodeUsed, target(user))?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_three_groups_of_four() {
        let code = new_code().unwrap_or_default();
        let groups: Vec<usize> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4], "{code}");
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        assert_eq!(hash("abcd-efgh-jkmn"), hash(" ABCD EFGH JKMN "));
    }
}
