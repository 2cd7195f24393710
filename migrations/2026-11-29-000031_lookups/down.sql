DELETE FROM counters WHERE name = 'lookup';
DROP TABLE comment_edits;
DROP TABLE lookups;
