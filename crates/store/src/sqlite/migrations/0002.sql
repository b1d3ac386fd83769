-- The log, its heads, and the index tables. Blobs named `sealed` or `…_sealed` are ChaCha20-Poly1305, nonce first.

CREATE TABLE installation (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  key_check     BLOB NOT NULL
) STRICT;

-- The head of the whole log: how many events there are, the hash over all of them, and a MAC on both.
CREATE TABLE log_head (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  gid           INTEGER NOT NULL,
  hash          BLOB NOT NULL,
  mac           BLOB NOT NULL
) STRICT;

-- One row for each stream: its head, its wrapped data key, and what lists show. `stream_kind` is the word of the kind:
-- patient, cabinet, diary, rota, clinic.
CREATE TABLE stream (
  stream_kind     TEXT NOT NULL,
  stream_id       BLOB NOT NULL,
  head_seq        INTEGER NOT NULL,
  head_hash       BLOB NOT NULL,
  wrapped_key     BLOB,
  erased_at_ms    INTEGER,
  erasure_mac     BLOB,
  summary_sealed  BLOB,
  next_look_at_ms INTEGER,
  fold_version    TEXT NOT NULL,
  PRIMARY KEY (stream_kind, stream_id),
  CHECK ((wrapped_key IS NULL) = (erased_at_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_due ON stream (stream_kind, next_look_at_ms) WHERE next_look_at_ms IS NOT NULL;

-- A stream is one contiguous range of this table; `gid` is the cursor for whoever follows the whole log. `act_id` is there
-- where one act touches two streams, and is then the same in both.
CREATE TABLE event (
  stream_kind     TEXT NOT NULL,
  stream_id       BLOB NOT NULL,
  seq             INTEGER NOT NULL CHECK (seq > 0),
  gid             INTEGER NOT NULL,
  event_id        BLOB NOT NULL,
  kind            TEXT NOT NULL,
  version         INTEGER NOT NULL,
  recorded_at_ms  INTEGER NOT NULL,
  act_id          BLOB,
  payload         BLOB NOT NULL,
  prev_hash       BLOB NOT NULL,
  hash            BLOB NOT NULL,
  PRIMARY KEY (stream_kind, stream_id, seq),
  FOREIGN KEY (stream_kind, stream_id) REFERENCES stream (stream_kind, stream_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX event_gid ON event (gid);
CREATE UNIQUE INDEX event_id ON event (event_id);
CREATE INDEX event_act ON event (act_id) WHERE act_id IS NOT NULL;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE alert (
  stream_kind     TEXT NOT NULL,
  stream_id       BLOB NOT NULL,
  alert_id        BLOB NOT NULL,
  level           INTEGER NOT NULL,
  raised_at_ms    INTEGER NOT NULL,
  owned           INTEGER NOT NULL,
  next_step_at_ms INTEGER,
  PRIMARY KEY (stream_kind, stream_id, alert_id),
  FOREIGN KEY (stream_kind, stream_id) REFERENCES stream (stream_kind, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  account_id      BLOB PRIMARY KEY,
  login_lookup    BLOB NOT NULL UNIQUE,
  patient_id      BLOB,
  active          INTEGER NOT NULL,
  sealed          BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_patient ON account (patient_id) WHERE patient_id IS NOT NULL;

-- The subject is who signed in: their word, and the ids that go with it. What is sealed is bound to it.
CREATE TABLE web_session (
  digest          BLOB PRIMARY KEY,
  subject         TEXT NOT NULL,
  account_id      BLOB,
  patient_id      BLOB,
  companion_id    BLOB,
  created_at_ms   INTEGER NOT NULL,
  seen_at_ms      INTEGER NOT NULL,
  expires_at_ms   INTEGER NOT NULL,
  sealed          BLOB NOT NULL,
  CHECK (CASE subject
    WHEN 'staff' THEN account_id IS NOT NULL AND patient_id IS NULL AND companion_id IS NULL
    WHEN 'patient' THEN patient_id IS NOT NULL AND companion_id IS NULL
    WHEN 'companion' THEN account_id IS NULL AND patient_id IS NOT NULL AND companion_id IS NOT NULL
    ELSE 0 END)
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_account ON web_session (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX web_session_patient ON web_session (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX web_session_expiry ON web_session (expires_at_ms);

CREATE TABLE link (
  digest          BLOB PRIMARY KEY,
  purpose         TEXT NOT NULL,
  patient_id      BLOB,
  expires_at_ms   INTEGER NOT NULL,
  used_at_ms      INTEGER,
  single_use      INTEGER NOT NULL,
  code_digest     BLOB,
  subject_sealed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_patient ON link (patient_id) WHERE patient_id IS NOT NULL;

CREATE TABLE audit (
  audit_id        INTEGER PRIMARY KEY AUTOINCREMENT,
  patient_id      BLOB,
  at_ms           INTEGER NOT NULL,
  sealed          BLOB NOT NULL
) STRICT;
CREATE INDEX audit_patient ON audit (patient_id, audit_id);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TABLE draft (
  owner           TEXT NOT NULL,
  form            TEXT NOT NULL,
  patient_id      BLOB,
  updated_at_ms   INTEGER NOT NULL,
  sealed          BLOB NOT NULL,
  PRIMARY KEY (owner, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_patient ON draft (patient_id) WHERE patient_id IS NOT NULL;

CREATE TABLE setting (
  name            TEXT PRIMARY KEY,
  sealed          BLOB NOT NULL
) STRICT, WITHOUT ROWID;
