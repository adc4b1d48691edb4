import { randomUUID } from 'node:crypto';
import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { Clock } from '../database/clock';
import { BackgroundTask } from './task.entity';

/** How tasks of one kind are done. It may be begun anew from where its progress says, after a process has died. */
export interface TaskWork<Input extends object, Progress extends object> {
  kind: string;
  /** Before the first step. */
  nothingDone: Progress;
  /**
   * Each step is what has been done so far, and is kept.
   * @throws TaskFailed with what to tell the person who asked
   */
  work(input: Input, progress: Progress): AsyncIterable<Progress>;
}

/** A task that cannot be done, in words for whoever asked for it. */
export class TaskFailed extends Error {}

/** Tasks in the background, which a row each keeps over restarts. */
@Injectable()
export class Tasks {
  private readonly logger = new Logger(Tasks.name);
  private readonly works = new Map<string, TaskWork<object, object>>();

  constructor(
    @InjectRepository(BackgroundTask) private readonly tasks: Repository<BackgroundTask>,
    private readonly clock: Clock,
  ) {}

  /** While the modules are initialised. */
  register<Input extends object, Progress extends object>(work: TaskWork<Input, Progress>): void {
    this.works.set(work.kind, work);
  }

  /** @param key joins an open task of the same key @returns the task that will be done */
  async ask(kind: string, input: object, key: string = randomUUID()): Promise<BackgroundTask> {
    const { nothingDone } = this.works.get(kind)!;
    const task: BackgroundTask = {
      id: randomUUID(),
      kind,
      key,
      input,
      status: 'queued',
      progress: nothingDone,
      error: null,
      requestedAt: this.clock.now(),
      startedAt: null,
      endedAt: null,
    };
    for (;;) {
      const { raw } = await this.tasks
        .createQueryBuilder()
        .insert()
        .values(task)
        .orIgnore()
        .returning('id')
        .execute();
      // A worker may have done it by now: it is not looked for among those that are open.
      if (raw.length > 0) return task;
      const open = await this.tasks.findOneBy({ key, endedAt: IsNull() });
      // The one that was in the way has ended in between.
      if (open !== null) return open;
    }
  }

  /** @throws NotFoundException */
  async get(kind: string, id: string): Promise<BackgroundTask> {
    const task = await this.tasks.findOneBy({ kind, id });
    if (task !== null) return task;
    throw new NotFoundException(`Task with ID: ${id} not found.`);
  }

  /** The oldest that has not ended; one that is running has lost its worker, if whoever asks is the only worker. */
  next(): Promise<BackgroundTask | null> {
    return this.tasks.findOne({ where: { endedAt: IsNull() }, order: { requestedAt: 'ASC', id: 'ASC' } });
  }

  /** Does a task from where it stands. @param stop ends it after the step in hand, to be carried on later */
  async work({ id, kind, input, progress, startedAt }: BackgroundTask, stop: AbortSignal): Promise<void> {
    await this.tasks.update({ id }, { status: 'running', startedAt: startedAt ?? this.clock.now() });
    try {
      const work = this.works.get(kind);
      if (work === undefined) throw new TaskFailed(`This version knows no task '${kind}'.`);
      for await (const step of work.work(input, progress)) {
        await this.tasks.update({ id }, { progress: step });
        if (stop.aborted) return;
      }
      await this.tasks.update({ id }, { status: 'completed', endedAt: this.clock.now() });
    } catch (error) {
      this.logger.error({ msg: 'a task failed', task: id, kind, err: error });
      const told = error instanceof TaskFailed ? error.message : "It broke off; the server's log says why.";
      await this.tasks.update({ id }, { status: 'failed', error: told, endedAt: this.clock.now() });
    }
  }
}
