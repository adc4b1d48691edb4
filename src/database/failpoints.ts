import { Injectable } from '@nestjs/common';

/** Points at which a process may die or hang with the most to lose. */
export type Failpoint = 'refresh.before-send' | 'vendor.before-send';

/** Nothing ever happens here in a server; `npm run test:faults` puts something in its place that crashes, hangs or throws. */
@Injectable()
export class Failpoints {
  async reach(_point: Failpoint): Promise<void> {}
}
