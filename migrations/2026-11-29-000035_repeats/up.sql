-- Lessons says how many repeats were counted as one alert.
CREATE INDEX alerts_repeated ON alerts (created_at) WHERE occurrences > 1;
