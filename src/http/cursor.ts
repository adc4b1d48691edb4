import { BadRequestException } from '@nestjs/common';

/** The item next to which the asked page begins: its time or date, and what tells it from others of that time. */
export interface CursorPosition {
  at: string;
  id: string;
  /** The page before the item instead of the page after it. */
  backwards?: boolean;
}

const BACKWARDS = 'prev_';
/** PostgreSQL knows no year 0. */
const YEAR_1 = Date.parse('0001-01-01');
const POSITION = /^(\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?)\|([\x20-\x7e]+)$/;

/** URL-safe base64 of `timestamp|id`; clients take it as opaque. */
export function encodeCursor({ at, id, backwards = false }: CursorPosition): string {
  const text = Buffer.from(`${at}|${id}`).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return backwards ? BACKWARDS + text : text;
}

/** @throws BadRequestException */
export function decodeCursor(cursor: string): Required<CursorPosition> {
  const backwards = cursor.startsWith(BACKWARDS);
  const text = backwards ? cursor.slice(BACKWARDS.length) : cursor;
  const [, at, id] = POSITION.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (at !== undefined && id !== undefined && isInstant(at)) return { at, id, backwards };
  throw new BadRequestException(`Invalid cursor format: '${cursor}'. Expected 'timestamp|id'.`);
}

/** `Date.parse` takes 30 February for 2 March, and PostgreSQL refuses it. */
function isInstant(text: string): boolean {
  const date = text.slice(0, 10);
  const midnight = Date.parse(date);
  return (
    midnight >= YEAR_1 && new Date(midnight).toISOString().startsWith(date) && !Number.isNaN(Date.parse(text))
  );
}
