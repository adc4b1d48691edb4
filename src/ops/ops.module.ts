import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectionsModule } from '../connections/connections.module';
import { SyncModule } from '../sync/sync.module';
import { ProvidersModule } from '../providers/providers.module';
import { UsersModule } from '../users/users.module';
import { DashboardController } from './dashboard.controller';
import { DashboardService } from './dashboard.service';
import { DiagnosisController } from './diagnosis/diagnosis.controller';
import { EvidenceReader } from './diagnosis/evidence.reader';
import { DriftController } from './drift.controller';
import { DriftService } from './drift.service';
import { FleetController } from './fleet/fleet.controller';
import { FleetReader } from './fleet/fleet.reader';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { MetricsController } from './metrics.controller';
import { MetricsService } from './metrics.service';
import { ParkedController } from './parked.controller';
import { PortalConfigController } from './portal-config.controller';
import { DeviceTypePriority } from './priorities/device-type-priority.entity';
import { PrioritiesController } from './priorities/priorities.controller';
import { PrioritiesService } from './priorities/priorities.service';
import { ProviderPriority } from './priorities/provider-priority.entity';
import { ReplayController } from './replay.controller';

@Module({
  imports: [
    TerminusModule.forRoot({ logger: false }),
    TypeOrmModule.forFeature([DeviceTypePriority, ProviderPriority]),
    ConnectionsModule,
    SyncModule,
    ProvidersModule,
    UsersModule,
  ],
  controllers: [
    HealthController,
    DashboardController,
    DriftController,
    MetricsController,
    ParkedController,
    ReplayController,
    DiagnosisController,
    FleetController,
    PrioritiesController,
    PortalConfigController,
  ],
  providers: [
    HealthService,
    DashboardService,
    DriftService,
    MetricsService,
    EvidenceReader,
    FleetReader,
    PrioritiesService,
  ],
})
export class OpsModule {}
