interface Service {
  stop: () => Promise<void>;
}

/** What the demo has started, also what is still starting: each is stopped, the last one first. */
export class Services {
  private readonly started: Promise<Service | null>[] = [];
  private stopped: Promise<void> | undefined;

  /** @throws Error once stopping has begun: nothing may be started behind its back */
  async start<T extends Service>(launch: () => Promise<T>): Promise<T> {
    if (this.isStopping) throw new Error('The demo is stopping');
    const starting = launch();
    this.started.push(starting.catch(() => null));
    return starting;
  }

  get isStopping(): boolean {
    return this.stopped !== undefined;
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    for (const service of this.started.toReversed()) await (await service)?.stop();
  }
}
