import { Injectable, NotFoundException } from '@nestjs/common';
import { UsersService } from '../users/users.service';
import { rangeRequest, toPage, type Page, type RangeQuery } from './range-page.dto';

const NOTHING = { next_cursor: null, previous_cursor: null, has_more: false, total_count: 0 };

/** Events that no provider offers so far: a well-formed question about a known user finds none. */
@Injectable()
export class AbsentEvents {
  constructor(private readonly users: UsersService) {}

  /** @throws NotFoundException, BadRequestException */
  async page(userId: string, query: RangeQuery): Promise<Page<never>> {
    const request = rangeRequest(query);
    await this.users.get(userId);
    return toPage([], NOTHING, request);
  }

  /** @throws NotFoundException always */
  async delete(userId: string, notFound: string): Promise<never> {
    await this.users.get(userId);
    throw new NotFoundException(notFound);
  }
}
