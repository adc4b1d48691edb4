import { Failpoints, type Failpoint } from '../../src/database/failpoints';

/** Does what a test says at a point, as often as it is reached. */
export class TestFailpoints extends Failpoints {
  readonly reached: Failpoint[] = [];
  private readonly acts = new Map<Failpoint, () => void | Promise<void>>();

  at(point: Failpoint, act: () => void | Promise<void>): void {
    this.acts.set(point, act);
  }

  clear(): void {
    this.reached.length = 0;
    this.acts.clear();
  }

  override async reach(point: Failpoint): Promise<void> {
    this.reached.push(point);
    await this.acts.get(point)?.();
  }
}
