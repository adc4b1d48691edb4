import { BadRequestException, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../database/clock';
import { ProviderRegistry } from '../../providers/provider.registry';
import { DeviceTypePriority } from './device-type-priority.entity';
import {
  toDeviceTypePriority,
  toProviderPriority,
  type DeviceTypePriorities,
  type ProviderPriorities,
  type SetDeviceTypePriority,
  type SetProviderPriority,
} from './priority.dto';
import { ProviderPriority } from './provider-priority.entity';

/** What readers of health data order sources by is `BEST_SOURCE_FIRST`, which reads the same two tables. */
@Injectable()
export class PrioritiesService implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly registry: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /** A provider that is new to this server stands behind those that it knows. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.database.isInitialized) return;
    await this.database.query(
      `INSERT INTO provider_priority (provider, id, priority, created_at, updated_at)
       SELECT slug, gen_random_uuid(),
              least(100, (SELECT coalesce(max(priority), 0) FROM provider_priority) + row_number() OVER (ORDER BY slug)), $2, $2
         FROM unnest($1::text[]) AS slug
        WHERE slug NOT IN (SELECT provider FROM provider_priority)
       ON CONFLICT DO NOTHING`,
      [this.registry.all().map(({ definition }) => definition.slug), this.clock.now()],
    );
  }

  async providers(): Promise<ProviderPriorities> {
    const rows = await this.database.manager.find(ProviderPriority, {
      order: { priority: 'ASC', provider: 'ASC' },
    });
    return { items: rows.map(toProviderPriority) };
  }

  async deviceTypes(): Promise<DeviceTypePriorities> {
    const rows = await this.database.manager.find(DeviceTypePriority, {
      order: { priority: 'ASC', deviceType: 'ASC' },
    });
    return { items: rows.map(toDeviceTypePriority) };
  }

  /** All or none. @throws BadRequestException */
  async setProviders(wanted: SetProviderPriority[]): Promise<ProviderPriorities> {
    await this.set(
      'provider_priority',
      'provider',
      wanted.map(({ provider, priority }) => [provider, priority]),
    );
    return this.providers();
  }

  /** All or none. @throws BadRequestException */
  async setDeviceTypes(wanted: SetDeviceTypePriority[]): Promise<DeviceTypePriorities> {
    await this.set(
      'device_type_priority',
      'device_type',
      wanted.map(({ device_type, priority }) => [device_type, priority]),
    );
    return this.deviceTypes();
  }

  private async set(
    table: 'provider_priority' | 'device_type_priority',
    name: 'provider' | 'device_type',
    wanted: [name: string, priority: number][],
  ): Promise<void> {
    const names = wanted.map(([it]) => it);
    const known = await this.namesOf(table, name);
    const unknown = names.find((it) => !known.includes(it));
    if (unknown !== undefined) {
      throw new BadRequestException(`Unknown ${name}: '${unknown}'. Known are ${known.join(', ')}.`);
    }
    if (new Set(names).size < names.length) {
      throw new BadRequestException(`priorities must name each ${name} once.`);
    }
    await this.database.query(
      `UPDATE ${table} SET priority = wanted.priority, updated_at = $3
         FROM unnest($1::text[], $2::int[]) AS wanted (name, priority) WHERE ${name} = wanted.name`,
      [names, wanted.map(([, priority]) => priority), this.clock.now()],
    );
  }

  private async namesOf(table: string, name: string): Promise<string[]> {
    const rows: { name: string }[] = await this.database.query(
      `SELECT ${name} AS name FROM ${table} ORDER BY priority, ${name}`,
    );
    return rows.map((row) => row.name);
  }
}
