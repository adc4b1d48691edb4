import { resolve } from 'node:path';
import { exampleDates } from '../../src/http/api-examples';

export interface Access {
  url: string;
  key: string;
  email: string;
  password: string;
  userId: string;
  /** Of the sign-in provider. */
  provider: string;
}

/** For `source`: the curl lines of README.md then work as they stand. */
export function shellVariables({ url, key, email, password, userId }: Access, now: Date): string {
  const { start, end } = exampleDates(now);
  const variables = {
    VITALBASE_URL: url,
    VITALBASE_KEY: key,
    VITALBASE_EMAIL: email,
    VITALBASE_PASSWORD: password,
    USER_ID: userId,
    START: start,
    END: end,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
}

/** Where to go from here; the curl lines can be pasted. */
export function guide(access: Access, now: Date, environmentFile: string): string[] {
  const { url, key, email, password, userId, provider } = access;
  const { start, end } = exampleDates(now);
  const user = `${url}/api/v1/users/${userId}`;
  const curl = `curl -s -H 'X-API-Key: ${key}'`;
  return [
    `API page   ${url}/docs  (press "Authorize", and sign in or paste the key)`,
    `Sign in    ${email}  ${password}`,
    `API key    ${key}`,
    '',
    'Try:',
    '',
    `${curl} '${user}/events/sleep?start_date=${start}&end_date=${end}'`,
    `${curl} '${user}/timeseries?types=heart_rate&start_time=${start}&end_time=${end}&resolution=1hour'`,
    `${curl} '${user}/health-scores?start_date=${start}&end_date=${end}'`,
    `${curl} -X POST '${url}/api/v1/providers/${provider}/users/${userId}/sync'`,
    '',
    `Or, in another terminal, "source ${resolve(environmentFile)}" and take the lines of README.md.`,
  ];
}
