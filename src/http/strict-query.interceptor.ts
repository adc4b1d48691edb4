import {
  BadRequestException,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/internal';
import type { Observable } from 'rxjs';

/** Handlers that read the query themselves; the others take none, which no DTO could say for them. */
const READS_THE_QUERY = new Set([RouteParamtypes.REQUEST, RouteParamtypes.RESPONSE, RouteParamtypes.QUERY]);

/** Refuses query parameters where there are none to send: a filter that is silently ignored looks like an answer. */
@Injectable()
export class StrictQueryInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { query } = context.switchToHttp().getRequest<{ query: object }>();
    const [unknown] = Object.keys(query);
    if (unknown === undefined || readsTheQuery(context)) return next.handle();
    throw new BadRequestException(`Unknown parameter '${unknown}'. None is accepted here.`);
  }
}

function readsTheQuery(context: ExecutionContext): boolean {
  // Keyed by `<kind>:<position>`.
  const parameters: object | undefined = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );
  return Object.keys(parameters ?? {}).some((key) => READS_THE_QUERY.has(Number.parseInt(key, 10)));
}
