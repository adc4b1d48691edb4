import { Controller, Delete, Get, HttpCode, HttpStatus, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam, UuidParam } from '../http/uuid-param';
import { AbsentEvents } from './absent-events';
import { MenstrualCyclePage, MenstrualCycleQuery } from './menstrual-cycle.dto';
import { SleepPage, SleepQuery, SleepRead } from './sleep.dto';
import { SleepReader } from './sleep.reader';
import { WorkoutPage, WorkoutQuery } from './workout.dto';

const SLEEP_ID = "The sleep's id, as the list of sleeps shows it";

@Controller('users/:user_id/events')
export class EventsController {
  constructor(
    private readonly sleeps: SleepReader,
    private readonly none: AbsentEvents,
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
    return this.none.page(userId, query);
  }

  @Delete('workouts/:workout_id')
  @Scope('write')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiTags('Summaries')
  @ApiOperation({ summary: 'Delete a workout', description: 'There is none to delete so far.' })
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @ApiErrors(400, 401, 403, 404)
  deleteWorkout(
    @UserIdParam() userId: string,
    @UuidParam('workout_id', "The workout's id, as the list of workouts shows it") _workoutId: string,
  ): Promise<void> {
    return this.none.delete(userId, 'Workout not found');
  }

  @Get('menstrual-cycles')
  @Scope('read')
  @ApiTags('Summaries')
  @ApiOperation({
    summary: 'List menstrual cycles',
    description: 'No provider offers menstrual cycles so far, so the page is empty.',
  })
  @ApiErrors(400, 401, 403, 404)
  listMenstrualCycles(
    @UserIdParam() userId: string,
    @Query() query: MenstrualCycleQuery,
  ): Promise<MenstrualCyclePage> {
    return this.none.page(userId, query);
  }

  @Delete('menstrual-cycles/:cycle_id')
  @Scope('write')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiTags('Summaries')
  @ApiOperation({ summary: 'Delete a menstrual cycle', description: 'There is none to delete so far.' })
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @ApiErrors(400, 401, 403, 404)
  deleteMenstrualCycle(
    @UserIdParam() userId: string,
    @UuidParam('cycle_id', "The cycle's id, as the list of cycles shows it") _cycleId: string,
  ): Promise<void> {
    return this.none.delete(userId, 'Menstrual cycle record not found');
  }
}
