//! The severity of a record's word that no value table translates.

use crate::formats::building::severity_words;

/// Whether a word names a severity, or says that there is none.
pub(super) fn is_known(word: &str) -> bool {
    severity_words::severity_of(word).is_some() || severity_words::is_none(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_words_for_severities_need_no_table_and_numbers_do() {
        assert!(["CRITICAL", "warn", "P1", "none", "1 - Critical"].into_iter().all(is_known));
        assert!(["6", "bad"].into_iter().all(|word| !is_known(word)));
    }
}
