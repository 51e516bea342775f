-- The course of each gate's evidence: the looks worth keeping, thinned where there are many, so that it stays bounded.
CREATE TABLE evidence_point (
  sequence bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  release  uuid    NOT NULL REFERENCES release,
  gate     text    NOT NULL,
  -- whether the gate changed its mind here: such points are never thinned out
  turn     boolean NOT NULL,
  point    text    NOT NULL
);
CREATE INDEX evidence_point_release ON evidence_point (release, gate, sequence DESC);

-- What was done to one release, out of a log of all.
CREATE INDEX audit_subject ON audit (subject, sequence);
