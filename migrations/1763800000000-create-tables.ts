import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTables1763800000000 implements MigrationInterface {
  name = 'CreateTables1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE app_user (
        id uuid NOT NULL,
        first_name text,
        last_name text,
        email text,
        external_user_id text,
        created_at timestamptz NOT NULL,
        CONSTRAINT app_user_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query(`
      CREATE UNIQUE INDEX app_user_email_key ON app_user (email)
    `);
    await runner.query(`
      CREATE UNIQUE INDEX app_user_external_user_id_key ON app_user (external_user_id)
    `);
    await runner.query(`
      CREATE TABLE api_key (
        id text NOT NULL,
        name text NOT NULL,
        environment text NOT NULL,
        secret_hmac bytea NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CONSTRAINT api_key_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query(`
      CREATE TABLE oauth_state (
        state_hash bytea NOT NULL,
        provider text NOT NULL,
        user_id uuid NOT NULL,
        redirect_uri text,
        pkce_verifier bytea,
        key_id text,
        expires_at timestamptz NOT NULL,
        CONSTRAINT oauth_state_pkey PRIMARY KEY (state_hash)
      )
    `);
    await runner.query(`
      CREATE INDEX oauth_state_expires_at_idx ON oauth_state (expires_at)
    `);
    await runner.query(`
      CREATE TABLE connection (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        provider text NOT NULL,
        provider_user_id text NOT NULL,
        provider_username text,
        scope text,
        status text NOT NULL,
        attention text,
        time_zone text,
        sync_epoch integer NOT NULL,
        lease_until timestamptz,
        wake_at timestamptz NOT NULL,
        next_slot_at timestamptz NOT NULL,
        priority smallint NOT NULL,
        last_synced_at timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT connection_pkey PRIMARY KEY (user_id, id)
      )
    `);
    await runner.query(`
      CREATE INDEX connection_due_idx ON connection (wake_at) WHERE status = 'active'
    `);
    await runner.query(`
      CREATE UNIQUE INDEX connection_account_key ON connection (provider, provider_user_id) WHERE status <> 'revoked'
    `);
    await runner.query(`
      CREATE UNIQUE INDEX connection_user_provider_key ON connection (user_id, provider) WHERE status <> 'revoked'
    `);
    await runner.query(`
      CREATE TABLE credential (
        user_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        access_token bytea NOT NULL,
        refresh_token bytea,
        key_id text NOT NULL,
        token_version integer NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz,
        refresh_attempted_at timestamptz,
        refresh_refused_at timestamptz,
        CONSTRAINT credential_pkey PRIMARY KEY (user_id, connection_id)
      )
    `);
    await runner.query(`
      CREATE TABLE data_key (
        user_id uuid NOT NULL,
        wrapped_key bytea NOT NULL,
        key_id text NOT NULL,
        CONSTRAINT data_key_pkey PRIMARY KEY (user_id)
      )
    `);
    await runner.query(`
      CREATE TABLE data_source (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        connection_id uuid NOT NULL,
        provider text NOT NULL,
        device_model text NOT NULL,
        device_type text NOT NULL,
        device_name text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT data_source_pkey PRIMARY KEY (user_id, id)
      )
    `);
    await runner.query(`
      CREATE UNIQUE INDEX data_source_connection_device_key ON data_source (user_id, connection_id, device_model)
    `);
    await runner.query(`
      CREATE TABLE sync_day (
        user_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        date date NOT NULL,
        status text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz,
        error_code text,
        answer_sha256 bytea,
        normalizer_version integer,
        fetched_at timestamptz,
        starts_at timestamptz,
        time_zone text,
        CONSTRAINT sync_day_pkey PRIMARY KEY (user_id, connection_id, date)
      )
    `);
    await runner.query(`
      CREATE INDEX sync_day_open_idx ON sync_day (user_id, connection_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL
    `);
    await runner.query(`
      CREATE TABLE raw_answer (
        user_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        date date NOT NULL,
        fetched_at timestamptz NOT NULL,
        sha256 bytea NOT NULL,
        body bytea NOT NULL,
        CONSTRAINT raw_answer_pkey PRIMARY KEY (user_id, connection_id, date, fetched_at)
      )
    `);
    await runner.query(`
      CREATE TABLE raw_reject (
        user_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        date date NOT NULL,
        fetched_at timestamptz NOT NULL,
        reason text NOT NULL,
        sha256 bytea NOT NULL,
        body bytea NOT NULL,
        CONSTRAINT raw_reject_pkey PRIMARY KEY (user_id, connection_id, date, fetched_at)
      )
    `);
    await runner.query(`
      CREATE TABLE sync_run (
        user_id uuid NOT NULL,
        run_id text NOT NULL,
        task_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        provider text NOT NULL,
        source text NOT NULL,
        stage text NOT NULL,
        status text NOT NULL,
        message text,
        items_processed integer NOT NULL,
        items_total integer,
        error text,
        details jsonb NOT NULL,
        started_at timestamptz,
        ended_at timestamptz,
        last_update timestamptz NOT NULL,
        CONSTRAINT sync_run_pkey PRIMARY KEY (user_id, run_id)
      )
    `);
    await runner.query(`
      CREATE INDEX sync_run_last_update_idx ON sync_run (last_update)
    `);
    await runner.query(`
      CREATE INDEX sync_run_user_idx ON sync_run (user_id, last_update)
    `);
    await runner.query(`
      CREATE UNIQUE INDEX sync_run_in_progress_key ON sync_run (user_id, connection_id) WHERE status = 'in_progress'
    `);
    await runner.query(`
      CREATE TABLE sync_event (
        user_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        event_id uuid NOT NULL,
        run_id text NOT NULL,
        stage text NOT NULL,
        status text NOT NULL,
        message text,
        progress double precision,
        items_processed integer,
        items_total integer,
        error text,
        metadata jsonb NOT NULL,
        timestamp timestamptz NOT NULL,
        CONSTRAINT sync_event_pkey PRIMARY KEY (user_id, id)
      )
    `);
    await runner.query(`
      CREATE INDEX sync_event_run_idx ON sync_event (user_id, run_id)
    `);
    await runner.query(`
      CREATE TABLE series_day (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        code text NOT NULL,
        day date NOT NULL,
        offset_ms integer[] NOT NULL,
        "values" double precision[] NOT NULL,
        count integer NOT NULL,
        min double precision NOT NULL,
        max double precision NOT NULL,
        sum double precision NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT series_day_arrays_check CHECK (cardinality(offset_ms) = count AND cardinality("values") = count AND count > 0),
        CONSTRAINT series_day_pkey PRIMARY KEY (user_id, source_id, code, day)
      )
    `);
    // Compressed but kept in the row: moved out of it, as is the default, a chunk takes twice the time to write.
    await runner.query(`
      ALTER TABLE series_day ALTER offset_ms SET STORAGE MAIN, ALTER "values" SET STORAGE MAIN
    `);
    // Encrypted bytes do not compress.
    await runner.query(`ALTER TABLE raw_answer ALTER body SET STORAGE EXTERNAL`);
    await runner.query(`ALTER TABLE raw_reject ALTER body SET STORAGE EXTERNAL`);
    await runner.query(`
      CREATE TABLE daily_value (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        code text NOT NULL,
        date date NOT NULL,
        value double precision NOT NULL,
        at timestamptz NOT NULL,
        zone_offset text,
        CONSTRAINT daily_value_pkey PRIMARY KEY (user_id, source_id, code, date)
      )
    `);
    await runner.query(`
      CREATE TABLE sleep_session (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        id uuid NOT NULL,
        date date NOT NULL,
        start_at timestamptz NOT NULL,
        end_at timestamptz NOT NULL,
        zone_offset text,
        asleep_seconds integer,
        stage_seconds jsonb,
        stages jsonb NOT NULL,
        efficiency_percent double precision,
        average_heart_rate double precision,
        average_hrv_rmssd double precision,
        average_spo2 double precision,
        graphs jsonb NOT NULL,
        deleted_at timestamptz,
        hash bytea NOT NULL,
        CONSTRAINT sleep_session_pkey PRIMARY KEY (user_id, source_id, id)
      )
    `);
    await runner.query(`
      CREATE INDEX sleep_session_date_idx ON sleep_session (user_id, date)
    `);
    await runner.query(`
      CREATE INDEX sleep_session_start_idx ON sleep_session (user_id, start_at)
    `);
    await runner.query(`
      CREATE TABLE score (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        category text NOT NULL,
        date date NOT NULL,
        id uuid NOT NULL,
        value double precision NOT NULL,
        qualifier text,
        recorded_at timestamptz NOT NULL,
        zone_offset text,
        components jsonb,
        CONSTRAINT score_pkey PRIMARY KEY (user_id, source_id, category, date)
      )
    `);
    await runner.query(`
      CREATE INDEX score_recorded_idx ON score (user_id, recorded_at)
    `);
    await runner.query(`
      CREATE VIEW sample AS
        SELECT user_id, source_id, code,
               (day::timestamp AT TIME ZONE 'UTC') + u.offset_ms * interval '1 millisecond' AS at,
               u.value
          FROM series_day, unnest(series_day.offset_ms, series_day."values") AS u (offset_ms, value)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW sample`);
    await runner.query(
      `DROP TABLE score, sleep_session, daily_value, series_day, sync_event, sync_run, raw_reject, raw_answer, sync_day, data_source, data_key, credential, connection, oauth_state, api_key, app_user`,
    );
  }
}
