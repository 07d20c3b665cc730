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

EXPLAINED = """
-- Every key begins with the workspace: no query of one can meet a row of another.
CREATE TABLE executions(
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  agent TEXT NOT NULL,
  failed INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  message TEXT NOT NULL,
  cause TEXT NOT NULL,
  at REAL NOT NULL,
  record TEXT NOT NULL,
  explanation TEXT NOT NULL DEFAULT 'null',
  PRIMARY KEY(workspace, id)
);
CREATE INDEX executions_agent ON executions(workspace, agent, failed, at);

CREATE TABLE paused(
  workspace TEXT NOT NULL,
  agent TEXT NOT NULL,
  reason TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY(workspace, agent)
);

CREATE TABLE dismissed(
  workspace TEXT NOT NULL,
  agent TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY(workspace, agent, fingerprint)
);

CREATE TABLE fixes(
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  execution TEXT NOT NULL,
  agent TEXT NOT NULL,
  cause TEXT NOT NULL,
  fix TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('offered', 'applying', 'applied', 'undoing', 'undone')),
  offered REAL NOT NULL,
  applied REAL,
  undone REAL,
  outcome TEXT,
  succeeded INTEGER,
  PRIMARY KEY(workspace, id)
);
CREATE INDEX fixes_agent ON fixes(workspace, agent, state);

-- What a file held before a fix and after it, NULL where it was not there: undo gives back exactly the former.
CREATE TABLE fix_files(
  workspace TEXT NOT NULL,
  fix TEXT NOT NULL,
  path TEXT NOT NULL,
  before BLOB,
  after BLOB,
  PRIMARY KEY(workspace, fix, path)
);

CREATE TABLE ledger(
  workspace TEXT NOT NULL,
  key TEXT NOT NULL,
  credits REAL NOT NULL,
  what TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY(workspace, key)
);
"""

METRICS = """
-- What analysis tools measured. It outlives the run: the history of a number is longer than that of runs.
CREATE TABLE measurements(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL,
  step TEXT NOT NULL,
  at REAL NOT NULL,
  tool TEXT NOT NULL,
  ecosystem TEXT NOT NULL,
  folder TEXT NOT NULL,
  program TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  dirty INTEGER NOT NULL CHECK(dirty IN (0, 1)),
  UNIQUE(run, step)
);
CREATE INDEX measurements_series ON measurements(tool, ecosystem, folder, at);

CREATE TABLE metrics(
  measurement INTEGER NOT NULL REFERENCES measurements(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  better TEXT NOT NULL CHECK(better IN ('higher', 'lower', '')),
  noise REAL NOT NULL,
  PRIMARY KEY(measurement, name, subject)
);
"""

GIVEN_BACK = """
-- Why its own process gave an open run back, empty where it runs, ended or died. Its former owner writes no more.
ALTER TABLE runs ADD COLUMN given_back TEXT NOT NULL DEFAULT '';
-- From when on it goes on by itself, in seconds since the epoch. NULL where nothing was said.
ALTER TABLE runs ADD COLUMN due REAL;
-- How often in a row it was resumed without finishing a step.
ALTER TABLE runs ADD COLUMN resumes INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: tuple[str, ...] = (FIRST, EXPLAINED, METRICS, GIVEN_BACK)
