//! Tables of the SQLite store. Migrations are append-only: each entry of [`MIGRATIONS`] runs once, in order.

/// Numbered from 1; `user_version` says how many have run.
pub const MIGRATIONS: &[&str] = &[
    "
CREATE TABLE plans (
  plan_id TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL,
  pipeline TEXT NOT NULL,
  ledger TEXT NOT NULL,
  period TEXT NOT NULL,
  generation TEXT NOT NULL,
  status TEXT NOT NULL,
  headcount INTEGER NOT NULL,
  report TEXT NOT NULL,
  created_at TEXT NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX plans_by_pipeline ON plans (pipeline, period, ordinal);
CREATE TABLE documents (
  document_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  ledger TEXT NOT NULL,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  period TEXT NOT NULL,
  booked_in TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  state TEXT NOT NULL,
  gp_state TEXT NOT NULL DEFAULT '',
  needs_approval INTEGER NOT NULL,
  journal_number INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  approved_by TEXT,
  content TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (plan_id, document_id)
) STRICT;
-- A journal's identity is on its way or in GP at most once, whatever plans say.
CREATE UNIQUE INDEX one_live_journal ON documents (document_id)
  WHERE kind = 'journal' AND state IN ('approved', 'sending', 'sent', 'unknown');
CREATE INDEX documents_on_their_way ON documents (ledger, state);
CREATE INDEX documents_by_number ON documents (journal_number) WHERE journal_number IS NOT NULL;
CREATE TABLE sent_lines (
  document_id TEXT NOT NULL,
  ledger TEXT NOT NULL,
  period TEXT NOT NULL,
  booked_in TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL
) STRICT;
CREATE INDEX sent_lines_by_ledger ON sent_lines (ledger, period);
CREATE TABLE holds (
  plan_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  code TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL,
  place TEXT NOT NULL,
  asks INTEGER NOT NULL,
  documents TEXT NOT NULL,
  released_by TEXT,
  PRIMARY KEY (plan_id, ordinal)
) STRICT;
CREATE TABLE inputs (
  plan_id TEXT NOT NULL,
  file TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (plan_id, file)
) STRICT;
CREATE TABLE journal_numbers (
  range_start INTEGER PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT;
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
",
    "
ALTER TABLE holds ADD COLUMN scope TEXT NOT NULL DEFAULT 'documents';
",
    "
-- The newest sent line when a document was planned: what was sent after it may have booked the same difference.
ALTER TABLE documents ADD COLUMN ledger_mark INTEGER NOT NULL DEFAULT 0;
",
    "
-- Nothing here is secret by itself: `proof`, `data_key` and `body` are sealed (src/vault).
CREATE TABLE vault (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  generation INTEGER NOT NULL,
  source TEXT NOT NULL,
  stretch TEXT NOT NULL,
  proof BLOB NOT NULL
) STRICT;
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  data_key BLOB NOT NULL,
  body BLOB NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
",
    "
-- What a service owes: a run that was begun and has not ended is owed still.
CREATE TABLE wakes (
  wake_id INTEGER PRIMARY KEY AUTOINCREMENT,
  pipeline TEXT NOT NULL,
  period TEXT NOT NULL,
  cause TEXT NOT NULL,
  due TEXT NOT NULL,
  begun INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  tried_at TEXT,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX wakes_owed ON wakes (pipeline, period) WHERE ended = 0;
-- Up to where a service has looked: at the clock for each pipeline, at BambooHR's changes.
CREATE TABLE marks (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
",
    "
-- What BambooHR's webhooks told: ids and names of fields, no values. `told` is NULL where a signed body could not be read.
CREATE TABLE deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  told TEXT,
  handled_at TEXT
) STRICT;
CREATE UNIQUE INDEX one_waiting_delivery ON deliveries (fingerprint) WHERE handled_at IS NULL;
",
    "
-- Who said yes to a document of a plan. `person` is the name without letter case: nobody counts twice.
CREATE TABLE approvals (
  plan_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  person TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (plan_id, document_id, person)
) STRICT;
INSERT INTO approvals (plan_id, document_id, person, who, at)
  SELECT plan_id, document_id, lower(trim(approved_by)), approved_by, updated_at FROM documents
  WHERE approved_by IS NOT NULL;
",
    "
-- The GP company that a journal of the connection's own is for. Empty: not known, it is older than this column.
ALTER TABLE documents ADD COLUMN gp_company TEXT NOT NULL DEFAULT '';
",
];
