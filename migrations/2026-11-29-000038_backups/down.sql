DELETE FROM counters WHERE name = 'backup_run';
DROP TABLE backup_runs;
