import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ConnectionsModule } from '../connections/connections.module';
import { SyncModule } from '../sync/sync.module';
import { DriftController } from './drift.controller';
import { DriftService } from './drift.service';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { MetricsController } from './metrics.controller';
import { MetricsService } from './metrics.service';
import { ReplayController } from './replay.controller';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ConnectionsModule, SyncModule],
  controllers: [HealthController, DriftController, MetricsController, ReplayController],
  providers: [HealthService, DriftService, MetricsService],
})
export class OpsModule {}
