import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { ReplyBuffers } from './reply-buffers';
import { serializeTimeSeries, type TimeSeriesReply } from './time-series.serializer';

/** Writes the JSON of a time series into memory that is used again when the reply has left. */
@Injectable()
export class TimeSeriesInterceptor implements NestInterceptor<TimeSeriesReply, Buffer> {
  constructor(private readonly buffers: ReplyBuffers) {}

  intercept(context: ExecutionContext, next: CallHandler<TimeSeriesReply>): Observable<Buffer> {
    const { raw } = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((reply) => {
        const body = serializeTimeSeries(reply, (size) => this.buffers.take(size));
        // Also comes when the client has gone away; then the socket is closed and sends no more of it.
        raw.once('close', () => this.buffers.giveBack(body));
        return body;
      }),
    );
  }
}
