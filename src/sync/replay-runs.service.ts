import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { Clock } from '../database/clock';
import { sumOfTotals, totalsOf } from './replay-diff';
import { ReplayRun, type ReplayResult } from './replay-run.entity';
import { ReplayService, type ReplayRequest, type ReplayStep } from './replay.service';

const NOTHING_DONE: ReplayResult = {
  answers: 0,
  invalid: 0,
  dates: 0,
  untouched: 0,
  failedConnections: 0,
  totals: {},
  after: null,
};

/** Replays that were asked for, and how far they have come. */
@Injectable()
export class ReplayRuns {
  constructor(
    @InjectRepository(ReplayRun) private readonly runs: Repository<ReplayRun>,
    private readonly replays: ReplayService,
    private readonly clock: Clock,
  ) {}

  /** @throws BadRequestException, NotFoundException */
  async queue(request: ReplayRequest): Promise<ReplayRun> {
    await this.replays.check(request);
    return this.runs.save({
      id: randomUUID(),
      provider: request.provider,
      userId: request.userId,
      fromDate: request.from,
      toDate: request.to,
      dryRun: request.dryRun,
      status: 'queued',
      error: null,
      connectionsTotal: 0,
      connectionsDone: 0,
      result: NOTHING_DONE,
      requestedAt: this.clock.now(),
      endedAt: null,
    });
  }

  /** @throws NotFoundException */
  async get(id: string): Promise<ReplayRun> {
    const run = await this.runs.findOneBy({ id });
    if (run) return run;
    throw new NotFoundException(`Replay with ID: ${id} not found.`);
  }

  /** The oldest that has not ended; one that is running has lost its worker, if whoever asks holds the lock. */
  next(): Promise<ReplayRun | null> {
    return this.runs.findOne({
      where: { status: In(['queued', 'running']) },
      order: { requestedAt: 'ASC', id: 'ASC' },
    });
  }

  /** Carries a replay on from where it stands. @param shutdown ends it after the connection in hand, to be carried on later */
  async work(run: ReplayRun, shutdown: AbortSignal): Promise<void> {
    const { provider, userId, fromDate, toDate, dryRun } = run;
    const request = { provider, userId, from: fromDate, to: toDate, dryRun };
    await this.runs.update({ id: run.id }, { status: 'running' });
    let { result } = run;
    for await (const step of this.replays.run(request, result.after)) {
      result = withStep(result, step);
      const { done, total } = step;
      await this.runs.update({ id: run.id }, { result, connectionsDone: done, connectionsTotal: total });
      if (shutdown.aborted) return;
    }
    const { failedConnections } = result;
    const error =
      failedConnections === 0
        ? null
        : `Connections that could not be replayed and are as they were: ${failedConnections}. The server's log says why.`;
    const status = error === null ? 'completed' : 'failed';
    await this.runs.update({ id: run.id }, { status, error, endedAt: this.clock.now() });
  }
}

function withStep(result: ReplayResult, { connection, replayed }: ReplayStep): ReplayResult {
  const after = connection.id;
  if (replayed === null) return { ...result, after, failedConnections: result.failedConnections + 1 };
  return {
    ...result,
    after,
    answers: result.answers + replayed.answers,
    invalid: result.invalid + replayed.invalid,
    dates: result.dates + replayed.dates,
    untouched: result.untouched + replayed.untouched,
    totals: sumOfTotals(result.totals, totalsOf(replayed.diff)),
  };
}
