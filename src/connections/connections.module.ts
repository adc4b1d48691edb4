import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { DataKey } from './data-key.entity';
import { HealthDataSource } from './data-source.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Connection, Credential, DataKey, HealthDataSource])],
})
export class ConnectionsModule {}
