-- What is learned of a request later is its right answer, a judge's score, or both, each posted once.
ALTER TABLE measurement RENAME TO request_label;
ALTER TABLE request_label RENAME COLUMN label TO value;
ALTER TABLE request_label RENAME CONSTRAINT measurement_pkey TO request_label_pkey;

CREATE TABLE request_score (
  release uuid             NOT NULL REFERENCES release,
  request text             NOT NULL,
  value   double precision NOT NULL CHECK (value BETWEEN 0 AND 1),
  at      timestamptz      NOT NULL,
  PRIMARY KEY (release, request)
);
