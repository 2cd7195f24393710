-- Second factors are lost: people sign in by password alone until they are migrated and set up again.
DROP TABLE sign_in_settings;
DROP TABLE passkeys;
DROP TABLE passkey_handles;
DROP TABLE recovery_codes;
DROP TABLE authenticator_apps;
