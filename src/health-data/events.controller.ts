import { Controller, Delete, Get, HttpCode, HttpStatus, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam, UuidParam } from '../http/uuid-param';
import { SleepPage, SleepQuery, SleepRead } from './sleep.dto';
import { SleepReader } from './sleep.reader';
import { WorkoutPage, WorkoutQuery } from './workout.dto';
import { WorkoutReader } from './workout.reader';

const SLEEP_ID = "The sleep's id, as the list of sleeps shows it";

@Controller('users/:user_id/events')
export class EventsController {
  constructor(
    private readonly sleeps: SleepReader,
    private readonly workouts: WorkoutReader,
  ) {}

  @Get('sleep')
  @Scope('read')
  @ApiTags('Sleep')
  @ApiOperation({
    summary: 'List sleeps with their stages',
    description:
      'Nights and naps, the latest first, each with its hypnogram. A sleep is in the range if it starts and ends in it. With `include=details` each comes with all that is known of it.',
  })
  @ApiErrors(400, 401, 403, 404)
  listSleeps(@UserIdParam() userId: string, @Query() query: SleepQuery): Promise<SleepPage> {
    return this.sleeps.page(userId, query);
  }

  @Get('sleep/:sleep_id')
  @Scope('read')
  @ApiTags('Sleep')
  @ApiOperation({
    summary: 'Read one sleep with all its details',
    description: 'Its cycles, movements, the curves of the night and what else its provider says of it.',
  })
  @ApiErrors(400, 401, 403, 404)
  getSleep(
    @UserIdParam() userId: string,
    @UuidParam('sleep_id', SLEEP_ID) sleepId: string,
  ): Promise<SleepRead> {
    return this.sleeps.get(userId, sleepId);
  }

  @Delete('sleep/:sleep_id')
  @Scope('write')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiTags('Sleep')
  @ApiOperation({
    summary: 'Delete a sleep',
    description: 'For a sleep that was none. Later syncs do not bring it back.',
  })
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @ApiErrors(400, 401, 403, 404)
  deleteSleep(
    @UserIdParam() userId: string,
    @UuidParam('sleep_id', SLEEP_ID) sleepId: string,
  ): Promise<void> {
    return this.sleeps.delete(userId, sleepId);
  }

  @Get('workouts')
  @Scope('read')
  @ApiTags('Summaries')
  @ApiOperation({
    summary: 'List workouts',
    description: 'No provider offers workouts so far, so the page is empty.',
  })
  @ApiErrors(400, 401, 403, 404)
  listWorkouts(@UserIdParam() userId: string, @Query() query: WorkoutQuery): Promise<WorkoutPage> {
    return this.workouts.page(userId, query);
  }
}
