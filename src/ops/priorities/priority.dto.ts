import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsString, Max, Min, ValidateNested } from 'class-validator';
import type { DeviceTypePriority } from './device-type-priority.entity';
import type { ProviderPriority } from './provider-priority.entity';

const PRIORITY = 'priority must be a whole number from 1 to 100';
const LIST = 'priorities must be a list of at most 100 items';

export class SetPriority {
  /** The lowest number wins @example 1 */
  @IsInt({ message: PRIORITY })
  @Min(1, { message: PRIORITY })
  @Max(100, { message: PRIORITY })
  priority: number;
}

export class SetProviderPriority extends SetPriority {
  /** Slug of a provider @example garmin */
  @IsString({ message: 'provider must be the slug of a provider' })
  provider: string;
}

export class SetProviderPriorities {
  /** Providers that are left out keep theirs */
  @IsArray({ message: LIST })
  @ArrayMaxSize(100, { message: LIST })
  @ValidateNested({ each: true })
  @Type(() => SetProviderPriority)
  priorities: SetProviderPriority[];
}

export class SetDeviceTypePriority extends SetPriority {
  /** @example ring */
  @IsString({ message: 'device_type must be a kind of device' })
  device_type: string;
}

export class SetDeviceTypePriorities {
  /** Kinds of device that are left out keep theirs */
  @IsArray({ message: LIST })
  @ArrayMaxSize(100, { message: LIST })
  @ValidateNested({ each: true })
  @Type(() => SetDeviceTypePriority)
  priorities: SetDeviceTypePriority[];
}

export class ProviderPriorityRead {
  id: string;

  /** Slug; Open Wearables' own list also holds providers that this server does not have @example garmin */
  provider: string;

  /** 1 to 100: the lowest number wins @example 2 */
  priority: number;

  /** @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** @example 2026-08-01T09:00:00.000Z */
  updated_at: string;
}

export class ProviderPriorities {
  /** The first to be believed first */
  items: ProviderPriorityRead[];
}

export class DeviceTypePriorityRead {
  id: string;

  /** @example ring */
  device_type: string;

  /** 1 to 100: the lowest number wins @example 3 */
  priority: number;

  /** @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** @example 2026-08-01T09:00:00.000Z */
  updated_at: string;
}

export class DeviceTypePriorities {
  /** The first to be believed first */
  items: DeviceTypePriorityRead[];
}

export const toProviderPriority = (row: ProviderPriority): ProviderPriorityRead => ({
  id: row.id,
  provider: row.provider,
  ...ranked(row),
});

export const toDeviceTypePriority = (row: DeviceTypePriority): DeviceTypePriorityRead => ({
  id: row.id,
  device_type: row.deviceType,
  ...ranked(row),
});

const ranked = ({ priority, createdAt, updatedAt }: Omit<ProviderPriority, 'provider'>) => ({
  priority,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});
