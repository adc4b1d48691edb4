import { Injectable } from '@nestjs/common';

/** The one source of time: every due-time statement takes its instant from here. Tests replace it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
