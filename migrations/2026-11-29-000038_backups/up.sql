-- What became of the latest backups. A failure is a sentence for people; the size and the rows are of the file.
CREATE TABLE backup_runs (
  id bigint PRIMARY KEY NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  occasion text NOT NULL,
  begun_by text NOT NULL,
  file text NOT NULL,
  bytes bigint,
  row_count bigint,
  failure text
);
INSERT INTO counters (name, value) VALUES ('backup_run', 0);
