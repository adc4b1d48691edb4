import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { loggingModule } from './logging';
import { ProblemFilter } from './problem.filter';
import { RouteTable } from './route-table';
import { StrictQueryInterceptor } from './strict-query.interceptor';
import { validationPipe } from './validation.pipe';

/** What holds for every request, whichever controller it reaches. */
@Module({
  imports: [loggingModule()],
  providers: [
    RouteTable,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: StrictQueryInterceptor },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
})
export class HttpModule {}
