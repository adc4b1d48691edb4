import { Injectable } from '@nestjs/common';

/** The one source of chance for back-off and waits; tests replace it. */
@Injectable()
export class Random {
  /** From 0 to 1. */
  next(): number {
    return Math.random();
  }
}
