import { setTimeout as sleep } from 'node:timers/promises';
import { Failpoints } from '../../../src/database/failpoints';

/** What happens at a named point of the server. */
export interface Ambush {
  point: string;
  /** `crash` is a kill -9 of the process by itself, to the instruction. */
  action: 'crash' | 'hang' | 'throw' | 'report';
  /** How long it hangs. */
  ms?: number;
  /** Strikes the nth time that the point is reached, once; left out: the first time. */
  nth?: number;
}

/** Points that do something; a struck one is spent. */
export class ArmedFailpoints extends Failpoints {
  private readonly ambushes = new Map<string, Ambush & { toGo: number }>();

  constructor(private readonly report: (point: string) => void) {
    super();
  }

  arm(ambush: Ambush): void {
    this.ambushes.set(ambush.point, { ...ambush, toGo: ambush.nth ?? 1 });
  }

  override async reach(point: string): Promise<void> {
    const ambush = this.ambushes.get(point);
    if (ambush === undefined || --ambush.toGo > 0) return;
    this.ambushes.delete(point);
    if (ambush.action === 'crash') process.kill(process.pid, 'SIGKILL');
    if (ambush.action === 'throw') throw new Error(`the fault suite broke off at ${point}`);
    this.report(point);
    if (ambush.action === 'hang') await sleep(ambush.ms);
  }
}
