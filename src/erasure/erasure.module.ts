import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module';
import { ErasureController } from './erasure.controller';
import { Erasure } from './erasure.service';

@Module({
  imports: [ConnectionsModule],
  controllers: [ErasureController],
  providers: [Erasure],
})
export class ErasureModule {}
