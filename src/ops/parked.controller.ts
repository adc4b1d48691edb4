import { BadRequestException, Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { offsetPagination } from '../http/page.dto';
import { ProviderRegistry } from '../providers/provider.registry';
import { ParkedDays } from '../sync/parked-days';
import { ParkedPage, ParkedQuery, ParkedReleased, ReleaseParked, toParkedDayRead } from './parked.dto';

@ApiTags('Operations')
@Controller('ops/sync/parked')
export class ParkedController {
  constructor(
    private readonly parked: ParkedDays,
    private readonly providers: ProviderRegistry,
  ) {}

  @Get()
  @Scope('ops')
  @ApiOperation({
    summary: 'List days that were given up',
    description:
      'Of active connections. A day is given up when its answer could not be used five times in a row; all others go on. ' +
      'The look-back tries it again, and whoever releases it here or asks for a sync of it.',
  })
  @ApiErrors(400, 401, 403)
  async list(
    @Query() { user_id: userId, provider, limit = 50, offset = 0 }: ParkedQuery,
  ): Promise<ParkedPage> {
    if (provider !== undefined) this.providers.get(provider);
    const { days, total } = await this.parked.page({ userId, provider }, { limit, offset });
    return {
      data: days.map(toParkedDayRead),
      pagination: offsetPagination(offset, days.length, total),
    };
  }

  @Post('release')
  @HttpCode(200)
  @Scope('ops')
  @ApiOperation({
    summary: 'Try days again that were given up',
    description:
      'Such as after an upgrade that reads their answers. They are due at once, with five tries before them.',
  })
  @ApiErrors(400, 401, 403)
  async release(@Body() body: ReleaseParked): Promise<ParkedReleased> {
    const { user_id: userId, connection_id: connectionId, provider, date, all = false } = body;
    const filter = { userId, connectionId, provider, date };
    if (!all && Object.values(filter).every((value) => value === undefined)) {
      throw new BadRequestException(
        'Say which days to release: user_id, connection_id, provider or date, or {"all": true} for whatever is parked.',
      );
    }
    if (provider !== undefined) this.providers.get(provider);
    return { released: await this.parked.release(filter) };
  }
}
