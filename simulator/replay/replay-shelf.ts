import { notFound, Reply } from '../http/reply';
import { Envelope } from '../options';
import { ReplayAnswer } from './replay-file';
import { readFolder } from './replay-folder';

export interface ReplayRequest {
  dir?: string;
  /** Date to body; a string is served byte for byte, anything else as JSON. */
  answers?: Record<string, unknown>;
  /** Left out: for everybody. */
  user?: number;
}

/** Stored answers that stand in for the made life, for one user or for all. */
export class ReplayShelf {
  private readonly shelves = new Map<number | 'everybody', ReplayAnswer[]>();

  /** Returns the dates that can be asked for now. Neither folder nor answers: back to the made life. */
  load({ dir, answers, user }: ReplayRequest): string[] {
    const shelf = user ?? 'everybody';
    this.shelves.delete(shelf);
    if (dir === undefined && answers === undefined) return [];
    const given = Object.entries(answers ?? {}).map(([date, body]) => toAnswer(date, body));
    const loaded = [...given, ...(dir === undefined ? [] : readFolder(dir))];
    this.shelves.set(shelf, loaded);
    return [...new Set(loaded.map(({ date }) => date))].toSorted();
  }

  standsInFor(user: number): boolean {
    return this.shelves.has(user) || this.shelves.has('everybody');
  }

  /** Null when this user's life is not a replay. */
  answer(user: number, date: string, envelope: Envelope): Reply | null {
    const shelf = this.shelves.get(user) ?? this.shelves.get('everybody');
    if (!shelf) return null;
    const candidates = shelf.filter((answer) => answer.date === date);
    // Two files may speak for one date in either envelope; then the one asked for wins.
    const found = candidates.find((answer) => answer.envelope === envelope) ?? candidates[0];
    if (!found) return notFound();
    return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: found.body };
  }
}

function toAnswer(date: string, body: unknown): ReplayAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { date, envelope: 'e1', body: text };
}
