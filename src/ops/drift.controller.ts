import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { DriftPage, DriftQuery } from './drift.dto';
import { DriftService } from './drift.service';

@ApiTags('Operations')
@Controller('ops/drift')
export class DriftController {
  constructor(private readonly drift: DriftService) {}

  @Get()
  @Scope('ops')
  @ApiOperation({
    summary: 'List what providers send that this server does not know',
    description:
      'Unknown types, fields and values, and values that were not taken, counted over all users. Nothing of it is ' +
      'lost: the answers are kept. A later version that understands them reads those that come from then on; ' +
      'for the stored ones a replay is needed. ' +
      'A sample tells the shape of a value and never the value, unless it is a plain word.',
  })
  @ApiErrors(400, 401, 403)
  list(@Query() query: DriftQuery): Promise<DriftPage> {
    return this.drift.page(query);
  }
}
