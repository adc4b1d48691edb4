import { Reply } from '../http/reply';
import { openAnswer } from './opened-answer';
import { ShapeName, SHAPES } from './shapes';

export interface ShapeRequest {
  shape?: ShapeName;
  offset_ms?: number;
  field?: string;
}

const usualOffsetMs = 3_600_000;

/** Answers without data, refusals and the like have no shape to spoil and pass as they are. */
export function spoilShape(request: ShapeRequest, turn: number, reply: Reply): Reply {
  const { shape } = request;
  if (shape === undefined || reply.status !== 200) return reply;
  if (shape === 'wrong_content_type')
    return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain; charset=utf-8' } };
  const answer = openAnswer(reply.body.toString());
  if (!answer) return reply;
  const call = { turn, offsetMs: request.offset_ms ?? usualOffsetMs, field: request.field };
  return { ...reply, body: JSON.stringify(SHAPES[shape](answer, call)) };
}
