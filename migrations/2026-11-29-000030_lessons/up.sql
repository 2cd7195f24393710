-- What Lessons counts, by the day (since 1970, UTC) on which alerts and incidents were created and by how they are
-- classified now. `watchdesk migrate` counts what is stored already.

-- Alerts by source, category and title, of which the key is a hash: an index holds no long texts. `title` is as one of
-- them spells it.
CREATE TABLE lesson_detections (
  day bigint NOT NULL,
  key text NOT NULL,
  source text NOT NULL,
  category text NOT NULL,
  title_key text NOT NULL,
  title text NOT NULL,
  not_set bigint NOT NULL,
  true_positive bigint NOT NULL,
  informational bigint NOT NULL,
  false_positive bigint NOT NULL,
  PRIMARY KEY (day, key)
);

-- Alerts by asset.
CREATE TABLE lesson_assets (
  day bigint NOT NULL,
  entity_id bigint NOT NULL,
  not_set bigint NOT NULL,
  true_positive bigint NOT NULL,
  informational bigint NOT NULL,
  false_positive bigint NOT NULL,
  PRIMARY KEY (day, entity_id)
);

-- Incidents by owner; 0 is nobody.
CREATE TABLE lesson_incidents (
  day bigint NOT NULL,
  owner_id bigint NOT NULL,
  not_set bigint NOT NULL,
  true_positive bigint NOT NULL,
  informational bigint NOT NULL,
  false_positive bigint NOT NULL,
  PRIMARY KEY (day, owner_id)
);

-- Incidents by how many minutes something took.
CREATE TABLE lesson_times (
  day bigint NOT NULL,
  measure text NOT NULL,
  owner_id bigint NOT NULL,
  minutes bigint NOT NULL,
  incidents bigint NOT NULL,
  PRIMARY KEY (day, measure, owner_id, minutes)
);

-- When people first assigned and commented an incident and when a person resolved it, in microseconds UTC, and how often
-- people reopened it.
CREATE TABLE incident_work (
  incident_id bigint PRIMARY KEY NOT NULL REFERENCES incidents (id),
  assigned_at bigint,
  commented_at bigint,
  resolved_at bigint,
  reopened bigint NOT NULL
);

-- Alerts of some days, counted one by one where a filter is set.
CREATE INDEX alerts_created ON alerts (created_at, status);

-- Whether everything that is stored is counted.
INSERT INTO counters (name, value) VALUES ('lessons', 0);
