import '../src/config/required-node';
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { JwtService } from '@nestjs/jwt';
import { isEmail } from 'class-validator';
import type { DataSource } from 'typeorm';
import { DeveloperSession } from '../src/access/developers/developer-session.entity';
import { DeveloperTokens } from '../src/access/developers/developer-tokens';
import { Developer } from '../src/access/developers/developer.entity';
import { DevelopersService } from '../src/access/developers/developers.service';
import { MIN_PASSWORD_LENGTH } from '../src/access/developers/password';
import { RefreshToken } from '../src/access/developers/refresh-token.entity';
import { SessionsService } from '../src/access/developers/sessions.service';
import { Clock } from '../src/database/clock';
import { withDatabase } from './command-database';

const HELP = `Usage: npm run developer -- --email ADDRESS [--reset] [--password-stdin]

Makes a developer who may sign in, in the server's database; or gives a new password to one who is locked out.
Settings come from the environment and .env. The server may be running.

  --email ADDRESS   of the developer
  --reset           for one who is there: set a new password, and end all of the developer's sign-ins
  --password-stdin  read the password from standard input (one line) instead of making one, which is printed
  --help            this text
`;

interface Wanted {
  email: string;
  reset: boolean;
  password: string;
}

async function readPassword(): Promise<string> {
  const [line] = (await text(process.stdin)).split(/\r?\n/);
  if (line.length >= MIN_PASSWORD_LENGTH) return line;
  throw new Error(`The password must be at least ${MIN_PASSWORD_LENGTH} characters long`);
}

async function save(database: DataSource, { email, reset, password }: Wanted): Promise<void> {
  const clock = new Clock();
  const sessions = new SessionsService(database, new DeveloperTokens(new JwtService(), clock), clock);
  const developers = new DevelopersService(database.getRepository(Developer), sessions, clock);
  const found = await developers.findByEmail(email);
  if (!reset) return void (await developers.create({ email, password }));
  if (found === null) throw new Error(`There is no developer ${email}. Leave --reset out to make one.`);
  await developers.resetPassword(found, password);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      email: { type: 'string' },
      reset: { type: 'boolean', default: false },
      'password-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { email, reset } = values;
  if (!isEmail(email)) throw new Error('--email is missing or no address, such as --email you@example.com');
  const isGiven = values['password-stdin'];
  const password = isGiven ? await readPassword() : randomBytes(18).toString('base64url');
  await withDatabase([Developer, DeveloperSession, RefreshToken], async (database) => {
    await database.runMigrations();
    await save(database, { email: email!, reset, password });
  });
  process.stderr.write(`${email} may sign in now.${isGiven ? '' : ' The password, shown this once:'}\n`);
  if (!isGiven) process.stdout.write(`${password}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
