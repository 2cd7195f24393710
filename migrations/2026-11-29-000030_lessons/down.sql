DELETE FROM counters WHERE name = 'lessons';
DROP INDEX alerts_created;
DROP TABLE incident_work;
DROP TABLE lesson_times;
DROP TABLE lesson_incidents;
DROP TABLE lesson_assets;
DROP TABLE lesson_detections;
