import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UuidParam } from '../http/uuid-param';
import { Tasks } from '../tasks/tasks.service';
import {
  SeedPreset,
  SeedRead,
  SeedStarted,
  SLEEP_PROFILES,
  SleepProfile,
  StartSeed,
  toPreset,
  toSeedRead,
} from './seed.dto';
import { SeedService } from './seed.service';
import { SEED } from './seed.work';

const ONE_ATHLETE = { num_users: 1, profile: { preset: 'active_athlete' }, random_seed: 42 };

@ApiTags('Operations')
@Controller('settings/seed')
export class SeedController {
  constructor(
    private readonly seeds: SeedService,
    private readonly tasks: Tasks,
  ) {}

  @Post()
  @HttpCode(202)
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Make demo users',
    description:
      "Only where a provider's vendor is the simulator. Each user gets an account of its own there, signs in and is synced " +
      'like anybody else; it runs in the background.',
  })
  @ApiBody({ type: StartSeed, examples: { one: { value: ONE_ATHLETE } } })
  @ApiErrors(400, 401, 403, 409, 501)
  start(@Body() body: StartSeed): Promise<SeedStarted> {
    return this.seeds.start(body);
  }

  @Get('presets')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'List the kinds of demo users',
    description: 'Empty where no provider is simulated.',
  })
  @ApiErrors(401, 403)
  presets(): SeedPreset[] {
    return this.seeds.kinds().map(toPreset);
  }

  @Get('sleep-profiles')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'List sleep profiles',
    description: 'For clients of Open Wearables: they have no effect.',
  })
  @ApiErrors(401, 403)
  sleepProfiles(): SleepProfile[] {
    return SLEEP_PROFILES;
  }

  @Get(':task_id')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'See what became of demo users',
    description: 'Who they are, and what went wrong.',
  })
  @ApiErrors(400, 401, 403, 404)
  async get(@UuidParam('task_id', 'As the start answered it') id: string): Promise<SeedRead> {
    return toSeedRead(await this.tasks.get(SEED, id));
  }
}
