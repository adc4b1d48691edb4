import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProviderHttp } from './provider-http';
import { VendorBlock } from './vendor-block.entity';
import { VendorBudget } from './vendor-budget.entity';
import { VendorBudgets } from './vendor-budgets';

/** What a provider's own module imports to reach its vendor. */
@Module({
  imports: [TypeOrmModule.forFeature([VendorBlock, VendorBudget])],
  providers: [ProviderHttp, VendorBudgets],
  exports: [ProviderHttp, VendorBudgets],
})
export class ProviderHttpModule {}
