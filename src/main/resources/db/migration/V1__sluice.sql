-- The durable state of Sluice.
--
-- jsonb stands where the database looks inside, text where only Sluice does: text comes back letter for letter.
-- Time is always a parameter: nothing here asks the database's clock, so that tests and replicas agree on "now".

-- One sequence for every fence and one for every revision, not one per service: a service that is deleted and made
-- again must not be given a number that a data plane or an ETag has already seen.
CREATE SEQUENCE fence;
CREATE SEQUENCE revision;

CREATE TABLE model_service (
  name         text        PRIMARY KEY,
  document     text        NOT NULL,
  model        text        NOT NULL,
  serving      text        NOT NULL,
  revision     bigint      NOT NULL,
  -- schedule and retry timer: when the next pass is wanted
  due_at       timestamptz NOT NULL,
  -- the lease: until then nobody else is given the service; null between passes. It is a column of its own because an
  -- intent that arrives during a pass pulls due_at forward and must not start a second pass beside the first.
  leased_until timestamptz,
  fence        bigint      NOT NULL
);
-- greatest() skips nulls: an unleased service is due at due_at
CREATE INDEX model_service_due ON model_service (greatest(due_at, leased_until));

CREATE TABLE model_version (
  name     text PRIMARY KEY,
  service  text NOT NULL,
  document text NOT NULL,
  model    text NOT NULL,
  -- two versions of one name with different digests are a conflict
  digest   text NOT NULL
);
CREATE INDEX model_version_service ON model_version (service, name);

-- No foreign key to model_service: releases stay readable when their service is gone (law 14).
CREATE TABLE release (
  id           uuid        PRIMARY KEY,
  -- the order of submission, where clocks may tie
  sequence     bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
  service      text        NOT NULL,
  candidate    text        NOT NULL,
  phase        text        NOT NULL,
  labels       jsonb       NOT NULL,
  submitted_by text        NOT NULL,
  submitted_at timestamptz NOT NULL,
  -- what submission pinned for good, apart from what the loop moves: passes don't write the pipeline again
  pinned       text        NOT NULL,
  state        text        NOT NULL
);
-- The last line of defence behind the lock on the service's row: one release under way, one that waits for it.
CREATE UNIQUE INDEX release_under_way ON release (service)
  WHERE phase NOT IN ('submitted', 'succeeded', 'rolled-back', 'rejected');
CREATE UNIQUE INDEX release_waiting ON release (service) WHERE phase = 'submitted';
CREATE INDEX release_service ON release (service, sequence DESC);
CREATE INDEX release_labels ON release USING gin (labels jsonb_path_ops);

-- Written under the lock on the service's row, so the sequence rises in commit order within a release: a reader that
-- asks for what came after n misses nothing.
CREATE TABLE event (
  sequence   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  release    uuid        NOT NULL REFERENCES release,
  at         timestamptz NOT NULL,
  kind       text        NOT NULL,
  actor      text        NOT NULL,
  from_phase text,
  to_phase   text,
  stage      text,
  text       text        NOT NULL
);
CREATE INDEX event_release ON event (release, sequence);

-- The latest word of each gate in each stage; first_seq keeps the order in which the gates first spoke.
CREATE TABLE gate_report (
  release   uuid   NOT NULL REFERENCES release,
  gate      text   NOT NULL,
  stage     text   NOT NULL,
  report    text   NOT NULL,
  first_seq bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (release, gate, stage)
);

-- What a gate remembers from look to look, and in which stage it spoke last.
CREATE TABLE gate_memory (
  release uuid NOT NULL,
  gate    text NOT NULL,
  stage   text NOT NULL,
  state   text NOT NULL,
  PRIMARY KEY (release, gate),
  FOREIGN KEY (release, gate, stage) REFERENCES gate_report
);

CREATE TABLE intent (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  release    uuid        NOT NULL REFERENCES release,
  kind       text        NOT NULL,
  actor      text        NOT NULL,
  reason     text        NOT NULL,
  at         timestamptz NOT NULL,
  handled_at timestamptz
);
-- a claim reads only what is open; the history of intents may grow beside it
CREATE INDEX intent_open ON intent (release, id) WHERE handled_at IS NULL;

CREATE TABLE idempotency_key (
  actor       text        NOT NULL,
  key         text        NOT NULL,
  body_digest text        NOT NULL,
  -- deferred: the key is taken before the release is written, so that whoever comes second has written nothing yet
  release     uuid        NOT NULL REFERENCES release DEFERRABLE INITIALLY DEFERRED,
  at          timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_key_at ON idempotency_key (at);

CREATE TABLE measurement (
  release uuid        NOT NULL REFERENCES release,
  request text        NOT NULL,
  label   text        NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (release, request)
);

CREATE TABLE token (
  name       text        PRIMARY KEY,
  sha256     text        NOT NULL UNIQUE,
  role       text        NOT NULL,
  created_at timestamptz NOT NULL
);

-- Who did what, each row bound to the one before it: digest = SHA-256(previous || row). Changing, inserting or removing
-- a row breaks the chain behind it. sequence is given out by Sluice under a lock, so that it has no gaps.
CREATE TABLE audit (
  sequence bigint      PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    text        NOT NULL,
  action   text        NOT NULL,
  subject  text        NOT NULL,
  detail   text        NOT NULL,
  previous text        NOT NULL,
  digest   text        NOT NULL
);

-- Append only, against mistakes; against intent there is the chain. Pruning says so for its own transaction alone.
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('sluice.pruning', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit is append only: % refused', TG_OP;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
