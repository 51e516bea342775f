-- What the gates of a release were given, look by look, so that another policy can be asked about it. At most a megabyte for each release.
CREATE TABLE recording (
  release  uuid        PRIMARY KEY REFERENCES release,
  begun_at timestamptz NOT NULL,
  -- what the release began with, as JSON
  opening  text        NOT NULL,
  -- of looks, as they were written
  bytes    bigint      NOT NULL
);
CREATE INDEX recording_begun_at ON recording (begun_at);

CREATE TABLE recording_part (
  sequence bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  release  uuid    NOT NULL REFERENCES recording ON DELETE CASCADE,
  -- whether it is many looks, deflated; else it is one, as it was written
  packed   boolean NOT NULL,
  looks    bytea   NOT NULL
);
CREATE INDEX recording_part_release ON recording_part (release, sequence);
