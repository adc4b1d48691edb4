import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** Answers `null` as the JSON text that it is: otherwise it would be sent as no body at all. */
@Injectable()
export class NullBodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        if (body !== null) return body;
        void reply.type('application/json; charset=utf-8');
        return 'null';
      }),
    );
  }
}
