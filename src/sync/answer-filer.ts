import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NormalizedDay } from '../health-data/canonical';
import { HealthDataWriter, type StoredHealthData } from '../health-data/health-data.writer';
import { isCalendarNew } from '../health-data/local-day';
import { sumOfWrites, type DayContext, type WriteCounts } from '../health-data/write';
import type { DeviceDefinition, ProviderDefinition } from '../providers/provider';
import { isEmptyPart, partsByDevice } from './device-parts';

/** Whose data it is, and the data sources that it is filed under. */
export interface Filing {
  readonly userId: string;
  readonly devices: ProviderDefinition['devices'];
  /** Ids of the known sources by device model; one made here is added. */
  readonly sources: Map<string, string>;
  makeSource(manager: EntityManager, device: DeviceDefinition): Promise<string>;
}

/** What is stored already of a day, by device model. */
export type StoredByDevice = Map<string, Promise<StoredHealthData>>;

/** Files one normalized answer under the data sources of the devices that measured it: the one path of sync and replay. */
@Injectable()
export class AnswerFiler {
  constructor(private readonly healthData: HealthDataWriter) {}

  /** Asks for what the answer may change, ahead of `file` in the same transaction. */
  read(manager: EntityManager, filing: Filing, day: NormalizedDay): StoredByDevice {
    const stored: StoredByDevice = new Map();
    for (const part of partsByDevice(day, filing.devices)) {
      const { model } = part.device;
      const sourceId = filing.sources.get(model);
      if (sourceId === undefined || isEmptyPart(part)) continue;
      const reading = this.healthData.read(manager, { userId: filing.userId, sourceId }, part.day);
      // Should it fail, then so does the transaction, which says so.
      reading.catch(() => undefined);
      stored.set(model, reading);
    }
    return stored;
  }

  /** @param stored of `read`; what is missing in it is asked for now */
  async file(
    manager: EntityManager,
    filing: Filing,
    day: NormalizedDay,
    context: DayContext,
    stored: StoredByDevice = new Map(),
  ): Promise<WriteCounts> {
    const [first] = filing.devices;
    const writing = [];
    for (const part of partsByDevice(day, filing.devices)) {
      const { device } = part;
      const known = filing.sources.get(device.model);
      // The first device's totals may hang on where this day starts, and samples of any that came with another date.
      const isTouched = known !== undefined && (device === first || isCalendarNew(context));
      if (isEmptyPart(part) && !isTouched) continue;
      const sourceId = known ?? (await filing.makeSource(manager, device));
      filing.sources.set(device.model, sourceId);
      const target = { userId: filing.userId, sourceId };
      writing.push(this.healthData.write(manager, target, part.day, context, stored.get(device.model)));
    }
    return sumOfWrites(await Promise.all(writing));
  }
}
