/** Answered by a server that runs. */
export class ServerMessage {
  /** @example Server is running! */
  message: string;
}

export class Liveness {
  /** @example ok */
  status: 'ok';
}

/** Everything that must be up before requests can be served. */
export class Readiness {
  /** @example ok */
  status: 'ok';

  /** Whether PostgreSQL answers @example up */
  database: string;

  /** Whether the schema is the one this version needs @example up */
  migrations: string;

  /** Where tokens lie until the database has them. `memory only`: `JOURNAL_DIR` cannot be written to; requests are served all the same, but a crash while the database is away would cost connections @example on disk */
  journal: 'on disk' | 'memory only';
}
