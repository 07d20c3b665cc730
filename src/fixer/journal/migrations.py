"""The tables of the journal, as numbered migrations: version N of the database is the first N entries, in order.

An entry that was released is never changed; a change of the tables is a further entry. Only SQL that SQLite 3.31
understands (no STRICT, RETURNING, `->>`, unixepoch).
"""

FIRST = """
CREATE TABLE runs(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  given TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  epoch INTEGER NOT NULL DEFAULT 0,
  owner_pid INTEGER,
  owner_start INTEGER,
  owner_boot TEXT,
  result TEXT NOT NULL DEFAULT 'null',
  error TEXT NOT NULL DEFAULT '',
  created REAL NOT NULL,
  started REAL,
  updated REAL NOT NULL,
  ended REAL,
  died REAL,
  UNIQUE(key, attempt)
);
-- One key has at most one run that has not ended: two at once would make two branches of one fix.
CREATE UNIQUE INDEX runs_open ON runs(key) WHERE state IN ('queued', 'running');
CREATE INDEX runs_created ON runs(created);

CREATE TABLE steps(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('running', 'done', 'failed', 'interrupted')),
  output TEXT NOT NULL DEFAULT 'null',
  error TEXT NOT NULL DEFAULT '',
  started REAL NOT NULL,
  ended REAL,
  PRIMARY KEY(run, name, attempt)
);
CREATE UNIQUE INDEX steps_done ON steps(run, name) WHERE state = 'done';

CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX events_run ON events(run, id);

CREATE TABLE processes(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  pid INTEGER NOT NULL,
  start INTEGER NOT NULL,
  boot TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  PRIMARY KEY(run, pid, start, boot)
);

CREATE TABLE resources(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY(run, kind, name)
);

-- What the circuit breaker counts. It outlives the run: a run that was pruned still counts.
CREATE TABLE attempts(
  subject TEXT NOT NULL,
  run TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY(subject, run)
);
CREATE INDEX attempts_subject ON attempts(subject, at);
"""

MIGRATIONS: tuple[str, ...] = (FIRST,)
