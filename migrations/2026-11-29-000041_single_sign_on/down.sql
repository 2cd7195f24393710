-- Providers and who signs in by them are lost; accounts stay.
DELETE FROM counters WHERE name = 'identity_provider';
DROP INDEX sessions_by_provider;
ALTER TABLE sessions DROP COLUMN provider_session;
ALTER TABLE sessions DROP COLUMN provider_id;
DROP TABLE identities;
DROP TABLE identity_providers;
