import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { MetricsService } from './metrics.service';

@ApiTags('Operations')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Scope('ops')
  @ApiOperation({
    summary: 'Read the metrics, for Prometheus',
    description:
      'In the text format of Prometheus, which sends the key as a bearer token. At most 50 names of drift come as ' +
      'labels; the rest is summed up under `other`.',
  })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, schema: { type: 'string' } })
  @ApiErrors(401, 403)
  read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
