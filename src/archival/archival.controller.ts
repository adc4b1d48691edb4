import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UuidParam } from '../http/uuid-param';
import { Tasks } from '../tasks/tasks.service';
import { ArchivalSettings } from './archival-settings.service';
import {
  ArchivalRunRead,
  ArchivalSettingsUpdate,
  ArchivalSettingsWithStorage,
  ArchivalStarted,
  toArchivalRun,
  toArchivalSettings,
  toKeptDays,
} from './archival.dto';
import { Archival, ARCHIVAL } from './archival.work';
import { StorageReader } from './storage-figures';

@ApiTags('Operations')
@Controller('settings/archival')
export class ArchivalController {
  constructor(
    private readonly settings: ArchivalSettings,
    private readonly storage: StorageReader,
    private readonly archival: Archival,
    private readonly tasks: Tasks,
  ) {}

  @Get()
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Read how long health data is kept',
    description: 'With what it takes up on disk.',
  })
  @ApiErrors(401, 403)
  async get(): Promise<ArchivalSettingsWithStorage> {
    return toArchivalSettings(await this.settings.get(), await this.storage.read());
  }

  @Put()
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Set how long health data is kept',
    description:
      'After `archive_after_days` samples and the answers they came with are deleted, and what they come to by the day ' +
      'stays; after `delete_after_days` that goes too, with sleeps and scores. It is done at night, or by ' +
      '`POST /settings/archival/run`. What is deleted does not come back: providers answer about a few months at most.',
  })
  @ApiErrors(400, 401, 403)
  async set(@Body() body: ArchivalSettingsUpdate): Promise<ArchivalSettingsWithStorage> {
    return toArchivalSettings(await this.settings.set(toKeptDays(body)), await this.storage.read());
  }

  @Post('run')
  @HttpCode(202)
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Delete what is too old now',
    description: 'In the background, as it is done every night. Joins a run that is under way.',
  })
  @ApiErrors(401, 403)
  async run(): Promise<ArchivalStarted> {
    const { id } = await this.archival.ask();
    return { task_id: id, status: 'dispatched' };
  }

  @Get('run/:task_id')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Follow the deletion of what is too old',
    description: 'What it has deleted so far.',
  })
  @ApiErrors(400, 401, 403, 404)
  async getRun(@UuidParam('task_id', 'As the start answered it') id: string): Promise<ArchivalRunRead> {
    return toArchivalRun(await this.tasks.get(ARCHIVAL, id));
  }
}
