import { Injectable } from '@nestjs/common';
import { UsersService } from '../users/users.service';
import { rangeRequest, toPage } from './range-page.dto';
import type { WorkoutPage, WorkoutQuery } from './workout.dto';

const NOTHING = { next_cursor: null, previous_cursor: null, has_more: false, total_count: 0 };

/** No provider offers workouts so far: a well-formed query of a known user finds none. */
@Injectable()
export class WorkoutReader {
  constructor(private readonly users: UsersService) {}

  /** @throws NotFoundException, BadRequestException */
  async page(userId: string, query: WorkoutQuery): Promise<WorkoutPage> {
    const request = rangeRequest(query);
    await this.users.get(userId);
    return toPage([], NOTHING, request);
  }
}
