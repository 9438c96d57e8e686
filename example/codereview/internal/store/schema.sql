-- One schema for SQLite and PostgreSQL. Times are seconds of the Unix epoch,
-- lists are separated by spaces, and no secret is kept: what a client or a
-- browser presents is found by its SHA-256.

CREATE TABLE IF NOT EXISTS users (
    username      TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- bcrypt
    admin         BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS clients (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    secret_hash   TEXT NOT NULL, -- '' for a public client
    redirect_uris TEXT NOT NULL,
    grant_types   TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    introspects   BOOLEAN NOT NULL
);

-- An authorization request from the moment the client sends the browser until
-- its code is exchanged.
CREATE TABLE IF NOT EXISTS authorizations (
    id_hash      TEXT PRIMARY KEY,
    grant_id     TEXT NOT NULL,
    client_id    TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    state        TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    subject      TEXT NOT NULL, -- '' until somebody allows it
    code_hash    TEXT UNIQUE,
    spent        BOOLEAN NOT NULL,
    expires      BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS access_tokens (
    hash      TEXT PRIMARY KEY,
    grant_id  TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    subject   TEXT NOT NULL,
    scopes    TEXT NOT NULL,
    issued    BIGINT NOT NULL,
    expires   BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS access_tokens_grant ON access_tokens (grant_id);

CREATE TABLE IF NOT EXISTS refresh_tokens (
    hash      TEXT PRIMARY KEY,
    grant_id  TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    subject   TEXT NOT NULL,
    scopes    TEXT NOT NULL,
    spent     BOOLEAN NOT NULL,
    expires   BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS refresh_tokens_grant ON refresh_tokens (grant_id);

CREATE TABLE IF NOT EXISTS api_tokens (
    hash     TEXT PRIMARY KEY,
    username TEXT NOT NULL REFERENCES users (username) ON DELETE CASCADE,
    policy   TEXT NOT NULL -- JSON
);

CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY,
    data       BYTEA NOT NULL,
    expires    BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS repositories (
    name        TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    owner       TEXT NOT NULL -- whose subject the token had that added it
);

CREATE TABLE IF NOT EXISTS review_requests (
    repository TEXT NOT NULL REFERENCES repositories (name) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    summary    TEXT NOT NULL,
    status     TEXT NOT NULL,
    author     TEXT NOT NULL,
    PRIMARY KEY (repository, number)
);

CREATE TABLE IF NOT EXISTS reviews (
    repository     TEXT NOT NULL,
    review_request BIGINT NOT NULL,
    number         BIGINT NOT NULL,
    author         TEXT NOT NULL,
    body           TEXT NOT NULL,
    ship_it        BOOLEAN NOT NULL,
    PRIMARY KEY (repository, review_request, number),
    FOREIGN KEY (repository, review_request)
        REFERENCES review_requests (repository, number) ON DELETE CASCADE
);

-- The next number of each sequence. Neither an identity column nor a sequence
-- means the same in both databases.
CREATE TABLE IF NOT EXISTS counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
