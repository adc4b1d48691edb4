import { checkFault, Strike } from '../faults/fault-board';
import { BadInput, Exchange, isRecord } from '../http/exchange';
import { readFault } from './read-fault';

const header = 'x-sim-fault';

/** What aims a posted fault at requests has no meaning here: the header is on the one it strikes. */
const aims = ['route', 'date', 'user', 'times', 'nth', 'probability', 'seed', 'for_seconds'];

/** The fault that a request brings along for itself. */
export function faultInHeader({ headers }: Exchange, route: string): Strike | null {
  const text = headers[header];
  if (text === undefined) return null;
  const fields = readHeader(String(text));
  const aim = aims.find((name) => name in fields);
  if (aim !== undefined) throw new BadInput(`${header}: leave ${aim} out, the fault is for this request`);
  const fault = readFault({ ...fields, route });
  checkFault(fault);
  return { fault, turn: 0 };
}

function readHeader(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(`${header} is not JSON`);
  }
  if (!isRecord(value)) throw new BadInput(`${header} must be a JSON object, such as {"mode": "html"}`);
  return value;
}
