import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export interface Sample {
  series: number;
  at: number;
  value: number;
}

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** What any design with one row per sample can reach at best, and what a careless one does. */
export class RowBaselines {
  private constructor(private readonly client: Client) {}

  static async connect(url: string): Promise<RowBaselines> {
    const client = new Client(url);
    await client.connect();
    // The bench stops the database at its end, whatever is still connected.
    client.on('error', () => {});
    for (const table of ['copied', 'inserted'])
      await client.query(
        `CREATE TABLE bench_${table} (
           user_id int4, series int2, at timestamptz, value float8, PRIMARY KEY (user_id, series, at))`,
      );
    return new RowBaselines(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** Binary COPY into a table with a primary key. @returns samples per second */
  async copy(user: number, samples: Sample[]): Promise<number> {
    const buffer = binaryCopy(user, samples);
    const started = performance.now();
    await new Promise<void>((resolve, reject) => {
      const stream = this.client.query(copyFrom('COPY bench_copied FROM STDIN BINARY'));
      stream.on('finish', resolve).on('error', reject);
      stream.end(buffer);
    });
    return rate(samples.length, started);
  }

  /** One prepared INSERT per sample, each its own commit, one after another. @returns samples per second */
  async insertOneByOne(user: number, samples: Sample[]): Promise<number> {
    const started = performance.now();
    for (const { series, at, value } of samples)
      await this.client.query({
        name: 'bench_insert',
        text: 'INSERT INTO bench_inserted VALUES ($1, $2, $3, $4)',
        values: [user, series, new Date(at), value],
      });
    return rate(samples.length, started);
  }
}

const rate = (count: number, started: number): number => (count / (performance.now() - started)) * 1_000;

/** PostgreSQL's binary COPY format: signature, then per row a field count and length-prefixed fields. */
function binaryCopy(user: number, samples: Sample[]): Buffer {
  const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
  const rows = Buffer.alloc(samples.length * 40);
  let offset = 0;
  for (const { series, at, value } of samples) {
    offset = rows.writeInt16BE(4, offset);
    offset = rows.writeInt32BE(user, rows.writeInt32BE(4, offset));
    offset = rows.writeInt16BE(series, rows.writeInt32BE(2, offset));
    offset = rows.writeBigInt64BE(BigInt(at - POSTGRES_EPOCH_MS) * 1_000n, rows.writeInt32BE(8, offset));
    offset = rows.writeDoubleBE(value, rows.writeInt32BE(8, offset));
  }
  return Buffer.concat([header, rows, Buffer.from([0xff, 0xff])]);
}
